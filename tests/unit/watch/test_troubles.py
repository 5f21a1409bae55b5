"""What came of calls over time, and what deserves that somebody looks."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.alert import CALLS, Metric, Severity
from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.trouble import Call, Run
from bot.watch.troubles import LIMITS, LONG, ask_at, breaches, going_on, heard, measured, met, pause
from tests.given import MONDAY

MINUTE = timedelta(minutes=1)

DOWN = Unavailable("connection", "no connection")
BROKEN = Unavailable("HTTP 503", "not JSON")
LOST = AnswerLost("connection", "no answer")
FAST = Throttled("Throttling")
KEY = Refused("InvalidAccessKeyId", "no such key", request_id="R1", trouble=Trouble.CREDENTIALS)
RIGHT = Refused("NoPermission", trouble=Trouble.PERMISSION)
DEBT = Refused("Arrears", trouble=Trouble.ACCOUNT)
EMPTY = Refused("18013", trouble=Trouble.EMPTY)
ODD = Refused("Odd", trouble=Trouble.UNEXPECTED)
WRONG = Refused("NameTaken", trouble=Trouble.INPUT)

READ, CHANGE, SEND, QUOTA = Call.READ, Call.CHANGE, Call.SEND, Call.QUOTA

Outcome = tuple[float, Call, VendorError | None]
"""Minutes since the beginning, what kind of call, what came of it."""

Told = tuple[str, Severity, float]
"""The limit, how urgent, for how many minutes."""


def after(outcomes: Sequence[Outcome], runs: tuple[Run, ...] = ()) -> tuple[Run, ...]:
    for minutes, call, error in outcomes:
        runs = heard(runs, call, error, MONDAY + minutes * MINUTE)
    return runs


def told(outcomes: Sequence[Outcome], standing: Sequence[Metric] = ()) -> list[Told]:
    found = breaches("aliyun", after(outcomes), standing)
    return [(one.rule, one.severity, float(one.value)) for one in found]


WARNING, CRITICAL = Severity.WARNING, Severity.CRITICAL

SILENT_AT_FIVE = [("vendor-silent", WARNING, 5.0)]

OVER_TIME: dict[str, tuple[list[Outcome], list[Told]]] = {
    "nothing was asked": ([], []),
    "one answer": ([(0, READ, None)], []),
    "one call that failed": ([(0, READ, DOWN)], []),
    "down for two minutes": ([(0, READ, DOWN), (1, READ, DOWN), (2, READ, DOWN)], []),
    "down, and nobody asked for an hour": ([(0, READ, DOWN), (1, READ, DOWN)], []),
    "down for five minutes": ([(0, READ, DOWN), (5, READ, DOWN)], SILENT_AT_FIVE),
    "just short of five minutes": ([(0, READ, DOWN), (4.99, READ, DOWN)], []),
    "down for half an hour": ([(0, READ, DOWN), (30, READ, DOWN)], [("vendor-silent-long", CRITICAL, 30.0)]),
    "both pollers, and whoever submits": (
        [(0, READ, DOWN), (0, QUOTA, DOWN), (2, CHANGE, DOWN), (5, QUOTA, DOWN)],
        SILENT_AT_FIVE,
    ),
    "first out of reach, then broken, then lost": (
        [(0, READ, DOWN), (2, READ, BROKEN), (5, CHANGE, LOST)],
        SILENT_AT_FIVE,
    ),
    "answered in between": ([(0, READ, DOWN), (3, READ, None), (4, READ, DOWN), (6, READ, DOWN)], []),
    "a no to what was typed is an answer": ([(0, CHANGE, DOWN), (3, CHANGE, WRONG), (6, CHANGE, DOWN)], []),
    "what was asked answers for what was sent": ([(0, CHANGE, DOWN), (3, READ, None), (6, CHANGE, DOWN)], []),
    "quota has an address of its own": ([(0, QUOTA, DOWN), (3, READ, None), (5, QUOTA, DOWN)], SILENT_AT_FIVE),
    "reviews are down, quota answers": ([(0, READ, DOWN), (3, QUOTA, None), (5, READ, DOWN)], SILENT_AT_FIVE),
    "throttled for a moment": ([(0, READ, FAST), (4, READ, FAST)], []),
    "throttled for long": ([(0, CHANGE, FAST), (7, CHANGE, FAST)], [("vendor-throttled", WARNING, 7.0)]),
    "throttled when it changes, not when it asks": (
        [(0, CHANGE, FAST), (3, READ, None), (30, CHANGE, FAST)],
        [("vendor-throttled-long", CRITICAL, 30.0)],
    ),
    "the key, once": ([(0, READ, KEY)], []),
    "the key, by both pollers at once": ([(0, READ, KEY), (0, QUOTA, KEY)], []),
    "the key, in every call of one round": ([(0, READ, KEY), (0.1, READ, KEY), (0.3, CHANGE, KEY)], []),
    "the key, half a minute later": ([(0, READ, KEY), (0.5, QUOTA, KEY)], [("vendor-credentials", CRITICAL, 0.5)]),
    "the key, a minute later": ([(0, QUOTA, KEY), (1, QUOTA, KEY)], [("vendor-credentials", CRITICAL, 1.0)]),
    "the key, with an answer in between": ([(0, READ, KEY), (0.2, READ, None), (0.5, READ, KEY)], []),
    "a right, of quota only": (
        [(0, QUOTA, RIGHT), (0.5, READ, None), (1, QUOTA, RIGHT)],
        [("vendor-permission", CRITICAL, 1.0)],
    ),
    "in debt: it answers, but takes nothing": (
        [(0, CHANGE, DEBT), (0.2, READ, None), (0.5, CHANGE, DEBT)],
        [("vendor-account", CRITICAL, 0.5)],
    ),
    "in debt no more": ([(0, CHANGE, DEBT), (0.5, CHANGE, DEBT), (1, CHANGE, None)], []),
    "nothing left to send with, at the first word": ([(0, SEND, EMPTY)], [("vendor-account", CRITICAL, 0.0)]),
    "nothing left, though all else is taken": (
        [(0, SEND, EMPTY), (1, CHANGE, None), (2, READ, None), (3, QUOTA, None)],
        [("vendor-account", CRITICAL, 0.0)],
    ),
    "something is left again": ([(0, SEND, EMPTY), (9, SEND, None)], []),
    "a number that is none is no trouble": ([(0, SEND, WRONG), (9, SEND, WRONG)], []),
    "a word nobody knows, to a question": ([(0, READ, ODD), (5, READ, ODD)], [("vendor-refusing", WARNING, 5.0)]),
    "a word nobody knows, to a change": ([(0, CHANGE, ODD), (5, CHANGE, ODD)], []),
    "a question refused for its input": ([(0, READ, WRONG), (6, READ, WRONG)], [("vendor-refusing", WARNING, 6.0)]),
    "down, then back with the key refused": (
        [(0, READ, DOWN), (6, READ, DOWN), (7, READ, KEY), (8, READ, KEY)],
        [("vendor-credentials", CRITICAL, 1.0)],
    ),
    "the key refused, then down": (
        [(0, READ, KEY), (1, READ, KEY), (2, READ, DOWN), (7, READ, DOWN)],
        [("vendor-credentials", CRITICAL, 1.0), *SILENT_AT_FIVE],
    ),
    "two troubles of two kinds of calls": (
        [(0, QUOTA, RIGHT), (0, READ, DOWN), (1, QUOTA, RIGHT), (5, READ, DOWN)],
        [("vendor-permission", CRITICAL, 1.0), *SILENT_AT_FIVE],
    ),
}


@pytest.mark.parametrize("name", OVER_TIME)
def test_what_came_of_calls_over_time(name: str) -> None:
    outcomes, expected = OVER_TIME[name]
    assert told(outcomes) == expected


def test_while_its_alert_stands_a_trouble_is_over_when_it_is_gone_not_when_it_flickers() -> None:
    flicker: list[Outcome] = [(0, READ, DOWN), (6, READ, DOWN), (7, READ, None), (8, READ, DOWN)]
    assert told(flicker) == []
    assert told(flicker, [Metric.SILENT]) == [("vendor-silent", WARNING, 0.0)]
    assert told(flicker[:3], [Metric.SILENT]) == []
    assert told(flicker, [Metric.THROTTLED]) == []


def test_a_breach_carries_the_latest_words() -> None:
    (found,) = breaches("aliyun", after([(0, READ, KEY), (1, QUOTA, KEY)]), ())
    assert (found.fingerprint, found.metric, found.bound) == (
        "vendor.credentials:aliyun",
        Metric.CREDENTIALS,
        Decimal(0),
    )
    assert found.refusal is not None
    assert (found.refusal.code, found.refusal.request_id) == ("InvalidAccessKeyId", "R1")
    (silent,) = breaches("aliyun", after([(0, READ, DOWN), (5, QUOTA, BROKEN)]), ())
    assert silent.refusal is not None
    assert silent.refusal.code == "HTTP 503"


def test_when_to_ask_for_no_other_reason() -> None:
    def at(outcomes: Sequence[Outcome], asked: datetime | None = None, *, now: float) -> float | None:
        due = ask_at(after(outcomes), asked, MONDAY + now * MINUTE)
        return None if due is None else (due - MONDAY) / MINUTE

    assert at([], now=0) is None
    assert at([(0, READ, None)], now=0) is None
    assert at([(0, READ, DOWN)], now=0) == 1
    assert at([(0, CHANGE, KEY), (0.5, READ, KEY)], now=0.5) == 1.5
    assert at([(0, READ, DOWN)], MONDAY + 3 * MINUTE, now=3) == 4  # whoever asks has not heard yet
    assert at([(0, READ, DOWN), (30, READ, DOWN)], now=30) == 35
    for told_nothing in ((0, QUOTA, DOWN), (0, CHANGE, DEBT), (0, READ, RIGHT), (0, CHANGE, FAST)):
        assert at([told_nothing], now=0) is None
    assert pause(after([(0, QUOTA, DOWN)]), MONDAY) == MINUTE
    assert pause(after([(0, QUOTA, DOWN)]), MONDAY + LONG) == 5 * MINUTE


def test_every_trouble_has_its_limits_the_milder_first() -> None:
    assert {limit.metric for limit in LIMITS} == CALLS
    assert len({limit.name for limit in LIMITS}) == len(LIMITS)
    for metric in CALLS:
        limits = [limit for limit in LIMITS if limit.metric is metric]
        for milder, worse in pairwise(limits):
            assert (milder.minutes, milder.severity.rank) < (worse.minutes, worse.severity.rank)


errors = st.sampled_from([None, DOWN, BROKEN, LOST, FAST, KEY, RIGHT, DEBT, EMPTY, ODD, WRONG])
gaps = st.floats(0, 40).map(lambda minutes: round(minutes, 1))
stories = st.lists(st.tuples(gaps, st.sampled_from(Call), errors), max_size=12)


@given(stories)
def test_whatever_comes_of_calls(story: list[Outcome]) -> None:
    outcomes: list[Outcome] = []
    clock = 0.0
    for gap, call, error in story:
        clock += gap
        outcomes.append((clock, call, error))
    runs = after(outcomes)
    found = breaches("aliyun", runs, ())
    assert len({one.fingerprint for one in found}) == len(found)  # one alert for a trouble, whoever met it
    assert {one.fingerprint for one in found} <= set(measured("aliyun"))
    for run in going_on(runs):
        assert run.times <= sum(
            1 for _, call, error in outcomes if error is not None and met(error, call) is run.metric
        )
        assert run.last_at - run.since <= timedelta(minutes=clock)
    answered = [(call, error) for _, call, error in outcomes[-1:] if error is None]
    assert not any(run.call is call for run in runs for call, _ in answered)
    assert after([(clock, call, None) for call in Call], runs) == ()  # every kind is answered: nothing goes on
