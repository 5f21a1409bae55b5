"""Use case: measure what is left, keep the samples, and let the rules speak."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.due import due
from bot.contracts.errors import VendorError
from bot.contracts.vendor import Reading, Vendor
from bot.store import samples
from bot.store.database import Database
from bot.watch import rules, usage
from bot.watch.alerts import CLEAR_FOR, Alerts
from bot.watch.answering import Answering

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
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._alerts = alerts
        self._answering = answering
        self._clock = clock
        self._rules = tuple(active)
        self._every = timedelta(seconds=every_seconds)
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
        measured = [rules.fingerprint(metric, account) for metric in metrics]

        def store(db: sqlite_utils.Database) -> bool:
            samples.add(db, account, readings, now)
            behind = rules.stocks(readings, now, usage.per_day(samples.since(db, account, now - usage.WITHIN)))
            findings = rules.evaluate(self._rules, account, metrics, behind)
            return self._alerts.take(db, account, findings, measured, now, metrics=metrics, behind=behind)

        try:
            clearing = await asyncio.wait_for(self._database.store(store), STORED_WITHIN)
        except TimeoutError:  # the record takes nothing now; the samples are held until it does
            clearing = False
        self._next[account] = now + (min(self._every, CLEAR_FOR) if clearing else self._every)
        return readings

    async def _first(self, account: str, now: datetime) -> datetime:
        """After a start, go on in the rhythm the record shows."""
        last = await self._database.read(lambda db: samples.latest(db, account))
        return max((sample.at for sample in last), default=now - self._every) + self._every
