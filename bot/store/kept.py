"""What chats keep over restarts: the table, and a chat's memory on it (`bot.contracts.memory.Memory`)."""

import contextlib
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils

from bot.contracts.clock import Clock
from bot.store.database import Database
from bot.store.moments import to_text

KEEP = timedelta(days=62)
"""A month's count is asked for until the month after it; a button's text is rarely asked for after a day."""

LATEST = 10_000
"""So many stay whatever their age: a clock that was set forward makes everything old at once."""


def get(db: sqlite_utils.Database, platform: str, key: str) -> str | None:
    """What was kept under a key."""
    row = next(db.query("SELECT text FROM kept WHERE platform = ? AND key = ?", (platform, key)), None)
    return None if row is None else str(row["text"])


def put(db: sqlite_utils.Database, platform: str, key: str, text: str, now: datetime) -> None:
    """Keep a text; very old ones are forgotten."""
    db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", (platform, key, text, to_text(now)))
    db.execute(
        "DELETE FROM kept WHERE at < ? AND rowid <= (SELECT MAX(rowid) FROM kept) - ?", (to_text(now - KEEP), LATEST)
    )


def add(db: sqlite_utils.Database, platform: str, key: str, count: int, now: datetime) -> int:
    """Count under a key; returns the sum so far."""
    total = int(get(db, platform, key) or 0) + count
    put(db, platform, key, str(total), now)
    return total


STORED_WITHIN = 2.0
"""Seconds that a chat waits for the record; longer, it goes on without."""


class Recorded:
    """In the record.

    Args:
        database: the record.
        platform: whose memory it is.
        clock: the domain's time.
    """

    def __init__(self, database: Database, platform: str, clock: Clock) -> None:
        self._database = database
        self._platform = platform
        self._clock = clock

    async def get(self, key: str) -> str | None:
        """What was kept; none when nothing was, or too long ago."""
        return await self._database.read(partial(get, platform=self._platform, key=key))

    async def put(self, key: str, text: str) -> None:
        """Keep a text, in the place of an earlier one."""
        now = self._clock.now()
        change = partial(put, platform=self._platform, key=key, text=text, now=now)
        with contextlib.suppress(TimeoutError):  # held until the record takes it; a message need not wait for that
            await self._database.store(change, within=STORED_WITHIN)

    async def add(self, key: str, count: int = 1) -> int:
        """Count; returns the sum so far."""
        change = partial(add, platform=self._platform, key=key, count=count, now=self._clock.now())
        try:
            return await self._database.store(change, within=STORED_WITHIN)
        except TimeoutError:  # counted when the record takes it; until then as far as it is known
            return int(await self.get(key) or 0) + count
