"""Work waits in lines: so much at once in a conversation, nothing before acknowledgements, and it ends."""

import asyncio
from functools import partial

from integrations.slack.sockets import FIRST_SECONDS, Unacknowledged
from integrations.slack.work import AT_ONCE, MOST, Work


async def nothing() -> None:
    return None


async def idle(work: Work) -> None:
    await asyncio.wait(work._tasks)


async def test_so_many_at_once_in_order_and_no_other_conversation_waits() -> None:
    work = Work(nothing)
    begun: list[tuple[str, int]] = []
    gate, quiet = asyncio.Event(), asyncio.Event()

    async def piece(where: str, number: int) -> None:
        begun.append((where, number))
        if where == "quiet":
            quiet.set()
        await gate.wait()

    for number in range(AT_ONCE + 3):
        work.add("flooded", partial(piece, "flooded", number))
    work.add("quiet", partial(piece, "quiet", 0))
    await quiet.wait()
    assert [one for one in begun if one[0] == "flooded"] == [("flooded", number) for number in range(AT_ONCE)]

    gate.set()
    await idle(work)
    assert sorted(begun) == [*(("flooded", number) for number in range(AT_ONCE + 3)), ("quiet", 0)]


async def test_a_piece_that_fails_ends_alone() -> None:
    work = Work(nothing)
    done: list[int] = []

    async def broken() -> None:
        raise ValueError("broken")

    async def well() -> None:
        done.append(1)

    for piece in (broken, well) * AT_ONCE:
        work.add("here", piece)
    await idle(work)
    assert len(done) == AT_ONCE


async def test_too_much_is_known_and_left() -> None:
    work = Work(nothing)
    gate = asyncio.Event()
    done: list[int] = []

    async def piece(number: int) -> None:
        await gate.wait()
        done.append(number)

    for number in range(MOST):
        assert not work.full
        work.add("here", partial(piece, number))
    assert work.full
    work.add("elsewhere", partial(piece, MOST))
    gate.set()
    await idle(work)
    assert sorted(done) == list(range(MOST))
    assert not work.full


async def test_what_takes_too_long_at_the_end_is_cancelled() -> None:
    work = Work(nothing)
    ended: list[str] = []

    async def piece() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    for _ in range(AT_ONCE + 1):
        work.add("here", piece)
    await asyncio.sleep(0)
    await work.stop(0.0)
    assert ended == ["cancelled"] * AT_ONCE


async def test_nothing_begins_before_what_came_is_acknowledged() -> None:
    unacknowledged = Unacknowledged()
    work = Work(unacknowledged.none)
    order: list[str] = []

    async def piece() -> None:
        order.append("work")

    with unacknowledged:
        with unacknowledged:
            work.add("here", piece)
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        order.append("acknowledged")
    await idle(work)
    assert order == ["acknowledged", "work"]


async def test_an_acknowledgement_that_waits_for_something_holds_work_up_for_a_moment_only() -> None:
    unacknowledged = Unacknowledged()
    begun = asyncio.get_running_loop().time()
    with unacknowledged:
        await unacknowledged.none()
    assert asyncio.get_running_loop().time() - begun < 10 * FIRST_SECONDS
