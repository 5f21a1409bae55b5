"""Slack as an app sees it, on loopback: Web API and Socket Mode, stateful, refusing what Slack refuses.

It imports nothing of the program. Clients speak to `Slack.base_url`; the address of the socket comes from
`apps.connections.open`, as in reality. Tests drive it with verbs (`slash`, `press`, `submit_view`, …) and wait for
conditions with `until`, never for a span of time.
"""

from typing import Self

from aiohttp import web

from tests.emulators.slack.addresses import Addresses
from tests.emulators.slack.api import Api
from tests.emulators.slack.people import People
from tests.emulators.slack.team import Gate
from tests.emulators.tls import server_side


class Slack(People):
    """A team, its people and the service that the app calls. Use as `async with Slack() as slack`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._api = Api(self)
        self._addresses = Addresses(self)

    async def __aenter__(self) -> Self:
        self._beating = self.pulse.beating()
        await self._beating.__aenter__()
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api.call)
        app.router.add_get("/link", self._socket.link)
        app.router.add_post("/respond/{id}", self._addresses.respond)
        app.router.add_post("/upload/{id}", self._addresses.upload)
        app.router.add_get("/files/{id}", self._addresses.download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        scheme, context = server_side(self.certificate)
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"{scheme}://{host}:{port}"
        self.base_url = f"{self.url}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.over.set()
        for gate in self.gates.values():
            gate.open()
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()
        await self._beating.__aexit__(None, None, None)

    # --- What goes wrong ---------------------------------------------------------------------------------------------

    def fail_next(self, method: str, kind: str, *, times: int = 1, retry_after: float = 1) -> None:
        """Have the next calls of a method fail.

        Args:
            kind: `429`, `500`, `reset` (cut before it was processed), `reset_after` (processed, the answer is lost),
                `500_after`, `hang` (no answer as long as somebody waits for it), `hang_after`, or a Slack error code.
        """
        self.failures[method].extend([(kind, retry_after)] * times)

    def hold(self, method: str) -> Gate:
        """Have the calls of a method wait until the gate is opened; then they are answered as they would be."""
        gate = self.gates[method] = Gate()
        return gate

    def mend(self, method: str) -> None:
        """The next calls of a method do not fail any more."""
        self.failures[method].clear()

    def expire_triggers(self) -> None:
        """Every trigger is too old, also those that are handed out from now on."""
        self.trigger_seconds = -1.0

    async def drop_socket(self, *, reset: bool = False, reason: str = "") -> None:
        """End one connection: by a disconnect message with a reason, a TCP reset, or a close frame."""
        socket = self.sockets[-1]
        if reason:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "emulator"}})
        elif reset:
            assert socket._req is not None
            transport = socket._req.transport
            assert transport is not None
            transport.abort()
        else:
            await socket.close()

    def freeze(self) -> None:
        """Every open connection stays, and nothing comes over it any more, not even its end."""
        for socket in self.sockets:
            assert socket._req is not None
            assert socket._req.transport is not None
            socket._req.transport.pause_reading()

    def go_deaf(self) -> None:
        """Every open connection stops answering pings and hears nothing; new ones are well."""
        self.deaf |= {id(socket) for socket in self.sockets}
