"""A vendor whose address stops to be reachable, and comes back."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from integrations.sandbox import Sandbox, Vendor
from tests.stage import Stage, StageClock, stage


class Gate:
    """A vendor's address that can stop to be reachable: what comes in is passed on while it is open."""

    def __init__(self, target: str) -> None:
        host, _, port = target.removeprefix("http://").partition(":")
        self._target = (host, int(port))
        self._server: asyncio.Server | None = None
        self._port = 0
        self._writers: set[asyncio.StreamWriter] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._pass_on, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def shut(self) -> None:
        """Refuse connections, and end those there are."""
        assert self._server is not None
        self._server.close()
        for writer in tuple(self._writers):
            writer.transport.abort()
        await self._server.wait_closed()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(*self._target)
        await asyncio.gather(self._pump(reader, back), self._pump(there, writer))

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        self._writers.discard(writer)
        writer.close()


@contextlib.asynccontextmanager
async def stage_with_a_gate(folder: Path, vendor: Vendor) -> AsyncIterator[tuple[Stage, Gate]]:
    """A stage whose bot reaches one vendor through a gate."""
    clock = StageClock()
    async with contextlib.AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox(now=clock.now, limits=False))
        url: str = getattr(sandbox, vendor).url
        gate = Gate(url)
        await gate.open()
        stack.push_async_callback(gate.shut)
        change: Callable[[str], str] = lambda text: text.replace(url, gate.url)  # noqa: E731
        s = await stack.enter_async_context(stage(folder, sandbox=sandbox, clock=clock, change=change))
        yield s, gate
