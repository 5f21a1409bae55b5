"""Personal data is asked for one to one or in a form, never where others read along (`bot.contracts.personal`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.contracts import personal
from bot.contracts.fields import Field
from bot.contracts.message import Block, Button, Items, Line, Mark, Message, Text
from bot.contracts.model import Attachment
from bot.desk.asking import subject
from bot.desk.context import Context
from bot.desk.filling import Filling
from bot.requests.codes import Asked, awaited
from bot.requests.prepare import Prepared, Typed
from bot.requests.summary import merged_missing
from bot.wording.language import Language
from bot.wording.refusals import in_short
from bot.wording.view import next_commands


def asked_here(context: Context, prepared: Sequence[Prepared]) -> tuple[Prepared, ...]:
    """What each account has, with nothing private missing where it cannot be asked for."""
    prepared = tuple(without_code(item) for item in prepared)
    if context.incoming.direct:
        return prepared
    return tuple(replace(item, missing=tuple(one for one in item.missing if not one.private)) for item in prepared)


def without_code(item: Prepared) -> Prepared:
    """What an account has, without the code that a vendor sends while something else is missing: nobody has it yet."""
    code = awaited(item)
    left = tuple(one for one in item.missing if one is not code)
    return replace(item, missing=left) if code is not None and left else item


def told_of_codes(language: Language, asked: Sequence[Asked], *, in_form: bool = False) -> tuple[Line, ...]:
    """Where codes were sent, and why one was not; and how another is had, which nobody can ask for in words in a form."""
    lines: list[Line] = []
    for one in asked:
        told = {"account": one.account, "phone": one.phone}
        if one.trouble is not None:
            why = in_short(language, one.account, one.trouble)
            if in_form:
                lines.append(language.line("{account} did not send a code to {phone}: {why}.", why=why, **told))
                continue
            lines.append(
                language.line("{account} did not send a code to {phone}: {why}. Say `again`.", why=why, **told)
            )
        elif in_form:
            lines.append(
                language.line(
                    "{account} has sent a code to {phone}; none came after a minute? Hand in `0000` and it sends another.",
                    **told,
                )
            )
        else:
            lines.append(
                language.line("{account} has sent a code to {phone}; none came? Say `again` after a minute.", **told)
            )
    return tuple(lines)


async def with_codes(context: Context, prepared: Sequence[Prepared], refused: Message) -> Message:
    """The answer to what lacks nothing but a code, where nothing is asked in between: it is sent now, to be said with the rest."""
    language = context.language
    codes = [await context.services.requests.preparation.codes.ask(item, again=True) for item in prepared]
    lines = [
        language.line(
            "{account} has sent a code to {phone}: say it all once more, with it.", account=one.account, phone=one.phone
        )
        if one.trouble is None
        else told_of_codes(language, (one,), in_form=True)[0]
        for one in codes
        if one is not None
    ]
    return replace(refused, blocks=(Items(tuple(lines)), *refused.blocks)) if lines else refused


async def wrong_code(
    context: Context, checked: Sequence[Prepared], given: Mapping[str, tuple[Attachment, ...]]
) -> Prepared | None:
    """The account that says that a code is not the one it sent; none where nobody said one just now."""
    if not any(one.sent_to and one.key in given for one in personal.FIELDS.values()):
        return None
    for item in checked:
        if await context.services.requests.preparation.codes.wrong(item) is not None:
            return item
    return None


def missing_here(context: Context, prepared: Sequence[Prepared]) -> tuple[Field, ...]:
    """What is missing and can be asked for in this place."""
    return merged_missing(asked_here(context, prepared))


def later(context: Context, prepared: Sequence[Prepared]) -> tuple[Text, ...]:
    """That more will be asked for elsewhere, where that is so."""
    if not _private(context, prepared):
        return ()
    return (Text(context.language.line("Names and numbers of persons I ask for at the end, one to one.")),)


def held_instead(values: Typed, checked: Sequence[Prepared]) -> tuple[Typed, dict[str, tuple[Attachment, ...]]]:
    """Values without the paths of private files, whose names may name a person, and those files, to be held."""
    given = {key for key, _ in values}
    files = {
        key: tuple(Attachment(paper.name, paper.content) for paper in papers)
        for item in checked
        for key, papers in item.papers.items()
        if key in given and personal.private(key)
    }
    return tuple(pair for pair in values if pair[0] not in files), files


def way(context: Context, filling: Filling, prepared: Sequence[Prepared]) -> Message | None:
    """The way to where the rest is asked for; none while something can be asked here, or nothing is missing."""
    private = _private(context, prepared)
    if not private or missing_here(context, prepared):
        return None
    language = context.language
    numbers = tuple(filling.going.values())
    what = subject(language, filling.kind, filling.name, tuple(filling.going))
    title = language.line(
        "**#{number} {what}: the rest is personal data**, and I do not ask for it where others read along",
        number=numbers[0],
        what=what,
    )
    labels = language.joined([language.pick(field.label) for field in private])
    command = context.view.typed(f"edit #{numbers[0]}")
    blocks: list[Block] = [Text(language.line("Still missing: {labels}.", labels=labels))]
    if context.abilities.forms:
        blocks.append(Text(language.line("`{command}` opens a form that only you see.", command=command)))
    else:
        blocks.append(Text(language.line("Write me one to one: `{command}`. I ask for it there.", command=command)))
    if not context.abilities.forms and context.services.settings.person_of(context.incoming.actor.key) is None:
        blocks.append(
            Text(language.line("One to one I serve people whom the configuration names; an operator adds you."))
        )
    blocks.append(Text(language.line("It goes to the vendor and is kept nowhere here; after a restart I ask again.")))
    if not context.abilities.forms:
        return Message(title=title, blocks=tuple(blocks), shared=True)
    target = ",".join(f"#{number}" for number in numbers)
    buttons = (Button("edit", target, language.text("Fill in")),)
    return Message(title=title, blocks=tuple(blocks), buttons=buttons, shared=True)


def belongs_elsewhere(context: Context) -> Message:
    """Somebody typed personal data where others read along: nothing was done with it."""
    language = context.language
    blocks: list[Block] = [
        Text(language.line("Delete your message here. I kept nothing of it and did nothing else that it says.")),
        Text(
            language.line("Say it again without; what is missing I ask for one to one, or in a form that only you see.")
        ),
        next_commands(context.view, "qualification submit …", language.text("status mine")),
    ]
    title = language.line("**Personal data does not belong here, where others read along.**")
    return Message(title=title, mark=Mark.BAD, blocks=tuple(blocks))


def _private(context: Context, prepared: Sequence[Prepared]) -> tuple[Field, ...]:
    return () if context.incoming.direct else tuple(one for one in merged_missing(prepared) if one.private)
