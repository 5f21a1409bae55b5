"""Who is on call when: turns on the clock on the wall, what people took over, calendars that overlap."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.shift import Override, Shift
from bot.watch.oncall import SHORTEST_ON_THE_WALL, Rotation, at, exchanged, following, schedule, turns

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
BERLIN, CHINA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Shanghai")
ZONES = [
    ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC")
]


def weekly(zone: ZoneInfo, start: datetime, *people: str, every: timedelta = 7 * DAY) -> Rotation:
    return Rotation(people or ("Li Wei", "李伟"), start, every, zone)


def test_people_in_turn() -> None:
    start = datetime(2026, 1, 5, 9, tzinfo=CHINA)
    found = turns(weekly(CHINA, start), start, start + 21 * DAY)
    assert [shift.person for shift in found] == ["Li Wei", "李伟", "Li Wei"]
    assert at(found, start + 7 * DAY) == found[1]  # the end of one is the beginning of the next
    assert turns(weekly(CHINA, start), start - 9 * DAY, start) == ()
    assert following(found, start) == found[1]
    alone = turns(weekly(CHINA, start, "Li Wei"), start, start + 21 * DAY)
    assert following(alone, start) is None


@pytest.mark.parametrize(
    ("begin", "lengths"),
    [
        (datetime(2026, 3, 23, 9, tzinfo=BERLIN), [167, 168]),  # clocks go forward on 29 March
        (datetime(2026, 10, 19, 9, tzinfo=BERLIN), [169, 168]),  # and back on 25 October
    ],
)
def test_the_hand_over_keeps_its_hour_when_summer_time_begins_and_ends(begin: datetime, lengths: list[int]) -> None:
    found = turns(weekly(BERLIN, begin), begin, begin + 12 * DAY)
    assert [(shift.end - shift.start) / HOUR for shift in found] == lengths
    assert {shift.start.astimezone(BERLIN).hour for shift in found} == {9}


def test_an_hour_that_there_is_not_moves_by_one() -> None:
    start = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    second = turns(weekly(BERLIN, start, every=DAY), start, start + 3 * DAY)[1]
    assert second.start == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)  # 03:30 there


@given(
    st.sampled_from(ZONES),
    st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)),  # noqa: DTZ001 - the zone is drawn beside it
    st.sampled_from([HOUR, 2 * HOUR, SHORTEST_ON_THE_WALL, 12 * HOUR, DAY, 7 * DAY, 14 * DAY]),
    st.integers(1, 4),
    st.integers(0, 500),
)
def test_somebody_is_on_call_at_every_moment_and_nobody_twice(
    zone: ZoneInfo, start: datetime, every: timedelta, count: int, later: int
) -> None:
    begin = start.replace(tzinfo=zone).astimezone(UTC)
    people = tuple(f"p{number}" for number in range(count))
    since = begin + later * HOUR
    found = turns(Rotation(people, begin, every, zone), since, since + 3 * every)
    assert found[0].start <= since
    assert found[-1].end >= since + 3 * every
    for before, after in pairwise(found):
        assert before.end == after.start
        assert people.index(after.person) == (people.index(before.person) + 1) % count
    for shift in found:
        assert abs((shift.end - shift.start) - every) <= HOUR
        # Whoever asks at another moment is told the same.
        assert shift in turns(Rotation(people, begin, every, zone), shift.start, shift.end)


MONDAY = datetime(2026, 1, 5, 1, tzinfo=UTC)
PLAN = (Shift("Ann", MONDAY, MONDAY + DAY), Shift("Bob", MONDAY + DAY, MONDAY + 2 * DAY))


def taken(person: str, begin: float, end: float) -> Override:
    return Override("primary", Shift(person, MONDAY + begin * HOUR, MONDAY + end * HOUR), "slack:U1")


def hours(shifts: tuple[Shift, ...]) -> list[tuple[str, float, float]]:
    return [(one.person, (one.start - MONDAY) / HOUR, (one.end - MONDAY) / HOUR) for one in shifts]


def test_what_was_taken_over_goes_first_and_the_later_word_before_the_earlier() -> None:
    overrides = (taken("Bob", 4, 10), taken("Cy", 8, 12))
    assert hours(schedule(PLAN, overrides, MONDAY, MONDAY + 2 * DAY)) == [
        ("Ann", 0, 4),
        ("Bob", 4, 8),
        ("Cy", 8, 12),
        ("Ann", 12, 24),
        ("Bob", 24, 48),
    ]
    whole = schedule(PLAN, (taken("Bob", 0, 24),), MONDAY, MONDAY + 2 * DAY)
    assert hours(whole) == [("Bob", 0, 48)]  # one after the other is one shift


def test_a_calendar_may_overlap_and_have_gaps() -> None:
    plan = (Shift("Ann", MONDAY, MONDAY + 10 * HOUR), Shift("Bob", MONDAY + 4 * HOUR, MONDAY + 6 * HOUR))
    plan = (*plan, Shift("Ann", MONDAY + 12 * HOUR, MONDAY + 14 * HOUR))
    assert hours(schedule(plan, (), MONDAY, MONDAY + DAY)) == [
        ("Ann", 0, 4),
        ("Bob", 4, 6),
        ("Ann", 6, 10),
        ("Ann", 12, 14),
    ]
    assert at(schedule(plan, (), MONDAY, MONDAY + DAY), MONDAY + 11 * HOUR) is None


def test_two_people_swap() -> None:
    shifts = schedule(PLAN, (), MONDAY, MONDAY + 2 * DAY)
    now = MONDAY + 6 * HOUR
    found = exchanged(shifts, "Bob", "Ann", now)
    assert found is not None
    after = schedule(PLAN, [Override("primary", one, "x") for one in found], MONDAY, MONDAY + 2 * DAY)
    assert hours(after) == [("Ann", 0, 6), ("Bob", 6, 24), ("Ann", 24, 48)]
    assert exchanged(shifts, "Bob", "Cy", now) is None
    assert exchanged(shifts, "Bob", "Bob", now) is None


names = st.sampled_from(["Ann", "Bob", "Cy"])
spans = st.tuples(st.integers(0, 40), st.integers(1, 30))


@given(st.lists(st.tuples(names, spans), max_size=6), st.lists(st.tuples(names, spans), max_size=6))
def test_whatever_overlaps_there_is_one_person_at_a_time(
    planned: list[tuple[str, tuple[int, int]]], said: list[tuple[str, tuple[int, int]]]
) -> None:
    plan = [Shift(who, MONDAY + begin * HOUR, MONDAY + (begin + long) * HOUR) for who, (begin, long) in planned]
    overrides = [taken(who, begin, begin + long) for who, (begin, long) in said]
    found = schedule(plan, overrides, MONDAY, MONDAY + 72 * HOUR)
    for before, after in pairwise(found):
        assert before.end <= after.start
    for hour in range(72):
        now = MONDAY + (hour + 0.5) * HOUR
        covering = [one.shift for one in overrides if one.shift.start <= now < one.shift.end]
        current = at(found, now)
        if covering:
            assert current is not None
            assert current.person == covering[-1].person
        else:
            assert (current is None) == (not any(one.start <= now < one.end for one in plan))
