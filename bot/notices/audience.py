"""Who hears of what: the configuration's topics and what conversations asked for since."""

from collections.abc import Mapping

import sqlite_utils

from bot.contracts.model import Place
from bot.store import subscriptions

Topic = str


class Audience:
    """Which conversations hear of what: the configuration's topics and what conversations asked for since.

    Args:
        listed: conversation → (topics, accounts), from the configuration; no accounts means all.
    """

    def __init__(self, listed: Mapping[Place, tuple[frozenset[str], frozenset[str]]]) -> None:
        self._listed = listed

    def places(
        self, db: sqlite_utils.Database, topic: Topic, account: str, *, fall_back: bool = True
    ) -> tuple[Place, ...]:
        """The conversations that hear of a topic for an account; `operator` falls back to `alerts` (spec 9)."""
        wanted = {
            place
            for place, (topics, accounts) in self._listed.items()
            if topic in topics and (not accounts or not account or account in accounts)
        }
        for place, only, wants in sorted(subscriptions.of(db, topic), key=lambda row: row[1] != ""):
            if only and only != account:
                continue
            (wanted.add if wants else wanted.discard)(place)
        if not wanted and topic == "operator" and fall_back:
            return self.places(db, "alerts", account)
        return tuple(sorted(wanted, key=lambda place: (place.platform, place.conversation)))
