"""The Web API: its methods, each refusing what Slack refuses."""

import contextlib
import json
import time
from collections import defaultdict, deque
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from tests.emulators.slack.rules import Invalid, check_message, check_view
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM, Channel, File, Share, Team

NEEDS = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "chat.postEphemeral": "chat:write",
    "conversations.info": "channels:read",
    "conversations.history": "channels:history",
    "conversations.replies": "channels:history",
    "users.info": "users:read",
    "usergroups.users.list": "usergroups:read",
    "usergroups.users.update": "usergroups:write",
    "files.info": "files:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
UNDER_WAY = 0.2
"""Seconds for which a call may have been under way when another one was told to slow down."""


class Api:
    """The methods, as calls of a team's app."""

    def __init__(self, team: Team) -> None:
        self._team = team
        self._rests: dict[str, tuple[float, float]] = {}
        self._posted: dict[str, deque[float]] = defaultdict(deque)

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer a method, or fail as it was told to."""
        method = request.match_info["method"]
        params = await _params(request)
        self._team.calls.append((method, params))
        await self._team.happened()
        if gate := self._team.gates.get(method):
            gate.waiting += 1
            await self._team.happened()
            await gate.opened.wait()
        kind, retry_after = self._team.failures[method].popleft() if self._team.failures[method] else ("", 0.0)
        begun, ended = self._rests.get(method, (0.0, 0.0))
        if begun + UNDER_WAY < time.monotonic() < ended:
            self._team.refused.append(f"{method}: while it was to rest")
        if kind == "429":
            self._team.refused.append(f"{method}: 429")
            self._rests[method] = (time.monotonic(), time.monotonic() + retry_after)
            return self._answer({"ok": False, "error": "ratelimited"}, status=429, retry_after=retry_after)
        if kind == "500":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        if kind == "reset":
            return cut(request)
        if kind == "hang":
            await self._team.happened()
            await self._team.over.wait()
            return cut(request)
        if kind and kind not in ("reset_after", "500_after", "hang_after"):
            return self._answer({"ok": False, "error": kind})
        answer = self._judged(method, params, request)
        await self._team.happened()
        if kind == "hang_after":
            await self._team.over.wait()
        if kind == "reset_after":
            return cut(request)
        if kind == "500_after":
            return web.Response(status=500, text="<html>oops</html>", content_type="text/html")
        if not answer["ok"]:
            self._team.refused.append(f"{method}: {answer['error']} {answer.get('response_metadata', '')}")
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
        if need and need not in self._team.scopes.split(","):
            return {"ok": False, "error": "missing_scope", "needed": need, "provided": self._team.scopes}
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
        headers = {"x-oauth-scopes": self._team.scopes}
        if retry_after is not None:
            headers["Retry-After"] = str(int(retry_after))
        return web.json_response(body, status=status, headers=headers)

    def _auth_test(self, _: dict[str, Any]) -> dict[str, Any]:
        who = {"team_id": TEAM, "team": "home", "user_id": BOT_USER, "user": "signpost", "bot_id": "B0BOT"}
        if self._team.enterprise:
            who["enterprise_id"] = self._team.enterprise
        if self._team.org_wide:
            return {**who, "team_id": self._team.enterprise, "team": "org", "is_enterprise_install": True}
        return who

    def _auth_teams_list(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"teams": [{"id": one, "name": one.lower()} for one in self._team.workspaces]}

    def _apps_connections_open(self, _: dict[str, Any]) -> dict[str, Any]:
        ticket = f"ticket-{next(self._team.numbers)}"
        self._team.tickets.add(ticket)
        return {"url": f"{self._team.url.replace('http', 'ws')}/link?ticket={ticket}&app_id=A0APP"}

    def _channel(self, params: Mapping[str, Any], *, write: bool = True) -> Channel:
        channel = self._team.channels.get(str(params.get("channel", "")))
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
        if params.get("channel") in self._team.users:
            # a person's id stands for the 1:1 conversation, here and nowhere else
            params["channel"] = self._team.direct(params["channel"]).id
        channel = self._channel(params)
        check_message(params)
        if self._team.limits:
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
        for share in [one for one in self._team.sharing if one.channel == channel.id]:
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

    def _chat_getpermalink(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(params, write=False)
        ts = str(params.get("message_ts", ""))
        message = channel.find(ts)
        if message is None:
            raise Invalid("message_not_found", "/message_ts")
        thread = f"?thread_ts={message['thread_ts']}&cid={channel.id}" if "thread_ts" in message else ""
        return {
            "channel": channel.id,
            "permalink": f"https://home.slack.com/archives/{channel.id}/p{ts.replace('.', '')}{thread}",
        }

    def _chat_postephemeral(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = self._channel(params)
        check_message(params)
        if params.get("user") not in self._team.users or params["user"] in channel.left:
            raise Invalid("user_not_in_channel", "/user")
        self._team.whispers.append(params)
        return {"message_ts": self._team.whisper(channel.id, str(params["user"]), params)}

    def _message(self, params: Mapping[str, Any]) -> dict[str, Any]:
        message = {"type": "message", "bot_id": "B0BOT", "user": BOT_USER, "ts": self._team.ts(), "edits": []}
        message["text"] = params.get("text", "")
        return message | {key: params[key] for key in ("blocks", "metadata") if key in params}

    def _spend(self, channel: str) -> None:
        now = time.monotonic()
        recent = self._posted[channel]
        while recent and recent[0] < now - 3.0 * self._team.second:
            recent.popleft()
        if len(recent) >= 5:  # one a second with a short burst
            raise Invalid("ratelimited", "/channel")
        recent.append(now)

    def _views_open(self, params: dict[str, Any]) -> dict[str, Any]:
        trigger = str(params.get("trigger_id", ""))
        if trigger not in self._team.triggers:
            raise Invalid("invalid_trigger_id", "/trigger_id")
        begun = self._team.triggers[trigger]
        if begun is None:
            raise Invalid("exchanged_trigger_id", "/trigger_id")
        if self._team.pulse.now() - begun > self._team.trigger_seconds:
            raise Invalid("expired_trigger_id", "/trigger_id")
        self._team.triggers[trigger] = None
        check_view(params["view"])
        view = {**params["view"], "id": f"V{next(self._team.numbers):06}", "hash": self._team.ts(), "team_id": TEAM}
        self._team.views[view["id"]] = view
        return {"view": view}

    def _views_update(self, params: dict[str, Any]) -> dict[str, Any]:
        view = self._team.views.get(str(params.get("view_id", "")))
        if view is None:
            raise Invalid("not_found", "/view_id")
        if params.get("hash") and params["hash"] != view["hash"]:
            raise Invalid("hash_conflict", "/hash")
        check_view(params["view"])
        return {"view": self._team.change_view(view["id"], params["view"])}

    def _views_publish(self, params: dict[str, Any]) -> dict[str, Any]:
        user = str(params["user_id"])
        before = self._team.homes.get(user)
        if user not in self._team.users:
            raise Invalid("invalid_arguments", "/user_id")
        if params.get("hash") and (before is None or params["hash"] != before["hash"]):
            raise Invalid("hash_conflict", "/hash")
        check_view(params["view"])
        self._team.homes[user] = {**params["view"], "id": f"V0HOME{user}", "hash": self._team.ts(), "team_id": TEAM}
        return {"view": self._team.homes[user]}

    def _conversations_info(self, params: dict[str, Any]) -> dict[str, Any]:
        channel = self._team.channels.get(str(params.get("channel", "")))
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
        user = self._team.users.get(str(params.get("user", "")))
        if user is None:
            raise Invalid("user_not_found", "/user")
        return {"user": user}

    def _usergroups_users_list(self, params: dict[str, Any]) -> dict[str, Any]:
        if self._team.org_wide and str(params.get("team_id", "")) not in self._team.workspaces:
            raise Invalid("missing_argument" if not params.get("team_id") else "team_access_not_granted", "/team_id")
        members = self._team.groups.get(str(params.get("usergroup", "")))
        if members is None:
            raise Invalid("no_such_subteam", "/usergroup")
        return {"users": members}

    def _usergroups_users_update(self, params: dict[str, Any]) -> dict[str, Any]:
        group = str(params.get("usergroup", ""))
        users = params.get("users", [])
        members = users.split(",") if isinstance(users, str) else list(users)
        if group not in self._team.groups:
            raise Invalid("no_such_subteam", "/usergroup")
        if not members or any(user not in self._team.users for user in members):
            raise Invalid("invalid_users", "/users")
        self._team.groups[group] = members
        return {"usergroup": {"id": group, "users": members}}

    def _files_getuploadurlexternal(self, params: dict[str, Any]) -> dict[str, Any]:
        if int(params.get("length", 0)) < 1 or not params.get("filename"):
            raise Invalid("invalid_arguments", "/length")
        file = File(f"F{next(self._team.numbers):06}", str(params["filename"]), b"", length=int(params["length"]))
        file.alt_txt = str(params.get("alt_txt") or "")
        self._team.files[file.id] = file
        return {"file_id": file.id, "upload_url": f"{self._team.url}/upload/{file.id}"}

    def _files_completeuploadexternal(self, params: dict[str, Any]) -> dict[str, Any]:
        entries = params["files"] if isinstance(params["files"], list) else json.loads(params["files"])
        files = [self._team.files.get(str(entry["id"])) for entry in entries]
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
            self._team.sharing.append(Share(done, channel_id, thread, comment, self._team.looks_until_shared))
        return {"files": [self._team.told_of(file) for file in done]}

    def _files_info(self, params: dict[str, Any]) -> dict[str, Any]:
        file = self._team.files.get(str(params.get("file", "")))
        if file is None:
            raise Invalid("file_not_found", "/file")
        for share in [one for one in self._team.sharing if file in one.files]:
            share.looks -= 1
            if share.looks <= 0:
                self._share(share)
        shares = {"public": {channel: [{"ts": ts} for ts in found] for channel, found in file.shares.items()}}
        return {"file": {**self._team.told_of(file, whole=True), "shares": shares if file.shares else {}}}

    def _share(self, share: Share) -> None:
        self._team.sharing.remove(share)
        message = self._message({"text": share.comment})
        message |= {"files": [self._team.told_of(file) for file in share.files]} | (
            {"thread_ts": share.thread} if share.thread else {}
        )
        self._team.channels[share.channel].messages.append(message)
        for file in share.files:
            file.shares.setdefault(share.channel, []).append(message["ts"])


def cut(request: web.Request) -> web.StreamResponse:
    """End the connection of a request, which gets no answer."""
    transport = request.transport
    if transport is None:  # whoever called is gone
        return web.Response()
    transport.abort()
    return web.Response()


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
