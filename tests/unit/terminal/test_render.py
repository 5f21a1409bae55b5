import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wcwidth import wcswidth

from bot.contracts.message import (
    SIGNS,
    Block,
    Button,
    Code,
    Commands,
    Items,
    Line,
    Link,
    Mark,
    Mention,
    Message,
    Part,
    Quote,
    Strong,
    Table,
    Text,
)
from integrations.terminal.render import MIN_WIDTH, literal, render


def english(message: Message, width: int = 80) -> str:
    return render(message, width=width, colour=False, language="en")


def chinese(message: Message, width: int = 60) -> str:
    return render(message, width=width, colour=False, language="zh")


def block(*blocks: Block, width: int = 80) -> str:
    return english(Message(title=(), blocks=blocks), width)


# --- Whole messages --------------------------------------------------------------------------------------------------

SUBMITTED = Message(
    title=(Strong("#17 signature 速达物流 at aliyun: in review"), " · ", Mention("slack:T1/U1", "submitter")),
    mark=Mark.WAITING,
    blocks=(
        Text(("Usually decided in about 2 open hours: expected today by 15:40. I will post the result here.",)),
        Text(("There it is: ", Link("https://console.example/sms?id=17", "console"))),
        Commands("Next", ("status #17", "edit #17")),
    ),
    buttons=(Button("status", "#17", "Details"),),
)

REJECTED = Message(
    title=(Strong("#19 速达 未通过腾讯云审核"), " · ", Mention("dingtalk:c/u", "提交人")),
    mark=Mark.BAD,
    blocks=(
        Quote("签名无法识别主体，请提交与资质一致的名称\n（审核员 3 号）"),
        Text(("审核员无法从“速达”看出是哪家公司（规则：名称可识别），近 9 次未通过中有 6 次是这个原因。",)),
        Items((("改用企业全称或常用简称：", Strong("速达物流")), ("或附上商标证书：", Code("修改 #19 证明=商标.png")))),
        Commands("下一步", ("修改 #19", "状态 #19")),
    ),
)

CHECKED = Message(
    title=("Checked at 3 vendors",),
    mark=Mark.WARNING,
    blocks=(
        Table(
            ("", "aliyun", "腾讯云", "ucloud"),
            (
                (("link in a verification text",), ("❌",), ("❌",), ("⚠️ carriers block it",)),
                (("验证码短信含两个变量",), ("❌ one allowed",), ("✅",), ("✅",)),
                (("length",), ("✅ ", Code("70")), ("✅",)),
            ),
        ),
    ),
)


def test_a_message_in_english() -> None:
    assert english(SUBMITTED) == (
        "⏳ #17 signature 速达物流 at aliyun: in review · @submitter\n"
        "Usually decided in about 2 open hours: expected today by 15:40. I will post the\n"
        "result here.\n"
        "There it is: console (https://console.example/sms?id=17)\n"
        "Next: `status #17` · `edit #17`"
    )


def test_a_message_in_chinese() -> None:
    assert chinese(REJECTED) == (
        "❌ #19 速达 未通过腾讯云审核 · @提交人\n"
        "> 签名无法识别主体，请提交与资质一致的名称\n"
        "> （审核员 3 号）\n"
        "审核员无法从“速达”看出是哪家公司（规则：名称可识别），近 9\n"
        "次未通过中有 6 次是这个原因。\n"
        "• 改用企业全称或常用简称：速达物流\n"
        "• 或附上商标证书：`修改 #19 证明=商标.png`\n"
        "下一步：`修改 #19` · `状态 #19`"
    )


def test_a_message_in_colour() -> None:
    assert render(SUBMITTED, width=80, colour=True, language="en") == (
        "⏳ \x1b[1m#17 signature 速达物流 at aliyun: in review\x1b[0m · @submitter\n"
        "Usually decided in about 2 open hours: expected today by 15:40. I will post the\n"
        "result here.\n"
        "There it is: console (https://console.example/sms?id=17)\n"
        "Next: \x1b[36mstatus #17\x1b[0m · \x1b[36medit #17\x1b[0m"
    )


def test_the_columns_of_a_table_line_up_over_chinese_and_signs() -> None:
    assert english(CHECKED) == (
        "⚠️ Checked at 3 vendors\n"
        "                             aliyun          腾讯云  ucloud\n"
        "-------------------------------------------------------------------------\n"
        "link in a verification text  ❌              ❌      ⚠️ carriers block it\n"
        "验证码短信含两个变量         ❌ one allowed  ✅      ✅\n"
        "length                       ✅ `70`         ✅"
    )


