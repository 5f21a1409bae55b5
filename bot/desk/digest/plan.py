"""When the daily digest comes, by the clocks on the readers' walls. Pure."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from bot.contracts.due import set_back
from bot.contracts.hours import Holidays

LATE = timedelta(hours=6)
"""Whoever was away at the hour tells it so long after it, on the same day; later than that the next one says more."""

_LAST = timedelta(minutes=1)
"""An hour that the clocks leap over at the end of a day comes so long before that end."""

_AHEAD = 400
"""Days within which a next one is looked for: longer than any year can be off."""


@dataclass(frozen=True, slots=True)
class Plan:
    """When it comes.

    Args:
        hour: of the day; none for never.
        zone: by whose clocks.
        workdays: not on weekends and public holidays, but on make-up workdays.
        holidays: which days those are.
    """

    hour: time | None
    zone: tzinfo
    workdays: bool = False
    holidays: Holidays = field(default_factory=Holidays)

    def due(self, now: datetime) -> tuple[date, datetime] | None:
        """The day whose digest is told at a moment, and when its hour was; none where none is."""
        day = now.astimezone(self.zone).date()
        if self.hour is None or not self.comes_on(day):
            return None
        at = self.at(day, self.hour)
        end = min(at + LATE, self._midnight(day + timedelta(days=1)))
        return (day, at) if at <= now < end else None

    def next(self, now: datetime) -> datetime | None:
        """When the next one comes after a moment; none where none does within a year."""
        if self.hour is None:
            return None
        today = now.astimezone(self.zone).date()
        days = (today + timedelta(days=ahead) for ahead in range(_AHEAD))
        return next((at for day in days if self.comes_on(day) and (at := self.at(day, self.hour)) > now), None)

    def comes_on(self, day: date) -> bool:
        """Whether there is one on a day."""
        special = self.holidays.days.get(day)  # True: off, False: worked though a weekend
        return not self.workdays or special is False or (special is None and day.weekday() < 5)

    def at(self, day: date, hour: time) -> datetime:
        """When an hour of a day is, in UTC: the first time where the clocks show it twice, later where they leap over it."""
        at = datetime.combine(day, hour, self.zone).astimezone(UTC)
        return min(at, self._midnight(day + timedelta(days=1)) - _LAST)

    def _midnight(self, day: date) -> datetime:
        return datetime.combine(day, time(0), self.zone).astimezone(UTC)


def awaited(told: datetime, at: datetime, now: datetime) -> bool:
    """Whether a conversation waits for the digest of an hour that has come: it heard it before, and was not told since.

    Args:
        told: when its last one was owed, or since when it hears it.
        at: the hour.
        now: by the clock as it is; where that was set back since `told`, nobody knows, and it waits.
    """
    return told <= at or set_back(told, now)
