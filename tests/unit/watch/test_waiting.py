"""Rules on requests: reviews that take too long, and signatures that carriers refuse."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.contracts.model import CarrierFiling, Request, State
from bot.watch import waiting
from bot.watch.rules import DEFAULT_RULES
from tests.given import MONDAY, a_request

NOW = MONDAY
USUAL = timedelta(hours=2)


def waited(hours: dict[int, float]) -> waiting.Waited:
    return lambda one: (timedelta(hours=hours[one.number]), USUAL)


def in_review(number: int) -> Request:
    return replace(a_request(), number=number, state=State.IN_REVIEW)


def test_the_review_that_waits_longest_is_the_figure_and_all_that_are_late_are_named() -> None:
    hours = {17: 7.0, 18: 9.0, 19: 6.0}
    (found,) = waiting.judge(DEFAULT_RULES, "aliyun", [in_review(n) for n in hours], {}, waited(hours), NOW)
    assert (found.rule, found.value, found.fingerprint) == ("review-overdue", Decimal("4.5"), "review.overdue:aliyun")
    assert found.behind is not None
    assert found.behind.requests == (18, 17)


def test_what_takes_three_times_the_usual_time_is_not_late_yet() -> None:
    assert waiting.judge(DEFAULT_RULES, "aliyun", [in_review(1)], {}, waited({1: 6.0}), NOW) == ()


@pytest.mark.parametrize(
    ("state", "status", "ago", "found"),
    [
        (State.READY, "failed", timedelta(hours=1), True),
        (State.APPROVED, "lapsed", timedelta(hours=23), True),
        (State.READY, "failed", timedelta(hours=25), False),  # told a day long; afterwards it stands with the request
        (State.READY, "waiting", timedelta(hours=1), False),
        (State.DELETED, "failed", timedelta(hours=1), False),
    ],
)
def test_a_carrier_that_refuses(state: State, status: str, ago: timedelta, found: bool) -> None:
    one = replace(
        a_request(), number=5, state=state, filings=(CarrierFiling("mobile", "done"), CarrierFiling("unicom", status))
    )
    breaches = waiting.judge(DEFAULT_RULES, "aliyun", [one], {5: NOW - ago}, waited({}), NOW)
    assert [one.rule for one in breaches] == (["filing-failed"] if found else [])


def test_a_filing_of_unknown_time_is_not_told() -> None:
    one = replace(a_request(), number=5, state=State.READY, filings=(CarrierFiling("unicom", "failed"),))
    assert waiting.judge(DEFAULT_RULES, "aliyun", [one], dict[int, datetime](), waited({}), NOW) == ()
