"""What was prepared, what is missing and what is wrong with it, in words."""

from collections.abc import Iterator, Mapping, Sequence

from bot.contracts.fields import Fault, Field, FieldType, Problem
from bot.contracts.message import Line
from bot.requests.prepare import Prepared
from bot.wording.language import Language
from bot.wording.problems import missing_line, problem_line

SHOWN_CHARACTERS = 120


def merged_missing(prepared: Sequence[Prepared]) -> tuple[Field, ...]:
    """What is missing at any account, each field once, in the order to ask."""
    found: dict[str, Field] = {}
    for item in prepared:
        for field in item.missing:
            found.setdefault(field.key, field)
    return tuple(found.values())


def summary(
    language: Language, prepared: Sequence[Prepared], fields: Mapping[str, Sequence[Field]]
) -> tuple[Line, ...]:
    """Everything that will be submitted: each value with its label, said once for the accounts that share it."""
    told: dict[tuple[str, str], list[str]] = {}
    labels: dict[str, str] = {}
    for item in prepared:
        for key, label, value in _filled(language, item, fields.get(item.account, ())):
            labels.setdefault(key, label)  # vendors call some fields otherwise; one name for one thing
            told.setdefault((key, value), []).append(item.account)
    lines = [language.line("**Accounts**: {accounts}", accounts=language.joined([item.account for item in prepared]))]
    for (key, value), accounts in sorted(told.items(), key=lambda entry: list(labels).index(entry[0][0])):
        lines.append(
            language.line(
                "**{label}**{whose}: {value}",
                label=labels[key],
                whose=""
                if len(accounts) == len(prepared)
                else language.text(" ({accounts})", accounts=language.joined(accounts)),
                value=value,
            )
        )
    return tuple(lines)


def _filled(language: Language, item: Prepared, fields: Sequence[Field]) -> Iterator[tuple[str, str, str]]:
    """Key, label and value of what one account gets, in the order of its fields."""
    for field in fields:
        if papers := item.papers.get(field.key):
            yield field.key, language.pick(field.label), language.joined([paper.name for paper in papers])
            continue
        for key, value in item.values.items():
            if value and (key == field.key or (field.type is FieldType.FAMILY and key.startswith(f"{field.key}."))):
                shown = shown_value(language, field, value)
                by_itself = language.text(" (filled in)") if key in item.defaulted else ""
                yield key, label_of(language, field, key), shown + by_itself


def shown_value(language: Language, field: Field | None, value: str, most: int = SHOWN_CHARACTERS) -> str:
    """A value as people read it: a choice by its label, a long text shortened, on one line."""
    if field is not None and field.type is FieldType.CHOICE and (choice := field.choice(value)):
        return language.pick(choice.label)
    if field is not None and field.type is FieldType.FLAG:
        return language.text("yes") if value == "true" else language.text("no")
    flat = " ".join(value.split())
    return flat if len(flat) <= most else flat[: most - 1] + "…"


def label_of(language: Language, field: Field | None, key: str) -> str:
    """What a field is called; one of a family with its placeholder."""
    if field is None:
        return key
    label = language.pick(field.label)
    return f"{label} {key.split('.', 1)[1]}" if field.type is FieldType.FAMILY and "." in key else label


def _meaning(language: Language, problem: Problem) -> str:
    """What a problem says; vendors that offer the same choices in another order say the same."""
    if problem.fault is Fault.NOT_A_CHOICE and problem.field is not None:
        return "|".join((problem.value, *sorted(choice.word for choice in problem.field.choices)))
    return "".join(str(part) for part in problem_line(language, problem))


def lacking_lines(language: Language, prepared: Sequence[Prepared], *, several: bool) -> tuple[Line, ...]:
    """Everything that is missing once; the accounts are named where there are several, as for problems."""
    wanting: dict[tuple[str, str], list[str]] = {}
    sample: dict[tuple[str, str], Line] = {}
    for item in prepared:
        for field in item.missing:
            line = missing_line(language, field, [option.value for option in item.usable(field.key)])
            words = sorted(choice.word for choice in field.choices)
            identity = (field.key, "|".join(words) or "".join(str(part) for part in line))
            wanting.setdefault(identity, []).append(item.account)
            sample.setdefault(identity, line)
    return tuple(
        (*language.line("{account}: ", account=language.joined(accounts)), *sample[identity])
        if several
        else sample[identity]
        for identity, accounts in wanting.items()
    )


def problem_lines(language: Language, prepared: Sequence[Prepared], *, several: bool) -> tuple[Line, ...]:
    """Every problem once; the account is named where not all of them mind."""
    seen: dict[tuple[str, Fault, str], list[str]] = {}
    sample: dict[tuple[str, Fault, str], Problem] = {}
    for item in prepared:
        for problem in item.problems:
            identity = (problem.key, problem.fault, _meaning(language, problem))
            seen.setdefault(identity, []).append(item.account)
            sample[identity] = problem
    return tuple(
        problem_line(
            language,
            sample[identity],
            "" if len(accounts) == len(prepared) and (len(accounts) > 1 or not several) else language.joined(accounts),
        )
        for identity, accounts in seen.items()
    )
