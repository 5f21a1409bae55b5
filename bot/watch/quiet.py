"""Quiet hours: when what is not urgent waits until people are awake. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, time, tzinfo

from bot.contracts.alert import Severity
from bot.contracts.hours import Holidays


@dataclass(frozen=True, slots=True)
class Quiet:
    """When it is quiet, and what is told all the same.

    Args:
        begin: the hour of the clock on the wall; none for never.
        end: the hour at which it is over; before `begin` it is that of the next day.
        zone: by whose clocks.
        weekends: Saturdays and Sundays are quiet all day, but those that are worked.
        days_off: so are public holidays.
        holidays: which days those are.
        told: what is urgent enough for any hour.
    """

    begin: time | None = None
    end: time = time(0)
    zone: tzinfo | None = None
    weekends: bool = False
    days_off: bool = False
    holidays: Holidays = field(default_factory=Holidays)
    told: frozenset[Severity] = frozenset({Severity.CRITICAL})

    def holds(self, severity: Severity, now: datetime) -> bool:
        """Whether something of this urgency waits at a moment."""
        return severity not in self.told and self.at(now)

    def at(self, now: datetime) -> bool:
        """Whether it is quiet at a moment, aware."""
        wall = now.astimezone(self.zone)
        special = self.holidays.days.get(wall.date())  # True: off, False: worked though a weekend
        if self.days_off and special is True:
            return True
        if self.weekends and wall.weekday() >= 5 and special is not False:
            return True
        if self.begin is None or self.begin == self.end:
            return False
        hour = wall.time()
        if self.begin < self.end:
            return self.begin <= hour < self.end
        return hour >= self.begin or hour < self.end
