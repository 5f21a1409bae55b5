from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts import hours as opening
from bot.contracts.hours import ALWAYS, CHINA, Hours
from bot.contracts.model import Request, State
from bot.contracts.vendor import FilingView
from bot.requests.reviews import rhythm
from bot.running.holidays import load_holidays
from bot.wording import view
from tests.given import MONDAY, a_request

ALIBABA = Hours((9, 21), (9, 21))
UCLOUD = Hours((9, 18))
CALENDAR = load_holidays()
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA).astimezone(UTC)


def look(
    request: Request,
    now: datetime,
    *,
    hours: Hours = ALIBABA,
    densest: timedelta = MINUTE,
    usually: timedelta = timedelta(hours=2),
    filing: FilingView = FilingView.PER_CARRIER,
) -> datetime | None:
    return rhythm.next_look(
        request, now, hours=hours, holidays=CALENDAR, densest=densest, usually=usually, filing=filing
    )


# --- Reviews -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [state for state in State if state not in (State.IN_REVIEW, State.APPROVED)])
def test_nothing_is_expected(state: State) -> None:
    assert look(a_request(state), MONDAY) is None


@pytest.mark.parametrize(
    ("waited", "pause"),
    [
        (0, 10),
        (40, 10),
        (55, 5),  # the looks get dense at 60 minutes, not later
        (59, 1),
        (60, 1),
        (120, 1),
        (180, 1),
        (200, 2),
        (280, 10),
        (2000, 10),
    ],
)
def test_denser_around_the_expected_time(waited: int, pause: int) -> None:
    assert rhythm.review_pause(waited * MINUTE, timedelta(hours=2), MINUTE) == pause * MINUTE


def test_a_long_review_is_looked_at_less_densely() -> None:
    assert rhythm.review_pause(timedelta(hours=9), timedelta(hours=9), MINUTE) == 4.5 * MINUTE
    assert rhythm.review_pause(timedelta(hours=24), timedelta(hours=24), MINUTE) == rhythm.WIDEST * MINUTE
    assert rhythm.review_pause(MINUTE, MINUTE, MINUTE) == MINUTE


def test_looks_fall_on_a_common_grid() -> None:
    now = MONDAY + timedelta(minutes=3, seconds=20)
    assert look(a_request(), now) == MONDAY + 10 * MINUTE
    assert look(a_request(number=18), now + 5 * SECOND) == MONDAY + 10 * MINUTE
    assert look(a_request(), MONDAY + timedelta(minutes=70, seconds=20)) == MONDAY + 71 * MINUTE


def test_the_last_look_of_the_day_is_just_before_closing() -> None:
    request = a_request(at=china("2026-03-02T20:50"))
    assert look(request, china("2026-03-02T20:55")) == china("2026-03-02T20:59")


def test_after_that_the_opening_with_a_little_spread() -> None:
    for number in (10, 17):
        request = a_request(at=china("2026-03-02T20:50"), number=number)
        expected = china("2026-03-03T09:00") + (number % 10) * 6 * SECOND
        assert look(request, china("2026-03-02T20:59")) == expected
        assert look(request, china("2026-03-02T23:00")) == expected
        assert look(request, china("2026-03-02T23:00")) == expected  # the same each time


def test_nothing_is_asked_on_holidays() -> None:
    request = a_request(at=china("2026-02-14T17:50"), number=20)
    assert look(request, china("2026-02-14T18:30"), hours=UCLOUD) == china("2026-02-24T09:00")


def test_what_was_never_stamped_counts_from_its_state() -> None:
    request = a_request(submitted_at=None)
    assert look(request, MONDAY + 90 * MINUTE) == MONDAY + 91 * MINUTE


def test_a_demo_looks_in_proportion() -> None:
    fast = look(a_request(), MONDAY, densest=SECOND, usually=timedelta(minutes=2), hours=ALWAYS)
    assert fast == MONDAY + 10 * SECOND
    filing = look(a_request(State.APPROVED), MONDAY, densest=SECOND, hours=ALWAYS)
    assert filing is not None
    assert filing - MONDAY <= 3 * MINUTE


