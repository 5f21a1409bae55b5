"""What a vendor has, held against the tables `batches` and `requests`: what is known of it, and a row for what is not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from bot.contracts.model import Action, Actor, Kind, Place, State
from bot.contracts.states import IN_FLIGHT
from bot.contracts.vendor import Seen
from bot.store import events
from bot.store.moments import to_text
from bot.store.rows import as_json, column, insert


@dataclass(frozen=True, slots=True)
class Known:
    """What the record has of a thing at a vendor.

    Attributes:
        number: of its request.
        ref: the vendor's id; empty where none is known yet.
        name: what it is called.
        state: where it stands here.
    """

    number: int
    ref: str
    name: str
    state: State


PAGE = 1_000
"""Rows that are read at once; everybody else's questions come in between."""


def known(db: sqlite_utils.Database, account: str, kind: Kind, after: int = 0) -> tuple[Known, ...]:
    """All of a kind that a vendor has or may have by what the record knows, oldest first, by pages.

    Args:
        after: the number of the last one of the page before.
    """
    rows = db.query(
        """SELECT id, vendor_ref, name, state FROM requests NOT INDEXED WHERE id > ? AND account = ? AND kind = ?
           AND state NOT IN ('deleted', 'cancelled')
           AND (vendor_ref <> '' OR state IN (SELECT value FROM json_each(?))) ORDER BY id LIMIT ?""",
        (after, account, kind, as_json(sorted(IN_FLIGHT)), PAGE),
    )
    return tuple(Known(row["id"], row["vendor_ref"], row["name"], State(row["state"])) for row in rows)


def number_of(db: sqlite_utils.Database, account: str, ref: str) -> int | None:
    """The number of the newest request that the vendor has under an id, whatever kind it is; none where there is none."""
    row = next(
        db.query(
            """SELECT id FROM requests WHERE account = ? AND kind IN (SELECT value FROM json_each(?)) AND vendor_ref = ?
               AND vendor_ref <> '' AND state NOT IN ('deleted', 'cancelled', 'failed', 'draft') ORDER BY id DESC""",
            (account, as_json(list(Kind)), ref),
        ),
        None,
    )
    return None if row is None else int(row["id"])


def taken(db: sqlite_utils.Database, account: str, kind: Kind, *, ref: str, names: Iterable[str]) -> bool:
    """Whether the record knows this id, or something of such a name is on its way whose id is not known yet."""
    row = next(
        db.query(
            """SELECT 1 FROM requests INDEXED BY requests_vendor_ref WHERE account = :account AND kind = :kind
               AND vendor_ref = :ref AND vendor_ref <> '' AND state NOT IN ('deleted', 'cancelled', 'failed', 'draft')
               UNION ALL SELECT 1 FROM requests WHERE account = :account AND kind = :kind AND state = 'draft'
               AND vendor_ref = :ref AND vendor_ref <> ''
               UNION ALL SELECT 1 FROM requests WHERE account = :account AND kind = :kind AND vendor_ref = ''
               AND name IN (SELECT value FROM json_each(:names))
               AND state IN (SELECT value FROM json_each(:flying)) LIMIT 1""",
            {
                "account": account,
                "kind": kind,
                "ref": ref,
                "names": as_json(list(names)),
                "flying": as_json(sorted(IN_FLIGHT)),
            },
        ),
        None,
    )
    return row is not None


def adopt(
    db: sqlite_utils.Database,
    *,
    account: str,
    vendor: str,
    kind: Kind,
    seen: Seen,
    state: State,
    values: Mapping[str, str],
    actor: Actor,
    place: Place,
    origin: str,
    now: datetime,
) -> int:
    """A request for what the vendor has already, with a batch of its own; nothing is sent.

    Args:
        seen: what the vendor says of it.
        state: where it stands, one of those in which the vendor has it.
        values: what is known of it, in the keys of a submission.
        actor: who adopts it.
        place: where news of it are told.
        origin: of the delivery with which that was said.
        now: when.

    Returns:
        Its number.
    """
    at = to_text(now)
    name = values["name"]
    who = {"submitter": actor.key, "submitter_name": actor.name or actor.user}
    where = {"platform": place.platform, "conversation": place.conversation, "thread": place.thread}
    what = {"kind": kind, "name": name}
    origin = f"{place.platform}:{origin}:adopt:{account}:{kind}:{seen.ref}"
    batch = insert(db, "batches", {"origin": origin, **what, **who, **where, "created_at": at})
    number = insert(
        db,
        "requests",
        {
            "batch": batch,
            "account": account,
            "vendor": vendor,
            **what,
            "state": state,
            "action": Action.CREATE,
            "fields": as_json(dict(values)),
            "papers": as_json([]),
            "vendor_ref": seen.ref,
            "ticket": seen.order,
            "word": seen.word,
            "reason": seen.reason,
            "filings": column(seen.filings),
            "submitted_at": column(seen.created_at),
            "next_look_at": at,
            **who,
            **where,
            "created_at": at,
            "updated_at": at,
            # How long it has stood so nobody tells: not longer than it is there, and what is old is no news.
            "since": at if seen.created_at is None else to_text(min(seen.created_at, now)),
        },
    )
    events.append(
        db,
        at=now,
        what="adopted",
        actor=actor.key,
        account=account,
        request=number,
        data={**what, "state": state, "vendor_ref": seen.ref, "fields": dict(values)},
    )
    return number
