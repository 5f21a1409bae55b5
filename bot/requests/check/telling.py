"""What the rules found, in the reader's words: rows of the table side by side, and lines of an answer. Pure."""

from collections.abc import Sequence

from bot.contracts.message import Line, Mark
from bot.contracts.rules import Finding as Minded
from bot.contracts.rules import Severity
from bot.requests.check.findings import Finding
from bot.requests.check.shared import RULES
from bot.requests.prepare import Prepared
from bot.wording.language import Language

SHOWN = 40
"""Characters of the words at fault; the whole text stands beside them."""


def rows(language: Language, item: Prepared) -> tuple[Finding, ...]:
    """What one account's reviewers mind, for the table side by side."""
    marks = {Severity.ERROR: Mark.BAD, Severity.WARNING: Mark.WARNING}
    return tuple(
        Finding(
            _title(language, item, one), (language.pick(one.minds.note),) if one.minds.note else (), marks[one.severity]
        )
        for one in item.minded
    )


def lines(
    language: Language, prepared: Sequence[Prepared], severity: Severity, *, several: bool = False
) -> tuple[Line, ...]:
    """What reviewers mind and why, each rule once; accounts are named where not all of them mind."""
    by: dict[str, tuple[Line, list[str]]] = {}
    for item in prepared:
        for one in item.minded:
            if one.severity is severity:
                by.setdefault(one.rule, (_title(language, item, one), []))[1].append(item.account)
    told = []
    for slug, (title, accounts) in by.items():
        all_of_them = len(accounts) == len(prepared) and not several
        whose = language.line("{account}: ", account=language.joined(accounts)) if not all_of_them else ()
        says = language.pick(RULES[slug].says)
        told.append((*whose, *language.line("{title}: {says}", title=title, says=says)))
    return tuple(told)


def _title(language: Language, item: Prepared, one: Minded) -> Line:
    """What is minded, with the words at fault."""
    title = language.pick(RULES[one.rule].title)
    words = at_fault(item, one)
    return language.line("{title} “{words}”", title=title, words=words) if words else (title,)


def at_fault(item: Prepared, one: Minded) -> str:
    """The words at fault, shortened; empty where it is the text as a whole, or what is missing."""
    hit = one.hit
    text = item.values.get(hit.key, "")
    if hit.start < 0 and hit.key == "name":
        return hit.what  # how many there are
    if hit.start < 0 or (hit.start == 0 and hit.end >= len(text)):
        return ""
    words = text[hit.start : hit.end]
    return words if len(words) <= SHOWN else f"{words[: SHOWN - 1]}…"
