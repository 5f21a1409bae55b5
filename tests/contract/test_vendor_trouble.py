"""Answers that get lost, limits and silence: nothing is changed twice, and what is asked is asked again."""

import asyncio
import socket

import pytest

from bot.contracts.errors import AnswerLost, NoAnswer, Throttled, Trouble, Unavailable
from bot.contracts.model import Kind, State
from bot.contracts.vendor import Missing, Seen, Vendor
from integrations.http import ATTEMPTS
from integrations.sandbox import Fault
from tests.contract.desk import (
    BOTH,
    DONE,
    HASTY,
    NOT_DONE,
    OFTEN,
    READS,
    UNKNOWN,
    Desk,
    Verb,
    assert_tells_no_secret,
    changed,
    made,
    signature,
    sought,
    template,
)
from tests.given import left_at


async def done(client: Vendor, verb: Verb, kind: Kind, ref: str = "") -> str:
    """Change something: create it, or update or delete what is there. Returns its id."""
    match verb:
        case "create":
            return (await client.reviews.create(made(kind))).ref
        case "update":
            return (await client.reviews.update(ref, changed(made(kind)))).ref
        case _:
            await client.reviews.delete(kind, ref)
            return ref


CAUSES = {
    Fault.HTTP_500: "HTTP 500",
    Fault.HTTP_500_AFTER: "HTTP 500",
    Fault.RESET_BEFORE: NoAnswer.RESET,
    Fault.RESET_AFTER: NoAnswer.RESET,
    Fault.HANG_BEFORE: NoAnswer.TIMEOUT,
    Fault.HANG_AFTER: NoAnswer.TIMEOUT,
    Fault.GARBAGE: NoAnswer.GARBAGE,
}
"""What is told as the cause when a call ends so."""


# --- Lost and found ---------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("fault", DONE)
async def test_a_lost_create_that_arrived_is_found(desk: Desk, kind: Kind, fault: Fault) -> None:
    await assert_lost(desk, "create", kind, fault)
    assert (desk.accepted(), desk.calls("create", kind)) == (1, 1)
    if not sought(kind, desk):
        return
    (seen,) = await desk.client.reviews.find(made(kind))
    assert (seen.ref, seen.name) == (desk.sandbox.accepted(desk.name)[0].ref, made(kind).name)
    assert seen.state is State.IN_REVIEW
    assert await desk.state(kind, seen.ref) is State.IN_REVIEW


@BOTH
@pytest.mark.parametrize("fault", NOT_DONE)
async def test_a_lost_create_that_did_not_arrive_is_not_found(desk: Desk, kind: Kind, fault: Fault) -> None:
    await assert_lost(desk, "create", kind, fault)
    assert (desk.accepted(), desk.calls("create", kind)) == (0, 1)
    if sought(kind, desk):
        assert await desk.client.reviews.find(made(kind)) == ()


async def assert_lost(desk: Desk, verb: Verb, kind: Kind, fault: Fault, ref: str = "") -> None:
    """A change whose answer got lost is called once, and said to be lost."""
    client = await desk.another(seconds=HASTY) if fault in (Fault.HANG_BEFORE, Fault.HANG_AFTER) else desk.client
    desk.sandbox.faults.next(desk.name, fault, desk.action(verb, kind))
    before = desk.calls(verb, kind)
    with pytest.raises(AnswerLost) as lost:
        await done(client, verb, kind, ref)
    assert lost.value.code == CAUSES[fault]
    assert_tells_no_secret(lost.value, desk)
    assert desk.calls(verb, kind) - before == 1
    assert desk.sandbox.faults.left(desk.name) == 0


@BOTH
@pytest.mark.parametrize("verb", ["update", "delete"])
@pytest.mark.parametrize("fault", [*NOT_DONE, *DONE])
async def test_a_lost_change_is_never_called_twice(desk: Desk, kind: Kind, verb: Verb, fault: Fault) -> None:
    accepted = await desk.client.reviews.create(made(kind))
    desk.decide(kind, accepted.ref, State.REJECTED)
    await assert_lost(desk, verb, kind, fault, accepted.ref)
    seen = await desk.seen(kind, accepted.ref)
    if fault in NOT_DONE:
        assert isinstance(seen, Seen)
        assert seen.state is State.REJECTED
    elif verb == "delete":
        assert isinstance(seen, Missing)
    else:
        assert isinstance(seen, Seen)
        assert seen.state is State.IN_REVIEW
    assert desk.accepted() == 1


