"""The record that takes nothing for a while: who is told at once, and what is held until it does."""

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.contracts.errors import RecordUnavailable
from bot.contracts.model import Words
from bot.running.worker import Worker
from bot.store.database import Database

SOON = 5.0
MOVED = "its file was moved away, deleted or replaced while I run; an operator puts it back, or starts me again"


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    async with Database(path, busy=0.02, again=0.01) as database:
        await database.write(lambda db: db.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY) STRICT"))
        yield database


def insert(number: int) -> Callable[[Any], int]:
    def change(db: Any) -> int:
        db.execute("INSERT INTO t VALUES (?)", (number,))
        return number

    return change


def stored(path: Path) -> list[int]:
    """In the order in which they were stored."""
    other = sqlite3.connect(path)
    try:
        return [row[0] for row in other.execute("SELECT n FROM t ORDER BY rowid")]
    finally:
        other.close()


# --- Ways in which a record takes nothing ------------------------------------------------------------------------------


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Another program holds it."""
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.rollback()
        other.close()


@asynccontextmanager
async def by_another(database: Database) -> AsyncIterator[str]:
    with locked(database.path):
        yield "another program holds it"


async def directly(database: Database, pragma: str) -> int:
    """Say something to the writer's own connection, past what waits."""

    def say() -> int:
        assert database._write_db is not None
        row = database._write_db.execute(f"PRAGMA {pragma}").fetchone()
        return int(row[0]) if row else 0

    return await asyncio.get_running_loop().run_in_executor(database._writer, say)


@asynccontextmanager
async def full(database: Database) -> AsyncIterator[str]:
    pages = await directly(database, "page_count")
    most = await directly(database, "max_page_count")
    await directly(database, f"max_page_count={pages}")
    yield "the disk is full"
    await directly(database, f"max_page_count={most}")


@asynccontextmanager
async def read_only(database: Database) -> AsyncIterator[str]:
    await directly(database, "query_only=ON")
    yield "it may only be read"
    await directly(database, "query_only=OFF")


@asynccontextmanager
async def moved(database: Database) -> AsyncIterator[str]:
    away = database.path.with_name("elsewhere.db")
    database.path.rename(away)
    yield MOVED
    away.rename(database.path)


@asynccontextmanager
async def replaced(database: Database) -> AsyncIterator[str]:
    """By a backup, say."""
    away = database.path.with_name("elsewhere.db")
    database.path.rename(away)
    shutil.copy(away, database.path)
    yield MOVED
    away.replace(database.path)


def blob(db: Any) -> None:
    """More than fits into the pages that there are."""
    db.execute("CREATE TABLE big (b BLOB) STRICT")
    db.execute("INSERT INTO big VALUES (zeroblob(1000000))")


WAYS = pytest.mark.parametrize("way", [by_another, full, read_only, moved, replaced], ids=lambda way: way.__name__)


@WAYS
async def test_who_asks_is_told_the_cause_and_nothing_is_changed(tmp_path: Path, way: Any) -> None:
    async with opened(tmp_path / "signpost.db") as database:
        async with way(database) as cause:
            with pytest.raises(RecordUnavailable) as caught:
                await database.write(blob)
            assert caught.value.words.en == cause
            assert database.trouble is not None
            assert database.trouble.en == cause
        await database.write(insert(1))
        assert database.trouble is None
    assert stored(tmp_path / "signpost.db") == [1]


@WAYS
async def test_a_worker_whose_write_was_refused_is_not_at_fault_when_it_is_over(tmp_path: Path, way: Any) -> None:
    """The record says it, and that it is over; a worker would say it until its next tick."""
    async with opened(tmp_path / "signpost.db") as database:
        worker = Worker("one", Words.same("one"), lambda: database.write(blob))
        worker.start()
        try:
            async with way(database):
                worker.wake()
                await worker.idle()
                assert database.trouble is not None
            await database.write(insert(1))
            assert (database.trouble, worker.failing) == (None, None)
        finally:
            await worker.stop(SOON)


async def test_a_worker_that_cannot_read_the_record_says_so(tmp_path: Path) -> None:
    """Nothing else does."""

    def read(db: Any) -> None:
        raise sqlite_error(sqlite3.SQLITE_IOERR)

    async with opened(tmp_path / "signpost.db") as database:
        worker = Worker("one", Words.same("one"), lambda: database.read(read))
        worker.start()
        worker.wake()
        await worker.idle()
        await worker.stop(SOON)
        assert worker.failing is not None
        assert "input/output" in worker.failing.en


