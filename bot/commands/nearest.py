"""What was probably meant, and what was typed, fit to be shown again. Pure."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import SequenceMatcher

from bot.commands.tokens import folded
from bot.contracts import mentions

SHOWN = 40
"""Characters of what was typed that an answer shows again."""

_SWAPPED = 0.93

_ONE_OF_TWO = 0.7  # a Chinese word of two characters with one of them right: meant, but no slip of the key


def shown(word: str) -> str:
    """What was typed, fit to be shown again."""
    word = mentions.shown(word[: 10 * SHOWN])
    visible = "".join(" " if character.isspace() else character for character in word[: 4 * SHOWN])
    visible = "".join(character for character in visible if unicodedata.category(character)[0] != "C").strip()
    return visible if len(visible) <= SHOWN else visible[: SHOWN - 1] + "…"


def suggest(word: str, candidates: Iterable[str], cutoff: float = 0.6) -> str:
    """The candidate that was probably meant; empty when none is near."""
    typed = Likeness(folded(word[:SHOWN]))
    best, nearest = cutoff, ""
    for candidate in candidates:
        likeness = typed.of(folded(candidate))
        if likeness > best or (likeness == best and not nearest):
            best, nearest = likeness, candidate
    return nearest


def corrected(text: str, word: str, nearest: str) -> str:
    """A whole text with one word as it was probably meant; empty where the word does not stand in it just once."""
    if not nearest or not word:
        return ""
    places = [found.span() for found in re.finditer(re.escape(word), text, re.IGNORECASE)]
    if len(places) != 1:
        return ""
    (start, end), *_ = places
    return f"{text[:start]}{nearest}{text[end:]}"


class Likeness:
    """How much words are like what was typed; made once where it is held against many.

    Args:
        typed: as it is compared.
    """

    def __init__(self, typed: str) -> None:
        self._typed = typed
        self._letters = frozenset(typed)
        self._sorted = sorted(typed)
        self._matcher = SequenceMatcher(None, "", typed, autojunk=False)  # which prepares its second text only

    def most(self, wanted: str) -> float:
        """What `of` says at most, whatever the order of the letters; told at once."""
        shared = sum(map(self._letters.__contains__, wanted))
        likeness = 2 * min(shared, len(self._typed)) / max(len(wanted) + len(self._typed), 1)
        return max(likeness, _ONE_OF_TWO if _one_of_two(wanted, self._typed) else 0.0)

    def of(self, wanted: str) -> float:
        """From 0 to 1, and 0 below a half; letters that only changed places count as nearly the same."""
        if self.most(wanted) < 0.5:
            return 0.0
        self._matcher.set_seq1(wanted)
        ratio = self._matcher.ratio()
        if sorted(wanted) == self._sorted:
            return max(ratio, _SWAPPED)
        return max(ratio, _ONE_OF_TWO if _one_of_two(wanted, self._typed) else 0.0)


def _one_of_two(wanted: str, typed: str) -> bool:
    pair = len(wanted) == len(typed) == 2 and not wanted.isascii() and not typed.isascii()
    return pair and (wanted[0] == typed[0] or wanted[1] == typed[1])
