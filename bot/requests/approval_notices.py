"""The notices that approvals owe: to which conversations and people, and what each says when it is delivered."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

import sqlite_utils

from bot.contracts.approval import Approval
from bot.contracts.model import Action, Place, Words
from bot.contracts.settings import Settings
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.requests import approval_cards, usage
from bot.requests.approval_cards import Asked
from bot.requests.four_eyes import APPROVES
from bot.store import approvals, events, notices, requests
from bot.store.notices import Notice
from bot.wording.view import View

KIND = "approval"
"""The kind of notice."""

OVER_BY_NOW = Words("it no longer waits for approval", "已不再等待批准")
"""Why nothing is reminded of."""

ASKED, AGAIN, REMINDER, GRANTED, OVER = "asked", "again", "reminder", "granted", "over"


class ApprovalNotices:
    """Owes the notices of approvals, and words them. Every method is a step of a transaction.

    Args:
        audience: which conversations hear of what.
        settings: who may agree, and how many have to.
    """

    def __init__(self, audience: Audience, settings: Settings) -> None:
        self._audience = audience
        self._settings = settings

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {KIND: self._said}

    def may(self, authors: Sequence[str]) -> tuple[str, ...]:
        """The names of those who may agree to what these people wrote or ordered."""
        same = self._settings.same_person
        return tuple(
            person.name
            for person in self._settings.people
            if person.role >= APPROVES and not any(same(author, key) for author in authors for key in person.keys)
        )

    # --- Owing ----------------------------------------------------------------------------------------------------------

    def asked(self, db: sqlite_utils.Database, asked: str, now: datetime) -> None:
        """Something waits: whoever may agree is told, once, in one message for all that was ordered together."""
        together = approvals.together(db, asked)
        for place in self._places(db, together, reach=True):
            self._owe(db, f"{ASKED}:{asked}:{place.key}", ASKED, together[0], place, now)

    def reminder(self, db: sqlite_utils.Database, order: Approval, now: datetime) -> None:
        """It still waits: said once for all that was ordered together and still does."""
        together = approvals.together(db, order.asked)
        for place in self._places(db, together, reach=True):
            self._owe(db, f"{REMINDER}:{order.asked}:{place.key}", REMINDER, order, place, now)

    def ended(self, db: sqlite_utils.Database, order: Approval, now: datetime) -> None:
        """What was asked stands otherwise now: it is changed where it stands."""
        number = events.last_id(db)
        for told in notices.of_subject(db, _subject(order.asked), KIND):
            if told.data.get("news") == ASKED:
                self._owe(db, f"{AGAIN}:{order.id}:{number}:{told.place.key}", AGAIN, order, told.place, now)

    def granted(self, db: sqlite_utils.Database, order: Approval, now: datetime, said_in: Place | None) -> None:
        """Enough people agreed.

        Args:
            said_in: where everybody reads the answer of whoever agreed last.
        """
        self.ended(db, order, now)
        for place in self._places(db, (order,)):
            if said_in is None or not said_in.same_conversation(place):
                self._owe(db, f"{GRANTED}:{order.id}:{place.key}", GRANTED, order, place, now)

    def denied(self, db: sqlite_utils.Database, order: Approval, now: datetime) -> None:
        """Nothing comes of it: it was denied, taken back, or nobody agreed in time."""
        self.ended(db, order, now)
        for place in self._places(db, (order,)):
            self._owe(db, f"{OVER}:{order.id}:{place.key}", OVER, order, place, now)

    def _owe(
        self, db: sqlite_utils.Database, key: str, news: str, order: Approval, place: Place, now: datetime
    ) -> None:
        notices.owe(
            db,
            key=f"{KIND}:{key}",
            what=KIND,
            subject=_subject(order.asked),
            place=place,
            now=now,
            data={"news": news, "id": order.id},
        )

    def _places(
        self, db: sqlite_utils.Database, together: Sequence[Approval], *, reach: bool = False
    ) -> tuple[Place, ...]:
        """Where it was ordered, where it was asked for, who else hears of reviews, and who watches.

        Args:
            reach: also, one to one, those who may agree and whom no mention in these conversations reaches.
        """
        found: list[Place] = []

        def add(*places: Place) -> None:
            found.extend(place for place in places if not any(place.same_conversation(other) for other in found))

        for order in together:
            request = requests.get(db, order.request)
            add(request.place, order.place)
            add(*self._audience.places(db, "reviews", request.account))
            add(*self._audience.watching(db, f"request:{request.number}"))
        if not reach:
            return tuple(found)
        platforms = {place.platform for place in found}
        names = self.may([author for order in together for author in order.authors])
        for person in self._settings.people:
            if person.name in names and not any(person.id_on(platform) for platform in platforms):
                places = (self._audience.reach(*key.split(":", 1)) for key in person.keys)
                add(*[place for place in places if place is not None][:1])
        return tuple(found)

    # --- Saying ---------------------------------------------------------------------------------------------------------

    def _said(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        news = str(notice.data["news"])
        asked = notice.subject.partition(":")[2]
        together = [self._asked(db, order, view.now) for order in approvals.together(db, asked)]
        one = next(item for item in together if item.order.id == notice.data["id"])
        under = f"batch:{one.request.batch}"
        word = partial(
            approval_cards.asked, view, quorum=self._settings.policy.quorum, may=self.may, place=notice.place
        )
        match news:
            case "asked":
                return Composed(word(together), under=under, final=True, shows=_subject(asked))
            case "again":
                return Composed(word(together), under=under, in_place=_subject(asked))
            case "reminder":
                waiting = [item for item in together if item.order.waits]
                if not waiting:
                    return Composed(None, why_not=OVER_BY_NOW)
                return Composed(word(waiting, again=True), under=under)
            case "granted":
                return Composed(approval_cards.granted(view, one), under=under)
            case _:
                return Composed(approval_cards.over(view, one, notice.place), under=under, final=True)

    def _asked(self, db: sqlite_utils.Database, order: Approval, now: datetime) -> Asked:
        request = requests.get(db, order.request)
        breaks = usage.of(db, request, now) if order.action is Action.DELETE else None
        return Asked(order, request, breaks)


def _subject(asked: str) -> str:
    return f"{KIND}:{asked}"
