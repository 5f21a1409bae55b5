"""When the daily digest comes: an hour of the day by the clocks on the wall, on days off too or not."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.hours import Holidays
from bot.desk.digest.plan import LATE, Plan, awaited

CHINA = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
NUUK = ZoneInfo("America/Nuuk")
NINE = time(9)
HOLIDAYS = Holidays({date(2026, 10, 1): True, date(2026, 10, 10): False}, frozenset({2026}))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("plan", "now", "day"),
    [
        (Plan(NINE, CHINA), "2026-11-23 00:59:59", None),
        (Plan(NINE, CHINA), "2026-11-23 01:00", date(2026, 11, 23)),
        (Plan(NINE, CHINA), "2026-11-23 06:59:59", date(2026, 11, 23)),  # late, for it was away at the hour
        (Plan(NINE, CHINA), "2026-11-23 07:00", None),
        (Plan(time(22), CHINA), "2026-11-23 15:59", date(2026, 11, 23)),
        (Plan(time(22), CHINA), "2026-11-23 16:00", None),  # it is the next day
        (Plan(time(0), CHINA), "2026-11-22 16:00", date(2026, 11, 23)),
        (Plan(None, CHINA), "2026-11-23 01:00", None),
        (Plan(NINE, CHINA), "2026-11-28 01:00", date(2026, 11, 28)),  # a Saturday
        (Plan(NINE, CHINA, workdays=True), "2026-11-28 01:00", None),
        (Plan(NINE, CHINA, True, HOLIDAYS), "2026-10-01 01:00", None),  # a Thursday off
        (Plan(NINE, CHINA, True, HOLIDAYS), "2026-10-10 01:00", date(2026, 10, 10)),  # a Saturday that is worked
        (Plan(time(2, 30), BERLIN), "2026-03-29 01:29", None),
        (
            Plan(time(2, 30), BERLIN),
            "2026-03-29 01:30",
            date(2026, 3, 29),
        ),  # there is no half past two: half past three
        (Plan(time(2, 30), BERLIN), "2026-10-25 00:30", date(2026, 10, 25)),  # the first of two
        (Plan(time(2, 30), BERLIN), "2026-10-25 06:30", None),
        (Plan(time(23, 30), NUUK), "2026-03-29 00:59", date(2026, 3, 28)),  # the day ends at eleven
    ],
)
def test_whose_hour_has_come(plan: Plan, now: str, day: date | None) -> None:
    found = plan.due(utc(now))
    assert (found[0] if found else None) == day


@pytest.mark.parametrize(
    ("plan", "now", "comes"),
    [
        (Plan(NINE, CHINA), "2026-11-23 00:59", "2026-11-23 01:00"),
        (Plan(NINE, CHINA), "2026-11-23 01:00", "2026-11-24 01:00"),
        (Plan(NINE, CHINA, workdays=True), "2026-11-27 01:00", "2026-11-30 01:00"),
        (Plan(NINE, BERLIN), "2026-03-28 08:00", "2026-03-29 07:00"),
    ],
)
def test_when_the_next_one_comes(plan: Plan, now: str, comes: str) -> None:
    assert plan.next(utc(now)) == utc(comes)


def test_without_an_hour_none_comes() -> None:
    assert Plan(None, CHINA).next(utc("2026-11-23 01:00")) is None


@given(
    st.sampled_from([CHINA, BERLIN, NUUK, ZoneInfo("Pacific/Apia"), ZoneInfo("Asia/Kathmandu")]),
    st.times().map(lambda one: one.replace(second=0, microsecond=0)),
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
)
def test_every_day_has_its_hour_on_that_day_and_no_other(zone: ZoneInfo, hour: time, day: date) -> None:
    plan = Plan(hour, zone)
    at = plan.at(day, hour)
    assert at.astimezone(zone).date() == day
    assert plan.due(at) == (day, at)
    assert plan.next(at - timedelta(seconds=1)) == at
    late = plan.due(at + LATE - timedelta(seconds=1))
    assert late is None or late[0] == day


def test_who_heard_of_it_before_the_hour_waits_for_it() -> None:
    at = utc("2026-11-23 01:00")
    now = at + timedelta(minutes=5)
    assert awaited(at - timedelta(days=1), at, now)
    assert awaited(at, at, now)
    assert not awaited(at + timedelta(minutes=1), at, now)  # it began to hear of it after the hour, or was told
    assert awaited(now + timedelta(days=300), at, now)  # by a clock that was wrong
