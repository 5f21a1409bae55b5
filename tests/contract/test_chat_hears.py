"""What is said in a chat arrives, with who said it and where, and once."""

import pytest

from bot.contracts.chat import Connected, Titles
from bot.contracts.message import Button
from bot.contracts.model import Attachment, Incoming, Words
from tests.contract.rooms.room import PNG, Gift, Room, needs


async def button_of(room: Room, label: str = "Details", target: str = "#17") -> None:
    await room.chat.post(room.a_post("something to press", buttons=(Button("status", target, label),)))


async def test_what_was_said_arrives_with_who_said_it_and_where(room: Room) -> None:
    for way, direct in room.ways.items():
        text = "status #17"
        if way == "button":
            await button_of(room)
        heard = await room.say("Details" if way == "button" else text, way)
        assert heard.text == text, way
        assert heard.actor == room.me, way
        assert heard.direct is direct, way
        assert heard.place.platform == room.chat.name
        if not direct:
            assert heard.place.conversation == room.place.conversation
        assert heard.origin
        assert heard.files == ()
    assert len(room.heard) == len(room.ways)
    assert len({heard.origin for heard in room.heard}) == len(room.heard)


async def test_an_answer_to_one_to_one_reaches_them(room: Room) -> None:
    way = next(way for way, direct in room.ways.items() if direct)
    heard = await room.say("status", way)
    assert await room.chat.post(room.a_post("One to one.", place=heard.place, answers=heard.origin)) is not None
    assert "One to one." in room.read_in_private()


@pytest.mark.parametrize(
    "text", ["签名 提交 全部 速达物流 来源=企业", "sign submit all 😀 a=“b c”", "edit #17 content=${code}"]
)
async def test_what_was_typed_is_not_changed(room: Room, text: str) -> None:
    for way in room.ways:
        if way != "button":
            assert (await room.say(text, way)).text == text, way


async def test_the_same_delivery_twice_is_handed_over_once_and_known_again_after_a_restart(room: Room) -> None:
    needs(Gift.REPEATS in room.gifts, "deliveries that come again")
    for way in room.ways:
        if way == "button":
            await button_of(room)
        first = await room.say("Details" if way == "button" else "status #17", way)
        count = len(room.heard)
        await room.repeat()
        await room.chat.stop()  # lets what was begun end
        assert len(room.heard) == count, way

        await room.restart()
        await room.repeat()
        again = await room.until_heard(count + 1)
        assert (again.origin, again.actor, again.place, again.text) == (
            first.origin,
            first.actor,
            first.place,
            first.text,
        )


async def test_files_arrive_whole(room: Room) -> None:
    needs(Gift.FILES in room.gifts, "files")
    for way, direct in room.ways.items():
        if way in ("command", "button"):
            continue
        heard = await room.say("edit #17", way, files=(Attachment("licence.png", PNG),))
        assert [file.content for file in heard.files] == [PNG], way
        assert heard.files[0].name.endswith(".png")
        assert (heard.text, heard.direct) == ("edit #17", direct)


async def test_who_is_of_another_organisation_is_known_as_such(room: Room) -> None:
    needs(Gift.OUTSIDERS in room.gifts, "people of other organisations")
    heard = await room.say("status", outsider=True)
    assert heard.actor.outsider
    assert heard.actor.key != room.me.key
    assert not (await room.say("status")).actor.outsider


async def test_one_thing_that_cannot_be_dealt_with_does_not_end_it(room: Room) -> None:
    needs(isinstance(room.chat, Connected), "boundary of its own: who waits at the terminal is told")

    def fail(incoming: Incoming) -> None:
        if incoming.text == "break":
            raise RuntimeError("a fault of ours")

    room.on_hearing = fail
    await room.say("break")
    assert (await room.say("status")).text == "status"


async def test_it_tells_how_it_is_connected(unstarted: Room) -> None:
    room = unstarted
    needs(isinstance(room.chat, Connected), "connections")
    assert isinstance(room.chat, Connected)
    assert " " in room.chat.failing
    await room.start()
    assert room.chat.failing == ""
    assert all(isinstance(fact, Words) and fact.en and fact.zh for fact in room.chat.facts)
    assert room.chat.facts


async def test_a_conversation_is_called_what_people_call_it_over_restarts(room: Room) -> None:
    needs(bool(room.title), "names of conversations")
    way = next(way for way, direct in room.ways.items() if not direct and way != "button")
    await room.say("status", way)
    for _ in range(2):
        assert isinstance(room.chat, Titles)
        assert await room.chat.title(room.place.conversation) == room.title
        await room.chat.stop()
        await room.restart()
