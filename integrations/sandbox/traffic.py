"""Steady sending: how many messages went out in an hour or on a day, and what became of them. The same at every asking."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from integrations.sandbox.world_time import CHINA

HOURLY_SHARE = (1, 1, 1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 5, 6, 6, 6, 6, 6, 6, 6, 6, 5, 3, 1)
"""Parts of a hundred sent in each hour of the day in China."""
WEEKEND_SHARE = 60
"""Per cent of a workday's messages on Saturday and Sunday."""
FAILED_PER_THOUSAND = 18
WAITING_PER_THOUSAND = 2
"""What the carriers never say a word about."""
HISTORY = timedelta(days=365)
"""How far back a new sandbox has sent messages."""
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Sent:
    """What went out, and what became of it.

    Attributes:
        count: All of it.
        failed: Receipts that say so.
        waiting: Without a receipt.
        refused: Not taken for being too frequent; not in `count`.
        code: Why most of the failures failed; empty for the usual reasons.
    """

    count: int = 0
    failed: int = 0
    waiting: int = 0
    refused: int = 0
    code: str = ""

    @property
    def good(self) -> int:
        """What arrived."""
        return self.count - self.failed - self.waiting

    def __add__(self, other: "Sent") -> "Sent":
        return Sent(
            self.count + other.count,
            self.failed + other.failed,
            self.waiting + other.waiting,
            self.refused + other.refused,
            other.code or self.code,
        )


@dataclass(frozen=True, slots=True)
class Spell:
    """Hours that are not as usual; see `Sandbox.traffic`."""

    start: datetime
    end: datetime
    factor: float
    failing: float
    refused: float
    code: str


@dataclass(slots=True)
class Flow:
    """One account's messages.

    Attributes:
        usual: Messages of the hour that begins at a moment.
        since: Nothing was sent before.
        spells: What is not as usual; later ones win.
        extra: Hour to messages beside the usual ones.
    """

    usual: Callable[[datetime], int]
    since: datetime
    spells: list[Spell] = field(default_factory=list)
    extra: dict[datetime, int] = field(default_factory=dict)

    def add(self, moment: datetime, messages: int) -> None:
        """Send messages beside the usual ones."""
        hour = _hour(moment)
        self.extra[hour] = self.extra.get(hour, 0) + messages

    def in_hour(self, moment: datetime, now: datetime) -> Sent:
        """Return the messages of the hour that holds this moment, as far as it has come by now."""
        hour = _hour(moment)
        if not _hour(self.since) <= hour <= now:
            return Sent()
        come = min((now - hour) / HOUR, 1.0)
        spell = next((one for one in reversed(self.spells) if one.start <= hour < one.end), None)
        usual = int(self.usual(hour) * (spell.factor if spell else 1) * come) + self.extra.get(hour, 0)
        per_thousand = int(spell.failing * 1000) if spell and spell.failing else FAILED_PER_THOUSAND
        return Sent(
            usual,
            usual * per_thousand // 1000,
            usual * WAITING_PER_THOUSAND // 1000,
            int(usual * spell.refused) if spell else 0,
            spell.code if spell else "",
        )

    def between(self, start: datetime, end: datetime, now: datetime) -> Sent:
        """Return the messages of every hour from `start` to `end`, both included, that has come by now."""
        hours = int((_hour(end) - _hour(start)) / HOUR) + 1
        return sum((self.in_hour(start + HOUR * number, now) for number in range(max(hours, 0))), Sent())

    def on_day(self, day: date, now: datetime) -> Sent:
        """Return the messages of a day in China, as far as it has come."""
        start = datetime(day.year, day.month, day.day, tzinfo=CHINA)
        return self.between(start, start + HOUR * 23, now)


def daily(messages: int) -> Callable[[datetime], int]:
    """Return the hours of an account that sends so many messages on a workday."""

    def in_hour(moment: datetime) -> int:
        local = moment.astimezone(CHINA)
        whole = messages * WEEKEND_SHARE // 100 if local.weekday() >= 5 else messages
        before = sum(HOURLY_SHARE[: local.hour])  # so that the hours of a day add up to it
        return whole * (before + HOURLY_SHARE[local.hour]) // 100 - whole * before // 100

    return in_hour


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
