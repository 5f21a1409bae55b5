"""Calendars of on-call tools, as each exports them, and everything that can be wrong with one."""

from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from aiohttp import web

from bot.contracts.calendar import CalendarTrouble
from bot.contracts.settings import Oncall
from bot.contracts.shift import Shift
from bot.watch.calendars import EVERY, STALE, Calendars
from integrations import calendar
from integrations.calendar import LARGEST, load, read
from tests.stage import MONDAY, StageClock

CHINA = ZoneInfo("Asia/Shanghai")
SINCE, UNTIL = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 30, tzinfo=UTC)


def ics(*events: str, more: str = "") -> bytes:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", more]
    for event in events:
        lines += [
            "BEGIN:VEVENT",
            "UID:" + str(hash(event)),
            "DTSTAMP:20260101T000000Z",
            *event.strip().splitlines(),
            "END:VEVENT",
        ]
    return "\r\n".join([*(line for line in lines if line), "END:VCALENDAR", ""]).encode()


def shifts(text: bytes) -> list[tuple[str, str, str]]:
    return [
        (one.person, f"{one.start:%m-%d %H:%M}", f"{one.end:%m-%d %H:%M}") for one in read(text, SINCE, UNTIL, CHINA)
    ]


PAGERDUTY = "DTSTART:20260302T010000Z\nDTEND:20260309T010000Z\nSUMMARY:On Call - Li Wei - Primary\nATTENDEE:mailto:liwei@example.com"
OPSGENIE = "DTSTART:20260302T010000Z\nDTEND:20260309T010000Z\nSUMMARY:李伟"
GRAFANA = "DTSTART:20260302T010000Z\nDTEND:20260309T010000Z\nSUMMARY:[L1] Li Wei"
FLASHDUTY = (
    'DTSTART:20260302T010000Z\nDTEND:20260309T010000Z\nSUMMARY:值班\nATTENDEE;CN="李伟":mailto:liwei@example.com'
)


@pytest.mark.parametrize(
    ("event", "person"), [(PAGERDUTY, "Li Wei"), (OPSGENIE, "李伟"), (GRAFANA, "Li Wei"), (FLASHDUTY, "李伟")]
)
def test_who_is_on_call_whichever_tool_says_it(event: str, person: str) -> None:
    assert shifts(ics(event)) == [(person, "03-02 01:00", "03-09 01:00")]


def test_recurring_shifts_with_their_exceptions() -> None:
    daily = "DTSTART;TZID=Asia/Shanghai:20260420T090000\nDTEND;TZID=Asia/Shanghai:20260420T180000\nRRULE:FREQ=DAILY;COUNT=4\n"
    daily += "EXDATE;TZID=Asia/Shanghai:20260421T090000\nSUMMARY:Li Wei"
    assert shifts(ics(daily)) == [
        ("Li Wei", "04-20 01:00", "04-20 10:00"),
        ("Li Wei", "04-22 01:00", "04-22 10:00"),
        ("Li Wei", "04-23 01:00", "04-23 10:00"),
    ]


def test_one_of_them_is_somebody_elses() -> None:
    text = ics().replace(
        b"END:VCALENDAR",
        b"BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260302T010000Z\r\nDTEND:20260302T090000Z\r\n"
        b"RRULE:FREQ=DAILY;COUNT=2\r\nSUMMARY:Ann\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n"
        b"RECURRENCE-ID:20260303T010000Z\r\nDTSTART:20260303T020000Z\r\nDTEND:20260303T090000Z\r\nSUMMARY:Bob\r\n"
        b"END:VEVENT\r\nEND:VCALENDAR",
    )
    assert shifts(text) == [("Ann", "03-02 01:00", "03-02 09:00"), ("Bob", "03-03 02:00", "03-03 09:00")]


def test_summer_time_in_a_recurring_shift() -> None:
    weekly = "DTSTART;TZID=Europe/Berlin:20260323T090000\nDTEND;TZID=Europe/Berlin:20260323T180000\nRRULE:FREQ=WEEKLY;COUNT=2\nSUMMARY:Ann"
    assert [one[1] for one in shifts(ics(weekly))] == ["03-23 08:00", "03-30 07:00"]


def test_whole_days_are_days_of_the_zone_and_what_is_cancelled_is_none() -> None:
    day = "DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260303\nSUMMARY:Ann"
    assert shifts(ics(day, f"{OPSGENIE}\nSTATUS:CANCELLED")) == [("Ann", "03-01 16:00", "03-02 16:00")]


