"""What people do with what is shown: which button bears a label, and what fills in a modal."""

from collections.abc import Mapping
from typing import Any

from tests.emulators.slack.team import Team


def buttons(message: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """The buttons and menus of a message or a view."""
    blocks = (message or {}).get("blocks") or []
    return [
        {**element, "block_id": block.get("block_id", "b")}
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] in ("button", "static_select")
    ]


def says(button: Mapping[str, Any]) -> str:
    """What stands on a button or a menu."""
    return str(button["text" if button["type"] == "button" else "placeholder"]["text"])


def pressed(button: Mapping[str, Any], option: str = "") -> dict[str, Any]:
    """What the app is told of a button that was pressed, or of the option of a menu that was chosen."""
    if button["type"] == "static_select":
        chosen = next(one for one in button["options"] if one["text"]["text"] == option)
        return {key: button[key] for key in ("type", "action_id", "block_id")} | {"selected_option": chosen}
    return {key: button[key] for key in ("type", "action_id", "block_id", "value", "text") if key in button}


def filled_in(
    team: Team,
    view: Mapping[str, Any],
    values: Mapping[str, Any],
    files: Mapping[str, tuple[str, ...]],
    *,
    must: bool = False,
) -> dict[str, Any]:
    """The state of a view with these values in it; `must` is whether it is about to be submitted."""
    state: dict[str, Any] = {}
    before = view.get("state", {}).get("values", {})
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        identity = block["block_id"]
        if identity not in values and identity not in files and identity in before:
            state[identity] = before[identity]
            continue
        state[identity] = {element["action_id"]: _element_state(team, element, identity, values, files)}
        if must and not block.get("optional"):  # the client lets nobody submit without it
            filled = state[identity][element["action_id"]]
            assert any(filled.get(key) for key in ("value", "selected_option", "selected_options", "files")), (
                f"{identity} must be filled in"
            )
    unknown = (set(values) | set(files)) - set(state)
    assert not unknown, f"the form does not ask for {unknown}"
    return state


def _element_state(
    team: Team,
    element: Mapping[str, Any],
    identity: str,
    values: Mapping[str, Any],
    files: Mapping[str, tuple[str, ...]],
) -> dict[str, Any]:
    match element["type"]:
        case "static_select":
            option = element.get("initial_option")
            if identity in values:
                option = next(one for one in element["options"] if one["value"] == values[identity])
            return {"type": "static_select", "selected_option": option}
        case "checkboxes" | "multi_static_select" as kind:
            options = element.get("initial_options", [])
            if identity in values:
                options = [one for one in element["options"] if one["value"] in values[identity]]
            return {"type": kind, "selected_options": options}
        case "file_input":
            assert len(files.get(identity, ())) <= element.get("max_files", 10), f"{identity}: too many files"
            return {
                "type": "file_input",
                "files": [team.told_of(team.files[one]) for one in files.get(identity, ())],
            }
        case kind:
            value = values.get(identity, element.get("initial_value"))
            assert len(value or "") <= element.get("max_length", 3000), f"{identity}: the client takes no more"
            return {"type": kind, "value": value}
