"""The SQLite file and the two threads that touch it.

Callers hand over *functions of the connection*; a transaction never spans an `await`. Writes that wait at the same
time share one `BEGIN IMMEDIATE` … `COMMIT` with `synchronous=FULL`, each in a savepoint of its own; nobody is answered
before the commit, so what was answered is on the disk.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

import sqlite_utils

from bot.store.migrations import MIGRATIONS
from bot.store.unusable import needed

T = TypeVar("T")

BUSY_MILLISECONDS = 5_000  # another process (the sqlite-utils tool, a backup) may hold the file for a moment
WAITING_LIMIT = 2_000  # callers that may wait for the writer; more than that is a fault, not a load
GROUP = 100  # writes in one commit at most, so that the first of them need not wait long for the last


@dataclass(frozen=True, slots=True)
class _Write:
    change: Callable[[sqlite_utils.Database], Any]
    done: Future[Any] = field(default_factory=Future)


class Database:
    """The record's file, opened once for writing and once for reading.

    Use as `async with Database(path) as database`.

    Args:
        path: the file; made when it is not there, unless `read_only`.
        read_only: only questions will be asked: nothing is made, upgraded or written.

    Raises:
        FileNotFoundError: when entered, there is no file and none may be made.
        RecordUnusable: when entered, the file cannot be opened, read or upgraded.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self._read_only = read_only
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="record-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="record-reader")
        self._room = asyncio.Semaphore(WAITING_LIMIT)
        self._waiting: deque[_Write] = deque()
        self._write_db: sqlite_utils.Database | None = None
        self._read_db: sqlite_utils.Database | None = None

    async def __aenter__(self) -> Self:
        """Open the file, make or upgrade its tables."""
        loop = asyncio.get_running_loop()
        try:
            with needed(self.path):
                if not self._read_only:
                    self._write_db = await loop.run_in_executor(self._writer, self._open_for_writing)
                self._read_db = await loop.run_in_executor(self._reader, self._open_for_reading)
        except BaseException:
            await self.__aexit__()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        """Finish what was handed over, then close."""
        loop = asyncio.get_running_loop()
        for executor, db in ((self._writer, self._write_db), (self._reader, self._read_db)):
            if db is not None:
                await loop.run_in_executor(executor, db.close)
            executor.shutdown(wait=True)

    async def write(self, change: Callable[[sqlite_utils.Database], T]) -> T:
        """Run a function of the connection durably, whole or not at all.

        A caller that is cancelled does not undo a write already handed over: it completes, and the caller can look.

        Raises:
            Whatever `change` raises, after a rollback.
        """
        async with self._room:
            db = self._write_db
            assert db is not None, "the record is not open"  # noqa: S101 - a fault of ours, never of a user
            write = _Write(change)
            self._waiting.append(write)
            self._writer.submit(self._commit, db)
            result: T = await asyncio.shield(asyncio.wrap_future(write.done))
            return result

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

    def _commit(self, db: sqlite_utils.Database) -> None:
        """Make all that waits durable with one commit; nothing is left to do when an earlier one took it along."""
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP))]
        group = [write for write in taken if write.done.set_running_or_notify_cancel()]
        if not group:
            return
        try:
            outcomes = _transaction(db, [write.change for write in group])
        except BaseException as error:  # noqa: BLE001 - handed to every caller, none of whose writes was kept
            for write in group:
                write.done.set_exception(error)
            return
        for write, (result, refused) in zip(group, outcomes, strict=True):
            if refused is None:
                write.done.set_result(result)
            else:
                write.done.set_exception(refused)

    def _open_for_writing(self) -> sqlite_utils.Database:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = _connect(self.path)
        try:
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA foreign_keys=ON")
            MIGRATIONS.apply(db)
        except BaseException:
            db.close()
            raise
        return db

    def _open_for_reading(self) -> sqlite_utils.Database:
        if not self.path.exists():
            raise FileNotFoundError(self.path)
        db = _connect(self.path)
        try:
            db.execute("PRAGMA query_only=ON")
            if self._read_only:  # nobody has looked yet whether this is a record at all
                db.execute("SELECT 1 FROM requests LIMIT 1").fetchone()
        except BaseException:
            db.close()
            raise
        return db


def _connect(path: Path) -> sqlite_utils.Database:
    connection = sqlite3.connect(path, timeout=BUSY_MILLISECONDS / 1000)
    return sqlite_utils.Database(connection, execute_plugins=False)


def _transaction(
    db: sqlite_utils.Database, changes: list[Callable[[sqlite_utils.Database], Any]]
) -> list[tuple[Any, Exception | None]]:
    """Run changes in one transaction; one that raises leaves nothing behind and the others untouched."""
    db.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_savepoint(db, change) for change in changes]
        db.conn.commit()
    except BaseException:
        db.conn.rollback()
        raise
    return outcomes


def _savepoint(
    db: sqlite_utils.Database, change: Callable[[sqlite_utils.Database], Any]
) -> tuple[Any, Exception | None]:
    db.execute("SAVEPOINT one")
    try:
        result = change(db)
    except Exception as error:  # noqa: BLE001 - it is the caller's, who is given it
        db.execute("ROLLBACK TO one")
        db.execute("RELEASE one")
        return None, error
    db.execute("RELEASE one")
    return result, None