@pytest.mark.parametrize(
    "text", [b"", b"<html>sign in</html>", b"\xff\xfe\x00", b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"]
)
def test_what_is_no_calendar_is_said_to_be_none(text: bytes) -> None:
    with pytest.raises(CalendarTrouble, match="no iCalendar file"):
        read(text, SINCE, UNTIL, CHINA)


def test_an_event_each_second_ends() -> None:
    endless = "DTSTART:20260302T010000Z\nDTEND:20260302T010001Z\nRRULE:FREQ=SECONDLY\nSUMMARY:Ann"
    with pytest.raises(CalendarTrouble, match="too many"):
        read(ics(endless), datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 2, 4, tzinfo=UTC), CHINA)


# --- Fetched -----------------------------------------------------------------------------------------------------------


@pytest.fixture
async def served() -> AsyncIterator[Callable[[web.StreamResponse | bytes], str]]:
    answers: dict[str, web.StreamResponse | bytes] = {}

    async def answer(request: web.Request) -> web.StreamResponse:
        found = answers[request.path]
        return web.Response(body=found) if isinstance(found, bytes) else found

    app = web.Application()
    app.router.add_get("/{name}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]

    def serve(what: web.StreamResponse | bytes) -> str:
        path = f"/{len(answers)}"
        answers[path] = what
        return f"http://{host}:{port}{path}?token=SECRET"

    yield serve
    await runner.cleanup()


async def test_from_an_address(served: Callable[[web.StreamResponse | bytes], str]) -> None:
    found = await load(served(ics(OPSGENIE)), SINCE, UNTIL, CHINA)
    assert found == (Shift("李伟", datetime(2026, 3, 2, 1, tzinfo=UTC), datetime(2026, 3, 9, 1, tzinfo=UTC)),)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (web.Response(status=404), "answers HTTP 404"),
        (web.Response(status=302, headers={"location": "https://elsewhere.example/x"}), "sends on to another one"),
        (b"x" * (LARGEST + 1), "larger than 5 MB"),
        (b"<html>", "no iCalendar file"),
    ],
    ids=["gone", "moved", "large", "no calendar"],
)
async def test_what_can_be_wrong_with_an_address(
    served: Callable[[web.StreamResponse | bytes], str], answer: web.StreamResponse | bytes, said: str
) -> None:
    with pytest.raises(CalendarTrouble) as caught:
        await load(served(answer), SINCE, UNTIL, CHINA)
    assert said in caught.value.words.en
    assert "SECRET" not in f"{caught.value} {caught.value.words}"


async def test_nobody_there_and_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CalendarTrouble, match="cannot be reached"):
        await load("http://127.0.0.1:9/x.ics", SINCE, UNTIL, CHINA)
    with pytest.raises(CalendarTrouble, match="file cannot be read"):
        await load(str(tmp_path / "none.ics"), SINCE, UNTIL, CHINA)
    (tmp_path / "here.ics").write_bytes(ics(GRAFANA))
    assert len(await load(str(tmp_path / "here.ics"), SINCE, UNTIL, CHINA)) == 1


# --- Kept --------------------------------------------------------------------------------------------------------------


async def test_the_last_copy_is_used_while_there_is_no_new_one_and_that_is_said(tmp_path: Path) -> None:
    clock = StageClock()
    file = tmp_path / "nights.ics"
    plan = Oncall.model_validate({"name": "nights", "ics": str(file)})
    calendars = Calendars([plan], calendar.load, clock, CHINA)

    def on_call() -> list[str]:
        return [one.person for one in calendars.shifts("nights", clock.now(), clock.now() + timedelta(hours=1))]

    await calendars.work()
    assert on_call() == []
    trouble = calendars.trouble("nights")
    assert trouble is not None
    assert trouble.en.startswith("the calendar cannot be read: its file cannot be read")

    begin = MONDAY - timedelta(hours=1)
    file.write_bytes(ics(f"DTSTART:{begin:%Y%m%dT%H%M%SZ}\nDTEND:20270101T000000Z\nSUMMARY:李伟"))
    await calendars.work()
    assert on_call() == []  # not before its time
    clock.move(EVERY)
    await calendars.work()
    assert on_call() == ["李伟"]
    assert calendars.trouble("nights") is None

    file.write_bytes(b"<html>")
    clock.move(EVERY)
    await calendars.work()
    assert on_call() == ["李伟"]
    assert calendars.trouble("nights") is None  # a moment ago it was right
    assert list(calendars.failing) == ["nights"]
    clock.move(STALE)
    await calendars.work()
    stale = calendars.trouble("nights")
    assert stale is not None
    assert stale.en == "the calendar was last read 24 h ago: it is no iCalendar file"
    assert on_call() == ["李伟"]
