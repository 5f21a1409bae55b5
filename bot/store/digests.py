"""The table `digests`: since when a conversation hears the daily digest, and what its last one told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

import sqlite_utils

from bot.contracts.model import Place
from bot.store.moments import from_text, to_text


@dataclass(frozen=True, slots=True)
class Told:
    """What a conversation was told.

    Args:
        at: when its last digest was owed; before the first one, since when it hears it.
        upto: the last event that it told of, or that was there then.
        day: of its last digest, where the readers are; none before the first.
    """

    at: datetime
    upto: int
    day: date | None = None


def every(db: sqlite_utils.Database) -> Mapping[Place, Told]:
    """What was told, by conversation; each that hears the digest is there."""
    return {
        Place(row["platform"], row["conversation"]): Told(
            from_text(row["at"]), row["upto"], date.fromisoformat(row["day"]) if row["day"] else None
        )
        for row in db.query("SELECT * FROM digests")
    }


def put(db: sqlite_utils.Database, place: Place, told: Told) -> None:
    """A conversation hears the digest from now on, or is told one."""
    db.execute(
        """INSERT INTO digests (platform, conversation, at, upto, day) VALUES (?, ?, ?, ?, ?)
           ON CONFLICT (platform, conversation) DO UPDATE SET at = excluded.at, upto = excluded.upto, day = excluded.day""",
        (
            place.platform,
            place.conversation,
            to_text(told.at),
            told.upto,
            told.day.isoformat() if told.day else "",
        ),
    )


def end(db: sqlite_utils.Database, place: Place) -> None:
    """A conversation hears the digest no longer."""
    db.execute("DELETE FROM digests WHERE platform = ? AND conversation = ?", (place.platform, place.conversation))
