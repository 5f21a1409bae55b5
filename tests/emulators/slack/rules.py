"""What Slack refuses of blocks, texts and views, as code of the emulator's own; it shares nothing with the program.

Numbers are those of Slack's reference pages: https://docs.slack.dev/reference/block-kit and
https://docs.slack.dev/surfaces/modals.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tests.emulators.slack import second

IN_MESSAGES = {
    "actions", "context", "divider", "file", "header", "image", "input", "markdown", "rich_text", "section", "table",
    "video",
}  # fmt: skip
IN_ACTIONS = {"button", "checkboxes", "overflow", "radio_buttons", "static_select"}
IN_INPUTS = {
    "checkboxes", "file_input", "multi_static_select", "plain_text_input", "radio_buttons", "static_select",
}  # fmt: skip
IN_VIEWS = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}


class Invalid(Exception):
    """Slack's error code and a pointer to the place at fault."""

    def __init__(self, code: str, where: str) -> None:
        super().__init__(f"{code}: {where}")
        self.code = code
        self.where = where


def check_message(params: Mapping[str, Any], *, update: bool = False) -> None:
    """Refuse a message that Slack refuses."""
    text = params.get("text", "")
    blocks = params.get("blocks")
    if not text and not blocks:
        raise Invalid("no_text", "/text")
    if update and len(text) > 4000:
        raise Invalid("msg_too_long", "/text")
    if len(text) > 40_000:
        raise Invalid("msg_too_long", "/text")
    if blocks is not None:
        if len(blocks) > 50:
            raise Invalid("invalid_blocks", "/blocks: more than 50")
        check_blocks(blocks, IN_MESSAGES)
        if sum(len(text) for text in texts(blocks)) > 13_000:
            raise Invalid("msg_blocks_too_long", "/blocks")
        if sum(1 for block in blocks if block["type"] == "table") > 1:
            raise Invalid("invalid_attachments", "/blocks: only one table is allowed")
        _second_opinion(second.look_at_message, text, blocks)


def check_view(view: Mapping[str, Any]) -> None:
    """Refuse a view that Slack refuses."""
    kind = view.get("type")
    if kind not in ("modal", "home"):
        raise Invalid("invalid_arguments", "/view/type")
    blocks = view.get("blocks", ())
    if not 1 <= len(blocks) <= 100:
        raise Invalid("invalid_arguments", "/view/blocks: 1 to 100")
    if kind == "modal":
        for key in ("title", "submit", "close"):
            if key in view:
                _text(view[key], 24, f"/view/{key}", plain=True)
        if "title" not in view:
            raise Invalid("invalid_arguments", "/view/title")
        if "submit" not in view and any(block["type"] == "input" for block in blocks):
            raise Invalid("invalid_arguments", "/view/submit: needed beside an input")
    if len(view.get("private_metadata", "")) > 3000 or len(view.get("callback_id", "")) > 255:
        raise Invalid("invalid_arguments", "/view/private_metadata or callback_id")
    if kind == "home" and {"title", "submit", "close"} & set(view):
        raise Invalid("invalid_arguments", "/view: a home tab has no title and is not submitted")
    if len(json.dumps(view)) > 250_000:
        raise Invalid("view_too_large", "/view")
    check_blocks(blocks, IN_VIEWS)
    _second_opinion(second.look_at_view, view)


def check_errors(errors: Any, view: Mapping[str, Any]) -> None:
    """Refuse an answer to a submission that Slack refuses: an error belongs to an input, and is a text."""
    inputs = {block.get("block_id") for block in view["blocks"] if block["type"] == "input"}
    if not isinstance(errors, Mapping) or not errors:
        raise Invalid("invalid_arguments", "/errors: none")
    for block_id, text in errors.items():
        if block_id not in inputs or not isinstance(text, str) or not text:
            raise Invalid("invalid_arguments", f"/errors/{block_id}")


def _second_opinion(look: Callable[..., None], *what: Any) -> None:
    try:
        look(*what)
    except Exception as error:  # whatever it minds, Slack might
        raise Invalid("invalid_blocks", f"slackblocks: {type(error).__name__}: {error}") from error


