"""`sync`: what the vendors have, held against the record; what it does not know can be adopted."""

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.errors import UserError, VendorError
from bot.contracts.message import Exact, Line, Mark, Message, Text
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply
from bot.desk.vendor_ids import said_id
from bot.requests import inventory_cards as cards
from bot.requests.guidance import ID
from bot.requests.inventory import Compared
from bot.wording.refusals import in_short
from bot.wording.view import next_commands

ROUTER: Router[Context, Reply] = Router()


@ROUTER.command(
    ("sync",),
    ("同步",),
    role=Role.ADMIN,
    summary=Words(
        "what the vendors have that the record does not know, and the other way round; adopt it",
        "核对平台上已有而记录中没有的内容（及相反情况），并可收录",
    ),
    usage="sync [ACCOUNTS] [adopt] [id=…]",
    examples=(
        Words("sync aliyun", "同步 阿里云"),
        Words("sync aliyun adopt", "同步 阿里云 收录"),
        Words("sync ucloud adopt id=UTA20260102ABC", "同步 优刻得 收录 编号=UTA20260102ABC"),
    ),
    arguments=(Argument(ArgumentKind.ACCOUNTS), Argument(ArgumentKind.WORD, words=(cards.ADOPT,))),
    keys=(ID,),
    topic="bot",
)
async def sync(command: Command, context: Context) -> Reply:
    """Compare without an order; adopt with one."""
    ref = said_id(command)
    if cards.ADOPT.en in command.words or ref:
        return await _adopt(command, context, ref)
    found: list[Compared] = []
    silent: list[Line] = []
    for account in command.accounts or context.accounts:
        try:
            found.append(await context.services.requests.inventory.compare(account))
        except VendorError as error:
            why = in_short(context.language, account, error)
            silent.append(context.language.line("{account} did not answer: {error}", account=account, error=why))
    return cards.compared(context.view, found, silent)


async def _adopt(command: Command, context: Context, ref: str) -> Reply:
    chosen = context.chosen(command)
    if ref and len(chosen) > 1:
        raise UserError(
            context.language.text("At which account is the id {ref}?", ref=Exact(ref[:40])),
            commands=tuple(
                f"sync {account} {context.language.pick(cards.ADOPT)} {context.language.pick(ID)}={ref[:40]}"
                for account in chosen
            ),
        )
    came = [await _adopted(context, account, ref) for account in chosen]
    if len(came) == 1:
        return came[0]
    blocks = tuple(block for one in came for block in (Text(one.title), *one.blocks))
    worst = next((one.mark for one in came if one.mark is not Mark.GOOD), Mark.GOOD)
    title = context.language.line("**Adopted, account by account**")
    return Message(title=title, mark=worst, blocks=blocks)


async def _adopted(context: Context, account: str, ref: str) -> Message:
    language = context.language
    inventory = context.services.requests.inventory
    try:
        if ref:
            came = await inventory.adopt_one(account, ref, context.incoming)
        else:
            came = await inventory.adopt(account, context.incoming)
    except VendorError as error:
        why = in_short(language, account, error)
        title = language.line("**Nothing of {account} was adopted: {why}.**", account=account, why=why)
        return Message(title=title, mark=Mark.BAD, blocks=(next_commands(context.view, f"sync {account}"),))
    if came.problem:
        return cards.not_adopted(context.view, account, ref, came)
    why_not = in_short(language, account, came.failed) if came.failed is not None else ""
    return cards.adopted(context.view, account, came, why_not)
