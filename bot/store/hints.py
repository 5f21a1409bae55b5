"""The table `hints`: reviews that a vendor says have moved, until it has been asked. Nothing is told because of one."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from bot.contracts.model import State
from bot.contracts.push import Hint
from bot.store.moments import to_text


@dataclass(frozen=True, slots=True)
class Kept:
    """A hint as it is kept: what of it the vendor's own answer may lack."""

    order: str
    state: State | None
    word: str
    reason: str


def keep(db: sqlite_utils.Database, request: int, hint: Hint, now: datetime) -> None:
    """Keep the latest hint of a request."""
    db.execute(
        "INSERT OR REPLACE INTO hints VALUES (?, ?, ?, ?, ?, ?)",
        (request, hint.order, hint.state or "", hint.word, hint.reason, to_text(now)),
    )


def kept(db: sqlite_utils.Database, requests: Iterable[int]) -> dict[int, tuple[str, ...]]:
    """The hints of some requests as they stand, to be compared with later ones: request → everything of its hint."""
    rows = db.query(
        "SELECT * FROM hints WHERE request IN (SELECT value FROM json_each(?))", (json.dumps(list(requests)),)
    )
    return {row["request"]: tuple(str(value) for value in row.values()) for row in rows}


def take(db: sqlite_utils.Database, request: int) -> Kept | None:
    """The hint of a request, which is kept no longer; none where there is none."""
    row = next(db.query("SELECT * FROM hints WHERE request = ?", (request,)), None)
    if row is None:
        return None
    db.execute("DELETE FROM hints WHERE request = ?", (request,))
    return Kept(row["order_no"], State(row["state"]) if row["state"] else None, row["word"], row["reason"])
