"""Messages to single numbers: handing one over, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol

from bot.contracts.model import Words
from bot.contracts.push import Receipt

TEXT = "text"
"""The only variable of a message that is a text as it stands (`Sending.texts_abroad`)."""


class Settles(StrEnum):
    """How a message whose answer was lost is found again: no vendor has an idempotency token for sends."""

    BY_MARK = "mark"  # its sending details name the mark that we gave it
    BY_NUMBER = "number"  # they name number and time only: what one number was sent in those minutes
    BY_PUSH = "push"  # they are asked for by the vendor's id alone, which nobody has; a pushed receipt names the mark


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to one number.

    Args:
        number: as `test_numbers` has it.
        template: the vendor's id of it.
        sign: the signature's text.
        values: the template's variables in order of first appearance, with what they carry.
        mark: what the message is called with us; comes back where the vendor gives it back.
    """

    number: str
    template: str
    sign: str
    values: tuple[tuple[str, str], ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Handed:
    """The vendor took a message.

    Args:
        message: its id of the sending.
        parts: how many are billed, where it tells.
        request_id: of the call.
    """

    message: str
    parts: int | None = None
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a receipt's code means.

    Args:
        what: happened, to stand behind a colon.
        do: now, a sentence; none where nothing helps.
        sign: it is about the very signature, whose carriers' filing is to be looked at.
    """

    what: Words
    do: Words | None = None
    sign: bool = False


@dataclass(frozen=True, slots=True)
class Frequency:
    """How many messages one number may be sent, as the vendor publishes it; accounts can have other limits.

    Args:
        most: so many.
        span: within this.
        types: of templates that it is about: `otp`, `notice`, `promo`.
    """

    most: int
    span: timedelta
    types: frozenset[str] = frozenset({"otp", "notice", "promo"})


class Sending(Protocol):
    """Messages to single numbers.

    Attributes:
        settles: how a lost one is found.
        lag: how late what was sent shows in the details, at most; unconfirmed at every vendor.
        kept: how far back the details go; none where they are not asked for by day.
        limits: how many a number may be sent.
        promo_hours: between which hours of China marketing goes out.
        meanings: code of a receipt → what it means.
        unsigned_abroad: whether a message to a number outside the mainland may go without a signature.
        texts_abroad: whether it goes there as a text that nobody reviewed, rather than by a template.
    """

    settles: Settles
    lag: timedelta
    kept: timedelta | None
    limits: tuple[Frequency, ...]
    promo_hours: tuple[int, int]
    meanings: Mapping[str, Meaning]
    unsigned_abroad: bool
    texts_abroad: bool

    async def send(self, message: Outgoing) -> Handed:
        """Hand one message over: called once, and never again after `AnswerLost`."""
        ...

    async def receipts(self, number: str, day: date, messages: Sequence[str]) -> tuple[Receipt, ...]:
        """What became of the messages to a number, newest first.

        Args:
            number: any.
            day: in China; where the vendor tells days.
            messages: the vendor's ids of sendings that the record knows; all that can be asked about elsewhere.
        """
        ...


def meaning(meanings: Mapping[str, Meaning], code: str) -> Meaning | None:
    """What a code means, however the carrier spells it; none where nobody knows."""
    return meanings.get(code) or meanings.get(code.upper())
