"""A second opinion on blocks and views: built again with slackblocks, which knows Slack's limits from its own tables.

That library reads few payloads back, so each block is taken apart here and built with its classes; what has no class
there, or carries something unknown, is an error.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import slackblocks as sb

Payload = Mapping[str, Any]


def look_at_message(text: str, blocks: Sequence[Payload]) -> None:
    """Build a message again.

    Raises:
        Exception: of slackblocks, when it would not build it.
    """
    sb.Message(channel="C0", text=text, blocks=[_block(one) for one in blocks])._resolve()


def look_at_view(view: Payload) -> None:
    """Build a view again.

    Raises:
        Exception: of slackblocks, when it would not build it.
    """
    blocks = [_block(one) for one in view["blocks"]]
    shared = {key: view[key] for key in ("private_metadata", "callback_id") if key in view}
    if view["type"] == "home":
        sb.HomeTabView(blocks, **shared)._resolve()
        return
    texts = {key: _text(view[key]) for key in ("title", "submit", "close") if key in view}
    sb.ModalView(blocks=blocks, **texts, **shared)._resolve()


def _block(block: Payload) -> Any:
    more = {"block_id": block["block_id"]} if "block_id" in block else {}
    match block["type"]:
        case "rich_text":
            return sb.RichTextBlock([_rich(one) for one in block["elements"]], **more)
        case "actions":
            return sb.ActionsBlock([_element(one) for one in block["elements"]], **more)
        case "input":
            more |= {"hint": _text(block["hint"])} if "hint" in block else {}
            return sb.InputBlock(
                _text(block["label"]),
                _element(block["element"]),
                dispatch_action=block.get("dispatch_action", False),
                optional=block.get("optional", False),
                **more,
            )
        case "section":
            return sb.SectionBlock(_text(block["text"]) if "text" in block else None, **more)
        case "context":
            return sb.ContextBlock([_text(one) for one in block["elements"]], **more)
        case "header":
            return sb.HeaderBlock(_text(block["text"]), **more)
        case "divider":
            return sb.DividerBlock(**more)
        case "table":
            return sb.TableBlock([[_cell(cell) for cell in row] for row in block["rows"]], **more)
        case other:
            raise NotImplementedError(other)


def _cell(cell: Payload) -> Any:
    if cell["type"] == "raw_text":
        return sb.RawText(cell["text"])
    (one,) = cell["elements"]
    return _rich(one)


def _rich(element: Payload) -> Any:
    parts = element["elements"]
    match element["type"]:
        case "rich_text_section":
            return sb.RichTextSection([_part(one) for one in parts])
        case "rich_text_quote":
            return sb.RichTextQuote([_part(one) for one in parts])
        case "rich_text_list":
            return sb.RichTextList(element["style"], [_rich(one) for one in parts])
        case other:
            raise NotImplementedError(other)


def _part(part: Payload) -> Any:
    style = part.get("style", {})
    match part["type"]:
        case "text":
            return sb.RichText(part["text"], **style)
        case "user":
            return sb.RichTextUser(part["user_id"], **style)
        case "link":
            return sb.RichTextLink(part["url"], part.get("text"), **style)
        case other:
            raise NotImplementedError(other)


def _element(element: Payload) -> Any:
    kind, action = element["type"], element["action_id"]
    match kind:
        case "button":
            more = {key: element[key] for key in ("value", "url", "style") if key in element}
            more |= {"confirm": _confirm(element["confirm"])} if "confirm" in element else {}
            return sb.Button(_text(element["text"]), action_id=action, **more)
        case "static_select":
            more = {"initial_option": _option(element["initial_option"])} if "initial_option" in element else {}
            more |= {"placeholder": _text(element["placeholder"])} if "placeholder" in element else {}
            return sb.StaticSelectMenu(action_id=action, options=_options(element, "options"), **more)
        case "multi_static_select" | "checkboxes":
            build: Callable[..., Any] = (
                sb.CheckboxGroup if kind == "checkboxes" else sb.StaticMultiSelectMenu  # checkboxes have no placeholder
            )
            more = {"initial_options": _options(element, "initial_options")} if "initial_options" in element else {}
            return build(action_id=action, options=_options(element, "options"), **more)
        case "plain_text_input":
            known = ("initial_value", "multiline", "min_length", "max_length")
            return sb.PlainTextInput(action_id=action, **{key: element[key] for key in known if key in element})
        case "file_input":
            return sb.FileInput(
                action_id=action, filetypes=element.get("filetypes"), max_files=element.get("max_files")
            )
        case other:
            raise NotImplementedError(other)


def _options(element: Payload, key: str) -> list[Any]:
    return [_option(one) for one in element[key]]


def _option(option: Payload) -> Any:
    return sb.Option(_text(option["text"]), option["value"])


def _confirm(confirm: Payload) -> Any:
    return sb.ConfirmationDialogue(
        *(_text(confirm[key]) for key in ("title", "text", "confirm", "deny")), style=confirm.get("style")
    )


def _text(text: Payload) -> Any:
    return sb.PlainText(text["text"]) if text["type"] == "plain_text" else sb.Text(text["text"])
