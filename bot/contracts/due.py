"""Whether a stored moment has come, on a clock that may be set: forward, back, by hours or a year. Pure.

Whoever plans a moment knows how far ahead it can be planned at most: its widest pause. One that lies further ahead was
planned before the clock was set back, and nobody knows any more when it was meant: it has come. So nothing waits longer
than its widest pause, over restarts too; and what is planned anew then lies where it belongs, so that it is done once.

The record asks the same in SQL, with `furthest` as an argument: `at <= :now OR at > :furthest`.
"""

from datetime import datetime, timedelta

CORRECTION = timedelta(minutes=1)
"""A clock that is corrected by so little counts as not set: nothing that was planned for its widest pause comes early."""


def due(at: datetime, now: datetime, widest: timedelta) -> bool:
    """Whether a planned moment has come.

    Args:
        at: as it was planned.
        now: by the clock as it is.
        widest: how far ahead it can be planned at most.
    """
    return at <= now or at > furthest(now, widest)


def over(since: datetime, now: datetime, lasts: timedelta) -> bool:
    """Whether a span is over that began at a stored moment; one that begins later than now is.

    Args:
        since: when it began.
        now: by the clock as it is.
        lasts: how long it is.
    """
    return due(since + lasts, now, lasts)


def furthest(now: datetime, widest: timedelta) -> datetime:
    """Behind this, no moment can have been planned by the clock as it is."""
    return now + widest + CORRECTION


def set_back(since: datetime, now: datetime) -> bool:
    """Whether the clock was set back since a moment that is past: it lies ahead."""
    return since > furthest(now, timedelta(0))
