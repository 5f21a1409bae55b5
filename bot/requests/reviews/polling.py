"""Use case: follow every review and filing: ask about what is due, and plan the next look."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.clock import Clock
from bot.contracts.errors import VendorError
from bot.contracts.model import Request
from bot.contracts.states import FOLLOWED
from bot.contracts.vendor import Missing, Seen, Tracked, Vendor
from bot.requests.reconcile import Reconciler
from bot.requests.reviews.rhythm import Rhythm, next_look
from bot.store import requests
from bot.store.database import Database

log = structlog.get_logger(__name__)

TROUBLE_PAUSE = timedelta(minutes=5)
"""How long a vendor that does not answer is left alone by the poller."""


class Reviews:
    """Ask vendors what became of things.

    Args:
        database: the record.
        vendors: account name → vendor.
        reconciler: takes in what they say.
        clock: the domain's time.
        rhythm: how often to look.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        reconciler: Reconciler,
        clock: Clock,
        rhythm: Rhythm,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._reconciler = reconciler
        self._clock = clock
        self._rhythm = rhythm

    async def poll(self, account: str) -> None:
        """Ask about everything of an account whose time has come; nothing due, nothing called."""
        now = self._clock.now()
        due = await self._database.read(lambda db: requests.due_looks(db, account, now))
        followed = [request for request in due if request.state in FOLLOWED]
        if not followed:
            return
        try:
            answers = await self._vendors[account].reviews.look([Tracked.of(request) for request in followed])
        except VendorError as error:
            await self._database.store(partial(self._no_answer, account, followed, error))
            return
        await self._database.store(lambda db: self._reconcile_all(db, account, followed, answers, now))

    def _reconcile_all(
        self,
        db: sqlite_utils.Database,
        account: str,
        asked: Sequence[Request],
        answers: Sequence[Seen | Missing],
        asked_at: datetime,
    ) -> None:
        by_ref = {answer.ref: answer for answer in answers}
        for old in asked:
            request = requests.get(db, old.number)
            if request.state not in FOLLOWED or request.vendor_ref != old.vendor_ref:
                continue  # somebody edited or deleted it while the vendor was being asked
            answer = by_ref.get(request.vendor_ref)
            after = request if answer is None else self._reconciler.reconcile(db, request, answer, asked_at)
            self._plan(db, after, account)

    def _plan(self, db: sqlite_utils.Database, request: Request, account: str) -> None:
        now = self._clock.now()
        ability = self._vendors[account].capabilities.kinds[request.kind]
        when = next_look(
            request,
            now,
            hours=self._rhythm.hours[account],
            holidays=self._rhythm.holidays,
            densest=self._rhythm.densest,
            usually=ability.usually,
            filing=ability.filing,
        )
        requests.update(db, request, now=now, next_look_at=when, looks=request.looks + 1)

    def _no_answer(self, account: str, asked: Sequence[Request], error: VendorError, db: sqlite_utils.Database) -> None:
        now = self._clock.now()
        log.warning("review poll failed", account=account, code=error.code, error=error.message)
        for request in asked:
            requests.update(db, request, now=now, next_look_at=now + TROUBLE_PAUSE)
