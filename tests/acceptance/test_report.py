"""`report`: how reviews went, from the record alone."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.stage import SELDOM, stage

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("language", "typed", "headline", "reason", "row"),
    [
        (
            "en",
            "report",
            "Reviews in 30 days: 4 decided, 67% passed at the first try",
            "1 × identifiable name",
            "tencent",
        ),
        ("zh", "报告 7天", "近7 天审核：4 件有结果，一次通过 67%", "1 次：中性化签名", "tencent"),
    ],
)
async def test_what_passed_how_long_it_took_and_why_not(
    tmp_path: Path, language: str, typed: str, headline: str, reason: str, row: str
) -> None:
    async with stage(tmp_path, language=language, quota=SELDOM) as here:
        await here.say("sign submit aliyun,tencent 速达物流 source=company")
        await here.say("sign submit tencent 速达 source=company")  # the sandbox cannot tell whose that is
        await here.pass_time(8 * HOUR, step=HOUR)
        await here.say("edit #3 name=速达快运")
        await here.pass_time(24 * HOUR, step=2 * HOUR)
        calls = len(here.sandbox.calls)
        said = await here.say(typed)
        assert headline in said
        assert reason in said
        (line,) = [one for one in said.splitlines() if one.startswith(row)]
        assert line.split()[2:6] == ["3", "1", "/", "2"]
        assert "non-identifiable-name" in said
        assert not [one for one in here.sandbox.calls[calls:] if "Sign" in one.action]  # nobody was asked for it


async def test_what_is_overdue_now_is_counted_and_named_next(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False, quota=SELDOM) as here:
        assert "Nothing was decided in 30 days, and nothing is overdue." in await here.say("report")
        await here.say("sign submit tencent 速达物流 source=company")
        await here.pass_time(96 * HOUR, step=24 * HOUR)
        said = await here.say("report")
        assert "Nothing was decided in 30 days." in said
        (line,) = [one for one in said.splitlines() if one.startswith("tencent")]
        assert line.split()[-1] == "1"
        assert "`status #1`" in said
        assert "no span of days" in await here.say("report 999d")
