"""The one outgoing message model: what is said, before any chat's markup.

Text is always literal. A renderer escapes every `str` whole and drops control characters, so nothing a user or a
vendor wrote can become a mention, a link or markup; what is meant as such is a node of its own. A renderer knows its
platform's limits, nobody else does.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


class Exact(str):
    """Text that is ours or a vendor's own, as an id or an example: no mask changes it, though it may look like a number."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text to copy exactly: a command, a key, a file name."""

    text: str


@dataclass(frozen=True, slots=True)
class Typed:
    """A whole command within a sentence, as `Commands` has them beside it: each chat spells it as it is typed there.

    Args:
        command: what to type, without the platform's prefix.
    """

    command: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A person who must act or who waits for this.

    Args:
        key: `Actor.key`; a chat of another platform shows the name instead.
        name: shown where the platform cannot mention.
    """

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """A web address that we chose ourselves, e.g. a vendor's console."""

    url: str
    label: str


Part = str | Strong | Code | Typed | Mention | Link

Line = tuple[Part, ...]


class Mark(StrEnum):
    """One mark for the state of the thing a message is about; its sign is the same in every chat."""

    NONE = "none"
    WAITING = "waiting"
    GOOD = "good"
    BAD = "bad"
    WARNING = "warning"
    ALERT = "alert"  # critical: somebody is wanted now
    CAUTION = "caution"  # an alert that is a warning
    NOTE = "note"  # one that is only to be known
    HANDLED = "handled"
    CLOSED = "closed"


SIGNS: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.NONE: "",
        Mark.WAITING: "⏳",
        Mark.GOOD: "✅",
        Mark.BAD: "❌",
        Mark.WARNING: "⚠️",
        Mark.ALERT: "🔴",
        Mark.CAUTION: "🟠",
        Mark.NOTE: "🔵",
        Mark.HANDLED: "🟡",
        Mark.CLOSED: "🟢",
    }
)
"""The sign of a mark, before a title and within running text; one for a thing everywhere (conversations)."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph."""

    line: Line


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody else's words (a reviewer's reason), shown as a quotation and never changed."""

    text: str


@dataclass(frozen=True, slots=True)
class Items:
    """A list of lines, one thing each."""

    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of equal shape; a platform without tables lists them."""

    head: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]


@dataclass(frozen=True, slots=True)
class Commands:
    """The exact next commands.

    Args:
        label: "Next", in the reader's language.
        commands: what to type, without the platform's prefix.
    """

    label: str
    commands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart. Its figures stand in the text too: pictures are invisible in notifications and to a search.

    Args:
        name: file name, with `.png`.
        png: the picture.
        text: what it shows, in one line.
    """

    name: str
    png: bytes = field(repr=False)
    text: str


Block = Text | Quote | Items | Table | Commands | Picture


SAY = "say"
"""Action of a button that says a whole command, as the next page of a list needs; a chat sends a key of it, not it."""


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press, where the platform has buttons; carries only an action and an id.

    Args:
        action: what it does, e.g. `status`, `edit`, `delete`, `ack`; or `SAY`.
        target: what it does it to, e.g. `#17`, `A5`; of `SAY` the command that is said.
        label: in the reader's language.
        dangerous: asks for confirmation first.
        choices: where one of several is chosen with it: what is put behind the target, and its label.
        turns: the answer takes the place of the message the button is on, as the next page of a list does.
    """

    action: str
    target: str
    label: str
    dangerous: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    turns: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Args:
        title: the first line; it says it all, for it is what a phone's notification shows.
        mark: the state of the thing it is about.
        blocks: the rest, in order.
        buttons: what can be pressed; every one has a typed command among the blocks or in the help.
        shared: of an answer: it concerns everybody in the conversation, as a question that stands open and what was
            answered to it do; any other answer is for whoever asked, and shown to nobody else where a chat can do that.
        question: of an answer that asks something: under which name it is remembered where it stands, so that it can be
            closed once it is answered, from wherever that is.
    """

    title: Line
    mark: Mark = Mark.NONE
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()
    shared: bool = False
    question: str = ""


def plain(line: Line) -> str:
    """The text of a line without any markup, e.g. for a notification or a test."""
    return "".join(_plain_part(part) for part in line)


def _plain_part(part: Part) -> str:
    match part:
        case str():
            return part
        case Strong(text) | Code(text) | Typed(text):
            return text
        case Mention(_, name):
            return f"@{name}"
        case Link(_, label):
            return label
