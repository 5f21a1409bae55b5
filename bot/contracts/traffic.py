"""How many messages went out and what became of them, as a vendor counts them; and what success is, in one place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from bot.contracts.hours import CHINA
from bot.contracts.model import Words

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class Split(StrEnum):
    """What the figures of a span are told apart by."""

    DAY = "day"  # nothing else: the whole account
    SIGN = "sign"
    TEMPLATE = "template"
    CARRIER = "carrier"


@dataclass(frozen=True, slots=True)
class Counts:
    """Messages of some span of time.

    Args:
        delivered: a receipt says that it arrived.
        failed: a receipt says that it did not.
        waiting: handed over and nothing known: no receipt yet, or the carrier never said.
        refused: the vendor did not take it, so it never left.
        parts: what was billed; none where the vendor does not tell.
        codes: reason of a failure → how many, among `failed` or `refused`; the vendor's own word for it.
    """

    delivered: int = 0
    failed: int = 0
    waiting: int = 0
    refused: int = 0
    parts: int | None = None
    codes: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def sent(self) -> int:
        """What left, whatever became of it."""
        return self.delivered + self.failed + self.waiting

    @property
    def billed(self) -> int:
        """What a package lost: parts where they are told, messages elsewhere."""
        return self.sent if self.parts is None else self.parts

    @property
    def known(self) -> int:
        """What a receipt has spoken of."""
        return self.delivered + self.failed

    @property
    def success(self) -> Decimal | None:
        """The one definition of success: delivered of those that are known; what waits is neither. None where none is."""
        return Decimal(self.delivered) / self.known if self.known else None

    def __add__(self, other: "Counts") -> "Counts":
        codes = {key: self.codes.get(key, 0) + other.codes.get(key, 0) for key in (*self.codes, *other.codes)}
        parts = None if self.parts is None and other.parts is None else (self.parts or 0) + (other.parts or 0)
        return Counts(
            self.delivered + other.delivered,
            self.failed + other.failed,
            self.waiting + other.waiting,
            self.refused + other.refused,
            parts,
            codes,
        )

    def since(self, before: "Counts") -> "Counts":
        """What came on top of an earlier count of the same span. A correction downwards brings nothing."""
        delivered, failed = max(self.delivered - before.delivered, 0), max(self.failed - before.failed, 0)
        parts = None if self.parts is None else max(self.parts - (before.parts or 0), 0)
        codes = {key: more for key, count in self.codes.items() if (more := count - before.codes.get(key, 0)) > 0}
        return Counts(
            delivered,
            failed,
            max(self.sent - before.sent - delivered - failed, 0),  # a receipt for what waited is no new message
            max(self.refused - before.refused, 0),
            parts,
            codes,
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """The figures of one span.

    Args:
        start: when it begins, UTC; a day is one of China, where the vendors count.
        span: `HOUR` or `DAY`.
        counts: what went out in it, as known now.
        by: what it is told apart by.
        key: which signature, template or carrier; empty for all.
    """

    start: datetime
    span: timedelta
    counts: Counts
    by: Split = Split.DAY
    key: str = ""


class Counting(Protocol):
    """How much was sent and what became of it. Days are China's; figures of the last days may still change.

    Attributes:
        hourly: whether the vendor tells hours; elsewhere they are what a day rises by between two looks.
        at_once: how many days or hours one round may ask for, so that it stays short.
        lag: how many whole days the figures are late: 1 where today is told tomorrow.
        splits: what days are told apart by, beside `Split.DAY`.
        reasons: what the keys of `Counts.codes` mean.
    """

    hourly: bool
    at_once: int
    lag: int
    splits: frozenset[Split]
    reasons: Mapping[str, Words]

    async def days(self, days: Sequence[date]) -> tuple[Tally, ...]:
        """One tally for each of these days that the vendor knows already; a day without messages is one of zero."""
        ...

    async def hours(self, hours: Sequence[datetime]) -> tuple[Tally, ...]:
        """One tally for each of these full hours; nothing where the vendor tells none."""
        ...

    async def split(self, by: Split, days: Sequence[date]) -> tuple[Tally, ...]:
        """The same days told apart; keys that sent nothing may be left out. Nothing where `by` is not in `splits`."""
        ...


def china_day(moment: datetime) -> date:
    """The day in China, which the vendors count by."""
    return moment.astimezone(CHINA).date()


def day_start(day: date) -> datetime:
    """When a day begins in China, as aware time."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def days_between(first: date, last: date) -> tuple[date, ...]:
    """Every day of a span, both ends included; none where it ends before it begins."""
    return tuple(first + timedelta(days=number) for number in range((last - first).days + 1))


def spans(days: Iterable[date], longest: int) -> tuple[tuple[date, date], ...]:
    """Days as spans that one question may ask for: neighbours together, none longer than so many days."""
    found: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if found and day - found[-1][1] == DAY and (day - found[-1][0]).days < longest:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return tuple(found)


def every_day(asked: Iterable[date], told: Mapping[date, Counts]) -> tuple[Tally, ...]:
    """A tally for each day: vendors leave out days on which nothing was sent."""
    return tuple(Tally(day_start(day), DAY, told.get(day, Counts())) for day in sorted(set(asked)))
