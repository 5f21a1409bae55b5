"""The notices that a change of a request owes, and what each says when it is delivered."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.chat import Card
from bot.contracts.message import Block, Items, Line, Mention, Message, Table, Text
from bot.contracts.model import Request, State
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.requests.batches import card, most_pressing
from bot.requests.check.accounts import Check, draft_of
from bot.requests.news import Verdict, news
from bot.requests.outcomes import FINAL
from bot.store import events, notices, requests
from bot.store.notices import Notice
from bot.wording.view import View

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

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"news": self._news}

    def born(self, db: sqlite_utils.Database, batch: int, now: datetime) -> None:
        """A batch was stored: its card is owed."""
        place = requests.batch(db, batch).place
        notices.owe(
            db,
            key=f"card:batch:{batch}",
            what="card",
            subject=f"batch:{batch}",
            place=place,
            now=now,
            due_at=now + self._patience,
        )
        self._hasten(db, batch, now)

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
        in_the_card = self._refresh(db, request, news, number, now)
        if not news:
            return
        told = {
            "news": news,
            "state": request.state,
            "reason": request.reason,
            "action": request.action,
            **(data or {}),
        }
        here = request.place
        elsewhere = [
            place for place in self.audience.places(db, "reviews", request.account) if not place.same_conversation(here)
        ]
        heard = [here, *elsewhere]
        watching = [
            place
            for place in self.audience.watching(db, f"request:{request.number}")
            if not any(place.same_conversation(other) for other in heard)
        ]
        for place in (*(() if in_the_card else (here,)), *elsewhere, *watching):
            notices.owe(
                db,
                key=f"news:{request.number}:{number}:{place.key}",
                what="news",
                subject=f"request:{request.number}",
                place=place,
                now=now,
                data=told,
                due_at=now + self._patience if wait else None,
            )

    def shown(self, db: sqlite_utils.Database, request: Request, now: datetime) -> None:
        """A request was ordered: have its card shown (again); a draft that is filled in had none yet."""
        self.born(db, request.batch, now)
        self.changed(db, request, "", now)

    def _refresh(self, db: sqlite_utils.Database, request: Request, news: str, number: int, now: datetime) -> bool:
        """Owe the card anew where it was shown before; returns whether a card still to come says the news itself."""
        first = f"card:batch:{request.batch}"
        if notices.is_due(db, first):
            self._hasten(db, request.batch, now)
            alone = len(requests.of_batch(db, request.batch)) == 1
            return news in (IN_ITS_OWN_CARD if alone else IN_THE_CARD)
        subject = f"batch:{request.batch}"
        if notices.was_owed(db, first) and not notices.is_coming(db, "card", subject, request.place):
            notices.owe(db, key=f"{first}:{number}", what="card", subject=subject, place=request.place, now=now)
        return False

    def _news(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        _, _, number = notice.subject.partition(":")
        request = requests.get(db, int(number))
        what = str(notice.data["news"])
        if what == "unknown" and request.state is not State.UNKNOWN:
            return Composed(None, why_not="it was settled before it was told")
        rejected = what == "rejected" and request.reason
        said = news(view, request, what, notice.data, self._verdict(db, request) if rejected else None)
        if not notice.place.same_conversation(request.place):
            said = named_only(said)  # whoever waits is mentioned where they asked, once
        return Composed(said, under=f"batch:{request.batch}", final=what in FINAL)

    def _verdict(self, db: sqlite_utils.Database, request: Request) -> Verdict | None:
        """What a rejection means, how often it was seen at this account lately, and what would pass."""
        meant = self._check.explained(request, request.reason)
        if meant.title is None or meant.says is None:
            return None
        lately = requests.latest(
            db, accounts=(request.account,), kind=request.kind, states=(State.REJECTED,), limit=LATELY
        )
        alike = sum(self._check.explained(one, one.reason).rules[:1] == meant.rules[:1] for one in lately)
        draft = draft_of(request.kind, request.values)
        mended = self._check.mended(draft, (request.account,))
        better = {"content": mended.draft.content, "name": mended.draft.name}
        about = set(mended.fixed) & set(meant.rules)
        fixes = tuple((key, value) for key, value in better.items() if about and value != request.values.get(key, ""))
        return Verdict(meant.rules[0], meant.title, meant.says, alike, len(lately), fixes)

    def _hasten(self, db: sqlite_utils.Database, batch: int, now: datetime) -> None:
        waiting = (State.QUEUED, State.SUBMITTING)
        if all(request.state not in waiting for request in requests.of_batch(db, batch)):
            notices.hasten(db, f"card:batch:{batch}", now)


def batch_card(db: sqlite_utils.Database, view: View, number: int) -> tuple[Message, Card]:
    """The card of a batch as it now stands."""
    batch = requests.of_batch(db, number)
    spoken_of = most_pressing(batch)
    return card(view, batch), Card(f"batch:{number}", f"#{spoken_of.number}", spoken_of.state)


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
