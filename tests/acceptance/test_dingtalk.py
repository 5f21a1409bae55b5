"""Said in DingTalk, read in DingTalk: the whole program with the real SDK, against the service and the vendors on loopback."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import sqlite_utils

from bot.contracts.chat import Chat
from bot.contracts.message import Message
from bot.contracts.model import Place, State
from bot.contracts.settings import Settings
from bot.notices.audience import Audience
from bot.notices.compose import Composed
from bot.notices.operators import Operators
from bot.notices.outbox import Outbox
from bot.running.bot import Bot
from bot.running.chats import dingtalk
from bot.running.config import parse
from bot.running.demo import SAMPLE_PAPER, sandbox_config
from bot.running.doctor import examine
from bot.running.vendors import ACCOUNTS
from bot.store import claims, notices, requests
from bot.store.database import Database
from bot.store.notices import Notice
from bot.wording.language import languages
from integrations.dingtalk.client import DingTalk
from integrations.sandbox import Sandbox
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.dingtalk.team import Shown
from tests.made_files import picture, png
from tests.stage import StageClock, on_stage, rounds, stride, worked

GROUP = "cidGroupOne=="
PNG = png()


def without_papers(text: str) -> str:
    return text.replace(f'paper = "{SAMPLE_PAPER}", ', "")


def configuration(sandbox: Sandbox, emulator: DingTalkEmulator, folder: Path, change: Callable[[str], str]) -> Settings:
    return parse(configuration_text(sandbox, emulator, change), accounts=ACCOUNTS, environ={}, base=folder)


def configuration_text(sandbox: Sandbox, emulator: DingTalkEmulator, change: Callable[[str], str]) -> str:
    text = f"""{rounds(sandbox_config(sandbox, language="zh"), quota=900)}
