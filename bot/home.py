"""A person's own page: what they wait for, what waits for them, how much is left (spec 4, App Home)."""

from collections.abc import Sequence

from bot import people
from bot.message import Items, Mark, Message
from bot.model import State
from bot.services import Context
from bot.store import requests
from bot.wording.cards import next_commands
from bot.wording.view import KINDS, MARKS, SIGNS, STATES

SHOWN = 10


async def page(context: Context) -> Sequence[Message]:
    """The page of whoever asks, from top to bottom."""
    language = context.language
    over = (State.READY, State.DELETED, State.CANCELLED, State.WITHDRAWN)
    mine = await context.services.database.read(
        lambda db: requests.latest(
            db,
            accounts=context.accounts,
            states=tuple(state for state in State if state not in over),
            submitters=people.all_of(db, context.incoming.actor.key, context.services.settings),
            limit=SHOWN,
        )
    )
    if not mine:
        title = language.line("Nothing is pending here.")
        return (Message(title, mark=Mark.GOOD, blocks=(next_commands(context.view, "sign submit …"),)),)
    lines = tuple(
        language.line(
            "{sign} #{number} {kind} {name} at {account}: {state} since {since}",
            sign=SIGNS[MARKS[one.state]] or "·",
            number=one.number,
            kind=language.pick(KINDS[one.kind]),
            name=one.name,
            account=one.account,
            state=language.pick(STATES[one.state]),
            since=language.moment(one.since, None, context.view.now),
        )
        for one in mine
    )
    return (Message(language.line("**{count} requests**", count=len(lines)), blocks=(Items(lines),)),)
