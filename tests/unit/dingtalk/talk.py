"""A chat in DingTalk that is listened to, and what is posted there."""

import asyncio
from datetime import UTC, datetime, timedelta

from bot.contracts.chat import Card, Post
from bot.contracts.message import Items, Mention, Message, Picture, Text
from bot.contracts.model import Incoming, Place
from integrations.dingtalk.client import DingTalk
from integrations.dingtalk.stream import Patience
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.given import Clock

GROUP_ID = "cidGroupOne=="
GROUP = Place("dingtalk", GROUP_ID)
ME = Place("dingtalk", "user:manager4567")
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 200
START = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
MENTION = Mention("dingtalk:dingcorpemulated/manager4567", "张三")


class Talk:
    """A chat that is listened to."""

    def __init__(self, emulator: DingTalkEmulator, clock: Clock, *, template: str = "") -> None:
        self.emulator = emulator
        self.clock = clock
        self.heard: list[Incoming] = []
        self.awake = asyncio.Event()  # cleared, whoever sleeps sleeps on
        self.awake.set()
        self.chat = DingTalk(
            client_id=emulator.client_id,
            client_secret=emulator.client_secret,
            api_base=emulator.url,
            oapi_base=emulator.url,
            allowed_webhook_hosts=(emulator.host,),
            card_template_id=template,
            calls_a_second=10_000,  # of the machine's time, which does not stand still here
            now=clock,
            patience=Patience(first=0.01, longest=0.01, settled=0.0),
            sleep=self.sleep,
        )

    async def sleep(self, seconds: float) -> None:
        await self.awake.wait()
        self.clock.moment += timedelta(seconds=seconds)

    async def receive(self, incoming: Incoming) -> None:
        self.heard.append(incoming)

    async def hear(self, msg_id: str) -> Incoming:
        await self.emulator.acked(self.emulator.frame_of(msg_id))
        await self.chat.idle()
        return self.heard[-1]


def card(state: str = "open", *line: str | Mention) -> Post:
    return Post(GROUP, Message(line or ("A5",)), "zh", "card:alert:5", card=Card("alert:5", "A5", state))


def post(
    *line: str | Mention,
    place: Place = GROUP,
    key: str = "news:1",
    blocks: tuple[Items, ...] = (),
    answers: str = "",
) -> Post:
    return Post(place, Message(line, blocks=blocks), "zh", key, answers=answers)


CHART = Picture("chart.png", PNG, "剩余条数")


def with_picture(place: Place = GROUP, key: str = "news:1") -> Post:
    return Post(place, Message(("额度",), blocks=(Text(("剩余 38,200 条",)), CHART)), "zh", key)