def sqlite_error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize("way", [by_another, read_only], ids=lambda way: way.__name__)
async def test_a_change_that_has_nothing_to_write_does_not_end_the_trouble(tmp_path: Path, way: Any) -> None:
    """Else it would be told as over, and as begun again, with each look at what is due."""
    async with opened(tmp_path / "signpost.db") as database:
        async with way(database):
            for change in (insert(1), lambda _: None, insert(2), lambda _: None):
                with pytest.raises(RecordUnavailable):
                    await database.write(change)
                assert database.trouble is not None
        await database.write(lambda _: None)
        assert database.trouble is None


@WAYS
async def test_an_outcome_is_held_and_stored_when_the_record_takes_it(tmp_path: Path, way: Any) -> None:
    async with opened(tmp_path / "signpost.db") as database:
        async with way(database):
            outcome = asyncio.ensure_future(database.store(blob))
            with pytest.raises(RecordUnavailable):
                await database.write(blob)
            assert not outcome.done()
        await asyncio.wait_for(outcome, SOON)


async def test_nobody_need_wait_for_it(tmp_path: Path) -> None:
    path = tmp_path / "signpost.db"
    async with opened(path) as database:
        with locked(path):
            outcome = asyncio.ensure_future(database.store(insert(1)))
            await refused(database)
            outcome.cancel()
            await asyncio.wait({outcome})
        await database.write(insert(2))
    assert stored(path) == [1, 2]


async def test_outcomes_are_stored_in_order_and_before_what_comes_later(tmp_path: Path) -> None:
    path = tmp_path / "signpost.db"
    async with opened(path) as database:
        with locked(path):
            outcomes = [asyncio.ensure_future(database.store(insert(number))) for number in range(20)]
            await refused(database)
        later = asyncio.ensure_future(database.write(lambda db: [row["n"] for row in db.query("SELECT n FROM t")]))
        assert await asyncio.wait_for(later, SOON) == list(range(20))
        assert await asyncio.wait_for(asyncio.gather(*outcomes), SOON) == list(range(20))


async def test_a_clean_stop_stores_what_is_held_when_the_record_is_free_in_time(tmp_path: Path) -> None:
    path = tmp_path / "signpost.db"
    lock = locked(path)
    async with opened(path) as database:
        lock.__enter__()
        outcome = asyncio.ensure_future(database.store(insert(1)))
        await refused(database)
        asyncio.get_running_loop().call_later(0.1, lock.__exit__, None, None, None)
    await outcome
    assert stored(path) == [1]


async def test_a_clean_stop_ends_in_time_when_the_record_is_not_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.DRAIN_SECONDS", 0.2)
    path = tmp_path / "signpost.db"
    with locked(path):
        pass
    lock = locked(path)
    async with opened(path) as database:
        lock.__enter__()
        outcome = asyncio.ensure_future(database.store(insert(1)))
        await refused(database)
    with pytest.raises(RecordUnavailable):
        await outcome
    lock.__exit__(None, None, None)


async def test_a_fault_in_an_outcome_is_its_own(tmp_path: Path) -> None:
    """It is not tried for ever, and holds up no other."""
    path = tmp_path / "signpost.db"
    async with opened(path) as database:
        await database.store(insert(1))
        with pytest.raises(sqlite3.IntegrityError):
            await database.store(insert(1))
        await database.store(insert(2))
    assert stored(path) == [1, 2]


async def refused(database: Database) -> None:
    """Wait until the record was asked and took nothing; whatever was handed over before was tried by then."""
    with pytest.raises(RecordUnavailable):
        await database.write(insert(1000))


# --- At any point, for any length --------------------------------------------------------------------------------------

STEPS = st.lists(st.sampled_from(["lock", "free", "store", "write"]), min_size=1, max_size=12)


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_whenever_the_record_refuses_no_outcome_is_lost_doubled_or_out_of_order(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    path = tmp_path_factory.mktemp("record") / "signpost.db"

    async def story() -> tuple[list[int], list[int]]:
        owed: list[Awaitable[int]] = []
        kept: list[int] = []
        async with opened(path) as database:
            lock = None
            for number, step in enumerate(steps):
                match step:
                    case "lock" if lock is None:
                        lock = locked(path)
                        lock.__enter__()
                    case "free" if lock is not None:
                        lock.__exit__(None, None, None)
                        lock = None
                    case "store":
                        owed.append(asyncio.ensure_future(database.store(insert(number))))
                    case "write":
                        try:
                            kept.append(await database.write(insert(number)))
                        except RecordUnavailable:
                            assert lock is not None
                    case _:
                        pass
            if lock is not None:
                lock.__exit__(None, None, None)
            outcomes = list(await asyncio.wait_for(asyncio.gather(*owed), SOON)) if owed else []
        return outcomes, kept

    outcomes, kept = asyncio.run(story())
    assert outcomes == [number for number, step in enumerate(steps) if step == "store"]
    assert stored(path) == sorted([*outcomes, *kept])
