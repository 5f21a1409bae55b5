"""Whether a stored moment has come, on a clock that may be set."""

from datetime import datetime, timedelta

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.due import CORRECTION, due, furthest, over, set_back
from bot.store.moments import to_text
from tests.stage import MONDAY

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
YEAR = 365 * DAY
JUMPS = st.timedeltas(-YEAR, YEAR)


@pytest.mark.parametrize(
    ("planned", "widest", "come"),
    [
        (timedelta(0), HOUR, True),
        (-HOUR, HOUR, True),
        (-YEAR, HOUR, True),
        (timedelta(seconds=1), HOUR, False),
        (HOUR, HOUR, False),
        (HOUR + timedelta(seconds=30), HOUR, False),  # an ordinary correction of the clock
        (HOUR + 2 * CORRECTION, HOUR, True),
        (2 * HOUR, HOUR, True),
        (YEAR, HOUR, True),
    ],
)
def test_a_moment_has_come_or_can_never_have_been_planned(planned: timedelta, widest: timedelta, come: bool) -> None:
    assert due(MONDAY + planned, MONDAY, widest) is come
    assert over(MONDAY + planned - widest, MONDAY, widest) is come


@given(st.timedeltas(timedelta(0), 7 * DAY), st.timedeltas(timedelta(0), 7 * DAY), JUMPS)
def test_wherever_the_clock_is_set_nothing_waits_longer_than_its_widest_pause(
    pause: timedelta, more: timedelta, jump: timedelta
) -> None:
    widest = pause + more
    at, now = MONDAY + pause, MONDAY + jump
    assert due(at, now, widest) or due(at, now + widest + CORRECTION, widest)


@given(st.timedeltas(timedelta(0), DAY), st.timedeltas(-DAY, 2 * DAY))
def test_while_nobody_sets_the_clock_it_is_the_plain_comparison(pause: timedelta, passed: timedelta) -> None:
    now = MONDAY + max(passed, timedelta(0))
    assert due(MONDAY + pause, now, DAY) == (MONDAY + pause <= now)


@given(JUMPS, JUMPS, st.timedeltas(timedelta(0), 30 * DAY))
def test_the_record_asks_the_same(at: timedelta, jump: timedelta, widest: timedelta) -> None:
    """To the millisecond, which is how moments stand there."""
    planned, now = whole(MONDAY + at), whole(MONDAY + jump)
    db = sqlite_utils.Database(memory=True)
    values = {"at": to_text(planned), "now": to_text(now), "furthest": to_text(furthest(now, whole_span(widest)))}
    (row,) = db.query("SELECT :at <= :now OR :at > :furthest AS come", values)
    assert bool(row["come"]) is due(planned, now, whole_span(widest))


def test_a_clock_is_set_back_when_what_is_past_lies_ahead() -> None:
    assert not set_back(MONDAY, MONDAY)
    assert not set_back(MONDAY + CORRECTION, MONDAY)
    assert set_back(MONDAY + 2 * CORRECTION, MONDAY)
    assert not set_back(MONDAY - YEAR, MONDAY)


def whole(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def whole_span(span: timedelta) -> timedelta:
    return timedelta(milliseconds=span // timedelta(milliseconds=1))
