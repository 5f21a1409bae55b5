"""Characters that nobody meant: what cannot be seen, what looks like another, and what copying leaves around a word. Pure.

One table for what comes in and what goes out: values name what is in it, and every chat leaves it out of what it shows.
"""

import re
import unicodedata
from dataclasses import dataclass

LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
"""Whatever ends a line, wherever a text was written or copied."""

SEPARATORS = ",，;；、﹐﹔､﹑︐︑︔،؛|｜"
"""What people put between pairs, names and numbers; behind one of these a known key begins the next pair."""

STOPS = "。！？｡"
"""Full-width ends of a sentence: they separate as well, and belong to the sentence before them."""

_LINE_END = re.compile(f"\r\n|[{LINE_ENDS}]")

_BLANK_TO_READ = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0\ufff0\ufff1\ufff2\ufff3\ufff4\ufff5"
    "\ufff6\ufff7\ufff8\ufffc\ufffd"
)
"""Letters and marks by their category, nothing or a box on the screen."""

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0000-\U000e0fff]")
"""Choose between forms of the character before them; tags, which nobody sees, are of the same kind."""

_NOT_SEEN = re.compile(f"[{''.join(sorted(_BLANK_TO_READ))}\ufe00-\ufe0f\U000e0000-\U000e0fff]")
"""Both of these: what is not seen although it counts as printable."""

_EMOJI_FORMS = "\ufe0e\ufe0f"
"""Our own signs (`⚠️`) have them: what is shown keeps them."""

_BLANKS_TO_READ = str.maketrans(dict.fromkeys("\u115f\u1160\u2800\u3164\uffa0", " "))
"""Those of them that take the room of a blank, and stand where people have typed one."""

INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\U000e0000-\U000e0fff"
)
"""What nobody sees within a word, as the inside of a regular expression's class."""

_INVISIBLE = re.compile(f"[{INVISIBLE}]")

_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})

_NOT_TO_READ = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

_COPIES = re.compile(
    "[\u00a0\u1680\u2000-\u200a\u202f\u205f"  # blanks of other widths, as word processors set them
    "\u2e80-\u2fdf\uf900-\ufaff\U0002f800-\U0002fa1f"  # radicals and doubles of Chinese characters, as PDFs have them
    "\ufb00-\ufb06\ufe30-\ufe4f\U0001d400-\U0001d7ff]"  # ligatures, upright punctuation, mathematical letters
)

_RADICALS = dict(
    zip(
        "⺟⺠⺫⺮⻅⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻨⻩⻬⻮⻰⻳⻄⻑⻒",
        "母民罒竹见贝车长门青页风飞食马骨鬼鱼鸟麦黄齐齿龙龟西長镸",
        strict=True,
    )
)
"""Radicals that Unicode gives no common form, though PDFs have them in place of it."""

_LATIN = dict(
    zip(
        "аеорсухіјѕԁһӏАВЕКМНОРСТХІЈЅУΑΒΕΖΗΙΚΜΝΟΡΤΥΧονɑɡ",  # Cyrillic, Greek, phonetic
        "aeopcyxijsdhlABEKMHOPCTXIJSYABEZHIKMNOPTYXovag",
        strict=True,
    )
)
"""Letters of other scripts that cannot be told from Latin ones (Unicode Technical Standard 39, confusables)."""

_TO_LATIN = str.maketrans(_LATIN)

_MIXED = re.compile(
    "[A-Za-z\u0251\u0261\u0370-\u03ff\u0400-\u052f]*[A-Za-z][A-Za-z\u0251\u0261\u0370-\u03ff\u0400-\u052f]*"
)

_NAMES = {"\n": "line end", "\r": "carriage return", "\t": "tab", " ": "blank", "\ufeff": "byte order mark"}


def unseen(character: str) -> bool:
    """Whether a character cannot be told from a blank, or from nothing."""
    if character == " ":
        return False
    return unicodedata.category(character) == "Zs" or _is_hidden(character)


def _is_hidden(character: str) -> bool:
    """Whether nothing, or only a box, is seen of a character; a blank of any width is none of these."""
    if character.isascii():
        return character < " " or character == "\x7f"
    return (
        unicodedata.category(character) in _UNSEEN_KINDS
        or character in _BLANK_TO_READ
        or _SELECTORS.match(character) is not None
    )


def hidden(text: str) -> tuple[tuple[int, str], ...]:
    """What cannot be seen in a text, line ends and tabs aside: the position of each, from 1, and the character."""
    if text.isprintable() and _NOT_SEEN.search(text) is None:
        return ()
    return tuple(
        (at, character) for at, character in enumerate(text, 1) if character not in "\n\t" and _is_hidden(character)
    )


@dataclass(frozen=True, slots=True)
class LookAlike:
    """What looks like a common character and is another one.

    Args:
        position: from 1.
        character: as it stands there.
        proper: what it looks like (`⾥` is `里`, copied from a PDF).
    """

    position: int
    character: str
    proper: str


