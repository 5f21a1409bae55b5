"""`digest`: what stands and what changed, as it is told once a day."""

from bot.commands.command import Argument, ArgumentKind, Command, Router
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply

ROUTER: Router[Context, Reply] = Router()


@ROUTER.command(
    ("digest",),
    ("日报",),
    role=Role.VIEWER,
    summary=Words(
        "what waits, on whom, what is overdue, what changed, how long the quota lasts; the daily digest, now",
        "等待事项与负责人、超时、变化、额度可用天数；即时查看日报",
    ),
    usage="digest [ACCOUNTS]",
    examples=(Words("digest", "日报"), Words("digest aliyun", "日报 阿里云")),
    arguments=(Argument(ArgumentKind.ACCOUNTS),),
    topic="look",
)
async def digest(command: Command, context: Context) -> Reply:
    """The digest as it would be told now; nobody is asked for it, and the next one comes all the same."""
    accounts = command.accounts or context.accounts
    return await context.services.status.digests.shown(context.view, accounts, context.incoming.place)
