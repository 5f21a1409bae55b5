"""The clock of the machine is set, forward or back, at any point of a story: nothing hangs, nothing is done twice."""

import asyncio
import tempfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.model import Place, State
from bot.store import alerts, dialogues, heard, kept, notices, samples
from integrations.sandbox import Fault, Sandbox
from tests.stage import ME, MONDAY, Stage, StageClock, stage

SECOND, MINUTE, HOUR, DAY = (timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1))
YEAR = 365 * DAY
JUMPS = [-2 * HOUR, -2 * DAY, -364 * DAY, 2 * HOUR, 2 * DAY, 364 * DAY]
"""Full weeks and days, so that the reviewers are at work before and after."""
EACH = pytest.mark.parametrize("jump", JUMPS, ids=str)
CREATES = {"CreateSmsSign", "AddSmsSign", "CreateUSMSSignature"}


def decide(s: Stage) -> None:
    for vendor in ("alibaba", "tencent", "ucloud"):
        for accepted in s.sandbox.accepted(vendor):
            s.sandbox.reject(vendor, accepted.ref, "名称不符合规范")


def created(s: Stage) -> int:
    return sum(1 for call in s.sandbox.calls if call.action in CREATES)


@EACH
async def test_a_decision_is_read_within_the_widest_pause(tmp_path: Path, jump: timedelta) -> None:
    async with stage(tmp_path, clock=StageClock(MONDAY + 3 * HOUR), auto_review=False) as s:
        await s.say("sign submit all 速达物流 source=company")
        await s.pass_time(20 * MINUTE)
        s.clock.move(jump)
        decide(s)
        said = await s.pass_time(11 * MINUTE, step=MINUTE)
        assert [(await s.request(n)).state for n in (1, 2, 3)] == [State.REJECTED] * 3
        assert said.count("名称不符合规范") == 3


@pytest.mark.parametrize("jump", [-2 * HOUR, -2 * DAY], ids=str)
async def test_over_a_restart_too(tmp_path: Path, jump: timedelta) -> None:
    clock = StageClock(MONDAY + 3 * HOUR)
    async with Sandbox(now=clock.now, auto_review=False) as sandbox:
        async with stage(tmp_path, clock=clock, sandbox=sandbox) as s:
            await s.say("sign submit all 速达物流 source=company")
            await s.pass_time(20 * MINUTE)
        clock.move(jump)
        async with stage(tmp_path, clock=clock, sandbox=sandbox) as s:
            decide(s)
            await s.pass_time(11 * MINUTE, step=MINUTE)
            assert [(await s.request(n)).state for n in (1, 2, 3)] == [State.REJECTED] * 3


@EACH
async def test_there_and_back_again_nothing_is_sent_or_told_twice(tmp_path: Path, jump: timedelta) -> None:
    clock = StageClock(MONDAY + 3 * HOUR)
    async with stage(tmp_path, clock=clock, auto_review=False) as s:
        said = await s.say("sign submit all 速达物流 source=company")
        for step in (jump, -jump):
            said += await s.pass_time(5 * MINUTE, step=MINUTE)
            clock.move(step)
        decide(s)
        said += await s.pass_time(15 * MINUTE, step=MINUTE)
        assert created(s) == 3
        assert said.count("名称不符合规范") == 3
        assert [(await s.request(n)).state for n in (1, 2, 3)] == [State.REJECTED] * 3


@pytest.mark.parametrize("jump", [-2 * HOUR, -2 * DAY, 2 * HOUR, 2 * DAY], ids=str)
async def test_what_was_throttled_is_sent_once_more(tmp_path: Path, jump: timedelta) -> None:
    async with stage(tmp_path, clock=StageClock(MONDAY + 3 * HOUR), auto_review=False) as s:
        s.sandbox.faults.next("ucloud", Fault.THROTTLE, "CreateUSMSSignature", times=3)
        await s.say("sign submit ucloud 速达物流 source=company")
        assert (await s.request(1)).state is State.QUEUED
        s.clock.move(jump)
        await s.pass_time(8 * MINUTE, step=MINUTE)
        assert (await s.request(1)).state is State.IN_REVIEW
        assert len(s.sandbox.accepted("ucloud")) == 1


@EACH
@pytest.mark.parametrize("arrived", [True, False], ids=["arrived", "lost"])
async def test_a_lost_call_is_settled_as_without_the_jump(tmp_path: Path, jump: timedelta, arrived: bool) -> None:
    async with stage(tmp_path, clock=StageClock(MONDAY + 3 * HOUR), auto_review=False) as s:
        fault = Fault.RESET_AFTER if arrived else Fault.RESET_BEFORE
        s.sandbox.faults.next("ucloud", fault, "CreateUSMSSignature")
        await s.say("sign submit ucloud 速达物流 source=company")
        assert (await s.request(1)).state is State.UNKNOWN
        s.clock.move(jump)
        await s.pass_time(10 * MINUTE, step=30 * SECOND)
        assert (await s.request(1)).state is (State.IN_REVIEW if arrived else State.FAILED)
        assert created(s) == 1


