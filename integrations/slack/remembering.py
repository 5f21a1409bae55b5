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
