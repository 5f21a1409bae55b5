"""The stream: gateway and sockets, the frames that go out over them and the acknowledgements that come back."""

import json
from collections.abc import Mapping
from typing import Any

from aiohttp import WSMsgType, web

from tests.emulators.dingtalk.refusal import refused
from tests.emulators.dingtalk.team import Socket, Team

TICKET_SECONDS = 90


class Stream:
    """The sockets of an organisation."""

    def __init__(self, team: Team) -> None:
        self._team = team

    def frame(self, topic: str, data: Mapping[str, Any], *, kind: str = "CALLBACK") -> dict[str, Any]:
        """A frame of a topic, ready to be sent."""
        message_id = f"frame{next(self._team.numbers)}"
        frame = {
            "specVersion": "1.0",
            "type": kind,
            "headers": {
                "topic": topic,
                "messageId": message_id,
                "contentType": "application/json",
                "time": str(int(self._team.now() * 1000)),
                "appId": "emulated-app",
                "connectionId": "emulated-connection",
            },
            "data": json.dumps(data, ensure_ascii=False),
        }
        self._team.frames[message_id] = frame
        return frame

    async def deliver(self, frame: dict[str, Any]) -> None:
        """DingTalk picks one socket and queues nothing: without one that listens the message is lost."""
        for socket in reversed(self._team.sockets):
            if not socket.deaf:
                await self.send(socket, frame)
                return
        self._team.lost.append(frame["headers"]["messageId"])

    @staticmethod
    async def send(socket: Socket, frame: Mapping[str, Any]) -> None:
        """Send a frame over one socket."""
        await socket.connection.send_str(json.dumps(frame, ensure_ascii=False))

    async def open(self, request: web.Request) -> web.Response:
        """Hand out a ticket for a connection."""
        body = await request.json()
        if (body.get("clientId"), body.get("clientSecret")) != (self._team.client_id, self._team.client_secret):
            raise refused(401, "invalidAuthentication")
        topics = {one.get("topic") for one in body.get("subscriptions", ())}
        if not body.get("ua") or not topics or any(one.get("type") != "CALLBACK" for one in body["subscriptions"]):
            raise refused(400, "invalidParameter")
        ticket = f"ticket+{next(self._team.numbers)}/secret="
        self._team.tickets[ticket] = self._team.now() + TICKET_SECONDS
        self._team.secrets.add(ticket)
        return web.json_response({"endpoint": f"{self._team.url.replace('http', 'ws')}/connect", "ticket": ticket})

    async def connect(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its ticket to its end."""
        if self._team.tickets.pop(request.query.get("ticket", ""), 0.0) < self._team.now():
            return web.Response(status=401)
        assert request.transport is not None
        connection = web.WebSocketResponse(timeout=0.2)
        await connection.prepare(request)
        self._team.opened += 1
        socket = Socket(connection, request.transport, self._team.opened)
        self._team.sockets.append(socket)
        await self._team.notify()
        try:
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    await self._ack(message.data)
        finally:
            self._team.sockets.remove(socket)
            await self._team.notify()
        return connection

    async def _ack(self, text: str) -> None:
        ack = json.loads(text)
        known = self._team.frames.get(ack.get("headers", {}).get("messageId", ""))
        if known is None:
            self._team.complaints.append(f"an acknowledgement of nothing: {text[:100]}")
            return
        if not isinstance(ack.get("data"), str) or "code" not in ack:
            self._team.complaints.append(f"an acknowledgement without code or JSON text: {text[:100]}")
        elif known["type"] == "CALLBACK" and "response" not in json.loads(ack["data"]):
            self._team.complaints.append(f"a callback was acknowledged without a response: {text[:100]}")
        self._team.acks.append(ack)
        await self._team.notify()
