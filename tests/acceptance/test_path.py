"""`path`, typed: from nothing to a delivered test message, in both orders of its words and both languages."""

from datetime import timedelta
from pathlib import Path

from tests.stage import stage

HOUR = timedelta(hours=1)


async def test_from_a_signature_to_a_delivered_message(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        said = await here.say("sign submit aliyun 速达物流 source=company")
        assert "path 速达物流" in said
        first = await here.say("path 速达物流 aliyun")
        assert "nothing can go out yet at aliyun" in first
        assert "waits for the reviewers of aliyun" in first
        assert first == await here.say("path aliyun 速达物流")
        await here.pass_time(6 * HOUR, step=3 * HOUR)
        assert "`template submit aliyun …`" in await here.say("path 速达物流 aliyun")
        await here.say(
            'template submit aliyun 登录验证码 type=otp content="您的验证码是${code}，5分钟内有效，请勿泄露。" sample.code=1234 sign=速达物流'
        )
        await here.pass_time(4 * HOUR, step=2 * HOUR)
        ready = await here.say("path 速达物流 aliyun")
        assert "messages can go out at aliyun" in ready
        command = ready.rpartition("`send ")[2].partition("`")[0]
        assert command.endswith("code=1234 sign=速达物流")  # with the sample that the reviewers saw
        await here.say(f"send {command} confirm")
        await here.pass_time(HOUR)
        assert "all done, a test message arrived" in await here.say("path 速达物流 aliyun")


async def test_one_qualification_of_several_vendors_is_named_by_its_name(tmp_path: Path) -> None:
    """Its id differs from vendor to vendor."""
    async with stage(tmp_path) as here:
        said = await here.say("sign submit all 速达物流 source=company qualification=速达自用资质")
        assert "Signature 速达物流 at 3 vendors" in said
        assert [(await here.request(number)).values["qualification"] for number in (1, 2, 3)] == ["8563"] * 3
        said = await here.say("sign submit aliyun 速达到家 source=company qualification=没有的资质")
        assert "“没有的资质” cannot be used: its id, digits only, or its name as in the list." in said


async def test_a_signature_that_the_vendor_shows_to_those_who_name_it_is_not_missing(tmp_path: Path) -> None:
    """UCloud lists none: from what `path` said, a second one would have been submitted."""
    async with stage(tmp_path) as here:
        assert "`template submit ucloud …`" in await here.say("path 速达科技 ucloud")
        assert "`sign submit ucloud 速达物流`" in await here.say("path 速达物流 ucloud")


async def test_every_account_at_once_in_chinese(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh") as here:
        said = await here.say("路径")
        assert "aliyun、tencent、ucloud 尚不能发送" in said
        assert "`模板 提交 aliyun …`" in said
        assert "`签名 提交 ucloud …`" in said
