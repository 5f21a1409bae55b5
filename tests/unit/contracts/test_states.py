"""The table of moves between the states, and the page that shows it."""

from pathlib import Path

import pytest

from bot.contracts.errors import SignpostError
from bot.contracts.model import State
from bot.contracts.states import AT_VENDOR, FINAL, IN_FLIGHT, MOVES, OPEN, IllegalMove, allowed, check, diagram

STATES_PAGE = Path(__file__).parents[3] / "docs" / "states.md"


def test_every_state_has_its_row_and_can_be_reached() -> None:
    assert set(MOVES) == set(State)
    reached = set().union(*MOVES.values())
    assert reached | {State.DRAFT} == set(State)


def test_no_state_leads_to_itself() -> None:
    # Queued to queued would hide a second intent; asking again from `submitting` is a move of its own.
    assert [state for state in State if allowed(state, state)] == []


def test_final_states() -> None:
    assert {State.DELETED, State.CANCELLED} == FINAL


def test_sets_do_not_overlap() -> None:
    assert not OPEN & IN_FLIGHT
    assert not (OPEN | IN_FLIGHT) & FINAL


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.DRAFT, State.QUEUED),
        (State.AWAITING_APPROVAL, State.DRAFT),
        (State.QUEUED, State.REJECTED),
        (State.SUBMITTING, State.UNKNOWN),
        (State.SUBMITTING, State.QUEUED),
        (State.UNKNOWN, State.FAILED),
        (State.READY, State.REJECTED),
        (State.REJECTED, State.DRAFT),
        (State.FAILED, State.CANCELLED),
    ],
)
def test_allowed(before: State, after: State) -> None:
    check(before, after)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (State.DRAFT, State.SUBMITTING),  # never without a stored intent
        (State.UNKNOWN, State.SUBMITTING),  # never called again
        (State.UNKNOWN, State.QUEUED),
        (State.IN_REVIEW, State.SUBMITTING),
        (State.DELETED, State.QUEUED),
        (State.CANCELLED, State.QUEUED),
        (State.QUEUED, State.UNKNOWN),  # nothing can be lost that was not called
    ],
)
def test_refused(before: State, after: State) -> None:
    assert not allowed(before, after)
    with pytest.raises(IllegalMove, match=f"from {before} to {after}") as caught:
        check(before, after)
    assert isinstance(caught.value, SignpostError)
    assert isinstance(caught.value, ValueError)


def test_an_edit_can_fall_back_to_where_it_began() -> None:
    for state in State:
        if allowed(state, State.QUEUED) and state in AT_VENDOR:
            assert allowed(State.QUEUED, state)
            assert allowed(State.SUBMITTING, state)
            assert allowed(State.UNKNOWN, state)


def test_the_page_shows_exactly_the_table() -> None:
    page = STATES_PAGE.read_text(encoding="utf-8")
    assert f"```mermaid\n{diagram()}```\n" in page
    assert [f"`{state}`" for state in State if f"| `{state}` |" not in page] == []
