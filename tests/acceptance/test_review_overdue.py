"""A review that takes too long opens one alert, and its decision closes it."""

from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox import Seed
from tests.stage import stage

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("language", "late", "look", "closed"),
    [
        ("en", "A1 aliyun: #1 in review for 3.5× the usual time (above 3)", "status #1", "Resolved by itself"),
        ("zh", "A1 aliyun：#1 审核用时已是平时的 3.5 倍（高于 3）", "状态 #1", "自动关闭"),
    ],
)
async def test_a_review_that_takes_too_long(tmp_path: Path, language: str, late: str, look: str, closed: str) -> None:
    seed = Seed(alibaba_remaining=190_000)
    async with stage(tmp_path, language=language, auto_review=False, seed=seed) as s:
        await s.say("sign submit aliyun 速达物流 source=company")
        heard = await s.pass_time(8 * HOUR, step=HOUR)
        assert heard.count(late) == 1, heard
        assert look in heard
        s.sandbox.approve("alibaba", "速达物流")
        heard = await s.pass_time(4 * HOUR, step=HOUR)
        assert "A1" in heard
        assert closed in heard, heard
