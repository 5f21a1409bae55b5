"""Use case: whether the vendors answer. Every call is a measurement, whoever made it; a trouble is one alert.

What was heard is taken in at once, so that no call waits for the record; a worker stores it with the alerts it causes.
"""

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial

import sqlite_utils
import structlog

from bot.contracts.alert import AlertState, Metric
from bot.contracts.clock import Clock
from bot.contracts.errors import VendorError
from bot.contracts.model import Refusal, Words
from bot.contracts.trouble import Call, Run
from bot.contracts.vendor import Vendor
from bot.store import alerts, troubles
from bot.store.database import Database
from bot.watch.alerts import Alerts
from bot.watch.overheard import told
from bot.watch.trouble_cards import in_words
from bot.watch.troubles import ask_at, breaches, going_on, heard, measured, pause

log = structlog.get_logger(__name__)


class Answering:
    """Whether each account's vendor answers, and what it says where it does not.

    Args:
        database: the record.
        vendors: account name → vendor.
        alerts: opens and closes alerts.
        clock: the domain's time.
        wake: called when there is something to store.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        alerts: Alerts,
        clock: Clock,
        wake: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._alerts = alerts
        self._clock = clock
        self._wake = wake
        self._runs: dict[str, tuple[Run, ...]] = {}
        self._asked: dict[str, datetime] = {}
        self._news: set[str] = set()  # accounts whose runs are not in the record as they stand here

    async def recover(self) -> None:
        """After a start: what was going on goes on."""
        for account in self._vendors:
            self._runs[account] = await self._database.read(partial(troubles.of, account=account))

    def heard(self, account: str, call: Call, error: VendorError | None) -> None:
        """A call ended; an answer while all is well changes nothing."""
        before = self._runs.get(account, ())
        after = heard(before, call, error, self._clock.now())
        if after == before:
            return
        if not after:
            log.info("answers again", account=account)
        for run in after:
            if run not in before and run.times == 1:
                log.warning("trouble", account=account, metric=run.metric, call=call, **_logged(run.refusal))
        self._runs[account] = after
        self._news.add(account)
        self._wake()

    async def work(self) -> None:
        """Store what was heard since, and open or close what it means."""
        for account in tuple(self._news):
            runs = self._runs[account]
            await self._database.store(partial(self._store, account, runs))
            if self._runs[account] is runs:  # otherwise more was heard meanwhile, and the next step stores it
                self._news.discard(account)

    async def ask(self, account: str) -> None:
        """Ask a vendor that did not answer whether it does now, when it is time for that."""
        now = self._clock.now()
        due = ask_at(self._runs.get(account, ()), self._asked.get(account), now)
        if due is None or now < due:
            return
        self._asked[account] = now
        with contextlib.suppress(VendorError):  # it was heard of
            await told(partial(self.heard, account), Call.READ, self._vendors[account].probe())

    def pause(self, account: str) -> timedelta:
        """How long to wait before a call that failed is made again."""
        return pause(self._runs.get(account, ()), self._clock.now())

    @property
    def failing(self) -> Mapping[str, Words]:
        """Account → what goes on there, in words; without those where all is well."""
        return {
            account: Words(
                "; ".join(in_words(run).en for run in going_on(runs)),
                "；".join(in_words(run).zh for run in going_on(runs)),
            )
            for account, runs in self._runs.items()
            if runs
        }

    def _store(self, account: str, runs: tuple[Run, ...], db: sqlite_utils.Database) -> None:
        troubles.put(db, account, runs)
        standing = {
            Metric(alert.metric)
            for alert in alerts.newest(db, account).values()
            if alert.state is not AlertState.RESOLVED
        }
        self._alerts.take(db, account, breaches(account, runs, standing), measured(account), self._clock.now())


def _logged(refused: Refusal) -> dict[str, str]:
    said = {"code": refused.code, "error": refused.message, "request_id": refused.request_id}
    return {**said, "do": refused.advice.en} if refused.advice is not None else said
