"""Who is on call from when to when; when that is who is decided by `bot.watch.oncall`."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Shift:
    """A person, by the name of `[[person]]` (or as a calendar calls them), from a moment until another, UTC."""

    person: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Override:
    """Something of the plan that somebody took over, or gave to another: a row of the record.

    Args:
        oncall: the name of the `[[oncall]]`.
        shift: who is on call instead, from when to when.
        by: who said so: `Actor.key`.
    """

    oncall: str
    shift: Shift
    by: str
