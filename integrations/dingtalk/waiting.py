"""Answers that wait for their turn: a conversation takes only so many messages a minute (`limits`).

Nobody would send an answer again, where a notice stays owed. So it waits here, behind those that wait already, while
whatever is heard meanwhile is worked on. What waits is bounded; whoever is not answered is told so, in one message.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from bot.contracts.chat import Post
from bot.contracts.due import over
from bot.contracts.errors import DeliveryError, DeliveryRetry, NotServed
from bot.contracts.message import Mark, Message, Strong, Text
from integrations.dingtalk import words
from integrations.dingtalk.errors import PENALTY_SECONDS, RATE_SECONDS

log = structlog.get_logger(__name__)

MOST = 40
"""Answers that wait for one conversation: two minutes of it. Whoever waits longer has asked again."""

STALE = timedelta(seconds=PENALTY_SECONDS) + timedelta(minutes=2)
"""After this nobody waits for an answer any more: a refusal of DingTalk's lasts ten minutes."""

CONVERSATIONS = 200
"""In which answers wait at once."""


@dataclass(slots=True)
class _Line:
    """What waits for one conversation."""

    posts: deque[tuple[Post, datetime]] = field(default_factory=deque)
    left_out: int = 0
    task: asyncio.Task[None] | None = None


class Waiting:
    """Sends answers when their turn comes, in order.

    Args:
        deliver: sends one, or raises `DeliveryRetry` with how long it must wait.
        now: the time.
        sleep: waits so many seconds.
    """

    def __init__(
        self,
        deliver: Callable[[Post], Awaitable[object]],
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[object]],
    ) -> None:
        self._deliver = deliver
        self._now = now
        self._sleep = sleep
        self._lines: dict[str, _Line] = {}

    def waits(self, conversation: str) -> bool:
        """Whether something waits there: what comes now comes behind it."""
        return conversation in self._lines

    def put(self, post: Post, seconds: float) -> None:
        """Have an answer wait.

        Args:
            post: the answer.
            seconds: how long it must, at least, where it is the first.

        Raises:
            DeliveryRetry: too many conversations wait.
        """
        where = post.place.conversation
        line = self._lines.get(where)
        if line is None:
            if len(self._lines) >= CONVERSATIONS:
                raise DeliveryRetry("too many conversations wait for their minute", seconds)
            line = self._lines[where] = _Line()
        if len(line.posts) >= MOST:
            line.left_out += 1
            return
        line.posts.append((post, self._now()))
        if line.task is None:
            line.task = asyncio.create_task(self._send(where, line, seconds), name="dingtalk-waiting")

    async def idle(self) -> None:
        """Wait until nothing waits."""
        while tasks := [line.task for line in self._lines.values() if line.task is not None]:
            await asyncio.wait(tasks)

    async def stop(self) -> None:
        """Let nothing wait any longer; what was not sent is lost with the program."""
        tasks = [line.task for line in self._lines.values() if line.task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        if lost := sum(len(line.posts) for line in self._lines.values()):
            log.warning("answers were not given any more", count=lost)
        self._lines.clear()

    async def _send(self, where: str, line: _Line, seconds: float) -> None:
        """Send what waits, one after the other."""
        last, _ = line.posts[0]
        while line.posts or line.left_out:
            if seconds > 0:
                await self._sleep(seconds)
            seconds = 0.0
            while line.posts and over(line.posts[0][1], self._now(), STALE):
                line.posts.popleft()
                line.left_out += 1
            told = 0 if line.posts else line.left_out
            if line.posts:
                post = last = line.posts[0][0]
            else:
                post = _left_out(last, told)
            try:
                await self._deliver(post)
            except NotServed as error:  # that takes longer than anybody waits for an answer
                log.warning("reply not delivered", error=str(error))
            except DeliveryRetry as full:
                seconds = min(full.retry_after or RATE_SECONDS, PENALTY_SECONDS)
                continue
            except DeliveryError as error:
                log.warning("reply not delivered", error=str(error))
            if told:
                line.left_out -= told
            else:
                line.posts.popleft()
        del self._lines[where]


def _left_out(last: Post, count: int) -> Post:
    """That some answers were left out, and what to do."""
    said = last.language
    title = words.LEFT_OUT.said(said).format(count=count)
    return replace(
        last,
        message=Message((Strong(title),), Mark.WARNING, (Text((words.SAY_AGAIN.said(said),)),)),
        key=f"left-out:{last.key}",
        card=None,
        under="",
    )
