"""`why`: asked in both chats, of an alert, a request, a message; told from the record, over restarts too."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.model import Place
from bot.store import notices
from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import ALICE, CHANNEL, GROUP, ZHANG, Chats, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.given import left_at
from tests.stage import StageClock, stage

MINUTE = timedelta(minutes=1)

CREW = f"""
[[person]]
name = "mei"
slack = "{ALICE}"
role = "admin"
[[person]]
name = "bo"
slack = "U0BOB"
dingtalk = "{ZHANG}"
role = "admin"
[[oncall]]
name = "primary"
rotation = ["mei"]
every = "7d"
start = 2026-11-23T09:00:00+08:00
[[escalation]]
after = "0m"
notify = ["conversation", "oncall:primary"]
[[escalation]]
after = "15m"
notify = ["person:bo"]
"""


class Crew:
    """The bot, both chats and the time."""

    def __init__(self, chats: Chats, slack: Slack, dingtalk: DingTalkEmulator, clock: StageClock) -> None:
        self.chats, self.slack, self.dingtalk, self.clock = chats, slack, dingtalk, clock

    async def in_slack(self, text: str, **how: Any) -> str:
        before = len(self.slack.said(CHANNEL))
        await self.slack.acked(await self.slack.mention(text, **how))
        await self.chats.work()
        return "\n".join(str(one["text"]) for one in self.slack.said(CHANNEL)[before:])

    async def in_dingtalk(self, text: str) -> str:
        before = len(self.dingtalk.texts())
        await self.dingtalk.say(text)
        await self.chats.work()
        return "\n".join(self.dingtalk.texts()[before:])

    async def pass_by(self, span: timedelta) -> None:
        left = span
        while left > timedelta(0):
            self.clock.move(min(MINUTE, left))
            left -= MINUTE
            await self.chats.work()

    async def an_alert(self) -> dict[str, Any]:
        """A package is nearly empty; returns the card in Slack."""
        readings = [one.remaining for one in await left_at(self.chats.bot.services.vendors["aliyun"]) if one.total]
        self.chats.sandbox.drain("alibaba", int(sum(readings)) - 18_000)
        for _ in range(70):
            await self.pass_by(MINUTE)
            if found := [one for one in self.slack.said(CHANNEL) if "A1 aliyun" in str(one["text"])]:
                return found[0]
        raise AssertionError("no alert opened")


def line_with(answer: str, what: str) -> str:
    (line,) = [line for line in answer.splitlines() if what in line]
    return line


@pytest.fixture
async def crew(tmp_path: Path) -> AsyncIterator[Crew]:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
    ):
        async with bot_in(tmp_path, slack, dingtalk, sandbox, clock, CREW) as chats:
            yield Crew(chats, slack, dingtalk, clock)
        assert not slack.refused
        assert not dingtalk.complaints


async def test_why_an_alert_was_told_escalated_and_held_back(crew: Crew) -> None:
    await crew.in_dingtalk("帮助")  # so that the group's title is known
    await crew.an_alert()
    await crew.pass_by(20 * MINUTE)
    await crew.in_slack("ack A1 buying 500k")
    await crew.pass_by(90 * MINUTE)

    answer = await crew.in_slack("why A1")
    first = answer.splitlines()[0]
    assert "A1 aliyun" in first
    assert "by rule quota-low (default)" in first
    assert "opened today 10:" in first
    opened = line_with(answer, "alert opened")
    assert "told after" in opened
    assert "here" in opened
    assert "DingTalk 短信值班" in opened
    assert "escalated to bo, nobody had taken it for 15 min: told after" in answer
    assert "alert acknowledged by mei “buying 500k”: " in answer
    held = line_with(answer, "repeats: ")
    assert held.endswith("repeats: held back, acknowledged by mei")
    assert " to " in held

    answer = await crew.in_dingtalk("为何 A1")
    assert "（默认）" in answer.splitlines()[0]
    assert "本会话" in line_with(answer, "告警产生")
    assert "Slack #sms" in line_with(answer, "告警产生")
    assert "次重复提醒：未发，mei 已认领" in answer
    assert "已升级通知 bo，15 分钟无人认领" in answer


async def test_why_a_message_by_its_address_its_stamp_its_key_its_thread_or_the_last_one(crew: Crew) -> None:
    card = await crew.an_alert()
    stamp = str(card["ts"])
    address = f"https://home.slack.com/archives/{CHANNEL}/p{stamp.replace('.', '')}"
    for text in (
        f"<{address}>",
        f"<{address}?thread_ts={stamp}&cid={CHANNEL}>",
        stamp,
        f"card:alert:1:slack:{CHANNEL}",
    ):
        answer = await crew.in_slack(f"why {text}")
        assert answer.startswith("A1 alert opened · owed today 09:"), text
        assert "told after" in answer.splitlines()[0]
        assert answer.splitlines()[0].endswith(" · here")
        assert "that conversation hears of alerts at aliyun" in answer
    assert "A1 告警产生" in (await crew.in_dingtalk(f"为何 {address}")).replace("**", "")

    await crew.pass_by(20 * MINUTE)  # escalated: a message in the thread, and the card changed
    assert (await crew.in_slack("why")).startswith("A1 escalated to bo")
    assert (await crew.in_slack("why", thread=stamp)).startswith("A1 in one message that was changed 1 time, here")
    assert "A1 已升级通知 bo" in (await crew.in_dingtalk("为什么")).replace("**", "")


async def test_why_a_request_was_told(crew: Crew) -> None:
    await crew.in_dingtalk("签名 提交 阿里云 速达物流 来源=企业名称 备注=“订单与配送通知，https://suda.example”")
    await crew.pass_by(timedelta(hours=3))
    answer = await crew.in_dingtalk("为何 #1")
    assert "#1 签名 速达物流（aliyun）" in answer.splitlines()[0]
    assert "共 " in answer.splitlines()[0]
    assert "本会话" in line_with(answer, "已通过，尚不可用")
    elsewhere = await crew.in_slack("why #1")  # its topics are alerts alone
    assert "#1 signature 速达物流 at aliyun" in elsewhere.splitlines()[0]
    assert "Nothing of it was told here, for this conversation does not hear of reviews at aliyun." in elsewhere
    assert "subscribe reviews aliyun" in elsewhere


async def test_what_is_not_there_or_not_for_here_is_said_with_what_to_do(crew: Crew) -> None:
    assert "There is no alert A7 here." in await crew.in_slack("why A7")
    assert "There is no #9 here." in await crew.in_slack("why #9")
    answer = await crew.in_slack("why 1700000000.000100")
    assert "I sent no message “1700000000.000100”" in answer
    assert "address of a message" in answer
    assert "Nothing was told here yet" in await crew.in_slack("why")
    assert "这里除了答复还没有发过消息" in await crew.in_dingtalk("为何")
    now = crew.clock.now()
    hidden = Place("slack", "C0ELSE")
    await crew.chats.bot.services.database.write(
        lambda db: notices.owe(db, key="other", what="handover", subject="oncall:x", place=hidden, now=now)
    )
    assert "I sent no message “other”" in await crew.in_slack("why other")


async def test_of_many_at_once_each_says_with_how_many_it_was_told(crew: Crew) -> None:
    database, now = crew.chats.bot.services.database, crew.clock.now()
    await crew.in_dingtalk("签名 提交 阿里云 速达物流 来源=企业名称 备注=“订单与配送通知，https://suda.example”")
    here = Place("dingtalk", GROUP)
    told = {"news": "word", "state": "in_review", "reason": "", "action": "create", "word": "AUDIT"}

    def flood(db: Any) -> None:
        for number in range(20):
            key = f"news:1:{number}"
            notices.owe(db, key=key, what="news", subject="request:1", place=here, now=now, data=told)

    await database.write(flood)
    await crew.chats.work()
    answer = await crew.in_dingtalk("为何 #1")
    assert "其中合并发出 20 条" in answer.splitlines()[0]
    row = await database.read(lambda db: next(db.query("SELECT message_id FROM notices WHERE merged <> '' LIMIT 1")))
    answer = await crew.in_dingtalk(f"为何 {row['message_id']}")
    assert "更新过" not in answer
    assert "与另外 19 条合并成一条消息" in answer


async def test_a_long_story_is_read_page_by_page(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        readings = [one.remaining for one in await left_at(here.bot.services.vendors["aliyun"]) if one.total]
        here.sandbox.drain("alibaba", int(sum(readings)) - 18_000)
        await here.pass_time(timedelta(hours=1), step=timedelta(minutes=30))
        for _ in range(11):
            for text in ("ack A1", "unack A1"):
                await here.say(text)
                await here.pass_time(MINUTE)
        first = await here.say("why A1")
        assert "page 1 of 2" in first
        assert "alert opened" in first
        last = await here.say("why A1 page=2")
        assert "alert opened" not in last
        assert "page 2 of 2" in last
        assert "There is no page 9" in await here.say("why A1 page=9")
        story = await here.say("history A1")
        assert "History of A1" in story
        assert "A1 alert acknowledged · submitter" in story
        assert "There is no alert A9 here" in await here.say("history A9")


async def test_what_waits_for_the_quiet_hours_says_so(tmp_path: Path) -> None:
    quiet = '\n[alerts]\nquiet_hours = "09:00-17:00"\n'
    async with stage(
        tmp_path, change=lambda text: text.replace("\n[alerts]\n", quiet) if "[alerts]" in text else text + quiet
    ) as here:
        readings = [one.remaining for one in await left_at(here.bot.services.vendors["aliyun"]) if one.total]
        here.sandbox.drain("alibaba", int(sum(readings)) - 18_000)
        await here.pass_time(timedelta(hours=2), step=timedelta(minutes=10))
        answer = await here.say("why A1")
        assert "held back until the quiet hours are over" in answer
        assert "Nothing of it was told here so far." in answer
        row = await here.bot.services.database.read(
            lambda db: next(db.query("SELECT data FROM events WHERE what = 'alert-opened'"))
        )
        assert json.loads(row["data"])["waits"] == "quiet hours"
