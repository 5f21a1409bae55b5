"""Views of everything that can be told: one for each language at a moment."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.contracts.hours import Holidays, Hours
from bot.contracts.model import Place, Role
from bot.contracts.settings import Settings
from bot.contracts.vendor import Capabilities
from bot.wording.language import Language
from bot.wording.view import View


@dataclass(frozen=True, slots=True)
class Views:
    """What wordings know whoever reads.

    Args:
        settings: the language of each conversation, the names of people.
        languages: `en`, `zh`.
        capabilities: account → what its vendor can do.
        hours: account → the reviewers' hours.
        holidays: public holidays and make-up workdays.
        spellings: language → English command words and how they are typed in it, the longest first.
        in_hand: the requests whose papers are still at hand for another try, as of a moment.
        once: the platforms where nothing is told later.
    """

    settings: Settings
    languages: Mapping[str, Language]
    capabilities: Mapping[str, Capabilities]
    hours: Mapping[str, Hours]
    holidays: Holidays
    spellings: Mapping[str, tuple[tuple[str, str], ...]]
    in_hand: Callable[[datetime], frozenset[int]] = lambda _: frozenset()
    once: frozenset[str] = frozenset()

    def language(self, place: Place) -> Language:
        """The language of a conversation."""
        return self.languages[self.settings.language(place)]

    def view(self, language: Language, now: datetime) -> View:
        """For a reader of this language."""
        return View(
            language=language,
            now=now,
            capabilities=self.capabilities,
            hours=self.hours,
            holidays=self.holidays,
            spellings=self.spellings.get(language.code, ()),
            names=self.settings.names,
            approvers=self.settings.who_may(Role.APPROVER),
            in_hand=self.in_hand(now),
        )

    def of(self, place: Place, now: datetime) -> View:
        """For the readers of a conversation."""
        listed = self.settings.conversation(place)
        accounts = listed.accounts if listed is not None else ()
        once = place.platform in self.once
        return replace(self.view(self.language(place), now), platform=place.platform, accounts=accounts, once=once)
