"""Use case: measure what is left, keep the samples, and let the rules speak."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlite_utils

from bot.contracts.alert import AlertState, Metric
from bot.contracts.clock import Clock
from bot.contracts.due import due
from bot.contracts.errors import VendorError
from bot.contracts.vendor import Reading, Vendor
from bot.store import alerts as kept_alerts
from bot.store import samples
from bot.store.database import Database
from bot.watch import rules, runway, usage
from bot.watch.alerts import Alerts
from bot.watch.answering import Answering
from bot.watch.forecast import Forecast, forecast
from bot.watch.lifecycle import CLEAR_FOR

STORED_WITHIN = 2.0
"""Seconds that somebody who asks waits for the record; the figures are there without it."""

KEEP_TRYING = 6
"""After a failed round the next one comes so many times sooner, and at the latest when it is to be seen whether the trouble
goes on."""


class Quota:
    """Packages and balances of every account.

    Args:
        database: the record.
        vendors: account name → vendor.
        alerts: opens and closes alerts.
        answering: knows since when the vendor does not serve us.
        clock: the domain's time.
        active: the rules in force.
        every_seconds: the pause between two rounds (`[poll] quota_seconds`).
        kind: which day of the week a day is like, for forecasts.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        alerts: Alerts,
        answering: Answering,
        clock: Clock,
        active: Sequence[rules.Rule],
        every_seconds: int,
        kind: Callable[[date], int] = date.weekday,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._alerts = alerts
        self._answering = answering
        self._clock = clock
        self._rules = tuple(active)
        self._every = timedelta(seconds=every_seconds)
        self._kind = kind
        self._next: dict[str, datetime] = {}

    async def poll(self, account: str) -> None:
        """Measure an account if its time has come."""
        now = self._clock.now()
        if account not in self._next:
            self._next[account] = await self._first(account, now)
        if not due(self._next[account], now, self._every) or self._vendors[account].quota is None:
            return
        try:
            await self.measure(account)
        except VendorError:  # it was heard of
            self._next[account] = now + min(self._every / KEEP_TRYING, self._answering.pause(account))

    async def measure(self, account: str) -> tuple[Reading, ...]:
        """Measure an account now, keep the samples, and open or close what the rules say.

        Raises:
            VendorError: the vendor did not answer.
            LookupError: it does not tell (`Vendor.quota`), and should not have been asked.
        """
        metering = self._vendors[account].quota
        if metering is None:
            raise LookupError(f"{account} does not tell what is left")
        readings = await metering.readings()
        now = self._clock.now()
        metrics = rules.measure(readings, now)
        outlook = await self.outlook(account, readings)
        if (days := runway.days_left(outlook, now)) is not None and metrics.get(Metric.REMAINING):
            metrics[Metric.RUNS_OUT] = days
        measured = [rules.fingerprint(metric, account) for metric in metrics]

        def store(db: sqlite_utils.Database) -> bool:
            samples.add(db, account, readings, now)
            behind = rules.stocks(readings, now, usage.per_day(samples.since(db, account, now - usage.WITHIN)))
            if outlook is not None and Metric.RUNS_OUT in metrics:
                behind[Metric.RUNS_OUT] = runway.told_with(behind[Metric.REMAINING], outlook)
            standing = {
                one.rule for one in kept_alerts.newest(db, account).values() if one.state is not AlertState.RESOLVED
            }
            findings = rules.evaluate(self._rules, account, metrics, behind, standing)
            return self._alerts.take(db, account, findings, measured, now, metrics=metrics, behind=behind)

        try:
            clearing = await self._database.store(store, within=STORED_WITHIN)
        except TimeoutError:  # the record takes nothing now; the samples are held until it does
            clearing = False
        self._next[account] = now + self._pause(clearing=clearing)
        return readings

    async def outlook(self, account: str, readings: Sequence[Reading]) -> Forecast | None:
        """When what was read runs out; none where too little is known, or nothing is counted."""
        counting = self._vendors[account].traffic
        now = self._clock.now()
        if counting is None or not runway.packages(readings, now):
            return None
        usage, packages, as_of = await self._database.read(
            lambda db: runway.inputs(db, account, counting, readings, now)
        )
        return await asyncio.to_thread(forecast, usage, packages, now, as_of=as_of, kind=self._kind)

    async def _first(self, account: str, now: datetime) -> datetime:
        """After a start, go on in the rhythm the record shows."""

        def shown(db: sqlite_utils.Database) -> datetime:
            standing = (one for one in kept_alerts.newest(db, account).values() if one.state is not AlertState.RESOLVED)
            clearing = any(one.clear_since is not None for one in standing)
            every = self._pause(clearing=clearing)
            return max((sample.at for sample in samples.latest(db, account)), default=now - every) + every

        return await self._database.read(shown)

    def _pause(self, *, clearing: bool) -> timedelta:
        """Until the next round: what is about to close is looked at again soon."""
        return min(self._every, CLEAR_FOR) if clearing else self._every
