"""`signpost` as users run it, but for two things: its record waits a tenth of a second for another program that holds it,
and may only be read while a file `read-only` stands in the folder.

Run as `python -m tests.acceptance.impatient COMMAND …`. SQLite itself does the refusing in either case.
"""

import functools
import sqlite3
import sys
from pathlib import Path
from typing import Any

from bot.running.cli import main

READ_ONLY = "read-only"
BUSY_SECONDS = 0.1


class Connection(sqlite3.Connection):
    """A connection that asks before each transaction whether it may write."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql == "BEGIN IMMEDIATE":
            super().execute(f"PRAGMA query_only={int(Path(READ_ONLY).exists())}")
        return super().execute(sql, *parameters)


def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
    return _connect(*arguments, **{**named, "timeout": BUSY_SECONDS})


_connect = functools.partial(sqlite3.connect, factory=Connection)

if __name__ == "__main__":
    sqlite3.connect = connect
    sys.argv[0] = "signpost"
    main()
