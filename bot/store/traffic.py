"""The table `traffic`: what was sent in each hour and day, and what became of it, as the vendor last said."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.traffic import DAY, HOUR, Counts, Split, Tally
from bot.store.moments import from_text, to_text

HOURS_FOR = timedelta(days=70)
"""How long hours are kept: ten of each weekday. Their days stay."""

SPLITS_FOR = timedelta(days=400)
"""How long days told apart are kept: a year and what it is compared with. Whole days stay for good, one row each."""


@dataclass(frozen=True, slots=True)
class Told:
    """A tally, and when the vendor said so."""

    tally: Tally
    at: datetime


def put(db: sqlite_utils.Database, account: str, tallies: Iterable[Tally], now: datetime) -> None:
    """Keep figures; what the vendor said of the same span before is replaced, for it corrects itself."""
    for tally in tallies:
        counts = tally.counts
        db.execute(
            """INSERT OR REPLACE INTO traffic
                   (account, minutes, by, start, key, delivered, failed, waiting, refused, parts, codes, at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                account,
                int(tally.span.total_seconds()) // 60,
                tally.by,
                to_text(tally.start),
                tally.key,
                counts.delivered,
                counts.failed,
                counts.waiting,
                counts.refused,
                counts.parts,
                json.dumps(dict(counts.codes), ensure_ascii=False, sort_keys=True),
                to_text(now),
            ),
        )


def add(db: sqlite_utils.Database, account: str, tallies: Iterable[Tally], now: datetime) -> None:
    """Add to what is kept of the same spans."""
    for tally in tallies:
        before = between(db, account, tally.start, tally.start, span=tally.span, by=tally.by, key=tally.key)
        counts = sum((one.tally.counts for one in before), start=tally.counts)
        put(db, account, (Tally(tally.start, tally.span, counts, tally.by, tally.key),), now)


def between(
    db: sqlite_utils.Database,
    account: str,
    first: datetime,
    last: datetime,
    *,
    span: timedelta = DAY,
    by: Split = Split.DAY,
    key: str | None = None,
) -> tuple[Told, ...]:
    """What is kept of the spans that begin in a time, both ends included, oldest first.

    Args:
        db: the record.
        account: whose.
        first: aware.
        last: aware.
        span: `DAY` or `HOUR`.
        by: what they are told apart by.
        key: only this one; all when left out.
    """
    rows = db.query(
        """SELECT * FROM traffic WHERE account = :account AND minutes = :minutes AND by = :by
               AND start >= :first AND start <= :last AND (:key IS NULL OR key = :key) ORDER BY start, key""",
        {
            "account": account,
            "minutes": int(span.total_seconds()) // 60,
            "by": by,
            "first": to_text(first),
            "last": to_text(last),
            "key": key,
        },
    )
    return tuple(_told(row) for row in rows)


def last_look(db: sqlite_utils.Database, account: str) -> datetime | None:
    """When the newest whole day was last asked for; none before the first look."""
    rows = db.query(
        "SELECT at FROM traffic WHERE account = ? AND minutes = 1440 AND by = 'day' ORDER BY start DESC LIMIT 1",
        (account,),
    )
    return next((from_text(row["at"]) for row in rows), None)


def thin(db: sqlite_utils.Database, now: datetime) -> None:
    """Forget hours and days told apart that are too old to be asked for."""
    db.execute(
        "DELETE FROM traffic WHERE minutes = ? AND start < ?",
        (int(HOUR.total_seconds()) // 60, to_text(now - HOURS_FOR)),
    )
    db.execute("DELETE FROM traffic WHERE by <> 'day' AND start < ?", (to_text(now - SPLITS_FOR),))


def _told(row: Mapping[str, Any]) -> Told:
    counts = Counts(
        delivered=row["delivered"],
        failed=row["failed"],
        waiting=row["waiting"],
        refused=row["refused"],
        parts=row["parts"],
        codes=json.loads(row["codes"]),
    )
    tally = Tally(from_text(row["start"]), timedelta(minutes=row["minutes"]), counts, Split(row["by"]), row["key"])
    return Told(tally, from_text(row["at"]))
