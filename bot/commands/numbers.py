"""Numbers of requests and alerts as people list them: `#17`, `A1, A2 和 A3`, `A1-A3`, `（＃１７）`, `№17`. Pure.

All numbers of a command are meant. So what stands behind them is looked at twice before it is taken for a note.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.commands.spans import UNIT
from bot.commands.spelling import CLOSING, OPENING, PUNCTUATION, spelling

MOST_IN_A_RANGE = 50
"""`#1-#50` is a range; anything wider is a slip, and refused as no number at all."""

# Between two numbers a dash of any kind means all that lie between them; a word, or one with blanks around it, does where
# the second number is marked as one: "A1 - 2 more" and "A1 到 3 点" are the beginnings of notes.
_RANGE = (
    r"(?:号?(?:[-\u2010-\u2015\u2212\uff0d~\u301c\u223c\u2053\u2500]|\s*(?:[-\u2010-\u2015\u2212\uff0d~\u301c\u223c\u2053\u2500至到]|to(?![a-z]))\s*(?=#|no\.?|第|a))"
    r"(?:#|no\.?|第)?\s*(?:(?P<letter_to>a)\s?)?(?P<to>[0-9]{1,12})(?![0-9]))?"
)

_ITEM = re.compile(
    rf"[{re.escape(OPENING)}]*\s*(?P<mark>#|no\.?|第)?\s*(?:(?P<letter>a)\s?)?(?P<digits>[0-9]{{1,12}})(?![0-9]){_RANGE}"
    rf"(?!\s*{UNIT})号?\s*[{re.escape(CLOSING)}]*(?=\s|\Z|[,;、。!?…&+(\[【]|(?(letter):|:(?!\d))|\.(?!\d)|~(?![0-9a-z#])|and(?![a-z])|[和与及跟]|以及|还有)"
)

_JOINER = re.compile(r"\s*(?:(?:[,;、&+]|and(?![a-z])|以及|还有|[和与及跟])\s*)+|\s+|(?=[(\[【])")

_BEHIND = re.compile(rf"\s*[{PUNCTUATION}]+")

_ALERT_LIKE = re.compile(r"\s*#?a[0-9]")


_EXCEPT = (
    r"(?:except|excluding|exclude|excl|but not|all but|but|without|besides|other than|apart from|not|minus|save)(?![a-z])"
    r"|除|不含|不包括|不包含|不算|排除|去掉|非"
)

_ALSO = rf"(?:and\s+)?(?:or|plus|then|also|nor|with)(?![a-z])|或|再|然后|接着|以及|{_EXCEPT}"

_NAMES_MORE = re.compile(rf"\W*(?:{_ALSO})[^.;。；]{{0,16}}?(?<![a-z0-9])#?a\s?[0-9]")

_EXCEPTS = re.compile(
    r"\W*(?:(?:except|excluding|exclude|excl|without|besides|other than|apart from)(?![a-z])"
    r"|除|不含|不包括|不包含|排除|去掉)|.*(?:除外|以外)\W*\Z"
)

_LOOKED_AT = 200
"""Characters of a note in which it may say so."""

_BUT = re.compile(r"\W*(?:but|not|minus|save)(?![a-z])")

_GROUP = re.compile(r"[0-9]{2,4}")

_DASHED_GROUP = re.compile(r"[0-9]{2,5}(?:-[0-9]{2,5}){0,3}")  # behind the code of a country; alone it may be a day

_SHORT = re.compile(r"[+(]{0,2}[0-9]{1,4}\)?")

_FEWEST, _MOST = 7, 15  # figures of a telephone number (ITU-T E.164)


@dataclass(frozen=True, slots=True)
class Numbers:
    """What was listed.

    Args:
        listed: each once, in typed order.
        end: where the list ends in what was typed, punctuation behind it included.
        doubtful: a word that may be one more number or the beginning of a note; empty where all is clear.
    """

    listed: tuple[int, ...]
    end: int
    doubtful: str = ""


def read_numbers(text: str, position: int, *, alerts: bool, letter: bool = False, note: bool = False) -> Numbers | None:
    """The numbers that a text lists from a position on; none where no number stands there.

    A bare number behind a blank with words after it (`ack A1 2 more`) is doubtful, where a note may follow; so is
    what begins like an alert and is none (`A2x`). `#17` names a request: behind alerts it is the first word of a note
    (`ack A1 #17 is blocked`), and doubtful where nothing follows it.

    Args:
        text: as typed.
        position: where they would begin.
        alerts: whether they are numbers of alerts, with or without their `A`; else of requests, without.
        letter: whether the first one needs its `A`.
        note: whether words may follow.
    """
    spelled = spelling(text, position)
    items: list[tuple[re.Match[str], bool]] = []
    at, joined = len(spelled.text) - len(spelled.text.lstrip()), True
    while found := _ITEM.match(spelled.text, at):
        if not _meant(found) or ((found["letter"] or found["letter_to"]) and not alerts):
            break
        if letter and not items and not found["letter"]:
            break
        items.append((found, joined))
        between = _JOINER.match(spelled.text, found.end())
        at = found.end()
        if between is None:
            break
        at, joined = between.end(), bool(between.group().strip())
    if not items:
        return None
    rest = _behind(spelled.text, items[-1][0].end())
    last, explicit = items[-1]
    lettered = items[0][0]["letter"] is not None
    doubtful = ""
    if note and len(items) > 1 and rest and not explicit and not last["letter"]:
        if lettered and last["mark"] == "#":
            items.pop()
        elif not last["mark"]:
            doubtful = last.group()
    strange = [found.group() for found, _ in items[1:] if lettered and found["mark"] and not found["letter"]]
    if alerts and (strange or _ALERT_LIKE.match(spelled.text, at)):
        doubtful = strange[0] if strange else spelled.text[at:].split()[0]
    stop = items[-1][0].end()
    behind = _BEHIND.match(spelled.text, stop)
    end = spelled.place(behind.end() if behind else stop, len(text))
    listed = tuple(dict.fromkeys(number for found, _ in items for number in _meant(found)))
    return Numbers(listed, end, doubtful.strip())


def _meant(found: re.Match[str]) -> range:
    """The numbers of one item: one, or all of a range, whichever end is named first; none where there are no such numbers."""
    first, last = sorted((int(found["digits"]), int(found["to"] or found["digits"])))
    return range(first, last + 1) if first and last - first < MOST_IN_A_RANGE else range(0)


def is_only_numbers(text: str) -> bool:
    """Whether a text lists numbers and says nothing else, or begins with the number of an alert; no note does."""
    found = read_numbers(text, 0, alerts=True)
    return bool(_ALERT_LIKE.match(spelling(text).text)) or (found is not None and not text[found.end :].strip())


def names_more(note: str) -> bool:
    """Whether what stands behind numbers may add another or leave one out: `or A2`, `then A3`, `but not A4`."""
    return _NAMES_MORE.match(spelling(note, most=_LOOKED_AT).text) is not None


def leaves_out(note: str, *, of_all: bool) -> bool:
    """Whether what stands behind several, or behind all, leaves some of them out: `except tencent`, `腾讯云除外`."""
    said = spelling(note, most=_LOOKED_AT).text
    return _EXCEPTS.match(said) is not None or (of_all and _BUT.match(said) is not None)


def figures_apart(words: Sequence[str], pattern: str) -> tuple[str, int]:
    """A telephone number that was typed in groups (`+86 138 0000 1234`), and how many words it is; nothing where it is none.

    Args:
        words: as typed, from where it would begin.
        pattern: what the number must be.
    """
    whole, count = "", 0
    for word in words:
        narrow = spelling(word).text
        behind = _DASHED_GROUP if whole.startswith(("+", "(", "00", "86")) else _GROUP
        if not (behind if whole else _SHORT).fullmatch(narrow):
            break
        whole, count = f"{whole} {narrow}".strip(), count + 1
    figures = sum(one.isdigit() for one in whole)
    return (whole, count) if count > 1 and _FEWEST <= figures <= _MOST and re.fullmatch(pattern, whole) else ("", 0)


def _behind(text: str, position: int) -> str:
    """What a list is followed by, punctuation left out."""
    behind = _BEHIND.match(text, position)
    return text[behind.end() if behind else position :].strip()
