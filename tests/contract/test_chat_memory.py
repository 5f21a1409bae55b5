"""What a chat keeps."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.contracts.clock import SystemClock
from bot.contracts.memory import Forgetful, Memory
from bot.store.database import Database
from bot.store.kept import Recorded


@pytest.fixture(params=("in this process", "in the record"))
async def memories(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Memory, Memory]]:
    """The memory of one chat, and that of another."""
    if request.param == "in this process":
        yield Forgetful(), Forgetful()
        return
    async with Database(tmp_path / "record.db") as database:
        yield Recorded(database, "slack", SystemClock()), Recorded(database, "dingtalk", SystemClock())


async def test_a_memory_keeps_the_last_text_and_counts(memories: tuple[Memory, Memory]) -> None:
    memory, other = memories
    assert await memory.get("page") is None
    await memory.put("page", "first")
    await memory.put("page", "列表 全部 2 😀")
    assert await memory.get("page") == "列表 全部 2 😀"
    assert await other.get("page") is None
    assert [await memory.add("calls"), await memory.add("calls", 5), await other.add("calls")] == [1, 6, 1]
    assert await memory.get("calls") == "6"
    counts = await asyncio.gather(*(memory.add("calls") for _ in range(20)))
    assert sorted(counts) == list(range(7, 27))


async def test_a_memory_in_the_record_outlives_the_process(tmp_path: Path) -> None:
    for expected in (None, "kept"):
        async with Database(tmp_path / "record.db") as database:
            memory = Recorded(database, "slack", SystemClock())
            assert await memory.get("card") == expected
            await memory.put("card", "kept")
