"""The table `notices`: messages owed to conversations, and which platform message shows which thing.

A notice is owed in the transaction that causes it, under a unique key; how one is taken to be told is in `claims`.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.contracts.model import Place, Words
from bot.store.moments import from_text, maybe_from_text, to_text


@dataclass(frozen=True, slots=True)
class Notice:
    """One message owed to one conversation.

    Args:
        key: unique; the same notice is owed once.
        what: `card` (post or refresh the thing's card), `news` (in the card's thread), `alert`.
        subject: `batch:12`, `request:17`, `alert:5`.
        data: what it will say, as of when it was owed.
        merged: key of the message that it is told in with others; empty where it is told alone.
        urgency: how soon it is told, see `URGENT`.
    """

    id: int
    key: str
    what: str
    subject: str
    place: Place
    data: Mapping[str, Any]
    attempts: int
    created_at: datetime
    merged: str = ""
    urgency: int = 1


NO_REASON = Words("", "")

URGENT, USUALLY, IN_TIME, LAST = 0, 1, 2, 3
"""How soon a notice is told: somebody is wanted now, what people should know, what can wait behind it, and what waits on
purpose, behind which nothing else may wait."""


def owe(
    db: sqlite_utils.Database,
    *,
    key: str,
    what: str,
    subject: str,
    place: Place,
    now: datetime,
    data: Mapping[str, Any] | None = None,
    due_at: datetime | None = None,
    urgency: int = USUALLY,
) -> None:
    """Owe a notice, once for each key.

    Args:
        due_at: not before; at once when left out.
        urgency: the lower, the sooner; what the conversation is owed about the same thing goes before it nevertheless.
    """
    # What is owed about the same thing is as urgent now, so that it waits for no later try; the chat knows its own limits.
    db.execute(
        """UPDATE notices SET urgency = ?1, due_at = MIN(due_at, ?5)
           WHERE subject = ?2 AND platform = ?3 AND conversation = ?4 AND state = 'due' AND urgency > ?1""",
        (urgency, subject, place.platform, place.conversation, to_text(now)),
    )
    db.execute(
        """INSERT INTO notices (
               key, what, subject, platform, conversation, thread, data, state, due_at, created_at, urgency)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'due', ?, ?, ?) ON CONFLICT (key) DO NOTHING""",
        (
            key,
            what,
            subject,
            place.platform,
            place.conversation,
            place.thread,
            json.dumps(data or {}, ensure_ascii=False),
            to_text(due_at or now),
            to_text(now),
            urgency,
        ),
    )


def hasten(db: sqlite_utils.Database, subject: str, what: str, now: datetime) -> None:
    """Make notices of one kind about a thing that were to wait for their first try due now, wherever they go."""
    db.execute(
        """UPDATE notices SET due_at = ? WHERE subject = ? AND what = ? AND state = 'due' AND attempts = 0
           AND due_at > ?""",
        (to_text(now), subject, what, to_text(now)),
    )


def was_owed(db: sqlite_utils.Database, key: str) -> bool:
    """Whether a notice was ever owed, whatever became of it."""
    return any(db.query("SELECT 1 FROM notices WHERE key = ?", (key,)))


def is_due(db: sqlite_utils.Database, key: str) -> bool:
    """Whether a notice is still owed, and not on its way: what is on its way says what was known when it was claimed."""
    return any(db.query("SELECT 1 FROM notices WHERE key = ? AND state = 'due' AND lease_until IS NULL", (key,)))


def is_coming(db: sqlite_utils.Database, what: str, subject: str, place: Place, happened: str = "") -> bool:
    """Whether a conversation is still owed a notice of this kind about a thing, which nobody has begun to deliver.

    It is worded when it is delivered, so another one would say nothing new.

    Args:
        happened: only one that says that this happened.
    """
    return any(
        db.query(
            """SELECT 1 FROM notices WHERE subject = ? AND what = ? AND platform = ? AND conversation = ?
               AND state = 'due' AND lease_until IS NULL AND (? = '' OR data ->> 'what' = ?)""",
            (subject, what, place.platform, place.conversation, happened, happened),
        )
    )


def is_on_its_way(db: sqlite_utils.Database, what: str, subject: str, place: Place) -> bool:
    """Whether a notice of this kind about a thing is being delivered to a conversation, with what was known before."""
    return any(
        db.query(
            """SELECT 1 FROM notices WHERE subject = ? AND what = ? AND platform = ? AND conversation = ?
               AND state = 'due' AND lease_until IS NOT NULL""",
            (subject, what, place.platform, place.conversation),
        )
    )


def last_owed(db: sqlite_utils.Database, what: str, subject: str, place: Place, happened: str = "") -> datetime | None:
    """When a conversation was last owed a notice of this kind about a thing, whatever became of it; none where never.

    Args:
        happened: only one that says that this happened.
    """
    row = next(
        db.query(
            """SELECT created_at FROM notices WHERE subject = ? AND what = ? AND platform = ? AND conversation = ?
               AND (? = '' OR data ->> 'what' = ?) ORDER BY id DESC LIMIT 1""",
            (subject, what, place.platform, place.conversation, happened, happened),
        ),
        None,
    )
    return None if row is None else from_text(row["created_at"])


def of_subject(db: sqlite_utils.Database, subject: str, what: str) -> tuple[Notice, ...]:
    """Every notice of one kind about a thing, whatever became of it, in the order in which they were owed."""
    return tuple(
        of_row(row)
        for row in db.query("SELECT * FROM notices WHERE subject = ? AND what = ? ORDER BY id", (subject, what))
    )


def finish(
    db: sqlite_utils.Database,
    notice: Notice,
    state: str,
    *,
    now: datetime,
    reason: Words = NO_REASON,
    message_id: str = "",
) -> None:
    """Record how a notice ended: `sent`, `failed` or `held`, with its one reason.

    What was sent without one keeps why the last try before it failed: that is why it took so long.
    """
    db.execute(
        """UPDATE notices SET state = ?, message_id = ?, done_at = ?, lease_until = NULL,
           reason = CASE ? WHEN '' THEN reason ELSE ? END, reason_zh = CASE ? WHEN '' THEN reason_zh ELSE ? END
           WHERE id = ?""",
        (state, message_id, to_text(now), reason.en, reason.en, reason.en, reason.zh, notice.id),
    )
    if state == "sent":
        place = (notice.place.platform, notice.place.conversation)
        db.execute("DELETE FROM shut WHERE platform = ? AND conversation IN (?, '')", place)


def postpone(db: sqlite_utils.Database, notice: Notice, until: datetime, reason: Words) -> None:
    """Give a notice back to be tried again later; the conversation's later notices wait behind it.

    One that is owed since later than that is owed since then: the clock was set back, and its age begins anew.
    """
    db.execute(
        """UPDATE notices SET due_at = ?, lease_until = NULL, reason = ?, reason_zh = ?,
           created_at = MIN(created_at, ?) WHERE id = ?""",
        (to_text(until), reason.en, reason.zh, to_text(until), notice.id),
    )


def remember_message(db: sqlite_utils.Database, place: Place, subject: str, message_id: str) -> None:
    """Remember which platform message is the card of a thing in a conversation; the first one stays."""
    db.execute(
        "INSERT INTO messages VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (place.platform, place.conversation, subject, message_id),
    )


def message_of(db: sqlite_utils.Database, place: Place, subject: str) -> str | None:
    """The platform message that is the card of a thing in a conversation."""
    row = next(
        db.query(
            "SELECT message_id FROM messages WHERE platform = ? AND conversation = ? AND subject = ?",
            (place.platform, place.conversation, subject),
        ),
        None,
    )
    return None if row is None else str(row["message_id"])


def next_about(db: sqlite_utils.Database, notice: Notice) -> Notice | None:
    """The notice of the same kind about the same thing that the same conversation is owed next; none where none is."""
    row = next(
        db.query(
            """SELECT * FROM notices INDEXED BY notices_subject
               WHERE subject = ? AND id > ? AND what = ? AND platform = ? AND conversation = ? ORDER BY id LIMIT 1""",
            (notice.subject, notice.id, notice.what, notice.place.platform, notice.place.conversation),
        ),
        None,
    )
    return None if row is None else of_row(row)


def owed_in(db: sqlite_utils.Database, subject: str, what: str) -> tuple[Place, ...]:
    """The conversations that were ever owed a notice of one kind about a thing."""
    rows = db.query(
        "SELECT DISTINCT platform, conversation FROM notices WHERE subject = ? AND what = ?", (subject, what)
    )
    return tuple(Place(row["platform"], row["conversation"]) for row in rows)


def shown_in(db: sqlite_utils.Database, place: Place, message_id: str) -> str | None:
    """The thing whose card a platform message is: `message_of` the other way round."""
    row = next(
        db.query(
            "SELECT subject FROM messages WHERE platform = ? AND conversation = ? AND message_id = ?",
            (place.platform, place.conversation, message_id),
        ),
        None,
    )
    return None if row is None else str(row["subject"])


def shut(db: sqlite_utils.Database, place: Place) -> bool:
    """A conversation did not take a notice for good; without an id, its chat takes none from this app for now.

    Returns:
        Whether that is new: it took something before, or never had anything.
    """
    added = db.execute("INSERT INTO shut VALUES (?, ?) ON CONFLICT DO NOTHING", (place.platform, place.conversation))
    return added.rowcount > 0


def counts(db: sqlite_utils.Database) -> dict[str, int]:
    """How many notices are in each state; kept with the writes, so it costs nothing to ask."""
    return {row["state"]: row["n"] for row in db.query("SELECT state, n FROM tallies WHERE n > 0")}


def oldest_due(db: sqlite_utils.Database) -> datetime | None:
    """Since when the notice is owed that waits for longest; none where nothing is owed."""
    row = next(db.query("SELECT MIN(created_at) AS at FROM notices INDEXED BY notices_due WHERE state = 'due'"))
    return maybe_from_text(row["at"])


def of_row(row: Mapping[str, Any]) -> Notice:
    """A notice as its row has it."""
    return Notice(
        id=row["id"],
        key=row["key"],
        what=row["what"],
        subject=row["subject"],
        place=Place(row["platform"], row["conversation"], row["thread"]),
        data=json.loads(row["data"]),
        attempts=row["attempts"],
        created_at=from_text(row["created_at"]),
        merged=row["merged"],
        urgency=row["urgency"],
    )
