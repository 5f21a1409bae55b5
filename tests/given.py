"""What tests of several vendors are given: papers, a clock, the faults of a call."""

from datetime import UTC, datetime, timedelta

from bot.contracts.model import Paper
from integrations.sandbox import Fault, Sandbox
from tests.made_files import jpeg, png

LICENCE = Paper("licence.png", png(), "image/png")
LETTER = Paper("letter.jpg", jpeg(), "image/jpeg")
AFTER = [Fault.HTTP_500_AFTER, Fault.RESET_AFTER, Fault.GARBAGE, Fault.HANG_AFTER]
"""Faults of a call that the vendor has acted on."""
BEFORE = [Fault.HTTP_500, Fault.RESET_BEFORE]
"""Faults of a call that the vendor has not acted on."""


class Clock:
    """A world clock that moves only when told."""

    def __init__(self, moment: datetime | None = None) -> None:
        self.moment = moment or datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


def calls(sandbox: Sandbox, action: str) -> int:
    """How often the vendors were asked for it."""
    return sum(1 for call in sandbox.calls if call.action == action)
