"""A message in DingTalk's dialect of markdown. Pure.

The dialect (facts, DingTalk 3.12): bold, quotes, links and lists work; a single line end is swallowed, so paragraphs
stand apart; tables do not work everywhere, so their rows are listed. There is no official escape, so whatever people
or vendors wrote loses the characters that mean something and keeps its looks: `*` becomes `∗`, and a space of no width
stands behind `@` and `://`. In cards a line ends with `<br>`, and there are no links that send a command (facts 4.7).
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import assert_never
from urllib.parse import quote

from bot.contracts.characters import readable
from bot.contracts.message import (
    SIGNS,
    Block,
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
    Text,
    Typed,
    plain,
)

PART_CHARACTERS = 3_500
PART_BYTES = 14_000
"""Of one message's text. msgParam holds 15,000 bytes with its title; what a webhook holds is not published, and from
2,000 characters to 20,000 bytes circulate (facts, DingTalk 3.12)."""

TITLE_CHARACTERS = 64
"""The title is what a notification shows; the advice for action cards holds for all (facts, DingTalk 3.12)."""

MOST_PARTS = 5
"""Of one message; every part counts against the conversation's minute."""

_SPAN_CHARACTERS = 300  # longer bold or code is shown as it is: a part is never cut inside a span
_COUNTER_CHARACTERS = 60  # room for "(2/3)" or for the words that something was left out

PLATFORM = "dingtalk"

BREAK = "<br>"
"""Of a card's text (facts, DingTalk 3.12)."""

_SEND = "dtmd://dingtalkclient/sendMessage?content="
_APART = "\u200b"  # has no width; keeps two characters from meaning something together

_LOOK_ALIKES = str.maketrans(
    {"*": "∗", "[": "［", "]": "］", "`": "ˋ", "<": "＜", ">": "＞", "~": "～", "|": "｜", "\\": "＼"}
)
_LOOSE_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")  # within a word, as in SMS_1234, it means nothing
_ADDRESS = re.compile(r"(?:^|(?<=:))(?=//)|(?<=www)(?=\.)", re.IGNORECASE)  # `:` may end the part before
_ENTITY = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;|$)")
_POSITION = re.compile(r"[0-9]{1,3}\. ")
_LINE_START = re.compile(r"(?m)^(?=[^\S\n]*(?:[#+=-]|[0-9]+[.)]))")

