"""The phones that messages go to: what arrived, what the carriers say of it, and what people answer."""

import itertools
from dataclasses import dataclass, field
from datetime import datetime

from integrations.sandbox.settings import Vendor
from integrations.sandbox.world import World


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


@dataclass(slots=True)
class Phones:
    """Every phone of one sandbox."""

    world: World
    answers: list[Answered] = field(default_factory=list)
    _serials: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def answer(self, vendor: Vendor, number: str, text: str) -> None:
        """Let somebody answer now."""
        sign = self.world.seed.signature
        self.answers.append(Answered(next(self._serials), vendor, number, text, sign, self.world.now()))
