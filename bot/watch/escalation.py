"""Who is told when nobody has taken an alert for so long. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.contracts.due import over
from bot.contracts.settings import Escalation, Oncall


@dataclass(frozen=True, slots=True)
class Step:
    """One rung.

    Args:
        after: since the alert opened, or opened again.
        targets: `conversation`, `oncall:NAME`, `next:NAME`, `person:NAME`, `all`.
    """

    after: timedelta
    targets: tuple[str, ...]


Ladder = tuple[Step, ...]
"""The rungs in order of time."""


def ladder(configured: Iterable[Escalation], oncalls: Iterable[Oncall]) -> Ladder:
    """The configured steps in order; where there are none, whoever is on call is called at once."""
    steps = sorted((Step(one.after, one.notify) for one in configured), key=lambda step: step.after)
    if steps:
        return tuple(steps)
    called = tuple(f"oncall:{one.name}" for one in oncalls)
    return (Step(timedelta(0), ("conversation", *called)),) if called else ()


def reached(steps: Ladder, since: datetime, now: datetime, done: int = 0) -> int:
    """How many rungs are reached; never fewer than were before, whatever the clock says.

    Args:
        steps: the ladder.
        since: when the alert opened, or opened again.
        now: by the clock as it is.
        done: how many were reached before.
    """
    count = done
    while count < len(steps) and over(since, now, steps[count].after):
        count += 1
    return count


def targets(steps: Ladder, begin: int, end: int) -> tuple[str, ...]:
    """Whom the rungs from one to before another call, each once."""
    return tuple(dict.fromkeys(target for step in steps[begin:end] for target in step.targets))


def calls(steps: Sequence[Step]) -> bool:
    """Whether anybody is called at all, beside the conversations."""
    return any(target != "conversation" for step in steps for target in step.targets)
