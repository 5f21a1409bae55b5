"""Use case: what a vendor takes in its console only, done there by a person and followed here.

A guided request is stored as a draft with its steps (`bot.contracts.guide`), never sent. Whoever does it says what came of it,
once it was submitted and once it was decided; until then they are reminded, ever less often. Where the vendor's API shows
how it stands, the review is followed as any other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.guide import GUIDE, Guide, guide_of, guided_by
from bot.contracts.message import Mark, Mention, Message
from bot.contracts.model import Actor, Incoming, Kind, Request, State, Words
from bot.contracts.vendor import Vendor
from bot.notices.compose import Composed, Wording
from bot.requests.announce import Announcer
from bot.requests.cards import submitter_of
from bot.requests.guidance import called_guide, guidance
from bot.requests.lifecycle import Outcome
from bot.store import events, guided, notices, requests
from bot.store.database import Database
from bot.store.guided import Waiting
from bot.store.notices import Notice
from bot.wording.view import View

PAUSES = (timedelta(days=1), timedelta(days=2), timedelta(days=4), timedelta(days=7))
"""After these somebody is reminded again; the last one goes on."""

WENT_ON = Words("what it reminds of went on meanwhile", "所提醒的事已有进展")


class Said(StrEnum):
    """What a person saw or did in the console."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    DELETED = "deleted"


STATES: Mapping[Said, State] = {
    Said.SUBMITTED: State.IN_REVIEW,
    Said.APPROVED: State.READY,
    Said.REJECTED: State.REJECTED,
    Said.DELETED: State.DELETED,
}

FROM: Mapping[Said, frozenset[State]] = {
    Said.SUBMITTED: frozenset({State.DRAFT, State.REJECTED}),
    Said.APPROVED: frozenset({State.DRAFT, State.IN_REVIEW, State.REJECTED}),
    Said.REJECTED: frozenset({State.DRAFT, State.IN_REVIEW, State.READY}),
    Said.DELETED: frozenset({State.IN_REVIEW, State.READY, State.REJECTED}),
}
"""Where a request can stand when something is said of it; a decision may be seen before anybody said that it was submitted."""

WAITS = (State.DRAFT, State.IN_REVIEW)
"""Somebody is reminded of these."""


def pause(times: int) -> timedelta:
    """How long until somebody is reminded again, who was so often before."""
    return PAUSES[min(times, len(PAUSES) - 1)]


def remind(db: sqlite_utils.Database, number: int, now: datetime) -> bool:
    """Have somebody reminded of a request from now on; returns whether they were already. A step of a transaction."""
    before = guided.get(db, number) is not None
    guided.put(db, Waiting(number, now, 0, now + pause(0)))
    return before


