"""Calendars of on-call tools: read again and again, kept, and asked for shifts.

What was read last stays in use while a calendar cannot be had, and that is said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

import structlog

from bot.contracts.calendar import CalendarTrouble, Load
from bot.contracts.clock import Clock
from bot.contracts.model import Words
from bot.contracts.settings import Oncall
from bot.contracts.shift import Shift

log = structlog.get_logger(__name__)

EVERY = timedelta(minutes=15)
"""How often a calendar is read anew; the tools themselves say that theirs lag by as much."""

STALE = timedelta(hours=24)
"""After so long without a fresh copy people are told that what they see may be out of date."""

BEFORE, AHEAD = timedelta(days=2), timedelta(days=90)
"""How much of a calendar is read out at once; recurring events have no end."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What was read of a calendar.

    Args:
        shifts: within `BEFORE` and `AHEAD` of when it was read.
        at: when it was had last; none while it never was.
        tried_at: when it was last tried.
        trouble: why that failed; none where it did not.
    """

    shifts: tuple[Shift, ...] = ()
    at: datetime | None = None
    tried_at: datetime | None = None
    trouble: Words | None = None


class Calendars:
    """The calendars of the plans that have one.

    Args:
        oncalls: every configured plan.
        load: gets the shifts of a calendar.
        clock: the domain's time.
        zone: of events that tell none.
    """

    def __init__(self, oncalls: Sequence[Oncall], load: Load, clock: Clock, zone: tzinfo) -> None:
        self._sources: Mapping[str, str] = {one.name: one.ics for one in oncalls if one.ics}
        self._zones = {one.name: one.timezone or zone for one in oncalls}
        self._load = load
        self._clock = clock
        self._copies: dict[str, Copy] = {}

    def shifts(self, name: str, since: datetime, until: datetime) -> Sequence[Shift]:
        """What a calendar has in a span of time, as it was read last."""
        copy = self._copies.get(name, Copy())
        return tuple(shift for shift in copy.shifts if shift.end > since and shift.start < until)

    def trouble(self, name: str) -> Words | None:
        """What people should know of a calendar: that it cannot be had, and since when it is out of date."""
        copy = self._copies.get(name)
        if copy is None or copy.trouble is None:
            return None
        if copy.at is None:
            return Words(f"the calendar cannot be read: {copy.trouble.en}", f"日历无法读取：{copy.trouble.zh}")
        age = self._clock.now() - copy.at
        if age < STALE:
            return None
        hours = int(age.total_seconds() // 3600)
        return Words(
            f"the calendar was last read {hours} h ago: {copy.trouble.en}",
            f"日历上次读取在 {hours} 小时前：{copy.trouble.zh}",
        )

    @property
    def failing(self) -> Mapping[str, Words]:
        """Plan → what is wrong with its calendar now."""
        return {name: copy.trouble for name, copy in self._copies.items() if copy.trouble is not None}

    async def work(self) -> None:
        """Read every calendar whose time has come."""
        now = self._clock.now()
        for name, source in self._sources.items():
            copy = self._copies.get(name, Copy())
            if copy.tried_at is None or not timedelta(0) <= now - copy.tried_at < EVERY:
                self._copies[name] = await self._read(name, source, copy, now)

    async def _read(self, name: str, source: str, before: Copy, now: datetime) -> Copy:
        try:
            found = await self._load(source, now - BEFORE, now + AHEAD, self._zones[name])
        except CalendarTrouble as trouble:
            words = trouble.words
        else:
            return Copy(found, now, now)
        if words != before.trouble:
            log.warning("a calendar cannot be read", oncall=name, reason=words.en)
        return Copy(before.shifts, before.at, now, words)