[dingtalk]
client_id = "{emulator.client_id}"
client_secret = "{emulator.client_secret}"
api_base = "{emulator.url}"
oapi_base = "{emulator.url}"
allowed_webhook_hosts = ["{emulator.host}"]
[[conversation]]
platform = "dingtalk"
id = "{GROUP}"
language = "zh"
topics = ["alerts"]
[[person]]
name = "张三"
dingtalk = "manager4567"
role = "approver"
"""
    return change(text)


class Stage:
    """The program on a stage: time stands still until it is moved, and nothing sleeps."""

    def __init__(
        self, bot: Bot, chat: DingTalk, sandbox: Sandbox, emulator: DingTalkEmulator, clock: StageClock
    ) -> None:
        self.bot = bot
        self.chat = chat
        self.sandbox = sandbox
        self.emulator = emulator
        self.clock = clock

    async def said(self, text: str, *, user: str = "manager4567", group: str | None = GROUP) -> list[Shown]:
        """Say something and read what comes back."""
        start = len(self.emulator.shown)
        return await self.heard(await self.emulator.say(text, user, group), start)

    async def heard(self, msg_id: str, start: int) -> list[Shown]:
        await self.emulator.acked(self.emulator.frame_of(msg_id))
        await self.work()
        return self.emulator.shown[start:]

    async def work(self) -> None:
        await worked(self.bot, self.chat.idle, least=2)

    async def pass_time(self, span: timedelta) -> list[Shown]:
        start = len(self.emulator.shown)
        for _ in range(int(span / (step := stride(span)))):
            self.clock.move(step)
            await self.work()
        return self.emulator.shown[start:]

    async def states(self, *numbers: int) -> list[State]:
        def look(db: sqlite_utils.Database) -> list[State]:
            return [requests.get(db, number).state for number in numbers]

        return await self.bot.services.database.read(look)


@contextlib.asynccontextmanager
async def world() -> AsyncIterator[tuple[StageClock, Sandbox, DingTalkEmulator]]:
    """What is there without the program, and outlives it."""
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as emulator,
    ):
        yield clock, sandbox, emulator
        assert not emulator.complaints


@contextlib.asynccontextmanager
async def program(
    folder: Path,
    clock: StageClock,
    sandbox: Sandbox,
    emulator: DingTalkEmulator,
    change: Callable[[str], str] = lambda text: text,
) -> AsyncIterator[Stage]:
    settings = configuration(sandbox, emulator, folder, change)
    chat = dingtalk(settings, clock.now)

    def chats(_bot: Callable[[], Bot]) -> Sequence[Chat]:
        return (chat,)

    async with on_stage(settings, folder, sandbox, clock, chats, came=emulator.came, said=emulator.given_out) as bot:
        yield Stage(bot, chat, sandbox, emulator, clock)
    await emulator.until(lambda: emulator.connected == 0)


@contextlib.asynccontextmanager
async def stage(folder: Path, *, change: Callable[[str], str] = lambda text: text) -> AsyncIterator[Stage]:
    async with (
        world() as (clock, sandbox, emulator),
        program(folder, clock, sandbox, emulator, change) as s,
    ):
        yield s


async def test_a_batch_to_three_vendors_with_results_that_mention_the_submitter(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (card,) = await s.said("签名 提交 全部 速达物流 来源=企业")
        assert card.way == "webhook"
        assert card.title == "⏳ 签名 速达物流，3 家平台 · 张三"
        assert card.text.count("审核中") == 3
        assert "[状态 #1](dtmd://dingtalkclient/sendMessage?content=%E7%8A%B6%E6%80%81%20%231)" in card.text
        assert [len(s.sandbox.accepted(vendor)) for vendor in ("alibaba", "tencent", "ucloud")] == [1, 1, 1]

        early = await s.pass_time(timedelta(minutes=80))  # the webhook lives for 90
        assert [one.way for one in early] == ["webhook", "webhook"]
        assert all(one.mentions == ("manager4567",) and "@manager4567" in one.text for one in early)
        assert [one.title.split("）")[0] for one in early] == [
            "✅ #1 签名 速达物流（aliyun",
            "✅ #2 签名 速达物流（tencent",
        ]

        late = await s.pass_time(timedelta(minutes=100))
        decided = [one for one in late if "#3 签名 速达物流" in one.title]
        assert [one.way for one in decided] == ["group", "private"]
        assert [one.conversation for one in decided] == [GROUP, "manager4567"]
        assert "短信值班 里提到了你。" in decided[1].text
        assert (await s.states(3)) == [State.READY]


async def test_a_guided_dialogue_with_a_picture(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_papers) as s:
        (question,) = await s.said("签名 提交 ucloud 速达物流")
        assert "还差" in question.text
        assert "用途" in question.text or "来源" in question.text
        await s.said("来源：企业")
        start = len(s.emulator.shown)
        shown = await s.heard(await s.emulator.say_rich("", PNG), start)
        assert "审核中" in shown[-1].text, shown
        (accepted,) = s.sandbox.accepted("ucloud")
        assert accepted
        assert await s.states(1) == [State.IN_REVIEW]


async def test_a_picture_with_the_command(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_papers) as s:
        msg_id = await s.emulator.say_rich("@Signpost 签名 提交 ucloud 速达物流 来源=企业 用途=自用", PNG)
        shown = await s.heard(msg_id, 0)
        assert "审核中" in shown[-1].text, shown


async def test_a_picture_that_is_no_jpg_or_png_is_named_for_what_it_is(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_papers) as s:
        said = "@Signpost 签名 提交 ucloud 速达物流 来源=企业 用途=自用"
        shown = await s.heard(await s.emulator.say_rich(said, picture("WEBP")), 0)
        assert "picture-1 是 WebP 图片；请另存为 jpg、png 或 pdf。" in shown[-1].text
        start = len(s.emulator.shown)
        shown = await s.heard(await s.emulator.say_rich(said, PNG[:30]), start)
        assert "picture-1.png 已损坏或不完整（PNG 图片）；请重新保存或重新发送。" in shown[-1].text
        assert not s.sandbox.accepted("ucloud")


async def test_edit_and_delete_with_confirmation(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.said("签名 提交 阿里云 速达物流 来源=企业")
        await s.pass_time(timedelta(hours=5))
        (answer,) = await s.said("删除 #1")
        assert answer.mentions == ()
        assert await s.states(1) != [State.DELETED]
        assert "删除后无法恢复" in answer.text
        assert "`是` · `否`" in answer.text  # no links: a click could answer another question
        await s.said("是")
        assert await s.states(1) == [State.DELETED]


async def test_duplicates_and_redelivery_act_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        msg_id = await s.emulator.say("签名 提交 腾讯云 速达物流 来源=企业")
        await s.heard(msg_id, 0)
        seen = len(s.emulator.shown)
        for same_frame in (True, False):
            again = await s.emulator.redeliver(msg_id, same_frame=same_frame)
            await s.emulator.acked(again)
            await s.work()
        assert len(s.emulator.shown) == seen
        assert len(s.sandbox.accepted("tencent")) == 1


async def test_a_restart_in_the_middle_of_a_dialogue(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator):
        async with program(tmp_path, clock, sandbox, emulator) as s:
            (shown,) = await s.said("模板 提交 腾讯云")
            assert "还差 3 项" in shown.title
            start = len(emulator.shown)
            answer = await emulator.say("登录码")
            (shown,) = await s.heard(answer, start)
            assert "还差 2 项" in shown.title
        async with program(tmp_path, clock, sandbox, emulator) as s:
            start = len(emulator.shown)
            await emulator.acked(await emulator.redeliver(answer))  # it would be the answer to the next question now
            await s.work()
            assert emulator.shown[start:] == []
            (shown,) = await s.said("1")
            assert "还差 1 项" in shown.title
            assert "审核中" in (await s.said("您的验证码是${code}，5分钟内有效。"))[-1].text
            assert await s.states(1) == [State.IN_REVIEW]


async def test_sockets_that_end_in_every_way(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        for number, end in enumerate((s.emulator.disconnect, s.emulator.drop), start=2):
            await end()
            await s.emulator.until(lambda number=number: s.emulator.opened == number and s.emulator.connected == 1)
            assert "帮助" in (await s.said("帮助"))[0].text
        await s.emulator.garbage()
        assert await s.emulator.acked(await s.emulator.system("ping"))


async def test_who_is_served(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (shown,) = await s.said("状态", user="stranger", group="cidElsewhere==")
        assert 'platform = "dingtalk"' in shown.text
        assert "cidElsewhere==" in shown.text
        msg_id = await s.emulator.say("状态", "outsider", GROUP, corp="dingother")
        (shown,) = await s.heard(msg_id, len(s.emulator.shown))
        assert shown.title == "❌ 我只为本组织的成员服务。"
        (shown,) = await s.said("状态", group=None)
        assert shown.conversation == "manager4567"
        (shown,) = await s.said("状态", user="user0123", group=None)
        assert "user0123" in shown.text


async def test_several_people_fill_in_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        s.emulator.people["second"] = "王五"
        await s.said("模板 提交 腾讯云")
        await s.said("状态", user="user0123")
        (shown,) = await s.said("登录码")
        assert "还差" in shown.text
        assert "登录码" in shown.text


async def test_a_burst_of_notices_keeps_the_minute_and_loses_none(tmp_path: Path) -> None:
    clock = StageClock()
    async with DingTalkEmulator(now=lambda: clock.now().timestamp()) as emulator:
        chat = DingTalk(
            client_id=emulator.client_id,
            client_secret=emulator.client_secret,
            api_base=emulator.url,
            allowed_webhook_hosts=(emulator.host,),
            calls_a_second=10_000,  # of the machine's time, which does not stand still here
            now=clock.now,
        )
        async with Database(tmp_path / "record.db") as database:

            def compose(_db: sqlite_utils.Database, notice: Notice, _now: datetime) -> Composed:
                return Composed(Message((f"通知 {notice.subject}",)), "zh")

            def owe(db: sqlite_utils.Database) -> None:
                for number in range(200):
                    notices.owe(
                        db,
                        key=f"notice:{number}",
                        what="operator",
                        subject=f"N{number}",
                        place=Place("dingtalk", GROUP),
                        now=clock.now(),
                    )

            await database.write(owe)
            outbox = Outbox(
                database, {"dingtalk": chat}, compose, clock, Operators(Audience({})), languages("Asia/Shanghai")
            )
            began = clock.now()
            while await database.read(claims.next_due) is not None:
                await outbox.deliver()
                clock.move(timedelta(seconds=5))
            assert clock.now() - began < timedelta(minutes=15)  # notices have 16 of the 20
            assert await database.read(notices.counts) == {"sent": 200}
        await chat.stop()
        assert [one.text for one in emulator.shown] == [f"通知 N{number}" for number in range(200)]
        assert emulator.busiest_minute(GROUP) <= 20
        assert emulator.count("/accessToken") == 1
        assert emulator.count("/groupMessages/send") == 200  # no call was made only to be refused


async def test_doctor(tmp_path: Path) -> None:
    async with Sandbox(limits=False) as sandbox, DingTalkEmulator() as emulator:
        settings = configuration(sandbox, emulator, tmp_path, lambda text: text)
        lines: list[str] = []
        assert await examine(settings, lines.append) == 0
        assert "✓ dingtalk：可以建立 Stream 连接" in lines
        emulator.fail_next("/gateway/", status=400, body={"code": "robotNotPublished"})
        assert await examine(settings, lines.append) == 1
        assert any(line.startswith("✗ dingtalk：") and "Stream 模式" in line for line in lines)
        assert not any(secret in "\n".join(lines) for secret in emulator.secrets)


async def test_the_program_itself_starts_answers_and_stops(tmp_path: Path) -> None:
    async with Sandbox(limits=False) as sandbox, DingTalkEmulator() as emulator:
        config = tmp_path / "config.toml"
        config.write_text(configuration_text(sandbox, emulator, lambda text: text), encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-W", "error", "-m", "bot", "run", "--config", str(config), stderr=asyncio.subprocess.PIPE
        )
        try:
            await emulator.until(lambda: emulator.connected == 1, patience=30)
            await emulator.say("帮助")
            await emulator.until(lambda: len(emulator.shown) == 1, patience=30)
            began = time.monotonic()
            process.terminate()
            _, written = await asyncio.wait_for(process.communicate(), 10)
            assert time.monotonic() - began < 5
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        log = written.decode()
        assert process.returncode == 0, log
        assert "帮助" in emulator.shown[0].text
        assert "Warning" not in log
        assert not [secret for secret in emulator.secrets if secret in log]


async def test_nothing_is_left_behind(tmp_path: Path) -> None:
    before = asyncio.all_tasks()
    async with stage(tmp_path) as s:
        await s.said("帮助")
    left = [task for task in asyncio.all_tasks() - before if "RequestHandler" not in repr(task.get_coro())]
    assert not left
