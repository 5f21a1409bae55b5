"""The phones that messages go to: what arrived, what the carriers say of it, and what people answer."""

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from integrations.sandbox.settings import Vendor
from integrations.sandbox.world import World

RECEIPT_AFTER = timedelta(seconds=8)
"""From handing a message over to the carrier's receipt, in world time."""

ANSWER_AFTER = timedelta(seconds=30)
"""From handing a message over to what somebody answers, in world time."""

OPT_OUT = ("拒收", "退订")
"""A text with one of these in it says how to get no more."""

MAINLAND = re.compile(r"1[3-9]\d{9}")


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody answers to a message.

    Attributes:
        serial: Counts the answers of one sandbox.
        vendor: Through which the message came.
        number: As people write it: 11 digits in the mainland, with `+` and the country's code abroad.
        text: Word for word.
        sign: The signature that is answered to.
        at: World time.
    """

    serial: int
    vendor: Vendor
    number: str
    text: str
    sign: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sms:
    """A message that a vendor took.

    Attributes:
        serial: Counts the messages of one sandbox.
        vendor: Which.
        message: The vendor's id of the sending.
        number: 11 digits in the mainland, with `+` and the country's code abroad.
        sign: The signature.
        template: The vendor's id of the template.
        text: What the phone shows, signature in front.
        mark: What the caller called it.
        at: When it was taken, world time.
        code: What the carrier will say: empty for "delivered", `-` for nothing at all.
    """

    serial: int
    vendor: Vendor
    message: str
    number: str
    sign: str
    template: str
    text: str
    mark: str
    at: datetime
    code: str

    @property
    def parts(self) -> int:
        """How many parts are billed: 70, then 67 a part; abroad 160, then 153 where every character is ASCII."""
        first, others = (160, 153) if self.text.isascii() and self.number.startswith("+") else (70, 67)
        return 1 if len(self.text) <= first else -(-len(self.text) // others)

    @property
    def receipt_at(self) -> datetime | None:
        """When the receipt is there; none where it never is."""
        return None if self.code == "-" else self.at + RECEIPT_AFTER


def _signed(sign: str, text: str, number: str) -> str:
    """Write a text with its signature in front; abroad in other brackets, and it may have none (UCloud's facts 7.1)."""
    if not sign:
        return text
    return f"[{sign}]{text}" if number.startswith("+") else f"【{sign}】{text}"


@dataclass(slots=True)
class Phones:
    """Every phone of one sandbox.

    Attributes:
        sent: Everything that was taken, oldest first.
        answers: Everything that was answered, oldest first.
        carriers: Number to what the carriers say of messages to it, instead of "delivered".
        opting_out: Whoever gets marketing answers that it shall be the last.
    """

    world: World
    sent: list[Sms] = field(default_factory=list)
    answers: list[Answered] = field(default_factory=list)
    carriers: dict[str, str] = field(default_factory=dict)
    opting_out: bool = False
    _serials: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def take(self, vendor: Vendor, message: str, number: str, sign: str, template: str, text: str, mark: str) -> Sms:
        """Take a message that was accepted."""
        code = self.carriers.get(number, "")
        now = self.world.now()
        sms = Sms(
            next(self._serials), vendor, message, number, sign, template, _signed(sign, text, number), mark, now, code
        )
        self.sent.append(sms)
        if self.opting_out and not code and any(word in text for word in OPT_OUT):
            self.answers.append(Answered(next(self._serials), vendor, number, "R", sign, now + ANSWER_AFTER))
        return sms

    def received(self, vendor: Vendor) -> list[Sms]:
        """Return the messages of a vendor whose receipts are there by now."""
        now = self.world.now()
        return [
            one for one in self.sent if one.vendor == vendor and one.receipt_at is not None and one.receipt_at <= now
        ]

    def answered(self, vendor: Vendor) -> list[Answered]:
        """Return what was answered to a vendor's messages by now."""
        now = self.world.now()
        return [one for one in self.answers if one.vendor == vendor and one.at <= now]

    def answer(self, vendor: Vendor, number: str, text: str) -> None:
        """Let somebody answer now."""
        sign = self.world.seed.signature
        self.answers.append(Answered(next(self._serials), vendor, number, text, sign, self.world.now()))
