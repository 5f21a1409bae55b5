from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.alert import Alert, AlertState, Metric, Severity
from bot.watch import deeds, lifecycle
from bot.watch.deeds import Result
from bot.watch.lifecycle import TOLD, AlertChange, Happening
from bot.watch.rules import Breach

T0 = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
REPEAT, ACK_EXPIRES, CLEAR_FOR = 30 * MINUTE, 240 * MINUTE, 10 * MINUTE
ANN, BOB = "slack:U1", "dingtalk:bob"


def low(severity: Severity = Severity.WARNING, value: str = "0.09") -> Breach:
    rule, bound = ("quota-nearly-out", "0.03") if severity is Severity.CRITICAL else ("quota-low", "0.1")
    return Breach("quota:aliyun", rule, "aliyun", Metric.SHARE, Decimal(value), Decimal(bound), severity)


def step(alert: Alert | None, finding: Breach | None, minute: float) -> tuple[AlertChange, ...]:
    return lifecycle.step(
        alert, finding, T0 + minute * MINUTE, repeat=REPEAT, ack_expires=ACK_EXPIRES, clear_for=CLEAR_FOR
    )


def tick(alert: Alert, minute: float) -> tuple[AlertChange, ...]:
    return lifecycle.tick(alert, T0 + minute * MINUTE, repeat=REPEAT, ack_expires=ACK_EXPIRES, clear_for=CLEAR_FOR)


def what(changes: tuple[AlertChange, ...]) -> list[Happening]:
    return [change.what for change in changes]


def opened(severity: Severity = Severity.WARNING) -> Alert:
    (change,) = step(None, low(severity), 0)
    return replace(change.alert, number=5)


def acknowledged() -> Alert:
    return deeds.acknowledge(opened(), ANN, "buying 500k", T0, name="Ann").alert


# --- Opening, repeating ------------------------------------------------------------------------------------------------


def test_opens_once() -> None:
    (change,) = step(None, low(), 0)
    assert change.what is Happening.OPEN
    assert change.alert == Alert(
        number=0,
        fingerprint="quota:aliyun",
        rule="quota-low",
        metric=Metric.SHARE,
        account="aliyun",
        severity=Severity.WARNING,
        state=AlertState.OPEN,
        value=Decimal("0.09"),
        bound=Decimal("0.1"),
        opened_at=T0,
        last_told_at=T0,
        called_since=T0,
    )
    assert step(change.alert, low(), 0) == ()
    assert step(change.alert, low(), 29) == ()


def test_nothing_found_and_nothing_there() -> None:
    assert step(None, None, 0) == ()


def test_repeats_until_somebody_takes_it() -> None:
    alert = opened()
    (first,) = step(alert, low(value="0.08"), 30)
    assert (first.what, first.alert.value) == (Happening.REPEAT, Decimal("0.08"))
    assert what(step(first.alert, low(), 59)) == [Happening.STILL]  # with another figure
    assert what(step(first.alert, low(), 60)) == [Happening.REPEAT]
    assert what(tick(first.alert, 60)) == [Happening.REPEAT]
    assert tick(first.alert, 59) == ()


def test_gets_worse_once_and_stays_so() -> None:
    (worse,) = step(opened(), low(Severity.CRITICAL, "0.02"), 5)
    assert worse.what is Happening.WORSE
    assert (worse.alert.severity, worse.alert.rule, worse.alert.bound) == (
        Severity.CRITICAL,
        "quota-nearly-out",
        Decimal("0.03"),
    )
    better = step(worse.alert, low(), 6)
    assert what(better) == [Happening.STILL]
    assert step(worse.alert, low(Severity.CRITICAL, "0.02"), 7) == ()


@pytest.mark.parametrize("state", [AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.SNOOZED])
def test_the_latest_figure_is_kept_whoever_has_it(state: AlertState) -> None:
    alert = replace(opened(), state=state, acked_at=T0, snoozed_until=T0 + 60 * MINUTE)
    (still,) = step(alert, low(value="0.04"), 5)
    assert (still.what, still.alert) == (Happening.STILL, replace(alert, value=Decimal("0.04")))
    assert still.what not in TOLD
    assert step(still.alert, low(value="0.04"), 6) == ()


