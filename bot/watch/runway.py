"""What the record knows of an account, as a forecast needs it: what was used, what is left, right for which moment."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlite_utils

from bot.contracts.alert import Stock
from bot.contracts.hours import Holidays
from bot.contracts.traffic import DAY, HOUR, Counting, china_day, day_start
from bot.contracts.vendor import Measure, Reading
from bot.store import samples, traffic
from bot.watch.backlog import DAYS_BACK, HOURS_BACK
from bot.watch.forecast import FARTHEST, Forecast, Package, Usage, forecast

SHOWN_BACK = timedelta(days=7)
"""Of what was measured, so much stands in a picture."""

Inputs = tuple[Usage, tuple[Package, ...], datetime | None]
"""What was used, what is left in the order in which it is used up, and the moment it is right for where that lies back."""


def inputs(
    db: sqlite_utils.Database, account: str, counting: Counting, readings: Sequence[Reading], now: datetime
) -> Inputs:
    """Read what a forecast is made from.

    A package that the program computes from usage (UCloud) is right for the end of the last day that was told.
    """
    today = china_day(now)
    days = traffic.between(db, account, day_start(today - DAY * (DAYS_BACK + 7)), now)
    hours = traffic.between(db, account, day_start(today) - HOURS_BACK, day_start(today) - HOUR, span=HOUR)
    whole = {
        day: float(one.tally.counts.billed)
        for one in days
        if (day := china_day(one.tally.start)) < today and one.at >= day_start(day) + DAY
    }
    usage = Usage(
        whole,
        {one.tally.start: float(one.tally.counts.billed) for one in hours},
        next((float(one.tally.counts.billed) for one in days if china_day(one.tally.start) == today), None),
    )
    return usage, packages(readings, now), _as_of(readings, counting.lag, now)


@dataclass(frozen=True, slots=True)
class Past:
    """What an account used, from which is told what a forecast would have known at a moment.

    Args:
        days: whole days → messages billed.
        hours: the beginnings of hours → the same.
        lag: see `bot.contracts.traffic.Counting`.
        kind: which day of the week a day is like.
    """

    days: Mapping[date, float]
    hours: Mapping[datetime, float]
    lag: int
    kind: Callable[[date], int]

    def days_left(self, now: datetime, readings: Sequence[Reading], enough: Decimal) -> Decimal | None:
        """In how many days what was read then would have run out; none where nobody could tell.

        Args:
            now: when it was read.
            readings: what was read.
            enough: more days than this need not be told apart: where even twice the busiest day leaves so much, no
                forecast is made.
        """
        left = packages(readings, now)
        usage = self._usage(now)
        if not left or not usage.days:
            return None
        horizon = now + DAY * float(enough)
        stays = sum(one.left for one in left if one.expires_at is None or one.expires_at > horizon)
        if stays > 2 * max(usage.days.values()) * float(enough):
            return enough
        as_of = _as_of(readings, self.lag, now)
        return days_left(forecast(usage, left, now, as_of=as_of, kind=self.kind), now)

    def _usage(self, now: datetime) -> Usage:
        today = china_day(now)
        days = {day: count for day, count in self.days.items() if today - DAY * (DAYS_BACK + 7) <= day < today}
        hours = {at: count for at, count in self.hours.items() if day_start(today) - HOURS_BACK <= at <= now - HOUR}
        begun = day_start(today)
        so_far = sum(count for at, count in hours.items() if at >= begun) if self.hours else None
        return Usage(days, {at: count for at, count in hours.items() if at < begun}, so_far)


def _as_of(readings: Sequence[Reading], lag: int, now: datetime) -> datetime | None:
    """The moment that readings are right for which the program computes from usage; none where a vendor told them."""
    estimated = any(one.estimated for one in readings if one.measure is Measure.PACKAGE)
    return day_start(china_day(now) - DAY * (lag - 1)) if estimated and lag else None


def packages(readings: Sequence[Reading], now: datetime) -> tuple[Package, ...]:
    """What can be used, in the order in which it is used up.

    No vendor publishes that order; the one that expires first going first is what all three consoles show (unconfirmed,
    and decided here only).
    """
    usable = [
        one
        for one in readings
        if one.measure is Measure.PACKAGE and one.remaining > 0 and (one.expires_at is None or one.expires_at > now)
    ]
    ordered = sorted(usable, key=lambda one: (one.expires_at is None, one.expires_at or now, one.subject))
    return tuple(Package(float(one.remaining), one.expires_at) for one in ordered)


def measured(db: sqlite_utils.Database, account: str, now: datetime) -> list[tuple[datetime, float]]:
    """What was left in all packages of late, oldest first."""
    left: dict[datetime, float] = {}
    for sample in samples.since(db, account, now - SHOWN_BACK):
        if sample.reading.measure is Measure.PACKAGE:
            left[sample.at] = left.get(sample.at, 0.0) + float(sample.reading.remaining)
    return sorted(left.items())


def days_left(found: Forecast | None, now: datetime) -> Decimal | None:
    """The figure that rules are about; none where nothing can be said. What lasts beyond what is told lasts so long."""
    if found is None:
        return None
    span = FARTHEST if found.at is None else max(found.at - now, DAY * 0)
    return Decimal(round(span.total_seconds())) / 86_400


def told_with(stock: Stock, found: Forecast) -> Stock:
    """What is behind a figure, with what the forecast says of it."""
    pace = Decimal(round(found.per_day, 1))
    return replace(stock, runs_out=found.at, early=found.early, late=found.late, per_day=pace)


def like_a_weekday(holidays: Holidays) -> Callable[[date], int]:
    """Which day of the week a day is like, for `bot.watch.forecast`."""

    def kind(day: date) -> int:
        off = holidays.days.get(day)
        if off is None:
            return day.weekday()
        return 6 if off else 2

    return kind
