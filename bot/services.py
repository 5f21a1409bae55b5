"""What a handler is given: one frozen value of everything it may use, and who asks where in which language."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from bot.commands.arguments import EVERY
from bot.commands.command import Command, Declaration, Vocabulary
from bot.commands.tokens import quoted
from bot.contracts.clock import Clock
from bot.contracts.errors import UserError
from bot.contracts.hours import Holidays, Hours
from bot.contracts.message import Message
from bot.contracts.model import Incoming, Kind, Place, Request, Role, Words
from bot.contracts.settings import Settings
from bot.contracts.vendor import KindAbility, Vendor
from bot.dialogue import Hand, Patience, Turns
from bot.notices.audience import Audience
from bot.requests.orders import Orders
from bot.requests.preparation import Preparation
from bot.requests.settling import Settling
from bot.store import requests
from bot.store.database import Database
from bot.watch.alerts import Alerts
from bot.watch.quota import Quota
from bot.wording.language import Language
from bot.wording.view import View

SUBMITS: Mapping[tuple[str, ...], Kind] = {
    ("sign", "submit"): Kind.SIGNATURE,
    ("template", "submit"): Kind.TEMPLATE,
    ("check", "sign"): Kind.SIGNATURE,
    ("check", "template"): Kind.TEMPLATE,
}
"""The commands that take the fields of a submission → its kind."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the program is made of.

    Args:
        settings: the configuration.
        database: the record; handlers read it, and write only through use cases.
        vendors: account name → vendor.
        languages: `en`, `zh`.
        hours: account name → the reviewers' hours.
        hand: files of dialogues under way.
        commands: every command there is, for the help.
        health: what each worker and chat last failed with; empty text when all is well.
        facts: what chats tell of themselves, with their names.
        paths_from: chats in which the value of a file field is a path.
        ask_in_form: opens a form where the chat can, see `bot.contracts.chat.FillsForms.ask`.
        forms_in: chats that can ask for what is missing in a form.
        pictures_in: chats that show pictures.
        pairs_in: chats in whose groups files do not travel freely; they are handed in one to one, with a code.
        patience: how long a question waits.
        turns: of dialogues.
    """

    settings: Settings
    database: Database
    clock: Clock
    vendors: Mapping[str, Vendor]
    languages: Mapping[str, Language]
    holidays: Holidays
    hours: Mapping[str, Hours]
    vocabulary: Vocabulary
    commands: tuple[Declaration, ...]
    forms: Preparation
    submissions: Orders
    settling: Settling
    quota: Quota
    alerts: Alerts
    audience: Audience
    hand: Hand
    health: Callable[[], Mapping[str, str]]
    facts: Callable[[], Sequence[tuple[str, Words]]]
    ask_in_form: Callable[[Incoming, Sequence[int], Kind], Awaitable[bool]]
    paths_from: frozenset[str] = frozenset({"terminal"})
    forms_in: frozenset[str] = frozenset({"slack"})
    pictures_in: frozenset[str] = frozenset({"slack", "dingtalk"})
    pairs_in: frozenset[str] = frozenset({"dingtalk"})
    patience: Patience = field(default_factory=Patience)
    turns: Turns = field(default_factory=Turns)

    def view(self, language: Language, now: datetime) -> View:
        """What wordings need to know, for a reader of this language."""
        return View(
            language=language,
            now=now,
            capabilities={name: vendor.capabilities for name, vendor in self.vendors.items()},
            hours=self.hours,
            holidays=self.holidays,
            spellings=_spellings(self.commands, language.code) if language.code != "en" else (),
            names=self.settings.names,
        )

    def view_of(self, place: Place, now: datetime) -> View:
        """The same for the readers of a conversation."""
        listed = self.settings.conversation(place)
        code = listed.language if listed is not None else self.settings.bot.language
        return self.view(self.languages[code], now)


@lru_cache(maxsize=8)
def _spellings(commands: tuple[Declaration, ...], code: str) -> tuple[tuple[str, str], ...]:
    """What `View.spellings` is; a view is made for every answer, the commands never change."""
    pairs = [(one.spelled("en"), one.spelled(code)) for one in commands]
    return tuple(sorted(pairs, key=lambda pair: -len(pair[0])))


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
        return self.services.view(self.language, self.services.clock.now())

    @property
    def paths(self) -> bool:
        """Whether file fields are paths here."""
        return self.incoming.place.platform in self.services.paths_from

    def chosen(self, command: Command) -> tuple[str, ...]:
        """The accounts a command is about; when none was said, the only one there is.

        Raises:
            UserError: none was said and there are several.
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
        raise UserError(
            self.language.text("Which account? {accounts}, or all.", accounts=every),
            commands=(f"{words} {self.accounts[0]} {rest}", f"{words} {self.language.pick(EVERY)} {rest}")
            if self.accounts
            else (),
        )

    def able(self, kind: Kind) -> tuple[str, ...]:
        """The accounts whose vendor takes this kind through its API."""
        found = []
        for account in self.accounts:
            ability = self.services.vendors[account].capabilities.kinds.get(kind)
            if ability is not None and ability.create:
                found.append(account)
        return tuple(found)

    def ability(self, request: Request) -> KindAbility:
        """What the vendor of a request can do with its kind."""
        return self.services.vendors[request.account].capabilities.kinds[request.kind]

    def naming(self, kind: Kind, accounts: Sequence[str]) -> str:
        """Accounts as they are typed behind a command that submits this kind."""
        if len(accounts) > 1 and tuple(accounts) == self.able(kind):
            return self.language.pick(EVERY)
        return ",".join(accounts)

    async def request(self, number: int) -> Request:
        """A request that this conversation may speak of.

        Raises:
            UserError: there is none of this number here.
        """
        found = await self.services.database.read(lambda db: requests.find(db, number))
        if found is None or found.account not in self.accounts:
            raise UserError(
                self.language.text("There is no #{number} here.", number=number), commands=("status", "sign list")
            )
        return found


Reply = Message | None
"""What a handler answers at once; none when the answer comes as a card through the outbox."""
