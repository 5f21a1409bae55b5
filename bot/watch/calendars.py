"""Calendars of on-call tools: fetched or read, kept, and asked for shifts; PagerDuty, Opsgenie, Grafana OnCall, FlashDuty.

The libraries that read them are imported when the first one is read, in a thread: nobody who has no calendar pays for
them. What was read last stays in use while a calendar cannot be had, and that is said.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from pathlib import Path

import structlog

from bot.contracts.clock import Clock
from bot.contracts.model import Words
from bot.contracts.settings import Oncall
from bot.contracts.shift import Shift

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=15)
"""How often a calendar is read anew; the tools themselves say that theirs lag by as much."""

STALE = timedelta(hours=24)
"""After so long without a fresh copy people are told that what they see may be out of date."""

BEFORE, AHEAD = timedelta(days=2), timedelta(days=90)
"""How much of a calendar is read out at once; recurring events have no end."""

READ_SECONDS = 10.0
"""For reading one out: an event each second for years would take as long as it likes."""

MOST_EVENTS = 5_000

Fetch = Callable[[str], Awaitable[bytes]]
"""Gets a calendar's text from its address or file.

Raises:
    CalendarTrouble: it cannot be had.
"""


class CalendarTrouble(Exception):
    """A calendar cannot be had or read.

    Args:
        words: why, and what to do, for people; never its address, which carries its key.
    """

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


NOT_READABLE = Words("it is no iCalendar file", "不是有效的 iCalendar 文件")
TOO_SLOW = Words("it takes too long to read", "读取耗时过长")
TOO_MANY = Words("it has too many events", "事件过多")


@dataclass(frozen=True, slots=True)
class Copy:
    """What was read of a calendar.

    Args:
        shifts: within `BEFORE` and `AHEAD` of when it was read.
        at: when it was had last; none while it never was.
        tried_at: when it was last tried.
        trouble: why that failed; none where it did not.
    """

    shifts: tuple[Shift, ...] = ()
    at: datetime | None = None
    tried_at: datetime | None = None
    trouble: Words | None = None


class Calendars:
    """The calendars of the plans that have one.

    Args:
        oncalls: every configured plan.
        fetch: gets a calendar.
        clock: the domain's time.
        zone: of events that tell none.
    """

    def __init__(self, oncalls: Sequence[Oncall], fetch: Fetch, clock: Clock, zone: tzinfo) -> None:
        self._sources: Mapping[str, str] = {one.name: one.ics for one in oncalls if one.ics}
        self._zones = {one.name: one.timezone or zone for one in oncalls}
        self._fetch = fetch
        self._clock = clock
        self._copies: dict[str, Copy] = {}

    def shifts(self, name: str, since: datetime, until: datetime) -> Sequence[Shift]:
        """What a calendar has in a span of time, as it was read last."""
        copy = self._copies.get(name, Copy())
        return tuple(shift for shift in copy.shifts if shift.end > since and shift.start < until)

    def trouble(self, name: str) -> Words | None:
        """What people should know of a calendar: that it cannot be had, and since when it is out of date."""
        copy = self._copies.get(name)
        if copy is None or copy.trouble is None:
            return None
        if copy.at is None:
            return Words(f"the calendar cannot be read: {copy.trouble.en}", f"日历无法读取：{copy.trouble.zh}")
        age = self._clock.now() - copy.at
        if age < STALE:
            return None
        hours = int(age.total_seconds() // 3600)
        return Words(
            f"the calendar was last read {hours} h ago: {copy.trouble.en}", f"日历上次读取在 {hours} 小时前：{copy.trouble.zh}"
        )

    @property
    def failing(self) -> Mapping[str, Words]:
        """Plan → what is wrong with its calendar now."""
        return {name: copy.trouble for name, copy in self._copies.items() if copy.trouble is not None}

    async def work(self) -> None:
        """Read every calendar whose time has come."""
        now = self._clock.now()
        for name, source in self._sources.items():
            copy = self._copies.get(name, Copy())
            if copy.tried_at is None or not timedelta(0) <= now - copy.tried_at < EVERY:
                self._copies[name] = await self._read(name, source, copy, now)

    async def _read(self, name: str, source: str, before: Copy, now: datetime) -> Copy:
        try:
            text = await self._fetch(source)
            async with asyncio.timeout(READ_SECONDS):
                found = await asyncio.to_thread(read, text, now - BEFORE, now + AHEAD, self._zones[name])
        except CalendarTrouble as trouble:
            words = trouble.words
        except TimeoutError:
            words = TOO_SLOW
        else:
            return Copy(found, now, now)
        if words != before.trouble:
            log.warning("a calendar cannot be read", oncall=name, reason=words.en)
        return Copy(before.shifts, before.at, now, words)


def read(text: bytes, since: datetime, until: datetime, zone: tzinfo) -> tuple[Shift, ...]:
    """The shifts of a calendar in a span of time: recurring ones with their exceptions, whole days as days of the zone.

    Args:
        text: of an iCalendar file.
        since: aware.
        until: aware.
        zone: of times that tell none.

    Raises:
        CalendarTrouble: it is none, or has too much in it.
    """
    import icalendar
    import recurring_ical_events

    try:
        calendar = icalendar.Calendar.from_ical(text)
        found = []
        for count, event in enumerate(recurring_ical_events.of(calendar, skip_bad_series=True).between(since, until)):
            if count >= MOST_EVENTS:
                raise CalendarTrouble(TOO_MANY)
            shift = _shift(event, zone)
            if shift is not None:
                found.append(shift)
    except CalendarTrouble:
        raise
    except Exception:  # whatever a broken file makes these libraries raise
        raise CalendarTrouble(NOT_READABLE) from None
    return tuple(sorted(found, key=lambda shift: (shift.start, shift.end, shift.person)))


def _shift(event: object, zone: tzinfo) -> Shift | None:
    """An event as a shift; none where it is cancelled, has no end, or names nobody."""
    get = event.get  # type: ignore[attr-defined]
    if str(get("STATUS", "")).upper() == "CANCELLED" or get("DTSTART") is None or get("DTEND") is None:
        return None
    start, end = (_moment(get(key).dt, zone) for key in ("DTSTART", "DTEND"))
    person = _person(get("ATTENDEE"), str(get("SUMMARY", "")))
    return Shift(person, start, end) if person and start < end else None


def _moment(value: date, zone: tzinfo) -> datetime:
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(0))
    return (value if value.tzinfo is not None else value.replace(tzinfo=zone)).astimezone(UTC)


def _person(attendee: object, summary: str) -> str:
    """Who is on call: the attendee's name where there is one, otherwise what the event is called.

    `On Call - Li Wei - Primary` (PagerDuty), `Li Wei` (Opsgenie), `[L1] liwei` (Grafana OnCall): what stands around the name
    is taken off.
    """
    one = attendee[0] if isinstance(attendee, list) and attendee else attendee
    params = getattr(one, "params", {})
    if name := str(params.get("CN", "")).strip():
        return name
    text = summary.strip()
    if text.startswith("[") and "]" in text:
        text = text.partition("]")[2].strip()
    parts = [part.strip() for part in text.split(" - ")]
    if len(parts) > 1 and parts[0].casefold().replace("-", " ") in ("on call", "oncall", "值班"):
        return parts[1]
    return text


def is_address(source: str) -> bool:
    """Whether a calendar is fetched, not read from a file."""
    return "://" in source


async def from_file(path: Path, limit: int) -> bytes:
    """The text of a calendar's file.

    Raises:
        CalendarTrouble: it cannot be read, or is too large.
    """

    def content() -> bytes:
        with path.open("rb") as file:
            return file.read(limit + 1)

    try:
        text = await asyncio.to_thread(content)
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise CalendarTrouble(Words(f"the file cannot be read ({why})", f"文件无法读取（{why}）")) from None
    if len(text) > limit:
        raise CalendarTrouble(TOO_LARGE)
    return text


TOO_LARGE = Words("it is larger than 5 MB", "超过 5 MB")
