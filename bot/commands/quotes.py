"""Quotation marks of all keyboards: which one closes which, and what stands within them. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping

_QUOTE_FOLLOWS = re.compile('[“「『"]')

_DOUBLE = '"“”＂'

_SINGLE = "'‘’＇"

QUOTES: Mapping[str, str] = {
    '"': '"',
    "＂": "＂",
    "'": "'",
    "＇": "＇",
    "“": "”",
    "‘": "’",
    "”": "”",
    "’": "’",
    "「": "」",
    "『": "』",
    "｢": "｣",
}
"""What opens a quotation → what closes it."""

_EITHER = {opener: re.compile(f"[{opener}{closer}]") for opener, closer in QUOTES.items()}


class Quotes:
    """The quotations of a text.

    It remembers which quotes are never closed well, so that a text full of quotes stays cheap.

    Args:
        text: the text.
        may_end: whether a quotation may end before a position.
    """

    def __init__(self, text: str, may_end: Callable[[int], bool]) -> None:
        self._text = text
        self._may_end = may_end
        self._never_closed_well: set[str] = set()
        self._quotations: dict[int, list[tuple[int, int]]] = {}

    def close(self, begin: int) -> int | None:
        """The position of the quote that closes the one here; none when it is never closed."""
        opener = self._text[begin]
        closer = QUOTES[opener]
        found: int | None = None
        if opener not in self._never_closed_well:
            alike = opener == closer or opener in "”’"
            found = self._at_boundary(begin) if alike else self._balanced(begin)
            if found is None:
                self._never_closed_well.add(opener)
        if found is not None:
            return found
        same = self._text.find(closer, begin + 1)
        if same >= 0:
            return same
        others = _DOUBLE if opener in _DOUBLE else _SINGLE if opener in _SINGLE else ""  # “so"
        return min((end for other in others if (end := self._text.find(other, begin + 1)) >= 0), default=None)

    def _balanced(self, begin: int) -> int | None:
        """Where as many quotes are closed as were opened: 「a「b」c」."""
        depth = 0
        for match in _EITHER[self._text[begin]].finditer(self._text, begin):
            depth += 1 if match.group() == self._text[begin] else -1
            if depth == 0:
                return match.start()
        return None

    def _at_boundary(self, begin: int) -> int | None:
        """The next quote that is followed by a space, punctuation or a pair, for quotes that open and close alike."""
        closer = QUOTES[self._text[begin]]
        found = self._text.find(closer, begin + 1)
        while found >= 0 and not self._may_end(found + 1):
            found = self._text.find(closer, found + 1)
        return found if found >= 0 else None

    def around(self, position: int, begin: int, end: int) -> bool:
        """Whether a place between two others stands in a quotation that is closed on the same line."""
        if begin not in self._quotations:
            self._quotations[begin] = list(self._quotations_within(begin, end))
        return any(start < position < close for start, close in self._quotations[begin])

    def _quotations_within(self, begin: int, end: int) -> Iterator[tuple[int, int]]:
        never: set[str] = set()
        behind = begin
        for match in _QUOTE_FOLLOWS.finditer(self._text, begin, end):
            opener = match.group()
            start = match.start()
            if start < behind or opener in never:
                continue
            close = self._text.find(QUOTES[opener], start + 1, end)
            if close < 0:
                never.add(opener)
                continue
            yield start, close
            behind = close + 1
