"""Memory with a bound: what was not touched for longest is forgotten first."""

from collections import OrderedDict
from typing import TypeVar

V = TypeVar("V")

REMEMBERED = 2_000
"""Conversations whose webhooks and titles are known, messages that are half sent, people's names."""


def remember(known: OrderedDict[str, V], key: str, value: V) -> None:
    """Keep a value as the latest."""
    known[key] = value
    known.move_to_end(key)
    while len(known) > REMEMBERED:
        known.popitem(last=False)
