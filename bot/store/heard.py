"""The table `heard`: deliveries that were dealt with, so that a second one of the same is not, over restarts too."""

from datetime import datetime, timedelta

import sqlite_utils

from bot.store.moments import to_text

KEEP = timedelta(hours=48)
"""Chats deliver again for a day at most (Slack's delayed events: hourly for 24 hours)."""

LATEST = 10_000
"""So many stay whatever their age: a clock that was set forward makes everything old at once."""


def is_new(db: sqlite_utils.Database, origin: str) -> bool:
    """Whether a delivery has not been dealt with."""
    return not any(db.query("SELECT 1 FROM heard WHERE origin = ?", (origin,)))


def remember(db: sqlite_utils.Database, origin: str, now: datetime) -> None:
    """A delivery was dealt with; very old ones are forgotten."""
    db.execute("INSERT OR IGNORE INTO heard VALUES (?, ?)", (origin, to_text(now)))
    db.execute(
        "DELETE FROM heard WHERE at < ? AND rowid <= (SELECT MAX(rowid) FROM heard) - ?", (to_text(now - KEEP), LATEST)
    )