# A command that may be sent by a click, whoever wrote the rest of the message: words and a number of ours, nothing that
# anybody wrote. Names and values could carry words that the clicker would then have said. Of other commands the desk knows;
# a bare "yes" is none, for it could answer another question of theirs.
_CLICKABLE = re.compile(r"(?:[^\W\d_]+ ){1,3}(?:#[0-9]{1,12}|A[0-9]{1,12})(?: [0-9]{1,3}[mhd])?")
_USER_ID = re.compile(r"[A-Za-z0-9._@-]{1,64}")
_SPAN = re.compile(r"!?\[[^\]\n]*\]\([^)\s]*\)|\*\*[^*\n]+\*\*|`[^`\n]*`|@[A-Za-z0-9._@-]+|<br>")
_NO_PICTURES: Mapping[Picture, str] = MappingProxyType({})
_CUTS = ("\n\n", "\n", "。", "；", "，", ". ", "; ", ", ", " ", "")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as it is sent.

    Args:
        title: what a notification shows; plain text.
        parts: the markdown, in as many messages as its length takes; at least one.
        mentioned: the user ids of the people it mentions, whether or not this way of sending can.
    """

    title: str
    parts: tuple[str, ...]
    mentioned: tuple[str, ...] = ()


def literal(text: str) -> str:
    """A text without anything that DingTalk would take for markup, a mention or an address."""
    text = readable(text).translate(_LOOK_ALIKES)
    text = _LOOSE_UNDERSCORE.sub("＿", text)
    text = _ADDRESS.sub(_APART, text)
    text = _ENTITY.sub("&" + _APART, text)
    return text.replace("@", "@" + _APART)


def user_of(key: str) -> str:
    """The user id within an `Actor.key` of DingTalk; empty for other platforms, or where it cannot be mentioned."""
    platform, _, rest = key.partition(":")
    user = rest.partition("/")[2] if "/" in rest else rest
    return user if platform == PLATFORM and _USER_ID.fullmatch(user) else ""


def clickable(command: str) -> bool:
    """Whether a command may be sent by a click: nothing in it was written by anybody else."""
    return _CLICKABLE.fullmatch(command) is not None


def message_link(command: str) -> str:
    """A link that has who clicks it send this command (facts, DingTalk 4.7)."""
    return f"[{literal(command)}]({_SEND}{quote(command, safe='')})"


def picture_of(media: str) -> str:
    """An uploaded picture, to stand in a text (facts, DingTalk 8)."""
    return f"![]({media})"


def render(
    message: Message,
    *,
    language: str,
    mentions: bool,
    pictures: Mapping[Picture, str] = _NO_PICTURES,
    ours: Callable[[str], bool] = lambda _: False,
) -> Rendered:
    """A message as markdown.

    Args:
        message: what to say; its buttons are left out, each has a typed command.
        language: `en` or `zh`.
        mentions: whether this way of sending makes real mentions.
        pictures: the media ids of those that are to be shown; the others are left out.
        ours: whether nothing in a command was written by anybody (`bot.contracts.chat.Desk.wholly_ours`).
    """
    renderer = _Renderer(language, mentions, pictures, ours)
    sign = SIGNS[message.mark]
    head = renderer.line(message.title)
    paragraphs = [f"{sign} {head}".strip(), *(text for block in message.blocks for text in renderer.block(block))]
    return Rendered(
        title=_title(sign, message.title),
        parts=_parts([text for text in paragraphs if text], language),
        mentioned=tuple(mentions_of(message)),
    )


@dataclass(frozen=True, slots=True)
class CardText:
    """A message as a card shows it, uncut.

    Args:
        title: the line on top, plain text.
        body: the rest, in the markdown of cards.
        summary: what a notification and the list of chats show.
    """

    title: str
    body: str
    summary: str


def render_card(message: Message, *, language: str, pictures: Mapping[Picture, str] = _NO_PICTURES) -> CardText:
    """A message as the texts of a card.

    Args:
        message: what to say; the card's template brings the buttons.
        language: `en` or `zh`.
        pictures: as for `render`.
    """
    renderer = _CardRenderer(language, mentions=False, pictures=pictures)
    sign = SIGNS[message.mark]
    rows = [text for block in message.blocks for text in renderer.block(block) if text]
    return CardText(
        title=" ".join(f"{sign} {literal(plain(message.title))}".split()) or "…",
        body=BREAK.join(rows),
        summary=_title(sign, message.title),
    )


def shortened(text: str, most: int) -> str:
    """A card's text within so many bytes of UTF-8: whole lines where that can be, never half a character or span."""
    if len(text.encode()) <= most:
        return text
    room = len(text.encode()[: most - len(f"{BREAK}…".encode())].decode(errors="ignore"))
    line = text.rfind(BREAK, 0, room)
    if line > room // 2:
        return f"{text[:line]}{BREAK}…"
    span = next((found for found in _SPAN.finditer(text) if found.start() < room < found.end()), None)
    return f"{text[: span.start() if span else room].rstrip()}…"


def mentions_of(message: Message) -> Mapping[str, str]:
    """The people of DingTalk that a message mentions: user id → name, in order."""
    return {user: part.name for part in _mentioned(message) if (user := user_of(part.key))}


def _title(sign: str, title: Line) -> str:
    text = " ".join(f"{sign} {readable(plain(title))}".split())
    if not text:
        return "…"  # an empty one is refused
    return text if len(text) <= TITLE_CHARACTERS else text[: TITLE_CHARACTERS - 1] + "…"


def _mentioned(message: Message) -> Iterator[Mention]:
    lines = [message.title]
    for block in message.blocks:
        match block:
            case Text(line):
                lines.append(line)
            case Items(items):
                lines += items
            case Table(_, rows):
                lines += [cell for row in rows for cell in row]
            case _:
                pass
    for line in lines:
        yield from (part for part in line if isinstance(part, Mention))


