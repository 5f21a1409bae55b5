"""The question of a guided dialogue: what is still missing, what there is so far, and how to answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from bot.contracts.chat import ChatAbilities
from bot.contracts.fields import Field, FieldType, When, field_for
from bot.contracts.message import Block, Button, Items, Line, Mark, Mention, Message, Text
from bot.contracts.message import Typed as SpelledCommand
from bot.contracts.model import Actor, Incoming, Kind, Question
from bot.contracts.vocabulary import MEDIA, VOCABULARY
from bot.desk.answers import sayable
from bot.desk.filling import Filling, Step
from bot.desk.keeping import leads, named, said
from bot.requests.prepare import Prepared, Typed
from bot.requests.summary import known_ids, merged_missing, shown_value, summary
from bot.wording.language import Language, marked
from bot.wording.problems import key_word, labelled, numbered, size, types
from bot.wording.view import View, next_commands
from bot.wording.words import KINDS

TAKEN_BACK_CHARACTERS = 30
"""Of a value, in a summary and where it was taken back; the rest is left out."""

LEAD = marked("Or all at once: copy these lines, fill them in and send them back:")

SUBMITTING = marked("Or all at once, and it is submitted: copy these lines, fill them in and send them back:")
"""The same where those lines are all that is missing."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """How a file gets to a question in a conversation where files do not travel freely.

    Args:
        code: with which it may be handed in one to one; empty for whoever is not served there.
    """

    code: str


def question(
    language: Language,
    kind: Kind,
    name: str,
    prepared: Sequence[Prepared],
    fields: Mapping[str, Sequence[Field]],
    *,
    left_out: Sequence[Line] = (),
    note: Line = (),
    wrong: Sequence[Line] = (),
    guess: Line = (),
    whole: bool = False,
    paths: bool = False,
    pairing: Pairing | None = None,
    where: Sequence[Block] = (),
) -> Message:
    """Ask for what is missing; the last one is asked for with everything that will be submitted.

    Args:
        language: the reader's.
        kind: what is submitted.
        name: as typed; may be empty.
        prepared: what each account has so far.
        fields: account → what its vendor declares.
        left_out: why some accounts are not part of it; they are kept as drafts.
        note: said first.
        wrong: what of the last answer was not taken, and why.
        guess: what may have been meant, and is taken at a `yes`.
        whole: sum up everything, whatever is missing.
        paths: whether a file can be said in words, as a path.
        pairing: how a file gets here, where that is not as usual.
        where: how an answer gets here, where not everything is heard.
    """
    missing = merged_missing(prepared)
    blocks: list[Block] = [Items(tuple(wrong))] if wrong else []
    if guess:
        blocks.append(Text(guess))
    if missing:
        blocks.append(
            Items(
                tuple((f"{position}. ", *_ask(language, field, prepared)) for position, field in enumerate(missing, 1))
            )
        )
    if pairing is not None:
        blocks.append(Text(_how_files_get_here(language, pairing)))
    if left_out:
        blocks += [Text(language.line("Left out, kept as drafts:")), Items(tuple(left_out))]
    if whole or len(missing) <= 1:
        blocks.append(Text(_heading(language, missing, fields)))
        blocks.append(Items(summary(language, prepared, fields)))
    else:
        blocks += _defaulted(language, prepared, fields)
    typed = [field for field in missing if sayable(field, paths=paths)]
    blocks.append(Text(_how_to_answer(language, missing, typed, paths=paths)))
    blocks += where
    if missing and not all(item.lacks(missing[0].key) for item in prepared):
        blocks.append(
            Text(
                language.line("`skip` leaves out the vendors that want the first one; they are kept as drafts.")
                if len(missing) > 1
                else language.line("`skip` submits it without the vendors that want this one; they are kept as drafts.")
            )
        )
    if len(typed) > 1:  # last, so that nothing stands behind it where the whole message is copied
        blocks.append(Text((language.text(said(SUBMITTING, fields) if len(typed) == len(missing) else LEAD),)))
        blocks.append(Text(("\n".join(f"{key_word(language, field)}{_colon(language)}" for field in typed),)))
    what = subject(language, kind, name, [item.account for item in prepared])
    title = _title(language, named(what, fields), fields, len(missing))
    return Message(title=language.sentences((note, title)), mark=Mark.BAD if wrong else Mark.NONE, blocks=tuple(blocks))


def copied(text: str, languages: Iterable[Language]) -> str:
    """What was filled in, where somebody copied the whole question with the lines.

    Args:
        text: as it was sent back.
        languages: in which the question can have been put.
    """
    for language in languages:
        for sentence in (LEAD, *leads(SUBMITTING)):
            _, lead, lines = text.rpartition(language.text(sentence))
            if lead:
                return lines
    return text


def where_to_answer(language: Language, incoming: Incoming, abilities: ChatAbilities) -> tuple[Text, ...]:
    """That an answer needs a mention or a slash command, where nothing else is heard: in groups and channels."""
    if incoming.direct:
        return ()
    if abilities.slash and not incoming.place.thread:
        return (
            Text(
                language.line("Answer with {slash} or mention me; I hear nothing else here.", slash=SpelledCommand("…"))
            ),
        )
    return (Text(language.line("Mention me with your answer; I hear nothing else here.")),)


def reminder(view: View, filling: Filling, asked: Question, fields: Sequence[Field], *, in_form: bool) -> Message:
    """That a question waits: whom for, for what, how to go on or give up, and until when.

    Args:
        view: the reader's.
        filling: what it is about.
        asked: the question.
        fields: of the submission.
        in_form: whether the rest can be filled in in a form there.
    """
    language = view.language
    what = subject(language, filling.kind, filling.name, tuple(filling.going))
    lacking = [one for one in fields if one.key in filling.missing and not filling.has_file(one.key)]
    labels = [language.pick(field.label) for field in lacking]
    blocks: list[Block] = []
    if labels:
        blocks.append(Text(language.line("Still missing: {labels}.", labels=language.joined(labels))))
    if asked.code and any(field.type is FieldType.FILE and field.key in filling.missing for field in fields):
        blocks.append(Text(language.line("The file goes to me one to one, with the code `{code}`.", code=asked.code)))
    until = language.moment(asked.expires_at, None, view.now)
    blocks.append(Text(language.line("Answer here. `summary` shows the question again, `cancel` gives up.")))
    blocks.append(
        Text(
            language.line("I wait until {until}; then I forget the question, and nothing is changed.", until=until)
            if filling.editing
            else language.line("I wait until {until}; then I forget the question, and the draft stays.", until=until)
        )
    )
    target = ",".join(f"#{number}" for number in filling.going.values())
    return Message(
        title=language.line(
            "{who} **{what}** waits for your answer", who=Mention(asked.actor.key, asked.actor.name), what=what
        ),
        mark=Mark.NONE,
        blocks=tuple(blocks),
        buttons=(Button("edit", target, language.text("Fill in")),) if in_form else (),
    )


def forgotten(view: View, filling: Filling, actor: Actor) -> Message:
    """That a question is forgotten, and how to go on all the same.

    Args:
        view: the reader's.
        filling: what it was about.
        actor: whom it was put to.
    """
    language = view.language
    what = subject(language, filling.kind, filling.name, tuple(filling.going))
    numbers = list(filling.going.values())
    title = language.line("**{what}**: nobody answered, the question is over · {who}", what=what, who=actor.name)
    kept = (
        language.line("{numbers} stays as it was.", numbers=language.joined([f"#{number}" for number in numbers]))
        if filling.editing
        else language.line(
            "Nothing was sent. What was filled in is kept as draft {numbers}; files are to be sent again.",
            numbers=language.joined([f"#{number}" for number in numbers]),
        )
    )
    ahead = next_commands(view, *(f"edit #{number}" for number in numbers))
    return Message(title=title, blocks=(Text(kept), ahead))


def subject(language: Language, kind: Kind, name: str, accounts: Sequence[str]) -> str:
    """What a dialogue is about, in a few words."""
    return " · ".join(
        part for part in (f"{language.pick(KINDS[kind])} {name}".strip(), language.joined(list(accounts))) if part
    )


def _title(language: Language, what: str, fields: Mapping[str, Sequence[Field]], count: int) -> Line:
    if not count:
        return language.line(said("Nothing is missing any more for **{what}**: `submit` sends it", fields), what=what)
    return language.line("{count} more to fill in for **{what}**", count=count, what=what)


def _heading(language: Language, missing: Sequence[Field], fields: Mapping[str, Sequence[Field]]) -> Line:
    """What the summary is: what will be submitted, or what is known so far where more may be asked."""
    if not missing:
        return language.line(said("This will be submitted:", fields))
    decides = any(
        isinstance(condition, When) and condition.key == missing[0].key
        for declared in fields.values()
        for field in declared
        for condition in (field.required, field.shown)
    )
    if len(missing) > 1 or missing[0].key == MEDIA.key:  # more files may follow the first
        return language.line("So far:")
    if decides:
        return language.line(said("With this answer it is submitted, unless it asks for more:", fields))
    return language.line(said("With this answer it is submitted:", fields))


def _how_to_answer(language: Language, missing: Sequence[Field], typed: Sequence[Field], *, paths: bool) -> Line:
    if not missing:
        return language.line("`back` takes the last answer back, `cancel` gives up.")
    if not typed:
        return language.line("Send the file. `back` takes the last answer back, `cancel` gives up.")
    if len(missing) == 1 and missing[0].type is FieldType.FILE:
        if paths:
            return language.line("Type the path of the file. `back` takes the last answer back, `cancel` gives up.")
        return language.line("Send the file, or type the id. `back` takes the last answer back, `cancel` gives up.")
    if len(missing) == 1:
        return language.line("Type the answer. `back` takes the last answer back, `cancel` gives up.")
    return language.line(
        "Answer one by one, the first one first. "
        "`summary` shows everything, `back` takes the last answer back, `cancel` gives up."
    )


def _how_files_get_here(language: Language, pairing: Pairing) -> Line:
    if not pairing.code:
        return language.line(
            "Files do not reach me in a group: put the picture into one message with the mention, or quote it with one."
        )
    return language.line(
        "Files do not reach me in a group: send it to me one to one, with the code `{code}`. "
        "A picture can also come in one message with the mention, or be quoted with one.",
        code=pairing.code,
    )


def taken_back(language: Language, step: Step, fields: Sequence[Field]) -> Line:
    """What `back` took back.

    Args:
        language: the reader's.
        step: the answer.
        fields: of the submission.
    """
    if step.skipped and not step.values and not step.papers:
        return language.line("Back in: {accounts}.", accounts=language.joined(list(step.skipped)))
    return language.line("Taken back: {told}.", told=_told(language, step, fields))


def noted(language: Language, step: Step, fields: Sequence[Field]) -> Line:
    """What an answer filled in, by name. Arguments as for `taken_back`."""
    if step.skipped and not step.values and not step.papers:
        return language.line("Left out: {accounts}.", accounts=language.joined(list(step.skipped)))
    if len(step.values) + len(step.papers) < 2:
        return language.line("Noted: {told}.", told=_told(language, step, fields))
    keys = (*(key for key, _ in step.values), *step.papers)  # the first line is short; the summary has the values
    labels = [_called(language, field_for(key, fields), key) for key in keys]
    return language.line("Noted: {told}.", told=language.joined(labels))


def guess(language: Language, values: Typed, fields: Sequence[Field]) -> Line:
    """Whether this is meant.

    Args:
        language: the reader's.
        values: what may have been meant.
        fields: of the submission.
    """
    return language.line("Is that {told}? `yes` takes it down.", told=_told(language, Step(values), fields))


def _told(language: Language, step: Step, fields: Sequence[Field]) -> str:
    told = []
    for key, value in step.values:
        field = field_for(key, fields)
        if field is not None and field.private:
            told.append(_called(language, field, key))
            continue
        if field is not None and field.type is FieldType.FILE:
            value = PurePath(value).name or value  # where a file lies is nobody's business but the machine's
        shown = shown_value(language, field, value, TAKEN_BACK_CHARACTERS)
        told.append(language.text("{label} “{value}”", label=_called(language, field, key), value=shown))
    told += [_called(language, field_for(key, fields), key) for key in step.papers]
    return language.joined(told)


def _called(language: Language, field: Field | None, key: str) -> str:
    return key if field is None else labelled(language, field, key)


def _colon(language: Language) -> str:
    return "：" if language.code == "zh" else ":"


def one_field(language: Language, field: Field) -> Line:
    """How one field is asked for by itself."""
    return _ask(language, field, ())


def _ask(language: Language, field: Field, prepared: Sequence[Prepared]) -> Line:
    options = tuple(
        dict.fromkeys(option for item in prepared if item.lacks(field.key) for option in item.usable(field.key))
    )
    label = language.pick(field.label)
    wanting = [item.account for item in prepared if item.lacks(field.key)]
    whose = language.text(" ({accounts})", accounts=language.joined(wanting)) if len(wanting) < len(prepared) else ""
    blank = "" if language.code == "zh" else " "
    why = f"{blank}{language.pick(field.why)}" if field.why and whose else ""
    match field.type:
        case FieldType.CHOICE:
            return language.line(
                "**{label}**{whose}: {choices}{why}",
                label=label,
                whose=whose,
                choices=numbered(language, field),
                why=why,
            )
        case FieldType.FILE if options:
            known = known_ids(language, ((one.value, one.label) for one in options))
            return language.line(
                "**{label}**{whose}: a file, {types}, up to {most}, or the id of one: {known}. {hint}{why}",
                label=label,
                whose=whose,
                types=types(language, field),
                most=size(field.max_bytes),
                known=known,
                hint=language.pick(field.hint),
                why=why,
            )
        case FieldType.FILE:
            return language.line(
                "**{label}**{whose}: a file, {types}, up to {most}. {hint}{why}",
                label=label,
                whose=whose,
                types=types(language, field),
                most=size(field.max_bytes),
                hint=language.pick(field.hint),
                why=why,
            )
        case FieldType.REFERENCE if options:
            known = known_ids(language, ((one.value, one.label) for one in options))
            return language.line("**{label}**{whose}: {known}{why}", label=label, whose=whose, known=known, why=why)
        case _:
            return language.line(
                "**{label}**{whose}: {hint}{why}", label=label, whose=whose, hint=language.pick(field.hint), why=why
            )


def _spelled(language: Language, key: str) -> str:
    return key_word(language, VOCABULARY[key]) if key in VOCABULARY else key


def _defaulted(language: Language, prepared: Sequence[Prepared], fields: Mapping[str, Sequence[Field]]) -> list[Block]:
    """What was filled in without being asked, said once for the accounts that share it, as the summary says it."""
    told: dict[tuple[str, str], list[str]] = {}
    for item in prepared:
        for key in item.defaulted:
            value = shown_value(language, field_for(key, fields.get(item.account, ())), item.values[key])
            told.setdefault((key, value), []).append(item.account)
    lines = tuple(
        language.line("Filled in: `{key}` {value}", key=_spelled(language, key), value=value)
        if len(accounts) == len(prepared)
        else language.line(
            "Filled in for {accounts}: `{key}` {value}",
            accounts=language.joined(accounts),
            key=_spelled(language, key),
            value=value,
        )
        for (key, value), accounts in told.items()
    )
    return [Items(lines)] if lines else []
