from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from integrations.sandbox import Sandbox


class Clock:
    """A world clock that moves only when told."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def pass_by(self, **parts: float) -> None:
        self.moment += timedelta(**parts)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock) as running:
        yield running
