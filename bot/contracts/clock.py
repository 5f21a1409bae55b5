"""The domain's time: the promise, the machine's, and one that runs faster for the demo and rehearsals."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

# --- Time ------------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """The time the domain lives in: the machine's, or a faster one for the demo and the tests."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...


class SystemClock:
    """The machine's time."""

    def now(self) -> datetime:
        """Aware, UTC."""
        return datetime.now(UTC)


class FastClock:
    """A time that begins where it is told and runs so many times faster; it never goes back.

    Args:
        start: the first `now`.
        speed: domain seconds per second.
    """

    def __init__(self, start: datetime, speed: float) -> None:
        self._start = start
        self._speed = speed
        self._zero = time.monotonic()

    def now(self) -> datetime:
        """Aware, UTC."""
        return self._start + timedelta(seconds=(time.monotonic() - self._zero) * self._speed)
