"""The SQLite file and the two threads that touch it.

Callers hand over *functions of the connection*; a transaction never spans an `await`. Every write is one
`BEGIN IMMEDIATE` … `COMMIT` with `synchronous=FULL`, so what was answered is on the disk.
"""

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self, TypeVar

import sqlite_utils

from bot.store.migrations import MIGRATIONS

T = TypeVar("T")

BUSY_MILLISECONDS = 5_000  # another process (the sqlite-utils tool, a backup) may hold the file for a moment
WAITING_LIMIT = 2_000  # callers that may wait for the writer; more than that is a fault, not a load


class Database:
    """The record's file, opened once for writing and once for reading.

    Use as `async with Database(path) as database`.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="record-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="record-reader")
        self._room = asyncio.Semaphore(WAITING_LIMIT)
        self._write_db: sqlite_utils.Database | None = None
        self._read_db: sqlite_utils.Database | None = None

    async def __aenter__(self) -> Self:
        """Open the file, make or upgrade its tables."""
        loop = asyncio.get_running_loop()
        self._write_db = await loop.run_in_executor(self._writer, self._open_for_writing)
        self._read_db = await loop.run_in_executor(self._reader, self._open_for_reading)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish what was handed over, then close."""
        loop = asyncio.get_running_loop()
        for executor, db in ((self._writer, self._write_db), (self._reader, self._read_db)):
            if db is not None:
                await loop.run_in_executor(executor, db.close)
            executor.shutdown(wait=True)

    async def write(self, change: Callable[[sqlite_utils.Database], T]) -> T:
        """Run a function of the connection in one durable transaction.

        A caller that is cancelled does not undo a write already handed over: it completes, and the caller can look.

        Raises:
            Whatever `change` raises, after a rollback.
        """
        async with self._room:
            db = self._write_db
            assert db is not None, "the record is not open"  # noqa: S101 - a fault of ours, never of a user
            future = asyncio.get_running_loop().run_in_executor(self._writer, _transaction, db, change)
            return await asyncio.shield(future)

    async def read(self, question: Callable[[sqlite_utils.Database], T]) -> T:
        """Run a function that only reads; it sees the last committed state and never waits for the writer."""
        async with self._room:
            db = self._read_db
            assert db is not None, "the record is not open"  # noqa: S101 - a fault of ours, never of a user
            return await asyncio.get_running_loop().run_in_executor(self._reader, question, db)

    async def backup(self, target: Path) -> None:
        """Write a consistent copy of the whole record to a new file while the bot runs."""

        def copy(db: sqlite_utils.Database) -> None:
            destination = sqlite3.connect(target)
            try:
                db.conn.backup(destination)
            finally:
                destination.close()

        await self.read(copy)

    def _open_for_writing(self) -> sqlite_utils.Database:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = _connect(self.path)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=FULL")
        db.execute("PRAGMA foreign_keys=ON")
        MIGRATIONS.apply(db)
        return db

    def _open_for_reading(self) -> sqlite_utils.Database:
        db = _connect(self.path)
        db.execute("PRAGMA query_only=ON")
        return db


def _connect(path: Path) -> sqlite_utils.Database:
    connection = sqlite3.connect(path, timeout=BUSY_MILLISECONDS / 1000)
    return sqlite_utils.Database(connection, execute_plugins=False)


def _transaction(db: sqlite_utils.Database, change: Callable[[sqlite_utils.Database], T]) -> T:
    db.execute("BEGIN IMMEDIATE")
    try:
        result = change(db)
    except BaseException:
        db.conn.rollback()
        raise
    db.conn.commit()
    return result
