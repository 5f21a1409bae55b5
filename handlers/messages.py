"""`replies`: what people answered."""

from datetime import timedelta

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.message import Block, Items, Line, Message, Text
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply
from bot.messages.replies import line
from bot.store import replies as kept
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

SHOWN = 20
"""Answers in one message."""

LATELY = timedelta(days=7)


@ROUTER.command(
    ("replies",),
    ("回复",),
    role=Role.VIEWER,
    summary=Words("what people answered to messages, opt-outs marked", "用户对短信的回复，退订有标记"),
    usage="replies [ACCOUNTS]",
    examples=(Words("replies aliyun", "回复 阿里云"),),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    topic="messages",
)
async def replies(command: Command, context: Context) -> Reply:
    """The latest answers, newest first; where none can come, why."""
    language = context.language
    accounts = command.accounts or context.accounts
    since = context.view.now - LATELY
    found = await context.services.database.read(lambda db: kept.latest(db, accounts, SHOWN))
    counts = await context.services.database.read(lambda db: [kept.counted(db, name, since) for name in accounts])
    count, out = sum(one for one, _ in counts), sum(one for _, one in counts)
    named = language.joined(list(accounts))
    if not found:
        title = language.line("**No replies at {accounts}**", accounts=named)
    else:
        title = language.line(
            "**Replies at {accounts}**: {n} in 7 days, opt-outs: {out}",
            accounts=named,
            n=language.number(count),
            out=language.number(out),
        )
    blocks: list[Block] = []
    if found:
        blocks.append(Items(tuple(line(context.view, one, account=len(accounts) > 1) for one in found)))
    deaf = [why for name in accounts if (why := _deaf(context, name))]
    if deaf:
        blocks.append(Items(tuple(deaf)))
    elif not found:
        blocks.append(Text(language.line("They come by push; `docs/push.md` says how that is set up and tried.")))
    blocks.append(next_commands(context.view, "subscribe replies"))
    return Message(title=title, blocks=tuple(blocks))


def _deaf(context: Context, name: str) -> Line:
    """Why no answer can come from an account; empty where one can."""
    language = context.language
    settings = context.services.settings
    account = settings.account(name)
    if account is not None and account.push_token is None:
        return language.line(
            "{account}: none can come, `push_token` is not set; an operator finds the steps in `docs/push.md`.",
            account=name,
        )
    if not settings.bot.http_listen:
        return language.line(
            "{account}: none can come, `http_listen` is empty; an operator finds the steps in `docs/push.md`.",
            account=name,
        )
    return ()
