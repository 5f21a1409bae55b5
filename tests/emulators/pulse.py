"""The seconds in which the event loop got to run: what the machine does meanwhile for others does not count.

A bound such as "within three seconds" is told of the program, not of the machine that runs it beside others. The program
and the emulators share a loop in most tests, so a clock that stands still while the loop does measures the program alone.
Under no load it goes as any other clock.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

T = TypeVar("T")

BEAT = 0.01
"""Seconds between two beats; a loop that was held up for longer has lost only one."""


class Pulse:
    """Counts the beats of the loop; use `async with pulse.beating()`."""

    def __init__(self) -> None:
        self._beats = 0

    def now(self) -> float:
        """Seconds in which the loop ran so far."""
        return self._beats * BEAT

    @contextlib.asynccontextmanager
    async def beating(self) -> AsyncIterator[None]:
        """Count until the end of the block."""
        counting = asyncio.create_task(self._beat())
        try:
            yield
        finally:
            counting.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await counting

    async def until(self, changed: asyncio.Condition, holds: Callable[[], T], seconds: float) -> T:
        """Wait until something holds (is true), and return it; looks again whenever something has changed.

        Raises:
            TimeoutError: it did not, within so many seconds.
        """
        end = self.now() + seconds
        while True:
            try:
                async with asyncio.timeout(max(end - self.now(), BEAT)), changed:
                    while not (found := holds()):
                        await changed.wait()
                    return found
            except TimeoutError:
                if self.now() >= end:
                    raise

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT)
            self._beats += 1
