"""`status`: where things stand, and who is next."""

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.message import Items, Mark, Message
from bot.contracts.model import Request, Role, Words
from bot.contracts.states import PENDING
from bot.desk import people
from bot.desk.context import Context, Reply
from bot.desk.listing import PAGE_KEY, Listed
from bot.desk.paging import LOOKED_FOR
from bot.requests.cards import single
from bot.requests.status import since_when, status_line
from bot.store import requests
from bot.wording.view import next_commands, without
from bot.wording.words import PENDING_WORD

ROUTER: Router[Context, Reply] = Router()


_MINE = Words("mine", "我的")


@ROUTER.command(
    ("status",),
    ("状态",),
    role=Role.VIEWER,
    summary=Words("where it stands, since when, expected when, who acts next", "进展、时间、预计结果与下一步"),
    usage="status [#ID …, mine, pending] [page=2]",
    examples=(Words("status #17", "状态 #17"), Words("status mine", "状态 我的")),
    arguments=(
        Argument(ArgumentKind.NUMBER, many=True),
        Argument(ArgumentKind.WORD, words=(_MINE, PENDING_WORD)),
    ),
    keys=(PAGE_KEY,),
    topic="look",
)
async def status(command: Command, context: Context) -> Reply:
    """Where things stand."""
    if len(command.numbers) > 1:
        several, view = await context.several(command.numbers), context.view
        return Message(
            title=context.language.line("**Requests: {count}**", count=len(several)),
            blocks=(
                Items(tuple(status_line(view, request) for request in several)),
                next_commands(context.view, f"show #{several[0].number}"),
            ),
        )
    if command.number is not None:
        return _status_of(context, await context.request(command.number))
    mine = _MINE.en in command.words
    found = await context.services.database.read(
        lambda db: requests.numbers(
            db,
            accounts=context.accounts,
            states=() if mine else PENDING,
            submitters=people.all_of(db, context.incoming.actor.key, context.services.settings) if mine else None,
            over=not mine,
            limit=LOOKED_FOR,
        )
    )
    language, view = context.language, context.view
    if not found:
        title = language.line("None of your requests stands here." if mine else "Nothing is pending here.")
        return Message(title=title, mark=Mark.GOOD, blocks=(next_commands(view, "sign submit …", "sign list"),))
    listed = Listed(
        context,
        command,
        found,
        (_MINE,) if mine else (),
        pressed=not mine or context.incoming.direct or context.abilities.whispers,
    )
    shown = await context.services.database.read(lambda db: requests.of_numbers(db, listed.page.ids))
    title = language.line("**Your requests: {count}**" if mine else "**{count} pending**", count=listed.count)
    lines = tuple(status_line(view, request) for request in shown)
    return listed.message(title, Items(lines), f"status #{shown[0].number}", mark=Mark.WAITING)


def _status_of(context: Context, request: Request) -> Message:
    card = single(context.view, request)
    since = since_when(context.view, request)
    blocks = (since, *without(card.blocks, context.view.typed(f"status #{request.number}")))
    return Message(title=card.title, mark=card.mark, blocks=blocks, buttons=card.buttons)
