"""Fixtures of the vendors' clients: a sandbox without limits, where nothing is decided unless the test decides it."""

from collections.abc import AsyncIterator

import pytest

from integrations.sandbox import Sandbox
from tests.given import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def sandbox(clock: Clock) -> AsyncIterator[Sandbox]:
    async with Sandbox(now=clock, auto_review=False, limits=False) as running:
        yield running
