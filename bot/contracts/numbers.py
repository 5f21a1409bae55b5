"""Phone numbers where people read them: masked, everywhere but in the record of a test send (spec 4)."""

import re
import unicodedata

HIDDEN = "****"

_MAINLAND = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")

_RUN = re.compile(r"(?:\+|00)?\d(?:[ \-]?\d){6,}[Xx]?")
"""What could be a phone number or the number of a person: seven figures and more, perhaps in groups."""

_LONGEST_PHONE = 15
"""Figures of the longest phone number there is (ITU E.164)."""


def plain(number: str) -> str:
    """A number as it is compared: 11 figures in the mainland, elsewhere `+` and figures where it was written so.

    The forms that vendors and people write: `+86 138-0000-1234`, `008613800001234`, `(0086)13800001234`, `(60)1234567`.
    """
    text = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", number))
    text = re.sub(r"^\((?:\+|00)?([0-9]+)\)", r"+\1", text)
    text = re.sub(r"^00", "+", text)
    mainland = _MAINLAND.fullmatch(text)
    if mainland is not None and (text.startswith("+86") or not text.startswith("+")):
        return mainland[1]
    return ("+" if text.startswith("+") else "") + re.sub(r"[^0-9]", "", text)


def mainland(number: str) -> bool:
    """Whether a number is a mobile one in mainland China."""
    return re.fullmatch(r"1[3-9][0-9]{9}", plain(number)) is not None


_SHORT_CODES = frozenset(
    (
        20,
        27,
        *range(30, 35),
        36,
        39,
        40,
        41,
        *range(43, 50),
        *range(51, 59),
        *range(60, 67),
        81,
        82,
        84,
        86,
        *range(90, 96),
        98,
    )
)
"""Codes of countries with two figures; 1 and 7 have one, every other has three (ITU-T E.164, list of assigned codes)."""


def calling_code(number: str) -> tuple[str, str]:
    """The code of a number's country and the number without it; no code of one in the mainland, or written without `+`."""
    told = plain(number)
    if not told.startswith("+"):
        return "", told
    figures = told[1:]
    length = 1 if figures[:1] in ("1", "7") else 2 if figures[:2].isdigit() and int(figures[:2]) in _SHORT_CODES else 3
    return figures[:length], figures[length:]


def same(number: str, other: str) -> bool:
    """Whether two are one number, though one is written without the `+` in front of its country's code, as vendors do."""
    return plain(number).removeprefix("+") == plain(other).removeprefix("+")


def masked(number: str) -> str:
    """A number as people may read it: `138****1234`; of a short one even less."""
    figures = plain(number).removeprefix("+")
    if len(figures) < 8:
        return HIDDEN
    return f"{figures[:-8]}{HIDDEN}{figures[-4:]}"


def without_number(text: str, number: str) -> str:
    """A text in which one number is masked, however it is written there; what else stands in it stays."""
    figures = "[ -]?".join(plain(number).removeprefix("+"))
    return re.sub(rf"(?<!\d)(?:(?:\+|00)?86[ -]?|\+|00)?{figures}(?!\d)", masked(number), text) if figures else text


def without_numbers(text: str) -> str:
    """A text in which every phone number is masked, and every longer number (of a person, of a card) is gone."""

    def hidden(found: re.Match[str]) -> str:
        figures = plain(found[0].rstrip("Xx")).removeprefix("+")
        whole = found[0].upper().endswith("X") or len(figures) > _LONGEST_PHONE
        return HIDDEN if whole else masked(figures)

    return _RUN.sub(hidden, text)
