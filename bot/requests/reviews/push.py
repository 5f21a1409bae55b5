"""Takes in what a vendor pushes of reviews: a hint to ask it now, never news by itself (spec 7).

Nobody signs a push, and it may come late, twice or not at all. So it brings the next look forward, and what that look
finds is told, by the one step that takes in news. There is one thing that no look shows: that an edit of an approved
signature was rejected, for the queries go on showing the approved one (facts, Alibaba, trap 10). A hint says it, under
the very ticket of the edit, and counts once the vendor was asked and spoke of an older one.
"""

from collections.abc import Iterable
from datetime import datetime

import sqlite_utils

from bot.contracts.model import Request, State
from bot.contracts.push import Hint
from bot.contracts.states import FOLLOWED
from bot.contracts.vendor import Missing, Seen
from bot.requests.reconcile import Reconciler
from bot.store import hints, refs, requests


def hinted(db: sqlite_utils.Database, account: str, pushed: Iterable[Hint], now: datetime) -> int:
    """Have the vendor asked about what it says has moved; a step of a transaction.

    Returns:
        How many requests it is to be asked about. What is not followed, not known, or known already costs nothing.
    """
    found = 0
    for hint in pushed:
        number = refs.number_of(db, account, hint.kind, hint.ref) if hint.ref else None
        request = None if number is None else requests.get(db, number)
        if request is None or not _worth_asking(request, hint):
            continue
        hints.keep(db, request.number, hint, now)
        requests.update(db, request, now=now, next_look_at=now)
        found += 1
    return found


def _worth_asking(request: Request, hint: Hint) -> bool:
    """Whether a look could find something new; another review's ticket says nothing of this one."""
    another = bool(request.order and hint.order and request.order != hint.order)
    return request.state in FOLLOWED and hint.state is not request.state and not another


def confirmed(db: sqlite_utils.Database, reconciler: Reconciler, request: Request, answer: Seen | Missing) -> Request:
    """What a hint still has to say after the vendor was asked; a step of a transaction.

    Args:
        db: the record.
        reconciler: takes in news.
        request: after the answer was taken in.
        answer: what the vendor said.

    Returns:
        The request as it now stands.
    """
    hint = hints.take(db, request.number)
    if hint is None or hint.state is not State.REJECTED or request.state is not State.IN_REVIEW:
        return request
    ours = bool(request.order) and hint.order == request.order
    hidden = isinstance(answer, Seen) and bool(answer.order) and answer.order != request.order
    if not (ours and hidden):
        return request
    seen = Seen(request.vendor_ref, request.name, hint.state, hint.word, hint.reason, hint.order)
    return reconciler.reconcile(db, request, seen, None)
