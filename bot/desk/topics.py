"""What a conversation is told about without asking."""

from functools import partial

from bot.contracts.message import Line
from bot.contracts.values import TOPICS
from bot.desk.context import Context
from bot.desk.digest.cards import comes


async def topics_told(context: Context) -> tuple[tuple[str, str], ...]:
    """Each topic that this conversation is told about, and of which accounts; both in words."""
    language, services, place = context.language, context.services, context.incoming.place
    told: list[tuple[str, str]] = []
    for words in TOPICS.values():
        heard = []
        for account in context.accounts:
            places = await services.database.read(
                partial(services.status.audience.places, topic=words.en, account=account, fall_back=False)
            )
            if any(one.same_conversation(place) for one in places):
                heard.append(account)
        if heard:
            whose = language.text("all accounts") if len(heard) == len(context.accounts) else language.joined(heard)
            told.append((language.pick(words), whose))
    return tuple(told)


async def next_digest(context: Context) -> tuple[Line, ...]:
    """When the next daily digest comes here; nothing where none does."""
    digests, place = context.services.status.digests, context.incoming.place
    hears = await context.services.database.read(digests.hearing)
    if not any(one.same_conversation(place) for one in hears):
        return ()
    now = context.view.now
    return (comes(context.view, digests.plan.next(now)),)
