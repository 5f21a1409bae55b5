"""`watch`, `unwatch`: hear of a request or an alert too, one to one."""

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.errors import UserError
from bot.contracts.message import Mark, Message
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply
from bot.store import alerts
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

_WHAT = (Argument(ArgumentKind.ALERT, many=True), Argument(ArgumentKind.NUMBER, many=True))


@ROUTER.command(
    ("watch",),
    ("关注",),
    role=Role.VIEWER,
    summary=Words("tell me too, one to one, what becomes of a request or an alert", "有进展时也单独通知我"),
    usage="watch #ID  ·  watch A5",
    examples=(Words("watch #17", "关注 #17"), Words("watch A5", "关注 A5")),
    arguments=_WHAT,
    topic="look",
)
async def watch(command: Command, context: Context) -> Reply:
    """Whoever says it hears of everything that becomes of these things."""
    subjects, named = await _meant(command, context)
    language = context.language
    actor = context.incoming.actor
    if context.services.chats.direct(actor.platform, actor.user) is None:
        raise UserError(
            language.text("I cannot write to you one to one here; what becomes of it is told in this conversation.")
        )
    await context.services.status.watching.begin(subjects, actor)
    return Message(
        title=language.line("**You hear of {things} too**, one to one", things=named),
        mark=Mark.GOOD,
        blocks=(next_commands(context.view, *(f"unwatch {word}" for word in _typed(command))),),
    )


@ROUTER.command(
    ("unwatch",),
    ("取消关注",),
    role=Role.VIEWER,
    summary=Words("tell me no longer, one to one", "不再单独通知我"),
    usage="unwatch #ID  ·  unwatch A5",
    examples=(Words("unwatch #17", "取消关注 #17"), Words("unwatch A5", "取消关注 A5")),
    arguments=_WHAT,
    topic="look",
)
async def unwatch(command: Command, context: Context) -> Reply:
    """And no longer."""
    subjects, named = await _meant(command, context)
    await context.services.status.watching.end(subjects, context.incoming.actor)
    return Message(
        title=context.language.line("**You no longer hear of {things}**, one to one", things=named), mark=Mark.GOOD
    )


def _typed(command: Command) -> tuple[str, ...]:
    return (*(f"A{number}" for number in command.alerts), *(f"#{number}" for number in command.numbers))


async def _meant(command: Command, context: Context) -> tuple[tuple[str, ...], str]:
    """The things that are meant, as the record names them, and as people do.

    Raises:
        UserError: none is named, or one is not here.
    """
    language = context.language
    if not _typed(command):
        spelled = command.declaration.spelled(language.code)
        raise UserError(language.text("Which request or alert?"), commands=(f"{spelled} #17", f"{spelled} A5"))
    await context.several(command.numbers)
    found = await context.services.database.read(lambda db: [alerts.find(db, number) for number in command.alerts])
    for number, alert in zip(command.alerts, found, strict=True):
        if alert is None or alert.account not in context.accounts:
            raise UserError(language.text("There is no alert A{number} here.", number=number), commands=("alerts",))
    subjects = (
        *(f"alert:{number}" for number in command.alerts),
        *(f"request:{number}" for number in command.numbers),
    )
    return subjects, language.joined(_typed(command))
