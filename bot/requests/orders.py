"""Use case: take an order to submit, edit or delete, and store the intent.

The order of things is the promise (spec 2): the intent is on the disk before the call, the state says `submitting`
while the call is under way (`bot.requests.sending`), and a call whose answer was lost is `unknown` until a look-up settles it.
"""

import contextlib
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.contracts import personal
from bot.contracts.clock import Clock
from bot.contracts.guide import GUIDE, guide_of, guided_by
from bot.contracts.model import Action, Actor, Incoming, Kind, Paper, Refusal, Request, State, Words
from bot.contracts.parts import MEDIA
from bot.contracts.variants import GO_CHINA, for_digital
from bot.contracts.vendor import KindAbility, Vendor
from bot.requests import open_questions
from bot.requests.announce import Announcer
from bot.requests.approvals import Approvals
from bot.requests.guided import remind
from bot.requests.lifecycle import WRONG_INPUT, Outcome, delete_problem, edit_problem, not_anew
from bot.requests.papers import PapersInHand, SparePapers
from bot.requests.prepare import Prepared
from bot.store import events, requests, resubmissions
from bot.store.database import Database
from bot.store.units import after

IN_HAND = (State.QUEUED, State.SUBMITTING, State.UNKNOWN)

SAME_THING = (State.AWAITING_APPROVAL, *IN_HAND, State.IN_REVIEW, State.APPROVED, State.READY)


