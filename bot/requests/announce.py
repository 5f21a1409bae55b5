"""The notices that a change of a request owes, and what each says when it is delivered."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.chat import Card
from bot.contracts.message import Block, Items, Line, Mention, Message, Table, Text
from bot.contracts.model import Place, Request, State, Words
from bot.contracts.resubmission import Passed
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.requests import open_questions
from bot.requests.batches import card, most_pressing
from bot.requests.check.accounts import Check
from bot.requests.check.explain import Explained
from bot.requests.lifecycle import as_the_vendor_has_it
from bot.requests.news import Verdict, news
from bot.requests.outcomes import FINAL
from bot.store import events, notices, requests, resubmissions
from bot.store.notices import Notice
from bot.wording.view import View

SETTLED = Words("it was settled before it was told", "发送前已落实")

LATELY = 20
"""Of so many rejections it is told how many had the same reason."""

IN_THE_CARD = frozenset({"accepted", "refused"})
"""News that a card which is still to come says itself."""

IN_ITS_OWN_CARD = IN_THE_CARD | {"unknown", "unknown_question"}
"""The same for the card of one request; a card of several has no room for a question and its two answers."""


class Announcer:
    """Owes the notices of requests. Every method is a step of the transaction that causes the notice.

    Args:
        audience: who hears of what.
        patience: how long a batch's first card waits for the vendors' answers before it is shown with what is known.
        check: what a reviewer's reason means.
    """

    def __init__(self, audience: Audience, patience: timedelta, check: Check) -> None:
        self.audience = audience
        self._check = check
        self._patience = patience
        self._handed_in: set[int] = set()

    @contextlib.contextmanager
    def handing_in(self, batch: int) -> Iterator[None]:
        """While drafts of a batch are handed in one after the other, its first card waits for the last of them.

        Vendors answer the first before the last is on its way; a card that came in between would need a message for
        each that follows. `hasten` it afterwards.
        """
        self._handed_in.add(batch)
        try:
            yield
        finally:
            self._handed_in.discard(batch)

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"news": self._news, open_questions.CLOSED: open_questions.closed}

    def born(self, db: sqlite_utils.Database, batch: int, now: datetime) -> None:
        """A batch was stored: its card is owed."""
        place = requests.batch(db, batch).place
        self._owe_card(db, _first_card(batch, place, place), batch, place, now)
        self.hasten(db, batch, now)

    def changed(
        self,
        db: sqlite_utils.Database,
        request: Request,
        news: str,
        now: datetime,
        data: Mapping[str, Any] | None = None,
        *,
        wait: bool = False,
    ) -> None:
        """A request changed: refresh its card and tell the news.

        Args:
            request: as it now stands.
            news: what `bot.requests.news` calls it; empty when only the card changes.
            now: when.
            data: what the news says, as of now.
            wait: give the matter a moment to settle before it is told.
        """
        number = events.last_id(db)
        open_questions.close(db, request, now)
        here = request.place
        hear = self.audience.places(db, "reviews", request.account) if news else ()
        told_of = (here, *(place for place in hear if not place.same_conversation(here)))
        untold = [place for place in told_of if not self._in_the_card(db, request, news, number, place, now)]
        for place in notices.owed_in(db, f"batch:{request.batch}", "card"):  # they hear no more, and see how it stands
            if not any(place.same_conversation(other) for other in told_of):
                self._in_the_card(db, request, "", number, place, now)
        if not news:
            return
        told = {
            "news": news,
            "state": request.state,
            "reason": request.reason,
            "action": request.action,
            **(data or {}),
        }
        watching = [
            place
            for place in self.audience.watching(db, f"request:{request.number}")
            if not any(place.same_conversation(other) for other in told_of)
        ]
        for place in (*untold, *watching):
            notices.owe(
                db,
                key=f"news:{request.number}:{number}:{place.key}",
                what="news",
                subject=f"request:{request.number}",
                place=place,
                now=now,
                data=told,
                due_at=now + self._patience if wait else None,
                urgency=notices.IN_TIME,
            )

    def shown(self, db: sqlite_utils.Database, request: Request, now: datetime) -> None:
        """A request was ordered: have its card shown (again); a draft that is filled in had none yet."""
        self.born(db, request.batch, now)
        self.changed(db, request, "", now)

    def _in_the_card(
        self,
        db: sqlite_utils.Database,
        request: Request,
        news: str,
        number: int,
        place: Place,
        now: datetime,
    ) -> bool:
        """Owe the card of a request in a conversation, or have it shown anew; returns whether it will say the news itself.

        Where something was asked for its card is owed from the beginning (`born`); in another conversation that hears of
        it, from the first news on.
        """
        first = _first_card(request.batch, request.place, place)
        if not notices.was_owed(db, first) and not place.same_conversation(request.place):
            self._owe_card(db, first, request.batch, place, now)
        if notices.is_due(db, first):
            self.hasten(db, request.batch, now)
            alone = len(requests.of_batch(db, request.batch)) == 1
            return news in (IN_ITS_OWN_CARD if alone else IN_THE_CARD)
        subject = f"batch:{request.batch}"
        if notices.was_owed(db, first) and not notices.is_coming(db, "card", subject, place):
            notices.owe(db, key=f"{first}:{number}", what="card", subject=subject, place=place, now=now)
        return False

    def _owe_card(self, db: sqlite_utils.Database, key: str, batch: int, place: Place, now: datetime) -> None:
        notices.owe(
            db, key=key, what="card", subject=f"batch:{batch}", place=place, now=now, due_at=now + self._patience
        )

    def _news(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        _, _, number = notice.subject.partition(":")
        request = as_the_vendor_has_it(requests.get(db, int(number)))
        what = str(notice.data["news"])
        if what in ("unknown", "unknown_question") and request.state is not State.UNKNOWN:
            return Composed(None, why_not=SETTLED)
        rejected = what == "rejected" and request.reason
        said = news(view, request, what, notice.data, self._verdict(db, request) if rejected else None)
        if not notice.place.same_conversation(request.place):
            said = named_only(said)  # whoever waits is mentioned where they asked, once
        asks = f"question:{notice.key}" if what == "unknown_question" else ""
        return Composed(said, under=f"batch:{resubmissions.first_batch(db, request)}", final=what in FINAL, shows=asks)

    def _verdict(self, db: sqlite_utils.Database, request: Request) -> Verdict | None:
        """What a rejection means, how often it was seen at this account lately, and what would pass."""
        meant = self._check.explained(request, request.reason)
        if meant.title is None or meant.says is None:
            return None
        lately = requests.latest(
            db, accounts=(request.account,), kind=request.kind, states=(State.REJECTED,), limit=LATELY
        )
        alike = sum(self._check.explained(one, one.reason).rules[:1] == meant.rules[:1] for one in lately)
        fixes = tuple(self._check.fixes(request).items())
        return Verdict(
            meant.rules[0], meant.title, meant.says, alike, len(lately), fixes, self._passed(db, request, meant)
        )

    def _passed(self, db: sqlite_utils.Database, request: Request, meant: Explained) -> Passed | None:
        """The latest change that passed at this account after a rejection for the same rule."""
        for one in resubmissions.passed(db, request.account, request.kind, LATELY):
            if self._check.explained(request, one.reason).rules[:1] == meant.rules[:1]:
                return one
        return None

    def hasten(self, db: sqlite_utils.Database, batch: int, now: datetime) -> None:
        """Show a batch's card at once where nothing of it waits for its vendor."""
        waiting = (State.QUEUED, State.SUBMITTING)
        if batch not in self._handed_in and all(
            request.state not in waiting for request in requests.of_batch(db, batch)
        ):
            notices.hasten(db, f"batch:{batch}", "card", now)


