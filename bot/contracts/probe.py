"""What a service answered when it was asked whether it would serve us: for `signpost doctor` and `signpost init`."""

from dataclasses import dataclass
from enum import StrEnum

from bot.contracts.model import Words


class Found(StrEnum):
    """How something was found."""

    WELL = "well"
    WRONG = "wrong"  # the program cannot do its work until somebody mends it
    NOTE = "note"  # it works without; what is missed by that, or what could not be asked


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was asked.

    Args:
        found: how it is.
        what: one sentence without a stop: what was seen, and what to do where it is not well.
        about: the id of a conversation, a person or a group, or the key of the configuration that it speaks of; empty where it
            speaks of the app.
    """

    found: Found
    what: Words
    about: str = ""


def well(en: str, zh: str, about: str = "") -> Finding:
    """Something that is as it should be."""
    return Finding(Found.WELL, Words(en, zh), about)


def wrong(words: Words, about: str = "") -> Finding:
    """Something that somebody must mend."""
    return Finding(Found.WRONG, words, about)


def note(en: str, zh: str, about: str = "") -> Finding:
    """Something that is worth knowing."""
    return Finding(Found.NOTE, Words(en, zh), about)


def serving(count: int | None, one: str, many: str, zh: str) -> Words:
    """What is said of a vendor that answered: that it serves us, and how many things it has.

    Args:
        count: of them; none where it did not tell.
        one: what one is called in English.
        many: what several are called in English.
        zh: what they are called in Chinese.
    """
    if count is None:
        return Words("serves us", "正常应答")
    return Words(f"serves us; {count} {one if count == 1 else many}", f"正常应答；{zh} {count} 个")
