"""Socket Mode connections that heal.

The SDK's client reconnects by itself, but for one case: after a failed handshake it tries the same used-up address for
ever. So each connection is watched: one that is down for long gets a fresh address, one that stays down is replaced.
Several connections at once hide the gap of a refresh; any delivery may come over any of them.

After how many ping intervals there is a connection again, at most: a refresh, a close frame or a reset 2; a peer that fell
silent 3; an address that was refused 6, and 6 after Slack lets it connect again, whatever it refused before.
"""

import asyncio
import contextlib
import logging
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from aiohttp import WSMessage
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.contracts.errors import SetupError
from integrations.http import json_value
from integrations.slack.work import Unacknowledged

log = structlog.get_logger(__name__)

FRESH_ADDRESS_AFTER = 2.5  # ping intervals without a connection, then a new address is asked for
REPLACE_AFTER = 8.0  # then the whole client is replaced
ADDRESSES_EVERY = 1.0
"""Ping intervals between two addresses of one connection: where Slack sends each new one away at once
(`too_many_websockets`), the client would ask for the next at once, for ever."""
CLOSE_SECONDS = 0.5
"""A peer that has gone, or a network, does not answer the closing handshake, for which the client waits ten seconds."""

CONNECT_SECONDS = 20.0
GHOSTS_AFTER = 600.0
"""Seconds for which Slack may count more connections than there are; after that somebody else uses the app's token,
or dead connections swallow deliveries (python-slack-sdk#1940). It counts when a connection is opened, so by then one is
opened anew: just after a reconnection a figure too high is normal (node-slack-sdk#2565)."""

Address = Callable[[], Awaitable[str]]
"""Asks Slack for an address that one connection can be opened at; raises `SetupError` where it offers none."""


class Handler(AsyncSocketModeHandler):
    """The SDK's adapter to Bolt, which counts what it has not acknowledged."""

    unacknowledged: Unacknowledged

    async def handle(  # type: ignore[override]  # its two parents differ: ours is the client made here
        self, client: SocketModeClient, req: SocketModeRequest
    ) -> None:
        """Have Bolt deal with a delivery and send its acknowledgement."""
        with self.unacknowledged.delivery():
            await super().handle(client, req)


@dataclass(slots=True)
class Socket:
    """One connection.

    Args:
        handler: the SDK's client and its adapter to Bolt.
        down_since: on the clock of `Sockets`, none while connected.
        counted: how many connections Slack said it has, as of the last hello.
        hello_at: when it said so.
        made_at: when this client began.
        asked_at: when it asked for an address.
        refused: why Slack offers no address, in words; empty when it does.
        refreshed: a fresh address was asked for since it is down.
    """

    handler: Handler
    made_at: float
    down_since: float | None = None
    counted: int = 0
    hello_at: float = 0.0
    asked_at: float = -math.inf
    refused: str = ""
    refreshed: bool = False


