"""What became of many things comes in slices: a call that fails takes away nothing that was answered before it."""

from collections import Counter
from contextlib import aclosing

import pytest

from bot.contracts.errors import VendorError
from bot.contracts.model import Kind, State
from bot.contracts.vendor import Looked, Missing, Seen, Tracked
from integrations.http import ATTEMPTS
from integrations.sandbox import Fault
from integrations.tencent import wire
from tests.contract.desk import BOTH, UNKNOWN, Desk, Name, made

MANY: dict[Name, int] = {"alibaba": 120, "tencent": 10, "ucloud": 6}
"""More than two calls' worth."""

IN_ONE: dict[Name, int] = {"alibaba": 50, "tencent": 4, "ucloud": 1}
"""What one call answers at most."""


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred ids go into one call of Tencent's, and an account may not have so many signatures."""
    monkeypatch.setattr(wire, "PAGE", IN_ONE["tencent"])


async def many(desk: Desk, kind: Kind) -> list[Tracked]:
    found = []
    for number in range(MANY[desk.name]):
        ref = (await desk.client.reviews.create(made(kind, f"速达分公司{number}号"))).ref
        found.append(Tracked(number, kind, ref, "x"))
    return found


async def sliced(desk: Desk, tracked: list[Tracked], fault: Fault | None = None, times: int = 1) -> list[list[Looked]]:
    """The slices, with a fault that begins after the first."""
    found = []
    async with aclosing(desk.client.reviews.looks(tracked)) as slices:
        async for one in slices:
            if not found and fault is not None:
                desk.sandbox.faults.next(desk.name, fault, times=times)
            found.append(list(one))
    return found


@BOTH
async def test_every_thing_is_answered_once_in_slices_of_one_call(desk: Desk, kind: Kind) -> None:
    asked = await many(desk, kind)
    asked.append(Tracked(9000, kind, UNKNOWN[desk.name][kind], "x"))
    asked.append(Tracked(9001, kind, asked[0].ref, "x"))  # the same thing under another number
    before = desk.calls()
    found = await sliced(desk, asked)
    assert Counter(one.tracked for part in found for one in part) == Counter(asked)
    assert len(found) == desk.calls() - before
    assert all(len(part) <= IN_ONE[desk.name] + 1 for part in found)
    answers = {one.tracked.number: one.answer for part in found for one in part}
    assert isinstance(answers.pop(9000), Missing)
    assert {answer.state for answer in answers.values() if isinstance(answer, Seen)} == {State.IN_REVIEW}
    whole = await desk.client.reviews.look(asked)
    assert [answer.ref for answer in whole] == [one.ref for one in asked]


@BOTH
async def test_one_call_that_fails_costs_only_what_it_was_asked_about(desk: Desk, kind: Kind) -> None:
    asked = await many(desk, kind)
    found = await sliced(desk, asked, Fault.HTTP_500, times=ATTEMPTS)
    assert Counter(one.tracked for part in found for one in part) == Counter(asked)
    failed = [one for part in found for one in part if isinstance(one.answer, VendorError)]
    # A page of a list cannot be asked for by itself where things move through it; its things can.
    assert len(failed) == {"alibaba": 0, "tencent": 4, "ucloud": 1}[desk.name]


@BOTH
async def test_a_vendor_that_goes_away_leaves_what_it_said(desk: Desk, kind: Kind) -> None:
    asked = await many(desk, kind)
    found = await sliced(desk, asked, Fault.RESET_BEFORE, times=10_000)
    assert all(isinstance(one.answer, Seen) for one in found[0])
    assert all(isinstance(one.answer, VendorError) for part in found[1:] for one in part)
    assert Counter(one.tracked for part in found for one in part) == Counter(asked)


@BOTH
async def test_whoever_has_enough_closes_and_nothing_more_is_called(desk: Desk, kind: Kind) -> None:
    asked = await many(desk, kind)
    before = desk.calls()
    async with aclosing(desk.client.reviews.looks(asked)) as slices:
        await anext(slices)
    assert desk.calls() - before == 1
