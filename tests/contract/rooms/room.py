"""What the contract suite needs of each chat: the real client on its platform's emulator, and a reader of what it shows.

A reader sees a message as a person does, by the platform's own rules of what is markup, a mention, a link. It shares no
code with the renderers.
"""

import abc
import asyncio
import contextlib
import html
import io
import itertools
import logging
import os
import re
import unicodedata
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar

import structlog

from bot.logs import setup
from bot.message import Mark, Message
from bot.model import Actor, Attachment, Incoming, Place
from bot.ports import Card, Chat, Forgetful, Post, Remembers
from bot.settings import Slack as SlackTable
from integrations.dingtalk.client import DingTalk
from integrations.dingtalk.stream import Patience
from integrations.slack.client import Slack as SlackChat
from integrations.terminal.client import Terminal
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM

PATIENCE = 10.0
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
PING = 0.2
START = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

SIGNS: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.NONE: "",
        Mark.WAITING: "⏳",
        Mark.GOOD: "✅",
        Mark.BAD: "❌",
        Mark.WARNING: "⚠️",
        Mark.ALERT: "🔴",
        Mark.HANDLED: "🟡",
        Mark.CLOSED: "🟢",
    }
)


class Trouble(StrEnum):
    """What can happen to a message on its way."""

    BUSY = "busy"  # the platform asks to slow down
    CUT = "cut"  # the connection broke before the message was taken
    CUT_AFTER = "cut after"  # it was taken, and the answer was lost
    HANG = "hang"  # no answer comes


class Gift(StrEnum):
    """What a platform has, or has not."""

    FILES = "files"  # can come with what is said
    REPEATS = "repeats"  # the platform delivers again what it thinks was lost
    OUTSIDERS = "outsiders"  # people of other organisations can be there
    SEARCH = "search"  # what may have been posted can be found again
    BUTTONS = "buttons"
    FULL_TEXT = "full text"  # what was cut can be asked for


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as a person sees it.

    Args:
        text: what is read, from top to bottom, without markup.
        notice: what a phone's notification shows.
        mentions: ids of those whom it calls.
        links: where something that can be clicked leads.
        shape: how often which markup stands in it.
        buttons: what can be pressed.
        thread: id of the message whose thread it is in.
        loud: a reply that the whole channel sees.
    """

    text: str
    notice: str
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    shape: Counter[str] = field(default_factory=Counter)
    buttons: tuple[str, ...] = ()
    thread: str = ""
    loud: bool = False


class Room(abc.ABC):
    """One chat: the real client, and the emulator of its platform."""

    gifts: ClassVar[frozenset[Gift]] = frozenset()
    troubles: ClassVar[frozenset[Trouble]] = frozenset()
    ways: ClassVar[Mapping[str, bool]]
    """How something can be said → whether that is one to one."""
    cut_words: ClassVar[Mapping[str, str]] = {}
    """Language → what stands there, as text or to press, when something was left out."""
    place: Place
    """A conversation that the bot is in."""
    nowhere: Place
    """One that is not there any more."""
    me: Actor
    other: Actor
    unknown_message: ClassVar[str] = ""
    """What could be the id of a message, and is of none."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.memory = Forgetful()
        self.chat: Chat = self.fresh()
        self.on_hearing: Callable[[Incoming], None] = lambda _: None
        self._something = asyncio.Condition()
        self._numbers = itertools.count(1)

    @abc.abstractmethod
    def fresh(self) -> Chat:
        """A client as at the start of a process."""

    async def start(self) -> None:
        await self.chat.start(self.receive)

    async def receive(self, incoming: Incoming) -> None:
        async with self._something:
            self.heard.append(incoming)
            self._something.notify_all()
        self.on_hearing(incoming)

    async def restart(self) -> None:
        """End the process and begin another; what the chat remembers is in the record."""
        await self.chat.stop()
        self.chat = self.another()
        await self.start()

    def another(self) -> Chat:
        """A client with the same memory; not started."""
        chat = self.fresh()
        if isinstance(chat, Remembers):
            chat.remember(self.memory)
        return chat

    async def until_heard(self, count: int) -> Incoming:
        async with asyncio.timeout(PATIENCE), self._something:
            await self._something.wait_for(lambda: len(self.heard) >= count)
        return self.heard[count - 1]

    async def say(
        self, text: str, way: str = "", *, files: Sequence[Attachment] = (), outsider: bool = False
    ) -> Incoming:
        """Say something, and return it as the bot was told of it."""
        count = len(self.heard)
        await self.speak(text, way or next(iter(self.ways)), tuple(files), outsider)
        return await self.until_heard(count + 1)

    def a_post(
        self,
        *title: Any,
        blocks: Sequence[Any] = (),
        buttons: Sequence[Any] = (),
        mark: Mark = Mark.NONE,
        place: Place | None = None,
        language: str = "en",
        key: str = "",
        answers: str = "",
        card: Card | None = None,
        **more: Any,
    ) -> Post:
        """A post; a notice under a key of its own unless it is said otherwise."""
        return Post(
            place=place or self.place,
            message=Message(tuple(title), mark, tuple(blocks), tuple(buttons)),
            language=language,
            key=key or (f"reply:{answers}" if answers else f"news:{next(self._numbers)}"),
            answers=answers,
            card=card,
            **more,
        )

    async def shown(self, post: Post) -> Seen:
        """Post, and look; the parts of a message that was split are one."""
        before = self.count()
        await self.chat.post(post)
        return joined(self.seen(before))

    # --- What differs ---

    @abc.abstractmethod
    async def speak(self, text: str, way: str, files: tuple[Attachment, ...], outsider: bool) -> None:
        """Have somebody say something; the platform has had it acknowledged when this returns."""

    async def repeat(self) -> None:
        """Deliver what was said last once more."""
        raise NotImplementedError

    @abc.abstractmethod
    def seen(self, since: int = 0) -> list[Seen]:
        """What stands in the conversation, in order, without so many of the first."""

    @abc.abstractmethod
    def count(self) -> int:
        """How many messages stand there."""

    def called(self, since: int = 0) -> set[str]:
        """Whom the messages from this one on called, in the conversation or one to one."""
        return {user for one in self.seen(since) for user in one.mentions}

    def fail(self, trouble: Trouble, *, card: bool = False) -> None:
        """What happens to the next message, or the next card where cards go another way."""
        raise NotImplementedError

    def pause(self) -> None:  # noqa: B027 -- only some platforms count
        """Let so much time pass that no limit of the platform is near."""

    def links_of(self, url: str) -> tuple[str, ...]:
        """What can be clicked of an address of ours."""
        return (url,)

    @abc.abstractmethod
    def read_in_private(self) -> str:
        """What stands in the 1:1 conversation."""

    async def until_it_hangs(self, count: int) -> None:
        """Wait until so many messages are on their way."""
        raise NotImplementedError

    async def press(self, label: str) -> None:
        """Press a button of the last message that has it, for what only one person sees."""
        raise NotImplementedError

    def full_text(self) -> str:
        """What was shown to whoever asked for all of it; empty as long as there is nothing."""
        raise NotImplementedError

    @property
    def secrets(self) -> set[str]:
        """What nobody may read in a log or in an error."""
        return set()

    @property
    def complaints(self) -> list[str]:
        """What the platform took amiss."""
        return []


