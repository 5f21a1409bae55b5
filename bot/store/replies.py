"""The table `replies`: what people answered, with their numbers masked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.store.moments import from_text, maybe_from_text, maybe_text, to_text

KEPT = 10_000
"""The latest so many of each account are kept: what is told of them is in the chats."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What somebody answered.

    Args:
        id: of the row; later ones are higher.
        account: to whose message.
        number: masked.
        text: without any number in it.
        opt_out: wants no more messages.
        sign: the signature that was answered to, where the vendor tells.
        said_at: when, as far as the vendor tells.
        at: when we heard of it.
    """

    id: int
    account: str
    number: str
    text: str
    opt_out: bool
    sign: str
    said_at: datetime | None
    at: datetime


def add(
    db: sqlite_utils.Database,
    account: str,
    mark: str,
    *,
    number: str,
    text: str,
    opt_out: bool,
    sign: str,
    said_at: datetime | None,
    now: datetime,
) -> int | None:
    """Keep an answer, once for its mark.

    Returns:
        Its id; none where it is kept already.
    """
    made = db.execute(
        """INSERT INTO replies (account, mark, number, text, opt_out, sign, said_at, at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (account, mark) DO NOTHING""",
        (account, mark, number, text, int(opt_out), sign, maybe_text(said_at), to_text(now)),
    )
    if made.rowcount < 1 or made.lastrowid is None:
        return None
    return int(made.lastrowid)


def thin(db: sqlite_utils.Database, account: str) -> None:
    """Forget all but the latest `KEPT`."""
    db.execute(
        """DELETE FROM replies WHERE account = ?1 AND id <= (
               SELECT id FROM replies WHERE account = ?1 ORDER BY id DESC LIMIT 1 OFFSET ?2)""",
        (account, KEPT),
    )


def between(db: sqlite_utils.Database, account: str, first: int, end: int | None) -> tuple[Reply, ...]:
    """The answers from one id on, in order; up to before another where there is one."""
    rows = db.query(
        "SELECT * FROM replies WHERE account = ?1 AND id >= ?2 AND (?3 IS NULL OR id < ?3) ORDER BY id",
        (account, first, end),
    )
    return tuple(map(_reply, rows))


def latest(db: sqlite_utils.Database, accounts: Sequence[str], limit: int) -> tuple[Reply, ...]:
    """The last answers of any of these accounts, newest first."""
    found: list[Reply] = []
    for account in accounts:
        rows = db.query("SELECT * FROM replies WHERE account = ? ORDER BY id DESC LIMIT ?", (account, limit))
        found += map(_reply, rows)
    return tuple(sorted(found, key=lambda one: -one.id)[:limit])


def counted(db: sqlite_utils.Database, account: str, since: datetime) -> tuple[int, int]:
    """How many answers were heard since then, and how many of them want no more messages."""
    row = next(
        db.query(
            "SELECT COUNT(*) AS n, TOTAL(opt_out) AS out FROM replies WHERE account = ? AND at >= ?",
            (account, to_text(since)),
        )
    )
    return int(row["n"]), int(row["out"])


def _reply(row: Mapping[str, Any]) -> Reply:
    return Reply(
        id=row["id"],
        account=row["account"],
        number=row["number"],
        text=row["text"],
        opt_out=bool(row["opt_out"]),
        sign=row["sign"],
        said_at=maybe_from_text(row["said_at"]),
        at=from_text(row["at"]),
    )
