"""Hours of the day as the file writes them: from one to another, or one alone. Pure."""

import re
import unicodedata
from datetime import time

_DAY_HOURS_FORM = re.compile(r"([01]?[0-9]|2[0-4])(?::([0-5][0-9]))?[-–~]([01]?[0-9]|2[0-4])(?::([0-5][0-9]))?")

_DAY_HOUR_FORM = re.compile(r"([01]?[0-9]|2[0-3])(?::([0-5][0-9]))?")

_HOUR_MEANT = re.compile(r"([0-9]{1,2})(?:[:.点时h]?([0-5][0-9])?)(半?)\s*(am|pm|uhr|o'clock|分|点)?")


def day_hours(value: str) -> tuple[time, time] | None:
    """From which hour of the day to which, `22:00-08:00`; none where it is none.

    Raises:
        ValueError: it is something else.
    """
    if not value:
        return None
    found = _DAY_HOURS_FORM.fullmatch(value.replace(" ", ""))
    if found is None:
        raise ValueError('should be two hours of the day such as "22:00-08:00", or "" for never')
    begin, end = (time(int(found[at]) % 24, int(found[at + 1] or 0)) for at in (1, 3))
    return begin, end


def day_hour(value: object) -> time | None:
    """One hour of the day, `09:00`, `9` or a TOML time; none where it is empty.

    Raises:
        ValueError: it is something else; the text says what is wanted.
    """
    if isinstance(value, time) and value.tzinfo is None and not (value.second or value.microsecond):
        return value
    text = unicodedata.normalize("NFKC", value).strip() if isinstance(value, str) else str(value)
    if not text:
        return None
    found = _DAY_HOUR_FORM.fullmatch(text)
    if found is None or not isinstance(value, str):
        near = _hour_meant(text)
        raise ValueError(
            f'should be an hour of the day such as "09:00", or "" for never{f"; did you mean {near}?" if near else ""}'
        )
    return time(int(found[1]), int(found[2] or 0))


def written(hour: time | None) -> str:
    """An hour of the day as the file has it, in the form that it is shown in."""
    return "" if hour is None else f"{hour:%H:%M}"


def _hour_meant(text: str) -> str:
    """How an hour would be written here that people write otherwise; empty where nobody can tell."""
    found = _HOUR_MEANT.fullmatch(text.lower().replace(" ", ""))
    if found is None:
        return ""
    hour = int(found[1]) % 24
    if found[4] in ("am", "pm") and hour <= 12:
        hour = hour % 12 + (12 if found[4] == "pm" else 0)
    minute = 30 if found[3] else int(found[2] or 0)
    return f'"{hour:02}:{minute:02}"' if int(found[1]) <= 24 else ""