def joined(parts: Sequence[Seen]) -> Seen:
    """The parts of a split message as one."""
    assert parts, "nothing is seen of it"
    return Seen(
        text="\n".join(part.text for part in parts),
        notice=parts[0].notice,
        mentions=tuple(user for part in parts for user in part.mentions),
        links=tuple(link for part in parts for link in part.links),
        shape=sum((part.shape for part in parts), Counter()),
        buttons=tuple(label for part in parts for label in part.buttons),
        thread=parts[0].thread,
        loud=parts[0].loud,
    )


# --- What is the same to the eye -------------------------------------------------------------------------------------

_LOOK_ALIKES = str.maketrans("∗［］ˋ＜＞～｜＼＿", "*[]`<>~|\\_")
_LINE_END = re.compile("\r\n|[\r\n\t\v\f\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2065\u3164\ufe00-\ufe0f\uffa0\ufff0-\ufff8\U000e0000-\U000e0fff]"
)


def fold(text: str) -> str:
    """A text as the eye has it: look-alikes are one, spaces are one, what cannot be seen is nothing."""
    text = _LINE_END.sub(" ", text).translate(_LOOK_ALIKES)
    text = "".join(char for char in text if unicodedata.category(char) not in ("Cc", "Cf", "Cs"))
    return " ".join(_UNSEEN.sub("", text).split())


def steering(text: str) -> list[str]:
    """The characters of a text that steer a display: controls, marks of direction, halves."""
    apart = {"\n", "\u200b"}  # the second has no width, and DingTalk's texts need it
    return [char for char in text if char not in apart and unicodedata.category(char) in ("Cc", "Cf", "Cs")]


# --- The terminal ----------------------------------------------------------------------------------------------------


