"""Steady sending: how many messages went out in an hour or on a day. Pure, so statistics repeat."""

from datetime import date, datetime, timedelta

from integrations.sandbox.world_time import CHINA

HOURLY_SHARE = (1, 1, 1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 5, 6, 6, 6, 6, 6, 6, 6, 6, 5, 3, 1)
"""Parts of a hundred sent in each hour of the day in China."""
WEEKEND_SHARE = 60
"""Per cent of a workday's messages on Saturday and Sunday."""
FAILED_PER_THOUSAND = 18


def on_day(day: date, daily: int) -> int:
    """Return the messages of a whole day."""
    return daily * WEEKEND_SHARE // 100 if day.weekday() >= 5 else daily


def in_hour(moment: datetime, daily: int) -> int:
    """Return the messages of the hour that holds this moment."""
    local = moment.astimezone(CHINA)
    return on_day(local.date(), daily) * HOURLY_SHARE[local.hour] // 100


def between(start: datetime, end: datetime, daily: int) -> int:
    """Return the messages of every hour from `start` to `end`, both included."""
    hours = int((end - start) / timedelta(hours=1)) + 1
    return sum(in_hour(start + timedelta(hours=hour), daily) for hour in range(max(hours, 0)))


def failed(count: int) -> int:
    """Return how many of so many messages did not arrive."""
    return count * FAILED_PER_THOUSAND // 1000
