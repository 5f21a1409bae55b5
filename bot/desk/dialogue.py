"""Use case: a submission from its first words to the queue, asking for what is missing where the chat can ask."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from bot.commands.command import Mistake
from bot.commands.mistakes import mistake
from bot.contracts import personal
from bot.contracts.fields import Problem
from bot.contracts.message import Items, Line, Mark, Message
from bot.contracts.model import Attachment, Question, Request, State
from bot.desk import plainly, previewing, questions
from bot.desk.answers import (
    Said,
    code_alone,
    gives_up,
    meant_for,
    names_a_file,
    sayable,
    understand,
    wants_another,
    yes_or_no,
)
from bot.desk.asking import copied, taken_back
from bot.desk.context import Context, Reply
from bot.desk.filling import Filling, Step
from bot.desk.in_private import held_instead, missing_here, with_codes, wrong_code
from bot.desk.leaving import give_up
from bot.desk.ordered import on_its_way
from bot.desk.questions import (
    FILLS,
    ask,
    ask_whether,
    code_belongs_elsewhere,
    doubted,
    keep,
    over,
    refused,
    still_asked,
    unknown_lines,
    who,
    wrong_lines,
)
from bot.desk.reading import read, without_twins
from bot.desk.sifting import sift, strange
from bot.requests.not_taken import not_possible
from bot.requests.prepare import Prepared, Typed
from bot.requests.summary import merged_missing
from bot.store import dialogues
from bot.wording.language import Language


async def begin(
    context: Context, filling: Filling, accounts: Sequence[str], unknown: Sequence[Problem] = (), *, hold: bool = False
) -> Reply:
    """A new submission to one account or several.

    Where somebody can be asked, what does not fit is asked for again, and what fits is kept.

    Args:
        context: who asks where.
        filling: what was said; no requests yet.
        accounts: to whom.
        unknown: keys that no account knows.
        hold: open it although nothing is missing; only where somebody can be asked.

    Returns:
        What to answer at once; none when the card follows.
    """
    beside = dict(context.incoming.papers)
    prepared = await read(context, filling, accounts, beside)
    prepared = await without_twins(context, filling.kind, prepared)
    wrong: tuple[Line, ...] = ()
    if context.incoming.can_ask and (unknown or all(item.problems or item.refusals for item in prepared)):
        filling, wrong = _sifted(context, filling, prepared, unknown)
        beside = {key: files for key, files in beside.items() if not any(_minds(item, key) for item in prepared)}
        prepared = await read(context, filling, accounts, beside)
        prepared = await without_twins(context, filling.kind, prepared)
    if unknown and not context.incoming.can_ask:
        return refused(context, filling, prepared, unknown)
    if all(item.blocked for item in prepared):
        return refused(context, filling, prepared)
    missing = merged_missing(going := [item for item in prepared if not item.blocked])
    doubts = () if missing or wrong else doubted(filling, going)
    if (missing or wrong or doubts or hold) and context.incoming.can_ask:
        born = {request.account: request for request in await _store(context, filling, prepared, hold=True)}
        # What is no draft any more was born from an earlier delivery of these words, and has gone on.
        going = [item for item in prepared if not item.blocked and born[item.account].state is State.DRAFT]
        if not going:
            return None
        typed, files_read = held_instead(filling.typed, going)
        held = replace(
            filling,
            typed=typed,
            numbers={item.account: born[item.account].number for item in going},
            stood={item.account: born[item.account].standing for item in going},
        )
        if files := {**({"paper": context.incoming.files} if context.incoming.files else {}), **beside, **files_read}:
            context.services.dialogues.held.keep(who(context), files, tuple(held.numbers.values()))
        left_out = [item for item in prepared if item.blocked]
        if doubts:
            return await ask_whether(context, held, going, left_out=left_out)
        return await ask(context, held, going, left_out=left_out, note=_unfit(context, wrong), wrong=wrong)
    if not any(item.complete for item in prepared):
        return await with_codes(context, prepared, refused(context, filling, prepared))
    await _store(context, filling, prepared, hold=False)
    return await previewing.message(context, [item for item in prepared if item.complete])


async def carry_on(
    context: Context,
    filling: Filling,
    asked: Question | None = None,
    left_out: Sequence[Prepared] = (),
    step: Step | None = None,
    seen: bool = False,
) -> Reply:
    """More was said about a draft, or about a request that is to be changed: ask on, refuse, or send.

    Args:
        context: who says it where.
        filling: with what was said.
        asked: the question that it answers.
        left_out: accounts that were left out just now, and why.
        step: the answer, which is told by name when something more is asked.
        seen: whether nothing was missing before, and `submit` is waited for: then nothing but that sends it.
    """
    prepared = await read(context, filling, tuple(filling.going))
    if any(item.problems or item.refusals for item in prepared):
        if not context.incoming.can_ask:
            return refused(context, filling, prepared)
        filling, wrong = _sifted(context, filling, prepared)
        prepared = await read(context, filling, tuple(filling.going))
        # What no answer mends, as a file of the configuration.
        if any(item.problems or item.refusals for item in prepared):
            return refused(context, filling, prepared)
        return await ask(context, filling, prepared, asked, note=_unfit(context, wrong), wrong=wrong)
    missing = merged_missing(prepared)
    if context.incoming.can_ask and not missing and doubted(filling, prepared):
        return await ask_whether(context, filling, prepared, asked, left_out)
    if seen or missing or previewing.awaits_more(context, step):
        if context.incoming.can_ask:
            return await ask(context, filling, prepared, asked, left_out=left_out, step=step)
        return await with_codes(context, prepared, refused(context, filling, prepared))
    return await _send(context, filling, prepared)


def _sifted(
    context: Context, filling: Filling, prepared: Sequence[Prepared], unknown: Sequence[Problem] = ()
) -> tuple[Filling, tuple[Line, ...]]:
    """A submission without what does not fit, and that in words."""
    language = context.language
    accounts = [item.account for item in prepared]
    fields = context.services.requests.preparation.union(filling.kind, accounts, filling.said_to)
    sifted = sift(filling.said, prepared, fields, unknown)
    context.services.dialogues.held.give_back(who(context), tuple(sifted.minded))
    own = {account: sift(values, prepared, fields).right for account, values in filling.own.items()}
    lines = (
        *unknown_lines(context, filling, prepared, unknown),
        *wrong_lines(language, prepared, missing=False, twins=False),
    )
    return replace(filling, typed=sifted.right, steps=(), own=own, guessed=sifted.guessed), lines


def _minds(item: Prepared, key: str) -> bool:
    return any(problem.key == key for problem in item.problems)


def _unfit(context: Context, wrong: Sequence[Line]) -> Line:
    return context.language.line("Not everything fits yet.") if wrong else ()


async def open_draft(context: Context, filling: Filling) -> Reply:
    """Somebody wants to see a draft: ask for what is missing, and where nothing is, whether it shall be sent.

    Only where nobody can be asked (a script that pipes lines), what is complete is sent.
    """
    prepared = await read(context, filling, tuple(filling.going))
    if context.incoming.can_ask and not any(item.problems or item.refusals for item in prepared):
        if not merged_missing(prepared) and doubted(filling, prepared):
            return await ask_whether(context, filling, prepared)
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
    prepared = await read(context, filling, tuple(filling.going))
    missing = missing_here(context, prepared)
    text = "" if files and names_a_file(text, missing) else text
    if missing and missing[0].sent_to and wants_another(text):
        return await ask(context, filling, prepared, asked, again=True)
    known = context.services.requests.preparation.union(filling.kind, tuple(filling.going), filling.said_to)
    guessed, filling = filling.guessed, replace(filling, guessed=())
    language = context.language
    if guessed and (agreed := yes_or_no(text)) in (Said.YES, Said.NO) and not gives_up(text):
        if agreed is Said.NO:
            return await ask(context, filling, prepared, asked)
        _, reply = await _take(context, filling, asked, guessed, files, language)
        return reply
    understood = understand(text, missing, known, paths=context.paths)
    if isinstance(understood, Mistake):
        return mistake(context.language, understood, context.services.speech.commands)
    said, values = understood
    values, secret = personal.apart(values)
    secret = {**context.incoming.papers, **secret}
    if secret and said in (Said.VALUES, Said.ASIDE, Said.NOTHING):
        _, reply = await _take(context, filling, asked, values, files, language, secret)
        return reply
    if said is Said.VALUES and "=" not in text and strange(values, missing, prepared):
        said = Said.ASIDE
    match said:
        case Said.CANCEL:
            return await give_up(context, filling)
        case Said.BACK:
            return await _take_back(context, filling, asked)
        case Said.SKIP if missing:
            wanting = tuple(item.account for item in prepared if item.lacks(missing[0].key))
            if len(wanting) == len(prepared):
                note = language.line("This one is needed." if len(prepared) == 1 else "All of them need the first one.")
                return await ask(context, filling, prepared, asked, note=note)
            step = Step(skipped=wanting)
            return await carry_on(context, filling.answered(step), asked, step=step)
        case Said.ASIDE if not files:
            label = language.pick(missing[0].label)
            note = language.line("Not taken: **{label}** is what I ask for.", label=label)
            return await ask(context, replace(filling, guessed=values), prepared, asked, note=note)
        case Said.SUBMIT if not missing:
            return await carry_on(context, filling, asked)
        case Said.SUBMIT:
            note = language.line("It cannot be submitted yet.")
            return await ask(context, filling, prepared, asked, note=note)
        case Said.VALUES if doubts := plainly.in_values(values, context.incoming):
            return plainly.asked_again(language, doubts)
        case Said.VALUES | Said.ASIDE | Said.NOTHING if values or files:
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
    secret: Mapping[str, tuple[Attachment, ...]] = MappingProxyType({}),
) -> tuple[bool, Reply]:
    """Take one answer, if it fits.

    Args:
        context: of whoever was asked, in the conversation where the question is.
        filling: what was said before.
        asked: the question.
        values: what was said, with canonical keys.
        files: what came with it.
        language: of whoever is told what does not fit.
        secret: what of it is private.

    Returns:
        Whether it was taken; and the next question, what does not fit, or none when the card follows.
    """
    services = context.services
    accounts = tuple(filling.going)
    before = await read(context, filling, accounts)
    known = services.requests.preparation.union(filling.kind, accounts, filling.said_to)
    held = services.dialogues.held.look(who(context), tuple(filling.numbers.values()))
    given = previewing.gathered(held, filling, {**meant_for(files, missing_here(context, before), known), **secret})
    fuller = filling.answered(Step(values, tuple(given)))
    checked = await read(context, fuller, accounts, given)
    if (code := await wrong_code(context, checked, given)) is not None:
        note = language.line("{account} says that this is not the code it sent.", account=code.account)
        return False, await ask(context, filling, before, asked, note=note)
    if not filling.editing:
        checked = await without_twins(context, filling.kind, checked)
    sifted = sift(values, checked, known)
    fresh = {key for key, _ in values} | set(given)
    twins = [item for item in checked if item.twin is not None]
    lines = wrong_lines(language, checked, missing=False, asked=True)
    if not values and sifted.minded & fresh:  # a file, perhaps handed in elsewhere, where one reads why at once
        await keep(context, filling, asked, merged_missing(before))
        title = language.line("That does not fit yet; please answer again.")
        return False, Message(title=title, mark=Mark.BAD, blocks=(Items(lines),))
    if sifted.minded & fresh or len(twins) == len(checked):
        fitting = {key: files for key, files in given.items() if key not in sifted.minded}
        right = sifted.right if sifted.minded & fresh else ()
        if fitting:
            services.dialogues.held.keep(who(context), fitting, tuple(filling.numbers.values()))
        if right or fitting:
            filling = filling.answered(Step(right, tuple(fitting)))
        filling = replace(filling, guessed=sifted.guessed)
        note = language.line("That does not fit yet.")
        again = await read(context, filling, accounts)
        return False, await ask(context, filling, again, asked, note=note, wrong=lines)
    values, files_read = held_instead(values, checked)
    given |= files_read
    if given:
        services.dialogues.held.keep(who(context), given, tuple(filling.numbers.values()))
    step = Step(values, tuple(given), tuple(item.account for item in twins))
    seen = not merged_missing(before)
    return True, await carry_on(context, filling.answered(step), asked, left_out=twins, step=step, seen=seen)


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


async def _store(
    context: Context, filling: Filling, prepared: Sequence[Prepared], *, hold: bool
) -> tuple[Request, ...]:
    name = next((item.values["name"] for item in prepared if "name" in item.values), filling.name)
    wrong = {
        item.account: questions.said_wrong(context, item)
        for item in prepared
        if item.blocked or not (item.complete or hold)
    }
    _, born = await context.services.requests.orders.submit(
        context.incoming, filling.kind, name, prepared, wrong=wrong, hold=hold
    )
    return born


async def _take_back(context: Context, filling: Filling, asked: Question) -> Reply:
    language = context.language
    if not filling.steps:
        note = language.line("There is nothing to take back.")
    else:
        fields = context.services.requests.preparation.union(filling.kind, tuple(filling.numbers), filling.said_to)
        note = taken_back(language, filling.steps[-1], fields)
        context.services.dialogues.held.give_back(who(context), filling.steps[-1].papers)
        filling = filling.without_last()
    prepared = await read(context, filling, tuple(filling.going))
    return await ask(context, filling, prepared, asked, note=note)


async def _send(context: Context, filling: Filling, prepared: Sequence[Prepared]) -> Reply:
    outcomes = [
        await context.services.requests.orders.complete(
            filling.numbers[item.account], item, context.incoming, standing=filling.stood.get(item.account, "")
        )
        for item in prepared
    ]
    await _done(context, filling)
    refused = next((not_possible(context.view, outcome) for outcome in outcomes if outcome.problem), None)
    shown = refused or await previewing.message(context, prepared, filling.steps)
    return shown or await on_its_way(context, [outcome.request for outcome in outcomes])


async def _done(context: Context, filling: Filling) -> None:
    """These requests were sent: the question about them is over, one about others stays."""
    incoming = context.incoming
    numbers = set(filling.numbers.values())

    def store(db: Any) -> bool:
        asked = dialogues.get(db, incoming.place, incoming.actor)
        if asked is None or asked.data.get("do") not in FILLS:
            return False
        other = Filling.from_json(asked.data)
        left = set(questions.still_open(db, other).going.values())
        if not numbers & set(other.numbers.values()) or left - numbers:
            return False
        dialogues.drop(db, incoming.place, incoming.actor)
        return True

    over = await context.services.database.write(store)
    context.services.dialogues.held.drop(who(context), () if over else tuple(numbers))
