"""A template that leads to a link: whose it is goes along, with a picture of the filing, and only where somebody says so."""

import json
from pathlib import Path

import pytest

from bot.contracts.model import State
from tests.made_files import png
from tests.stage import stage

SAY = 'template submit aliyun 物流通知 type=notice sign=速达科技 content="您的订单已发货，请到 https://suda.example/o 查看"'
OWNER = "link_owner=速达科技有限公司 link_owner_code=91330106MA2SANDBX1 link_icp=浙ICP备12345678号"


async def test_with_its_filing(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        (tmp_path / "icp.png").write_bytes(png())
        said = await here.say(f"{SAY} {OWNER} link_paper={tmp_path / 'icp.png'}")
        assert "in review" in said
        (call,) = [one for one in here.sandbox.calls if one.action == "CreateSmsTemplate"]
        (item,) = json.loads(str(call.params["TrafficDriving"]))
        assert (item["trafficDrivingType"], item["trafficDrivingContent"]) == ("DOMAIN", "https://suda.example/o")
        assert item["icpPicOssKey"].endswith(".png")
        assert here.calls("alibaba", "GetSmsOcrOssInfo") == 1


@pytest.mark.parametrize(
    ("language", "more", "why"),
    [
        ("en", OWNER, "link_paper"),
        ("zh", OWNER, "备案截图"),
        ("en", "link_owner=速达科技有限公司", "Its credit code"),
    ],
    ids=["no picture", "no picture, in Chinese", "no code"],
)
async def test_what_is_missing_is_said(tmp_path: Path, language: str, more: str, why: str) -> None:
    async with stage(tmp_path, language=language) as here:
        assert why in " ".join((await here.say(f"{SAY} {more}")).split())
        assert not here.calls("alibaba", "CreateSmsTemplate")


async def test_nobody_is_asked_for_it_and_the_check_says_how_to_say_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        check = SAY.replace("template submit", "check template")
        assert "say whose it is: `link_owner=`" in await here.say(check)
        assert "link in the text" not in await here.say(f"{check} {OWNER}")
        assert "in review" in await here.say(SAY)
        assert (await here.request(1)).state is State.IN_REVIEW
