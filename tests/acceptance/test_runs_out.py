"""A package drains: the forecast says when, one alert opens when that crosses the lead time, a purchase ends it."""

from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox import Seed
from tests.acceptance.test_quota_chart import asked, pictures
from tests.stage import stage

SENDING = Seed(alibaba_history=timedelta(days=365))
SLOW = Seed(alibaba_history=timedelta(days=365), alibaba_remaining=190_000)  # nearly four days of it
HOUR = timedelta(hours=1)


async def test_quota_says_when_it_runs_out_between_when_and_when_and_at_which_pace(tmp_path: Path) -> None:
    async with stage(tmp_path, seed=SENDING) as s:
        await s.say("stats aliyun 35d")
        said = await s.say("quota aliyun")
    assert "aliyun: runs out today about " in said
    assert "(80% range: today " in said
    assert "messages a day." in said


async def test_where_too_little_is_known_nothing_is_said(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say("quota aliyun")
    assert "runs out" not in said


@pytest.mark.parametrize(("language", "text"), [("en", "aliyun: what was left"), ("zh", "aliyun：已用与预计剩余")])
async def test_the_burn_down_of_the_account_that_runs_out_first(tmp_path: Path, language: str, text: str) -> None:
    async with stage(tmp_path, language=language, seed=SENDING) as s:
        await s.say("stats 35d")
        shown = pictures(await asked(s, "quota"))
    assert [one.name for one in shown] == ["quota.png", "runs-out.png"]
    assert shown[1].text.startswith(text)


async def test_one_alert_opens_as_the_forecast_crosses_the_lead_time_and_no_second(tmp_path: Path) -> None:
    async with stage(tmp_path, seed=SLOW) as s:
        await s.say("stats aliyun 35d")
        said = await s.pass_time(12 * HOUR, step=HOUR)
        assert "runs out" not in said
        said = await s.pass_time(36 * HOUR, step=HOUR)
        assert said.count("A1 aliyun: runs out") >= 1
        assert "A2" not in said
        s.sandbox.top_up("alibaba", 500_000)
        said = await s.pass_time(6 * HOUR, step=HOUR)
        assert "A1" in said
        assert "Resolved by itself" in said
        assert "A2" not in said
