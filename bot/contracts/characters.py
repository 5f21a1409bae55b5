"""Characters that nobody meant: what cannot be seen, and what copying leaves around a word. Pure."""

import unicodedata

_BLANK_TO_READ = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufffc\ufffd"
"""Letters and marks by their category, nothing or a box on the screen."""

_NAMES = {"\n": "line end", "\r": "carriage return", "\t": "tab", " ": "blank", "\ufeff": "byte order mark"}


def unseen(character: str) -> bool:
    """Whether a character cannot be told from a blank, or from nothing."""
    if character == " ":
        return False
    return (
        unicodedata.category(character) in ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp", "Zs")
        or character in _BLANK_TO_READ
        or "\ufe00" <= character <= "\ufe0f"
        or "\U000e0100" <= character <= "\U000e01ef"
    )


def tidy(text: str) -> str:
    """A text without blanks, line ends and invisible characters at both ends: they come with copying."""
    first, last = 0, len(text)
    while first < last and (text[first] == " " or unseen(text[first])):
        first += 1
    while last > first and (text[last - 1] == " " or unseen(text[last - 1])):
        last -= 1
    return text[first:last]


def called(character: str) -> str:
    """A character by number and name, for it may not be seen."""
    name = _NAMES.get(character) or unicodedata.name(character, "").lower()
    return f"U+{ord(character):04X}{f' ({name})' if name else ''}"


def odd_in_text(value: str) -> str:
    """What is wrong with the characters of an id or a word; empty when nothing is."""
    found = next((character for character in value if unseen(character)), "")
    return f"has {called(found)} in it, which cannot be seen: type it anew" if found else ""


def odd_in_secret(value: str) -> str:
    """What is wrong with the characters of a key, token or password; empty when nothing is. Never tells the secret.

    All that the services give out is made of visible ASCII, and only that can stand in the header of a call.
    """
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return "stands in quotation marks, which would be part of it here: take them off"
    at = next((index for index, character in enumerate(value) if not "!" <= character <= "~"), -1)
    return f"has {called(value[at])} behind its first {at} characters, which no key or token has" if at >= 0 else ""
