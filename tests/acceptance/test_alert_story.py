"""A package drains: one alert in both chats, from the forecast with its picture until it resolves by itself (spec 4, 8).

Told once as it goes, and once with a kill in the middle of every step: what stands in the chats at the end is the same.
"""

import asyncio
import contextlib
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from bot.notices import pictures
from bot.notices.pictures import Draw
from bot.running import worker
from bot.wording import drawing
from integrations.sandbox import Sandbox, Seed
from tests.acceptance.both_chats import CHANNEL, DINGTALK, GROUP, PERSON, SLACK, ZHANG
from tests.acceptance.test_kill import House
from tests.acceptance.test_oncall import crew
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.dingtalk.team import Card
from tests.emulators.slack.server import Slack
from tests.stage import StageClock, undrawn

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DRAINING = Seed(alibaba_history=timedelta(days=365), alibaba_remaining=165_000)
"""A little more than three days of it, at the pace of the last weeks."""

Kill = Mapping[str, str]
"""Calls of the chats → whether each hangs `before` or `after` it was carried out, while the bot is killed."""

KILLS: Mapping[str, tuple[Kill, ...]] = {
    "opened": (
        {"chat.postMessage": "before", "/createAndDeliver": "before"},
        {"chat.postMessage": "after", "/createAndDeliver": "after"},
    ),
    "next": ({"chat.postMessage": "after", "/createAndDeliver": "after"},),
    "taken": ({"chat.update": "before"}, {"chat.update": "after"}),
    "snoozed": ({"chat.update": "after", "/card/instances": "after"},),
    "woken": ({"chat.postMessage": "before", "/groupMessages/send": "before"},),
    "taken again": ({"chat.postMessage": "after", "/groupMessages/send": "before"},),
    "gone": ({"chat.update": "before", "/card/instances": "before"},),
    "resolved": ({"chat.postMessage": "after", "/groupMessages/send": "before"},),
}


class World:
    """Both chats and the vendors, which stay when the bot does not."""

    def __init__(
        self,
        folder: Path,
        slack: Slack,
        dingtalk: DingTalkEmulator,
        sandbox: Sandbox,
        clock: StageClock,
        draw: Draw = undrawn,
    ) -> None:
        self.slack, self.dingtalk, self.sandbox, self.clock = slack, dingtalk, sandbox, clock
        self._draw = draw
        self._folder = folder
        self._life = AsyncExitStack()
        self.kills = 0

    async def start(self) -> None:
        """Start the bot on the record as it is."""
        folder = self._folder / f"life-{self.kills}"
        folder.mkdir(exist_ok=True)
        self.here = await self._life.enter_async_context(
            crew(folder, self.slack, self.dingtalk, self.sandbox, self.clock, draw=self._draw)
        )

    async def stop(self) -> None:
        await self._life.aclose()

    async def killed_over(self, kill: Kill, doing: Awaitable[object]) -> None:
        """Have calls hang while the bot does something, and go on in another life with what was on the disk by then.

        What the first life still writes goes to a file that nobody reads any more; what it still has to say is cancelled.
        """
        before = {call: self._calls(call) for call in kill}
        for call, when in kill.items():
            if "." in call:
                self.slack.fail_next(call, "hang_after" if when == "after" else "hang")
            else:
                self.dingtalk.fail_next(call, hang=True, hang_after=when == "after")
        task = asyncio.ensure_future(doing)
        for call in kill:
            if "." in call:
                await self.slack.until(lambda call=call: self._calls(call) > before[call])
            else:
                await self.dingtalk.until(lambda call=call: self._calls(call) > before[call])
        life = self._folder / f"life-{self.kills}"
        self.kills += 1
        after = self._folder / f"life-{self.kills}"
        after.mkdir()
        for file in life.glob("signpost.db*"):
            shutil.copy(file, after / file.name)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
        await self.stop()
        await self.start()

    def _calls(self, call: str) -> int:
        return self.slack.count(call) if "." in call else sum(call in one.path for one in self.dingtalk.calls)

    def cards(self) -> list[str]:
        """The cards of A1 in the channel; what was looked up there is shown to whoever asked."""
        return [str(one["text"]) for one in self.slack.said(CHANNEL) if _is_card(one)]

    def told(self) -> tuple[list[str], list[str]]:
        """What was told of A1 in the channel and in the group: of each the end of its first line, without the headline."""
        channel = [str(one["text"]) for one in self.slack.said(CHANNEL) if "thread_ts" in one and not _is_card(one)]
        group = [(one.title, one) for one in self.dingtalk.shown if one.conversation == GROUP]
        return [_news(one) for one in channel], [
            f"{one.way}: {_news(title if one.way == 'card' else one.text)}" for title, one in group
        ]

    def group_card(self) -> Card:
        return self.dingtalk.card("A1", GROUP)[1]


