"""One message a second in a channel; after Slack asked to slow down, none until then."""

import asyncio
import time


class Pace:
    """Whose turn it is, channel by channel, in the order of asking.

    Args:
        every: seconds from one message to the next.
    """

    def __init__(self, every: float) -> None:
        self._every = every
        self._next: dict[str, float] = {}

    async def turn(self, channel: str) -> None:
        """Wait for a turn."""
        now = time.monotonic()
        at = max(self._next.get(channel, 0.0), now)
        self._next[channel] = at + self._every
        if len(self._next) > 1000:
            self._next = {one: when for one, when in self._next.items() if when > now}
        if at > now:
            await asyncio.sleep(at - now)

    def rest(self, channel: str, seconds: float) -> None:
        """Nothing in this channel for so long."""
        self._next[channel] = max(self._next.get(channel, 0.0), time.monotonic() + seconds)
