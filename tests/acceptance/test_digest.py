"""The daily digest: told at its hour in each conversation that hears of it, in its language, once; and whenever it is asked for."""

from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import CHANNEL, GROUP, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.stage import StageClock, stage

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def of_tencent(text: str) -> str:
    """The sandbox's other accounts run out within a day."""
    return text.replace("topics = [", 'accounts = ["tencent"]\ntopics = [')


def hearing(text: str) -> str:
    return text.replace('topics = ["alerts"', 'topics = ["digest"')


async def test_the_day_is_told_at_its_hour_and_whoever_asks_reads_it_before(tmp_path: Path) -> None:
    clock = StageClock()  # half past nine: the first one comes tomorrow
    async with Sandbox(now=clock.now, auto_review=False) as sandbox:
        async with stage(tmp_path, sandbox=sandbox, clock=clock, change=of_tencent) as here:
            said = await here.say("subscribe digest")
            assert "Subscribed to digest" in said
            assert "The next digest comes here tomorrow 09:00." in said
            assert "The next digest comes here tomorrow 09:00." in await here.say("settings")
            assert "No daily digest was due here yet." in await here.say("why digest")
            await here.say("sign submit tencent 速达物流 source=company")
            said = await here.say("digest")
            assert "⏳ 1 thing waits\n" in said
            assert "#1 signature 速达物流 at tencent: in review since today 09:30, expected today 11:30" in said
            await here.pass_time(23 * HOUR, step=23 * HOUR)
        clock.move(HOUR)  # away at the hour
        async with stage(tmp_path, sandbox=sandbox, clock=clock, change=of_tencent) as here:
            start = here.written()
            await here.work()
            said = here.read(start)
            assert (
                "⚠️ 1 thing waits, 1 overdue, 1 alert open\nOverdue\n• #1 signature 速达物流 at tencent: expected since"
                in said
            )
            said = await here.say("why digest")
            assert "2026-11-24 the daily digest · owed today 09:30, told after 0 s" in said
            assert "Told because that conversation hears of `digest`." in said
        async with stage(tmp_path, sandbox=sandbox, clock=clock, change=of_tencent) as here:
            assert await here.pass_time(MINUTE) == ""


@pytest.mark.also_refusing
async def test_a_day_without_anything_to_say_is_passed_over(tmp_path: Path) -> None:
    async with stage(tmp_path, change=lambda text: of_tencent(hearing(text)), language="zh") as here:
        said = await here.pass_time(24 * HOUR, step=12 * HOUR)
        assert said == ""
        said = await here.say("为何 日报")
        assert said.strip() == "2026-11-24 日报 · 今天 09:30 应发，未发，没有等待或变化的事项，额度充足 · 本会话"
        assert "✅ 没有事在等\n" in await here.say("日报")


async def test_each_chat_is_told_in_its_language_what_is_spoken_of_there(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(
            tmp_path,
            slack,
            dingtalk,
            sandbox,
            clock,
            change=lambda text: hearing(text).replace('language = "zh"\n', 'language = "zh"\naccounts = ["tencent"]\n'),
        ) as both,
    ):
        await slack.acked(await slack.mention("sign submit aliyun,tencent 速达物流 source=company", "U0ALICE"))
        await both.work()
        await both.pass_time(23 * HOUR)
        before = len(slack.said(CHANNEL))
        await both.pass_time(HOUR)
        (told,) = [str(one["text"]) for one in slack.said(CHANNEL)[before:] if "Changed since" in str(one["text"])]
        assert "• ✅ ready: #2 速达物流 (tencent), #1 速达物流 (aliyun)" in told
        assert "aliyun" in told.partition("Quota")[2]
        (told,) = [text for text in dingtalk.texts(GROUP) if "以来的变化" in text]
        assert "可用：#2 速达物流（tencent）" in told
        assert "aliyun" not in told
    assert not slack.refused
    assert not dingtalk.complaints
