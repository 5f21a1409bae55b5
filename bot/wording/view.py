"""What a wording needs to know beside the thing itself: the reader, the time, what the vendors can do."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType

from bot.contracts import hours as opening
from bot.contracts.hours import Holidays, Hours
from bot.contracts.message import Block, Commands, Mention, Part
from bot.contracts.model import Request
from bot.contracts.vendor import Capabilities, KindAbility
from bot.wording.language import Language
from bot.wording.words import TYPED


@dataclass(frozen=True, slots=True)
class View:
    """The reader's language, the time, and what the vendors can do.

    Args:
        capabilities: account → what its vendor can do.
        hours: account → the reviewers' hours.
        spellings: English command words → those of the reader's language, the longest first; empty for English.
        names: identities (`Actor.key`) → what people are called.
        accounts: those that this conversation may speak of; empty where it may speak of every one.
        in_hand: numbers of requests that were sent once and whose papers are still at hand.
        approvers: the names of those who may agree to what needs a second person.
        platform: where it is read; empty where that is not one conversation.
        once: whether what comes of it later is not told there.
    """

    language: Language
    now: datetime
    capabilities: Mapping[str, Capabilities]
    hours: Mapping[str, Hours]
    holidays: Holidays
    spellings: tuple[tuple[str, str], ...] = ()
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    in_hand: frozenset[int] = frozenset()
    accounts: tuple[str, ...] = ()
    platform: str = ""
    once: bool = False
    approvers: tuple[str, ...] = ()

    def speaks_of(self, account: str) -> bool:
        """Whether an account may be spoken of where this is read."""
        return not self.accounts or account in self.accounts

    def named(self, key: str, otherwise: str = "") -> str:
        """What somebody is called: as the configuration names them, everywhere and in both chats alike.

        Args:
            key: an `Actor.key`.
            otherwise: what their chat called them, for whom nobody named; without it their user id.
        """
        identity = user_key(key)
        return self.names.get(identity) or otherwise or identity.partition(":")[2] or key

    def person(self, name: str) -> Part:
        """Somebody of `[[person]]`, mentioned where they have an id on the reader's platform."""
        key = next((key for key, one in self.names.items() if one == name and key.startswith(f"{self.platform}:")), "")
        return Mention(key, name) if key and self.platform else name

    def typed(self, command: str) -> str:
        """A command as people of this language type it."""
        for english, spelled in self.spellings:
            if command == english or command.startswith(english + " "):
                return spelled + self._spelled(command.removeprefix(english), english)
        return command

    def _spelled(self, rest: str, head: str) -> str:
        """What stands behind the command's words, with the words of ours in it spelled; what is quoted is somebody's."""
        outside = rest.split('"')
        for one in TYPED.get(head, TYPED[""]):
            said = self.language.pick(one)
            pattern = (
                rf"(?<= ){re.escape(one.en)}(?![^ ])" if not one.en.endswith("=") else rf"(?<= ){re.escape(one.en)}"
            )
            outside[::2] = [re.sub(pattern, said, part) for part in outside[::2]]
        return '"'.join(outside)

    def ability(self, request: Request) -> KindAbility | None:
        """What its vendor can do with this kind of thing; none when the account is no longer configured."""
        capabilities = self.capabilities.get(request.account)
        return capabilities.of(request) if capabilities else None

    def expected(self, request: Request) -> datetime | None:
        """When a decision is expected; none when the account is no longer configured."""
        ability = self.ability(request)
        if ability is None:
            return None
        return expected(
            request,
            self.now,
            hours=self.hours[request.account],
            usually=ability.usually,
            holidays=self.holidays,
        )

    def late(self, request: Request) -> bool:
        """Whether it waits for a decision longer than its vendor says."""
        ability, since = self.ability(request), request.submitted_at
        if (
            ability is None or since is None or since + ability.usually > self.now
        ):  # open hours pass no faster than time
            return False
        expected = self.expected(request)
        return expected is not None and expected <= self.now

    def console(self, request: Request) -> str:
        """The vendor's console page for this kind of thing; may be empty."""
        ability = self.ability(request)
        return ability.console if ability else ""


def user_key(key: str) -> str:
    """An `Actor.key` without the team: `platform:user`, as people are named by."""
    platform, _, rest = key.partition(":")
    return f"{platform}:{rest.rpartition('/')[2]}"


def expected(request: Request, now: datetime, *, hours: Hours, usually: timedelta, holidays: Holidays) -> datetime:
    """When a decision is expected: the vendor's published time after the submission, in open hours.

    A moment in the past means that it is late. What has not been submitted yet counts from now.
    """
    start = now if request.submitted_at is None else request.submitted_at
    return opening.add_open(hours, start, usually, holidays)


def next_commands(view: View, *commands: str) -> Commands:
    """The exact next commands."""
    return Commands(view.language.text("Next"), tuple(view.typed(command) for command in commands))


def without(blocks: Sequence[Block], command: str) -> tuple[Block, ...]:
    """The same without one of the next commands: what was just said needs not be said next."""
    fewer = (
        Commands(block.label, tuple(one for one in block.commands if one != command))
        if isinstance(block, Commands)
        else block
        for block in blocks
    )
    return tuple(block for block in fewer if not isinstance(block, Commands) or block.commands)


def named(language: Language, name: str) -> str:
    """What something is called; a draft may have no name yet."""
    return name or language.text("without a name")


def capital(word: str) -> str:
    """A word as it begins a sentence."""
    return word[:1].upper() + word[1:]
