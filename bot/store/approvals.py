"""The tables `approvals` and `agreements`: what waits for a second person, who agreed, and how it ended.

At most one order of a request waits (a unique index); one person agrees to it once. Functions of the connection.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.approval import Act, Agreement, Approval, ApprovalState
from bot.contracts.due import furthest
from bot.contracts.model import Action, Actor, Place, Request
from bot.store.moments import from_text, maybe_from_text, to_text
from bot.store.rows import insert


def ask(
    db: sqlite_utils.Database,
    request: Request,
    *,
    asked: str,
    digest: str,
    acts: Sequence[Act],
    authors: Sequence[str],
    actor: Actor,
    place: Place,
    files: int,
    now: datetime,
    expires_at: datetime,
    remind_at: datetime,
) -> Approval:
    """An order waits from now on; arguments as `Approval` has them.

    Raises:
        sqlite3.IntegrityError: another order of this request waits.
    """
    number = insert(
        db,
        "approvals",
        {
            "request": request.number,
            "asked": asked,
            "action": request.action,
            "digest": digest,
            "acts": json.dumps([str(act) for act in acts]),
            "authors": json.dumps(list(authors)),
            "ordered_by": actor.key,
            "ordered_by_name": actor.name or actor.user,
            "platform": place.platform,
            "conversation": place.conversation,
            "thread": place.thread,
            "files": files,
            "state": ApprovalState.WAITING,
            "asked_at": to_text(now),
            "expires_at": to_text(expires_at),
            "due_at": to_text(remind_at),
        },
    )
    return _one(db, "id = ?", number)


def waiting(db: sqlite_utils.Database, number: int) -> Approval | None:
    """The order of a request that waits; none where none does."""
    return next(iter(_found(db, "request = ? AND state = 'waiting'", number)), None)


def last(db: sqlite_utils.Database, number: int) -> Approval | None:
    """The last order of a request that had to wait, however it ended; none where none ever had."""
    return next(iter(_found(db, "request = ? ORDER BY id DESC LIMIT 1", number)), None)


def granted(db: sqlite_utils.Database, number: int) -> tuple[Approval, ...]:
    """What was agreed to of a request and the vendor has not taken yet, newest first."""
    return _found(db, "request = ? AND state = 'granted' ORDER BY id DESC", number)


def together(db: sqlite_utils.Database, asked: str) -> tuple[Approval, ...]:
    """What was asked for in one message, in order."""
    return _found(db, "asked = ? ORDER BY id", asked)


def agree(db: sqlite_utils.Database, approval: Approval, actor: Actor, now: datetime) -> Approval:
    """Somebody agrees; returns how it stands then."""
    db.execute(
        "INSERT INTO agreements (approval, who, name, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (approval.id, actor.key, actor.name or actor.user, to_text(now)),
    )
    return _one(db, "id = ?", approval.id)


def end(
    db: sqlite_utils.Database,
    approval: Approval,
    state: ApprovalState,
    now: datetime,
    actor: Actor | None = None,
    reason: str = "",
) -> Approval:
    """An order waits no longer.

    Args:
        actor: who ended it; none where time did.
        reason: why it was denied.
    """
    who = {"by": actor.key, "name": actor.name or actor.user} if actor else {"by": "", "name": ""}
    db.execute(
        """UPDATE approvals SET state = :state, ended_at = :at, ended_by = :by, ended_by_name = :name, reason = :reason,
           due_at = NULL WHERE id = :id""",
        {"state": state, "at": to_text(now), "reason": reason, "id": approval.id, **who},
    )
    return _one(db, "id = ?", approval.id)


def due(db: sqlite_utils.Database, now: datetime, widest: timedelta, limit: int | None = None) -> tuple[Approval, ...]:
    """What has to be reminded of, or is over.

    Args:
        widest: how far ahead that can be planned (`bot.contracts.due`).
        limit: at most so many.
    """
    return _found(
        db,
        """id IN (SELECT id FROM approvals WHERE due_at <= ? UNION ALL SELECT id FROM approvals WHERE due_at > ?)
           ORDER BY id LIMIT ?""",
        to_text(now),
        to_text(furthest(now, widest)),
        -1 if limit is None else limit,
    )


def plan(
    db: sqlite_utils.Database,
    approval: Approval,
    due_at: datetime,
    *,
    reminded: bool,
    expires_at: datetime | None = None,
) -> None:
    """When to look at it the next time.

    Args:
        due_at: then.
        reminded: whether it was reminded of by now.
        expires_at: where its time begins anew, for the clock was set back.
    """
    until = expires_at or approval.expires_at
    db.execute(
        "UPDATE approvals SET due_at = ?, reminded = ?, expires_at = ?, asked_at = MIN(asked_at, ?) WHERE id = ?",
        (to_text(due_at), int(reminded), to_text(until), to_text(due_at), approval.id),
    )


def _one(db: sqlite_utils.Database, where: str, *arguments: object) -> Approval:
    return _found(db, where, *arguments)[0]


def _found(db: sqlite_utils.Database, where: str, *arguments: object) -> tuple[Approval, ...]:
    rows = list(db.query(f"SELECT * FROM approvals WHERE {where}", arguments))  # noqa: S608 - our own text
    return tuple(_approval(db, row) for row in rows)


def _approval(db: sqlite_utils.Database, row: Mapping[str, Any]) -> Approval:
    agreed = db.query("SELECT who, name, at FROM agreements WHERE approval = ? ORDER BY at, who", (row["id"],))
    return Approval(
        id=row["id"],
        request=row["request"],
        asked=row["asked"],
        action=Action(row["action"]),
        digest=row["digest"],
        acts=tuple(Act(act) for act in json.loads(row["acts"])),
        authors=tuple(json.loads(row["authors"])),
        ordered_by=row["ordered_by"],
        ordered_by_name=row["ordered_by_name"],
        place=Place(row["platform"], row["conversation"], row["thread"]),
        files=row["files"],
        state=ApprovalState(row["state"]),
        asked_at=from_text(row["asked_at"]),
        expires_at=from_text(row["expires_at"]),
        agreements=tuple(Agreement(one["who"], one["name"], from_text(one["at"])) for one in agreed),
        reminded=bool(row["reminded"]),
        ended_at=maybe_from_text(row["ended_at"]),
        ended_by=row["ended_by"],
        ended_by_name=row["ended_by_name"],
        reason=row["reason"],
    )
