"""The month's allowance of calls: how many were made, and what follows when they are used up.

Calls of the OpenAPI are metered by the calendar month, those of webhooks apart from them (facts, DingTalk 5.1).
DingTalk does not say what is left, so our own are counted, over restarts.
"""

from collections.abc import Callable
from datetime import datetime, timedelta, timezone

import structlog

from bot.contracts.chat import Caution, Post
from bot.contracts.due import over
from bot.contracts.memory import Forgetful, Memory
from bot.contracts.model import Words
from integrations.dingtalk import words
from integrations.dingtalk.errors import CONSOLE, SPENT_WORDS, AllowanceKept, AllowanceSpent

log = structlog.get_logger(__name__)

CHINA = timezone(timedelta(hours=8))

MONTHLY_CALLS = 5_000
"""Of the Standard edition, by its page of May 2026 (facts, DingTalk 5.1)."""

NEARLY_PERCENT = 80
"""When so much is used operators are told, once a month, and the log says so; `health` shows the count at any time."""

KEPT_PERCENT = 5
"""The last of the month, kept for critical alerts and for answers to people."""

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
        if self._refused_this_month:
            self._refused_at = self._now()  # one asks whether it is over, and the others wait for what it hears
        await self._turn_over()
        self._calls = await self.memory.add(f"calls:{self._month}")
        if self._calls == self._nearly:
            log.warning("most of this month's calls of DingTalk's API are used", calls=self._calls, of=self._allowed)

    def waits(self, post: Post) -> bool:
        """Whether a message takes no call now, for what is left is kept for what is more urgent."""
        return self.keeping and not (post.urgent or post.answers)

    def keep(self, post: Post) -> None:
        """A message that nobody asked for is about to take a call.

        Raises:
            AllowanceKept: it has to wait, for what is left is kept for what is more urgent.
        """
        if self.waits(post):
            raise AllowanceKept(words.KEPT.en, TRY_AGAIN.total_seconds(), words.KEPT)

    @property
    def keeping(self) -> bool:
        """Whether what is left of the month is kept for what is urgent."""
        return self._made >= self._kept_from

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What operators should know: that most is used, then that the rest is kept; each once a month."""
        found = []
        month = month_of(self._now())
        if self._made >= self._nearly:
            found.append(Caution(f"nearly:{month}", self._said(words.NEARLY), self._said(words.NEARLY_MEANS)))
        if self.keeping:
            keeping = self._said(words.KEEPING), self._said(words.KEEPING_MEANS)
            found.append(Caution(f"kept:{month}", *keeping, urgent=True))
        return tuple(found)

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
        if self._refused_this_month:
            return (
                f"this month's calls of DingTalk's API are used up ({self._calls:,} counted here): "
                f"see {CONSOLE} → 资源管理; groups are answered for 90 minutes after somebody spoke, the rest waits"
            )
        if self.keeping:
            return (
                f"{words.KEPT.en} ({self._made:,} of about {self._allowed:,} used): see {CONSOLE} → 资源管理; the rest waits, but "
                "in groups in which somebody spoke within 90 minutes"
            )
        return ""

    @property
    def facts(self) -> tuple[Words, ...]:
        """What `health` tells."""
        return (self._said(words.CALLS),)

    def _said(self, template: Words) -> Words:
        """A text with the figures of this month."""
        same = self._month == month_of(self._now())
        figures = {
            "calls": f"{self._made:,}",
            "allowed": f"{self._allowed:,}",
            "webhooks": f"{self._webhooks if same else 0:,}",
            "percent": KEPT_PERCENT,
            "kept": f"{self._kept_from:,}",
            "console": CONSOLE,
        }
        return Words(template.en.format(**figures), template.zh.format(**figures))

    @property
    def _made(self) -> int:
        """Calls of this month."""
        return self._calls if self._month == month_of(self._now()) else 0

    @property
    def _refused_this_month(self) -> bool:
        return self._refused_at is not None and month_of(self._refused_at) == month_of(self._now())

    @property
    def _nearly(self) -> int:
        return max(1, -(-self._allowed * NEARLY_PERCENT // 100))

    @property
    def _kept_from(self) -> int:
        """So many calls are made by then; of a very small allowance nothing is kept before it is nearly used."""
        return max(self._nearly, self._allowed - self._allowed * KEPT_PERCENT // 100)

    async def _turn_over(self) -> None:
        if month_of(self._now()) != self._month:
            await self.load()  # nothing, or what was counted before the clock was set to another month and back

    def _error(self) -> AllowanceSpent:
        return AllowanceSpent(SPENT_WORDS.en, TRY_AGAIN.total_seconds(), SPENT_WORDS)
