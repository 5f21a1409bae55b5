"""Connections that break in uncommon ways, and answers that are none: what is lost is said to be lost, nothing is sent
twice, no answer is taken for another call's, and the next call works.

Today's transport (httpcore) does most of it right; any other has to pass here first (`docs/benchmarks.md`).
"""

import asyncio
import tracemalloc
from collections.abc import Iterator

import pytest

from bot.contracts.errors import AnswerLost, Unavailable
from bot.contracts.model import Kind, Paper, Submission
from bot.contracts.vendor import Vendor
from integrations import http
from tests.contract.desk import BOTH, HASTY, PICTURE, READS, Desk, assert_tells_no_secret, made, signature, template
from tests.emulators.road import ENDLESS, HALVES, HUGE, Manner, Road

WITHIN = 15.0
"""Seconds in which anything here ends, on a busy machine too."""


@pytest.fixture
def road(desk: Desk) -> Iterator[Road]:
    with Road(getattr(desk.sandbox, desk.name).url) as road:
        yield road


@pytest.fixture(params=["plain", "tls"])
def either_road(request: pytest.FixtureRequest, desk: Desk) -> Iterator[Road]:
    """The road as tests take it, and as every real call does."""
    certificate = request.getfixturevalue("certificate") if request.param == "tls" else None
    with Road(getattr(desk.sandbox, desk.name).url, certificate) as road:
        yield road


async def lost(desk: Desk, client: Vendor, submission: Submission) -> AnswerLost:
    """A create whose answer is lost, in time."""
    async with asyncio.timeout(WITHIN):
        with pytest.raises(AnswerLost) as caught:
            await client.reviews.create(submission)
    assert_tells_no_secret(caught.value, desk)
    return caught.value


async def assert_next_works(desk: Desk, client: Vendor, road: Road, kind: Kind, *, connections: int) -> None:
    """Another create goes through, once, on a connection of its own, and is answered by its own answer."""
    road.clear()
    another = (
        template("另一模板", "您的动态码是${code}，请尽快填写。") if kind is Kind.TEMPLATE else signature("速达快运")
    )
    before, opened = road.asked(desk.action("create", kind)), road.connections
    async with asyncio.timeout(WITHIN):
        accepted = await client.reviews.create(another)
    assert road.asked(desk.action("create", kind)) == before + 1
    assert accepted.ref in {one.ref for one in desk.sandbox.accepted(desk.name, kind.value) if one.name == another.name}
    assert road.connections == opened + connections


# --- An upload that nobody reads --------------------------------------------------------------------------------------


async def test_a_server_that_stops_reading_an_upload(desk: Desk, road: Road) -> None:
    """The call ends. Alibaba's papers go ahead of the submission, so there nothing was submitted, and that is said."""
    client = await desk.another(address=road.url, seconds=HASTY)
    large = Paper("licence.png", PICTURE.content + b"\0" * 3_900_000, "image/png")
    submission = Submission(Kind.SIGNATURE, "速达物流", signature().values, {"paper": (large,)})
    road.next(Manner.STOP_READING, times=http.ATTEMPTS)
    async with asyncio.timeout(WITHIN):
        with pytest.raises(Unavailable if desk.name == "alibaba" else AnswerLost) as caught:
            await client.reviews.create(submission)
    assert_tells_no_secret(caught.value, desk)
    if desk.name == "alibaba":
        assert road.asked(desk.action("create", Kind.SIGNATURE)) == 0
    else:
        assert await asyncio.to_thread(road.came, desk.action("create", Kind.SIGNATURE)) == 1
    assert desk.accepted() == 0
    road.clear()
    async with asyncio.timeout(WITHIN):
        await (await desk.another(address=road.url)).reviews.create(signature())
        await client.probe()
    assert desk.accepted() == 1


# --- Answers that nobody asked for ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [Kind.TEMPLATE, Kind.SIGNATURE])
async def test_an_unasked_answer_on_an_idle_connection(desk: Desk, either_road: Road, kind: Kind) -> None:
    client = await desk.another(address=either_road.url)
    await client.reviews.create(made(kind))
    either_road.say_unasked()
    await assert_next_works(desk, client, either_road, kind, connections=1)
    assert desk.accepted() == 2


