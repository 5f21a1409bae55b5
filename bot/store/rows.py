"""How values become columns, and rows become requests again."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlite_utils

from bot.contracts.model import Action, CarrierFiling, Kind, Place, Refusal, Request, State
from bot.store.moments import from_text, maybe_from_text, to_text

COLUMNS = {"values": "fields", "order": "ticket"}
"""Attributes of a request whose column is called otherwise."""


def column(value: object) -> object:
    """A value as a column holds it."""
    match value:
        case datetime():
            return to_text(value)
        case tuple():
            return as_json([asdict(item) if isinstance(item, CarrierFiling) else dict(item) for item in value])
        case Mapping():
            return as_json(dict(value))
        case Refusal():
            return as_json(value.to_json())
        case _:
            return value


def as_json(value: object) -> str:
    """A value as JSON, with its letters as they are."""
    return json.dumps(value, ensure_ascii=False)


def request_of(row: Mapping[str, Any]) -> Request:
    """The request that a row holds."""
    return Request(
        number=row["id"],
        batch=row["batch"],
        account=row["account"],
        vendor=row["vendor"],
        kind=Kind(row["kind"]),
        name=row["name"],
        state=State(row["state"]),
        action=Action(row["action"]),
        values={**({"name": row["name"]} if row["name"] else {}), **json.loads(row["fields"])},
        papers=_several(row["papers"]),
        submitter=row["submitter"],
        submitter_name=row["submitter_name"],
        place=Place(row["platform"], row["conversation"], row["thread"]),
        created_at=from_text(row["created_at"]),
        updated_at=from_text(row["updated_at"]),
        since=from_text(row["since"]),
        vendor_ref=row["vendor_ref"],
        order=row["ticket"],
        word=row["word"],
        reason=row["reason"],
        proposed=None if row["proposed"] is None else json.loads(row["proposed"]),
        prior=None if row["prior"] is None else State(row["prior"]),
        refusal=None if row["refusal"] is None else Refusal.from_json(json.loads(row["refusal"])),
        filings=tuple(CarrierFiling(**filing) for filing in _several(row["filings"])),
        submitted_at=maybe_from_text(row["submitted_at"]),
        next_look_at=maybe_from_text(row["next_look_at"]),
        looks=row["looks"],
        ordered_by=row["ordered_by"],
        earlier=row["earlier"],
    )


def _several(text: str) -> tuple[Any, ...]:
    """What a column of several values holds; most hold none."""
    return () if text == "[]" else tuple(json.loads(text))


def insert(db: sqlite_utils.Database, table: str, row: Mapping[str, object]) -> int:
    """Add a row; returns its number."""
    columns = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    cursor = db.execute(f"INSERT INTO {table} ({columns}) VALUES ({places})", dict(row))  # noqa: S608 - our own names
    return int(cursor.lastrowid or 0)
