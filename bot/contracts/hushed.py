"""Numbers of persons in what is said: found, and left out of everything that is shown or kept. Pure.

The one exception is the record of a test message, which has the number that it went to (spec 4). What is ours or a vendor's
stays as it is: digits within an identifier (`bot.contracts.identifiers`), what is marked as `Exact`, and whatever is pressed
or typed next, for a command that is masked is another command.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from bot.contracts import identifiers
from bot.contracts.message import SAY, Button, Commands, Exact, Link, Mention

T = TypeVar("T")

_START = rf"(?:(?<!\d)|{identifiers.ESCAPED})"

_GAP = "[- \u00a0\u2010-\u2015\u202f\u3000\uff0d]?"

MOBILE = re.compile(
    rf"(?=[+018１]){_START}((?:(?:\+|00)?86[- ]?)?[1１][3-9３-９]\d)(?:{_GAP}\d{{4}}{_GAP}|([.·])\d{{4}}\2)(\d{{4}})(?!\d)"
)
"""A mainland mobile number, also in groups."""

ABROAD = re.compile(r"(?<![\d+])\+(?!86)(\d{1,3})[- ]?\d[\d -]{3,10}(\d{4})(?!\d)")
"""A number abroad, as it is told from every other one: with `+` and its country."""

ID_NUMBER = re.compile(
    rf"(?=[1-9]\d{{5}}){_START}[1-9]\d{{5}}(?:18|19|20)\d{{2}}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{{3}}[\dXx](?![\dXx])"
)
"""A resident identity number."""

_FIGURES = re.compile(r"\d{4}")
"""Without so many in a row there is none of them."""


def hushed(text: str, *, hidden: str = "…", exact: Collection[str] = ()) -> str:
    """A text without the numbers of persons: `138****1234` of a phone, nothing of an identity paper.

    Args:
        text: what is said.
        hidden: what stands for the number of an identity paper.
        exact: pieces of it that stay as they are, for they are known to be ids.
    """
    if exact := [one for one in exact if one in text]:
        pieces = re.split(f"({'|'.join(map(re.escape, sorted(exact, key=len, reverse=True)))})", text)
        return "".join(one if index % 2 else hushed(one, hidden=hidden) for index, one in enumerate(pieces))
    if _FIGURES.search(text) is None:
        return text
    for found in reversed(tuple(_of_persons(text, ID_NUMBER))):
        text = f"{text[: found.start()]}{hidden}{text[found.end() :]}"
    for found in reversed(tuple(_of_persons(text, MOBILE))):
        text = f"{text[: found.start()]}{found[1]}****{found[3]}{text[found.end() :]}"
    for found in reversed(tuple(_of_persons(text, ABROAD))):
        text = f"{text[: found.start()]}+{found[1]}****{found[2]}{text[found.end() :]}"
    return text


def of_a_file(name: str) -> str:
    """The name of a file without the numbers of persons: whoever names one after a person glues on what it shows (`139…_front`)."""
    for pattern, left in ((ID_NUMBER, "…"), (MOBILE, r"\1****\3"), (ABROAD, r"+\1****\2")):
        name = pattern.sub(left, name)
    return name


def of_a_person(key: str, value: str) -> bool:
    """Whether a value has the number of a person in it.

    A company's code (`…_code`), which begins with 1, 5 or 9, may look like the number of an identity paper, and an id that a
    vendor gave like a telephone number.
    """
    code = key.endswith("_code") and value.startswith(("1", "5", "9"))
    given = key in identifiers.KEYS and re.fullmatch(r"[0-9A-Za-z_.:-]+", value.strip()) is not None
    phones = () if given else (MOBILE, ABROAD)
    patterns = phones if code else (*phones, ID_NUMBER)
    return any(True for pattern in patterns for _ in _of_persons(value, pattern))


def _of_persons(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    """Where the numbers of a sort stand, but for those within identifiers."""
    about = identifiers.IDENTITY if pattern is ID_NUMBER else identifiers.TELEPHONE
    for found in pattern.finditer(text):
        if not identifiers.part_of_one(text, *found.span(), about, keyed=pattern is not ID_NUMBER):
            yield found


def hush(thing: T) -> T:
    """The same of everything that a message says; whom it mentions stays as their chat knows them.

    A command that has the number of a person in it is not offered: masked it would be another one, and whole it is kept by
    chats that keep what a button says.
    """
    return _hush(thing)  # type: ignore[no-any-return]


def _hush(thing: Any) -> Any:
    if type(thing) is str:  # `Exact` and words of an enumeration are ours
        return hushed(thing)
    if isinstance(thing, tuple):
        inner = tuple(after for one in thing if (after := _hush(one)) is not None)
        return inner if inner != thing else thing
    if isinstance(thing, Button) and thing.action == SAY and thing.target != hushed(thing.target):
        return None
    if isinstance(thing, Commands):
        offered = tuple(one for one in thing.commands if isinstance(one, Exact) or one == hushed(one))
        return thing if offered == thing.commands else replace(thing, commands=offered) if offered else None
    names = _said(thing.__class__)
    changed = {name: after for name in names if (after := _hush(before := getattr(thing, name))) is not before}
    changed = {name: after for name, after in changed.items() if after != getattr(thing, name)}
    return replace(thing, **changed) if changed else thing


@cache  # as many as there are parts of a message
def _said(kind: type) -> tuple[str, ...]:
    """What of a part of a message a reader sees; the rest is ours, and says what a press or a click does."""
    if kind is Mention:
        return ("name",)
    if kind in (Link, Button):
        return ("label",)
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
