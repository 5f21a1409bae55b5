"""Commands as DingTalk's clients bring them, read by the whole program with the real SDK."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.contracts.model import State
from tests.acceptance.test_dingtalk import PNG, Stage, stage, without_papers

SUBMIT = "签名 提交 全部 速达物流 来源=企业"


async def parts_said(s: Stage, *parts: str | Mapping[str, Any], group: str | None = "cidGroupOne==") -> Sequence[str]:
    start = len(s.emulator.shown)
    return [one.text for one in await s.heard(await s.emulator.say_parts(*parts, group=group), start)]


async def text_said(s: Stage, content: str) -> Sequence[str]:
    start = len(s.emulator.shown)
    msg_id = await s.emulator.say_raw("text", text={"content": content})
    return [one.text for one in await s.heard(msg_id, start)]


async def test_a_command_is_read_however_the_robot_is_mentioned(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (submitted,) = await parts_said(s, "@Signpost", SUBMIT)
        assert submitted.count("审核中") == 3
        wanted, every = [shown.text for command in ("状态 #1", "状态") for shown in await s.said(command)]
        for content in ("@Signpost状态 #1", "状态 #1 @Signpost", "@SMS助手状态 #1"):
            assert await text_said(s, content) == [wanted], content
        for parts in (
            ("@Signpost", "状态"),
            ("@SMS 助手 ", "状态"),
            ("@SMS 助手", "状态"),
            ("@张三 ", "@Signpost ", "状态"),
            ("@Signpost状态",),
            ("@Signpost", "/sms 状态"),
        ):
            assert await parts_said(s, *parts) == [every], parts
        s.clock.move(timedelta(minutes=2))  # a minute has room for 20 messages
        for content in (
            "@张三 @Signpost 状态",
            "@Signpost状态",
            "@SMS 助手 状态",
            "@Signpost\u2005状态",
            "＠Signpost\u00a0状态",
            "@Signpost: status",
            "@Signpost, status",
            "@Signpost：状态",
            "状态 @Signpost",
        ):
            assert await text_said(s, content) == [every], content
        assert [len(s.sandbox.accepted(vendor)) for vendor in ("alibaba", "tencent", "ucloud")] == [1, 1, 1]


async def test_one_to_one_the_name_may_be_repeated_too(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (shown,) = await parts_said(s, "@Signpost", "帮助", group=None)
        assert "帮助" in shown


async def test_what_is_not_to_be_done_is_not_done(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.said(SUBMIT)
        (shown,) = await text_said(s, "@Signpost 不要 删除 #1")
        assert "没看懂“不要 删除 #1”" in shown
        assert "无法恢复" not in shown


async def test_text_picture_text(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_papers) as s:
        picture = {"type": "picture", "downloadCode": s.emulator.picture(PNG)}
        shown = await parts_said(s, "签名 提交 ucloud 图片科技", picture, "来源=企业 用途=自用")
        assert "图片科技" in shown[-1]
        assert "审核中" in shown[-1], shown
        assert await s.states(1) == [State.IN_REVIEW]


async def test_an_answer_in_a_dialogue(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_papers) as s:
        (question,) = await parts_said(s, "@SMS 助手 ", "签名 提交 ucloud 速达物流")
        assert "还差" in question
        await parts_said(s, "@SMS 助手 ", "来源：企业")
        file = {"type": "file", "downloadCode": s.emulator.picture(PNG), "fileName": "执照.png"}
        shown = await parts_said(s, "@SMS 助手 ", file)
        assert "审核中" in shown[-1], shown


async def test_speech_and_what_cannot_be_read(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        spoken = {"downloadCode": "a", "duration": 900, "recognition": "帮助。"}
        msg_id = await s.emulator.say_raw("audio", group=None, content=spoken)
        (shown,) = await s.heard(msg_id, 0)
        assert "签名 提交" in shown.text
        start = len(s.emulator.shown)
        (shown,) = await s.heard(await s.emulator.say_raw("chatRecord", content={"chatRecord": "[]"}), start)
        assert shown.title == "❌ 这种消息我读不了"
