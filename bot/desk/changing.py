"""What shall be changed in a request that a vendor has: asked, and answered by number, by name, or with the new value."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.commands.command import Mistake
from bot.commands.mistakes import mistake
from bot.contracts import personal
from bot.contracts.fields import Field, FieldType, field_for, fold
from bot.contracts.message import Block, Items, Line, Mark, Message, Text
from bot.contracts.model import Attachment, Kind, Question, Request, State
from bot.desk import dialogue, plainly
from bot.desk.answers import Said, gives_up, meant_for, understand
from bot.desk.asking import one_field, where_to_answer
from bot.desk.context import Context, Reply
from bot.desk.filling import Filling
from bot.desk.questions import drop, keep, over, still_asked, who
from bot.desk.sifting import together
from bot.requests.cards import called, reason_blocks
from bot.requests.prepare import Typed, unknown_keys
from bot.requests.summary import shown_value
from bot.wording.problems import key_word, problem_line
from bot.wording.view import next_commands

DO = "change"
"""What such a question does."""

_FIELD = "field"
"""Of a kept question: the key whose new value is due."""

_NUMBERED = re.compile(r"\s*(?P<number>[0-9]{1,2})\s*(?:[.、:：=＝)]\s*|\s+)(?P<value>\S.*)", re.DOTALL)
"""A number of the list with the new value behind it: `1 速达物流`, `1：速达物流`."""


async def ask(context: Context, request: Request, filling: Filling, *, wrong: Sequence[Line] = ()) -> Message:
    """Ask what shall be changed.

    Args:
        context: who asks where.
        request: what is to be changed.
        filling: as it stands.
        wrong: why the last answer was not taken.
    """
    language = context.language
    await _keep(context, filling)
    changeable = _changeable(context, request)
    lines = tuple(
        (
            f"{position}. ",
            *language.line("`{key}` = {value}", key=key_word(language, field), value=_now(context, request, field)),
        )
        for position, field in enumerate(changeable, 1)
    )
    ability = context.ability(request)
    wanted = {Kind.TEMPLATE: "content", Kind.QUALIFICATION: "paper"}.get(
        request.kind, "name" if ability.renames else ""
    )
    likely = next((field for field in changeable if field.key == wanted), changeable[-1])
    key = key_word(language, likely)
    title = language.line(
        "**What shall be changed in #{number} {name}?**", number=request.number, name=called(language, request)
    )
    blocks: list[Block] = [Items(tuple(wrong))] if wrong else []
    blocks += reason_blocks(context.view, request) if request.state is State.REJECTED else ()
    blocks.append(Items(lines))
    blocks.append(
        Text(language.line("Answer with the number, or with `{key}=…` at once; `cancel` leaves it.", key=key))
    )
    blocks.append(
        Text(language.line("What you change goes to {account} at once, for review.", account=request.account))
    )
    blocks += where_to_answer(language, context.incoming, context.abilities)
    blocks.append(next_commands(context.view, f"edit #{request.number} {key}=…"))
    return Message(title=title, mark=Mark.BAD if wrong else Mark.NONE, blocks=tuple(blocks))


async def answer(context: Context, asked: Question) -> Reply:
    """The next thing somebody said after they were asked what shall be changed."""
    filling = await still_asked(context, Filling.from_json(asked.data))
    if not filling.going:
        return await over(context, Filling.from_json(asked.data))
    language, text, files = context.language, context.incoming.text, context.incoming.files
    if gives_up(text):
        await drop(context)
        return Message(title=language.line("**#{number}** is left as it was.", number=_number(filling)))
    request = await context.request(_number(filling))
    changeable = _changeable(context, request)
    due = field_for(str(asked.data.get(_FIELD, "")), changeable)
    chosen, text = _chosen(text, changeable, due)
    if chosen is not None and not text and not files:
        return await _value_of(context, request, filling, chosen)
    due = chosen or due
    fields = context.services.requests.preparation.of(request)
    understood = understand(text, (due,) if due else (), fields, paths=context.paths)
    if isinstance(understood, Mistake):
        return mistake(language, understood, context.services.speech.commands)
    said, values = understood
    values, secret = personal.apart(values)
    secret = {**context.incoming.papers, **secret}
    if said is Said.BACK:
        return await ask(context, request, filling)
    if doubts := plainly.in_values(values, context.incoming):
        return plainly.asked_again(language, doubts)
    if unknown := unknown_keys(values, (fields,)):
        wrong = tuple(problem_line(language, problem) for problem in unknown)
        return await ask(context, request, filling, wrong=wrong)
    given = {**meant_for(files, (due,) if due else (), fields), **secret}
    if said not in (Said.VALUES, Said.ASIDE) and not given:
        if due is not None:
            return await _value_of(context, request, filling, due)
        return await ask(context, request, filling, wrong=(language.line("That names nothing of these."),))
    return await _change(context, filling, values, given)


async def _change(
    context: Context, filling: Filling, values: Typed, given: Mapping[str, tuple[Attachment, ...]]
) -> Reply:
    if given:
        context.services.dialogues.held.keep(who(context), given, tuple(filling.numbers.values()))
    return await dialogue.carry_on(context, filling.with_values(values))


async def _value_of(context: Context, request: Request, filling: Filling, field: Field) -> Message:
    """Ask for the new value of one field."""
    language = context.language
    await _keep(context, filling, field.key)
    title = language.line(
        "**{label} of #{number}: what shall it be?**", label=language.pick(field.label), number=request.number
    )
    return Message(
        title=title,
        blocks=(
            Items((one_field(language, field),)),
            Text(language.line("Now: {value}", value=_now(context, request, field))),
            Text(
                language.line(
                    "With your answer it goes to {account}, for review. `back` shows the list, `cancel` leaves it.",
                    account=request.account,
                )
            ),
            *where_to_answer(language, context.incoming, context.abilities),
        ),
    )


async def _keep(context: Context, filling: Filling, field: str = "") -> None:
    await keep(context, filling, None, (), more={"do": DO, _FIELD: field})


def _number(filling: Filling) -> int:
    return next(iter(filling.going.values()))


def _changeable(context: Context, request: Request) -> tuple[Field, ...]:
    """What can be changed: what has a value, and files."""
    renames = context.ability(request).renames or request.state in (State.DRAFT, State.FAILED)
    fields = context.services.requests.preparation.of(request)
    return tuple(
        field
        for field in fields
        if (field.key in request.values or (_is_not_kept(field) and _goes_along(field, request)))
        and (context.incoming.direct or not field.private)
        and not field.sent_to
        and (field.key not in context.ability(request).fixed or request.state in (State.DRAFT, State.FAILED))
        and (field.key != "name" or renames)
    )


def _is_not_kept(field: Field) -> bool:
    return field.private or field.type is FieldType.FILE


def _goes_along(field: Field, request: Request) -> bool:
    return field.shown is None or field.shown.holds(request.values)


def _now(context: Context, request: Request, field: Field) -> str:
    language = context.language
    if field.private:
        return language.text("not kept")
    if field.type is FieldType.FILE:
        names = [str(paper.get("name", "")) for paper in request.papers if paper.get("key") == field.key]
        names = [name for name in names if name]
        return language.joined(names) or request.values.get(field.key) or language.text("none")
    return shown_value(language, field, request.values.get(field.key, ""))


def _chosen(text: str, changeable: Sequence[Field], due: Field | None) -> tuple[Field | None, str]:
    """The field that an answer names, by number, key or label, and the new value where it says that too."""
    if due is not None:
        return None, text
    word = fold(text)
    if word.isdecimal() and 1 <= int(word) <= len(changeable):
        return changeable[int(word) - 1], ""
    named = [
        field
        for field in changeable
        if word in {fold(name) for name in (field.key, *field.aliases, field.label.en, field.label.zh)}
    ]
    if named:
        return named[0], ""
    found = _NUMBERED.fullmatch(text)
    if found and 1 <= int(found["number"]) <= len(changeable):
        return changeable[int(found["number"]) - 1], found["value"]
    return None, text


def of(request: Request) -> Filling:
    """A request as it stands, to be changed."""
    return Filling(
        kind=request.kind,
        numbers={request.account: request.number},
        typed=tuple(request.submission().values.items()),
        editing=True,
        stood={request.account: request.standing},
    )


def together_of(requests: Sequence[Request]) -> Filling:
    """Drafts of one command, to be filled in as one."""
    numbers = {request.account: request.number for request in requests}
    begun = Filling(kind=requests[0].kind, numbers=numbers, typed=(), editing=True)
    stood = {request.account: request.standing for request in requests}
    return replace(together(begun, {one.account: tuple(one.values.items()) for one in requests}), stood=stood)