def test_what_is_over_is_told_with_the_figure_that_ended_it() -> None:
    def well(alert: Alert, figure: str, minute: float) -> Alert:
        (change,) = lifecycle.step(
            alert,
            None,
            T0 + minute * MINUTE,
            figure=Decimal(figure),
            repeat=REPEAT,
            ack_expires=ACK_EXPIRES,
            clear_for=CLEAR_FOR,
        )
        return change.alert

    clearing = well(opened(), "0.2", 5)
    assert clearing.value == Decimal("0.2")
    higher = well(clearing, "0.95", 6)
    assert (higher.value, higher.clear_since) == (Decimal("0.95"), T0 + 5 * MINUTE)
    over = well(higher, "0.94", 15)
    assert (over.state, over.value) == (AlertState.RESOLVED, Decimal("0.94"))


FEW = Breach("quota:aliyun", "aliyun-low", "aliyun", Metric.REMAINING, Decimal(9000), Decimal(10_000), Severity.WARNING)


def test_one_drop_seen_by_another_rule_goes_on_as_one_alert() -> None:
    (repeated,) = step(opened(), FEW, 30)
    assert repeated.what is Happening.REPEAT
    alert = repeated.alert
    assert (alert.rule, alert.metric, alert.value, alert.bound) == (FEW.rule, FEW.metric, FEW.value, FEW.bound)
    (worse,) = step(alert, low(Severity.CRITICAL, "0.02"), 31)
    assert (worse.what, worse.alert.metric, worse.alert.bound) == (Happening.WORSE, Metric.SHARE, Decimal("0.03"))


def test_what_became_better_is_told_with_the_bound_that_it_is_still_below() -> None:
    (repeated,) = step(opened(Severity.CRITICAL), low(value="0.09"), 30)
    alert = repeated.alert
    assert (alert.value, alert.bound, alert.rule) == (Decimal("0.09"), Decimal("0.1"), "quota-low")
    assert alert.severity is Severity.CRITICAL  # what was told once is not told again when it dances about the bound


def test_getting_worse_opens_what_was_acknowledged() -> None:
    (worse,) = step(acknowledged(), low(Severity.CRITICAL, "0.02"), 5)
    assert (worse.what, worse.alert.state, worse.alert.acked_by) == (Happening.WORSE, AlertState.OPEN, "")


# --- Empty -------------------------------------------------------------------------------------------------------------

GONE = low(Severity.CRITICAL, "0")


@pytest.mark.parametrize("state", [AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.SNOOZED])
def test_nothing_left_is_told_at_once_whoever_has_it(state: AlertState) -> None:
    alert = replace(opened(Severity.CRITICAL), state=state, acked_at=T0, acked_by=ANN, snoozed_until=T0 + 60 * MINUTE)
    (empty,) = step(alert, GONE, 1)
    assert (empty.what, empty.alert.state, empty.alert.acked_by) == (Happening.EMPTY, AlertState.OPEN, "")
    assert (empty.alert.empty_since, empty.alert.last_told_at) == (T0 + MINUTE, T0 + MINUTE)
    assert step(empty.alert, GONE, 2) == ()  # once
    (some,) = step(empty.alert, low(Severity.CRITICAL, "0.01"), 3)
    assert (some.what, some.alert.empty_since) == (Happening.STILL, None)


def test_empty_when_found_is_told_as_found() -> None:
    (change,) = step(None, GONE, 0)
    assert (change.what, change.alert.empty_since) == (Happening.OPEN, T0)
    assert step(change.alert, GONE, 1) == ()


def test_days_that_are_over_are_no_empty_package() -> None:
    over = Breach("d:a", "package-expires", "a", Metric.DAYS_LEFT, Decimal(0), Decimal(14), Severity.WARNING)
    (change,) = step(None, over, 0)
    assert change.alert.empty_since is None


