"""A whole bot on a stage: the real program, the sandbox as its vendors, a terminal whose output can be read.

Time stands still until `pass_time` moves it, and nothing sleeps: after each move every worker is woken and awaited.
"""

import contextlib
import io
import itertools
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.contracts.chat import Chat
from bot.contracts.model import Actor, Attachment, Incoming, Place, Request
from bot.contracts.settings import Settings
from bot.notices.pictures import Draw
from bot.running.app import running
from bot.running.bot import Bot
from bot.running.config import parse
from bot.running.demo import CONVERSATION, banner, sandbox_config
from bot.running.vendors import ACCOUNTS
from bot.store import requests
from bot.store.unusable import FILE
from bot.wording.charts import Chart
from integrations.sandbox import Sandbox, Seed
from integrations.terminal.client import Terminal
from tests.planted import searched
from tests.standing import lay

SELDOM = 14400
"""Seconds between two rounds of quota where a test does not say."""


def rounds(text: str, *, quota: int = SELDOM, delivery: int = 0) -> str:
    """A configuration with other pauses between rounds of figures, in seconds.

    Each round is many calls, so they are rare, and of what was sent none, unless a test is about what they find.
    """
    text = re.sub(r"quota_seconds = \d+", f"quota_seconds = {quota}", text)
    return re.sub(r"delivery_seconds = \d+", f"delivery_seconds = {delivery}", text)


async def worked(bot: Bot, heard: Callable[[], Awaitable[None]] | None = None, *, least: int = 1) -> None:
    """Have every worker do what is due until nothing is: a step can cause work for another worker, by what it writes.

    Args:
        bot: whose workers.
        heard: has what was said so far taken in, before the workers.
        least: rounds that are made in any case; two where a chat brings what was said in its own time.
    """
    record = sqlite3.connect(bot.services.database.path)
    try:
        for turn in range(3):
            before = _version(record)
            if heard is not None:
                await heard()
            await bot.tick()
            if turn + 1 >= least and before is not None and _version(record) == before:
                return
    finally:
        record.close()


def _version(record: sqlite3.Connection) -> int | None:
    """Changes with each commit of another connection; none where the record cannot be read now."""
    try:
        return int(record.execute("PRAGMA data_version").fetchone()[0])
    except sqlite3.Error:
        return None


async def undrawn(chart: Chart, within: float) -> bytes | None:
    """Draws nothing: a picture takes a program of its own, and few tests are about them."""
    del chart, within
    return None


def stride(span: timedelta) -> timedelta:
    """The steps in which a span passes where a test does not say: each costs a round of every worker."""
    if span <= timedelta(hours=2):
        return min(span, timedelta(minutes=10))
    return timedelta(minutes=30) if span <= timedelta(hours=6) else timedelta(hours=1)


MONDAY = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)  # 09:30 in China, every reviewer at work
ME = Actor("terminal", "submitter", name="submitter")
_ORIGINS = itertools.count()  # never the same twice, over restarts too


class StageClock:
    """A clock that moves when it is told."""

    def __init__(self, start: datetime = MONDAY) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move(self, span: timedelta) -> None:
        self._now += span


@contextlib.asynccontextmanager
async def on_stage(
    settings: Settings,
    folder: Path,
    sandbox: Sandbox,
    clock: StageClock,
    chats: Callable[[Callable[[], Bot]], Sequence[Chat]],
    *,
    came: Callable[[], Iterable[str]],
    said: Callable[[], Iterable[str]],
    draw: Draw = undrawn,
) -> AsyncIterator[Bot]:
    """The program between chats and vendors; every stage is made of this, and searched when it is over.

    Args:
        settings: the configuration.
        folder: where the record is.
        sandbox: the vendors.
        clock: the domain's time.
        chats: makes the chats.
        came: what people said and did there.
        said: all that the bot gave out there.
        draw: makes pictures.
    """
    await lay(folder / FILE)
    # Nothing here is about the pauses between calls of a vendor.
    async with (
        searched(settings, folder, sandbox, came, said),
        running(settings, clock=clock, chats=chats, data_dir=folder, ticking=False, pace=0.0001, draw=draw) as bot,
    ):
        yield bot


