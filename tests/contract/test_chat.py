"""What every chat must do: one suite, run against each of them over real sockets and pipes.

The clients are the production ones; the other side is an emulator of the platform, which shares no code with them. What
a chat cannot do, it declares (`ChatAbilities`), and what its platform has not, its room does.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.clock import SystemClock
from bot.errors import DeliveryFailed, DeliveryRetry
from bot.memory import Recorded
from bot.message import Button, Code, Commands, Items, Line, Link, Mark, Mention, Quote, Strong, Table, Text
from bot.model import Attachment, Incoming, Words
from bot.ports import Card, Connected, Forgetful, Memory, Post
from bot.store.database import Database
from tests.contract.rooms.room import (
    PNG,
    ROOMS,
    SIGNS,
    Gift,
    Room,
    Seen,
    TerminalRoom,
    Trouble,
    fold,
    room_of,
    steering,
)

AT_ONCE = 1.0
"""Seconds within which something is over that waits for nobody."""

STOPPED = 2.0
"""Seconds within which a chat has stopped, whatever it was doing."""

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(params=tuple(ROOMS))
def name(request: pytest.FixtureRequest) -> str:
    """Each chat in turn."""
    return str(request.param)


@pytest.fixture
async def room(name: str) -> AsyncIterator[Room]:
    async with room_of(name) as room:
        yield room


@pytest.fixture
async def unstarted(name: str) -> AsyncIterator[Room]:
    async with room_of(name, started=False) as room:
        yield room


def needs(has: object, what: str) -> None:
    """Skip where a chat or its platform does not have something."""
    if not has:
        pytest.skip(f"it has no {what}")


# --- In --------------------------------------------------------------------------------------------------------------


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


# --- Out -------------------------------------------------------------------------------------------------------------

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


# --- Dangerous text --------------------------------------------------------------------------------------------------

FRAGMENTS = (
    *("<!channel>", "<!here>", "<!everyone>", "<@U0ALICE>", "<!subteam^S0SMS>", "<#C0SMS>", "@channel", "@here"),
    *("<https://evil.example|click>", "https://evil.example/x", "http://evil.example", "//evil.example", "ftp://e.x"),
    *("@all", "@所有人", "@manager4567", "@U0ALICE", "a@b.example", "[x](https://evil.example)", "![](https://e.x/y)"),
    *(
        "[是](dtmd://dingtalkclient/sendMessage?content=%E6%98%AF)",
        "dtmd://dingtalkclient/",
        "www.evil.example",
        "](",
        "[",
    ),
    *("**b**", "*i*", "_i_", "~~s~~", "~s~", "`c`", "```", "*", "_", "`", "~", "|", "\\", "# h", "> q", "- l", "+ l"),
    *("1. n", "2) n", "---", "***", "&lt;!channel&gt;", "&amp;", "&#64;all", "&frac12;", "&", "<", ">", "<b>", "<br>"),
    *("<font color=red>", "<a atId=manager4567>", ":smile:", "\x1b[31m", "\x1b]0;t\x07", "\x00", "\x07", "\x08"),
    *("\r", "\n", "\n\n", "\r\n", "\t", "\v", "\x85", "\u2028", "\u202e", "\u202d", "\u2066", "\u2069", "\u200b"),
    *(
        "\u200d",
        "\ufeff",
        "\u2060",
        "\u00ad",
        "\U000e0041",
        "\U0001f600",
        "👨‍👩‍👧",
        "𠮷",
        "e\u0301",
        "\ud800",
        "\udfff",
    ),
    *(" ", "  ", "\u3000", "速达物流", "短信", "a", "Z", "1", "。", "，", ":", "/", "(", ")", "!", "#17", "${code}"),
)
hostile = st.one_of(
    st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=8).map("".join),
    st.text(max_size=40),
)


def with_(text: str) -> tuple[Line, tuple[object, ...]]:
    """A message with a text in every place that can have one."""
    return ("#17 ", text, " · ", Mention("elsewhere:u1", text)), (
        Text(("It says: ", text)),
        Text((text,)),
        Quote(text),
        Items(((text,), ("row ", text))),
        Table(("Account", text), ((("aliyun",), (text,)), ((text,), ("x",)))),
        Text(("see ", Link("https://console.example/x", text))),
        Text(("key ", Code(text))),
        Commands("Next", (f"edit #17 name={text}",)),
    )


PLACES = 12


@EXAMPLES
@given(text=hostile)
async def test_whatever_people_wrote_is_shown_as_it_is_and_does_nothing(room: Room, text: str) -> None:
    word = fold(text)
    assume(word)
    room.pause()
    title, blocks = with_("harmless")
    harmless = await room.shown(room.a_post(*title, blocks=blocks))
    title, blocks = with_(text)
    seen = await room.shown(room.a_post(*title, blocks=blocks, buttons=(Button("status", "#17", text),)))
    assert fold(seen.text).count(word) >= PLACES, seen.text
    assert word[:20] in fold(seen.notice)
    assert seen.mentions == harmless.mentions == ()
    assert seen.links == harmless.links
    assert not steering(seen.text)
    assert not steering(seen.notice)
    more = seen.shape - harmless.shape
    assert not more, (more, seen.text)
    assert room.called() == set()


@EXAMPLES
@given(text=st.lists(st.sampled_from(FRAGMENTS), min_size=1, max_size=4).map("".join))
async def test_a_card_does_nothing_by_itself_either(room: Room, text: str) -> None:
    word = fold(text)
    assume(word)
    room.pause()

    def card(text: str) -> Post:
        blocks = (Text((text,)), Quote(text), Items(((text,),)), Text(("key ", Code(text))))
        return room.a_post("#17 ", text, blocks=blocks, card=Card("batch:1", "#17", "in_review"))

    harmless = await room.shown(card("harmless"))
    seen = await room.shown(card(text))
    assert fold(seen.text).count(word) >= 5, seen.text
    assert seen.mentions == harmless.mentions == ()
    assert seen.links == harmless.links
    assert not steering(seen.text)
    assert not seen.shape - harmless.shape, seen.text


# --- Lengths ---------------------------------------------------------------------------------------------------------

LENGTHS = (1, 63, 64, 65, 1000, 2999, 3000, 3001, 3499, 3501, 3999, 4001, 5000, 7001, 11_999, 12_001, 14_001, 20_000)


def says_it_is_cut(room: Room, seen: Seen, language: str = "en") -> bool:
    words = room.cut_words.get(language)
    return words is not None and (words in seen.text or words in seen.buttons)


def text_end(seen: Seen) -> str:
    """The last characters, without what markup of code leaves behind them."""
    return fold(seen.text[-300:]).replace(" ", "")


@EXAMPLES
@given(
    char=st.sampled_from(("x", "速", "😀", "&", "<", "*", "“", " a", "x\n")),
    length=st.sampled_from(LENGTHS),
    where=st.sampled_from(("title", "text", "quote", "items", "rows", "command")),
    language=st.sampled_from(("en", "zh")),
)
async def test_any_length_arrives_whole_or_says_what_is_missing(
    room: Room, char: str, length: int, where: str, language: str
) -> None:
    room.pause()
    text = (char * length)[:length]
    rows = (*(text[start : start + 50] for start in range(0, length, 50)), "END")
    text += " END"
    title: Line = (text,) if where == "title" else ("#17 signature 速达物流",)
    block = {
        "title": Text(("below",)),
        "text": Text((text,)),
        "quote": Quote(text),
        "items": Items(tuple((row,) for row in rows)),
        "rows": Table(("n", "what"), tuple(((str(number),), (row,)) for number, row in enumerate(rows))),
        "command": Commands("Next", (f"edit #17 content={text}",)),
    }[where]
    seen = await room.shown(room.a_post(*title, blocks=(block,), language=language))
    assert fold(seen.text).startswith(fold(title[0])[:60].strip())
    if not says_it_is_cut(room, seen, language):
        assert text_end(seen).endswith("below" if where == "title" else "END"), seen.text[-200:]


async def test_what_was_cut_can_be_asked_for_also_after_a_restart(room: Room) -> None:
    needs(Gift.FULL_TEXT in room.gifts, "way to ask for it")
    rows = tuple((f"row {number} 速达物流 in review",) for number in range(900))
    seen = await room.shown(room.a_post("A long list", blocks=(Items(rows),)))
    assert says_it_is_cut(room, seen)
    await room.restart()
    await room.press(seen.buttons[-1])
    assert "row 899 速达物流 in review" in room.full_text()


# --- Threads and edits -----------------------------------------------------------------------------------------------


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


# --- Trouble ---------------------------------------------------------------------------------------------------------


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


# --- Life ------------------------------------------------------------------------------------------------------------


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


def assert_tells_no_secret(room: Room, error: BaseException) -> None:
    """Neither its words nor those of what caused it hold a secret."""
    told = f"{error} {error!r} {error.__cause__!r}"
    assert not [secret for secret in room.secrets if secret in told]


# --- What a chat keeps -----------------------------------------------------------------------------------------------


@pytest.fixture(params=("in this process", "in the record"))
async def memories(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[Memory, Memory]]:
    """The memory of one chat, and that of another."""
    if request.param == "in this process":
        yield Forgetful(), Forgetful()
        return
    async with Database(tmp_path / "record.db") as database:
        yield Recorded(database, "slack", SystemClock()), Recorded(database, "dingtalk", SystemClock())


async def test_a_memory_keeps_the_last_text_and_counts(memories: tuple[Memory, Memory]) -> None:
    memory, other = memories
    assert await memory.get("page") is None
    await memory.put("page", "first")
    await memory.put("page", "列表 全部 2 😀")
    assert await memory.get("page") == "列表 全部 2 😀"
    assert await other.get("page") is None
    assert [await memory.add("calls"), await memory.add("calls", 5), await other.add("calls")] == [1, 6, 1]
    assert await memory.get("calls") == "6"
    counts = await asyncio.gather(*(memory.add("calls") for _ in range(20)))
    assert sorted(counts) == list(range(7, 27))


async def test_a_memory_in_the_record_outlives_the_process(tmp_path: Path) -> None:
    for expected in (None, "kept"):
        async with Database(tmp_path / "record.db") as database:
            memory = Recorded(database, "slack", SystemClock())
            assert await memory.get("card") == expected
            await memory.put("card", "kept")