class Orders:
    """Orders to submit, edit and delete.

    Args:
        database: the record.
        vendors: account name → vendor.
        announcer: owes the notices.
        clock: the domain's time.
        papers: where the files of what is queued are held.
        wake: called with an account's name when it has something to send.
        approvals: what needs a second person waits for one.
        spare: the files of what waits, and of what was sent and may have to be sent again.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        announcer: Announcer,
        clock: Clock,
        papers: PapersInHand,
        wake: Callable[[str], None],
        approvals: Approvals,
        spare: SparePapers | None = None,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._announcer = announcer
        self._clock = clock
        self._wake = wake
        self._approvals = approvals
        self._papers = papers
        self._spare = spare or SparePapers(papers)

    async def submit(
        self,
        incoming: Incoming,
        kind: Kind,
        name: str,
        prepared: Sequence[Prepared],
        *,
        wrong: Mapping[str, Words] | None = None,
        hold: bool = False,
        earlier: int | None = None,
    ) -> tuple[int, tuple[Request, ...]]:
        """Store a batch: what is complete is queued, the rest is kept as drafts.

        Args:
            incoming: who asks where.
            kind: what is submitted.
            name: what the batch is called.
            prepared: one for each account.
            wrong: account → why it is only a draft.
            hold: keep everything as drafts for now, a dialogue asks on.
            earlier: the number of the request whose place it takes; where another one took it already, that one stands.

        Returns:
            The batch's number and its requests. The same delivery twice gives the first one's and changes nothing.
        """
        now = self._clock.now()
        said = wrong or {}

        def store(db: sqlite_utils.Database) -> tuple[int, tuple[Request, ...]]:
            if earlier is not None and (later := resubmissions.successor(db, earlier)) is not None:
                return later.batch, (later,)
            new = [
                requests.NewRequest(
                    account=item.account,
                    vendor=self._vendors[item.account].vendor,
                    values=self._with_guide(item.account, kind, item.values),
                    papers=described(item.papers),
                    state=self._first_state(kind, item) if item.complete and not hold else State.DRAFT,
                    reason=WRONG_INPUT if item.account in said else "",
                    refusal=Refusal(advice=said[item.account]) if item.account in said else None,
                    earlier=earlier,
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
            born = requests.of_batch(db, batch)
            if is_new:
                files = {}
                for request, item in zip(born, prepared, strict=True):
                    if guided_by(request) and item.complete and not hold:
                        remind(db, request.number, now)
                    self._hold(db, request, item.papers, now)
                    files[request.number] = _count(item.papers)
                self._approvals.ask(db, born, incoming.actor, incoming.place, now, files)
                born = requests.of_batch(db, batch)
            return batch, born

        batch, born = await self._database.write(store)
        for request in born:
            self._begin(request)
        return batch, born

    def _with_guide(self, account: str, kind: Kind, values: Mapping[str, str]) -> dict[str, str]:
        """Values with the guide that a person follows, where they ask for what the vendor's console takes."""
        guide = guide_of(self._vendors[account].capabilities.guides, kind, values.items())
        return {**values, GUIDE: guide.key} if guide is not None else dict(values)

    def _first_state(self, kind: Kind, item: Prepared) -> State:
        if GUIDE in self._with_guide(item.account, kind, item.values):
            return State.DRAFT  # which a person takes to the console
        waits = self._approvals.wanted(Action.CREATE, kind, item.values)
        return State.AWAITING_APPROVAL if waits else State.QUEUED

    async def complete(self, number: int, prepared: Prepared, incoming: Incoming, *, standing: str = "") -> Outcome:
        """Fill in and send a draft, send a failed request again, or edit what the vendor has.

        Args:
            number: the request.
            prepared: its values as they are to be, complete.
            incoming: who orders it where.
            standing: `Request.standing` as whoever orders it saw it; an order about what is over is not taken up.
                Empty for however it stands.
        """
        now, actor = self._clock.now(), incoming.actor

        def store(db: sqlite_utils.Database) -> Outcome:
            request = requests.get(db, number)
            moved = standing and standing != request.standing
            ability = self._ability(request)
            problem = edit_problem(request, prepared.values, ability) or not_anew(request, prepared.values, ability)
            if problem := "moved" if moved else problem:
                return Outcome(request, problem)
            if guided_by(request):
                return Outcome(self._kept(db, request, prepared, actor, now))
            changes = _changes(request, prepared)
            ordered = replace(request, **changes)
            if self._approvals.stands(db, ordered):
                self._hold(db, request, prepared.papers, now)
                return Outcome(request)
            self._changed(db, request, prepared.values, actor, now)
            queued = self._order(db, request, ordered, changes, actor, now)
            self._announcer.shown(db, queued, now)
            self._hold(db, queued, prepared.papers, now)
            before = self._approvals.void(db, request, now, actor)
            self._approvals.ask(db, (queued,), actor, incoming.place, now, {number: _count(prepared.papers)}, before)
            return Outcome(requests.get(db, number))

        outcome = await self._database.write(store)
        self._begin(outcome.request)
        return outcome

    def _kept(
        self, db: sqlite_utils.Database, request: Request, prepared: Prepared, actor: Actor, now: datetime
    ) -> Request:
        """What a person takes to the console is as it is to be: they are shown the steps, and reminded of them."""
        values = self._with_guide(request.account, request.kind, prepared.values)
        kept = requests.update(db, request, now=now, values=values)
        data = {"fields": values}
        events.append(
            db, at=now, what="edited", actor=actor.key, account=request.account, request=request.number, data=data
        )
        if remind(db, request.number, now):
            self._announcer.changed(db, kept, "console_kept", now, {})
        else:  # its dialogue has come to its end
            self._announcer.shown(db, kept, now)
        return kept

    @contextlib.asynccontextmanager
    async def handing_in(self, batch: int) -> AsyncIterator[None]:
        """Drafts of a batch are completed one after the other: they are shown on one card, after the last of them."""
        try:
            with self._announcer.handing_in(batch):
                yield
        finally:
            now = self._clock.now()
            await self._database.write(lambda db: self._announcer.hasten(db, batch, now))

    def _order(
        self,
        db: sqlite_utils.Database,
        request: Request,
        ordered: Request,
        changes: Mapping[str, Any],
        actor: Actor,
        now: datetime,
    ) -> Request:
        """Something is to be done at the vendor: it is queued, or waits for a second person; a step of a transaction."""
        to = self._approvals.way(db, ordered, now)
        changes = {**changes, "ordered_by": actor.key if to is State.AWAITING_APPROVAL else ""}
        # While a change waits, the vendor has it as before and is followed as before.
        if to is State.QUEUED or ordered.prior is None:
            changes |= {"refusal": None, "next_look_at": None, "looks": 0}
        if ordered.prior is None:  # otherwise the reviewer's reason stays until the vendor has taken the change
            changes |= {"reason": ""}
        if to is request.state:
            return requests.update(db, request, now=now, since=now, **changes)
        moved = requests.move(db, request, to, now=now, actor=actor.key, **changes)
        if to is State.QUEUED:
            resubmissions.ordered(db, moved, now)
        return moved

    async def keep(self, number: int, values: Mapping[str, str], actor: Actor) -> None:
        """Keep in a draft what was filled in so far; anything but a draft stays as it is."""
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> None:
            request = requests.get(db, number)
            said = self._with_guide(request.account, request.kind, values)
            if request.state is not State.DRAFT or said == dict(request.values):
                return
            requests.update(db, request, now=now, values=said)
            # Answer by answer of one dialogue it is one change; what it came to stands in what is sent.
            last = events.of_request(db, number, limit=1)
            if last and (last[0].what, last[0].actor) == ("edited", actor.key):
                return
            self._changed(db, request, values, actor, now)

        await self._database.write(store)

    @staticmethod
    def _changed(
        db: sqlite_utils.Database, request: Request, values: Mapping[str, str], actor: Actor, now: datetime
    ) -> None:
        """The story of it: of what was never sent it is no change that anybody could have seen."""
        events.append(
            db,
            at=now,
            what="edited",
            actor=actor.key,
            account=request.account,
            request=request.number,
            data={"fields": dict(values), **({"draft": True} if request.state is State.DRAFT else {})},
        )

    async def delete(self, numbers: Sequence[int], incoming: Incoming) -> tuple[Outcome, ...]:
        """Delete at the vendors what they have, or give up what was never sent: all of it or nothing.

        Args:
            numbers: of the requests.
            incoming: who orders it where.

        Returns:
            One outcome for each, in order; where one of them cannot be deleted, only those that cannot.
        """
        now, actor = self._clock.now(), incoming.actor

        def store(db: sqlite_utils.Database) -> tuple[Outcome, ...]:
            found = [requests.get(db, number) for number in numbers]
            problems = [(request, delete_problem(request, self._ability(request))) for request in found]
            refused = tuple(Outcome(request, problem) for request, problem in problems if problem)
            if refused:
                return refused
            before = [author for request in found for author in self._approvals.void(db, request, now, actor)]
            gone = tuple(self._given_up(db, request, actor, now) for request in found)
            self._approvals.ask(db, gone, actor, incoming.place, now, {}, before)
            return tuple(Outcome(request) for request in gone)

        outcomes = await self._database.write(store)
        for outcome in outcomes:
            if outcome.request.state is State.CANCELLED:
                self._spare.forget(outcome.request.number)
            if not outcome.problem:
                self._begin(outcome.request)
        return outcomes

    async def spare(self, numbers: Sequence[int], actor: Actor) -> bool:
        """Somebody says that these are not to be deleted; returns whether anybody was asked."""
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> bool:
            asked = [number for number in numbers if open_questions.asked_to_delete(db, number)]
            for number in asked:
                open_questions.keep(db, requests.get(db, number), actor, now)
            return bool(asked)

        return await self._database.write(store)

    def _given_up(self, db: sqlite_utils.Database, request: Request, actor: Actor, now: datetime) -> Request:
        if request.prior is None and not request.vendor_ref:
            gone = requests.move(db, request, State.CANCELLED, now=now, actor=actor.key, next_look_at=None)
            self._announcer.changed(db, gone, "", now)
            return gone
        changes: dict[str, Any] = {"action": Action.DELETE, "proposed": None, "prior": request.prior or request.state}
        queued = self._order(db, request, replace(request, **changes), changes, actor, now)
        self._announcer.shown(db, queued, now)
        return queued

    async def twins(self, kind: Kind, prepared: Prepared) -> tuple[Request, ...]:
        """Requests of the record that are this very thing and still stand, so that nobody submits it twice by mistake."""
        found = await self._database.read(lambda db: same_thing(db, prepared.account, kind, prepared.values))
        if not for_digital(prepared.values):
            return found
        files = [file.sha256 for file in prepared.papers.get(MEDIA, ())]
        return tuple(one for one in found if [its["sha256"] for its in one.papers if its.get("key") == MEDIA] == files)

    def _ability(self, request: Request) -> KindAbility:
        return self._vendors[request.account].capabilities.of(request)

    def _hold(self, db: Any, request: Request, papers: Mapping[str, tuple[Paper, ...]], now: datetime) -> None:
        """Hold the files before the queue can be seen, so that nobody sends it without them."""
        after(db, lambda: self._held(request, papers, now))

    def _held(self, request: Request, papers: Mapping[str, tuple[Paper, ...]], now: datetime) -> None:
        self._spare.forget(request.number)
        if papers and request.state is State.QUEUED:
            self._papers[request.number] = papers
        else:
            self._papers.pop(request.number, None)
        if request.state is State.AWAITING_APPROVAL:
            self._spare.hold(request.number, papers, now + self._approvals.lasts)

    def _begin(self, request: Request) -> None:
        if request.state is State.QUEUED:
            self._wake(request.account)


