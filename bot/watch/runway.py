"""What the record knows of an account, as a forecast needs it: what was used, what is left, right for which moment."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import sqlite_utils

from bot.contracts.alert import Stock
from bot.contracts.hours import Holidays
from bot.contracts.traffic import DAY, HOUR, Counting, china_day, day_start
from bot.contracts.vendor import Measure, Reading
from bot.store import samples, traffic
from bot.watch.backlog import DAYS_BACK, HOURS_BACK
from bot.watch.forecast import FARTHEST, Forecast, Package, Usage

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
    estimated = any(one.estimated for one in readings if one.measure is Measure.PACKAGE)
    as_of = day_start(today - DAY * (counting.lag - 1)) if estimated and counting.lag else None
    return usage, packages(readings, now), as_of


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
