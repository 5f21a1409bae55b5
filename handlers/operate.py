"""`health`: how the bot itself is."""

from bot.commands.command import Command, Router
from bot.contracts.model import Role, Words
from bot.desk.context import Context, Reply
from bot.desk.health import report

ROUTER: Router[Context, Reply] = Router()


@ROUTER.command(
    ("health",),
    ("健康",),
    role=Role.VIEWER,
    summary=Words("connections, pollers, queue", "连接、轮询与队列"),
    usage="health",
    examples=(Words("health", "健康"),),
    topic="bot",
)
async def health(command: Command, context: Context) -> Reply:
    """How the bot itself is."""
    del command
    return await report(context)