def _changes(request: Request, prepared: Prepared) -> dict[str, Any]:
    """What an order to send a draft, or to change what the vendor has, makes of a request."""
    kept = described(prepared.papers)
    waits_as_draft = request.state is State.AWAITING_APPROVAL and request.prior is None
    if request.state in (State.DRAFT, State.FAILED) or waits_as_draft:
        return {"action": Action.CREATE, "values": dict(prepared.values), "papers": kept, "vendor_ref": ""}
    return {
        "action": Action.UPDATE,
        "proposed": dict(prepared.values),
        "prior": request.prior if request.state is State.AWAITING_APPROVAL else request.state,
        "papers": kept or request.papers,
    }


def _count(papers: Mapping[str, tuple[Paper, ...]]) -> int:
    return sum(len(files) for files in papers.values())


def same_thing(db: sqlite_utils.Database, account: str, kind: Kind, values: Mapping[str, str]) -> tuple[Request, ...]:
    """Requests that are this very thing at this account and still stand."""
    found = requests.latest(
        db, accounts=(account,), kind=kind, states=SAME_THING, name=values.get("name", ""), limit=50
    )
    return tuple(
        request
        for request in found
        if request.values.get("content") == values.get("content")
        and request.values.get("international") == values.get("international")
        and request.digital is for_digital(values)
        and request.values.get(GO_CHINA) == values.get(GO_CHINA)
    )


def described(papers: Mapping[str, tuple[Paper, ...]]) -> tuple[Mapping[str, str], ...]:
    """What the record keeps of papers: key, name, size and SHA-256 (spec 10); of what is private, a seal at most."""
    return tuple(
        {"key": key, **personal.sealed(key, paper)}
        if personal.private(key)
        else {"key": key, "name": paper.name, "size": str(paper.size), "sha256": paper.sha256}
        for key, files in papers.items()
        for paper in files
    )
