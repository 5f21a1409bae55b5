from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from integrations.sandbox import Sandbox
from tests.given import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime(2026, 3, 4, 2, 0, tzinfo=UTC))


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock) as running:
        yield running