def test_what_was_closed_while_still_so_opens_at_once_when_nothing_is_left() -> None:
    closed = deeds.resolve(opened(Severity.CRITICAL), BOB, "", T0).alert
    assert closed.put_aside
    (seen,) = step(closed, low(Severity.CRITICAL, "0.01"), 1)  # the list of alerts shows the latest figure
    assert (seen.what, seen.alert.value, seen.alert.put_aside) == (Happening.STILL, Decimal("0.01"), True)
    assert what(step(seen.alert, GONE, 2)) == [Happening.OPEN]


def test_what_was_closed_and_is_gone_is_no_longer_put_aside() -> None:
    closed = deeds.resolve(opened(), BOB, "", T0).alert
    (gone,) = step(closed, None, 1)
    assert (gone.what, gone.alert.put_aside, gone.alert.state) == (Happening.STILL, False, AlertState.RESOLVED)
    assert step(gone.alert, None, 2) == ()
    assert what(step(gone.alert, low(), 31)) == [Happening.OPEN]


# --- Acknowledged ------------------------------------------------------------------------------------------------------


def test_an_acknowledged_alert_is_silent_until_that_expires() -> None:
    alert = acknowledged()
    assert step(alert, low(), 239) == ()
    (expired,) = step(alert, low(), 240)
    assert expired.what is Happening.ACK_EXPIRED
    assert (expired.alert.state, expired.alert.acked_by, expired.alert.acked_at) == (AlertState.OPEN, "", None)
    assert step(expired.alert, low(), 241) == ()
    assert what(step(expired.alert, low(), 270)) == [Happening.REPEAT]
    assert tick(alert, 240) == (replace(expired, alert=replace(expired.alert, value=alert.value)),)


def test_acknowledge() -> None:
    answer = deeds.acknowledge(opened(), ANN, "buying 500k", T0 + MINUTE, name="Ann")
    assert (answer.result, answer.by) == (Result.DONE, "")
    alert = answer.alert
    assert (alert.state, alert.acked_by, alert.acked_by_name, alert.acked_at, alert.ack_note) == (
        AlertState.ACKNOWLEDGED,
        ANN,
        "Ann",
        T0 + MINUTE,
        "buying 500k",
    )


def test_of_two_at_once_one_wins_and_both_see_who() -> None:
    won = deeds.acknowledge(opened(), ANN, "", T0)
    lost = deeds.acknowledge(won.alert, BOB, "mine", T0)
    assert (lost.result, lost.by, lost.alert) == (Result.ANOTHERS, ANN, won.alert)


def test_ones_own_acknowledgement_is_renewed() -> None:
    again = deeds.acknowledge(acknowledged(), ANN, "", T0 + 60 * MINUTE)
    assert (again.result, again.alert.acked_at, again.alert.ack_note) == (
        Result.DONE,
        T0 + 60 * MINUTE,
        "buying 500k",
    )
    assert step(again.alert, low(), 250) == ()


def test_unacknowledge() -> None:
    back = deeds.unacknowledge(acknowledged(), T0 + 60 * MINUTE)
    assert (back.result, back.by, back.alert.state) == (Result.DONE, ANN, AlertState.OPEN)
    assert step(back.alert, low(), 89) == ()
    assert what(step(back.alert, low(), 90)) == [Happening.REPEAT]
    assert deeds.unacknowledge(opened(), T0).result is Result.NOT_ACKNOWLEDGED


# --- Clearing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("alert", [opened(), acknowledged()])
def test_resolves_itself_when_the_condition_has_been_gone_for_a_while(alert: Alert) -> None:
    (clearing,) = step(alert, None, 100)
    assert clearing.what is Happening.CLEARING
    assert clearing.what not in TOLD
    assert step(clearing.alert, None, 109) == ()
    (resolved,) = step(clearing.alert, None, 110)
    assert resolved.what is Happening.RESOLVE
    assert (resolved.alert.state, resolved.alert.resolved_at, resolved.alert.resolved_by) == (
        AlertState.RESOLVED,
        T0 + 110 * MINUTE,
        "",
    )
    assert tick(clearing.alert, 110) == (resolved,)
    assert step(resolved.alert, None, 120) == ()
    assert tick(resolved.alert, 1000) == ()


