"""`alerts`, `ack`, `unack`, `snooze`, `unsnooze`, `resolve`: what somebody must look at, and who does."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.commands.accounts import EVERY
from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.commands.spans import read_span
from bot.contracts.alert import Alert, AlertState
from bot.contracts.errors import UserError
from bot.contracts.message import SIGNS, Commands, Items, Line, Mark, Message
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply
from bot.store import alerts
from bot.watch.alerts import Outcome
from bot.watch.deeds import Result
from bot.watch.headlines import alert_mark, headline
from bot.watch.lifecycle import LONGEST_SNOOZE
from bot.wording.language import Language
from bot.wording.view import View, next_commands

ROUTER: Router[Context, Reply] = Router()

_ALERTS = Argument(ArgumentKind.ALERT, required=True, many=True)

_NOTE = Argument(ArgumentKind.TEXT)

SHOWN = 20


@ROUTER.command(
    ("alerts",),
    ("告警",),
    role=Role.VIEWER,
    summary=Words("the alerts that are open or taken, or one of them", "未关闭的告警，或其中一条"),
    usage="alerts [A5 …]",
    examples=(Words("alerts", "告警"), Words("alerts A5", "告警 A5")),
    arguments=(Argument(ArgumentKind.ALERT, many=True),),
    topic="watch",
)
async def list_alerts(command: Command, context: Context) -> Reply:
    """The alerts that are not closed; of those that are named, how each stands."""
    language = context.language
    if command.alerts:
        return await _shown(context, await _here(command.alerts, context))
    repeat, view = context.services.settings.alerts.repeat, context.view
    since = view.now - repeat

    database = context.services.database
    found = await database.read(lambda db: alerts.standing(db, context.accounts))
    aside = await database.read(lambda db: alerts.put_aside(db, context.accounts, since))
    aside = tuple(one for one in aside if one.fingerprint not in {other.fingerprint for other in found})
    if not found and not aside:
        return Message(
            title=language.line("No alert is open."), mark=Mark.GOOD, blocks=(next_commands(context.view, "quota"),)
        )
    lines = [_row(view, alert, repeat) for alert in (*found, *aside)[:SHOWN]]
    free = [alert for alert in found if alert.state is AlertState.OPEN]
    title = language.line("**Alerts: {count}**", count=len(found)) if found else language.line("No alert is open.")
    urgent = max(free, key=lambda alert: alert.severity.rank, default=None)
    return Message(
        title=title,
        mark=alert_mark(urgent) if urgent else Mark.HANDLED,
        blocks=(Items(tuple(lines)), next_commands(context.view, *(f"ack A{one.number}" for one in free[:1]), "quota")),
    )


def _row(view: View, alert: Alert, repeat: timedelta) -> Line:
    """One alert in the list: what it is about, and who has it."""
    language = view.language
    line: Line = (f"{SIGNS[alert_mark(alert)]} ", *headline(view, alert))
    match alert.state:
        case AlertState.ACKNOWLEDGED:
            return (*line, *language.line(" · {who} looks after it", who=alert.acked_by_name))
        case AlertState.SNOOZED if alert.snoozed_until is not None:
            until = language.moment(alert.snoozed_until, None, view.now)
            return (*line, *language.line(" · snoozed until {until}", until=until))
        case AlertState.RESOLVED if alert.resolved_at is not None:
            again = language.moment(alert.resolved_at + repeat, None, view.now)
            return (
                *line,
                *language.line(
                    " · resolved by {who}, and still so; a new alert opens after {when} unless it is gone",
                    who=alert.resolved_by_name,
                    when=again,
                ),
            )
        case _:
            return line


@ROUTER.command(
    ("ack",),
    ("认领",),
    role=Role.RESPONDER,
    summary=Words("I look after these alerts", "我来处理这些告警"),
    usage="ack A5 [A6 …, all] [note]",
    examples=(Words("ack A5 buying 500k", "认领 A5 正在购买 50 万条"), Words("ack A5, A6", "认领 A5、A6")),
    arguments=(_ALERTS, _NOTE),
    topic="watch",
)
async def ack(command: Command, context: Context) -> Reply:
    """Take an alert; of two people at once one wins, and both see who."""
    return await _act("ack", command, context)


@ROUTER.command(
    ("unack",),
    ("取消认领",),
    role=Role.RESPONDER,
    summary=Words("give alerts back: they are open again", "取消认领，告警重新打开"),
    usage="unack A5 [A6 …, all]",
    examples=(Words("unack A5", "取消认领 A5"),),
    arguments=(_ALERTS,),
    topic="watch",
)
async def unack(command: Command, context: Context) -> Reply:
    """Give an alert back: it is open again."""
    return await _act("unack", command, context)


@ROUTER.command(
    ("snooze",),
    ("暂缓",),
    role=Role.RESPONDER,
    summary=Words("leave alerts alone for a while", "暂缓告警"),
    usage="snooze A5 [A6 …, all] [2h]",
    examples=(Words("snooze A5 2h", "暂缓 A5 2小时"),),
    arguments=(_ALERTS, _NOTE),
    topic="watch",
)
async def snooze(command: Command, context: Context) -> Reply:
    """Silent for a span of time, one hour where none is said; then it is open again."""
    language = context.language
    span = read_span(command.text.strip() or "1h")
    if span is None or not SHORTEST <= span <= LONGEST_SNOOZE:
        raise UserError(
            language.text("For how long? From 5m to 7d, e.g. 30m, 2h or 1d."),
            commands=(f"{command.declaration.spelled(language.code)} {_typed(command, language)} 2h",),
            begun=f"{command.declaration.spelled(language.code)} {_typed(command, language)}",
        )
    return await _act("snooze", command, context, until=context.services.clock.now() + span)


@ROUTER.command(
    ("unsnooze",),
    ("取消暂缓",),
    role=Role.RESPONDER,
    summary=Words("end a snooze: the alerts are open again", "结束暂缓，告警重新打开"),
    usage="unsnooze A5 [A6 …, all]",
    examples=(Words("unsnooze A5", "取消暂缓 A5"),),
    arguments=(_ALERTS,),
    topic="watch",
)
async def unsnooze(command: Command, context: Context) -> Reply:
    """End a snooze before its time, one's own or another's."""
    return await _act("unsnooze", command, context)


@ROUTER.command(
    ("escalate",),
    ("升级",),
    role=Role.RESPONDER,
    summary=Words("call the next ones for alerts, without waiting", "立即通知下一级"),
    usage="escalate A5 [A6 …, all] [note]",
    examples=(Words("escalate A5", "升级 A5"),),
    arguments=(_ALERTS, _NOTE),
    topic="watch",
)
async def escalate(command: Command, context: Context) -> Reply:
    """The next rung of the ladder, at once; what was taken or put off is open again."""
    if not context.services.watch.duty.steps:
        raise UserError(
            context.language.text(
                "Nobody is called for alerts: there is neither [[escalation]] nor [[oncall]] in the configuration."
            ),
            commands=("alerts",),
        )
    return await _act("escalate", command, context)


SHORTEST = timedelta(minutes=5)
"""Less is gone before it is read."""


@ROUTER.command(
    ("resolve",),
    ("关闭",),
    role=Role.RESPONDER,
    summary=Words("close alerts", "关闭告警"),
    usage="resolve A5 [A6 …, all] [note]",
    examples=(Words("resolve A5 bought", "关闭 A5 已购买"),),
    arguments=(_ALERTS, _NOTE),
    topic="watch",
)
async def resolve(command: Command, context: Context) -> Reply:
    """Close an alert; should the condition stay, it opens anew after the pause between two repeats."""
    return await _act("resolve", command, context)


async def _act(what: str, command: Command, context: Context, *, until: datetime | None = None) -> Reply:
    """Do it with all the alerts that are meant, or with none of them."""
    language = context.language
    numbers = await _meant(what, command, context)
    if not numbers:
        return Message(title=language.line("There is no such alert here now."), blocks=(_list(context),))
    note = "" if until is not None else command.text.strip()
    incoming = context.incoming
    outcomes = await context.services.watch.alerts.act(
        what, numbers, incoming.actor, note, until=until, pressed=incoming.pressed
    )
    first = outcomes[0]
    if first.answer.result is not Result.DONE:
        lines = tuple(_refusal(language, outcome) for outcome in outcomes)
        if len(numbers) == 1:
            return Message(title=lines[0], mark=alert_mark(first.answer.alert), blocks=(_list(context),))
        title = language.line("**Nothing was done with {alerts}.**", alerts=_named(language, numbers))
        return Message(title=title, mark=Mark.BAD, blocks=(Items(lines), _list(context)))
    if len(numbers) == 1:
        # On the card it was pressed on, and in chats where news are messages, it is read anyway.
        told = any(place.same_conversation(context.incoming.place) for place in first.places)
        edited = context.abilities.threads and not incoming.pressed
        return None if told and not edited else Message(title=_told(language, numbers[0], what), mark=Mark.HANDLED)
    return Message(title=_all_told(language, _named(language, numbers), what), mark=Mark.HANDLED)


async def _meant(what: str, command: Command, context: Context) -> tuple[int, ...]:
    """The numbers of the alerts that are meant; of `all`, those here that this can be done with.

    Raises:
        UserError: one of them is not here.
    """
    if command.everything:
        found = await context.services.database.read(lambda db: alerts.standing(db, context.accounts))
        return tuple(sorted(alert.number for alert in found if _fits(what, alert, context)))
    return tuple(alert.number for alert in await _here(command.alerts, context))


async def _here(numbers: Sequence[int], context: Context) -> tuple[Alert, ...]:
    """Alerts that this conversation may speak of, all of them.

    Raises:
        UserError: one of them is not here.
    """
    known = await context.services.database.read(lambda db: [alerts.find(db, one) for one in numbers])
    here = {alert.number: alert for alert in known if alert is not None and alert.account in context.accounts}
    strange = [number for number in numbers if number not in here]
    if len(strange) == 1:
        raise UserError(
            context.language.text("There is no alert A{number} here.", number=strange[0]), commands=("alerts",)
        )
    if strange:
        raise UserError(
            context.language.text("There are no alerts {alerts} here.", alerts=context.language.ranges("A", strange)),
            commands=("alerts",),
        )
    return tuple(here[number] for number in numbers)


async def _shown(context: Context, wanted: Sequence[Alert]) -> Message:
    """How alerts stand: of one its card, of several a line each."""
    settings, view = context.services.settings.alerts, context.view
    if len(wanted) == 1:
        return await context.services.watch.alerts.card(view, wanted[0].number)
    lines = tuple(_row(view, alert, settings.repeat) for alert in wanted)
    title = context.language.line("**Alerts: {count}**", count=len(wanted))
    free = [f"ack A{alert.number}" for alert in wanted if alert.state is AlertState.OPEN]
    return Message(title=title, blocks=(Items(lines), next_commands(context.view, *free[:1], "alerts")))


def _fits(what: str, alert: Alert, context: Context) -> bool:
    """Whether `all` means this alert too: to take or put off what is open, to give back what is one's own."""
    match what:
        case "ack" | "snooze" | "escalate":
            return alert.state is AlertState.OPEN
        case "unsnooze":
            return alert.state is AlertState.SNOOZED
        case "unack":
            by = alert.acked_by
            return bool(by) and context.services.settings.same_person(by, context.incoming.actor.key)
        case _:
            return True


