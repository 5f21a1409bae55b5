"""The tables `batches` and `requests`: what was asked of whom, and where it stands.

Functions of the connection; each is one step of a transaction that a use case composes. `move` is the only way a
state changes, and it writes the story in the same breath.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

import sqlite_utils

from bot.contracts.due import furthest
from bot.contracts.model import Action, Actor, Kind, Place, Refusal, Request, State
from bot.contracts.states import PENDING, check
from bot.store import events
from bot.store.moments import from_text, to_text
from bot.store.newest import newest
from bot.store.rows import COLUMNS, as_json, column, insert, request_of


@dataclass(frozen=True, slots=True)
class Batch:
    """The requests born from one command."""

    id: int
    kind: Kind
    name: str
    submitter: str
    submitter_name: str
    place: Place
    created_at: datetime


@dataclass(frozen=True, slots=True)
class NewRequest:
    """One request to be born: `draft`, `queued` or `awaiting_approval`; its parts are those of `Request`.

    Of a file stand `{"key", "name", "size", "sha256"}`, never the content.
    """

    account: str
    vendor: str
    values: Mapping[str, str]
    papers: tuple[Mapping[str, str], ...]
    state: State
    reason: str = ""
    refusal: Refusal | None = None
    earlier: int | None = None


def create_batch(
    db: sqlite_utils.Database,
    *,
    origin: str,
    kind: Kind,
    name: str,
    actor: Actor,
    place: Place,
    new: Iterable[NewRequest],
    now: datetime,
) -> tuple[int, bool]:
    """Store the intent: a batch and its requests.

    Returns:
        The batch's id, and whether it is new; the same origin twice gives the first one's id and changes nothing.
    """
    known = next(db.query("SELECT id FROM batches WHERE origin = ?", (origin,)), None)
    if known:
        return int(known["id"]), False
    at = to_text(now)
    who = {"submitter": actor.key, "submitter_name": actor.name or actor.user}
    where = {"platform": place.platform, "conversation": place.conversation, "thread": place.thread}
    batch = insert(db, "batches", {"origin": origin, "kind": kind, "name": name, **who, **where, "created_at": at})
    for request in new:
        number = insert(
            db,
            "requests",
            {
                "batch": batch,
                "account": request.account,
                "vendor": request.vendor,
                "kind": kind,
                "name": name,
                "state": request.state,
                "action": Action.CREATE,
                "fields": as_json(dict(request.values)),
                "papers": as_json([dict(paper) for paper in request.papers]),
                "reason": request.reason,
                "refusal": column(request.refusal),
                "earlier": request.earlier,
                **who,
                **where,
                "created_at": at,
                "updated_at": at,
                "since": at,
            },
        )
        events.append(
            db,
            at=now,
            what="created",
            actor=actor.key,
            account=request.account,
            request=number,
            data={"kind": kind, "name": name, "state": request.state, "fields": dict(request.values)},
        )
    return batch, True


def move(
    db: sqlite_utils.Database,
    request: Request,
    to: State,
    *,
    now: datetime,
    actor: str,
    **changes: object,
) -> Request:
    """Move a request to another state and write it into the story.

    Args:
        request: as it was read in this transaction.
        to: the new state.
        now: when.
        actor: who did it: `Actor.key`, `vendor` or `signpost`.
        changes: further attributes of `Request` that change with it.

    Returns:
        The request as it now stands.

    Raises:
        bot.contracts.states.IllegalMove: the table of moves does not have it.
    """
    check(request.state, to)
    story: dict[str, object] = {"from": request.state, "to": to, "action": changes.get("action", request.action)}
    story |= {
        key: value for key, value in changes.items() if key in {"reason", "vendor_ref", "word", "order"} and value
    }
    refused = changes.get("refusal")
    if isinstance(refused, Refusal) and request.prior is to:
        story["refused"] = refused.message or refused.code
    events.append(db, at=now, what="moved", actor=actor, account=request.account, request=request.number, data=story)
    return update(db, request, now=now, state=to, since=now, **changes)


def behind(db: sqlite_utils.Database, request: Request, to: State, *, now: datetime, **changes: object) -> Request:
    """Where the vendor has what somebody ordered a change or a deletion of, which waits for a second person.

    Args:
        request: as it was read in this transaction; it goes on waiting.
        to: where the vendor has it now.
        now: when.
        changes: further attributes of `Request` that change with it.

    Returns:
        The request as it now stands.
    """
    story: dict[str, object] = {"from": request.prior, "to": to, "action": request.action}
    story |= {key: value for key, value in changes.items() if key in {"reason", "word", "order"} and value}
    events.append(
        db,
        at=now,
        what="moved",
        actor=events.VENDOR,
        account=request.account,
        request=request.number,
        data=story,
    )
    return update(db, request, now=now, prior=to, looks=0, **changes)


def update(db: sqlite_utils.Database, request: Request, *, now: datetime, **changes: object) -> Request:
    """Change attributes of a request, and when it was touched; returns it as it now stands.

    The name is one of the values; that it also has a column, to be found by, is known here only.
    """
    if isinstance(values := changes.get("values"), Mapping):
        changes = {**changes, "name": values.get("name", request.name)}
    row = {COLUMNS.get(name, name): column(value) for name, value in changes.items()} | {"updated_at": to_text(now)}
    assignments = ", ".join(f"{name} = :{name}" for name in row)
    db.execute(f"UPDATE requests SET {assignments} WHERE id = :id", {**row, "id": request.number})  # noqa: S608 - our own names
    return get(db, request.number)


def get(db: sqlite_utils.Database, number: int) -> Request:
    """One request.

    Raises:
        LookupError: there is none with this number.
    """
    found = find(db, number)
    if found is None:
        raise LookupError(number)
    return found


def find(db: sqlite_utils.Database, number: int) -> Request | None:
    """One request, if there is one with this number."""
    row = next(db.query("SELECT * FROM requests WHERE id = ?", (number,)), None)
    return None if row is None else request_of(row)


def batch(db: sqlite_utils.Database, batch_id: int) -> Batch:
    """One batch."""
    row = next(db.query("SELECT * FROM batches WHERE id = ?", (batch_id,)))
    return Batch(
        id=row["id"],
        kind=Kind(row["kind"]),
        name=row["name"],
        submitter=row["submitter"],
        submitter_name=row["submitter_name"],
        place=Place(row["platform"], row["conversation"], row["thread"]),
        created_at=from_text(row["created_at"]),
    )


def origin(db: sqlite_utils.Database, batch_id: int) -> str:
    """The delivery that made a batch, behind the platform it came from: `slack:slash:…`."""
    return str(next(db.query("SELECT origin FROM batches WHERE id = ?", (batch_id,)))["origin"])


def of_origin(db: sqlite_utils.Database, origin: str) -> tuple[Request, ...]:
    """The requests that one delivery of a chat made; none where it submitted nothing."""
    return _requests(db, "batch = (SELECT id FROM batches WHERE origin = :origin)", origin=origin)


def of_batch(db: sqlite_utils.Database, batch_id: int) -> tuple[Request, ...]:
    """The requests of a batch, in order."""
    return _requests(db, "batch = :batch ORDER BY id", batch=batch_id)


def in_states(db: sqlite_utils.Database, states: Iterable[State], account: str | None = None) -> tuple[Request, ...]:
    """The requests in these states, oldest first."""
    return _requests(
        db,
        "state IN (SELECT value FROM json_each(:states)) AND (:account IS NULL OR account = :account) ORDER BY id",
        states=as_json(list(states)),
        account=account,
    )


def count_in(db: sqlite_utils.Database, states: Iterable[State]) -> int:
    """How many requests are in these states."""
    row = next(
        db.query(
            "SELECT COUNT(*) AS n FROM requests WHERE state IN (SELECT value FROM json_each(?))",
            (as_json(list(states)),),
        )
    )
    return int(row["n"])


def open_counts(db: sqlite_utils.Database) -> dict[tuple[str, str, str], int]:
    """How many requests wait for somebody: account, kind, state → count."""
    rows = db.query(
        """SELECT account, kind, state, COUNT(*) AS n FROM requests INDEXED BY requests_state
           WHERE state IN (SELECT value FROM json_each(?)) GROUP BY account, kind, state""",
        (as_json(list(PENDING)),),
    )
    return {(row["account"], row["kind"], row["state"]): int(row["n"]) for row in rows}


def due_looks(
    db: sqlite_utils.Database, account: str, now: datetime, widest: Mapping[State, timedelta], limit: int = 1000
) -> tuple[Request, ...]:
    """The requests of an account that the vendor should be asked about now, oldest question first.

    Args:
        widest: the states that are looked at → how far ahead such a look can be planned (`bot.contracts.due`).
    """
    where = """state = :state AND id IN (
        SELECT id FROM requests INDEXED BY requests_due WHERE account = :account AND next_look_at <= :now UNION ALL
        SELECT id FROM requests INDEXED BY requests_due WHERE account = :account AND next_look_at > :furthest)
        ORDER BY next_look_at LIMIT :limit"""
    found: list[Request] = []
    for state, span in widest.items():
        moments = {"now": to_text(now), "furthest": to_text(furthest(now, span))}
        found += _requests(db, where, state=state, account=account, limit=limit, **moments)
    return tuple(sorted(found, key=lambda one: one.next_look_at or now)[:limit])


def name_of(db: sqlite_utils.Database, submitter: str) -> str:
    """What a submitter (`Actor.key`) was called with a request of theirs; empty when they never submitted anything."""
    row = next(db.query("SELECT submitter_name AS name FROM requests WHERE submitter = ? LIMIT 1", (submitter,)), None)
    return "" if row is None else str(row["name"])


def latest(
    db: sqlite_utils.Database,
    *,
    accounts: tuple[str, ...] = (),
    kind: Kind | None = None,
    states: tuple[State, ...] = (),
    name: str | None = None,
    submitters: Sequence[str] | None = None,
    limit: int = 20,
) -> tuple[Request, ...]:
    """Requests by what they are, newest first; arguments as for `numbers`."""
    found = numbers(db, accounts=accounts, kind=kind, states=states, name=name, submitters=submitters, limit=limit)
    return of_numbers(db, found)


def numbers(
    db: sqlite_utils.Database,
    *,
    accounts: tuple[str, ...] = (),
    kind: Kind | None = None,
    states: tuple[State, ...] = (),
    name: str | None = None,
    submitters: Sequence[str] | None = None,
    over: bool = True,
    limit: int,
) -> tuple[int, ...]:
    """The numbers of requests by what they are, newest first; `over` is whether what was given up or deleted counts.

    An empty argument does not narrow, but `submitters` that are nobody do. However large the record, it reads few
    rows: every combination of what is given lies in one index, newest first.
    """
    narrow: dict[str, Sequence[str]] = {"account": accounts or _accounts(db)}
    index = "requests_listed"
    if submitters is not None:
        narrow["submitter"], index = submitters, "requests_submitter"
    if name is not None:
        narrow["name"], index = (name,), "requests_name"
    if kind is not None or index == "requests_listed":
        narrow["kind"] = tuple(Kind) if kind is None else (kind,)
    if states or index == "requests_listed":
        narrow["state"] = states or tuple(State)
    where = " AND ".join(f"{column} = ?" for column in narrow)
    where += "" if over else " AND state NOT IN ('deleted', 'cancelled')"
    query = f"SELECT id FROM requests INDEXED BY {index} WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608 - our own names
    return newest(db, query, product(*narrow.values()), limit)


def open_numbers(
    db: sqlite_utils.Database, *, accounts: Sequence[str], submitters: Sequence[str], limit: int
) -> tuple[int, ...]:
    """The numbers of what these people asked for and still wait for, newest first; few rows are read."""
    query = """SELECT id FROM requests INDEXED BY requests_open
               WHERE submitter = ? AND account = ? AND state NOT IN ('ready', 'deleted', 'cancelled', 'withdrawn')
               ORDER BY id DESC LIMIT ?"""  # the states as the index has them, otherwise it cannot be used
    return newest(db, query, product(submitters, accounts), limit)


def of_numbers(db: sqlite_utils.Database, wanted: Sequence[int]) -> tuple[Request, ...]:
    """The requests with these numbers, newest first."""
    return _requests(db, "id IN (SELECT value FROM json_each(:ids)) ORDER BY id DESC", ids=as_json(list(wanted)))


def known_refs(db: sqlite_utils.Database, account: str, kind: Kind, among: Iterable[str]) -> frozenset[str]:
    """Which of these vendor ids the record already holds, so that a look-up never takes one for another's."""
    rows = db.query(
        """SELECT vendor_ref FROM requests WHERE account = ? AND kind = ? AND vendor_ref <> ''
           AND vendor_ref IN (SELECT value FROM json_each(?))
           AND state NOT IN ('deleted', 'cancelled', 'failed', 'draft')""",
        (account, kind, as_json(list(among))),
    )
    return frozenset(row["vendor_ref"] for row in rows)


def _accounts(db: sqlite_utils.Database) -> tuple[str, ...]:
    return tuple(row["account"] for row in db.query("SELECT DISTINCT account FROM requests"))


def _requests(db: sqlite_utils.Database, where: str, **arguments: object) -> tuple[Request, ...]:
    return tuple(request_of(row) for row in db.query(f"SELECT * FROM requests WHERE {where}", arguments))  # noqa: S608 - our own text
