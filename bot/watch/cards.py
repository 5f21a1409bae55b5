"""Alerts and what the operators must know."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import ROUND_DOWN, ROUND_FLOOR, Decimal
from typing import Any

from bot.contracts.alert import Alert, AlertState, Metric
from bot.contracts.message import Block, Button, Line, Mark, Message, Text
from bot.contracts.model import Words
from bot.contracts.vendor import Measure, Reading
from bot.watch import trouble_cards
from bot.watch.lifecycle import Happening
from bot.wording.language import Language
from bot.wording.view import View, next_commands
from bot.wording.words import choose

SNOOZES = (1, 2, 4, 8, 24)
"""Hours that a click puts an alert off for; other spans are typed."""

METRICS = {
    Metric.REMAINING: Words("messages left", "剩余条数"),
    Metric.SHARE: Words("share of the packages left", "套餐剩余比例"),
    Metric.DAYS_LEFT: Words("days until a package expires", "套餐到期天数"),
    Metric.BALANCE: Words("balance", "余额"),
    **trouble_cards.METRICS,
}

SUBJECTS = {"package": Words("package", "套餐"), "balance": Words("balance", "余额")}
"""Our own words for what is measured; every other subject is a vendor's name or id."""

SORTS = {"gift": Words("gift", "赠送"), "bought": Words("bought", "购买")}
"""How a package was come by; what is not here is a vendor's own word."""

CELLS = 10
"""Of a bar of quota."""

WHOLE, TENTH = Decimal("0.01"), Decimal("0.001")
"""How exactly a share is told: in percent, and below one percent in tenths of one."""


def alert_mark(alert: Alert) -> Mark:
    """The sign of an alert's state."""
    match alert.state:
        case AlertState.OPEN:
            return Mark.ALERT
        case AlertState.ACKNOWLEDGED | AlertState.SNOOZED:
            return Mark.HANDLED
        case AlertState.RESOLVED:
            return Mark.CLOSED


STEPS = {Metric.REMAINING: Decimal(1), Metric.SHARE: TENTH, Metric.DAYS_LEFT: Decimal(1)}
"""How exactly a figure is told, unless its bound is more exact; money is told to the last digit."""

FINEST = -12
"""The most digits behind the point that a bound can ask for."""


def figure(language: Language, metric: Metric, value: Decimal, bound: Decimal | None = None) -> str:
    """A metric's value as people read it.

    Args:
        language: the reader's.
        metric: what it is.
        value: the figure.
        bound: what it is below, where it stands beside that: what is just below must not read as the bound itself.
    """
    return _exactly(language, metric, _rounded(metric, value, bound))


def _rounded(metric: Metric, value: Decimal, bound: Decimal | None) -> Decimal:
    """Rounded down, at least as exactly as the bound is written."""
    step = STEPS.get(metric)
    if step is None:
        return value
    if bound is not None:
        step = min(step, Decimal(1).scaleb(max(_exponent(bound), FINEST)))
    return value.quantize(step, ROUND_FLOOR)


def _exactly(language: Language, metric: Metric, value: Decimal) -> str:
    """To the last digit."""
    match metric:
        case Metric.SHARE:
            return language.percent(value, digits=max(1, -_exponent(value) - 2))
        case Metric.BALANCE:
            return language.money(value)
        case Metric.REMAINING | Metric.DAYS_LEFT:
            return language.number(value)
        case _:
            return language.span(timedelta(minutes=int(value)))


