"""The one outgoing message model: what is said, before any chat's markup.

Text is always literal. A renderer escapes every `str` whole and drops control characters, so nothing a user or a
vendor wrote can become a mention, a link or markup; what is meant as such is a node of its own. A renderer knows its
platform's limits, nobody else does.
"""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Strong:
    """Text that stands out."""

    text: str


@dataclass(frozen=True, slots=True)
class Code:
    """Text to copy exactly: a command, a key, a file name."""

    text: str


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


Part = str | Strong | Code | Mention | Link
Line = tuple[Part, ...]


class Mark(StrEnum):
    """One mark for the state of the thing a message is about; each renderer has its own sign for it."""

    NONE = "none"
    WAITING = "waiting"
    GOOD = "good"
    BAD = "bad"
    WARNING = "warning"
    ALERT = "alert"
    HANDLED = "handled"
    CLOSED = "closed"


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


Block = Text | Quote | Items | Table | Commands


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press, where the platform has buttons; carries only an action and an id.

    Args:
        action: what it does, e.g. `status`, `edit`, `delete`, `ack`.
        target: what it does it to, e.g. `#17`, `A5`.
        label: in the reader's language.
        dangerous: asks for confirmation first.
    """

    action: str
    target: str
    label: str
    dangerous: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One message.

    Args:
        title: the first line; it says it all, for it is what a phone's notification shows.
        mark: the state of the thing it is about.
        blocks: the rest, in order.
        buttons: what can be pressed; every one has a typed command among the blocks or in the help.
    """

    title: Line
    mark: Mark = Mark.NONE
    blocks: tuple[Block, ...] = ()
    buttons: tuple[Button, ...] = ()


def plain(line: Line) -> str:
    """The text of a line without any markup, e.g. for a notification or a test."""
    return "".join(_plain_part(part) for part in line)


def _plain_part(part: Part) -> str:
    match part:
        case str():
            return part
        case Strong(text) | Code(text):
            return text
        case Mention(_, name):
            return f"@{name}"
        case Link(_, label):
            return label
