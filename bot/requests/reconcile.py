"""The one step that takes in news of a review or a filing, whoever brought it.

Polled, pushed, repeated and out-of-order news all end here: the pure `lifecycle.advance` says what they mean, and the
answer is stored with the notices it causes.
"""

from datetime import datetime

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.model import Request
from bot.contracts.vendor import Missing, Seen
from bot.requests import lifecycle
from bot.requests.announce import Announcer
from bot.store import events, requests


class Reconciler:
    """Takes in news; every method is a step of a transaction.

    Args:
        announcer: owes the notices.
        clock: the domain's time.
    """

    def __init__(self, announcer: Announcer, clock: Clock) -> None:
        self._announcer = announcer
        self._clock = clock

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
        change = lifecycle.advance(request, seen, asked_at=asked_at)
        if change is None:
            return request
        data: dict[str, object] = {"word": change.word, "took": self._took(request), "from": request.state}
        if change.after is request.state:
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
        else:
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
            )
        if change.news:
            self._announcer.changed(db, after, change.news, now, data)
        return after

    def _took(self, request: Request) -> float:
        start = request.submitted_at or request.created_at
        return max(0.0, (self._clock.now() - start).total_seconds())  # the clock may have been set back since
