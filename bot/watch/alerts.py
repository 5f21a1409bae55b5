"""Use case: open, repeat and close alerts, and take what people do with them.

What should happen is decided by the pure `bot.watch.lifecycle`; here it is stored with the notices it causes.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType

import sqlite_utils

from bot.contracts.alert import Alert, AlertState, Metric, Stock
from bot.contracts.chat import Card
from bot.contracts.clock import Clock
from bot.contracts.due import over
from bot.contracts.message import Message
from bot.contracts.model import Actor, Place
from bot.contracts.settings import Alerts as AlertSettings
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.store import alerts, events, notices
from bot.store.database import Database
from bot.store.moments import to_text
from bot.store.notices import Notice
from bot.watch import lifecycle
from bot.watch.cards import QUIET, alert_card, alert_news
from bot.watch.lifecycle import Answer, Happening, Result
from bot.watch.rules import Breach
from bot.wording.view import View

CLEAR_FOR = timedelta(minutes=10)
"""How long a condition must be gone before its alert closes by itself: a top-up stays, a flicker does not."""

FRESH_EVERY = timedelta(minutes=10)
"""How often a card is edited at most because its figure changed: what people do, and what is told, edits it at once."""

_STORIES = {
    Happening.OPEN: "alert-opened",
    Happening.RESOLVE: "alert-resolved",
    "ack": "alert-acknowledged",
    "unack": "alert-given-back",
    "snooze": "alert-snoozed",
    "unsnooze": "alert-woken",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of something a person did.

    Args:
        answer: the result and the alert as it stands.
        by: the display name of who was first.
        places: the conversations that are told; the person's own may be among them.
    """

    answer: Answer
    by: str
    places: tuple[Place, ...]


