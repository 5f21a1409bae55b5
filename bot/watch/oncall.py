"""Who is on call when: turns of a rotation, what people took over from chat, and the two put together. Pure.

A turn begins and ends at the same hour of the clock on the wall, in the rotation's zone, also when summer time begins
or ends in between; so a turn may be an hour shorter or longer. What was taken over goes before the plan, and what was
taken over later goes before what was taken over earlier.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise

from bot.contracts.shift import Override, Shift

SHORTEST_ON_THE_WALL = timedelta(hours=4)
"""Shorter turns are counted in time that passes: by the clock on the wall one could end before it begins."""

AHEAD = timedelta(days=60)
"""How far ahead the next shift of somebody else is looked for."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """People in turn.

    Args:
        people: by name, at least one.
        start: when the first one's turn began, aware; its hour in the zone is that of every hand-over.
        every: how long a turn lasts.
        zone: by whose clocks.
    """

    people: tuple[str, ...]
    start: datetime
    every: timedelta
    zone: tzinfo


def turns(rotation: Rotation, since: datetime, until: datetime) -> tuple[Shift, ...]:
    """The turns that touch a span of time, in order; none before the first one.

    Args:
        rotation: whose.
        since: the beginning of the span, aware.
        until: its end.
    """
    found = []
    index = max(0, int((since - rotation.start) / rotation.every) - 1)  # the clock on the wall may be an hour off
    while (start := _begin(rotation, index)) < until:
        end = _begin(rotation, index + 1)
        if end > since:
            found.append(Shift(rotation.people[index % len(rotation.people)], start, end))
        index += 1
    return tuple(found)


def _begin(rotation: Rotation, index: int) -> datetime:
    """When a turn begins, UTC."""
    if rotation.every < SHORTEST_ON_THE_WALL:
        return (rotation.start + index * rotation.every).astimezone(UTC)
    wall = rotation.start.astimezone(rotation.zone).replace(tzinfo=None) + index * rotation.every
    return wall.replace(tzinfo=rotation.zone).astimezone(UTC)


def schedule(
    planned: Iterable[Shift], overrides: Sequence[Override], since: datetime, until: datetime
) -> tuple[Shift, ...]:
    """Who is on call in a span of time, in order; gaps are when nobody is. One after the other, never two at once.

    Of planned shifts that overlap, as calendars may have them, the one that began last goes first.

    Args:
        planned: turns, or what a calendar has.
        overrides: what people took over, in the order in which they did.
        since: the beginning of the span, aware.
        until: its end.
    """
    layers = [
        *sorted(planned, key=lambda shift: (shift.start, shift.end, shift.person)),
        *(one.shift for one in overrides),
    ]
    layers = [layer for layer in layers if layer.end > since and layer.start < until]
    cuts = sorted({since, until, *(min(max(at, since), until) for one in layers for at in (one.start, one.end))})
    found: list[Shift] = []
    for begin, end in pairwise(cuts):
        top = next((layer for layer in reversed(layers) if layer.start <= begin and layer.end >= end), None)
        if top is None:
            continue
        if found and found[-1].person == top.person and found[-1].end == begin:
            found[-1] = replace(found[-1], end=end)
        else:
            found.append(Shift(top.person, begin, end))
    return tuple(found)


def at(shifts: Sequence[Shift], now: datetime) -> Shift | None:
    """Who is on call at a moment."""
    return next((shift for shift in shifts if shift.start <= now < shift.end), None)


def following(shifts: Sequence[Shift], now: datetime) -> Shift | None:
    """The next shift of somebody else than whoever is on call at a moment."""
    current = at(shifts, now)
    return next(
        (shift for shift in shifts if shift.start > now and (current is None or shift.person != current.person)), None
    )


def exchanged(shifts: Sequence[Shift], one: str, other: str, now: datetime) -> tuple[Shift, Shift] | None:
    """Two people swap: each takes over what the other has next, what is under way only from now on.

    Args:
        shifts: the schedule from now on.
        one: who asks.
        other: with whom.
        now: when.

    Returns:
        What each takes over, in that order; none where one of them has no shift.
    """
    mine = next((shift for shift in shifts if shift.person == one and shift.end > now), None)
    theirs = next((shift for shift in shifts if shift.person == other and shift.end > now), None)
    if mine is None or theirs is None or one == other:
        return None
    return (
        Shift(one, max(theirs.start, now), theirs.end),
        Shift(other, max(mine.start, now), mine.end),
    )
