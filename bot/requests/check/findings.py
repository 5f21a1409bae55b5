"""What each account minds about one and the same submission, side by side. Pure.

Whatever looks at a submission beforehand says it as findings; here they become one table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.contracts.fields import Fault, Problem
from bot.contracts.message import SIGNS, Line, Mark, Table
from bot.requests.prepare import Prepared
from bot.requests.summary import merged_missing
from bot.wording.file_kinds import remedy, what_it_is
from bot.wording.language import Language
from bot.wording.problems import choices, key_word, problem_line, size, type_names, types


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that an account minds.

    Args:
        what: in the same words for every account that minds it: findings with the same words share a row.
        detail: what this account in particular says, e.g. its limit; may be empty.
        mark: `BAD` for what would be refused, `WARNING` for what may pass.
    """

    what: Line
    detail: Line = ()
    mark: Mark = Mark.BAD


def of_fields(language: Language, problems: Sequence[Problem]) -> tuple[Finding, ...]:
    """What the declarations of an account's fields say: lengths, characters, placeholders, choices, files."""
    return tuple(Finding(*_what_and_detail(language, problem)) for problem in problems)


def side_by_side(language: Language, found: Mapping[str, Sequence[Finding]]) -> Table:
    """A row for every finding, a column for every account.

    Args:
        found: account → what it minds, in the order to show them; an account that minds nothing has its column too.
    """
    rows: dict[Line, dict[str, Finding]] = {}
    for account, findings in found.items():
        for finding in findings:
            rows.setdefault(finding.what, {}).setdefault(account, finding)
    return Table(
        head=(language.text("Finding"), *found),
        rows=tuple((what, *(_cell(minding.get(account)) for account in found)) for what, minding in rows.items()),
    )


def still_missing(language: Language, prepared: Sequence[Prepared]) -> Line:
    """What must still be said before it can be submitted, and to whom; empty when nothing is missing.

    An account that objects is left out: what it wants may change with what is mended.
    """
    content = [item for item in prepared if not item.problems]
    line: Line = ()
    for field in merged_missing(content):
        wanting = [item.account for item in content if item.lacks(field.key)]
        one = language.line("`{key}`", key=key_word(language, field))
        whose: Line = (language.bracketed(language.joined(wanting)),) if len(wanting) < len(prepared) else ()
        line = (*line, *((language.joined(["", ""]),) if line else ()), *one, *whose)
    return language.line("Still to be said before it is submitted: {what}", what=line) if line else ()


def _cell(finding: Finding | None) -> Line:
    if finding is None:
        return (SIGNS[Mark.GOOD],)
    return (SIGNS[finding.mark], *((" ", *finding.detail) if finding.detail else ()))


def _what_and_detail(language: Language, problem: Problem) -> tuple[Line, Line]:
    """What is wrong in the words that all accounts share, and the bound of this one."""
    value, field = problem.value, problem.field
    if field is None:
        return problem_line(language, problem), ()
    key = key_word(language, field) if problem.key == field.key else problem.key
    match problem.fault:
        case Fault.TOO_LONG:
            return (
                language.line("`{key}` is too long", key=key),
                language.plural_line("at most {n} character", "at most {n} characters", field.max_length),
            )
        case Fault.TOO_SHORT:
            return (
                language.line("`{key}` is too short", key=key),
                language.plural_line("at least {n} character", "at least {n} characters", field.min_length),
            )
        case Fault.NOT_A_CHOICE:
            return (
                language.line("`{key}`: “{value}” is no choice", key=key, value=value),
                language.line("one of {choices}", choices=choices(language, field)),
            )
        case Fault.BAD_FORM:
            return (
                language.line("`{key}`: “{value}” cannot be used", key=key, value=value),
                (language.pick(field.pattern_says or field.hint),),
            )
        case Fault.TOO_MANY_FILES:
            return (
                language.line("`{key}`: too many files", key=key),
                language.line("at most {most}", most=field.max_files),
            )
        case Fault.FILE_TOO_LARGE:
            return (
                language.line("`{key}`: {file} is too large", key=key, file=value),
                language.line("at most {most}", most=size(field.max_bytes)),
            )
        case Fault.FILE_WRONG_TYPE if problem.found:
            return (
                language.line(
                    "`{key}`: {file} is {what}", key=key, file=value, what=what_it_is(language, problem.found)
                ),
                (remedy(language, problem.found, type_names(field)),),
            )
        case Fault.FILE_WRONG_TYPE:
            return (
                language.line("`{key}`: {file} is of the wrong type", key=key, file=value),
                language.line("one of {choices}", choices=types(language, field)),
            )
        case _:
            return problem_line(language, problem), ()
