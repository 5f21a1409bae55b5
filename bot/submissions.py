"""Use case: take a submission, store the intent, call the vendor once, record what came of it.

The order is the promise (spec 2): the intent is on the disk before the call, the state says `submitting` while the
call is under way, and a call whose answer was lost is `unknown` until a look-up settles it. Nothing here ever calls a
vendor twice for one intent, unless the vendor said that it accepted nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.announce import Announcer
from bot.errors import AnswerLost, Refused, Throttled, Unavailable, VendorError
from bot.intake import Prepared
from bot.model import Action, Actor, Incoming, Kind, Paper, Request, State
from bot.polling import first_settle
from bot.ports import Accepted, Clock, LookUp, Vendor
from bot.store import events, requests
from bot.store.database import Database

log = structlog.get_logger(__name__)

TRIES = 6
"""How often a call that certainly was not accepted is begun anew before the request fails."""

AGAIN_AFTER = timedelta(seconds=30)
"""The first pause before that; it doubles each time, so six tries span about a quarter of an hour."""

IN_HAND = (State.QUEUED, State.SUBMITTING, State.UNKNOWN)
SAME_THING = (*IN_HAND, State.IN_REVIEW, State.APPROVED, State.READY)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order to edit or delete, before the vendor is asked.

    Args:
        request: as it now stands.
        problem: why it was not taken up; empty when it was. One of `gone`, `busy`, `not_in_this_state`, `not_by_api`,
            `no_rename`.
    """

    request: Request
    problem: str = ""


