"""Phone numbers where people read them: masked, everywhere but in the record of a test send (spec 4)."""

import re
import unicodedata

HIDDEN = "****"

_MAINLAND = re.compile(r"(?:\+?86|0086)?(1[3-9][0-9]{9})")

_RUN = re.compile(r"(?:\+|00)?\d(?:[ \-]?\d){6,}[Xx]?")
"""What could be a phone number or the number of a person: seven figures and more, perhaps in groups."""

_LONGEST_PHONE = 15
"""Figures of the longest phone number there is (ITU E.164)."""


def digits(number: str) -> str:
    """A number as it is compared: its figures; of one in the mainland without the country's code."""
    text = unicodedata.normalize("NFKC", number)
    text = re.sub(r"[\s\-()]", "", text)
    mainland = _MAINLAND.fullmatch(text)
    if mainland is not None:
        return mainland[1]
    figures = re.sub(r"[^0-9]", "", text)
    return figures.removeprefix("00") if text.startswith("00") else figures


def masked(number: str) -> str:
    """A number as people may read it: `138****1234`; of a short one even less."""
    figures = digits(number)
    if len(figures) < 8:
        return HIDDEN
    return f"{figures[:-8]}{HIDDEN}{figures[-4:]}"


def without_numbers(text: str) -> str:
    """A text in which every phone number is masked, and every longer number (of a person, of a card) is gone."""

    def hidden(found: re.Match[str]) -> str:
        figures = digits(found[0].rstrip("Xx"))
        whole = found[0].upper().endswith("X") or len(figures) > _LONGEST_PHONE
        return HIDDEN if whole else masked(figures)

    return _RUN.sub(hidden, text)
