"""`signpost` as users run it, but for three things: its record waits a tenth of a second for another program that holds it;
it may only be read while a file `read-only` stands in the folder; and its time runs ten times as fast, as the demo's, its
patience with chats too.

Run as `python -m tests.acceptance.impatient COMMAND …`. SQLite itself does the refusing in either case.
"""

import functools
import sqlite3
import sys
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.contracts.clock import FastClock
from bot.contracts.settings import Settings
from bot.notices import outbox
from bot.running import app, serve, worker
from bot.running.cli import main
from integrations.dingtalk import limits
from integrations.slack import client

READ_ONLY = "read-only"
BUSY_SECONDS = 0.1
SPEED = 10.0


class Connection(sqlite3.Connection):
    """A connection that asks before each transaction whether it may write."""

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        if sql == "BEGIN IMMEDIATE":
            super().execute(f"PRAGMA query_only={int(Path(READ_ONLY).exists())}")
        return super().execute(sql, *parameters)


def connect(*arguments: Any, **named: Any) -> sqlite3.Connection:
    return _connect(*arguments, **{**named, "timeout": BUSY_SECONDS})


def sped_up(settings: Settings, **named: Any) -> AbstractAsyncContextManager[app.Bot]:
    return _running(settings, **{**named, "clock": FastClock(datetime.now(UTC), SPEED), "speed": SPEED})


_running = app.running
_connect = functools.partial(sqlite3.connect, factory=Connection)

if __name__ == "__main__":
    sqlite3.connect = connect
    serve.running = sped_up
    app.PATIENCE /= SPEED
    limits.A_MINUTE /= SPEED
    worker.STOP_SECONDS /= SPEED
    outbox.FIRST_RETRY /= SPEED
    client.Slack = functools.partial(client.Slack, per_channel=1.0 / SPEED)
    sys.argv[0] = "signpost"
    main()
