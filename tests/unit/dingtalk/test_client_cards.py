"""Cards of the chat itself: what is one, and what an answer to a press has to wait for."""

import asyncio

import pytest

from bot.contracts.chat import Card, Post
from bot.contracts.errors import DeliveryFailed, DeliveryRetry, NotEditable
from bot.contracts.message import Items, Message
from bot.contracts.model import Incoming
from tests.unit.dingtalk.talk import GROUP, ME, MENTION, Talk, card, post


async def test_what_is_a_card_and_what_is_none(with_cards: Talk) -> None:
    talk = with_cards
    assert talk.chat.abilities.edits
    track = await talk.chat.post(card())
    await talk.hear(await talk.emulator.say("状态"))
    await talk.chat.post(post("已通过 ", MENTION))
    talk.emulator.expire_webhooks()
    await talk.chat.post(post("已通过 ", MENTION, key="news:2"))
    await talk.chat.post(post("没有人", key="news:3"))
    assert [(one.way, one.mentions) for one in talk.emulator.shown] == [
        ("card", ()),
        ("webhook", ("manager4567",)),
        ("card", ("manager4567",)),
        ("group", ()),
    ]
    with pytest.raises(NotEditable):
        await talk.chat.edit(await talk.chat.post(post("消息", key="news:4")), card())
    await talk.chat.edit(track, card("resolved"))
    assert talk.emulator.cards[track].values["state"] == "resolved"


async def test_what_a_card_would_cut_is_told_as_a_message_with_a_line_to_the_mentioned(with_cards: Talk) -> None:
    rows = tuple((f"#{number} 速达物流 审核未通过",) for number in range(60))
    await with_cards.chat.post(post("全部 ", MENTION, blocks=(Items(rows),)))
    assert [one.way for one in with_cards.emulator.shown] == ["group", "private"]
    assert "#59 速达物流" in with_cards.emulator.shown[0].text


async def test_a_card_counts_in_its_conversations_minute(with_cards: Talk) -> None:
    talk = with_cards
    for number in range(16):
        await talk.chat.post(Post(GROUP, Message(("A",)), "zh", f"card:{number}", card=Card("alert:1", "A1", "open")))
    with pytest.raises(DeliveryRetry, match="minute is full"):
        await talk.chat.post(card())
    assert len(talk.emulator.cards) == 16


async def test_no_edit_comes_before_the_answer_to_a_press(with_cards: Talk) -> None:
    talk = with_cards
    track = await talk.chat.post(card())
    await talk.hear(await talk.emulator.say("帮助"))
    edits: list[asyncio.Task[None]] = []

    async def act(incoming: Incoming) -> None:
        talk.heard.append(incoming)
        edits.append(asyncio.create_task(talk.chat.edit(track, card("acknowledged"))))
        await asyncio.sleep(0)  # the edit runs as far as it can

    talk.chat._receive = act
    await talk.emulator.press(track, {"action": "ack", "id": "A5"})
    await asyncio.gather(*edits)
    assert talk.emulator.cards[track].values["state"] == "acknowledged"
    pressed = talk.heard[-1]
    assert (pressed.text, pressed.place, pressed.actor.key) == (
        "ack A5",
        GROUP,
        "dingtalk:dingcorpemulated/manager4567",
    )
    assert (pressed.actor.name, pressed.actor.outsider, pressed.direct) == ("张三", False, False)


async def test_a_press_in_a_conversation_of_one(with_cards: Talk) -> None:
    talk = with_cards
    await talk.hear(await talk.emulator.say("帮助"))
    one = Post(ME, Message(("A5",)), "zh", "card:alert:5:me", card=Card("alert:5", "A5", "open"))
    track = await talk.chat.post(one)
    await talk.emulator.press(track, {"action": "ack", "id": "A5"})
    assert (talk.heard[-1].place, talk.heard[-1].direct) == (ME, True)


async def test_a_card_of_which_the_answer_says_nothing_is_tried_again_and_is_one(with_cards: Talk) -> None:
    talk = with_cards
    for body in ({}, {"errcode": "0"}):
        talk.emulator.fail_next("/createAndDeliver", status=200, body=body)
        with pytest.raises(DeliveryRetry):
            await talk.chat.post(card())
    track = await talk.chat.post(card())
    assert list(talk.emulator.cards) == [track]
    talk.emulator.fail_next("/card/instances", status=200, body={})
    with pytest.raises(DeliveryRetry):
        await talk.chat.edit(track, card("resolved"))


@pytest.mark.parametrize("no", [False, "false"])
async def test_a_change_that_was_refused_under_http_200_did_not_happen(with_cards: Talk, no: object) -> None:
    track = await with_cards.chat.post(card())
    with_cards.emulator.fail_next("/card/instances", status=200, body={"success": no, "errorMsg": "why"})
    with pytest.raises(DeliveryFailed, match="why"):
        await with_cards.chat.edit(track, card("resolved"))
