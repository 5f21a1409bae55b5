"""The past played anew: alerts live as when the bot runs, and what was told at midnight belongs to the day after."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.contracts.hours import CHINA
from bot.contracts.model import CarrierFiling, State
from bot.contracts.traffic import DAY, HOUR, Counts, Tally
from bot.contracts.vendor import Measure, Reading
from bot.watch import rehearsal
from bot.watch.rehearsal import Review
from bot.watch.rules import DEFAULT_RULES
from bot.watch.runway import Past
from bot.watch.surges import Known
from tests.given import a_request

DAY_ONE = datetime(2026, 11, 23, tzinfo=CHINA)
MINUTE = timedelta(minutes=1)
TWO_HOURS = timedelta(hours=2)


def left(share: float) -> Reading:
    return Reading("P1", Measure.PACKAGE, Decimal(round(share * 1000)), total=Decimal(1000))


@pytest.mark.parametrize(
    ("shares", "times"),
    [
        ([(0, 0.09), (10, 0.11), (20, 0.09), (30, 0.11), (40, 0.09)], 1),  # back before it closed
        ([(0, 0.09), (10, 0.11), (60, 0.09), (70, 0.11), (120, 0.09)], 1),  # it comes and goes
        ([(0, 0.09), (10, 0.11), (600, 0.09)], 2),
        ([(0, 0.09), (10, 0.02), (20, 0.09)], 2),  # it became worse, and was not new when it was better
        ([(0, 0.09), (10, 0.0)], 2),
    ],
)
def test_what_comes_and_goes_is_one(shares: list[tuple[int, float]], times: int) -> None:
    rounds = {DAY_ONE + minutes * MINUTE: [left(share)] for minutes, share in shares}
    assert len(rehearsal.quota(DEFAULT_RULES, "aliyun", rounds, DAY_ONE, DAY_ONE + DAY)) == times


GOOD, BAD = Counts(delivered=980, failed=20), Counts(delivered=500, failed=500)


@pytest.mark.parametrize(("lag", "told"), [(1, DAY_ONE + DAY), (2, DAY_ONE + 2 * DAY)])
def test_a_whole_day_is_told_when_the_vendor_does(lag: int, told: datetime) -> None:
    days = [Tally(DAY_ONE + DAY * n, DAY, GOOD if n else BAD) for n in range(-30, 4)]
    known = Known((), days, whole_days=True)
    for day in range(-1, 4):
        start = DAY_ONE + DAY * day
        found = rehearsal.sending(DEFAULT_RULES, "ucloud", known, start, start + DAY, lag=lag)
        assert [(one.rule, one.at) for one in found] == ([("failing", told)] if start == told else [])


def test_what_is_told_at_midnight_belongs_to_the_day_that_begins() -> None:
    hours = [Tally(DAY_ONE + HOUR * n, HOUR, BAD if n == 23 else GOOD) for n in range(-24 * 30, 48)]
    known = Known(hours, ())
    first, second = (
        rehearsal.sending(DEFAULT_RULES, "tencent", known, DAY_ONE + DAY * day, DAY_ONE + DAY * (day + 1))
        for day in (0, 1)
    )
    assert first == ()
    assert [(one.rule, one.at) for one in second] == [("failing", DAY_ONE + DAY)]


def test_a_review_that_took_too_long_and_a_carrier_that_refused() -> None:
    begun = DAY_ONE + 9 * HOUR
    slow = Review(a_request(State.READY, number=5), begun, begun + 8 * HOUR)
    usual = Review(a_request(State.READY, number=6), begun, begun + 3 * HOUR)
    going_on = Review(a_request(State.IN_REVIEW, number=7), begun + DAY, None)
    no = a_request(State.APPROVED, number=8, filings=(CarrierFiling("mobile", "failed"),))
    found = rehearsal.requests(
        DEFAULT_RULES,
        "aliyun",
        [slow, usual, going_on],
        {8: (no, begun + MINUTE)},
        lambda one, now: (now - one.since, TWO_HOURS),
        DAY_ONE,
        DAY_ONE + 2 * DAY,
    )
    assert [(one.rule, one.at - DAY_ONE) for one in found] == [
        ("filing-failed", 10 * HOUR),
        ("review-overdue", 16 * HOUR),
        ("review-overdue", DAY + 16 * HOUR),
    ]


def test_the_forecast_as_it_would_have_been_told() -> None:
    """Only what was known then: the day before, and of the day itself the hours that are over."""
    hours = {DAY_ONE + HOUR * n: 100.0 if n < 24 else 10_000.0 for n in range(-24 * 20, 48)}
    days = {(DAY_ONE + DAY * n).date(): 2400.0 if n < 1 else 240_000.0 for n in range(-20, 2)}
    past = Past(days, hours, 0, lambda day: day.weekday())
    package = replace(left(1), remaining=Decimal(12_000))
    five = past.days_left(DAY_ONE + 12 * HOUR, [package], Decimal(100))
    assert five is not None
    assert 4.5 < five < 5.5
    assert past.days_left(DAY_ONE + 12 * HOUR, [package], Decimal(2)) == 2  # more than twice the busiest day would take
    later = past.days_left(DAY_ONE + 36 * HOUR, [package], Decimal(100))
    assert later is not None
    assert later < five
    assert past.days_left(DAY_ONE - 30 * DAY, [package], Decimal(100)) is None
    assert past.days_left(DAY_ONE, [replace(package, remaining=Decimal(0))], Decimal(100)) is None
