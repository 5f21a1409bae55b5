"""Which repeats of an alert were not told, and because of what. Pure: the story comes in as the record has it.

A repeat that is not due leaves no row, for nothing happens. What would have been told without whoever took the alert, or
put it off, or the quiet hours, follows from when it was told last and from the pause between two repeats.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from bot.store.events import SYSTEM, Event
from bot.store.moments import from_text


class Because(StrEnum):
    """What silences an alert."""

    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Withheld:
    """Repeats in a row that were not told.

    Args:
        first: when the first of them would have been told.
        last: the same of the last one.
        count: how many.
        because: why.
        who: who had taken it or put it off, by name; empty in quiet hours.
    """

    first: datetime
    last: datetime
    count: int
    because: Because
    who: str = ""


_TOLD_AGAIN = frozenset(
    {
        "alert-opened",
        "alert-worse",
        "alert-empty",
        "alert-repeated",
        "alert-escalated",
        "alert-morning",
        "alert-expired",
        "alert-woken",
        "alert-given-back",
        "alert-reopened",
    }
)
"""Happenings after which an alert is open, and the pause to the next repeat begins anew."""

_CALLS_ANEW = _TOLD_AGAIN - {"alert-repeated", "alert-escalated"}
"""Those of them after which the next ones are called only when that much time has passed again."""

LOOKED_AT = 2_000
"""Repeats of quiet hours that are looked at one by one; so many are six weeks of half hours."""


def withheld(
    story: Iterable[Event], repeat: timedelta, now: datetime, quiet: Callable[[datetime], bool] = lambda _: False
) -> tuple[Withheld, ...]:
    """The repeats that were not told, in order.

    Args:
        story: what happened to the alert, in order.
        repeat: the pause between two repeats.
        now: until when.
        quiet: whether repeats of this urgency wait at a moment.
    """
    found: list[Withheld] = []
    told: datetime | None = None
    happened = [*story, None]
    for event, following in pairwise(happened):
        if event is None:
            break
        if event.what in _TOLD_AGAIN:
            told = event.at
        end = now if following is None else following.at
        if told is None or repeat <= timedelta(0):
            continue
        match event.what:
            case "alert-acknowledged":
                found += _in_a_row(told, event.at, end, repeat, Because.ACKNOWLEDGED, str(event.data.get("who", "")))
            case "alert-snoozed":
                until = min(end, from_text(str(event.data["until"]))) if "until" in event.data else end
                found += _in_a_row(told, event.at, until, repeat, Because.SNOOZED, str(event.data.get("who", "")))
            case what if what in _TOLD_AGAIN and "waits" not in event.data:
                found += _in_quiet_hours(told, end, repeat, quiet)
    return tuple(_together(found, repeat))


def _together(found: Iterable[Withheld], repeat: timedelta) -> list[Withheld]:
    """What follows one another for the same reason is one: an acknowledgement may be renewed."""
    joined: list[Withheld] = []
    for one in found:
        before = joined[-1] if joined else None
        alike = before is not None and (before.because, before.who) == (one.because, one.who)
        if alike and one.first - joined[-1].last == repeat:
            joined[-1] = replace(joined[-1], last=one.last, count=joined[-1].count + one.count)
        else:
            joined.append(one)
    return joined


def nobody_for(story: Iterable[Event]) -> dict[int, timedelta]:
    """Event by which an alert called the next ones by itself → for how long nobody had taken it."""
    found: dict[int, timedelta] = {}
    since: datetime | None = None
    for event in story:
        if event.what in _CALLS_ANEW:
            since = event.at
        elif event.what == "alert-escalated" and event.actor == SYSTEM and since is not None:
            found[event.id] = event.at - since
    return found


def _in_a_row(
    told: datetime, begin: datetime, end: datetime, repeat: timedelta, because: Because, who: str
) -> list[Withheld]:
    """The repeats after `told` that lie between two moments."""
    earlier = max(0, (begin - told) // repeat)
    by_then = max(0, (end - told) // repeat)
    if by_then <= earlier:
        return []
    first, last = told + (earlier + 1) * repeat, told + by_then * repeat
    return [Withheld(first, last, by_then - earlier, because, who)]


def _in_quiet_hours(
    told: datetime, end: datetime, repeat: timedelta, quiet: Callable[[datetime], bool]
) -> list[Withheld]:
    """The repeats after `told` that lie in quiet hours, without a break: the next one was told, or is to come."""
    count = min(LOOKED_AT, max(0, (end - told) // repeat))
    held = [at for at in (told + one * repeat for one in range(1, count + 1)) if at < end and quiet(at)]
    return [Withheld(held[0], held[-1], len(held), Because.QUIET)] if held else []
