"""What is done after an acknowledgement: a few pieces at once, in turn over the conversations, the others wait.

A piece that waits for something (its turn in a channel, a file) gives its place to the next: what a flooded conversation
waits for holds up no other. And none begins while something that came waits for its acknowledgement: Slack gives that
three seconds, people wait longer for an answer.
"""

import asyncio
import contextlib
import itertools
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

import structlog

log = structlog.get_logger(__name__)

PLACES = 8
"""Pieces under way over all conversations; more would only make acknowledgements wait for the loop."""
WAITS_SECONDS = 0.25
"""Whoever is under way for longer waits for something, and needs no place for that."""
AT_ONCE = 6
"""Pieces under way in one conversation, with a place or without."""
FIRST_SECONDS = 0.25
"""For so long work gives way to an acknowledgement; one that waits for something itself must not hold up everybody."""
MOST = 2000
"""Pieces that may wait or be under way; more is a fault, not a load. A conversation that did not add to that may still
have as many as can be under way in it."""

Piece = Callable[[], Awaitable[None]]

Later = Callable[[float, Callable[[], None]], asyncio.TimerHandle]
"""Calls something after so many seconds, unless it is cancelled."""


def on_the_loop(seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
    """`Later` by the running loop's clock."""
    return asyncio.get_running_loop().call_later(seconds, call)


class Unacknowledged:
    """The deliveries that have come and are not acknowledged yet, over all connections.

    Args:
        later: when a delivery has waited for too long to be given way to.
    """

    def __init__(self, later: Later = on_the_loop) -> None:
        self._later = later
        self._numbers = itertools.count()
        self._waiting: set[int] = set()
        self._none = asyncio.Event()
        self._none.set()

    @contextlib.contextmanager
    def delivery(self) -> Iterator[None]:
        """One of them, from its coming to its acknowledgement."""
        number = next(self._numbers)
        self._waiting.add(number)
        self._none.clear()
        late = self._later(FIRST_SECONDS, partial(self._over, number))
        try:
            yield
        finally:
            late.cancel()
            self._over(number)

    async def none(self) -> None:
        """Wait until there is none, but not for long: where one follows the other, work has to go on too."""
        if not self._waiting:
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(FIRST_SECONDS):
                while self._waiting:  # the next may have come since there was none
                    await self._none.wait()

    def _over(self, number: int) -> None:
        self._waiting.discard(number)
        if not self._waiting:
            self._none.set()


@dataclass(slots=True)
class Line:
    """The pieces of one conversation that wait, and how many are under way."""

    waiting: deque[Piece] = field(default_factory=deque)
    under_way: int = 0

    @property
    def may_begin(self) -> bool:
        """Whether its next piece may begin."""
        return bool(self.waiting) and self.under_way < AT_ONCE


class Lines:
    """Whose piece is next. Pure.

    Within a conversation it is the one that came first; between them the conversation with the fewest under way, and of
    those the one whose turn was longest ago.
    """

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self.count = 0

    @property
    def may_begin(self) -> bool:
        """Whether some conversation's next piece may begin."""
        return any(line.may_begin for line in self._lines.values())

    def full(self, conversation: str) -> bool:
        """Whether there is too much to add something of this conversation."""
        line = self._lines.get(conversation, Line())
        return self.count >= MOST and len(line.waiting) + line.under_way >= AT_ONCE

    def add(self, conversation: str, piece: Piece) -> None:
        """Behind the others of its conversation."""
        self._lines.setdefault(conversation, Line()).waiting.append(piece)
        self.count += 1

    def begin(self) -> tuple[str, Piece] | None:
        """The next piece, which is under way from now on, and its conversation; none where none may begin."""
        ready = [conversation for conversation, line in self._lines.items() if line.may_begin]
        if not ready:
            return None
        conversation = min(ready, key=lambda one: self._lines[one].under_way)
        line = self._lines.pop(conversation)
        self._lines[conversation] = line  # now the one whose turn was last
        line.under_way += 1
        return conversation, line.waiting.popleft()

    def end(self, conversation: str) -> None:
        """A piece of this conversation has ended."""
        line = self._lines[conversation]
        line.under_way -= 1
        self.count -= 1
        if not line.under_way and not line.waiting:
            del self._lines[conversation]


class Work:
    """The pieces of work of all conversations.

    Each place has a hand, a task that begins one piece after the other. A hand whose piece waits loses its place to a new
    one, and leaves when the piece has ended.

    Args:
        acknowledged: returns when nothing waits for its acknowledgement, or when it has waited for too long.
        later: when a piece has been under way for so long that it gives its place back.
    """

    def __init__(self, acknowledged: Callable[[], Awaitable[None]], later: Later = on_the_loop) -> None:
        self._acknowledged = acknowledged
        self._later = later
        self._lines = Lines()
        self._hands: set[asyncio.Task[None]] = set()
        self._placed: set[asyncio.Task[None]] = set()
        self._ended = False

    def full(self, conversation: str) -> bool:
        """Whether there is too much of it for this conversation to add to it."""
        return self._lines.full(conversation)

    def add(self, conversation: str, piece: Piece) -> None:
        """Have a piece done, after those of the same conversation that were added before; or not, when it is full."""
        if self.full(conversation):
            log.error("too much work for slack, a delivery is left undone", conversation=conversation)
            return
        self._lines.add(conversation, piece)
        self._fill()

    async def idle(self) -> None:
        """Wait until there is nothing to do."""
        while self._hands:
            await asyncio.wait(self._hands)

    async def stop(self, seconds: float) -> None:
        """Go on for at most so long, then cancel what is under way; nothing begins any more."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.idle()
        self._ended = True
        if self._lines.count:
            log.warning("work for slack is left undone", pieces=self._lines.count)
        for hand in self._hands:
            hand.cancel()
        await self.idle()

    def _fill(self) -> None:
        """A hand for a free place, where something may begin."""
        if len(self._placed) < PLACES and self._lines.may_begin and not self._ended:
            hand = asyncio.create_task(self._work(), name="slack-work")
            self._hands.add(hand)
            self._placed.add(hand)
            hand.add_done_callback(self._left)

    def _give_back(self, hand: asyncio.Task[None]) -> None:
        self._placed.discard(hand)
        self._fill()

    def _left(self, hand: asyncio.Task[None]) -> None:
        self._hands.discard(hand)
        self._give_back(hand)

    async def _work(self) -> None:
        hand = asyncio.current_task()
        assert hand is not None  # noqa: S101 - a coroutine of a task
        while hand in self._placed:
            await self._acknowledged()
            # Only now is it chosen: whichever hand wakes first, the order stays.
            if (begun := self._lines.begin()) is None:
                return
            conversation, piece = begun
            waits = self._later(WAITS_SECONDS, partial(self._give_back, hand))
            try:
                await piece()
            except Exception:  # the boundary of a task: nobody awaits it
                log.exception("work for slack failed", conversation=conversation)
            finally:
                waits.cancel()
                self._lines.end(conversation)
