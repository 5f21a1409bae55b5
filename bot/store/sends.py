"""The table `sends`: test messages. The only table with whole phone numbers in it, those of `test_numbers`."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlite_utils

from bot.contracts.due import furthest
from bot.contracts.model import Place, Refusal
from bot.contracts.numbers import masked
from bot.contracts.sent import MOVES, SendState, TestMessage
from bot.store import events
from bot.store.moments import from_text, maybe_from_text, maybe_text, to_text


class IllegalSend(ValueError):
    """The table of moves does not have this one: a mistake of the program, never of a person."""


def order(db: sqlite_utils.Database, message: TestMessage, origin: str) -> TestMessage:
    """Store the intent, once for what was said; returns it with its number, or the one that was stored before."""
    before = next(map(_message, db.query("SELECT * FROM sends WHERE origin = ?", (origin,))), None)
    if before is not None:
        return before
    row = {**_row(message), "origin": origin}
    del row["id"]
    columns = ", ".join(row)
    made = db.execute(f"INSERT INTO sends ({columns}) VALUES ({', '.join(':' + name for name in row)})", row)  # noqa: S608 - our own names
    stored = get(db, int(made.lastrowid or 0))
    if stored.state is not SendState.ASKED:
        _event(db, stored, message.created_at, message.sender)
    return stored


def change(
    db: sqlite_utils.Database, message: TestMessage, now: datetime, *, actor: str = events.SYSTEM, **changes: Any
) -> TestMessage:
    """Write what changed; a move writes the event.

    Raises:
        IllegalSend: there is no such move.
    """
    after = changes.get("state", message.state)
    moved = after is not message.state
    if moved:
        if after not in MOVES[message.state]:
            raise IllegalSend(f"a test message cannot go from {message.state} to {after}")
        changes["since"] = now
    row = {name: _column(value) for name, value in changes.items()}
    columns = ", ".join(f"{name} = :{name}" for name in row)
    db.execute(f"UPDATE sends SET {columns} WHERE id = :id", {**row, "id": message.id})  # noqa: S608 - our own names
    stored = get(db, message.id)
    if moved and after is not SendState.SENDING:  # what comes of that is the story
        _event(db, stored, now, actor)
    return stored


def get(db: sqlite_utils.Database, number: int) -> TestMessage:
    """One of them.

    Raises:
        LookupError: there is none with this number.
    """
    found = find(db, number)
    if found is None:
        raise LookupError(number)
    return found


def find(db: sqlite_utils.Database, number: int) -> TestMessage | None:
    """One of them, if there is one with this number."""
    return next(map(_message, db.query("SELECT * FROM sends WHERE id = ?", (number,))), None)


def in_state(db: sqlite_utils.Database, state: SendState, account: str | None = None) -> tuple[TestMessage, ...]:
    """All in a state, oldest first."""
    rows = db.query(
        "SELECT * FROM sends WHERE state = ?1 AND (?2 IS NULL OR account = ?2) ORDER BY id", (state, account)
    )
    return tuple(map(_message, rows))


def on_their_way(db: sqlite_utils.Database) -> tuple[TestMessage, ...]:
    """Those of which something is still awaited: an answer, or a receipt that may come any moment."""
    rows = db.query(
        """SELECT * FROM sends WHERE state IN ('queued', 'sending')
           OR (state IN ('sent', 'unknown') AND next_look_at IS NOT NULL) ORDER BY id"""
    )
    return tuple(map(_message, rows))


def due(
    db: sqlite_utils.Database, account: str, states: Sequence[SendState], now: datetime, widest: timedelta
) -> tuple[TestMessage, ...]:
    """Those that the vendor should be asked about now."""
    rows = db.query(
        """SELECT * FROM sends WHERE account = ? AND next_look_at IS NOT NULL
           AND state IN (SELECT value FROM json_each(?)) AND (next_look_at <= ? OR next_look_at > ?) ORDER BY id""",
        (account, json.dumps(list(states)), to_text(now), to_text(furthest(now, widest))),
    )
    return tuple(map(_message, rows))


def to_number(
    db: sqlite_utils.Database, account: str, number: str, start: datetime, end: datetime
) -> tuple[TestMessage, ...]:
    """What one number was sent from here in a span of time, newest first; without what nobody said yes to.

    Args:
        number: as `test_numbers` has it.
    """
    rows = db.query(
        """SELECT * FROM sends WHERE account = ? AND number = ? AND created_at >= ? AND created_at < ?
           AND state NOT IN ('asked', 'declined')
           ORDER BY id DESC LIMIT 200""",
        (account, number, to_text(start), to_text(end)),
    )
    return tuple(map(_message, rows))


def newest(db: sqlite_utils.Database, account: str, sign: str = "") -> TestMessage | None:
    """The newest of an account, with a signature where one is named; one that arrived goes before later ones."""
    rows = db.query(
        """SELECT * FROM sends WHERE account = ?1 AND (?2 = '' OR sign = ?2) AND state NOT IN ('asked', 'declined')
           ORDER BY state = 'delivered' DESC, id DESC LIMIT 1""",
        (account, sign),
    )
    return next((_message(row) for row in rows), None)


def meant(db: sqlite_utils.Database, account: str, mark: str, serial: str) -> TestMessage | None:
    """The one that a receipt speaks of: by our own mark, else by the vendor's id of the sending; none where it is not ours."""
    row = next(
        db.query(
            """SELECT * FROM sends WHERE account = ?1 AND ((?2 <> '' AND mark = ?2) OR (?3 <> '' AND serial = ?3))
               ORDER BY mark = ?2 DESC LIMIT 1""",
            (account, mark, serial),
        ),
        None,
    )
    return None if row is None else _message(row)


