"""`settings`: what holds in a conversation, and the language that it is spoken to in."""

from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox
from tests.acceptance import test_dingtalk as dingtalk
from tests.stage import StageClock, stage


async def test_what_holds_here_is_said_without_secrets(tmp_path: Path) -> None:
    def change(text: str) -> str:
        return text.replace("[poll]", '[policy]\nsecond_person = ["delete", "promo"]\n\n[poll]')

    async with stage(tmp_path, change=change) as s:
        said = await s.say("settings")
        for line in (
            "Language: English",
            "Accounts: aliyun, tencent, ucloud",
            "What you may do: admin",
            "Told here, alerts: all accounts",
            "Waits for a second person: deletions, marketing templates",
            "where this is `terminal`, `demo`",
        ):
            assert line in said
        assert "secret" not in said.casefold()


async def test_the_language_is_changed_for_answers_and_for_what_is_told_and_stays_over_a_restart(
    tmp_path: Path,
) -> None:
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            await s.say("sign submit aliyun 速达物流 source=company")
            assert "✅ 本会话此后使用中文" in await s.say("settings language=zh")
            assert "签名 速达物流（aliyun）" in await s.say("status")
            assert "`设置 语言=…`" in await s.say("设置")
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            assert "✅ #1 签名 速达物流（aliyun）已通过" in await s.pass_time(timedelta(hours=2))
            assert "English" in await s.say("设置 语言=英文")
            assert "Nothing here" not in await s.say("设置 语言=火星文")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("设置", "未单独列名的人"),
        ("设置 语言=en", "❌ 你在这里不能执行 `设置 语言=…`：需要 **管理员** 权限。"),
    ],
)
async def test_everybody_may_look_and_admins_change_it(tmp_path: Path, text: str, says: str) -> None:
    async with dingtalk.stage(tmp_path) as s:
        (said,) = await s.said(text, user="user8888")
        assert says in said.text
