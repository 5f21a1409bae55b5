"""`stats`, and the figures behind it: asked, kept, corrected, filled in after a gap, told apart, forgotten."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.contracts.traffic import DAY, HOUR, Split, Tally, china_day, day_start
from bot.store import samples, traffic
from integrations.sandbox import Fault, Seed
from tests.stage import MONDAY, Stage, rounds, stage

TODAY = china_day(MONDAY)
SENDING = Seed(alibaba_history=timedelta(days=365))
QUARTER = timedelta(minutes=15)


def often(text: str) -> str:
    """The configuration with rounds as close as in production."""
    return rounds(text, quota=900, delivery=900)


async def days(s: Stage, account: str, by: Split = Split.DAY) -> dict[date, Tally]:
    told = await s.bot.services.database.read(
        lambda db: traffic.between(db, account, day_start(TODAY - 60 * DAY), s.clock.now(), by=by)
    )
    return {china_day(one.tally.start): one.tally for one in told}


async def hours(s: Stage, account: str) -> list[Tally]:
    told = await s.bot.services.database.read(
        lambda db: traffic.between(db, account, MONDAY - 90 * DAY, s.clock.now(), span=HOUR)
    )
    return [one.tally for one in told]


async def test_the_first_line_says_where_least_arrives(tmp_path: Path) -> None:
    async with stage(tmp_path, seed=SENDING) as s:
        s.sandbox.traffic("tencent", 1, failing=0.5, code="FrequencyLimit")
        said = await s.say("stats")

    assert said.splitlines()[0].startswith("Sent, 7 days: ")
    assert "least arrives at" in said
    assert "why it failed: " in said
    assert "too many to one number" in said
    assert "FrequencyLimit" not in said
    assert "ucloud tells a day only when it is over." in said


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("stats aliyun 3d", ["Mon 23 Nov", "Sun 22 Nov", "Sat 21 Nov"]),
        ("stats aliyun 2", ["Mon 23 Nov", "Sun 22 Nov"]),
        ("stats aliyun by=sign", ["速达科技"]),
        ("stats ucloud 2 days by=template", ["UTA20250610SEED01", "UTA20250610SEED02"]),
        ("统计 阿里云 3天", ["Mon 23 Nov"]),
        ("stats all 2d by=day", ["aliyun", "tencent", "ucloud", "Sun 22 Nov"]),
        ("stats tencent by=carrier", ["tencent tells nothing by carrier, only by day."]),
    ],
)
async def test_it_is_told_apart_as_asked(tmp_path: Path, typed: str, rows: list[str]) -> None:
    async with stage(tmp_path, seed=SENDING) as s:
        said = await s.say(typed)
    for row in rows:
        assert row in said


@pytest.mark.parametrize("typed", ["stats 900d", "stats aliyun by=dy"])
async def test_what_is_not_understood_is_said_with_an_example(tmp_path: Path, typed: str) -> None:
    async with stage(tmp_path, seed=SENDING) as s:
        said = await s.say(typed)
    assert "write " in said
    assert "Next: `stats" in said


async def test_in_chinese(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh", seed=SENDING) as s:
        said = await s.say("统计 腾讯云 7天")
    assert "送达率" in said
    assert "号码无效" in said
    assert "腾讯云" not in said  # accounts go by their names
    assert "delivered" not in said


async def test_where_a_vendor_is_silent_what_is_kept_is_told_with_its_age(tmp_path: Path) -> None:
    async with stage(tmp_path, seed=SENDING) as s:
        await s.say("stats aliyun 2d")
        s.clock.move(HOUR)
        s.sandbox.faults.next("alibaba", Fault.HTTP_500, "QuerySendStatistics", times=50)
        said = await s.say("stats aliyun 2d")

    assert "aliyun did not answer (" in said
    assert "last read today 09:30" in said
    assert "48,000" in said


async def test_a_refusal_is_told_in_words(tmp_path: Path) -> None:
    async with stage(tmp_path, seed=SENDING) as s:
        s.sandbox.faults.next("tencent", Fault.ANSWER, "SendStatusStatistics", code="AuthFailure.UnauthorizedOperation")
        said = await s.say("stats tencent")
    assert "tencent did not answer" in said
    assert "last read never" in said


async def test_days_are_kept_round_after_round(tmp_path: Path) -> None:
    async with stage(tmp_path, change=often, seed=SENDING) as s:
        assert await days(s, "aliyun") == {}  # nothing at once: reviews and quota come first
        await s.pass_time(2 * HOUR, step=QUARTER)
        kept = {account: await days(s, account) for account in ("aliyun", "tencent", "ucloud")}

        assert min(kept["aliyun"]) == TODAY - 34 * DAY
        assert max(kept["ucloud"]) == TODAY - DAY
        assert max(kept["tencent"]) == TODAY
        assert len(kept["tencent"]) > 12  # a few each round
        assert all(one.counts.sent for one in kept["aliyun"].values())
        assert set(await days(s, "aliyun", Split.SIGN)) == {TODAY - number * DAY for number in (1, 2, 3)}


async def test_hours_are_asked_for_or_are_what_a_day_rises_by(tmp_path: Path) -> None:
    async with stage(tmp_path, change=often, seed=SENDING) as s:
        await s.pass_time(3 * HOUR, step=QUARTER)
        told, risen = await hours(s, "tencent"), await hours(s, "aliyun")
        assert await hours(s, "ucloud") == []  # told a day late

    assert len(told) > 12
    assert [one.start.hour for one in risen] == [2, 3, 4]  # UTC; the first look is at two
    assert [one.counts.sent for one in risen] == [2000, 2000, 1000]


async def test_what_a_vendor_corrects_is_corrected(tmp_path: Path) -> None:
    async with stage(tmp_path, change=often, seed=SENDING) as s:
        await s.pass_time(HOUR, step=QUARTER)
        before = (await days(s, "ucloud"))[TODAY - DAY].counts
        s.sandbox._ucloud_project.flow.add(MONDAY - DAY, 500)
        await s.pass_time(HOUR, step=QUARTER)
        after = (await days(s, "ucloud"))[TODAY - DAY].counts
    assert after.sent == before.sent + 500


async def test_a_gap_is_filled_in(tmp_path: Path) -> None:
    """The program stood still for three days."""
    async with stage(tmp_path, change=often, seed=SENDING) as s:
        await s.pass_time(HOUR, step=QUARTER)
        sandbox, clock = s.sandbox, s.clock
        clock.move(3 * DAY)
        async with stage(tmp_path / "other", sandbox=sandbox, clock=clock):
            pass
        await s.pass_time(HOUR, step=QUARTER)
        kept = await days(s, "aliyun")
        assert all(kept[TODAY + number * DAY].counts.sent for number in range(4))
        assert sum(one.counts.sent for one in await hours(s, "aliyun")) < 2 * 2000 + 1  # nobody knows which hours


async def test_a_silence_is_asked_again_soon_and_opens_no_second_alert(tmp_path: Path) -> None:
    async with stage(tmp_path, change=often, seed=SENDING) as s:
        s.sandbox.faults.next("ucloud", Fault.HTTP_500, "GetUSMSSendStatistics", times=8)
        await s.pass_time(HOUR, step=timedelta(minutes=1))
        assert len(await days(s, "ucloud")) == 35


async def test_old_hours_and_readings_are_thinned(tmp_path: Path) -> None:
    async with stage(tmp_path, change=often, seed=SENDING) as s:
        await s.pass_time(HOUR, step=QUARTER)
        kept = len(await days(s, "aliyun"))
        s.clock.move(80 * DAY)
        await s.pass_time(HOUR, step=QUARTER)
        old = await s.bot.services.database.read(
            lambda db: traffic.between(db, "tencent", MONDAY - 90 * DAY, MONDAY + DAY, span=HOUR)
        )
        readings = await s.bot.services.database.read(lambda db: samples.since(db, "tencent", MONDAY - DAY))
        assert old == ()
        assert len(await days(s, "aliyun")) > kept
        first = [one for one in readings if one.at < MONDAY + DAY]
        assert len(first) == 2  # one of each package, of a day with several rounds
