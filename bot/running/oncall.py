"""Who is on call, put together from the settings: plans, calendars, the ladder, quiet hours."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import time

from bot.contracts.alert import Severity
from bot.contracts.chat import KeepsGroups
from bot.contracts.clock import Clock
from bot.contracts.daytimes import day_hours
from bot.contracts.hours import Holidays
from bot.contracts.model import Words
from bot.contracts.settings import Settings
from bot.desk.chats import Chats
from bot.notices.audience import Audience
from bot.store.database import Database
from bot.watch.announce import AlertAnnouncer
from bot.watch.calendars import Calendars
from bot.watch.duty import Duty
from bot.watch.escalation import ladder
from bot.watch.groups import ShiftGroups
from bot.watch.handover import HandOvers
from bot.watch.quiet import Quiet
from integrations import calendar


@dataclass(frozen=True, slots=True)
class OnCall:
    """What looks after who is on call.

    Args:
        duty: who it is.
        calendars: those that are read.
        announcer: owes the notices of alerts.
        handovers: tells changes of shifts.
        quiet: when what is not urgent waits.
    """

    duty: Duty
    calendars: Calendars
    announcer: AlertAnnouncer
    handovers: HandOvers
    quiet: Quiet

    @property
    def failing(self) -> tuple[tuple[str, Words], ...]:
        """Plan → what is wrong with it: its calendar, its user group."""
        return (*self.calendars.failing.items(), *self.handovers.groups.failing.items())

    async def work(self) -> bool:
        """Read the calendars that are due, and tell the shifts that began; returns whether something is owed."""
        await self.calendars.work()
        return await self.handovers.work()


def on_call(
    settings: Settings,
    database: Database,
    audience: Audience,
    clock: Clock,
    holidays: Holidays,
    chats: Callable[[], Chats],
) -> OnCall:
    """Put it together.

    Args:
        settings: the configuration.
        database: the record.
        audience: who hears of what.
        clock: the domain's time.
        holidays: public holidays and make-up workdays.
        chats: the chats, which are made after this.
    """
    zone = settings.bot.timezone
    calendars = Calendars(settings.oncalls, calendar.load, clock, zone)
    duty = Duty(
        settings.oncalls,
        settings.people,
        ladder(settings.escalations, settings.oncalls),
        zone=zone,
        planned=calendars.shifts,
        reach=lambda platform, user: chats().direct(platform, user),
    )

    async def keep_group(platform: str, group: str, members: Sequence[str]) -> None:
        chat = chats().listening.get(platform)
        if isinstance(chat, KeepsGroups):
            await chat.keep_group(group, members)

    return OnCall(
        duty,
        calendars,
        AlertAnnouncer(audience, duty, settings.alerts),
        HandOvers(database, duty, audience, clock, ShiftGroups(database, duty, keep_group)),
        _quiet(settings, holidays),
    )


def _quiet(settings: Settings, holidays: Holidays) -> Quiet:
    table = settings.alerts
    begin, end = day_hours(table.quiet_hours) or (None, time(0))
    return Quiet(
        begin,
        end,
        settings.bot.timezone,
        weekends="weekends" in table.quiet_days,
        days_off="holidays" in table.quiet_days,
        holidays=holidays,
        told=frozenset(Severity(one) for one in table.quiet_except),
        night=day_hours(table.night),
    )