@BOTH
async def test_only_what_is_the_same_is_found(desk: Desk, kind: Kind) -> None:
    if not sought(kind, desk):
        return
    assert await desk.client.reviews.find(made(kind)) == ()
    await desk.client.reviews.create(made(kind, "速达快运"))
    if kind is Kind.TEMPLATE:
        await desk.client.reviews.create(template(content="您的动态码是${code}，五分钟内有效。"))
    assert await desk.client.reviews.find(made(kind)) == ()
    accepted = await desk.client.reviews.create(made(kind))
    for state in (State.IN_REVIEW, State.REJECTED, State.READY):
        desk.decide(kind, accepted.ref, state)
        (seen,) = await desk.client.reviews.find(made(kind))
        assert seen.ref == accepted.ref
    await desk.client.reviews.delete(kind, accepted.ref)
    assert await desk.client.reviews.find(made(kind)) == ()


async def test_a_template_on_a_later_page_is_found(desk: Desk) -> None:
    if not sought(Kind.TEMPLATE, desk):
        return
    wanted = await desk.client.reviews.create(template())
    for number in range(101):  # the longest page of any vendor has 100 rows; lists show the newest first
        await desk.client.reviews.create(template(f"模板{number}"))
    (seen,) = await desk.client.reviews.find(template())
    assert seen.ref == wanted.ref


# --- Throttled --------------------------------------------------------------------------------------------------------


@BOTH
@pytest.mark.parametrize("verb", ["create", "update", "delete"])
async def test_throttled_once_then_taken_once(desk: Desk, kind: Kind, verb: Verb) -> None:
    ref = ""
    if verb != "create":
        ref = (await desk.client.reviews.create(made(kind))).ref
        desk.decide(kind, ref, State.REJECTED)
    desk.sandbox.faults.next(desk.name, Fault.THROTTLE, desk.action(verb, kind))
    ref = await done(desk.client, verb, kind, ref)
    assert desk.calls(verb, kind) == 2
    assert desk.accepted() == 1
    seen = await desk.seen(kind, ref)
    assert isinstance(seen, Missing) if verb == "delete" else isinstance(seen, Seen)


@BOTH
async def test_throttled_for_long_is_told_and_nothing_is_taken(desk: Desk, kind: Kind) -> None:
    desk.sandbox.faults.next(desk.name, Fault.THROTTLE, desk.action("create", kind), OFTEN)
    with pytest.raises(Throttled) as throttled:
        await desk.client.reviews.create(made(kind))
    assert throttled.value.trouble is Trouble.LIMIT
    assert throttled.value.code
    assert desk.calls("create", kind) == ATTEMPTS
    assert desk.accepted() == 0
    desk.sandbox.faults.clear()
    await desk.client.reviews.create(made(kind))
    assert desk.accepted() == 1


# --- Reads in trouble -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fault", [*NOT_DONE, *DONE, Fault.THROTTLE])
async def test_a_question_is_asked_again(desk: Desk, read: str, fault: Fault) -> None:
    ref = (await desk.client.reviews.create(signature())).ref
    client = await desk.another(seconds=HASTY) if fault in (Fault.HANG_BEFORE, Fault.HANG_AFTER) else desk.client
    before = desk.calls()
    expected = await READS[read](client, ref)
    usual = desk.calls() - before
    desk.sandbox.faults.next(desk.name, fault)
    assert await READS[read](client, ref) == expected
    assert desk.calls() - before == 2 * usual + 1


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("fault", [Fault.HTTP_500, Fault.RESET_AFTER, Fault.GARBAGE, Fault.THROTTLE])
async def test_a_question_that_gets_no_answer_ends(desk: Desk, read: str, fault: Fault) -> None:
    desk.sandbox.faults.next(desk.name, fault, times=OFTEN)
    with pytest.raises(Throttled if fault is Fault.THROTTLE else Unavailable) as caught:
        await READS[read](desk.client, UNKNOWN[desk.name][Kind.SIGNATURE])
    assert fault is Fault.THROTTLE or caught.value.code == CAUSES[fault]
    assert_tells_no_secret(caught.value, desk)
    assert desk.calls() == ATTEMPTS


async def test_a_question_that_hangs_ends(desk: Desk) -> None:
    client = await desk.another(seconds=0.2)
    desk.sandbox.faults.next(desk.name, Fault.HANG_AFTER, times=OFTEN)
    async with asyncio.timeout(10):
        with pytest.raises(Unavailable):
            await client.probe()
    assert desk.calls() == ATTEMPTS


async def test_nobody_listens_nothing_was_accepted(desk: Desk) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    client = await desk.another(address=f"http://127.0.0.1:{port}")
    for call in (
        client.probe(),
        client.reviews.create(template()),
        client.reviews.delete(Kind.TEMPLATE, "1"),
        left_at(client),
    ):
        with pytest.raises(Unavailable) as caught:
            await call
        assert_tells_no_secret(caught.value, desk)
    assert desk.calls() == 0
