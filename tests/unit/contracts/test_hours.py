from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts import hours
from bot.contracts.hours import ALWAYS, CHINA, Holidays, Hours
from bot.running.holidays import load_holidays

ALIBABA = Hours((9, 21), (9, 21))
TENCENT = Hours((9, 21), (9, 18))
UCLOUD = Hours((9, 18))
CALENDAR = load_holidays()
NO_CALENDAR = Holidays()


def china(text: str) -> datetime:
    """A moment in China as it reads on a wall there; in UTC as everywhere in the program."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


# --- The calendar ------------------------------------------------------------------------------------------------------


def test_the_notice_of_2026() -> None:
    # State Council, 2025-11-04.
    days = {day: off for day, off in CALENDAR.days.items() if day.year == 2026}
    assert sorted(day for day, off in days.items() if not off) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    off = {day for day, is_off in days.items() if is_off}
    for first, last in [("0101", "0103"), ("0215", "0223"), ("0404", "0406"), ("0501", "0505"), ("0619", "0621"),
                        ("0925", "0927"), ("1001", "1007")]:  # fmt: skip
        day, end = (datetime.strptime(f"2026{text}+0800", "%Y%m%d%z").date() for text in (first, last))
        while day <= end:
            assert day in off
            off.discard(day)
            day += timedelta(days=1)
    assert off == set()


def test_a_year_the_table_lacks_is_said_and_has_ordinary_weeks() -> None:
    new_year = china("2035-01-01T10:00")  # a Monday
    assert hours.lacks(CALENDAR, new_year)
    assert hours.is_open(UCLOUD, new_year, CALENDAR)
    assert not hours.lacks(CALENDAR, china("2026-12-31T23:59"))
    assert hours.lacks(CALENDAR, datetime(2034, 12, 31, 16, 0, tzinfo=UTC))  # it is 2035 in China


def test_what_the_operator_adds_counts() -> None:
    calendar = load_holidays([date(2035, 1, 1), date(2026, 1, 4)], [date(2026, 1, 1), date(2035, 1, 6)])
    assert not hours.lacks(calendar, china("2035-06-01T10:00"))
    assert not hours.is_open(UCLOUD, china("2035-01-01T10:00"), calendar)
    assert hours.is_open(UCLOUD, china("2035-01-06T10:00"), calendar)  # a Saturday
    assert not hours.is_open(UCLOUD, china("2026-01-04T10:00"), calendar)  # against the table
    assert hours.is_open(UCLOUD, china("2026-01-01T10:00"), calendar)


def test_a_day_cannot_be_both() -> None:
    with pytest.raises(ValueError, match="both a day off and a workday: 2026-01-05"):
        load_holidays([date(2026, 1, 5)], [date(2026, 1, 5)])


# --- Open or not -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vendor", "at", "expected"),
    [
        (UCLOUD, "2026-03-02T08:59:59", False),
        (UCLOUD, "2026-03-02T09:00", True),
        (UCLOUD, "2026-03-02T17:59:59", True),
        (UCLOUD, "2026-03-02T18:00", False),
        (UCLOUD, "2026-03-07T10:00", False),  # Saturday
        (UCLOUD, "2026-02-28T10:00", True),  # a Saturday that is worked
        (TENCENT, "2026-03-07T17:59", True),
        (TENCENT, "2026-03-07T18:00", False),
        (TENCENT, "2026-02-28T20:00", True),  # and has a workday's hours
        (ALIBABA, "2026-03-08T20:59", True),
        (ALIBABA, "2026-02-17T10:00", False),  # Spring Festival
        (Hours((9, 21), (9, 21), holidays=True), "2026-02-17T10:00", True),
        (ALWAYS, "2026-02-17T03:00", True),
        (ALWAYS, "2026-02-17T23:59:59", True),
    ],
)
def test_is_open(vendor: Hours, at: str, expected: bool) -> None:
    assert hours.is_open(vendor, china(at), CALENDAR) is expected


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        hours.is_open(UCLOUD, datetime(2026, 3, 2, 10, 0), CALENDAR)  # noqa: DTZ001 - the point of it


@pytest.mark.parametrize(
    ("vendor", "at", "expected"),
    [
        (UCLOUD, "2026-03-02T10:30", "2026-03-02T10:30"),
        (UCLOUD, "2026-03-02T18:00", "2026-03-03T09:00"),
        (UCLOUD, "2026-03-06T20:00", "2026-03-09T09:00"),
        (UCLOUD, "2026-02-14T18:00", "2026-02-24T09:00"),  # the whole Spring Festival
        (TENCENT, "2026-03-06T21:00", "2026-03-07T09:00"),
    ],
)
def test_next_open(vendor: Hours, at: str, expected: str) -> None:
    assert hours.next_open(vendor, china(at), CALENDAR) == china(expected)


def test_closes() -> None:
    assert hours.closes(TENCENT, china("2026-03-07T10:00"), CALENDAR) == china("2026-03-07T18:00")
    assert hours.closes(UCLOUD, china("2026-03-07T10:00"), CALENDAR) == china("2026-03-09T18:00")


def test_never_open_ends() -> None:
    with pytest.raises(ValueError, match="never open"):
        hours.next_open(Hours((9, 9)), china("2026-03-02T10:00"), CALENDAR)


# --- Working time ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vendor", "start", "amount", "expected"),
    [
        (UCLOUD, "2026-03-02T10:00", 2, "2026-03-02T12:00"),
        (UCLOUD, "2026-03-02T17:00", 2, "2026-03-03T10:00"),
        (UCLOUD, "2026-03-02T17:00", 1, "2026-03-02T18:00"),  # by closing time, not by the next opening
        (UCLOUD, "2026-03-06T17:00", 9, "2026-03-09T17:00"),
        (UCLOUD, "2026-03-02T20:00", 9, "2026-03-03T18:00"),
        (UCLOUD, "2026-02-14T17:00", 2, "2026-02-24T10:00"),
        (UCLOUD, "2026-03-02T20:00", 0, "2026-03-02T20:00"),
        (ALWAYS, "2026-03-02T20:00", 30, "2026-03-04T02:00"),
    ],
)
def test_add_open(vendor: Hours, start: str, amount: int, expected: str) -> None:
    assert hours.add_open(vendor, china(start), timedelta(hours=amount), CALENDAR) == china(expected)


def test_working_time_cannot_be_taken_away() -> None:
    with pytest.raises(ValueError, match="cannot be taken away"):
        hours.add_open(UCLOUD, china("2026-03-02T10:00"), timedelta(seconds=-1), CALENDAR)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2026-03-02T10:00", "2026-03-02T12:00", 2),
        ("2026-03-02T08:00", "2026-03-02T20:00", 9),
        ("2026-03-06T17:00", "2026-03-09T10:00", 2),
        ("2026-03-02T12:00", "2026-03-02T10:00", 0),
        ("2026-02-15T00:00", "2026-02-24T00:00", 0),
    ],
)
def test_open_between(a: str, b: str, expected: int) -> None:
    assert hours.open_between(UCLOUD, china(a), china(b), CALENDAR) == timedelta(hours=expected)


SPANS = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda span: span[0] < span[1])
ANY_HOURS = st.builds(Hours, SPANS, st.one_of(st.none(), SPANS), st.booleans())
MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 2, 1), timezones=st.just(UTC))  # noqa: DTZ001
AMOUNTS = st.timedeltas(timedelta(0), timedelta(days=20))


@given(ANY_HOURS, MOMENTS, AMOUNTS)
def test_what_is_added_lies_between(vendor: Hours, start: datetime, amount: timedelta) -> None:
    end = hours.add_open(vendor, start, amount, CALENDAR)
    assert hours.open_between(vendor, start, end, CALENDAR) == amount
    if amount:
        # And no earlier moment would do.
        assert hours.open_between(vendor, start, end - timedelta(microseconds=1), CALENDAR) < amount


@given(ANY_HOURS, MOMENTS, MOMENTS)
def test_what_lies_between_adds_up_to_the_moment_when_it_is_open(vendor: Hours, a: datetime, b: datetime) -> None:
    a, b = min(a, b), max(a, b)
    between = hours.open_between(vendor, a, b, CALENDAR)
    assert timedelta(0) <= between <= b - a
    reached = hours.add_open(vendor, a, between, CALENDAR)
    assert reached <= b
    if between and hours.is_open(vendor, b - timedelta(microseconds=1), CALENDAR):
        assert reached == b


@given(ANY_HOURS, MOMENTS, AMOUNTS.filter(bool))
def test_the_latest_start_is_the_last_from_which_enough_time_has_passed(
    vendor: Hours, end: datetime, amount: timedelta
) -> None:
    start = hours.latest_start(vendor, end, amount, CALENDAR)
    assert hours.add_open(vendor, start, amount, CALENDAR) <= end
    assert hours.add_open(vendor, start + timedelta(microseconds=1), amount, CALENDAR) > end


def test_no_working_time_has_no_start() -> None:
    with pytest.raises(ValueError, match="must have passed"):
        hours.latest_start(UCLOUD, china("2026-03-02 10:00"), timedelta(0), CALENDAR)
    with pytest.raises(ValueError, match="never open"):
        hours.latest_start(Hours((9, 9)), china("2026-03-02 10:00"), timedelta(hours=1), CALENDAR)


@given(ANY_HOURS, MOMENTS)
def test_the_next_opening_is_open_and_nothing_lies_before_it(vendor: Hours, at: datetime) -> None:
    opening = hours.next_open(vendor, at, CALENDAR)
    assert hours.is_open(vendor, opening, CALENDAR)
    assert opening >= at
    assert hours.open_between(vendor, at, opening, CALENDAR) == timedelta(0)
    assert (opening == at) == hours.is_open(vendor, at, CALENDAR)


@given(ANY_HOURS, MOMENTS, MOMENTS, MOMENTS)
def test_working_time_adds_up(vendor: Hours, a: datetime, b: datetime, c: datetime) -> None:
    a, b, c = sorted([a, b, c])
    parts = hours.open_between(vendor, a, b, NO_CALENDAR) + hours.open_between(vendor, b, c, NO_CALENDAR)
    assert parts == hours.open_between(vendor, a, c, NO_CALENDAR)


# --- The operator's word -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("always", ((0, 24), (0, 24), True)),
        (" Always ", ((0, 24), (0, 24), True)),
        ("mon-fri 09-18", ((9, 18), None, False)),
        ("mon-fri 09-18; sat-sun 09-12", ((9, 18), (9, 12), False)),
        ("sat-sun 9-12;Mon-Fri 08:00-24:00;", ((8, 24), (9, 12), False)),
        ("mon-fri 09 - 21 ; sat-sun 9-18 ; holidays", ((9, 21), (9, 18), True)),
        ("9-21", ((9, 21), None, False)),
        ("9-21 9-18", ((9, 21), (9, 18), False)),
        ("9-21 9-18 holidays", ((9, 21), (9, 18), True)),
        ("9-21 holidays", ((9, 21), None, True)),
        ("mon-fri 09-18; sat-sun 09-18; holidays", ((9, 18), (9, 18), True)),
    ],
)
def test_parse_hours(text: str, expected: object) -> None:
    parsed = hours.parse_hours(text)
    assert (parsed.monday_to_friday, parsed.saturday_sunday, parsed.holidays) == expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "Monday to Friday are missing"),
        ("sat-sun 09-18", "Monday to Friday are missing"),
        ("holidays", "Monday to Friday are missing"),
        ("mon-fri 18-09", '"mon-fri 18-09" must open before it closes'),
        ("mon-fri 09-25", "within 0 to 24"),
        ("mon-fri 09-09", "must open before it closes"),
        ("mon-fri 09-18; sometimes", '"sometimes" is not understood'),
        ("mon-fri 09:30-18:00", "is not understood"),
        ("always; holidays", '"always; holidays" is not understood'),
        ("mon-fri 09-18; mon-fri 10-18", '"mon-fri 10-18" is said twice'),
        ("9-18 9-18 9-18", '"9-18" is said twice'),
        ("mon-fri 9-18; holidays; holidays", '"holidays" is said twice'),
        ("mon-fri 9-18holidays", "is not understood"),
    ],
)
def test_parse_hours_says_what_is_wrong(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        hours.parse_hours(text)
