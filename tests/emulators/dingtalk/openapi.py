"""The OpenAPI and what is beside it: tokens, messages of the robot, webhooks, files; refusing what DingTalk refuses."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs

from aiohttp import web

from tests.emulators.dingtalk.refusal import refused
from tests.emulators.dingtalk.team import Team

TOKEN_SECONDS = 7200
MSG_PARAM_BYTES = 15_000
WEBHOOK_TEXT_BYTES = 20_000
MEDIA_BYTES = 20 * 1024 * 1024

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
WEBHOOK_TYPES: Mapping[str, tuple[str, ...]] = {"text": ("content",), "markdown": ("title", "text")}


class OpenApi:
    """The calls that an organisation's robot makes."""

    def __init__(self, team: Team) -> None:
        self._team = team

    def authorised(self, token: str) -> None:
        """Refuse a token that does not hold."""
        if self._team.tokens.get(token, 0.0) <= self._team.now():
            raise refused(401, "InvalidAuthentication")

    async def access_token(self, request: web.Request) -> web.Response:
        """A token; the same one as long as it holds."""
        body = await request.json()
        if (body.get("appKey"), body.get("appSecret")) != (self._team.client_id, self._team.client_secret):
            raise refused(401, "invalidAuthentication")
        token = next((known for known, end in self._team.tokens.items() if end > self._team.now()), None)
        token = token or f"token-{next(self._team.numbers)}-secret"
        self._team.tokens[token] = self._team.now() + TOKEN_SECONDS
        self._team.secrets.add(token)
        return web.json_response({"accessToken": token, "expireIn": TOKEN_SECONDS})

    async def group_send(self, request: web.Request) -> web.Response:
        """A message into a group."""
        body = await request.json()
        _, params = self._robot(body)
        group = body.get("openConversationId")
        if group not in self._team.groups:
            raise refused(400, "invalidParameter.openConversationId.invalid")
        if not self._team.counted(group):
            raise refused(400, "send.too.fast")
        await self._team.show("group", group, params)  # no way of sending makes a mention here
        return web.json_response({"processQueryKey": f"query-key-{next(self._team.numbers)}"})

    async def private_send(self, request: web.Request) -> web.Response:
        """A message to people, each one to one."""
        body = await request.json()
        _, params = self._robot(body)
        users = body.get("userIds")
        if not isinstance(users, list) or not users:
            raise refused(400, "invalidParameter.userIds.empty")
        if len(users) > 20:
            raise refused(400, "invalidParameter.userIds.overMax")
        invalid = [user for user in users if user not in self._team.people]
        slow = [user for user in users if user not in invalid and not self._team.counted(user)]
        for user in users:
            if user not in invalid and user not in slow:
                await self._team.show("private", user, params, (user,))
        return web.json_response(
            {
                "processQueryKey": f"query-key-{next(self._team.numbers)}",
                "invalidStaffIdList": invalid,
                "flowControlledStaffIdList": slow,
                "filteredStaffIdList": [],
            }
        )

    async def group_query(self, request: web.Request) -> web.Response:
        """Who has read a message; nobody asks about one that was sent."""
        body = await request.json()
        if body.get("robotCode") != self._team.client_id:
            raise refused(400, "invalidParameter.robotCode.notExsit")
        if body.get("openConversationId") not in self._team.groups:
            raise refused(400, "invalid.openConversationId")
        raise refused(400, "invalid.processQueryKey")

    async def user(self, request: web.Request) -> web.Response:
        """Who somebody is (older API)."""
        if self._team.tokens.get(request.query.get("access_token", ""), 0.0) <= self._team.now():
            return web.json_response({"errcode": 40014, "errmsg": "invalid access token"})
        if not self._team.reads_members:
            return web.json_response({"errcode": 60011, "errmsg": "没有调用该接口的权限"})
        user = (await request.json()).get("userid")
        if user not in self._team.people:
            return web.json_response({"errcode": 60121, "errmsg": "找不到该用户"})
        return web.json_response(
            {"errcode": 0, "errmsg": "ok", "result": {"userid": user, "name": self._team.people[user]}}
        )

    def _robot(self, body: Mapping[str, Any]) -> tuple[str, Mapping[str, str]]:
        if body.get("robotCode") != self._team.client_id:
            raise refused(400, "invalidParameter.robotCode.notExsit")
        key, raw = body.get("msgKey"), body.get("msgParam")
        if key not in MSG_KEYS:
            raise refused(400, "invalidParameter.msgKey.invalid")
        try:
            params = json.loads(raw) if isinstance(raw, str) and len(raw.encode()) <= MSG_PARAM_BYTES else None
        except ValueError:
            params = None
        if (
            not isinstance(params, dict)
            or any(not isinstance(value, str) for value in params.values())
            or any(not params.get(name) for name in MSG_KEYS[key])
            or not self._team.may_show(params)
        ):
            raise refused(400, "invalidParameter.msgParam.invalid")
        return str(key), params

    async def webhook(self, request: web.Request) -> web.Response:
        """An answer by way of the address that came with what was said."""
        session = parse_qs(request.query_string).get("session", [""])[0]
        where, end = self._team.sessions.get(session, ("", 0.0))
        if end <= self._team.now():
            return web.json_response({"errcode": 300001, "errmsg": "session webhook is expired"})
        body = await request.json()
        kind = body.get("msgtype")
        content = body.get(kind) if kind in WEBHOOK_TYPES else None
        if not isinstance(content, dict) or any(not content.get(name) for name in WEBHOOK_TYPES[kind]):
            return web.json_response({"errcode": 400402, "errmsg": "missing parameter"})
        text = content.get("text") or content["content"]
        if not self._team.may_show(content):
            return web.json_response({"errcode": 400402, "errmsg": "invalid picture"})
        if len(text.encode()) > WEBHOOK_TEXT_BYTES:
            return web.json_response({"errcode": 460101, "errmsg": "message too long"})
        if not self._team.counted(where):
            return web.json_response({"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"})
        listed = body.get("at", {}).get("atUserIds", [])
        await self._team.show("webhook", where, content, [user for user in listed if f"@{user}" in text])
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async def download(self, request: web.Request) -> web.Response:
        """Where a file that somebody sent can be fetched."""
        body = await request.json()
        if body.get("robotCode") != self._team.client_id or body.get("downloadCode") not in self._team.pictures:
            raise refused(400, "invalidParameter.downloadCode")
        return web.json_response({"downloadUrl": f"{self._team.url}/storage/{body['downloadCode']}?Signature=secret"})

    async def storage(self, request: web.Request) -> web.Response:
        """The bytes of a file that somebody sent."""
        if "x-acs-dingtalk-access-token" in request.headers:
            self._team.complaints.append("the access token was sent to the storage")
        return web.Response(
            body=self._team.pictures[request.match_info["code"]], content_type="application/octet-stream"
        )

    async def upload(self, request: web.Request) -> web.Response:
        """Take a picture that messages may show."""
        if self._team.tokens.get(request.query.get("access_token", ""), 0.0) <= self._team.now():
            return web.json_response({"errcode": 40014, "errmsg": "invalid access token"})
        if self._team.spent:
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
        media_id = f"@media{next(self._team.numbers)}"
        self._team.media[media_id] = content
        return web.json_response({"errcode": 0, "errmsg": "ok", "media_id": media_id, "type": "image"})
