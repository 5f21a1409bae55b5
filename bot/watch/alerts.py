"""Use case: open, repeat and close alerts, and take what people do with them.

What should happen is decided by the pure `bot.watch.lifecycle`; here it is stored with the notices it causes.
"""

import operator
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import sqlite_utils

from bot.contracts.alert import HIDES, Alert, AlertState, Metric, Stock
from bot.contracts.clock import Clock
from bot.contracts.message import Message
from bot.contracts.model import Actor, Place
from bot.contracts.settings import Alerts as AlertSettings
from bot.store import alerts, events
from bot.store.database import Database
from bot.watch import deeds, lifecycle
from bot.watch.announce import AlertAnnouncer
from bot.watch.deeds import Answer, Result
from bot.watch.lifecycle import Happening
from bot.watch.quiet import Quiet
from bot.watch.rules import Breach
from bot.watch.why_cards import QUIET_HOURS
from bot.wording.view import View

LOOKED_AT_WITHIN = timedelta(minutes=2)
"""How much longer than `lifecycle.CLEAR_FOR` the passing of time alone leaves an alert on quota open. A measurement is due
at that very moment too, and it should close with the figure of then, whichever comes first; this is for what is not measured
any more. Nothing else is measured just then."""

AWAKE = Quiet()
"""No hour is quiet."""


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
        announcer: owes the notices.
        clock: the domain's time.
        settings: how often to repeat, how long an acknowledgement holds.
        same_person: whether two identities are one human being, also over both chats.
        quiet: when what is not urgent waits.
        wake: called when notices are owed because of what somebody did, for they wait for it.
    """

    def __init__(
        self,
        database: Database,
        announcer: AlertAnnouncer,
        clock: Clock,
        settings: AlertSettings,
        same_person: Callable[[str, str], bool] = operator.eq,
        quiet: Quiet = AWAKE,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._announcer = announcer
        self._steps = announcer.duty.steps
        self._clock = clock
        self._settings = settings
        self._same_person = same_person
        self.quiet = quiet
        self._wake = wake

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
        figures: Mapping[str, Decimal] = MappingProxyType({}),
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
            figures: fingerprint → figure, where each matter is measured in one way.

        Returns:
            Whether an alert is about to close, so that measuring again soon is worth it.
        """
        known = alerts.newest(db, account)
        found = {finding.fingerprint: finding for finding in findings}
        troubles = {one.metric for one in known.values() if one.state is not AlertState.RESOLVED}
        troubles |= {finding.metric for finding in findings}
        clearing = False
        for fingerprint in dict.fromkeys(measured):
            before, finding = known.get(fingerprint), found.get(fingerprint)
            if before is not None and finding is None and metrics is not None and before.metric not in metrics:
                continue
            figure = figures.get(fingerprint) if metrics is None or before is None else metrics.get(before.metric)
            stock = None if before is None else behind.get(before.metric)
            alert = self._step(db, before, finding, now, figure=figure, stock=stock, troubles=troubles)
            clearing = clearing or (
                alert is not None and alert.clear_since is not None and alert.state is not AlertState.RESOLVED
            )
        return clearing

    async def card(self, view: View, number: int) -> Message:
        """The card of an alert as conversations have it, with who is called and what stands beside it."""
        said, _ = await self._database.read(lambda db: self._announcer.card(db, view, number))
        return said

    async def remind(self) -> None:
        """Repeat what nobody took, open again what was taken too long ago, and bring stale cards up to date."""
        now = self._clock.now()
        standing, stale = await self._database.read(lambda db: (alerts.standing(db), self._announcer.stale(db, now)))
        troubles = _troubles(standing)
        due = [alert.number for alert in standing if self._ticked(alert, now, troubles[alert.account])]
        if due or stale:
            await self._database.write(lambda db: self._remind(db, due, stale, now))

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
        """Somebody does something with alerts: `ack`, `unack`, `snooze` until a time, `unsnooze`, `escalate` or `resolve`.

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
                return deeds.acknowledge(alert, who, note, now, name=name)
            case "unack":
                return deeds.unacknowledge(alert, now, self._steps)
            case "unsnooze":
                return deeds.unsnooze(alert, now, self._steps)
            case "escalate":
                return deeds.escalate(alert, now, self._steps)
            case "snooze":
                return deeds.snooze(alert, actor.key, until or now, name=name)
            case _:
                return deeds.resolve(alert, actor.key, note, now, name=name)

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
        data: dict[str, Any] = {"who": name, **how}
        if what == "escalate":
            data["called"] = list(self._announcer.duty.called_for(db, (alert.escalated, stored.escalated), now))
        happened = Happening.RESOLVE if what == "resolve" else what
        # Pressed twice: the card says it, and nobody else need hear.
        renewed = what == "ack" and self._has(alert, actor) and not how["note"]
        self._announcer.tell(db, stored, happened, now, actor.key, data, card_only=renewed)
        return Outcome(Answer(Result.DONE, stored), name, () if renewed else self._announcer.places(db, stored, now))

    def _remind(self, db: sqlite_utils.Database, numbers: Sequence[int], stale: Sequence[int], now: datetime) -> None:
        troubles = _troubles(alerts.standing(db))
        for number in numbers:
            alert = alerts.get(db, number)
            self._keep(db, alert, self._ticked(alert, now, troubles.get(alert.account, frozenset())), now)
        for number in stale:
            self._announcer.refresh(db, alerts.get(db, number), now)

    def _ticked(self, alert: Alert, now: datetime, troubles: Collection[Metric]) -> tuple[lifecycle.AlertChange, ...]:
        return lifecycle.tick(
            alert,
            now,
            repeat=self._settings.repeat,
            ack_expires=self._settings.ack_expires,
            clear_for=lifecycle.CLEAR_FOR + (LOOKED_AT_WITHIN if alert.metric.topic == "quota" else timedelta(0)),
            steps=self._steps,
            waits=self._waits(now, troubles),
        )

    def _waits(self, now: datetime, troubles: Collection[Metric]) -> lifecycle.Waits:
        """What is not told now, given the troubles of the account that stand."""

        def waits(alert: Alert) -> bool:
            hidden = any(alert.metric in HIDES.get(trouble, ()) for trouble in troubles)
            return hidden or self.quiet.holds(alert, now)

        return waits

    def _step(
        self,
        db: sqlite_utils.Database,
        alert: Alert | None,
        finding: Breach | None,
        now: datetime,
        *,
        figure: Decimal | None,
        stock: Stock | None,
        troubles: Collection[Metric],
    ) -> Alert | None:
        changes = lifecycle.step(
            alert,
            finding,
            now,
            figure=figure,
            stock=stock,
            repeat=self._settings.repeat,
            ack_expires=self._settings.ack_expires,
            clear_for=lifecycle.CLEAR_FOR,
            steps=self._steps,
            waits=self._waits(now, troubles),
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
                data: dict[str, Any] = {}
                if change.what is Happening.ACK_EXPIRED and before is not None:
                    data["who"] = before.acked_by_name
                if change.what is Happening.ESCALATE and before is not None:
                    rungs = (before.escalated, stored.escalated)
                    data["called"] = list(self._announcer.duty.called_for(db, rungs, now))
                if stored.held:
                    data["waits"] = _waits_for(db, stored)
                self._announcer.tell(db, stored, change.what, now, events.SYSTEM, data)
        if stored is not None and changes and not any(change.what in lifecycle.TOLD for change in changes):
            self._announcer.refresh(db, stored, now)
        return stored


def _waits_for(db: sqlite_utils.Database, alert: Alert) -> str:
    """What an alert waits for that is not told yet: another alert, by its number; or the end of the quiet hours."""
    explains = (one for one in alerts.standing(db, (alert.account,)) if alert.metric in HIDES.get(one.metric, ()))
    other = next(explains, None)
    return QUIET_HOURS if other is None else f"A{other.number}"


def _troubles(standing: Sequence[Alert]) -> Mapping[str, frozenset[Metric]]:
    """Account → what stands there."""
    found: dict[str, set[Metric]] = {}
    for alert in standing:
        found.setdefault(alert.account, set()).add(alert.metric)
    return {account: frozenset(metrics) for account, metrics in found.items()}
