"""Who is on call: the configured plans, the calendars, and what people took over, as of a moment of the record."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo

import sqlite_utils

from bot.contracts.fields import fold
from bot.contracts.model import Place, Role
from bot.contracts.settings import Oncall, Person
from bot.contracts.shift import Shift
from bot.store import shifts
from bot.watch import escalation, oncall
from bot.watch.escalation import Ladder
from bot.watch.oncall import AHEAD, Rotation

Planned = Callable[[str, datetime, datetime], Sequence[Shift]]
"""The shifts of a calendar in a span of time: its `[[oncall]]` name, from, to."""

Reach = Callable[[str, str], Place | None]
"""Platform and user id → the one to one conversation with them; none where they cannot be written to."""


def nobody_planned(_name: str, _since: datetime, _until: datetime) -> Sequence[Shift]:
    """No calendar."""
    return ()


def unreachable(_platform: str, _user: str) -> None:
    """No chat."""


class Duty:
    """Who is on call, and who is behind the targets of escalations.

    Args:
        oncalls: the configured plans.
        people: the configured people.
        steps: whom alerts call.
        zone: by whose clocks, where a plan says nothing else.
        planned: what calendars have.
        reach: how people are written to one to one.
    """

    def __init__(
        self,
        oncalls: Iterable[Oncall] = (),
        people: Iterable[Person] = (),
        steps: Ladder = (),
        *,
        zone: tzinfo,
        planned: Planned = nobody_planned,
        reach: Reach = unreachable,
    ) -> None:
        self.plans: Mapping[str, Oncall] = {one.name: one for one in oncalls}
        self.people = tuple(people)
        self.steps = steps
        self._zone = zone
        self._planned = planned
        self._reach = reach

    def shifts(self, db: sqlite_utils.Database, name: str, since: datetime, until: datetime) -> tuple[Shift, ...]:
        """The schedule of a plan in a span of time, with what was taken over."""
        plan = self.plans[name]
        if plan.ics:
            planned = tuple(self._planned(name, since, until))
        else:
            zone = plan.timezone or self._zone
            rotation = Rotation(plan.rotation, plan.start or since, plan.every, zone)
            planned = oncall.turns(rotation, since, until)
        return oncall.schedule(planned, shifts.of(db, name, since), since, until)

    def current(self, db: sqlite_utils.Database, name: str, now: datetime) -> Shift | None:
        """Who is on call now, and until when."""
        return oncall.at(self.shifts(db, name, now - timedelta(days=1), now + AHEAD), now)

    def next(self, db: sqlite_utils.Database, name: str, now: datetime) -> Shift | None:
        """The next shift of somebody else."""
        return oncall.following(self.shifts(db, name, now - timedelta(days=1), now + AHEAD), now)

    def called(self, db: sqlite_utils.Database, targets: Iterable[str], now: datetime) -> tuple[str, ...]:
        """The people behind targets of escalations, by name, each once."""
        names: list[str] = []
        for target in targets:
            kind, _, name = target.partition(":")
            match kind:
                case "person":
                    names.append(name)
                case "oncall" | "next" if name in self.plans:
                    shift = self.current(db, name, now) if kind == "oncall" else self.next(db, name, now)
                    names += [shift.person] if shift else []
                case "all":
                    names += [one.name for one in self.people if one.role >= Role.RESPONDER]
                case _:  # `conversation`: no person, and the conversations are told in any case
                    pass
        return tuple(dict.fromkeys(names))

    def called_for(self, db: sqlite_utils.Database, rungs: tuple[int, int], now: datetime) -> tuple[str, ...]:
        """The people whom the rungs of the ladder from one to before another call."""
        return self.called(db, escalation.targets(self.steps, *rungs), now)

    def person(self, name: str) -> Person | None:
        """Who in `[[person]]` is called so; case does not count, for calendars write names as they like."""
        return next((one for one in self.people if fold(one.name) == fold(name)), None)

    def directly(self, names: Iterable[str], told: Sequence[Place]) -> tuple[Place, ...]:
        """Where people are written to one to one whom no mention reaches in the conversations that are told."""
        platforms = {place.platform for place in told}
        found: list[Place] = []
        for person in filter(None, map(self.person, names)):
            if any(person.id_on(platform) for platform in platforms):
                continue
            places = (self._reach(*key.split(":", 1)) for key in person.keys)
            found += [place for place in places if place is not None][:1]
        return tuple(found)
