"""The table `events`: append-only, each row chained to the one before by a hash.

So `signpost verify` can name the first row that was tampered with.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from typing import Any

import sqlite_utils

from bot.contracts.model import State
from bot.store.moments import from_text, to_text
from bot.store.newest import newest

START = "0" * 64
SYSTEM = "signpost"
VENDOR = "vendor"


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the story.

    Args:
        what: `created`, `moved`, `edited`, `answered`, `filing`, `alert-opened`, …
        actor: `Actor.key`, `vendor` or `signpost`.
        data: details, never a secret, a paper or a full phone number.
    """

    id: int
    at: datetime
    what: str
    request: int | None
    alert: int | None
    account: str
    actor: str
    data: Mapping[str, Any]


def append(
    db: sqlite_utils.Database,
    *,
    at: datetime,
    what: str,
    actor: str,
    account: str = "",
    request: int | None = None,
    alert: int | None = None,
    data: Mapping[str, Any] | None = None,
) -> None:
    """Add a row and chain it to the last one."""
    last = next(db.query("SELECT hash FROM events ORDER BY id DESC LIMIT 1"), None)
    row = {
        "at": to_text(at),
        "what": what,
        "request": request,
        "alert": alert,
        "account": account,
        "actor": actor,
        "data": json.dumps(data or {}, ensure_ascii=False, sort_keys=True),
    }
    row["hash"] = _hash(last["hash"] if last else START, row)
    columns = ", ".join(row)
    db.execute(f"INSERT INTO events ({columns}) VALUES ({', '.join(':' + name for name in row)})", row)  # noqa: S608 - our own names


def last_id(db: sqlite_utils.Database) -> int:
    """The id of the newest row; within a transaction a unique name for what it just did."""
    row = next(db.query("SELECT MAX(id) AS id FROM events"))
    return int(row["id"] or 0)


def of_request(db: sqlite_utils.Database, number: int, limit: int = 50) -> tuple[Event, ...]:
    """The story of one request, newest first."""
    return of_ids(db, ids_of_request(db, number, limit))


def ids_of_request(db: sqlite_utils.Database, number: int, limit: int) -> tuple[int, ...]:
    """The ids of the story of one request, newest first."""
    query = "SELECT id FROM events INDEXED BY events_request WHERE request = ? ORDER BY id DESC LIMIT ?"
    return newest(db, query, ((number,),), limit)


def of_alert(db: sqlite_utils.Database, number: int, limit: int) -> tuple[Event, ...]:
    """The latest of the story of one alert, in order."""
    rows = db.query("SELECT * FROM events WHERE alert = ? ORDER BY id DESC LIMIT ?", (number, limit))
    return tuple(reversed([_event(row) for row in rows]))


def at(
    db: sqlite_utils.Database, when: datetime, *, request: int | None = None, alert: int | None = None
) -> tuple[Event, ...]:
    """What happened to a request or an alert at one moment."""
    rows = db.query(
        "SELECT * FROM events WHERE (request = ?1 OR alert = ?2) AND at = ?3 ORDER BY id",
        (request, alert, to_text(when)),
    )
    return tuple(map(_event, rows))


REPEATED = "alert-repeated"

_REPEATED_AGAIN = f"""(what = '{REPEATED}' AND '{REPEATED}' IS (
    SELECT later.what FROM events AS later INDEXED BY events_alert
    WHERE later.alert = events.alert AND later.id > events.id ORDER BY later.id LIMIT 1))"""  # noqa: S608 - our own names
"""Of repeats of an alert in a row the last one stands for all."""


def ids_of_alert(db: sqlite_utils.Database, number: int, limit: int) -> tuple[int, ...]:
    """The ids of the story of one alert, newest first; of repeats in a row the last one."""
    query = (
        f"SELECT id FROM events INDEXED BY events_alert WHERE alert = ? AND NOT {_REPEATED_AGAIN} "  # noqa: S608 - our own names
        "ORDER BY id DESC LIMIT ?"
    )
    return newest(db, query, ((number,),), limit)


def repeats(db: sqlite_utils.Database, event: Event) -> tuple[int, datetime]:
    """How many repeats of an alert there were in a row, a repeat being the last of them, and when the first was."""
    row = next(
        db.query(
            """SELECT COUNT(*) AS n, MIN(at) AS first FROM events INDEXED BY events_alert WHERE alert = ?1 AND id <= ?2
               AND id > (SELECT COALESCE(MAX(id), 0) FROM events INDEXED BY events_alert
                         WHERE alert = ?1 AND id < ?2 AND what <> ?3)""",
            (event.alert, event.id, REPEATED),
        )
    )
    return int(row["n"]), from_text(row["first"])


def recent_ids(
    db: sqlite_utils.Database,
    *,
    since: datetime | None = None,
    actors: Sequence[str] | None = None,
    accounts: tuple[str, ...] = (),
    limit: int,
) -> tuple[int, ...]:
    """The ids of what happened lately, newest first; of repeats of an alert in a row the last one.

    Args:
        since: not before.
        actors: only by these.
        accounts: only these accounts (and what belongs to none); empty for all.
        limit: how many rows.
    """
    first = 0
    if since is not None:  # events are appended as time goes on, so that a time is a place in their order
        row = next(db.query("SELECT id FROM events WHERE at >= ? ORDER BY at LIMIT 1", (to_text(since),)), None)
        if row is None:
            return ()
        first = row["id"]
    index, who = ("events_account", "") if actors is None else ("events_actor", "actor = ? AND")
    query = (
        f"SELECT id FROM events INDEXED BY {index} WHERE {who} account = ? AND id >= ? AND NOT {_REPEATED_AGAIN} "  # noqa: S608 - our own names
        "ORDER BY id DESC LIMIT ?"
    )
    places = ("", *accounts) if accounts else _accounts(db)
    whose: Iterable[tuple[str, ...]] = [()] if actors is None else [(actor,) for actor in actors]
    return newest(db, query, ((*by, account, first) for by, account in product(whose, places)), limit)


