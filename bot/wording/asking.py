"""The question of a guided dialogue: what is still missing, and how to answer."""

from collections.abc import Sequence

from bot.fields import VOCABULARY, Fault, Field, FieldType, Problem
from bot.intake import Prepared
from bot.language import Language
from bot.message import Block, Items, Line, Mark, Message, Text
from bot.model import Kind
from bot.wording.problems import key_word, problem_line, size, types
from bot.wording.view import KINDS


def merged_missing(prepared: Sequence[Prepared]) -> tuple[Field, ...]:
    """What is missing at any account, each field once, in the order to ask."""
    found: dict[str, Field] = {}
    for item in prepared:
        for field in item.missing:
            found.setdefault(field.key, field)
    return tuple(found.values())


def question(
    language: Language,
    kind: Kind,
    name: str,
    prepared: Sequence[Prepared],
    left_out: Sequence[Line] = (),
) -> Message:
    """Ask for what is missing.

    Args:
        language: the reader's.
        kind: what is submitted.
        name: as typed; may be empty.
        prepared: what each account has so far.
        left_out: why some accounts are not part of it; they are kept as drafts.
    """
    missing = merged_missing(prepared)
    accounts = (", " if language.code == "en" else "、").join(item.account for item in prepared)
    title = language.line(
        "{count} more to fill in for **{kind} {name} · {accounts}**",
        count=len(missing),
        kind=language.pick(KINDS[kind]),
        name=name,
        accounts=accounts,
    )
    lines = tuple(
        (f"{position}. ", *_ask(language, field, prepared)) for position, field in enumerate(missing, start=1)
    )
    blocks: list[Block] = [Items(lines)]
    if left_out:
        blocks += [Text(language.line("Left out, kept as drafts:")), Items(tuple(left_out))]
    blocks += _defaulted(language, prepared)
    sample = "\n".join(f"{key_word(language, field)}: …" for field in missing[:2])
    if len(missing) == 1:
        blocks.append(Text(language.line("Type the answer. `back` takes the last answer back, `cancel` gives up.")))
    else:
        blocks.append(
            Text(
                language.line(
                    "Answer them one by one, the first one first, or several at once as `{sample}`. "
                    "`back` takes the last answer back, `cancel` gives up.",
                    sample=sample.replace("\n", "  "),
                )
            )
        )
    if missing and not all(item.lacks(missing[0].key) for item in prepared):
        blocks.append(
            Text(language.line("`skip` leaves out the vendors that want the first one; they are kept as drafts."))
        )
    return Message(title=title, mark=Mark.NONE, blocks=tuple(blocks))


def _ask(language: Language, field: Field, prepared: Sequence[Prepared]) -> Line:
    options = tuple(dict.fromkeys(option for item in prepared for option in item.usable(field.key)))
    label = language.pick(field.label)
    wanting = [item.account for item in prepared if item.lacks(field.key)]
    whose = f" ({', '.join(wanting)})" if len(wanting) < len(prepared) else ""
    why = f" {language.pick(field.why)}" if field.why and whose else ""
    match field.type:
        case FieldType.CHOICE:
            choices = "  ".join(
                f"{position} {language.pick(choice.label)}" for position, choice in enumerate(field.choices, start=1)
            )
            return language.line(
                "**{label}**{whose}: {choices}{why}", label=label, whose=whose, choices=choices, why=why
            )
        case FieldType.FILE:
            return language.line(
                "**{label}**{whose}: a file, {types}, up to {most}. {hint}{why}",
                label=label,
                whose=whose,
                types=types(field),
                most=size(field.max_bytes),
                hint=language.pick(field.hint),
                why=why,
            )
        case FieldType.REFERENCE if options:
            known = "  ".join(f"{option.value} {option.label}".strip() for option in options[:5])
            return language.line("**{label}**{whose}: {known}{why}", label=label, whose=whose, known=known, why=why)
        case _:
            return language.line(
                "**{label}**{whose}: {hint}{why}", label=label, whose=whose, hint=language.pick(field.hint), why=why
            )


def _spelled(language: Language, key: str) -> str:
    field = VOCABULARY.get(key)
    return key_word(language, field) if field else key


def _defaulted(language: Language, prepared: Sequence[Prepared]) -> list[Block]:
    """What was filled in without being asked, said once for the accounts that share it."""
    told: dict[tuple[str, str], list[str]] = {}
    for item in prepared:
        for key in item.defaulted:
            told.setdefault((key, item.values[key]), []).append(item.account)
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


def problem_lines(language: Language, prepared: Sequence[Prepared], *, several: bool) -> tuple[Line, ...]:
    """Every problem once; the account is named where not all of them mind."""
    seen: dict[tuple[str, Fault, str], list[str]] = {}
    sample: dict[tuple[str, Fault, str], Problem] = {}
    for item in prepared:
        for problem in item.problems:
            text = "".join(str(part) for part in problem_line(language, problem))
            identity = (problem.key, problem.fault, text)
            seen.setdefault(identity, []).append(item.account)
            sample[identity] = problem
    return tuple(
        problem_line(
            language,
            sample[identity],
            "" if len(accounts) == len(prepared) and (len(accounts) > 1 or not several) else ", ".join(accounts),
        )
        for identity, accounts in seen.items()
    )
