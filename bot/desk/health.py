"""How the bot itself is, in words: what works, what waits, what fails."""

from bot.contracts.message import Items, Line, Mark, Message
from bot.contracts.settings import PLATFORMS
from bot.contracts.states import IN_FLIGHT
from bot.desk.context import Context
from bot.store import notices, requests


async def report(context: Context) -> Message:
    """Connections, pollers and what is owed, as of now."""
    language = context.language
    services = context.services
    counted = await services.database.read(notices.counts)
    waiting = await services.database.read(lambda db: requests.count_in(db, IN_FLIGHT))
    failing = services.status.failing()
    lines: list[Line] = [
        language.line(
            "Messages: {due} due, {sent} sent, {held} not needed, {failed} failed",
            due=counted.get("due", 0),
            sent=counted.get("sent", 0),
            held=counted.get("held", 0),
            failed=counted.get("failed", 0),
        ),
        language.line("Requests on their way: {count}", count=waiting),
    ]
    lines += [
        language.line("{name}: {words}", name=language.pick(one.what), words=language.pick(one.why)) for one in failing
    ]
    lines += [
        language.line("{name}: {words}", name=language.pick(PLATFORMS[name]), words=language.pick(words))
        for name, words in services.chats.facts
    ]
    title = (
        language.line("**All is well**")
        if not failing
        else language.plural_line("**{n} thing fails**", "**{n} things fail**", len(failing))
    )
    return Message(title=title, mark=Mark.WARNING if failing else Mark.GOOD, blocks=(Items(tuple(lines)),))
