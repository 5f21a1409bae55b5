"""What whoever ordered something is told where its card stands elsewhere: that it is on its way, and where to look."""

from collections.abc import Sequence

from bot.contracts.message import Line, Link, Message, Text
from bot.contracts.model import Action, Request, State
from bot.desk.context import Context, Reply
from bot.requests.cards import called
from bot.requests.guidance import kind_of
from bot.store import notices, requests
from bot.wording.words import MARKS, STATES


async def on_its_way(context: Context, ordered: Sequence[Request]) -> Reply:
    """A line with a link to the card, where a card stands that is only edited and whose story is in its thread.

    None where the person reads it by itself: a card that is still to come, or a chat in which news are messages.
    """
    if not context.abilities.threads or not ordered:
        return None
    incoming = context.incoming
    numbers = incoming.together or tuple(request.number for request in ordered)
    if ordered[0].number != numbers[0]:
        return None  # said with the first of those that were handed in together
    first = ordered[0]
    subject = f"batch:{first.batch}"
    card = await context.services.database.read(lambda db: notices.message_of(db, incoming.place, subject))
    if card is None:
        return None
    together = await context.services.database.read(lambda db: requests.of_numbers(db, numbers))
    url = await context.services.chats.link(incoming.place.platform, card)
    language = context.language
    follow = (
        (Text(language.line("What comes of it stands in {card}.", card=Link(url, language.text("its card")))),)
        if url
        else ()
    )
    return Message(title=_title(context, first, together), mark=MARKS[first.state], blocks=follow)


def _title(context: Context, first: Request, together: Sequence[Request]) -> Line:
    language = context.language
    if len(together) > 1:
        return language.line(
            "**{numbers} {name}: on their way to {accounts}**",
            numbers=language.joined([f"#{one.number}" for one in together]),
            name=called(language, first),
            accounts=language.joined([one.account for one in together]),
        )
    told = {
        "number": first.number,
        "kind": kind_of(context.view, first),
        "name": called(language, first),
        "account": first.account,
    }
    match first.state, first.action:
        case State.QUEUED, Action.DELETE:
            return language.line("**#{number} {kind} {name}: to be deleted at {account}**", **told)
        case State.QUEUED, Action.UPDATE:
            return language.line("**#{number} {kind} {name}: the change is on its way to {account}**", **told)
        case State.QUEUED, _:
            return language.line("**#{number} {kind} {name}: on its way to {account}**", **told)
        case state, _:
            return language.line(
                "**#{number} {kind} {name} at {account}: {state}**", state=language.pick(STATES[state]), **told
            )
