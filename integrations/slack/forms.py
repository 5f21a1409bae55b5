"""A form as a Slack modal, and what was filled in. Pure.

The view is made of the field declarations alone; each input's block id is the field's key, so Slack keeps what was
typed when the view changes, and a fault is shown under its field.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.fields import Field, FieldType
from bot.model import Place
from bot.papers import NAMES
from bot.ports import Form, Option
from integrations.slack import words
from integrations.slack.inbound import PLATFORM
from integrations.slack.render import MAX_VIEW_BLOCKS, MAX_VIEW_TITLE, Block, literal, pick

CALLBACK = "form"

# https://docs.slack.dev/surfaces/modals and /reference/block-kit/block-elements, read 2026
MAX_LABEL = 2000
MAX_HINT = 2000
MAX_INPUT = 3000
MAX_OPTIONS = 100
MAX_OPTION_TEXT = 75
MAX_OPTION_VALUE = 150
MAX_FILES = 10
MAX_METADATA = 3000

_NUMBER = re.compile(r"[0-9]{1,12}")
_THREAD = re.compile(r"([0-9]{1,12}\.[0-9]{1,12})?")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")
_SUFFIXES = {"image/jpeg": ("jpg", "jpeg")}


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about: ids only, for whoever fills it in could read it.

    Args:
        numbers: the requests.
        place: where what comes of it is said.
    """

    numbers: tuple[int, ...]
    place: Place

    def packed(self) -> str:
        """As `private_metadata`."""
        return json.dumps({"n": self.numbers, "c": self.place.conversation, "t": self.place.thread})[:MAX_METADATA]

    @classmethod
    def unpacked(cls, metadata: object) -> "About | None":
        """From `private_metadata`; nothing where it is not ours."""
        try:
            data = json.loads(str(metadata))
            numbers, channel, thread = data["n"], str(data["c"]), str(data["t"])
        except (ValueError, KeyError, TypeError):
            return None
        well = (
            isinstance(numbers, list)
            and 0 < len(numbers) <= 20
            and all(_NUMBER.fullmatch(str(number)) for number in numbers)
            and _CHANNEL.fullmatch(channel)
            and _THREAD.fullmatch(thread)
        )
        return cls(tuple(int(number) for number in numbers), Place(PLATFORM, channel, thread)) if well else None


@dataclass(frozen=True, slots=True)
class Filled:
    """What somebody filled in.

    Args:
        values: key → text, choice word, `true` or `false`.
        files: key → Slack's file objects.
    """

    values: Mapping[str, str]
    files: Mapping[str, tuple[Mapping[str, Any], ...]]


def loading(about: About, language: str) -> dict[str, Any]:
    """What is shown at once, while the vendors are asked: a trigger lives for three seconds."""
    wait = pick(words.LOADING, language)
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": about.packed(),
        "title": _plain("Signpost", MAX_VIEW_TITLE),
        "close": _plain(pick(words.CANCEL, language), MAX_VIEW_TITLE),
        "blocks": [{"type": "section", "text": _plain(wait, MAX_HINT)}],
    }


def view(form: Form, about: About, language: str) -> dict[str, Any]:
    """The form as a modal."""
    blocks = [_input(field, form, language) for field in form.fields]
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "private_metadata": about.packed(),
        "title": _plain(form.title, MAX_VIEW_TITLE),
        "submit": _plain(pick(words.SUBMIT, language), MAX_VIEW_TITLE),
        "close": _plain(pick(words.CANCEL, language), MAX_VIEW_TITLE),
        "blocks": blocks[:MAX_VIEW_BLOCKS],
    }


def filled(payload: Mapping[str, Any]) -> Filled:
    """What was filled in, of a `view_submission` or of a change in the view."""
    values: dict[str, str] = {}
    files: dict[str, tuple[Mapping[str, Any], ...]] = {}
    state = (payload.get("view") or {}).get("state") or {}
    for key, actions in (state.get("values") or {}).items():
        for element in actions.values():
            match element.get("type"):
                case "static_select":
                    values[key] = str((element.get("selected_option") or {}).get("value") or "")
                case "checkboxes":
                    values[key] = "true" if element.get("selected_options") else "false"
                case "file_input":
                    if given := tuple(element.get("files") or ()):
                        files[key] = given
                case _:
                    values[key] = str(element.get("value") or "")
    return Filled(values, files)


def _input(field: Field, form: Form, language: str) -> Block:
    value = form.values.get(field.key, "")
    options = form.options.get(field.key, ())
    element = _element(field, value, options, language)
    hint = pick(field.hint, language)
    if field.why is not None:
        hint = f"{hint} {pick(field.why, language)}"
    block: Block = {
        "type": "input",
        "block_id": field.key,
        "label": _plain(pick(field.label, language), MAX_LABEL),
        "element": element,
        "optional": field.key not in form.needed or element["type"] == "checkboxes",
    }
    if literal(hint).strip():
        block["hint"] = _plain(hint, MAX_HINT)
    if field.key in form.watched:
        block["dispatch_action"] = True
    return block


def _element(field: Field, value: str, options: Sequence[Option], language: str) -> Block:
    match field.type:
        case FieldType.CHOICE:
            return _select([(choice.word, pick(choice.label, language)) for choice in field.choices], value, language)
        case FieldType.FLAG:
            option = _option("true", pick(field.label, language))
            flag: Block = {"type": "checkboxes", "action_id": "value", "options": [option]}
            return {**flag, "initial_options": [option]} if value == "true" else flag
        case FieldType.FILE:
            suffixes = [
                suffix
                for media_type in field.media_types
                for suffix in _SUFFIXES.get(media_type, (NAMES.get(media_type, ""),))
                if suffix
            ]
            upload: Block = {
                "type": "file_input",
                "action_id": "value",
                "max_files": max(1, min(field.max_files, MAX_FILES)),
            }
            return {**upload, "filetypes": suffixes} if suffixes else upload
        case FieldType.REFERENCE if options:
            pairs = [(one.value, f"{one.label} ({one.value})" if one.label else one.value) for one in options]
            if value and value not in [one for one, _ in pairs]:
                pairs.insert(0, (value, value))
            return _select(pairs, value, language)
        case _:
            text: Block = {
                "type": "plain_text_input",
                "action_id": "value",
                "multiline": field.type is FieldType.LONG_TEXT,
                "max_length": max(1, min(field.max_length, MAX_INPUT)),
            }
            return {**text, "initial_value": value[: text["max_length"]]} if value else text


def _select(pairs: Sequence[tuple[str, str]], value: str, language: str) -> Block:
    options = [_option(word, label) for word, label in pairs[:MAX_OPTIONS] if len(word) <= MAX_OPTION_VALUE]
    element: Block = {
        "type": "static_select",
        "action_id": "value",
        "options": options,
        "placeholder": _plain(pick(words.CHOOSE, language), MAX_OPTION_VALUE),
    }
    chosen = next((option for option in options if option["value"] == value), None)
    return {**element, "initial_option": chosen} if chosen else element


def _option(value: str, label: str) -> Block:
    return {"text": _plain(label, MAX_OPTION_TEXT), "value": value}


def _plain(text: str, most: int) -> Block:
    clean = literal(text).replace("\n", " ").strip() or "…"
    return {"type": "plain_text", "text": clean if len(clean) <= most else clean[: most - 1] + "…", "emoji": False}
