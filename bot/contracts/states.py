"""Where a request can stand, and every move between these states (spec 2); `docs/states.md` shows them."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.contracts.errors import SignpostError
from bot.contracts.model import State

AT_VENDOR = frozenset(
    {State.IN_REVIEW, State.APPROVED, State.READY, State.REJECTED, State.WITHDRAWN, State.DISABLED},
)
"""The vendor has it and says how it stands; only these are moved by a vendor's news."""


_ORDERED = frozenset({State.QUEUED, State.AWAITING_APPROVAL})
"""Somebody ordered something: it goes out, or a second person must agree first."""


def _drift(state: State) -> frozenset[State]:
    """What a vendor may say next of a thing it has: anything, since two moves can lie between two looks."""
    return (AT_VENDOR | {State.DELETED}) - {state}


MOVES: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        # The last three: done in the vendor's console by a person, who says so.
        State.DRAFT: _ORDERED | {State.CANCELLED, State.IN_REVIEW, State.READY, State.REJECTED},
        # Agreed to, given up, or back to where it began: a draft, or where the vendor has it by then.
        State.AWAITING_APPROVAL: AT_VENDOR | {State.QUEUED, State.CANCELLED, State.DRAFT, State.DELETED},
        # Given up, sent, or back to where an edit or a delete began.
        State.QUEUED: AT_VENDOR | {State.SUBMITTING, State.CANCELLED, State.FAILED, State.DRAFT},
        State.SUBMITTING: AT_VENDOR | {State.FAILED, State.UNKNOWN, State.DELETED, State.QUEUED},
        State.UNKNOWN: AT_VENDOR | {State.FAILED, State.DELETED},
        State.IN_REVIEW: _drift(State.IN_REVIEW) | _ORDERED,
        State.APPROVED: _drift(State.APPROVED) | _ORDERED,
        State.READY: _drift(State.READY) | _ORDERED,
        State.REJECTED: _drift(State.REJECTED) | _ORDERED | {State.DRAFT},
        State.FAILED: _ORDERED | {State.DRAFT, State.CANCELLED},
        State.WITHDRAWN: _drift(State.WITHDRAWN) | _ORDERED,
        State.DISABLED: _drift(State.DISABLED) | _ORDERED,
        State.DELETED: frozenset(),
        State.CANCELLED: frozenset(),
    },
)
"""Every allowed move; `docs/states.md` shows it and is tested against it."""

FINAL = frozenset(state for state, after in MOVES.items() if not after)
"""Nothing follows."""

FOLLOWED = (State.IN_REVIEW, State.APPROVED)
"""The vendor is asked about these until it has decided, or the carriers have filed."""

OPEN = frozenset({State.DRAFT, State.AWAITING_APPROVAL, State.IN_REVIEW, State.APPROVED})
"""Waiting for somebody: the submitter, an approver, the reviewers, the carriers."""

IN_FLIGHT = frozenset({State.QUEUED, State.SUBMITTING, State.UNKNOWN})
"""Waiting for this program, which is sending it or settling what became of the sending."""


PENDING = (
    State.DRAFT,
    State.AWAITING_APPROVAL,
    State.QUEUED,
    State.SUBMITTING,
    State.UNKNOWN,
    State.IN_REVIEW,
    State.APPROVED,
)
"""Somebody has still something to do about these: a person, this program, the reviewers, the carriers."""


class IllegalMove(SignpostError, ValueError):
    """The table of moves does not have this one: a mistake of the program, never of a person."""

    def __init__(self, before: State, after: State) -> None:
        super().__init__(f"a request cannot go from {before} to {after}")
        self.before = before
        self.after = after


def allowed(before: State, after: State) -> bool:
    """Whether the table has this move."""
    return after in MOVES[before]


def check(before: State, after: State) -> None:
    """Raise unless the table has this move.

    Raises:
        IllegalMove: it does not.
    """
    if not allowed(before, after):
        raise IllegalMove(before, after)


# --- The picture -------------------------------------------------------------------------------------------------------


def diagram() -> str:
    """The table of moves as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.DRAFT}"]
    lines += [f"    {before} --> {after}" for before in State for after in State if allowed(before, after)]
    lines += [f"    {state} --> [*]" for state in State if state in FINAL]
    return "\n".join(lines) + "\n"