class _Screen(io.StringIO):
    """Keeps what was written apart, one message a write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        return super().write(text)


class TerminalRoom(Room):
    """A terminal that is a pipe on one side and a string on the other."""

    ways = MappingProxyType({"line": True})
    place = Place("terminal", "demo")
    nowhere = place
    me = Actor("terminal", "me", name="submitter")
    other = Actor("terminal", "colleague", name="colleague")

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._stdin = os.fdopen(self._reading, encoding="utf-8")
        self.screen = _Screen()
        self._origins = itertools.count(1)
        super().__init__()

    def fresh(self) -> Terminal:
        async def nothing() -> None:
            return None

        return Terminal(
            conversation=self.place.conversation,
            actor=self.me,
            language=lambda: "en",
            settle=nothing,
            new_origin=lambda: f"line-{next(self._origins)}",
            stdin=self._stdin,
            stdout=self.screen,
            width=100_000,
            colour=True,
        )

    async def speak(self, text: str, way: str, files: tuple[Attachment, ...], outsider: bool) -> None:
        assert (way, files, outsider) == ("line", (), False)
        os.write(self._writing, f"{text}\n".encode())

    def seen(self, since: int = 0) -> list[Seen]:
        return [_on_screen(text) for text in self._messages()[since:]]

    def count(self) -> int:
        return len(self._messages())

    def _messages(self) -> list[str]:
        """What was printed, without the echo of what was typed."""
        return [text for text in self.screen.writes if not text.lstrip("\n").startswith("> ")]

    def links_of(self, url: str) -> tuple[str, ...]:
        assert url
        return ()

    def read_in_private(self) -> str:
        return self.screen.getvalue()

    def leave(self) -> None:
        """Nobody reads any more."""
        self.screen.close()

    def close(self) -> None:
        os.close(self._writing)
        self._stdin.close()


_LOOK = re.compile("\x1b\\[(1|2|36)m(.*?)\x1b\\[0m")
_BAR = "\x1b[2m> \x1b[0m"


def _on_screen(text: str) -> Seen:
    """A message on a screen with colours, where nothing that people wrote can look like one."""
    shape: Counter[str] = Counter()
    rows: list[str] = []
    quoted = False
    for row in text.strip("\n").split("\n"):
        shape["quote"] += row.startswith(_BAR) and not quoted
        quoted = row.startswith(_BAR)
        shape["list"] += row.startswith("• ")
        rows.append(_LOOK.sub(r"\2", row.removeprefix(_BAR).removeprefix("• ")))
    return Seen(text="\n".join(rows), notice=rows[0], shape=shape)


# --- Slack -----------------------------------------------------------------------------------------------------------


class SlackRoom(Room):
    """Bolt on Socket Mode."""

    gifts = frozenset(Gift)
    troubles = frozenset(Trouble)
    ways = MappingProxyType({"mention": False, "direct": True, "command": False, "button": False})
    cut_words = MappingProxyType({"en": "Full text", "zh": "查看全文"})
    place = Place("slack", "C0SMS")
    nowhere = Place("slack", "C0OLD")
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

    def read_in_private(self) -> str:
        return "\n".join(message["text"] for message in self.slack.said("D0ALICE"))

    async def until_it_hangs(self, count: int) -> None:
        await self.slack.until(lambda: self.slack.count("chat.postMessage") >= count)

    async def press(self, label: str) -> None:
        await self.slack.acked(await self.slack.press(label))
        await self.slack.until(lambda: self.slack.views)

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


# --- DingTalk --------------------------------------------------------------------------------------------------------


class _Clock:
    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment


class DingTalkRoom(Room):
    """The SDK's stream, and markdown."""

    gifts = frozenset({Gift.FILES, Gift.REPEATS, Gift.OUTSIDERS})
    troubles = frozenset(Trouble)
    ways = MappingProxyType({"group": False, "direct": True})
    cut_words = MappingProxyType({"en": "too long, the rest is not shown", "zh": "太长，其余未显示"})
    place = Place("dingtalk", "cidGroupOne==")
    nowhere = Place("dingtalk", "cidDissolved==")
    unknown_message = "no-such-card"
    me = Actor("dingtalk", "manager4567", team=DingTalkEmulator.corp, name="张三")
    other = Actor("dingtalk", "user0123", team=DingTalkEmulator.corp, name="李四")
    template = ""

    def __init__(self, dingtalk: DingTalkEmulator, clock: _Clock) -> None:
        self.dingtalk = dingtalk
        self.clock = clock
        self._last = ""
        super().__init__()

    def fresh(self) -> DingTalk:
        async def sleep(seconds: float) -> None:
            self.clock.moment += timedelta(seconds=seconds)

        return DingTalk(
            client_id=self.dingtalk.client_id,
            client_secret=self.dingtalk.client_secret,
            api_base=self.dingtalk.url,
            card_template_id=self.template,
            calls_a_second=10_000.0,
            language=lambda _: "en",
            allowed_webhook_hosts=(self.dingtalk.host,),
            now=self.clock,
            patience=Patience(first=0.01, longest=0.01, settled=0.0),
            sleep=sleep,
        )

    async def speak(self, text: str, way: str, files: tuple[Attachment, ...], outsider: bool) -> None:
        group = None if way == "direct" else self.place.conversation
        user = "stranger" if outsider else self.me.user
        if files:
            (file,) = files
            self._last = await self.dingtalk.say_rich(text, file.content, user, group)
        else:
            corp = "dingother" if outsider else None
            self._last = await self.dingtalk.say(text, user, group, corp=corp)
        await self.dingtalk.acked(self.dingtalk.frame_of(self._last))

    async def repeat(self) -> None:
        for same_frame in (True, False):
            await self.dingtalk.acked(await self.dingtalk.redeliver(self._last, same_frame=same_frame))

    def seen(self, since: int = 0) -> list[Seen]:
        here = self.place.conversation
        space = f"dtv1.card//IM_GROUP.{here}"
        cards = iter([card for card in self.dingtalk.cards.values() if space in card.spaces])
        found: list[Seen] = []
        for number, one in enumerate(shown for shown in self.dingtalk.shown if shown.conversation == here):
            card = next(cards) if one.way == "card" else None
            if number < since:
                continue
            text = f"{card.values['title']}<br>{card.values['body']}" if card else one.text
            found.append(in_dingtalk(text.replace("<br>", "\n") if card else text, one.title, one.mentions))
        return found

    def count(self) -> int:
        return sum(one.conversation == self.place.conversation for one in self.dingtalk.shown)

    def read_in_private(self) -> str:
        return "\n".join(self.dingtalk.texts(self.me.user))

    async def until_it_hangs(self, count: int) -> None:
        await self.dingtalk.until(lambda: self.dingtalk.count("/groupMessages/send") >= count)

    def called(self, since: int = 0) -> set[str]:
        private = {one.conversation for one in self.dingtalk.shown if one.way == "private"}
        return super().called(since) | private

    def fail(self, trouble: Trouble, *, card: bool = False) -> None:
        path = "/createAndDeliver" if card else "/groupMessages/send"
        match trouble:
            case Trouble.BUSY:
                self.dingtalk.fail_next(path, status=400, body={"code": "send.too.fast"})
            case Trouble.HANG:
                self.dingtalk.fail_next(path, hang=True)
            case _:
                self.dingtalk.cut_next(path, after=trouble is Trouble.CUT_AFTER)

    def pause(self) -> None:
        self.clock.moment += timedelta(minutes=2)

    @property
    def secrets(self) -> set[str]:
        return self.dingtalk.secrets

    @property
    def complaints(self) -> list[str]:
        return self.dingtalk.complaints