def test_nothing_is_repeated_while_it_clears() -> None:
    (clearing,) = step(opened(), None, 25)
    assert step(clearing.alert, None, 34) == ()


def test_back_before_it_was_resolved() -> None:
    (clearing,) = step(opened(), None, 5)
    (back,) = step(clearing.alert, low(), 8)
    assert (back.what, back.alert.clear_since, back.alert.opened_at) == (Happening.BACK, None, T0)
    assert what(step(clearing.alert, low(), 31)) == [Happening.BACK, Happening.REPEAT]
    assert what(step(clearing.alert, low(Severity.CRITICAL, "0.01"), 8)) == [Happening.BACK, Happening.WORSE]
    assert what(step(clearing.alert, low(Severity.CRITICAL, "0"), 8)) == [Happening.BACK, Happening.EMPTY]


def test_clearing_at_once_where_that_is_wished() -> None:
    changes = lifecycle.step(opened(), None, T0, repeat=REPEAT, ack_expires=ACK_EXPIRES, clear_for=timedelta(0))
    assert what(changes) == [Happening.CLEARING, Happening.RESOLVE]


def gone_by_itself(alert: Alert, minute: float) -> Alert:
    return replace(alert, state=AlertState.RESOLVED, clear_since=T0, resolved_at=T0 + minute * MINUTE)


def test_the_same_matter_much_later_is_another_alert() -> None:
    (again,) = step(gone_by_itself(opened(), 1), low(), 61)
    assert (again.what, again.alert.number, again.alert.opened_at) == (Happening.OPEN, 0, T0 + 61 * MINUTE)


def test_what_is_back_soon_is_the_same_alert_and_closes_later_each_time() -> None:
    (back,) = step(gone_by_itself(opened(), 1), low(), 60)
    alert = back.alert
    assert (back.what, alert.number, alert.opened_at, alert.flaps) == (Happening.REOPEN, 5, T0, 1)
    assert (alert.state, alert.resolved_at, alert.clear_since) == (AlertState.OPEN, None, None)
    (clearing,) = step(alert, None, 70)
    assert tick(clearing.alert, 89) == ()  # twice ten minutes
    assert what(tick(clearing.alert, 90)) == [Happening.RESOLVE]
    (often,) = step(replace(gone_by_itself(opened(), 1), flaps=30), None, 1) or (None,)
    assert often is None
    assert lifecycle.patience(replace(opened(), flaps=30), CLEAR_FOR) == 320 * MINUTE


# --- Resolved by hand --------------------------------------------------------------------------------------------------


def test_resolve_by_hand_leaves_it_alone_for_a_while() -> None:
    done = deeds.resolve(opened(), BOB, "bought", T0, name="Bob")
    assert (done.result, done.alert.resolved_by, done.alert.resolved_by_name, done.alert.resolve_note) == (
        Result.DONE,
        BOB,
        "Bob",
        "bought",
    )
    assert step(done.alert, low(), 29) == ()
    assert what(step(done.alert, low(Severity.CRITICAL, "0.01"), 1)) == [Happening.OPEN]
    assert what(step(done.alert, low(), 30)) == [Happening.OPEN]


def test_resolving_what_another_had_taken_names_them() -> None:
    assert deeds.resolve(acknowledged(), BOB, "", T0).by == ANN


def test_what_is_over_says_who_ended_it() -> None:
    done = deeds.resolve(opened(), BOB, "", T0).alert
    for answer in (
        deeds.resolve(done, ANN, "", T0),
        deeds.acknowledge(done, ANN, "", T0),
        deeds.unacknowledge(done, T0),
    ):
        assert (answer.result, answer.by, answer.alert) == (Result.OVER, BOB, done)


# --- Always ------------------------------------------------------------------------------------------------------------

FINDINGS = st.one_of(st.none(), st.builds(low, st.sampled_from(Severity)))
DEEDS = st.sampled_from(["measure", "measure", "measure", "tick", "ack-ann", "ack-bob", "unack", "resolve"])


