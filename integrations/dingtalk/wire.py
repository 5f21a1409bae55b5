"""What DingTalk sends is read leniently: whatever is not there, or is something else, is nothing. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from integrations.http import json_value


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that is still at DingTalk.

    Args:
        code: what it is fetched with.
        name: as its sender named it; empty for pictures, which have no name.
    """

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class At:
    """A mention that is a part of its own in a rich text.

    Args:
        name: of whom, without the `@`.
    """

    name: str


Part = str | At | Remote
"""What a message is made of, in its order."""


def text_of(data: Mapping[str, Any], *keys: str) -> str:
    """The first of these that is a text and not empty; empty where none is."""
    return next((value for key in keys if isinstance(value := data.get(key), str) and value), "")


def object_of(value: object) -> Mapping[str, Any]:
    """A JSON object, also where it stands as text (facts, DingTalk 2.2: quotations)."""
    found = _decoded(value)
    return found if isinstance(found, dict) else {}


def list_of(value: object) -> list[Any]:
    """A JSON list, also where it stands as text."""
    found = _decoded(value)
    return found if isinstance(found, list) else []


def _decoded(value: object) -> object:
    if not isinstance(value, str):
        return value
    return json_value(value)