class Sockets:
    """Holds so many connections open.

    Args:
        app: Bolt's app.
        app_token: xapp-…
        address: where to open a connection.
        count: how many at once.
        ping_interval: seconds between pings; every bound of this module is a multiple of it.
        unacknowledged: where deliveries are counted until they are acknowledged.
        direct: take no proxy from the environment (the SDK would use it for loopback addresses too).
        now: seconds on a clock that never goes back.
    """

    def __init__(
        self,
        app: AsyncApp,
        app_token: str,
        address: Address,
        *,
        count: int,
        ping_interval: float,
        unacknowledged: Unacknowledged,
        direct: bool = False,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._app_token = app_token
        self._address = address
        self._count = count
        self._ping_interval = ping_interval
        self._direct = direct
        self._now = now
        self._sockets: list[Socket] = []
        self._watchdog: asyncio.Task[None] | None = None
        self._opening: list[asyncio.Future[None]] = []
        self._too_many_since: float | None = None
        self._reopened_at = -math.inf
        self._unacknowledged = unacknowledged
        self._logger = logging.getLogger("slack_socket")
        # Below, frames are logged as they are, with their secrets; and in errors addresses with their tickets.
        self._logger.setLevel(logging.CRITICAL)

    async def start(self, first_url: str) -> None:
        """Open the connections.

        Args:
            first_url: the address for the first one; it was asked for to prove the token.

        Raises:
            TimeoutError: none could be opened.
        """
        self._sockets = [self._new() for _ in range(self._count)]
        self._sockets[0].handler.client.wss_uri = first_url
        self._opening = [asyncio.ensure_future(self._connect(socket)) for socket in self._sockets]
        try:
            await asyncio.wait_for(self._opening[0], CONNECT_SECONDS)
        except TimeoutError:
            await self.stop()
            raise
        # The others may take longer: one connection is enough to work, the watchdog sees to the rest.
        await asyncio.wait(self._opening, timeout=CONNECT_SECONDS / 4)
        self._watchdog = asyncio.create_task(self._watch(), name="slack-watchdog")

    async def stop(self) -> None:
        """Close them all."""
        tasks = [task for task in (self._watchdog, *self._opening) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await asyncio.gather(*(_close(socket.handler) for socket in self._sockets))
        self._sockets = []

    @property
    def up(self) -> int:
        """How many are connected."""
        return sum(1 for socket in self._sockets if socket.down_since is None)

    @property
    def failing(self) -> str:
        """What is wrong, in words for the operator; empty when all is well, or is mending itself."""
        now = self._now()
        down = [socket for socket in self._sockets if socket.down_since is not None]
        why = next((f": {socket.refused}" for socket in down if socket.refused), "")
        if len(down) == len(self._sockets):
            return f"no connection to Slack{why}"
        long = FRESH_ADDRESS_AFTER * self._ping_interval
        lasting = [socket for socket in down if now - (socket.down_since or now) > long]
        if lasting:
            return f"{len(lasting)} of {len(self._sockets)} connections to Slack are down{why}"
        latest = max(self._sockets, key=lambda socket: socket.hello_at)
        too_many = latest.counted > len(self._sockets)
        if too_many and self._too_many_since is not None and latest.hello_at - self._too_many_since >= GHOSTS_AFTER:
            return f"Slack counts {latest.counted} connections, we hold {len(self._sockets)}: some deliveries may go astray"
        return ""

    async def check(self) -> None:
        """Look at each connection once, and help the ones that are down."""
        now = self._now()
        for position, socket in enumerate(self._sockets):
            if await socket.handler.client.is_connected():
                socket.down_since, socket.refreshed = None, False
                continue
            if socket.down_since is None:
                socket.down_since = now
            down = now - max(socket.down_since, socket.made_at)
            if down > REPLACE_AFTER * self._ping_interval:
                log.warning("slack connection replaced", down_seconds=round(down), reason=socket.refused)
                self._sockets[position] = fresh = self._new()
                fresh.down_since, fresh.refused = socket.down_since, socket.refused
                await _close(socket.handler)
                self._opening.append(asyncio.ensure_future(self._connect(fresh)))
            elif down > FRESH_ADDRESS_AFTER * self._ping_interval and not socket.refreshed:
                log.warning("slack connection gets a fresh address", down_seconds=round(down), reason=socket.refused)
                socket.refreshed = True
                socket.handler.client.wss_uri = None
        self._opening = [task for task in self._opening if not task.done()]
        self._count_anew(now)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._ping_interval / 2)
            try:
                await self.check()
            except Exception:  # the watchdog must outlive whatever a client does
                log.exception("slack watchdog")

    def _count_anew(self, now: float) -> None:
        """Note since when Slack counts too many; before that is believed, it has to count again."""
        latest = max(self._sockets, key=lambda socket: socket.hello_at)
        if latest.counted <= len(self._sockets):
            self._too_many_since = None
            return
        if self._too_many_since is None:
            self._too_many_since = latest.hello_at
        if now - max(latest.hello_at, self._reopened_at) >= GHOSTS_AFTER:
            self._reopened_at = now
            oldest = min(self._sockets, key=lambda socket: socket.hello_at)
            self._opening.append(asyncio.ensure_future(self._reopen(oldest)))

    def _new(self) -> Socket:
        handler = Handler(self._app, self._app_token, logger=self._logger, ping_interval=self._ping_interval)
        handler.unacknowledged = self._unacknowledged
        if self._direct:
            handler.client.proxy = None
        socket = Socket(handler, made_at=self._now())

        async def heard(frame: WSMessage) -> None:
            self._note(socket, frame.data)

        handler.client.on_message_listeners.append(heard)
        # The SDK's own would tell nobody why there is none.
        handler.client.issue_new_wss_url = partial(self._fresh_address, socket)  # type: ignore[method-assign]
        return socket

    async def _fresh_address(self, socket: Socket) -> str:
        pause = socket.asked_at + ADDRESSES_EVERY * self._ping_interval - self._now()
        await asyncio.sleep(max(pause, 0.0))
        socket.asked_at = self._now()
        try:
            address = await self._address()
        except SetupError as error:
            if socket.refused != str(error):
                log.warning("slack offers no connection", reason=str(error))
            socket.refused = str(error)
            raise
        socket.refused = ""
        return address

    @staticmethod
    async def _connect(socket: Socket) -> None:
        await socket.handler.connect_async()  # type: ignore[no-untyped-call]

    @staticmethod
    async def _reopen(socket: Socket) -> None:
        with contextlib.suppress(Exception):  # the watchdog sees to it
            await socket.handler.client.connect_to_new_endpoint(force=True)

    def _note(self, socket: Socket, data: Any) -> None:
        """Keep what hello says."""
        if not isinstance(data, str) or not ('"hello"' in data or '"disconnect"' in data):
            return
        frame = json_value(data)
        if not isinstance(frame, dict):
            return
        if frame.get("type") == "hello":
            socket.counted = int(frame.get("num_connections") or 0)
            socket.hello_at = self._now()
        elif frame.get("type") == "disconnect":
            log.info("slack asked for a new connection", reason=str(frame.get("reason", "")))


async def _close(handler: Handler) -> None:
    client = handler.client
    tasks = [
        task
        for task in (client.message_processor, client.current_session_monitor, client.message_receiver)
        if task is not None
    ]
    for _ in range(2):  # cut off, it is closed: the second time only tidies up
        with contextlib.suppress(Exception):  # a broken connection may refuse to be closed; it is given up either way
            await asyncio.wait_for(handler.close_async(), CLOSE_SECONDS)  # type: ignore[no-untyped-call]
            break
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks, timeout=1.0)
