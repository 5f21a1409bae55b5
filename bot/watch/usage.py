"""How fast a package is used up. Pure: kept readings come in, a pace goes out; when it runs out is a forecast's business."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Protocol

from bot.contracts.vendor import Measure, Reading

WITHIN = timedelta(days=7)
"""A whole week, so that working days and weekends count as they come."""

SHORTEST = timedelta(hours=3)
"""Less says nothing of a day."""


class At(Protocol):
    """A reading at a time, as the record keeps it."""

    @property
    def at(self) -> datetime:
        """When."""
        ...

    @property
    def reading(self) -> Reading:
        """What."""
        ...


def per_day(samples: Iterable[At]) -> dict[Measure, Decimal]:
    """What was used up a day, of packages and of money.

    Only what went down counts: what went up was bought. A clock that was set back begins anew.

    Args:
        samples: the readings of one account in the order they were kept, of `WITHIN`.

    Returns:
        Nothing for a measure that was not watched for `SHORTEST`.
    """
    of: dict[tuple[Measure, str, str], list[At]] = {}
    for sample in samples:
        of.setdefault((sample.reading.measure, sample.reading.subject, sample.reading.unit), []).append(sample)
    found: dict[Measure, Decimal] = {}
    for (measure, _, _), readings in of.items():
        used, watched = _used(readings)
        if watched >= SHORTEST:
            days = Decimal(round(watched.total_seconds())) / 86_400
            found[measure] = found.get(measure, Decimal(0)) + used / days
    return found


def _used(readings: Sequence[At]) -> tuple[Decimal, timedelta]:
    """What went down between one reading and the next, and for how long that was watched."""
    used, watched = Decimal(0), timedelta(0)
    for before, after in pairwise(readings):
        if after.at <= before.at:
            continue
        used += max(Decimal(0), before.reading.remaining - after.reading.remaining)
        watched += after.at - before.at
    return used, watched
