"""A message as Slack blocks and a text. Pure.

What people and vendors wrote goes into `rich_text` elements, which Slack never parses: no mention, link or markup can
come out of it. The plain `text` beside the blocks (notifications, screen readers) is escaped. Either way the
characters that steer a display instead of being read are dropped. Text objects of type `mrkdwn` are not used; where
one ever is, it must be `verbatim`.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any, assert_never

from bot.contracts.characters import readable
from bot.contracts.message import (
    SAY,
    SIGNS,
    Button,
    Code,
    Commands,
    Items,
    Line,
    Link,
    Mention,
    Message,
    Part,
    Picture,
    Quote,
    Strong,
    Table,
    Typed,
)
from bot.contracts.message import Block as Content
from bot.contracts.message import Text as Paragraph
from integrations.slack import words

Block = dict[str, Any]

# https://docs.slack.dev/reference/block-kit/blocks and /reference/methods/chat.update, read 2026
MAX_BLOCKS = 50
MAX_ACTIONS = 25
MAX_BUTTON_TEXT = 75
MAX_BUTTON_VALUE = 2000
MAX_PLACEHOLDER = 150
MAX_OPTIONS = 100
MAX_OPTION_VALUE = 150
MAX_CONFIRM_TITLE = 100
MAX_CONFIRM_TEXT = 300
MAX_CONFIRM_BUTTON = 30
MAX_TABLE_ROWS = 100
MAX_TABLE_COLUMNS = 20
MAX_TEXT = 4000
"""Of `text`: `chat.update` fails above it with `msg_too_long`, so no message is longer from the start."""
MAX_BLOCK_TEXT = 12_000
"""Of all blocks together: from about 13,000 characters Slack says `msg_blocks_too_long` (bolt-js#2509)."""
MAX_PARAGRAPH = 3000
"""Of one paragraph; a section has this limit, and nobody reads on behind it."""
MAX_VIEW_TITLE = 24
MAX_VIEW_BLOCKS = 100

PREFIX = "/sms "
"""What a command is typed with here."""
MENTIONED = "@Signpost "
"""And in threads, where Slack takes no slash commands (bolt-python#873)."""
TURNS = "_turns"
"""End of the action id of a button whose answer takes the message's place."""
FULL_TEXT = "full_text"
"""Action of the button that shows what was cut."""

_USER_KEY = re.compile(r"slack:(?:[TE][A-Z0-9]{1,20}/)?([UW][A-Z0-9]{1,20})")
_LINK = re.compile(r"https?://[^\s<>|\"]{1,2900}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as `chat.postMessage` takes it.

    Args:
        text: the full gist, escaped.
        blocks: the same with its structure.
        kept: what its buttons will ask for, to be kept under these keys: the full text where something had to be cut,
            a command that is too much for a button.
        pictures: what is to be shown beside it.
    """

    text: str
    blocks: list[Block]
    kept: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    pictures: tuple[Picture, ...] = ()


def literal(text: str) -> str:
    """A text without the characters that steer instead of being read: controls, marks of direction, invisible ones."""
    return readable(text)


def escape(text: str) -> str:
    """A literal text for `text` and `mrkdwn`: the three control characters of Slack, and nothing else."""
    return _escaped(literal(text))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def render(
    message: Message, *, language: str, full_key: str = "", tables: bool = True, prefix: str = PREFIX
) -> Rendered:
    """A message as blocks and text.

    Args:
        message: what to show.
        language: `en` or `zh`, for the few words of this chat's own.
        full_key: the id under which a cut text can be asked for; without it there is no button for it.
        tables: whether there may be one; where not, its rows are listed.
        prefix: what a command is typed with, where this stands.
    """
    message = replace(
        message,
        title=_line_as_typed(message.title, prefix),
        blocks=tuple(_as_typed(block, prefix) for block in message.blocks),
    )
    said = "\n".join(_lines(message, _text_part, _colon(language)))
    blocks, cut = _blocks(message, language, tables=tables)
    if len(said) > MAX_TEXT:
        said = _cut_escaped(said, MAX_TEXT, words.CUT.said(language))
    kept: dict[str, str] = {}
    buttons: list[Block] = []
    for position, button in enumerate(message.buttons):
        if button.action == SAY:
            key = hashlib.sha256(button.target.encode()).hexdigest()[:16]
            kept[f"{SAY}:{key}"] = button.target
            button = replace(button, target=key)
        buttons.append(_button(button, position, language))
    if cut and full_key:
        kept[f"{FULL_TEXT}:{full_key}"] = "\n".join(_lines(message, plain_part, _colon(language)))
        label = _plain(words.FULL_TEXT.said(language), MAX_BUTTON_TEXT)
        buttons.append({"type": "button", "action_id": FULL_TEXT, "text": label, "value": f"{FULL_TEXT} {full_key}"})
    if buttons:
        blocks.append({"type": "actions", "elements": buttons[:MAX_ACTIONS]})
    pictures = tuple(block for block in message.blocks if isinstance(block, Picture))
    return Rendered(said, blocks, kept, pictures)


def _as_typed(block: Content, prefix: str) -> Content:
    """The same with every command as it is typed here."""
    match block:
        case Commands(label, commands):
            return Commands(label, tuple(prefix + command for command in commands))
        case Paragraph(line):
            return Paragraph(_line_as_typed(line, prefix))
        case Items(lines):
            return Items(tuple(_line_as_typed(line, prefix) for line in lines))
        case Table(head, rows):
            return Table(head, tuple(tuple(_line_as_typed(cell, prefix) for cell in row) for row in rows))
        case _:
            return block


def _line_as_typed(line: Line, prefix: str) -> Line:
    return tuple(Code(prefix + part.command) if isinstance(part, Typed) else part for part in line)


def plain_part(part: Part) -> str:
    """A part as literal text."""
    match part:
        case str():
            return literal(part)
        case Strong(text) | Code(text) | Typed(text):
            return literal(text)
        case Mention(_, name):
            return f"@{literal(name)}"
        case Link(url, label):
            return f"{literal(label)} {url}" if label != url else url
    assert_never(part)


def modal(title: str, text: str, *, close: str) -> dict[str, Any]:
    """A view that only shows a text."""
    pieces = [text[start : start + MAX_PARAGRAPH] for start in range(0, len(text), MAX_PARAGRAPH)] or ["…"]
    return {
        "type": "modal",
        "title": _plain(title, MAX_VIEW_TITLE),
        "close": _plain(close, MAX_VIEW_TITLE),
        "blocks": [_rich(_section((piece,))) for piece in pieces[:MAX_VIEW_BLOCKS]],
    }


def _lines(message: Message, say: Any, colon: str) -> Iterable[str]:
    def line(parts: Line) -> str:
        return "".join(say(part) for part in parts)

    sign = SIGNS[message.mark]
    yield f"{sign} {line(message.title)}" if sign else line(message.title)
    for block in message.blocks:
        match block:
            case Paragraph(parts):
                yield line(parts)
            case Quote(text):
                yield "\n".join(f"“{say(row)}”" for row in [text])
            case Items(items):
                yield from (f"• {line(item)}" for item in items)
            case Table(head, rows):
                yield " | ".join(say(cell) for cell in head)
                yield from (" | ".join(line(cell) for cell in row) for row in rows)
            case Commands(label, commands):
                yield f"{say(label)}{colon}" + " · ".join(say(command) for command in commands)
            case Picture():
                pass  # uploaded beside the message
            case _:
                assert_never(block)


def _text_part(part: Part) -> str:
    match part:
        case Mention(key, _) if found := _USER_KEY.fullmatch(key):
            return f"<@{found[1]}>"
        case Link(url, label) if _LINK.fullmatch(url):
            return f"<{url}|{escape(label).replace('|', '/')}>"
        case _:
            return _escaped(plain_part(part))


def _cut_escaped(text: str, most: int, mark: str) -> str:
    """Cut an escaped text, never inside an entity or a mention."""
    kept = text[: most - len(mark)]
    for start, end in (("&", ";"), ("<", ">")):
        opened = kept.rfind(start)
        if opened > kept.rfind(end):
            kept = kept[:opened]
    return kept + mark


# --- Blocks ----------------------------------------------------------------------------------------------------------


def _blocks(message: Message, language: str, *, tables: bool) -> tuple[list[Block], bool]:
    """The blocks without the buttons, and whether something had to be cut."""
    sign = SIGNS[message.mark]
    title: Line = ((f"{sign} ",) if sign else ()) + message.title
    cutter = _Cutter(words.CUT.said(language))
    blocks = [_rich(_section(cutter.line(title)))]
    room_for_table = tables  # one table a message is all that Slack takes
    for block in message.blocks:
        if cutter.left <= 0 or len(blocks) >= MAX_BLOCKS - 1:
            cutter.cut = True
            break
        match block:
            case Paragraph(line):
                blocks.append(_rich(_section(cutter.line(line))))
            case Quote(text):
                blocks.append(_rich({"type": "rich_text_quote", "elements": _parts(cutter.line((text,)))}))
            case Items(lines):
                items = [_section(cut) for line in lines if (cut := cutter.line(line))]
                if items:
                    blocks.append(_rich({"type": "rich_text_list", "style": "bullet", "elements": items}))
            case Table(head, rows):
                fits = len(rows) < MAX_TABLE_ROWS and len(head) <= MAX_TABLE_COLUMNS and room_for_table
                room_for_table = False
                size = sum(len(plain_part(part)) for row in rows for cell in row for part in cell)
                if fits and size <= cutter.left:
                    cutter.left -= size
                    blocks.append(_table(head, rows))
                    continue
                items = [_section(cut) for row in rows if (cut := cutter.line(_row(head, row, _colon(language))))]
                if items:
                    blocks.append(_rich({"type": "rich_text_list", "style": "bullet", "elements": items}))
            case Commands(label, commands):
                line = (f"{label}{_colon(language)}", *_between(tuple(Code(command) for command in commands)))
                blocks.append(_rich(_section(cutter.line(line))))
            case Picture():
                pass
            case _:
                assert_never(block)
    return blocks, cutter.cut


class _Cutter:
    """Keeps a message within what Slack takes."""

    def __init__(self, mark: str) -> None:
        self.left = MAX_BLOCK_TEXT
        self.cut = False
        self._mark = mark

    def line(self, line: Line) -> Line:
        """As much of a line as there is room for."""
        most = min(self.left, MAX_PARAGRAPH)
        kept: list[Part] = []
        for part in line:
            size = len(plain_part(part))
            if size <= most:
                kept.append(part)
                most -= size
                self.left -= size
                continue
            self.cut = True
            if most > len(self._mark):
                short = plain_part(part)[: most - len(self._mark)] + self._mark
                kept.append(short)
                self.left -= len(short)
            break
        return tuple(kept)


def _rich(element: Block) -> Block:
    return {"type": "rich_text", "elements": [element]}


def _section(line: Line) -> Block:
    return {"type": "rich_text_section", "elements": _parts(line)}


def _parts(line: Line) -> list[Block]:
    return [element for part in line if (element := _part(part)) is not None] or [{"type": "text", "text": "…"}]


def _part(part: Part) -> Block | None:
    match part:
        case str():
            return {"type": "text", "text": text} if (text := literal(part)) else None
        case Strong(inner):
            return {"type": "text", "text": text, "style": {"bold": True}} if (text := literal(inner)) else None
        case Code(inner) | Typed(inner):
            return {"type": "text", "text": text, "style": {"code": True}} if (text := literal(inner)) else None
        case Mention(key, _):
            found = _USER_KEY.fullmatch(key)
            return {"type": "user", "user_id": found[1]} if found else {"type": "text", "text": plain_part(part)}
        case Link(url, label):
            if _LINK.fullmatch(url):
                return {"type": "link", "url": url, "text": literal(label) or url}
            return {"type": "text", "text": literal(f"{label} {url}")}
    assert_never(part)


def _table(head: Sequence[str], rows: Sequence[Sequence[Line]]) -> Block:
    width = len(head)
    first = [_rich(_section((Strong(cell),))) if literal(cell) else {"type": "raw_text", "text": " "} for cell in head]
    cells = [[_rich(_section(cell or (" ",))) for cell in [*row, *[()] * (width - len(row))][:width]] for row in rows]
    return {"type": "table", "rows": [first, *cells]}


def _row(head: Sequence[str], row: Sequence[Line], colon: str) -> Line:
    parts: list[Part] = []
    for position, cell in enumerate(row):
        name = head[position] if position < len(head) else ""
        parts += [" · "] if parts else []
        parts += [f"{name}{colon}"] if position and name else []
        parts += cell
    return tuple(parts)


def _colon(language: str) -> str:
    return "：" if language == "zh" else ": "


def _between(parts: Sequence[Part]) -> Line:
    line: list[Part] = []
    for part in parts:
        line += [" · ", part] if line else [part]
    return tuple(line)


def _menu(button: Button, position: int) -> Block:
    """A button that asks which of several."""
    return {
        "type": "static_select",
        "action_id": f"{button.action}_{position}",
        "placeholder": _plain(button.label, MAX_PLACEHOLDER),
        "options": [
            {
                "text": _plain(label, MAX_BUTTON_TEXT),
                "value": f"{button.action} {button.target} {choice}"[:MAX_OPTION_VALUE],
            }
            for choice, label in button.choices[:MAX_OPTIONS]
        ],
    }


def _button(button: Button, position: int, language: str) -> Block:
    if button.choices:
        return _menu(button, position)
    # Told apart by the action's id, which the client sends back: whether the answer takes the message's place.
    element: Block = {
        "type": "button",
        "action_id": f"{button.action}_{position}{TURNS if button.turns else ''}",
        "text": _plain(button.label, MAX_BUTTON_TEXT),
        "value": f"{button.action} {button.target}"[:MAX_BUTTON_VALUE],
    }
    if button.dangerous:
        element["style"] = "danger"
        element["confirm"] = {
            "title": _plain(words.SURE.said(language), MAX_CONFIRM_TITLE),
            "text": _plain(f"{button.label}: {button.target}", MAX_CONFIRM_TEXT),
            "confirm": _plain(words.YES.said(language), MAX_CONFIRM_BUTTON),
            "deny": _plain(words.CANCEL.said(language), MAX_CONFIRM_BUTTON),
            "style": "danger",
        }
    return element


def _plain(text: str, most: int) -> Block:
    clean = literal(text).replace("\n", " ").strip() or "…"
    return {"type": "plain_text", "text": clean if len(clean) <= most else clean[: most - 1] + "…", "emoji": False}
