"""What people do with alerts: take them, give them back, put them off, close them, call the next ones. Pure.

Two at once get an answer each, and both name the winner.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.contracts.alert import Alert, AlertState
from bot.watch.escalation import Ladder, reached
from bot.watch.lifecycle import opened_again


class Result(StrEnum):
    """What came of something a person did with an alert."""

    DONE = "done"
    ANOTHERS = "anothers"  # somebody else has acknowledged it: `Answer.by`
    OVER = "over"  # resolved before: `Answer.by`, empty when by itself
    NOT_ACKNOWLEDGED = "not_acknowledged"
    NOT_SNOOZED = "not_snoozed"
    NOBODY_FURTHER = "nobody_further"  # whoever is configured was called already


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it; two people pressing at once both get one, and it names the winner.

    Attributes:
        result: which it is.
        alert: as it stands; unchanged unless done.
        by: who was first (`Actor.key`), where somebody was; for one's own doing, who had acknowledged it before.
    """

    result: Result
    alert: Alert
    by: str = ""


def acknowledge(alert: Alert, who: str, note: str, now: datetime, *, name: str = "") -> Answer:
    """Somebody takes it. One's own acknowledgement can be renewed; an empty note then keeps the earlier one.

    Args:
        alert: as it stands.
        who: `Actor.key`.
        note: what they say to it; may be empty.
        now: when.
        name: of who it is, for display.
    """
    if alert.state is AlertState.RESOLVED:
        return Answer(Result.OVER, alert, alert.resolved_by)
    if alert.state is AlertState.ACKNOWLEDGED and alert.acked_by != who:
        return Answer(Result.ANOTHERS, alert, alert.acked_by)
    return Answer(
        Result.DONE,
        replace(
            alert,
            state=AlertState.ACKNOWLEDGED,
            held=False,
            snoozed_until=None,
            snoozed_by="",
            snoozed_by_name="",
            acked_by=who,
            acked_by_name=name,
            acked_at=now,
            ack_note=note or alert.ack_note,
        ),
    )


def unacknowledge(alert: Alert, now: datetime, steps: Ladder = ()) -> Answer:
    """Somebody gives it back, also in another's place; the repeats and the ladder begin anew from now."""
    match alert.state:
        case AlertState.RESOLVED:
            return Answer(Result.OVER, alert, alert.resolved_by)
        case AlertState.OPEN:
            return Answer(Result.NOT_ACKNOWLEDGED, alert)
        case AlertState.ACKNOWLEDGED | AlertState.SNOOZED:  # whoever gives back what is put off means the same
            by = alert.acked_by or alert.snoozed_by
            return Answer(Result.DONE, _anew(alert, now, steps), by)


def unsnooze(alert: Alert, now: datetime, steps: Ladder = ()) -> Answer:
    """Somebody ends a snooze, also another's: open again, and the repeats and the ladder begin anew from now."""
    match alert.state:
        case AlertState.RESOLVED:
            return Answer(Result.OVER, alert, alert.resolved_by)
        case AlertState.OPEN | AlertState.ACKNOWLEDGED:
            return Answer(Result.NOT_SNOOZED, alert)
        case AlertState.SNOOZED:
            return Answer(Result.DONE, _anew(alert, now, steps), alert.snoozed_by)


def snooze(alert: Alert, who: str, until: datetime, *, name: str = "") -> Answer:
    """Somebody puts it off: silent until then, whoever had taken it; a new time takes the place of an earlier one.

    Args:
        alert: as it stands.
        who: `Actor.key`.
        until: when it is open again.
        name: of who it is, for display.
    """
    if alert.state is AlertState.RESOLVED:
        return Answer(Result.OVER, alert, alert.resolved_by)
    return Answer(
        Result.DONE,
        replace(
            opened_again(alert),
            state=AlertState.SNOOZED,
            held=False,
            snoozed_until=until,
            snoozed_by=who,
            snoozed_by_name=name,
        ),
        alert.acked_by,
    )


def resolve(alert: Alert, who: str, note: str, now: datetime, *, name: str = "") -> Answer:
    """Somebody says that it is dealt with, also when another had acknowledged it.

    Args:
        alert: as it stands.
        who: `Actor.key`.
        note: what they say to it; may be empty.
        now: when.
        name: of who it is, for display.
    """
    if alert.state is AlertState.RESOLVED:
        return Answer(Result.OVER, alert, alert.resolved_by)
    return Answer(
        Result.DONE,
        replace(
            alert,
            state=AlertState.RESOLVED,
            held=False,
            resolved_at=now,
            resolved_by=who,
            resolved_by_name=name,
            resolve_note=note,
            last_told_at=now,
        ),
        alert.acked_by,
    )


def escalate(alert: Alert, now: datetime, steps: Ladder) -> Answer:
    """Somebody wants the next ones to be called, without waiting; what was taken or put off is open again.

    Args:
        alert: as it stands.
        now: when.
        steps: whom an alert calls.
    """
    if alert.state is AlertState.RESOLVED:
        return Answer(Result.OVER, alert, alert.resolved_by)
    if alert.escalated >= len(steps):
        return Answer(Result.NOBODY_FURTHER, alert)
    by = alert.acked_by or alert.snoozed_by
    begun = alert.called_since if alert.state is AlertState.OPEN and not alert.held else now
    called = replace(
        opened_again(alert), escalated=alert.escalated + 1, called_since=begun, last_told_at=now, held=False
    )
    return Answer(Result.DONE, called, by)


def _anew(alert: Alert, now: datetime, steps: Ladder) -> Alert:
    """Open from now on. Whoever does this is awake: nothing waits for the end of quiet hours."""
    return replace(
        opened_again(alert), last_told_at=now, called_since=now, escalated=reached(steps, now, now), held=False
    )
