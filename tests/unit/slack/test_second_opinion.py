"""The second validator minds what Slack minds; without this the other tests' silence would prove nothing."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.emulators.slack.second import look_at_message, look_at_view

PLAIN = {"type": "plain_text", "text": "x"}


def said(text: str, **style: Any) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": [{"type": "text", "text": text, **style}]}


def button(**more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": [{"type": "button", "action_id": "a", "text": PLAIN, **more}]}


@pytest.mark.parametrize(
    "blocks",
    [
        [{"type": "rich_text", "elements": [said("x")]}] * 51,
        [button(value="x" * 2001)],
        [button(text={"type": "plain_text", "text": "x" * 76})],
        [{"type": "carousel", "elements": []}],
        [{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 21]}],
    ],
)
def test_messages_that_are_minded(blocks: list[Mapping[str, Any]]) -> None:
    with pytest.raises(Exception, match=r".+"):
        look_at_message("x", blocks)


@pytest.mark.parametrize(
    "element",
    [
        {"type": "file_input", "action_id": "value", "max_files": 11},
        {"type": "plain_text_input", "action_id": "value", "max_length": 3001},
        {"type": "static_select", "action_id": "value", "options": [{"text": PLAIN, "value": "x" * 151}]},
        {"type": "checkboxes", "action_id": "value", "options": [{"text": PLAIN, "value": str(n)} for n in range(11)]},
    ],
)
def test_views_that_are_minded(element: Mapping[str, Any]) -> None:
    block = {"type": "input", "block_id": "b", "label": PLAIN, "element": element}
    with pytest.raises(Exception, match=r".+"):
        look_at_view({"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": [block]})


def test_what_is_well_is_not_minded() -> None:
    look_at_message("x", [{"type": "rich_text", "elements": [said("x", style={"bold": True})]}, button(value="#1")])
    field = {"type": "plain_text_input", "action_id": "value", "max_length": 3000}
    block = {"type": "input", "block_id": "b", "label": PLAIN, "element": field}
    look_at_view({"type": "modal", "title": PLAIN, "submit": PLAIN, "blocks": [block]})
