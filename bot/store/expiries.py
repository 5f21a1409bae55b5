"""The tables `expiries` and `expiring`: when papers at a vendor were looked through last, and what was told of each."""

from datetime import date, datetime

import sqlite_utils

from bot.store.moments import from_text, to_text


def next_look(db: sqlite_utils.Database, account: str) -> datetime | None:
    """When an account's papers are looked through next; none where nobody has planned it."""
    row = next(db.query("SELECT next_at FROM expiries WHERE account = ?", (account,)), None)
    return None if row is None else from_text(str(row["next_at"]))


def plan(db: sqlite_utils.Database, account: str, at: datetime) -> None:
    """When they are looked through next."""
    db.execute(
        "INSERT INTO expiries (account, next_at) VALUES (?, ?) ON CONFLICT (account) DO UPDATE SET next_at = excluded.next_at",
        (account, to_text(at)),
    )


def tell_once(db: sqlite_utils.Database, account: str, ref: str, until: date, days: int) -> bool:
    """Remember that of this paper, with this end, so few days were told; returns whether that was not told before."""
    cursor = db.execute(
        "INSERT INTO expiring (account, ref, until, days) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (account, ref, until.isoformat(), days),
    )
    return cursor.rowcount > 0