@given(st.lists(st.tuples(DEEDS, FINDINGS, st.integers(0, 300)), max_size=30))
def test_never_opens_twice_and_never_tells_too_often(story: list[tuple[str, Breach | None, int]]) -> None:
    alert: Alert | None = None
    minute, number = 0, 0
    for deed, finding, later in story:
        minute += later
        before = alert
        changes: tuple[AlertChange, ...] = ()
        if deed == "measure":
            changes = step(alert, finding, minute)
        elif alert is None:
            continue
        elif deed == "tick":
            changes = tick(alert, minute)
        elif deed == "unack":
            alert = deeds.unacknowledge(alert, T0 + minute * MINUTE).alert
        elif deed == "resolve":
            alert = deeds.resolve(alert, BOB, "", T0 + minute * MINUTE).alert
        else:
            alert = deeds.acknowledge(alert, deed, "", T0 + minute * MINUTE).alert
        happened = what(changes)
        assert sum(one in TOLD for one in happened) <= 1
        if Happening.OPEN in happened or Happening.REOPEN in happened:
            assert before is None or before.state is AlertState.RESOLVED
        if Happening.REPEAT in happened:
            assert before is not None
            assert before.state is AlertState.OPEN
            assert T0 + minute * MINUTE - before.last_told_at >= REPEAT
        if changes:
            alert = changes[-1].alert
            if Happening.OPEN in happened:
                number += 1
                alert = replace(alert, number=number)
            assert alert.number == number
        if alert is not None:
            assert (alert.state is AlertState.RESOLVED) == (alert.resolved_at is not None)
            assert (alert.state is AlertState.ACKNOWLEDGED) <= bool(alert.acked_by)
        # The same measurement twice is one.
        if deed == "measure":
            assert step(alert, finding, minute) == ()


# --- Putting off -------------------------------------------------------------------------------------------------------


def snoozed(alert: Alert | None = None) -> Alert:
    return deeds.snooze(alert or opened(), BOB, T0 + 120 * MINUTE, name="Bob").alert


def test_what_is_put_off_is_silent_until_then_and_opens_again() -> None:
    alert = snoozed()
    assert (alert.state, alert.snoozed_by_name) == (AlertState.SNOOZED, "Bob")
    assert step(alert, low(), 119) == ()
    (woken,) = tick(alert, 120)
    assert (woken.what, woken.alert.state, woken.alert.snoozed_until) == (Happening.WOKEN, AlertState.OPEN, None)
    assert what(tick(woken.alert, 150)) == [Happening.REPEAT]


def test_what_is_put_off_closes_by_itself_and_opens_when_it_gets_worse() -> None:
    assert what(step(snoozed(), low(Severity.CRITICAL), 5)) == [Happening.WORSE]
    (clearing,) = step(snoozed(), None, 5)
    assert what(tick(clearing.alert, 16)) == [Happening.RESOLVE]


def test_putting_off_takes_it_from_whoever_had_it_and_the_other_way_round() -> None:
    alert = snoozed(acknowledged())
    assert (alert.acked_by, alert.snoozed_by) == ("", BOB)
    taken = deeds.acknowledge(alert, ANN, "", T0, name="Ann").alert
    assert (taken.state, taken.snoozed_until, taken.snoozed_by) == (AlertState.ACKNOWLEDGED, None, "")
    assert deeds.unacknowledge(alert, T0).alert.state is AlertState.OPEN
    ended = deeds.unsnooze(alert, T0 + MINUTE)
    assert (ended.result, ended.by, ended.alert.state) == (Result.DONE, BOB, AlertState.OPEN)
    assert ended.alert.last_told_at == T0 + MINUTE
    assert deeds.unsnooze(opened(), T0).result is deeds.unsnooze(taken, T0).result is Result.NOT_SNOOZED
    closed = deeds.resolve(alert, ANN, "", T0).alert
    assert deeds.snooze(closed, BOB, T0).result is Result.OVER
