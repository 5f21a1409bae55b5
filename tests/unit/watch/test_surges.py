"""Rules on what was sent: what each finds in given figures, and a month of them with troubles planted in it."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bot.contracts.alert import Metric, Severity
from bot.contracts.hours import CHINA
from bot.contracts.model import Words
from bot.contracts.traffic import DAY, HOUR, Counts, Tally
from bot.watch import surges
from bot.watch.quiet import Quiet
from bot.watch.rules import DEFAULT_RULES, Rule
from bot.watch.surges import LOOKS_BACK, Known
from tests.unit.watch.alerted import alert as an_alert

MONDAY = datetime(2026, 11, 2, tzinfo=CHINA)
"""The month that is played begins here; four weeks of history stand before it."""

SHARES = (1, 1, 1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 5, 6, 6, 6, 6, 6, 6, 6, 6, 5, 3, 1)


def usual_hour(start: datetime, dice: random.Random) -> Counts:
    """An ordinary hour: 40,000 a workday, of which 2 % fail, both with noise."""
    local = start.astimezone(CHINA)
    sent = 400 * SHARES[local.hour] * (0.6 if local.weekday() >= 5 else 1.0) * dice.uniform(0.75, 1.3)
    failed = sent * dice.uniform(0.012, 0.032)
    codes = {
        "InvalidNumber": round(failed * dice.uniform(0.4, 0.7)),
        "FrequencyLimit": round(sent * dice.uniform(0, 0.01)),
    }
    return Counts(delivered=round(sent - failed), failed=round(failed), waiting=round(sent * 0.004), codes=codes)


Trouble = Callable[[Counts], Counts]


def times(factor: float, failing: float | None = None, refused: float = 0.0) -> Trouble:
    def changed(counts: Counts) -> Counts:
        sent = round(counts.sent * factor)
        failed = round(sent * failing) if failing is not None else round(counts.failed * factor)
        return replace(counts, delivered=sent - failed, failed=failed, waiting=0, refused=round(sent * refused))

    return changed


def reason(code: str, share: float) -> Trouble:
    def changed(counts: Counts) -> Counts:
        more = round(counts.sent * share)
        good, codes = counts.delivered - more, {**counts.codes, code: more}
        return replace(counts, delivered=good, failed=counts.failed + more, codes=codes)

    return changed


def at(day: int, hour: int) -> datetime:
    return MONDAY + timedelta(days=day, hours=hour)


PLANTED: dict[str, tuple[datetime, datetime, Trouble]] = {
    "failing": (at(2, 10), at(2, 14), times(1.0, failing=0.3)),
    "failing-badly": (at(5, 1), at(5, 9), times(1.0, failing=0.7)),  # at night, when little is sent
    "code-abuse": (at(9, 3), at(9, 6), times(12, failing=0.5)),
    "limits-rising": (at(12, 11), at(12, 15), times(1.0, refused=0.15)),
    "volume-high": (at(16, 14), at(16, 17), times(6)),
    "reason-rising": (at(20, 9), at(20, 13), reason("SignatureNotFiled", 0.1)),
}
"""The rule that is to find it → from when to when, and what it does to each hour."""

CAMPAIGNS = {at(week * 7 + 3, hour) for week in range(-4, 5) for hour in (10, 11)}
"""Every Thursday at ten: three times as much as usual, and meant."""


def played(planted: Sequence[tuple[datetime, datetime, Trouble]]) -> dict[datetime, Tally]:
    dice = random.Random(4)  # noqa: S311 - a series, the same each time
    told = {}
    start = MONDAY - LOOKS_BACK
    while start < at(30, 0):
        counts = usual_hour(start, dice)
        if start in CAMPAIGNS:
            counts = times(3 * dice.uniform(0.8, 1.3))(counts)
        for first, end, trouble in planted:
            if first <= start < end:
                counts = trouble(counts)
        told[start] = Tally(start, HOUR, counts)
        start += HOUR
    return told


def days_of(hours: Sequence[Tally]) -> list[Tally]:
    found: dict[date, Counts] = {}
    for one in hours:
        day = one.start.astimezone(CHINA).date()
        found[day] = found.get(day, Counts()) + one.counts
    return [Tally(datetime(day.year, day.month, day.day, tzinfo=CHINA), DAY, counts) for day, counts in found.items()]


def alerts_of(hours: dict[datetime, Tally]) -> list[tuple[datetime, str, Severity]]:
    """What would have opened, or become worse, over the month, looked at when each hour is over."""
    ordered = sorted(hours.values(), key=lambda one: one.start)
    days = days_of(ordered)
    opened: list[tuple[datetime, str, Severity]] = []
    standing: dict[str, str] = {}
    urgency: dict[str, int] = {}
    first = next(number for number, one in enumerate(ordered) if one.start == MONDAY)
    for number in range(first, len(ordered)):
        now = ordered[number].start + HOUR
        known = Known(ordered[max(number - 28 * 24, 0) : number + 1], [one for one in days if one.start + DAY <= now])
        found, _ = surges.judge(DEFAULT_RULES, "tencent", known, now, standing)
        opened += [
            (now, one.rule, one.severity) for one in found if one.severity.rank > urgency.get(one.fingerprint, -1)
        ]
        urgency = {one.fingerprint: max(one.severity.rank, urgency.get(one.fingerprint, -1)) for one in found}
        standing = {one.fingerprint: one.rule for one in found}
    return opened


@pytest.fixture(scope="module")
def month() -> list[tuple[datetime, str, Severity]]:
    return alerts_of(played(list(PLANTED.values())))


def test_every_planted_trouble_is_found_within_three_hours(month: list[tuple[datetime, str, Severity]]) -> None:
    for rule, (first, _, _) in PLANTED.items():
        assert [at for at, name, _ in month if name == rule and first < at <= first + 3 * HOUR], (rule, month)


def test_there_are_at_most_two_false_alerts_in_the_month(month: list[tuple[datetime, str, Severity]]) -> None:
    during = [(first, end + 2 * HOUR) for first, end, _ in PLANTED.values()]
    false = [one for one in month if not any(first < one[0] <= end for first, end in during)]
    assert len(false) <= 2, false


def test_nobody_is_woken_for_what_can_wait(month: list[tuple[datetime, str, Severity]]) -> None:
    metrics = {rule.name: rule.metric for rule in DEFAULT_RULES}
    night = Quiet(zone=CHINA, night=(time(22), time(8)))
    woken = {
        rule
        for now, rule, severity in month
        if not 8 <= now.hour < 22 and not night.holds(an_alert(metric=metrics[rule], severity=severity), now)
    }
    assert woken == {"failing", "failing-badly", "code-abuse"}  # customers get nothing, or it costs money


# --- Each figure -------------------------------------------------------------------------------------------------------

FAIL = Rule("failing", Metric.FAIL_SHARE, Decimal("0.2"), None, Severity.WARNING, Decimal("0.75"), 2 * HOUR, 200)
NOON = at(0, 12)


def sent_now(counts: Counts) -> Known:
    return Known([Tally(NOON - HOUR, HOUR, counts)], [])


@pytest.mark.parametrize(
    ("counts", "standing", "found"),
    [
        (Counts(delivered=159, failed=41), {}, True),
        (Counts(delivered=160, failed=40), {}, False),  # a fifth is not above a fifth
        (Counts(delivered=158, failed=41), {}, False),  # too few to say anything
        (Counts(delivered=158, failed=41), {"delivery.fail_share:a": "failing"}, True),  # enough for what stands
        (Counts(delivered=830, failed=170), {"delivery.fail_share:a": "failing"}, True),  # it dances about its bound
        (Counts(delivered=850, failed=150), {"delivery.fail_share:a": "failing"}, False),
        (Counts(delivered=159, failed=41, waiting=10_000), {}, True),  # what waits counts neither way
        (Counts(), {}, False),
    ],
)
def test_failures_over_a_window(counts: Counts, standing: dict[str, str], found: bool) -> None:
    breaches, _ = surges.judge([FAIL], "a", sent_now(counts), NOON, standing)
    assert bool(breaches) is found


def test_nothing_is_usual_before_three_days_alike_are_known() -> None:
    hours = [
        Tally(NOON - HOUR - DAY * number, HOUR, Counts(delivered=100 if number else 10_000)) for number in range(3)
    ]
    volume = replace(FAIL, name="v", metric=Metric.VOLUME, bound=Decimal(3))
    assert surges.judge([volume], "a", Known(hours, []), NOON, {}) == ((), {})
    hours.append(Tally(NOON - HOUR - DAY * 7, HOUR, Counts(delivered=100)))
    hours.append(Tally(NOON - HOUR - DAY * 6, HOUR, Counts(delivered=100)))
    hours.append(Tally(NOON - HOUR - DAY * 5, HOUR, Counts(delivered=100)))
    (breach,), _ = surges.judge([volume], "a", Known(hours, []), NOON, {})
    assert breach.value == 100
    assert breach.behind is not None
    assert breach.behind.usual == 100


def test_each_reason_is_a_matter_of_its_own_and_one_that_is_gone_is_well() -> None:
    days = [Tally(at(-number, 0), DAY, Counts(delivered=990, failed=10, codes={"Old": 10})) for number in range(1, 6)]
    now = Counts(delivered=700, failed=300, codes={"Old": 100, "New": 190, "FrequencyLimit": 10})
    code = replace(FAIL, name="c", metric=Metric.CODE, bound=Decimal("0.05"))
    known = replace(sent_now(now), days=days, reasons={"New": Words("new", "新")})
    found, told = surges.judge([code], "a", known, NOON, {"delivery.code:a:Gone": "c"})
    assert {one.fingerprint: one.value for one in found} == {
        "delivery.code:a:Old": Decimal("0.09"),
        "delivery.code:a:New": Decimal("0.19"),
    }
    assert told["delivery.code:a:Gone"].value == 0
    (new,) = [one for one in found if one.fingerprint.endswith("New")]
    assert new.behind is not None
    assert (new.behind.code, new.behind.meaning) == ("New", Words("new", "新"))


def test_failures_name_their_first_reason_and_cover_it_unless_it_has_an_alert_already() -> None:
    days = [Tally(at(-number, 0), DAY, Counts(delivered=990, failed=10)) for number in range(1, 6)]
    code = replace(FAIL, name="c", metric=Metric.CODE, bound=Decimal("0.05"))
    known = replace(sent_now(Counts(delivered=700, failed=300, codes={"New": 190})), days=days)
    (fails,), _ = surges.judge([FAIL, code], "a", known, NOON, {})
    assert fails.metric is Metric.FAIL_SHARE
    assert fails.behind is not None
    assert fails.behind.code == "New"
    both, _ = surges.judge([FAIL, code], "a", known, NOON, {"delivery.code:a:New": "c"})
    assert {one.metric for one in both} == {Metric.FAIL_SHARE, Metric.CODE}


def test_where_whole_days_are_told_the_newest_is_the_window() -> None:
    days = [Tally(at(-1, 0), DAY, Counts(delivered=100, failed=900)), Tally(at(-2, 0), DAY, Counts(delivered=1000))]
    (found,), _ = surges.judge([FAIL], "u", Known([], days, whole_days=True), NOON, {})
    assert found.value == Decimal("0.9")
    assert found.behind is not None
    assert found.behind.day
    assert surges.judge([FAIL], "u", Known([], days, whole_days=True), NOON + DAY * 5, {}) == ((), {})
