"""Authorisation letters at Alibaba: listed, offered where a signature needs one, warned of before they run out."""

from datetime import timedelta
from pathlib import Path

from bot.contracts.fields import FILED
from bot.contracts.model import Attachment, Kind
from integrations.alibaba.declared import declared
from tests.acceptance.dialogue import without_defaults
from tests.made_files import png
from tests.stage import stage


async def test_a_letter_is_listed_and_warned_of_once_each_time(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:

        async def later(days: int) -> str:
            return await here.pass_time(timedelta(days=days), step=timedelta(days=days))

        assert "5101" in await here.say("letter list")
        assert "⚠️" not in await here.say("letter list aliyun")
        assert "runs out" not in await later(1)
        first = await later(250)
        assert "Letter `5101` at aliyun runs out in 24 days" in first
        assert "⚠️ 2027-08-25" in await here.say("letter list aliyun")
        assert "Letter `5101`" not in await later(1)
        assert "runs out in 5 days" in await later(18)
        assert "ran out on 2027-08-25" in await later(10)
        assert "Letter `5101`" not in await later(30)


async def test_a_signature_for_others_is_offered_the_letters_there_are(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as here:
        said = await here.say(
            "sign submit aliyun 启明书店 source=company purpose=other qualification=8577 remark=读书会通知",
            can_ask=True,
        )
        assert "or the id of one: 5101 启明书店有限公司" in said
        assert "in review" in await here.say("5101", can_ask=True)


async def test_a_letter_as_a_file_takes_the_company_of_the_own_use_qualification(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as here:
        await here.say(
            "sign submit aliyun 启明书店 source=company purpose=other qualification=8577 remark=读书会通知",
            can_ask=True,
        )
        asked = await here.say("", can_ask=True, files=(Attachment("letter.png", png()),))
        assert "2 more to fill in" in asked
        said = await here.say("owner_code: 91330106MA2SANDBX2\nletter_term: 2026-01-01~2027-12-31", can_ask=True)
        assert "in review" in said
        assert (await here.request(1)).values["applicant"] == "速达科技有限公司"


def test_where_there_is_none_the_company_is_asked_for() -> None:
    """It was not, and the signature was refused once all else was said."""
    applicant = next(field for field in declared(Kind.SIGNATURE) if field.key == "applicant")
    assert applicant.needed({"purpose": "other", "letter": FILED})
    assert not applicant.needed({"purpose": "other", "letter": "5101"})
    assert not applicant.needed({"purpose": "self", "letter": FILED})
