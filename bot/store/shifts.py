"""The tables `shifts` and `handovers`: what people took over from the plan of who is on call, and who was told last."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.contracts.shift import Override, Shift
from bot.store.moments import from_text, to_text


def add(db: sqlite_utils.Database, override: Override, now: datetime) -> None:
    """Somebody takes over; a later row goes before an earlier one."""
    db.execute(
        "INSERT INTO shifts (oncall, person, start_at, end_at, by, at) VALUES (?, ?, ?, ?, ?, ?)",
        (
            override.oncall,
            override.shift.person,
            to_text(override.shift.start),
            to_text(override.shift.end),
            override.by,
            to_text(now),
        ),
    )


def of(db: sqlite_utils.Database, oncall: str, since: datetime) -> tuple[Override, ...]:
    """What was taken over and is not over at a moment, in the order in which it was."""
    rows = db.query("SELECT * FROM shifts WHERE oncall = ? AND end_at > ? ORDER BY id", (oncall, to_text(since)))
    return tuple(_override(row) for row in rows)


def told(db: sqlite_utils.Database, oncall: str) -> str | None:
    """Who was on call when that was last told; empty for nobody, none when it never was."""
    row = next(db.query("SELECT person FROM handovers WHERE oncall = ?", (oncall,)), None)
    return None if row is None else str(row["person"])


def tell(db: sqlite_utils.Database, oncall: str, person: str, now: datetime) -> None:
    """It is told that this person is on call now."""
    db.execute(
        """INSERT INTO handovers (oncall, person, at) VALUES (?, ?, ?)
           ON CONFLICT (oncall) DO UPDATE SET person = excluded.person, at = excluded.at""",
        (oncall, person, to_text(now)),
    )


def _override(row: Mapping[str, Any]) -> Override:
    shift = Shift(row["person"], from_text(row["start_at"]), from_text(row["end_at"]))
    return Override(row["oncall"], shift, row["by"])
