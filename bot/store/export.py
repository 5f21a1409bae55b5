"""`signpost export`, `verify`, `backup`: the record from outside, also while the bot runs."""

import asyncio
import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

import sqlite_utils

from bot.contracts.settings import Settings
from bot.store import events
from bot.store.database import Database

COLUMNS = (
    "id",
    "batch",
    "account",
    "vendor",
    "kind",
    "name",
    "state",
    "vendor_ref",
    "fields",
    "reason",
    "submitter",
    "platform",
    "conversation",
    "created_at",
    "updated_at",
)
"""The columns of `requests` that others rely on (spec 10)."""


async def export_requests(settings: Settings, form: str, out: TextIO) -> int:
    """Write every request, as CSV or as a JSON array; returns the exit code."""

    def rows(db: sqlite_utils.Database) -> list[dict[str, object]]:
        return list(db.query(f"SELECT {', '.join(COLUMNS)} FROM requests ORDER BY id"))  # noqa: S608 - our own names

    async with Database(_file(settings), read_only=True) as database:
        found = await database.read(rows)
    if form == "json":
        for row in found:
            row["fields"] = json.loads(str(row["fields"]))
        json.dump(found, out, ensure_ascii=False, indent=2)
        out.write("\n")
    else:
        writer = csv.DictWriter(out, COLUMNS)
        writer.writeheader()
        writer.writerows({name: _harmless(value) for name, value in row.items()} for row in found)
    return 0


async def verify_events(settings: Settings, say: Callable[[str], object]) -> int:
    """Check the chain of events; returns the exit code."""
    async with Database(_file(settings), read_only=True) as database:
        broken = await database.read(events.first_broken)
        last = await database.read(events.last_id)
    if broken is None:
        say(f"{last} events, the chain is whole.")
        return 0
    say(f"Event {broken} does not follow from the one before it: it was changed, or rows before it were removed.")
    return 1


async def back_up(settings: Settings, target: Path, say: Callable[[str], object]) -> int:
    """Copy the record to a new file; returns the exit code."""
    if await asyncio.to_thread(target.exists):
        say(f"{target} exists already; a backup never overwrites.")
        return 1
    async with Database(_file(settings), read_only=True) as database:
        await database.backup(target)
    size = (await asyncio.to_thread(target.stat)).st_size
    say(f"{target}: {size} bytes.")
    return 0


def _file(settings: Settings) -> Path:
    return settings.bot.data_dir / "signpost.db"


def _harmless(value: object) -> object:
    """A cell that a spreadsheet would take for a formula is kept as text."""
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value
