"""The bot's own small web server: is it alive, is it ready, and what the vendors push.

`/healthz` answers while the process lives; `/readyz` answers 503 and says what fails while something does.
`/metrics` has figures for a monitoring system.
`/push/ACCOUNT/PUSH_TOKEN/KIND` takes what a vendor pushes; an address that is wrong in any part is answered like one that
was never there, and before anything is read.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import http_exceptions, web

from bot.contracts.push import Answer, Entry, Gate

LARGEST_PUSH = 1024 * 1024
"""Bytes. Alibaba's receipts have some 300 each and come in arrays without a stated end; Tencent's come by 100."""

READ_WITHIN = 10.0
"""Seconds for the whole body: whoever trickles holds a connection, and nothing else."""

EXPOSITION = "text/plain; version=0.0.4; charset=utf-8"
"""The form of `/metrics`, see https://prometheus.io/docs/instrumenting/exposition_formats/."""

AT_ONCE = 16
"""Bodies in memory; more wait."""


class _OfOurs(logging.Filter):
    """Lets pass what the server says of itself; what somebody sends that is no HTTP is answered with 400, and no fault of ours."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether it is logged: a scanner's greeting with a trace for each would hide what matters."""
        raised = record.exc_info[1] if record.exc_info else None
        return not isinstance(raised, http_exceptions.HttpProcessingError)


_OF_OURS = _OfOurs()


class Web:
    """Listens for health checks, and for what vendors push.

    Args:
        host: the address to listen on.
        port: the port; 0 takes a free one.
        health: name → what fails there, empty text when it is well.
        gate: finds receivers; none as long as there is no bot.
        metrics: figures in the form of Prometheus; none while there are none.
    """

    def __init__(
        self,
        host: str,
        port: int,
        health: Callable[[], Mapping[str, str]],
        gate: Callable[[], Gate | None] = lambda: None,
        metrics: Callable[[], Awaitable[bytes | None]] | None = None,
    ) -> None:
        self._host = host
        self._port = port
        self._health = health
        self._gate = gate
        self._metrics = metrics
        self._room = asyncio.Semaphore(AT_ONCE)
        self._runner: web.AppRunner | None = None

    @property
    def port(self) -> int:
        """The port it listens on, once started."""
        if self._runner is None or not self._runner.addresses:
            return self._port
        return int(self._runner.addresses[0][1])

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            OSError: the address cannot be listened on.
        """
        logging.getLogger("aiohttp.server").addFilter(_OF_OURS)
        app = web.Application(client_max_size=LARGEST_PUSH)
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        if self._metrics is not None:
            app.router.add_get("/metrics", self._figures)
        app.router.add_route("*", "/push/{account}/{token}/{kind}", self._pushed)
        # A body is measured as it comes: nobody documents a packed one, and a packed one may be any size.
        self._runner = web.AppRunner(app, access_log=None, auto_decompress=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()

    async def stop(self) -> None:
        """Stop listening."""
        if self._runner is not None:
            await self._runner.cleanup()

    async def _healthz(self, _request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _readyz(self, _request: web.Request) -> web.Response:
        failing = {name: words for name, words in self._health().items() if words}
        return web.json_response({"ready": not failing, "failing": failing}, status=503 if failing else 200)

    async def _figures(self, _request: web.Request) -> web.Response:
        body = None if self._metrics is None else await self._metrics()
        if body is None:
            return web.Response(status=503, text="503: no figures now", headers={"Retry-After": "5"})
        return web.Response(body=body, headers={"Content-Type": EXPOSITION})

    async def _pushed(self, request: web.Request) -> web.Response:
        gate = self._gate()
        if gate is None:  # says nothing of the address
            return web.Response(status=503, text="503: not ready yet", headers={"Retry-After": "5"})
        parts = request.match_info
        entry = gate.open(parts["account"], parts["token"], parts["kind"])
        if entry is None:
            raise web.HTTPNotFound
        answer = await self._taken(request, entry)
        return web.json_response(dict(answer.body), status=answer.status)

    async def _taken(self, request: web.Request, entry: Entry) -> Answer:
        if request.method != "POST":
            return entry.refuse(405, "POST is expected")
        if request.headers.get("Content-Encoding", "identity") != "identity":
            return entry.refuse(415, "a body that is not packed is expected")
        if not entry.admits():
            return entry.refuse(429, "too many at once, send it again")
        async with self._room:
            try:
                async with asyncio.timeout(READ_WITHIN):
                    body = await request.read()
            except TimeoutError:
                return entry.refuse(408, "the body did not come in time")
            except web.HTTPRequestEntityTooLarge:
                return entry.refuse(413, f"the body has more than {LARGEST_PUSH} bytes")
            except web.RequestPayloadError:
                return entry.refuse(400, "the body broke off")
            return await entry.take(body)
