"""The inbound socket: DingTalk's own SDK, fenced in.

Of the SDK this uses what knows the protocol: its frames, its handlers and `route_message`, which acknowledges. Its loop
`start()` is left alone, for it blocks the event loop while it opens, has no time-outs, swallows cancellation, sleeps
for ten seconds where it stands, starts tasks nobody owns and writes tickets to the log (facts, DingTalk 1.5, read in
0.24.3). The loop here opens through our own HTTP client, so it can be stopped at any point, and it does not depend on
how the SDK runs or stops itself: the releases with a `stop()` of their own have the same `route_message`.
"""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote_plus, urlsplit

import dingtalk_stream
import httpx
import structlog
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from bot.contracts.model import Words
from integrations.dingtalk.errors import NOT_BUILT_WORDS, taken
from integrations.dingtalk.inbound import is_loopback
from integrations.http import NOT_BUILT, json_value, tls

log = structlog.get_logger(__name__)

CHAT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"

FRAME_BYTES = 4 * 1024 * 1024
NOT_CONNECTED = "not connected to DingTalk"
CLOSE_SECONDS = 0.5  # a peer that has gone does not answer the closing handshake


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what, in seconds.

    Args:
        open: for the socket to open.
        quiet: for the next frame on a socket that had system frames before, which come every 20 to 30 s (facts,
            DingTalk 1.2 and 1.4: a deaf socket answers pings and delivers nothing).
        silent: for the next frame on a socket that never had one: then nobody knows how often they come.
        settled: a connection that lived so long was a good one; what follows is no repeated failure.
        first: before the second attempt in a row; it doubles.
        longest: between two attempts.
    """

    open: float = 10.0
    quiet: float = 180.0
    silent: float = 1800.0
    settled: float = 10.0
    first: float = 1.0
    longest: float = 60.0


AnswersPress = Callable[[Mapping[str, Any], str], Awaitable[Mapping[str, Any]]]
"""Given the data of a press and the id of its frame, returns what changes on the card."""


class StreamRefused(Exception):
    """The gateway gave no connection.

    Args:
        words: why, and what the operator can do.
        app: whether it may be the app itself that is refused.
    """

    def __init__(self, words: Words, *, app: bool = False) -> None:
        super().__init__(words.en)
        self.words = words
        self.app = app


_APP = Words(
    "the gateway refuses the app: check client_id and client_secret under [dingtalk]",
    "网关不认此应用：检查 [dingtalk] 的 client_id 和 client_secret",
)
_UNPUBLISHED = Words(
    "the gateway refuses the connection: publish the app with the robot in Stream 模式, "
    "and look at its list of addresses (安全设置 → 服务器出口IP)",
    "网关拒绝连接：请发布应用，机器人使用 Stream 模式，并检查地址名单（安全设置 → 服务器出口IP）",
)
_UNPROTECTED = Words("the gateway named an address that is not protected by TLS", "网关给出的地址没有 TLS 保护")


class Stream:
    """Keeps one socket open.

    Args:
        client_id: AppKey.
        client_secret: AppSecret.
        api_base: of the OpenAPI, where the gateway is.
        http: to ask for a connection with.
        on_message: takes the data of a chat message; must return at once, for the frame is acknowledged after it.
        on_card: answers a card's button, within two seconds, given the data and the frame's id; none to take no
            buttons.
        patience: how long to wait for what.
    """

    def __init__(
        self,
        *,
        client_id: str,
        client_secret: str,
        api_base: str,
        http: httpx.AsyncClient,
        on_message: Callable[[Mapping[str, Any]], None],
        on_card: AnswersPress | None = None,
        patience: Patience = Patience(),
    ) -> None:
        self.connected = asyncio.Event()
        self.lost = asyncio.Event()
        """Set when a connection ended or could not be made, until there is one."""
        self.refused = asyncio.Event()
        """Set when the gateway refused the app for the first time."""
        self.trouble = NOT_CONNECTED
        """Why there is no connection, in words; empty while there is one."""
        self._sdk = _Sdk(client_id, client_secret, on_message, on_card)
        self._client_id = client_id
        self._client_secret = client_secret
        self._gateway = f"{api_base}/v1.0/gateway/connections/open"
        self._http = http
        self._patience = patience
        self._task: asyncio.Task[None] | None = None
        self._answers: set[asyncio.Task[None]] = set()

    def start(self) -> None:
        """Begin to connect."""
        self._task = asyncio.create_task(self._run(), name="dingtalk-stream")

    async def stop(self) -> None:
        """Stop, whatever it is doing, and leave nothing behind."""
        tasks = [task for task in (self._task, *self._answers) if task is not None]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self.trouble = NOT_CONNECTED
        self.connected.clear()

    async def ticket(self) -> tuple[str, str]:
        """Ask the gateway for a connection.

        Returns:
            The endpoint, and a ticket that is good for one connection within 90 s.

        Raises:
            StreamRefused: none was given, and why.
        """
        body = {
            "clientId": self._client_id,
            "clientSecret": self._client_secret,
            "subscriptions": [{"type": "CALLBACK", "topic": topic} for topic in self._sdk.topics],
            "ua": f"dingtalk-sdk-python/v{_sdk_version()}-union",  # as the SDK has it; another form may be refused
            "localIp": "127.0.0.1",
        }
        try:
            response = await self._http.post(self._gateway, json=body, headers={"accept": "application/json"})
        except NOT_BUILT:
            raise StreamRefused(NOT_BUILT_WORDS) from None
        except httpx.HTTPError as error:
            kind = type(error).__name__
            raise StreamRefused(Words(f"no answer from the gateway ({kind})", f"网关没有答复（{kind}）")) from None
        if response.status_code in (400, 401):
            raise StreamRefused(_APP if response.status_code == 401 else _UNPUBLISHED, app=True)
        found = _object(response.content) if response.status_code == 200 else None
        endpoint, ticket = (found or {}).get("endpoint"), (found or {}).get("ticket")
        good = taken(response.status_code, found, ("endpoint",))
        if not good or not isinstance(endpoint, str) or not isinstance(ticket, str):
            status = response.status_code
            raise StreamRefused(
                Words(f"the gateway gave no connection (HTTP {status})", f"网关没有给出连接（HTTP {status}）")
            )
        parts = urlsplit(endpoint)
        if parts.scheme != "wss" and not (parts.scheme == "ws" and is_loopback(parts.hostname or "")):
            raise StreamRefused(_UNPROTECTED)
        return endpoint, ticket

    async def _run(self) -> None:
        failures = 0
        clock = asyncio.get_running_loop().time
        while True:
            began, was_connected = clock(), False
            try:
                endpoint, ticket = await self.ticket()
                was_connected = await self._listen(f"{endpoint}?ticket={quote_plus(ticket)}")
                self._lost("the connection ended")
            except StreamRefused as error:
                self._lost(str(error))
                if error.app:
                    self.refused.set()
            except (OSError, WebSocketException, TimeoutError) as error:
                self._lost(f"no connection ({type(error).__name__})")
            except Exception:  # the boundary of the task: whatever it is, somebody wants to be heard tomorrow
                self._lost("internal")
                log.exception("the DingTalk stream failed")
            if was_connected and clock() - began >= self._patience.settled:
                failures = 0
                continue
            failures += 1
            if was_connected and failures == 1:
                continue
            await asyncio.sleep(self._pause(failures))

    def _pause(self, failures: int) -> float:
        longest: float = min(self._patience.first * 2 ** min(failures - 1, 16), self._patience.longest)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311 -- spreads reconnects, keeps no secret

    def _lost(self, why: str) -> None:
        if why != self.trouble:
            log.warning("not connected to DingTalk", why=why)
        self.trouble = why
        self.connected.clear()
        self.lost.set()

    async def _listen(self, address: str) -> bool:
        """Take frames from one socket until it ends; returns that there was one."""
        # Left to itself it reads the list of the system anew for each connection, on the loop.
        secured: dict[str, Any] = {"ssl": tls()} if address.startswith("wss:") else {}
        async with connect(
            address,
            open_timeout=self._patience.open,
            close_timeout=CLOSE_SECONDS,
            max_size=FRAME_BYTES,
            proxy=None,
            logger=_SILENT,  # it would write the address, and with it the ticket
            **secured,
        ) as socket:
            self._sdk.use(socket)
            self.trouble = ""
            self.lost.clear()
            self.connected.set()
            log.info("connected to DingTalk")
            patience = self._patience.silent
            with contextlib.suppress(ConnectionClosed):
                while True:
                    try:
                        async with asyncio.timeout(patience):
                            text = await socket.recv()
                    except TimeoutError:
                        log.warning("nothing was heard from DingTalk; connecting again", seconds=patience)
                        return True
                    frame = _object(text)
                    if frame is None:
                        log.warning("DingTalk sent something that is no frame", size=len(text))
                        continue
                    if frame.get("type") == "SYSTEM":
                        patience = self._patience.quiet
                    if await self._take(frame):
                        return True
        return True

    async def _take(self, frame: Mapping[str, Any]) -> bool:
        """Handle one frame; returns whether the socket is about to end."""
        headers = frame.get("headers")
        topic = headers.get("topic") if isinstance(headers, Mapping) else None
        if topic == CARD_TOPIC:  # its answer takes a moment, and others must not wait for it
            task = asyncio.create_task(self._route_quietly(frame), name="dingtalk-card")
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)
            return False
        return await self._route(frame)

    async def _route_quietly(self, frame: Mapping[str, Any]) -> None:
        with contextlib.suppress(ConnectionClosed):
            await self._route(frame)

    async def _route(self, frame: Mapping[str, Any]) -> bool:
        try:
            return await self._sdk.route(frame)
        except ConnectionClosed:
            raise
        except Exception as error:  # noqa: BLE001 -- the SDK parses whatever came: one bad frame ends nothing
            log.warning("a frame from DingTalk could not be handled", error=type(error).__name__)
            return False


def _object(text: str | bytes) -> Mapping[str, Any] | None:
    frame = json_value(text)
    return frame if isinstance(frame, dict) else None


_SILENT = logging.getLogger(f"{__name__}.silent")
_SILENT.disabled = True


def _sdk_version() -> str:
    from dingtalk_stream.version import VERSION_STRING

    return str(VERSION_STRING)


class _Sdk:
    """The one place that touches the SDK, which has no types."""

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        on_message: Callable[[Mapping[str, Any]], None],
        on_card: AnswersPress | None,
    ) -> None:
        # A logger of our own, or it adds a handler that writes tickets (facts, DingTalk 1.5).
        self._client = dingtalk_stream.DingTalkStreamClient(
            dingtalk_stream.Credential(client_id, client_secret), logger=_SILENT
        )
        good = dingtalk_stream.AckMessage.STATUS_OK

        class Chat(dingtalk_stream.CallbackHandler):  # type: ignore[misc]  # it has no types
            async def process(self, message: Any) -> tuple[int, str]:
                on_message(message.data)
                return good, "ok"

        self._client.register_callback_handler(CHAT_TOPIC, Chat())
        if on_card is not None:
            answer = on_card

            class Card(dingtalk_stream.CallbackHandler):  # type: ignore[misc]  # it has no types
                async def process(self, message: Any) -> tuple[int, Mapping[str, Any]]:
                    return good, await answer(message.data, str(message.headers.message_id or ""))

            self._client.register_callback_handler(CARD_TOPIC, Card())
        _quiet()

    @property
    def topics(self) -> tuple[str, ...]:
        """What is listened to."""
        return tuple(self._client.callback_handler_map)

    def use(self, socket: ClientConnection) -> None:
        """Acknowledge on this socket from now on."""
        self._client.websocket = socket

    async def route(self, frame: Mapping[str, Any]) -> bool:
        """Have a frame handled and acknowledged; returns whether it announced the end of the socket."""
        return bool(await self._client.route_message(frame) == self._client.TAG_DISCONNECT)


def _quiet() -> None:
    """Take back what the SDK does to the log: its handlers add an output of their own and lower the level."""
    for name in ("dingtalk_stream.handler", "dingtalk_stream.client"):
        logger = logging.getLogger(name)
        logger.setLevel(logging.WARNING)
        for handler in list(logger.handlers):
            logger.removeHandler(handler)
