"""What a vendor sends by itself: reviews that were decided, receipts, and what people answered."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

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
    """What one push says.

    Args:
        hints: reviews that moved.
        receipts: what became of messages.
        replies: what people answered.
        left_out: why an item beside readable ones could not be read, one each.
    """

    hints: tuple[Hint, ...] = ()
    receipts: tuple[Receipt, ...] = ()
    replies: tuple[Said, ...] = ()
    left_out: tuple[str, ...] = ()


class NotAPush(ValueError):
    """A body is not what its address says; in a few words why, with nothing of the body in them."""


V = TypeVar("V")

LONGEST = 2000
"""Characters of a text that is good to have; a message and its answer are far shorter."""

LATEST = 4_102_444_800
"""The year 2100, in Unix seconds: what lies beyond is no moment of ours."""


def scalar(value: Any) -> Any:
    """Ids and sizes are texts on one page of the documents and numbers on another: any number as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


def spare(value: Any) -> str:
    """A text that is good to have, for which nothing is refused: cut where it is too long, empty where it is none."""
    told = scalar(value)
    return told[:LONGEST] if isinstance(told, str) else ""


def second(value: Any) -> int:
    """A moment that is good to have, in Unix seconds; 0 where it is none."""
    try:
        told = 0.0 if isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return 0
    return int(told) if math.isfinite(told) and 0 <= told < LATEST else 0


def each(items: Sequence[Any], read: Callable[[Any], V]) -> tuple[tuple[V, ...], tuple[str, ...]]:
    """The items of a body as values of ours, and why others could not be read.

    A vendor sends a body again that is not acknowledged, a few times and then never: one odd item would cost all the others.

    Args:
        items: of the body.
        read: an item as a value; raises `NotAPush` in a few words.

    Raises:
        NotAPush: not one could be read, so it is something else.
    """
    values: list[V] = []
    odd: list[str] = []
    for number, item in enumerate(items):
        try:
            values.append(read(item))
        except NotAPush as error:
            odd.append(f"{error} ({number})")
    if odd and not values:
        raise NotAPush(odd[0])
    return tuple(values), tuple(odd)


class Pushes(Protocol):
    """What a vendor pushes, and how it wants to be answered. Nothing here calls anybody.

    Attributes:
        kinds: what there is → the vendor's own name of it.
    """

    kinds: Mapping[PushKind, str]

    def read(self, kind: PushKind, body: bytes) -> Pushed:
        """What a body says; an item that cannot be read does not take its neighbours with it (`each`).

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
