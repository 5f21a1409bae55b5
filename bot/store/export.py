"""`signpost export`, `verify`, `backup`: the record from outside, also while the bot runs."""

import asyncio
import csv
import io
import json
import os
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import sqlite_utils

from bot.contracts.errors import RecordUnavailable, SignpostError
from bot.contracts.settings import Settings
from bot.store import events
from bot.store.database import Database
from bot.store.unusable import FILE, RecordUnusable, of_database, of_system, used
from bot.store.whose import lost_tables

T = TypeVar("T")

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

_WRITING = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY)
"""What SQLite says of a copy that cannot be written; the record was opened and read before."""

_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@＝＋－＠]")
"""What a spreadsheet takes for the beginning of a formula, or leaves out before it (OWASP, *CSV Injection*)."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel reads CSV in the code page of the machine, and Chinese is garbage."""


class CannotWrite(SignpostError):
    """What was asked for could not be written where it was to go."""


async def export_requests(settings: Settings, form: str, out: BinaryIO) -> int:
    """Write every request, as CSV or as a JSON array, always in UTF-8; returns the exit code.

    The record is read through once before the first byte is written, and a second time, as it stood then, to write row
    by row: so memory does not grow with it, and what cannot be read to its end is not begun.

    Raises:
        RecordUnusable: it cannot be read; nothing was written.
        CannotWrite: the output takes no more.
    """

    def write(db: sqlite_utils.Database) -> None:
        for _ in _written(form, _rows(db)):
            pass
        for text in _written(form, _rows(db)):
            _put(out, text.encode("utf-8", "backslashreplace"))
        _put(out, b"")

    await reading(settings, write)
    return 0


async def verify_events(settings: Settings, say: Callable[[str], object]) -> int:
    """Check the file, then the chain of events; returns the exit code.

    Raises:
        RecordUnusable: the file is damaged.
    """

    def follow(db: sqlite_utils.Database) -> tuple[int | None, int]:
        _check_pages(db)
        return events.first_broken(db), events.last_id(db)

    broken, last = await reading(settings, follow)
    if broken is None:
        say(f"{last} {'event' if last == 1 else 'events'}, the chain is whole.")
        return 0
    say(f"Event {broken} does not follow from the one before it: it was changed, or rows before it were removed.")
    return 1


async def back_up(settings: Settings, target: Path, say: Callable[[str], object]) -> int:
    """Copy the record to a new file, whole or not at all; returns the exit code.

    Raises:
        RecordUnusable: the record cannot be read, or is damaged; there is no copy then.
        CannotWrite: the copy cannot be written; there is none then.
    """
    path = _file(settings)
    async with Database(path, read_only=True) as database:
        try:
            os.close(await asyncio.to_thread(os.open, target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        except FileExistsError:
            say(f"{target} exists already; a backup never overwrites.")
            return 1
        except (OSError, ValueError) as error:
            raise _no_copy(target, error) from error
        try:
            await database.backup(target)
            await asyncio.to_thread(_check_copy, target)
        except BaseException as error:
            await asyncio.to_thread(target.unlink, missing_ok=True)
            said = _cause(error)
            if not isinstance(said, sqlite3.Error):
                raise
            code = getattr(said, "sqlite_errorcode", 0) & 0xFF
            raise (_no_copy(target, said) if code in _WRITING else of_database(path, said)) from error
    size = (await asyncio.to_thread(target.stat)).st_size
    say(f"{target}: {size} bytes.")
    return 0


def _cause(error: BaseException) -> BaseException:
    """What SQLite said, where the record is unavailable."""
    return error.__cause__ or error if isinstance(error, RecordUnavailable) else error


async def reading(settings: Settings, question: Callable[[sqlite_utils.Database], T]) -> T:
    """Ask the record something from outside, also while the bot runs.

    Raises:
        FileNotFoundError: there is none yet.
        RecordUnusable: it cannot be read.
    """
    path = _file(settings)
    async with Database(path, read_only=True) as database:
        with used(path):
            try:
                return await database.read(question)
            except RecordUnavailable as error:
                raise _cause(error) from None


def _rows(db: sqlite_utils.Database) -> Iterator[dict[str, Any]]:
    return db.query(f"SELECT {', '.join(COLUMNS)} FROM requests ORDER BY id")  # noqa: S608 - our own names


def _written(form: str, rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    return _as_json(rows) if form == "json" else _as_csv(rows)


def _as_csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    line = io.StringIO(newline="")
    writer = csv.DictWriter(line, COLUMNS)
    writer.writeheader()
    yield BYTE_ORDER_MARK + _taken(line)
    for row in rows:
        writer.writerow({name: _harmless(value) for name, value in row.items()})
        yield _taken(line)


def _taken(line: io.StringIO) -> str:
    text = line.getvalue()
    line.seek(0)
    line.truncate()
    return text


def _as_json(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    before = "[\n  "
    for row in rows:
        filled = row | {"fields": _fields(row)}
        yield before + json.dumps(filled, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        before = ",\n  "
    yield "[]\n" if before.startswith("[") else "\n]\n"


def _fields(row: Mapping[str, Any]) -> object:
    try:
        return json.loads(str(row["fields"]))
    except ValueError as error:
        raise sqlite3.DatabaseError(f"the fields of request {row['id']} are no JSON") from error


def _put(out: BinaryIO, content: bytes) -> None:
    """Write, and at the end (nothing) flush."""
    try:
        out.write(content) if content else out.flush()
    except BrokenPipeError:
        raise  # whoever read it has seen enough
    except OSError as error:
        raise CannotWrite(f"The output cannot be written: {error.strerror}. What is there now is not whole.") from error


def _check_pages(db: sqlite_utils.Database) -> None:
    """Look at every page of a file, and for every table; raises SQLite's error where they do not fit together."""
    (found,) = next(iter(db.execute("PRAGMA quick_check(1)")))
    if found != "ok":
        raise sqlite3.DatabaseError(" ".join(str(found).split()))
    if lost := lost_tables(db):
        raise sqlite3.DatabaseError(f"tables are missing: {', '.join(lost)}")


def _check_copy(target: Path) -> None:
    copy = sqlite_utils.Database(sqlite3.connect(target), execute_plugins=False)
    try:
        _check_pages(copy)
    finally:
        copy.close()


def _no_copy(target: Path, error: Exception) -> CannotWrite:
    if isinstance(error, OSError):
        why = of_system(target, error)
    else:
        why = RecordUnusable(target, f"cannot be written ({error})", "name another place, or make room there")
    return CannotWrite(f"{why}. There is no copy.")


def _file(settings: Settings) -> Path:
    return settings.bot.data_dir / FILE


def _harmless(value: object) -> object:
    """A cell that a spreadsheet would take for a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else value
