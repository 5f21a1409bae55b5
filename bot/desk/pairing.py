"""Use case: a file that was sent one to one finds the question it is for, by the code that the question named.

In some groups files do not travel freely. The question there names a code; whoever was asked sends the file to the
bot one to one, with the code, before it or after it, and the dialogue goes on in its own conversation. A code holds
only for the person who was asked, and as long as the question. Without a code nothing is guessed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bot.contracts.fields import FieldType
from bot.contracts.message import Items, Line, Mark, Message, Text
from bot.contracts.model import Attachment, Incoming, Question, Role
from bot.contracts.papers import listed
from bot.desk import dialogue, questions
from bot.desk.answers import Said, code_alone, codes_within, gives_up, yes_or_no
from bot.desk.asking import subject
from bot.desk.context import Context, Reply
from bot.desk.filling import Filling
from bot.store import dialogues

MOST_HELD = 4
"""Files that wait for a code, of one person; the oldest gives way."""


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of something said one to one.

    Args:
        here: what is answered there.
        there: as if the file had been sent where the question is.
        reply: what the dialogue says there next; none when nothing, or its card follows.
    """

    here: Message
    there: Incoming
    reply: Reply = None


def may_concern(incoming: Incoming) -> bool:
    """Whether something said could be a file for a question elsewhere, or its code."""
    said = incoming.files or code_alone(incoming.text) or gives_up(incoming.text)
    return incoming.direct and bool(said or yes_or_no(incoming.text) is Said.YES)


async def anothers(context: Context) -> Message | None:
    """That a code is somebody else's; none where what was said is no code of an open question."""
    services, code = context.services, code_alone(context.incoming.text)
    if not code:
        return None
    now = services.clock.now()
    found = await services.database.read(lambda db: dialogues.with_codes(db, now))
    if not any(one.code == code for one in found):
        return None
    language = context.language
    title = language.line("The code `{code}` is not yours.", code=code)
    told = language.line("It holds only for whoever was asked; they send the file themselves, one to one.")
    return Message(title=title, mark=Mark.BAD, blocks=(Text(told),))


async def hand_over(context: Context, place_of: Callable[[Incoming], Context | None]) -> Handed | None:
    """Hand a file, or a code, to the question it is for.

    Args:
        context: of the 1:1 conversation.
        place_of: what this person may do where the question is; none where they are not served.

    Returns:
        What is said of it; none when it is about nothing that was asked elsewhere.
    """
    incoming, services = context.incoming, context.services
    waiting = await _waiting(context)
    typed = codes_within(incoming.text) if incoming.files else {code_alone(incoming.text)}
    held = f"{questions.who(context)} without a code"
    if meant := next((one for one in waiting if one.code in typed), None):
        files = incoming.files or services.dialogues.held.look(held).get("paper", ())
        services.dialogues.held.drop(held)
        if files:
            return await _hand(context, meant, files, place_of)
        await services.database.write(lambda db: dialogues.files_come_from(db, meant, incoming.place))
        return Handed(_send_it_now(context, meant), incoming)
    here = await services.database.read(lambda db: dialogues.get(db, incoming.place, incoming.actor))
    if here is not None and not here.open(services.clock.now()):
        here = None
    if code_alone(incoming.text):
        return Handed(await _wrong_code(context, waiting), incoming) if waiting and here is None else None
    if gives_up(incoming.text) or yes_or_no(incoming.text) is Said.YES:
        return await _answered(context, held, waiting, place_of) if here is None else None
    lacking = [one for one in waiting if _lacks_file(context, one)]
    came_from = incoming.place.key
    if paired := next((one for one in lacking if one.files_from == came_from), None):
        return await _hand(context, paired, incoming.files, place_of)
    if not lacking or (here is not None and _lacks_file(context, here)):
        return None
    files = (*services.dialogues.held.look(held).get("paper", ()), *incoming.files)[-MOST_HELD:]
    services.dialogues.held.keep(held, {"paper": files})
    return Handed(_which(context, lacking, files), incoming)


async def _answered(
    context: Context, held: str, waiting: Sequence[Question], place_of: Callable[[Incoming], Context | None]
) -> Handed | None:
    """Whether a file that waits for its code is for the one question there is, or for none."""
    services, language = context.services, context.language
    files = services.dialogues.held.look(held).get("paper", ())
    if not files:
        return None
    lacking = [one for one in waiting if _lacks_file(context, one)]
    if gives_up(context.incoming.text):
        services.dialogues.held.drop(held)
        return Handed(Message(title=language.line("Left. I did not keep the file.")), context.incoming)
    if len(lacking) != 1:
        return Handed(_which(context, lacking, files), context.incoming) if lacking else None
    services.dialogues.held.drop(held)
    return await _hand(context, lacking[0], files, place_of)


