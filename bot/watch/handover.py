"""Use case: shifts change hands, by the plan or by what people say, and that is told once with what is open."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import sqlite_utils
import structlog

from bot.contracts.alert import AlertState
from bot.contracts.clock import Clock
from bot.contracts.message import Block, Items, Line, Message, Text
from bot.contracts.model import Actor, Words
from bot.contracts.shift import Override, Shift
from bot.notices.audience import Audience
from bot.notices.compose import Composed, Wording
from bot.store import alerts, events, notices, shifts
from bot.store.database import Database
from bot.store.notices import Notice
from bot.watch import oncall
from bot.watch.duty import Duty
from bot.watch.groups import ShiftGroups
from bot.watch.headlines import headline
from bot.wording.view import View, next_commands

log = structlog.get_logger(__name__)

GONE = Words("there is no such plan any more", "已没有这个值班表")

CHANGED_AGAIN = Words("it changed hands again before it was told", "发送前又换了人")

OPEN_NAMED = 10
"""Alerts that a hand-over note names."""


class HandOvers:
    """Who is on call changes.

    Args:
        database: the record.
        duty: who is on call.
        audience: who hears of it.
        clock: the domain's time.
        groups: the user groups of the plans.
    """

    def __init__(
        self,
        database: Database,
        duty: Duty,
        audience: Audience,
        clock: Clock,
        groups: ShiftGroups,
    ) -> None:
        self._database = database
        self._duty = duty
        self._audience = audience
        self._clock = clock
        self.groups = groups

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"handover": self._note}

    async def work(self) -> bool:
        """Tell the shifts that began since it was told last; returns whether something is owed."""
        now = self._clock.now()
        due = await self._database.read(lambda db: self._changed(db, now))
        if due:
            await self._database.write(lambda db: self._tell(db, now))
        await self.groups.work(now)
        return bool(due)

    async def put(self, taken: Sequence[tuple[str, Shift]], actor: Actor, now: datetime) -> None:
        """People take over, or give away: from now on it is so, and it is told if it is under way.

        Args:
            taken: the plan, and who has it from when to when.
            actor: who says so.
            now: when.
        """

        def store(db: sqlite_utils.Database) -> None:
            for name, shift in taken:
                shifts.add(db, Override(name, shift, actor.key), now)
                data = {"oncall": name, "person": shift.person, "until": shift.end.isoformat()}
                events.append(db, at=now, what="oncall-changed", actor=actor.key, data=data)
            self._tell(db, now)

        await self._database.write(store)
        await self.groups.work(now)

    def _changed(self, db: sqlite_utils.Database, now: datetime) -> list[tuple[str, str | None, Shift | None]]:
        """The plans whose shift is another one than was told: name, who was told, who it is."""
        found: list[tuple[str, str | None, Shift | None]] = []
        for name in self._duty.plans:
            current = self._duty.current(db, name, now)
            before = shifts.told(db, name)
            if before != (current.person if current else ""):
                found.append((name, before, current))
        return found

    def _tell(self, db: sqlite_utils.Database, now: datetime) -> None:
        for name, before, current in self._changed(db, now):
            person = current.person if current else ""
            shifts.tell(db, name, person, now)
            if before is None:  # the first time that anybody looks is no change
                continue
            data = {"oncall": name, "person": person, "before": before}
            events.append(db, at=now, what="oncall-handed-over", actor=events.SYSTEM, data=data)
            number = events.last_id(db)
            places = self._audience.places(db, "alerts", "")
            for place in (*places, *self._duty.directly([person] if person else [], places)):
                key = f"handover:{name}:{number}:{place.key}"
                subject = f"oncall:{name}"
                notices.owe(db, key=key, what="handover", subject=subject, place=place, now=now, data=data)

    def _note(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        name = str(notice.data["oncall"])
        if name not in self._duty.plans:
            return Composed(None, why_not=GONE)
        current = self._duty.current(db, name, view.now)
        if (current.person if current else "") != notice.data["person"]:
            return Composed(None, why_not=CHANGED_AGAIN)
        standing = [alert for alert in alerts.standing(db) if not alert.held]
        lines = tuple(
            (*headline(view, alert), *_who_has(view, alert.acked_by_name, alert.state))
            for alert in standing[:OPEN_NAMED]
        )
        return Composed(note(view, name, str(notice.data["before"]), current, lines, len(standing)), final=True)


def _who_has(view: View, name: str, state: AlertState) -> Line:
    if state is AlertState.ACKNOWLEDGED:
        return view.language.line(" · {who} looks after it", who=name)
    return ()


def note(view: View, name: str, before: str, current: Shift | None, lines: Sequence[Line], count: int) -> Message:
    """The note at a change of shifts: who has it now, until when, and what is open.

    Args:
        view: the reader's.
        name: of the plan.
        before: who had it; empty for nobody.
        current: who has it; none for nobody.
        lines: the alerts that are open or taken.
        count: how many there are.
    """
    language = view.language
    if current is None:
        title = language.line("**On call, {name}: nobody** after {before}", name=name, before=before)
    else:
        who = view.person(current.person)
        until = language.moment(current.end, None, view.now)
        title = language.line("**On call, {name}:** {who} until {until}", name=name, who=who, until=until)
        if before:
            title = (*title, *language.line(", after {before}", before=before))
    blocks: list[Block] = []
    if lines:
        blocks += [
            Text(language.line("Open at the hand-over: {count}", count=language.number(count))),
            Items(tuple(lines)),
        ]
    else:
        blocks.append(Text(language.line("No alert is open.")))
    blocks.append(next_commands(view, "alerts", "oncall"))
    return Message(title=title, blocks=tuple(blocks))


def until_end(shifts_: Sequence[Shift], now: datetime, span: timedelta | None) -> datetime | None:
    """Until when somebody takes over from now on: for a span, or to the end of the shift under way.

    Returns:
        None where no shift is under way and no span was said.
    """
    if span is not None:
        return now + span
    current = oncall.at(shifts_, now)
    return current.end if current else None
