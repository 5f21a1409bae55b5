"""An account at Alibaba Cloud's international site: Go China in its console, messages to the mainland and abroad from here."""

from datetime import timedelta
from pathlib import Path

from bot.contracts.model import State
from integrations.sandbox import Fault
from tests.stage import Stage, stage

SECONDS = timedelta(seconds=10)
TEXT = "您的验证码是${code}，5分钟内有效。"


def with_site(text: str) -> str:
    """The configuration with one more account, at the other site."""
    head, sign, rest = text.partition('[[account]]\nname = "tencent"')
    own = head[head.index('[[account]]\nname = "aliyun"') :].split("defaults =")[0]
    return head + own.replace('"aliyun"', '"intl"').replace('"intl"', '"intl"\nsite = "international"') + sign + rest


async def passed(s: Stage) -> str:
    return await s.pass_time(timedelta(minutes=1), step=SECONDS)


async def test_go_china_from_the_console_to_a_phone_in_the_mainland(tmp_path: Path) -> None:
    async with stage(tmp_path, change=with_site, auto_review=False) as s:
        steps = await s.say("sign submit intl 速达国际 source=company link=https://suda.example")
        assert "Go China signature 速达国际" in steps
        assert "To be copied there:" in steps
        assert "https://suda.example" in steps
        assert "neither withdrawn nor changed" in steps
        await s.say("settle #1 approved id=GC1")
        kept = await s.say(f'template submit intl 登录码 type=otp content="{TEXT}"')
        assert TEXT in kept
        assert "Without" not in await s.say("settle #2 approved")
        assert (await s.request(2)).state is State.READY

        unknown = await s.say("send intl 登录码 code=1234")
        assert "What intl calls #2 登录码 is not known here" in unknown
        assert "登录码 approved by intl: ready" in await s.say("settle #2 approved id=SMS_10245001")
        assert (await s.request(2)).vendor_ref == "SMS_10245001"
        asked = await s.say("send intl 登录码 code=1234")
        assert "T1: send 登录码 to 138****1234 through intl? 1 part\n" in asked
        assert "【速达国际】您的验证码是1234，5分钟内有效。" in asked
        await s.say("send T1")
        assert "T1 to 138****1234 delivered through intl" in await passed(s)
        assert [one.text for one in s.sandbox.sent] == ["【速达国际】您的验证码是1234，5分钟内有效。"]
        assert not s.calls("alibaba", "SendSms")
        assert "Next: `settle #1 deleted`" in await s.say("edit #1 source=app")


async def test_a_text_goes_abroad_without_a_template(tmp_path: Path) -> None:
    async with stage(tmp_path, change=with_site, auto_review=False) as s:
        assert "Without a value: text." in await s.say("send intl text")
        asked = await s.say('send intl text text="Your parcel is here: https://suda.example"')
        assert "T1: send text to 4477****0123 through intl? 1 part, priced by the country" in asked
        s.sandbox.faults.next("alibaba", Fault.RESET_AFTER, "SendMessageToGlobe")
        assert "I will not send it twice" in await s.say("send T1") + await passed(s)
        assert len(s.sandbox.sent) == 1  # never sent again
        await s.say('send intl text text="Once more" confirm')
        assert "T2 to 4477****0123 delivered through intl" in await passed(s)
        assert [one.text for one in s.sandbox.sent] == ["Your parcel is here: https://suda.example", "Once more"]
        assert "is in mainland China" in await s.say('send intl text 1234 text="x"')
        traced = await s.say("trace intl 0123")
        assert "2 messages" in traced


async def test_each_site_sends_what_is_its_own(tmp_path: Path) -> None:
    async with stage(tmp_path, change=with_site, auto_review=False) as s:
        await s.say(f'template submit aliyun 登录码 go_china=true content="{TEXT}" type=otp')
        await s.say("settle #1 approved id=SMS_10245001")
        assert "an account of the international site does" in await s.say("send aliyun #1 code=1")
        assert "has no template “登录码” that I know of" in await s.say("send aliyun 登录码 code=1")
        assert "has no template “text”" in await s.say('send aliyun text text="x"')
        assert "messages can go out" not in await s.say("path intl")


async def test_what_cannot_be_kept_is_said(tmp_path: Path) -> None:
    async with stage(tmp_path, change=with_site) as s:
        for line in (
            "sign submit intl 速达 source=shop",
            "sign submit aliyun 速达 go_china=true source=shop qualification=1",
        ):
            said = await s.say(line)
            assert "was not sent" in said
            assert "“shop” is none of these: company, app, website" in said
        assert "I know no `qualification` here." in said
        assert "No signature in the record here." in await s.say("sign list")


async def test_of_several_accounts_the_card_says_which_is_done_in_a_console(tmp_path: Path) -> None:
    async with stage(tmp_path, change=with_site, auto_review=False) as s:
        said = await s.say("sign submit tencent,intl 速达物流 source=company")
        assert "#1 intl: draft, to be done in its console: `show #1`" in said or "#2 intl: draft, to be done" in said
        await s.say("settle #2 approved id=GC1")
        await s.say(f'template submit intl 登录码 type=otp content="{TEXT}"')
        await s.say("settle #3 approved id=SMS_10245001")
        abroad = await s.say("send intl 登录码 0123 code=1")
        assert "is abroad" in abroad
        assert "intl sends texts as they stand abroad" in abroad
        assert "send intl text …" in abroad
