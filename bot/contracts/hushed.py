"""Numbers of persons in what is said: found, and left out of everything that is shown or kept. Pure.

The one exception is the record of a test message, which has the number that it went to (spec 4).
"""

import re
from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import Any, TypeVar

from bot.contracts.message import Mention

T = TypeVar("T")

MOBILE = re.compile(r"(?<!\d)((?:(?:\+|00)?86[- ]?)?[1１][3-9３-９]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
"""A mainland mobile number, also in groups."""

ABROAD = re.compile(r"(?<![\d+])\+(?!86)(\d{1,3})[- ]?\d[\d -]{3,10}(\d{4})(?!\d)")
"""A number abroad, as it is told from every other one: with `+` and its country."""

ID_NUMBER = re.compile(
    r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])"
)
"""A resident identity number."""

_FIGURES = re.compile(r"\d{3}")
"""Without so many in a row there is none of them."""


def hushed(text: str) -> str:
    """A text without the numbers of persons: `138****1234` of a phone, nothing of an identity paper."""
    if _FIGURES.search(text) is None:
        return text
    return ABROAD.sub(r"+\1****\2", MOBILE.sub(r"\1****\2", ID_NUMBER.sub("…", text)))


def of_a_person(key: str, value: str) -> bool:
    """Whether a value has the number of a person in it; a company's code (`…_code`), which begins with 1, 5 or 9, may look like one."""
    code = key.endswith("_code") and value.startswith(("1", "5", "9"))
    phone = MOBILE.search(value) or ABROAD.search(value)
    return phone is not None or (not code and ID_NUMBER.search(value) is not None)


def hush(thing: T) -> T:
    """The same of everything that a message says; whom it mentions stays as their chat knows them."""
    return _hush(thing)  # type: ignore[no-any-return]


def _hush(thing: Any) -> Any:
    if type(thing) is str:  # a word of an enumeration is one of ours
        return hushed(thing)
    if isinstance(thing, tuple):
        inner = tuple(_hush(one) for one in thing)
        return inner if inner != thing else thing
    names = _said(thing.__class__)
    changed = {name: after for name in names if (after := _hush(before := getattr(thing, name))) is not before}
    changed = {name: after for name, after in changed.items() if after != getattr(thing, name)}
    return replace(thing, **changed) if changed else thing


@cache  # as many as there are parts of a message
def _said(kind: type) -> tuple[str, ...]:
    """What of a part of a message is said."""
    if kind is Mention:
        return ("name",)
    return tuple(one.name for one in fields(kind)) if is_dataclass(kind) else ()