def test_a_table_that_is_a_little_too_wide_wraps_in_its_columns() -> None:
    assert english(CHECKED, 66) == (
        "⚠️ Checked at 3 vendors\n"
        "                      aliyun          腾讯云  ucloud\n"
        "------------------------------------------------------------------\n"
        "link in a             ❌              ❌      ⚠️ carriers block it\n"
        "verification text\n"
        "验证码短信含两个变量  ❌ one allowed  ✅      ✅\n"
        "length                ✅ `70`         ✅"
    )


def test_a_table_that_is_much_too_wide_is_listed() -> None:
    assert english(CHECKED, 40) == (
        "⚠️ Checked at 3 vendors\n"
        "• link in a verification text\n"
        "  aliyun: ❌\n"
        "  腾讯云: ❌\n"
        "  ucloud: ⚠️ carriers block it\n"
        "• 验证码短信含两个变量\n"
        "  aliyun: ❌ one allowed\n"
        "  腾讯云: ✅\n"
        "  ucloud: ✅\n"
        "• length\n"
        "  aliyun: ✅ `70`\n"
        "  腾讯云: ✅"
    )


def test_a_listed_cell_that_is_long_hangs_behind_its_head() -> None:
    table = Table(("name", "reason"), ((("速达物流",), ("the name is not the one on the licence",)),))
    assert block(table, width=20) == "• 速达物流\n  reason: the name\n    is not the one\n    on the licence"


# --- Blocks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", Mark)
def test_every_mark_has_its_sign(mark: Mark) -> None:
    title = english(Message(title=("it",), mark=mark))
    assert title == (f"{SIGNS[mark]} it" if mark is not Mark.NONE else "it")


def test_every_mark_has_a_sign_of_its_own() -> None:
    assert len({SIGNS[mark] for mark in Mark}) == len(Mark)


def test_nothing_is_shown_of_what_is_empty() -> None:
    assert block(Items(()), Table((), ()), Commands("Next", ())) == ""


def test_buttons_are_left_to_the_typed_commands() -> None:
    assert "Details" not in english(SUBMITTED)


def test_a_link_whose_label_is_its_address_is_shown_once() -> None:
    assert block(Text((Link("https://a.example", "https://a.example"),))) == "https://a.example"


def test_wrapped_items_hang_behind_their_bullet_and_quotes_behind_their_bar() -> None:
    text = "one two three four five"
    assert block(Items(((text,), ("six",))), Quote(text), width=20) == (
        "• one two three four\n  five\n• six\n> one two three four\n> five"
    )


def test_line_ends_in_free_text_are_kept_and_cannot_leave_their_block() -> None:
    assert block(Quote("a\r\nb\rc\u2028d\n"), Items((("e\nf",),))) == "> a\n> b\n> c\n> d\n• e\n  f"


def test_titles_cells_and_commands_are_one_line() -> None:
    message = Message(
        title=("#1 a\n✅ #2 b",),
        blocks=(Table(("h\n1",), ((("x\ny",),),)), Commands("Next", ('edit #1 remark="a\nb"',))),
    )
    assert english(message) == '#1 a ✅ #2 b\nh 1\n---\nx y\nNext: `edit #1 remark="a b"`'


# --- Wrapping --------------------------------------------------------------------------------------------------------


def test_chinese_wraps_by_columns_and_keeps_punctuation_where_it_belongs() -> None:
    assert block(Text(("一二三四五六七八九，“十一”十二",)), width=20) == "一二三四五六七八九，\n“十一”十二"
    assert block(Text(("一二三四五六七八九十，十一",)), width=20) == "一二三四五六七八九\n十，十一"
    assert block(Text(("一二三四五六七八九（十）",)), width=20) == "一二三四五六七八九\n（十）"


def test_a_word_longer_than_the_line_is_cut() -> None:
    assert block(Text(("see " + "x" * 45,)), width=20) == f"see\n{'x' * 20}\n{'x' * 20}\n{'x' * 5}"


def test_a_command_stays_whole_when_it_fits_a_line() -> None:
    assert block(Commands("Next", ("status #17", "edit #17 name=abc")), width=24) == (
        "Next: `status #17` ·\n`edit #17 name=abc`"
    )
    assert block(Commands("Next", ("edit #17 name=abc remark=def",)), width=24) == (
        "Next:\n`edit #17 name=abc\nremark=def`"
    )