def _named(language: Language, numbers: Sequence[int]) -> str:
    return language.joined([f"A{number}" for number in numbers])


def _typed(command: Command, language: Language) -> str:
    """The alerts of a command as they are typed."""
    return language.pick(EVERY) if command.everything else " ".join(f"A{number}" for number in command.alerts)


def _list(context: Context) -> Commands:
    return next_commands(context.view, "alerts")


def _refusal(language: Language, outcome: Outcome) -> Line:
    number = outcome.answer.alert.number
    match outcome.answer.result:
        case Result.ANOTHERS:
            return language.line("**A{number} is already taken by {who}.**", number=number, who=outcome.by)
        case Result.OVER:
            return language.line("**A{number} is resolved already.**", number=number)
        case Result.NOBODY_FURTHER:
            return language.line(
                "**There is nobody further to call for A{number}:** everybody in `[[escalation]]` was called.",
                number=number,
            )
        case Result.NOT_SNOOZED:
            return language.line("**A{number} is not snoozed.**", number=number)
        case _:  # nobody has
            return language.line("**Nobody has taken A{number}.**", number=number)


def _told(language: Language, number: int, what: str) -> Line:
    match what:
        case "ack":
            return language.line("**A{number} is yours.**", number=number)
        case "unack" | "unsnooze":
            return language.line("**A{number} is open again.**", number=number)
        case "escalate":
            return language.line("**The next ones are called for A{number}.**", number=number)
        case "snooze":
            return language.line("**A{number} is snoozed.**", number=number)
        case _:
            return language.line("**A{number} is resolved.**", number=number)


def _all_told(language: Language, named: str, what: str) -> Line:
    match what:
        case "ack":
            return language.line("**{alerts} are yours.**", alerts=named)
        case "unack" | "unsnooze":
            return language.line("**{alerts} are open again.**", alerts=named)
        case "escalate":
            return language.line("**The next ones are called for {alerts}.**", alerts=named)
        case "snooze":
            return language.line("**{alerts} are snoozed.**", alerts=named)
        case _:
            return language.line("**{alerts} are resolved.**", alerts=named)