@EACH
async def test_an_alert_is_told_once_more_at_most_and_looked_after_on(tmp_path: Path, jump: timedelta) -> None:
    async with stage(tmp_path, clock=StageClock(MONDAY + 3 * HOUR), auto_review=False, quota=900) as s:
        s.sandbox.drain("alibaba", 10_000_000)
        await s.pass_time(HOUR)
        (alert,) = [one for one in await s.bot.services.database.read(alerts.standing) if one.account == "aliyun"][:1]
        s.clock.move(jump)
        await s.work()
        told = await s.pass_time(10 * MINUTE, step=MINUTE)
        assert told.count(f"A{alert.number} ") <= 2
        at = s.clock.now()
        await s.pass_time(HOUR)
        last = await s.bot.services.database.read(lambda db: samples.latest(db, "aliyun"))
        assert at - MINUTE <= last[0].at <= s.clock.now()  # measured on, and what was measured last is the last
        after = await s.bot.services.database.read(lambda db: alerts.get(db, alert.number))
        assert timedelta(0) <= s.clock.now() - after.last_told_at <= s.bot.services.settings.alerts.repeat + MINUTE


@EACH
async def test_a_question_is_answered_whatever_the_clock_says(tmp_path: Path, jump: timedelta) -> None:
    async with stage(tmp_path, clock=StageClock(MONDAY + 3 * HOUR)) as s:
        asked = await s.say("template submit ucloud 登录验证码", can_ask=True)
        assert "summary" in asked or "text" in asked.casefold()
        s.clock.move(jump)
        await s.work()
        found = await s.bot.services.database.read(lambda db: dialogues.get(db, s.place, ME))
        if jump > DAY:  # nobody can tell that a day did not pass
            assert found is None
            return
        assert found is not None
        assert timedelta(0) <= s.clock.now() - found.asked_at or jump > timedelta(0)
        assert found.open(s.clock.now())
        said = await s.pass_time(25 * HOUR, step=10 * MINUTE)
        assert said.count("forgotten") + said.count("Forgotten") <= 2
        assert await s.bot.services.database.read(lambda db: dialogues.get(db, s.place, ME)) is None


@EACH
async def test_what_is_owed_goes_out_once(tmp_path: Path, jump: timedelta) -> None:
    async with stage(tmp_path, clock=StageClock(MONDAY + 3 * HOUR)) as s:
        now, place = s.clock.now(), Place("terminal", s.place.conversation)

        def owe(db: object) -> None:
            data = {"platform": "slack", "conversation": "C1", "reason": {"en": "no", "zh": "否"}, "key": "k"}
            notices.owe(
                db,  # type: ignore[arg-type]
                key="once",
                what="undelivered",
                subject="request:1",
                place=place,
                now=now,
                data=data,
                due_at=now + 4 * SECOND,
            )

        await s.bot.services.database.write(owe)
        s.clock.move(jump)
        said = await s.pass_time(2 * MINUTE, step=10 * SECOND)
        s.clock.move(-jump)
        said += await s.pass_time(2 * MINUTE, step=10 * SECOND)
        assert said.count("I cannot write to") == 1


async def test_a_year_ahead_and_back_forgets_no_delivery_and_nothing_kept(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        database = s.bot.services.database
        for at in (MONDAY, MONDAY + YEAR):
            await database.write(lambda db, at=at: heard.remember(db, f"one-{at}", at))
            await database.write(lambda db, at=at: kept.put(db, "slack", f"key-{at}", "text", at))
        assert not await database.read(lambda db: heard.is_new(db, f"one-{MONDAY}"))
        assert await database.read(lambda db: kept.get(db, "slack", f"key-{MONDAY}")) == "text"


# --- At any point of a story --------------------------------------------------------------------------------------------


@settings(max_examples=5, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 9), st.sampled_from([-2 * HOUR, -2 * DAY, 2 * HOUR, 2 * DAY])), min_size=1, max_size=3
    ),
    st.sampled_from([None, Fault.RESET_AFTER, Fault.THROTTLE]),
)
def test_a_story_ends_the_same_wherever_the_clock_is_set(
    jumps: list[tuple[int, timedelta]], fault: Fault | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(story(Path(folder), jumps, fault))


async def story(folder: Path, jumps: list[tuple[int, timedelta]], fault: Fault | None) -> None:
    async with stage(folder, clock=StageClock(MONDAY + 3 * HOUR), auto_review=False) as s:
        said = ""
        for step in range(10):
            for at, jump in jumps:
                if at == step:
                    s.clock.move(jump)
            if step == 1:
                if fault is not None:
                    s.sandbox.faults.next("tencent", fault, "AddSmsSign")
                said += await s.say("sign submit all 速达物流 source=company")
            if step == 5:
                decide(s)
            said += await s.pass_time(3 * MINUTE, step=MINUTE)
        # It may be night or a holiday by now: until the reviewers, and the looks, are there again.
        said += await s.pass_time(3 * DAY, step=6 * HOUR)
        assert Counter([(await s.request(n)).state for n in (1, 2, 3)]) == {State.REJECTED: 3}
        assert len(s.sandbox.accepted("tencent")) == 1
        assert said.count("名称不符合规范") == 3
