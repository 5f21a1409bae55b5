"""What a chat is told to say is read there: everything, in order, and under the right card."""

import pytest

from bot.contracts.chat import Card, Connected, Links
from bot.contracts.errors import DeliveryFailed, NotEditable
from bot.contracts.message import (
    Button,
    Code,
    Commands,
    Items,
    Link,
    Mark,
    Mention,
    Picture,
    Quote,
    Strong,
    Table,
    Text,
)
from tests.contract.rooms.eye import fold
from tests.contract.rooms.room import PNG, SIGNS, Gift, Room, needs

EVERYTHING: tuple[object, ...] = (
    Text(("Usually decided in about ", Strong("2 hours"), ". See ", Link("https://console.example/x", "the console"))),
    Quote("签名无法识别主体，\n请提交与资质一致的名称"),
    Items((("one ", Code("a=b")), ("two",))),
    Table(("Account", "State"), ((("aliyun",), ("in review",)), (("tencent",), ("ready",)))),
    Commands("Next", ("edit #17 …", "history")),
)


async def test_the_title_comes_first_then_everything_in_order(room: Room) -> None:
    title = (Strong("#17 signature 速达物流 at aliyun: in review"), " · ann")
    for mark in Mark:
        seen = await room.shown(room.a_post(*title, mark=mark, blocks=EVERYTHING))
        first = f"{SIGNS[mark]} #17 signature 速达物流 at aliyun: in review · ann".strip()
        assert seen.text.startswith(first)
        assert seen.notice.startswith(first[:60])
        read = fold(seen.text)
        pieces = (
            *("Usually decided in about 2 hours", "the console", "签名无法识别主体，", "请提交与资质一致的名称"),
            *("one", "a=b", "two", "aliyun", "in review", "tencent", "ready", "Next", "edit #17 …", "history"),
        )
        position = len(fold(first))
        for piece in pieces:
            assert piece in read[position:], piece
            position = read.index(piece, position) + len(piece)
        assert "the console" in seen.text
        assert seen.links == room.links_of("https://console.example/x")
        assert seen.mentions == ()
        room.pause()


async def test_what_can_be_pressed_says_what_a_command_would(room: Room) -> None:
    buttons = (Button("status", "#17", "Details"), Button("delete", "#17", "Delete", dangerous=True))
    seen = await room.shown(room.a_post("A card", buttons=buttons, blocks=(Commands("Next", ("status #17",)),)))
    assert "status #17" in seen.text
    needs(Gift.BUTTONS in room.gifts, "buttons")
    assert seen.buttons == ("Details", "Delete")
    heard = await room.say("Delete", "button")
    assert (heard.text, heard.actor) == ("delete #17", room.me)


async def test_who_is_mentioned_is_called_and_nobody_else(room: Room) -> None:
    others = (Mention("elsewhere:U0BOB", "bob"), Mention("elsewhere:user0123", "李四"))
    seen = await room.shown(room.a_post("approved ", *others))
    assert "@bob" in seen.text
    assert "@李四" in seen.text
    assert room.called() == set()
    seen = await room.shown(room.a_post("approved ", Mention(room.me.key, room.me.name)))
    needs(isinstance(room.chat, Connected), "people who are elsewhere")
    assert room.called() == {room.me.user}
    room.pause()
    way = next(way for way, direct in room.ways.items() if not direct)
    heard = await room.say("status", way)
    seen = await room.shown(room.a_post("for ", Mention(room.other.key, room.other.name), answers=heard.origin))
    assert seen.mentions == (room.other.user,)


@pytest.mark.parametrize("key", ["{0}:<!channel>", "{0}:T0HOME/!here", "{0}:a b", "{0}:", "nonsense"])
async def test_a_key_that_is_nobodys_calls_nobody(room: Room, key: str) -> None:
    seen = await room.shown(room.a_post("for ", Mention(key.format(room.chat.name), "the name")))
    assert "@the name" in seen.text
    assert room.called() == set()


async def test_an_answer_is_for_whoever_asked_and_what_concerns_everybody_for_all(room: Room) -> None:
    for way, direct in room.ways.items():
        if way == "button":
            await room.chat.post(room.a_post("A card", buttons=(Button("status", "#17", "Details"),)))
        heard = await room.say("Details" if way == "button" else "status", way)
        answer = room.a_post("You may not.", place=heard.place, answers=heard.origin, asker=heard.actor.key)
        if direct:
            await room.chat.post(answer)
            assert "You may not." in room.read_in_private()
            continue
        seen = await room.shown(answer)
        assert "You may not." in seen.text
        assert seen.only == (room.me.user if room.chat.abilities.whispers else ""), way
        seen = await room.shown(room.a_post("A question", place=heard.place, answers=heard.origin))
        assert seen.only == "", way
        room.pause()


