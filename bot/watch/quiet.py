"""When people are left alone: quiet hours, in which what is not urgent waits, and the night, in which what can wait does. Pure."""

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

from bot.contracts.alert import USED_UP, Alert, Metric, Severity
from bot.contracts.hours import Holidays

HURTS_NOW = frozenset({Metric.FAIL_SHARE, Metric.ABUSE})
"""Customers get no codes, or somebody spends our money: whoever can do something about it does so at night too. Everything
else is a matter for office hours (to buy, to ask a vendor's support, to look who sends) until it is critical."""

Span = tuple[time, time]
"""From which hour of the clock on the wall to which; over midnight where the second is the earlier one."""


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
        told: what is urgent enough for any quiet hour.
        night: when what can wait till morning does, whatever is quiet; none for never.
    """

    begin: time | None = None
    end: time = time(0)
    zone: tzinfo | None = None
    weekends: bool = False
    days_off: bool = False
    holidays: Holidays = field(default_factory=Holidays)
    told: frozenset[Severity] = frozenset({Severity.CRITICAL})
    night: Span | None = None

    def holds(self, alert: Alert, now: datetime) -> bool:
        """Whether an alert waits at a moment."""
        if alert.severity not in self.told and self.at(now):
            return True
        morning = self._morning(now)
        return morning is not None and can_wait(alert, now, morning)

    def at(self, now: datetime) -> bool:
        """Whether it is quiet at a moment, aware."""
        wall = now.astimezone(self.zone)
        special = self.holidays.days.get(wall.date())  # True: off, False: worked though a weekend
        if self.days_off and special is True:
            return True
        if self.weekends and wall.weekday() >= 5 and special is not False:
            return True
        return self.begin is not None and _within(wall.time(), (self.begin, self.end))

    def _morning(self, now: datetime) -> datetime | None:
        """When the night is over that it is at a moment; none by day."""
        wall = now.astimezone(self.zone)
        if self.night is None or not _within(wall.time(), self.night):
            return None
        end = self.night[1]
        day = wall.date() if wall.time() < end else wall.date() + timedelta(days=1)
        return datetime.combine(day, end, wall.tzinfo)


def can_wait(alert: Alert, now: datetime, morning: datetime) -> bool:
    """Whether nobody need be woken: it is not critical, it hurts nobody yet, and what is left lasts till morning."""
    if alert.severity is Severity.CRITICAL or alert.metric in HURTS_NOW:
        return False
    if alert.metric in USED_UP and alert.value <= 0:
        return False
    stock = alert.stock
    if stock is None or alert.metric is Metric.DAYS_LEFT:
        return True
    ends = stock.early or (None if stock.lasts is None else now + stock.lasts)
    return ends is None or ends >= morning


def _within(hour: time, span: Span) -> bool:
    begin, end = span
    if begin < end:
        return begin <= hour < end
    return begin != end and (hour >= begin or hour < end)
