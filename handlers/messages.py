"""`trace`: what happened to messages to a number; `replies`: what people answered."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.commands.days import read_day
from bot.contracts.errors import UserError, VendorError
from bot.contracts.hours import CHINA
from bot.contracts.mentions import shown
from bot.contracts.message import Block, Items, Line, Mark, Message, Table, Text
from bot.contracts.model import Role, Words
from bot.contracts.numbers import masked, plain
from bot.contracts.push import Outcome, Receipt
from bot.contracts.sending import Sending, meaning
from bot.contracts.sent import TestMessage
from bot.contracts.traffic import DAY, china_day, day_start
from bot.contracts.values import TOPICS
from bot.desk.addressed import one_account
from bot.desk.context import Context, Reply
from bot.messages import cards, traces
from bot.messages.numbers import CALLED, NUMBER, meant
from bot.messages.replies import line
from bot.store import replies as kept
from bot.store import sends
from bot.wording.refusals import in_short
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

SHOWN = 20
"""Answers in one message."""

LATELY = timedelta(days=7)

YESTERDAY = Words("yesterday", "昨天")


@ROUTER.command(
    ("trace",),
    ("追踪",),
    role=Role.VIEWER,
    summary=Words("what happened to the messages to one number", "查询某个号码的短信结果"),
    usage="trace [ACCOUNT] NUMBER [DATE]",
    examples=(
        Words("trace aliyun 13800001234", "追踪 阿里云 13800001234"),
        Words("trace aliyun 13800001234 yesterday", "追踪 阿里云 13800001234 昨天"),
    ),
    arguments=(
        Argument(ArgumentKind.ACCOUNT),
        Argument(
            ArgumentKind.WORD, required=True, pattern=rf"{NUMBER}|{CALLED.pattern}", label=Words("a number", "号码")
        ),
        Argument(ArgumentKind.WORD, pattern=r"\S{1,20}", label=Words("a day", "日期")),
    ),
    topic="messages",
)
async def trace(command: Command, context: Context) -> Reply:
    """A day of a number as its vendor tells it, with what the record has of test messages; codes in words."""
    language = context.language
    if asked := CALLED.fullmatch(command.words[0]):
        return await _one(context, int(asked[1]))
    account = one_account(context, command)
    group = context.services.vendors[account].messages
    if group is None:
        raise UserError(language.text("{account} does not tell what it sent.", account=account))
    number = _number(context, account, command.words[0])
    today = china_day(context.view.now)
    days = _days(context, group, command.words[1] if len(command.words) > 1 else "", today)
    told: tuple[Receipt, ...] = ()
    ours: tuple[TestMessage, ...] = ()
    failed: VendorError | None = None
    day = days[0]
    for day in days:
        ours = await context.services.database.read(partial(traces.of_day, account, number, day))
        ids = [one.serial for one in ours if one.serial]
        try:
            told = await group.receipts(number, day, ids) if ids or group.kept is not None else ()
        except VendorError as error:
            failed = error
        if told or ours or failed:
            break
    rows = await context.services.database.read(partial(traces.rows, context.view, account, group, told, ours))
    when = language.day(day_start(day), CHINA, context.view.now)
    head = {"number": masked(number), "account": account}
    blocks: list[Block] = []
    if rows:
        title = (
            *language.plural_line(
                "**{number} at {account}**: {n} message", "**{number} at {account}**: {n} messages", len(rows), **head
            ),
            *language.line(", {day}", day=when),
        )
        columns = (language.text("Sent"), language.text("Template"), language.text("What became of it"))
        blocks.append(Table(columns, rows[:SHOWN]))
        if len(rows) > SHOWN:
            blocks.append(Text(language.line("… and {n} more.", n=len(rows) - SHOWN)))
        told_of = cards.advice(context.view, told, group)
        blocks += [Items(told_of)] if told_of else []
    elif failed is not None:
        title = language.line("**{number} at {account}**: nothing is known now", **head)
    else:
        title = language.line("**{number} at {account}**: no message", **head)
        first = language.day(day_start(day), CHINA, context.view.now)
        span = first if len(days) == 1 else language.text("today back to {day}", day=first)
        blocks.append(Text(language.line("Looked at: {day}.", day=span)))
    if failed is not None:
        blocks.append(
            Text(
                language.line(
                    "{account} did not answer ({error}); this is what the record has.",
                    account=account,
                    error=in_short(language, account, failed),
                )
            )
        )
    if group.kept is None:
        blocks.append(
            Text(
                language.line(
                    "{account} tells nothing by number: these are the test messages sent from here.", account=account
                )
            )
        )
    blocks.append(next_commands(context.view, *_next(account, told, group)))
    return Message(title=title, mark=Mark.NONE if failed is None else Mark.WARNING, blocks=tuple(blocks))


async def _one(context: Context, number: int) -> Message:
    """How one test message stands."""
    found = await context.services.database.read(lambda db: sends.find(db, number))
    if found is None or found.account not in context.accounts:
        raise UserError(
            context.language.text("There is no test message T{number} here.", number=number), commands=("help send",)
        )
    return cards.news(context.view, found, context.services.vendors[found.account].messages)


def _number(context: Context, account: str, text: str) -> str:
    """The number that is meant: a test number in any way it can be said, or any whole number."""
    language = context.language
    known = context.services.settings.account(account)
    found = meant(tuple(known.test_numbers) if known is not None else (), text)
    if len(found) == 1:
        return found[0]
    if "*" in text or not 7 <= len(plain(text).removeprefix("+")) <= 15:
        raise UserError(
            language.text(
                "{number} is no whole number.",
                number=text[:20] if "*" in text or len(plain(text)) < 7 else masked(text),
            ),
            (language.text("Write all of it; only test numbers can be said by their last four figures."),),
            commands=("help trace",),
        )
    return text


def _days(context: Context, group: Sending, text: str, today: date) -> tuple[date, ...]:
    """The day that is meant; without one today, and days before it until there is something."""
    language = context.language
    back = 3 if group.kept is None else min(group.kept // DAY, 3)
    if not text:
        return tuple(today - DAY * number for number in range(back))
    day = read_day(text, today)
    oldest = today - timedelta(days=365) if group.kept is None else today - group.kept
    if day is None or not oldest <= day <= today:
        raise UserError(
            language.text("“{text}” is no day that can be asked about.", text=shown(text)[:20]),
            (language.text("From {day} to today: 2026-11-23, 11-23, yesterday.", day=oldest.isoformat()),),
            commands=(f"trace … {language.pick(YESTERDAY)}",),
        )
    return (day,)


def _next(account: str, found: Sequence[Receipt], group: Sending) -> tuple[str, ...]:
    """Where a signature is the reason, its filing; else how it goes on the whole."""
    known = (meaning(group.meanings, one.code) for one in found if one.outcome is Outcome.FAILED)
    about_signatures = any(one is not None and one.sign for one in known)
    return (f"sign list {account}",) if about_signatures else (f"stats {account}", f"template list {account}")


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
    audience = context.services.status.audience
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
        if count > len(found):
            blocks.append(Text(language.line("… and {n} more.", n=language.number(count - len(found)))))
    deaf = [why for name in accounts if (why := _deaf(context, name))]
    if deaf:
        blocks.append(Items(tuple(deaf)))
    elif not found:
        blocks.append(Text(language.line("They come by push; `docs/push.md` says how that is set up and tried.")))
    hear = await context.services.database.read(lambda db: audience.places(db, "replies", ""))
    told = any(place.same_conversation(context.incoming.place) for place in hear)
    blocks.append(
        next_commands(
            context.view,
            f"stats {accounts[0]}" if told and accounts else f"subscribe {context.language.pick(TOPICS['replies'])}",
        )
    )
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
