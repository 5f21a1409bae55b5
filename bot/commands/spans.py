"""Spans of time as people write them: `30m`, `2 小时`, `１ｄ１２ｈ`, `half an hour`. Pure."""

import re
from datetime import timedelta

from bot.commands.spelling import PUNCTUATION
from bot.commands.tokens import folded

_MINUTES = {
    1: ("m", "min", "mins", "minute", "minutes", "分", "分钟"),
    60: ("h", "hr", "hrs", "hour", "hours", "时", "小时", "钟头"),
    1440: ("d", "day", "days", "天", "日"),
    10080: ("w", "week", "weeks", "周", "星期", "礼拜"),
}

_UNITS = {word: minutes for minutes, words in _MINUTES.items() for word in words}

_AMOUNTS = {
    **{word: float(count) for count, word in enumerate("一二三四五六七八九十", 1)},
    "两": 2.0,
    "半": 0.5,
    "half": 0.5,
    "halfan": 0.5,
    "halfa": 0.5,
    "a": 1.0,
    "an": 1.0,
    "one": 1.0,
    "two": 2.0,
    "three": 3.0,
}

UNIT = rf"个?\s*(?:{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?![a-z])"
"""A regular expression of what makes a span of a number, behind it, in folded text."""

_PART = re.compile(
    rf"(?P<amount>[0-9]{{1,4}}(?:\.[0-9])?|{'|'.join(sorted(_AMOUNTS, key=len, reverse=True))})"
    rf"(?P<and_a_half>个半)?个?(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})(?P<and_half>半(?![天小分个]))?"
)


def read_span(text: str) -> timedelta | None:
    """The span of time that a text is; none where it is none.

    Parts add up: `1d12h`, `1 小时 30 分钟`, `一个半小时`. Width, case, blanks and punctuation behind it do not count.
    """
    said = re.sub(r"\A(?:for|of)\b|\band\b|[\s零又]", "", folded(text).strip(f"{PUNCTUATION} "))
    minutes = 0.0
    position = 0
    while position < len(said):
        part = _PART.match(said, position)
        if part is None:
            return None
        amount = _AMOUNTS.get(part["amount"])
        amount = float(part["amount"]) if amount is None else amount
        amount += 0.5 if part["and_a_half"] or part["and_half"] else 0.0
        minutes += amount * _UNITS[part["unit"]]
        position = part.end()
    return timedelta(minutes=minutes) if position else None
