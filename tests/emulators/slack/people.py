"""Slack as an app sees it, on loopback: Web API and Socket Mode, stateful, refusing what Slack refuses.

It imports nothing of the program. Clients speak to `Slack.base_url`; the address of the socket comes from
`apps.connections.open`, as in reality. Tests drive it with verbs (`slash`, `press`, `submit_view`, …) and wait for
conditions with `until`, never for a span of time.
"""

import asyncio
import contextlib
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import WSMsgType, web

from tests.emulators.slack.rules import Invalid, check_blocks, check_errors, check_message, check_view, texts

BOT_TOKEN = "xoxb-emulator"
APP_TOKEN = "xapp-emulator"
TEAM = "T0HOME"
BOT_USER = "U0BOT"
SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,files:read,files:write,groups:history,"
    "groups:read,im:history,usergroups:read,users:read"
)
NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.info": "channels:read",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
UNDER_WAY = 0.2
"""Seconds for which a call may have been under way when another one was told to slow down."""
HTML = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"


@dataclass
class Channel:
    """A conversation.

    Args:
        member: whether the bot is in it.
        shared: with another organisation (Slack Connect).
        refuses: the code with which every message is refused; empty when none is.
        locked: the threads that take no replies.
    """

    id: str
    name: str = "sms"
    member: bool = True
    archived: bool = False
    shared: bool = False
    direct: bool = False
    refuses: str = ""
    locked: set[str] = field(default_factory=set)
    messages: list[dict[str, Any]] = field(default_factory=list)

    def find(self, ts: str) -> dict[str, Any] | None:
        """The message of this ts."""
        return next((message for message in self.messages if message["ts"] == ts), None)


@dataclass
class File:
    """An uploaded file.

    Args:
        readable: whether the app's token may read it.
        stub: shown as a stub, as files of other organisations are: only `files.info` tells more.
        length: what was announced before it was uploaded.
        alt_txt: with one Slack says yes and never shares the file (python-slack-sdk#1818).
        shares: channel → the time stamps of the messages that show it.
    """

    id: str
    name: str
    content: bytes
    readable: bool = True
    stub: bool = False
    length: int = 0
    alt_txt: str = ""
    completed: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Share:
    """Files on their way into a channel: there after so many looks at one of them, at the latest behind the next message."""

    files: list[File]
    channel: str
    thread: str
    comment: str
    looks: int


@dataclass
class Delivery:
    """Something sent to the app over a socket, and what came back.

    Args:
        ack: the payload of the acknowledgement; `{}` for a bare one, none as long as there is none.
    """

    envelope: dict[str, Any]
    sent_at: float
    ack: dict[str, Any] | None = None
    acked_after: float | None = None

    @property
    def acked(self) -> bool:
        """Whether it was acknowledged in time."""
        return self.acked_after is not None and self.acked_after <= 3.0


