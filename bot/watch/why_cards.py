"""Why an alert was told, repeated, held back or passed on: its story in words, for `why`. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from bot.contracts.alert import Alert, AlertState
from bot.contracts.message import Line
from bot.notices.why import Happened
from bot.store.events import SYSTEM, Event
from bot.store.moments import from_text
from bot.watch.headlines import headline
from bot.watch.withheld import Because, Withheld, nobody_for
from bot.wording.language import Language
from bot.wording.view import View

QUIET_HOURS = "quiet hours"
"""What an alert may wait for, as its story has it; otherwise the alert that explains it."""

What = Callable[[Event], str]
"""What happened, in a few words."""


def opening(view: View, alert: Alert, story: Sequence[Event], *, configured: bool) -> Line:
    """What opened an alert, and when.

    Args:
        view: the reader's.
        alert: as it stands.
        story: what happened to it, in order.
        configured: whether the rule stands in the configuration, and is no default.
    """
    language = view.language
    first = next((event for event in story if event.what == "alert-opened"), None)
    rule = alert.rule if first is None else str(first.data.get("rule", alert.rule))
    if first is not None and "value" in first.data:
        value = Decimal(str(first.data["value"]))
        bound = Decimal(str(first.data.get("bound", alert.bound)))
        empty = alert.opened_at if value <= 0 else None
        alert = replace(alert, value=value, bound=bound, stock=None, state=AlertState.OPEN, empty_since=empty)
    when = language.moment(alert.opened_at, None, view.now)
    said = (
        language.line(" · opened {when} by rule `{rule}` (configured)", when=when, rule=rule)
        if configured
        else language.line(" · opened {when} by rule `{rule}` (default)", when=when, rule=rule)
    )
    return (*headline(view, alert), *said)


def happenings(
    view: View, alert: Alert, story: Sequence[Event], held: Sequence[Withheld], what: What, *, told: bool
) -> tuple[Happened, ...]:
    """What happened to an alert, and the repeats that were held back, each with why nothing was told of it.

    Args:
        view: the reader's.
        alert: as it stands.
        story: what happened to it, in order.
        held: the repeats that were not told.
        what: what an event is called.
        told: whether any conversation was ever owed anything about it.
    """
    waited = nobody_for(story)
    found = []
    for event in story:
        line = (what(event), *_more(view, event))
        if (span := waited.get(event.id)) is not None:
            line = (*line, *view.language.line(", nobody had taken it for {span}", span=view.language.span(span)))
        found.append(Happened(event.at, line, _untold(view.language, alert, event, told=told)))
    found += [
        Happened(
            one.first,
            view.language.plural_line("{n} repeat", "{n} repeats", one.count),
            _because(view, one),
            one.last,
        )
        for one in held
    ]
    return tuple(found)


def _more(view: View, event: Event) -> Line:
    """Until when, who, and what they said."""
    language = view.language
    line: Line = ()
    if event.what == "alert-snoozed" and "until" in event.data:
        until = _moment(view, from_text(str(event.data["until"])))
        line = language.line(" until {until}", until=until)
    if event.actor != SYSTEM:
        who = view.named(event.actor, str(event.data.get("who", "")))
        line = (*line, *language.line(" by {who}", who=who))
    if note := str(event.data.get("note", "")):
        line = (*line, *language.line(" “{note}”", note=note))
    return line


def _untold(language: Language, alert: Alert, event: Event, *, told: bool) -> Line:
    waits = str(event.data.get("waits", ""))
    if waits == QUIET_HOURS:
        return language.line("held back until the quiet hours are over")
    if waits:
        return language.line("held back, for {alert} explains it", alert=waits)
    if not told:
        return language.line("told nobody, for no conversation hears of `alerts` at {account}", account=alert.account)
    return language.line("no message of its own, what was still due says it")


def _because(view: View, held: Withheld) -> Line:
    language = view.language
    match held.because:
        case Because.ACKNOWLEDGED:
            return language.line("held back, acknowledged by {who}", who=held.who)
        case Because.SNOOZED:
            return language.line("held back, snoozed by {who}", who=held.who)
        case Because.QUIET:
            return language.line("held back, for these are quiet hours")


def _moment(view: View, when: datetime) -> str:
    return view.language.moment(when, None, view.now)
