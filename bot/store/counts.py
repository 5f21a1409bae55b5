"""How much of something an account has or has asked for, as the record knows it."""

from datetime import datetime

import sqlite_utils

from bot.contracts.model import Action, Kind, State
from bot.contracts.states import AT_VENDOR, IN_FLIGHT
from bot.store.moments import to_text
from bot.store.rows import as_json

MOST = 1000
"""No limit is above it, so nobody counts further."""


def had(db: sqlite_utils.Database, account: str, kind: Kind, name: str) -> int | None:
    """How many of a kind the vendor has or is being asked for; none where one of them has this name: it is no new one."""
    about = {"account": account, "kind": kind.value, "states": as_json([*AT_VENDOR, *IN_FLIGHT])}
    if _count(
        db,
        """SELECT COUNT(*) AS n FROM requests WHERE name = :name AND account = :account AND kind = :kind
           AND state IN (SELECT value FROM json_each(:states))""",
        name=name,
        **about,
    ):
        return None
    return _count(
        db,
        """SELECT COUNT(*) AS n FROM (SELECT 1 FROM requests WHERE account = :account AND kind = :kind
           AND state IN (SELECT value FROM json_each(:states)) LIMIT :most)""",
        most=MOST,
        **about,
    )


def asked_since(db: sqlite_utils.Database, account: str, kind: Kind, since: datetime) -> int:
    """How many new ones of a kind an account's vendor was asked for since a moment."""
    return _count(
        db,
        """SELECT COUNT(DISTINCT events.request) AS n FROM events INDEXED BY events_at
           JOIN requests ON requests.id = events.request
           WHERE events.at >= :since AND events.what = 'moved' AND events.account = :account AND requests.kind = :kind
               AND events.data ->> 'to' = :submitting AND events.data ->> 'action' = :create""",
        since=to_text(since),
        account=account,
        kind=kind.value,
        submitting=State.SUBMITTING.value,
        create=Action.CREATE.value,
    )


def _count(db: sqlite_utils.Database, query: str, **arguments: object) -> int:
    return int(next(db.query(query, arguments))["n"])
