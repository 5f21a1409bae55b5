"""The daily digest, put together from the settings."""

from collections.abc import Mapping
from datetime import time

from bot.contracts.clock import Clock
from bot.contracts.daytimes import day_hour
from bot.contracts.hours import Holidays
from bot.contracts.settings import Settings
from bot.contracts.vendor import Vendor
from bot.desk.digest.digests import Digests
from bot.desk.digest.plan import Plan
from bot.notices.audience import Audience
from bot.store.database import Database
from bot.watch.duty import Duty
from bot.watch.quota import Quota


def digests_of(
    settings: Settings,
    database: Database,
    vendors: Mapping[str, Vendor],
    audience: Audience,
    clock: Clock,
    quota: Quota,
    duty: Duty,
    holidays: Holidays,
) -> Digests:
    """Put it together.

    Args:
        settings: the configuration.
        database: the record.
        vendors: account name → vendor.
        audience: who hears of it.
        clock: the domain's time.
        quota: makes forecasts of what is left.
        duty: who is on call.
        holidays: public holidays and make-up workdays.
    """
    hour: time | None = day_hour(settings.digest.at)
    plan = Plan(hour, settings.bot.timezone, settings.digest.days == "workdays", holidays)
    metered = {name: vendor.quota is not None for name, vendor in vendors.items()}
    return Digests(database, audience, clock, plan, quota, duty, metered)
