"""The one step that takes in news of a review or a filing, whoever brought it.

Polled, pushed, repeated and out-of-order news all end here: the pure `lifecycle.advance` says what they mean, and the
answer is stored with the notices it causes.
"""

from collections.abc import Callable
from datetime import datetime

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.model import Request, State
from bot.contracts.vendor import Missing, Seen
from bot.requests import lifecycle
from bot.requests.announce import Announcer
from bot.store import events, requests, resubmissions


class Reconciler:
    """Takes in news; every method is a step of a transaction.

    Args:
        announcer: owes the notices.
        clock: the domain's time.
        gone: called in the transaction when the vendor no longer has what somebody ordered a change or a deletion of
            that waits for a second person.
    """

    def __init__(
        self,
        announcer: Announcer,
        clock: Clock,
        gone: Callable[[sqlite_utils.Database, Request, datetime], object] = lambda _db, _request, _now: None,
    ) -> None:
        self._announcer = announcer
        self._clock = clock
        self._gone = gone

    def reconcile(
        self, db: sqlite_utils.Database, request: Request, seen: Seen | Missing, asked_at: datetime | None
    ) -> Request:
        """Take in one piece of news about one request; a step of a transaction.

        Args:
            db: the record.
            request: as read in this transaction.
            seen: what the vendor says.
            asked_at: when it was asked; none for news it pushed.

        Returns:
            The request as it now stands.
        """
        now = self._clock.now()
        standing = lifecycle.as_the_vendor_has_it(request)
        change = lifecycle.advance(standing, seen, asked_at=asked_at)
        if change is None:
            return request
        data: dict[str, object] = {"word": change.word, "took": self._took(request), "from": standing.state}
        if change.after is standing.state:
            if change.news:
                events.append(
                    db,
                    at=now,
                    what="filing" if change.told else "word",
                    actor=events.VENDOR,
                    account=request.account,
                    request=request.number,
                    data={"word": change.word, "news": change.news},
                )
            after = requests.update(
                db, request, now=now, word=change.word, filings=change.filings, reason=change.reason, order=change.order
            )
        elif standing is not request and change.after is not State.DELETED:
            # What waits for a second person waits on, with where the vendor has it now behind it.
            after = requests.behind(
                db,
                request,
                change.after,
                now=now,
                reason=change.reason,
                word=change.word,
                filings=change.filings,
                order=change.order,
            )
        else:
            if standing is not request:
                self._gone(db, request, now)
            after = requests.move(
                db,
                request,
                change.after,
                now=now,
                actor=events.VENDOR,
                reason=change.reason,
                word=change.word,
                filings=change.filings,
                order=change.order,
                looks=0,
                **({"proposed": None, "prior": None} if standing is not request else {}),
            )
        if change.after is not standing.state:
            resubmissions.decided(db, lifecycle.as_the_vendor_has_it(after), now)
        if change.news:
            self._announcer.changed(db, lifecycle.as_the_vendor_has_it(after), change.news, now, data)
        return after

    def _took(self, request: Request) -> float:
        start = request.submitted_at or request.created_at
        return max(0.0, (self._clock.now() - start).total_seconds())  # the clock may have been set back since