def _is_card(message: dict[str, object]) -> bool:
    metadata = message.get("metadata")
    return isinstance(metadata, dict) and str(metadata["event_payload"]["key"]).startswith("card:alert:1")


@asynccontextmanager
async def world(folder: Path, draw: Draw = undrawn) -> AsyncIterator[World]:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False, seed=DRAINING) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
    ):
        slack.groups["S0DUTY"] = []
        slack.scopes += ",usergroups:write"
        w = World(folder, slack, dingtalk, sandbox, clock, draw)
        await w.start()
        try:
            yield w
        finally:
            await w.stop()
        assert not slack.refused
        assert not dingtalk.complaints


def _news(text: str) -> str:
    """The end of the first line, without the headline and its figures."""
    return text.split("\n")[0].rpartition(" · ")[2]


async def played(w: World, kills: Mapping[str, tuple[Kill, ...]]) -> dict[str, tuple[str, str, str]]:
    """The story; returns what the cards said after each step."""
    seen: dict[str, tuple[str, str, str]] = {}

    async def step(name: str, what: Callable[[], Awaitable[object]]) -> None:
        async def done() -> None:
            await what()
            await w.here.both.work()

        doing: Callable[[], Awaitable[object]] = done
        for kill in kills.get(name, ()):
            await w.killed_over(kill, doing())
            doing = w.here.both.work
        await doing()
        (card,) = w.cards()
        seen[name] = (card, w.group_card().values["title"], w.group_card().values["body"])
        w.clock.move(MINUTE)

    async def passes(span: timedelta) -> None:
        w.clock.move(span)

    async def press() -> None:
        await w.dingtalk.press(w.dingtalk.card("A1", GROUP)[0], {"action": "ack", "id": "A1"}, ZHANG)

    await w.here.say("stats aliyun 7d")
    w.sandbox.drain("alibaba", 25_000)
    await step("opened", lambda: passes(HOUR))
    await step("next", lambda: passes(15 * MINUTE))
    await step("taken", press)
    await step("snoozed", lambda: w.here.say("snooze A1 1h"))
    await step("woken", lambda: passes(HOUR))
    await step("taken again", lambda: w.here.say("ack A1 buying 500k"))
    w.sandbox.top_up("alibaba", 500_000)
    await step("gone", lambda: passes(HOUR))
    await step("resolved", lambda: passes(10 * MINUTE))
    return seen


CHANNEL_TOLD = [
    "Still open: now also <@U0BOB>.",
    "Acknowledged by 李伟.",
    "Snoozed by Li Wei until today 11:48.",
    "The snooze is over, and it is still so: open again.",
    "Acknowledged by Li Wei.",
    "Resolved by itself: the condition is gone. Open for 2 h 32 min. At the pace of late it lasts 13 days.",
]
GROUP_TOLD = [
    "group: Li Wei 已暂缓至今天 11:48。",  # the press stands on the card
    "group: 暂缓时间已到，情况仍在：重新打开。",
    "group: Li Wei 已认领。",
    "group: 自动关闭：情况已恢复。持续 2 小时 32 分。按近期用量可用 13 天。",
]
WHY = [
    "today 10:30 · alert opened: told after 0 s",
    "today 10:46 · escalated to 李伟, nobody had taken it for 16 min: told after 0 s",
    "today 10:47 · alert acknowledged by 李伟: held back, its card says it",
    "today 10:48 · alert snoozed until today 11:48 by Li Wei: told after 0 s",
    "today 11:16 to 11:46 · 2 repeats: held back, snoozed by Li Wei",
    "today 11:49 · snooze over: told after 0 s",
    "today 11:50 · alert acknowledged by Li Wei “buying 500k”: told after 0 s",
    "today 12:19 to 12:49 · 2 repeats: held back, acknowledged by Li Wei",
    "today 12:51 · card brought up to date: card changed after 0 s",
    "today 13:02 · alert resolved: told after 0 s",
]


