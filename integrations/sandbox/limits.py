"""Published rates, counted on the world clock."""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from integrations.sandbox.world_time import CHINA


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `times` calls in any `window`, or in a calendar day of China when `window` is `None`."""

    times: int
    window: timedelta | None = timedelta(seconds=1)


class Limits:
    """Counts calls by name.

    There is one rule for all of them: limits are measured on the world clock. Run the world ten times as fast and ten
    times as many calls pass in a real second; stop the clock and no time passes between two calls.
    """

    def __init__(self, now: Callable[[], datetime], *, enforced: bool) -> None:
        self._now = now
        self._enforced = enforced
        self._seen: dict[tuple[str, Rate], deque[datetime]] = defaultdict(deque)

    def allow(self, name: str, rates: tuple[Rate, ...]) -> bool:
        """Count one call if every rate lets it pass; a refused call is not counted."""
        if not self._enforced:
            return True
        now = self._now()
        logs = [(rate, self._seen[name, rate]) for rate in rates]
        for rate, log in logs:
            while log and not _counts(log[0], now, rate):
                log.popleft()
        if any(len(log) >= rate.times for rate, log in logs):
            return False
        for _, log in logs:
            log.append(now)
        return True


def _counts(then: datetime, now: datetime, rate: Rate) -> bool:
    if rate.window is None:
        return then.astimezone(CHINA).date() == now.astimezone(CHINA).date()
    return now - then < rate.window
