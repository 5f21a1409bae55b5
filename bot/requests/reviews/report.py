"""How reviews went: how much passed at the first try, how long it took, why things were rejected. Pure."""

import math
from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from bot.contracts.model import Kind, State

K = TypeVar("K", bound=Hashable)

HIGH = 0.9
"""The share of reviews that took no longer than the second figure that is told (spec 3, "p90")."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A vendor decided about a request.

    Args:
        request: its number.
        account: where.
        kind: of what.
        type: of a template; "" where there is none.
        begun: since when it was in review.
        at: when it was decided.
        passed: whether it was approved.
        first: whether it is the first decision about it.
        reason: the reviewer's words, of a rejection.
    """

    request: int
    account: str
    kind: Kind
    type: str
    begun: datetime
    at: datetime
    passed: bool
    first: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Of one kind at one account.

    Args:
        decided: how many decisions there were.
        first: how many of them were the first about their request.
        passed_first: how many of those passed.
        middle: half of the reviews took no longer; of working hours where they are known.
        high: `HIGH` of them took no longer.
        overdue: how many wait now for longer than their vendor says.
    """

    account: str
    kind: Kind
    decided: int
    first: int
    passed_first: int
    middle: timedelta | None
    high: timedelta | None
    overdue: int = 0


def rows(
    decisions: Sequence[Decision],
    overdue: Sequence[tuple[str, Kind]],
    took: Callable[[Decision], timedelta],
) -> tuple[Row, ...]:
    """One row for each account and kind of which there is something to tell.

    Args:
        decisions: in the span.
        overdue: account and kind of each request that is late now.
        took: how long a review took.
    """
    late = Counter(overdue)
    about = dict.fromkeys((*((one.account, one.kind) for one in decisions), *overdue))
    found = []
    for account, kind in about:
        own = [one for one in decisions if (one.account, one.kind) == (account, kind)]
        spans = sorted(took(one) for one in own)
        first = [one for one in own if one.first]
        found.append(
            Row(
                account,
                kind,
                decided=len(own),
                first=len(first),
                passed_first=sum(one.passed for one in first),
                middle=spans[math.ceil(len(spans) / 2) - 1] if spans else None,
                high=spans[math.ceil(HIGH * len(spans)) - 1] if spans else None,
                overdue=late[account, kind],
            )
        )
    return tuple(found)


def reasons(decisions: Sequence[Decision], meant: Callable[[Decision], K]) -> tuple[tuple[K, int], ...]:
    """Why things were rejected, the most frequent first; those that came as often in the order they first came.

    Args:
        decisions: in the span.
        meant: what a rejection is counted under.
    """
    return tuple(Counter(meant(one) for one in decisions if not one.passed).most_common())


PASSED = frozenset({State.APPROVED, State.READY})
"""Where a request stands after a decision for it."""
