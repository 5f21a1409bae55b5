"""Socket Mode: the connections, what goes out over them, and the acknowledgements that come back."""

import itertools
import json
import time
from collections.abc import Mapping
from typing import Any

from aiohttp import WSMsgType, web

from tests.emulators.slack.rules import Invalid, check_errors, check_view
from tests.emulators.slack.team import BOT_USER, TEAM, Delivery, Team


class Socket:
    """The sockets of a team."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._turn = itertools.count()
        self._waiting: dict[str, Delivery] = {}

    async def send(
        self, kind: str, payload: dict[str, Any], *, responds: bool = False, retry: bool = False
    ) -> Delivery:
        """Send something to the app, over the sockets in turn; waits for one."""
        await self._team.until(lambda: self._team.sockets)
        number = next(self._turn)
        envelope = {
            "type": kind,
            "envelope_id": f"envelope-{number}",
            "payload": self._stamped(kind, payload),
            "accepts_response_payload": responds,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": int(retry), "retry_reason": "timeout" if retry else ""}
        delivery = Delivery(envelope, self._team.pulse.now())
        self._team.deliveries.append(delivery)
        self._waiting[str(envelope["envelope_id"])] = delivery
        socket = self._team.sockets[number % len(self._team.sockets)]
        await socket.send_str(json.dumps(envelope, ensure_ascii=False))
        return delivery

    async def event(self, event: dict[str, Any], *, shared: bool = False) -> Delivery:
        """Send an event of the Events API."""
        return await self.send(
            "events_api",
            {
                "type": "event_callback",
                "event_id": f"Ev{next(self._team.numbers):08}",
                "event_time": int(time.time()),
                "team_id": TEAM,
                "api_app_id": "A0APP",
                "is_ext_shared_channel": shared,
                "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
                "event": {**event, "event_ts": event.get("ts") or self._team.ts()},
            },
        )

    async def link(self, request: web.Request) -> web.StreamResponse:
        """One connection, from its ticket to its end."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._team.tickets or self._team.bad_tickets > 0:
            self._team.bad_tickets = max(0, self._team.bad_tickets - 1)
            self._team.tickets.discard(ticket)
            return web.Response(status=403, text="bad ticket")
        self._team.tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self._team.sockets.append(socket)
        self._team.opened += 1
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self._team.sockets) + self._team.ghosts,
                "connection_info": {"app_id": "A0APP"},
                "debug_info": {"host": "emulator", "build_number": 1, "approximate_connection_time": 18060},
            }
        )
        if self._team.crowded:
            self._team.crowded -= 1
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
        await self._team.happened()
        try:
            async for frame in socket:
                if id(socket) in self._team.deaf:
                    continue
                if frame.type is WSMsgType.PING:
                    await socket.pong(frame.data)
                    await self._team.happened()
                elif frame.type is WSMsgType.TEXT:
                    self._take_ack(json.loads(frame.data))
                    await self._team.happened()
        finally:
            self._team.sockets.remove(socket)
            self._team.deaf.discard(id(socket))
            await self._team.happened()
        return socket

    def _take_ack(self, frame: Mapping[str, Any]) -> None:
        delivery = self._waiting.pop(str(frame.get("envelope_id", "")), None)
        if delivery is None:
            return
        payload = frame.get("payload") or {}
        delivery.ack = dict(payload)
        delivery.acked_after = self._team.pulse.now() - delivery.sent_at
        delivery.took = time.perf_counter() - delivery.begun
        if delivery.acked:
            assert not payload or delivery.envelope["accepts_response_payload"], "an answer where none is taken"
            self._apply_view_answer(delivery, payload)

    def _apply_view_answer(self, delivery: Delivery, payload: Mapping[str, Any]) -> None:
        sent = delivery.envelope["payload"]
        if sent.get("type") != "view_submission":
            return
        view_id = sent["view"]["id"]
        try:
            match payload.get("response_action"):
                case "errors":
                    check_errors(payload.get("errors"), sent["view"])
                case "update":
                    check_view(payload["view"])
                    if view_id in self._team.views:
                        self._team.change_view(view_id, payload["view"])
                case "clear" | None:
                    self._team.views.pop(view_id, None)
                case other:
                    self._team.refused.append(f"an acknowledgement: response_action {other}")
        except Invalid as error:
            self._team.refused.append(f"an acknowledgement: {error}")

    def _stamped(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """With the workspace that whoever did it belongs to; and on Enterprise Grid with the organisation."""
        stamped = dict(payload)
        if isinstance(user := payload.get("user"), dict):
            stamped["user"] = {**user, "team_id": self._team.users[user["id"]]["team_id"]}
        if not self._team.enterprise:
            return stamped
        organisation = {"id": self._team.enterprise, "name": "org"}
        match kind:
            case "slash_commands":
                stamped |= {
                    "enterprise_id": self._team.enterprise,
                    "is_enterprise_install": str(self._team.org_wide).lower(),
                }
            case "interactive":
                stamped |= {"enterprise": organisation, "is_enterprise_install": self._team.org_wide}
            case "events_api":
                stamped["enterprise_id"] = self._team.enterprise
                stamped["authorizations"] = [
                    {**one, "enterprise_id": self._team.enterprise, "is_enterprise_install": self._team.org_wide}
                    for one in payload["authorizations"]
                ]
        return stamped