def latest_moves(db: sqlite_utils.Database, since: datetime) -> dict[int, datetime]:
    """The requests whose state or filing moved since a time, and when it last did."""
    rows = db.query(
        """SELECT request, MAX(at) AS at FROM events INDEXED BY events_at
           WHERE at >= ? AND what IN ('moved', 'filing') AND request IS NOT NULL GROUP BY request""",
        (to_text(since),),
    )
    return {int(row["request"]): from_text(row["at"]) for row in rows}


def reviews(
    db: sqlite_utils.Database, since: datetime, until: datetime
) -> tuple[tuple[int, datetime, datetime | None], ...]:
    """Which requests came into review in a time, when, and when each came out of it; none while it is there."""
    rows = db.query(
        """SELECT request, at, data ->> 'to' AS entered FROM events INDEXED BY events_at
           WHERE at >= ? AND at <= ? AND what = 'moved' AND request IS NOT NULL ORDER BY id""",
        (to_text(since), to_text(until)),
    )
    begun: dict[int, datetime] = {}
    found: list[tuple[int, datetime, datetime | None]] = []
    for row in rows:
        number, at = int(row["request"]), from_text(row["at"])
        if row["entered"] == State.IN_REVIEW:
            begun[number] = at
        elif number in begun:
            found.append((number, begun.pop(number), at))
    return (*found, *((number, at, None) for number, at in begun.items()))


def decisions(
    db: sqlite_utils.Database, since: datetime, accounts: Sequence[str], limit: int
) -> tuple[Mapping[str, Any], ...]:
    """What vendors decided since a time at these accounts, the latest of it, in order.

    Each has `request`, its `account`, `kind` and `type` ("" where it has none), `begun` (in review since) and `at` (decided) as
    moments in UTC, the state it `entered`, the `reason` and whether it was the `first` decision about its request. Nothing else of a
    request is read: a thousand of them whole take a hundred milliseconds.
    """
    rows = db.query(
        """WITH moved AS (
               SELECT events.id, request, events.account, kind, COALESCE(fields ->> 'type', '') AS type, at,
                   data ->> 'to' AS entered, COALESCE(data ->> 'reason', '') AS reason
               FROM events INDEXED BY events_at JOIN requests ON requests.id = events.request
               WHERE at >= ? AND what = 'moved' AND actor = 'vendor'
               AND requests.account IN (SELECT value FROM json_each(?))
               AND data ->> 'from' = 'in_review' AND data ->> 'to' IN ('approved', 'ready', 'rejected')
               ORDER BY at DESC LIMIT ?)
           SELECT moved.*,
               (SELECT MAX(at) FROM events INDEXED BY events_request WHERE events.request = moved.request
                AND events.id < moved.id AND what = 'moved' AND data ->> 'to' = 'in_review') AS begun,
               NOT EXISTS (SELECT 1 FROM events INDEXED BY events_request WHERE events.request = moved.request
                AND events.id < moved.id AND what = 'moved' AND actor = 'vendor' AND data ->> 'from' = 'in_review'
                AND data ->> 'to' IN ('approved', 'ready', 'rejected')) AS first
           FROM moved ORDER BY moved.id""",
        (to_text(since), json.dumps(list(accounts)), limit),
    )
    return tuple({**row, "begun": from_text(row["begun"] or row["at"]), "at": from_text(row["at"])} for row in rows)


def of_ids(db: sqlite_utils.Database, wanted: Sequence[int]) -> tuple[Event, ...]:
    """The rows with these ids, newest first."""
    query = "SELECT * FROM events WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id DESC"
    return tuple(_event(row) for row in db.query(query, (json.dumps(list(wanted)),)))


def actors(db: sqlite_utils.Database) -> tuple[str, ...]:
    """Everybody who ever did anything; one step in the index for each, however large the record."""
    rows = db.query(
        """WITH RECURSIVE who(actor) AS (
               SELECT MIN(actor) FROM events
               UNION ALL
               SELECT (SELECT MIN(actor) FROM events WHERE actor > who.actor) FROM who WHERE who.actor IS NOT NULL)
           SELECT actor FROM who WHERE actor IS NOT NULL"""
    )
    return tuple(row["actor"] for row in rows)


def first_broken(db: sqlite_utils.Database) -> int | None:
    """The id of the first row whose hash does not follow from the row before; none when the chain is whole."""
    before = START
    for row in _all(db):
        if row["hash"] != _hash(before, row):
            return int(row["id"])
        before = row["hash"]
    return None


def _accounts(db: sqlite_utils.Database) -> tuple[str, ...]:
    return tuple(row["account"] for row in db.query("SELECT DISTINCT account FROM events"))


def _all(db: sqlite_utils.Database) -> Iterator[dict[str, Any]]:
    return db.query("SELECT * FROM events ORDER BY id")


def _hash(before: str, row: Mapping[str, Any]) -> str:
    kept = [row[name] for name in ("at", "what", "request", "alert", "account", "actor", "data")]
    return hashlib.sha256((before + json.dumps(kept, ensure_ascii=False)).encode()).hexdigest()


def _event(row: Mapping[str, Any]) -> Event:
    return Event(
        id=row["id"],
        at=from_text(row["at"]),
        what=row["what"],
        request=row["request"],
        alert=row["alert"],
        account=row["account"],
        actor=row["actor"],
        data=json.loads(row["data"]),
    )
