"""The table `samples`: what the quota was, and when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import sqlite_utils

from bot.contracts.vendor import Measure, Reading
from bot.store.moments import from_text, maybe_from_text, maybe_text, to_text


@dataclass(frozen=True, slots=True)
class Sample:
    """One reading at one time."""

    at: datetime
    account: str
    reading: Reading


def add(db: sqlite_utils.Database, account: str, readings: Iterable[Reading], now: datetime) -> None:
    """Keep one round of readings of an account."""
    for reading in readings:
        db.execute(
            """INSERT INTO samples (at, account, subject, measure, remaining, total, unit, expires_at, estimated, sort)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                to_text(now),
                account,
                reading.subject,
                reading.measure,
                str(reading.remaining),
                None if reading.total is None else str(reading.total),
                reading.unit,
                maybe_text(reading.expires_at),
                int(reading.estimated),
                reading.sort,
            ),
        )


def latest(db: sqlite_utils.Database, account: str) -> tuple[Sample, ...]:
    """The last round of readings of an account, as they were kept, whatever the clock said; empty before the first."""
    rows = db.query(
        """SELECT * FROM samples WHERE account = :account AND at =
               (SELECT at FROM samples NOT INDEXED WHERE account = :account ORDER BY id DESC LIMIT 1)""",
        {"account": account},
    )
    return tuple(_sample(row) for row in rows)


def rounds(db: sqlite_utils.Database, account: str, start: datetime, end: datetime) -> dict[datetime, list[Reading]]:
    """When an account was read in a time, both ends included → what was read then."""
    found: dict[datetime, list[Reading]] = {}
    for one in since(db, account, start):
        if one.at <= end:
            found.setdefault(one.at, []).append(one.reading)
    return found


def since(db: sqlite_utils.Database, account: str, start: datetime) -> tuple[Sample, ...]:
    """All readings of an account from a time on, oldest first."""
    rows = db.query("SELECT * FROM samples WHERE account = ? AND at >= ? ORDER BY id", (account, to_text(start)))
    return tuple(_sample(row) for row in rows)


DAILY_AFTER = timedelta(days=60)
"""Older readings are kept once a day, the day's last: enough to see how a package went."""


def thin(db: sqlite_utils.Database, now: datetime) -> None:
    """Of old readings keep the last one of each day and subject."""
    db.execute(
        """DELETE FROM samples WHERE at < :old AND id NOT IN (
               SELECT MAX(id) FROM samples WHERE at < :old GROUP BY account, subject, measure, substr(at, 1, 10))""",
        {"old": to_text(now - DAILY_AFTER)},
    )


def _sample(row: Mapping[str, Any]) -> Sample:
    reading = Reading(
        subject=row["subject"],
        measure=Measure(row["measure"]),
        remaining=Decimal(row["remaining"]),
        total=None if row["total"] is None else Decimal(row["total"]),
        unit=row["unit"],
        expires_at=maybe_from_text(row["expires_at"]),
        estimated=bool(row["estimated"]),
        sort=row["sort"],
    )
    return Sample(at=from_text(row["at"]), account=row["account"], reading=reading)