def test_a_screen_too_narrow_for_anything_is_taken_for_a_narrow_one() -> None:
    assert block(Text(("word " * 9,)), width=0) == block(Text(("word " * 9,)), width=MIN_WIDTH)


# --- What must not reach a terminal ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "[31mred[0m"),
        ("\x1b]0;title\x07", "]0;title"),
        ("\x9b2J", "2J"),
        ("a\x00\x08b\x7f", "ab"),
        ("abc\u202edef\u2066", "abcdef"),
        ("zero\u200bwidth\u200d\ufeff\u00ad", "zerowidth"),
        ("tag\U000e0041\u3164\u034f", "tag"),
        ("lone \ud83d", "lone "),
        ("tab\tbed", "tab bed"),
        ("⚠️ é 速达", "⚠️ é 速达"),
    ],
)
def test_characters_that_steer_instead_of_being_read_are_dropped(written: str, shown: str) -> None:
    assert literal(written) == shown
    assert block(Quote(written)) == f"> {shown}".rstrip()


def test_line_ends_of_every_kind_are_one_kind() -> None:
    assert literal("a\r\nb\rc\vd\fe\x85f\u2029g") == "a\nb\nc\nd\ne\nf\ng"


texts = st.text(max_size=60) | st.text(alphabet="\x1b[0;31m\x07\x9b\u202e\u200d\r\n\t 速达，（）`\u0301️⚠", max_size=40)
parts: st.SearchStrategy[Part] = st.one_of(
    texts,
    st.builds(Strong, texts),
    st.builds(Code, texts),
    st.builds(Mention, key=texts, name=texts),
    st.builds(Link, url=texts, label=texts),
)
lines: st.SearchStrategy[Line] = st.lists(parts, max_size=3).map(tuple)
blocks: st.SearchStrategy[Block] = st.one_of(
    st.builds(Text, lines),
    st.builds(Quote, texts),
    st.builds(Items, st.lists(lines, max_size=3).map(tuple)),
    st.builds(
        Table,
        head=st.lists(texts, max_size=4).map(tuple),
        rows=st.lists(st.lists(lines, max_size=4).map(tuple), max_size=3).map(tuple),
    ),
    st.builds(Commands, label=texts, commands=st.lists(texts, max_size=3).map(tuple)),
)
messages = st.builds(
    Message,
    title=lines,
    mark=st.sampled_from(Mark),
    blocks=st.lists(blocks, max_size=3).map(tuple),
    buttons=st.just(()),
)
OURS = re.compile(r"\x1b\[(?:0|1|2|36)m")


@given(message=messages, width=st.integers(0, 120), colour=st.booleans(), language=st.sampled_from(["en", "zh"]))
def test_whatever_was_written_the_terminal_gets_text_and_our_own_colours(
    message: Message, width: int, colour: bool, language: str
) -> None:
    shown = render(message, width=width, colour=colour, language=language)
    bare = OURS.sub("", shown) if colour else shown
    assert "\x1b" not in bare
    assert not {char for char in bare if char != "\n" and unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    bare.encode()
    for line in bare.split("\n"):
        assert wcswidth(line) <= max(width, MIN_WIDTH)
    for line in shown.split("\n"):
        assert line.count("\x1b[0m") * 2 == line.count("\x1b")  # no colour outlives its line


@given(text=texts)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert literal(literal(text)) == literal(text)


@given(text=st.text(alphabet="速达物流，。（）ab 1", min_size=1, max_size=80), width=st.integers(20, 40))
def test_wrapping_loses_nothing_but_spaces(text: str, width: int) -> None:
    assert re.sub(r"\s", "", block(Text((text,)), width=width)) == text.replace(" ", "")


def test_a_title_breaks_where_its_parts_meet() -> None:
    head, news = "A1 aliyun: 2.9% of the packages left (below 3%)", "Still so, for 23 h 9 min. Nobody has taken it yet."
    message = Message(title=(Strong(head), " · ", news), mark=Mark.ALERT)
    assert render(message, width=99, colour=False, language="en").splitlines() == [f"🔴 {head}", f"· {news}"]
    assert render(message, width=140, colour=False, language="en") == f"🔴 {head} · {news}"
    assert all(len(row) <= 40 for row in render(message, width=40, colour=False, language="en").splitlines())