class Slack:
    """One workspace with one app. Use as `async with Slack() as slack`.

    Args:
        scopes: what the bot token was granted.
        limits: refuse more than a short burst of messages beyond one per `second` and channel.
        enterprise: id of the organisation on Enterprise Grid.
        org_wide: the app is installed for the whole organisation, so tokens are of no workspace.
        second: how long one is, for the limits.
    """

    def __init__(
        self,
        *,
        scopes: str = SCOPES,
        limits: bool = False,
        enterprise: str = "",
        org_wide: bool = False,
        second: float = 1.0,
    ) -> None:
        self.scopes = scopes
        self.limits = limits
        self.second = second
        self.enterprise = enterprise
        self.org_wide = org_wide
        self.workspaces = (TEAM,)
        self.ghosts = 0
        self.crowded = 0
        self._rests: dict[str, tuple[float, float]] = {}
        self.base_url = ""
        self.channels: dict[str, Channel] = {
            "C0SMS": Channel("C0SMS"),
            "C0OUT": Channel("C0OUT", "elsewhere", member=False),
            "C0OLD": Channel("C0OLD", "old", archived=True),
            "D0ALICE": Channel("D0ALICE", "directmessage", direct=True),
        }
        self.users: dict[str, dict[str, Any]] = {
            user: {"id": user, "team_id": team, "name": name, "profile": {"display_name": name}, "deleted": False}
            for user, team, name in (
                ("U0ALICE", TEAM, "alice"),
                ("U0BOB", TEAM, "bob"),
                ("U0EVE", "T0OTHER", "eve"),
                (BOT_USER, TEAM, "signpost"),
            )
        }
        self.groups: dict[str, list[str]] = {}
        self.files: dict[str, File] = {}
        self.looks_until_shared = 2
        self._sharing: list[Share] = []
        self.views: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.responses: dict[str, list[dict[str, Any]]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refused: list[str] = []
        self.deliveries: list[Delivery] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.opened = 0
        self.deaf: set[int] = set()
        self.bad_tickets = 0
        self._failures: dict[str, deque[tuple[str, float]]] = defaultdict(deque)
        self.trigger_seconds = 3.0
        self.whispers: list[dict[str, Any]] = []
        self._triggers: dict[str, float | None] = {}
        self._waiting: dict[str, Delivery] = {}
        self._posted: dict[str, deque[float]] = defaultdict(deque)
        self._numbers = itertools.count(1)
        self._changed = asyncio.Condition()
        self._over = asyncio.Event()
        self._turn = itertools.count()
        self._tickets: set[str] = set()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self._api)
        app.router.add_get("/link", self._link)
        app.router.add_post("/respond/{id}", self._respond)
        app.router.add_post("/upload/{id}", self._upload)
        app.router.add_get("/files/{id}", self._download)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        self.base_url = f"{self.url}/api/"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._over.set()
        for socket in list(self.sockets):
            await socket.close()
        await self._runner.cleanup()

    # --- What tests ask ----------------------------------------------------------------------------------------------

    async def until(self, holds: Callable[[], Any], *, seconds: float = 10.0) -> Any:
        """Wait until something holds, and return it; looks again after everything that happens here."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                while not (found := holds()):
                    await self._changed.wait()
                return found
        except TimeoutError:
            raise AssertionError(f"it never came: {self.transcript()}; refused: {self.refused}") from None

    def said(self, channel: str = "C0SMS") -> list[dict[str, Any]]:
        """The messages of the app in a channel, in order."""
        return [message for message in self.channels[channel].messages if message.get("bot_id")]

    def find(self, part: str, channel: str = "C0SMS") -> dict[str, Any] | None:
        """The app's last message whose text has this part."""
        return next((message for message in reversed(self.said(channel)) if part in message["text"]), None)

    def transcript(self) -> str:
        """What was said, for a failing test."""
        return json.dumps(
            [message["text"] for channel in self.channels.values() for message in channel.messages], ensure_ascii=False
        )

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(1 for name, _ in self.calls if name == method)

    # --- Verbs -------------------------------------------------------------------------------------------------------

    async def slash(self, text: str, user: str = "U0ALICE", channel: str = "C0SMS", *, team: str = "") -> Delivery:
        """Type a slash command, in the workspace or in another one of the organisation (`team`)."""
        return await self._send(
            "slash_commands",
            {
                "command": "/sms",
                "text": text,
                "user_id": user,
                "user_name": self.users[user]["name"],
                "team_id": team or TEAM,
                "team_domain": "home",
                "channel_id": channel,
                "channel_name": self.channels[channel].name if channel in self.channels else "unknown",
                "response_url": self._response_url(),
                "trigger_id": self._trigger(),
                "api_app_id": "A0APP",
                "is_enterprise_install": "false",
                "token": "deprecated",
            },
            responds=True,
        )

    async def mention(
        self,
        text: str,
        user: str = "U0ALICE",
        channel: str = "C0SMS",
        *,
        thread: str = "",
        team: str = "",
        files: tuple[str, ...] = (),
    ) -> Delivery:
        """Write a message that mentions the app."""
        ts = self._ts()
        message: dict[str, Any] = {"type": "message", "user": user, "text": f"<@{BOT_USER}> {text}", "ts": ts}
        if thread:
            message["thread_ts"] = thread
        self.channels[channel].messages.append(dict(message))
        event = {**message, "type": "app_mention", "channel": channel, "team": team or self.users[user]["team_id"]}
        return await self._event(self._with_files(event, files), shared=self.channels[channel].shared)

    async def dm(
        self, text: str, user: str = "U0ALICE", channel: str = "D0ALICE", *, files: tuple[str, ...] = ()
    ) -> Delivery:
        """Write to the app in private."""
        ts = self._ts()
        message = {"type": "message", "user": user, "text": text, "ts": ts}
        self.channels[channel].messages.append(dict(message))
        event = {**message, "channel": channel, "channel_type": "im", "team": self.users[user]["team_id"]}
        return await self._event(self._with_files(event, files))

    async def press(
        self,
        label: str,
        message: Mapping[str, Any] | None = None,
        *,
        user: str = "U0ALICE",
        channel: str = "C0SMS",
        team: str = "",
        option: str = "",
        ephemeral: bool = False,
    ) -> Delivery:
        """Press the button of this label, on a message or on the last one that has it; or choose from such a menu.

        `ephemeral` is whether only this person sees the message.
        """
        for candidate in [message] if message else reversed(self.said(channel)):
            button = next((one for one in _buttons(candidate) if _label(one) == label), None)
            if candidate is not None and button is not None:
                break
        else:
            raise AssertionError(f"no button {label}: {self.transcript()}")
        container = {"type": "message", "message_ts": candidate["ts"], "channel_id": channel, "is_ephemeral": ephemeral}
        if "thread_ts" in candidate:
            container["thread_ts"] = candidate["thread_ts"]
        return await self._send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": team or TEAM},
                "api_app_id": "A0APP",
                "container": container,
                "channel": {"id": channel, "name": self.channels[channel].name},
                "message": dict(candidate),
                "response_url": self._response_url(),
                "trigger_id": self._trigger(),
                "actions": [{**_pressed(button, option), "action_ts": self._ts()}],
            },
        )

    async def open_home(self, user: str = "U0ALICE", *, tab: str = "home", told: bool = True) -> Delivery:
        """Look at a tab of the app; `told` is whether Slack says which 1:1 conversation it belongs to."""
        event = {"type": "app_home_opened", "user": user, "tab": tab}
        if told:
            event["channel"] = self.direct(user).id
        if user in self.homes:
            event["view"] = self.homes[user]
        return await self._event(event)

    async def press_home(self, label: str, user: str = "U0ALICE", *, option: str = "") -> Delivery:
        """Press a button of somebody's home tab, or choose from such a menu."""
        view = self.homes[user]
        button = next((one for one in _buttons(view) if _label(one) == label), None)
        assert button is not None, f"no button {label}: {json.dumps(view, ensure_ascii=False)}"
        return await self._send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "container": {"type": "view", "view_id": view["id"]},
                "view": view,
                "trigger_id": self._trigger(),
                "actions": [{**_pressed(button, option), "action_ts": self._ts()}],
            },
        )

    def direct(self, user: str) -> Channel:
        """The 1:1 conversation of the app and a person."""
        identity = user.replace("U", "D", 1)
        return self.channels.setdefault(identity, Channel(identity, "directmessage", direct=True))

    def home(self, user: str = "U0ALICE") -> str:
        """What somebody's home tab shows, as text; empty before it was ever shown."""
        return "\n".join(texts(self.homes.get(user, {}).get("blocks", ())))

    def write(
        self,
        text: str,
        user: str = "U0ALICE",
        channel: str = "C0SMS",
        *,
        thread: str = "",
        files: tuple[str, ...] = (),
    ) -> dict[str, Any]:
        """A message that somebody writes and that the app is not told of; escaped as Slack does it."""
        escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        message: dict[str, Any] = {"type": "message", "user": user, "text": escaped, "ts": self._ts()}
        if thread:
            message["thread_ts"] = thread
        self.channels[channel].messages.append(message)
        return self._with_files(message, files)

    async def shortcut(
        self,
        message: Mapping[str, Any],
        callback_id: str = "check_template",
        *,
        user: str = "U0ALICE",
        channel: str = "C0SMS",
        team: str = "",
    ) -> Delivery:
        """Choose a shortcut in the menu of a message."""
        return await self._send(
            "interactive",
            {
                "type": "message_action",
                "token": "deprecated",
                "action_ts": self._ts(),
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": team or TEAM},
                "channel": {"id": channel, "name": self.channels[channel].name},
                "is_enterprise_install": False,
                "enterprise": None,
                "callback_id": callback_id,
                "trigger_id": self._trigger(),
                "response_url": self._response_url(),
                "message_ts": message["ts"],
                "message": dict(message),
            },
        )

    async def submit_view(
        self,
        view_id: str,
        values: Mapping[str, Any],
        *,
        user: str = "U0ALICE",
        files: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Delivery:
        """Fill in a modal (block id → text, option value, or flags) and submit it."""
        view = self.views[view_id]
        view["state"] = {"values": self._filled_in(view, values, files or {}, must=True)}
        return await self._send(
            "interactive",
            {
                "type": "view_submission",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "trigger_id": self._trigger(),
                "view": view,
                "response_urls": [],
            },
            responds=True,
        )

    async def choose(self, view_id: str, block_id: str, value: str, *, user: str = "U0ALICE") -> Delivery:
        """Choose an option of a modal that tells the app at once."""
        view = self.views[view_id]
        block = next(block for block in view["blocks"] if block.get("block_id") == block_id)
        assert block.get("dispatch_action"), f"{block_id} tells nobody"
        view["state"] = {"values": self._filled_in(view, {block_id: value}, {})}
        chosen = view["state"]["values"][block_id][block["element"]["action_id"]]
        return await self._send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "container": {"type": "view", "view_id": view_id},
                "view": view,
                "trigger_id": self._trigger(),
                "actions": [
                    {
                        **chosen,
                        "block_id": block_id,
                        "action_id": block["element"]["action_id"],
                        "action_ts": self._ts(),
                    }
                ],
            },
        )

    async def press_in_view(self, view_id: str, label: str, *, user: str = "U0ALICE") -> Delivery:
        """Press a button of a modal; what was filled in goes along."""
        view = self.views[view_id]
        button = next(one for one in _buttons(view) if one["text"]["text"] == label)
        return await self._send(
            "interactive",
            {
                "type": "block_actions",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "container": {"type": "view", "view_id": view_id},
                "view": view,
                "trigger_id": self._trigger(),
                "actions": [{**_pressed(button), "action_ts": self._ts()}],
            },
        )

    def fill_in(
        self, view_id: str, values: Mapping[str, Any], *, files: Mapping[str, tuple[str, ...]] | None = None
    ) -> None:
        """Fill in a modal without submitting it."""
        view = self.views[view_id]
        view["state"] = {"values": self._filled_in(view, values, files or {})}

    async def close_view(self, view_id: str, *, user: str = "U0ALICE") -> Delivery | None:
        """Close a modal; the app hears of it where it asked to, without what was filled in last."""
        view = {key: value for key, value in self.views.pop(view_id).items() if key != "state"}
        if not view.get("notify_on_close"):
            return None
        return await self._send(
            "interactive",
            {
                "type": "view_closed",
                "team": {"id": TEAM, "domain": "home"},
                "user": {"id": user, "username": self.users[user]["name"], "team_id": TEAM},
                "api_app_id": "A0APP",
                "view": view,
                "is_cleared": False,
            },
        )

    async def redeliver(self, delivery: Delivery) -> Delivery:
        """Send the same payload again under a new envelope, as a retry does."""
        envelope = delivery.envelope
        return await self._send(
            envelope["type"], envelope["payload"], responds=envelope["accepts_response_payload"], retry=True
        )

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

    def go_deaf(self) -> None:
        """Every open connection stops answering pings and hears nothing; new ones are well."""
        self.deaf |= {id(socket) for socket in self.sockets}

    def fail_next(self, method: str, kind: str, *, times: int = 1, retry_after: float = 1) -> None:
        """Have the next calls of a method fail.

        Args:
            kind: `429`, `500`, `reset` (cut before it was processed), `reset_after` (processed, the answer is lost),
                `500_after`, `hang` (no answer as long as somebody waits for it), `hang_after`, or a Slack error code.
        """
        self._failures[method].extend([(kind, retry_after)] * times)

    def mend(self, method: str) -> None:
        """The next calls of a method do not fail any more."""
        self._failures[method].clear()

    async def members_changed(self, group: str, users: Sequence[str] | None) -> Delivery:
        """Somebody changes who is in a user group, or does away with it."""
        self.groups.pop(group, None)
        if users is not None:
            self.groups[group] = list(users)
        event = {"type": "subteam_members_changed", "subteam_id": group, "team_id": TEAM, "ts": self._ts()}
        return await self._event(event)

    def add_file(self, name: str, content: bytes, *, readable: bool = True, stub: bool = False) -> str:
        """A file somebody uploaded; returns its id."""
        file = File(f"F{next(self._numbers):06}", name, content, readable, stub)
        self.files[file.id] = file
        return file.id

    # --- Sockets -----------------------------------------------------------------------------------------------------

    async def _link(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets or self.bad_tickets > 0:
            self.bad_tickets = max(0, self.bad_tickets - 1)
            self._tickets.discard(ticket)
            return web.Response(status=403, text="bad ticket")
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(autoping=False)
        await socket.prepare(request)
        self.sockets.append(socket)
        self.opened += 1
        await socket.send_json(
            {
                "type": "hello",
                "num_connections": len(self.sockets) + self.ghosts,
                "connection_info": {"app_id": "A0APP"},
                "debug_info": {"host": "emulator", "build_number": 1, "approximate_connection_time": 18060},
            }
        )
        if self.crowded:
            self.crowded -= 1
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
        await self._happened()
        try:
            async for frame in socket:
                if id(socket) in self.deaf:
                    continue
                if frame.type is WSMsgType.PING:
                    await socket.pong(frame.data)
                    await self._happened()
                elif frame.type is WSMsgType.TEXT:
                    self._take_ack(json.loads(frame.data))
                    await self._happened()
        finally:
            self.sockets.remove(socket)
            self.deaf.discard(id(socket))
            await self._happened()
        return socket

    def _take_ack(self, frame: Mapping[str, Any]) -> None:
        delivery = self._waiting.pop(str(frame.get("envelope_id", "")), None)
        if delivery is None:
            return
        payload = frame.get("payload") or {}
        delivery.ack = dict(payload)
        delivery.acked_after = time.monotonic() - delivery.sent_at
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
                    if view_id in self.views:
                        self._change_view(view_id, payload["view"])
                case "clear" | None:
                    self.views.pop(view_id, None)
                case other:
                    self.refused.append(f"an acknowledgement: response_action {other}")
        except Invalid as error:
            self.refused.append(f"an acknowledgement: {error}")

    async def _send(
        self, kind: str, payload: dict[str, Any], *, responds: bool = False, retry: bool = False
    ) -> Delivery:
        await self.until(lambda: self.sockets)
        number = next(self._turn)
        envelope = {
            "type": kind,
            "envelope_id": f"envelope-{number}",
            "payload": self._stamped(kind, payload),
            "accepts_response_payload": responds,
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": int(retry), "retry_reason": "timeout" if retry else ""}
        delivery = Delivery(envelope, time.monotonic())
        self.deliveries.append(delivery)
        self._waiting[str(envelope["envelope_id"])] = delivery
        socket = self.sockets[number % len(self.sockets)]
        await socket.send_str(json.dumps(envelope, ensure_ascii=False))
        return delivery

    def _stamped(self, kind: str, payload: dict[str, Any]) -> dict[str, Any]:
        """With the workspace that whoever did it belongs to; and on Enterprise Grid with the organisation."""
        stamped = dict(payload)
        if isinstance(user := payload.get("user"), dict):
            stamped["user"] = {**user, "team_id": self.users[user["id"]]["team_id"]}
        if not self.enterprise:
            return stamped
        organisation = {"id": self.enterprise, "name": "org"}
        match kind:
            case "slash_commands":
                stamped |= {"enterprise_id": self.enterprise, "is_enterprise_install": str(self.org_wide).lower()}
            case "interactive":
                stamped |= {"enterprise": organisation, "is_enterprise_install": self.org_wide}
            case "events_api":
                stamped["enterprise_id"] = self.enterprise
                stamped["authorizations"] = [
                    {**one, "enterprise_id": self.enterprise, "is_enterprise_install": self.org_wide}
                    for one in payload["authorizations"]
                ]
        return stamped

    async def acked(self, delivery: Delivery) -> dict[str, Any]:
        """Wait for the acknowledgement of a delivery, and return its payload."""
        await self.until(lambda: delivery.acked_after is not None)
        assert delivery.acked, "too late"
        return delivery.ack or {}

    async def _event(self, event: dict[str, Any], *, shared: bool = False) -> Delivery:
        return await self._send(
            "events_api",
            {
                "type": "event_callback",
                "event_id": f"Ev{next(self._numbers):08}",
                "event_time": int(time.time()),
                "team_id": TEAM,
                "api_app_id": "A0APP",
                "is_ext_shared_channel": shared,
                "authorizations": [{"team_id": TEAM, "user_id": BOT_USER, "is_bot": True}],
                "event": {**event, "event_ts": event.get("ts") or self._ts()},
            },
        )

    def _with_files(self, event: dict[str, Any], files: tuple[str, ...]) -> dict[str, Any]:
        if not files:
            return event
        return {**event, "subtype": "file_share", "files": [self._file(self.files[one]) for one in files]}

    # --- Web API -----------------------------------------------------------------------------------------------------

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        params = await _params(request)
        self.calls.append((method, params))
        await self._happened()
        kind, retry_after = self._failures[method].popleft() if self._failures[method] else ("", 0.0)
        begun, ended = self._rests.get(method, (0.0, 0.0))
        if begun + UNDER_WAY < time.monotonic() < ended:
            self.refused.append(f"{method}: while it was to rest")
        if kind == "429":
            self.refused.append(f"{method}: 429")
            self._rests[method] = (time.monotonic(), time.monotonic() + retry_after)
            return self._answer({"ok": False, "error": "ratelimited"}, status=429, retry_after=retry_after)
        if kind == "500":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        if kind == "reset":
            return self._cut(request)
        if kind == "hang":
            await self._happened()
            await self._over.wait()
            return self._cut(request)
        if kind and kind not in ("reset_after", "500_after", "hang_after"):
            return self._answer({"ok": False, "error": kind})
        answer = self._judged(method, params, request)
        await self._happened()
        if kind == "hang_after":
            await self._over.wait()
        if kind == "reset_after":
            return self._cut(request)
        if kind == "500_after":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        if not answer["ok"]:
            self.refused.append(f"{method}: {answer['error']} {answer.get('response_metadata', '')}")
        if answer.get("error") == "ratelimited":
            return self._answer(answer, status=429, retry_after=1)
        return self._answer(answer)

    def _judged(self, method: str, params: dict[str, Any], request: web.Request) -> dict[str, Any]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or str(params.get("token", ""))
        wanted = APP_TOKEN if method == "apps.connections.open" else BOT_TOKEN
        if not token:
            return {"ok": False, "error": "not_authed"}
        if token != wanted:
            known = token in (APP_TOKEN, BOT_TOKEN)
            return {"ok": False, "error": "not_allowed_token_type" if known else "invalid_auth"}
        need = NEEDS.get(method)
        if need and need not in self.scopes.split(","):
            return {"ok": False, "error": "missing_scope", "needed": need, "provided": self.scopes}
        call = getattr(self, "_" + method.replace(".", "_").lower(), None)
        if call is None:
            return {"ok": False, "error": "unknown_method"}
        try:
            return {"ok": True, **call(params)}
        except Invalid as error:
            return {"ok": False, "error": error.code, "response_metadata": {"messages": [error.where]}}

    def _answer(
        self, body: dict[str, Any], *, status: int = 200, retry_after: float | None = None
    ) -> web.StreamResponse:
        headers = {"x-oauth-scopes": self.scopes}
        if retry_after is not None:
            headers["Retry-After"] = str(int(retry_after))
        return web.json_response(body, status=status, headers=headers)

    @staticmethod
    def _cut(request: web.Request) -> web.StreamResponse:
        transport = request.transport
        assert transport is not None
        transport.abort()
        return web.Response()

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        who = {"team_id": TEAM, "team": "home", "user_id": BOT_USER, "user": "signpost", "bot_id": "B0BOT"}
        if self.enterprise:
            who["enterprise_id"] = self.enterprise
        if self.org_wide:
            return {**who, "team_id": self.enterprise, "team": "org", "is_enterprise_install": True}
        return who

    def _auth_teams_list(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"teams": [{"id": one, "name": one.lower()} for one in self.workspaces]}

    def _apps_connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        ticket = f"ticket-{next(self._numbers)}"
        self._tickets.add(ticket)
        return {"url": f"{self.url.replace('http', 'ws')}/link?ticket={ticket}&app_id=A0APP"}

    def _channel(self, params: Mapping[str, Any], *, write: bool = True) -> Channel:
        channel = self.channels.get(str(params.get("channel", "")))
        if channel is None:
            raise Invalid("channel_not_found", "/channel")
        if not channel.member:
            raise Invalid("not_in_channel", "/channel")
        if write and channel.archived:
            raise Invalid("is_archived", "/channel")
        if write and channel.refuses:
            raise Invalid(channel.refuses, "/channel")
        return channel

    def _chat_postmessage(self, params: dict[str, Any]) -> dict[str, Any]:
        if params.get("channel") in self.users:  # a person's id stands for the 1:1 conversation, here and nowhere else
            params["channel"] = self.direct(params["channel"]).id
        channel = self._channel(params)
        check_message(params)
        if self.limits:
            self._spend(channel.id)
        thread = params.get("thread_ts")
        if thread:
            parent = channel.find(thread)
            if parent is None or parent.get("thread_ts", thread) != thread:
                raise Invalid("cannot_reply_to_message", "/thread_ts")
            if thread in channel.locked:
                raise Invalid("restricted_action_thread_locked", "/thread_ts")
        message = self._message(params)
        if thread:
            message["thread_ts"] = thread
            if _true(params.get("reply_broadcast")):
                message["subtype"] = "thread_broadcast"
        channel.messages.append(message)
        for share in [one for one in self._sharing if one.channel == channel.id]:
            self._share(share)  # nobody waited for it
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def _chat_update(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(params)
        check_message(params, update=True)
        message = channel.find(str(params.get("ts", "")))
        if message is None:
            raise Invalid("message_not_found", "/ts")
        if not message.get("bot_id"):
            raise Invalid("cant_update_message", "/ts")
        message["edits"].append({"text": message["text"], "blocks": message.get("blocks")})
        message["text"] = params.get("text", message["text"])
        if "blocks" in params:
            message["blocks"] = params["blocks"]
        elif "text" in params:
            message.pop("blocks", None)
        if "metadata" in params:
            message["metadata"] = params["metadata"]
        return {"channel": channel.id, "ts": message["ts"], "text": message["text"]}

    def _chat_postephemeral(self, params: dict[str, Any]) -> dict[str, Any]:
        self._channel(params)
        check_message(params)
        if params.get("user") not in self.users:
            raise Invalid("user_not_in_channel", "/user")
        self.whispers.append(params)
        return {"message_ts": self._ts()}

    def _views_open(self, params: dict[str, Any]) -> dict[str, Any]:
        trigger = str(params.get("trigger_id", ""))
        if trigger not in self._triggers:
            raise Invalid("invalid_trigger_id", "/trigger_id")
        begun = self._triggers[trigger]
        if begun is None:
            raise Invalid("exchanged_trigger_id", "/trigger_id")
        if time.monotonic() - begun > self.trigger_seconds:
            raise Invalid("expired_trigger_id", "/trigger_id")
        self._triggers[trigger] = None
        check_view(params["view"])
        view = {**params["view"], "id": f"V{next(self._numbers):06}", "hash": self._ts(), "team_id": TEAM}
        self.views[view["id"]] = view
        return {"view": view}

    def _views_update(self, params: dict[str, Any]) -> dict[str, Any]:
        view = self.views.get(str(params.get("view_id", "")))
        if view is None:
            raise Invalid("not_found", "/view_id")
        if params.get("hash") and params["hash"] != view["hash"]:
            raise Invalid("hash_conflict", "/hash")
        check_view(params["view"])
        return {"view": self._change_view(view["id"], params["view"])}

    def _change_view(self, view_id: str, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Show something else in a view; what was filled in stays where block and action keep their ids."""
        view = self.views[view_id]
        inputs = {
            (block.get("block_id"), block["element"]["action_id"])
            for block in shown["blocks"]
            if block["type"] == "input"
        }
        before = view.get("state", {}).get("values", {})
        kept = {
            block_id: state for block_id, state in before.items() if any((block_id, one) in inputs for one in state)
        }
        own = {key: view[key] for key in ("id", "team_id")}
        self.views[view_id] = {**shown, **own, "hash": self._ts(), "state": {"values": kept}}
        return self.views[view_id]

    def _views_publish(self, params: dict[str, Any]) -> dict[str, Any]:
        user = str(params["user_id"])
        before = self.homes.get(user)
        if user not in self.users:
            raise Invalid("invalid_arguments", "/user_id")
        if params.get("hash") and (before is None or params["hash"] != before["hash"]):
            raise Invalid("hash_conflict", "/hash")
        check_view(params["view"])
        self.homes[user] = {**params["view"], "id": f"V0HOME{user}", "hash": self._ts(), "team_id": TEAM}
        return {"view": self.homes[user]}

    def _conversations_info(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = self.channels.get(str(params.get("channel", "")))
        if channel is None:
            raise Invalid("channel_not_found", "/channel")
        return {
            "channel": {
                "id": channel.id,
                "name": channel.name,
                "is_member": channel.member,
                "is_archived": channel.archived,
                "is_ext_shared": channel.shared,
                "is_im": channel.direct,
            }
        }

    def _conversations_history(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(params, write=False)
        shown = [one for one in channel.messages if "thread_ts" not in one or one.get("subtype") == "thread_broadcast"]
        return self._listed(shown[::-1], params)

    def _conversations_replies(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(params, write=False)
        thread = str(params.get("ts", ""))
        if channel.find(thread) is None:
            raise Invalid("thread_not_found", "/ts")
        return self._listed([one for one in channel.messages if thread in (one["ts"], one.get("thread_ts"))], params)

    def _listed(self, messages: list[dict[str, Any]], params: Mapping[str, Any]) -> dict[str, Any]:
        oldest = float(params.get("oldest", 0) or 0)
        start = int(params.get("cursor") or 0)
        limit = int(params.get("limit", 100))
        found = [one for one in messages if float(one["ts"]) > oldest]
        page = found[start : start + limit]
        if not _true(params.get("include_all_metadata")):
            page = [{key: value for key, value in one.items() if key != "metadata"} for one in page]
        more = start + limit < len(found)
        return {
            "messages": page,
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }

    def _users_info(self, params: dict[str, Any]) -> dict[str, Any]:
        user = self.users.get(str(params.get("user", "")))
        if user is None:
            raise Invalid("user_not_found", "/user")
        return {"user": user}

    def _usergroups_users_list(self, params: dict[str, Any]) -> dict[str, Any]:
        if self.org_wide and str(params.get("team_id", "")) not in self.workspaces:
            raise Invalid("missing_argument" if not params.get("team_id") else "team_access_not_granted", "/team_id")
        members = self.groups.get(str(params.get("usergroup", "")))
        if members is None:
            raise Invalid("no_such_subteam", "/usergroup")
        return {"users": members}

    def _files_getuploadurlexternal(self, params: dict[str, Any]) -> dict[str, Any]:
        if int(params.get("length", 0)) < 1 or not params.get("filename"):
            raise Invalid("invalid_arguments", "/length")
        file = File(f"F{next(self._numbers):06}", str(params["filename"]), b"", length=int(params["length"]))
        file.alt_txt = str(params.get("alt_txt") or "")
        self.files[file.id] = file
        return {"file_id": file.id, "upload_url": f"{self.url}/upload/{file.id}"}

    def _files_completeuploadexternal(self, params: dict[str, Any]) -> dict[str, Any]:
        entries = params["files"] if isinstance(params["files"], list) else json.loads(params["files"])
        files = [self.files.get(str(entry["id"])) for entry in entries]
        if params.get("initial_comment") and params.get("blocks"):
            raise Invalid("invalid_arguments", "/blocks")
        done = [file for file in files if file is not None and file.content and not file.completed]
        if len(done) != len(files):
            raise Invalid("file_not_found", "/files")
        thread = str(params.get("thread_ts") or "")
        if channel_id := str(params.get("channel_id") or ""):
            channel = self._channel({"channel": channel_id})
            if thread and channel.find(thread) is None:
                raise Invalid("invalid_arguments", "/thread_ts")
        for file in done:
            file.completed = True
        if channel_id and not any(file.alt_txt for file in done):
            comment = str(params.get("initial_comment") or "")
            self._sharing.append(Share(done, channel_id, thread, comment, self.looks_until_shared))
        return {"files": [self._file(file) for file in done]}

    def _files_info(self, params: dict[str, Any]) -> dict[str, Any]:
        file = self.files.get(str(params.get("file", "")))
        if file is None:
            raise Invalid("file_not_found", "/file")
        for share in [one for one in self._sharing if file in one.files]:
            share.looks -= 1
            if share.looks <= 0:
                self._share(share)
        shares = {"public": {channel: [{"ts": ts} for ts in found] for channel, found in file.shares.items()}}
        return {"file": {**self._file(file, whole=True), "shares": shares if file.shares else {}}}

    def _share(self, share: Share) -> None:
        self._sharing.remove(share)
        message = self._message({"text": share.comment})
        message |= {"files": [self._file(file) for file in share.files]} | (
            {"thread_ts": share.thread} if share.thread else {}
        )
        self.channels[share.channel].messages.append(message)
        for file in share.files:
            file.shares.setdefault(share.channel, []).append(message["ts"])

    def _file(self, file: File, *, whole: bool = False) -> dict[str, Any]:
        if file.stub and not whole:
            return {"id": file.id, "created": 0, "mode": "file_access", "file_access": "check_file_info"}
        return {
            "id": file.id,
            "name": file.name,
            "size": len(file.content),
            "filetype": file.name.rsplit(".", 1)[-1],
            "url_private": f"{self.url}/files/{file.id}",
            "url_private_download": f"{self.url}/files/{file.id}",
        }

    # --- Beside the API ----------------------------------------------------------------------------------------------

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        uses = self.responses.get(request.match_info["id"])
        if uses is None:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if len(uses) >= 5:
            self.refused.append("response_url: used a sixth time")
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        body = await request.json()
        if "blocks" in body:
            check_blocks(body["blocks"], {"actions", "context", "divider", "header", "rich_text", "section", "table"})
        uses.append(body)
        await self._happened()
        return web.Response(text="ok")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        content = await request.read()
        self.calls.append(("upload", {"length": len(content)}))
        kind, _ = self._failures["upload"].popleft() if self._failures["upload"] else ("", 0.0)
        if kind == "reset":
            return self._cut(request)
        file = self.files[request.match_info["id"]]
        if kind or file.content or len(content) != file.length:
            if not kind:
                self.refused.append(f"upload: {len(content)} bytes, announced were {file.length}")
            return web.Response(status=500 if kind == "500" else 400, text="no")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file = self.files.get(request.match_info["id"])
        allowed = request.headers.get("Authorization") == f"Bearer {BOT_TOKEN}"
        if file is None or not file.readable or not allowed or "files:read" not in self.scopes.split(","):
            return web.Response(text=HTML, content_type="text/html")  # with status 200, as Slack does
        return web.Response(body=file.content, content_type="application/octet-stream")

    # --- Small things ------------------------------------------------------------------------------------------------

    def _message(self, params: Mapping[str, Any]) -> dict[str, Any]:
        message = {"type": "message", "bot_id": "B0BOT", "user": BOT_USER, "ts": self._ts(), "edits": []}
        message["text"] = params.get("text", "")
        return message | {key: params[key] for key in ("blocks", "metadata") if key in params}

    def _spend(self, channel: str) -> None:
        now = time.monotonic()
        recent = self._posted[channel]
        while recent and recent[0] < now - 3.0 * self.second:
            recent.popleft()
        if len(recent) >= 5:  # one a second with a short burst
            raise Invalid("ratelimited", "/channel")
        recent.append(now)

    def _ts(self) -> str:
        return f"{int(time.time())}.{next(self._numbers):06}"

    def _trigger(self) -> str:
        trigger = f"trigger.{next(self._numbers)}"
        self._triggers[trigger] = time.monotonic()
        return trigger

    def expire_triggers(self) -> None:
        """Every trigger is too old, also those that are handed out from now on."""
        self.trigger_seconds = -1.0

    def _response_url(self) -> str:
        identity = f"response-{next(self._numbers)}"
        self.responses[identity] = []
        return f"{self.url}/respond/{identity}"

    def _filled_in(
        self,
        view: Mapping[str, Any],
        values: Mapping[str, Any],
        files: Mapping[str, tuple[str, ...]],
        *,
        must: bool = False,
    ) -> dict[str, Any]:
        state: dict[str, Any] = {}
        before = view.get("state", {}).get("values", {})
        for block in view["blocks"]:
            if block["type"] != "input":
                continue
            element = block["element"]
            identity = block["block_id"]
            if identity not in values and identity not in files and identity in before:
                state[identity] = before[identity]
                continue
            state[identity] = {element["action_id"]: self._element_state(element, identity, values, files)}
            if must and not block.get("optional"):  # the client lets nobody submit without it
                filled = state[identity][element["action_id"]]
                assert any(filled.get(key) for key in ("value", "selected_option", "selected_options", "files")), (
                    f"{identity} must be filled in"
                )
        unknown = (set(values) | set(files)) - set(state)
        assert not unknown, f"the form does not ask for {unknown}"
        return state

    def _element_state(
        self, element: Mapping[str, Any], identity: str, values: Mapping[str, Any], files: Mapping[str, tuple[str, ...]]
    ) -> dict[str, Any]:
        match element["type"]:
            case "static_select":
                option = element.get("initial_option")
                if identity in values:
                    option = next(one for one in element["options"] if one["value"] == values[identity])
                return {"type": "static_select", "selected_option": option}
            case "checkboxes" | "multi_static_select" as kind:
                options = element.get("initial_options", [])
                if identity in values:
                    options = [one for one in element["options"] if one["value"] in values[identity]]
                return {"type": kind, "selected_options": options}
            case "file_input":
                assert len(files.get(identity, ())) <= element.get("max_files", 10), f"{identity}: too many files"
                return {
                    "type": "file_input",
                    "files": [self._file(self.files[one]) for one in files.get(identity, ())],
                }
            case kind:
                value = values.get(identity, element.get("initial_value"))
                assert len(value or "") <= element.get("max_length", 3000), f"{identity}: the client takes no more"
                return {"type": kind, "value": value}

    async def _happened(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def _buttons(message: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    blocks = (message or {}).get("blocks") or []
    return [
        {**element, "block_id": block.get("block_id", "b")}
        for block in blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["type"] in ("button", "static_select")
    ]


def _label(button: Mapping[str, Any]) -> str:
    return str(button["text" if button["type"] == "button" else "placeholder"]["text"])


def _pressed(button: Mapping[str, Any], option: str = "") -> dict[str, Any]:
    if button["type"] == "static_select":
        chosen = next(one for one in button["options"] if one["text"]["text"] == option)
        return {key: button[key] for key in ("type", "action_id", "block_id")} | {"selected_option": chosen}
    return {key: button[key] for key in ("type", "action_id", "block_id", "value", "text") if key in button}


def _true(value: Any) -> bool:
    return value in (True, 1, "1", "true", "True")


async def _params(request: web.Request) -> dict[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        params |= await request.json()
    elif request.method == "POST":
        params |= dict(await request.post())
    for key in ("blocks", "view", "metadata"):
        if isinstance(params.get(key), str):
            with contextlib.suppress(ValueError):
                params[key] = json.loads(params[key])
    return params
