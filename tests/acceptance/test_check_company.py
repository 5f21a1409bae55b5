"""With the company's name the check says beforehand what reviewers would say of a signature, and what would pass."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.acceptance.test_explained import rejected
from tests.stage import stage

COMPANY = "杭州速达网络科技有限公司"


def of_company(text: str) -> str:
    """The same accounts, with the name on their licence."""
    for vendor in ("alibaba", "tencent", "ucloud"):
        text = text.replace(f'vendor = "{vendor}"', f'vendor = "{vendor}"\ncompany = "{COMPANY}"', 1)
    return text


@pytest.mark.parametrize(
    ("change", "typed", "minds"),
    [
        (of_company, "check sign all 飞鸟 source=company", True),
        (of_company, "check sign all 杭州速达网络科技 source=company", False),
        (of_company, "check sign tencent 飞鸟 source=company purpose=other", False),  # another company's
        (of_company, "check sign all 飞鸟 source=trademark", False),
        (str, "check sign all 飞鸟 source=company", False),  # nobody said whose it is
    ],
    ids=["another name", "its own", "for another company", "a trademark", "not configured"],
)
async def test_a_name_that_is_none_of_the_companys_is_minded(
    tmp_path: Path, change: Callable[[str], str], typed: str, minds: bool
) -> None:
    async with stage(tmp_path, change=change) as here:
        said = await here.say(typed)
        assert ("杭州速达网络科技" in said.replace(typed, "") and "Would pass" in said) is minds, said
        assert not here.calls("alibaba", "CreateSmsSign")


async def test_after_a_rejection_what_would_pass_is_the_companys(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False, change=of_company) as here:
        said = await rejected(here, "sign submit tencent 飞鸟 source=company", "飞鸟", "签名无法识别主体", "tencent")
        assert "Would pass: `杭州速达网络科技" in said
        assert "Name: 飞鸟 → 杭州速达网络科技" in await here.say("resubmit #1", can_ask=True)
        await here.pass_time(timedelta(minutes=1))