class Alerts:
    """The life of alerts in the record.

    Args:
        database: the record.
        audience: who hears of what.
        clock: the domain's time.
        settings: how often to repeat, how long an acknowledgement holds.
        same_person: whether two identities are one human being, also over both chats.
        wake: called when notices are owed because of what somebody did, for they wait for it.
    """

    def __init__(
        self,
        database: Database,
        audience: Audience,
        clock: Clock,
        settings: AlertSettings,
        same_person: Callable[[str, str], bool] = operator.eq,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._audience = audience
        self._clock = clock
        self._settings = settings
        self._same_person = same_person
        self._wake = wake

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"alert": self._news}

    def card(self, db: sqlite_utils.Database, view: View, number: int) -> tuple[Message, Card]:
        """The card of an alert as it now stands."""
        alert = alerts.get(db, number)
        said = alert_card(view, alert, self._settings.ack_expires, self._settings.repeat)
        return said, Card(f"alert:{number}", f"A{number}", alert.state)

    def take(
        self,
        db: sqlite_utils.Database,
        account: str,
        findings: Sequence[Breach],
        measured: Sequence[str],
        now: datetime,
        *,
        metrics: Mapping[Metric, Decimal] | None = None,
        behind: Mapping[Metric, Stock] = MappingProxyType({}),
    ) -> bool:
        """Take in one round of measurements of an account; a step of a transaction.

        Args:
            db: the record.
            account: whose figures they are.
            findings: what is beyond its bound.
            measured: the fingerprints of everything that was measured; the others are left alone.
            now: when.
            metrics: the figures, where one matter is measured in several ways: an alert does not close because its own
                figure could not be read, and shows the latest one when it does.
            behind: what is behind these figures.

        Returns:
            Whether an alert is about to close, so that measuring again soon is worth it.
        """
        known = alerts.newest(db, account)
        found = {finding.fingerprint: finding for finding in findings}
        clearing = False
        for fingerprint in dict.fromkeys(measured):
            before, finding = known.get(fingerprint), found.get(fingerprint)
            if before is not None and finding is None and metrics is not None and before.metric not in metrics:
                continue
            figure = None if metrics is None or before is None else metrics.get(before.metric)
            stock = None if before is None else behind.get(before.metric)
            alert = self._step(db, before, finding, now, figure=figure, stock=stock)
            clearing = clearing or (
                alert is not None and alert.clear_since is not None and alert.state is not AlertState.RESOLVED
            )
        return clearing

    async def remind(self) -> None:
        """Repeat what nobody took, and open again what was taken too long ago."""
        now = self._clock.now()
        standing = await self._database.read(alerts.standing)
        due = [alert for alert in standing if self._ticked(alert, now)]
        if due:
            await self._database.write(lambda db: self._remind(db, [alert.number for alert in due], now))

    async def act(
        self,
        what: str,
        numbers: Sequence[int],
        actor: Actor,
        note: str = "",
        *,
        until: datetime | None = None,
        pressed: bool = False,
    ) -> tuple[Outcome, ...]:
        """Somebody does something with alerts: `ack`, `unack`, `snooze` until a time, `unsnooze` or `resolve`.

        Two people at once: the first one wins, both are told who. Of several alerts all are dealt with or none, in one
        transaction. What was `pressed` is read on the card it was pressed on.

        Returns:
            One outcome for each, in order; where one of them cannot be done, only those that cannot.
        """
        now = self._clock.now()

        def do(db: sqlite_utils.Database) -> tuple[Outcome, ...]:
            found = [alerts.get(db, number) for number in numbers]
            answers = [self._answer(what, alert, actor, note, until, now) for alert in found]
            refused = tuple(
                Outcome(answer, alert.resolved_by_name if answer.result is Result.OVER else alert.acked_by_name, ())
                for alert, answer in zip(found, answers, strict=True)
                if answer.result is not Result.DONE
            )
            if refused:
                return refused
            return tuple(
                self._done(
                    db, what, alert, answer, actor, {"note": note, **({"pressed": "yes"} if pressed else {})}, now
                )
                for alert, answer in zip(found, answers, strict=True)
            )

        outcomes = await self._database.write(do)
        self._wake()
        return outcomes

    def _answer(
        self, what: str, alert: Alert, actor: Actor, note: str, until: datetime | None, now: datetime
    ) -> Answer:
        name = actor.name or actor.user
        match what:
            case "ack":
                who = alert.acked_by if self._has(alert, actor) else actor.key
                return lifecycle.acknowledge(alert, who, note, now, name=name)
            case "unack":
                return lifecycle.unacknowledge(alert, now)
            case "unsnooze":
                return lifecycle.unsnooze(alert, now)
            case "snooze":
                return lifecycle.snooze(alert, actor.key, until or now, name=name)
            case _:
                return lifecycle.resolve(alert, actor.key, note, now, name=name)

    def _has(self, alert: Alert, actor: Actor) -> bool:
        return bool(alert.acked_by) and self._same_person(alert.acked_by, actor.key)

    def _done(
        self,
        db: sqlite_utils.Database,
        what: str,
        alert: Alert,
        answer: Answer,
        actor: Actor,
        how: Mapping[str, str],
        now: datetime,
    ) -> Outcome:
        """Store what somebody did with an alert, and owe its notices."""
        name = actor.name or actor.user
        stored = alerts.put(db, answer.alert)
        happened = Happening.RESOLVE if what == "resolve" else what
        # Pressed twice: the card says it, and nobody else need hear.
        renewed = what == "ack" and self._has(alert, actor) and not how["note"]
        self._tell(db, stored, happened, now, actor.key, {"who": name, **how}, card_only=renewed)
        return Outcome(Answer(Result.DONE, stored), name, () if renewed else self._places(db, stored))

    def _remind(self, db: sqlite_utils.Database, numbers: Sequence[int], now: datetime) -> None:
        for number in numbers:
            alert = alerts.get(db, number)
            self._keep(db, alert, self._ticked(alert, now), now)

    def _ticked(self, alert: Alert, now: datetime) -> tuple[lifecycle.AlertChange, ...]:
        return lifecycle.tick(
            alert,
            now,
            repeat=self._settings.repeat,
            ack_expires=self._settings.ack_expires,
            clear_for=CLEAR_FOR,
        )

    def _step(
        self,
        db: sqlite_utils.Database,
        alert: Alert | None,
        finding: Breach | None,
        now: datetime,
        *,
        figure: Decimal | None,
        stock: Stock | None,
    ) -> Alert | None:
        changes = lifecycle.step(
            alert,
            finding,
            now,
            figure=figure,
            stock=stock,
            repeat=self._settings.repeat,
            ack_expires=self._settings.ack_expires,
            clear_for=CLEAR_FOR,
        )
        return self._keep(db, alert, changes, now)

    def _keep(
        self, db: sqlite_utils.Database, alert: Alert | None, changes: Sequence[lifecycle.AlertChange], now: datetime
    ) -> Alert | None:
        """Store what happened to an alert, and owe the notices of what is told."""
        stored = alert
        for change in changes:
            before = stored
            stored = alerts.put(db, change.alert)
            if change.what in lifecycle.TOLD:
                expired = change.what is Happening.ACK_EXPIRED and before is not None
                data = {"who": before.acked_by_name} if expired and before is not None else {}
                self._tell(db, stored, change.what, now, events.SYSTEM, data)
        if stored is not None and changes and not any(change.what in lifecycle.TOLD for change in changes):
            self._refresh(db, stored, now)
        return stored

    def _refresh(self, db: sqlite_utils.Database, alert: Alert, now: datetime) -> None:
        """Owe the cards anew with the latest figure, where they were shown and not edited a moment ago."""
        subject = f"alert:{alert.number}"
        for place in self._places(db, alert):
            last = notices.last_owed(db, "card", subject, place)
            if last is not None and over(last, now, FRESH_EVERY) and not notices.is_coming(db, "card", subject, place):
                key = f"card:{subject}:{place.key}:at:{to_text(now)}"
                notices.owe(db, key=key, what="card", subject=subject, place=place, now=now)

    def _tell(
        self,
        db: sqlite_utils.Database,
        alert: Alert,
        what: str,
        now: datetime,
        actor: str,
        data: dict[str, str],
        *,
        card_only: bool = False,
    ) -> None:
        events.append(
            db,
            at=now,
            what=_STORIES.get(what, f"alert-{what}"),
            actor=actor,
            account=alert.account,
            alert=alert.number,
            data={"rule": alert.rule, "value": str(alert.value), **data, **_until(alert)},
        )
        number = events.last_id(db)
        subject = f"alert:{alert.number}"
        for place in self._places(db, alert):
            where = place.key
            card = f"card:{subject}:{where}"
            shown = notices.was_owed(db, card)
            # A card that was not shown yet is the news, and what is still to come says nothing new a second time.
            coming = notices.is_coming(db, "card", subject, place)
            if not coming:
                notices.owe(
                    db, key=f"{card}:{number}" if shown else card, what="card", subject=subject, place=place, now=now
                )
            first = not shown or (coming and notices.is_due(db, card))
            if first or card_only or notices.is_coming(db, "alert", subject, place, happened=what):
                continue
            notices.owe(
                db,
                key=f"alert:{alert.number}:{number}:{where}",
                what="alert",
                subject=subject,
                place=place,
                now=now,
                data={"what": what, **data},
            )

    def _news(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        _, _, number = notice.subject.partition(":")
        said = alert_news(view, alerts.get(db, int(number)), notice.data, self._settings.repeat)
        quiet = str(notice.data.get("what")) in QUIET
        on_the_card = quiet and bool(notice.data.get("pressed"))
        return Composed(said, under=notice.subject, final=not quiet, quiet=on_the_card)

    def _places(self, db: sqlite_utils.Database, alert: Alert) -> tuple[Place, ...]:
        topics = ("alerts", "operator" if alert.metric.of_calls else "quota")
        places: list[Place] = []
        for place in (one for topic in topics for one in self._audience.places(db, topic, alert.account)):
            if not any(place.same_conversation(other) for other in places):
                places.append(place)
        return tuple(places)


def _until(alert: Alert) -> dict[str, str]:
    return {} if alert.snoozed_until is None else {"until": to_text(alert.snoozed_until)}
