"""The table `guided`: what people do in a vendor's console, and when they are next reminded of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlite_utils

from bot.contracts.due import furthest
from bot.store.moments import from_text, to_text


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that somebody is to be reminded of.

    Args:
        request: its number.
        since: when it began to wait as it does now.
        times: how often somebody was reminded since.
        remind_at: the next time.
    """

    request: int
    since: datetime
    times: int
    remind_at: datetime


def put(db: sqlite_utils.Database, waiting: Waiting) -> None:
    """Have somebody reminded; what was planned for this request before is over."""
    db.execute(
        """INSERT INTO guided (request, since, times, remind_at) VALUES (?, ?, ?, ?)
           ON CONFLICT (request) DO UPDATE SET since = excluded.since, times = excluded.times, remind_at = excluded.remind_at""",
        (waiting.request, to_text(waiting.since), waiting.times, to_text(waiting.remind_at)),
    )


def drop(db: sqlite_utils.Database, request: int) -> None:
    """Nobody needs to be reminded of it any more."""
    db.execute("DELETE FROM guided WHERE request = ?", (request,))


def due(db: sqlite_utils.Database, now: datetime, widest: timedelta, limit: int = 100) -> tuple[Waiting, ...]:
    """Those whose time has come, or is planned further ahead than it can have been (`bot.contracts.due`)."""
    rows = db.query(
        "SELECT * FROM guided WHERE remind_at <= ? OR remind_at > ? ORDER BY remind_at LIMIT ?",
        (to_text(now), to_text(furthest(now, widest)), limit),
    )
    return tuple(_waiting(row) for row in rows)


def get(db: sqlite_utils.Database, request: int) -> Waiting | None:
    """What is planned for a request; none where nobody is to be reminded."""
    row = next(db.query("SELECT * FROM guided WHERE request = ?", (request,)), None)
    return None if row is None else _waiting(row)


def _waiting(row: Mapping[str, object]) -> Waiting:
    return Waiting(
        request=int(str(row["request"])),
        since=from_text(str(row["since"])),
        times=int(str(row["times"])),
        remind_at=from_text(str(row["remind_at"])),
    )
