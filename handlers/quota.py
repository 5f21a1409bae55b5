"""`quota`: what is left."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.errors import VendorError
from bot.contracts.message import Block, Items, Line, Message, Picture, Table
from bot.contracts.model import Role, Words
from bot.contracts.vendor import Measure
from bot.desk.context import Context, Reply
from bot.store import samples
from bot.watch import runway
from bot.watch.forecast import Forecast
from bot.watch.outlook_cards import burn_down, burn_down_text, outlook_line
from bot.watch.readings import balance_row, left_bars, left_chart, left_text, package_row, scarcest
from bot.wording import drawing
from bot.wording.charts import Bar
from bot.wording.refusals import in_short
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()


@ROUTER.command(
    ("quota",),
    ("额度",),
    role=Role.VIEWER,
    summary=Words("what is left in packages and balance, and until when", "套餐与余额还剩多少、何时到期"),
    usage="quota [ACCOUNTS]",
    examples=(Words("quota aliyun", "额度 阿里云"),),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    topic="watch",
)
async def quota(command: Command, context: Context) -> Reply:
    """Measured now; where a vendor does not answer, the last reading and its age."""
    language = context.language
    packages: list[tuple[Line, ...]] = []
    balances: list[tuple[Line, ...]] = []
    bars: list[Bar] = []
    shares: list[tuple[Decimal, str]] = []
    notes: list[Line] = []
    outlooks: dict[str, Forecast] = {}
    for account in command.accounts or context.accounts:
        if context.services.vendors[account].quota is None:
            notes.append(language.line("{account}: the vendor does not tell what is left.", account=account))
            continue
        try:
            readings = await context.services.watch.quota.measure(account)
            bars += left_bars(language, account, readings)
            if (found := await context.services.watch.quota.outlook(account, readings)) is not None:
                notes.append(outlook_line(language, account, found, context.view.now))
                outlooks[account] = found
        except VendorError as error:
            last = await context.services.database.read(partial(samples.latest, account=account))
            readings = tuple(sample.reading for sample in last)
            when = language.moment(last[0].at, None, context.view.now) if last else language.text("never")
            notes.append(
                language.line(
                    "{account} did not answer ({error}); last read {when}.",
                    account=account,
                    error=in_short(language, account, error),
                    when=when,
                )
            )
        for reading in readings:
            if reading.measure is Measure.BALANCE:
                balances.append(balance_row(language, account, reading))
            else:
                packages.append(package_row(language, account, reading))
        shares += [(one.remaining / one.total, account) for one in readings if one.total]
        if any(reading.estimated for reading in readings):
            notes.append(
                language.line("{account}: the package is computed from the configured amount.", account=account)
            )
    blocks: list[Block] = []
    if packages:
        head = tuple(language.text(column) for column in ("Account", "Package", "Left", "Of", "Until"))
        blocks.append(Table(head, tuple(packages)))
    if balances:
        head = tuple(language.text(word) for word in ("Account", "Balance"))
        blocks.append(Table(head, tuple(balances)))
    blocks += [Items(tuple(notes))] if notes else []
    blocks.append(next_commands(context.view, "alerts"))
    blocks += await _chart(context, bars)
    blocks += await _burn_down(context, outlooks)
    return Message(title=scarcest(language, shares), blocks=tuple(blocks))


async def _chart(context: Context, bars: Sequence[Bar]) -> list[Picture]:
    """What is left as it was measured just now, the emptiest first; nothing where there is nothing to draw."""
    if not bars or not context.abilities.pictures:
        return []
    png = await drawing.png(left_chart(context.language, bars, context.view.now))
    return [Picture("quota.png", png, left_text(context.language, bars))] if png else []


async def _burn_down(context: Context, outlooks: Mapping[str, Forecast]) -> list[Picture]:
    """How it goes on with the account that runs out first; nothing where none does."""
    if not context.abilities.pictures:
        return []
    ending = [(found.at, account) for account, found in outlooks.items() if found.at is not None]
    if not ending:
        return []
    _, account = min(ending)
    now, found = context.view.now, outlooks[account]
    left = await context.services.database.read(lambda db: runway.measured(db, account, now))
    png = await drawing.png(burn_down(context.language, account, left, found, now))
    return [Picture("runs-out.png", png, burn_down_text(context.language, account))] if png else []
