"""One message a second in a channel; after Slack asked to slow down, none anywhere until then."""

import asyncio
import time
from weakref import WeakValueDictionary


class Pace:
    """Whose turn it is, channel by channel, in the order of asking.

    Args:
        every: seconds from one message to the next.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._next: dict[str, float] = {}
        self._lines: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._rests_until = 0.0

    async def turn(self, channel: str) -> None:
        """Wait for a turn."""
        line = self._lines.get(channel)
        if line is None:
            line = self._lines[channel] = asyncio.Lock()
        async with line:
            while (left := self.left(channel)) > 0:  # noqa: ASYNC110 - a rest may begin while somebody waits
                await asyncio.sleep(left)
            now = time.monotonic()
            if len(self._next) > 1000:
                self._next = {one: when for one, when in self._next.items() if when > now}
            self._next[channel] = now + self._every

    def left(self, channel: str) -> float:
        """Seconds until the next message may be sent in a channel."""
        return max(self._next.get(channel, 0.0), self._rests_until) - time.monotonic()

    def rest(self, seconds: float) -> None:
        """Nothing for so long, in no channel.

        A limit holds for a method in the whole workspace (https://docs.slack.dev/apis/web-api/rate-limits).
        """
        self._rests_until = max(self._rests_until, time.monotonic() + seconds)
