"""The SQLite file and the two threads that touch it.

Callers hand over *functions of the connection*; a transaction never spans an `await`. Writes that wait at the same
time share one `BEGIN IMMEDIATE` … `COMMIT` with `synchronous=FULL`, each in a savepoint of its own; nobody is answered
before the commit, so what was answered is on the disk.

What an outside service has answered is handed over with `store`: when the record takes nothing (locked, full,
read-only), it is held, in order, and written as soon as the record takes it again. Everything else is refused at once
(`RecordUnavailable`), so that nobody waits for what may take long; but for what belongs to something of which a part is
kept already (`bot.store.units`), which is held, too.

What is held has a bound by itself where whoever handed it over waits for it. Who goes on without (`within`) may leave
`HELD_LIMIT` behind; more than that is let go, and said.
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
import structlog

from bot.contracts.errors import RecordUnavailable, WriteRefused
from bot.contracts.model import Words
from bot.store.migrations import MIGRATIONS
from bot.store.unavailable import in_place, unavailable
from bot.store.units import Connection, Unit, current
from bot.store.unusable import left_behind, needed
from bot.store.whose import holds_a_record

log = structlog.get_logger(__name__)

T = TypeVar("T")

BUSY_SECONDS = 5.0  # another process (the sqlite-utils tool, a backup) may hold the file for a moment
WAITING_LIMIT = 2_000  # callers that may wait for the writer; more than that is a fault, not a load
HELD_LIMIT = 10_000  # outcomes that nobody waits for and may be held nevertheless: some megabytes
IN_TROUBLE_SECONDS = 0.2  # while the record is known to take nothing, who can go on without waits no longer than this
WAIT_SECONDS = 2.0  # what belongs to something that is kept already usually is by then; longer, the person is told
AGAIN_SECONDS = 1.0  # after the record took nothing, what is held is tried again
DRAIN_SECONDS = 3.0  # what is held may be tried for so long while the program stops; then the next start settles it
GROUP = 100  # writes in one commit at most, so that the first of them need not wait long for the last


class LetGo(TimeoutError):
    """So much is held that this is not: nobody will store it."""


@dataclass(slots=True)
class _Write:
    change: Callable[[sqlite_utils.Database], Any]
    held: bool = False  # an outcome: tried until the record takes it
    changed: bool = False  # whether it was kept, and changed anything
    done: Future[Any] = field(default_factory=Future)

    def begins(self) -> bool:
        """Whether it is to be tried: somebody still waits for it, or it is an outcome."""
        return self.done.running() or self.done.set_running_or_notify_cancel()


class Database:
    """The record's file, opened once for writing and once for reading.

    Use as `async with Database(path) as database`.

    Args:
        path: the file; made when it is not there, unless `read_only`.
        read_only: only questions will be asked: nothing is made, upgraded or written.
        busy: seconds that a write waits for another program that holds the file.
        again: seconds after which what is held is tried again.

    Attributes:
        trouble: why the record took nothing the last time it was asked to; none when it does.

    Raises:
        FileNotFoundError: when entered, there is no file and none may be made.
        RecordUnusable: when entered, the file cannot be opened, read or upgraded.
    """

    def __init__(
        self, path: Path, *, read_only: bool = False, busy: float = BUSY_SECONDS, again: float = AGAIN_SECONDS
    ) -> None:
        self.path = path
        self._read_only = read_only
        self._busy = busy
        self._pause = again
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="record-writer")
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="record-reader")
        self._room = asyncio.Semaphore(WAITING_LIMIT)
        self._waiting: deque[_Write] = deque()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._held = 0  # outcomes that are not on the disk yet
        self._left = 0  # those of them that nobody waits for
        self._let_go = False  # whether one was let go since the record took something
        self._again: asyncio.TimerHandle | None = None
        self.trouble: Words | None = None  # why the record took nothing the last time; none when it does
        self._write_db: Connection | None = None
        self._read_db: Connection | None = None

    async def __aenter__(self) -> Self:
        """Open the file, make or upgrade its tables."""
        loop = self._loop = asyncio.get_running_loop()
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
        if self._again is not None:
            self._again.cancel()
        if self._write_db is not None:
            await self._drain(loop, self._write_db)
        for executor, db in ((self._writer, self._write_db), (self._reader, self._read_db)):
            if db is not None:
                await loop.run_in_executor(executor, db.close)
            executor.shutdown(wait=True)

    async def write(self, change: Callable[[sqlite_utils.Database], T]) -> T:
        """Run a function of the connection durably, whole or not at all.

        A caller that is cancelled does not undo a write already handed over: it completes, and the caller can look.
        Within a unit of which something was kept already it is not refused, but waits for the record.

        Raises:
            WriteRefused: the record takes nothing now; nothing was changed.
            Whatever `change` raises, after a rollback.
        """
        unit = current()
        if unit is not None and unit.begun:
            return await self._rest(change, unit)
        write = _Write(change)
        async with self._room:
            result: T = await asyncio.shield(self._hand_over(write))
        if unit is not None and write.changed:
            unit.begun = True
        return result

    async def _rest(self, change: Callable[[sqlite_utils.Database], T], unit: Unit) -> T:
        stored = asyncio.ensure_future(self.store(change))
        try:
            while not stored.done():
                await asyncio.wait({stored}, timeout=WAIT_SECONDS)
                if not stored.done() and self.trouble is not None:
                    await unit.wait(self.trouble)
            return stored.result()
        finally:
            stored.cancel()  # nobody waits for it any more; what was handed over is held nevertheless

    async def store(self, change: Callable[[sqlite_utils.Database], T], *, within: float | None = None) -> T:
        """The same for what an outside service has answered: tried until the record takes it, in order.

        A caller that is cancelled, or waits no longer, does not undo it: it is held, and stored when it can be.

        Args:
            change: what is to be stored.
            within: seconds after which the caller goes on without, sooner where the record is known to take nothing; none
                where it waits as long as it takes.

        Raises:
            TimeoutError: it was not stored within that, and is held.
            LetGo: so much is held that this is not.
            RecordUnavailable: the program stops, and the record did not take it to the end.
            Whatever `change` raises, after a rollback.
        """
        if within is not None and self._left >= HELD_LIMIT:
            if not self._let_go:
                log.error("too much is held; what is no more than remembered is let go", held=self._held)
            self._let_go = True
            raise LetGo
        self._held += 1
        stored = self._hand_over(_Write(change, held=True))
        stored.add_done_callback(self._stored)
        if within is None:
            waited: T = await asyncio.shield(stored)
            return waited
        self._left += 1
        stored.add_done_callback(self._no_longer_left)
        patience = within if self.trouble is None else min(within, IN_TROUBLE_SECONDS)
        result: T = await asyncio.wait_for(asyncio.shield(stored), patience)
        return result

    @property
    def held(self) -> int:
        """How many outcomes are not on the disk yet."""
        return self._held

    @property
    def let_go(self) -> bool:
        """Whether more was to be held than may be, since the record took something."""
        return self._let_go

    def _hand_over(self, write: _Write) -> asyncio.Future[Any]:
        assert self._write_db is not None, "the record is not open"  # noqa: S101 - a fault of ours, never of a user
        self._waiting.append(write)
        self._writer.submit(self._commit, self._write_db)
        return asyncio.wrap_future(write.done)

    def _no_longer_left(self, _: asyncio.Future[Any]) -> None:
        self._left -= 1

    def _stored(self, stored: asyncio.Future[Any]) -> None:
        self._held -= 1
        if not stored.cancelled() and stored.exception() is not None:  # looked at, for nobody may wait for it any more
            log.error("an outcome was not stored", error=str(stored.exception()))

    async def read(self, question: Callable[[sqlite_utils.Database], T]) -> T:
        """Run a function that only reads; it sees one state, the last committed one, and never waits for the writer.

        Raises:
            RecordUnavailable: the record cannot be read now.
            Whatever `question` raises.
        """
        async with self._room:
            db = self._read_db
            assert db is not None, "the record is not open"  # noqa: S101 - a fault of ours, never of a user
            try:
                return await asyncio.get_running_loop().run_in_executor(self._reader, _answer, db, question)
            except sqlite3.Error as error:
                raise unavailable(error) or error from error

    async def backup(self, target: Path) -> None:
        """Write a consistent copy of the whole record to a new file while the bot runs."""

        def copy(db: sqlite_utils.Database) -> None:
            destination = sqlite3.connect(target)
            try:
                db.conn.backup(destination)
            finally:
                destination.close()

        await self.read(copy)

    def _commit(self, db: Connection) -> None:
        """Make all that waits durable with one commit; nothing is left to do when an earlier one took it along."""
        taken = [self._waiting.popleft() for _ in range(min(len(self._waiting), GROUP))]
        group = [write for write in taken if write.begins()]
        if not group:
            return
        changes = [write.change for write in group]
        try:
            in_place(self.path, self._opened)
            outcomes = _transaction(db, changes if self.trouble is None else [_touch, *changes])
        except BaseException as error:  # noqa: BLE001 - handed to every caller, none of whose writes was kept
            self._not_taken(group, error)
            return
        if self.trouble is not None:
            log.info("the record takes writes again")
            self.trouble, self._let_go = None, False
            outcomes = outcomes[1:]
        db.settle()
        for write, (result, refused, changed) in zip(group, outcomes, strict=True):
            write.changed = changed
            if refused is None:
                write.done.set_result(result)
            else:
                write.done.set_exception(refused)

    def _not_taken(self, group: list[_Write], error: BaseException) -> None:
        """Nothing of a group was kept: outcomes wait, in front of all that came since; the others hear why."""
        refusal = unavailable(error, WriteRefused)
        held = [write for write in group if refusal is not None and write.held]
        self._waiting.extendleft(reversed(held))
        if refusal is not None and self.trouble != refusal.words:
            log.error("the record takes nothing", cause=refusal.words.en, error=str(error))
            self.trouble = refusal.words
        for write in group:
            if write not in held:
                write.done.set_exception(refusal or error)
        if held and self._loop is not None:
            self._loop.call_soon_threadsafe(self._try_again_later)

    def _try_again_later(self) -> None:
        if self._again is None and self._loop is not None:
            self._again = self._loop.call_later(self._pause, self._try_again)

    def _try_again(self) -> None:
        self._again = None
        if self._write_db is not None:
            self._writer.submit(self._commit, self._write_db)

    async def _drain(self, loop: asyncio.AbstractEventLoop, db: Connection) -> None:
        """Try what is held a little longer, and say what is left to be settled at the next start."""
        self._loop = None  # nothing is tried later any more
        end = loop.time() + DRAIN_SECONDS
        if self._held:
            busy = int(min(self._busy, DRAIN_SECONDS / 3) * 1000)
            await loop.run_in_executor(self._writer, db.execute, f"PRAGMA busy_timeout={busy}")
        while self._held and loop.time() < end:
            await loop.run_in_executor(self._writer, self._commit, db)
            await asyncio.sleep(0 if self.trouble is None else DRAIN_SECONDS / 20)
        await loop.run_in_executor(self._writer, self._give_up)  # after everything that was handed over

    def _give_up(self) -> None:
        """Let go of what the record did not take to the end."""
        if self._waiting:
            log.error("outcomes are not stored; the next start settles them", count=len(self._waiting))
        while self._waiting:
            refusal = RecordUnavailable(self.trouble or Words("the program stops", "程序正在停止"))
            self._waiting.popleft().done.set_exception(refusal)

    def _open_for_writing(self) -> Connection:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        db = _connect(self.path, self._busy)
        try:
            holds_a_record(self.path, db)
            db.execute("PRAGMA journal_mode=WAL")
            db.execute("PRAGMA synchronous=FULL")
            db.execute("PRAGMA foreign_keys=ON")
            MIGRATIONS.apply(db)
            _transaction(
                db, [_touch]
            )  # what may only be read, is held or has no room shows now, not at the first write
            self._opened = self.path.stat()
        except BaseException:
            db.close()
            raise
        return db

    def _open_for_reading(self) -> Connection:
        if not self.path.exists():
            raise FileNotFoundError(self.path)
        db = _connect(self.path, self._busy)
        try:
            db.execute("PRAGMA query_only=ON")
            there = not self._read_only or holds_a_record(self.path, db)  # otherwise it was looked at before
        except BaseException:
            db.close()
            raise
        if not there:
            db.close()
            raise FileNotFoundError(self.path)
        return db


def _touch(db: sqlite_utils.Database) -> None:
    """Write without changing anything: a change that has nothing to write proves nothing."""
    version = int(db.execute("PRAGMA user_version").fetchone()[0])
    db.execute(f"PRAGMA user_version={version}")


def _connect(path: Path, busy: float) -> Connection:
    if (gone := left_behind(path)) is not None:
        raise gone
    connection = sqlite3.connect(path, timeout=busy)
    return Connection(connection, execute_plugins=False)


_Outcome = tuple[Any, Exception | None, bool]
"""What a change returned or raised, and whether it changed anything."""


def _transaction(db: Connection, changes: list[Callable[[sqlite_utils.Database], Any]]) -> list[_Outcome]:
    """Run changes in one transaction; one that raises leaves nothing behind and the others untouched."""
    db.execute("BEGIN IMMEDIATE")
    try:
        outcomes = [_savepoint(db, change) for change in changes]
        db.conn.commit()
    except BaseException:
        db.effects.clear()
        db.conn.rollback()
        raise
    return outcomes


def _answer(db: sqlite_utils.Database, question: Callable[[sqlite_utils.Database], T]) -> T:
    """Ask in one transaction, so that figures read one after the other belong together whatever is written meanwhile."""
    db.execute("BEGIN")
    try:
        return question(db)
    finally:
        db.conn.rollback()


def _savepoint(db: Connection, change: Callable[[sqlite_utils.Database], Any]) -> _Outcome:
    db.execute("SAVEPOINT one")
    effects, rows = len(db.effects), db.conn.total_changes
    try:
        result = change(db)
    except Exception as error:
        if unavailable(error) is not None:
            raise  # it is nobody's own: the whole transaction is lost
        del db.effects[effects:]
        db.execute("ROLLBACK TO one")
        db.execute("RELEASE one")
        return None, error, False
    db.execute("RELEASE one")
    return result, None, db.conn.total_changes > rows
