"""DingTalk as far as a bot sees it: stream gateway, OpenAPI and oapi on one loopback port.

Imports nothing of the program. It keeps everything it receives, refuses what DingTalk refuses (facts, DingTalk 9), and
counts messages by a clock that the test may own. Whatever a real client would be blamed for stands in `complaints`.
"""

import asyncio
import itertools
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

from aiohttp import WSCloseCode, WSMsgType, web

CHAT_TOPIC = "/v1.0/im/bot/messages/get"
CARD_TOPIC = "/v1.0/card/instances/callback"
TICKET_SECONDS = 90
WEBHOOK_SECONDS = 5400
TOKEN_SECONDS = 7200
MSG_PARAM_BYTES = 15_000
WEBHOOK_TEXT_BYTES = 20_000
A_MINUTE = 60.0
MESSAGES_A_MINUTE = 20
PENALTY = 600.0  # seconds; who wrote too much within a minute is refused for ten
ANSWER_SECONDS = 2.0  # the client shows a failure where a press is not answered by then
MEDIA_BYTES = 20 * 1024 * 1024
VALUE_BYTES = 1024
KEY_BYTES = 100
PAGE = "<!doctype html><title>blocked</title>"
PATIENCE = 10.0  # seconds a test waits for something that should happen at once

MSG_KEYS: Mapping[str, tuple[str, ...]] = {
    "sampleText": ("content",),
    "sampleMarkdown": ("title", "text"),
    "sampleImageMsg": ("photoURL",),
    "sampleLink": ("title", "text", "picUrl", "messageUrl"),
    "sampleActionCard": ("title", "text", "singleTitle", "singleURL"),
    "sampleFile": ("mediaId", "fileName", "fileType"),
}
IMAGES: Mapping[str, bytes] = {
    "image/png": b"\x89PNG",
    "image/jpeg": b"\xff\xd8\xff",
    "image/gif": b"GIF8",
    "image/bmp": b"BM",
}
_UPLOADED = re.compile(r"!\[[^\]]*\]\((@[^)]*)\)")
WEBHOOK_TYPES: Mapping[str, tuple[str, ...]] = {"text": ("content",), "markdown": ("title", "text")}
SCOPES = {"robot": "qyapi_robot_sendmsg", "card": "Card.Instance.Write", "media": "qyapi_base"}


@dataclass(frozen=True)
class Call:
    """One HTTP request as it came in."""

    method: str
    path: str
    body: Any
    headers: Mapping[str, str]
    query: Mapping[str, str]
    at: float


@dataclass(frozen=True)
class Shown:
    """One message as people see it.

    `mentions` are those that DingTalk would make blue: in the list and, letter for letter, in the text.
    """

    way: str  # webhook, group, private, card
    conversation: str  # of a private message the user id
    title: str
    text: str
    mentions: tuple[str, ...]
    at: float


@dataclass
class Card:
    """A card instance."""

    track: str
    template: str
    spaces: tuple[str, ...]
    values: dict[str, str]
    mentions: tuple[str, ...] = ()
    updates: int = 0
    private: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class _Socket:
    connection: web.WebSocketResponse
    transport: asyncio.BaseTransport
    number: int
    deaf: bool = False


