"""What the program is made of, as handlers and the desk may use it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache

from bot.commands.command import Declaration, Vocabulary
from bot.contracts.clock import Clock
from bot.contracts.hours import Holidays, Hours
from bot.contracts.model import Incoming, Kind, Place, Words
from bot.contracts.settings import Settings
from bot.contracts.vendor import Vendor
from bot.desk.held import HeldFiles, Patience, Turns
from bot.notices.audience import Audience
from bot.requests.orders import Orders
from bot.requests.preparation import Preparation
from bot.requests.settling import Settling
from bot.store.database import Database
from bot.watch.alerts import Alerts
from bot.watch.quota import Quota
from bot.wording.language import Language
from bot.wording.view import View


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
    hand: HeldFiles
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
