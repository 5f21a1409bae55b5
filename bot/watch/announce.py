"""The notices that alerts owe: to which conversations and people, and what each says when it is delivered."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.alert import Alert, AlertState, Severity
from bot.contracts.chat import Card
from bot.contracts.due import over
from bot.contracts.message import Message
from bot.contracts.model import Place, Words
from bot.contracts.settings import Alerts as AlertSettings
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.store import alerts, events, notices
from bot.store.moments import to_text
from bot.store.notices import Notice
from bot.watch.cards import QUIET, Calling, alert_card, alert_news
from bot.watch.duty import Duty
from bot.watch.lifecycle import Happening
from bot.wording.view import View

FRESH_EVERY = timedelta(minutes=10)
"""How often a card is edited at most because its figure changed; what people do, and what is told, edits it besides."""

BESIDE = 5
"""Other alerts of the account that a card names."""

SAYS_STILL = frozenset({Happening.REPEAT, Happening.ACK_EXPIRED, Happening.WOKEN})
"""News that say of an open alert that nothing has changed."""

NO_LONGER = Words("it was taken, or gone, before it was told", "发送前已有人处理，或情况已恢复")

_STORIES = {
    Happening.OPEN: "alert-opened",
    Happening.RESOLVE: "alert-resolved",
    "ack": "alert-acknowledged",
    "unack": "alert-given-back",
    "snooze": "alert-snoozed",
    "unsnooze": "alert-woken",
    "escalate": "alert-escalated",
}


class AlertAnnouncer:
    """Owes the notices of alerts, and words them. Every method is a step of a transaction.

    Args:
        audience: which conversations hear of what.
        duty: who is called.
        settings: how often to repeat, how long an acknowledgement holds.
    """

    def __init__(self, audience: Audience, duty: Duty, settings: AlertSettings) -> None:
        self._audience = audience
        self.duty = duty
        self._settings = settings

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"alert": self._news}

    def card(self, db: sqlite_utils.Database, view: View, number: int) -> tuple[Message, Card]:
        """The card of an alert as it now stands."""
        alert = alerts.get(db, number)
        beside = alerts.beside(db, alert, BESIDE)
        said = alert_card(
            view,
            alert,
            self._settings.ack_expires,
            self._settings.repeat,
            Calling(self._called(db, alert, view.now), len(self.duty.steps), beside),
        )
        return said, Card(f"alert:{number}", f"A{number}", alert.state)

    def tell(
        self,
        db: sqlite_utils.Database,
        alert: Alert,
        what: str,
        now: datetime,
        actor: str,
        data: Mapping[str, Any],
        *,
        card_only: bool = False,
    ) -> None:
        """Something happened to an alert: keep it in its story, show its cards anew, and tell it.

        Args:
            db: the record.
            alert: as it now stands.
            what: a `Happening`, or what somebody did.
            now: when.
            actor: who did it: `Actor.key`, or the program itself.
            data: what the news says beside the alert.
            card_only: the cards say it all.
        """
        events.append(
            db,
            at=now,
            what=_STORIES.get(what, f"alert-{what}"),
            actor=actor,
            account=alert.account,
            alert=alert.number,
            data={"rule": alert.rule, "value": str(alert.value), "bound": str(alert.bound), **data, **_until(alert)},
        )
        number = events.last_id(db)
        subject = f"alert:{alert.number}"
        alerts.mark_stale(db, alert.number, False)
        urgency = notices.URGENT if alert.severity is Severity.CRITICAL else notices.USUALLY
        for place in self.places(db, alert, now):
            where = place.key
            card = f"card:{subject}:{where}"
            shown = notices.was_owed(db, card)
            if alert.held and not shown:
                continue
            # A card that was not shown yet is the news, and what is still to come says nothing new a second time.
            coming = notices.is_coming(db, "card", subject, place)
            if not coming:
                key = f"{card}:{number}" if shown else card
                notices.owe(db, key=key, what="card", subject=subject, place=place, now=now, urgency=urgency)
            first = not shown or (coming and notices.is_due(db, card))
            if first or card_only or alert.held or notices.is_coming(db, "alert", subject, place, happened=what):
                continue
            notices.owe(
                db,
                key=f"alert:{alert.number}:{number}:{where}",
                what="alert",
                subject=subject,
                place=place,
                now=now,
                data={"what": what, **data},
                urgency=urgency,
            )

    def refresh(self, db: sqlite_utils.Database, alert: Alert, now: datetime) -> None:
        """Owe the cards anew with the latest figure; where that was done a moment ago they wait for their turn."""
        subject = f"alert:{alert.number}"
        behind = self._behind(db, alert, now)
        for place, waits in behind.items():
            if not waits:
                key = f"card:{subject}:{place.key}:at:{to_text(now)}"
                data = {"what": Happening.STILL}
                notices.owe(db, key=key, what="card", subject=subject, place=place, now=now, data=data)
        alerts.mark_stale(db, alert.number, any(behind.values()))

    def stale(self, db: sqlite_utils.Database, now: datetime) -> tuple[int, ...]:
        """The alerts whose cards show an older figure and can be edited again."""
        return tuple(
            alert.number for alert in alerts.stale(db) if not all(self._behind(db, alert, now).values() or (False,))
        )

    def _behind(self, db: sqlite_utils.Database, alert: Alert, now: datetime) -> dict[Place, bool]:
        """Where a card stands that does not show what the alert has now → whether it waits.

        It does when it was edited just now, and while it is on its way. What was told together with others has none.
        """
        subject = f"alert:{alert.number}"
        behind: dict[Place, bool] = {}
        for place in self.places(db, alert, now):
            if notices.is_coming(db, "card", subject, place):
                continue
            if notices.message_of(db, place, subject) is not None:
                at = notices.last_owed(db, "card", subject, place, Happening.STILL)
                behind[place] = at is not None and not over(at, now, FRESH_EVERY)
            elif notices.is_on_its_way(db, "card", subject, place):
                behind[place] = True
        return behind

    def places(self, db: sqlite_utils.Database, alert: Alert, now: datetime) -> tuple[Place, ...]:
        """The conversations that hear of an alert, then the people whom no mention in them reaches, and who watch it."""
        topics = ("alerts", alert.metric.topic)
        found = [one for topic in topics for one in self._audience.places(db, topic, alert.account)]
        found += self.duty.directly(self._called(db, alert, now), found)
        return _each_once([*found, *self._audience.watching(db, f"alert:{alert.number}")])

    def _called(self, db: sqlite_utils.Database, alert: Alert, now: datetime) -> tuple[str, ...]:
        return self.duty.called_for(db, (0, alert.escalated), now)

    def _news(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        _, _, number = notice.subject.partition(":")
        alert = alerts.get(db, int(number))
        if notice.data.get("what") in SAYS_STILL and (alert.state is not AlertState.OPEN or alert.clear_since):
            return Composed(None, why_not=NO_LONGER)
        calling = Calling(self._called(db, alert, view.now), len(self.duty.steps))
        said = alert_news(view, alert, notice.data, self._settings.repeat, calling)
        quiet = str(notice.data.get("what")) in QUIET
        on_the_card = quiet and bool(notice.data.get("pressed"))
        return Composed(said, under=notice.subject, final=not quiet, quiet=on_the_card)


def _each_once(places: Sequence[Place]) -> tuple[Place, ...]:
    found: list[Place] = []
    for place in places:
        if not any(place.same_conversation(other) for other in found):
            found.append(place)
    return tuple(found)


def _until(alert: Alert) -> dict[str, str]:
    return {} if alert.snoozed_until is None else {"until": to_text(alert.snoozed_until)}
