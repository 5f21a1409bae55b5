"""What is done after an acknowledgement: so many pieces at once in each conversation, the others wait their turn.

One conversation that is flooded holds up no other, and no piece begins while something that came waits for its
acknowledgement: Slack gives that three seconds, people wait longer for an answer.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import structlog

log = structlog.get_logger(__name__)

AT_ONCE = 6
"""Pieces of work in one conversation; more would only make acknowledgements wait for the loop."""
MOST = 2000
"""Pieces that may wait or be under way; more is a fault, not a load."""

Piece = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class Line:
    """The pieces of one conversation that wait, and how many hands work on them."""

    waiting: deque[Piece] = field(default_factory=deque)
    hands: int = 0


class Work:
    """The pieces of work of all conversations.

    Args:
        acknowledged: returns when nothing waits for its acknowledgement, or when it has waited for too long.
    """

    def __init__(self, acknowledged: Callable[[], Awaitable[None]]) -> None:
        self._acknowledged = acknowledged
        self._lines: dict[str, Line] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._count = 0

    @property
    def full(self) -> bool:
        """Whether there is too much of it."""
        return self._count >= MOST

    def add(self, conversation: str, piece: Piece) -> None:
        """Have a piece done, after those of the same conversation that were added before; or not, when it is full."""
        if self.full:
            log.error("too much work for slack, a delivery is left undone", conversation=conversation)
            return
        self._count += 1
        line = self._lines.setdefault(conversation, Line())
        line.waiting.append(piece)
        if line.hands < AT_ONCE:
            line.hands += 1
            task = asyncio.create_task(self._work(conversation, line))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def stop(self, seconds: float) -> None:
        """Let what was begun end, and cancel what takes longer than this."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=seconds)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    async def _work(self, conversation: str, line: Line) -> None:
        try:
            while line.waiting:
                await self._acknowledged()
                if line.waiting:  # another hand may have taken it meanwhile
                    await self._do(line.waiting.popleft())
        finally:
            line.hands -= 1
            if not line.hands:
                del self._lines[conversation]

    async def _do(self, piece: Piece) -> None:
        try:
            await piece()
        except Exception:  # the boundary of a task: nobody awaits it
            log.exception("work for slack failed")
        finally:
            self._count -= 1