def check_blocks(blocks: Sequence[Mapping[str, Any]], allowed: set[str]) -> None:
    """Refuse blocks that Slack refuses."""
    ids = [block["block_id"] for block in blocks if "block_id" in block]
    if len(ids) != len(set(ids)) or any(not 1 <= len(one) <= 255 for one in ids):
        raise Invalid("invalid_blocks", "/block_id: unique, up to 255")
    for position, block in enumerate(blocks):
        where = f"/blocks/{position}"
        if block.get("type") not in allowed:
            raise Invalid("invalid_blocks", f"{where}: {block.get('type')} is not allowed here")
        _CHECKS.get(block["type"], lambda *_: None)(block, where)


def texts(value: Any) -> Iterator[str]:
    """Every text in a payload."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if key in ("text", "name", "url") and isinstance(inner, str):
                yield inner
            else:
                yield from texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from texts(inner)


def _need(condition: bool, where: str) -> None:
    if not condition:
        raise Invalid("invalid_blocks", where)


def _text(text: Any, most: int, where: str, *, plain: bool = False) -> None:
    _need(isinstance(text, Mapping) and text.get("type") in ("plain_text", "mrkdwn"), f"{where}/type")
    _need(not plain or text["type"] == "plain_text", f"{where}: plain_text only")
    _need(isinstance(text.get("text"), str) and 1 <= len(text["text"]) <= most, f"{where}: 1 to {most} characters")


def _section(block: Mapping[str, Any], where: str) -> None:
    _need("text" in block or "fields" in block, where)
    if "text" in block:
        _text(block["text"], 3000, f"{where}/text")
    _need(len(block.get("fields", ())) <= 10, f"{where}/fields")
    for field in block.get("fields", ()):
        _text(field, 2000, f"{where}/fields")
    if "accessory" in block:
        _need(block["accessory"].get("type") not in ("plain_text_input", "file_input"), f"{where}/accessory")
        _element(block["accessory"], f"{where}/accessory")


def _header(block: Mapping[str, Any], where: str) -> None:
    _text(block.get("text"), 150, where, plain=True)


def _context(block: Mapping[str, Any], where: str) -> None:
    elements = block.get("elements", ())
    _need(1 <= len(elements) <= 10, f"{where}/elements")
    for element in elements:
        if element.get("type") != "image":
            _text(element, 2000, where)


def _actions(block: Mapping[str, Any], where: str) -> None:
    elements = block.get("elements", ())
    _need(1 <= len(elements) <= 25, f"{where}/elements")
    ids = [element.get("action_id") for element in elements]
    _need(len(ids) == len(set(ids)), f"{where}: action_id twice")
    for element in elements:
        _need(element.get("type") in IN_ACTIONS, f"{where}: {element.get('type')} is no element of actions")
        _element(element, where)


def _image(block: Mapping[str, Any], where: str) -> None:
    _need("image_url" in block or "slack_file" in block, where)
    _need(1 <= len(block.get("alt_text", "")) <= 2000, f"{where}/alt_text")


def _input(block: Mapping[str, Any], where: str) -> None:
    _text(block.get("label"), 2000, f"{where}/label", plain=True)
    if "hint" in block:
        _text(block["hint"], 2000, f"{where}/hint", plain=True)
    element = block.get("element", {})
    _need(element.get("type") in IN_INPUTS, f"{where}: {element.get('type')} is no element of an input")
    for key in ("optional", "dispatch_action"):
        _need(isinstance(block.get(key, False), bool), f"{where}/{key}")
    _element(element, f"{where}/element")


def _element(element: Mapping[str, Any], where: str) -> None:
    kind = element.get("type")
    _need(len(element.get("action_id", "")) <= 255, f"{where}/action_id")
    if "placeholder" in element:
        _text(element["placeholder"], 150, f"{where}/placeholder", plain=True)
    match kind:
        case "button":
            _text(element.get("text"), 75, f"{where}/text", plain=True)
            _need(len(element.get("value", "")) <= 2000 and len(element.get("url", "")) <= 3000, where)
            _need(element.get("style", "primary") in ("primary", "danger"), f"{where}/style")
            if "confirm" in element:
                confirm = element["confirm"]
                _text(confirm.get("title"), 100, f"{where}/confirm/title", plain=True)
                _text(confirm.get("text"), 300, f"{where}/confirm/text")
                _text(confirm.get("confirm"), 30, f"{where}/confirm/confirm", plain=True)
                _text(confirm.get("deny"), 30, f"{where}/confirm/deny", plain=True)
        case "static_select" | "multi_static_select":
            _options(element, 100, where)
        case "radio_buttons" | "checkboxes":
            _options(element, 10, where)
        case "overflow":
            _options(element, 5, where)
        case "plain_text_input":
            _need(0 <= element.get("min_length", 0) <= 3000, f"{where}/min_length")
            _need(1 <= element.get("max_length", 3000) <= 3000, f"{where}/max_length")
            _need(len(element.get("initial_value", "")) <= element.get("max_length", 3000), f"{where}/initial_value")
        case "file_input":
            _need(1 <= element.get("max_files", 10) <= 10, f"{where}/max_files")
            _need(all(one and "." not in one for one in element.get("filetypes", ())), f"{where}/filetypes")
        case _:
            raise Invalid("invalid_blocks", f"{where}: no element {kind}")


def _options(element: Mapping[str, Any], most: int, where: str) -> None:
    options = element.get("options", ())
    _need(1 <= len(options) <= most, f"{where}/options: 1 to {most}")
    for option in options:
        _text(option.get("text"), 75, f"{where}/options/text")
        _need(1 <= len(option.get("value", "")) <= 150, f"{where}/options/value")
    initial = element.get("initial_option")
    _need(initial is None or initial in options, f"{where}/initial_option: not one of the options")
    _need(all(one in options for one in element.get("initial_options", ())), f"{where}/initial_options")
    _need(element.get("initial_options") != [], f"{where}/initial_options: empty")


def _table(block: Mapping[str, Any], where: str) -> None:
    rows = block.get("rows", ())
    _need(1 <= len(rows) <= 100, f"{where}/rows")
    width = len(rows[0]) if rows else 0
    _need(1 <= width <= 20 and all(len(row) == width for row in rows), f"{where}/rows: equal, up to 20 columns")
    _need(len(block.get("column_settings", ())) <= 20, f"{where}/column_settings")
    for row in rows:
        for cell in row:
            if cell.get("type") == "rich_text":
                _rich(cell, where)
            else:
                _need(cell.get("type") == "raw_text" and bool(cell.get("text")), f"{where}: cell")


def _rich(block: Mapping[str, Any], where: str) -> None:
    elements = block.get("elements", ())
    _need(bool(elements), f"{where}/elements")
    for element in elements:
        match element.get("type"):
            case "rich_text_section" | "rich_text_quote" | "rich_text_preformatted":
                _rich_parts(element, where)
            case "rich_text_list":
                _need(element.get("style") in ("bullet", "ordered") and bool(element.get("elements")), where)
                for item in element["elements"]:
                    _need(item.get("type") == "rich_text_section", where)
                    _rich_parts(item, where)
            case other:
                raise Invalid("invalid_blocks", f"{where}: {other}")


def _rich_parts(section: Mapping[str, Any], where: str) -> None:
    _need(bool(section.get("elements")), f"{where}: empty section")
    for part in section["elements"]:
        match part.get("type"):
            case "text":
                _need(bool(part.get("text")), f"{where}: empty text")
            case "link":
                _need(part.get("url", "").startswith(("https://", "http://")), f"{where}: link")
            case "user":
                _need(part.get("user_id", "")[:1] in ("U", "W"), f"{where}: user")
            case other:
                raise Invalid("invalid_blocks", f"{where}: {other}")


_CHECKS = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "image": _image,
    "input": _input,
    "table": _table,
    "rich_text": _rich,
}
