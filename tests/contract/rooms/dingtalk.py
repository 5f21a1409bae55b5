"""DingTalk's rooms, without and with a card template, and how a message is read there."""

import contextlib
import html
import re
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from bot.contracts.model import Actor, Attachment, Place
from integrations.dingtalk.client import DingTalk
from integrations.dingtalk.stream import Patience
from tests.contract.rooms.room import Gift, Room, Seen, Trouble
from tests.emulators.dingtalk.server import DingTalkEmulator

START = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


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
    title = "短信值班"
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

    def freeze(self) -> None:
        self.dingtalk.freeze()

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


@contextlib.asynccontextmanager
async def dingtalk_room(
    room: type[DingTalkRoom] = DingTalkRoom, certificate: tuple[str, str] | None = None
) -> AsyncIterator[Room]:
    """Have an organisation to talk in, over TLS where there is a certificate."""
    clock = _Clock()
    async with DingTalkEmulator(now=lambda: clock().timestamp(), certificate=certificate) as dingtalk:
        yield room(dingtalk, clock)
