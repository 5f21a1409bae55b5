"""Open hours of the vendors' reviewers, in China time.

Sources: the vendors' published hours are in each vendor's `Capabilities`; the days off and the make-up workdays are
those of the State Council's yearly notice, as the package `chinese_calendar` carries them. The notice for a year comes
out in the November before it, so near the end of a year the table can lack the next one: then Monday to Friday is
assumed, `lacks` is true, and the operator can add the days (`[calendar]`).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Hours:
    """When a vendor's reviewers work, in China time.

    Args:
        monday_to_friday: opening and closing hour.
        saturday_sunday: the same, none when closed.
        holidays: open on mainland public holidays too.
        source: where it was read.
    """

    monday_to_friday: tuple[int, int] = (9, 18)
    saturday_sunday: tuple[int, int] | None = None
    holidays: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Holidays:
    """The mainland's public holidays and make-up workdays.

    Args:
        days: `True` for a day off, `False` for a weekend day that is worked; ordinary days are absent.
        known_years: the years the table covers; in others Monday to Friday is assumed.
    """

    days: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))
    known_years: frozenset[int] = frozenset()


CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone and no summer time since 1992."""

ALWAYS = Hours(monday_to_friday=(0, 24), saturday_sunday=(0, 24), holidays=True, source="review_hours")

_SEARCH_DAYS = 400
"""How far ahead an opening is looked for: longer than any year can be off."""

_PART = re.compile(
    r"(?:(?P<holidays>holidays)|(?:(?P<days>mon-fri|sat-sun)\s+)?"
    r"(?P<opens>\d{1,2})(?::00)?\s*-\s*(?P<closes>\d{1,2})(?::00)?)(?:\s*;\s*|\s+|$)",
    re.ASCII,
)

_WRITE = 'write "always" or "mon-fri 09-18; sat-sun 09-18; holidays"'


def lacks(holidays: Holidays, at: datetime) -> bool:
    """Whether the calendar knows nothing of the year of this moment in China, so that Monday to Friday is assumed."""
    return _china(at).year not in holidays.known_years


def parse_hours(text: str) -> Hours:
    """An operator's own word on when a vendor reviews.

    Args:
        text: `always`, or `mon-fri 09-18; sat-sun 09-18; holidays`, the last two parts only where they are open. The
            names of the days and the semicolons can be left out: `9-18 9-18 holidays`.

    Raises:
        ValueError: it is neither; the text says why.
    """
    if text.strip().casefold() == "always":
        return ALWAYS
    spans: dict[str, tuple[int, int]] = {}
    holidays = False
    rest = text.casefold().strip()
    while rest:
        found = _PART.match(rest)
        if found is None:
            raise ValueError(f'"{rest}" is not understood; {_WRITE}')
        part, rest = found[0].strip("; "), rest[found.end() :]
        days = found["days"] or ("sat-sun" if "mon-fri" in spans else "mon-fri")
        if holidays if found["holidays"] else days in spans:
            raise ValueError(f'"{part}" is said twice; {_WRITE}')
        if found["holidays"]:
            holidays = True
            continue
        opening, closing = int(found["opens"]), int(found["closes"])
        if not opening < closing <= 24:
            raise ValueError(f'"{part}" must open before it closes, within 0 to 24; {_WRITE}')
        spans[days] = (opening, closing)
    if "mon-fri" not in spans:
        raise ValueError(f"Monday to Friday are missing; {_WRITE}")
    return Hours(spans["mon-fri"], spans.get("sat-sun"), holidays=holidays, source="review_hours")


def is_open(hours: Hours, at: datetime, holidays: Holidays) -> bool:
    """Whether the reviewers work at this moment; the closing hour itself is closed."""
    local = _china(at)
    window = _window(hours, local.date(), holidays)
    return window is not None and window[0] <= local < window[1]


def next_open(hours: Hours, at: datetime, holidays: Holidays) -> datetime:
    """This moment when they work, otherwise the next opening.

    Raises:
        ValueError: they do not work on any day of the coming year.
    """
    opens, _ = next(_windows(hours, at, holidays))
    return opens


def closes(hours: Hours, at: datetime, holidays: Holidays) -> datetime:
    """The end of the day's work that is under way at this moment, or of the next one when they are closed."""
    _, end = next(_windows(hours, at, holidays))
    return end


def add_open(hours: Hours, start: datetime, amount: timedelta, holidays: Holidays) -> datetime:
    """The earliest moment by which this much of their working time has passed since `start`.

    Raises:
        ValueError: the amount is negative.
    """
    if amount < timedelta(0):
        raise ValueError("working time cannot be taken away")
    if not amount:
        return start
    left = amount
    for opens, end in _windows(hours, start, holidays):
        if left <= end - opens:
            return opens + left
        left -= end - opens
    raise AssertionError  # the windows never end: a year without one has raised


def latest_start(hours: Hours, end: datetime, amount: timedelta, holidays: Holidays) -> datetime:
    """The latest moment from which this much of their working time has passed by `end`: `add_open` the other way round.

    Raises:
        ValueError: the amount is nothing or negative, or they do not work on any day of the year before.
    """
    if amount <= timedelta(0):
        raise ValueError("some working time must have passed")
    day, left, empty = _china(end).date(), amount, 0
    while empty < _SEARCH_DAYS:
        window = _window(hours, day, holidays)
        day -= timedelta(days=1)
        empty += 1
        if window is None or window[0] >= end:
            continue
        empty = 0
        shut = min(window[1], end)
        if left <= shut - window[0]:
            return (shut - left).astimezone(UTC)
        left -= shut - window[0]
    raise ValueError(f"never open within {_SEARCH_DAYS} days: {hours}")


def open_between(hours: Hours, a: datetime, b: datetime, holidays: Holidays) -> timedelta:
    """How much of their working time lies between two moments; none when `b` is not after `a`."""
    total = timedelta(0)
    if b <= a:
        return total
    day, last = _china(a).date(), _china(b).date()
    while day <= last:
        window = _window(hours, day, holidays)
        if window is not None:
            total += max(min(window[1], b) - max(window[0], a), timedelta(0))
        day += timedelta(days=1)
    return total


def _windows(hours: Hours, at: datetime, holidays: Holidays) -> Iterator[tuple[datetime, datetime]]:
    """The working times from this moment on, in UTC; the first may be under way."""
    day = _china(at).date()
    empty = 0
    while empty < _SEARCH_DAYS:
        window = _window(hours, day, holidays)
        day += timedelta(days=1)
        empty += 1
        if window is not None and window[1] > at:
            empty = 0
            yield max(window[0], at).astimezone(UTC), window[1].astimezone(UTC)
    raise ValueError(f"never open within {_SEARCH_DAYS} days: {hours}")


def _window(hours: Hours, day: date, holidays: Holidays) -> tuple[datetime, datetime] | None:
    """When they open and close on a day, if they do. A make-up workday is worked like a Monday."""
    special = holidays.days.get(day)
    if special is True and not hours.holidays:
        return None
    weekend = day.weekday() >= 5 and special is not False
    span = hours.saturday_sunday if weekend else hours.monday_to_friday
    if span is None or span[0] >= span[1]:
        return None
    midnight = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    return midnight + timedelta(hours=span[0]), midnight + timedelta(hours=span[1])


def _china(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(CHINA)
