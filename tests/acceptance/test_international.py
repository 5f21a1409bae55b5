"""What is for numbers abroad, from the chat: at Tencent Cloud from the template to a message that arrived, in each chat."""

from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import CHANNEL, GROUP, bot_in
from tests.acceptance.dialogue import without_defaults
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.stage import StageClock, stage

SECONDS = timedelta(seconds=10)
TEMPLATE = 'content="Your verification code is ${code}, valid for 5 minutes." sample.code=1234'


@pytest.mark.parametrize("chat", ["slack", "dingtalk"])
async def test_an_international_template_at_tencent_from_the_chat_to_the_phone(tmp_path: Path, chat: str) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(tmp_path, slack, dingtalk, sandbox, clock) as both,
    ):

        async def say(english: str, chinese: str) -> str:
            """What is there after something was said in this chat, in its language."""
            if chat == "slack":
                await slack.acked(await slack.mention(english))
            else:
                await dingtalk.acked(dingtalk.frame_of(await dingtalk.say(chinese)))
            await both.work()
            return there()

        def there() -> str:
            if chat == "slack":
                return "\n".join(one["text"] for one in slack.said(CHANNEL))
            cards = [one.values for one in dingtalk.cards.values()]
            shown = "\n".join([*dingtalk.texts(GROUP), *(f"{one['title']} {one['body']}" for one in cards)])
            return shown.replace("∗", "*")

        submitted = await say(
            f"template submit tencent LoginCode type=otp international=true {TEMPLATE} remark=login",
            f"模板 提交 腾讯云 LoginCode 类型=验证码 国际=是 {TEMPLATE} 说明=登录",
        )
        assert ("international template LoginCode" if chat == "slack" else "国际模板 LoginCode") in submitted
        await both.pass_time(timedelta(hours=4))
        assert ("LoginCode approved by tencent: ready" if chat == "slack" else "已通过，可用") in there()

        wrong = await say("send tencent LoginCode 1234 code=271828", "发送 腾讯云 LoginCode 1234 code=271828")
        assert ("is in mainland China" if chat == "slack" else "是境内号码") in wrong
        asked = await say("send tencent LoginCode code=271828", "发送 腾讯云 LoginCode code=271828")
        assert "4477****0123" in asked
        assert ("priced by the country" if chat == "slack" else "按国家/地区计价") in asked
        await say("send T1", "发送 T1")
        for _ in range(3):
            clock.move(SECONDS)
            await both.work()
        assert ("T1 to 4477****0123 delivered through tencent" if chat == "slack" else "T1 已送达") in there()
        assert [(one.number, one.text) for one in sandbox.sent] == [
            ("+447700900123", "Your verification code is 271828, valid for 5 minutes.")
        ]
        assert "447700900123" not in there()


async def test_a_template_of_the_console_for_abroad_goes_by_its_id(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        text = "Order ${no} waits at ${place} until ${day}, then ${place} is closed."
        await s.say(f'template submit tencent Parcel type=notice international=true content="{text}" remark=parcels')
        ref = (await s.request(1)).vendor_ref
        s.sandbox.approve("tencent", ref, "template")
        async with stage(tmp_path / "other", sandbox=s.sandbox, clock=s.clock) as other:
            assert "it has: v1, v2, v3" in await other.say(f"send tencent {ref} no=1")
            said = await other.say(f"send tencent {ref} v3=Friday v1=A1 v2=desk confirm")
            assert "T1 to 4477****0123: on its way" in said
            await other.pass_time(timedelta(minutes=1), step=SECONDS)
            assert [one.text for one in s.sandbox.sent] == ["Order A1 waits at desk until Friday, then desk is closed."]


async def test_the_one_that_is_for_both_says_so_and_the_others_are_submitted(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say("sign submit all Sudago source=company international=true")
        assert "has no signatures of their own for numbers abroad" in " ".join(said.split())
        assert "aliyun: draft, not sent" in said
        assert "tencent: in review" in said
        assert not s.calls("alibaba", "CreateSmsSign")

        await s.pass_time(timedelta(hours=1))
        s.sandbox.reject("ucloud", (await s.request(3)).vendor_ref, "no", "signature")
        await s.pass_time(timedelta(hours=4))
        assert "ucloud never changes `international` of a signature" in await s.say("edit #3 international=false")


async def test_each_site_of_tencent_has_rules_of_its_own(tmp_path: Path) -> None:
    asked = "check sign tencent Sudago source=website qualification=8563"
    async with stage(tmp_path / "domestic") as s:
        assert "tencent would not take it" in await s.say(asked)

    def abroad(text: str) -> str:
        return without_defaults(text).replace('vendor = "tencent"', 'vendor = "tencent"\nsite = "international"')

    async with stage(tmp_path / "international", change=abroad) as s:
        assert "nothing wrong so far at tencent" in await s.say(asked.replace(" qualification=8563", ""))
        assert "has no qualifications" in await s.say("qualification submit tencent 速达")