class Stage:
    """One running bot, its sandbox and its terminal."""

    def __init__(self, bot: Bot, sandbox: Sandbox, clock: StageClock, terminal: Terminal, out: io.StringIO) -> None:
        self.bot = bot
        self.sandbox = sandbox
        self.clock = clock
        self.place = Place("terminal", CONVERSATION)
        self.terminal = terminal
        self._out = out
        self.typed: list[str] = []

    async def say(
        self,
        text: str,
        *,
        can_ask: bool = False,
        files: tuple[Attachment, ...] = (),
        actor: Actor = ME,
        origin: str = "",
    ) -> str:
        """Type a line and read everything that comes back."""
        start = self._out.tell()
        self.typed.append(text)
        incoming = Incoming(
            text=text,
            actor=actor,
            place=self.place,
            origin=origin or f"line-{next(_ORIGINS)}",
            files=files,
            can_ask=can_ask,
            direct=True,
        )
        await self.bot.reception.receive(incoming)
        await self.work()
        return self._out.getvalue()[start:]

    async def work(self) -> None:
        """Have every worker do what is due until nothing is."""
        await worked(self.bot)

    async def pass_time(self, span: timedelta, *, step: timedelta | None = None) -> str:
        """Let time pass, in steps, working after each; returns what was said meanwhile."""
        start = self._out.tell()
        step = step or stride(span)
        left = span
        while left > timedelta(0):
            self.clock.move(min(step, left))
            left -= step
            await self.work()
        return self._out.getvalue()[start:]

    def written(self) -> int:
        """How much was said so far; for `read`."""
        return self._out.tell()

    def read(self, start: int) -> str:
        """What was said since."""
        return self._out.getvalue()[start:]

    async def request(self, number: int) -> Request:
        return await self.bot.services.database.read(lambda db: requests.get(db, number))

    def calls(self, vendor: str, action: str) -> int:
        """How often a vendor was called for one operation."""
        return sum(1 for call in self.sandbox.calls if call.vendor == vendor and call.action == action)


@contextlib.asynccontextmanager
async def stage(
    folder: Path,
    *,
    language: str = "en",
    sandbox: Sandbox | None = None,
    clock: StageClock | None = None,
    change: Callable[[str], str] = lambda text: text,
    auto_review: bool = True,
    limits: bool = False,
    seed: Seed | None = None,
    quota: int = SELDOM,
    delivery: int = 0,
    width: int = 120,
    greets: bool = False,
) -> AsyncIterator[Stage]:
    """Set the stage.

    Args:
        folder: where the record is.
        sandbox: one that is running already (a restart of the bot); its clock must be `clock`.
        change: changes the configuration's text.
        seed: what exists in the sandbox; a usual one when left out.
        quota: seconds between two rounds of quota.
        delivery: seconds between two rounds of what was sent; 0 for none.
        width: columns of the terminal.
        greets: say the demo's banner first.
    """
    clock = clock or StageClock()
    out = io.StringIO()
    async with contextlib.AsyncExitStack() as stack:
        if sandbox is None:
            sandbox = await stack.enter_async_context(
                Sandbox(now=clock.now, auto_review=auto_review, limits=limits, seed=seed)
            )
        text = change(rounds(sandbox_config(sandbox, language=language, demo=True), quota=quota, delivery=delivery))
        settings = parse(text, accounts=ACCOUNTS, environ={}, base=folder)
        terminals: list[Terminal] = []

        async def nothing() -> None:
            return None

        def chats(_bot: Callable[[], Bot]) -> Sequence[Chat]:
            terminals.append(
                Terminal(
                    conversation=CONVERSATION,
                    actor=ME,
                    language=lambda: settings.bot.language,
                    settle=nothing,
                    new_origin=lambda: f"line-{next(_ORIGINS)}",
                    stdin=None,
                    stdout=out,
                    width=width,
                    banner=banner(settings) if greets else None,
                )
            )
            return terminals

        stages: list[Stage] = []

        def came() -> Sequence[str]:
            return stages[0].typed if stages else ()

        bot = await stack.enter_async_context(
            on_stage(settings, folder, sandbox, clock, chats, came=came, said=lambda: (out.getvalue(),))
        )
        stages.append(Stage(bot, sandbox, clock, terminals[0], out))
        yield stages[0]