class Submissions:
    """Submit, edit, delete; and the work of calling the vendors.

    Args:
        database: the record.
        vendors: account name → vendor.
        announcer: owes the notices.
        clock: the domain's time.
        wake: called with an account's name when it has something to send.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        announcer: Announcer,
        clock: Clock,
        wake: Callable[[str], None],
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._announcer = announcer
        self._clock = clock
        self._wake = wake
        self._papers: dict[int, Mapping[str, tuple[Paper, ...]]] = {}  # held until sent, never stored (spec 10)

    # --- Orders ------------------------------------------------------------------------------------------------------

    async def submit(
        self,
        incoming: Incoming,
        kind: Kind,
        name: str,
        prepared: Sequence[Prepared],
        *,
        reasons: Mapping[str, str] | None = None,
        hold: bool = False,
    ) -> tuple[int, tuple[Request, ...]]:
        """Store a batch: what is complete is queued, the rest is kept as drafts.

        Args:
            incoming: who asks where.
            kind: what is submitted.
            name: what the batch is called.
            prepared: one for each account.
            reasons: account → why it is only a draft, in the reader's words.
            hold: keep everything as drafts for now, a dialogue asks on.

        Returns:
            The batch's number and its requests. The same delivery twice gives the first one's and changes nothing.
        """
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> tuple[int, bool, tuple[Request, ...]]:
            new = [
                requests.NewRequest(
                    account=item.account,
                    vendor=self._vendors[item.account].vendor,
                    values=item.values,
                    papers=described(item.papers),
                    state=State.QUEUED if item.complete and not hold else State.DRAFT,
                    reason=(reasons or {}).get(item.account, ""),
                )
                for item in prepared
            ]
            batch, is_new = requests.create_batch(
                db,
                origin=f"{incoming.place.platform}:{incoming.origin}",
                kind=kind,
                name=name,
                actor=incoming.actor,
                place=incoming.place,
                new=new,
                now=now,
            )
            if is_new and not hold:
                self._announcer.born(db, batch, now)
            return batch, is_new, requests.of_batch(db, batch)

        batch, is_new, born = await self._database.write(store)
        if is_new:
            for request, item in zip(born, prepared, strict=True):
                self._begin(request, item.papers)
        return batch, born

    async def complete(self, number: int, prepared: Prepared, actor: Actor) -> Outcome:
        """Fill in and send a draft, send a failed request again, or edit what the vendor has.

        Args:
            number: the request.
            prepared: its values as they are to be, complete.
            actor: who orders it.
        """
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> Outcome:
            request = requests.get(db, number)
            problem = self.edit_problem(request, prepared.values)
            if problem:
                return Outcome(request, problem)
            kept = described(prepared.papers)
            if request.state in (State.DRAFT, State.FAILED):
                changes: dict[str, object] = {
                    "action": Action.CREATE,
                    "values": dict(prepared.values),
                    "name": prepared.values.get("name", request.name),
                    "papers": kept,
                    "vendor_ref": "",
                }
            else:
                changes = {
                    "action": Action.UPDATE,
                    "proposed": dict(prepared.values),
                    "prior": request.state,
                    "papers": kept or request.papers,
                }
            queued = requests.move(
                db,
                request,
                State.QUEUED,
                now=now,
                actor=actor.key,
                reason="",
                refusal=None,
                next_look_at=None,
                looks=0,
                **changes,
            )
            events.append(
                db,
                at=now,
                what="edited",
                actor=actor.key,
                account=request.account,
                request=number,
                data={"fields": dict(prepared.values)},
            )
            self._show(db, queued, now)
            return Outcome(queued)

        outcome = await self._database.write(store)
        if not outcome.problem:
            self._begin(outcome.request, prepared.papers)
        return outcome

    async def delete(self, number: int, actor: Actor) -> Outcome:
        """Delete at the vendor what the vendor has, or give up what was never sent."""
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> Outcome:
            request = requests.get(db, number)
            problem = self.delete_problem(request)
            if problem:
                return Outcome(request, problem)
            if not request.vendor_ref:
                gone = requests.move(db, request, State.CANCELLED, now=now, actor=actor.key, next_look_at=None)
                self._announcer.changed(db, gone, "", now)
                return Outcome(gone)
            queued = requests.move(
                db,
                request,
                State.QUEUED,
                now=now,
                actor=actor.key,
                action=Action.DELETE,
                prior=request.state,
                next_look_at=None,
                looks=0,
            )
            self._show(db, queued, now)
            return Outcome(queued)

        outcome = await self._database.write(store)
        if not outcome.problem and outcome.request.state is State.QUEUED:
            self._begin(outcome.request, {})
        return outcome

    async def answer_unknown(self, number: int, ref: str | None, actor: Actor) -> Outcome:
        """A person looked at the vendor's console: it is there under this id, or (none) it is not and goes out again."""
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> Outcome:
            request = requests.get(db, number)
            if request.state is not State.UNKNOWN:
                return Outcome(request, "not_in_this_state")
            if ref:
                taken = requests.move(
                    db,
                    request,
                    State.IN_REVIEW,
                    now=now,
                    actor=actor.key,
                    vendor_ref=ref,
                    reason="",
                    next_look_at=now,
                    looks=0,
                )
                self._announcer.changed(db, taken, "settled", now)
                return Outcome(taken)
            failed = requests.move(db, request, State.FAILED, now=now, actor=actor.key, reason="absent")
            queued = requests.move(
                db, failed, State.QUEUED, now=now, actor=actor.key, reason="", next_look_at=None, looks=0
            )
            self._show(db, queued, now)
            return Outcome(queued)

        outcome = await self._database.write(store)
        if not outcome.problem and outcome.request.state is State.QUEUED:
            self._begin(outcome.request, {})
        return outcome

    # --- Rules, pure -------------------------------------------------------------------------------------------------

    def edit_problem(self, request: Request, values: Mapping[str, str]) -> str:
        """Why this request cannot be edited now; empty when it can."""
        ability = self._vendors[request.account].capabilities.kinds[request.kind]
        match request.state:
            case State.DRAFT | State.FAILED:
                return ""
            case State.DELETED | State.CANCELLED:
                return "gone"
            case State.QUEUED | State.SUBMITTING | State.UNKNOWN:
                return "busy"
            case _:
                if request.state not in ability.update_in:
                    return "not_in_this_state"
                if not ability.renames and values.get("name", request.name) != request.name:
                    return "no_rename"
                return ""

    def delete_problem(self, request: Request) -> str:
        """Why this request cannot be deleted now; empty when it can."""
        match request.state:
            case State.DRAFT | State.FAILED | State.AWAITING_APPROVAL:
                return ""
            case State.DELETED | State.CANCELLED:
                return "gone"
            case State.QUEUED | State.SUBMITTING | State.UNKNOWN:
                return "busy"
            case _:
                ability = self._vendors[request.account].capabilities.kinds[request.kind]
                return "" if request.state in ability.delete_in else "not_in_this_state"

    async def twins(self, kind: Kind, prepared: Prepared) -> tuple[Request, ...]:
        """Requests of the record that are this very thing and still stand, so that nobody submits it twice by mistake."""

        def ask(db: sqlite_utils.Database) -> tuple[Request, ...]:
            found = requests.latest(
                db,
                accounts=(prepared.account,),
                kind=kind,
                states=SAME_THING,
                name=prepared.values.get("name", ""),
                limit=50,
            )
            return tuple(
                request
                for request in found
                if request.values.get("content") == prepared.values.get("content")
                and request.values.get("international") == prepared.values.get("international")
            )

        return await self._database.read(ask)

    # --- Work --------------------------------------------------------------------------------------------------------

    async def recover(self) -> None:
        """After a start: what was being sent when the process ended is `unknown`, to be settled before anything else."""
        now = self._clock.now()

        def sweep(db: sqlite_utils.Database) -> None:
            for request in requests.in_states(db, (State.SUBMITTING,)):
                self._lost(db, request, now)
            for request in requests.in_states(db, (State.QUEUED,)):
                if request.papers and request.action is not Action.DELETE:
                    back = request.prior or State.DRAFT
                    draft = requests.move(
                        db, request, back, now=now, actor=events.SYSTEM, reason="papers", proposed=None, prior=None
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
                if request.next_look_at is None or request.next_look_at <= now:
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
                    accepted = await vendor.create(request.submission(papers))
                case Action.UPDATE:
                    accepted = await vendor.update(request.vendor_ref, request.submission(papers))
                case Action.DELETE:
                    international = request.values.get("international") == "true"
                    await vendor.delete(request.kind, request.vendor_ref, international=international)
        except AnswerLost as error:
            log.warning("answer lost", request=request.number, account=request.account, error=str(error))
            await self._database.write(partial(self._record_lost, request.number))
        except (Throttled, Unavailable) as error:
            await self._database.write(partial(self._again, request.number, error))
            return  # the papers are still needed
        except Refused as error:
            await self._database.write(partial(self._refused, request.number, error))
        else:
            await self._database.write(partial(self._accepted, request.number, accepted))
        self._papers.pop(request.number, None)

    def _accepted(self, number: int, accepted: Accepted, db: sqlite_utils.Database) -> None:
        request = requests.get(db, number)
        now = self._clock.now()
        if request.action is Action.DELETE:
            deleted = requests.move(
                db, request, State.DELETED, now=now, actor=events.VENDOR, next_look_at=None, prior=None
            )
            self._announcer.changed(db, deleted, "deleted", now)
            return
        changes: dict[str, object] = {
            "vendor_ref": accepted.ref,
            "order": accepted.order,
            "reason": "",
            "refusal": None,
            "filings": (),
        }
        if request.proposed is not None:
            changes |= {"values": dict(request.proposed), "name": request.proposed.get("name", request.name)}
        taken = requests.move(
            db,
            request,
            State.IN_REVIEW,
            now=now,
            actor=events.VENDOR,
            proposed=None,
            prior=None,
            word="",
            looks=0,
            submitted_at=now,
            next_look_at=now,  # the poller's first look plans the next ones
            **changes,
        )
        self._announcer.changed(db, taken, "accepted", now)

    def _refused(self, number: int, error: VendorError, db: sqlite_utils.Database) -> None:
        request = requests.get(db, number)
        now = self._clock.now()
        data = refusal(error)
        back = request.prior or State.FAILED
        settled = requests.move(
            db,
            request,
            back,
            now=now,
            actor=events.VENDOR,
            reason=error.message or error.code,
            refusal=data,
            word=error.code if back is State.FAILED else request.word,
            proposed=None,
            prior=None,
            next_look_at=now if back is State.IN_REVIEW or back is State.APPROVED else None,
        )
        self._announcer.changed(db, settled, "refused" if back is State.FAILED else "not_done", now, data)

    def _again(self, number: int, error: VendorError, db: sqlite_utils.Database) -> None:
        request = requests.get(db, number)
        now = self._clock.now()
        tries = request.looks + 1
        if tries >= TRIES:
            self._papers.pop(request.number, None)
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
            reason=error.message or error.code,
        )
        self._announcer.changed(db, waiting, "waiting" if tries == 1 else "", now, refusal(error))

    def _record_lost(self, number: int, db: sqlite_utils.Database) -> None:
        self._lost(db, requests.get(db, number), self._clock.now())

    def _lost(self, db: sqlite_utils.Database, request: Request, now: datetime) -> None:
        ability = self._vendors[request.account].capabilities.kinds[request.kind] if self._knows(request) else None
        askable = ability is not None and not (request.action is Action.CREATE and ability.look_up is LookUp.NOT_AT_ALL)
        unknown = requests.move(
            db,
            request,
            State.UNKNOWN,
            now=now,
            actor=events.SYSTEM,
            looks=0,
            next_look_at=first_settle(now) if askable else None,
        )
        self._announcer.changed(db, unknown, "unknown" if askable else "unknown_question", now, wait=askable)

    def _knows(self, request: Request) -> bool:
        return request.account in self._vendors

    def _begin(self, request: Request, papers: Mapping[str, tuple[Paper, ...]]) -> None:
        if request.state is not State.QUEUED:
            return
        if papers:
            self._papers[request.number] = papers
        self._wake(request.account)

    def _show(self, db: sqlite_utils.Database, request: Request, now: datetime) -> None:
        """Have the card shown (again): a draft that is filled in had none yet."""
        self._announcer.born(db, request.batch, now)
        self._announcer.changed(db, request, "", now)


def described(papers: Mapping[str, tuple[Paper, ...]]) -> tuple[Mapping[str, str], ...]:
    """What the record keeps of papers: key, name, size and SHA-256 (spec 10)."""
    return tuple(
        {"key": key, "name": paper.name, "size": str(paper.size), "sha256": paper.sha256}
        for key, files in papers.items()
        for paper in files
    )


def refusal(error: VendorError) -> dict[str, str]:
    """A vendor's refusal as notices carry it."""
    return {
        "code": error.code,
        "message": error.message,
        "request_id": error.request_id,
        "trouble": error.trouble,
        "advice_en": error.advice.en if error.advice else "",
        "advice_zh": error.advice.zh if error.advice else "",
    }
