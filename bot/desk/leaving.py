"""A submission that is left before it was sent: its form was closed, or it is given up."""

from collections.abc import Sequence

from bot.contracts.message import Message
from bot.desk.asking import subject
from bot.desk.context import Context
from bot.desk.filling import Filling, Step
from bot.desk.questions import UNSEEN, drop, keep, who
from bot.desk.reading import read
from bot.requests.prepare import Typed
from bot.requests.summary import merged_missing
from bot.store import dialogues


async def left(context: Context, numbers: Sequence[int], values: Typed) -> None:
    """A form about these requests was left: an answer in words goes on from there, where words were asked for.

    Where the question stood in the form only, it is over: nobody saw anything that words could answer.
    """
    incoming = context.incoming
    async with context.services.dialogues.turns.of(who(context)):
        asked = await context.services.database.read(lambda db: dialogues.get(db, incoming.place, incoming.actor))
        if asked is None or asked.data.get("do") != "fill":
            return
        filling = Filling.from_json(asked.data)
        if set(numbers) & set(filling.numbers.values()):
            if asked.data.get(UNSEEN):
                await drop(context)
                return
            filling = filling.answered(Step(values))
            prepared = await read(context, filling, tuple(filling.going))
            await keep(context, filling, asked, merged_missing(prepared))


async def give_up(context: Context, filling: Filling) -> Message:
    """Whoever is asked gives up: drafts are cancelled, what a vendor has stays."""
    await drop(context)
    if not filling.editing:
        for number in filling.going.values():
            await context.services.requests.orders.delete((number,), context.incoming)
    language = context.language
    numbers = language.joined([f"#{number}" for number in filling.going.values()])
    what = f"{numbers} {subject(language, filling.kind, filling.name, tuple(filling.going))}".strip()
    return Message(
        title=language.line("**{what}** is left as it was.", what=what)
        if filling.editing
        else language.line("**{what}** is given up; nothing was sent.", what=what)
    )
