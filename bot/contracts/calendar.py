"""How a calendar of an on-call tool is had: the promise of whoever fetches and reads it."""

from collections.abc import Awaitable, Callable
from datetime import datetime, tzinfo

from bot.contracts.model import Words
from bot.contracts.shift import Shift


class CalendarTrouble(Exception):
    """A calendar cannot be had or read.

    Args:
        words: why, and what to do, for people; never its address, which carries its key.
    """

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


Load = Callable[[str, datetime, datetime, tzinfo], Awaitable[tuple[Shift, ...]]]
"""Gets the shifts of a calendar from its address or its file, from a moment until another, with the zone of times that
tell none; or raises `CalendarTrouble`."""
