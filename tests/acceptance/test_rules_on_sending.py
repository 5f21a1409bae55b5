"""What was sent goes wrong in the sandbox: one alert that says what, in both languages, and closes when it is over."""

from datetime import timedelta
from pathlib import Path

import pytest

from tests.stage import rounds, stage

HOUR = timedelta(hours=1)
OFF = '\n[[rule]]\nname = "failing"\noff = true\n'


@pytest.mark.parametrize(
    ("language", "opened", "behind", "look"),
    [
        (
            "en",
            "A1 tencent: 39.8% of the messages fail",
            "with a receipt failed, most by InvalidNumber (no such number).",
            "stats tencent",
        ),
        ("zh", "A1 tencent：39.8% 的短信发送失败", "主要原因：InvalidNumber（号码无效）。", "统计 tencent"),
    ],
)
async def test_failures_open_one_alert_that_closes_by_itself(
    tmp_path: Path, language: str, opened: str, behind: str, look: str
) -> None:
    async with stage(tmp_path, language=language, width=200, change=lambda text: rounds(text, delivery=3600)) as s:
        s.sandbox.traffic("tencent", 24 * 30, failing=0.4)
        said = await s.pass_time(3 * HOUR, step=HOUR)
        assert opened in said
        assert behind in said
        assert look in said
        assert "A2" not in said
        s.sandbox.traffic("tencent", 24 * 30)
        said = await s.pass_time(4 * HOUR, step=HOUR)
        assert "A1" in said
        assert ("Resolved by itself" if language == "en" else "自动关闭") in said


async def test_a_rule_that_is_off_opens_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path, change=lambda text: text + OFF, delivery=3600) as s:
        s.sandbox.traffic("tencent", 24 * 30, failing=0.4)
        said = await s.pass_time(3 * HOUR, step=HOUR)
    assert "of the messages fail" not in said
    assert "A1 tencent: failures by InvalidNumber" in said  # another rule's matter
