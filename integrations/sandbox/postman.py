"""Brings what the vendors push, as they do: again when it is not acknowledged, a few times, and then never.

What is to be pushed is worked out anew at each round from what has happened, so nothing runs in the background unless
`run` is asked for.
"""

import asyncio
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

import aiohttp

from integrations.sandbox.settings import Vendor
from integrations.sandbox.world import World

PushKind = Literal["sign", "template", "report", "reply"]

AGAIN: Mapping[Vendor, tuple[timedelta, ...]] = MappingProxyType(
    {
        "alibaba": (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=10)),
        "tencent": (timedelta(seconds=1), timedelta(seconds=1)),  # twice more; after how long is not said
        "ucloud": (timedelta(seconds=1), timedelta(seconds=1)),  # three times in all
    }
)
"""When what was not acknowledged comes again (facts of each: Alibaba 9.1, Tencent 6, UCloud 6)."""

ACKNOWLEDGED: Mapping[Vendor, str] = MappingProxyType({"alibaba": "code", "tencent": "result", "ucloud": "code"})
"""The field that must be the number 0, under HTTP 200."""

SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to be pushed.

    Attributes:
        key: The same one is pushed once, if it is acknowledged.
        vendor: Who pushes it.
        kind: The last part of the receiver's address.
        body: As it goes out, before it is JSON.
    """

    key: str
    vendor: Vendor
    kind: PushKind
    body: object


@dataclass(frozen=True, slots=True)
class Posted:
    """One attempt.

    Attributes:
        letter: What was pushed.
        status: HTTP status; 0 where nothing came back.
        answer: The body that came back.
        acknowledged: Whether the vendor takes it for received.
    """

    letter: Letter
    status: int
    answer: str
    acknowledged: bool


class Postman:
    """Pushes.

    Args:
        world: Its clock says when something comes again.
        letters: Everything that is to be pushed by now, also what was.
    """

    def __init__(self, world: World, letters: Callable[[], Iterable[Letter]]) -> None:
        self.posted: list[Posted] = []
        self._world = world
        self._letters = letters
        self._to: dict[Vendor, str] = {}
        self._done: set[str] = set()
        self._tries: dict[str, tuple[int, datetime]] = {}
        self._task: asyncio.Task[None] | None = None

    def address(self, vendor: Vendor, url: str) -> None:
        """Set the address before the kind, as somebody does in the console; what happened before is not pushed."""
        self._done |= {letter.key for letter in self._letters() if letter.vendor == vendor}
        self._to[vendor] = url.rstrip("/")

    async def round(self) -> list[Posted]:
        """Push what is due, one after the other."""
        due = [letter for letter in self._letters() if self._due(letter)]
        if not due:
            return []
        async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(SECONDS)) as session:
            found = [await self._post(session, letter) for letter in due]
        self.posted += found
        return found

    def start(self, seconds: float) -> None:
        """Push by itself from now on, a round each so many seconds."""
        if self._task is not None:
            return

        async def run() -> None:
            while True:
                await asyncio.sleep(seconds)
                await self.round()

        self._task = asyncio.create_task(run(), name="sandbox-postman")

    async def close(self) -> None:
        """Stop pushing by itself."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task})
            self._task = None

    def _due(self, letter: Letter) -> bool:
        if letter.vendor not in self._to or letter.key in self._done:
            return False
        tries = self._tries.get(letter.key)
        return tries is None or self._world.now() >= tries[1]

    async def _post(self, session: aiohttp.ClientSession, letter: Letter) -> Posted:
        text = json.dumps(letter.body, ensure_ascii=False)
        headers = {"Content-Type": "application/json;charset=utf-8"}
        try:
            async with session.post(
                f"{self._to[letter.vendor]}/{letter.kind}", data=text.encode(), headers=headers
            ) as response:
                status, answer = response.status, await response.text()
        except (aiohttp.ClientError, TimeoutError):
            status, answer = 0, ""
        good = status == 200 and _acknowledged(letter.vendor, answer)
        made = self._tries.get(letter.key, (0, self._world.now()))[0]
        pauses = AGAIN[letter.vendor]
        if good or made >= len(pauses):
            self._done.add(letter.key)
            self._tries.pop(letter.key, None)
        else:
            self._tries[letter.key] = (made + 1, self._world.now() + pauses[made])
        return Posted(letter, status, answer, good)


def _acknowledged(vendor: Vendor, answer: str) -> bool:
    try:
        value = json.loads(answer)
    except ValueError:
        return False
    said = value.get(ACKNOWLEDGED[vendor]) if isinstance(value, dict) else None
    return said == 0 and type(said) is int