def known(db: sqlite_utils.Database, account: str, serials: Sequence[str]) -> frozenset[str]:
    """Which of the vendor's ids belong to test messages of ours already."""
    rows = db.query(
        "SELECT serial FROM sends WHERE account = ? AND serial IN (SELECT value FROM json_each(?))",
        (account, json.dumps(list(serials))),
    )
    return frozenset(row["serial"] for row in rows)


def _event(db: sqlite_utils.Database, message: TestMessage, now: datetime, actor: str) -> None:
    data = {"send": message.id, "state": message.state, "number": masked(message.number), "template": message.template}
    events.append(db, at=now, what="test-message", actor=actor, account=message.account, data=data)


def _row(message: TestMessage) -> dict[str, Any]:
    place = message.place
    return {
        "id": message.id,
        "account": message.account,
        "state": str(message.state),
        "template": message.template,
        "name": message.name,
        "type": message.type,
        "sign": message.sign,
        "number": message.number,
        "vars": json.dumps(dict(message.values), ensure_ascii=False),
        "parts": message.parts,
        "mark": message.mark,
        "serial": message.serial,
        "code": message.code,
        "said": message.said,
        "refusal": _column(message.refusal),
        "sender": message.sender,
        "sender_name": message.sender_name,
        "platform": place.platform,
        "conversation": place.conversation,
        "thread": place.thread,
        "created_at": to_text(message.created_at),
        "since": to_text(message.since),
        "sent_at": maybe_text(message.sent_at),
        "receipt_at": maybe_text(message.receipt_at),
        "next_look_at": maybe_text(message.next_look_at),
        "looks": message.looks,
    }


def _column(value: object) -> object:
    match value:
        case datetime():
            return to_text(value)
        case Refusal():
            return json.dumps(value.to_json(), ensure_ascii=False)
        case SendState():
            return str(value)
        case _:
            return value


def _message(row: Mapping[str, Any]) -> TestMessage:
    return TestMessage(
        id=row["id"],
        account=row["account"],
        state=SendState(row["state"]),
        template=row["template"],
        name=row["name"],
        type=row["type"],
        sign=row["sign"],
        number=row["number"],
        values=json.loads(row["vars"]),
        parts=row["parts"],
        mark=row["mark"],
        serial=row["serial"],
        code=row["code"],
        said=row["said"],
        refusal=Refusal.from_json(json.loads(row["refusal"])),
        sender=row["sender"],
        sender_name=row["sender_name"],
        place=Place(row["platform"], row["conversation"], row["thread"]),
        created_at=from_text(row["created_at"]),
        since=from_text(row["since"]),
        sent_at=maybe_from_text(row["sent_at"]),
        receipt_at=maybe_from_text(row["receipt_at"]),
        next_look_at=maybe_from_text(row["next_look_at"]),
        looks=row["looks"],
    )
