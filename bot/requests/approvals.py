"""Use case: what needs a second person waits for one, is agreed to, denied, taken back, or over in time.

The order is on the disk like any other, in `awaiting_approval`; who agreed is, too. So a kill between a yes and the
vendor's call changes nothing: what is `queued` goes out once, as everything does. The files are in memory only: after a
restart they are asked for again, and what was agreed to holds if they are the same.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils

from bot.contracts.approval import Act, Approval, ApprovalState
from bot.contracts.clock import Clock
from bot.contracts.model import Action, Actor, Kind, Place, Refusal, Request, Role, State
from bot.contracts.settings import Settings
from bot.contracts.vendor import KindAbility, Vendor
from bot.requests import lifecycle
from bot.requests.announce import Announcer
from bot.requests.approval_notices import ApprovalNotices
from bot.requests.four_eyes import (
    Said,
    Verdict,
    acts_of,
    code_of,
    digest,
    on_approving,
    on_denying,
    on_withdrawing,
    planned,
    remind_at,
    still_holds,
    wanted,
)
from bot.requests.papers import SparePapers
from bot.store import approvals, events, requests, resubmissions
from bot.store.database import Database
from bot.store.units import after

EDITS_LOOKED_AT = 500
"""Events of a draft among which its authors are found."""


class Approvals:
    """Orders that wait for a second person.

    Args:
        database: the record.
        vendors: account name → vendor.
        announcer: owes the notices of requests.
        notices: owes those of approvals.
        clock: the domain's time.
        settings: what has to wait, for how many people and how long; who is one person.
        spare: the files of what waits.
        wake: called with an account's name when it has something to send.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        announcer: Announcer,
        notices: ApprovalNotices,
        clock: Clock,
        settings: Settings,
        spare: SparePapers,
        wake: Callable[[str], None],
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._announcer = announcer
        self._notices = notices
        self._clock = clock
        self._settings = settings
        self._spare = spare
        self._wake = wake

    # --- Orders: each is a step of the transaction that stores one ------------------------------------------------------

    @property
    def lasts(self) -> timedelta:
        """How long an order waits at most."""
        return self._settings.policy.approval_expires

    def may(self, authors: Sequence[str]) -> tuple[str, ...]:
        """The names of those who may agree to what these people wrote or ordered."""
        return self._notices.may(authors)

    def wanted(self, action: Action, kind: Kind, values: Mapping[str, str]) -> tuple[Act, ...]:
        """Why an order has to wait for somebody; nothing where it need not."""
        return wanted(acts_of(action, kind, values), self._settings.policy.second_person)

    def way(self, db: sqlite_utils.Database, ordered: Request, now: datetime) -> State:
        """Where an order goes: into the queue, or to wait; what was agreed to already goes out.

        Args:
            ordered: the request as it is ordered: its action, values, proposal and files.
        """
        if not self.wanted(ordered.action, ordered.kind, ordered.submission().values):
            return State.QUEUED
        said = digest(ordered)
        holds = any(still_holds(one, said, now) for one in approvals.granted(db, ordered.number))
        return State.QUEUED if holds else State.AWAITING_APPROVAL

    def stands(self, db: sqlite_utils.Database, ordered: Request) -> bool:
        """Whether this very order waits already."""
        waiting = approvals.waiting(db, ordered.number)
        return waiting is not None and waiting.digest == digest(ordered)

    def ask(
        self,
        db: sqlite_utils.Database,
        ordered: Sequence[Request],
        actor: Actor,
        place: Place,
        now: datetime,
        files: Mapping[int, int],
        before: Collection[str] = (),
    ) -> None:
        """These wait from now on, those of them that do: in one message it is said whom they wait for.

        Args:
            ordered: as they now stand.
            actor: who ordered them.
            place: where.
            now: when.
            files: number → how many files go with it.
            before: whoever wrote what this takes the place of.
        """
        waiting = [request for request in ordered if request.state is State.AWAITING_APPROVAL]
        if not waiting:
            return
        lasts = self._settings.policy.approval_expires
        asked = f"{waiting[0].number}.{events.last_id(db)}"
        for request in waiting:
            acts = self.wanted(request.action, request.kind, request.submission().values)
            approvals.ask(
                db,
                request,
                asked=asked,
                digest=digest(request),
                acts=acts,
                authors=sorted({actor.key, *before, *self._authors(db, request)}),
                actor=actor,
                place=place,
                files=files.get(request.number, 0),
                now=now,
                expires_at=now + lasts,
                remind_at=remind_at(now, lasts),
            )
            self._note(db, request, "approval-asked", actor.key, now, {"acts": [str(act) for act in acts]})
        self._notices.asked(db, asked, now)

    def void(
        self, db: sqlite_utils.Database, request: Request, now: datetime, actor: Actor | None = None
    ) -> tuple[str, ...]:
        """Something else is ordered, or nothing any more: whatever waits, and whoever agreed, counts no longer.

        Returns:
            Whoever wrote what waited.
        """
        order = approvals.waiting(db, request.number)
        if order is None:
            return ()
        approvals.end(db, order, ApprovalState.VOID, now, actor)
        self._notices.ended(db, order, now)
        return order.authors

    @staticmethod
    def _authors(db: sqlite_utils.Database, request: Request) -> tuple[str, ...]:
        """Whoever wrote what is to be submitted; of a change or a deletion that is who ordered it."""
        if request.action is not Action.CREATE:
            return ()
        edits = events.of_request(db, request.number, limit=EDITS_LOOKED_AT)
        return (request.submitter, *(one.actor for one in edits if one.what == "edited"))

    # --- Words of people ------------------------------------------------------------------------------------------------

    async def approve(
        self, numbers: Sequence[int], actor: Actor, role: Role, *, code: str = "", said_in: Place | None = None
    ) -> tuple[Said, ...]:
        """Somebody agrees to all of these, or to none.

        Args:
            numbers: of the requests.
            actor: who.
            role: what they may do where they say it.
            code: of what they read (`four_eyes.code_of`); empty where they typed the numbers alone.
            said_in: where everybody reads the answer; nothing else is said there.

        Returns:
            One for each, in order; where the word does not count for one of them, only those.
        """
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> tuple[Said, ...]:
            found = [(requests.get(db, number), approvals.waiting(db, number)) for number in numbers]
            seen = not code or code == code_of([order.digest for _, order in found if order is not None] or [""])
            said = tuple(self._on_approving(request, order, actor, role, seen, now) for request, order in found)
            refused = tuple(one for one in said if not one.taken)
            return refused or tuple(self._agreed(db, one, actor, now, said_in) for one in said)

        said = await self._database.write(store)
        for one in said:
            if one.request.state is State.QUEUED:
                self._wake(one.request.account)
        return said

    async def deny(self, numbers: Sequence[int], actor: Actor, role: Role, reason: str) -> tuple[Said, ...]:
        """Somebody says no to all of these, and why; arguments and answer as for `approve`."""

        def verdict(order: Approval | None) -> Verdict:
            return on_denying(order, actor=actor.key, role=role, same=self._settings.same_person)

        return await self._end(numbers, actor, ApprovalState.DENIED, verdict, reason)

    async def withdraw(self, numbers: Sequence[int], actor: Actor) -> tuple[Said, ...]:
        """Whoever ordered these takes them back; arguments and answer as for `approve`."""

        def verdict(order: Approval | None) -> Verdict:
            return on_withdrawing(order, actor=actor.key, same=self._settings.same_person)

        return await self._end(numbers, actor, ApprovalState.WITHDRAWN, verdict, "")

    async def _end(
        self,
        numbers: Sequence[int],
        actor: Actor,
        state: ApprovalState,
        verdict: Callable[[Approval | None], Verdict],
        reason: str,
    ) -> tuple[Said, ...]:
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> tuple[Said, ...]:
            orders = [(requests.get(db, number), approvals.waiting(db, number)) for number in numbers]
            said = tuple(Said(request, verdict(order), order) for request, order in orders)
            refused = tuple(one for one in said if not one.taken)
            return refused or tuple(
                Said(self._back(db, one.request, one.order, state, now, actor, reason), one.verdict, one.order)
                for one in said
                if one.order is not None
            )

        return await self._database.write(store)

    async def work(self) -> bool:
        """Remind of what waits, and end what waited too long; returns whether anything was."""
        now = self._clock.now()
        lasts = self._settings.policy.approval_expires
        due = partial(approvals.due, now=now, widest=lasts)
        if not await self._database.read(partial(due, limit=1)):
            return False

        def store(db: sqlite_utils.Database) -> None:
            for order in due(db):
                plan = planned(order, now, lasts)
                if plan.over or plan.due_at is None:
                    self._back(db, requests.get(db, order.request), order, ApprovalState.EXPIRED, now)
                    continue
                approvals.plan(
                    db,
                    order,
                    plan.due_at,
                    reminded=order.reminded or plan.remind,
                    expires_at=plan.expires_at,
                )
                if plan.remind:
                    self._notices.reminder(db, order, now)

        await self._database.write(store)
        return True

    # --- What comes of them ---------------------------------------------------------------------------------------------

    def _on_approving(
        self, request: Request, order: Approval | None, actor: Actor, role: Role, seen: bool, now: datetime
    ) -> Said:
        policy = self._settings.policy
        verdict = on_approving(
            order,
            standing=digest(request),
            actor=actor.key,
            role=role,
            quorum=policy.quorum,
            now=now,
            same=self._settings.same_person,
            seen=seen,
        )
        return Said(request, verdict, order, self._problem(request) if verdict is Verdict.ENOUGH else "")

    def _problem(self, request: Request) -> str:
        """Why what was ordered can no longer be done: it went on at the vendor while it waited."""
        ability = self._ability(request)
        standing = lifecycle.as_the_vendor_has_it(request)
        match request.action:
            case Action.CREATE:
                return ""
            case Action.UPDATE:
                return lifecycle.edit_problem(standing, request.submission().values, ability)
            case Action.DELETE:
                return lifecycle.delete_problem(standing, ability)

    def _agreed(
        self, db: sqlite_utils.Database, said: Said, actor: Actor, now: datetime, said_in: Place | None
    ) -> Said:
        order = said.order
        assert order is not None  # noqa: S101 - otherwise it was refused
        order = approvals.agree(db, order, actor, now)
        self._note(db, said.request, "approval-given", actor.key, now, {})
        if said.verdict is Verdict.COUNTED:
            self._announcer.changed(db, said.request, "", now)
            self._notices.ended(db, order, now)  # what stands there says who agreed
            return replace(said, order=order)
        order = approvals.end(db, order, ApprovalState.GRANTED, now, actor)
        return Said(self._granted(db, said.request, order, now, said_in), said.verdict, order)

    def _granted(
        self, db: sqlite_utils.Database, request: Request, order: Approval, now: datetime, said_in: Place | None
    ) -> Request:
        if order.files and not self._spare.has(request, now):
            step = lifecycle.fell_back(request, now, why=lifecycle.PAPERS_GONE, never_sent=State.DRAFT)
            kept = requests.move(db, request, step.state, now=now, actor=events.SYSTEM, **step.changes)
            self._announcer.changed(db, kept, "", now)
            self._notices.granted(db, order, now, said_in)
            return kept
        if order.files:
            after(db, lambda: self._spare.give_back(request.number))
        queued = requests.move(
            db,
            request,
            State.QUEUED,
            now=now,
            actor=order.ended_by,
            reason=request.reason if request.prior else "",
            refusal=None,
            next_look_at=None,
            looks=0,
        )
        resubmissions.ordered(db, queued, now)
        self._announcer.shown(db, queued, now)
        self._notices.granted(db, order, now, said_in)
        return queued

    def _back(
        self,
        db: sqlite_utils.Database,
        request: Request,
        order: Approval,
        state: ApprovalState,
        now: datetime,
        actor: Actor | None = None,
        reason: str = "",
    ) -> Request:
        """Nothing goes out: it is a draft again, or stands as the vendor has it."""
        order = approvals.end(db, order, state, now, actor, reason)
        by = actor.key if actor is not None else events.SYSTEM
        self._note(db, request, f"approval-{state}", by, now, {"reason": reason} if reason else {})
        why = {ApprovalState.DENIED: lifecycle.DENIED, ApprovalState.EXPIRED: lifecycle.NOT_AGREED}.get(state, "")
        step = lifecycle.fell_back(request, now, why=why, never_sent=State.DRAFT)
        changes = {**step.changes, "refusal": request.refusal}
        if step.state is State.DRAFT:
            changes |= {"refusal": Refusal(code=by, message=reason) if reason else None}
        back = requests.move(db, request, step.state, now=now, actor=by, **changes)
        after(db, lambda: self._spare.forget(request.number))
        self._announcer.changed(db, back, "", now)
        self._notices.denied(db, order, now)
        return back

    @staticmethod
    def _note(
        db: sqlite_utils.Database, request: Request, what: str, by: str, now: datetime, data: Mapping[str, object]
    ) -> None:
        events.append(db, at=now, what=what, actor=by, account=request.account, request=request.number, data=data)

    def _ability(self, request: Request) -> KindAbility:
        return self._vendors[request.account].capabilities.of(request)
