"""A chat whose platform fails it, that starts late or is stopped: nothing is lost or told twice, and it ends in time."""

import asyncio
import re

import pytest

from bot.contracts.chat import Card, Connected
from bot.contracts.errors import DeliveryFailed, DeliveryRetry
from bot.contracts.model import Incoming
from tests.contract.rooms.room import Gift, Room, Trouble, assert_tells_no_secret, needs
from tests.contract.rooms.terminal import TerminalRoom

AT_ONCE = 1.0
"""Seconds within which something is over that waits for nobody."""

STOPPED = 2.0
"""Seconds within which a chat has stopped, whatever it was doing."""


# --- Trouble ----------------------------------------------------------------------------------------------------------


async def test_a_conversation_that_is_gone_is_said_in_words(room: Room) -> None:
    if isinstance(room, TerminalRoom):
        room.leave()
    with pytest.raises(DeliveryFailed) as failed:
        await room.chat.post(room.a_post("Anybody there?", place=room.nowhere))
    assert re.search(r"[a-z]+ [a-z]+ [a-z]+", str(failed.value))
    assert_tells_no_secret(room, failed.value)


async def test_a_platform_that_is_busy_says_how_long_to_wait(room: Room) -> None:
    needs(Trouble.BUSY in room.troubles, "limits")
    room.fail(Trouble.BUSY)
    with pytest.raises(DeliveryRetry) as busy:
        await room.chat.post(room.a_post("A notice", key="news:busy"))
    assert (busy.value.retry_after or 0) >= 1
    assert_tells_no_secret(room, busy.value)
    room.pause()
    seen = await room.shown(room.a_post("A notice", key="news:busy", again=True))
    assert "A notice" in seen.text
    assert len(room.seen()) == 1


@pytest.mark.parametrize("restarted", [False, True], ids=["same process", "after a restart"])
@pytest.mark.parametrize("trouble", [Trouble.CUT, Trouble.CUT_AFTER])
async def test_a_connection_that_is_cut_loses_nothing(room: Room, trouble: Trouble, restarted: bool) -> None:
    needs(trouble in room.troubles, "connections")
    post = room.a_post("A notice", key="news:cut")
    again = room.a_post("A notice", key="news:cut", again=True)
    room.fail(trouble)
    with pytest.raises(DeliveryRetry) as cut:
        await room.chat.post(post)
    assert_tells_no_secret(room, cut.value)
    if restarted:
        await room.restart()
    first = await room.chat.post(again)
    await room.chat.post(again)
    once = trouble is Trouble.CUT or Gift.SEARCH in room.gifts
    texts = [seen.text for seen in room.seen()]
    if Gift.SEARCH in room.gifts:
        assert texts == ["A notice"]
        assert await room.chat.post(again) == first
    else:
        assert texts == ["A notice"] * (2 if once else 3)  # each time it was told to, and what nobody can look for


async def test_after_an_answer_that_was_lost_in_the_same_process_nothing_is_doubled(room: Room) -> None:
    needs(Trouble.CUT_AFTER in room.troubles and Gift.SEARCH in room.gifts, "way to look for it")
    post = room.a_post("A notice", key="news:lost")
    room.fail(Trouble.CUT_AFTER)
    with pytest.raises(DeliveryRetry):
        await room.chat.post(post)
    await room.chat.post(post)  # without `again`: the chat knows by itself
    assert [seen.text for seen in room.seen()] == ["A notice"]


@pytest.mark.parametrize("restarted", [False, True], ids=["same process", "after a restart"])
@pytest.mark.parametrize("trouble", [Trouble.CUT, Trouble.CUT_AFTER])
async def test_a_card_is_shown_once_whatever_is_cut(room: Room, trouble: Trouble, restarted: bool) -> None:
    needs(room.chat.abilities.edits, "cards")
    shown = Card("batch:1", "#1", "in_review")
    room.fail(trouble, card=True)
    with pytest.raises(DeliveryRetry):
        await room.chat.post(room.a_post("In review", key="card:batch:1", card=shown))
    if restarted:
        await room.restart()
    card = await room.chat.post(room.a_post("In review", key="card:batch:1", card=shown, again=True))
    assert [seen.text for seen in room.seen()] == ["In review"]
    await room.chat.edit(card, room.a_post("Ready", card=Card("batch:1", "#1", "ready")))
    assert [seen.text for seen in room.seen()] == ["Ready"]


# --- Life -------------------------------------------------------------------------------------------------------------


async def test_a_post_before_the_start_is_over_goes_out_or_is_refused_for_now(unstarted: Room) -> None:
    room = unstarted
    post = room.a_post("Owed from before", key="news:early")
    posting = asyncio.create_task(room.chat.post(post))
    await asyncio.sleep(0)
    await room.start()
    try:
        async with asyncio.timeout(AT_ONCE):
            await posting
    except DeliveryRetry:
        await room.chat.post(room.a_post("Owed from before", key="news:early", again=True))
    assert [seen.text for seen in room.seen()] == ["Owed from before"]


async def test_a_post_that_waits_for_a_start_ends_with_the_stop(unstarted: Room) -> None:
    room = unstarted
    posting = asyncio.create_task(room.chat.post(room.a_post("Never")))
    await asyncio.sleep(0)
    async with asyncio.timeout(AT_ONCE):
        await room.chat.stop()
        (outcome,) = await asyncio.gather(posting, return_exceptions=True)
    assert isinstance(outcome, DeliveryRetry) or [seen.text for seen in room.seen()] == ["Never"]


async def test_a_post_after_the_stop_is_refused_for_now(room: Room) -> None:
    await room.chat.stop()
    async with asyncio.timeout(AT_ONCE):
        if not isinstance(room.chat, Connected):
            assert "Late" in (await room.shown(room.a_post("Late"))).text
            return
        with pytest.raises(DeliveryRetry):
            await room.chat.post(room.a_post("Late"))
        if room.chat.abilities.edits:
            with pytest.raises(DeliveryRetry):
                await room.chat.edit(room.unknown_message, room.a_post("Late"))
    assert room.seen() == []


async def test_stopping_waits_for_no_post_that_hangs(room: Room) -> None:
    needs(Trouble.HANG in room.troubles, "service that could hang")
    await room.chat.post(room.a_post("First"))
    room.fail(Trouble.HANG)
    posting = asyncio.create_task(room.chat.post(room.a_post("Hanging")))
    await room.until_it_hangs(2)
    async with asyncio.timeout(AT_ONCE):
        await room.chat.stop()
        (outcome,) = await asyncio.gather(posting, return_exceptions=True)
    assert isinstance(outcome, DeliveryRetry)
    assert_tells_no_secret(room, outcome)


async def test_stopping_waits_for_no_connection_that_says_nothing_any_more(room: Room) -> None:
    await room.say("status")
    room.freeze()
    async with asyncio.timeout(STOPPED):
        await room.chat.stop()


async def test_stopping_while_something_is_dealt_with_is_bounded(room: Room) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless(_incoming: Incoming) -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    await room.chat.stop()
    room.chat = room.another()
    await room.chat.start(endless)
    await room.speak("status", next(iter(room.ways)), (), False)
    await begun.wait()
    async with asyncio.timeout(STOPPED):
        await room.chat.stop()
    assert ended.is_set()


async def test_stopping_twice_and_unstarted_is_no_trouble(unstarted: Room) -> None:
    async with asyncio.timeout(AT_ONCE):
        await unstarted.chat.stop()
        await unstarted.chat.stop()
