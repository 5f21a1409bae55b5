"""The table `kept`: short texts and counters that a chat keeps over restarts; never a secret, never a paper."""

from datetime import datetime, timedelta

import sqlite_utils

from bot.store.moments import to_text

KEEP = timedelta(days=62)
"""A month's count is asked for until the month after it; a button's text is rarely asked for after a day."""


def get(db: sqlite_utils.Database, platform: str, key: str) -> str | None:
    """What was kept under a key."""
    row = next(db.query("SELECT text FROM kept WHERE platform = ? AND key = ?", (platform, key)), None)
    return None if row is None else str(row["text"])


def put(db: sqlite_utils.Database, platform: str, key: str, text: str, now: datetime) -> None:
    """Keep a text; very old ones are forgotten."""
    db.execute("INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)", (platform, key, text, to_text(now)))
    db.execute("DELETE FROM kept WHERE at < ?", (to_text(now - KEEP),))


def add(db: sqlite_utils.Database, platform: str, key: str, count: int, now: datetime) -> int:
    """Count under a key; returns the sum so far."""
    total = int(get(db, platform, key) or 0) + count
    put(db, platform, key, str(total), now)
    return total
