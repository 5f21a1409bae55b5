"""`send` and `trace`: a test message is asked about, sent once, and followed to its receipt, whatever gets lost."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.sent import SendState
from bot.store import sends
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.both_chats import CHANNEL, GROUP, ZHANG, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.pushed import Pushing, pushing
from tests.stage import Stage, StageClock, stage

NUMBER = "13800001234"
TEMPLATE = (
    'template submit {to} 取件通知 type=notice content="您的包裹运费${{fee}}元，已到${{place}}，请及时领取。" '
    "remark=通知"
)
"""Alibaba's account signs with `sign`, the others when a message is sent."""
SEND = "send {to} 取件通知 1234 fee=12 place=驿站 sign=速达科技"
SENDS = {"aliyun": "SendSms", "tencent": "SendSms", "ucloud": "SendUSMSMessage"}
VENDORS = {"aliyun": "alibaba", "tencent": "tencent", "ucloud": "ucloud"}
SECONDS = timedelta(seconds=10)

each = pytest.mark.parametrize("account", list(VENDORS))


async def ready(s: Stage, account: str = "aliyun") -> None:
    """An approved template."""
    signed = " sign=速达科技 kind.fee=money" if account == "aliyun" else ""
    await s.say(TEMPLATE.format(to=account) + signed)
    s.sandbox.approve(VENDORS[account], "取件通知", "template")  # type: ignore[arg-type]
    await s.pass_time(timedelta(minutes=20))


async def told(s: Stage, span: timedelta = timedelta(minutes=1)) -> str:
    return await s.pass_time(span, step=SECONDS)


async def state(s: Stage, number: int = 1) -> SendState:
    return (await s.bot.services.database.read(lambda db: sends.get(db, number))).state


@each
async def test_it_is_asked_about_sent_and_followed(tmp_path: Path, account: str) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s, account)
        asked = await s.say(SEND.format(to=account))
        assert f"T1: send 取件通知 to 138****1234 through {account}? 1 part" in asked
        assert "【速达科技】您的包裹运费12元，已到驿站，请及时领取。" in asked
        assert s.sandbox.sent == []

        assert "T1 to 138****1234: on its way" in await s.say("yes")
        assert f"✅ T1 to 138****1234 delivered through {account} · after 8 s @submitter" in await told(s)
        assert [one.text for one in s.sandbox.sent] == ["【速达科技】您的包裹运费12元，已到驿站，请及时领取。"]
        assert await s.pass_time(timedelta(hours=1), step=timedelta(minutes=30)) == ""

        traced = await s.say(f"trace {account} {NUMBER}")
        assert f"138****1234 at {account}: 1 message, today" in traced
        assert "取件通知  ✅ delivered" in traced


CANNOT = (
    (
        "send aliyun 取件通知 13900000000 fee=1 place=x",
        "139****0000 is no test number of aliyun; I write to nobody else.",
    ),
    ("send aliyun 取件通知 1234", "Without a value: fee, place."),
    ("send aliyun 取件通知 1234 sign=速达科技", "place=滨江区江南大道1号 sign=速达科技`"),
    ("send aliyun 取件通知", "Without a value: fee, place."),  # there is one test number
    ("send T9", "There is no test message T9 here."),
    ("trace T9", "There is no test message T9 here."),
    (
        "send aliyun 取件通知 1234 fee=12345 place=x extra=1",
        "取件通知 has no variable extra; it has: fee, place.",
    ),
    ("send aliyun 取件通知 1234 fee=abc place=x", "fee is declared as money, and “abc” is none."),
    ("send aliyun 取件通知 1234 fee=12 place=www.a.example", "place carries a link"),
    ("send aliyun 取件通知 1234 fee=12 place=东\u200b门", "place has U+200B (zero width space) at position 2"),
    ("send aliyun 取件通知 1234 fee=12 place=⻔口", "place has U+2ED4 (cjk radical c-simplified gate) at position 1"),
    ("send aliyun 取件通知 1234 fee=12 Place=东门 place=西门", "Place is said twice, with two values"),
    ("send aliyun 没有这个 1234", "aliyun has no template “没有这个” that I know of."),
    ("send aliyun #1 12", "**** is no test number of aliyun"),
    ("send aliyun #1 99991234", "****1234 is no test number"),
    ("send 取件通知 13800001234 fee=12 place=x", "Which account? aliyun, tencent, ucloud."),
    ("trace aliyun 138", "138 is no whole number."),
    ("trace aliyun 13900000000 2020-01-01", "“2020-01-01” is no day that can be asked about."),
)
"""What is typed → what is said; there is one test number, and one template of two variables at one account."""


