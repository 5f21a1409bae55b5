"""What a vendor sends by itself: reviews that were decided, receipts, and what people answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.contracts.model import Kind, State


class PushKind(StrEnum):
    """The last part of a receiver's address (spec 12)."""

    SIGN = "sign"
    TEMPLATE = "template"
    REPORT = "report"
    REPLY = "reply"


class Outcome(StrEnum):
    """What became of a message."""

    WAITING = "waiting"  # handed over, and no receipt yet
    DELIVERED = "delivered"
    FAILED = "failed"
    SILENT = "silent"  # the carrier says that it does not know


@dataclass(frozen=True, slots=True)
class Hint:
    """A review moved, says a push. Nobody signed it, and it may be late: the vendor is asked before anything is told.

    Args:
        kind: of the thing.
        ref: the vendor's id of it.
        order: the ticket's number, where it is told.
        state: in our words; none where the word is not in our map.
        word: the vendor's own.
        reason: the reviewer's text.
    """

    kind: Kind
    ref: str
    order: str
    state: State | None
    word: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one message to one number.

    Args:
        message: the vendor's id of the sending; empty where it is not told.
        number: as the vendor writes it.
        outcome: in our words.
        code: the receipt's code, the vendor's or the carrier's own word.
        said: what the vendor says of the code; often nothing.
        at: when it came about, UTC.
        sent_at: when the message was sent, UTC.
        parts: how many were billed.
        mark: what we called the message when it was sent; empty where it is not told.
        template: the vendor's id of its template, where it is told.
    """

    message: str
    number: str
    outcome: Outcome
    code: str = ""
    said: str = ""
    at: datetime | None = None
    sent_at: datetime | None = None
    parts: int | None = None
    mark: str = ""
    template: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody answered to a message.

    Args:
        number: whose, as the vendor writes it.
        text: word for word.
        at: when, UTC.
        mark: the vendor's own id of the answer; empty where it has none.
        sign: the signature that was answered to, where it is told.
    """

    number: str
    text: str
    at: datetime | None = None
    mark: str = ""
    sign: str = ""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What one push says."""

    hints: tuple[Hint, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    replies: tuple[Said, ...] = ()


class NotAPush(ValueError):
    """A body is not what its address says; in a few words why, with nothing of the body in them."""


class Pushes(Protocol):
    """What a vendor pushes, and how it wants to be answered. Nothing here calls anybody.

    Attributes:
        kinds: what there is → the vendor's own name of it.
    """

    kinds: Mapping[PushKind, str]

    def read(self, kind: PushKind, body: bytes) -> Pushed:
        """What a body says, whole or not at all.

        Raises:
            NotAPush: it is not what it should be.
        """
        ...

    def answer(self, refused: str = "") -> Mapping[str, object]:
        """The JSON object that the vendor expects: that it was taken, or why not, so that it sends it again."""
        ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a vendor is answered: a JSON object."""

    status: int
    body: Mapping[str, object]


class Entry(Protocol):
    """One receiver, once its address was found right."""

    def refuse(self, status: int, why: str) -> Answer:
        """That a push was not taken, in the vendor's own shape."""
        ...

    def admits(self) -> bool:
        """Whether one more may come now."""
        ...

    async def take(self, body: bytes) -> Answer:
        """Take a push."""
        ...


class Gate(Protocol):
    """Finds receivers."""

    def open(self, account: str, token: str, kind: str) -> Entry | None:
        """The receiver behind an address; none where any part of it is wrong."""
        ...
