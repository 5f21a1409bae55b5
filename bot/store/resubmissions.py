"""Which request takes the place of which, what was changed when something was sent again, and which of that passed."""

import json
from datetime import datetime

import sqlite_utils

from bot.contracts.model import Action, Kind, Request, State
from bot.contracts.resubmission import Passed
from bot.store import requests
from bot.store.moments import to_text
from bot.store.rows import as_json, insert

LONGEST = 100
"""Requests of one lineage that are followed back; more is no lineage."""


def successor(db: sqlite_utils.Database, number: int) -> Request | None:
    """The request that takes the place of this one; none where there is none that stands."""
    query = "SELECT id FROM requests WHERE earlier = ? AND state NOT IN ('deleted', 'cancelled')"
    row = next(db.query(query, (number,)), None)
    return None if row is None else requests.find(db, int(row["id"]))


def latest(db: sqlite_utils.Database, request: Request) -> Request:
    """The last of those that took each other's place; itself where none did."""
    for _ in range(LONGEST):
        later = successor(db, request.number)
        if later is None:
            break
        request = later
    return request


def first_batch(db: sqlite_utils.Database, request: Request) -> int:
    """The batch in whose thread the story of a request began: its own, or that of the first one of its lineage."""
    for _ in range(LONGEST):
        before = None if request.earlier is None else requests.find(db, request.earlier)
        if before is None:
            break
        request = before
    return request.batch


def ordered(db: sqlite_utils.Database, request: Request, now: datetime) -> None:
    """Something goes to its vendor; where that was rejected before, it is noted what is changed.

    A step of the transaction that queues it.

    Args:
        request: as it is queued.
        now: when.
    """
    if request.action is Action.UPDATE and request.prior is State.REJECTED:
        before: Request | None = request
    elif request.action is Action.CREATE and request.earlier is not None:
        before = requests.find(db, request.earlier)
    else:
        return
    if before is None or not before.reason:
        return
    was, values = before.values, request.submission().values
    changes = {
        key: [was.get(key, ""), values.get(key, "")]
        for key in dict.fromkeys((*was, *values))
        if was.get(key, "") != values.get(key, "")
    }
    db.execute("DELETE FROM resubmissions WHERE request = ? AND passed_at IS NULL", (request.number,))
    insert(
        db,
        "resubmissions",
        {
            "request": request.number,
            "earlier": before.number,
            "account": request.account,
            "kind": request.kind,
            "reason": before.reason,
            "changes": as_json(changes),
            "at": to_text(now),
        },
    )


def decided(db: sqlite_utils.Database, request: Request, now: datetime) -> None:
    """The vendor decided about a request; what was changed for it has passed, or has not."""
    if request.state in (State.APPROVED, State.READY):
        query = "UPDATE resubmissions SET passed_at = ? WHERE request = ? AND passed_at IS NULL"
        db.execute(query, (to_text(now), request.number))
    elif request.state is State.REJECTED:
        db.execute("DELETE FROM resubmissions WHERE request = ? AND passed_at IS NULL", (request.number,))


def passed(db: sqlite_utils.Database, account: str, kind: Kind, limit: int) -> tuple[Passed, ...]:
    """What passed at an account after it had been rejected, the latest first."""
    rows = db.query(
        """SELECT request, reason, changes FROM resubmissions
           WHERE account = ? AND kind = ? AND passed_at IS NOT NULL ORDER BY id DESC LIMIT ?""",
        (account, kind, limit),
    )
    return tuple(
        Passed(
            row["request"], row["reason"], {key: (one[0], one[1]) for key, one in json.loads(row["changes"]).items()}
        )
        for row in rows
    )