class DingTalkCardsRoom(DingTalkRoom):
    """The same with a card template."""

    cut_words = MappingProxyType(dict.fromkeys(("en", "zh"), "…"))
    template = "emulated-template.schema"


_MARKUP = re.compile(
    r"(?P<image>!\[[^\]\n]*\]\([^)\s]*\))"
    r"|(?P<link>\[(?P<label>[^\]\n]*)\]\((?P<target>[^)\s]*)\))"
    r"|(?P<address>(?:[A-Za-z][A-Za-z0-9+.-]*://|www\.)[^\s\u200b]+)"
    r"|(?P<bold>\*\*(?P<in_bold>[^*\n]+)\*\*)"
    r"|(?P<code>`(?P<in_code>[^`\n]+)`)"
    r"|(?P<slanted>\*(?P<in_stars>[^*\s][^*\n]*)\*|(?<!\w)_(?P<in_lines>[^_\s][^_\n]*)_(?!\w))"
    r"|(?P<struck>~~(?P<in_struck>[^~\n]+)~~)"
    r"|(?P<tag></?[A-Za-z!][^>]*>)"
    r"|(?P<mention>@[^\s@\u200b]+)"
    r"|(?P<entity>&(?:\#[0-9]+|\#[xX][0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);)"
)
_KINDS = ("image", "link", "address", "bold", "code", "slanted", "struck", "tag", "mention", "entity")
_WITHIN = ("label", "in_bold", "in_stars", "in_lines", "in_struck")
_LINE_MARKUP: Sequence[tuple[str, re.Pattern[str]]] = (
    ("heading", re.compile(r" {0,3}#{1,6}(?:\s|$)")),
    ("rule", re.compile(r" {0,3}(?:-{3,}|\*{3,}|_{3,}|={2,})\s*$")),
    ("quote", re.compile(r" {0,3}>\s?")),
    ("list", re.compile(r" *(?:[-+*]|[0-9]{1,9}[.)])\s")),
)


