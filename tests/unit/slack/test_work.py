"""Work waits in lines: a few pieces at once, nothing before acknowledgements, whoever waits gives way, and it ends."""

import asyncio
from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.slack.work import (
    AT_ONCE,
    FIRST_SECONDS,
    MOST,
    PLACES,
    WAITS_SECONDS,
    Lines,
    Unacknowledged,
    Work,
)


class Hands:
    """A clock that is moved by hand."""

    def __init__(self) -> None:
        self._now = 0.0
        self._calls: list[asyncio.TimerHandle] = []

    def later(self, seconds: float, call: Callable[[], None]) -> asyncio.TimerHandle:
        handle = asyncio.TimerHandle(self._now + seconds, call, (), asyncio.get_running_loop())
        self._calls.append(handle)
        return handle

    async def move(self, seconds: float) -> None:
        self._now += seconds
        due = [one for one in self._calls if one.when() <= self._now]
        self._calls = [one for one in self._calls if one not in due]
        for one in due:
            if not one.cancelled():
                one._run()
        await quiet()


class Channels:
    """Pieces that wait until they are let go, and what has begun, in order."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._gates: dict[str, asyncio.Event] = {}
        self._added: Counter[str] = Counter()
        self.begun: list[tuple[str, int]] = []
        self.ended: Counter[str] = Counter()

    def say(self, channel: str, times: int = 1) -> None:
        for _ in range(times):
            self._work.add(channel, partial(self._piece, channel, self._added[channel]))
            self._added[channel] += 1

    def let_go(self, channel: str) -> None:
        self._gates.setdefault(channel, asyncio.Event()).set()

    def count(self, channel: str) -> int:
        return sum(1 for one, _ in self.begun if one == channel)

    async def _piece(self, channel: str, number: int) -> None:
        self.begun.append((channel, number))
        try:
            await self._gates.setdefault(channel, asyncio.Event()).wait()
        finally:
            self.ended[channel] += 1


async def nothing() -> None:
    return None


async def quiet() -> None:
    """Until whatever can go on without a clock has gone on."""
    for _ in range(20):
        await asyncio.sleep(0)


def flooded(count: int) -> list[str]:
    return [f"flooded {number}" for number in range(count)]


# --- Whose piece is next ---------------------------------------------------------------------------------------------


STEPS = st.lists(st.tuples(st.sampled_from(["add", "begin", "end"]), st.sampled_from("abc")), max_size=60)


@given(STEPS)
def test_whatever_comes_a_conversation_keeps_its_order_and_its_bound_and_the_fewest_go_first(
    steps: list[tuple[str, str]],
) -> None:
    lines = Lines()
    waiting: dict[str, list[Callable[..., object]]] = {one: [] for one in "abc"}
    under_way: Counter[str] = Counter()
    for step, where in steps:
        may = {one for one in "abc" if waiting[one] and under_way[one] < AT_ONCE}
        assert lines.may_begin == bool(may)
        if step == "add":
            piece = partial(nothing)
            lines.add(where, piece)
            waiting[where].append(piece)
        elif step == "end" and under_way[where]:
            lines.end(where)
            under_way[where] -= 1
        elif step == "begin":
            begun = lines.begin()
            assert (begun is not None) == bool(may)
            if begun is not None:
                assert under_way[begun[0]] == min(under_way[one] for one in may)
                assert begun[1] is waiting[begun[0]].pop(0)
                under_way[begun[0]] += 1
        assert lines.count == sum(len(one) for one in waiting.values()) + under_way.total()


def test_conversations_take_turns() -> None:
    lines = Lines()
    for where in "aaabbbccc":
        lines.add(where, nothing)
    turns = []
    while begun := lines.begin():
        turns.append(begun[0])
    assert "".join(turns) == "abcabcabc"


# --- Places ----------------------------------------------------------------------------------------------------------


async def test_so_many_are_under_way_over_all_conversations() -> None:
    channels = Channels(work := Work(nothing, Hands().later))
    names = flooded(25)
    for name in names:
        channels.say(name, 20)
    await quiet()
    assert len(channels.begun) == PLACES
    for name in names:
        channels.let_go(name)
    await work.idle()
    assert channels.ended == Counter(dict.fromkeys(names, 20))
    for name in names:
        assert [number for one, number in channels.begun if one == name] == list(range(20))


async def test_one_conversation_has_so_many_and_leaves_places_to_the_others() -> None:
    channels = Channels(work := Work(nothing, Hands().later))
    channels.say("flooded", 500)
    await quiet()
    assert channels.begun == [("flooded", number) for number in range(AT_ONCE)]
    channels.say("other")
    await quiet()
    assert channels.begun[-1] == ("other", 0)
    await work.stop(0.0)


@pytest.mark.parametrize(("floods", "turns"), [(2, 1), (4, 1), (PLACES - 1, 1), (PLACES, 1), (3 * PLACES, 3)])
async def test_a_conversation_waits_for_one_piece_of_each_flooded_one_at_most(floods: int, turns: int) -> None:
    clock = Hands()
    channels = Channels(work := Work(nothing, clock.later))
    for name in flooded(floods):
        channels.say(name, 500 // floods)
    await quiet()
    channels.say("other")
    for _ in range(turns):
        await clock.move(WAITS_SECONDS)
    assert channels.count("other") == 1
    await work.stop(0.0)


async def test_once_the_flooded_ones_all_wait_another_begins_at_once() -> None:
    clock = Hands()
    channels = Channels(work := Work(nothing, clock.later))
    names = flooded(4)
    for name in names:
        channels.say(name, 100)
    await quiet()
    for _ in range(AT_ONCE * len(names) // PLACES + 1):
        await clock.move(WAITS_SECONDS)
    assert {channels.count(name) for name in names} == {AT_ONCE}, "each keeps its own bound, places or not"
    channels.let_go("other")
    for number in range(50):
        channels.say("other")
        await quiet()
        assert channels.ended["other"] == number + 1
    await work.stop(0.0)


async def test_a_place_that_was_given_back_comes_not_back_with_the_end_of_the_piece() -> None:
    clock = Hands()
    channels = Channels(work := Work(nothing, clock.later))
    slow = [f"slow {number}" for number in range(PLACES)]
    for name in slow:
        channels.say(name)
    await quiet()
    await clock.move(WAITS_SECONDS)
    names = flooded(2 * PLACES)
    for name in names:
        channels.say(name)
    await quiet()
    assert len(channels.begun) == 2 * PLACES
    for name in slow:
        channels.let_go(name)
    await quiet()
    assert channels.ended.total() == PLACES
    assert len(channels.begun) == 2 * PLACES, "only those that have places count, and they still hold them"
    for name in names:
        channels.let_go(name)
    await work.idle()
    assert channels.ended.total() == 3 * PLACES


async def test_a_piece_that_fails_ends_alone() -> None:
    work = Work(nothing)
    done: list[int] = []

    async def broken() -> None:
        raise ValueError("broken")

    async def well() -> None:
        done.append(1)

    for piece in (broken, well) * PLACES:
        work.add("here", piece)
    await work.idle()
    assert len(done) == PLACES


async def test_too_much_is_known_and_left_and_concerns_only_whose_it_is() -> None:
    channels = Channels(work := Work(nothing))
    for _ in range(MOST):
        assert not work.full("here")
        channels.say("here")
    assert work.full("here")
    channels.say("here")
    for _ in range(AT_ONCE):
        assert not work.full("elsewhere")
        channels.say("elsewhere")
    assert work.full("elsewhere")
    channels.say("elsewhere")
    channels.let_go("here")
    channels.let_go("elsewhere")
    await work.idle()
    assert channels.ended == {"here": MOST, "elsewhere": AT_ONCE}
    assert not work.full("here")


# --- The end ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("given_back", [False, True])
async def test_at_the_end_what_is_under_way_is_cancelled_and_nothing_begins(given_back: bool) -> None:
    clock = Hands()
    channels = Channels(work := Work(nothing, clock.later))
    names = flooded(4)
    for name in names:
        channels.say(name, MOST // len(names))
    assert work.full(names[0])
    await quiet()
    if given_back:
        await clock.move(WAITS_SECONDS)
    begun = len(channels.begun)
    assert begun == PLACES * (2 if given_back else 1)
    await work.stop(0.0)
    assert channels.ended.total() == len(channels.begun) == begun
    await clock.move(WAITS_SECONDS)
    channels.say("late")
    await quiet()
    assert len(channels.begun) == begun


async def test_at_the_end_what_can_be_done_in_time_is_done() -> None:
    channels = Channels(work := Work(nothing))
    names = flooded(4)
    for name in names:
        channels.say(name, 50)
        channels.let_go(name)
    await work.stop(60.0)
    assert channels.ended.total() == 200


async def test_the_end_with_nothing_to_do() -> None:
    await Work(nothing).stop(60.0)


# --- Acknowledgements first ------------------------------------------------------------------------------------------


async def test_nothing_begins_before_what_came_is_acknowledged() -> None:
    unacknowledged = Unacknowledged(Hands().later)
    work = Work(unacknowledged.none)
    order: list[str] = []

    async def piece() -> None:
        order.append("work")

    with unacknowledged.delivery():
        with unacknowledged.delivery():
            work.add("here", piece)
            await quiet()
        await quiet()
        order.append("acknowledged")
    await work.idle()
    assert order == ["acknowledged", "work"]


async def test_what_came_since_goes_first_too_and_the_order_stays() -> None:
    unacknowledged = Unacknowledged(Hands().later)
    channels = Channels(work := Work(unacknowledged.none))
    channels.let_go("here")
    for _ in range(5):
        with unacknowledged.delivery():
            channels.say("here", 3)
            await quiet()
        # At this very moment the hands are told that there is none; before they wake, the next one is there.
        with unacknowledged.delivery():
            await quiet()
            assert channels.begun == []
    await work.idle()
    assert channels.begun == [("here", number) for number in range(15)]


async def test_an_acknowledgement_that_waits_for_something_itself_holds_work_up_for_a_moment_once() -> None:
    clock = Hands()
    unacknowledged = Unacknowledged(clock.later)
    channels = Channels(work := Work(unacknowledged.none))
    channels.let_go("here")
    with unacknowledged.delivery():
        channels.say("here")
        await clock.move(FIRST_SECONDS)
        assert channels.ended["here"] == 1
        for number in range(20):
            channels.say("here")
            await quiet()
            assert channels.ended["here"] == number + 2
        with unacknowledged.delivery():
            channels.say("here")
            await quiet()
            assert channels.ended["here"] == 21, "the next delivery is given way to as any other"
    await work.idle()
    assert channels.ended["here"] == 22


async def test_work_goes_on_where_one_delivery_follows_the_other() -> None:
    unacknowledged = Unacknowledged(Hands().later)
    begun = asyncio.get_running_loop().time()
    with unacknowledged.delivery():
        await unacknowledged.none()
    assert asyncio.get_running_loop().time() - begun < 20 * FIRST_SECONDS
