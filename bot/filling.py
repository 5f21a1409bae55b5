"""Use case: a submission from its first words to the queue, asking for what is missing where the chat can ask."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.command import Mistake
from bot.dialogue import Filling, Said, understand
from bot.intake import Prepared
from bot.message import Button, Items, Line, Mark, Message, Text, plain
from bot.model import Kind, Request
from bot.services import Context, Reply
from bot.store import dialogues
from bot.submissions import Outcome
from bot.wording.asking import merged_missing, problem_lines, question
from bot.wording.cards import next_commands
from bot.wording.mistakes import mistake
from bot.wording.problems import key_word, missing_line, refused_input
from bot.wording.view import KIND_WORDS, KINDS, STATES


async def begin(context: Context, filling: Filling, accounts: Sequence[str]) -> Reply:
    """A new submission to one account or several.

    Args:
        context: who asks where.
        filling: what was said; no requests yet.
        accounts: to whom.

    Returns:
        What to answer at once; none when the card follows.
    """
    services = context.services
    prepared = await _read(context, filling, accounts)
    prepared = await _without_twins(context, filling.kind, prepared)
    if all(item.blocked for item in prepared):
        return _refuse(context, filling, prepared)
    missing = merged_missing([item for item in prepared if not item.blocked])
    if missing and context.incoming.can_ask:
        drafts = await _store(context, filling, prepared, hold=True)
        going = [item for item in prepared if not item.blocked]
        numbers = {request.account: request.number for request in drafts}
        held = replace(filling, numbers={item.account: numbers[item.account] for item in going})
        return await _ask(context, held, going, left_out=[item for item in prepared if item.blocked])
    if not any(item.complete for item in prepared):
        return _refuse(context, filling, prepared)
    await _store(context, filling, prepared, hold=False)
    services.hand.drop(who(context))
    return None


async def carry_on(context: Context, filling: Filling) -> Reply:
    """More was said about a draft, or about a request that is to be changed: ask on, refuse, or send."""
    prepared = await _read(context, filling, tuple(filling.numbers))
    if any(item.problems for item in prepared):
        return _refuse(context, filling, prepared)
    if merged_missing(prepared):
        if context.incoming.can_ask:
            return await _ask(context, filling, prepared)
        return _refuse(context, filling, prepared)
    for item in prepared:
        outcome = await context.services.submissions.complete(
            filling.numbers[item.account], item, context.incoming.actor
        )
        if outcome.problem:
            return not_possible(context, outcome)
    await _drop(context)
    return None


async def answer(context: Context, data: Mapping[str, Any]) -> Reply:
    """The next thing somebody said in the dialogue of a submission."""
    filling = Filling.from_json(data)
    language = context.language
    services = context.services
    prepared = await _read(context, filling, tuple(filling.numbers))
    known = services.forms.union(filling.kind, tuple(filling.numbers))
    missing = merged_missing(prepared)
    if context.incoming.files:
        services.hand.keep(who(context), {"paper": context.incoming.files})
        if not context.incoming.text.strip():
            return await carry_on(context, filling)
    understood = understand(context.incoming.text, missing, known)
    if isinstance(understood, Mistake):
        return mistake(language, understood, services.commands)
    said, values = understood
    match said:
        case Said.CANCEL:
            return await _give_up(context, filling)
        case Said.BACK:
            return await _ask(context, filling.without_last(), None)
        case Said.SKIP:
            wanting = {item.account for item in prepared if missing and item.lacks(missing[0].key)}
            rest = [item.account for item in prepared if item.account not in wanting]
            if not rest:
                return await _give_up(context, filling)
            return await carry_on(context, filling.only(rest))
        case _:
            fuller = filling.with_values(values)
            checked = await _read(context, fuller, tuple(filling.numbers))
            fresh = {key for key, _ in values}
            wrong = [item for item in checked if any(problem.key in fresh for problem in item.problems)]
            if wrong:
                lines = problem_lines(language, checked, several=len(checked) > 1)
                return Message(
                    title=language.line("That does not fit yet; please answer again."),
                    mark=Mark.BAD,
                    blocks=(Items(lines),),
                )
            return await carry_on(context, fuller)


def not_possible(context: Context, outcome: Outcome) -> Message:
    """An order that was not taken up, why, and what is possible."""
    language = context.language
    request = outcome.request
    head = {
        "number": request.number,
        "kind": language.pick(KINDS[request.kind]),
        "name": request.name,
        "account": request.account,
        "state": language.pick(STATES[request.state]),
    }
    match outcome.problem:
        case "gone":
            text = language.line("#{number} {name} is {state}; it cannot be changed any more.", **head)
        case "busy":
            text = language.line("#{number} {name} is {state}; wait until {account} has answered.", **head)
        case "no_rename":
            text = language.line(
                "{account} cannot change the name of a {kind}; submit the new name as a new one.", **head
            )
        case _:
            text = language.line("{account} does not allow this for a {kind} that is {state}.", **head)
    return Message(
        title=language.line("**#{number} was not changed.**", **head),
        mark=Mark.BAD,
        blocks=(Text(text), next_commands(context.view, f"show #{request.number}")),
    )


async def _read(context: Context, filling: Filling, accounts: Sequence[str]) -> tuple[Prepared, ...]:
    return await context.services.forms.read(
        filling.kind,
        accounts,
        name=filling.name,
        typed=tuple(pair for pair in filling.typed if pair[0] != "name"),
        attachments=() if filling.numbers else context.incoming.files,
        files=context.services.hand.look(who(context)),
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
    if hold:
        context.services.hand.keep(who(context), {"paper": context.incoming.files} if context.incoming.files else {})
    reasons = {item.account: _reason(context, item) for item in prepared if item.blocked or not (item.complete or hold)}
    _, born = await context.services.submissions.submit(
        context.incoming, filling.kind, name, prepared, reasons=reasons, hold=hold
    )
    return born


def _reason(context: Context, item: Prepared) -> str:
    lines = _lines(context, (item,))
    return " ".join(plain(line) for line in lines)


async def _ask(
    context: Context,
    filling: Filling,
    prepared: Sequence[Prepared] | None,
    left_out: Sequence[Prepared] = (),
) -> Reply:
    services = context.services
    if prepared is None:
        prepared = await _read(context, filling, tuple(filling.numbers))
    now = services.clock.now()
    incoming = context.incoming
    await services.database.write(lambda db: dialogues.put(db, incoming.place, incoming.actor, filling.to_json(), now))
    numbers = tuple(filling.numbers.values())
    if not left_out and await services.ask_in_form(incoming, numbers, filling.kind):
        return None
    left = _lines(context, left_out, several=True)
    asked = question(context.language, filling.kind, filling.name, prepared, left)
    if incoming.place.platform not in services.forms_in:
        return asked
    target = ",".join(f"#{number}" for number in numbers)
    return replace(asked, buttons=(Button("edit", target, context.language.text("Fill in")),))


async def _give_up(context: Context, filling: Filling) -> Reply:
    await _drop(context)
    if not filling.editing:
        for number in filling.numbers.values():
            await context.services.submissions.delete(number, context.incoming.actor)
    return Message(title=context.language.line("Given up; nothing was sent."))


async def _drop(context: Context) -> None:
    incoming = context.incoming
    await context.services.database.write(lambda db: dialogues.drop(db, incoming.place, incoming.actor))
    context.services.hand.drop(who(context))


def _lines(context: Context, prepared: Sequence[Prepared], *, several: bool = False) -> tuple[Line, ...]:
    """Everything that is wrong; the account is named where there are several."""
    language = context.language
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
    missing = tuple(
        (
            *(language.line("{account}: ", account=item.account) if several else ()),
            *missing_line(language, field, [option.value for option in item.usable(field.key)]),
        )
        for item in prepared
        if not item.problems
        for field in item.missing
    )
    return (*problem_lines(language, prepared, several=several), *twins, *missing)


def _refuse(context: Context, filling: Filling, prepared: Sequence[Prepared]) -> Message:
    language = context.language
    title = language.line("**{kind} {name} was not sent.**", kind=language.pick(KINDS[filling.kind]), name=filling.name)
    examples = [
        context.view.typed(
            f"{KIND_WORDS[filling.kind]} submit {item.account} {filling.name or 'NAME'} {key_word(language, field)}=…"
        )
        for item in prepared[:1]
        if not item.blocked
        for field in item.missing[:1]
    ]
    return refused_input(language, title, _lines(context, prepared), examples)


def who(context: Context) -> str:
    """Under whose name files of a dialogue are held."""
    place = context.incoming.place
    return f"{place.platform}:{place.conversation}:{context.incoming.actor.key}"