def look_alikes(text: str) -> tuple[LookAlike, ...]:
    """What of a text only looks like common characters: copies, parts of one character, letters of another script.

    A Cyrillic or Greek letter is one within a Latin word only (`cоde`): alone they are what people write.
    """
    if text.isascii():
        return ()
    foreign = {at for word in _MIXED.finditer(text) for at in range(*word.span()) if _is_mixed(word.group())}
    if not foreign and _COPIES.search(text) is None and unicodedata.is_normalized("NFC", text):
        return ()
    found = []
    for at, character in enumerate(text):
        meant = _proper(character)
        if meant == character and at in foreign:
            meant = _LATIN.get(character, character)
        together = unicodedata.normalize("NFC", text[at - 1 : at + 1]) if at and not character.isascii() else ""
        if meant == character and len(together) == 1:
            meant = together  # a letter and its accent, or the halves of a syllable, apart
        if meant != character:
            found.append(LookAlike(at + 1, character, meant))
    return tuple(found)


def cleaned(text: str) -> str:
    """A text without what cannot be seen, and with common characters for what only looks like them."""
    gone = {position for position, _ in hidden(text)}
    text = "".join(_proper(character) for at, character in enumerate(text, 1) if at not in gone)
    text = unicodedata.normalize("NFC", text)
    return _MIXED.sub(lambda word: latin(word.group()) if _is_mixed(word.group()) else word.group(), text)


def latin(word: str) -> str:
    """A word with Latin letters for those of other scripts that look like them (`сompany`)."""
    return word if word.isascii() else word.translate(_TO_LATIN)


def seen(word: str) -> str:
    """A word without what nobody sees in it; what takes the room of a blank is one. So words are compared."""
    return word if word.isascii() else _INVISIBLE.sub("", word.translate(_BLANKS_TO_READ))


def _proper(character: str) -> str:
    """The common character that one looks like; the same where it is common itself."""
    if _COPIES.match(character) is None:
        return unicodedata.normalize("NFC", character)
    return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)


def _is_mixed(word: str) -> bool:
    """Whether a word is Latin but for letters that look so; `10kΩ` and `αβγ` are what they are."""
    return any(one.isascii() for one in word) and all(one.isascii() or one in _LATIN for one in word)


def plain_lines(text: str) -> str:
    r"""A text whose lines all end in `\n`."""
    return _LINE_END.sub("\n", text)


def whole(text: str) -> str:
    r"""A text without halves of characters (`\ud83d`, an emoji that was cut), which neither the record nor a chat takes.

    The replacement character stands for each: it is seen, and no value for a vendor may have it.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def readable(text: str) -> str:
    r"""A text as it may be shown: lines end in `\n`, a tab is a blank, and nothing is left that steers or hides."""
    if not text.isprintable():
        text = plain_lines(text).replace("\t", " ")
    if text.replace("\n", "").isprintable() and _NOT_SEEN.search(text) is None:
        return text
    return "".join(character for character in text if character in "\n\ufffd" or _may_be_shown(character))


def _may_be_shown(character: str) -> bool:
    if character in _EMOJI_FORMS:
        return True
    return not (
        unicodedata.category(character) in _NOT_TO_READ
        or character in _BLANK_TO_READ
        or _SELECTORS.match(character) is not None
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


def odd_width(value: str) -> str:
    """What is wrong with an id, an address or a figure that was typed on a Chinese keyboard; empty when nothing is."""
    found = next((character for character in value if "\uff01" <= character <= "\uff5e"), "")
    meant = unicodedata.normalize("NFKC", found)
    return f'has {called(found)} in it, which is not the same as "{meant}": type it anew' if found else ""


_BEFORE_SECRETS = re.compile(
    r"""(?P<header>(?i:bearer|basic))\s"""  # copied out of a header
    r"""|(?P<name>(?:export\s)?[A-Za-z_][\w ]{2,40}(?:=(?!=*$)|[:：]\s))"""  # KEY=…, Access key: …
    r"""|(?P<mark>["'`<“”‘’「『«＂＇])""",
    re.ASCII,
)

_BEHIND_SECRETS = re.compile(r"""["'`>“”‘’」』»＂＇,;，；。]$""")


def odd_in_secret(value: str) -> str:
    """What is wrong with the characters of a key, token or password; empty when nothing is. Never tells the secret.

    All that the services give out is made of visible ASCII, and only that can stand in the header of a call.
    """
    found = _BEFORE_SECRETS.match(value) if len(value) > 1 else None
    if found is not None and found["header"]:
        return f'begins with "{found["header"]}", which is no part of it: leave that out'
    if found is not None and found["name"]:
        return "begins with the name of what it is, which is no part of it: leave that out"
    behind = _BEHIND_SECRETS.search(value) if len(value) > 1 else None
    if found is not None and behind is not None:
        return "stands in quotation marks, which would be part of it here: take them off"
    if found is not None:
        return f"begins with {called(value[0])}, which no key or token does: take it off"
    if behind is not None:
        return f"ends with {called(value[-1])}, which no key or token does: take it off"
    at = next((index for index, character in enumerate(value) if not "!" <= character <= "~"), -1)
    if at < 0:
        return ""
    where = (
        f"behind its first {at} characters" if at > 1 else "behind its first character" if at else "at its beginning"
    )
    return f"has {called(value[at])} {where}, which no key or token has"
