from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import Sandbox, Seed
from tests.given import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 4, 2, 0, tzinfo=UTC))


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock, seed=Seed(alibaba_history=timedelta(days=365))) as running:
        yield running
