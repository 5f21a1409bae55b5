"""The stored moments of the program and what comes of them when the clock is set: one row each, to be read.

Each row makes something at `MONDAY` whose moment lies as far ahead as it can, and says whether it has come at another
time. Set back by two hours, two days or a year, it comes at once or after its widest pause, never later; while nobody
sets the clock, not before its time.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.contracts.alert import Alert, AlertState, Metric, Severity
from bot.contracts.model import Actor, Place, Question, State
from bot.requests import lost, sending
from bot.watch import lifecycle
from bot.watch.rules import Breach
from integrations.dingtalk.allowance import LOOK_AGAIN, Allowance
from integrations.dingtalk.limits import A_MINUTE, MARGIN, MESSAGES, PENALTY, Minute
from tests.given import a_request
from tests.stage import MONDAY

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))

REPEAT, ACK, CLEAR = 30 * MINUTE, 4 * HOUR, 10 * MINUTE

ALERT = Alert(
    number=5,
    fingerprint="f",
    rule="low",
    metric=Metric.DAYS_LEFT,
    account="aliyun",
    severity=Severity.WARNING,
    state=AlertState.OPEN,
    value=Decimal(1),
    bound=Decimal(7),
    opened_at=MONDAY,
    last_told_at=MONDAY,
)
BREACH = Breach("f", "low", "aliyun", Metric.DAYS_LEFT, Decimal(1), Decimal(7), Severity.WARNING)


def ticked(**changes: object) -> Callable[[datetime], bool]:
    alert = replace(ALERT, **changes)  # type: ignore[arg-type]
    return lambda now: bool(lifecycle.tick(alert, now, repeat=REPEAT, ack_expires=ACK, clear_for=CLEAR))


def opened_again(now: datetime) -> bool:
    closed = replace(ALERT, state=AlertState.RESOLVED, resolved_at=MONDAY, resolved_by="slack:U1")
    return bool(lifecycle.step(closed, BREACH, now, repeat=REPEAT, ack_expires=ACK, clear_for=CLEAR))


def sent_again(now: datetime) -> bool:
    return sending.may_go(a_request(State.QUEUED, next_look_at=MONDAY + sending.LONGEST_PAUSE), now)


def minute_has_room(now: datetime) -> bool:
    minute = Minute()
    for _ in range(MESSAGES):
        minute.sent("a", MONDAY)
    return minute.wait("a", now, answer=True) <= timedelta(0)


def shut_is_open(now: datetime) -> bool:
    minute = Minute()
    minute.refused("a", MONDAY - MINUTE)
    minute.refused("a", MONDAY)
    return minute.wait("a", now) <= timedelta(0)


def allowance_is_asked(now: datetime) -> bool:
    moment = [MONDAY]
    allowance = Allowance(100, lambda: moment[0])
    allowance.refused()
    moment[0] = now
    return not allowance.spent


def certain(now: datetime) -> bool:
    return lost.absent(4, MONDAY, now)


MOMENTS: Mapping[str, tuple[timedelta, Callable[[datetime], bool]]] = {
    # what waits                                        its widest pause          has it come?
    "an open alert is told again": (REPEAT, ticked()),
    "an acknowledgement ends": (ACK, ticked(state=AlertState.ACKNOWLEDGED, acked_at=MONDAY, acked_by="slack:U1")),
    "a snoozed alert wakes": (
        lifecycle.LONGEST_SNOOZE,
        ticked(state=AlertState.SNOOZED, snoozed_until=MONDAY + lifecycle.LONGEST_SNOOZE),
    ),
    "what is well again closes": (CLEAR, ticked(clear_since=MONDAY)),
    "what was closed by hand opens again": (REPEAT, opened_again),
    "what was throttled is sent again": (sending.LONGEST_PAUSE, sent_again),
    "a lost call is certain not to have arrived": (lost.ABSENT_AFTER, certain),
    "DingTalk: a full minute has room again": (A_MINUTE + MARGIN, minute_has_room),
    "DingTalk: a conversation that was shut opens": (PENALTY, shut_is_open),
    "DingTalk: a spent allowance is tried again": (LOOK_AGAIN, allowance_is_asked),
}
EACH = pytest.mark.parametrize(("widest", "come"), list(MOMENTS.values()), ids=list(MOMENTS))


@EACH
def test_not_before_its_time_while_nobody_sets_the_clock(widest: timedelta, come: Callable[[datetime], bool]) -> None:
    assert not come(MONDAY + SECOND)
    assert not come(MONDAY + widest - SECOND)
    assert come(MONDAY + widest + SECOND)


@EACH
@pytest.mark.parametrize("back", [2 * HOUR, 2 * DAY, 365 * DAY], ids=["2 h", "2 days", "a year"])
def test_set_back_it_comes_within_its_widest_pause(
    widest: timedelta, come: Callable[[datetime], bool], back: timedelta
) -> None:
    now = MONDAY - back
    assert come(now) or come(now + widest + MINUTE)


@EACH
@pytest.mark.parametrize("ahead", [2 * HOUR, 8 * DAY, 365 * DAY], ids=["2 h", "8 days", "a year"])
def test_set_forward_it_has_come_once_its_pause_is_over(
    widest: timedelta, come: Callable[[datetime], bool], ahead: timedelta
) -> None:
    assert come(MONDAY + widest + ahead)


def test_an_alert_is_told_once_for_each_time_the_clock_is_set() -> None:
    alert, told = ALERT, 0
    for jump in (-2 * HOUR, timedelta(0), -365 * DAY, timedelta(0), 2 * DAY, timedelta(0)):
        for seconds in range(0, 600, 60):
            changes = lifecycle.tick(
                alert, MONDAY + jump + seconds * SECOND, repeat=REPEAT, ack_expires=ACK, clear_for=CLEAR
            )
            told += len(changes)
            alert = changes[-1].alert if changes else alert
    assert told == 6


def test_a_question_begins_anew_and_keeps_its_spans() -> None:
    asked = Question(Place("slack", "C1"), Actor("slack", "U1"), {}, MONDAY, MONDAY + DAY, MONDAY + 30 * MINUTE)
    now = MONDAY - 365 * DAY
    anew = asked.begun_anew(now)
    assert (anew.asked_at, anew.expires_at, anew.remind_at) == (now, now + DAY, now + 30 * MINUTE)
    assert replace(asked, remind_at=None).begun_anew(now).remind_at is None
