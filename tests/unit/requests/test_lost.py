"""What a look-up says after a lost answer, and when to look again."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import State
from bot.contracts.vendor import Seen
from bot.requests import lost
from bot.requests.lost import CLOCKS_APART, Verdict
from tests.given import MONDAY, a_request

# --- Is it ours? -------------------------------------------------------------------------------------------------------


def candidate(ref: str, created_at: datetime | None = MONDAY) -> Seen:
    return Seen(ref=ref, name="速达物流", state=State.IN_REVIEW, word="0", created_at=created_at)


UNKNOWN = a_request(State.UNKNOWN, vendor_ref="")


def test_settled_found() -> None:
    answer = lost.settled(UNKNOWN, [candidate("old"), candidate("new")], frozenset({"old"}), MONDAY)
    assert (answer.verdict, answer.seen) == (Verdict.FOUND, candidate("new"))


def test_settled_absent() -> None:
    long_ago = candidate("elder", MONDAY - CLOCKS_APART - timedelta(seconds=1))
    answer = lost.settled(UNKNOWN, [candidate("old"), long_ago], frozenset({"old"}), MONDAY)
    assert (answer.verdict, answer.seen) == (Verdict.ABSENT, None)


def test_a_fast_clock_of_ours_does_not_hide_what_is_ours() -> None:
    answer = lost.settled(UNKNOWN, [candidate("new", MONDAY - timedelta(minutes=14))], frozenset(), MONDAY)
    assert answer.verdict is Verdict.FOUND


def test_settled_ambiguous_unless_it_is_one_thing_listed_twice() -> None:
    assert lost.settled(UNKNOWN, [candidate("a"), candidate("b")], frozenset(), MONDAY).verdict is Verdict.AMBIGUOUS
    assert lost.settled(UNKNOWN, [candidate("a"), candidate("a")], frozenset(), MONDAY).verdict is Verdict.FOUND


def test_a_thing_without_a_time_can_be_ours() -> None:
    assert lost.settled(UNKNOWN, [candidate("a", None)], frozenset(), MONDAY).verdict is Verdict.FOUND


# --- Did the edit arrive? ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("prior", "shown", "took"),
    [
        (State.REJECTED, State.IN_REVIEW, True),  # a new review shows in the state
        (State.READY, State.IN_REVIEW, True),
        (State.READY, State.REJECTED, True),  # and may be over already
        (State.READY, State.READY, False),
        (State.IN_REVIEW, State.IN_REVIEW, False),
        (State.READY, None, False),  # a word that nobody knows proves nothing
    ],
)
def test_a_lost_edit_shows_in_the_state(prior: State, shown: State | None, took: bool) -> None:
    request = a_request(State.UNKNOWN, prior=prior, proposed={"remark": "new"}, values={"remark": "old"})
    assert lost.took_edit(request, Seen("ref", "速达物流", shown, "0")) is took


OLD, NEW = "旧 ${code}", "新 ${code}，${minutes} 分钟"


@pytest.mark.parametrize(
    ("name", "content", "took"),
    [
        ("速达", NEW, True),
        ("速达", "", True),
        ("速达物流", NEW, True),
        ("速达物流", "新 {1}，{2} 分钟", True),  # as Tencent and UCloud write it
        ("速达物流", OLD, False),
        ("速达物流", "旧 {1}", False),
        ("速达物流", "", False),
        ("别的", "别的", False),
    ],
)
def test_where_the_state_stays_the_name_or_the_text_tells(name: str, content: str, took: bool) -> None:
    request = a_request(
        State.UNKNOWN, prior=State.IN_REVIEW, proposed={"name": "速达", "content": NEW}, values={"content": OLD}
    )
    assert lost.took_edit(request, Seen("ref", name, State.IN_REVIEW, "0", content=content)) is took


def test_what_the_edit_did_not_change_proves_nothing() -> None:
    request = a_request(
        State.UNKNOWN, prior=State.IN_REVIEW, proposed={"content": OLD, "remark": "new"}, values={"content": OLD}
    )
    assert not lost.took_edit(request, Seen("ref", request.name, State.IN_REVIEW, "0", content=OLD))


# --- When to look again ------------------------------------------------------------------------------------------------


def test_settling_asks_quickly_and_is_certain_after_a_minute() -> None:
    at = lost.first_settle(MONDAY)
    offsets, looks = [], 0
    while True:
        offsets.append((at - MONDAY).total_seconds())
        looks += 1
        again = lost.next_settle(looks, MONDAY, at)
        if again is None:
            break
        at = again
    assert offsets == [5, 20, 50, 110]


def test_three_looks_in_the_first_minute_are_not_enough() -> None:
    assert not lost.absent(3, MONDAY, MONDAY + timedelta(seconds=59))
    assert not lost.absent(2, MONDAY, MONDAY + timedelta(hours=1))
    assert lost.absent(3, MONDAY, MONDAY + timedelta(seconds=60))


def test_settling_goes_on_after_a_long_stop() -> None:
    later = MONDAY + timedelta(hours=5)
    assert lost.next_settle(1, MONDAY, later) == later + timedelta(seconds=15)


def test_settling_scales() -> None:
    assert lost.first_settle(MONDAY, 0.1) == MONDAY + timedelta(seconds=0.5)
    assert lost.next_settle(1, MONDAY, MONDAY, scale=0.1) == MONDAY + timedelta(seconds=1.5)
    assert lost.absent(3, MONDAY, MONDAY + timedelta(seconds=6), scale=0.1)


@given(st.integers(1, 50), st.timedeltas(timedelta(0), timedelta(hours=2)))
def test_settling_ends_or_looks_again_soon(looks: int, age: timedelta) -> None:
    now = MONDAY + age
    again = lost.next_settle(looks, MONDAY, now)
    assert (again is None) == lost.absent(looks, MONDAY, now)
    assert again is None or timedelta(seconds=5) <= again - now <= timedelta(seconds=120)