def in_dingtalk(text: str, title: str, mentions: Sequence[str]) -> Seen:
    """A markdown message by the dialect's rules (facts, DingTalk 3.12)."""
    shape: Counter[str] = Counter()
    links: list[str] = []
    rows: list[str] = []
    before = ""
    for line in text.split("\n"):
        kind, rest = "", line
        for name, pattern in _LINE_MARKUP:
            if found := pattern.match(line):
                kind, rest = name, line[found.end() :]
                break
        if kind and not (kind == before == "quote"):
            shape[kind] += 1
        before = kind
        rows.append(_inline(rest, shape, links))
    return Seen(
        text="\n".join(rows).replace("\u200b", "").strip(),
        notice=title,
        mentions=tuple(mentions),
        links=tuple(dict.fromkeys(links)),
        shape=shape,
    )


def _inline(text: str, shape: Counter[str], links: list[str]) -> str:
    """One line without its markup, which is counted."""

    def read(found: re.Match[str]) -> str:
        kind = next(name for name in _KINDS if found[name] is not None)
        if kind == "entity":
            return html.unescape(found[0])
        shape[kind] += 1
        if kind in ("link", "address"):
            links.append(found["target"] or found[0])
        if kind in ("image", "tag"):
            return ""  # nothing is read there
        if kind == "code":
            return found["in_code"]
        within = next((found[name] for name in _WITHIN if found[name] is not None), None)
        return found[0] if within is None else _inline(within, shape, [])

    return _MARKUP.sub(read, text)


# --- Rooms -----------------------------------------------------------------------------------------------------------


@contextlib.asynccontextmanager
async def _terminal() -> AsyncIterator[Room]:
    room = TerminalRoom()
    try:
        yield room
    finally:
        room.close()


@contextlib.asynccontextmanager
async def _slack() -> AsyncIterator[Room]:
    async with Slack() as slack:
        assert BOT_USER in slack.users
        yield SlackRoom(slack)


@contextlib.asynccontextmanager
async def _dingtalk(room: type[DingTalkRoom] = DingTalkRoom) -> AsyncIterator[Room]:
    clock = _Clock()
    async with DingTalkEmulator(now=lambda: clock().timestamp()) as dingtalk:
        yield room(dingtalk, clock)


ROOMS: Mapping[str, Callable[[], contextlib.AbstractAsyncContextManager[Room]]] = MappingProxyType(
    {
        "terminal": _terminal,
        "slack": _slack,
        "dingtalk": _dingtalk,
        "dingtalk with cards": partial(_dingtalk, DingTalkCardsRoom),
    }
)


@contextlib.asynccontextmanager
async def room_of(name: str, *, started: bool = True) -> AsyncIterator[Room]:
    """Open one chat; afterwards nothing is left of it, no platform has complained, no secret stands in the log."""
    before = asyncio.all_tasks()
    with _log() as written:
        async with ROOMS[name]() as room:
            room.chat = room.another()
            if started:
                await room.start()
            yield room
            await room.chat.stop()
            complaints, secrets = list(room.complaints), set(room.secrets)
        left = asyncio.all_tasks() - before - {asyncio.current_task()}
        if left:  # what the emulator cancelled takes a turn to end
            _, left = await asyncio.wait(left, timeout=1.0)
    assert not complaints, complaints
    assert not left, left
    log = written.getvalue()
    assert not [secret for secret in secrets if secret in log]


@contextlib.contextmanager
def _log() -> Any:
    """Everything that is logged, down to the least, without the help of knowing what is secret."""
    root = logging.getLogger()
    level = root.level
    written = io.StringIO()
    setup("DEBUG", json=True, secrets=(), stream=written)
    try:
        yield written
    finally:
        for handler in [one for one in root.handlers if getattr(one, "stream", None) is written]:
            root.removeHandler(handler)
        root.setLevel(level)
        structlog.reset_defaults()
