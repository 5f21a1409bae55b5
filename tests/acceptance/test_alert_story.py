"""A package drains: one alert in both chats, from the forecast with its picture until it resolves by itself (spec 4, 8)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from bot.notices.pictures import Draw
from bot.wording import drawing
from integrations.sandbox import Sandbox, Seed
from tests.acceptance.both_chats import CHANNEL, GROUP, ZHANG
from tests.acceptance.test_oncall import Crew, crew
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.dingtalk.team import Card
from tests.emulators.slack.server import Slack
from tests.stage import StageClock, undrawn

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DRAINING = Seed(alibaba_history=timedelta(days=365), alibaba_remaining=140_000)
"""Not quite three days of it, at the pace of the last weeks."""


class World:
    """Both chats and the vendors, which stay when the bot does not."""

    def __init__(self, folder: Path, slack: Slack, dingtalk: DingTalkEmulator, sandbox: Sandbox, clock: StageClock):
        self.folder, self.slack, self.dingtalk, self.sandbox, self.clock = folder, slack, dingtalk, sandbox, clock

    @asynccontextmanager
    async def bot(self, draw: Draw = undrawn) -> AsyncIterator[Crew]:
        async with crew(self.folder, self.slack, self.dingtalk, self.sandbox, self.clock, draw=draw) as here:
            yield here

    def cards(self) -> list[str]:
        """The cards of A1 in the channel; what was looked up there is shown to whoever asked."""
        return [str(one["text"]) for one in self.slack.said(CHANNEL) if _is_card(one)]

    def story(self) -> list[str]:
        """What was told in the card's thread: the first line of each, from the alert's headline on."""
        said = [
            str(one["text"]) for one in self.slack.said(CHANNEL) if "thread_ts" in one and "A1 aliyun" in one["text"]
        ]
        return [one.split("\n")[0].rpartition(" · ")[2] for one in said]

    def group_card(self) -> Card:
        return self.dingtalk.card("A1", GROUP)[1]


def _is_card(message: dict[str, object]) -> bool:
    metadata = message.get("metadata")
    return isinstance(metadata, dict) and str(metadata["event_payload"]["key"]).startswith("card:alert:1")


@asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False, seed=DRAINING) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
    ):
        slack.groups["S0DUTY"] = []
        slack.scopes += ",usergroups:write"
        yield World(folder, slack, dingtalk, sandbox, clock)
        assert not slack.refused
        assert not dingtalk.complaints


async def opened(w: World, here: Crew) -> None:
    """What was sent is known, and hours pass until the forecast crosses the lead time."""
    await here.say("stats aliyun 7d")
    for _ in range(4):
        w.clock.move(HOUR)
        await here.both.work()
        if w.cards():
            return
    raise AssertionError("no alert")


async def test_the_card_brings_the_burn_down_in_both_chats_and_keeps_it(tmp_path: Path) -> None:
    async with world(tmp_path) as w, w.bot(drawing.png) as here:
        await opened(w, here)
        (card,) = (one for one in w.slack.said(CHANNEL) if _is_card(one))
        (picture,) = (one for one in w.slack.said(CHANNEL) if "files" in one and "what is expected" in one["text"])
        assert picture["thread_ts"] == card["ts"]
        body = w.group_card().values["body"]
        (media,) = (name for name in w.dingtalk.media if f"![]({name})" in body)
        assert w.dingtalk.media[media].startswith(b"\x89PNG")
        assert body.index(media) < body.index("认领 A1")

        answer = await w.dingtalk.press(w.dingtalk.card("A1", GROUP)[0], {"action": "ack", "id": "A1"}, ZHANG)
        assert media in answer["cardData"]["cardParamMap"]["body"]  # the same one, and nothing is drawn for a press
        await here.both.work()
        assert media in w.group_card().values["body"]
        w.sandbox.top_up("alibaba", 500_000)
        for _ in range(8):
            w.clock.move(HOUR / 3)
            await here.both.work()
        assert w.group_card().values["state"] == "resolved"
        assert "![](" not in w.group_card().values["body"]
