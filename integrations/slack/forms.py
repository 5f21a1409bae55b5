"""A form as a Slack modal, and what was filled in. Pure.

A view is made of the field declarations alone; each input's block id is the field's key, so Slack keeps what was
typed when the view changes, and a fault is shown under its field.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.contracts.chat import Form
from bot.contracts.fields import Field, FieldType
from bot.contracts.model import Place, Words
from bot.contracts.papers import suffixes
from bot.contracts.vendor import Option
from integrations.slack import words
from integrations.slack.entities import PLATFORM
from integrations.slack.marks import pieces, taken_out
from integrations.slack.render import MAX_VIEW_BLOCKS, MAX_VIEW_TITLE, Block, literal
from integrations.slack.steps import Filled, Progress, Step

CALLBACK = "form"
"""Of a form."""
SETTLE = "settle"
"""Of the form that asks for the vendor's id of one thing."""
BACK = "back"
"""Action of the button that goes back a step."""
ID = "id"
"""Key of the vendor's id, as the command `settle` takes it."""

# https://docs.slack.dev/surfaces/modals and /reference/block-kit/block-elements, read 2026
MAX_LABEL = 2000
MAX_HINT = 2000
MAX_INPUT = 3000
MAX_OPTIONS = 100
MAX_OPTION_TEXT = 75
MAX_OPTION_VALUE = 150
MAX_BOXES = 10
MAX_NOTE = 3000
MAX_NOTED = 500
"""Of what was filled in, as a fault shows it again."""
MAX_ID = 100
"""Of a vendor's id; none is nearly as long."""
MAX_FILES = 10
MAX_NUMBERS = 20
"""Requests of one form; their ids stay far below the 3000 characters of `private_metadata`."""

_NUMBER = re.compile(r"[0-9]{1,12}")
_THREAD = re.compile(r"([0-9]{1,12}\.[0-9]{1,12})?")
_CHANNEL = re.compile(r"[CGDUW][A-Z0-9]{1,30}")
_SEVERAL = "several"
"""Action id of an input in which more than one may be chosen."""


@dataclass(frozen=True, slots=True)
class About:
    """What a form is about: ids only, for whoever fills it in could read it.

    Args:
        numbers: the requests; none in a form that asks where to submit.
        place: where what comes of it is said.
        step: how many steps were handed in before this one.
    """

    numbers: tuple[int, ...]
    place: Place
    step: int = 0

    def packed(self) -> str:
        """As `private_metadata`."""
        place = self.place
        return json.dumps({"n": self.numbers, "c": place.conversation, "t": place.thread, "s": self.step})

    @classmethod
    def unpacked(cls, metadata: object) -> "About | None":
        """From `private_metadata`; nothing where it is not ours."""
        try:
            data = json.loads(str(metadata))
            numbers, channel, thread = data["n"], str(data["c"]), str(data["t"])
            step = int(data["s"])
        except (ValueError, KeyError, TypeError):
            return None
        well = (
            isinstance(numbers, list)
            and len(numbers) <= MAX_NUMBERS
            and all(_NUMBER.fullmatch(str(number)) for number in numbers)
            and _CHANNEL.fullmatch(channel)
            and _THREAD.fullmatch(thread)
        )
        place = Place(PLATFORM, channel, thread)
        return cls(tuple(int(number) for number in numbers), place, step) if well else None


def loading(about: About, language: str) -> dict[str, Any]:
    """What is shown at once, while the vendors are asked: a trigger lives for three seconds."""
    return {
        **_modal("Signpost", words.CANCEL.said(language), [_note(words.LOADING.said(language))]),
        "private_metadata": about.packed(),
        "callback_id": CALLBACK,
        "notify_on_close": True,
    }


def saying(note: Words, language: str) -> dict[str, Any]:
    """What a form turns into when nothing is asked in it (any more); an app cannot close it by itself."""
    return _modal("Signpost", words.CLOSE.said(language), [_note(note.said(language))])


