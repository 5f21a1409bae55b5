"""Which days and hours a vendor is to be asked about now: what is missing, and what may still change.

Pure. Receipts come late and vendors correct themselves, so a day is asked about again for a while; a gap, whether the
program stood still or the vendor did not answer, is filled by the same rule. The newest come first.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from bot.contracts.due import set_back
from bot.contracts.traffic import DAY, HOUR, china_day, day_start

DAYS_BACK = 35
"""How far back a new account is asked about: five of each weekday."""

HOURS_BACK = timedelta(days=14)
"""The same for hours: two of each hour of the week."""

LATE = timedelta(days=7)
"""For so long after its end a day is asked about again, once a day: UCloud keeps what is unknown open for days, and
Alibaba takes receipts up to three days late."""

LATE_HOURS = timedelta(hours=3)
"""For so long after its end an hour is asked about again; nearly all receipts are there by then."""

FRESH = 2
"""The newest days that are asked about every time."""


def days_due(now: datetime, kept: Mapping[date, datetime], *, lag: int, at_once: int) -> tuple[date, ...]:
    """The days to ask about, oldest first.

    Args:
        now: aware.
        kept: day → when the vendor last spoke of it.
        lag: `Counting.lag`.
        at_once: at most so many.
    """
    newest = china_day(now) - DAY * lag
    wanted = [
        day
        for number in range(DAYS_BACK)
        if _day_due(day := newest - DAY * number, now, kept.get(day), fresh=number < FRESH)
    ]
    return tuple(sorted(wanted[:at_once]))


def _day_due(day: date, now: datetime, at: datetime | None, *, fresh: bool) -> bool:
    if at is None or fresh or set_back(at, now):
        return True
    settled = day_start(day) + DAY + LATE
    return at < settled and china_day(at) != china_day(now)


def hours_due(now: datetime, kept: Mapping[datetime, datetime], *, at_once: int) -> tuple[datetime, ...]:
    """The hours to ask about, oldest first; the one that runs is among them. Arguments as for `days_due`."""
    newest = hour_of(now)
    wanted = []
    for number in range(int(HOURS_BACK / HOUR)):
        hour = newest - HOUR * number
        at = kept.get(hour)
        if at is None or set_back(at, now) or at < hour + HOUR + LATE_HOURS:
            wanted.append(hour)
    return tuple(sorted(wanted[:at_once]))


def hour_of(moment: datetime) -> datetime:
    """When the hour began that holds a moment."""
    return moment.replace(minute=0, second=0, microsecond=0)
