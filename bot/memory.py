"""What chats keep over restarts; keeps `bot.contracts.chat.Memory`."""

from functools import partial

from bot.contracts.clock import Clock
from bot.store import kept
from bot.store.database import Database


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
        return await self._database.read(partial(kept.get, platform=self._platform, key=key))

    async def put(self, key: str, text: str) -> None:
        """Keep a text, in the place of an earlier one."""
        now = self._clock.now()
        await self._database.write(partial(kept.put, platform=self._platform, key=key, text=text, now=now))

    async def add(self, key: str, count: int = 1) -> int:
        """Count; returns the sum so far."""
        now = self._clock.now()
        return await self._database.write(partial(kept.add, platform=self._platform, key=key, count=count, now=now))
