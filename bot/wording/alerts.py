"""Alerts and what the operators must know."""

from collections.abc import Mapping
from decimal import ROUND_DOWN, Decimal
from typing import Any

from bot.alerting import Alert, AlertState, Happening
from bot.language import Language
from bot.message import Block, Button, Line, Mark, Message, Text
from bot.model import Words
from bot.rules import Metric
from bot.wording.cards import next_commands
from bot.wording.problems import refusal_blocks
from bot.wording.view import View

METRICS = {
    Metric.REMAINING: Words("messages left", "剩余条数"),
    Metric.SHARE: Words("share of the packages left", "套餐剩余比例"),
    Metric.DAYS_LEFT: Words("days until a package expires", "套餐到期天数"),
    Metric.BALANCE: Words("balance", "余额"),
}


def alert_mark(alert: Alert) -> Mark:
    """The sign of an alert's state."""
    match alert.state:
        case AlertState.OPEN:
            return Mark.ALERT
        case AlertState.ACKNOWLEDGED:
            return Mark.HANDLED
        case AlertState.RESOLVED:
            return Mark.CLOSED


def figure(language: Language, metric: Metric, value: Decimal) -> str:
    """A metric's value as people read it."""
    match metric:
        case Metric.SHARE:
            # Rounded down: what is just below a bound must not read as the bound itself.
            return language.percent(value.quantize(Decimal("0.001"), ROUND_DOWN))
        case Metric.BALANCE:
            return language.money(value)
        case Metric.REMAINING | Metric.DAYS_LEFT:
            return language.number(int(value))


def headline(view: View, alert: Alert) -> Line:
    """What an alert is about, in one line."""
    language = view.language
    head = {"number": alert.number, "account": alert.account}
    metric = alert.metric
    value = figure(language, metric, alert.value)
    bound = figure(language, metric, alert.bound)
    match metric:
        case Metric.REMAINING:
            return language.line(
                "**A{number} {account}: {value} messages left** (below {bound})", value=value, bound=bound, **head
            )
        case Metric.SHARE:
            return language.line(
                "**A{number} {account}: {value} of the packages left** (below {bound})",
                value=value,
                bound=bound,
                **head,
            )
        case Metric.DAYS_LEFT:
            return language.line(
                "**A{number} {account}: a package expires in {value} days** (below {bound})",
                value=value,
                bound=bound,
                **head,
            )
        case Metric.BALANCE:
            return language.line(
                "**A{number} {account}: balance {value}** (below {bound})", value=value, bound=bound, **head
            )


def alert_message(view: View, alert: Alert, data: Mapping[str, Any]) -> Message:
    """What is said of an alert when it opens, repeats, is acknowledged, closes.

    Args:
        view: the reader's.
        alert: as it now stands.
        data: `what` happened (a `Happening`, or `ack`, `unack`, `resolve` by `who` with a `note`).
    """
    language = view.language
    what = str(data.get("what", Happening.OPEN))
    who = str(data.get("who", ""))
    target = f"A{alert.number}"
    line = headline(view, alert)
    open_for = language.span(view.now - alert.opened_at)
    match what:
        case "ack":
            said = language.line("Acknowledged by {who}.", who=who)
        case "unack":
            said = language.line("Given back by {who}: open again.", who=who)
        case Happening.ACK_EXPIRED:
            said = language.line("It was acknowledged by {who}, and it is still so: open again.", who=who)
        case Happening.RESOLVE if who:
            said = language.line("Closed by {who}, open for {span}.", who=who, span=open_for)
        case Happening.RESOLVE:
            said = language.line("Closed by itself: the condition is gone. Open for {span}.", span=open_for)
        case Happening.REPEAT:
            said = language.line("Still so, for {span}. Nobody has taken it yet.", span=open_for)
        case Happening.WORSE:
            said = language.line("It has become worse.")
        case _:
            said = language.line("Rule `{rule}`. A purchase takes effect at once.", rule=alert.rule)
    note = str(data.get("note", ""))
    blocks: list[Block] = [Text(said), *([Text((f"“{note}”",))] if note else [])]
    if alert.state is AlertState.RESOLVED:
        return Message(title=line, mark=alert_mark(alert), blocks=tuple(blocks))
    commands = (
        (f"ack {target}", f"resolve {target}", f"quota {alert.account}")
        if alert.state is AlertState.OPEN
        else (f"resolve {target}", f"unack {target}")
    )
    buttons = (
        (Button("ack", target, language.text("Acknowledge")), Button("resolve", target, language.text("Resolve")))
        if alert.state is AlertState.OPEN
        else (Button("resolve", target, language.text("Resolve")),)
    )
    return Message(
        title=line, mark=alert_mark(alert), blocks=(*blocks, next_commands(view, *commands)), buttons=buttons
    )


def operator_message(view: View, account: str, data: Mapping[str, Any]) -> Message:
    """Something that only an operator can mend."""
    language = view.language
    title = language.line("**{account} does not serve me**", account=account)
    return Message(
        title=title,
        mark=Mark.ALERT,
        blocks=(*refusal_blocks(language, account, data), next_commands(view, "health")),
    )
