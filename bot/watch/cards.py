"""Alerts in words: the headline, the card, the news, what can be done in which state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.contracts.alert import Alert, AlertState, Metric, Severity, Stock
from bot.contracts.message import Block, Button, Line, Link, Message, Part, Text
from bot.contracts.model import Words
from bot.watch import sending_cards, trouble_cards
from bot.watch.figures import about
from bot.watch.headlines import alert_mark, headline
from bot.watch.lifecycle import CLEAR_FOR, Happening, patience
from bot.watch.readings import package_name
from bot.wording.language import Language
from bot.wording.view import View, next_commands

SNOOZES = (1, 2, 4, 8, 24)
"""Hours that a click puts an alert off for; other spans are typed."""

URGENCY = {
    Severity.CRITICAL: Words("Critical", "严重"),
    Severity.WARNING: Words("Warning", "警告"),
    Severity.INFO: Words("For information", "提示"),
}


@dataclass(frozen=True, slots=True)
class Calling:
    """Who is called for an alert, and what stands beside it.

    Args:
        called: who was called, by name.
        rungs: how many the ladder has.
        beside: the numbers of other alerts of the account.
    """

    called: Sequence[str] = ()
    rungs: int = 0
    beside: Sequence[int] = ()


NOBODY = Calling()


def alert_card(
    view: View,
    alert: Alert,
    ack_expires: timedelta,
    repeat: timedelta,
    calling: Calling = NOBODY,
) -> Message:
    """The card of an alert: what it is about, who is on it, what can be done.

    Args:
        view: the reader's.
        alert: as it now stands.
        ack_expires: how long an acknowledgement holds (`[alerts] ack_expires`).
        repeat: for how long what somebody closed is left alone though it is still so (`[alerts] repeat`).
        calling: who is called for it.
    """
    language = view.language
    match alert.state:
        case AlertState.OPEN:
            waits = language.line("It waits to be told; nobody is called for it now.") if alert.held else ()
            shown = _alert_message(view, alert, waits, _flapping(view, alert), calling=calling)
            return replace(shown, title=(*shown.title, *on_call(view, calling.called)))
        case AlertState.ACKNOWLEDGED:
            since = alert.acked_at or view.now
            said = language.line(
                "Acknowledged by {who}, {when}; open again {then} if it is still so.",
                who=alert.acked_by_name,
                when=language.moment(since, None, view.now),
                then=language.moment(since + ack_expires, None, view.now),
            )
            return _alert_message(view, alert, said, note=alert.ack_note, calling=calling)
        case AlertState.SNOOZED:
            return _alert_message(view, alert, _snoozed(view, alert), calling=calling)
        case AlertState.RESOLVED:
            return _alert_message(
                view, alert, _closing(view, alert), _still_so(view, alert, repeat), note=alert.resolve_note
            )


def alert_news(
    view: View, alert: Alert, data: Mapping[str, Any], repeat: timedelta, calling: Calling = NOBODY
) -> Message:
    """What is said of an alert when something happens to it.

    Args:
        view: the reader's.
        alert: as it now stands.
        data: `what` happened (a `Happening`, or `ack`, `unack`, `snooze`, `unsnooze`, `resolve` by `who` with a `note`).
        repeat: as for the card.
        calling: as for the card.
    """
    language = view.language
    who = str(data.get("who", ""))
    what = str(data.get("what", Happening.OPEN))
    more: Line = ()
    match what:
        case "ack":
            said = language.line("Acknowledged by {who}.", who=who)
        case "unack":
            said = language.line("Given back by {who}: open again.", who=who)
        case "snooze":
            said = _snoozed(view, alert)
        case "unsnooze":
            said = language.line("{who} ended the snooze: open again.", who=who)
        case Happening.WOKEN:
            said = language.line("The snooze is over, and it is still so: open again.")
        case Happening.ACK_EXPIRED:
            said = language.line("It was acknowledged by {who}, and it is still so: open again.", who=who)
        case Happening.RESOLVE:
            said = _closing(view, alert)
            more = _still_so(view, alert, repeat)
        case Happening.REPEAT:
            span = language.span(view.now - alert.opened_at)
            said = language.line("Still so, for {span}. Nobody has taken it yet.", span=span)
        case Happening.WORSE:
            said = language.line("It has become worse.")
        case Happening.EMPTY:
            said = language.line("It has run out.")
        case Happening.MORNING:
            span = language.span(view.now - alert.opened_at)
            said = language.line("Still so, for {span}; it waited, for it was not urgent.", span=span)
        case Happening.REOPEN:
            said = language.line("It is back: open again.")
            more = _flapping(view, alert)
        case Happening.ESCALATE:
            said = _now_also(view, data) or language.line("Nobody has taken it yet.")
        case "escalate":
            called_now = _now_also(view, data)
            said = (*language.line("Escalated by {who}.", who=who), *((" ", *called_now) if called_now else ()))
        case _:
            return _alert_message(view, alert, calling=calling)
    # What happened stands in the first line: a notification shows no more.
    note = str(data.get("note", ""))
    news = _alert_message(view, alert, more, note=note, happened=said, short=what in QUIET, calling=calling)
    if alert.state is AlertState.OPEN and calling.called and what not in {*QUIET, "escalate", Happening.ESCALATE}:
        return replace(
            news, blocks=(Text(language.line("On call: {who}", who=_people(view, calling.called))), *news.blocks)
        )
    return news


QUIET = frozenset({"ack", "unack", "snooze", "unsnooze"})
"""Happenings that concern those who look at the card, not the whole channel."""


NAMED = 5
"""People who are named in one line; where more are called, how many."""


def on_call(view: View, called: Sequence[str]) -> Line:
    """Who is called for an alert, behind its headline."""
    return view.language.line(" · on call: {who}", who=_people(view, called)) if called else ()


def _now_also(view: View, data: Mapping[str, Any]) -> Line:
    """Whom a rung of the ladder calls; empty where it calls nobody."""
    called = [str(one) for one in data.get("called", ())]
    if not called:
        return ()
    return view.language.line("Still open: now also {who}.", who=_people(view, called))


def _people(view: View, names: Sequence[str]) -> Line:
    """People in a row, mentioned where they can be."""
    between = "、" if view.language.code == "zh" else ", "
    line: list[Part] = []
    for name in names[:NAMED]:
        line += [between, view.person(name)] if line else [view.person(name)]
    more = len(names) - NAMED
    return (*line, view.language.text(" and {count} more", count=more)) if more > 0 else tuple(line)


def _flapping(view: View, alert: Alert) -> Line:
    """That it comes and goes, and what is done about that."""
    if not alert.flaps:
        return ()
    return view.language.plural_line(
        "It comes and goes: it was gone {n} time and came back. I close it only when it has been gone for longer.",
        "It comes and goes: it was gone {n} times and came back. I close it only when it has been gone for longer.",
        alert.flaps,
    )


def _snoozed(view: View, alert: Alert) -> Line:
    language = view.language
    until = language.moment(alert.snoozed_until or view.now, None, view.now)
    return language.line("Snoozed by {who} until {until}.", who=alert.snoozed_by_name, until=until)


def _closing(view: View, alert: Alert) -> Line:
    language = view.language
    span = language.span((alert.resolved_at or view.now) - alert.opened_at)
    if alert.resolved_by:
        return language.line("Resolved by {who}, open for {span}.", who=alert.resolved_by_name, span=span)
    if alert.metric.of_calls:
        return language.line(
            "Resolved by itself: {account} answers again. Open for {span}.", account=alert.account, span=span
        )
    closed = language.line("Resolved by itself: the condition is gone. Open for {span}.", span=span)
    return (*closed, *_enough(language, alert.stock))


def _enough(language: Language, stock: Stock | None) -> Line:
    """For how long what is left lasts, where that is known; behind a sentence."""
    if stock is None or stock.lasts is None:
        return ()
    return language.line(" At the pace of late it lasts {span}.", span=language.span(stock.lasts))


def _gone(view: View, alert: Alert, since: datetime) -> Line:
    """The condition is gone for the moment: since when, and when it closes by itself."""
    language = view.language
    return language.line(
        "Gone since {since}. It closes by itself {then} if it stays so.",
        since=language.moment(since, None, view.now),
        then=language.moment(since + patience(alert, CLEAR_FOR), None, view.now),
    )


def _still_so(view: View, alert: Alert, repeat: timedelta) -> Line:
    """Somebody closed what is not over: that it is not, and what happens if it stays so."""
    if not alert.put_aside:
        return ()
    language = view.language
    again = (alert.resolved_at or view.now) + repeat
    return language.line(
        "It was still so at the last reading. If it still is at the first one after {when}, I open a new alert; at once if it "
        "gets worse.",
        when=language.moment(again, None, view.now),
    )


def _alert_message(
    view: View,
    alert: Alert,
    *said: Line,
    note: str = "",
    happened: Line = (),
    short: bool = False,
    calling: Calling = NOBODY,
) -> Message:
    blocks: list[Block] = [Text(line) for line in said if line]
    blocks += [Text((f"“{note}”",))] if note else []
    if alert.state is not AlertState.RESOLVED and not short:
        if alert.clear_since is not None:  # nothing is left to do
            blocks.append(Text(_gone(view, alert, alert.clear_since)))
        elif not alert.metric.of_calls:
            blocks += _facts(view, alert)
        elif not happened:  # news is short, the card is not
            blocks += trouble_cards.blocks(view, alert)
    if calling.beside and not happened:
        others = view.language.joined([f"A{number}" for number in calling.beside])
        blocks.append(
            Text(view.language.line("Also open at {account}: {others}", account=alert.account, others=others))
        )
    if commands := _commands(alert):
        blocks.append(next_commands(view, *commands))
    return Message(
        title=(*headline(view, alert), " · ", *happened) if happened else headline(view, alert),
        mark=alert_mark(alert),
        blocks=tuple(blocks),
        buttons=alert_buttons(view, alert, calling.rungs),
    )


def _facts(view: View, alert: Alert) -> list[Block]:
    """How urgent by which rule, of which package, how fast it goes, and what to do."""
    language = view.language
    urgency = language.line(
        "{urgency} by rule `{rule}`.", urgency=language.pick(URGENCY[alert.severity]), rule=alert.rule
    )
    if alert.metric.rises:
        return [Text((*urgency, *sending_cards.behind_line(view, alert))), Text(sending_cards.to_do(view, alert))]
    return [Text((*urgency, *_behind(view, alert))), Text(_to_do(view, alert))]


def _behind(view: View, alert: Alert) -> Line:
    """Of which package the figure is, and at which pace that goes; behind a sentence."""
    language = view.language
    stock = alert.stock
    if stock is None:
        return ()
    line: Line = ()
    if stock.package:
        name = package_name(language, stock.package, stock.sort)
        line = language.line(" Package: {package}", package=name)
        if alert.metric is Metric.DAYS_LEFT:
            line = (*line, *language.line(", {left} left in it", left=language.number(int(stock.remaining))))
        if stock.expires_at is not None:
            day = language.date(stock.expires_at)
            line = (*line, *language.line(", until {day}", day=day))
        line = (*line, "。" if language.code == "zh" else ".")
    elif stock.packages > 1:
        line = language.plural_line(" In {n} package.", " In {n} packages.", stock.packages)
    if stock.per_day is not None and stock.per_day > 0:
        pace = (
            language.money(round(stock.per_day, 2), stock.unit)
            if alert.metric is Metric.BALANCE
            else language.plural("{n} message", "{n} messages", about(stock.per_day))
        )
        line = (*line, *language.line(" About {pace} a day of late", pace=pace))
        if stock.lasts is not None and stock.runs_out is None:
            line = (*line, *language.line(", so it lasts about {span}", span=language.span(stock.lasts)))
        line = (*line, "。" if language.code == "zh" else ".")
    if stock.estimated:
        line = (*line, *language.line(" Computed from the configured amount."))
    return line


def _to_do(view: View, alert: Alert) -> Line:
    """Where money helps: the page on which it is spent."""
    language = view.language
    capabilities = view.capabilities.get(alert.account)
    page = (capabilities.purchase or capabilities.console) if capabilities else ""
    where: Line = (" ", Link(page, page)) if page else ()
    match alert.metric:
        case Metric.DAYS_LEFT:
            said = language.line("What is not used by then is lost. Use it first, or buy what follows it.")
        case Metric.BALANCE:
            said = language.line("A top-up takes effect at once.")
        case _:
            said = language.line("A purchase takes effect at once.")
    return (*said, *where)


def _commands(alert: Alert) -> tuple[str, ...]:
    target = f"A{alert.number}"
    match alert.state:
        case AlertState.OPEN:
            more = f"why {target}" if alert.held else _look(alert)
            return (f"ack {target}", f"snooze {target} 2h", f"resolve {target}", more)
        case AlertState.ACKNOWLEDGED:
            return (f"resolve {target}", f"unack {target}")
        case AlertState.SNOOZED:
            return (f"ack {target}", f"resolve {target}", f"unsnooze {target}")
        case AlertState.RESOLVED:
            return ()


def _look(alert: Alert) -> str:
    """The command that shows more of what an alert is about."""
    if alert.metric.of_calls:
        return "health"
    return sending_cards.look(alert) if alert.metric.rises else f"quota {alert.account}"


def alert_buttons(view: View, alert: Alert, rungs: int = 0) -> tuple[Button, ...]:
    """What can be pressed in an alert's state; a closed one has nothing left to press.

    Args:
        view: the reader's.
        alert: as it now stands.
        rungs: of the ladder; while some are left, the next ones can be called.
    """
    language = view.language
    target = f"A{alert.number}"
    resolve = Button("resolve", target, language.text("Resolve"))
    snooze = Button(
        "snooze",
        target,
        language.text("Snooze"),
        choices=tuple((f"{hours}h", language.span(timedelta(hours=hours))) for hours in SNOOZES),
    )
    match alert.state:
        case AlertState.OPEN:
            escalate = (Button("escalate", target, language.text("Escalate")),) if rungs > alert.escalated else ()
            return (Button("ack", target, language.text("Acknowledge")), snooze, *escalate, resolve)
        case AlertState.ACKNOWLEDGED:
            watch = Button("watch", target, language.text("Watch for me too"))
            return (snooze, resolve, Button("unack", target, language.text("Give back")), watch)
        case AlertState.SNOOZED:
            wake = Button("unsnooze", target, language.text("End the snooze"))
            return (Button("ack", target, language.text("Acknowledge")), snooze, resolve, wake)
        case AlertState.RESOLVED:
            return ()
