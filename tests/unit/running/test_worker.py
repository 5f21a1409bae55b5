"""The timer that wakes the workers, on a machine whose clock is set."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.contracts.model import Words
from bot.running.worker import Worker, schedule, stop


@pytest.mark.parametrize("jump", [timedelta(hours=-2), timedelta(days=-365), timedelta(hours=2), timedelta(days=365)])
async def test_workers_are_woken_on_when_the_clock_is_set(jump: timedelta) -> None:
    async def step() -> None:
        return None

    worker = Worker("one", Words.same("one"), step)
    worker.start()
    end = schedule({"one": worker}, timedelta(milliseconds=10))
    try:
        async with asyncio.timeout(10):
            await worker.stepped()
            with time_machine.travel(datetime.now(UTC) + jump, tick=True):
                for _ in range(5):
                    await worker.stepped()
    finally:
        end()
        await stop([worker])
