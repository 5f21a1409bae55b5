"""The whole path at Alibaba Cloud, told in each chat and in the demo: from no qualification to a test message that arrived.

After each step `path` names the one thing to say next; said as it stands, it leads on.
"""

import contextlib
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import pytest

from bot.contracts.model import Attachment
from integrations.sandbox import Sandbox, Seed
from tests.acceptance.both_chats import CHANNEL, GROUP, Chats, bot_in
from tests.acceptance.dialogue import without_defaults
from tests.acceptance.slack_story import read
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.made_files import png
from tests.stage import Stage, StageClock, stage

HOUR = timedelta(hours=1)
NAME, NUMBER, PHONE = "张埋名", "330106199001011234", "13812349876"
PERSONS = {
    "handler_phone": PHONE,
    "legal_name": NAME,
    "legal_id": NUMBER,
    "legal_id_dates": "2020-01-01~2040-01-01",
    "handler_name": NAME,
    "handler_id": NUMBER,
    "handler_id_dates": "2020-01-01~2040-01-01",
}
PAPERS = ("paper", "handler_front", "handler_back")
CODE = {"certify_code": PHONE[-6:]}
LETTER = {"owner_code": "91330106MA2SANDBX2", "letter_term": "2026-01-01~2027-12-31", "applicant": "速达科技有限公司"}
_NEXT = re.compile(r"(?:: next|：下一步) `?(?:/sms )?([^`\n]+)")
_LINK = re.compile(r"\[([^\]]*)\]\(dtmd:[^)]*\)")


class Told(Protocol):
    """Where the story is told."""

    chinese: bool

    async def say(self, text: str) -> str:
        """Say something where others read along, if there is such a place; everything that comes back."""

    async def give(self, *steps: tuple[Mapping[str, str], Sequence[str]]) -> str:
        """Give what the open question asks for, what is private among it: values and files, step by step."""

    async def later(self, span: timedelta) -> str:
        """What comes meanwhile."""


class InSlack:
    """Slash commands in a channel, and the form that opens."""

    chinese = False

    def __init__(self, chats: Chats, slack: Slack) -> None:
        self._chats, self._slack, self._read = chats, slack, 0

    async def say(self, text: str) -> str:
        await self._slack.acked(await self._slack.slash(text))
        return await self._news()

    async def give(self, *steps: tuple[Mapping[str, str], Sequence[str]]) -> str:
        values = {key: value for said, _ in steps for key, value in said.items()}
        files = {key: (self._slack.add_file("paper.png", png()),) for _, keys in steps for key in keys}
        view_id = next(one for one, view in self._slack.views.items() if "submit" in view)
        while "submit" in (view := self._slack.views.get(view_id, {})):
            asked = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
            filled = {key: value for key, value in values.items() if key in asked}
            given = {key: value for key, value in files.items() if key in asked}
            ack = await self._slack.acked(await self._slack.submit_view(view_id, filled, files=given))
            assert ack.get("response_action") != "errors", ack
            await self._chats.work()
        return await self._news()

    async def later(self, span: timedelta) -> str:
        await self._chats.pass_time(span)
        return await self._news()

    async def _news(self) -> str:
        for _ in range(2):
            await self._chats.work()
        fresh = self._slack.said(CHANNEL)[self._read :]
        self._read += len(fresh)
        return "\n".join(read(one) for one in fresh)


class InDingTalk:
    """Mentions in a group, and what is private one to one."""

    chinese = True

    def __init__(self, chats: Chats, dingtalk: DingTalkEmulator) -> None:
        self._chats, self._dingtalk, self._read = chats, dingtalk, 0

    async def say(self, text: str, *, group: str | None = GROUP) -> str:
        return await self._heard(await self._dingtalk.say(text, group=group))

    async def give(self, *steps: tuple[Mapping[str, str], Sequence[str]]) -> str:
        said = await self.say("修改 #1", group=None) if steps[0][0] is PERSONS else ""
        where = None if said else GROUP
        for values, files in steps:
            if values:
                await self.say("\n".join(f"{key}：{value}" for key, value in values.items()), group=where)
            for key in files:
                said = await self._heard(
                    await self._dingtalk.say_file(png(), f"{key}.png")
                    if where is None
                    else await self._dingtalk.say_rich("文件", png())
                )
        return said

    async def later(self, span: timedelta) -> str:
        await self._chats.pass_time(span)
        return self._news()

    async def _heard(self, message: str) -> str:
        await self._dingtalk.acked(self._dingtalk.frame_of(message))
        await self._chats.work()
        return self._news()

    def _news(self) -> str:
        fresh = self._dingtalk.shown[self._read :]
        self._read += len(fresh)
        return _LINK.sub(r"\1", "\n".join(f"{one.title}\n{one.text}" for one in fresh)).replace("∗", "*")


