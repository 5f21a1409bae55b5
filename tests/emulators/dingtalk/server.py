"""DingTalk as far as a bot sees it: stream gateway, OpenAPI and oapi on one loopback port.

Imports nothing of the program. It keeps everything it receives, refuses what DingTalk refuses (facts, DingTalk 9), and
counts messages by a clock that the test may own. Whatever a real client would be blamed for stands in `complaints`.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import WSCloseCode, web

from tests.emulators.dingtalk.cards import Cards
from tests.emulators.dingtalk.openapi import OpenApi
from tests.emulators.dingtalk.people import People
from tests.emulators.dingtalk.refusal import Refusal, refused
from tests.emulators.dingtalk.team import Call
from tests.emulators.tls import server_side

PAGE = "<!doctype html><title>blocked</title>"
SCOPES = {"robot": "qyapi_robot_sendmsg", "card": "Card.Instance.Write", "media": "qyapi_base"}


class DingTalkEmulator(People):
    """An organisation, its people and the service that the robot calls; `async with DingTalkEmulator() as dingtalk`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self._openapi = OpenApi(self)
        self._cards = Cards(self)
        self._failures: list[tuple[str, int, Any, str]] = []
        self._cuts: list[tuple[str, bool]] = []
        self._hanging = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        self._beating = self.pulse.beating()
        await self._beating.__aenter__()
        app = web.Application(client_max_size=30_000_000, middlewares=[self._front])
        app.router.add_post("/v1.0/gateway/connections/open", self._stream.open)
        app.router.add_get("/connect", self._stream.connect)
        app.router.add_post("/v1.0/oauth2/accessToken", self._openapi.access_token)
        app.router.add_post("/v1.0/robot/groupMessages/send", self._openapi.group_send)
        app.router.add_post("/v1.0/robot/oToMessages/batchSend", self._openapi.private_send)
        app.router.add_post("/v1.0/robot/groupMessages/query", self._openapi.group_query)
        app.router.add_post("/topapi/v2/user/get", self._openapi.user)
        app.router.add_post("/v1.0/robot/messageFiles/download", self._openapi.download)
        app.router.add_get("/storage/{code}", self._openapi.storage)
        app.router.add_post("/v1.0/card/instances/createAndDeliver", self._cards.create)
        app.router.add_put("/v1.0/card/instances", self._cards.update)
        app.router.add_post("/robot/sendBySession", self._openapi.webhook)
        app.router.add_post("/media/upload", self._openapi.upload)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, handle_signals=False, access_log=None)
        await self._runner.setup()
        scheme, context = server_side(self.certificate)
        site = web.TCPSite(self._runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.host = f"{host}:{port}"
        self.url = f"{scheme}://{self.host}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hanging.set()
        for socket in list(self.sockets):
            socket.transport.close()
        assert self._runner is not None
        await self._runner.cleanup()
        await self._beating.__aexit__(None, None, None)

    # --- What goes wrong ---------------------------------------------------------------------------------------------

    async def drop(self) -> None:
        """Cut every socket without a word."""
        for socket in list(self.sockets):
            assert isinstance(socket.transport, asyncio.Transport)
            socket.transport.abort()

    def freeze(self) -> None:
        """Every open socket stays, and nothing comes over it any more, not even its end."""
        for socket in self.sockets:
            assert isinstance(socket.transport, asyncio.Transport)
            socket.transport.pause_reading()

    def deaf(self) -> None:
        """Have the sockets that are open now answer pings and deliver nothing more."""
        for socket in self.sockets:
            socket.deaf = True

    async def disconnect(self) -> None:
        """Announce the end of a socket, as DingTalk does; it delivers nothing more."""
        for socket in list(self.sockets):
            await self._stream.send(socket, self._stream.frame("disconnect", {"reason": "planned"}, kind="SYSTEM"))
            socket.deaf = True

    async def system(self, topic: str = "KEEPALIVE") -> str:
        """Send a system frame; returns its messageId."""
        frame = self._stream.frame(topic, {"opaque": "emulated"}, kind="SYSTEM")
        for socket in self.sockets:
            if not socket.deaf:
                await self._stream.send(socket, frame)
        return str(frame["headers"]["messageId"])

    async def garbage(self, text: str = "not json") -> None:
        """Send something that is no frame."""
        for socket in self.sockets:
            await socket.connection.send_str(text)

    async def close_sockets(self) -> None:
        """Close every socket cleanly."""
        for socket in list(self.sockets):
            await socket.connection.close(code=WSCloseCode.OK)

    def fail_next(
        self,
        path: str,
        *,
        status: int = 500,
        body: Any = None,
        times: int = 1,
        hang: bool = False,
        hang_after: bool = False,
    ) -> None:
        """Have the next calls whose path contains this answered otherwise, or (`hang`) not at all, before they are handled
        or (`hang_after`) when they were."""
        hangs = "after" if hang_after else "before" if hang else ""
        answer = {"code": "system.busy", "message": "emulated", "requestid": "emulated"} if body is None else body
        self._failures += [(path, status, answer, hangs)] * times

    def delay_next(self, path: str) -> None:
        """Have the next call whose path contains this handled at once, and answered after `release`."""
        self._failures.append((path, 200, None, "late"))

    def cut_next(self, path: str, *, after: bool = False) -> None:
        """Have the connection of the next call whose path contains this cut, before it is handled or (`after`) when it was."""
        self._cuts.append((path, after))

    def page_next(self, path: str) -> None:
        """Have the next call whose path contains this answered by a page, as what stands before the API does."""
        self.fail_next(path, status=403, body=PAGE)

    def release(self) -> None:
        """Answer what hangs."""
        self._hanging.set()
        self._hanging = asyncio.Event()

    def deny(self, area: str) -> None:
        """Have the next call of an area (`robot`, `card`, `media`) refused for a missing permission."""
        code = "Forbidden.AccessDenied.AccessTokenPermissionDenied"
        body = {
            "code": code,
            "message": "应用尚未开通所需的权限",
            "requestid": "emulated-request",
            "accessdenieddetail": {"requiredScopes": [SCOPES[area]]},
        }
        self.fail_next({"robot": "/robot/", "card": "/card/", "media": "/media/"}[area], status=403, body=body)

    # --- Every call --------------------------------------------------------------------------------------------------

    @web.middleware
    async def _front(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        body: Any = None
        if request.content_type == "application/json":
            try:
                body = await request.json()
            except ValueError:
                self.complaints.append(f"{request.path}: not JSON")
        self.calls.append(
            Call(request.method, request.path, body, dict(request.headers), dict(request.query), self.now())
        )
        await self.notify()
        for position, (part, status, answer, hangs) in enumerate(self._failures):
            if part in request.path:
                del self._failures[position]
                if hangs == "late":
                    taken = await handler(request)
                    await self.notify()
                    await self._hanging.wait()
                    return taken
                if hangs == "after":
                    await handler(request)
                    await self.notify()
                if hangs:
                    await self._hanging.wait()
                if answer == PAGE:
                    return web.Response(text=PAGE, content_type="text/html", status=status)
                return web.json_response(answer, status=status)
        try:
            if request.path.startswith("/v1.0/") and "/oauth2/" not in request.path and "/gateway/" not in request.path:
                self._openapi.authorised(request.headers.get("x-acs-dingtalk-access-token", ""))
                if self.spent:
                    raise refused(403, "Forbidden.AccessDenied.ApiCountLimitForOrg")
            if (cut := next((one for one in self._cuts if one[0] in request.path), None)) is not None:
                self._cuts.remove(cut)
                if cut[1]:
                    await handler(request)
                assert isinstance(request.transport, asyncio.Transport)
                request.transport.abort()
                return web.Response()
            return await handler(request)
        except Refusal as refusal:
            return web.json_response(refusal.body, status=refusal.status)
        except web.HTTPException as error:
            self.complaints.append(f"{request.method} {request.path}: {error.status}")
            raise
