"""The bot's own small web server: is it alive, is it ready.

`/healthz` answers while the process lives; `/readyz` answers 503 and says what fails while something does.
"""

from collections.abc import Callable, Mapping

from aiohttp import web


class Web:
    """Listens for health checks.

    Args:
        host: the address to listen on.
        port: the port; 0 takes a free one.
        health: name → what fails there, empty text when it is well.
    """

    def __init__(self, host: str, port: int, health: Callable[[], Mapping[str, str]]) -> None:
        self._host = host
        self._port = port
        self._health = health
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
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        self._runner = web.AppRunner(app, access_log=None)
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