class _Renderer:
    def __init__(
        self,
        language: str,
        mentions: bool,
        pictures: Mapping[Picture, str],
        ours: Callable[[str], bool] = lambda _: False,
    ) -> None:
        self._ours = ours
        self._colon = "：" if language == "zh" else ": "
        self._mentions = mentions
        self._pictures = pictures

    def block(self, block: Block) -> Iterator[str]:
        """The paragraphs of a block."""
        match block:
            case Text(line):
                yield self.line(line)
            case Quote(text):
                # A quotation ends at the first empty line, and a single line end would be swallowed.
                rows = [row.strip() for row in _starts(literal(text)).split("\n")]
                yield "  \n".join(f"> {row}" for row in rows if row)
            case Items(lines):
                yield "\n".join(self.item(line) for line in lines)
            case Table(head, rows):
                yield "\n".join(f"- {self.table_row(head, row)}" for row in rows)
            case Commands(label, commands):
                yield f"{literal(label)}{self._colon}" + " · ".join(map(self.command, commands))
            case Picture():
                if media := self._pictures.get(block):
                    yield picture_of(media)
            case _:
                assert_never(block)

    def line(self, line: Line) -> str:
        """A paragraph; line ends within it are kept apart."""
        text = _starts(self._joined(line))
        return "\n\n".join(row.strip() for row in text.split("\n") if row.strip())

    def item(self, line: Line) -> str:
        """A row of a list; where its text counts, the list is a numbered one."""
        return f"{plain(line[:1])}{self.row(line[1:])}" if _counted(line) else f"- {self.row(line)}"

    def row(self, line: Line) -> str:
        """The same in one row."""
        return _starts(self._flat(line))

    def table_row(self, head: tuple[str, ...], row: tuple[Line, ...]) -> str:
        """A row of a table as a row of a list: the first cell, then the others with their heads."""
        first, *rest = (self._flat(cell) for cell in row)
        named = [
            f"{literal(name)}{self._colon}{cell}" if name else cell
            for name, cell in zip((*head[1:], *[""] * len(rest)), rest, strict=False)
            if cell
        ]
        return _starts(" · ".join(text for text in (first, *named) if text))

    def command(self, command: str) -> str:
        return message_link(command) if clickable(command) or self._ours(command) else self._code(command)

    def _flat(self, line: Line) -> str:
        return " ".join(self._joined(line).split("\n"))

    def _joined(self, line: Line) -> str:
        text = ""
        for part in line:
            written = self._part(part)
            if text and written and _needs_space(text, written, part):
                text += " "
            elif text.endswith(" "):  # a mention brings its own
                written = written.removeprefix(" ")
            text += written
        return text

    def _part(self, part: Part) -> str:
        match part:
            case str():
                return literal(part)
            case Strong(text):
                return _bold(literal(text))
            case Code(text):
                return self._code(text)
            case Typed(command):
                return self.command(command)
            case Mention(key, name):
                user = user_of(key)
                return f"@{user} " if self._mentions and user else f"{literal('@' + name)} "
            case Link(url, label):
                return _link(url, label)
            case _:
                assert_never(part)

    @staticmethod
    def _code(text: str) -> str:
        shown = " ".join(literal(text).split())
        return f"`{shown}`" if 0 < len(shown) <= _SPAN_CHARACTERS else shown


def _counted(line: Line) -> bool:
    """Whether a row begins with its number."""
    return bool(line) and isinstance(line[0], str) and _POSITION.fullmatch(line[0]) is not None