async def test_what_cannot_be_sent_is_said_with_what_can(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s)
        for typed, said in CANNOT:
            answer = await s.say(typed)
            assert said in answer, typed
            assert "Next: `" in answer, typed
            assert NUMBER not in answer.partition("Next: ")[0], typed
        assert s.sandbox.sent == []


async def test_a_number_in_its_text_is_not_shown(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await s.say('template submit aliyun 呼叫 type=notice content="请致电${tel}取件" sign=速达科技 remark=x')
        s.sandbox.approve("alibaba", "呼叫", "template")
        await s.pass_time(timedelta(minutes=20))
        assert "请致电139****5678取件" in await s.say("send aliyun 呼叫 1234 tel=13912345678")
        await s.say("yes")
        await told(s)
        assert [one.text for one in s.sandbox.sent] == ["【速达科技】请致电13912345678取件"]


async def test_what_is_not_ready_is_not_sent(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await s.say(TEMPLATE.format(to="aliyun") + " sign=速达科技")
        assert "#1 取件通知 cannot be sent yet at aliyun: in review." in await s.say(SEND.format(to="aliyun"))


async def test_a_template_made_in_the_console_goes_by_its_id(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s)
        ref = (await s.request(1)).vendor_ref
        async with stage(tmp_path / "other", sandbox=s.sandbox, clock=s.clock) as other:
            said = await other.say(f"send aliyun {ref} 1234 fee=12 place=驿站 confirm")
            assert "T1 to 138****1234: on its way" in said
            assert "delivered" in await told(other)


async def test_no_means_no_and_confirm_is_the_answer_in_advance(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s)
        await s.say(SEND.format(to="aliyun"))
        assert "Nothing was sent." in await s.say("no")
        assert "T1, 取件通知 to 138****1234 through aliyun: not sent" in await s.say("send T1")
        assert "on its way" in await s.say(SEND.format(to="aliyun") + " confirm")
        await told(s)
        assert len(s.sandbox.sent) == 1


@pytest.mark.also_refusing
async def test_a_yes_counts_once_however_often_and_in_whichever_way_it_is_said(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s)
        await s.say(SEND.format(to="aliyun"))
        for _ in range(3):
            assert "T1" in await s.say("send T1")
        assert "T1" not in await s.say("yes")
        await told(s)
        assert len(s.sandbox.sent) == 1
        assert "T1 to 138****1234 delivered through aliyun" in await s.say("trace T1")

        await s.say(SEND.format(to="aliyun"))
        s.clock.move(timedelta(days=2))
        assert "T2 was asked about too long ago; say it again." in await s.say("send T2")
        assert len(s.sandbox.sent) == 1


async def test_the_path_ends_with_a_message_that_arrived(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s, "tencent")
        await s.say(SEND.format(to="tencent"))
        await s.say("no")  # what nobody said yes to is no test
        assert "`send tencent #1 138****1234 fee=99.00 place=滨江区江南大道1号 sign=速达科技`" in await s.say(
            "path tencent"
        )
        await s.say("send tencent #1 138****1234 fee=12 place=驿站 confirm")
        await told(s)
        assert "all done, a test message arrived" in await s.say("path tencent")


async def test_a_delivery_of_the_chat_that_comes_twice_is_one_message(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s)
        for _ in range(3):
            await s.say(SEND.format(to="aliyun") + " confirm", origin="the very same")
        await told(s)
        assert len(s.sandbox.sent) == 1


async def test_variables_that_are_called_like_our_own_keys(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await s.say('template submit tencent 通知 type=notice content="${name}您好，${Type}由${sign}寄出。"')
        s.sandbox.approve("tencent", "通知", "template")
        await s.pass_time(timedelta(minutes=20))
        await s.say('send tencent 通知 1234 name=张三 Type="两 件" value.sign=速达 sign=速达科技')
        await s.say("yes")
        assert [one.text for one in s.sandbox.sent] == ["【速达科技】张三您好，两 件由速达寄出。"]


@pytest.mark.parametrize(
    ("account", "codes"),
    [
        (
            "aliyun",
            {"PORT_NOT_REGISTERED": "the signature is not filed with this carrier", "XA:0099": "code XA:0099"},
        ),
        ("tencent", {"MBBLACK": "the number is on a blacklist"}),
        ("ucloud", {"DI:9432": "more than one a minute to this number"}),
    ],
)
async def test_a_failure_is_told_in_words(tmp_path: Path, account: str, codes: dict[str, str]) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s, account)
        for number, (code, says) in enumerate(codes.items(), 1):
            s.sandbox.carrier(NUMBER, code)
            await s.say(SEND.format(to=account) + " confirm")
            said = await told(s)
            assert f"❌ T{number} to 138****1234 not delivered through {account}: {says}" in said
            assert f"Code `{code}`" in said
        traced = await s.say(f"trace {account} 1234")
        for says in codes.values():
            assert says in traced


async def test_the_filing_of_the_very_signature(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await s.say(
            'sign submit aliyun 速达物流 source=company purpose=self usage=general remark="通知，https://suda.example"'
        )
        s.sandbox.approve("alibaba", "速达物流")
        await s.say(TEMPLATE.format(to="aliyun") + " sign=速达科技")
        s.sandbox.approve("alibaba", "取件通知", "template")
        await s.pass_time(timedelta(minutes=20))
        s.sandbox.carrier(NUMBER, "PORT_NOT_REGISTERED")
        await s.say("send aliyun 取件通知 1234 fee=12 place=驿站 sign=速达物流 confirm")
        assert "Next: `show #1` · `trace aliyun 138****1234`" in await told(s)


async def test_what_the_vendor_does_not_take_is_told_with_its_words(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s)
        s.sandbox.faults.next(
            "alibaba", Fault.ANSWER, "SendSms", code="isv.BUSINESS_LIMIT_CONTROL", text="触发小时级流控 13800001234"
        )
        said = await s.say(SEND.format(to="aliyun") + " confirm")
        assert "❌ T1 to 138****1234 not sent: aliyun did not take it" in said
        assert "触发小时级流控 138****1234" in said
        assert "isv.BUSINESS_LIMIT_CONTROL" in said
        assert "Next: `send aliyun 取件通知 138****1234 fee=12 place=驿站 sign=速达科技`" in said


async def test_an_empty_package_is_an_alert_at_the_first_word_of_it(tmp_path: Path) -> None:
    """No operation of UCloud's tells what is left: this is the first sign (facts 4.2)."""
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s, "ucloud")
        s.sandbox.faults.next("ucloud", Fault.ANSWER, "SendUSMSMessage", code="18013", text="余额不足")
        said = await s.say(SEND.format(to="ucloud") + " confirm") + await told(s)
        assert "T1 to 138****1234 not sent: ucloud did not take it" in said
        assert "ucloud: nothing is left to send with" in said
        await s.say(SEND.format(to="ucloud") + " confirm")
        assert "ucloud: nothing is left to send with · Resolved by itself" in await s.pass_time(timedelta(minutes=30))


async def test_a_silence_is_told_once_and_a_late_receipt_too(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s)
        s.sandbox.carrier(NUMBER, "-")
        await s.say(SEND.format(to="aliyun") + " confirm")
        assert "aliyun took it" in await told(s)
        said = await s.pass_time(timedelta(hours=14), step=timedelta(hours=2))
        assert said.count("T1 to 138****1234: no receipt through aliyun") == 1
        assert "T1" not in await s.pass_time(timedelta(hours=70), step=timedelta(hours=35))


async def test_what_may_come_in_its_way_is_said_before(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await s.say('template submit tencent 大促 type=promo content="全场${n}折，拒收请回复R"')
        s.sandbox.approve("tencent", "大促", "template")
        await s.pass_time(timedelta(minutes=20))
        assert "⚠️ T1: send 大促" in await s.say("send tencent 大促 1234 n=8")
        for _ in range(2):
            await s.say("send tencent 大促 1234 n=8 confirm")
            await s.pass_time(timedelta(minutes=2))
        asked = await s.say("send tencent 大促 1234 n=8")
        assert "tencent usually lets 2 to one number through in 1 day; I have sent 2 there." in asked
        assert "China time only" not in asked

        s.clock.move(timedelta(hours=13))
        assert "tencent sends marketing between 8:00 and 22:00 China time only." in await s.say(
            "send tencent 大促 1234 n=8"
        )

        await s.say('template submit tencent 登录 type=otp content="您的验证码是${code}，5分钟内有效。"')
        s.sandbox.approve("tencent", "登录", "template")
        await s.pass_time(timedelta(hours=13))
        assert "code “abc”: A code is 4 to 6 digits." in await s.say("send tencent 登录 1234 code=abc")
        assert "A code is" not in await s.say("send tencent 登录 1234 code=1234")


async def test_a_vendor_that_does_not_answer_is_not_taken_for_no_message(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        s.sandbox.faults.next("alibaba", Fault.HTTP_500, "QuerySendDetails", times=50)
        said = await s.say(f"trace aliyun {NUMBER}")
        assert "⚠️ 138****1234 at aliyun: nothing is known now" in said
        assert "aliyun did not answer (" in said
        assert "no message" not in said


# --- Lost answers --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("account", ["aliyun", "tencent"])
async def test_a_lost_answer_is_looked_up_and_nothing_is_sent_twice(tmp_path: Path, account: str) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s, account)
        s.sandbox.faults.next(VENDORS[account], Fault.RESET_AFTER, SENDS[account])  # type: ignore[arg-type]
        said = await s.say(SEND.format(to=account) + " confirm") + await told(s)
        assert f"T1 to 138****1234 at {account}: unknown" in said
        assert "will not send it twice" in said
        assert f"T1 to 138****1234 delivered through {account}" in said

        s.sandbox.faults.next(VENDORS[account], Fault.RESET_BEFORE, SENDS[account])  # type: ignore[arg-type]
        said = await s.say(SEND.format(to=account) + " confirm") + await told(s, timedelta(minutes=6))
        assert f"T2 to 138****1234 was never sent: {account} does not have it" in said
        assert len(s.sandbox.sent) == 1
        assert s.calls(VENDORS[account], SENDS[account]) == 2


async def test_what_could_be_either_of_two_stays_unknown(tmp_path: Path) -> None:
    """Tencent's records have no mark of ours: another program wrote to the same number in those minutes."""
    async with stage(tmp_path, auto_review=False) as s:
        await ready(s, "tencent")
        s.sandbox.faults.next("tencent", Fault.RESET_AFTER, "SendSms")
        ref = (await s.request(1)).vendor_ref
        s.sandbox._phones.take("tencent", "2640:1", NUMBER, "速达科技", ref, "x", "")
        await s.say(SEND.format(to="tencent") + " confirm")
        await told(s, timedelta(minutes=6))
        assert await state(s) is SendState.UNKNOWN
        assert s.calls("tencent", "SendSms") == 1


@pytest.mark.also_refusing
async def test_a_pushed_receipt_settles_what_nobody_can_look_up(tmp_path: Path) -> None:
    async with pushing(tmp_path) as p:
        await ready(p.stage, "ucloud")
        p.stage.sandbox.faults.next("ucloud", Fault.RESET_AFTER, "SendUSMSMessage")
        said = await p.stage.say(SEND.format(to="ucloud") + " confirm") + await told(p.stage, timedelta(minutes=3))
        assert "T1 to 138****1234 at ucloud: unknown" in said
        assert "a pushed receipt settles it by itself" in said
        assert await state(p.stage) is SendState.UNKNOWN
        assert "T1 to 138****1234 delivered through ucloud" in await p.push()
        assert len(p.stage.sandbox.sent) == 1


@each
async def test_a_pushed_receipt_needs_no_question_and_may_come_twice(tmp_path: Path, account: str) -> None:
    async with pushing(tmp_path) as p:
        await ready(p.stage, account)
        p.stage.sandbox.carrier(NUMBER, "EXPIRED")
        await p.stage.say(SEND.format(to=account) + " confirm")
        p.stage.clock.move(timedelta(seconds=9))
        assert "T1 to 138****1234 not delivered" in await p.push()
        body = posted(p)
        for _ in range(2):
            assert (await p.client.post(p.path(account, "report"), content=body)).status_code == 200
        assert await told(p.stage, timedelta(minutes=5)) == ""


def posted(p: Pushing) -> bytes:
    """The last body that was pushed."""
    return json.dumps(p.stage.sandbox._postman.posted[-1].letter.body).encode()


# --- Both chats ----------------------------------------------------------------------------------------------------------


def topics(text: str) -> str:
    return text.replace('topics = ["alerts"]', 'topics = ["alerts", "replies"]')


async def test_a_button_in_either_chat_and_no_number_is_kept_anywhere_else(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(tmp_path, slack, dingtalk, sandbox, clock, change=topics) as both,
    ):

        async def said_in_slack(text: str) -> str:
            await slack.acked(await slack.mention(text))
            await both.work()
            return "\n".join(one["text"] for one in slack.said(CHANNEL))

        async def said_in_dingtalk(text: str) -> str:
            await dingtalk.acked(dingtalk.frame_of(await dingtalk.say(text)))
            await both.work()
            return "\n".join(dingtalk.texts(GROUP))

        await said_in_slack(TEMPLATE.format(to="all") + " sign=速达科技")
        await both.pass_time(timedelta(hours=6))
        await said_in_slack(SEND.format(to="aliyun").replace("1234 fee", f"{NUMBER} fee"))
        question = next(one for one in slack.said(CHANNEL) if "T1: send" in one["text"])
        for _ in range(2):  # somebody presses twice
            await slack.acked(await slack.press("Send it", question))
        await both.work()
        assert question["text"].startswith("T1, 取件通知 to 138****1234 through aliyun: confirmed")
        clock.move(SECONDS)
        await both.work()
        clock.move(SECONDS)
        await both.work()
        assert "T1 to 138****1234 delivered through aliyun" in "\n".join(one["text"] for one in slack.said(CHANNEL))

        await said_in_dingtalk(f"发送 腾讯云 取件通知 {NUMBER} fee=12 place=驿站 签名=速达科技")
        track, card = dingtalk.card("T2", GROUP)
        assert (card.values["state"], "【速达科技】您的包裹" in card.values["body"]) == ("sending", True)
        await dingtalk.press(track, {"action": "send", "id": "T2"}, ZHANG)
        await both.work()
        assert card.values["state"] != "sending"  # nothing to press any more
        for _ in range(3):
            clock.move(SECONDS)
            await both.work()
        everything = await said_in_dingtalk(f"追踪 腾讯云 {NUMBER}")
        assert "T2 已送达" in everything
        await said_in_slack(f"sned aliyun 取件通知 {NUMBER} fee=12 place=x")
        await said_in_slack(f"send 取件通知 {NUMBER}")
        assert len(sandbox.sent) == 2


async def test_in_chinese(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh", auto_review=False) as s:
        await ready(s)
        piped = await s.say("发送 阿里云 取件通知 1234 fee=12 place=驿站")
        assert piped.endswith("下一步：`发送 T1` · `发送 T1 放弃`\n")  # whole commands, where nothing is answered
        assert "没有发送。" in await s.say("发送 T1 放弃")
        asked = await s.say("发送 阿里云 取件通知 1234 fee=12 place=驿站", can_ask=True)
        assert "T2：通过 aliyun 向 138****1234 发送 取件通知？" in asked
        assert "`是` · `否` · `发送 T2`" in asked
        assert "测试短信 T2 正在发往 138****1234" in await s.say("是")
        assert "T2 已送达 138****1234（aliyun） · 用时 8 秒" in await told(s)
        assert "✅ 已送达" in await s.say("追踪 aliyun 1234 今天")
