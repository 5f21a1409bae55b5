"""The mainland's public holidays, as a kept package has them."""

from collections.abc import Iterable
from datetime import date
from types import MappingProxyType

from chinese_calendar import constants

from bot.contracts.hours import Holidays


def load_holidays(extra_days_off: Iterable[date] = (), extra_workdays: Iterable[date] = ()) -> Holidays:
    """The mainland's calendar for every year that is known, and what the operator adds.

    Args:
        extra_days_off: days off that the table does not have, or has otherwise.
        extra_workdays: the same for days that are worked.

    Raises:
        ValueError: a day is in both.
    """
    off, worked = frozenset(extra_days_off), frozenset(extra_workdays)
    if both := off & worked:
        raise ValueError(f"both a day off and a workday: {', '.join(day.isoformat() for day in sorted(both))}")
    days = dict.fromkeys(constants.holidays, True) | dict.fromkeys(constants.workdays, False)
    days |= dict.fromkeys(off, True) | dict.fromkeys(worked, False)
    return Holidays(MappingProxyType(days), frozenset(day.year for day in days))
