"""Use case: questions that nobody answers are reminded of once, and forgotten after a day.

What is due lies in one index; each step of a question's end is stored with the notice it causes, so that it is told
once, over restarts too. An answer begins the time anew.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

import sqlite_utils

from bot.contracts.clock import Clock
from bot.contracts.due import set_back
from bot.contracts.model import Actor, Question, Words
from bot.desk import questions
from bot.desk.asking import forgotten, reminder
from bot.desk.chats import Chats
from bot.desk.filling import Filling
from bot.desk.held import HeldFiles
from bot.desk.questions import whose
from bot.notices.compose import Composed, Wording
from bot.requests.preparation import Preparation
from bot.store import dialogues, notices
from bot.store.database import Database
from bot.store.moments import to_text
from bot.store.notices import Notice
from bot.wording.view import View

WENT_ON = Words("what it asks about went on without it", "所问的事已继续进行")

ANSWERED = Words("it was answered before it was told", "发送前已回答")

REMINDER = "reminder"

FORGOTTEN = "forgotten"


class Reminders:
    """Looks after questions that wait.

    Args:
        database: the record.
        held: holds the files of dialogues.
        clock: the domain's time.
        preparation: knows the fields that are asked for.
        chats: what each can do.
    """

    def __init__(
        self, database: Database, held: HeldFiles, clock: Clock, preparation: Preparation, chats: Chats
    ) -> None:
        self._database = database
        self._held = held
        self._clock = clock
        self._preparation = preparation
        self._chats = chats

    @property
    def wordings(self) -> Mapping[str, Wording]:
        """Kind of notice → what words it."""
        return {"question": self._said}

    async def work(self) -> bool:
        """Remind of what is due, and forget what is over; returns whether anything was."""
        now = self._clock.now()
        if not await self._database.read(partial(dialogues.due, now=now, limit=1)):
            return False
        for over in await self._database.write(partial(_take, now=now)):
            self._held.drop(whose(over.place, over.actor))
        return True

    def _said(self, db: sqlite_utils.Database, view: View, notice: Notice) -> Composed:
        """What is said of a question that nobody answered; nothing when it was answered meanwhile."""
        filling = questions.still_open(db, Filling.from_json(notice.data["filling"]))
        going = tuple(filling.going)
        if not going or not set(going) <= self._preparation.accounts:
            return Composed(None, why_not=WENT_ON)
        fields = self._preparation.union(filling.kind, going, filling.said_to)
        actor = Actor.of(str(notice.data["actor"]), str(notice.data["name"]))
        if notice.data["news"] == FORGOTTEN:
            return Composed(forgotten(view, filling, actor))
        asked = dialogues.get(db, notice.place, actor)
        if asked is None or to_text(asked.asked_at) != notice.data["asked_at"]:
            return Composed(None, why_not=ANSWERED)
        in_form = self._chats.can(notice.place.platform).forms
        return Composed(reminder(view, filling, asked, fields, in_form=in_form))


def _take(db: sqlite_utils.Database, now: datetime) -> tuple[Question, ...]:
    """One step for each question that is due; returns those that are over."""
    over = []
    for asked in dialogues.due(db, now):
        if set_back(asked.asked_at, now):
            dialogues.put(db, asked.begun_anew(now))
            continue
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
    return tuple(questions.still_open(db, Filling.from_json(asked.data)).going.values())


def _owe(db: sqlite_utils.Database, asked: Question, number: int, news: str, now: datetime) -> None:
    place, at = asked.place, to_text(asked.asked_at)
    notices.owe(
        db,
        key=f"{news}:{place.key}:{asked.actor.key}:{at}",
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