class Guided:
    """Keeps guided requests.

    Args:
        database: the record.
        vendors: account name → vendor.
        announcer: owes the notices.
        clock: the domain's time.
    """

    def __init__(self, database: Database, vendors: Mapping[str, Vendor], announcer: Announcer, clock: Clock) -> None:
        self._database = database
        self._vendors = vendors
        self._announcer = announcer
        self._clock = clock

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"guided": self._reminder}

    def of(self, account: str, kind: Kind, key: str = "") -> Guide | None:
        """How something is done in the console of an account's vendor; where none is named, how its kind is done there."""
        guides = self._vendors[account].capabilities.guides
        return next((one for one in guides if one.kind is kind and (one.key == key if key else not one.asked)), None)

    def asked(self, account: str, kind: Kind, typed: Sequence[tuple[str, str]]) -> Guide | None:
        """How it is done there, where a person does it in the console: always, or as somebody asks by a key of its own."""
        return guide_of(self._vendors[account].capabilities.guides, kind, typed)

    async def begin(
        self,
        incoming: Incoming,
        kind: Kind,
        name: str,
        chosen: Mapping[str, Guide],
    ) -> tuple[Request, ...]:
        """Store what is to be done in the consoles of some accounts; the card with the steps follows.

        Args:
            incoming: who asks where; the same delivery twice is one request.
            kind: what it is.
            name: what it is called.
            chosen: account → the guide.
        """
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> tuple[Request, ...]:
            batch, is_new = requests.create_batch(
                db,
                origin=f"{incoming.place.platform}:{incoming.origin}:guided",
                kind=kind,
                name=name,
                actor=incoming.actor,
                place=incoming.place,
                new=[
                    requests.NewRequest(
                        account=account,
                        vendor=self._vendors[account].vendor,
                        values={"name": name, GUIDE: guide.key},
                        papers=(),
                        state=State.DRAFT,
                    )
                    for account, guide in chosen.items()
                ],
                now=now,
            )
            born = requests.of_batch(db, batch)
            if is_new:
                self._announcer.born(db, batch, now)
                for request in born:
                    remind(db, request.number, now)
            return born

        return await self._database.write(store)

    async def say(self, number: int, said: Said, actor: Actor, *, ref: str = "", reason: str = "") -> Outcome:
        """Somebody says what they did or saw in the console.

        Args:
            number: the request.
            said: what.
            actor: who.
            ref: the vendor's id, where they know it.
            reason: the reviewer's words, of a rejection.

        Returns:
            The request as it now stands. Problems: `not_in_this_state`; `known`, the id is another request's.
        """
        now = self._clock.now()

        def store(db: sqlite_utils.Database) -> Outcome:
            request = requests.get(db, number)
            told_id = (
                said in (Said.SUBMITTED, Said.APPROVED)
                and request.state is STATES[said]
                and ref
                and not request.vendor_ref
            )
            if not guided_by(request) or not (told_id or request.state in FROM[said]):
                return Outcome(request, "not_in_this_state")
            if ref and ref != request.vendor_ref and requests.known_refs(db, request.account, request.kind, [ref]):
                return Outcome(request, "known")
            return Outcome(self._moved(db, request, said, actor, ref or request.vendor_ref, reason, now))

        return await self._database.write(store)

    def _moved(
        self,
        db: sqlite_utils.Database,
        request: Request,
        said: Said,
        actor: Actor,
        ref: str,
        reason: str,
        now: datetime,
    ) -> Request:
        guide = self.of(request.account, request.kind, guided_by(request)) if request.account in self._vendors else None
        followed = said is Said.SUBMITTED and bool(ref) and guide is not None and guide.shown
        changes: dict[str, Any] = {"vendor_ref": ref, "reason": reason, "next_look_at": now if followed else None}
        if said is Said.SUBMITTED:
            changes |= {"submitted_at": now, "looks": 0, "word": ""}
        if moved_already := request.state is STATES[said]:
            changes = {"vendor_ref": ref, "next_look_at": changes["next_look_at"]}
        before, start = request.state, request.submitted_at or request.created_at
        if moved_already:  # only its id was not known
            known = requests.update(db, request, now=now, **changes)
            events.append(
                db,
                at=now,
                what="edited",
                actor=actor.key,
                account=request.account,
                request=request.number,
                data={"id": ref},
            )
            news = "console_submitted" if said is Said.SUBMITTED else "ready"
            told = {"by": actor.key, "from": State.IN_REVIEW, "took": max(0.0, (now - start).total_seconds())}
            self._announcer.changed(db, known, news, now, told)
            return known
        moved = requests.move(db, request, STATES[said], now=now, actor=actor.key, **changes)
        if moved.state in WAITS:
            remind(db, moved.number, now)
        else:
            guided.drop(db, moved.number)
        news = {Said.SUBMITTED: "console_submitted", Said.APPROVED: "ready", Said.REJECTED: "rejected"}.get(
            said, "deleted"
        )
        data = {"by": actor.key, "from": before, "took": max(0.0, (now - start).total_seconds())}
        self._announcer.changed(db, moved, news, now, data)
        return moved

    async def work(self) -> bool:
        """Remind of what waits for a person; returns whether anything was due."""
        now = self._clock.now()
        due = partial(guided.due, now=now, widest=PAUSES[-1])
        if not await self._database.read(due):
            return False
        await self._database.write(lambda db: self._remind(db, due(db), now))
        return True

    def _remind(self, db: sqlite_utils.Database, due: Sequence[Waiting], now: datetime) -> None:
        for waiting in due:
            request = requests.find(db, waiting.request)
            if request is None or request.state not in WAITS:
                guided.drop(db, waiting.request)
                continue
            if waiting.remind_at <= now:
                notices.owe(
                    db,
                    key=f"guided:{request.number}:{waiting.since.isoformat()}:{waiting.times}",
                    what="guided",
                    subject=f"request:{request.number}",
                    place=request.place,
                    now=now,
                    data={"state": request.state},
                )
                events.append(
                    db, at=now, what="reminded", actor=events.SYSTEM, account=request.account, request=request.number
                )
            times = waiting.times + (waiting.remind_at <= now)
            guided.put(db, Waiting(request.number, waiting.since, times, now + pause(times)))

    def _reminder(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        """What is said of something that still waits for a person."""
        request = requests.get(db, int(notice.subject.partition(":")[2]))
        if request.state != notice.data["state"]:
            return Composed(None, why_not=WENT_ON)
        language = view.language
        who = Mention(request.submitter, submitter_of(view, request))
        told = {"number": request.number, "what": called_guide(view, request), "account": request.account, "who": who}
        title = (
            language.line("{who} **#{number} {what}: still to be done in the console of {account}**", **told)
            if request.state is State.DRAFT
            else language.line("{who} **#{number} {what}: has {account} decided it?**", **told)
        )
        return Composed(
            Message(title=title, mark=Mark.WAITING, blocks=guidance(view, request)), under=f"batch:{request.batch}"
        )
