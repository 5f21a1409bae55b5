"""The record's file: writes that wait together share a commit, and none of them spoils another's."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.store.database import GROUP, Database

OTHER = 2.5 * GROUP


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with Database(tmp_path / "signpost.db") as opened:
        await opened.write(lambda db: db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT"))
        yield opened


def insert(number: int) -> Any:
    def change(db: Any) -> int:
        db.execute("INSERT INTO t VALUES (?)", (number,))
        return number

    return change


def stored(path: Path) -> list[int]:
    """What another connection sees: committed rows only."""
    other = sqlite3.connect(path)
    try:
        return [row[0] for row in other.execute("SELECT n FROM t ORDER BY n")]
    finally:
        other.close()


async def test_many_at_once_are_each_answered_with_their_own(database: Database) -> None:
    numbers = list(range(int(OTHER)))
    assert await asyncio.gather(*(database.write(insert(number)) for number in numbers)) == numbers
    assert stored(database.path) == numbers


async def test_who_is_answered_is_on_the_disk(database: Database) -> None:
    async def one(number: int) -> bool:
        await database.write(insert(number))
        return number in stored(database.path)

    assert all(await asyncio.gather(*(one(number) for number in range(50))))


async def test_one_question_sees_one_state(database: Database) -> None:
    """What is counted first and what is counted last belong together, whatever is written in between."""
    loop = asyncio.get_running_loop()

    def twice(db: Any) -> tuple[int, int]:
        before = db["t"].count
        asyncio.run_coroutine_threadsafe(database.write(insert(1)), loop).result(10)
        return before, db["t"].count

    assert await database.read(twice) == (0, 0)
    assert await database.read(lambda db: db["t"].count) == 1


async def test_one_that_fails_leaves_nothing_and_harms_no_neighbour(database: Database) -> None:
    def half(db: Any) -> None:
        db.execute("INSERT INTO t VALUES (1000)")
        raise LookupError("changed my mind")

    writes = [database.write(insert(1)), database.write(half), database.write(insert(1)), database.write(insert(2))]
    first, wrong, twice, last = await asyncio.gather(*writes, return_exceptions=True)
    assert (first, last) == (1, 2)
    assert isinstance(wrong, LookupError)
    assert isinstance(twice, sqlite3.IntegrityError)
    assert stored(database.path) == [1, 2]


async def test_a_rolled_back_transaction_is_told_to_all_of_it(database: Database) -> None:
    def lose(db: Any) -> None:
        db.conn.rollback()  # what SQLite itself does when the disk is full
        raise sqlite3.OperationalError("disk full")

    hold, begun = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def block(_: Any) -> None:
        loop.call_soon_threadsafe(begun.set)
        asyncio.run_coroutine_threadsafe(hold.wait(), loop).result()

    blocked = asyncio.ensure_future(database.write(block))
    await begun.wait()  # the writer is busy: what comes now is one group
    writes = [asyncio.ensure_future(write) for write in (database.write(insert(1)), database.write(lose))]
    await asyncio.sleep(0)
    hold.set()
    first, lost = await asyncio.gather(*writes, return_exceptions=True)
    await blocked
    assert isinstance(first, sqlite3.OperationalError)
    assert isinstance(lost, sqlite3.OperationalError)
    assert stored(database.path) == []
    await database.write(insert(2))
    assert stored(database.path) == [2]


async def test_who_stops_waiting_does_not_undo_the_write(database: Database) -> None:
    write = asyncio.ensure_future(database.write(insert(7)))
    await asyncio.sleep(0)
    write.cancel()
    with pytest.raises(asyncio.CancelledError):
        await write
    await database.write(insert(8))
    assert stored(database.path) == [7, 8]


async def test_closing_waits_for_what_was_handed_over(tmp_path: Path) -> None:
    async with Database(tmp_path / "signpost.db") as opened:
        await opened.write(lambda db: db.execute("CREATE TABLE t (n INTEGER PRIMARY KEY) STRICT"))
        late = [asyncio.ensure_future(opened.write(insert(number))) for number in range(20)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*late) == list(range(20))
    assert stored(tmp_path / "signpost.db") == list(range(20))