def view(
    form: Form, step: Step, progress: Progress, about: About, language: str, notes: Sequence[str] = ()
) -> dict[str, Any]:
    """One step of a form as a modal.

    Args:
        form: the form.
        step: what of it is asked now.
        progress: what was filled in so far.
        about: what it is about.
        language: the reader's.
        notes: what was found wrong in the end, in words.
    """
    blocks: list[Block] = [_note(f"⚠️ {note}") for note in notes]
    if step.number == 1:
        blocks += [_note(text) for text in form.preface]
    if not about.numbers:  # how many follow depends on what is chosen in it
        blocks.append(_context(words.FIRST_STEP.said(language)))
    elif step.count > 1:
        blocks.append(_context(words.STEP.said(language).format(number=step.number, count=step.count)))
    for field in step.fields:
        chosen = [str(file.get("name") or file.get("id")) for file in progress.files.get(field.key, ())]
        blocks.append(_input(field, form, language, chosen=bool(chosen)))
        if chosen:
            blocks.append(_context(words.CHOSEN.said(language).format(files=", ".join(chosen))))
        elif note := form.notes.get(field.key):
            blocks.append(_context(note))
    if step.number > 1:
        back = {"type": "button", "action_id": BACK, "text": _plain(words.BACK.said(language), MAX_OPTION_TEXT)}
        blocks.append({"type": "actions", "elements": [back]})
    submit = words.SUBMIT if step.last and about.numbers else words.NEXT
    return {
        **_modal(form.title, words.CANCEL.said(language), blocks),
        "private_metadata": replace(about, step=step.number - 1).packed(),
        "callback_id": CALLBACK,
        "submit": _plain(submit.said(language), MAX_VIEW_TITLE),
        "notify_on_close": True,
    }


def settling(about: About, language: str) -> dict[str, Any]:
    """Asks under which id the vendor has a thing."""
    block: Block = {
        "type": "input",
        "block_id": ID,
        "label": _plain(words.VENDOR_ID.said(language), MAX_LABEL),
        "hint": _plain(words.VENDOR_ID_HINT.said(language), MAX_HINT),
        "element": {"type": "plain_text_input", "action_id": "value", "max_length": MAX_ID},
        "optional": False,
    }
    return {
        **_modal(f"#{about.numbers[0]}", words.CANCEL.said(language), [block]),
        "private_metadata": about.packed(),
        "callback_id": SETTLE,
        "submit": _plain(words.SUBMIT.said(language), MAX_VIEW_TITLE),
    }


def view_id(payload: Mapping[str, Any]) -> str:
    """Which view it happened in."""
    return str((payload.get("view") or {}).get("id", ""))


def asked(shown: Mapping[str, Any]) -> tuple[str, ...]:
    """The keys that a view asks for."""
    return tuple(str(block["block_id"]) for block in shown.get("blocks", ()) if block.get("type") == "input")


def filled(payload: Mapping[str, Any]) -> Filled:
    """What was filled in, of a `view_submission` or of a change in the view."""
    values: dict[str, str] = {}
    files: dict[str, tuple[Mapping[str, Any], ...]] = {}
    state = (payload.get("view") or {}).get("state") or {}
    for key, actions in (state.get("values") or {}).items():
        for action, element in actions.items():
            match element.get("type"):
                case "static_select":
                    values[key] = str((element.get("selected_option") or {}).get("value") or "")
                case "checkboxes" | "multi_static_select" if action == _SEVERAL:
                    values[key] = ",".join(str(one["value"]) for one in element.get("selected_options") or ())
                case "checkboxes":
                    values[key] = "true" if element.get("selected_options") else "false"
                case "file_input":
                    if given := tuple(element.get("files") or ()):
                        files[key] = given
                case _:
                    values[key] = str(element.get("value") or "")
    return Filled(values, files)


def not_plain(values: Mapping[str, str], language: str) -> dict[str, str]:
    """What was filled in with formatting or emoji: key → what to do about it. Nobody but Slack shows them."""
    return {
        key: words.NOT_PLAIN.said(language).format(
            pieces=" ".join(found)[:MAX_NOTED], plain=taken_out(value)[:MAX_NOTED]
        )
        for key, value in values.items()
        if (found := pieces(value))
    }


