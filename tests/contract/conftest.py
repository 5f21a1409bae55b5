"""Fixtures of the contract suite."""

from collections.abc import AsyncIterator

import pytest

from tests.contract.desk import NAMES, Desk, Name, desk_at


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> Name:
    """Each vendor in turn; a test that takes vendor and kind together gives it itself."""
    found: Name = request.param
    return found


@pytest.fixture
async def desk(name: Name) -> AsyncIterator[Desk]:
    async with desk_at(name) as desk:
        yield desk
