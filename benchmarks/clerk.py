"""Somebody who types commands on the tests' stage, one after the other or many at once, and keeps how long each took."""

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import NamedTuple

import report  # noqa: F401 - puts the repository on the import path

from bot.contracts.model import Incoming
from tests.stage import ME, Stage

WARM = 20
BURST = 50


class Took(NamedTuple):
    """What a command took, in ms.

    Args:
        passed: until it was answered.
        loop: processor time of the loop's thread meanwhile, which neighbours on the machine hardly change.
    """

    passed: float
    loop: float


class Clerk:
    """Types commands and keeps the time each took."""

    def __init__(self, s: Stage) -> None:
        self._stage = s
        self._origins = itertools.count()

    async def timed(self, text: str) -> Took:
        """One command."""
        incoming = Incoming(
            text=text,
            actor=ME,
            place=self._stage.place,
            origin=f"bench-{next(self._origins)}",
            can_ask=False,
            direct=True,
        )
        start, spent = time.perf_counter(), time.thread_time()
        await self._stage.bot.reception.receive(incoming)
        return Took((time.perf_counter() - start) * 1000, (time.thread_time() - spent) * 1000)

    async def often(self, text: Callable[[], str], times: int) -> list[Took]:
        """The same command again and again, the workers' share awaited in between."""
        took = []
        for turn in range(times + WARM):
            one = await self.timed(text())
            await self._stage.bot.tick()
            if turn >= WARM:
                took.append(one)
        return took

    async def at_once(self, text: Callable[[], str]) -> list[Took]:
        """Many people in one instant."""
        took = await asyncio.gather(*(self.timed(text()) for _ in range(BURST)))
        await self._stage.work()
        return took
