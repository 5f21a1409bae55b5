"""Days as people write them: `2026-11-23`, `11-23`, `11月23日`, `yesterday`, `昨天`. Pure."""

import re
from datetime import date, timedelta

from bot.commands.spelling import PUNCTUATION
from bot.commands.tokens import folded

_WORDS = {
    "today": 0,
    "今天": 0,
    "今日": 0,
    "yesterday": 1,
    "昨天": 1,
    "昨日": 1,
    "前天": 2,
}

_DASHES = r"\-\u2010-\u2015\u2212"  # as phones make them of one that was typed
_WHOLE = re.compile(rf"([0-9]{{4}})[{_DASHES}/.年]?([0-9]{{1,2}})[{_DASHES}/.月]?([0-9]{{1,2}})[日号]?")
_SHORT = re.compile(rf"([0-9]{{1,2}})[{_DASHES}/.月]([0-9]{{1,2}})[日号]?")


def read_day(text: str, today: date) -> date | None:
    """The day that a text is; none where it is none.

    Args:
        text: in any width and case.
        today: where the reader is; a day without a year is the last one that has been.
    """
    said = folded(text).strip(f"{PUNCTUATION} ")
    if said in _WORDS:
        return today - timedelta(days=_WORDS[said])
    try:
        if whole := _WHOLE.fullmatch(said):
            return date(*(int(part) for part in whole.groups()))
        if short := _SHORT.fullmatch(said):
            month, day = (int(part) for part in short.groups())
            found = date(today.year, month, day)
            return found if found <= today else date(today.year - 1, month, day)
    except ValueError:
        return None
    return None
