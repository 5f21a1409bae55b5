"""The table `notices`: messages owed to conversations, and which platform message shows which thing.

A notice is owed in the transaction that causes it, under a unique key; it is claimed with a lease, so that a crash
frees it; order within a conversation is kept, for only the oldest one due of each conversation can be claimed.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.due import furthest
from bot.contracts.model import Place
from bot.store.moments import from_text, to_text


@dataclass(frozen=True, slots=True)
class Notice:
    """One message owed to one conversation.

    Args:
        key: unique; the same notice is owed once.
        what: `card` (post or refresh the thing's card), `news` (in the card's thread), `alert`.
        subject: `batch:12`, `request:17`, `alert:5`.
        data: what it will say, as of when it was owed.
    """

    id: int
    key: str
    what: str
    subject: str
    place: Place
    data: Mapping[str, Any]
    attempts: int
    created_at: datetime


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
) -> None:
    """Owe a notice, once for each key.

    Args:
        due_at: not before; at once when left out.
    """
    db.execute(
        """INSERT INTO notices (key, what, subject, platform, conversation, thread, data, state, due_at, created_at)
           VALUES (?, ?, ?, ?, ?, ?, ?, 'due', ?, ?) ON CONFLICT (key) DO NOTHING""",
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


def last_owed(db: sqlite_utils.Database, what: str, subject: str, place: Place) -> datetime | None:
    """When a conversation was last owed a notice of this kind about a thing, whatever became of it; none where never."""
    row = next(
        db.query(
            """SELECT created_at FROM notices WHERE subject = ? AND what = ? AND platform = ? AND conversation = ?
               ORDER BY id DESC LIMIT 1""",
            (subject, what, place.platform, place.conversation),
        ),
        None,
    )
    return None if row is None else from_text(row["created_at"])


def of_subject(db: sqlite_utils.Database, subject: str, what: str) -> tuple[Notice, ...]:
    """Every notice of one kind about a thing, whatever became of it, in the order in which they were owed."""
    return tuple(
        _notice(row)
        for row in db.query("SELECT * FROM notices WHERE subject = ? AND what = ? ORDER BY id", (subject, what))
    )


FIRST_WITHIN = timedelta(minutes=1)
"""What is owed waits no longer than this for its first try (a batch's first card a few seconds)."""

LONGEST_ASKED = timedelta(hours=1)
"""A chat that asks for a longer pause is asked again nevertheless: it only says the same once more."""


@dataclass(frozen=True, slots=True)
class Widest:
    """How far ahead a try can be planned at most (`bot.contracts.due`).

    Args:
        first: the first one, after the notice was owed.
        again: the next one, after one that failed.
    """

    first: timedelta = FIRST_WITHIN
    again: timedelta = LONGEST_ASKED


USUAL = Widest()

_COME = "(due_at <= :now OR due_at > CASE attempts WHEN 0 THEN :first ELSE :again END)"


def _moments(now: datetime, widest: Widest) -> dict[str, str]:
    return {
        "now": to_text(now),
        "first": to_text(furthest(now, widest.first)),
        "again": to_text(furthest(now, widest.again)),
    }


def claim(
    db: sqlite_utils.Database,
    platforms: Sequence[str],
    now: datetime,
    lease: timedelta,
    limit: int = 20,
    *,
    widest: Widest = USUAL,
    under_way: Iterable[int] = (),
) -> tuple[Notice, ...]:
    """Take the oldest due notice of each conversation, if its time has come and nobody else holds it.

    Args:
        platforms: the chats that are there; what is owed to another one waits until it is (the terminal, say).
        lease: how long it stays ours; after that it is free again.
        limit: how many conversations at once.
        widest: how far ahead a try can be planned.
        under_way: notices that are being delivered now, which no clock makes free.
    """
    rows = list(
        db.query(
            f"""SELECT * FROM notices WHERE id IN (
                   SELECT MIN(id) FROM notices WHERE state = 'due' GROUP BY platform, conversation)
               AND platform IN (SELECT value FROM json_each(:platforms))
               AND id NOT IN (SELECT value FROM json_each(:under_way))
               AND {_COME} AND (lease_until IS NULL OR lease_until <= :now OR lease_until > :leased)
               ORDER BY id LIMIT :limit""",  # noqa: S608 - our own text
            {
                **_moments(now, widest),
                "leased": to_text(furthest(now, lease)),
                "limit": limit,
                "platforms": json.dumps(list(platforms)),
                "under_way": json.dumps(list(under_way)),
            },
        )
    )
    for row in rows:
        db.execute(
            "UPDATE notices SET lease_until = ?, attempts = attempts + 1 WHERE id = ?",
            (to_text(now + lease), row["id"]),
        )
    return tuple(_notice(row) for row in rows)


def release(db: sqlite_utils.Database) -> None:
    """Free what an ended process held; only whoever has the record to themselves may say so."""
    db.execute("UPDATE notices SET lease_until = NULL WHERE lease_until IS NOT NULL")


def next_due(db: sqlite_utils.Database) -> datetime | None:
    """When the next owed notice is due; none when nothing is owed."""
    row = next(db.query("SELECT MIN(due_at) AS at FROM notices WHERE state = 'due'"))
    return None if row["at"] is None else from_text(row["at"])


def waiting(db: sqlite_utils.Database, place: Place, now: datetime, widest: Widest = USUAL) -> int:
    """How many notices a conversation is owed whose time has come."""
    row = next(
        db.query(
            f"""SELECT COUNT(*) AS n FROM notices WHERE state = 'due' AND {_COME}
               AND platform = :platform AND conversation = :conversation""",  # noqa: S608 - our own text
            {**_moments(now, widest), "platform": place.platform, "conversation": place.conversation},
        )
    )
    return int(row["n"])


def finish(
    db: sqlite_utils.Database, notice: Notice, state: str, *, now: datetime, reason: str = "", message_id: str = ""
) -> None:
    """Record how a notice ended: `sent`, `failed` or `held`, with its one reason."""
    db.execute(
        "UPDATE notices SET state = ?, reason = ?, message_id = ?, done_at = ?, lease_until = NULL WHERE id = ?",
        (state, reason, message_id, to_text(now), notice.id),
    )


def postpone(db: sqlite_utils.Database, notice: Notice, until: datetime, reason: str) -> None:
    """Give a notice back to be tried again later; the conversation's later notices wait behind it.

    One that is owed since later than that is owed since then: the clock was set back, and its age begins anew.
    """
    db.execute(
        "UPDATE notices SET due_at = ?, lease_until = NULL, reason = ?, created_at = MIN(created_at, ?) WHERE id = ?",
        (to_text(until), reason, to_text(until), notice.id),
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


def fails_already(db: sqlite_utils.Database, notice: Notice) -> bool:
    """Whether the last notice of this conversation that ended before this one was not delivered either.

    They end in the order of their numbers, whatever the clock says.
    """
    row = next(
        db.query(
            """SELECT state FROM notices WHERE platform = ? AND conversation = ? AND id <> ?
               AND state IN ('sent', 'failed') ORDER BY id DESC LIMIT 1""",
            (notice.place.platform, notice.place.conversation, notice.id),
        ),
        None,
    )
    return row is not None and row["state"] == "failed"


def counts(db: sqlite_utils.Database) -> dict[str, int]:
    """How many notices are in each state; kept with the writes, so it costs nothing to ask."""
    return {row["state"]: row["n"] for row in db.query("SELECT state, n FROM tallies WHERE n > 0")}


def _notice(row: Mapping[str, Any]) -> Notice:
    return Notice(
        id=row["id"],
        key=row["key"],
        what=row["what"],
        subject=row["subject"],
        place=Place(row["platform"], row["conversation"], row["thread"]),
        data=json.loads(row["data"]),
        attempts=row["attempts"],
        created_at=from_text(row["created_at"]),
    )
