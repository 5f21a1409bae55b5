"""Use case: a submission from its first words to the queue, asking for what is missing where the chat can ask."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot import access
from bot.commands.command import Mistake
from bot.commands.mistakes import mistake
from bot.commands.tokens import quoted
from bot.contracts.fields import Field, FieldType
from bot.contracts.message import Button, Items, Line, Mark, Message, Text, plain
from bot.contracts.model import Actor, Attachment, Kind, Place, Question, Request, State
from bot.dialogue import Filling, Said, Step, code_alone, meant_for, names_a_file, sayable, understand
from bot.requests.cards import not_possible
from bot.requests.prepare import Prepared, Typed
from bot.requests.summary import lacking_lines, merged_missing, problem_lines
from bot.services import Context, Reply
from bot.store import dialogues, requests
from bot.wording.asking import Pairing, copied, question, subject, taken_back
from bot.wording.language import Language
from bot.wording.problems import key_word, refused_input
from bot.wording.view import capital, next_commands
from bot.wording.words import KIND_WORDS, KINDS, STATES

UNSEEN = "unseen"
"""Of a kept question: it was put in a form, and no words of it stand in the conversation."""


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
        return _refuse(context, filling, prepared)
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
            context.services.hand.keep(who(context), files, tuple(held.numbers.values()))
        return await _ask(context, held, going, left_out=[item for item in prepared if item.blocked])
    if not any(item.complete for item in prepared):
        return _refuse(context, filling, prepared)
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
        return _refuse(context, filling, prepared)
    if merged_missing(prepared):
        if context.incoming.can_ask:
            return await _ask(context, filling, prepared, asked, left_out=left_out)
        return _refuse(context, filling, prepared)
    return await _send(context, filling, prepared)


async def answer(context: Context, asked: Question) -> Reply:
    """The next thing somebody said in the dialogue of a submission."""
    filling = await _still_open(context, Filling.from_json(asked.data))
    if not filling.going:
        return await _over(context, Filling.from_json(asked.data))
    text = copied(context.incoming.text, context.services.languages.values())
    files = context.incoming.files
    if asked.code and code_alone(text) == asked.code:
        if not files:
            return _code_belongs_elsewhere(context, asked.code)
        text = ""
    prepared = await _read(context, filling, tuple(filling.going))
    missing = merged_missing(prepared)
    if files and names_a_file(text, missing):
        text = ""
    known = context.services.forms.union(filling.kind, tuple(filling.going))
    understood = understand(text, missing, known, paths=context.paths)
    if isinstance(understood, Mistake):
        return mistake(context.language, understood, context.services.commands)
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
                return await _ask(context, filling, prepared, asked, note=note)
            return await carry_on(context, filling.answered(Step(skipped=wanting)), asked)
        case Said.SUBMIT if not missing:
            return await carry_on(context, filling, asked)
        case Said.SUBMIT:
            note = language.line("It cannot be submitted yet.")
            return await _ask(context, filling, prepared, asked, note=note)
        case Said.VALUES | Said.NOTHING if values or files:
            _, reply = await _take(context, filling, asked, values, files, language)
            return reply
        case _:
            in_vain = said is Said.NOTHING and text.strip() and missing
            no_words = in_vain and not any(sayable(field, paths=context.paths) for field in missing)
            note = language.line("A file is wanted here.") if no_words else ()
            return await _ask(context, filling, prepared, asked, note=note, whole=said is Said.SUMMARY)


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
    given = meant_for(files, merged_missing(before), services.forms.union(filling.kind, accounts))
    fuller = filling.answered(Step(values, tuple(given)))
    checked = await _read(context, fuller, accounts, given)
    if not filling.editing:
        checked = await _without_twins(context, filling.kind, checked)
    fresh = {key for key, _ in values} | set(given)
    wrong = any(problem.key in fresh for item in checked for problem in item.problems)
    twins = [item for item in checked if item.twin is not None]
    if wrong or len(twins) == len(checked):
        await _keep(context, filling, asked, merged_missing(before))
        return False, Message(
            title=language.line("That does not fit yet; please answer again."),
            mark=Mark.BAD,
            blocks=(Items(_lines(language, checked, missing=False)),),
        )
    if given:
        services.hand.keep(who(context), given, tuple(filling.numbers.values()))
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
    filling = await _still_open(context, Filling.from_json(asked.data))
    if not filling.going:
        return False, await _over(context, Filling.from_json(asked.data))
    return await _take(context, filling, asked, (), files, language)


async def left(context: Context, numbers: Sequence[int], values: Typed) -> None:
    """A form about these requests was left: an answer in words goes on from there, where words were asked for.

    Where the question stood in the form only, it is over: nobody saw anything that words could answer.
    """
    incoming = context.incoming
    async with context.services.turns.of(who(context)):
        asked = await context.services.database.read(lambda db: dialogues.get(db, incoming.place, incoming.actor))
        if asked is None or asked.data.get("do") != "fill":
            return
        filling = Filling.from_json(asked.data)
        if set(numbers) & set(filling.numbers.values()):
            if asked.data.get(UNSEEN):
                await _drop(context)
                return
            filling = filling.answered(Step(values))
            prepared = await _read(context, filling, tuple(filling.going))
            await _keep(context, filling, asked, merged_missing(prepared))


async def _read(
    context: Context,
    filling: Filling,
    accounts: Sequence[str],
    files: Mapping[str, tuple[Attachment, ...]] | None = None,
) -> tuple[Prepared, ...]:
    """What each account would get, with the files held so far and these."""
    numbers = tuple(filling.numbers.values())
    held = context.services.hand.look(who(context), numbers) if numbers else {}
    return await context.services.forms.read(
        filling.kind,
        accounts,
        name=filling.name,
        typed=tuple(pair for pair in filling.said if pair[0] != "name"),
        attachments=() if numbers else context.incoming.files,
        files={**held, **(files or {})},
        paths=context.paths,
    )


async def _without_twins(context: Context, kind: Kind, prepared: Sequence[Prepared]) -> tuple[Prepared, ...]:
    """The same thing that already stands at an account is a problem there: nobody submits it twice by mistake."""
    checked = []
    for item in prepared:
        twins = await context.services.submissions.twins(kind, item) if item.values.get("name") else ()
        checked.append(replace(item, twin=twins[0]) if twins else item)
    return tuple(checked)


async def _store(
    context: Context, filling: Filling, prepared: Sequence[Prepared], *, hold: bool
) -> tuple[Request, ...]:
    name = next((item.values["name"] for item in prepared if "name" in item.values), filling.name)
    reasons = {item.account: _reason(context, item) for item in prepared if item.blocked or not (item.complete or hold)}
    _, born = await context.services.submissions.submit(
        context.incoming, filling.kind, name, prepared, reasons=reasons, hold=hold
    )
    return born


def _reason(context: Context, item: Prepared) -> str:
    lines = _lines(context.language, (item,))
    return " ".join(plain(line) for line in lines)


# --- Asking ----------------------------------------------------------------------------------------------------------


async def _ask(
    context: Context,
    filling: Filling,
    prepared: Sequence[Prepared],
    asked: Question | None = None,
    *,
    left_out: Sequence[Prepared] = (),
    note: Line = (),
    whole: bool = False,
) -> Reply:
    """Ask for what is missing, in a form where that can be, otherwise in words.

    Args:
        asked: the question that was answered with this.
        left_out: accounts that are not part of it any more.
        note: said first.
        whole: sum up everything, whatever is missing.
    """
    services, incoming = context.services, context.incoming
    if filling.steps:
        for item in prepared:
            await services.submissions.keep(filling.numbers[item.account], item.values, incoming.actor)
    missing = merged_missing(prepared)
    numbers = tuple(filling.going.values())
    in_words = left_out or note or whole
    unseen = asked is None and not in_words and not await _is_asked_in_words(context, numbers)
    kept = await _keep(context, filling, asked, missing, unseen=unseen)
    if not in_words and await services.ask_in_form(incoming, numbers, filling.kind):
        return None
    if unseen:
        kept = await _keep(context, filling, kept, missing)
    message = question(
        context.language,
        filling.kind,
        filling.name,
        prepared,
        services.forms.fields(filling.kind, tuple(filling.going)),
        left_out=_lines(context.language, left_out, several=True),
        note=note,
        whole=whole,
        paths=context.paths,
        pairing=_pairing(context, kept) if any(field.type is FieldType.FILE for field in missing) else None,
    )
    if incoming.place.platform not in services.forms_in:
        return message
    target = ",".join(f"#{number}" for number in numbers)
    return replace(message, buttons=(Button("edit", target, context.language.text("Fill in")),))


async def _is_asked_in_words(context: Context, numbers: Sequence[int]) -> bool:
    """Whether a question about these requests stands in the conversation."""
    incoming = context.incoming
    asked = await context.services.database.read(lambda db: dialogues.get(db, incoming.place, incoming.actor))
    if asked is None or asked.data.get("do") != "fill" or asked.data.get(UNSEEN):
        return False
    return bool(set(numbers) & set(Filling.from_json(asked.data).numbers.values()))


async def _keep(
    context: Context, filling: Filling, asked: Question | None, missing: Sequence[Field], *, unseen: bool = False
) -> Question:
    """Store the question; the time begins anew.

    Args:
        unseen: whether it is put in a form only, so that closing the form ends it.
    """
    services, incoming = context.services, context.incoming
    now = services.clock.now()
    fresh = Question(
        place=incoming.place,
        actor=incoming.actor,
        data={
            **replace(filling, missing=tuple(field.key for field in missing)).to_json(),
            **({UNSEEN: True} if unseen else {}),
        },
        asked_at=now,
        expires_at=now + services.patience.forget,
        remind_at=now + services.patience.remind,
        code=asked.code if asked else "",
        wrong=asked.wrong if asked else 0,
        files_from=asked.files_from if asked else "",
    )
    wants_code = _can_pair(context) and any(field.type is FieldType.FILE for field in missing)
    return await services.database.write(lambda db: dialogues.put(db, fresh, _code if wants_code else None))


def _code(digits: int) -> str:
    least: int = 10 ** (digits - 1)
    return str(least + secrets.randbelow(9 * least))


def _can_pair(context: Context) -> bool:
    """Whether a file can be handed in one to one: where files do not travel, by people who are served there."""
    incoming, services = context.incoming, context.services
    apart = incoming.place.platform in services.pairs_in and not incoming.direct
    return apart and access.person_of(incoming.actor.key, services.settings) is not None


def _pairing(context: Context, asked: Question) -> Pairing | None:
    """How a file gets here, where it does not travel freely."""
    if context.incoming.direct or context.incoming.place.platform not in context.services.pairs_in:
        return None
    return Pairing(asked.code)


def _code_belongs_elsewhere(context: Context, code: str) -> Message:
    """A code was said in the group, where it does nothing."""
    language = context.language
    return Message(
        title=language.line("The code `{code}` belongs into our 1:1 chat, with the file.", code=code),
        blocks=(Text(language.line("Send both to me there; here I go on as soon as the file has come.")),),
    )


# --- Answers ---------------------------------------------------------------------------------------------------------


async def _still_open(context: Context, filling: Filling) -> Filling:
    """Without the requests that went on by other ways: in a form, by a command, or sent before a restart."""
    services = context.services
    kept = await services.database.read(lambda db: dialogues.still_open(db, filling))
    return kept.only([account for account in kept.numbers if account in services.vendors])


async def _over(context: Context, filling: Filling) -> Message:
    """There is nothing left to fill in."""
    await _drop(context)
    language = context.language
    numbers = tuple(filling.going.values())
    found = await context.services.database.read(lambda db: requests.of_numbers(db, numbers))
    lines = tuple(
        language.line(
            "#{number} {name} at {account}: {state}",
            number=request.number,
            name=request.name,
            account=request.account,
            state=language.pick(STATES[request.state]),
        )
        for request in found
    )
    ahead = (next_commands(context.view, f"status #{found[0].number}"),) if found else ()
    return Message(
        title=language.line("**This question is over**; nothing more is missing here."), blocks=(Items(lines), *ahead)
    )


async def _take_back(context: Context, filling: Filling, asked: Question) -> Reply:
    language = context.language
    if not filling.steps:
        note = language.line("There is nothing to take back.")
    else:
        fields = context.services.forms.union(filling.kind, tuple(filling.numbers))
        note = taken_back(language, filling.steps[-1], fields)
        context.services.hand.give_back(who(context), filling.steps[-1].papers)
        filling = filling.without_last()
    prepared = await _read(context, filling, tuple(filling.going))
    return await _ask(context, filling, prepared, asked, note=note)


async def _send(context: Context, filling: Filling, prepared: Sequence[Prepared]) -> Reply:
    outcomes = [
        await context.services.submissions.complete(
            filling.numbers[item.account], item, context.incoming.actor, standing=filling.stood.get(item.account, "")
        )
        for item in prepared
    ]
    await _done(context, filling)
    return next((not_possible(context.view, outcome) for outcome in outcomes if outcome.problem), None)


async def _give_up(context: Context, filling: Filling) -> Reply:
    await _drop(context)
    if not filling.editing:
        for number in filling.going.values():
            await context.services.submissions.delete(number, context.incoming.actor)
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
        left = set(dialogues.still_open(db, other).going.values())
        if not numbers & set(other.numbers.values()) or left - numbers:
            return False
        dialogues.drop(db, incoming.place, incoming.actor)
        return True

    over = await context.services.database.write(store)
    context.services.hand.drop(who(context), () if over else tuple(numbers))


async def _drop(context: Context) -> None:
    """Nothing is asked any more, and no file is held."""
    incoming = context.incoming
    await context.services.database.write(lambda db: dialogues.drop(db, incoming.place, incoming.actor))
    context.services.hand.drop(who(context))


def _lines(
    language: Language, prepared: Sequence[Prepared], *, several: bool = False, missing: bool = True
) -> tuple[Line, ...]:
    """Everything that is wrong; the account is named where there are several."""
    several = several or len(prepared) > 1
    twins = tuple(
        language.line(
            "{account}: #{number} is the same and is {state}.",
            account=item.account,
            number=item.twin.number,
            state=language.pick(STATES[item.twin.state]),
        )
        for item in prepared
        if item.twin is not None
    )
    wanting = [item for item in prepared if missing and not item.problems and item.twin is None]
    lacking = lacking_lines(language, wanting, several=several)
    return (*problem_lines(language, prepared, several=several), *twins, *lacking)


def _refuse(context: Context, filling: Filling, prepared: Sequence[Prepared]) -> Message:
    """Nothing was sent: everything that is wrong or missing, and how to say it right."""
    language = context.language
    numbers = tuple(filling.numbers.values()) if filling.editing else ()
    lines = _lines(language, prepared)
    if numbers:
        title = language.line("**#{number} was not changed.**", number=numbers[0])
        ahead = next_commands(context.view, f"show #{numbers[0]}")
        return Message(title=title, mark=Mark.BAD, blocks=(Items(lines), ahead))
    kind = capital(language.pick(KINDS[filling.kind]))
    title = language.line("**{kind} {name} was not sent.**", kind=kind, name=filling.name)
    examples = [
        context.view.typed(
            f"{KIND_WORDS[filling.kind]} submit {context.naming(filling.kind, [one.account for one in prepared])} "
            f"{quoted(filling.name) if filling.name else '…'} {key_word(language, field)}=…"
        )
        for item in prepared[:1]
        if not item.blocked
        for field in item.missing[:1]
    ]
    refused = refused_input(language, title, lines, examples)
    twins = [f"show #{item.twin.number}" for item in prepared if item.twin is not None]
    return replace(refused, blocks=(*refused.blocks, next_commands(context.view, *twins))) if twins else refused


def who(context: Context) -> str:
    """Under whose name files of a dialogue are held."""
    return whose(context.incoming.place, context.incoming.actor)


def whose(place: Place, actor: Actor) -> str:
    """The dialogue of one person in one conversation, as one name."""
    return f"{place.platform}:{place.conversation}:{actor.key}"
