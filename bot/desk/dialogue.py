"""Use case: a submission from its first words to the queue, asking for what is missing where the chat can ask."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.commands.command import Mistake
from bot.commands.mistakes import mistake
from bot.commands.tokens import quoted
from bot.contracts.message import Items, Mark, Message, plain
from bot.contracts.model import Attachment, Kind, Question, Request, State, Words
from bot.desk import plainly, questions
from bot.desk.answers import Said, code_alone, meant_for, names_a_file, sayable, understand
from bot.desk.asking import copied, subject, taken_back
from bot.desk.context import Context, Reply
from bot.desk.filling import Filling, Step
from bot.desk.questions import (
    UNSEEN,
    ask,
    code_belongs_elsewhere,
    drop,
    keep,
    mended,
    over,
    refused,
    still_asked,
    who,
    wrong_lines,
)
from bot.requests.cards import not_possible
from bot.requests.prepare import Prepared, Typed
from bot.requests.summary import merged_missing
from bot.store import dialogues
from bot.wording.language import Language
from bot.wording.view import next_commands


async def begin(context: Context, filling: Filling, accounts: Sequence[str]) -> Reply:
    """A new submission to one account or several.

    Args:
        context: who asks where.
        filling: what was said; no requests yet.
        accounts: to whom.

    Returns:
        What to answer at once; none when the card follows.
    """
    prepared = await _read(context, filling, accounts)
    prepared = await _without_twins(context, filling.kind, prepared)
    if all(item.blocked for item in prepared):
        return refused(context, filling, prepared)
    missing = merged_missing([item for item in prepared if not item.blocked])
    if missing and context.incoming.can_ask:
        born = {request.account: request for request in await _store(context, filling, prepared, hold=True)}
        # What is no draft any more was born from an earlier delivery of these words, and has gone on.
        going = [item for item in prepared if not item.blocked and born[item.account].state is State.DRAFT]
        if not going:
            return None
        held = replace(
            filling,
            numbers={item.account: born[item.account].number for item in going},
            stood={item.account: born[item.account].standing for item in going},
        )
        if context.incoming.files:
            files = {"paper": context.incoming.files}
            context.services.dialogues.held.keep(who(context), files, tuple(held.numbers.values()))
        return await ask(context, held, going, left_out=[item for item in prepared if item.blocked])
    if not any(item.complete for item in prepared):
        return refused(context, filling, prepared)
    await _store(context, filling, prepared, hold=False)
    return None


async def carry_on(
    context: Context,
    filling: Filling,
    asked: Question | None = None,
    left_out: Sequence[Prepared] = (),
) -> Reply:
    """More was said about a draft, or about a request that is to be changed: ask on, refuse, or send.

    Args:
        context: who says it where.
        filling: with what was said.
        asked: the question that it answers.
        left_out: accounts that were left out just now, and why.
    """
    prepared = await _read(context, filling, tuple(filling.going))
    if any(item.problems for item in prepared):
        return refused(context, filling, prepared)
    if merged_missing(prepared):
        if context.incoming.can_ask:
            return await ask(context, filling, prepared, asked, left_out=left_out)
        return refused(context, filling, prepared)
    return await _send(context, filling, prepared)


async def open_draft(context: Context, filling: Filling) -> Reply:
    """Somebody wants to see a draft: ask for what is missing, and where nothing is, whether it shall be sent.

    Only where nobody can be asked (a script that pipes lines), what is complete is sent.
    """
    prepared = await _read(context, filling, tuple(filling.going))
    if context.incoming.can_ask and not any(item.problems for item in prepared):
        return await ask(context, filling, prepared)
    return await carry_on(context, filling)


async def answer(context: Context, asked: Question) -> Reply:
    """The next thing somebody said in the dialogue of a submission."""
    filling = await still_asked(context, Filling.from_json(asked.data))
    if not filling.going:
        return await over(context, Filling.from_json(asked.data))
    text = copied(context.incoming.text, context.services.views.languages.values())
    files = context.incoming.files
    if asked.code and code_alone(text) == asked.code:
        if not files:
            return code_belongs_elsewhere(context, asked.code)
        text = ""
    prepared = await _read(context, filling, tuple(filling.going))
    missing = merged_missing(prepared)
    if files and names_a_file(text, missing):
        text = ""
    known = context.services.requests.preparation.union(filling.kind, tuple(filling.going))
    understood = understand(text, missing, known, paths=context.paths)
    if isinstance(understood, Mistake):
        return mistake(context.language, understood, context.services.speech.commands)
    said, values = understood
    language = context.language
    match said:
        case Said.CANCEL:
            return await _give_up(context, filling)
        case Said.BACK:
            return await _take_back(context, filling, asked)
        case Said.SKIP if missing:
            wanting = tuple(item.account for item in prepared if item.lacks(missing[0].key))
            if len(wanting) == len(prepared):
                note = language.line("Nobody here can do without the first one.")
                return await ask(context, filling, prepared, asked, note=note)
            return await carry_on(context, filling.answered(Step(skipped=wanting)), asked)
        case Said.SUBMIT if not missing:
            return await carry_on(context, filling, asked)
        case Said.SUBMIT:
            note = language.line("It cannot be submitted yet.")
            return await ask(context, filling, prepared, asked, note=note)
        case Said.VALUES if doubts := plainly.in_values(values, context.incoming):
            return plainly.asked_again(language, doubts)
        case Said.VALUES | Said.NOTHING if values or files:
            _, reply = await _take(context, filling, asked, values, files, language)
            return reply
        case _:
            in_vain = said is Said.NOTHING and text.strip() and missing
            no_words = in_vain and not any(sayable(field, paths=context.paths) for field in missing)
            note = language.line("A file is wanted here.") if no_words else ()
            return await ask(context, filling, prepared, asked, note=note, whole=said is Said.SUMMARY)


async def _take(
    context: Context,
    filling: Filling,
    asked: Question,
    values: Typed,
    files: Sequence[Attachment],
    language: Language,
) -> tuple[bool, Reply]:
    """Take one answer, if it fits.

    Args:
        context: of whoever was asked, in the conversation where the question is.
        filling: what was said before.
        asked: the question.
        values: what was said, with canonical keys.
        files: what came with it.
        language: of whoever is told what does not fit.

    Returns:
        Whether it was taken; and the next question, what does not fit, or none when the card follows.
    """
    services = context.services
    accounts = tuple(filling.going)
    before = await _read(context, filling, accounts)
    given = meant_for(files, merged_missing(before), services.requests.preparation.union(filling.kind, accounts))
    fuller = filling.answered(Step(values, tuple(given)))
    checked = await _read(context, fuller, accounts, given)
    if not filling.editing:
        checked = await _without_twins(context, filling.kind, checked)
    fresh = {key for key, _ in values} | set(given)
    wrong = any(problem.key in fresh for item in checked for problem in item.problems)
    twins = [item for item in checked if item.twin is not None]
    if wrong or len(twins) == len(checked):
        await keep(context, filling, asked, merged_missing(before))
        better = [f"{key}={quoted(value)}" for key, value in mended(checked).items()]
        return False, Message(
            title=language.line("That does not fit yet; please answer again."),
            mark=Mark.BAD,
            blocks=(
                Items(wrong_lines(language, checked, missing=False, asked=True)),
                *((next_commands(context.view, *better),) if better else ()),
            ),
        )
    if given:
        services.dialogues.held.keep(who(context), given, tuple(filling.numbers.values()))
    fuller = filling.answered(Step(values, tuple(given), tuple(item.account for item in twins)))
    return True, await carry_on(context, fuller, asked, left_out=twins)


async def hand_in(
    context: Context, asked: Question, files: Sequence[Attachment], language: Language
) -> tuple[bool, Reply]:
    """Take files that were sent elsewhere for a question.

    Args:
        context: of whoever was asked, in the conversation where the question is.
        asked: the question.
        files: what was sent.
        language: of whoever sent them, and is told what does not fit.

    Returns:
        Whether they were taken; and the next question, what does not fit, or none when the card follows.
    """
    filling = await still_asked(context, Filling.from_json(asked.data))
    if not filling.going:
        return False, await over(context, Filling.from_json(asked.data))
    return await _take(context, filling, asked, (), files, language)


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
            prepared = await _read(context, filling, tuple(filling.going))
            await keep(context, filling, asked, merged_missing(prepared))


async def _read(
    context: Context,
    filling: Filling,
    accounts: Sequence[str],
    files: Mapping[str, tuple[Attachment, ...]] | None = None,
) -> tuple[Prepared, ...]:
    """What each account would get, with the files held so far and these."""
    numbers = tuple(filling.numbers.values())
    held = context.services.dialogues.held.look(who(context), numbers) if numbers else {}
    return await context.services.requests.preparation.read(
        filling.kind,
        accounts,
        typed=filling.said,
        attachments=() if numbers else context.incoming.files,
        files={**held, **(files or {})},
        paths=context.paths,
    )


async def _without_twins(context: Context, kind: Kind, prepared: Sequence[Prepared]) -> tuple[Prepared, ...]:
    """The same thing that already stands at an account is a problem there: nobody submits it twice by mistake."""
    checked = []
    for item in prepared:
        twins = await context.services.requests.orders.twins(kind, item) if item.values.get("name") else ()
        checked.append(replace(item, twin=twins[0]) if twins else item)
    return tuple(checked)


async def _store(
    context: Context, filling: Filling, prepared: Sequence[Prepared], *, hold: bool
) -> tuple[Request, ...]:
    name = next((item.values["name"] for item in prepared if "name" in item.values), filling.name)
    wrong = {item.account: _wrong(context, item) for item in prepared if item.blocked or not (item.complete or hold)}
    _, born = await context.services.requests.orders.submit(
        context.incoming, filling.kind, name, prepared, wrong=wrong, hold=hold
    )
    return born


def _wrong(context: Context, item: Prepared) -> Words:
    """What is wrong with it, for readers of either language: the card is read by others than whoever typed it."""
    said = {
        code: plain(language.sentences(wrong_lines(language, (item,))))
        for code, language in context.services.views.languages.items()
    }
    return Words(said["en"], said["zh"])


async def _take_back(context: Context, filling: Filling, asked: Question) -> Reply:
    language = context.language
    if not filling.steps:
        note = language.line("There is nothing to take back.")
    else:
        fields = context.services.requests.preparation.union(filling.kind, tuple(filling.numbers))
        note = taken_back(language, filling.steps[-1], fields)
        context.services.dialogues.held.give_back(who(context), filling.steps[-1].papers)
        filling = filling.without_last()
    prepared = await _read(context, filling, tuple(filling.going))
    return await ask(context, filling, prepared, asked, note=note)


async def _send(context: Context, filling: Filling, prepared: Sequence[Prepared]) -> Reply:
    outcomes = [
        await context.services.requests.orders.complete(
            filling.numbers[item.account], item, context.incoming.actor, standing=filling.stood.get(item.account, "")
        )
        for item in prepared
    ]
    await _done(context, filling)
    return next((not_possible(context.view, outcome) for outcome in outcomes if outcome.problem), None)


async def _give_up(context: Context, filling: Filling) -> Reply:
    await drop(context)
    if not filling.editing:
        for number in filling.going.values():
            await context.services.requests.orders.delete((number,), context.incoming.actor)
    language = context.language
    what = subject(language, filling.kind, filling.name, tuple(filling.going))
    return Message(
        title=language.line("**{what}** is left as it was.", what=what)
        if filling.editing
        else language.line("**{what}** is given up; nothing was sent.", what=what)
    )


async def _done(context: Context, filling: Filling) -> None:
    """These requests were sent: the question about them is over, one about others stays."""
    incoming = context.incoming
    numbers = set(filling.numbers.values())

    def store(db: Any) -> bool:
        asked = dialogues.get(db, incoming.place, incoming.actor)
        if asked is None or asked.data.get("do") != "fill":
            return False
        other = Filling.from_json(asked.data)
        left = set(questions.still_open(db, other).going.values())
        if not numbers & set(other.numbers.values()) or left - numbers:
            return False
        dialogues.drop(db, incoming.place, incoming.actor)
        return True

    over = await context.services.database.write(store)
    context.services.dialogues.held.drop(who(context), () if over else tuple(numbers))
