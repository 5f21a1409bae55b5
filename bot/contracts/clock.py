"""The domain's time: the promise, the machine's, and one that runs faster for the demo and rehearsals."""

import threading
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

from bot.contracts.hours import Holidays, Hours, closes, next_open

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


class WakefulClock:
    """A fast time without nights: when the day's hours end, the next ones begin at once. It never goes back.

    Args:
        start: the first `now`; within the hours, or their next beginning is taken.
        speed: domain seconds per second.
        hours: when it is day.
        holidays: when it is not, and make-up workdays.
    """

    def __init__(self, start: datetime, speed: float, hours: Hours, holidays: Holidays) -> None:
        self._speed = speed
        self._hours = hours
        self._holidays = holidays
        self._lock = threading.Lock()  # whoever writes to the record asks from its thread
        self._since = next_open(hours, start, holidays)
        self._until = closes(hours, self._since, holidays)
        self._zero = time.monotonic()

    def now(self) -> datetime:
        """Aware, UTC."""
        with self._lock:
            while (at := self._at(time.monotonic())) >= self._until:
                self._zero += (self._until - self._since).total_seconds() / self._speed
                self._since = next_open(self._hours, self._until, self._holidays)
                self._until = closes(self._hours, self._since, self._holidays)
            return at

    def seconds_to_night(self) -> float:
        """The machine's seconds until the next night is left out."""
        return (self._until - self.now()).total_seconds() / self._speed

    def _at(self, moment: float) -> datetime:
        return self._since + timedelta(seconds=(moment - self._zero) * self._speed)
