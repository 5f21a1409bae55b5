"""`path`: qualification, signature, filing, template and test message of each account in one table."""

import asyncio

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.characters import seen
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply
from bot.desk.paths import known
from bot.requests.path import path
from bot.requests.path_cards import path_table

ROUTER: Router[Context, Reply] = Router()


@ROUTER.command(
    ("path",),
    ("路径",),
    role=Role.VIEWER,
    summary=Words(
        "from qualification to test message, account by account: done, waiting, missing, the next command",
        "各账号从资质到测试短信：已完成、等待中、缺少什么、下一条命令",
    ),
    usage="path [NAME] [ACCOUNTS]",
    examples=(
        Words("path 速达物流", "路径 速达物流"),
        Words("path 速达物流 aliyun", "路径 速达物流 阿里云"),
        Words("path", "路径"),
    ),
    arguments=(Argument(ArgumentKind.ACCOUNTS), Argument(ArgumentKind.NAME), Argument(ArgumentKind.ACCOUNTS)),
    topic="look",
)
async def whole_path(command: Command, context: Context) -> Reply:
    """Can we send yet? And if not, who has the next step?"""
    accounts = command.accounts or context.accounts
    name = seen(command.name).strip()
    every = await asyncio.gather(*(known(context, account, name) for account in accounts))
    return path_table(context.view, name, [path(one) for one in every])