# --- Filings -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filing", "now", "expected"),
    [
        (FilingView.ONE_STATE, "2026-03-02T10:00", "2026-03-02T10:30"),
        (FilingView.ONE_STATE, "2026-03-02T10:20", "2026-03-02T10:30"),
        (FilingView.PER_CARRIER, "2026-03-02T11:00", "2026-03-02T14:00"),
        (FilingView.PER_CARRIER, "2026-03-02T20:00", "2026-03-02T20:59"),
        (FilingView.PER_CARRIER, "2026-03-02T20:59", "2026-03-03T09:00:42"),
    ],
)
def test_the_filing_is_followed(filing: FilingView, now: str, expected: str) -> None:
    assert look(a_request(State.APPROVED), china(now), filing=filing) == china(expected)


def test_a_filing_that_nobody_can_see_is_not_asked_about() -> None:
    assert look(a_request(State.APPROVED), MONDAY, filing=FilingView.HIDDEN) is None


# --- Always ------------------------------------------------------------------------------------------------------------

SPANS = st.tuples(st.integers(0, 23), st.integers(1, 24)).filter(lambda span: span[0] < span[1])
ANY_HOURS = st.builds(Hours, SPANS, st.one_of(st.none(), SPANS), st.booleans())
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001
DENSEST = st.timedeltas(timedelta(milliseconds=50), timedelta(minutes=5))
USUALLY = st.timedeltas(timedelta(seconds=1), timedelta(hours=20))


@given(
    ANY_HOURS,
    MOMENTS,
    st.timedeltas(timedelta(0), timedelta(days=6)),
    DENSEST,
    USUALLY,
    st.integers(1, 10_000),
)
def test_looks_are_ahead_in_open_hours_and_bounded(
    hours: Hours, submitted_at: datetime, age: timedelta, densest: timedelta, usually: timedelta, number: int
) -> None:
    now = submitted_at + age
    then = look(a_request(at=submitted_at, number=number), now, hours=hours, densest=densest, usually=usually)
    assert then is not None
    assert then > now or not opening.is_open(hours, now, CALENDAR)
    assert then >= now
    assert opening.is_open(hours, then, CALENDAR)
    assert opening.open_between(hours, now, then, CALENDAR) <= densest * rhythm.WIDEST


@given(ANY_HOURS, MOMENTS, DENSEST, st.sampled_from(FilingView))
def test_filing_looks_are_ahead_in_open_hours(
    hours: Hours, now: datetime, densest: timedelta, filing: FilingView
) -> None:
    then = look(a_request(State.APPROVED, at=now), now, hours=hours, densest=densest, filing=filing)
    if filing is FilingView.HIDDEN:
        assert then is None
        return
    assert then is not None
    assert then >= now
    assert opening.is_open(hours, then, CALENDAR)


@pytest.mark.parametrize(("hours", "usually"), [(ALIBABA, timedelta(hours=2)), (UCLOUD, timedelta(hours=9))])
def test_a_month_of_waiting_costs_a_twentieth_of_a_look_a_minute(hours: Hours, usually: timedelta) -> None:
    # Spec 15, for one thing that is never decided, without any sharing of calls.
    now, looks = MONDAY, 0
    request = a_request()
    while now < MONDAY + timedelta(days=30):
        then = look(request, now, hours=hours, usually=usually)
        assert then is not None
        now = then + timedelta(milliseconds=300)
        looks += 1
    assert looks <= 30 * 24 * 60 / 20 * 1.1


# --- Expected ----------------------------------------------------------------------------------------------------------


def test_expected_counts_open_hours() -> None:
    def expected(request: Request, hours: Hours) -> datetime:
        return view.expected(request, MONDAY, hours=hours, usually=timedelta(hours=9), holidays=CALENDAR)

    assert expected(a_request(), UCLOUD) == china("2026-03-03T10:00")
    assert expected(a_request(), ALIBABA) == china("2026-03-02T19:00")
    assert expected(a_request(State.DRAFT, submitted_at=None), UCLOUD) == china("2026-03-03T10:00")
    assert expected(a_request(at=china("2026-02-25T10:00")), UCLOUD) < MONDAY  # it is late
