"""What requests stand and wait, counted and by number, without reading more of the record than is told of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from bot.contracts.model import Kind, State
from bot.store.moments import maybe_from_text, to_text

MOST = 300
"""Of one account and state so many are counted; of more than that it is said that there are more."""


@dataclass(frozen=True, slots=True)
class Review:
    """As much of a request in review as is needed to say whether it is late.

    Args:
        number: of the request.
        at: when it was submitted; none where nobody knows.
        digital: whether it is for digital messages.
        guided: whether a person at a console follows it.
    """

    number: int
    at: datetime | None
    digital: bool
    guided: bool


def in_review(db: sqlite_utils.Database, account: str, kind: Kind, limit: int = MOST) -> tuple[Review, ...]:
    """What of a kind is in review at an account, what was submitted first at first."""
    rows = db.execute(
        """SELECT id, submitted_at, fields ->> 'type' IS 'digital' OR fields ->> 'digital' IS 'true' AS digital,
           COALESCE(fields ->> 'guide', '') <> '' AS guided
           FROM requests INDEXED BY requests_in_review
           WHERE state = 'in_review' AND account = ? AND kind = ? ORDER BY submitted_at, id LIMIT ?""",
        (account, kind, limit),
    )
    return tuple(
        Review(number, maybe_from_text(at), bool(digital), bool(guided)) for number, at, digital, guided in rows
    )


def in_state(db: sqlite_utils.Database, state: State, account: str, limit: int = MOST) -> tuple[int, ...]:
    """The numbers of an account's requests in a state, oldest first."""
    rows = db.execute(
        "SELECT id FROM requests INDEXED BY requests_state WHERE state = ? AND account = ? ORDER BY id LIMIT ?",
        (state, account, limit),
    )
    return tuple(row[0] for row in rows)


def unknown(db: sqlite_utils.Database, account: str, *, asked: bool, limit: int = MOST) -> tuple[int, ...]:
    """The numbers of what got lost on the way, oldest first.

    Args:
        db: the record.
        account: whose.
        asked: only what a person has to find out about; otherwise what this program asks the vendor about.
        limit: how many at most.
    """
    rows = db.execute(
        """SELECT id FROM requests INDEXED BY requests_state
           WHERE state = 'unknown' AND account = ? AND (next_look_at IS NULL) = ? ORDER BY id LIMIT ?""",
        (account, int(asked), limit),
    )
    return tuple(row[0] for row in rows)


_TAKEN_UP = """EXISTS (SELECT 1 FROM requests AS later INDEXED BY requests_earlier
    WHERE later.earlier = requests.id AND later.earlier IS NOT NULL AND later.state NOT IN ('deleted', 'cancelled'))"""

_SAID_AGAIN = """name <> '' AND EXISTS (SELECT 1 FROM requests AS later INDEXED BY requests_name
    WHERE later.name = requests.name AND later.id > requests.id AND later.account = requests.account
    AND later.kind = requests.kind AND later.state NOT IN ('deleted', 'cancelled', 'rejected', 'failed'))"""


def unmended(db: sqlite_utils.Database, account: str, since: datetime, limit: int = MOST) -> tuple[int, ...]:
    """The numbers of what was rejected or not sent since a time and nobody has submitted again, oldest first."""
    rows = db.execute(
        f"""SELECT id FROM requests INDEXED BY requests_refused
            WHERE state IN ('rejected', 'failed') AND account = ? AND since >= ? AND NOT {_TAKEN_UP} AND NOT ({_SAID_AGAIN})
            ORDER BY since, id LIMIT ?""",  # noqa: S608 - our own text
        (account, to_text(since), limit),
    )
    return tuple(row[0] for row in rows)


CHANGES = (State.READY, State.APPROVED, State.REJECTED, State.FAILED, State.DISABLED, State.WITHDRAWN, State.DELETED)
"""Where something may have come to that is worth telling the next day, in the order in which it is told."""

_QUOTED = ", ".join(f"'{state}'" for state in CHANGES)

LOOKED_AT = 1_000
"""Events of an account that are looked through, the latest; a day with more is told of as far as that."""


@dataclass(frozen=True, slots=True)
class Come:
    """What came to one state.

    Args:
        numbers: the latest of the requests.
        count: how many there are.
    """

    numbers: tuple[int, ...]
    count: int


def changed(
    db: sqlite_utils.Database, accounts: Sequence[str], after: int, upto: int, named: int
) -> tuple[Mapping[State, Come], bool]:
    """What came to where it stands now within a stretch of the story, and whether there is more than was looked through.

    Args:
        db: the record.
        accounts: whose.
        after: the id of the last event before the stretch.
        upto: of its last one.
        named: how many of each state by number.
    """
    query = f"""SELECT moved.request, requests.state
        FROM (SELECT DISTINCT request FROM (
                  SELECT request, what, data FROM events INDEXED BY events_account
                  WHERE account = ? AND id > ? AND id <= ? ORDER BY id DESC LIMIT ?)
              WHERE what = 'moved' AND request IS NOT NULL AND data ->> 'to' IN ({_QUOTED})) AS moved
        JOIN requests ON requests.id = moved.request WHERE requests.state IN ({_QUOTED})"""  # noqa: S608 - our own names
    numbers: dict[str, list[int]] = {}
    for account in accounts:
        for number, state in db.execute(query, (account, after, upto, LOOKED_AT)):
            numbers.setdefault(state, []).append(number)
    more = any(_crowded(db, account, after, upto) for account in accounts)
    come = {
        state: Come(tuple(sorted(numbers[state], reverse=True)[:named]), len(numbers[state]))
        for state in CHANGES
        if state in numbers
    }
    return come, more


def _crowded(db: sqlite_utils.Database, account: str, after: int, upto: int) -> bool:
    query = """SELECT 1 FROM events INDEXED BY events_account WHERE account = ? AND id > ? AND id <= ?
               LIMIT 1 OFFSET ?"""
    return any(db.query(query, (account, after, upto, LOOKED_AT)))


def last_before(db: sqlite_utils.Database, at: datetime) -> int:
    """The id of the last event before a time: where a stretch of the story begins that is told by time."""
    row = next(
        db.query("SELECT id FROM events INDEXED BY events_at WHERE at >= ? ORDER BY at, id LIMIT 1", (to_text(at),)),
        None,
    )
    if row is not None:
        return int(row["id"]) - 1
    return int(next(db.query("SELECT COALESCE(MAX(id), 0) AS id FROM events"))["id"])