async def _waiting(context: Context) -> tuple[Question, ...]:
    """The questions with a code that were put to this person elsewhere."""
    services, incoming = context.services, context.incoming
    now = services.clock.now()
    found = await services.database.read(lambda db: dialogues.with_codes(db, now))
    return tuple(one for one in found if services.settings.same_person(one.actor.key, incoming.actor.key))


def _lacks_file(context: Context, asked: Question) -> bool:
    if asked.data["do"] != "fill":
        return False
    about = Filling.from_json(asked.data)
    if not set(about.going) <= set(context.services.vendors):
        return False
    fields = context.services.requests.preparation.union(about.kind, tuple(about.going))
    return any(field.type is FieldType.FILE and field.key in about.missing for field in fields)


async def _hand(
    context: Context,
    asked: Question,
    files: Sequence[Attachment],
    place_of: Callable[[Incoming], Context | None],
) -> Handed:
    """Let the dialogue go on with these files, where it is."""
    incoming, services, language = context.incoming, context.services, context.language
    there = replace(
        incoming,
        text="",
        actor=asked.actor,
        place=asked.place,
        origin=f"{incoming.origin}:there",
        files=(),
        direct=False,
    )
    beyond = place_of(there)
    async with services.dialogues.turns.of(questions.whose(asked.place, asked.actor)):
        # Read again in its turn: it may have been answered, or given up, in the meantime.
        now = await services.database.read(lambda db: dialogues.get(db, asked.place, asked.actor))
        if beyond is None or beyond.role < Role.SUBMITTER or now is None or now.code != asked.code:
            title = language.line("The question that this was for is over.")
            return Handed(Message(title=title, mark=Mark.BAD), there)
        if not _lacks_file(context, now):
            title = language.line("{what} wants no file any more.", what=_what(context, now))
            return Handed(Message(title=title), there)
        taken, reply = await dialogue.hand_in(beyond, now, files, language)
    if not taken:
        assert reply is not None, "what is not taken is answered"  # noqa: S101 - a fault of ours, never of a user
        return Handed(reply, there)
    names = language.joined(listed(files))
    title = language.line("**{names}** is handed to {what}.", names=names, what=_what(context, now))
    told = (
        language.line("Nothing is missing any more: it is being submitted, and I say so there.")
        if reply is None
        else language.line("It goes on where I asked for it.")
    )
    return Handed(Message(title=title, blocks=(Text(told),)), there, reply)


async def _wrong_code(context: Context, waiting: Sequence[Question]) -> Message:
    for one in waiting:
        await context.services.database.write(partial(dialogues.wrong_code, question=one, most=WRONG_CODES))
    language = context.language
    tries = WRONG_CODES - max(one.wrong for one in waiting) - 1
    told = (
        language.line("It stands in the question, and holds only for whoever was asked.")
        if tries > 0
        else language.line("That was too often: answer `summary` there, and I ask again with another code.")
    )
    title = language.line("`{code}` is none of your codes.", code=code_alone(context.incoming.text))
    return Message(title=title, mark=Mark.BAD, blocks=(Text(told), Items(_whats(context, waiting))))


def _send_it_now(context: Context, asked: Question) -> Message:
    language = context.language
    if not _lacks_file(context, asked):
        return Message(title=language.line("{what} wants no file any more.", what=_what(context, asked)))
    title = language.line("Now send the file: it goes to {what}.", what=_what(context, asked))
    return Message(title=title)


def _which(context: Context, lacking: Sequence[Question], files: Sequence[Attachment]) -> Message:
    language = context.language
    if len(lacking) == 1:
        title = language.line("Is this for {what}? Then send the code, or `yes`.", what=_what(context, lacking[0]))
    else:
        title = language.line("Which one is this for? Send its code.")
    names = language.joined(listed(files))
    told = language.line("It stands in the question. I keep {names} until then; `cancel` drops it.", names=names)
    several = (Items(_whats(context, lacking)),) if len(lacking) > 1 else ()
    return Message(title=title, blocks=(*several, Text(told)))


def _whats(context: Context, asked: Sequence[Question]) -> tuple[Line, ...]:
    return tuple((_what(context, one),) for one in asked)


def _what(context: Context, asked: Question) -> str:
    about = Filling.from_json(asked.data)
    numbers = " ".join(f"#{number}" for number in about.going.values())
    return f"{numbers} {subject(context.language, about.kind, about.name, tuple(about.going))}"


WRONG_CODES = 5
"""Wrong codes that one person may send; after that a code holds no longer, and the next question has a new one."""
