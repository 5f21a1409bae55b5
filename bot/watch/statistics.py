"""Use case: ask the vendors what was sent and what became of it, and keep it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.due import due
from bot.contracts.errors import VendorError
from bot.contracts.traffic import DAY, HOUR, Counting, Split, Tally, china_day, day_start, days_between
from bot.contracts.vendor import Vendor
from bot.store import samples, traffic
from bot.store.database import Database
from bot.store.traffic import Told
from bot.store.units import after
from bot.watch.answering import Answering
from bot.watch.backlog import DAYS_BACK, HOURS_BACK, days_due, hour_of, hours_due

STORED_WITHIN = 2.0
"""Seconds that somebody who asks waits for the record; the figures are there without it."""

FIRST_AFTER = timedelta(minutes=1)
"""After a start reviews and quota are asked about first: somebody may wait for them."""

KEEP_TRYING = 3
"""After a failed round the next one comes so many times sooner."""

GAP = 3
"""Looks further apart than so many rounds say nothing of the hours between them."""

SPLIT_DAYS = 3
"""Each day the last days are told apart once more."""


class Statistics:
    """What was sent, of every account.

    Args:
        database: the record.
        vendors: account name → vendor.
        answering: knows since when the vendor does not serve us.
        clock: the domain's time.
        every_seconds: the pause between two rounds (`[poll] delivery_seconds`); 0 for none, only what is asked for is read.
        judge: lets the rules speak on what was kept; a step of the same transaction.
    """

    def __init__(
        self,
        database: Database,
        vendors: Mapping[str, Vendor],
        answering: Answering,
        clock: Clock,
        every_seconds: int,
        judge: Callable[[sqlite_utils.Database, str, datetime], None] = lambda _db, _account, _now: None,
    ) -> None:
        self._database = database
        self._vendors = vendors
        self._answering = answering
        self._clock = clock
        self._every = timedelta(seconds=every_seconds)
        self._judge = judge
        self._next: dict[str, datetime] = {}
        self._told_apart: dict[str, date] = {}
        self._thinned: date | None = None

    async def poll(self, account: str) -> None:
        """Ask about an account if its time has come."""
        if not self._every:
            return
        now = self._clock.now()
        counting = self._vendors[account].traffic
        if account not in self._next:
            last = await self._database.read(partial(traffic.last_look, account=account))
            self._next[account] = now + FIRST_AFTER if last is None else max(last + self._every, now + FIRST_AFTER)
        if counting is None or not due(self._next[account], now, max(self._every, FIRST_AFTER)):
            return
        try:
            await self._round(account, counting, now)
            self._next[account] = now + self._every
        except VendorError:  # it was heard of
            self._next[account] = now + min(self._every / KEEP_TRYING, self._answering.pause(account))

    async def measure(self, account: str, first: date, last: date, by: Split = Split.DAY) -> None:
        """Ask about some days now, as far as they are not settled, and keep the answer.

        Raises:
            VendorError: the vendor did not answer.
        """
        counting = self._vendors[account].traffic
        if counting is None:
            return
        now = self._clock.now()
        newest = min(last, china_day(now) - DAY * counting.lag)
        asked = days_between(max(first, newest - DAY * (DAYS_BACK - 1)), newest)
        if by is Split.DAY:
            kept = {china_day(one.tally.start): one.at for one in await self.kept(account, first, newest)}
            wanted = set(days_due(now, kept, lag=counting.lag, at_once=DAYS_BACK))
            tallies = await counting.days([day for day in asked if day in wanted])
        else:
            tallies = await counting.split(by, asked)
        store = partial(self._store, account=account, tallies=tallies, hours=None, now=now)
        try:
            await self._database.store(store, within=STORED_WITHIN)
        except TimeoutError:  # held until the record takes it
            return

    async def kept(self, account: str, first: date, last: date, by: Split = Split.DAY) -> tuple[Told, ...]:
        """What the record has of these days, both ends included, oldest first."""
        return await self._database.read(
            lambda db: traffic.between(db, account, day_start(first), day_start(last), by=by)
        )

    async def _round(self, account: str, counting: Counting, now: datetime) -> None:
        first = china_day(now) - DAY * (DAYS_BACK + counting.lag)
        kept = {china_day(one.tally.start): one.at for one in await self.kept(account, first, china_day(now))}
        tallies = list(await counting.days(days_due(now, kept, lag=counting.lag, at_once=counting.at_once)))
        hours: tuple[Tally, ...] | None = None
        if counting.hourly:
            start = now - HOURS_BACK
            there = await self._database.read(lambda db: traffic.between(db, account, start, now, span=HOUR))
            hours = await counting.hours(
                hours_due(now, {one.tally.start: one.at for one in there}, at_once=counting.at_once)
            )
        today = china_day(now)
        if self._told_apart.get(account) != today:
            days = days_between(today - DAY * (SPLIT_DAYS + counting.lag), today - DAY * (counting.lag or 1))
            for by in sorted(counting.splits):
                tallies += await counting.split(by, days)
            self._told_apart[account] = today
        await self._database.store(partial(self._store, account=account, tallies=tallies, hours=hours, now=now))

    def _store(
        self,
        db: sqlite_utils.Database,
        account: str,
        tallies: Sequence[Tally],
        hours: Sequence[Tally] | None,
        now: datetime,
    ) -> None:
        """Keep the figures; where the vendor tells no hours, the running hour gets what its days rose by."""
        counting = self._vendors[account].traffic
        if counting is not None and not counting.hourly and not counting.lag:
            traffic.add(db, account, self._rises(db, account, tallies, now), now)
        traffic.put(db, account, tallies, now)
        if hours is not None:
            traffic.put(db, account, hours, now)
        self._judge(db, account, now)
        if self._thinned != china_day(now):
            traffic.thin(db, now)
            samples.thin(db, now)
            after(db, lambda: self._thinned_on(china_day(now)))

    def _thinned_on(self, day: date) -> None:
        self._thinned = day

    def _rises(
        self, db: sqlite_utils.Database, account: str, tallies: Sequence[Tally], now: datetime
    ) -> tuple[Tally, ...]:
        found = []
        for tally in tallies:
            if tally.by is not Split.DAY or china_day(tally.start) < china_day(now) - DAY:
                continue
            for before in traffic.between(db, account, tally.start, tally.start):
                if timedelta(0) < now - before.at <= self._every * GAP:
                    middle = before.at + (now - before.at) / 2
                    found.append(Tally(hour_of(middle), HOUR, tally.counts.since(before.tally.counts)))
        return tuple(found)