class InTheDemo:
    """Lines in the terminal, which asks one to one."""

    chinese = False

    def __init__(self, here: Stage) -> None:
        self._here = here

    async def say(self, text: str) -> str:
        return await self._here.say(text, can_ask=True)

    async def give(self, *steps: tuple[Mapping[str, str], Sequence[str]]) -> str:
        said = ""
        for values, files in steps:
            if values:
                said = await self.say("\n".join(f"{key}: {value}" for key, value in values.items()))
            for key in files:
                said = await self._here.say("", can_ask=True, files=(Attachment(f"{key}.png", png()),))
        return said

    async def later(self, span: timedelta) -> str:
        if span < HOUR:
            return await self._here.pass_time(span, step=span / 2)
        return await self._here.pass_time(24 * HOUR, step=3 * HOUR)  # reviewers keep their hours there


@contextlib.asynccontextmanager
async def told_in(chat: str, folder: Path) -> AsyncIterator[Told]:
    """One chat between people and an account in which nobody has begun anything."""
    clock, seed = StageClock(), Seed(begun=False)
    if chat == "demo":
        async with stage(folder, change=without_defaults, seed=seed) as here:
            yield InTheDemo(here)
        return
    async with (
        Sandbox(now=clock.now, limits=False, seed=seed) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as ding,
        bot_in(
            folder,
            slack if chat == "slack" else None,
            ding if chat == "dingtalk" else None,
            sandbox,
            clock,
            change=without_defaults,
        ) as chats,
    ):
        yield InSlack(chats, slack) if chat == "slack" else InDingTalk(chats, ding)
        assert not ding.complaints


@pytest.mark.parametrize("chat", ["slack", "dingtalk", "demo"])
async def test_from_no_qualification_to_a_message_that_arrived(tmp_path: Path, chat: str) -> None:
    async with told_in(chat, tmp_path) as told:

        def either(english: str, chinese: str) -> str:
            return chinese if told.chinese else english

        async def say(english: str, chinese: str) -> str:
            return await told.say(either(english, chinese))

        async def ahead() -> str:
            """What `path` says is next; nothing where somebody else has to do something."""
            said = await say("path 启明书店 aliyun", "路径 启明书店 阿里云")
            found = _NEXT.search(said)
            assert (
                found or either("Nothing to do but wait", "只需等待") in said or either("all done", "全部完成") in said
            )
            return found[1].strip() if found else ""

        assert await ahead() == either("qualification submit aliyun …", "资质 提交 aliyun …")
        await say(
            "qualification submit aliyun 启明资质 purpose=other company=启明书店有限公司 "
            "credit_code=91330106MA2SANDBX2 licence_dates=2020-01-01~2099-12-31",
            "资质 提交 阿里云 启明资质 用途=他用 企业全称=启明书店有限公司 信用代码=91330106MA2SANDBX2 "
            "证照有效期=2020-01-01~2099-12-31",
        )
        assert await ahead() == either("edit #1", "修改 #1")
        await told.give((PERSONS, PAPERS), (CODE, ()))
        assert await ahead() == ""
        ready = await told.later(24 * HOUR)
        reference = re.search(r"(?:qualification|资质)=(\d+)", ready)
        assert reference, ready

        assert await ahead() == either("sign submit aliyun 启明书店", "签名 提交 aliyun 启明书店")
        asked = await say(
            f"sign submit aliyun 启明书店 source=company purpose=other qualification={reference[1]} remark=读书会通知",
            f"签名 提交 阿里云 启明书店 来源=企业 用途=他用 资质={reference[1]} 说明=读书会通知",
        )
        assert "请输入文件路径" not in asked
        await told.give((LETTER, ("letter",)))
        assert await ahead() == ""
        assert either("China Telecom: filed", "中国电信：已报备") in await told.later(4 * HOUR)
        assert "启明书店" in await say("letter list", "委托书 列表")

        assert await ahead() == either("template submit aliyun …", "模板 提交 aliyun …")
        await say(
            'template submit aliyun 登录码 type=otp content="您的验证码是${code}，5分钟内有效。" sample.code=1234 sign=启明书店',
            '模板 提交 阿里云 登录码 类型=验证码 内容="您的验证码是${code}，5分钟内有效。" 示例.code=1234 签名=启明书店',
        )
        assert await ahead() == ""
        assert either("`send aliyun #3 …`", "发送 aliyun #3 …").strip("`") in await told.later(4 * HOUR)

        command = await ahead()
        number = "#3 138****1234 code=1234"
        assert command == either(f"send aliyun {number} sign=启明书店", f"发送 aliyun {number} 签名=启明书店")
        await told.say(command)
        await say("yes", "是")
        assert await ahead() == ""
        assert either("delivered through aliyun", "已送达 138****1234") in await told.later(timedelta(seconds=30))
        assert await ahead() == ""
        assert either("✅ delivered", "✅ 已送达") in await say("trace aliyun 1234", "追踪 阿里云 1234")
