"""Trademarks at Alibaba: asked for where a signature needs one, entered with their picture, listed, warned of, kept."""

from datetime import timedelta
from pathlib import Path

from integrations.sandbox import Sandbox
from tests.acceptance.dialogue import without_defaults
from tests.made_files import png
from tests.stage import StageClock, stage


async def test_from_its_picture_to_its_end(tmp_path: Path) -> None:
    picture = tmp_path / "page.png"
    picture.write_bytes(png())
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        await its_life(tmp_path / "data", picture, sandbox, clock)
        async with stage(tmp_path / "data", change=without_defaults, sandbox=sandbox, clock=clock) as again:
            await again.say("delete #1 confirm")
            assert "2027-01-01" in await again.say("trademark list aliyun")


async def its_life(folder: Path, picture: Path, sandbox: Sandbox, clock: StageClock) -> None:
    async with stage(folder, change=without_defaults, sandbox=sandbox, clock=clock) as here:

        async def say(text: str) -> str:
            return " ".join((await here.say(text, can_ask=True)).split())

        asked = await say("sign submit aliyun 速达优品 source=trademark qualification=8563 remark=优品商城")
        assert "A picture of the trademark office's page, or the id of one that the vendor has" in asked
        more = await say(str(picture))
        assert "Registration number" in more  # with a picture, not with an id
        assert "Term of the trademark" in more
        assert "in review" in await say("trademark_number: 12345678\ntrademark_term: 2020-01-01~2027-01-01")
        listed = await say("trademark list")
        assert "速达优品 · 速达科技有限公司 2027-01-01" in listed
        assert here.calls("alibaba", "CreateSmsTrademark") == 1
        warned = await here.pass_time(timedelta(days=12), step=timedelta(days=4))
        assert "Trademark" in warned
        assert "trademark list aliyun" in warned


async def test_one_that_the_vendor_has_is_offered(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as here:
        await here.say("sign submit aliyun 速达优选 source=trademark trademark=6101 qualification=8563 remark=优选商城")
        said = await here.say(
            "sign submit aliyun 速达优品 source=trademark qualification=8563 remark=优品商城", can_ask=True
        )
        assert "or the id of one: 6101 速达优选" in " ".join(said.split())
        assert "in review" in await here.say("6101", can_ask=True)
        assert "App filings: 0" in await here.say("备案 列表 阿里云")


async def test_a_letter_as_a_file_is_asked_for_its_particulars(tmp_path: Path) -> None:
    picture = tmp_path / "letter.png"
    picture.write_bytes(png())
    async with stage(tmp_path / "data", change=without_defaults) as here:
        said = await here.say(
            f"sign submit aliyun 启明书店 source=company purpose=other qualification=8577 remark=通知 letter={picture}",
            can_ask=True,
        )
        assert "Owner's credit code" in said
        assert "Term of the letter" in said
