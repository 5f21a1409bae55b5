"""What is beside the API: addresses to answer to, to upload to and to download from."""

from typing import Any

from aiohttp import web

from tests.emulators.slack.api import cut
from tests.emulators.slack.rules import check_blocks
from tests.emulators.slack.team import BOT_TOKEN, Team

HTML = "<!DOCTYPE html><html><head><title>Slack</title></head><body>Sign in</body></html>"


class Addresses:
    """The addresses that a team hands out."""

    def __init__(self, team: Team) -> None:
        self._team = team

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Take what is sent to a response address, five times and no more."""
        uses = self._team.responses.get(request.match_info["id"])
        if uses is None or self._team.refuse_answers:
            return web.json_response({"ok": False, "error": "expired_url"}, status=404)
        if len(uses) >= 5:
            self._team.refused.append("response_url: used a sixth time")
            return web.json_response({"ok": False, "error": "used_url"}, status=404)
        body = await request.json()
        if "blocks" in body:
            check_blocks(body["blocks"], {"actions", "context", "divider", "header", "rich_text", "section", "table"})
        uses.append(body)
        self._show(request.match_info["id"], body)
        await self._team.happened()
        return web.Response(text="ok")

    def _show(self, identity: str, body: dict[str, Any]) -> None:
        """Where the answer is seen: by whoever asked alone, or in the place of the message that was pressed on."""
        channel, user, pressed = self._team.asked[identity]
        if body.get("response_type") == "in_channel":
            self._team.refused.append("response_url: for everybody, which nothing here asks for")
        elif body.get("replace_original") and "only" in pressed:
            pressed["edits"].append({"text": pressed["text"], "blocks": pressed.get("blocks")})
            pressed.update({key: body[key] for key in ("text", "blocks") if key in body})
        elif body.get("replace_original", pressed and "only" in pressed):
            self._team.refused.append("response_url: it takes the place of something else")
        else:
            self._team.whisper(channel, user, body)

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Take the bytes of an announced file."""
        content = await request.read()
        self._team.calls.append(("upload", {"length": len(content)}))
        kind, _ = self._team.failures["upload"].popleft() if self._team.failures["upload"] else ("", 0.0)
        if kind == "reset":
            return cut(request)
        file = self._team.files[request.match_info["id"]]
        if kind or file.content or len(content) != file.length:
            if not kind:
                self._team.refused.append(f"upload: {len(content)} bytes, announced were {file.length}")
            return web.Response(status=500 if kind == "500" else 400, text="no")
        file.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Give out the bytes of a file, or a page to who may not read it."""
        file = self._team.files.get(request.match_info["id"])
        allowed = request.headers.get("Authorization") == f"Bearer {BOT_TOKEN}"
        if file is None or not file.readable or not allowed or "files:read" not in self._team.scopes.split(","):
            return web.Response(text=HTML, content_type="text/html")  # with status 200, as Slack does
        return web.Response(body=file.content, content_type="application/octet-stream")
