"""How the bot itself is, in words: what works, what waits, what fails."""

from datetime import datetime

from bot.contracts.message import Items, Line, Mark, Message
from bot.contracts.settings import PLATFORMS
from bot.contracts.states import IN_FLIGHT
from bot.desk.context import Context
from bot.store import notices, requests


def _age(context: Context, since: datetime) -> str:
    return context.language.span(context.view.now - since)


async def report(context: Context) -> Message:
    """Connections, pollers and what is owed, as of now."""
    language = context.language
    services = context.services
    counted = await services.database.read(notices.counts)
    oldest = await services.database.read(notices.oldest_due)
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
        *(
            [language.line("The oldest message that is due waits for {span}.", span=_age(context, oldest))]
            if oldest is not None and oldest < context.view.now
            else []
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
