"""Whose an SQLite file is: nobody's yet, ours, a newer signpost's, or another program's. Asked before anything is changed."""

import contextlib
import sqlite3
from pathlib import Path

import sqlite_utils

from bot.store.migrations import MIGRATIONS
from bot.store.unusable import RecordUnusable


def holds_a_record(path: Path, db: sqlite_utils.Database) -> bool:
    """Whether a record stands in a file; not in one without any table.

    Args:
        path: of the file, to be named.
        db: the file, opened.

    Raises:
        RecordUnusable: what stands in it is another program's, or needs a newer signpost than this one.
    """
    tables = _tables(db)
    if not tables:
        return False
    applied = [step.name for step in MIGRATIONS.applied(db)]
    if not applied:
        raise RecordUnusable(
            path,
            "is no record of signpost, but another program's SQLite file",
            "move it away, or name another folder",
        )
    known = {step.name for step in MIGRATIONS.pending(sqlite_utils.Database(memory=True))}
    if later := [name for name in applied if name not in known]:
        raise RecordUnusable(
            path,
            f"was written by a newer signpost ({later[-1]})",
            "start that version, or put the backup that was made before it in its place",
        )
    return True


def seen_from_outside(path: Path) -> RecordUnusable | None:
    """Look whose a record is without writing anything, not even beside it; none where it is ours, or cannot be told so.

    Args:
        path: of the file.
    """
    if not path.is_file():
        return None
    # As if nobody else had it open: what waits in its write-ahead log is not seen, and no lock is taken.
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    try:
        with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
            holds_a_record(path, sqlite_utils.Database(connection, execute_plugins=False))
    except RecordUnusable as error:
        return error
    except sqlite3.Error:
        return None
    return None


def lost_tables(db: sqlite_utils.Database) -> tuple[str, ...]:
    """The tables that a record of this version has and this one has not; none are told of a record that an earlier one wrote."""
    if MIGRATIONS.pending(db):
        return ()
    whole = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(whole)
    return tuple(sorted(_tables(whole) - _tables(db)))


def _tables(db: sqlite_utils.Database) -> set[str]:
    return {str(row[0]) for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
