"""Who hears of what: the configuration's topics and what conversations asked for since."""

from collections.abc import Callable, Mapping, Sequence

import sqlite_utils

from bot.contracts.model import Actor, Place
from bot.store import subscriptions, watchers

Topic = str


class Audience:
    """Which conversations hear of what: the configuration's topics and what conversations asked for since.

    Args:
        listed: conversation → (topics, accounts), from the configuration; no accounts means all.
        reach: platform and user id → the one to one conversation with them; none where they cannot be written to.
    """

    def __init__(
        self,
        listed: Mapping[Place, tuple[frozenset[str], frozenset[str]]],
        reach: Callable[[str, str], Place | None] = lambda _platform, _user: None,
    ) -> None:
        self._listed = listed
        self._reach = reach

    @property
    def reach(self) -> Callable[[str, str], Place | None]:
        """Platform and user id → the one to one conversation with them; none where they cannot be written to."""
        return self._reach

    def watching(self, db: sqlite_utils.Database, subject: str) -> tuple[Place, ...]:
        """The one to one conversations with those who asked to hear of a thing: `request:17`, `alert:5`."""
        people = map(Actor.of, watchers.of(db, subject))
        found = (self._reach(actor.platform, actor.user) for actor in people)
        return tuple(place for place in found if place is not None)

    def _may_hear(self, place: Place, account: str) -> bool:
        """Whether an account is spoken of in a conversation, whatever it asked for."""
        _, accounts = self._listed.get(place, (frozenset(), frozenset()))
        return not accounts or not account or account in accounts

    def places(
        self, db: sqlite_utils.Database, topic: Topic, account: str, *, fall_back: bool = True
    ) -> tuple[Place, ...]:
        """The conversations that hear of a topic for an account; `operator` falls back to `alerts` (spec 9)."""
        wanted = self._wanting(topic, account, subscriptions.of(db, topic))
        if not wanted and topic == "operator" and fall_back:
            return self.places(db, "alerts", account)
        return wanted

    def hearing(
        self, db: sqlite_utils.Database, topic: Topic, accounts: Sequence[str]
    ) -> Mapping[Place, tuple[str, ...]]:
        """The conversations that hear of a topic for any of some accounts, and for which of them."""
        said = subscriptions.of(db, topic)
        found: dict[Place, tuple[str, ...]] = {}
        for account in accounts:
            for place in self._wanting(topic, account, said):
                found[place] = (*found.get(place, ()), account)
        return found

    def _wanting(self, topic: Topic, account: str, said: Sequence[tuple[Place, str, bool]]) -> tuple[Place, ...]:
        wanted = {
            place for place, (topics, _) in self._listed.items() if topic in topics and self._may_hear(place, account)
        }
        for place, only, wants in sorted(said, key=lambda row: row[1] != ""):
            if (only and only != account) or not self._may_hear(place, account):
                continue
            (wanted.add if wants else wanted.discard)(place)
        return tuple(sorted(wanted, key=lambda place: (place.platform, place.conversation)))
