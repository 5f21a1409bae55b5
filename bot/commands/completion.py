"""What a line being typed could become: commands, accounts, keys, choices. Pure."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.commands.command import ArgumentKind, Declaration
from bot.contracts.fields import Field, fold

MOST = 40
"""Candidates shown at once; more than that nobody reads."""


@dataclass(frozen=True, slots=True)
class Things:
    """What can be named by number.

    Args:
        requests: their numbers, the newest first.
        alerts: the numbers of those that are not closed.
    """

    requests: tuple[int, ...] = ()
    alerts: tuple[int, ...] = ()


def complete(
    typed: str,
    declarations: Sequence[Declaration],
    accounts: Sequence[str],
    fields: Callable[[Declaration], Sequence[Field]],
    language: str,
    things: Things | None = None,
) -> tuple[str, ...]:
    """Whole lines that the line up to the cursor could become.

    Args:
        typed: the line so far.
        declarations: the commands there are.
        accounts: the accounts there are.
        fields: the fields of a submission command; empty for others.
        language: whose command words are offered; both are understood.
        things: the numbers there are.
    """
    first = sorted(declarations, key=lambda one: one.words != ("help",))  # what leads to all the others
    words = [one.spelled(language) for one in first]
    begun = [word for word in words if fold(word).startswith(fold(typed)) and fold(word) != fold(typed)]
    if begun:
        return tuple(begun[:MOST])
    found = _command(typed, declarations)
    if found is None:
        return ()
    declaration, length = found
    if not typed[length:].startswith(" "):
        return ()
    head, _, last = typed.rpartition(" ")
    fitting = [
        word
        for word in _arguments(declaration, accounts, fields(declaration), last, things or Things())
        if fold(word).startswith(fold(last))
    ]
    return tuple(f"{head} {word}" for word in fitting[:MOST])


def _command(typed: str, declarations: Iterable[Declaration]) -> tuple[Declaration, int] | None:
    best: tuple[Declaration, int] | None = None
    for declaration in declarations:
        for spelled in (declaration.spelled("en"), declaration.spelled("zh")):
            if fold(typed).startswith(fold(spelled)) and (best is None or len(spelled) > best[1]):
                best = (declaration, len(spelled))
    return best


def _arguments(
    declaration: Declaration, accounts: Sequence[str], fields: Sequence[Field], last: str, things: Things
) -> Iterator[str]:
    key, mark, _ = last.partition("=")
    if mark:
        for field in fields:
            if fold(key) in (fold(name) for name in (field.key, *field.aliases)):
                yield from (f"{key}={choice.word}" for choice in field.choices)
        return
    kinds = {argument.kind for argument in declaration.arguments}
    if kinds & {ArgumentKind.NUMBER, ArgumentKind.NUMBER_OR_NAME}:
        yield from (f"#{number}" for number in things.requests)
    if ArgumentKind.ALERT in kinds:
        yield from (f"A{number}" for number in things.alerts)
    if ArgumentKind.ACCOUNTS in kinds or ArgumentKind.ACCOUNT in kinds:
        yield from accounts
        if ArgumentKind.ACCOUNTS in kinds:
            yield "all"
    for argument in declaration.arguments:
        yield from (words.en for words in argument.words)
    yield from (f"{field.key}=" for field in fields if field.key != "name")
    yield from (f"{key}=" for key in declaration.named_keys)
