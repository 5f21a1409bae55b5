"""Which repeats of an alert were not told: what lies between what happened, and nothing else."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.events import SYSTEM, Event
from bot.store.moments import to_text
from bot.watch.withheld import Because, nobody_for, withheld

T0 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
EVERY = timedelta(minutes=30)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def event(minutes: float, what: str, actor: str = "slack:U1", **data: Any) -> Event:
    return Event(int(minutes * 10), at(minutes), f"alert-{what}", None, 5, "aliyun", actor, data)


def told(*story: Event, now: float, quiet: tuple[float, float] = (0, 0)) -> list[tuple[float, float, int, str, str]]:
    found = withheld(story, EVERY, at(now), lambda when: at(quiet[0]) <= when < at(quiet[1]))
    return [
        (
            (one.first - T0) / timedelta(minutes=1),
            (one.last - T0) / timedelta(minutes=1),
            one.count,
            one.because,
            one.who,
        )
        for one in found
    ]


ACK, SNOOZE, QUIET = Because.ACKNOWLEDGED, Because.SNOOZED, Because.QUIET


@pytest.mark.parametrize(
    ("story", "now", "expected"),
    [
        ([event(0, "opened")], 20, []),
        ([event(0, "opened"), event(10, "acknowledged", who="mei")], 29, []),
        ([event(0, "opened"), event(10, "acknowledged", who="mei")], 70, [(30, 60, 2, ACK, "mei")]),
        # what was told last counts, not when it was taken
        (
            [event(0, "opened"), event(30, "repeated", SYSTEM), event(45, "acknowledged", who="mei")],
            95,
            [(60, 90, 2, ACK, "mei")],
        ),
        # renewed: still one row
        (
            [event(0, "opened"), event(10, "acknowledged", who="mei"), event(40, "acknowledged", who="mei")],
            70,
            [(30, 60, 2, ACK, "mei")],
        ),
        # taken, expired, taken again: two rows, for it was told in between
        (
            [
                event(0, "opened"),
                event(5, "acknowledged", who="mei"),
                event(65, "expired", SYSTEM),
                event(70, "acknowledged", who="mei"),
            ],
            130,
            [(30, 60, 2, ACK, "mei"), (95, 125, 2, ACK, "mei")],
        ),
        (
            [event(0, "opened"), event(5, "acknowledged", who="mei"), event(40, "given-back")],
            60,
            [(30, 30, 1, ACK, "mei")],
        ),
        (
            [event(0, "opened"), event(5, "acknowledged", who="mei"), event(40, "resolved")],
            600,
            [(30, 30, 1, ACK, "mei")],
        ),
        (
            [event(0, "opened"), event(5, "snoozed", who="bo", until=to_text(at(65)))],
            300,
            [(30, 60, 2, SNOOZE, "bo")],
        ),
        # who takes what was put off
        (
            [
                event(0, "opened"),
                event(5, "snoozed", who="bo", until=to_text(at(200))),
                event(50, "acknowledged", who="mei"),
            ],
            95,
            [(30, 30, 1, SNOOZE, "bo"), (60, 90, 2, ACK, "mei")],
        ),
    ],
)
def test_what_silenced_it(story: list[Event], now: float, expected: list[tuple[float, float, int, str, str]]) -> None:
    assert told(*story, now=now) == expected


def test_quiet_hours_hold_back_repeats_but_not_those_of_what_was_never_told() -> None:
    assert told(event(0, "opened"), now=200, quiet=(20, 100)) == [(30, 90, 3, QUIET, "")]
    assert told(event(0, "opened", waits="quiet hours"), now=200, quiet=(0, 180)) == []


def test_for_how_long_nobody_had_taken_it() -> None:
    story = [
        event(0, "opened", SYSTEM),
        event(15, "escalated", SYSTEM),
        event(20, "repeated", SYSTEM),
        event(30, "escalated", SYSTEM),
        event(40, "acknowledged"),
        event(60, "given-back"),
        event(70, "escalated"),  # by a person: nothing was waited for
        event(75, "escalated", SYSTEM),
    ]
    assert {number // 10: span / timedelta(minutes=1) for number, span in nobody_for(story).items()} == {
        15: 15,
        30: 30,
        75: 15,
    }


steps = st.lists(
    st.tuples(
        st.integers(1, 200),
        st.sampled_from(["opened", "repeated", "acknowledged", "given-back", "snoozed", "woken", "worse", "resolved"]),
    ),
    max_size=15,
)


@given(steps, st.integers(0, 500))
def test_every_row_lies_between_what_happened_and_on_the_beat_of_what_was_told(
    steps: list[tuple[int, str]], after: int
) -> None:
    story, minutes = [event(0, "opened")], 0
    for pause, what in steps:
        minutes += pause
        until = {"until": to_text(at(minutes + 90))} if what == "snoozed" else {}
        story.append(event(minutes, what, who="mei", **until))
    now = at(minutes + after)
    rows = withheld(story, EVERY, now)
    for row in rows:
        assert row.count >= 1
        assert row.last - row.first == (row.count - 1) * EVERY
        assert row.last <= now
        silent = [one for one in story if one.at <= row.first][-1]
        assert silent.what in ("alert-acknowledged", "alert-snoozed")
        last_told = [
            one.at
            for one in story
            if one.at <= row.first and one.what not in ("alert-acknowledged", "alert-snoozed", "alert-resolved")
        ][-1]
        assert (row.first - last_told) % EVERY == timedelta(0)
    for one, following in pairwise(rows):
        assert one.last < following.first