def _first_card(batch: int, home: Place, place: Place) -> str:
    """The key of the first card of a batch in a conversation."""
    key = f"card:batch:{batch}"
    return key if place.same_conversation(home) else f"{key}:{place.key}"


def batch_card(db: sqlite_utils.Database, view: View, number: int) -> tuple[Message, Card]:
    """The card of a batch as it now stands."""
    every = requests.of_batch(db, number)
    # In another conversation only what is spoken of there.
    batch = [request for request in every if view.speaks_of(request.account)] or every
    spoken_of = most_pressing(batch)
    first = resubmissions.first_batch(db, spoken_of)
    under = f"batch:{first}" if first != number else ""
    _, _, asked = requests.origin(db, number).partition(":")
    return card(view, batch), Card(f"batch:{number}", f"#{spoken_of.number}", spoken_of.state, under, asked)


def named_only(message: Message) -> Message:
    """A message that names people without mentioning anybody: for a conversation in which nobody waits for it."""
    return replace(message, title=_line(message.title), blocks=tuple(_block(block) for block in message.blocks))


def _block(block: Block) -> Block:
    match block:
        case Text(line):
            return Text(_line(line))
        case Items(lines):
            return Items(tuple(_line(line) for line in lines))
        case Table(head, rows):
            return Table(head, tuple(tuple(_line(cell) for cell in row) for row in rows))
        case _:
            return block


def _line(line: Line) -> Line:
    return tuple(f"· {part.name}" if isinstance(part, Mention) else part for part in line)
