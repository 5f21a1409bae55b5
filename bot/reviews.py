"""Use case: follow every review and filing; settle what is unknown. One reconciler for every source of news.

Polled, pushed, repeated and out-of-order news all end in `reconcile`, which asks the pure `lifecycle.advance` what
they mean and stores the answer with the notices it causes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot import lifecycle, polling
from bot.announce import Announcer
from bot.errors import VendorError
from bot.model import Action, Request, State
from bot.operators import Operators
from bot.ports import Clock, Holidays, Hours, Missing, Seen, Tracked, Vendor
from bot.store import events, requests
from bot.store.database import Database

log = structlog.get_logger(__name__)

TROUBLE_PAUSE = timedelta(minutes=5)
"""How long a vendor that does not answer is left alone by the poller."""

LOOK_AGAIN = timedelta(seconds=30)
"""How long after a look-up that got no answer the next one comes; somebody is waiting."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often to look.

    Args:
        densest: the shortest pause between two looks at one thing (`[poll] review_seconds`).
        hours: account → the reviewers' hours.
        holidays: public holidays and make-up workdays.
        settle: how long a call whose answer was lost may still arrive at the vendor (`[poll] settle_seconds`).
    """

    densest: timedelta
    hours: Mapping[str, Hours]
    holidays: Holidays
    settle: timedelta = polling.ABSENT_AFTER


class Reviews:
    """Ask vendors what became of things.

    Args:
        database: the record.
        vendors: account name → vendor.
        announcer: owes the notices.
        clock: the domain's time.
        rhythm: how often to look.
        operators: told of a vendor that does not serve us.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        announcer: Announcer,
        clock: Clock,
        rhythm: Rhythm,
        operators: Operators,
    ) -> None:
        self._operators = operators
        self._database = database
        self._vendors = vendors
        self._announcer = announcer
        self._clock = clock
        self._rhythm = rhythm
        self.failing: dict[str, str] = {}  # account → what the last poll failed with

    # --- Reviews and filings -----------------------------------------------------------------------------------------

    async def poll(self, account: str) -> None:
        """Ask about everything of an account whose time has come; nothing due, nothing called."""
        now = self._clock.now()
        due = await self._database.read(lambda db: requests.due_looks(db, account, now))
        followed = [request for request in due if request.state in lifecycle.FOLLOWED]
        if not followed:
            return
        try:
            answers = await self._vendors[account].look([tracked(request) for request in followed])
        except VendorError as error:
            await self._database.write(partial(self._no_answer, account, followed, error))
            return
        self.failing.pop(account, None)
        await self._database.write(lambda db: self._reconcile_all(db, account, followed, answers, now))

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
            if request.state not in lifecycle.FOLLOWED or request.vendor_ref != old.vendor_ref:
                continue  # somebody edited or deleted it while the vendor was being asked
            answer = by_ref.get(request.vendor_ref)
            after = request if answer is None else self.reconcile(db, request, answer, asked_at)
            self._plan(db, after, account)

    def _plan(self, db: sqlite_utils.Database, request: Request, account: str) -> None:
        now = self._clock.now()
        capabilities = self._vendors[account].capabilities
        when = polling.next_look(
            request,
            now,
            hours=self._rhythm.hours[account],
            holidays=self._rhythm.holidays,
            densest=self._rhythm.densest,
            usually=capabilities.kinds[request.kind].usually,
            filing=capabilities.filing,
        )
        requests.update(db, request, now=now, next_look_at=when, looks=request.looks + 1)

    def _no_answer(self, account: str, asked: Sequence[Request], error: VendorError, db: sqlite_utils.Database) -> None:
        now = self._clock.now()
        log.warning("review poll failed", account=account, code=error.code, error=error.message)
        self.failing[account] = str(error)
        for request in asked:
            requests.update(db, request, now=now, next_look_at=now + TROUBLE_PAUSE)
        self._operators.refused(db, account, error, now)

    def _took(self, request: Request) -> float:
        start = request.submitted_at or request.created_at
        return (self._clock.now() - start).total_seconds()

    # --- Unknown -----------------------------------------------------------------------------------------------------

    async def settle(self, account: str) -> None:
        """Ask the vendor what it has, for each request whose answer was lost and whose next look has come."""
        now = self._clock.now()
        due = await self._database.read(lambda db: requests.due_looks(db, account, now))
        for request in due:
            if request.state is State.UNKNOWN:
                await self._settle(self._vendors[account], request)

    async def _settle(self, vendor: Vendor, request: Request) -> None:
        try:
            if request.action is Action.CREATE:
                candidates = await vendor.find(request.submission())
                await self._database.write(lambda db: self._settle_create(db, request.number, candidates))
            else:
                answer = (await vendor.look([tracked(request)]))[0]
                await self._database.write(lambda db: self._settle_change(db, request.number, answer))
        except VendorError as error:
            log.warning("look-up failed", account=request.account, request=request.number, code=error.code)
            await self._database.write(partial(self._look_failed, request.number, error))

    def _settle_create(self, db: sqlite_utils.Database, number: int, candidates: Sequence[Seen]) -> None:
        request = requests.get(db, number)
        if request.state is not State.UNKNOWN:
            return
        known = requests.known_refs(db, request.account, request.kind, [seen.ref for seen in candidates])
        intent_at = request.submitted_at or request.created_at
        verdict = lifecycle.settled(request, candidates, known, intent_at)
        match verdict.verdict:
            case lifecycle.Verdict.FOUND if verdict.seen is not None:
                self._found(db, request, verdict.seen)
            case lifecycle.Verdict.AMBIGUOUS:
                self._ask_people(db, request)
            case _:
                self._absent(db, request)

    def _settle_change(self, db: sqlite_utils.Database, number: int, answer: Seen | Missing) -> None:
        """A lost edit or delete: the vendor's present state tells which it was."""
        request = requests.get(db, number)
        if request.state is not State.UNKNOWN:
            return
        now = self._clock.now()
        if isinstance(answer, Missing):
            step = lifecycle.gone()
            gone = requests.move(db, request, step.state, now=now, actor=events.VENDOR, **step.changes)
            self._announcer.changed(db, gone, "deleted", now)
        elif request.action is Action.UPDATE and lifecycle.took_edit(request, answer):
            self._found(db, request, answer)
        else:
            self._absent(db, request)

    def _found(self, db: sqlite_utils.Database, request: Request, seen: Seen) -> None:
        now = self._clock.now()
        step = lifecycle.taken(request, now, ref=seen.ref, order=seen.order)
        taken = requests.move(db, request, step.state, now=now, actor=events.VENDOR, **step.changes)
        self._announcer.changed(db, taken, "settled", now)
        self.reconcile(db, taken, seen, now)

    def _absent(self, db: sqlite_utils.Database, request: Request) -> None:
        now = self._clock.now()
        looks = request.looks + 1
        again = polling.next_settle(looks, request.since, now, scale=self._rhythm.settle / polling.ABSENT_AFTER)
        if again is not None:
            requests.update(db, request, now=now, looks=looks, next_look_at=again)
            return
        step = lifecycle.fell_back(request, now)
        failed = step.state is State.FAILED
        reason = "absent" if failed else ""
        settled = requests.move(db, request, step.state, now=now, actor=events.VENDOR, reason=reason, **step.changes)
        self._announcer.changed(db, settled, "absent" if failed else "not_done_lost", now)

    def _ask_people(self, db: sqlite_utils.Database, request: Request) -> None:
        now = self._clock.now()
        asked = requests.update(db, request, now=now, next_look_at=None)
        self._announcer.changed(db, asked, "unknown_question", now)

    def _look_failed(self, number: int, error: VendorError, db: sqlite_utils.Database) -> None:
        request = requests.get(db, number)
        now = self._clock.now()
        if request.state is State.UNKNOWN:
            requests.update(db, request, now=now, next_look_at=now + LOOK_AGAIN)
        self._operators.refused(db, request.account, error, now)


def tracked(request: Request) -> Tracked:
    """What a vendor needs to find a request again."""
    return Tracked(
        number=request.number,
        kind=request.kind,
        ref=request.vendor_ref,
        name=request.name,
        international=request.values.get("international") == "true",
        approved=request.state is State.APPROVED,
    )
