"""Memory with a bound: what came first is forgotten first."""

from collections import OrderedDict
from typing import TypeVar

V = TypeVar("V")


def remember(memory: OrderedDict[str, V], key: str, value: V, most: int) -> None:
    """Keep a value as the latest, at most so many of them."""
    memory[key] = value
    memory.move_to_end(key)
    while len(memory) > most:
        memory.popitem(last=False)


SEEN = 20_000
"""Deliveries; what is forgotten here is still dealt with once (`bot.desk.deliveries`)."""


class FirstTimes:
    """Tells what comes for the first time; the latest `SEEN` are remembered."""

    def __init__(self) -> None:
        self._seen: OrderedDict[str, None] = OrderedDict()

    def __call__(self, key: str) -> bool:
        """Whether this has not come before."""
        if key in self._seen:
            return False
        remember(self._seen, key, None, SEEN)
        return True
