"""A task that does its step whenever it is woken, and stops cleanly.

The scheduler only ticks: it wakes workers. Anybody else may wake one too, so that work begins at once instead of at
the next tick. A step that fails is logged and tried again at the next wake; it never ends the worker.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.job import Job
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from bot.contracts.due import set_back
from bot.contracts.errors import RecordUnavailable, SignpostError, WriteRefused
from bot.contracts.model import Words

log = structlog.get_logger(__name__)


INTERNAL = Words("an internal error, see the log", "内部错误，详见日志")


class Worker:
    """One owned task.

    Args:
        name: for logs.
        what: what it does, for `health`.
        step: does what is due and returns; must be safe to cancel at any await.
    """

    def __init__(self, name: str, what: Words, step: Callable[[], Awaitable[None]]) -> None:
        self.name = name
        self.what = what
        self.failing: Words | None = (
            None  # what the last step failed with; none when it went well, or the record took no write
        )
        self._logged = ""  # the failure that was logged last; empty when the last step went well
        self._step = step
        self._woken = asyncio.Event()
        self._idle = asyncio.Event()
        self._stepped = asyncio.Event()
        self._stopping = False
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to wait for wakes."""
        self._task = asyncio.create_task(self._run(), name=self.name)

    def wake(self) -> None:
        """Have the step run soon; many wakes before it begins are one."""
        self._idle.clear()
        self._woken.set()

    @property
    def busy(self) -> bool:
        """Whether a step is running or about to."""
        return not self._idle.is_set()

    async def idle(self) -> None:
        """Wait until nothing is running and no wake is waiting."""
        await self._idle.wait()

    async def stepped(self) -> None:
        """Wait until the next step has ended, well or not."""
        await self._stepped.wait()

    async def stop(self, seconds: float) -> None:
        """Let a running step end, and cancel it when it takes longer than this."""
        self._stopping = True
        self._woken.set()
        if self._task is None:
            return
        done, _ = await asyncio.wait({self._task}, timeout=seconds)
        if not done:
            self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task

    async def _run(self) -> None:
        while True:
            if not self._woken.is_set():
                self._idle.set()
            await self._woken.wait()
            self._woken.clear()
            if self._stopping:
                return
            try:
                await self._step()
                self.failing = None
                self._logged = ""
            except WriteRefused:  # the record says so itself, as long as it does
                self.failing = None
            except RecordUnavailable as error:
                self.failing = error.words
            except SignpostError as error:
                self.failing = Words.same(str(error))
                if self._is_news(error):
                    log.warning("step failed", worker=self.name, error=str(error))
            except Exception as error:  # the boundary of the task: tried again at the next wake
                self.failing = INTERNAL
                if self._is_news(error):
                    log.exception("step failed", worker=self.name)
            self._stepped.set()
            self._stepped = asyncio.Event()

    def _is_news(self, error: Exception) -> bool:
        """Whether this is another failure than the last one, which stands in the log already."""
        told, self._logged = self._logged, f"{type(error).__name__}: {error}"
        return told != self._logged


STOP_SECONDS = 10.0
"""What is in flight may end within this; the rest is left to be settled at the next start (spec 13)."""


def schedule(workers: Mapping[str, Worker], every: timedelta) -> Callable[[], None]:
    """Start the timer that wakes every worker; returns what stops it."""
    scheduler = AsyncIOScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )

    async def tick() -> None:
        for worker in workers.values():
            worker.wake()

    job = scheduler.add_job(tick, _Every(every), next_run_time=datetime.now(UTC))
    scheduler.start()
    watching = asyncio.create_task(_unstick(job, every), name="scheduler")

    def end() -> None:
        watching.cancel()
        logging.getLogger("apscheduler.executors.default").addFilter(_is_no_end)
        scheduler.shutdown(wait=False)

    return end


def _is_no_end(record: logging.LogRecord) -> bool:
    """Whether a log record tells of anything else than that a tick was under way when the scheduler was stopped."""
    return record.exc_info is None or not isinstance(record.exc_info[1], asyncio.CancelledError)


class _Every(BaseTrigger):  # type: ignore[misc]  # the library has no types
    """Once and then again after a pause; the library's own counts every missed run when the clock is set forward."""

    def __init__(self, every: timedelta) -> None:
        self._every = every

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """A pause from now."""
        return now + self._every


async def _unstick(job: Job, every: timedelta) -> None:
    """The scheduler waits for a moment of the machine's clock: one that was set back would have it wait for as long."""
    while True:
        await asyncio.sleep(every.total_seconds())  # by the loop's own time, which nobody sets
        now = datetime.now(UTC)
        if set_back(job.next_run_time - every, now):
            job.modify(next_run_time=now)


async def stop(workers: Sequence[Worker]) -> None:
    """Stop them side by side; what takes too long is cancelled, and settled at the next start."""
    await asyncio.gather(*(worker.stop(STOP_SECONDS * 0.6) for worker in workers))