@pytest.mark.parametrize("kind", [Kind.TEMPLATE, Kind.SIGNATURE])
async def test_two_answers_in_one_packet(desk: Desk, either_road: Road, kind: Kind) -> None:
    """The second is not the answer to the next call."""
    client = await desk.another(address=either_road.url)
    await client.probe()
    either_road.next(Manner.TWO_AT_ONCE, times=3)  # uploads of papers come before
    first = await client.reviews.create(made(kind))
    assert first.ref in {one.ref for one in desk.sandbox.accepted(desk.name, kind.value)}
    await assert_next_works(desk, client, either_road, kind, connections=1)
    assert desk.accepted() == 2


@pytest.mark.parametrize("read", READS)
async def test_two_answers_to_a_question(desk: Desk, road: Road, read: str) -> None:
    """Every answer comes twice, and every question is answered by its own."""
    ref = (await desk.client.reviews.create(signature())).ref
    client = await desk.another(address=road.url)
    road.next(Manner.TWO_AT_ONCE, times=50)
    assert await READS[read](client, ref) == await READS[read](desk.client, ref)
    assert await client.probe() == await desk.client.probe()
    assert await READS[read](client, ref) == await READS[read](desk.client, ref)


# --- A connection that ends -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("manner", [*HALVES, Manner.DEEP])
async def test_half_a_body_is_no_answer(desk: Desk, road: Road, manner: Manner) -> None:
    client = await desk.another(address=road.url)
    road.next(manner)
    await lost(desk, client, template())
    assert (desk.accepted(), desk.calls("create", Kind.TEMPLATE)) == (1, 1)
    # What came in a whole message leaves its connection as good as before.
    whole = manner in (Manner.PACKED_CUT, Manner.DEEP)
    await assert_next_works(desk, client, road, Kind.TEMPLATE, connections=0 if whole else 1)


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("manner", [*HALVES, Manner.PACKED, Manner.DEEP])
async def test_a_question_is_asked_again_until_the_answer_is_whole(
    desk: Desk, road: Road, read: str, manner: Manner
) -> None:
    ref = (await desk.client.reviews.create(signature())).ref
    expected = await READS[read](desk.client, ref)
    client = await desk.another(address=road.url)
    road.next(manner)
    assert await READS[read](client, ref) == expected


@BOTH
async def test_an_idle_connection_closed_while_the_loop_is_busy(desk: Desk, road: Road, kind: Kind) -> None:
    client = await desk.another(address=road.url)
    await client.probe()
    road.close_idle()  # in another thread's sockets, and the loop does not turn before the next call
    await assert_next_works(desk, client, road, kind, connections=1)
    assert desk.accepted() == 1


# --- Answers without end ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("manner", HUGE)
async def test_a_change_answered_hugely_is_lost(desk: Desk, road: Road, manner: Manner) -> None:
    client = await desk.another(address=road.url)
    road.next(manner, times=50)
    error = await lost(desk, client, template())
    assert error.code == http.TOO_LARGE
    assert error.advice is not None
    assert error.advice.en
    assert error.advice.zh
    assert (desk.accepted(), desk.calls("create", Kind.TEMPLATE)) == (1, 1)
    await assert_next_works(desk, client, road, Kind.TEMPLATE, connections=1)


@pytest.mark.parametrize("manner", HUGE)
async def test_a_question_answered_hugely_is_told_and_not_repeated(desk: Desk, road: Road, manner: Manner) -> None:
    client = await desk.another(address=road.url)
    road.next(manner, times=50)
    tracemalloc.start()
    try:
        async with asyncio.timeout(WITHIN):
            with pytest.raises(Unavailable) as caught:
                await client.probe()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(road.requests) == 1
    assert caught.value.code == http.TOO_LARGE
    assert caught.value.advice is not None
    assert "8 MB" in caught.value.advice.en
    assert "8 MB" in caught.value.advice.zh
    assert peak < 4 * http.LARGEST_ANSWER
    assert_tells_no_secret(caught.value, desk)


@pytest.mark.parametrize("manner", ENDLESS)
async def test_an_answer_that_never_ends_is_lost_in_time(desk: Desk, road: Road, manner: Manner) -> None:
    """Each read brings something, so no single read is too long."""
    client = await desk.another(address=road.url, seconds=HASTY)
    road.next(manner)
    await lost(desk, client, template())
    assert (desk.accepted(), desk.calls("create", Kind.TEMPLATE)) == (1, 1)
    await assert_next_works(desk, await desk.another(address=road.url), road, Kind.TEMPLATE, connections=1)
