"""Who is called when nobody takes an alert, over time, restarts, clocks that are set, and quiet hours."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.alert import CALLS, HIDES, Alert, AlertState, Metric, Severity, Stock
from bot.contracts.hours import Holidays
from bot.contracts.settings import Escalation, Oncall
from bot.watch import deeds, lifecycle
from bot.watch.deeds import Result
from bot.watch.escalation import Step, ladder, reached, targets
from bot.watch.lifecycle import AlertChange, Happening
from bot.watch.quiet import Quiet
from tests.unit.watch.alerted import alert as an_alert
from tests.unit.watch.test_lifecycle import ACK_EXPIRES, ANN, CLEAR_FOR, MINUTE, T0, low, what

STEPS = (
    Step(timedelta(0), ("conversation", "oncall:primary")),
    Step(15 * MINUTE, ("next:primary",)),
    Step(45 * MINUTE, ("all",)),
)
LONG = timedelta(days=1)


def held(alert: Alert) -> bool:
    return alert.severity is not Severity.CRITICAL


def step(
    alert: Alert | None, severity: Severity | None, minute: float, waits: lifecycle.Waits = lifecycle.never
) -> tuple[AlertChange, ...]:
    return lifecycle.step(
        alert,
        None if severity is None else low(severity),
        T0 + minute * MINUTE,
        repeat=LONG,
        ack_expires=ACK_EXPIRES,
        clear_for=CLEAR_FOR,
        steps=STEPS,
        waits=waits,
    )


def tick(alert: Alert, minute: float, waits: lifecycle.Waits = lifecycle.never) -> tuple[AlertChange, ...]:
    return lifecycle.tick(
        alert, T0 + minute * MINUTE, repeat=LONG, ack_expires=ACK_EXPIRES, clear_for=CLEAR_FOR, steps=STEPS, waits=waits
    )


def opened(waits: lifecycle.Waits = lifecycle.never) -> Alert:
    (change,) = step(None, Severity.WARNING, 0, waits)
    return replace(change.alert, number=5)


def test_the_ladder_is_climbed_rung_by_rung() -> None:
    alert = opened()
    assert alert.escalated == 1  # whoever is on call, at once
    assert tick(alert, 14) == ()
    (second,) = tick(alert, 15)
    assert (second.what, second.alert.escalated) == (Happening.ESCALATE, 2)
    assert tick(second.alert, 44) == ()
    (third,) = tick(second.alert, 45)
    assert third.alert.escalated == 3
    assert tick(third.alert, 500) == ()
    (late,) = tick(alert, 100)  # after a restart: both at once, told once
    assert (late.what, late.alert.escalated) == (Happening.ESCALATE, 3)


def test_taken_put_off_or_gone_nobody_further_is_called() -> None:
    alert = opened()
    taken = deeds.acknowledge(alert, ANN, "", T0 + 5 * MINUTE).alert
    assert tick(taken, 200) == ()
    (expired,) = tick(taken, 245)
    assert (expired.what, expired.alert.escalated) == (Happening.ACK_EXPIRED, 1)  # from the beginning
    assert what(tick(expired.alert, 260)) == [Happening.ESCALATE]
    (clearing,) = step(alert, None, 5)
    assert what(tick(clearing.alert, 50)) == [Happening.RESOLVE]


def test_getting_worse_begins_anew() -> None:
    (second,) = tick(opened(), 15)
    (worse,) = step(second.alert, Severity.CRITICAL, 20)
    assert (worse.what, worse.alert.escalated, worse.alert.called_since) == (Happening.WORSE, 1, T0 + 20 * MINUTE)


def test_by_hand_the_next_rung_is_called_at_once_and_then_there_is_nobody_further() -> None:
    first = deeds.escalate(opened(), T0 + MINUTE, STEPS)
    assert (first.result, first.alert.escalated) == (Result.DONE, 2)
    assert tick(first.alert, 20) == ()  # that rung is climbed
    taken = deeds.acknowledge(first.alert, ANN, "", T0).alert
    again = deeds.escalate(taken, T0 + 2 * MINUTE, STEPS)
    assert (again.alert.state, again.alert.escalated, again.by) == (AlertState.OPEN, 3, ANN)
    assert deeds.escalate(again.alert, T0, STEPS).result is Result.NOBODY_FURTHER
    assert deeds.escalate(opened(), T0, ()).result is Result.NOBODY_FURTHER
    closed = deeds.resolve(opened(), ANN, "", T0).alert
    assert deeds.escalate(closed, T0, STEPS).result is Result.OVER


def test_given_back_the_ladder_begins_anew() -> None:
    (second,) = tick(opened(), 15)
    taken = deeds.acknowledge(second.alert, ANN, "", T0).alert
    back = deeds.unacknowledge(taken, T0 + 60 * MINUTE, STEPS).alert
    assert (back.escalated, back.called_since) == (1, T0 + 60 * MINUTE)


def test_configured_or_not() -> None:
    later = Escalation.model_validate({"after": "15m", "notify": ["person:Li Wei"]})
    now = Escalation.model_validate({"after": "0m", "notify": ["conversation"]})
    assert [one.after for one in ladder([later, now], [])] == [timedelta(0), 15 * MINUTE]
    assert ladder([], []) == ()
    plan = Oncall.model_validate({"name": "primary", "rotation": ["a"], "start": T0})
    assert targets(ladder([], [plan]), 0, 1) == ("conversation", "oncall:primary")


@given(st.lists(st.integers(-600, 600), min_size=1, max_size=12))
def test_whatever_the_clock_says_no_rung_is_climbed_twice(moves: list[int]) -> None:
    alert, minute, rungs = opened(), 0, 1
    for move in moves:
        minute += move
        for change in tick(alert, minute):
            assert change.what in (Happening.ESCALATE, Happening.REPEAT)
            assert (change.what is Happening.ESCALATE) == (change.alert.escalated > rungs)
            alert = change.alert
        assert alert.escalated >= rungs
        rungs = alert.escalated
        assert reached(STEPS, T0, T0 + minute * MINUTE, rungs) >= rungs


# --- Quiet hours -------------------------------------------------------------------------------------------------------


def test_what_is_not_urgent_waits_for_the_morning_and_nobody_is_called() -> None:
    alert = opened(held)
    assert (alert.held, alert.escalated) == (True, 0)
    assert tick(alert, 600, held) == ()
    (morning,) = tick(alert, 600)
    assert (morning.what, morning.alert.held, morning.alert.escalated) == (Happening.MORNING, False, 1)
    assert morning.alert.called_since == T0 + 600 * MINUTE  # the ladder begins when people are awake
    assert tick(morning.alert, 601) == ()


def test_what_becomes_urgent_at_night_is_told_at_once() -> None:
    (worse,) = step(opened(held), Severity.CRITICAL, 5, held)
    assert (worse.what, worse.alert.held, worse.alert.escalated) == (Happening.WORSE, False, 1)


def test_what_opens_again_at_night_waits() -> None:
    taken = deeds.acknowledge(opened(), ANN, "", T0).alert
    (expired,) = tick(taken, 241, held)
    assert (expired.what, expired.alert.held, expired.alert.state) == (Happening.ACK_EXPIRED, True, AlertState.OPEN)
    assert what(tick(expired.alert, 500)) == [Happening.MORNING]


CHINA = ZoneInfo("Asia/Shanghai")
NIGHT = Quiet(time(22), time(8), CHINA)
HOLIDAYS = Holidays({date(2026, 10, 1): True, date(2026, 10, 10): False}, frozenset({2026}))


@pytest.mark.parametrize(
    ("quiet", "local", "is_quiet"),
    [
        (Quiet(), "2026-11-23 03:00", False),
        (NIGHT, "2026-11-23 21:59", False),
        (NIGHT, "2026-11-23 22:00", True),
        (NIGHT, "2026-11-24 07:59", True),
        (NIGHT, "2026-11-24 08:00", False),
        (Quiet(time(1), time(6), CHINA), "2026-11-24 05:00", True),
        (Quiet(time(1), time(6), CHINA), "2026-11-24 00:59", False),
        (Quiet(zone=CHINA, weekends=True, holidays=HOLIDAYS), "2026-11-28 12:00", True),
        (Quiet(zone=CHINA, weekends=True, holidays=HOLIDAYS), "2026-10-10 12:00", False),  # a Saturday that is worked
        (Quiet(zone=CHINA, days_off=True, holidays=HOLIDAYS), "2026-10-01 12:00", True),
        (Quiet(zone=CHINA, weekends=True, holidays=HOLIDAYS), "2026-10-01 12:00", False),
    ],
)
def test_when_it_is_quiet(quiet: Quiet, local: str, is_quiet: bool) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=CHINA).astimezone(UTC)
    assert quiet.at(now) is is_quiet
    assert quiet.holds(an_alert(severity=Severity.WARNING), now) is is_quiet
    assert quiet.holds(an_alert(severity=Severity.CRITICAL), now) is False


EVENING = datetime(2026, 11, 23, 23, 0, tzinfo=CHINA)  # nine hours before morning
AT_NIGHT = Quiet(zone=CHINA, night=(time(22), time(8)))
HOUR = 60 * MINUTE


@pytest.mark.parametrize("severity", Severity)
@pytest.mark.parametrize("metric", Metric)
def test_at_night_only_what_is_critical_or_hurts_now_is_told(metric: Metric, severity: Severity) -> None:
    one = an_alert(metric=metric, severity=severity, stock=None)
    urgent = severity is Severity.CRITICAL or metric in (Metric.FAIL_SHARE, Metric.ABUSE)
    assert AT_NIGHT.holds(one, EVENING) is not urgent
    assert not AT_NIGHT.holds(one, EVENING + 9 * HOUR)
    assert not Quiet(zone=CHINA).holds(one, EVENING)
    everything = replace(AT_NIGHT, begin=time(22), end=time(8), told=frozenset[Severity]())
    assert everything.holds(one, EVENING)  # whoever wants it quite quiet


@pytest.mark.parametrize(
    ("metric", "changes", "waits"),
    [
        (
            Metric.RUNS_OUT,
            {"stock": Stock(Decimal(9), early=EVENING + 8 * HOUR)},
            False,
        ),  # it may not last till morning
        (Metric.RUNS_OUT, {"stock": Stock(Decimal(9), early=EVENING + 9 * HOUR)}, True),
        (Metric.SHARE, {"stock": Stock(Decimal(100), per_day=Decimal(300))}, False),  # eight hours
        (Metric.BALANCE, {"stock": Stock(Decimal(100), unit="CNY", per_day=Decimal(200))}, True),  # twelve
        (Metric.BALANCE, {"stock": Stock(Decimal(100), unit="CNY", per_day=Decimal(300))}, False),
        (Metric.REMAINING, {"value": Decimal(0)}, False),  # nothing can be sent any more
        (Metric.DAYS_LEFT, {"stock": Stock(Decimal(100), per_day=Decimal(300))}, True),  # others may be left
        (Metric.OVERDUE, {}, True),
    ],
)
def test_what_does_not_last_till_morning_cannot_wait(metric: Metric, changes: dict[str, Any], waits: bool) -> None:
    assert AT_NIGHT.holds(an_alert(metric=metric, **changes), EVENING) is waits


def test_summer_time_moves_the_night_with_the_clocks() -> None:
    berlin = Quiet(time(22), time(8), ZoneInfo("Europe/Berlin"))
    assert [berlin.at(datetime(2026, month, 20, 20, 30, tzinfo=UTC)) for month in (1, 7)] == [False, True]


def test_what_a_refused_key_hides_is_of_calls_only() -> None:
    assert HIDES[Metric.CREDENTIALS] == CALLS - {Metric.CREDENTIALS}
    assert all(trouble not in hidden and hidden <= CALLS for trouble, hidden in HIDES.items())
