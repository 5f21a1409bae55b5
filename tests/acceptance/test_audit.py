"""What the auditor finds, as operators read it: told once in the chat, and in `health` as long as it is so."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.model import Place
from bot.store import notices
from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import CHANNEL, GROUP, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.stage import StageClock, stage

MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("language", "told", "stands"),
    [
        ("en", "The account of messages does not come out", ("the account of messages: ", " owed; ", "1 is missing")),
        ("zh", "消息数对不上", ("消息核对：应发 ", "少了 1 条")),
    ],
)
async def test_a_notice_that_vanished_is_told_once_and_stands_in_health(
    tmp_path: Path, language: str, told: str, stands: tuple[str, ...]
) -> None:
    async with stage(tmp_path, language=language) as here:
        place = Place("slack", "C0GONE")  # no such chat here: it waits

        def owe_and_lose(db: Any) -> None:
            notices.owe(db, key="a", what="news", subject="request:1", place=place, now=here.clock.now())
            db.execute("DELETE FROM notices WHERE key = 'a'")

        await here.bot.services.database.write(owe_and_lose)
        assert told in await here.pass_time(MINUTE, step=MINUTE)
        assert told not in await here.pass_time(5 * MINUTE, step=MINUTE)
        health = await here.say("health")
        assert all(part in health for part in stands), health


async def test_a_group_that_takes_nothing_is_told_to_the_operators_elsewhere(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(tmp_path, slack, dingtalk, sandbox, clock) as chats,
    ):
        await chats.work()
        dingtalk.spent = True
        now = clock.now()
        await chats.bot.services.database.write(
            lambda db: notices.owe(
                db,
                key="x",
                what="caution",
                subject="dingtalk",
                place=Place("dingtalk", GROUP),
                now=now,
                data={name: {"en": "Read this", "zh": "请看"} for name in ("title", "text")},
            )
        )
        for _ in range(20):
            clock.move(MINUTE)
            await chats.work()
        (said,) = [str(one["text"]) for one in slack.said(CHANNEL) if "waits for" in str(one["text"])]
        assert said.startswith(f"⚠️ 1 message waits for {GROUP} (DingTalk) since today 09:30")
        assert "the month's allowance of calls is spent" in said
        assert "What waits is kept" in said
        failing = {one.name: one.why for one in chats.bot.services.status.failing()}
        assert "本月接口次数已用完" in failing[f"queue:dingtalk:{GROUP}"].zh
