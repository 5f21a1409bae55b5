"""`stats`: how much was sent and what became of it."""

from collections.abc import Sequence
from datetime import date

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.commands.spelling import plain
from bot.contracts import mentions
from bot.contracts.errors import UserError, VendorError
from bot.contracts.message import Block, Items, Line, Message, Picture
from bot.contracts.model import Role, Words
from bot.contracts.traffic import DAY, Split, Tally, china_day, days_between
from bot.desk.context import Context, Reply
from bot.desk.days import ARGUMENTS, days_of
from bot.watch import traffic_cards
from bot.watch.backlog import DAYS_BACK
from bot.watch.traffic_cards import Account
from bot.wording import drawing
from bot.wording.refusals import in_short
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()

_BY = Words("by", "按")

_USUAL = 7
"""Days, where nobody says how many."""


@ROUTER.command(
    ("stats",),
    ("统计",),
    role=Role.VIEWER,
    summary=Words("how much was sent, how much of it arrived, why the rest did not", "发送量、送达率与失败原因"),
    usage="stats [ACCOUNTS] [7d] [by=day/sign/template/carrier]",
    examples=(Words("stats aliyun 30d", "统计 阿里云 30天"), Words("stats ucloud by=template", "统计 ucloud 按=模板")),
    arguments=(
        Argument(ArgumentKind.ACCOUNTS),
        *ARGUMENTS,
    ),
    keys=(_BY,),
    topic="watch",
)
async def stats(command: Command, context: Context) -> Reply:
    """Asked now, as far as it is not settled; where a vendor does not answer, what is kept and its age."""
    language = context.language
    by = _by(command.value("by"), context)
    count = days_of(context, command.words, _USUAL, language.text("stats 30d"))
    today = china_day(context.view.now)
    days = days_between(today - DAY * (count - 1), today)
    accounts: list[Account] = []
    lags: dict[str, int] = {}
    said: list[Line] = []
    for name in command.accounts or context.accounts:
        counting = context.services.vendors[name].traffic
        if counting is None:
            said.append(language.line("{account}: the vendor does not tell what was sent.", account=name))
            continue
        lags[name] = counting.lag
        said += await _asked(context, name, days, Split.DAY)
        parts: tuple[Tally, ...] = ()
        if by not in (None, Split.DAY, *counting.splits):
            able = language.joined([language.pick(traffic_cards.SPLITS[one]) for one in (Split.DAY, *counting.splits)])
            said.append(
                language.line(
                    "{account} tells nothing by {by}, only by {able}.",
                    account=name,
                    by=language.pick(traffic_cards.SPLITS[by]) if by else "",
                    able=able,
                )
            )
        elif by in counting.splits:
            said += await _asked(context, name, days, by)
            kept = await context.services.watch.statistics.kept(name, days[0], days[-1], by)
            parts = tuple(one.tally for one in kept)
        whole = await context.services.watch.statistics.kept(name, days[0], days[-1])
        accounts.append(Account(name, tuple(one.tally for one in whole), parts, counting.reasons))
    apart = by if by is Split.DAY or any(one.parts for one in accounts) else None
    shown = apart or (Split.DAY if len(accounts) == 1 else None)
    span = language.plural("one day", "{n} days", n=count)
    table = traffic_cards.table(language, accounts, shown)
    lines = [*said, *traffic_cards.notes(language, accounts, count, lags)]
    blocks: list[Block] = [table] if table is not None else []
    blocks += [Items(tuple(lines))] if lines else []
    only = accounts[0].name if len(accounts) == 1 else context.accounts[0]
    blocks.append(next_commands(context.view, f"stats {only} {'7d' if count == 30 else '30d'}", f"quota {only}"))
    blocks += await _pictures(context, accounts, days, span)
    return Message(title=traffic_cards.headline(language, accounts, count), blocks=tuple(blocks))


async def _asked(context: Context, account: str, days: Sequence[date], by: Split) -> list[Line]:
    """Ask the vendor; what is to be said where it does not answer."""
    statistics = context.services.watch.statistics
    first = max(days[0], days[-1] - DAY * (DAYS_BACK - 1))  # what is older is settled, or beyond what vendors keep
    try:
        await statistics.measure(account, first, days[-1], by)
    except VendorError as error:
        language = context.language
        kept = await statistics.kept(account, days[0], days[-1], by)
        at = max((one.at for one in kept), default=None)
        when = language.text("never") if at is None else language.moment(at, None, context.view.now)
        return [
            language.line(
                "{account} did not answer ({error}); last read {when}.",
                account=account,
                error=in_short(language, account, error),
                when=when,
            )
        ]
    return []


async def _pictures(context: Context, accounts: Sequence[Account], days: Sequence[date], span: str) -> list[Picture]:
    if not context.abilities.pictures:
        return []
    language = context.language
    shown = days[-31:]  # more bars than that are too thin for a phone
    found: list[Picture] = []
    drawn = traffic_cards.chart(language, accounts, shown, span)
    if drawn is not None and (png := await drawing.png(drawn)):
        found.append(Picture("sent.png", png, language.text("Messages a day, and what became of them")))
    if len(accounts) == 1:
        why = traffic_cards.reasons_chart(language, accounts[0], span)
        if why is not None and (png := await drawing.png(why)):
            found.append(Picture("failures.png", png, language.text("Why messages failed")))
    return found


def _by(text: str, context: Context) -> Split | None:
    if not text:
        return None
    meant = plain(text)
    for split, words in traffic_cards.SPLITS.items():
        if meant in (words.en, words.zh, f"{words.en}s", split):
            return split
    language = context.language
    able = language.either([language.pick(words) for words in traffic_cards.SPLITS.values()])
    raise UserError(
        language.text("“{text}” is nothing to tell apart by; write {able}.", text=mentions.shown(text)[:20], able=able),
        commands=(language.text("stats by=day"),),
    )