class _CardRenderer(_Renderer):
    """The dialect of cards: every line ends with `<br>`, lists and quotations are made of plain lines."""

    def block(self, block: Block) -> Iterator[str]:
        """The lines of a block."""
        match block:
            case Quote(text):
                rows = [row.strip() for row in literal(text).split("\n") if row.strip()]
                if rows:
                    yield f"“{BREAK.join(rows)}”"
            case Items(lines):
                yield from (self.item(line) for line in lines)
            case Table(head, rows):
                yield from (f"• {self.table_row(head, row)}" for row in rows)
            case _:
                yield from super().block(block)

    def line(self, line: Line) -> str:
        """A paragraph."""
        return BREAK.join(row.strip() for row in _starts(self._joined(line)).split("\n") if row.strip())

    def item(self, line: Line) -> str:
        """A row of a list."""
        return super().item(line) if _counted(line) else f"• {self._flat(line)}"

    def command(self, command: str) -> str:
        """A link that sends a command does not work here; it is there to be typed."""
        return self._code(command)


def _starts(text: str) -> str:
    """Lines that would begin a list, a heading or a rule begin with nothing instead."""
    return _LINE_START.sub(_APART, text)


def _bold(text: str) -> str:
    """Bold where it can be: not over lines, and its marks must touch words."""
    core = text.strip()
    if not core or "\n" in core or len(core) > _SPAN_CHARACTERS:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}**{core}**{after}"


def _needs_space(before: str, written: str, part: Part) -> bool:
    """Whether a space must stand between two parts.

    Bold ends only before a space or a sign where it ends with a sign: `**…）**审核中` would show its asterisks. A
    mention must stand by itself.
    """
    if before[-1].isspace() or written[0].isspace():
        return False
    if isinstance(part, Mention):
        return True
    if (before[-1], written[0]) in (("*", "*"), ("`", "`"), ("!", "[")):
        return True  # two of them would be read as one, and `![` is a picture
    if before.endswith("**"):
        return not before[-3].isalnum() and written[0].isalnum()
    if written.startswith("**"):
        return not written[2].isalnum() and before[-1].isalnum()
    return False


def _link(url: str, label: str) -> str:
    if not url.startswith(("https://", "http://")):
        return literal(label)
    address = quote(url, safe=":/?#@!$&'*+,;=%~-._")
    shown = " ".join(literal(label).split()) or literal(url)
    if len(address) + len(shown) > 2 * _SPAN_CHARACTERS:
        return shown
    return f"[{shown}]({address})"


# --- Lengths ---------------------------------------------------------------------------------------------------------


def fits(text: str) -> bool:
    """Whether a text may be one message."""
    return len(text) <= PART_CHARACTERS and len(text.encode()) <= PART_BYTES


def _parts(paragraphs: Iterable[str], language: str) -> tuple[str, ...]:
    """Paragraphs packed into as few messages as they fit; cut between paragraphs where that can be."""
    whole = "\n\n".join(paragraphs)
    if fits(whole):
        return (whole or "…",)
    room = PART_CHARACTERS - _COUNTER_CHARACTERS
    parts: list[str] = []
    left = whole
    while left:
        cut = _cut(left, room)
        parts.append(left[:cut].rstrip())
        left = left[cut:].lstrip("\n")
    if len(parts) > MOST_PARTS:
        more = "……（太长，其余未显示）" if language == "zh" else "… (too long, the rest is not shown)"
        parts = [*parts[: MOST_PARTS - 1], f"{parts[MOST_PARTS - 1]}\n\n{more}"]
    return tuple(
        part if number == 1 else f"({number}/{len(parts)})\n\n{part}" for number, part in enumerate(parts, start=1)
    )


def _cut(text: str, room: int) -> int:
    """Where to end a part: at the best place in its second half, never within bold, code, a link or a mention."""
    while len(text[:room].encode()) > PART_BYTES - 4 * _COUNTER_CHARACTERS:
        room -= 50
    if len(text) <= room:
        return len(text)
    spans = [found.span() for found in _SPAN.finditer(text, 0, min(len(text), room + 2_000))]
    for sign in _CUTS:
        end = room
        while end > room // 2:
            place = text.rfind(sign, room // 2, end) + len(sign) if sign else end
            if place < room // 2 or (sign and place == len(sign) - 1):
                break
            if not any(start < place < stop for start, stop in spans):
                return place
            end = place - len(sign) if sign else place - 1
    return room
