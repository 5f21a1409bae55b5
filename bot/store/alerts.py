"""The table `alerts`: conditions that somebody must look at. At most one that is not resolved for each fingerprint."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlite_utils

from bot.contracts.alert import Alert, AlertState, Behind, Metric, Severity, Stock
from bot.contracts.model import Refusal
from bot.store.moments import from_text, maybe_from_text, maybe_text, to_text


def put(db: sqlite_utils.Database, alert: Alert) -> Alert:
    """Store an alert: a new one (number 0) gets a number, a known one is brought up to date.

    Args:
        db: the record.
        alert: as it now stands.

    Returns:
        The alert with its number.
    """
    row: dict[str, Any] = {
        "fingerprint": alert.fingerprint,
        "rule": alert.rule,
        "account": alert.account,
        "severity": alert.severity,
        "state": alert.state,
        "metric": alert.metric,
        "value": str(alert.value),
        "bound": str(alert.bound),
        "opened_at": to_text(alert.opened_at),
        "updated_at": to_text(max(at for at in (alert.last_told_at, alert.acked_at, alert.resolved_at) if at)),
        "last_told_at": to_text(alert.last_told_at),
        "acked_by": alert.acked_by,
        "acked_by_name": alert.acked_by_name,
        "acked_at": maybe_text(alert.acked_at),
        "ack_note": alert.ack_note,
        "snoozed_until": maybe_text(alert.snoozed_until),
        "snoozed_by": alert.snoozed_by,
        "snoozed_by_name": alert.snoozed_by_name,
        "clear_since": maybe_text(alert.clear_since),
        "resolved_at": maybe_text(alert.resolved_at),
        "resolved_by": alert.resolved_by,
        "resolved_by_name": alert.resolved_by_name,
        "resolve_note": alert.resolve_note,
        "refusal": json.dumps(alert.refusal.to_json(), ensure_ascii=False) if alert.refusal else "",
        "stock": json.dumps(alert.stock.to_json(), ensure_ascii=False) if alert.stock else "",
        "empty_since": maybe_text(alert.empty_since),
        "escalated": alert.escalated,
        "called_since": maybe_text(alert.called_since),
        "held": int(alert.held),
        "flaps": alert.flaps,
        "behind": json.dumps(alert.behind.to_json(), ensure_ascii=False) if alert.behind else "",
    }
    if alert.number:
        assignments = ", ".join(f"{name} = :{name}" for name in row)
        db.execute(f"UPDATE alerts SET {assignments} WHERE id = :id", {**row, "id": alert.number})  # noqa: S608 - our own names
        return get(db, alert.number)
    columns = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    cursor = db.execute(f"INSERT INTO alerts ({columns}) VALUES ({places})", row)  # noqa: S608 - our own names
    return get(db, int(cursor.lastrowid or 0))


def get(db: sqlite_utils.Database, number: int) -> Alert:
    """One alert.

    Raises:
        LookupError: there is none with this number.
    """
    found = find(db, number)
    if found is None:
        raise LookupError(number)
    return found


def find(db: sqlite_utils.Database, number: int) -> Alert | None:
    """One alert, if there is one with this number."""
    row = next(db.query("SELECT * FROM alerts WHERE id = ?", (number,)), None)
    return None if row is None else _alert(row)


def newest(db: sqlite_utils.Database, account: str) -> dict[str, Alert]:
    """The latest alert of each fingerprint of an account, also resolved ones."""
    rows = db.query(
        "SELECT * FROM alerts WHERE id IN (SELECT MAX(id) FROM alerts WHERE account = ? GROUP BY fingerprint)",
        (account,),
    )
    return {row["fingerprint"]: _alert(row) for row in rows}


def standing(db: sqlite_utils.Database, accounts: Sequence[str] = ()) -> tuple[Alert, ...]:
    """The alerts that are not resolved, newest first; of all accounts when none is named."""
    rows = db.query("SELECT * FROM alerts INDEXED BY alerts_open_once WHERE state <> 'resolved' ORDER BY id DESC")
    return tuple(_alert(row) for row in rows if not accounts or row["account"] in accounts)


def beside(db: sqlite_utils.Database, alert: Alert, limit: int) -> tuple[int, ...]:
    """The numbers of other alerts of the same account that are told and not resolved, the latest first."""
    rows = db.query(
        """SELECT id FROM alerts INDEXED BY alerts_open_once
           WHERE state <> 'resolved' AND account = ? AND id <> ? AND held = 0 ORDER BY id DESC LIMIT ?""",
        (alert.account, alert.number, limit),
    )
    return tuple(int(row["id"]) for row in rows)


def mark_stale(db: sqlite_utils.Database, number: int, stale: bool) -> None:
    """Keep whether an alert has a newer figure than its cards show."""
    db.execute("UPDATE alerts SET stale = ?1 WHERE id = ?2 AND stale <> ?1", (int(stale), number))


def stale(db: sqlite_utils.Database) -> tuple[Alert, ...]:
    """The alerts whose cards show an older figure."""
    rows = db.query("SELECT * FROM alerts INDEXED BY alerts_stale WHERE stale = 1 ORDER BY id")
    return tuple(_alert(row) for row in rows)


def opened_by(db: sqlite_utils.Database, start: datetime, end: datetime) -> dict[str, int]:
    """Rule → how many of the alerts that it last spoke of were opened in a time, both ends included."""
    rows = db.query(
        "SELECT rule, COUNT(*) AS n FROM alerts WHERE opened_at BETWEEN ? AND ? GROUP BY rule",
        (to_text(start), to_text(end)),
    )
    return {row["rule"]: row["n"] for row in rows}


def put_aside(db: sqlite_utils.Database, accounts: Sequence[str], since: datetime) -> tuple[Alert, ...]:
    """The alerts that somebody closed since a time although it was still so (`Alert.put_aside`), newest first."""
    rows = db.query(
        """SELECT * FROM alerts WHERE state = 'resolved' AND resolved_by <> '' AND clear_since IS NULL
           AND resolved_at >= ? ORDER BY id DESC""",
        (to_text(since),),
    )
    return tuple(_alert(row) for row in rows if row["account"] in accounts)


def _alert(row: Mapping[str, Any]) -> Alert:
    return Alert(
        number=row["id"],
        fingerprint=row["fingerprint"],
        rule=row["rule"],
        account=row["account"],
        metric=Metric(row["metric"]),
        severity=Severity(row["severity"]),
        state=AlertState(row["state"]),
        value=Decimal(row["value"]),
        bound=Decimal(row["bound"]),
        opened_at=from_text(row["opened_at"]),
        last_told_at=from_text(row["last_told_at"]),
        acked_by=row["acked_by"],
        acked_by_name=row["acked_by_name"],
        acked_at=maybe_from_text(row["acked_at"]),
        ack_note=row["ack_note"],
        snoozed_until=maybe_from_text(row["snoozed_until"]),
        snoozed_by=row["snoozed_by"],
        snoozed_by_name=row["snoozed_by_name"],
        clear_since=maybe_from_text(row["clear_since"]),
        resolved_at=maybe_from_text(row["resolved_at"]),
        resolved_by=row["resolved_by"],
        resolved_by_name=row["resolved_by_name"],
        resolve_note=row["resolve_note"],
        refusal=Refusal.from_json(json.loads(row["refusal"])) if row["refusal"] else None,
        stock=Stock.from_json(json.loads(row["stock"])) if row["stock"] else None,
        empty_since=maybe_from_text(row["empty_since"]),
        escalated=row["escalated"],
        called_since=maybe_from_text(row["called_since"]),
        held=bool(row["held"]),
        flaps=row["flaps"],
        behind=Behind.from_json(json.loads(row["behind"])) if row["behind"] else None,
    )
