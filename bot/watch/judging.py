"""Use case: let the rules speak on what was sent, and on requests."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlite_utils

from bot.contracts import hours as opening
from bot.contracts.alert import REQUESTS, SENDING, AlertState, Metric
from bot.contracts.clock import Clock
from bot.contracts.due import due
from bot.contracts.errors import RecordUnavailable
from bot.contracts.hours import Holidays, Hours
from bot.contracts.model import Request, State
from bot.contracts.traffic import HOUR, Counting
from bot.contracts.vendor import Vendor
from bot.store import alerts as kept_alerts
from bot.store import events, requests, traffic
from bot.store.database import Database
from bot.watch import surges, waiting
from bot.watch.alerts import Alerts
from bot.watch.rules import Breach, Rule, fingerprint
from bot.watch.surges import LOOKS_BACK, Known

EVERY = timedelta(minutes=10)
"""How often requests are looked through: reviews take hours."""


class Judging:
    """Rules on what was sent and on requests, of every account.

    Args:
        database: the record.
        vendors: account name → vendor.
        alerts: opens and closes alerts.
        clock: the domain's time.
        active: the rules in force.
        kind: which weekday a day is like.
        hours: account → when its reviewers work.
        holidays: public holidays and make-up workdays.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        alerts: Alerts,
        clock: Clock,
        active: Sequence[Rule],
        kind: Callable[[date], int],
        hours: Mapping[str, Hours],
        holidays: Holidays,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._alerts = alerts
        self._clock = clock
        self._rules = tuple(active)
        self._kind = kind
        self._hours = hours
        self._holidays = holidays
        self._next: datetime | None = None

    def sent(self, db: sqlite_utils.Database, account: str, now: datetime) -> None:
        """New figures of what was sent were kept; a step of that transaction."""
        counting = self._vendors[account].traffic
        if counting is None:
            return
        open_alerts = {
            mark: one.rule
            for mark, one in kept_alerts.newest(db, account).items()
            if one.metric in SENDING and one.state is not AlertState.RESOLVED
        }
        found, told = surges.judge(
            self._rules, account, known(db, account, counting, now, self._kind), now, open_alerts
        )
        every = [fingerprint(metric, account) for metric in Metric if metric in SENDING]
        measured = (*every, *open_alerts, *(one.fingerprint for one in found))
        values = {mark: figure.value for mark, figure in told.items()}
        self._alerts.take(db, account, found, measured, now, figures=values)

    async def look(self) -> None:
        """Look through the requests, when it is time."""
        now = self._clock.now()
        if self._next is not None and not due(self._next, now, EVERY):
            return
        self._next = now + EVERY
        longest = max((rule.window for rule in self._rules if rule.metric is Metric.FILING), default=timedelta(0))
        there, moved, standing = await self._database.read(lambda db: in_question(db, now - longest))
        found = {
            account: waiting.judge(
                self._rules, account, there.get(account, ()), moved, lambda one: self._waited(one, now), now
            )
            for account in self._vendors
        }
        due_for = [account for account in self._vendors if found[account] or account in standing]
        if due_for:
            try:
                await self._database.write(lambda db: self._take(db, {one: found[one] for one in due_for}, now))
            except RecordUnavailable:  # looked at again as soon as it takes it, not only when it is time
                self._next = None
                raise

    def _take(self, db: sqlite_utils.Database, found: Mapping[str, Sequence[Breach]], now: datetime) -> None:
        for account, breaches in found.items():
            measured = [fingerprint(metric, account) for metric in sorted(REQUESTS)]
            self._alerts.take(db, account, breaches, measured, now)

    def _waited(self, request: Request, now: datetime) -> tuple[timedelta, timedelta]:
        capabilities = self._vendors[request.account].capabilities
        if request.kind not in capabilities.kinds:
            return timedelta(0), HOUR
        ability = capabilities.of(request)
        since = request.submitted_at or request.since
        return opening.open_between(self._hours[request.account], since, now, self._holidays), ability.usually


def known(
    db: sqlite_utils.Database, account: str, counting: Counting, now: datetime, kind: Callable[[date], int]
) -> Known:
    """What the record has of what an account sent in the last weeks."""
    since = now - LOOKS_BACK - timedelta(days=1)
    hours = () if counting.lag else traffic.between(db, account, since, now, span=HOUR)
    days = traffic.between(db, account, since, now)
    return Known([one.tally for one in hours], [one.tally for one in days], bool(counting.lag), kind, counting.reasons)


def in_question(
    db: sqlite_utils.Database, since: datetime
) -> tuple[dict[str, list[Request]], dict[int, datetime], frozenset[str]]:
    """What rules on requests are about.

    Returns:
        Account → its requests in review, and those that a carrier refuses and that moved since a time; when those last
        did; and the accounts with an alert about requests.
    """
    moved = events.latest_moves(db, since)
    those = [one for number in moved if (one := requests.find(db, number)) is not None and waiting.refused(one)]
    there: dict[str, list[Request]] = {}
    for one in (*requests.in_states(db, (State.IN_REVIEW,)), *those):
        there.setdefault(one.account, []).append(one)
    return there, moved, frozenset(one.account for one in kept_alerts.standing(db) if one.metric in REQUESTS)
