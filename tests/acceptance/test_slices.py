"""Many decisions at once: each is told as soon as it is known, whatever becomes of the calls after it."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlite_utils

from bot.contracts.model import Kind, State, Submission
from bot.store import requests
from integrations.http import ATTEMPTS
from integrations.sandbox import Fault
from tests.stage import ME, Stage, stage

LOOK = "QueryUSMSSignature"
MANY = 8


@pytest.fixture
async def eight(tmp_path: Path) -> AsyncIterator[Stage]:
    """So many signatures at the vendor that answers about one at a time; all are decided, and nobody has asked yet."""
    async with stage(tmp_path, auto_review=False) as s:
        for number in range(MANY):
            await s.say(f"sign submit ucloud 速达{number}号店 source=company")
        for accepted in s.sandbox.accepted("ucloud"):
            s.sandbox.approve("ucloud", accepted.ref)
        yield s


def after(s: Stage, answered: int, fault: Fault, times: int = 1, seconds: float = 0.0) -> None:
    """A fault once so many looks were answered."""
    s.sandbox.faults.next("ucloud", Fault.SLOW, LOOK, times=answered)
    s.sandbox.faults.next("ucloud", fault, LOOK, times=times, seconds=seconds)


async def states(s: Stage) -> list[State]:
    return [(await s.request(number)).state for number in range(1, MANY + 1)]


async def test_the_first_decision_is_told_before_the_last_is_asked_for(eight: Stage) -> None:
    s = eight
    after(s, MANY - 1, Fault.HANG_BEFORE)
    s.clock.move(timedelta(hours=2))
    start = s.written()
    review, outbox = s.bot.workers["review:ucloud"], s.bot.workers["outbox"]
    review.wake()
    async with asyncio.timeout(20):
        while "速达0号店" not in s.read(start) or "速达6号店" not in s.read(start):
            await outbox.stepped()
    assert review.busy
    assert "速达7号店" not in s.read(start)


@pytest.mark.parametrize("answered", [1, 4, MANY - 1])
async def test_a_call_that_fails_costs_one_of_many(eight: Stage, answered: int) -> None:
    s = eight
    after(s, answered, Fault.HTTP_500, times=ATTEMPTS)
    s.clock.move(timedelta(hours=2))
    before = s.calls("ucloud", LOOK)
    await s.work()
    assert s.calls("ucloud", LOOK) - before == MANY - 1 + ATTEMPTS
    assert await states(s) == [State.IN_REVIEW if n == answered else State.READY for n in range(MANY)]
    await s.pass_time(timedelta(minutes=6))
    assert await states(s) == [State.READY] * MANY


@pytest.mark.parametrize(("code", "asked"), [("171", 1), ("172", 1)])
async def test_trouble_of_the_account_stops_the_asking_and_keeps_what_was_answered(
    eight: Stage, code: str, asked: int
) -> None:
    s = eight
    s.sandbox.faults.next("ucloud", Fault.SLOW, LOOK, times=3)
    s.sandbox.faults.next("ucloud", Fault.ANSWER, LOOK, times=100, code=code, text="no")
    s.clock.move(timedelta(hours=2))
    before = s.calls("ucloud", LOOK)
    await s.work()
    assert s.calls("ucloud", LOOK) - before == 3 + asked
    assert await states(s) == [State.READY] * 3 + [State.IN_REVIEW] * (MANY - 3)
    s.sandbox.faults.clear()
    await s.pass_time(timedelta(minutes=6))
    assert await states(s) == [State.READY] * MANY


async def test_a_vendor_that_is_not_there_is_not_asked_about_everything(eight: Stage) -> None:
    s = eight
    s.sandbox.faults.next("ucloud", Fault.RESET_BEFORE, LOOK, times=1000)
    s.clock.move(timedelta(hours=2))
    before = s.calls("ucloud", LOOK)
    await s.work()
    assert s.calls("ucloud", LOOK) - before == 3 * ATTEMPTS
    assert "ucloud" in await s.say("health")
    s.sandbox.faults.clear()
    await s.pass_time(timedelta(minutes=6))
    assert await states(s) == [State.READY] * MANY
    assert "asking ucloud for decisions" not in await s.say("health")


async def test_what_always_fails_keeps_nothing_else_waiting(eight: Stage) -> None:
    """Three things for which the vendor never has an answer stand first each time."""
    s = eight
    s.sandbox.faults.next("ucloud", Fault.HTTP_500, LOOK, times=3 * ATTEMPTS)
    s.clock.move(timedelta(hours=2))
    await s.work()
    s.sandbox.faults.next("ucloud", Fault.SLOW, LOOK, times=MANY - 3)
    s.sandbox.faults.next("ucloud", Fault.HTTP_500, LOOK, times=3 * ATTEMPTS)
    await s.pass_time(timedelta(minutes=6), step=timedelta(minutes=6))
    assert await states(s) == [State.IN_REVIEW] * 3 + [State.READY] * (MANY - 3)


async def test_all_but_one_of_very_many_are_kept(tmp_path: Path) -> None:
    """One call of a round fails, the 151st: what was known is told, what comes after is asked for, one is asked again."""
    look, many = "QueryUSMSTemplate", 200
    async with stage(tmp_path, auto_review=False) as s:
        filled = {
            "name": "登录",
            "type": "otp",
            "content": "您的验证码是${code}。",
            "sign": "速达科技",
            "remark": "登录",
        }
        vendor = s.bot.services.vendors["ucloud"].reviews
        refs = [(await vendor.create(Submission(Kind.TEMPLATE, "登录", filled, {}))).ref for _ in range(many)]

        def seed(db: sqlite_utils.Database) -> None:
            now, new = s.clock.now(), requests.NewRequest("ucloud", "ucloud", filled, (), State.QUEUED)
            wanted = [new] * many
            args = {"kind": Kind.TEMPLATE, "name": "登录", "actor": ME, "place": s.place, "now": now}
            requests.create_batch(db, origin="seeded", new=wanted, **args)
            for number, ref in enumerate(refs, 1):
                sent = requests.move(db, requests.get(db, number), State.SUBMITTING, now=now, actor="signpost")
                known = {"vendor_ref": ref, "submitted_at": now, "next_look_at": now}
                requests.move(db, sent, State.IN_REVIEW, now=now, actor="vendor", **known)

        await s.bot.services.database.write(seed)
        for ref in refs:
            s.sandbox.approve("ucloud", ref)
        s.sandbox.faults.next("ucloud", Fault.SLOW, look, times=150)
        s.sandbox.faults.next("ucloud", Fault.HTTP_500, look, times=ATTEMPTS)
        s.clock.move(timedelta(minutes=1))
        s.bot.workers["review:ucloud"].wake()
        await s.bot.workers["review:ucloud"].idle()
        counted = await s.bot.services.database.read(lambda db: requests.count_in(db, [State.READY]))
        assert counted == many - 1
        s.clock.move(timedelta(minutes=6))
        s.bot.workers["review:ucloud"].wake()
        await s.bot.workers["review:ucloud"].idle()
        assert await s.bot.services.database.read(lambda db: requests.count_in(db, [State.READY])) == many