def _exponent(value: Decimal) -> int:
    """Of the last digit: -2 of 0.05."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def headline(view: View, alert: Alert) -> Line:
    """What an alert is about, in one line."""
    language = view.language
    head = {"number": alert.number, "account": alert.account}
    metric = alert.metric
    if metric.of_calls:
        return trouble_cards.headline(language, alert)
    value = figure(language, metric, alert.value, alert.bound)
    bound = _exactly(language, metric, alert.bound)
    count = _rounded(metric, alert.value, alert.bound)
    well = alert.value >= alert.bound
    against = (
        language.text("no longer below {bound}", bound=bound) if well else language.text("below {bound}", bound=bound)
    )
    match metric:
        case Metric.REMAINING:
            return language.plural_line(
                "**A{number} {account}: {n} message left** ({against})",
                "**A{number} {account}: {n} messages left** ({against})",
                count,
                against=against,
                **head,
            )
        case Metric.SHARE:
            return language.line(
                "**A{number} {account}: {value} of the packages left** ({against})",
                value=value,
                against=against,
                **head,
            )
        case Metric.DAYS_LEFT:
            return language.plural_line(
                "**A{number} {account}: a package expires in {n} day** ({against})",
                "**A{number} {account}: a package expires in {n} days** ({against})",
                count,
                against=against,
                **head,
            )
        case _:
            return language.line(
                "**A{number} {account}: balance {value}** ({against})", value=value, against=against, **head
            )


def alert_card(view: View, alert: Alert, ack_expires: timedelta) -> Message:
    """The card of an alert: what it is about, who is on it, what can be done.

    Args:
        view: the reader's.
        alert: as it now stands.
        ack_expires: how long an acknowledgement holds (`[alerts] ack_expires`).
    """
    language = view.language
    match alert.state:
        case AlertState.OPEN:
            return _alert_message(view, alert, _opening(view, alert), "")
        case AlertState.ACKNOWLEDGED:
            since = alert.acked_at or view.now
            said = language.line(
                "Acknowledged by {who}, {when}; open again {then} if it is still so.",
                who=alert.acked_by_name,
                when=language.moment(since, None, view.now),
                then=language.moment(since + ack_expires, None, view.now),
            )
            return _alert_message(view, alert, said, alert.ack_note)
        case AlertState.SNOOZED:
            return _alert_message(view, alert, _snoozed(view, alert), "")
        case AlertState.RESOLVED:
            return _alert_message(view, alert, _closing(view, alert), alert.resolve_note)


def alert_news(view: View, alert: Alert, data: Mapping[str, Any]) -> Message:
    """What is said of an alert when something happens to it.

    Args:
        view: the reader's.
        alert: as it now stands.
        data: `what` happened (a `Happening`, or `ack`, `unack`, `resolve` by `who` with a `note`).
    """
    language = view.language
    who = str(data.get("who", ""))
    match str(data.get("what", Happening.OPEN)):
        case "ack":
            said = language.line("Acknowledged by {who}.", who=who)
        case "unack":
            said = language.line("Given back by {who}: open again.", who=who)
        case "snooze":
            said = _snoozed(view, alert)
        case Happening.WOKEN:
            said = language.line("The snooze is over, and it is still so: open again.")
        case Happening.ACK_EXPIRED:
            said = language.line("It was acknowledged by {who}, and it is still so: open again.", who=who)
        case Happening.RESOLVE:
            said = _closing(view, alert)
        case Happening.REPEAT:
            span = language.span(view.now - alert.opened_at)
            said = language.line("Still so, for {span}. Nobody has taken it yet.", span=span)
        case Happening.WORSE:
            said = language.line("It has become worse.")
        case _:
            return _alert_message(view, alert, _opening(view, alert), "")
    # What happened stands in the first line: a notification shows no more.
    return _alert_message(view, alert, (), str(data.get("note", "")), happened=said)


QUIET = frozenset({"ack", "unack", "snooze"})
"""Happenings that concern those who look at the card, not the whole channel."""


def _snoozed(view: View, alert: Alert) -> Line:
    language = view.language
    until = language.moment(alert.snoozed_until or view.now, None, view.now)
    return language.line("Snoozed by {who} until {until}.", who=alert.snoozed_by_name, until=until)


def _opening(view: View, alert: Alert) -> Line:
    if alert.metric.of_calls:  # the blocks that follow say it
        return ()
    return view.language.line("Rule `{rule}`. A purchase takes effect at once.", rule=alert.rule)


def _closing(view: View, alert: Alert) -> Line:
    language = view.language
    span = language.span((alert.resolved_at or view.now) - alert.opened_at)
    if alert.resolved_by:
        return language.line("Resolved by {who}, open for {span}.", who=alert.resolved_by_name, span=span)
    if alert.metric.of_calls:
        return language.line(
            "Resolved by itself: {account} answers again. Open for {span}.", account=alert.account, span=span
        )
    return language.line("Resolved by itself: the condition is gone. Open for {span}.", span=span)


def _alert_message(view: View, alert: Alert, said: Line, note: str, *, happened: Line = ()) -> Message:
    blocks: list[Block] = [*([Text(said)] if said else []), *([Text((f"“{note}”",))] if note else [])]
    # News is short, the card is not.
    if alert.metric.of_calls and alert.state is not AlertState.RESOLVED and not happened:
        blocks += trouble_cards.blocks(view, alert)
    if commands := _commands(alert):
        blocks.append(next_commands(view, *commands))
    return Message(
        title=(*headline(view, alert), " · ", *happened) if happened else headline(view, alert),
        mark=alert_mark(alert),
        blocks=tuple(blocks),
        buttons=alert_buttons(view, alert),
    )


def _commands(alert: Alert) -> tuple[str, ...]:
    target = f"A{alert.number}"
    match alert.state:
        case AlertState.OPEN:
            look = "health" if alert.metric.of_calls else f"quota {alert.account}"
            return (f"ack {target}", f"snooze {target} 2h", f"resolve {target}", look)
        case AlertState.ACKNOWLEDGED | AlertState.SNOOZED:
            return (f"resolve {target}", f"unack {target}")
        case AlertState.RESOLVED:
            return ()


def alert_buttons(view: View, alert: Alert) -> tuple[Button, ...]:
    """What can be pressed in an alert's state; a closed one has nothing left to press."""
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
            return (Button("ack", target, language.text("Acknowledge")), snooze, resolve)
        case AlertState.ACKNOWLEDGED:
            return (snooze, resolve, Button("unack", target, language.text("Give back")))
        case AlertState.SNOOZED:
            return (Button("ack", target, language.text("Acknowledge")), snooze, resolve)
        case AlertState.RESOLVED:
            return ()


