"""Use case: what became of a call whose answer was lost. It is looked up, never sent again.

Where the vendor cannot be asked, a person looks at its console and says what is there.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.clock import Clock
from bot.contracts.errors import VendorError
from bot.contracts.model import Action, Actor, Place, Request, State
from bot.contracts.vendor import LookUp, Missing, Seen, Tracked, Vendor
from bot.requests import lifecycle, lost
from bot.requests.announce import Announcer
from bot.requests.approvals import Approvals
from bot.requests.lifecycle import ABSENT, Outcome
from bot.requests.lost import ABSENT_AFTER, Verdict
from bot.requests.orders import same_thing
from bot.requests.papers import SparePapers
from bot.requests.reconcile import Reconciler
from bot.store import events, requests
from bot.store.database import Database
from bot.store.units import after

log = structlog.get_logger(__name__)

LOOK_AGAIN = timedelta(seconds=30)
"""How long after a look-up that got no answer the next one comes; somebody is waiting."""


class Settling:
    """Settles requests that are `unknown`.

    Args:
        database: the record.
        vendors: account name → vendor.
        reconciler: takes in what is found.
        announcer: owes the notices.
        clock: the domain's time.
        patience: how long a call whose answer was lost may still arrive at the vendor (`[poll] settle_seconds`).
        wake: called with an account's name when it has something to send.
        approvals: what is sent again waits for a second person where what is sent does.
        spare: the files of what was sent and whose answer was lost, for another try.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        reconciler: Reconciler,
        announcer: Announcer,
        clock: Clock,
        patience: timedelta,
        wake: Callable[[str], None],
        approvals: Approvals,
        spare: SparePapers | None = None,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._reconciler = reconciler
        self._announcer = announcer
        self._clock = clock
        self._scale = patience / ABSENT_AFTER
        self._wake = wake
        self._approvals = approvals
        self._spare = spare or SparePapers({})
        self._logged: dict[int, str] = {}
        """Request → the code with which its look-up failed last."""

    async def work(self, account: str) -> None:
        """Ask the vendor what it has, for each request whose answer was lost and whose next look has come."""
        now = self._clock.now()
        widest = {State.UNKNOWN: max(LOOK_AGAIN, lost.SETTLE_PAUSES[-1] * self._scale)}
        for request in await self._database.read(lambda db: requests.due_looks(db, account, now, widest)):
            await self._settle(self._vendors[account], request)

    async def _settle(self, vendor: Vendor, request: Request) -> None:
        try:
            if request.action is Action.CREATE:
                candidates = await vendor.reviews.find(request.submission())
                self._logged.pop(request.number, None)
                await self._database.store(lambda db: self._settle_create(db, request.number, candidates))
            else:
                answer = (await vendor.reviews.look([Tracked.of(request)]))[0]
                self._logged.pop(request.number, None)
                await self._database.store(lambda db: self._settle_change(db, request.number, answer))
        except VendorError as error:
            if self._logged.get(request.number) != error.code:  # the same failure once, until it is another one
                self._logged[request.number] = error.code
                log.warning("look-up failed", account=request.account, request=request.number, code=error.code)
            await self._database.store(partial(self._look_failed, request.number))

    def _settle_create(self, db: sqlite_utils.Database, number: int, candidates: Sequence[Seen]) -> None:
        request = requests.get(db, number)
        if request.state is not State.UNKNOWN:
            return
        known = requests.known_refs(db, request.account, request.kind, [seen.ref for seen in candidates])
        # Not later than now: the clock may have run ahead when it went out, and been set right since.
        intent_at = min(request.submitted_at or request.created_at, self._clock.now())
        verdict = lost.settled(request, candidates, known, intent_at)
        match verdict.verdict:
            case Verdict.FOUND if verdict.seen is not None:
                self._found(db, request, verdict.seen)
            case Verdict.AMBIGUOUS:
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
        elif request.action is Action.UPDATE and lost.took_edit(request, answer):
            self._found(db, request, answer)
        else:
            self._absent(db, request)

    def _found(self, db: sqlite_utils.Database, request: Request, seen: Seen) -> None:
        now = self._clock.now()
        after(db, lambda: self._spare.forget(request.number))
        step = lifecycle.taken(request, now, ref=seen.ref, order=seen.order)
        taken = requests.move(db, request, step.state, now=now, actor=events.VENDOR, **step.changes)
        self._announcer.changed(db, taken, "settled", now)
        self._reconciler.reconcile(db, taken, seen, now)

    def _absent(self, db: sqlite_utils.Database, request: Request) -> None:
        now = self._clock.now()
        looks = request.looks + 1
        again = lost.next_settle(looks, request.since, now, scale=self._scale)
        if again is not None:
            requests.update(db, request, now=now, looks=looks, next_look_at=again)
            return
        if request.action is Action.CREATE and self._may_hide(request):
            self._ask_people(db, request)
            return
        step = lifecycle.fell_back(request, now, why=ABSENT)
        failed = step.state is State.FAILED
        settled = requests.move(db, request, step.state, now=now, actor=events.VENDOR, **step.changes)
        cause = request.refusal.code if request.refusal else ""
        self._announcer.changed(db, settled, "absent" if failed else "not_done_lost", now, {"lost": cause})

    def _may_hide(self, request: Request) -> bool:
        """Whether the vendor may have what its list does not show."""
        return self._vendors[request.account].capabilities.of(request).look_up is LookUp.WHERE_LISTED

    def _ask_people(self, db: sqlite_utils.Database, request: Request) -> None:
        now = self._clock.now()
        events.append(db, at=now, what="asked", actor=events.SYSTEM, account=request.account, request=request.number)
        asked = requests.update(db, request, now=now, next_look_at=None)
        self._announcer.changed(db, asked, "unknown_question", now)

    def _look_failed(self, number: int, db: sqlite_utils.Database) -> None:
        request = requests.get(db, number)
        now = self._clock.now()
        if request.state is State.UNKNOWN:
            requests.update(db, request, now=now, next_look_at=now + LOOK_AGAIN)

    async def answer(self, number: int, ref: str | None, actor: Actor, place: Place) -> Outcome:
        """A person says what the vendor has: it is there under this id, or (none) it is not and goes out again.

        An id is looked up before it is believed: one that was mistyped, or that is another thing's, would lose the request.
        What look-ups did not find (`lifecycle.can_resend`) goes out again on their word too. A press that comes twice
        finds it queued already; the same thing submitted anew meanwhile is not sent beside it; and nothing goes out
        without the papers it had.

        Args:
            number: of the request.
            ref: the vendor's id; none where it is not there.
            actor: who says so.
            place: where.

        Returns:
            The request as it now stands. Problems: `not_in_this_state`; `busy`, the vendor is still being asked;
            `twin`, with the request that is the same and stands; `papers`, they are no longer at hand. Of an id:
            `not_there`; `another`, what the vendor has under it is called otherwise; `known`, it is another request's.

        Raises:
            VendorError: whether the vendor has this id cannot be asked now; nothing was done.
        """
        seen: Seen | None = None
        if ref:
            asked = await self._database.read(lambda db: requests.get(db, number))
            if asked.state is State.UNKNOWN and asked.account in self._vendors:
                tracked = replace(Tracked.of(asked), ref=ref)
                found = (await self._vendors[asked.account].reviews.look([tracked]))[0]
                if isinstance(found, Missing):
                    return Outcome(asked, "not_there")
                if found.name and found.name not in (asked.name, asked.submission().name):
                    return Outcome(asked, "another")
                seen = found
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> Outcome:
            request = requests.get(db, number)
            if request.state is not State.UNKNOWN and (ref or not lifecycle.never_arrived(request)):
                return Outcome(request, "not_in_this_state")
            if ref:
                if ref != request.vendor_ref and requests.known_refs(db, request.account, request.kind, [ref]):
                    return Outcome(request, "known")
                after(db, lambda: self._spare.forget(number))
                step = lifecycle.taken(request, now, ref=ref)
                taken = requests.move(db, request, step.state, now=now, actor=actor.key, **step.changes)
                self._announcer.changed(db, taken, "settled", now, {"by": actor.key})
                if seen is None or request.action is not Action.CREATE:  # of an edit it may show what was before
                    return Outcome(taken)
                return Outcome(self._reconciler.reconcile(db, taken, seen, now))
            if request.next_look_at is not None:  # the vendor is still being asked, and may have it after all
                return Outcome(request, "busy")
            others = [
                one
                for one in same_thing(db, request.account, request.kind, request.submission().values)
                if one.number != number
            ]
            if others and request.action is Action.CREATE:
                return Outcome(others[0], "twin")
            failed = request
            if request.state is State.UNKNOWN:
                failed = requests.move(db, request, State.FAILED, now=now, actor=actor.key, reason=ABSENT)
            if request.action is Action.CREATE and not self._spare.has(failed, now):
                self._announcer.changed(db, failed, "", now)
                return Outcome(failed, "papers")
            to = self._approvals.way(db, failed, now)
            if request.action is Action.CREATE and to is State.QUEUED:
                after(db, lambda: self._spare.give_back(number))
            queued = requests.move(
                db,
                failed,
                to,
                now=now,
                actor=actor.key,
                reason=request.reason if request.prior else "",
                refusal=None,
                next_look_at=None,
                looks=0,
            )
            self._announcer.shown(db, queued, now)
            self._approvals.ask(db, (queued,), actor, place, now, {number: len(failed.papers)})
            return Outcome(queued)

        outcome = await self._database.write(store)
        if outcome.request.state is State.QUEUED:
            self._wake(outcome.request.account)
        return outcome
