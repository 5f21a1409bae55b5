"""The life of an alert: a condition that somebody must look at, until nobody needs to any more.

Pure: what was found and what people do come in, changes come out. A use case stores them with the notices they cause,
and the record keeps at most one alert of a fingerprint that is not resolved.

`step` takes every fresh measurement, found or not; `tick` lets time pass in between. A figure that could not be
measured is no reason to call `step`: a vendor's silence is not good news.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from bot.contracts.alert import USED_UP, Alert, AlertState, Stock
from bot.contracts.due import due, over
from bot.watch.escalation import Ladder, reached
from bot.watch.rules import Breach


class Happening(StrEnum):
    """What time and measurements do to an alert."""

    OPEN = "opened"
    WORSE = "worse"
    EMPTY = "empty"  # nothing is left at all
    REPEAT = "repeated"
    ESCALATE = "escalated"  # nobody has taken it: the next ones are called
    MORNING = "morning"  # the quiet hours are over in which it opened
    ACK_EXPIRED = "expired"
    WOKEN = "woken"  # the time it was snoozed for is over
    CLEARING = "clearing"  # gone for the moment; not told
    REOPEN = "reopened"  # it had closed by itself, and is there again
    BACK = "back"  # and there again before it was resolved; not told
    STILL = "still"  # it goes on, with another figure; not told
    RESOLVE = "resolved"


TOLD = frozenset(
    {
        Happening.OPEN,
        Happening.WORSE,
        Happening.EMPTY,
        Happening.REPEAT,
        Happening.ESCALATE,
        Happening.MORNING,
        Happening.REOPEN,
        Happening.ACK_EXPIRED,
        Happening.WOKEN,
        Happening.RESOLVE,
    },
)
"""What conversations hear of; the others only go into the record."""


Waits = Callable[[Alert], bool]
"""Whether an alert is not told now."""


def never(_: Alert) -> bool:
    """Everything is told at once."""
    return False


CLEAR_FOR = timedelta(minutes=10)
"""How long a condition must be gone before its alert closes by itself: a top-up stays, a flicker does not."""

REOPENS_WITHIN = timedelta(hours=1)
"""What is back so soon after it closed by itself is the same matter: the same alert, open again."""

MOST_PATIENT = 5
"""Each time an alert is back, it closes only when the condition has been gone for twice as long; so often at most."""


LONGEST_SNOOZE = timedelta(days=7)
"""What may wait for longer is better closed."""


@dataclass(frozen=True, slots=True)
class AlertChange:
    """One thing that happened.

    Attributes:
        what: which it is.
        alert: as it stands afterwards; of several changes the last one's is to be kept.
    """

    what: Happening
    alert: Alert


def step(
    alert: Alert | None,
    finding: Breach | None,
    now: datetime,
    *,
    figure: Decimal | None = None,
    stock: Stock | None = None,
    repeat: timedelta,
    ack_expires: timedelta,
    clear_for: timedelta,
    steps: Ladder = (),
    waits: Waits = never,
) -> tuple[AlertChange, ...]:
    """What a measurement does to the alert of its fingerprint.

    Args:
        alert: the latest alert of this fingerprint, also a resolved one; none when there never was one.
        finding: what was found; none when it was measured and is well.
        now: when it was measured.
        figure: what was measured of the alert's own metric; a finding has its own.
        stock: what is behind that figure.
        repeat: how often an open alert is told again; also how long what somebody resolved by hand is left alone
            although the condition holds.
        ack_expires: how long an acknowledgement holds.
        clear_for: how long the condition must be gone before the alert resolves itself.
        steps: whom an alert calls that nobody takes.
        waits: whether it waits to be told: until the quiet hours or the night are over, or because another one explains it.

    Returns:
        The changes in order, none when nothing is new.
    """
    if alert is None or alert.state is AlertState.RESOLVED:
        if finding is not None and not (alert is not None and _left_alone(alert, finding, now, repeat)):
            if alert is not None and _comes_and_goes(alert, now):
                again = replace(_reopened(alert, finding, now), flaps=alert.flaps + 1)
                return (AlertChange(Happening.REOPEN, _called(again, now, steps, waits)),)
            return (AlertChange(Happening.OPEN, _called(_opened(finding, now), now, steps, waits)),)
        if alert is None or not alert.put_aside:
            return ()
        seen = _well(alert, figure, stock, now) if finding is None else _measured(alert, finding, now)
        return () if seen == alert else (AlertChange(Happening.STILL, seen),)
    stood = alert
    changes: list[AlertChange] = []
    if finding is None:
        alert = _well(alert, figure, stock, now)
        if stood.clear_since is None:
            changes.append(AlertChange(Happening.CLEARING, alert))
    else:
        alert = _measured(alert, finding, now)
        if stood.clear_since is not None:
            changes.append(AlertChange(Happening.BACK, alert))
        if alert.empty_since is not None and stood.empty_since is None:
            return (*changes, AlertChange(Happening.EMPTY, _called(_worse(alert, finding, now), now, steps, waits)))
        if finding.severity.rank > alert.severity.rank:
            return (*changes, AlertChange(Happening.WORSE, _called(_worse(alert, finding, now), now, steps, waits)))
    changes += tick(alert, now, repeat=repeat, ack_expires=ack_expires, clear_for=clear_for, steps=steps, waits=waits)
    if not changes and alert != stood:  # whoever looks, and the next repeat, reads the latest figure
        changes.append(AlertChange(Happening.STILL, alert))
    return tuple(changes)


def tick(
    alert: Alert,
    now: datetime,
    *,
    repeat: timedelta,
    ack_expires: timedelta,
    clear_for: timedelta,
    steps: Ladder = (),
    waits: Waits = never,
) -> tuple[AlertChange, ...]:
    """What the passing of time does to an alert, as of its latest measurement; arguments as for `step`.

    At most one thing happens at a time. What silences an alert is asked first, what makes it louder last.
    """
    match alert.state:
        case AlertState.RESOLVED:
            return ()
        case _ if alert.clear_since is not None:
            if not over(alert.clear_since, now, patience(alert, clear_for)):
                return ()
            resolved = replace(alert, state=AlertState.RESOLVED, resolved_at=now, last_told_at=now)
            return (AlertChange(Happening.RESOLVE, resolved),)
        case AlertState.ACKNOWLEDGED:
            if alert.acked_at is not None and not over(alert.acked_at, now, ack_expires):
                return ()
            opened = _called(replace(opened_again(alert), last_told_at=now), now, steps, waits)
            return (AlertChange(Happening.ACK_EXPIRED, opened),)
        case AlertState.SNOOZED:
            if alert.snoozed_until is not None and not due(alert.snoozed_until, now, LONGEST_SNOOZE):
                return ()
            opened = _called(replace(opened_again(alert), last_told_at=now), now, steps, waits)
            return (AlertChange(Happening.WOKEN, opened),)
        case AlertState.OPEN if waits(alert):
            return ()
        case AlertState.OPEN:
            if alert.held:
                morning = _called(replace(alert, last_told_at=now), now, steps, waits)
                return (AlertChange(Happening.MORNING, morning),)
            rungs = reached(steps, alert.called_since or alert.opened_at, now, alert.escalated)
            if rungs > alert.escalated:
                return (AlertChange(Happening.ESCALATE, replace(alert, escalated=rungs, last_told_at=now)),)
            if not over(alert.last_told_at, now, repeat):
                return ()
            return (AlertChange(Happening.REPEAT, replace(alert, last_told_at=now)),)


def patience(alert: Alert, clear_for: timedelta) -> timedelta:
    """How long the condition must be gone before this alert closes by itself: longer each time that it was back."""
    return clear_for * (1 << min(alert.flaps, MOST_PATIENT))


def _comes_and_goes(alert: Alert, now: datetime) -> bool:
    """It closed by itself a moment ago."""
    return not alert.resolved_by and alert.resolved_at is not None and not over(alert.resolved_at, now, REOPENS_WITHIN)


def _reopened(alert: Alert, finding: Breach, now: datetime) -> Alert:
    fresh = _opened(finding, now)
    return replace(fresh, number=alert.number, opened_at=alert.opened_at, flaps=alert.flaps)


def _called(alert: Alert, now: datetime, steps: Ladder, waits: Waits) -> Alert:
    """Open from now on: the ladder begins anew, with who is called at once; in quiet hours it waits."""
    held = waits(alert)
    return replace(alert, held=held, called_since=now, escalated=0 if held else reached(steps, now, now))


def _left_alone(alert: Alert, finding: Breach, now: datetime, repeat: timedelta) -> bool:
    """Somebody said a moment ago that this is dealt with, and it did not get worse since."""
    return (
        bool(alert.resolved_by)
        and alert.resolved_at is not None
        and not over(alert.resolved_at, now, repeat)
        and finding.severity.rank <= alert.severity.rank
        and (alert.empty_since is not None or not _empty(finding))
    )


def _empty(finding: Breach) -> bool:
    """Whether nothing is left at all."""
    return finding.metric in USED_UP and finding.value <= 0


def _opened(finding: Breach, now: datetime) -> Alert:
    return Alert(
        number=0,
        fingerprint=finding.fingerprint,
        rule=finding.rule,
        metric=finding.metric,
        account=finding.account,
        severity=finding.severity,
        state=AlertState.OPEN,
        value=finding.value,
        bound=finding.bound,
        opened_at=now,
        last_told_at=now,
        refusal=finding.refusal,
        stock=finding.stock,
        behind=finding.behind,
        empty_since=now if _empty(finding) else None,
    )


def _worse(alert: Alert, finding: Breach, now: datetime) -> Alert:
    """Open again: who acknowledged the warning has not seen the emergency. How urgent it was at most stays."""
    told = replace(opened_again(alert), last_told_at=now)
    if finding.severity.rank <= alert.severity.rank:
        return told
    return replace(told, severity=finding.severity, rule=finding.rule, metric=finding.metric, bound=finding.bound)


def _measured(alert: Alert, finding: Breach, now: datetime) -> Alert:
    """With the figure as it is now; where it is no longer beyond the bound it was found by, with the rule that finds it."""
    there = replace(
        alert,
        clear_since=None,
        value=finding.value,
        refusal=finding.refusal,
        stock=finding.stock,
        behind=finding.behind,
        empty_since=(alert.empty_since or now) if _empty(finding) else None,
    )
    beyond = finding.value > alert.bound if alert.metric.rises else finding.value < alert.bound
    if finding.metric is alert.metric and beyond:
        return there
    return replace(there, rule=finding.rule, metric=finding.metric, bound=finding.bound)


def _well(alert: Alert, figure: Decimal | None, stock: Stock | None, now: datetime) -> Alert:
    """Measured, and no rule finds anything: with the good figure, where it was told."""
    value = alert.value if figure is None else figure
    return replace(
        alert,
        value=value,
        stock=alert.stock if figure is None else stock,
        empty_since=alert.empty_since if value <= 0 else None,
        clear_since=alert.clear_since or now,
    )


def opened_again(alert: Alert) -> Alert:
    """Open, and nobody has it any more."""
    return replace(
        alert,
        state=AlertState.OPEN,
        acked_by="",
        acked_by_name="",
        acked_at=None,
        ack_note="",
        snoozed_until=None,
        snoozed_by="",
        snoozed_by_name="",
    )
