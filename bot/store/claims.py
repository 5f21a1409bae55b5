"""Notices taken to be told: with a lease, so that a crash frees them.

Of each conversation only the first one due can be claimed, the most urgent first and of those the oldest, or several at
once that are told in one message; so the order is kept, and that of one thing always.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.due import furthest
from bot.contracts.model import Place
from bot.store.moments import from_text, to_text
from bot.store.notices import Notice, of_row

FIRST_WITHIN = timedelta(minutes=1)
"""What is owed waits no longer than this for its first try (a batch's first card a few seconds)."""

LONGEST_ASKED = timedelta(hours=1)
"""A chat that asks for a longer pause is asked again nevertheless: it only says the same once more."""


@dataclass(frozen=True, slots=True)
class Widest:
    """How far ahead a try can be planned at most (`bot.contracts.due`).

    Args:
        first: the first one, after the notice was owed.
        again: the next one, after one that failed.
    """

    first: timedelta = FIRST_WITHIN
    again: timedelta = LONGEST_ASKED


USUAL = Widest()

_COME = "(due_at <= :now OR due_at > CASE attempts WHEN 0 THEN :first ELSE :again END)"


def _moments(now: datetime, widest: Widest) -> dict[str, str]:
    return {
        "now": to_text(now),
        "first": to_text(furthest(now, widest.first)),
        "again": to_text(furthest(now, widest.again)),
    }


@dataclass(frozen=True, slots=True)
class Merging:
    """What of a conversation may be claimed together, to be told in one message.

    Args:
        singly: so many are told one by one; where more are due they go together, and for `CROWDED` after that any two.
        kinds: of notice; a card that is only edited never counts, for it is no message.
    """

    singly: int
    kinds: Sequence[str]


TOGETHER = 200
"""Notices that are claimed together at most."""

CROWDED = timedelta(minutes=1)
"""Where several were told in one message so lately, the rest of them does not come one by one."""

_FIRST = """SELECT MIN(urgency << 48 | id) & 0xFFFFFFFFFFFF FROM notices WHERE state = 'due'
            GROUP BY platform, conversation"""

_BUSY = """SELECT 1 FROM notices AS other WHERE other.lease_until > :now AND other.lease_until <= :leased
           AND other.state = 'due' AND other.platform = notices.platform AND other.conversation = notices.conversation"""

_NO_EDIT = """NOT (what = 'card' AND EXISTS (SELECT 1 FROM messages AS shown WHERE shown.platform = notices.platform
              AND shown.conversation = notices.conversation AND shown.subject = notices.subject))"""


def claim(
    db: sqlite_utils.Database,
    platforms: Mapping[str, Merging | None],
    now: datetime,
    lease: timedelta,
    limit: int = 20,
    *,
    widest: Widest = USUAL,
    under_way: Iterable[int] = (),
) -> tuple[tuple[Notice, ...], ...]:
    """Take what each conversation is to be told next, if its time has come and nobody else holds anything of it.

    Args:
        platforms: the chats that are there, and how each merges; what is owed to another one waits until it is there.
        lease: how long it stays ours; after that it is free again.
        limit: how many conversations at once.
        widest: how far ahead a try can be planned.
        under_way: notices that are being delivered now, which no clock makes free.

    Returns:
        For each conversation its first notice, or several in order, to be told together.
    """
    moments = {
        **_moments(now, widest),
        "leased": to_text(furthest(now, lease)),
        "crowded": to_text(now - CROWDED),
    }
    rows = list(
        db.query(
            f"""SELECT * FROM notices WHERE id IN ({_FIRST})
               AND platform IN (SELECT value FROM json_each(:platforms))
               AND id NOT IN (SELECT value FROM json_each(:under_way)) AND NOT EXISTS ({_BUSY})
               AND {_COME} ORDER BY urgency, id LIMIT :limit""",  # noqa: S608 - our own text
            {
                **moments,
                "limit": limit,
                "platforms": json.dumps(list(platforms)),
                "under_way": json.dumps(list(under_way)),
            },
        )
    )
    return tuple(_leased(db, _company(db, row, platforms[row["platform"]], moments), now + lease) for row in rows)


def _company(
    db: sqlite_utils.Database, first: Mapping[str, Any], merging: Merging | None, moments: Mapping[str, str]
) -> Sequence[Mapping[str, Any]]:
    """The notices that are told with this one, itself among them, in order."""
    if first["merged"]:  # once put together they stay together: some of it may have been seen already
        together = "SELECT * FROM notices WHERE merged = ? AND state = 'due' ORDER BY urgency, id"
        return list(db.query(together, (first["merged"],)))
    if merging is None or first["what"] not in merging.kinds:
        return [first]
    found = list(
        db.query(
            f"""SELECT * FROM notices WHERE state = 'due' AND platform = :platform AND conversation = :conversation
                AND merged = '' AND what IN (SELECT value FROM json_each(:kinds)) AND {_COME} AND {_NO_EDIT}
                ORDER BY urgency, id LIMIT :most""",  # noqa: S608 - our own text
            {
                **moments,
                "platform": first["platform"],
                "conversation": first["conversation"],
                "kinds": json.dumps(list(merging.kinds)),
                "most": TOGETHER,
            },
        )
    )
    if len(found) < 2 or found[0]["id"] != first["id"]:
        return [first]
    if len(found) > merging.singly:
        return found
    crowded = db.query(
        """SELECT 1 FROM notices WHERE platform = :platform AND conversation = :conversation AND state <> 'due'
           AND done_at BETWEEN :crowded AND :now AND merged <> '' LIMIT 1""",
        {**moments, "platform": first["platform"], "conversation": first["conversation"]},
    )
    return found if any(crowded) else [first]


def _leased(db: sqlite_utils.Database, rows: Sequence[Mapping[str, Any]], until: datetime) -> tuple[Notice, ...]:
    for row in rows:
        db.execute(
            "UPDATE notices SET lease_until = ?, attempts = attempts + 1 WHERE id = ?", (to_text(until), row["id"])
        )
    return tuple(of_row(row) for row in rows)


def put_together(db: sqlite_utils.Database, chosen: Iterable[Notice], key: str, others: Iterable[Notice]) -> None:
    """These are told in one message, over restarts too; the others that were claimed with them are free again."""
    for notice in chosen:
        db.execute("UPDATE notices SET merged = ? WHERE id = ?", (key, notice.id))
    for notice in others:
        db.execute(
            "UPDATE notices SET lease_until = NULL, attempts = attempts - 1, merged = '' WHERE id = ?", (notice.id,)
        )


def release(db: sqlite_utils.Database) -> None:
    """Free what an ended process held; only whoever has the record to themselves may say so."""
    db.execute("UPDATE notices SET lease_until = NULL WHERE lease_until IS NOT NULL")


def next_due(db: sqlite_utils.Database) -> datetime | None:
    """When the next owed notice is due; none when nothing is owed."""
    row = next(db.query("SELECT MIN(due_at) AS at FROM notices WHERE state = 'due'"))
    return None if row["at"] is None else from_text(row["at"])


def waiting(db: sqlite_utils.Database, place: Place, now: datetime, widest: Widest = USUAL) -> int:
    """How many notices a conversation is owed whose time has come."""
    row = next(
        db.query(
            f"""SELECT COUNT(*) AS n FROM notices WHERE state = 'due' AND {_COME}
               AND platform = :platform AND conversation = :conversation""",  # noqa: S608 - our own text
            {**_moments(now, widest), "platform": place.platform, "conversation": place.conversation},
        )
    )
    return int(row["n"])