# --- Readings --------------------------------------------------------------------------------------------------------


def scarcest(language: Language, shares: Sequence[tuple[Decimal, str]]) -> Line:
    """The first line says what matters: where least is left."""
    if not shares:
        return language.line("**Quota**")
    share, account = min(shares)
    return language.line(
        "**Quota**: least is left at {account}, {share}",
        account=account,
        share=figure(language, Metric.SHARE, share),
    )


def subject(language: Language, reading: Reading) -> str:
    """What a figure is the remainder of, in the reader's language."""
    what = choose(SUBJECTS, reading.subject, language)
    if not reading.sort:
        return what
    return language.text("{package} ({sort})", package=what, sort=choose(SORTS, reading.sort, language))


def reading_row(language: Language, account: str, reading: Reading) -> tuple[Line, ...]:
    """One figure of quota as a row: account, package, left, of, until."""
    if reading.measure is Measure.BALANCE:
        return (
            (account,),
            (subject(language, reading),),
            (language.money(reading.remaining, reading.unit),),
            ("",),
            ("",),
        )
    share = ""
    if reading.total:
        total = language.number(int(reading.total))
        share = language.text(
            "{total} ({share})", total=total, share=language.percent(reading.remaining / reading.total)
        )
    until = "" if reading.expires_at is None else f"{reading.expires_at:%Y-%m-%d}"
    return ((account,), (subject(language, reading),), (language.number(int(reading.remaining)),), (share,), (until,))


def reading_line(language: Language, reading: Reading) -> Line:
    """One figure of quota in one line."""
    if reading.measure is Measure.BALANCE:
        amount = language.money(reading.remaining, reading.unit)
        return language.line("{subject}: {amount}", subject=subject(language, reading), amount=amount)
    remaining = language.number(int(reading.remaining))
    if reading.total:
        share = reading.remaining / reading.total
        line = language.line(
            "{bar} {share} · {subject}: {remaining} of {total}",
            bar=bar(share),
            share=language.percent(share.quantize(WHOLE if share >= WHOLE else TENTH, ROUND_DOWN)),
            subject=subject(language, reading),
            remaining=remaining,
            total=language.number(int(reading.total)),
        )
    else:
        line = language.line("{subject}: {amount}", subject=subject(language, reading), amount=remaining)
    if reading.expires_at is not None:
        day = f"{reading.expires_at.astimezone(language.zone):%Y-%m-%d}"
        line = (*line, *language.line(", until {day}", day=day))
    return (*line, *language.line(", computed from the configured amount")) if reading.estimated else line


def bar(share: Decimal) -> str:
    """A share of one as a bar of text: `▓▓▓▓░░░░░░`. Full only when nothing was used, empty only when nothing is left.

    Args:
        share: from 0 to 1; anything beyond is drawn as the end it is beyond.
    """
    full = int(share * CELLS)
    if 0 < share < 1:
        full = min(max(full, 1), CELLS - 1)
    full = min(max(full, 0), CELLS)
    return "▓" * full + "░" * (CELLS - full)
