"""The rooms by name, and how one is opened and left behind."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from functools import partial
from types import MappingProxyType

from tests.contract.rooms.dingtalk import DingTalkCardsRoom, dingtalk_room
from tests.contract.rooms.room import Room
from tests.contract.rooms.slack import slack_room
from tests.contract.rooms.terminal import terminal_room
from tests.logged import logged

ROOMS: Mapping[str, Callable[..., contextlib.AbstractAsyncContextManager[Room]]] = MappingProxyType(
    {
        "terminal": terminal_room,
        "slack": slack_room,
        "dingtalk": dingtalk_room,
        "dingtalk with cards": partial(dingtalk_room, DingTalkCardsRoom),
    }
)


@contextlib.asynccontextmanager
async def room_of(
    name: str, *, started: bool = True, certificate: tuple[str, str] | None = None
) -> AsyncIterator[Room]:
    """Open one chat; afterwards nothing is left of it, no platform has complained, no secret stands in the log.

    Args:
        name: of the chat.
        started: whether it listens.
        certificate: the files of certificate and key of a platform that is reached over TLS.
    """
    before = asyncio.all_tasks()
    with logged() as written:
        async with ROOMS[name](**({"certificate": certificate} if certificate else {})) as room:
            room.chat = room.another()
            if started:
                await room.start()
            yield room
            await room.chat.stop()
            complaints, secrets = list(room.complaints), set(room.secrets)
        left = asyncio.all_tasks() - before - {asyncio.current_task()}
        if left:  # what the emulator cancelled takes a turn to end
            _, left = await asyncio.wait(left, timeout=1.0)
    assert not complaints, complaints
    assert not left, left
    log = written.getvalue()
    assert not [secret for secret in secrets if secret in log]
