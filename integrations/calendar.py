"""Calendars of on-call tools, as PagerDuty, Opsgenie, Grafana OnCall and FlashDuty export them.

They are fetched, bounded in time and size, and read. An address carries its key, so it is never said.

The libraries that read them are imported when the first one is read, in a thread: nobody who has no calendar pays for
them.
"""

import asyncio
from contextlib import aclosing
from datetime import UTC, date, datetime, time, tzinfo
from itertools import islice
from pathlib import Path

import httpx

from bot.contracts.calendar import CalendarTrouble
from bot.contracts.model import Words
from bot.contracts.shift import Shift
from integrations.http import client, pieces

LARGEST = 5_000_000
"""Bytes of a calendar; a year of shifts has some tens of thousands."""

READ_SECONDS = 10.0
"""For reading one out: an event each second for years would take as long as it likes."""

MOST_EVENTS = 5_000

FETCH_SECONDS = 20.0
"""For all of it; calendar servers put theirs together when asked, which takes some a few seconds."""

TOO_LARGE = Words("it is larger than 5 MB", "超过 5 MB")

UNREACHED = Words("its address cannot be reached", "无法访问日历地址")

MOVED = Words(
    "its address sends on to another one; write that one into `ics`", "日历地址已跳转，请在 `ics` 中改用新地址"
)


NOT_READABLE = Words("it is no iCalendar file", "不是有效的 iCalendar 文件")

TOO_SLOW = Words("it takes too long to read", "读取耗时过长")

TOO_MANY = Words("it has too many events", "事件过多")


async def load(source: str, since: datetime, until: datetime, zone: tzinfo) -> tuple[Shift, ...]:
    """The shifts of a calendar, see `bot.contracts.calendar.Load`.

    Args:
        source: an address, or the path of a file.
        since: aware.
        until: aware.
        zone: of times that tell none.

    Raises:
        CalendarTrouble: it cannot be had, or is none.
    """
    text = await fetch(source)
    try:
        async with asyncio.timeout(READ_SECONDS):
            return await asyncio.to_thread(read, text, since, until, zone)
    except TimeoutError:
        raise CalendarTrouble(TOO_SLOW) from None


async def fetch(source: str) -> bytes:
    """The text of a calendar.

    Args:
        source: an address, or the path of a file.

    Raises:
        CalendarTrouble: it cannot be had.
    """
    if "://" not in source:
        return await asyncio.to_thread(_from_file, Path(source))
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            return await _fetched(source)
    except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, OSError):
        raise CalendarTrouble(UNREACHED) from None


async def _fetched(address: str) -> bytes:
    headers = {"accept": "text/calendar"}
    async with client() as http, http.stream("GET", address, headers=headers) as response:
        if response.is_redirect:
            raise CalendarTrouble(MOVED)
        if response.status_code != httpx.codes.OK:
            code = response.status_code
            raise CalendarTrouble(
                Words(
                    f"its address answers HTTP {code}; copy the address anew from the on-call tool",
                    f"日历地址返回 HTTP {code}；请从值班工具重新复制地址",
                )
            )
        text = bytearray()
        async with aclosing(pieces(response)) as body:
            async for piece in body:
                text += piece
                if len(text) > LARGEST:
                    raise CalendarTrouble(TOO_LARGE)
    return bytes(text)


def _from_file(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or type(error).__name__
        raise CalendarTrouble(Words(f"its file cannot be read ({why})", f"日历文件无法读取（{why}）")) from None
    if len(text) > LARGEST:
        raise CalendarTrouble(TOO_LARGE)
    return text


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
        events = list(
            islice(recurring_ical_events.of(calendar, skip_bad_series=True).between(since, until), MOST_EVENTS + 1)
        )
        shifts = [_shift(event, zone) for event in events]
    except Exception:  # noqa: BLE001 - whatever a broken file makes these libraries raise
        raise CalendarTrouble(NOT_READABLE) from None
    if len(events) > MOST_EVENTS:
        raise CalendarTrouble(TOO_MANY)
    found = [shift for shift in shifts if shift is not None]
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
