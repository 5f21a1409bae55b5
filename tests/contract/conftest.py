"""The contract suite: what every chat and every vendor must do, run against each of them over real sockets and pipes.

The clients are the production ones; the other side is an emulator of the platform, or the sandbox, and shares no code
with them. What a chat cannot do, it declares (`ChatAbilities`), and what its platform has not, its room does.
"""

from collections.abc import AsyncIterator

import pytest

from integrations import http
from tests.contract.desk import NAMES, Desk, Name, desk_at
from tests.contract.rooms.opening import ROOMS, room_of
from tests.contract.rooms.room import Room
from tests.own_certificate import own_certificate


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> Name:
    """Each vendor in turn; a test that takes vendor and kind together gives it itself."""
    found: Name = request.param
    return found


@pytest.fixture
async def desk(name: Name) -> AsyncIterator[Desk]:
    async with desk_at(name) as desk:
        yield desk


@pytest.fixture(params=tuple(ROOMS))
def chat(request: pytest.FixtureRequest) -> str:
    """Each chat in turn."""
    return str(request.param)


@pytest.fixture
async def room(chat: str) -> AsyncIterator[Room]:
    async with room_of(chat) as room:
        yield room


@pytest.fixture
async def unstarted(chat: str) -> AsyncIterator[Room]:
    async with room_of(chat, started=False) as room:
        yield room


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """Of this machine, and trusted by the process's one TLS context."""
    files = own_certificate(tmp_path_factory.mktemp("certificate"))
    http.tls().load_verify_locations(files[0])
    return files
