"""What the reader calls conversations: here, by their title, a person by name; by id where nobody knows more."""

from collections.abc import Iterable

from bot.contracts.model import Place
from bot.contracts.settings import PLATFORMS
from bot.desk.context import Context
from bot.notices.why import Named

MOST_ASKED = 10
"""Conversations whose titles are asked for at once; more are not told of one thing, and each may be a call."""


async def named_places(context: Context, places: Iterable[Place]) -> Named:
    """How to call these conversations, each asked for once."""
    wanted = {(place.platform, place.conversation): place for place in places}
    names = {}
    for number, (key, place) in enumerate(wanted.items()):
        names[key] = await _name(context, place, ask=number < MOST_ASKED)

    def named(place: Place) -> str:
        return names.get((place.platform, place.conversation), place.conversation)

    return named


async def _name(context: Context, place: Place, *, ask: bool) -> str:
    language = context.language
    if place.same_conversation(context.incoming.place):
        return language.text("here")
    chats = context.services.chats
    platform = "" if place.platform == context.incoming.place.platform else _platform(context, place)
    before = chats.can(place.platform).direct
    user = place.conversation.removeprefix(before or "")
    known = context.view.names.get(f"{place.platform}:{user}", "")
    title = known or (await chats.title(place) if ask else "") or place.conversation
    if known or (before and user != place.conversation):
        return language.text("{name} one to one", name=f"{platform}{title}")
    return f"{platform}{title}"


def _platform(context: Context, place: Place) -> str:
    words = PLATFORMS.get(place.platform)
    return f"{context.language.pick(words)} " if words is not None else f"{place.platform} "
