"""Use case: the work of calling the vendors for what is queued, and recording what came of it.

Nothing here ever calls a vendor twice for one intent, unless the vendor said that it accepted nothing: a call whose
answer was lost leaves the request `unknown`, and `bot.requests.reviews.polling` settles it by look-up.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.clock import Clock
from bot.contracts.due import due
from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Throttled, Unavailable, VendorError, refusal
from bot.contracts.model import Action, Request, State
from bot.contracts.vendor import Accepted, LookUp, Vendor
from bot.requests import lifecycle
from bot.requests.announce import Announcer
from bot.requests.lost import first_settle
from bot.requests.papers import PapersInHand, SparePapers
from bot.store import events, requests
from bot.store.database import Database
from bot.store.units import after

log = structlog.get_logger(__name__)

TRIES = 6
"""How often a call that certainly was not accepted is begun anew before the request fails."""

AGAIN_AFTER = timedelta(seconds=30)
"""The first pause before that; it doubles each time, so six tries span about a quarter of an hour."""

LONGEST_PAUSE = AGAIN_AFTER * 2 ** (TRIES - 2)


def may_go(request: Request, now: datetime) -> bool:
    """Whether something queued may be sent now, or must wait after a try that was not accepted."""
    return request.next_look_at is None or due(request.next_look_at, now, LONGEST_PAUSE)


class Sending:
    """Calls the vendors.

    Args:
        database: the record.
        vendors: account name → vendor.
        announcer: owes the notices.
        clock: the domain's time.
        papers: the files of what is queued; dropped here once they were sent.
        spare: where the files of a call go whose answer was lost.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        announcer: Announcer,
        clock: Clock,
        papers: PapersInHand,
        spare: SparePapers | None = None,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._announcer = announcer
        self._clock = clock
        self._papers = papers
        self._spare = spare or SparePapers(papers)

    async def recover(self) -> None:
        """After a start: what was being sent when the process ended is `unknown`, to be settled before anything else."""
        now = self._clock.now()

        def sweep(db: sqlite_utils.Database) -> None:
            for request in requests.in_states(db, (State.SUBMITTING,)):
                self._lost(db, request, AnswerLost(NoAnswer.RESTART), now)
            for request in requests.in_states(db, (State.QUEUED,)):
                if request.papers and request.action is not Action.DELETE:
                    step = lifecycle.fell_back(request, now, why=lifecycle.PAPERS_GONE, never_sent=State.DRAFT)
                    draft = requests.move(
                        db,
                        request,
                        step.state,
                        now=now,
                        actor=events.SYSTEM,
                        **step.changes,
                    )
                    self._announcer.changed(db, draft, "papers_gone", now)

        await self._database.write(sweep)

    async def work(self, account: str) -> None:
        """Send what an account has queued, one after the other, until nothing is due."""
        while (request := await self._claim(account)) is not None:
            await self._send(self._vendors[account], request)

    async def _claim(self, account: str) -> Request | None:
        now = self._clock.now()

        def take(db: sqlite_utils.Database) -> Request | None:
            for request in requests.in_states(db, (State.QUEUED,), account):
                if may_go(request, now):
                    return requests.move(
                        db, request, State.SUBMITTING, now=now, actor=events.SYSTEM, next_look_at=None, submitted_at=now
                    )
            return None

        return await self._database.write(take)

    async def _send(self, vendor: Vendor, request: Request) -> None:
        papers = self._papers.get(request.number, {})
        accepted = Accepted(request.vendor_ref, request.order)
        try:
            match request.action:
                case Action.CREATE:
                    accepted = await vendor.reviews.create(request.submission(papers))
                case Action.UPDATE:
                    accepted = await vendor.reviews.update(request.vendor_ref, request.submission(papers))
                case Action.DELETE:
                    await vendor.reviews.delete(
                        request.kind,
                        request.vendor_ref,
                        international=request.international,
                        digital_name=request.name if request.digital else "",
                    )
        except AnswerLost as error:
            log.warning("answer lost", request=request.number, account=request.account, error=str(error))
            await self._database.store(partial(self._record_lost, request.number, error))
        except (Throttled, Unavailable) as error:
            await self._database.store(partial(self._again, request.number, error))
            return  # the papers are still needed
        except Refused as error:
            await self._database.store(partial(self._refused, request.number, error))
        except Exception:  # a fault of ours: nobody knows whether the call went out, so it is looked up
            log.exception("sending failed", request=request.number, account=request.account)
            await self._database.store(partial(self._record_lost, request.number, AnswerLost(NoAnswer.OWN_FAULT)))
        else:
            # Where the record takes it no more before the program ends, the vendor's id is found here.
            log.info("taken", request=request.number, account=request.account, action=request.action, ref=accepted.ref)
            await self._database.store(partial(self._accepted, request.number, accepted))
        self._drop(request.number)

    def _drop(self, number: int) -> None:
        self._papers.pop(number, None)

    def _accepted(self, number: int, accepted: Accepted, db: sqlite_utils.Database) -> None:
        after(db, lambda: self._spare.forget(number))
        request = requests.get(db, number)
        now = self._clock.now()
        if request.action is Action.DELETE:
            step = lifecycle.gone()
            deleted = requests.move(db, request, step.state, now=now, actor=events.VENDOR, **step.changes)
            self._announcer.changed(db, deleted, "deleted", now)
            return
        step = lifecycle.taken(request, now, ref=accepted.ref, order=accepted.order)
        taken = requests.move(db, request, step.state, now=now, actor=events.VENDOR, submitted_at=now, **step.changes)
        self._announcer.changed(db, taken, "accepted", now)

    def _refused(self, number: int, error: VendorError, db: sqlite_utils.Database) -> None:
        after(db, lambda: self._spare.forget(number))
        request = requests.get(db, number)
        now = self._clock.now()
        why = refusal(error)
        step = lifecycle.fell_back(request, now, why=error.message or error.code)
        failed = step.state is State.FAILED
        settled = requests.move(
            db,
            request,
            step.state,
            now=now,
            actor=events.VENDOR,
            word=error.code if failed else request.word,
            **{**step.changes, "refusal": why},
        )
        self._announcer.changed(db, settled, "refused" if failed else "not_done", now, why.to_json())

    def _again(self, number: int, error: VendorError, db: sqlite_utils.Database) -> None:
        request = requests.get(db, number)
        now = self._clock.now()
        tries = request.looks + 1
        if tries >= TRIES:
            after(db, lambda: self._drop(number))
            self._refused(number, error, db)
            return
        pause = AGAIN_AFTER * 2 ** (tries - 1)
        waiting = requests.move(
            db,
            request,
            State.QUEUED,
            now=now,
            actor=events.SYSTEM,
            looks=tries,
            next_look_at=now + pause,
            reason=request.reason if request.prior else error.message or error.code,
        )
        self._announcer.changed(db, waiting, "waiting" if tries == 1 else "", now, refusal(error).to_json())

    def _record_lost(self, number: int, error: AnswerLost, db: sqlite_utils.Database) -> None:
        request = requests.get(db, number)
        now = self._clock.now()
        if request.action is Action.CREATE:
            after(db, lambda: self._spare.keep(number, now))
        self._lost(db, request, error, now)

    def _lost(self, db: sqlite_utils.Database, request: Request, error: AnswerLost, now: datetime) -> None:
        ability = self._vendors[request.account].capabilities.of(request) if self._knows(request) else None
        askable = ability is not None and not (request.action is Action.CREATE and ability.look_up is LookUp.NOT_AT_ALL)
        unknown = requests.move(
            db,
            request,
            State.UNKNOWN,
            now=now,
            actor=events.SYSTEM,
            looks=0,
            refusal=refusal(error),
            next_look_at=first_settle(now) if askable else None,
        )
        self._announcer.changed(db, unknown, "unknown" if askable else "unknown_question", now, wait=askable)

    def _knows(self, request: Request) -> bool:
        return request.account in self._vendors