def _modal(title: str, close: str, blocks: list[Block]) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": _plain(title, MAX_VIEW_TITLE),
        "close": _plain(close, MAX_VIEW_TITLE),
        "blocks": blocks[:MAX_VIEW_BLOCKS],
    }


def _note(text: str) -> Block:
    return {"type": "section", "text": _plain(text, MAX_NOTE)}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [_plain(text, MAX_HINT)]}


def _input(field: Field, form: Form, language: str, *, chosen: bool) -> Block:
    value = form.values.get(field.key, "")
    options = form.options.get(field.key, ())
    several = field.key in form.several
    element = _several(field, value, language) if several else _element(field, value, options, language)
    hint = field.hint.said(language)
    if field.why is not None:
        apart = "" if language == "zh" else " "
        hint = f"{hint}{apart}{field.why.said(language)}"
    block: Block = {
        "type": "input",
        "block_id": field.key,
        "label": _plain(field.label.said(language), MAX_LABEL),
        "element": element,
        # A box that may be ticked cannot be demanded; and a file that was chosen before need not be chosen again.
        "optional": field.key not in form.needed or field.type is FieldType.FLAG or chosen,
    }
    if literal(hint).strip():
        block["hint"] = _plain(hint.replace("`", ""), MAX_HINT)  # plain text has no code
    if field.key in form.watched:
        block["dispatch_action"] = True
    return block


def _element(field: Field, value: str, options: Sequence[Option], language: str) -> Block:
    match field.type:
        case FieldType.CHOICE:
            return _select([(choice.word, choice.label.said(language)) for choice in field.choices], value, language)
        case FieldType.FLAG:
            option = _option("true", words.TICKED.said(language))
            flag: Block = {"type": "checkboxes", "action_id": "value", "options": [option]}
            return {**flag, "initial_options": [option]} if value == "true" else flag
        case FieldType.FILE:
            endings = [suffix for media_type in field.media_types for suffix in suffixes(media_type)]
            upload: Block = {
                "type": "file_input",
                "action_id": "value",
                "max_files": max(1, min(field.max_files, MAX_FILES)),
            }
            return {**upload, "filetypes": endings} if endings else upload
        case FieldType.REFERENCE if options:
            pairs = [(one.value, _known(one)) for one in options]
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


def _known(option: Option) -> str:
    """What can be chosen, with its value where the label does not tell it."""
    if not option.label or option.value in option.label:
        return option.label or option.value
    return f"{option.label} · {option.value}"


def _select(pairs: Sequence[tuple[str, str]], value: str, language: str) -> Block:
    options = [_option(word, label) for word, label in pairs[:MAX_OPTIONS] if len(word) <= MAX_OPTION_VALUE]
    element: Block = {
        "type": "static_select",
        "action_id": "value",
        "options": options,
        "placeholder": _plain(words.CHOOSE.said(language), MAX_OPTION_VALUE),
    }
    chosen = next((option for option in options if option["value"] == value), None)
    return {**element, "initial_option": chosen} if chosen else element


def _several(field: Field, value: str, language: str) -> Block:
    options = [_option(choice.word, choice.label.said(language)) for choice in field.choices[:MAX_OPTIONS]]
    chosen = [option for option in options if option["value"] in value.split(",")]
    few = len(options) <= MAX_BOXES
    element: Block = {
        "type": "checkboxes" if few else "multi_static_select",
        "action_id": _SEVERAL,
        "options": options,
    }
    if not few:
        element["placeholder"] = _plain(words.CHOOSE.said(language), MAX_OPTION_VALUE)
    return {**element, "initial_options": chosen} if chosen else element


def _option(value: str, label: str) -> Block:
    return {"text": _plain(label, MAX_OPTION_TEXT), "value": value}


def _plain(text: str, most: int) -> Block:
    clean = literal(text).replace("\n", " ").strip() or "…"
    return {"type": "plain_text", "text": clean if len(clean) <= most else clean[: most - 1] + "…", "emoji": False}
