"""The table `dialogues`: what the bot is asking whom, so that a dialogue survives a restart. Never holds a paper."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.due import furthest
from bot.contracts.model import Actor, Place, Question
from bot.store.moments import from_text, to_text

_DRAWS = ((4, 50), (5, 50), (6, 1000))
"""Digits of a code → how often one is drawn before a digit more is taken."""


def put(db: sqlite_utils.Database, question: Question, draw: Callable[[int], str] | None = None) -> Question:
    """Keep what one person is being asked in one conversation; a new question replaces the old one.

    Args:
        db: the record.
        question: with the code it has so far.
        draw: makes a code of so many digits, where one is wanted and there is none yet.

    Returns:
        The question with its code, which no other open question has.
    """
    drop(db, question.place, question.actor)
    if draw is not None and not question.code:
        question = replace(question, code=_unused(db, draw), wrong=0)
    place, actor = question.place, question.actor
    db.execute(
        """INSERT INTO dialogues (platform, conversation, thread, user, name, data, updated_at, expires_at, due_at,
                                  code, wrong, files_from)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            place.platform,
            place.conversation,
            place.thread,
            actor.key,
            actor.name or actor.user,
            json.dumps(dict(question.data), ensure_ascii=False),
            to_text(question.asked_at),
            to_text(question.expires_at),
            to_text(min(question.remind_at or question.expires_at, question.expires_at)),
            question.code,
            question.wrong,
            question.files_from,
        ),
    )
    return question


def get(db: sqlite_utils.Database, place: Place, actor: Actor) -> Question | None:
    """What this person is being asked here; none when nothing."""
    rows = db.query(
        "SELECT * FROM dialogues WHERE platform = ? AND conversation = ? AND user = ?",
        (place.platform, place.conversation, actor.key),
    )
    return next(map(_question, rows), None)


def due(db: sqlite_utils.Database, now: datetime, limit: int = 100) -> tuple[Question, ...]:
    """The questions that are to be reminded of or forgotten now, the one that waits longest first.

    And those that were asked later than now, whose time begins anew (`Question.begun_anew`).
    """
    rows = db.query(
        "SELECT * FROM dialogues WHERE due_at <= ? OR updated_at > ? ORDER BY due_at LIMIT ?",
        (to_text(now), to_text(furthest(now, timedelta(0))), limit),
    )
    return tuple(map(_question, rows))


def with_codes(db: sqlite_utils.Database, now: datetime) -> tuple[Question, ...]:
    """The open questions for which a file may be handed in elsewhere."""
    rows = db.query("SELECT * FROM dialogues WHERE code <> '' AND expires_at > ? ORDER BY updated_at", (to_text(now),))
    return tuple(map(_question, rows))


def wrong_code(db: sqlite_utils.Database, question: Question, most: int) -> None:
    """A wrong code was sent; after so many the right one holds no longer."""
    now = get(db, question.place, question.actor)
    if now is not None:
        put(db, replace(now, wrong=now.wrong + 1, code=now.code if now.wrong + 1 < most else ""))


def files_come_from(db: sqlite_utils.Database, question: Question, place: Place) -> None:
    """The code was said in this 1:1 conversation: what is sent there next without one is for this question."""
    here = place.key
    db.execute("UPDATE dialogues SET files_from = '' WHERE files_from = ?", (here,))
    now = get(db, question.place, question.actor)
    if now is not None:
        put(db, replace(now, files_from=here))


def drop(db: sqlite_utils.Database, place: Place, actor: Actor) -> None:
    """The question is answered or given up."""
    db.execute(
        "DELETE FROM dialogues WHERE platform = ? AND conversation = ? AND user = ?",
        (place.platform, place.conversation, actor.key),
    )


def _unused(db: sqlite_utils.Database, draw: Callable[[int], str]) -> str:
    for digits, times in _DRAWS:
        for _ in range(times):
            code = draw(digits)
            if not any(db.query("SELECT 1 FROM dialogues WHERE code = ?", (code,))):
                return code
    raise LookupError("every code is in use")


def _question(row: Mapping[str, Any]) -> Question:
    expires_at, due_at = from_text(row["expires_at"]), from_text(row["due_at"])
    return Question(
        place=Place(row["platform"], row["conversation"], row["thread"]),
        actor=Actor.of(row["user"], row["name"]),
        data=json.loads(row["data"]),
        asked_at=from_text(row["updated_at"]),
        expires_at=expires_at,
        remind_at=due_at if due_at < expires_at else None,
        code=row["code"],
        wrong=row["wrong"],
        files_from=row["files_from"],
    )
