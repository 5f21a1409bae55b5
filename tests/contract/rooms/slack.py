"""Slack's room, and how a message is read there."""

import contextlib
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from bot.contracts.model import Actor, Attachment, Place
from integrations.slack.client import Slack as SlackChat
from integrations.slack.config import Slack as SlackTable
from tests.contract.rooms.room import Gift, Room, Seen, Trouble
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM

PING = 0.2


class SlackRoom(Room):
    """Bolt on Socket Mode."""

    gifts = frozenset(Gift)
    troubles = frozenset(Trouble)
    ways = MappingProxyType({"mention": False, "direct": True, "command": False, "button": False})
    cut_words = MappingProxyType({"en": "Full text", "zh": "查看全文"})
    place = Place("slack", "C0SMS")
    nowhere = Place("slack", "C0OLD")
    title = "#sms"
    unknown_message = "C0SMS:1.000001"
    me = Actor("slack", "U0ALICE", team=TEAM, name="alice")
    other = Actor("slack", "U0BOB", team=TEAM, name="bob")

    def __init__(self, slack: Slack) -> None:
        self.slack = slack
        self.language = "en"
        self._last: Any = None
        super().__init__()

    def fresh(self) -> SlackChat:
        table = SlackTable(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url=self.slack.base_url.rstrip("/"))
        return SlackChat(table, language=lambda _: self.language, per_channel=0.0, ping_interval=PING)

    async def speak(self, text: str, way: str, files: tuple[Attachment, ...], outsider: bool) -> None:
        ids = tuple(self.slack.add_file(one.name, one.content) for one in files)
        user = "U0EVE" if outsider else self.me.user
        match way:
            case "command":
                self._last = await self.slack.slash(text, user)
            case "direct":
                self._last = await self.slack.dm(text, user, files=ids)
            case "button":
                self._last = await self.slack.press(text, user=user)
            case _:
                self._last = await self.slack.mention(text, user, files=ids)
        await self.slack.acked(self._last)

    async def repeat(self) -> None:
        await self.slack.acked(await self.slack.redeliver(self._last))

    def seen(self, since: int = 0) -> list[Seen]:
        return [in_slack(message) for message in self.slack.said(self.place.conversation)[since:]]

    def count(self) -> int:
        return len(self.slack.said(self.place.conversation))

    def fail(self, trouble: Trouble, *, card: bool = False) -> None:
        del card  # a message like any other
        kind = {"busy": "429", "cut": "reset", "cut after": "reset_after", "hang": "hang"}[trouble]
        self.slack.fail_next("chat.postMessage", kind, retry_after=1)

    def freeze(self) -> None:
        self.slack.freeze()

    def read_in_private(self) -> str:
        return "\n".join(message["text"] for message in self.slack.said("D0ALICE"))

    async def until_it_hangs(self, count: int) -> None:
        await self.slack.until(lambda: self.slack.count("chat.postMessage") >= count)

    async def press(self, label: str) -> None:
        await self.slack.acked(await self.slack.press(label))
        await self.slack.until(lambda: self.slack.views)

    def forget_what_was_asked(self) -> None:
        self.slack.refuse_answers = True

    def full_text(self) -> str:
        view = list(self.slack.views.values())[-1]
        return "".join(in_slack({"text": "", "blocks": [block]}).text for block in view["blocks"])

    @property
    def secrets(self) -> set[str]:
        return {BOT_TOKEN, APP_TOKEN, "ticket=", *self.slack.responses}

    @property
    def complaints(self) -> list[str]:
        expected = ("429", "is_archived", "message_not_found", "cannot_reply_to_message")
        return [one for one in self.slack.refused if not any(word in one for word in expected)]


_ENTITY = re.compile(r"<([^<>]*)>")


def in_slack(message: Mapping[str, Any]) -> Seen:
    """A message by Slack's rules: blocks are shown, the text is what a notification says."""
    reader = _Blocks()
    for block in message.get("blocks") or ():
        reader.block(block)
    mentions, links = list(reader.mentions), list(reader.links)
    for inner in _ENTITY.findall(message["text"]):
        if inner[:1] in "@!#":
            mentions.append(inner.lstrip("@").partition("|")[0])
        else:
            links.append(inner.partition("|")[0])
    notice = _ENTITY.sub(lambda found: found[1].partition("|")[2] or found[1], message["text"])
    notice = notice.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return Seen(
        text="\n".join(reader.lines) or notice,  # without blocks the text is what is shown
        notice=notice,
        mentions=tuple(dict.fromkeys(mentions)),
        links=tuple(dict.fromkeys(links)),
        shape=reader.shape,
        buttons=tuple(reader.buttons),
        thread=str(message.get("thread_ts", "")),
        loud=message.get("subtype") == "thread_broadcast",
        only=str(message.get("only", "")),
    )


def _pressable(element: Mapping[str, Any]) -> str:
    if element["type"] == "button":
        return str(element["text"]["text"])
    choices = ", ".join(option["text"]["text"] for option in element["options"])
    return f"{element['placeholder']['text']} ▾ {choices}"


class _Blocks:
    def __init__(self) -> None:
        self.lines: list[str] = []
        self.mentions: list[str] = []
        self.links: list[str] = []
        self.buttons: list[str] = []
        self.shape: Counter[str] = Counter()

    def block(self, block: Mapping[str, Any]) -> None:
        match block["type"]:
            case "rich_text":
                for element in block["elements"]:
                    self._element(element)
            case "table":
                self.shape["table"] += 1
                self.lines += [" | ".join(self._cell(cell) for cell in row) for row in block["rows"]]
            case "actions":
                self.buttons += [_pressable(element) for element in block["elements"]]
            case other:
                raise AssertionError(f"a block {other} has no reader")

    def _element(self, element: Mapping[str, Any]) -> None:
        match element["type"]:
            case "rich_text_list":
                self.shape["list"] += len(element["elements"])
                self.lines += [self._parts(item["elements"]) for item in element["elements"]]
            case kind:
                self.shape["quote"] += kind == "rich_text_quote"
                self.lines.append(self._parts(element["elements"]))

    def _cell(self, cell: Mapping[str, Any]) -> str:
        if cell["type"] == "raw_text":
            return str(cell["text"])
        return "".join(self._parts(element["elements"]) for element in cell["elements"])

    def _parts(self, parts: Sequence[Mapping[str, Any]]) -> str:
        text = ""
        for part in parts:
            match part["type"]:
                case "user":
                    self.mentions.append(part["user_id"])
                    text += f"@{part['user_id']}"
                case "link":
                    self.links.append(part["url"])
                    text += part["text"]
                case "text":
                    self.shape["code"] += bool(part.get("style", {}).get("code"))
                    text += part["text"]
                case other:
                    raise AssertionError(f"a part {other} has no reader")
        return text


@contextlib.asynccontextmanager
async def slack_room(certificate: tuple[str, str] | None = None) -> AsyncIterator[Room]:
    """Have a team to talk in, over TLS where there is a certificate."""
    async with Slack(certificate=certificate) as slack:
        assert BOT_USER in slack.users
        yield SlackRoom(slack)
