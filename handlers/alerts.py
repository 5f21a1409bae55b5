"""`alerts`, `ack`, `unack`, `snooze`, `resolve`: what somebody must look at, and who does."""

import re
from datetime import datetime, timedelta

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.alert import AlertState
from bot.contracts.errors import UserError
from bot.contracts.message import SIGNS, Items, Line, Mark, Message
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply
from bot.store import alerts
from bot.watch.cards import alert_mark, headline
from bot.watch.lifecycle import LONGEST_SNOOZE, Result
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

_ALERT = Argument(ArgumentKind.ALERT, required=True)

_NOTE = Argument(ArgumentKind.TEXT)

SHOWN = 20


@ROUTER.command(
    ("alerts",),
    ("告警",),
    role=Role.VIEWER,
    summary=Words("the alerts that are open or taken", "未关闭的告警"),
    usage="alerts",
    examples=(Words("alerts", "告警"),),
    topic="watch",
)
async def list_alerts(command: Command, context: Context) -> Reply:
    """The alerts that are not closed."""
    del command
    language = context.language
    found = await context.services.database.read(lambda db: alerts.standing(db, context.accounts))
    if not found:
        return Message(
            title=language.line("No alert is open."), mark=Mark.GOOD, blocks=(next_commands(context.view, "quota"),)
        )
    lines = []
    for alert in found[:SHOWN]:
        line: Line = (f"{SIGNS[alert_mark(alert)]} ", *headline(context.view, alert))
        if alert.state is AlertState.ACKNOWLEDGED:
            line = (*line, *language.line(" · {who} looks after it", who=alert.acked_by_name))
        elif alert.state is AlertState.SNOOZED and alert.snoozed_until is not None:
            until = language.moment(alert.snoozed_until, None, context.view.now)
            line = (*line, *language.line(" · snoozed until {until}", until=until))
        lines.append(line)
    free = [f"ack A{alert.number}" for alert in found if alert.state is AlertState.OPEN]
    return Message(
        title=language.line("**Alerts: {count}**", count=len(found)),
        mark=Mark.ALERT if free else Mark.HANDLED,
        blocks=(Items(tuple(lines)), next_commands(context.view, *free[:1], "quota")),
    )


@ROUTER.command(
    ("ack",),
    ("认领",),
    role=Role.RESPONDER,
    summary=Words("I look after this alert", "我来处理这个告警"),
    usage="ack A5 [note]",
    examples=(Words("ack A5 buying 500k", "认领 A5 正在购买 50 万条"),),
    arguments=(_ALERT, _NOTE),
    topic="watch",
)
async def ack(command: Command, context: Context) -> Reply:
    """Take an alert; of two people at once one wins, and both see who."""
    return await _act("ack", command, context)


@ROUTER.command(
    ("unack",),
    ("取消认领",),
    role=Role.RESPONDER,
    summary=Words("give an alert back", "取消认领，告警重新打开"),
    usage="unack A5",
    examples=(Words("unack A5", "取消认领 A5"),),
    arguments=(_ALERT,),
    topic="watch",
)
async def unack(command: Command, context: Context) -> Reply:
    """Give an alert back: it is open again."""
    return await _act("unack", command, context)


@ROUTER.command(
    ("snooze",),
    ("暂缓",),
    role=Role.RESPONDER,
    summary=Words("leave an alert alone for a while", "暂缓一个告警"),
    usage="snooze A5 [2h]",
    examples=(Words("snooze A5 2h", "暂缓 A5 2小时"),),
    arguments=(_ALERT, _NOTE),
    topic="watch",
)
async def snooze(command: Command, context: Context) -> Reply:
    """Silent for a span of time, one hour where none is said; then it is open again."""
    language = context.language
    span = _span(command.text.strip() or "1h")
    if span is None or not SHORTEST <= span <= LONGEST_SNOOZE:
        raise UserError(
            language.text("For how long? From 5m to 7d, e.g. 30m, 2h or 1d."),
            commands=(f"{command.declaration.spelled(language.code)} A{command.alert} 2h",),
        )
    return await _act("snooze", command, context, until=context.services.clock.now() + span)


_SPAN = re.compile(r"([0-9]{1,4})\s*(m|h|d|min|分钟|分|小时|时|天)")

_MINUTES = {"m": 1, "min": 1, "分钟": 1, "分": 1, "h": 60, "小时": 60, "时": 60, "d": 1440, "天": 1440}

SHORTEST = timedelta(minutes=5)
"""Less is gone before it is read."""


def _span(text: str) -> timedelta | None:
    found = _SPAN.fullmatch(text.casefold())
    return timedelta(minutes=int(found[1]) * _MINUTES[found[2]]) if found else None


@ROUTER.command(
    ("resolve",),
    ("关闭",),
    role=Role.RESPONDER,
    summary=Words("close an alert", "关闭告警"),
    usage="resolve A5 [note]",
    examples=(Words("resolve A5 bought", "关闭 A5 已购买"),),
    arguments=(_ALERT, _NOTE),
    topic="watch",
)
async def resolve(command: Command, context: Context) -> Reply:
    """Close an alert; should the condition stay, it opens anew after the pause between two repeats."""
    return await _act("resolve", command, context)


async def _act(what: str, command: Command, context: Context, *, until: datetime | None = None) -> Reply:
    language = context.language
    number = command.alert or 0
    found = await context.services.database.read(lambda db: alerts.find(db, number))
    if found is None or found.account not in context.accounts:
        raise UserError(language.text("There is no alert A{number} here.", number=number), commands=("alerts",))
    note = "" if until is not None else command.text.strip()
    outcome = await context.services.watch.alerts.act(what, number, context.incoming.actor, note, until=until)
    alert = outcome.answer.alert
    match outcome.answer.result:
        case Result.DONE:
            told = any(place.same_conversation(context.incoming.place) for place in outcome.places)
            return None if told else _told(context, alert.number, what)
        case Result.ANOTHERS:
            title = language.line("**A{number} is already taken by {who}.**", number=number, who=outcome.by)
        case Result.OVER:
            title = language.line("**A{number} is resolved already.**", number=number)
        case _:  # nobody has
            title = language.line("**Nobody has taken A{number}.**", number=number)
    return Message(title=title, mark=alert_mark(alert), blocks=(next_commands(context.view, "alerts"),))


def _told(context: Context, number: int, what: str) -> Message:
    language = context.language
    match what:
        case "ack":
            title = language.line("**A{number} is yours.**", number=number)
        case "unack":
            title = language.line("**A{number} is open again.**", number=number)
        case "snooze":
            title = language.line("**A{number} is snoozed.**", number=number)
        case _:
            title = language.line("**A{number} is resolved.**", number=number)
    return Message(title=title, mark=Mark.HANDLED)