async def test_ten_kills_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "STOP_SECONDS", 0.0)
    lives = []
    for name, kills in (("whole", {}), ("killed", KILLS)):
        (tmp_path / name).mkdir()
        async with world(tmp_path / name) as w:
            lives.append(await played(w, kills))
            assert w.kills == sum(map(len, kills.values()))
            channel, group = w.told()
            assert channel == CHANNEL_TOLD
            assert [one for one in group if one.startswith("group")] == GROUP_TOLD
            assert len(group) - len(GROUP_TOLD) == 2  # the card, and the one that calls the next: only cards mention
            why = (await w.here.say("why A1")).split("\n")
            assert [line.removeprefix("• ")[: len(said)] for line, said in zip(why[2:], WHY, strict=False)] == WHY
            assert len(why) == 2 + len(WHY) + 1
    whole, killed = lives
    assert whole == killed
    marks = [(card[0], title[0]) for card, title, _ in whole.values()]
    assert marks == [(mark, mark) for mark in "🟠🟠🟡🟡🟠🟡🟡🟢"]
    assert "on call: <@U0ALICE>\n" in whole["opened"][0]
    assert "on call: <@U0ALICE>, <@U0BOB>\n" in whole["next"][0]
    assert "Acknowledged by 李伟" in whole["taken"][0]
    assert "Gone since today 12:51. It closes by itself today 13:01" in whole["gone"][0]
    assert "今天 12:51 起已恢复" in whole["gone"][2]


async def test_the_card_brings_the_burn_down_in_both_chats_and_keeps_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "DRAW_SECONDS", 60.0)  # however busy the machine is
    async with world(tmp_path, drawing.png) as w:
        await w.here.say("stats aliyun 7d")
        w.sandbox.drain("alibaba", 25_000)
        w.clock.move(HOUR)
        await w.here.both.work()
        (card,) = (one for one in w.slack.said(CHANNEL) if _is_card(one))
        (picture,) = (one for one in w.slack.said(CHANNEL) if "files" in one and "what is expected" in one["text"])
        assert picture["thread_ts"] == card["ts"]
        body = w.group_card().values["body"]
        (media,) = (name for name in w.dingtalk.media if f"![]({name})" in body)
        assert w.dingtalk.media[media].startswith(b"\x89PNG")
        assert body.index(media) < body.index("认领 A1")

        answer = await w.dingtalk.press(w.dingtalk.card("A1", GROUP)[0], {"action": "ack", "id": "A1"}, ZHANG)
        assert media in answer["cardData"]["cardParamMap"]["body"]  # the same one, and nothing is drawn for a press
        await w.here.both.work()
        assert media in w.group_card().values["body"]
        w.sandbox.top_up("alibaba", 500_000)
        for span in (HOUR, 11 * MINUTE):
            w.clock.move(span)
            await w.here.both.work()
        assert w.group_card().values["state"] == "resolved"
        assert "![](" not in w.group_card().values["body"]


@pytest.mark.timeout(300)
async def test_a_real_process_is_killed_over_the_card_and_over_its_edit(tmp_path: Path) -> None:
    async with Sandbox(limits=False) as sandbox, Slack() as slack, DingTalkEmulator() as dingtalk:
        house = House(sandbox, tmp_path)
        config = tmp_path / "config.toml"
        chats = SLACK.replace("SLACK_URL", slack.base_url)
        chats += DINGTALK.replace("DINGTALK_URL", dingtalk.url).replace("DINGTALK_HOST", dingtalk.host)
        poor = '[[rule]]\nname = "poor"\nmetric = "balance"\naccount = "ucloud"\nbelow = 1000000\n'
        config.write_text(config.read_text() + chats + PERSON + poor)

        def cards() -> list[str]:
            return [str(one["text"]) for one in slack.said(CHANNEL) if _is_card(one)]

        try:
            slack.fail_next("chat.postMessage", "hang_after")
            dingtalk.fail_next("/createAndDeliver", hang_after=True)
            process = await house.run()
            await house.until(
                lambda: len(cards()) == 1 and "A1" in {one.values["id"] for one in dingtalk.cards.values()}
            )
            await house.kill(process)

            process = await house.run()
            sent = "SELECT 1 FROM notices WHERE what = 'card' AND state = 'sent'"
            await house.until(lambda: len(house.rows(sent)) >= 2)
            slack.fail_next("chat.update", "hang")
            updates = slack.count("chat.update")
            await dingtalk.press(dingtalk.card("A1", GROUP)[0], {"action": "ack", "id": "A1"}, ZHANG)
            await slack.until(lambda: slack.count("chat.update") > updates)
            await house.kill(process)

            process = await house.run()
            await house.until(lambda: "Acknowledged by alice" in cards()[0])
            await house.terminate(process)
        finally:
            await house.close()
        assert len(cards()) == 1
        assert [one.way for one in dingtalk.shown] == ["card"]
        assert [row["state"] for row in house.rows("SELECT state FROM alerts")] == ["acknowledged"]
        assert not slack.refused
