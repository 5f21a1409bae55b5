"""Use case: somebody wants to hear of a request or an alert too, one to one."""

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.model import Actor
from bot.store import watchers
from bot.store.database import Database


class Watching:
    """Who watches what.

    Args:
        database: the record.
        clock: the domain's time.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, subjects: tuple[str, ...], actor: Actor) -> None:
        """Somebody hears of these things from now on; twice is once."""
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> None:
            for subject in subjects:
                watchers.add(db, subject, actor.key, actor.name or actor.user, now)

        await self._database.write(store)

    async def end(self, subjects: tuple[str, ...], actor: Actor) -> None:
        """Somebody hears of them no longer."""

        def store(db: sqlite_utils.Database) -> None:
            for subject in subjects:
                watchers.remove(db, subject, actor.key)

        await self._database.write(store)
