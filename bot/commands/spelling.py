"""How our own words are compared, however they were typed: width, case, brackets and punctuation do not count. Pure.

What people said of their own (names, values, notes) is never changed by this; it only finds where our words end.
"""

import unicodedata
from dataclasses import dataclass

from bot.commands.tokens import folded
from bot.contracts.characters import seen

PUNCTUATION = ":,;、。.!?…~"
"""What may stand behind the mention, command words, numbers and accounts, as `Spelling` has it; it says nothing."""

OPENING, CLOSING = "([{<【〔《`", ")]}>】〕》`"
"""Brackets around a number or a word; the marks of code too, with which our own messages show what can be typed."""


def plain(word: str) -> str:
    """A word as it is compared: folded, without brackets around it and punctuation behind it."""
    normal = folded(word)
    return normal.lstrip(OPENING).rstrip(PUNCTUATION + CLOSING + " ") or normal


@dataclass(frozen=True, slots=True)
class Spelling:
    """A text as it is compared (NFKC, no case, nothing invisible), and where each character stands in what was typed."""

    text: str
    places: tuple[int, ...]

    def place(self, position: int, end: int) -> int:
        """Where a position of the compared text stands in the typed one; `end` where it is behind the last."""
        return self.places[position] if position < len(self.places) else end


def spelling(text: str, begin: int = 0, most: int = 4000) -> Spelling:
    """A text as it is compared.

    Args:
        text: as typed.
        begin: where to begin.
        most: characters after which nothing more is wanted, blanks in front not counted.
    """
    characters: list[str] = []
    places: list[int] = []
    unseen = seen(text) != text
    for place in range(begin, len(text)):
        character = seen(text[place]) if unseen else text[place]
        if not character:
            continue
        for normal in unicodedata.normalize("NFKC", character).casefold():
            characters.append(normal)
            places.append(place)
        if len(characters) > most and not characters[0].isspace():
            break
    return Spelling("".join(characters), tuple(places))
