"""What a vendor takes in its console only: steps, reminders ever less often, and what a person says came of it."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.model import State
from bot.requests.guided import PAUSES, pause
from tests.stage import Stage, stage

DAY = timedelta(days=1)


async def told(here: Stage, *lines: str) -> Sequence[str]:
    return [await here.say(line, can_ask=True) for line in lines]


async def test_a_qualification_at_tencent_from_its_steps_to_ready(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        without, steps, edited = await told(
            here, "qualification submit tencent", "qualification submit tencent 速达资质", "edit #1"
        )
        assert "With a name I keep it" in without
        assert "https://console.cloud.tencent.com/smsv2/enterprise" in steps
        assert "4. Copy the qualification's id" in steps
        assert "settle #1 submitted id=…" in steps
        assert "changed and deleted in the console" in edited
        assert not here.calls("tencent", "AddSmsSign")

        assert "still to be done in the console of tencent" not in await here.pass_time(DAY * 0.9, step=DAY * 0.9)
        assert "still to be done in the console of tencent" in await here.pass_time(DAY * 0.2, step=DAY * 0.2)
        assert "still to be done" not in await here.pass_time(DAY * 0.2, step=DAY * 0.2)


async def test_its_state_is_that_of_signatures_that_name_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        _, said = await told(here, "qualification submit tencent 速达资质", "settle #1 submitted id=8563")
        assert "I look at tencent how it stands" in said  # told after the look, it said that there is none to be had
        assert (await here.request(1)).state is State.READY  # the seeded signature names it
        await told(here, "qualification submit tencent 另一个资质", "settle #2 submitted")
        (said,) = await told(here, "settle #2 id=4711")
        assert "I look at tencent how it stands" in said
        await here.pass_time(timedelta(hours=3), step=timedelta(hours=1))
        assert (await here.request(2)).state is State.IN_REVIEW  # no signature names it, which says nothing


@pytest.mark.also_refusing
async def test_what_only_the_console_shows_a_person_says(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        await told(here, "qualification submit tencent 速达资质")
        taken, wrong, rejected, again = await told(
            here,
            "settle #1 submitted id=/etc/passwd",
            "settle #1 deleted",
            'settle #1 rejected reason="营业执照不清晰"',
            "settle #1 submitted",
        )
        assert "is no id" in taken
        assert "nothing to settle" in wrong
        assert "营业执照不清晰" in rejected
        assert "settle #1 submitted" in rejected
        assert "does not show me how it stands" in again
        assert "has tencent decided it?" in await here.pass_time(DAY * 1.1, step=DAY * 1.1)
        ready, shown, gone = await told(here, "settle #1 approved id=9999", "show #1", "settle #1 deleted")
        assert "sign submit tencent … qualification=9999" in ready
        assert "guide" not in shown
        assert "deleted" in gone
        assert "settle #1" not in await here.pass_time(DAY * 9, step=DAY * 3)


async def test_an_id_of_another_request_is_not_taken(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        await told(here, "qualification submit tencent 甲资质", "settle #1 submitted id=4711")
        *_, said = await told(here, "qualification submit tencent 乙资质", "settle #2 submitted id=4711")
        assert "belongs to another request already" in said
        assert (await here.request(2)).state is State.DRAFT


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ("sign submit aliyun Suda go_china=true source=company", "neither withdrawn nor changed"),
        ("签名 提交 阿里云 速达 发往内地=是 来源=企业", "neither withdrawn nor changed"),
        ('template submit aliyun Code go_china=yes type=otp content="Code ${code}"', "review cannot be withdrawn"),
    ],
)
async def test_go_china_is_kept_with_its_steps_and_never_sent(tmp_path: Path, line: str, shown: str) -> None:
    async with stage(tmp_path) as here:
        (steps,) = await told(here, line)
        assert "Go China" in steps.strip().splitlines()[0]
        assert shown in steps
        assert "still to be done in the console" in await here.pass_time(DAY * 1.1, step=DAY * 1.1)
        _, ready = await told(here, "settle #1 submitted", "settle #1 approved")
        assert "ready" in ready
        assert "Go China" in ready
        assert "submit aliyun" not in ready  # what it would offer belongs to the other service
        assert (await here.request(1)).state is State.READY
        assert not [name for name in ("CreateSmsSign", "CreateSmsTemplate") if here.calls("alibaba", name)]


async def test_go_china_is_no_step_of_the_path_to_the_mainland(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        before, *_, after = await told(
            here,
            "path 新名 aliyun",
            "sign submit aliyun 新名 go_china=true source=company",
            "settle #1 approved",
            "path 新名 aliyun",
        )
        assert "next `sign submit aliyun 新名`" in before
        assert after.strip() == before.strip()


async def test_all_vendors_at_once_begins_the_form_and_the_steps(tmp_path: Path) -> None:
    async with stage(tmp_path) as here:
        (said,) = await told(here, "qualification submit tencent,ucloud 速达资质")
        assert "more to fill in" in said
        assert "takes this in its console only" in said


@pytest.mark.parametrize("times", range(7))
def test_reminders_come_ever_less_often(times: int) -> None:
    assert pause(times) == PAUSES[min(times, 3)]
    assert pause(times) <= pause(times + 1) <= timedelta(days=7)