async def test_an_answer_with_a_picture_is_shown_to_all_where_pictures_cannot_be_whispered(room: Room) -> None:
    way = next((way for way, direct in room.ways.items() if not direct), "")
    needs(way, "conversation of several")
    heard = await room.say("quota", way)
    picture = Picture("quota.png", PNG, "what is left")
    seen = await room.shown(
        room.a_post("Quota", blocks=(picture,), place=heard.place, answers=heard.origin, asker=heard.actor.key)
    )
    assert seen.only == ""


async def test_an_answer_takes_the_place_of_one_that_only_the_asker_sees(room: Room) -> None:
    needs(room.chat.abilities.whispers, "messages for one person")
    way = next(way for way, direct in room.ways.items() if not direct)
    heard = await room.say("sign list", way)
    page = Button("status", "#17", "Next page", turns=True)
    await room.chat.post(
        room.a_post("Page 1", buttons=(page,), place=heard.place, answers=heard.origin, asker=heard.actor.key)
    )
    count = room.count()
    pressed = await room.say("Next page", "button")
    assert pressed.replaces
    await room.chat.edit(pressed.replaces, room.a_post("Page 2", answers=pressed.origin, asker=pressed.actor.key))
    assert room.count() == count
    assert (room.seen()[-1].text, room.seen()[-1].only) == ("Page 2", room.me.user)
    room.forget_what_was_asked()
    with pytest.raises(NotEditable):
        await room.chat.edit(pressed.replaces, room.a_post("Page 3", answers=pressed.origin, asker=pressed.actor.key))


# --- Threads and edits ------------------------------------------------------------------------------------------------


async def test_news_stand_under_their_card_and_what_is_final_is_seen_by_all(room: Room) -> None:
    card = await room.chat.post(room.a_post("A card", card=Card("batch:1", "#1", "in_review")))
    news = await room.shown(room.a_post("Some news", under=card))
    end = await room.shown(room.a_post("The result", under=card, final=True))
    assert ("Some news" in news.text, "The result" in end.text) == (True, True)
    needs(room.chat.abilities.threads, "threads")
    assert news.thread == end.thread == card.rpartition(":")[2]
    assert (news.loud, end.loud) == (False, True)


async def test_news_whose_card_is_gone_are_told_all_the_same(room: Room) -> None:
    seen = await room.shown(room.a_post("Some news", under="C0SMS:1.000001", final=True))
    assert "Some news" in seen.text


async def test_a_card_is_edited_in_place_or_stays_as_it_is(room: Room) -> None:
    first = room.a_post("In review", mark=Mark.WAITING, card=Card("batch:1", "#1", "in_review"))
    then = room.a_post("Ready", mark=Mark.GOOD, card=Card("batch:1", "#1", "ready"))
    card = await room.chat.post(first)
    if not room.chat.abilities.edits:
        with pytest.raises(DeliveryFailed, match=" "):
            await room.chat.edit(card, then)
        assert [seen.text for seen in room.seen()] == ["⏳ In review"]
        return
    await room.chat.edit(card, then)
    assert [seen.text for seen in room.seen()] == ["✅ Ready"]
    await room.restart()
    await room.chat.edit(card, first)
    assert [seen.text for seen in room.seen()] == ["⏳ In review"]
    with pytest.raises(DeliveryFailed, match=" "):
        await room.chat.edit(room.unknown_message, then)
    assert len(room.seen()) == 1


async def test_a_message_is_known_by_its_address(room: Room) -> None:
    chat = room.chat
    needs(isinstance(chat, Links), "addresses of messages")
    assert isinstance(chat, Links)
    posted = await chat.post(room.a_post("Here."))
    address = await chat.link(posted)
    assert address
    assert chat.meant(address, "") == chat.meant(f"<{address}>", room.place.conversation) == posted
    assert chat.meant(posted.rpartition(":")[2], room.place.conversation) == posted
    for nothing in ("", "17", "A5", "https://a.example/archives", room.place.conversation):
        assert chat.meant(nothing, room.place.conversation) == ""
