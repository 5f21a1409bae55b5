"""What a handler is given with one command: who said it, where, in which language, with which rights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.commands.accounts import EVERY
from bot.commands.command import Command, Declaration
from bot.commands.tokens import quoted
from bot.contracts.chat import ChatAbilities
from bot.contracts.errors import UserError
from bot.contracts.message import Commands, Message
from bot.contracts.model import Incoming, Kind, Request, Role
from bot.contracts.vendor import KindAbility
from bot.desk.services import Services
from bot.store import requests
from bot.wording.language import Language
from bot.wording.view import View, next_commands

SUBMITS: Mapping[tuple[str, ...], Kind] = {
    ("sign", "submit"): Kind.SIGNATURE,
    ("template", "submit"): Kind.TEMPLATE,
    ("qualification", "submit"): Kind.QUALIFICATION,
    ("check", "sign"): Kind.SIGNATURE,
    ("check", "template"): Kind.TEMPLATE,
}
"""The commands that take the fields of a submission → its kind."""


def takes_files(declaration: Declaration) -> bool:
    """Whether a file that comes with a command belongs to it."""
    return declaration.words in SUBMITS or declaration.words in (("edit",), ("resubmit",))


class WhichAccount(UserError):
    """A command says no account, and there are several.

    Args:
        title: the question.
        commands: the same with an account.
        command: what was said.
    """

    def __init__(self, title: str, commands: tuple[str, ...], command: Command) -> None:
        super().__init__(title, commands=commands)
        self.command = command


@dataclass(frozen=True, slots=True)
class Context:
    """One command's surroundings.

    Args:
        role: what this person may do here.
        accounts: the accounts this conversation may speak of, in the configuration's order.
    """

    services: Services
    incoming: Incoming
    language: Language
    role: Role
    accounts: tuple[str, ...]

    @property
    def view(self) -> View:
        """What wordings need to know."""
        return self.services.views.view(self.language, self.services.clock.now())

    @property
    def abilities(self) -> ChatAbilities:
        """What the chat can do in which this is said."""
        return self.services.chats.can(self.incoming.place.platform)

    @property
    def paths(self) -> bool:
        """Whether file fields are paths here."""
        return self.abilities.paths

    def chosen(self, command: Command) -> tuple[str, ...]:
        """The accounts a command is about; when none was said, the only one there is.

        Raises:
            WhichAccount: none was said and there are several.
        """
        if command.everything:
            return self.accounts
        if command.accounts:
            return command.accounts
        if len(self.accounts) == 1:
            return self.accounts
        words = command.declaration.spelled(self.language.code)
        rest = f"{quoted(command.name)} …" if command.name else "…"
        every = self.language.joined(list(self.accounts))
        raise WhichAccount(
            self.language.text("Which account? {accounts}, or all.", accounts=every),
            (f"{words} {self.accounts[0]} {rest}", f"{words} {self.language.pick(EVERY)} {rest}")
            if self.accounts
            else (),
            command,
        )

    def able(self, kind: Kind, *, digital: bool = False) -> tuple[str, ...]:
        """The accounts whose vendor takes this kind through its API, for digital messages where that is meant.

        Also those for whose console it is kept.
        """
        found = []
        for account in self.accounts:
            capabilities = self.services.vendors[account].capabilities
            ability = (capabilities.digital if digital else capabilities.kinds).get(kind)
            kept = not digital and any(one.kind is kind and one.fields and not one.asked for one in capabilities.guides)
            if kept or (ability is not None and ability.create):
                found.append(account)
        return tuple(found)

    def ability(self, request: Request) -> KindAbility:
        """What the vendor of a request can do with its kind."""
        return self.services.vendors[request.account].capabilities.of(request)

    def naming(self, kind: Kind, accounts: Sequence[str]) -> str:
        """Accounts as they are typed behind a command that submits this kind."""
        if len(accounts) > 1 and tuple(accounts) == self.able(kind):
            return self.language.pick(EVERY)
        return ",".join(accounts)

    def whether(self, go: str, drop: str) -> Commands:
        """What can be said where it is asked whether something shall be done.

        Args:
            go: the whole command that says yes.
            drop: the one that says no; where answers are read, both have a shorter word.
        """
        said = (self.language.text("yes"), self.language.text("no"), go) if self.incoming.can_ask else (go, drop)
        return next_commands(self.view, *said)

    async def request(self, number: int) -> Request:
        """A request that this conversation may speak of.

        Raises:
            UserError: there is none of this number here.
        """
        found = await self.services.database.read(lambda db: requests.find(db, number))
        gone = found is not None and found.account not in self.services.vendors
        if found is not None and gone and found.place.same_conversation(self.incoming.place):
            raise UserError(
                self.language.text(
                    "#{number} was submitted to {account}, which is not in the configuration any more: an operator can "
                    "put it back.",
                    number=number,
                    account=found.account,
                )
            )
        if found is None or found.account not in self.accounts:
            raise UserError(
                self.language.text("There is no #{number} here.", number=number), commands=("status", "sign list")
            )
        return found

    async def several(self, numbers: Sequence[int]) -> tuple[Request, ...]:
        """Requests that this conversation may speak of, all of them.

        Raises:
            UserError: one of them is not here.
        """
        found = await self.services.database.read(lambda db: requests.of_numbers(db, tuple(numbers)))
        here = {request.number: request for request in found if request.account in self.accounts}
        strange = [number for number in numbers if number not in here]
        if len(strange) > 1:
            raise UserError(
                self.language.text("There are no {numbers} here.", numbers=self.language.ranges("#", strange)),
                commands=("status", "sign list"),
            )
        if strange:
            await self.request(strange[0])
        return tuple(here[number] for number in numbers)


Reply = Message | None
"""What a handler answers at once; none when the answer comes as a card through the outbox."""