class Refusal(Exception):
    """An answer that says no."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(str(body))
        self.status = status
        self.body = body


def _openapi(status: int, code: str, **more: Any) -> Refusal:
    return Refusal(status, {"code": code, "message": f"refused: {code}", "requestid": "emulated-request", **more})


class DingTalkEmulator:
    """The service; `async with DingTalkEmulator() as dingtalk`.

    Args:
        now: the clock by which tokens and webhooks expire and messages are counted, in seconds.
    """

    client_id = "dingemulated0client"
    client_secret = "emulated-app-secret-do-not-log"
    corp = "dingcorpemulated"
    bot_id = "$:LWCP_v1:$robot"

    def __init__(self, *, now: Callable[[], float] = time.time, messages_a_minute: int = MESSAGES_A_MINUTE) -> None:
        self._now = now
        self.messages_a_minute = messages_a_minute
        self.groups: dict[str, str] = {"cidGroupOne==": "短信值班", "cidGroupTwo==": "市场"}
        self.people: dict[str, str] = {"manager4567": "张三", "user0123": "李四"}
        self.templates: set[str] = {"emulated-template.schema"}
        self.drafts: set[str] = {"emulated-draft.schema"}  # made in the builder, never published
        self.spent = False  # whether the month's calls are used up
        self.takes_pictures = True  # whether markdown may hold an uploaded picture
        self.calls: list[Call] = []
        self.shown: list[Shown] = []
        self.cards: dict[str, Card] = {}
        self.acks: list[dict[str, Any]] = []
        self.complaints: list[str] = []
        self.lost: list[str] = []
        self.opened = 0  # sockets that were ever connected
        self.secrets: set[str] = {self.client_secret}
        self.url = ""
        self._numbers = itertools.count(1)
        self._sockets: list[_Socket] = []
        self._tickets: dict[str, float] = {}
        self._tokens: dict[str, float] = {}
        self._sessions: dict[str, tuple[str, float]] = {}  # session → conversation, end
        self._pictures: dict[str, bytes] = {}
        self.media: dict[str, bytes] = {}
        self._frames: dict[str, dict[str, Any]] = {}
        self._sent_at: dict[str, list[float]] = {}
        self._penalty: dict[str, float] = {}
        self._pressed: set[str] = set()  # cards with a press that is not answered yet
        self._failures: list[tuple[str, int, Any, bool]] = []
        self._cuts: list[tuple[str, bool]] = []
        self._hanging = asyncio.Event()
        self._changed = asyncio.Condition()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=30_000_000, middlewares=[self._front])
        app.router.add_post("/v1.0/gateway/connections/open", self._open)
        app.router.add_get("/connect", self._connect)
        app.router.add_post("/v1.0/oauth2/accessToken", self._access_token)
        app.router.add_post("/v1.0/robot/groupMessages/send", self._group_send)
        app.router.add_post("/v1.0/robot/oToMessages/batchSend", self._private_send)
        app.router.add_post("/v1.0/robot/messageFiles/download", self._download)
        app.router.add_get("/storage/{code}", self._storage)
        app.router.add_post("/v1.0/card/instances/createAndDeliver", self._card_create)
        app.router.add_put("/v1.0/card/instances", self._card_update)
        app.router.add_post("/robot/sendBySession", self._webhook)
        app.router.add_post("/media/upload", self._upload)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, handle_signals=False, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.host = f"{host}:{port}"
        self.url = f"http://{self.host}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._hanging.set()
        for socket in list(self._sockets):
            socket.transport.close()
        assert self._runner is not None
        await self._runner.cleanup()

    # --- What a test does --------------------------------------------------------------------------------------------

    async def say(
        self,
        text: str,
        user: str = "manager4567",
        group: str | None = "cidGroupOne==",
        *,
        corp: str | None = None,
        quoting: Mapping[str, Any] | None = None,
    ) -> str:
        """Somebody writes to the robot, in a group (mentioning it) or one to one; returns the msgId."""
        body: dict[str, Any] = {"content": f" {text}"}  # the mention is gone, its space is left
        if quoting is not None:
            body |= {"isReplyMsg": True, "repliedMsg": dict(quoting)}
        return await self._push("text", {"text": body}, user, group, corp)

    async def say_rich(
        self, text: str, picture: bytes, user: str = "manager4567", group: str | None = "cidGroupOne=="
    ) -> str:
        """Somebody writes text with a picture in the same message."""
        code = self.picture(picture)
        parts: list[dict[str, Any]] = [{"text": text}] if text else []
        parts.append({"type": "picture", "downloadCode": code, "pictureDownloadCode": f"p{code}"})
        return await self._push("richText", {"content": {"richText": parts}}, user, group, None)

    async def say_picture(self, picture: bytes, user: str = "manager4567") -> str:
        """Somebody sends a bare picture, one to one."""
        content = {"downloadCode": self.picture(picture), "pictureDownloadCode": "unused"}
        return await self._push("picture", {"content": content}, user, None, None)

    async def say_file(self, content: bytes, name: str, user: str = "manager4567") -> str:
        """Somebody sends a file, one to one; in groups files never reach a robot."""
        body = {"downloadCode": self.picture(content), "fileName": name, "fileId": "1", "spaceId": "2"}
        return await self._push("file", {"content": body}, user, None, None)

    def picture(self, content: bytes) -> str:
        """Store a picture; returns its download code."""
        code = f"download-code-{next(self._numbers)}"
        self._pictures[code] = content
        return code

    async def press(
        self,
        track: str,
        params: Mapping[str, str],
        user: str = "manager4567",
        *,
        corp: str | None = None,
        message_id: str = "",
        **changed: Any,
    ) -> dict[str, Any]:
        """Somebody presses a card's button; returns what the answer puts on the card.

        Args:
            track: the card.
            params: as its template defines them for the button.
            user: who presses.
            corp: the presser's corporation, ours when left out.
            message_id: of the frame: the same one again is a redelivery.
            changed: fields of the data that are otherwise than usual.
        """
        content = json.dumps({"cardPrivateData": {"actionIds": ["generated"], "params": dict(params)}})
        target = self.cards[track].spaces[0].rsplit(".", 1)[-1]
        data = {
            "type": "actionCallback",
            "outTrackId": track,
            "userId": user,
            "userIdType": 1,
            "corpId": self.corp if corp is None else corp,
            "spaceType": "IM",
            "spaceId": target if target in self.groups else f"cidPrivate{target}==",
            "content": content,
            "value": content,
            "extension": "{}",
            **changed,
        }
        frame = self._frame(CARD_TOPIC, data)
        if message_id:
            frame["headers"]["messageId"] = message_id
            self._frames[message_id] = frame
        before, began = len(self.acks), time.monotonic()
        self._pressed.add(track)
        try:
            await self._deliver(frame)
            ack = await self.acked(frame["headers"]["messageId"], since=before)
        finally:
            self._pressed.discard(track)
        if time.monotonic() - began > ANSWER_SECONDS:
            self.complaints.append(f"a press was answered after {time.monotonic() - began:.1f} s")
        response = json.loads(ack["data"])["response"]
        new = response.get("cardData", {}).get("cardParamMap", {})
        self._check_values(new)
        if new and not response.get("cardUpdateOptions", {}).get("updateCardDataByKey"):
            self.cards[track].values.clear()
        self.cards[track].values.update(new)
        private = response.get("userPrivateData", {}).get("cardParamMap", {})
        self.cards[track].private.setdefault(user, {}).update(private)
        return dict(response)

    def card(self, identity: str, conversation: str = "cidGroupOne==") -> tuple[str, Card]:
        """The card of a thing in a conversation, by what its variable `id` says; with its outTrackId."""
        return next(
            (track, card)
            for track, card in self.cards.items()
            if card.values.get("id") == identity and card.spaces[0].endswith(f".{conversation}")
        )

    async def redeliver(self, msg_id: str, *, same_frame: bool = False) -> str:
        """Push a chat message again, as DingTalk does after a lost acknowledgement; returns the frame's messageId."""
        data = next(json.loads(one["data"]) for one in self._frames.values() if f'"{msg_id}"' in one["data"])
        frame = self._frame(CHAT_TOPIC, data)
        if same_frame:
            old = next(one for one in self._frames.values() if f'"{msg_id}"' in one["data"])
            frame["headers"]["messageId"] = old["headers"]["messageId"]
        await self._deliver(frame)
        return str(frame["headers"]["messageId"])

    async def drop(self) -> None:
        """Cut every socket without a word."""
        for socket in list(self._sockets):
            assert isinstance(socket.transport, asyncio.Transport)
            socket.transport.abort()

    def deaf(self) -> None:
        """Have the sockets that are open now answer pings and deliver nothing more."""
        for socket in self._sockets:
            socket.deaf = True

    async def disconnect(self) -> None:
        """Announce the end of a socket, as DingTalk does; it delivers nothing more."""
        for socket in list(self._sockets):
            await self._send(socket, self._frame("disconnect", {"reason": "planned"}, kind="SYSTEM"))
            socket.deaf = True

    async def system(self, topic: str = "KEEPALIVE") -> str:
        """Send a system frame; returns its messageId."""
        frame = self._frame(topic, {"opaque": "emulated"}, kind="SYSTEM")
        for socket in self._sockets:
            if not socket.deaf:
                await self._send(socket, frame)
        return str(frame["headers"]["messageId"])

    async def garbage(self, text: str = "not json") -> None:
        """Send something that is no frame."""
        for socket in self._sockets:
            await socket.connection.send_str(text)

    async def close_sockets(self) -> None:
        """Close every socket cleanly."""
        for socket in list(self._sockets):
            await socket.connection.close(code=WSCloseCode.OK)

    def expire_webhooks(self) -> None:
        """Let every session webhook end now, earlier than it was announced."""
        self._sessions = {session: (where, 0.0) for session, (where, _) in self._sessions.items()}

    def expire_tokens(self) -> None:
        """Let every access token end now."""
        self._tokens.clear()

    def fail_next(self, path: str, *, status: int = 500, body: Any = None, times: int = 1, hang: bool = False) -> None:
        """Have the next calls whose path contains this answered otherwise, or (`hang`) not at all."""
        answer = {"code": "system.busy", "message": "emulated", "requestid": "emulated"} if body is None else body
        self._failures += [(path, status, answer, hang)] * times

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

    # --- What a test asks --------------------------------------------------------------------------------------------

    async def until(self, condition: Callable[[], bool], *, patience: float = PATIENCE) -> None:
        """Wait until something holds; what can make it hold is anything this emulator receives."""
        async with asyncio.timeout(patience), self._changed:
            await self._changed.wait_for(condition)

    async def acked(self, message_id: str, *, since: int = 0) -> dict[str, Any]:
        """The acknowledgement of a frame, when it has come; of one that is pushed again, leaving out earlier ones."""
        await self.until(lambda: any(ack["headers"]["messageId"] == message_id for ack in self.acks[since:]))
        return next(ack for ack in self.acks[since:] if ack["headers"]["messageId"] == message_id)

    def frame_of(self, msg_id: str) -> str:
        """The messageId of the frame that carried a chat message."""
        return next(key for key, one in self._frames.items() if f'"{msg_id}"' in one["data"])

    @property
    def connected(self) -> int:
        """How many sockets are open and listening."""
        return sum(not socket.deaf for socket in self._sockets)

    def texts(self, conversation: str = "cidGroupOne==") -> list[str]:
        """What stands in a conversation."""
        return [one.text for one in self.shown if one.conversation == conversation]

    def count(self, path: str) -> int:
        """How many calls came to a path."""
        return sum(path in call.path for call in self.calls)

    def busiest_minute(self, conversation: str) -> int:
        """The most messages that arrived within any minute."""
        at = sorted(one.at for one in self.shown if one.conversation == conversation)
        return max((sum(1 for other in at if start <= other < start + A_MINUTE) for start in at), default=0)

    # --- The stream --------------------------------------------------------------------------------------------------

    async def _push(self, kind: str, body: Mapping[str, Any], user: str, group: str | None, corp: str | None) -> str:
        msg_id = f"msg{next(self._numbers)}=="
        conversation = group or f"cidPrivate{user}=="
        session = f"session-{next(self._numbers)}-secret"
        end = self._now() + WEBHOOK_SECONDS
        self._sessions[session] = (group or user, end)
        self.secrets.add(session)
        outsider = corp is not None and corp != self.corp
        data: dict[str, Any] = {
            "conversationId": conversation,
            "conversationType": "2" if group else "1",
            "msgId": msg_id,
            "createAt": int(self._now() * 1000),
            "msgtype": kind,
            "senderNick": self.people.get(user, "路人"),
            "senderId": f"$:LWCP_v1:${user}",
            "isAdmin": False,
            "chatbotUserId": self.bot_id,
            "chatbotCorpId": self.corp,
            "robotCode": self.client_id,
            "sessionWebhook": f"{self.url}/robot/sendBySession?session={session}",
            "sessionWebhookExpiredTime": int(end * 1000),
            **body,
        }
        if group:
            data |= {
                "conversationTitle": self.groups.get(group, "未知"),
                "isInAtList": True,
                "atUsers": [{"dingtalkId": self.bot_id}],
            }
        if not outsider:
            data |= {"senderStaffId": user, "senderCorpId": self.corp}
        elif corp:
            data |= {"senderCorpId": corp}
        await self._deliver(self._frame(CHAT_TOPIC, data))
        return msg_id

    def _frame(self, topic: str, data: Mapping[str, Any], *, kind: str = "CALLBACK") -> dict[str, Any]:
        message_id = f"frame{next(self._numbers)}"
        frame = {
            "specVersion": "1.0",
            "type": kind,
            "headers": {
                "topic": topic,
                "messageId": message_id,
                "contentType": "application/json",
                "time": str(int(self._now() * 1000)),
                "appId": "emulated-app",
                "connectionId": "emulated-connection",
            },
            "data": json.dumps(data, ensure_ascii=False),
        }
        self._frames[message_id] = frame
        return frame

    async def _deliver(self, frame: dict[str, Any]) -> None:
        """DingTalk picks one socket and queues nothing: without one that listens the message is lost."""
        for socket in reversed(self._sockets):
            if not socket.deaf:
                await self._send(socket, frame)
                return
        self.lost.append(frame["headers"]["messageId"])

    @staticmethod
    async def _send(socket: _Socket, frame: Mapping[str, Any]) -> None:
        await socket.connection.send_str(json.dumps(frame, ensure_ascii=False))

    async def _open(self, request: web.Request) -> web.Response:
        body = await request.json()
        if (body.get("clientId"), body.get("clientSecret")) != (self.client_id, self.client_secret):
            raise _openapi(401, "invalidAuthentication")
        topics = {one.get("topic") for one in body.get("subscriptions", ())}
        if not body.get("ua") or not topics or any(one.get("type") != "CALLBACK" for one in body["subscriptions"]):
            raise _openapi(400, "invalidParameter")
        ticket = f"ticket+{next(self._numbers)}/secret="
        self._tickets[ticket] = self._now() + TICKET_SECONDS
        self.secrets.add(ticket)
        return web.json_response({"endpoint": f"ws://{self.host}/connect", "ticket": ticket})

    async def _connect(self, request: web.Request) -> web.StreamResponse:
        if self._tickets.pop(request.query.get("ticket", ""), 0.0) < self._now():
            return web.Response(status=401)
        assert request.transport is not None
        connection = web.WebSocketResponse(timeout=0.2)
        await connection.prepare(request)
        self.opened += 1
        socket = _Socket(connection, request.transport, self.opened)
        self._sockets.append(socket)
        await self._notify()
        try:
            async for message in connection:
                if message.type is WSMsgType.TEXT:
                    await self._ack(message.data)
        finally:
            self._sockets.remove(socket)
            await self._notify()
        return connection

    async def _ack(self, text: str) -> None:
        ack = json.loads(text)
        known = self._frames.get(ack.get("headers", {}).get("messageId", ""))
        if known is None:
            self.complaints.append(f"an acknowledgement of nothing: {text[:100]}")
            return
        if not isinstance(ack.get("data"), str) or "code" not in ack:
            self.complaints.append(f"an acknowledgement without code or JSON text: {text[:100]}")
        elif known["type"] == "CALLBACK" and "response" not in json.loads(ack["data"]):
            self.complaints.append(f"a callback was acknowledged without a response: {text[:100]}")
        self.acks.append(ack)
        await self._notify()

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    # --- HTTP --------------------------------------------------------------------------------------------------------

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
            Call(request.method, request.path, body, dict(request.headers), dict(request.query), self._now())
        )
        await self._notify()
        for position, (part, status, answer, hang) in enumerate(self._failures):
            if part in request.path:
                del self._failures[position]
                if hang:
                    await self._hanging.wait()
                if answer == PAGE:
                    return web.Response(text=PAGE, content_type="text/html", status=status)
                return web.json_response(answer, status=status)
        try:
            if request.path.startswith("/v1.0/") and "/oauth2/" not in request.path and "/gateway/" not in request.path:
                self._authorised(request.headers.get("x-acs-dingtalk-access-token", ""))
                if self.spent:
                    raise _openapi(403, "Forbidden.AccessDenied.ApiCountLimitForOrg")
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

    def _authorised(self, token: str) -> None:
        if self._tokens.get(token, 0.0) <= self._now():
            raise _openapi(401, "InvalidAuthentication")

    async def _access_token(self, request: web.Request) -> web.Response:
        body = await request.json()
        if (body.get("appKey"), body.get("appSecret")) != (self.client_id, self.client_secret):
            raise _openapi(401, "invalidAuthentication")
        token = next((known for known, end in self._tokens.items() if end > self._now()), None)
        token = token or f"token-{next(self._numbers)}-secret"
        self._tokens[token] = self._now() + TOKEN_SECONDS
        self.secrets.add(token)
        return web.json_response({"accessToken": token, "expireIn": TOKEN_SECONDS})

    def _robot(self, body: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
        if body.get("robotCode") != self.client_id:
            raise _openapi(400, "invalidParameter.robotCode.notExsit")
        key, raw = body.get("msgKey"), body.get("msgParam")
        if key not in MSG_KEYS:
            raise _openapi(400, "invalidParameter.msgKey.invalid")
        try:
            params = json.loads(raw) if isinstance(raw, str) and len(raw.encode()) <= MSG_PARAM_BYTES else None
        except ValueError:
            params = None
        if (
            not isinstance(params, dict)
            or any(not isinstance(value, str) for value in params.values())
            or any(not params.get(name) for name in MSG_KEYS[key])
            or not self._shows(params)
        ):
            raise _openapi(400, "invalidParameter.msgParam.invalid")
        return str(key), params

    def _shows(self, params: Mapping[str, str]) -> bool:
        """Whether every picture in a message is one that was uploaded, in a place where it is taken."""
        named = _UPLOADED.findall(params.get("text", ""))
        if photo := params.get("photoURL"):
            named += [] if photo.startswith("https://") else [photo]
        elif named and not self.takes_pictures:
            return False
        return all(one in self.media for one in named)

    def _counted(self, conversation: str) -> bool:
        """Whether one more message may go to a conversation now."""
        now = self._now()
        recent = [at for at in self._sent_at.get(conversation, []) if at > now - A_MINUTE]
        if self._penalty.get(conversation, 0.0) > now:
            return False
        if len(recent) >= self.messages_a_minute:
            self._penalty[conversation] = now + PENALTY
            return False
        self._sent_at[conversation] = [*recent, now]
        return True

    async def _show(self, way: str, conversation: str, params: Mapping[str, str], mentions: Sequence[str] = ()) -> None:
        text = params.get("text") or params.get("content") or params.get("photoURL", "")
        self.shown.append(Shown(way, conversation, params.get("title", ""), text, tuple(mentions), self._now()))
        await self._notify()

    async def _group_send(self, request: web.Request) -> web.Response:
        body = await request.json()
        _, params = self._robot(body)
        group = body.get("openConversationId")
        if group not in self.groups:
            raise _openapi(400, "invalidParameter.openConversationId.invalid")
        if not self._counted(group):
            raise _openapi(400, "send.too.fast")
        await self._show("group", group, params)  # no way of sending makes a mention here
        return web.json_response({"processQueryKey": f"query-key-{next(self._numbers)}"})

    async def _private_send(self, request: web.Request) -> web.Response:
        body = await request.json()
        _, params = self._robot(body)
        users = body.get("userIds")
        if not isinstance(users, list) or not users:
            raise _openapi(400, "invalidParameter.userIds.empty")
        if len(users) > 20:
            raise _openapi(400, "invalidParameter.userIds.overMax")
        invalid = [user for user in users if user not in self.people]
        slow = [user for user in users if user not in invalid and not self._counted(user)]
        for user in users:
            if user not in invalid and user not in slow:
                await self._show("private", user, params, (user,))
        return web.json_response(
            {
                "processQueryKey": f"query-key-{next(self._numbers)}",
                "invalidStaffIdList": invalid,
                "flowControlledStaffIdList": slow,
                "filteredStaffIdList": [],
            }
        )

    async def _webhook(self, request: web.Request) -> web.Response:
        session = parse_qs(request.query_string).get("session", [""])[0]
        where, end = self._sessions.get(session, ("", 0.0))
        if end <= self._now():
            return web.json_response({"errcode": 300001, "errmsg": "session webhook is expired"})
        body = await request.json()
        kind = body.get("msgtype")
        content = body.get(kind) if kind in WEBHOOK_TYPES else None
        if not isinstance(content, dict) or any(not content.get(name) for name in WEBHOOK_TYPES[kind]):
            return web.json_response({"errcode": 400402, "errmsg": "missing parameter"})
        text = content.get("text") or content["content"]
        if not self._shows(content):
            return web.json_response({"errcode": 400402, "errmsg": "invalid picture"})
        if len(text.encode()) > WEBHOOK_TEXT_BYTES:
            return web.json_response({"errcode": 460101, "errmsg": "message too long"})
        if not self._counted(where):
            return web.json_response({"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"})
        listed = body.get("at", {}).get("atUserIds", [])
        await self._show("webhook", where, content, [user for user in listed if f"@{user}" in text])
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def _download(self, request: web.Request) -> web.Response:
        body = await request.json()
        if body.get("robotCode") != self.client_id or body.get("downloadCode") not in self._pictures:
            raise _openapi(400, "invalidParameter.downloadCode")
        return web.json_response({"downloadUrl": f"{self.url}/storage/{body['downloadCode']}?Signature=secret"})

    async def _storage(self, request: web.Request) -> web.Response:
        if "x-acs-dingtalk-access-token" in request.headers:
            self.complaints.append("the access token was sent to the storage")
        return web.Response(body=self._pictures[request.match_info["code"]], content_type="application/octet-stream")

    async def _upload(self, request: web.Request) -> web.Response:
        if self._tokens.get(request.query.get("access_token", ""), 0.0) <= self._now():
            return web.json_response({"errcode": 40014, "errmsg": "invalid access token"})
        if self.spent:
            return web.json_response({"errcode": 90020, "errmsg": "calls of this month are used up"})
        form = await request.post()
        media = form.get("media")
        if not isinstance(media, web.FileField) or not media.filename:
            return web.json_response({"errcode": 40035, "errmsg": "no part named media"})
        if (form.get("type") or request.query.get("type")) != "image":
            return web.json_response({"errcode": 40004, "errmsg": "invalid media type"})
        content = media.file.read()
        if not content.startswith(IMAGES.get(media.content_type, b"nothing begins so")):
            return web.json_response({"errcode": 40004, "errmsg": "invalid media type"})
        if len(content) > MEDIA_BYTES:
            return web.json_response({"errcode": 40006, "errmsg": "too large"})
        media_id = f"@media{next(self._numbers)}"
        self.media[media_id] = content
        return web.json_response({"errcode": 0, "errmsg": "ok", "media_id": media_id, "type": "image"})

    # --- Cards -------------------------------------------------------------------------------------------------------

    @staticmethod
    def _check_values(values: Any) -> None:
        if not isinstance(values, dict) or not values.keys() <= {"id", "title", "body", "state"}:
            raise _openapi(400, "param.cardPublicDataEmpty")
        for key, value in values.items():
            if not isinstance(value, str) or len(key.encode()) > KEY_BYTES or len(value.encode()) > VALUE_BYTES:
                raise _openapi(400, "param.invalid")

    async def _card_create(self, request: web.Request) -> web.Response:
        body = await request.json()
        track = body.get("outTrackId")
        if not track:
            raise _openapi(400, "param.outTrackIdEmpty")
        if track in self.cards:
            raise _openapi(400, "param.cardAlreadyExist")
        if body.get("cardTemplateId") in self.drafts:
            raise _openapi(400, "param.templateUnpublished")
        if body.get("cardTemplateId") not in self.templates:
            raise _openapi(400, "param.templateNotExist")
        if body.get("callbackType") != "STREAM" or body.get("userIdType", 1) != 1:
            raise _openapi(400, "param.invalid")
        spaces = tuple(str(body.get("openSpaceId", "")).split(";"))
        if not spaces[0]:
            raise _openapi(400, "param.openSpaceIdEmpty")
        values = body.get("cardData", {}).get("cardParamMap", {})
        if not values:
            raise _openapi(400, "param.cardPublicDataEmpty")
        self._check_values(values)
        results = [await self._deliver_card(body, space, values) for space in spaces]
        if any(result["success"] for result in results):
            mentions = tuple(body.get("imGroupOpenDeliverModel", {}).get("atUserIds", {}))
            self.cards[track] = Card(track, body["cardTemplateId"], spaces, dict(values), mentions)
            await self._notify()
        return web.json_response({"success": True, "result": {"outTrackId": track, "deliverResults": results}})

    async def _deliver_card(self, body: Mapping[str, Any], space: str, values: Mapping[str, str]) -> dict[str, Any]:
        kind, _, target = space.removeprefix("dtv1.card//").partition(".")
        name, known = {
            "IM_GROUP": ("imGroup", self.groups),
            "IM_ROBOT": ("imRobot", self.people),
        }.get(kind, ("", {}))
        if not name or not space.startswith("dtv1.card//"):
            raise _openapi(400, "param.openSpaceIdInvalid")
        looks, model = body.get(f"{name}OpenSpaceModel"), body.get(f"{name}OpenDeliverModel")
        if not isinstance(looks, dict) or not isinstance(looks.get("lastMessageI18n"), dict):
            raise _openapi(400, "param.openSpaceModelInvalid")
        if not isinstance(model, dict):
            raise _openapi(400, "param.openDeliverModelEmpty")
        if model.get("robotCode") != self.client_id or (kind == "IM_ROBOT" and model.get("spaceType") != kind):
            raise _openapi(400, "param.openDeliverModelError")
        mentioned = model.get("atUserIds", {})
        if not isinstance(mentioned, dict) or any(user not in self.people for user in mentioned):
            raise _openapi(400, "param.userIdNotExist")
        good = target in known and self._counted(target)
        if good:
            title = next(iter(looks["lastMessageI18n"].values()))
            self.shown.append(Shown("card", target, title, values.get("body", ""), tuple(mentioned), self._now()))
        return {
            "spaceType": kind,
            "spaceId": target,
            "success": good,
            "carrierId": "emulated" if good else "",
            "errorMsg": "" if good else "the robot is not in this conversation",
        }

    async def _card_update(self, request: web.Request) -> web.Response:
        body = await request.json()
        track = body.get("outTrackId", "")
        card = self.cards.get(track)
        if card is None:
            raise _openapi(400, "param.cardNotExist")
        values = body.get("cardData", {}).get("cardParamMap", {})
        self._check_values(values)
        if track in self._pressed:
            self.complaints.append("a card was changed before the press on it was answered")
        if not body.get("cardUpdateOptions", {}).get("updateCardDataByKey"):
            card.values.clear()
        card.values.update(values)
        card.updates += 1
        await self._notify()
        return web.json_response({"success": True, "result": True})
