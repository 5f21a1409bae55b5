"""Each delivery of a chat is dealt with once, over restarts too."""

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.errors import RecordUnavailable
from bot.store import heard
from bot.store.database import Database, LetGo
from bot.store.units import after

STORED_WITHIN = 2.0
"""Seconds in which the record usually remembers that something was dealt with; longer, nobody waits for it."""


class Deliveries:
    """What chats delivered, and was dealt with.

    It is remembered when it was dealt with, not before: what a kill interrupted may come again, and what it ordered is
    known by its origin anyway.

    Args:
        database: the record.
        clock: the domain's time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._at_hand: set[str] = set()  # being dealt with, or not in the record yet

    async def begin(self, origin: str) -> bool:
        """Whether a delivery is to be dealt with: it is new. Whatever comes of it, `end` is to be called then."""
        if origin in self._at_hand:
            return False
        self._at_hand.add(origin)
        try:
            new = await self._database.read(lambda db: heard.is_new(db, origin))
        except RecordUnavailable:
            new = True  # whatever it is, it will be answered that nothing can be done
        if not new:
            self._at_hand.discard(origin)
        return new

    async def end(self, origin: str) -> None:
        """It was dealt with; while the record takes nothing it is at hand here, and stored as soon as it does."""
        at = self._clock.now()

        def remember(db: sqlite_utils.Database) -> None:
            heard.remember(db, origin, at)
            after(db, lambda: self._at_hand.discard(origin))

        try:
            await self._database.store(remember, within=STORED_WITHIN)
        except LetGo:  # should it come again, it may be dealt with again
            self._at_hand.discard(origin)
        except (TimeoutError, RecordUnavailable):  # held; or the program stops
            return
