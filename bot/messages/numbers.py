"""Which test number somebody means: whole, masked as it is shown, or by its last figures. Pure."""

import re
from collections.abc import Sequence

from bot.contracts.numbers import masked, plain

NUMBER = r"[+(]?[0-9*∗＊][0-9*∗＊()\- ]*"
"""A regular expression of what can be one."""

CALLED = re.compile(r"[TＴtｔ]([0-9]{1,9})")
"""How a test message is called: `T3`."""

STARS = re.compile("[∗＊]")
"""What stands for `*` where a chat has no way to show one, and so in what is copied from there."""

LEAST = 4
"""Figures that name a number by its end."""


def meant(numbers: Sequence[str], text: str) -> tuple[str, ...]:
    """The numbers of a list that a text can mean.

    Args:
        numbers: as the configuration has them.
        text: a number in any spelling, as it is shown (`138****1234`), or its last four figures or more.
    """
    text = STARS.sub("*", text).strip()
    if "*" in text:
        return tuple(one for one in numbers if masked(one) == text)
    said = plain(text)
    whole = tuple(one for one in numbers if plain(one) == said)
    if whole or len(said) < LEAST or not said.isdigit():
        return whole
    return tuple(one for one in numbers if plain(one).endswith(said))
