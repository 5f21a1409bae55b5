"""What was prepared, what is missing and what is wrong with it, in words."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice

from bot.contracts.fields import Fault, Field, FieldType, Problem
from bot.contracts.hushed import of_a_person
from bot.contracts.identifiers import KEYS
from bot.contracts.message import Exact, Line
from bot.requests.merging import merged, one_field
from bot.requests.prepare import Prepared
from bot.wording.language import Language
from bot.wording.problems import labelled, missing_line, problem_line

SHOWN_CHARACTERS = 120


def merged_missing(prepared: Sequence[Prepared]) -> tuple[Field, ...]:
    """What is missing at any account, each field once, as all of them take it, in the order to ask."""
    return merged([(item.account, item.missing) for item in prepared])


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
        papers = item.papers.get(field.key)
        if papers and field.private:
            yield field.key, language.pick(field.label), language.text("given; not shown and not kept")
            continue
        if papers:
            yield field.key, language.pick(field.label), language.joined([paper.name for paper in papers])
            continue
        for key, value in item.values.items():
            if value and (key == field.key or (field.type is FieldType.FAMILY and key.startswith(f"{field.key}."))):
                shown = shown_value(language, field, value)
                by_itself = language.text(" (filled in)") if key in item.defaulted else ""
                yield key, labelled(language, field, key), type(shown)(shown + by_itself)


def shown_value(language: Language, field: Field | None, value: str, most: int = SHOWN_CHARACTERS) -> str:
    """A value as people read it: a choice by its label, a long text shortened, on one line."""
    if field is not None and (choice := field.choice(value)):
        return language.pick(choice.label)
    if field is not None and field.type is FieldType.FLAG:
        return language.text("yes") if value == "true" else language.text("no")
    flat = " ".join(value.split())
    flat = flat if len(flat) <= most else flat[: most - 1] + "…"
    return Exact(flat) if field is not None and field.key in KEYS and not of_a_person(field.key, flat) else flat


def known_ids(language: Language, options: Iterable[tuple[str, str]]) -> Line:
    """The first ids of what the vendor has, each with what people know it by."""
    named = [
        (Exact(value),) if label in ("", value) else (Exact(value), f" {label}") for value, label in islice(options, 5)
    ]
    return language.row(named)


INSTEAD = frozenset({Fault.NOT_A_CHOICE, Fault.BAD_FORM})
"""Faults of which is told what would be right, by account where they differ."""


def _meaning(language: Language, problem: Problem) -> str:
    """What a problem says; that something cannot be is one thing, whatever each vendor would take instead."""
    if problem.fault in INSTEAD:
        return problem.value
    return "".join(str(part) for part in problem_line(language, problem))


def lacking_lines(language: Language, prepared: Sequence[Prepared], *, several: bool) -> tuple[Line, ...]:
    """Everything that is missing once, as all of them take it; the accounts are named where there are several."""
    lines = []
    for field in merged_missing(prepared):
        wanting = [item for item in prepared if item.lacks(field.key)]
        options = tuple(dict.fromkeys(option.value for item in wanting for option in item.usable(field.key)))
        line = missing_line(language, field, options)
        names = language.joined([item.account for item in wanting])
        lines.append((*language.line("{account}: ", account=names), *line) if several else line)
    return tuple(lines)


def problem_lines(
    language: Language, prepared: Sequence[Prepared], *, several: bool, asked: bool = False
) -> tuple[Line, ...]:
    """Every problem once; the account is named where not all of them mind.

    Args:
        language: the reader's.
        prepared: what each account has so far.
        several: whether accounts are named where all of one command mind, too.
        asked: whether it is about an answer, in the words of the question, rather than about a command.
    """
    seen: dict[tuple[str, Fault, str], dict[str, Problem]] = {}
    for item in prepared:
        for problem in item.problems:
            identity = (problem.key, problem.fault, _meaning(language, problem))
            seen.setdefault(identity, {})[item.account] = problem
    return tuple(
        problem_line(
            language,
            _of_all(by),
            "" if len(by) == len(prepared) and (len(by) > 1 or not several) else language.joined(list(by)),
            asked=asked,
        )
        for by in seen.values()
    )


def _of_all(by: Mapping[str, Problem]) -> Problem:
    """One problem of several accounts; what would be right instead is what all of them take."""
    problem = list(by.values())[-1]
    if problem.fault not in INSTEAD:
        return problem
    fields = {account: one.field for account, one in by.items() if one.field is not None}
    return replace(problem, field=one_field(fields)) if fields else problem
