"""Whatever people wrote does nothing by itself, and arrives at any length."""

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from bot.contracts.chat import Card, Post
from bot.contracts.message import Button, Code, Commands, Items, Line, Link, Mention, Quote, Table, Text
from tests.contract.rooms.eye import fold, steering
from tests.contract.rooms.room import Gift, Room, Seen, needs

EXAMPLES = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# --- Dangerous text ---------------------------------------------------------------------------------------------------

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
@example(text="\u3000# h")
@example(text="\u00a0\u2003- h")
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
@example(text="\u3000# h")
@example(text="\u00a0\u2003- h")
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


# --- Lengths ----------------------------------------------------------------------------------------------------------

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
