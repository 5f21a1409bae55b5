"""One message at a time in a channel, in order; a rest holds for all."""

import asyncio
import itertools

from integrations.slack.pace import Pace

EVERY = 0.02


async def test_in_the_order_of_asking_one_at_a_time() -> None:
    pace = Pace(EVERY)
    loop = asyncio.get_running_loop()
    turns: list[tuple[int, float]] = []

    async def ask(number: int) -> None:
        await pace.turn("C1")
        turns.append((number, loop.time()))

    await asyncio.gather(*(ask(number) for number in range(5)))
    assert [number for number, _ in turns] == list(range(5))
    times = [at for _, at in turns]
    assert all(after - before >= EVERY * 0.99 for before, after in itertools.pairwise(times))


async def test_channels_do_not_wait_for_each_other() -> None:
    pace = Pace(3600.0)
    async with asyncio.timeout(5):
        for number in range(2000):
            await pace.turn(f"C{number}")
    assert pace.left("C1999") > 3000
    assert pace.left("C2000") <= 0


async def test_a_rest_holds_for_every_channel_and_for_who_waits_already() -> None:
    pace = Pace(EVERY)
    loop = asyncio.get_running_loop()
    await pace.turn("C1")
    waiting = [asyncio.create_task(pace.turn(channel)) for channel in ("C1", "C1")]
    await asyncio.sleep(0)
    begun = loop.time()
    pace.rest(5 * EVERY)
    await pace.turn("C2")
    await asyncio.gather(*waiting)
    assert loop.time() - begun >= 6 * EVERY * 0.99
    assert pace.left("C3") <= 0
