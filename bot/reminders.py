"""Use case: questions that nobody answers are reminded of once, and forgotten after a day.

What is due lies in one index; each step of a question's end is stored with the notice it causes, so that it is told
once, over restarts too. An answer begins the time anew.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial

import sqlite_utils

from bot.dialogue import Filling, Hand, Question
from bot.filling import whose
from bot.ports import Clock
from bot.store import dialogues, notices
from bot.store.database import Database
from bot.store.moments import to_text

REMINDER = "reminder"
FORGOTTEN = "forgotten"


class Reminders:
    """Looks after questions that wait.

    Args:
        database: the record.
        hand: holds the files of dialogues.
        clock: the domain's time.
    """

    def __init__(self, database: Database, hand: Hand, clock: Clock) -> None:
        self._database = database
        self._hand = hand
        self._clock = clock

    async def work(self) -> bool:
        """Remind of what is due, and forget what is over; returns whether anything was."""
        now = self._clock.now()
        if not await self._database.read(partial(dialogues.due, now=now, limit=1)):
            return False
        for over in await self._database.write(partial(_take, now=now)):
            self._hand.drop(whose(over.place, over.actor))
        return True


def _take(db: sqlite_utils.Database, now: datetime) -> tuple[Question, ...]:
    """One step for each question that is due; returns those that are over."""
    over = []
    for asked in dialogues.due(db, now):
        waits = asked.open(now)
        going = _going(db, asked)
        if going:
            _owe(db, asked, min(going), REMINDER if waits else FORGOTTEN, now)
        if going and waits:
            dialogues.put(db, replace(asked, remind_at=None))
        else:
            dialogues.drop(db, asked.place, asked.actor)
            over.append(asked)
    return tuple(over)


def _going(db: sqlite_utils.Database, asked: Question) -> tuple[int, ...]:
    """The requests that it still asks about; none of a question of another sort, which just ends."""
    if asked.data["do"] != "fill":
        return ()
    return tuple(dialogues.still_open(db, Filling.from_json(asked.data)).going.values())


def _owe(db: sqlite_utils.Database, asked: Question, number: int, news: str, now: datetime) -> None:
    place, at = asked.place, to_text(asked.asked_at)
    notices.owe(
        db,
        key=f"{news}:{place.platform}:{place.conversation}:{asked.actor.key}:{at}",
        what="question",
        subject=f"request:{number}",
        place=place,
        now=now,
        data={
            "news": news,
            "filling": asked.data,
            "actor": asked.actor.key,
            "name": asked.actor.name,
            "asked_at": at,
        },
    )
