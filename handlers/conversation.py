"""`subscribe`, `unsubscribe`, `subscriptions`: what this conversation is told."""

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.message import Items, Mark, Message, Text
from bot.contracts.model import Role, Words
from bot.contracts.values import TOPICS
from bot.desk.context import Context, Reply
from bot.desk.topics import next_digest, topics_told
from bot.store import subscriptions
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

SUBSCRIBABLE = tuple(TOPICS.values())

_TOPICS_AND_ACCOUNT = (
    Argument(
        ArgumentKind.WORD,
        required=True,
        words=SUBSCRIBABLE,
        many=True,
        label=Words("a topic, such as alerts", "主题，如 告警"),
    ),
    Argument(ArgumentKind.ACCOUNT),
)


@ROUTER.command(
    ("subscribe",),
    ("订阅",),
    role=Role.ADMIN,
    summary=Words("have this conversation told about a topic", "让本会话接收某类消息"),
    usage="subscribe TOPIC… [ACCOUNT]",
    examples=(Words("subscribe alerts reviews", "订阅 告警 审核"),),
    arguments=_TOPICS_AND_ACCOUNT,
    topic="bot",
)
async def subscribe(command: Command, context: Context) -> Reply:
    """Tell this conversation about topics from now on."""
    return await _want(command, context, wanted=True)


@ROUTER.command(
    ("unsubscribe",),
    ("退订",),
    role=Role.ADMIN,
    summary=Words("stop telling this conversation about a topic", "本会话不再接收某类消息"),
    usage="unsubscribe TOPIC… [ACCOUNT]",
    examples=(Words("unsubscribe digest", "退订 日报"),),
    arguments=_TOPICS_AND_ACCOUNT,
    topic="bot",
)
async def unsubscribe(command: Command, context: Context) -> Reply:
    """Tell this conversation about topics no more."""
    return await _want(command, context, wanted=False)


async def _want(command: Command, context: Context, *, wanted: bool) -> Reply:
    services = context.services
    incoming = context.incoming
    account = command.accounts[0] if command.accounts else ""
    now = services.clock.now()
    await services.database.write(
        lambda db: subscriptions.want(
            db, incoming.place, command.words, account, wanted=wanted, by=incoming.actor.key, now=now
        )
    )
    language = context.language
    topics = language.joined([language.pick(words) for words in SUBSCRIBABLE if words.en in command.words])
    whose = language.text(" ({accounts})", accounts=account) if account else ""
    title = (
        language.line("**Subscribed to {topics}**{whose}", topics=topics, whose=whose)
        if wanted
        else language.line("**Unsubscribed from {topics}**{whose}", topics=topics, whose=whose)
    )
    rest = await _subscribed(context)
    return Message(title=title, mark=Mark.GOOD, blocks=(Text(rest.title), *rest.blocks))


@ROUTER.command(
    ("subscriptions",),
    ("订阅列表",),
    role=Role.VIEWER,
    summary=Words("what this conversation is told about", "本会话接收哪些消息"),
    usage="subscriptions",
    examples=(Words("subscriptions", "订阅列表"),),
    topic="bot",
)
async def subscribed(command: Command, context: Context) -> Reply:
    """What this conversation is told about."""
    del command
    return await _subscribed(context)


async def _subscribed(context: Context) -> Message:
    language = context.language
    told = await topics_told(context)
    if not told:
        title = language.line("This conversation is told about nothing but what is asked here.")
        return Message(title=title, blocks=(next_commands(context.view, "subscribe alerts"),))
    lines = tuple(language.line("`{topic}`: {whose}", topic=topic, whose=whose) for topic, whose in told)
    coming = await next_digest(context)
    return Message(
        title=language.line("**This conversation is told about**"), blocks=(Items(lines), *map(Text, coming))
    )
