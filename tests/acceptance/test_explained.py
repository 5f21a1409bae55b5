"""A rejection is explained: what the reason means, how often it was seen here, what would pass."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.requests.check.shared import RULES
from bot.requests.check.unseen import UNSEEN
from tests.stage import Stage, stage

HOUR = timedelta(hours=1)


async def rejected(s: Stage, text: str, name: str, reason: str, vendor: str = "alibaba") -> str:
    """Submit something, have a reviewer reject it, and read what comes."""
    await s.say(text)
    s.sandbox.reject(vendor, name, reason)
    return " ".join((await s.pass_time(2 * HOUR)).split())


@pytest.mark.parametrize(
    ("language", "means", "passes"),
    [
        ("en", "This means (signature in the text): The vendor puts the signature in front", "Would pass: `"),
        ("zh", "含义（内容中写了签名）：签名由平台自动添加", "可以通过的写法：`"),
    ],
)
async def test_what_it_means_and_what_usually_passes(tmp_path: Path, language: str, means: str, passes: str) -> None:
    async with stage(tmp_path, language=language, auto_review=False) as s:
        text = 'template submit tencent 物流通知 type=notice content="您的订单已发货，请注意查收。"'
        said = await rejected(s, text, "物流通知", "模板中含【】符号，请删除", "tencent")
        assert "> 模板中含【】符号，请删除" in said
        assert means in said
        assert passes not in said  # there is none in the text: nothing can be computed


async def test_how_often_it_was_seen_here(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        first = await rejected(
            s, "sign submit tencent 速达物流 source=company", "速达物流", "签名无法识别主体", "tencent"
        )
        assert "identifiable name" in first
        assert "Seen in" not in first
        await rejected(s, "sign submit tencent 速达快运 source=company", "速达快运", "授权书未签字", "tencent")
        third = await rejected(
            s, "sign submit tencent 速达同城 source=company", "速达同城", "签名过于中性化", "tencent"
        )
        assert "Seen in 2 of the last 3 rejections at tencent." in third


async def test_the_fix_stands_in_the_next_command_and_works(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        text = 'template submit tencent 上新 type=promo content="新品上线，欢迎选购！拒收请回复R"'
        said = await rejected(s, text, "上新", "明显盲发，未体现会员", "tencent")
        assert "Would pass: `尊敬的会员，新品上线，欢迎选购！拒收请回复R`" in said
        await s.say("edit #1 content=尊敬的会员，新品上线，欢迎选购！拒收请回复R")
        request = await s.request(1)
        assert (request.state, request.values["content"]) == (
            "in_review",
            "尊敬的会员，新品上线，欢迎选购！拒收请回复R",
        )


async def test_what_nothing_explains_is_shown_as_it_is(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        said = await rejected(
            s, "sign submit tencent 速达物流 source=company", "速达物流", "请联系客服 xyzzy", "tencent"
        )
        assert "> 请联系客服 xyzzy" in said
        assert "This means" not in said


async def test_every_rule_can_be_read_by_its_name(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as s:
        for slug in (*RULES, *UNSEEN):
            said = await s.say(f"help {slug}")
            assert f"· `{slug}`" in said, said
        assert "aliyun: may refuse it (help.aliyun.com" in await s.say("帮助 未体现会员")
        assert "I know no `no-such-rule`" in await s.say("help no-such-rule")
