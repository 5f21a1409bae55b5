"""The table `watchers`: who wants to hear of a thing one to one, beside the conversations that hear of it."""

from datetime import datetime

import sqlite_utils

from bot.store.moments import to_text


def add(db: sqlite_utils.Database, subject: str, who: str, name: str, now: datetime) -> bool:
    """Somebody watches a thing from now on.

    Args:
        subject: `request:17`, `alert:5`.
        who: `Actor.key`.
        name: for display.

    Returns:
        Whether they did not before.
    """
    cursor = db.execute(
        "INSERT INTO watchers (subject, who, name, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (subject, who, name, to_text(now)),
    )
    return cursor.rowcount > 0


def remove(db: sqlite_utils.Database, subject: str, who: str) -> bool:
    """Somebody watches it no longer; returns whether they did."""
    return db.execute("DELETE FROM watchers WHERE subject = ? AND who = ?", (subject, who)).rowcount > 0


def of(db: sqlite_utils.Database, subject: str) -> tuple[str, ...]:
    """Who watches a thing (`Actor.key`), in the order in which they began."""
    rows = db.query("SELECT who FROM watchers WHERE subject = ? ORDER BY rowid", (subject,))
    return tuple(str(row["who"]) for row in rows)
