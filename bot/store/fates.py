"""What became of notices: the table `notices` as `why` reads it. Nothing is changed here."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.contracts.model import Place, Words
from bot.store.moments import maybe_from_text
from bot.store.notices import Notice, of_row

DUE, SENT, FAILED, HELD = "due", "sent", "failed", "held"
"""The states of a notice."""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a notice.

    Args:
        notice: which was owed.
        state: `due`, `sent`, `failed` or `held`.
        reason: why it failed, was held back, told with others, or took more than one try.
        done_at: when it ended; none while it is due.
        message_id: the platform's id of the message, where it was sent.
    """

    notice: Notice
    state: str
    reason: Words
    done_at: datetime | None
    message_id: str


def of_subjects(db: sqlite_utils.Database, subjects: Sequence[str], limit: int) -> tuple[Fate, ...]:
    """The latest notices about any of some things, in the order in which they were owed.

    Args:
        db: the record.
        subjects: `request:17`, `batch:12`, `alert:5`.
        limit: how many at most.
    """
    rows = db.query(
        """SELECT * FROM notices WHERE id IN (
               SELECT id FROM notices INDEXED BY notices_subject
               WHERE subject IN (SELECT value FROM json_each(?)) ORDER BY id DESC LIMIT ?) ORDER BY id""",
        (json.dumps(list(subjects)), limit),
    )
    return tuple(map(_fate, rows))


def of_message(db: sqlite_utils.Database, message_id: str, platform: str = "", limit: int = 1000) -> tuple[Fate, ...]:
    """What one message told, in order.

    Args:
        db: the record.
        message_id: the platform's id of it.
        platform: of which; any when left out.
        limit: how many at most; the card of a thing is one message that many notices changed.
    """
    rows = db.query(
        """SELECT * FROM notices INDEXED BY notices_message
           WHERE message_id = ?1 AND message_id <> '' AND (?2 = '' OR platform = ?2) ORDER BY id LIMIT ?3""",
        (message_id, platform, limit),
    )
    return tuple(map(_fate, rows))


def of_key(db: sqlite_utils.Database, key: str) -> Fate | None:
    """The notice with this key."""
    return next(map(_fate, db.query("SELECT * FROM notices WHERE key = ?", (key,))), None)


def named(db: sqlite_utils.Database, text: str, message_id: str, platform: str) -> tuple[Fate, ...]:
    """The notices that a text names.

    Args:
        db: the record.
        text: a platform's id of a message, or the key of a notice.
        message_id: of the message that the text names in another way; empty for none.
        platform: whose that is.
    """
    found = (of_message(db, message_id, platform) if message_id else ()) or of_message(db, text)
    return found or tuple(filter(None, (of_key(db, text),)))


def last_told(db: sqlite_utils.Database, place: Place) -> str:
    """The id of the message that was sent or changed last in a conversation; empty where none was."""
    row = next(
        db.query(
            """SELECT message_id FROM notices INDEXED BY notices_done WHERE platform = ? AND conversation = ?
               AND state <> 'due' AND message_id <> '' ORDER BY done_at DESC, id DESC LIMIT 1""",
            (place.platform, place.conversation),
        ),
        None,
    )
    return "" if row is None else str(row["message_id"])


def _fate(row: Mapping[str, Any]) -> Fate:
    return Fate(
        notice=of_row(row),
        state=row["state"],
        reason=Words(row["reason"], row["reason_zh"] or row["reason"]),
        done_at=maybe_from_text(row["done_at"]),
        message_id=row["message_id"],
    )
