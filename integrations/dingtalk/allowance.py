"""The month's allowance of calls: how many were made, and what follows when they are used up.

Calls of the OpenAPI are metered by the calendar month, those of webhooks apart from them (facts, DingTalk 5.1).
DingTalk does not say what is left, so our own are counted, over restarts.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import structlog

from bot.contracts.due import over
from bot.contracts.memory import Forgetful, Memory
from bot.contracts.model import Words
from integrations.dingtalk import words
from integrations.dingtalk.errors import CONSOLE, SPENT_WORDS, AllowanceSpent

log = structlog.get_logger(__name__)

CHINA = timezone(timedelta(hours=8))

MONTHLY_CALLS = 5_000
"""Of the Standard edition, by its page of May 2026 (facts, DingTalk 5.1)."""

NEARLY_PERCENT = 80
"""When so much is used the log says so; `health` shows the count at any time."""

LOOK_AGAIN = timedelta(hours=1)
"""After a refusal nothing is called for so long: each call would only be refused, and the edition rarely changes."""

TRY_AGAIN = timedelta(minutes=10)
"""What is owed is tried again so often meanwhile, which costs nothing: somebody may have spoken, and with that brought a
webhook."""


def month_of(now: datetime) -> str:
    """The calendar month in China, as `2026-11`."""
    return f"{now.astimezone(CHINA):%Y-%m}"


class Allowance:
    """Counts calls.

    Args:
        calls: about how many the edition allows a month.
        now: the time.
    """

    def __init__(self, calls: int, now: Callable[[], datetime]) -> None:
        self.memory: Memory = Forgetful()
        self._allowed = calls
        self._now = now
        self._month = month_of(now())
        self._calls = 0
        self._webhooks = 0
        self._refused_at: datetime | None = None

    async def load(self) -> None:
        """Read what was counted before a restart."""
        self._month = month_of(self._now())
        self._calls = int(await self.memory.get(f"calls:{self._month}") or 0)
        self._webhooks = int(await self.memory.get(f"webhooks:{self._month}") or 0)

    @property
    def spent(self) -> bool:
        """Whether DingTalk refused a call for this of late."""
        at, now = self._refused_at, self._now()
        return at is not None and not over(at, now, LOOK_AGAIN) and month_of(at) == month_of(now)

    async def call(self) -> None:
        """One call of the OpenAPI is about to be made.

        Raises:
            AllowanceSpent: it would be refused; it is not made.
        """
        if self.spent:
            raise self._error()
        if self.trouble:
            self._refused_at = self._now()  # one asks whether it is over, and the others wait for what it hears
        await self._turn_over()
        self._calls = await self.memory.add(f"calls:{self._month}")
        if self._calls == self._nearly:
            log.warning("most of this month's calls of DingTalk's API are used", calls=self._calls, of=self._allowed)

    async def webhook(self) -> None:
        """One call of a webhook is about to be made."""
        await self._turn_over()
        self._webhooks = await self.memory.add(f"webhooks:{self._month}")

    def taken(self) -> None:
        """A call was not refused for this."""
        self._refused_at = None

    def refused(self) -> AllowanceSpent:
        """DingTalk says that it is used up; returns the error to raise."""
        if self._refused_at is None or month_of(self._refused_at) != month_of(self._now()):
            log.warning("this month's calls of DingTalk's API are used up", calls=self._calls, of=self._allowed)
        self._refused_at = self._now()
        return self._error()

    @property
    def trouble(self) -> str:
        """That they are used up, as DingTalk said this month; empty otherwise."""
        if self._refused_at is not None and month_of(self._refused_at) == month_of(self._now()):
            return (
                f"this month's calls of DingTalk's API are used up ({self._calls:,} counted here): "
                f"see {CONSOLE} → 资源管理; groups are answered for 90 minutes after somebody spoke, the rest waits"
            )
        return ""

    @property
    def facts(self) -> tuple[Words, ...]:
        """What `health` tells."""
        same = self._month == month_of(self._now())
        figures = {
            "calls": f"{self._calls if same else 0:,}",
            "allowed": f"{self._allowed:,}",
            "webhooks": f"{self._webhooks if same else 0:,}",
        }
        return (Words(words.CALLS.en.format(**figures), words.CALLS.zh.format(**figures)),)

    @property
    def _nearly(self) -> int:
        return max(1, -(-self._allowed * NEARLY_PERCENT // 100))

    async def _turn_over(self) -> None:
        if month_of(self._now()) != self._month:
            await self.load()  # nothing, or what was counted before the clock was set to another month and back

    def _error(self) -> AllowanceSpent:
        return AllowanceSpent(SPENT_WORDS.en, TRY_AGAIN.total_seconds(), SPENT_WORDS)
