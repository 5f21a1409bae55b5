"""The formatting marks in a text of Slack's markup (`*bold*`, `_italic_`, `~strike~`, code, quotations, lists). Pure.

Slack writes a formatted message as text with marks around the words, and a slash command and a plain input have nothing
but that text (https://docs.slack.dev/messaging/formatting-message-text, "basic formatting", read 2026). The same signs
also stand for themselves, so a pair of them counts as marks only where Slack's composer could have put it: `2*3*4`,
`${user_name}`, `138****1234` and `9~10点` have none.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

HIDDEN = "\x00"
"""Stands for a character in which no mark can be; no chat delivers it."""

BLOCK = "```"
CODE = "`"
QUOTATION = ">"
ITEM = "•"
EMOJI = ":"

LONGEST = 8000
"""Characters of a text that is looked into; nothing that long can be a command or go to a vendor."""

_BLOCK = re.compile(r"```[ \t]*\n?(?P<inner>(?:(?!```).)+?)\n?[ \t]*```", re.DOTALL)

_CODE = re.compile(r"`(?P<inner>[^`\n]+)`")

_PAIRS = tuple(
    re.compile(
        rf"(?<![A-Za-z0-9{sign}])(?P<sign>{sign}{{1,2}})(?=[^\s{sign}])"
        rf"(?P<inner>[^\n]{{0,2000}}?[^\s{sign}])(?P=sign)(?![A-Za-z0-9{sign}])"
    )
    for sign in (r"\*", "_", "~")
)
"""Letters and digits of a Latin text never touch a mark on the outside."""

_QUOTED = re.compile(r"^[ \t]*(?:(?:&gt;|>)[ \t]*)+(?P<inner>[^\n]*)", re.MULTILINE)

_ITEM = re.compile(r"^[ \t]*[•◦▪][ \t]*(?P<inner>[^\n]*)", re.MULTILINE)

_EMOJI = re.compile(
    r"(?<![A-Za-z0-9:])(?P<inner>:(?:[a-z][a-z0-9_+'-]*|[+-]1|100|1234|8ball):(?::skin-tone-[1-6]:)?)(?![A-Za-z0-9:])"
)

_NEVER = re.compile(r"\$\{[^{}\n]*\}|https?://[^\s<>\"'|]+")
"""Placeholders and web addresses: what stands in them is never a mark."""


@dataclass(frozen=True, slots=True)
class Found:
    """Marks around a piece of a text.

    Args:
        start: where the first mark begins.
        inner: where the piece begins.
        inner_end: where it ends.
        end: where the last mark ends.
        sign: the mark.
    """

    start: int
    inner: int
    inner_end: int
    end: int
    sign: str


def marks(text: str) -> tuple[Found, ...]:
    """The marks of a text, in no order; what is `HIDDEN` in it has none."""
    found: list[Found] = []
    if len(text) > LONGEST:
        return ()
    for pattern, sign in ((_BLOCK, BLOCK), (_CODE, CODE)):
        these = [_found(match, sign) for match in pattern.finditer(text) if match["inner"].strip()]
        found += these
        for one in these:  # what stands in code stands for itself
            text = _hidden(text, one.start, one.end)
    for match in list(_NEVER.finditer(text)):
        text = _hidden(text, match.start(), match.end())
    for pattern, sign in ((_QUOTED, QUOTATION), (_ITEM, ITEM)):
        found += (_found(match, sign) for match in pattern.finditer(text) if match["inner"].strip())
    found += (_found(match, EMOJI) for match in _EMOJI.finditer(text))
    return (*found, *_pairs(text))


def pieces(text: str) -> tuple[str, ...]:
    """What has marks in a text that somebody typed, with its marks, in order."""
    return tuple(text[one.start : one.end].strip() for one in sorted(marks(text), key=lambda one: one.start))


def taken_out(text: str) -> str:
    """A text that somebody typed, without its marks and emoji."""
    gone: set[int] = set()
    for one in marks(text):
        inner = range(0) if one.sign == EMOJI else range(one.inner, one.inner_end)
        gone |= set(range(one.start, one.end)) - set(inner)
    return "".join(character for position, character in enumerate(text) if position not in gone)


def _pairs(text: str) -> Iterator[Found]:
    for pattern in _PAIRS:
        yield from (_found(match, match["sign"][0]) for match in pattern.finditer(text) if _stands_free(text, match))


def _stands_free(text: str, match: re.Match[str]) -> bool:
    """Whether a pair of signs is where marks can be.

    In a Chinese text, which has no blanks, a mark may touch a word on one side; on both sides only `_`, which has no
    other meaning there (`长*宽*高`, `上午~下午，早上~晚上`).
    """
    before, after = text[: match.start()][-1:], text[match.end() : match.end() + 1]
    return match["sign"][0] == "_" or not (before.isalnum() and after.isalnum())


def _found(match: re.Match[str], sign: str) -> Found:
    return Found(match.start(), match.start("inner"), match.end("inner"), match.end(), sign)


def _hidden(text: str, start: int, end: int) -> str:
    return text[:start] + HIDDEN * (end - start) + text[end:]
