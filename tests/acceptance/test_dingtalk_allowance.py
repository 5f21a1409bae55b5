"""The month's calls of DingTalk near their end: operators hear of it once, what is critical and what was asked goes on."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.contracts.model import Place
from bot.store import kept, notices
from bot.store.database import Database
from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import CHANNEL, GROUP, Chats, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

SAID = {name: {"en": "Read this", "zh": "请看这里"} for name in ("title", "text")}


class Month:
    """The bot in both chats, with so many calls made this month."""

    def __init__(self, chats: Chats, slack: Slack, dingtalk: DingTalkEmulator, clock: StageClock) -> None:
        self.chats, self.slack, self.dingtalk, self.clock = chats, slack, dingtalk, clock

    async def owe(self, key: str, urgency: int = notices.USUALLY, subject: str = "x") -> None:
        now, place = self.clock.now(), Place("dingtalk", GROUP)

        def store(db: Any) -> None:
            notices.owe(db, key=key, what="caution", subject=subject, place=place, now=now, data=SAID, urgency=urgency)

        await self.chats.bot.services.database.write(store)
        await self.chats.work()

    async def pass_by(self, span: timedelta, step: timedelta = timedelta(minutes=1)) -> None:
        left = span
        while left > timedelta(0):
            self.clock.move(min(step, left))
            left -= step
            await self.chats.work()

    def in_group(self) -> list[str]:
        return self.dingtalk.texts()

    def in_slack(self) -> list[str]:
        return [str(one["text"]) for one in self.slack.said(CHANNEL)]


@asynccontextmanager
async def month(folder: Path, made: int) -> AsyncIterator[Month]:
    clock = StageClock()
    async with Database(folder / "signpost.db") as database:
        await database.write(lambda db: kept.put(db, "dingtalk", "calls:2026-11", str(made), clock.now()))
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(
            folder,
            slack,
            dingtalk,
            sandbox,
            clock,
            change=lambda text: text.replace("[dingtalk]", "[dingtalk]\nmonthly_calls = 100").replace(
                'topics = ["alerts"]', 'topics = ["alerts", "operator"]', 1
            ),
        ) as chats,
    ):
        yield Month(chats, slack, dingtalk, clock)


async def test_at_eighty_percent_operators_are_told_once_a_month(tmp_path: Path) -> None:
    async with month(tmp_path, 79) as m:
        await m.pass_by(timedelta(minutes=3))
        assert not m.in_slack()
        await m.owe("one more")  # a call
        await m.pass_by(timedelta(minutes=5))
        (told,) = m.in_slack()
        assert told.startswith("⚠️ 80 of about 100 DingTalk calls of this month are used")
        assert "The last 5 % are kept for critical alerts and answers: from 95 on" in told
        assert "monthly_calls" in told
        await m.slack.acked(await m.slack.slash("health"))
        await m.chats.work()
        assert "80 of about 100 calls this month" in m.in_slack()[-1]


async def test_the_end_is_kept_for_the_critical_and_for_answers(tmp_path: Path) -> None:
    async with month(tmp_path, 95) as m:
        await m.owe("news")
        await m.pass_by(timedelta(minutes=2))
        assert not [text for text in m.in_group() if "请看这里" in text]
        assert any("kept for critical alerts and answers" in text for text in m.in_slack())

        await m.owe("critical", notices.URGENT, "y")
        assert len([text for text in m.in_group() if "请看这里" in text]) == 1
        await m.owe("worse", notices.URGENT)  # what was owed about the same thing goes before it
        assert len([text for text in m.in_group() if "请看这里" in text]) == 3
        await m.owe("later", subject="z")
        assert len([text for text in m.in_group() if "请看这里" in text]) == 3

        await m.dingtalk.say("健康")
        await m.chats.work()
        assert any("留给严重告警和答复" in text or "kept for critical" in text for text in m.in_group())
        # Somebody spoke: the webhook costs nothing, so that what waited is told too.
        await m.pass_by(timedelta(minutes=12))
        assert len([text for text in m.in_group() if "请看这里" in text]) == 4
