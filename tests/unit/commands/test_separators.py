"""Commas and semicolons between pairs: they separate, whatever they are, and never become part of a value."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.command import Pairs
from bot.commands.parsing import parse_pairs
from bot.commands.tokens import quoted
from bot.contracts.fields import check_value, field_for
from bot.contracts.vocabulary import VOCABULARY
from bot.desk.answers import Said, understand
from tests.unit.commands.parsed import understood
from tests.unit.commands.spoken import KEYS

Values = tuple[tuple[str, str], ...]

CASES = [
    # typed behind `edit #17`, and what is said with it
    ("来源=企业 说明：订单通知，资质：8888", (("来源", "企业"), ("说明", "订单通知"), ("资质", "8888"))),
    ("链接=https://suda.example，资质=8888", (("链接", "https://suda.example"), ("资质", "8888"))),
    ("link=https://suda.example, qualification=8888", (("link", "https://suda.example"), ("qualification", "8888"))),
    ("来源：企业，资质：8563，说明：订单通知", (("来源", "企业"), ("资质", "8563"), ("说明", "订单通知"))),
    (
        "source=company, qualification=8563, remark=hello",
        (("source", "company"), ("qualification", "8563"), ("remark", "hello")),
    ),
    ('type=notice，content="您好，资质：1"', (("type", "notice"), ("content", "您好，资质：1"))),
    (
        "来源=企业；资质=8563;说明=订单、类型=通知",
        (("来源", "企业"), ("资质", "8563"), ("说明", "订单"), ("类型", "通知")),
    ),
    ("来源=企业 ， 资质=8563 ;; 说明=订单", (("来源", "企业"), ("资质", "8563"), ("说明", "订单"))),
    ("，来源=企业", (("来源", "企业"),)),
    ("说明：订单通知。资质：8888", (("说明", "订单通知。"), ("资质", "8888"))),
    ("说明：订单，配送，通知；谢谢", (("说明", "订单，配送，通知；谢谢"),)),
    ("说明：他说“你好，资质：1”的，资质：2", (("说明", "他说“你好，资质：1”的"), ("资质", "2"))),
    ("说明=“订单，资质：1”", (("说明", "订单，资质：1"),)),
    ("说明=“订单”，资质=1", (("说明", "订单"), ("资质", "1"))),
    ('content="a"type=otp', (("content", "a"), ("type", "otp"))),
    ("内容=“a”类型=验证码", (("内容", "a"), ("类型", "验证码"))),
    ("\n来源=企业，\n资质=8563；\n说明=订单，", (("来源", "企业"), ("资质", "8563"), ("说明", "订单，"))),
    ("\n说明：订单，通知\n资质：8563", (("说明", "订单，通知"), ("资质", "8563"))),
    ("link=https://a.example/?a=1,2;b=3&type=4", (("link", "https://a.example/?a=1,2;b=3&type=4"),)),
    ("sample.code=1234，sample.minutes=5", (("sample.code", "1234"), ("sample.minutes", "5"))),
    ("paper=a.png,paper=b.png", (("paper", "a.png"), ("paper", "b.png"))),
]


@pytest.mark.parametrize(("typed", "values"), CASES)
def test_a_known_key_behind_a_separator_begins_the_next_pair(typed: str, values: Values) -> None:
    assert understood(f"edit #17 {typed}").values == values
    assert parse_pairs(typed, KEYS) == Pairs(values)


@pytest.mark.parametrize("between", [", ", ",", "，", "； ", "、", "\n", " ，"])
def test_a_name_ends_where_a_pair_begins(between: str) -> None:
    command = understood(f"sign submit aliyun 速达物流{between}source=company")
    assert (command.name, command.values) == ("速达物流", (("source", "company"),))


# --- What is kept of a value -------------------------------------------------------------------------------------------

KEPT = [
    ("source", "company", ",，;；、。."),
    ("type", "otp", ",，;；、。."),
    ("international", "true", ",，;；、。."),
    ("qualification", "8563", ",，;；、。"),
    ("link", "https://suda.example/a?b=1", ",，;；、。！"),
    ("sample.code", "1234", ",，;；、"),
]


@pytest.mark.parametrize(("key", "value", "ends"), KEPT)
def test_punctuation_behind_what_is_no_free_text_is_no_part_of_it(key: str, value: str, ends: str) -> None:
    field = field_for(key, VOCABULARY.values())
    assert field is not None
    for end in ends:
        assert check_value(field, key, f"{value}{end}") == check_value(field, key, value)


@pytest.mark.parametrize("key", ["remark", "content"])
def test_a_free_text_keeps_its_end(key: str) -> None:
    field = field_for(key, VOCABULARY.values())
    assert field is not None
    assert check_value(field, key, "订单通知，")[0] == "订单通知，"


@pytest.mark.parametrize("link", ["https://suda.example，谢谢", "https://suda.example（官网）", "https://a.example。"])
def test_a_link_ends_before_full_width_punctuation(link: str) -> None:
    field = field_for("link", VOCABULARY.values())
    assert field is not None
    value, problem = check_value(field, "link", link)
    assert problem is not None or value == "https://a.example"


# --- Spellings of the same -----------------------------------------------------------------------------------------------

NAMES = {
    "source": ("source", "来源", "SOURCE", "ｓｏｕｒｃｅ"),
    "qualification": ("qualification", "资质", "资质id"),
    "link": ("link", "链接", "网址"),
    "remark": ("remark", "说明", "备注"),
    "international": ("international", "国际"),
}
WORTH = {
    "source": ("company", "trademark"),
    "qualification": ("8563", "8888"),
    "link": ("https://suda.example", "https://suda.example/a?b=1&c=2"),
    "remark": ("订单通知", "订单、配送", "hello", "订单（含配送）。好"),
    "international": ("true", "false"),
}
SAID = st.permutations(sorted(WORTH)).flatmap(
    lambda keys: st.tuples(*(st.tuples(st.just(key), st.sampled_from(WORTH[key])) for key in keys))
)
BETWEEN = st.sampled_from([",", "，", ";", "；", "、", ", ", "， ", " ; ", "； ", "\u3000、", "，\n", "\n", " ", ",,"])


@given(said=SAID, data=st.data())
def test_whatever_stands_between_the_pairs_the_same_is_submitted(said: Values, data: st.DataObject) -> None:
    """Separators, widths, quotes, spellings of keys and their order: all of them mean the same values."""
    typed = ""
    for position, (key, value) in enumerate(said):
        name = data.draw(st.sampled_from(NAMES[key]))
        between = data.draw(BETWEEN) if position else ""
        mark = data.draw(
            st.sampled_from("=＝" if between == " " else "=＝:：")
        )  # a line of a block may have colons in it
        quote = data.draw(st.sampled_from(["", '""', "“”", "「」"]))
        shown = f"{quote[0]}{value}{quote[1]}" if quote else value
        shown = f" {shown}" if shown.startswith("//") else shown
        typed += f"{between}{name}{mark}{shown}"
    typed += data.draw(st.sampled_from(["", "，", ","])) if said[-1][0] != "remark" else ""
    assert submitted(understood(f"edit #17 {typed}").values) == dict(said)
    answered = understand(typed, [], [*VOCABULARY.values()])
    assert isinstance(answered, tuple)
    assert (answered[0], submitted(answered[1])) == (Said.VALUES, dict(said))


def submitted(values: Values) -> dict[str, str]:
    """What a vendor would be told."""
    told = {}
    for key, value in values:
        field = field_for(key, VOCABULARY.values())
        assert field is not None
        kept, problem = check_value(field, key, value)
        assert problem is None, problem
        told[field.key] = kept
    return told


@given(value=st.lists(st.sampled_from([*"，,；;、。 “”a", "资质=1", "类型：otp"]), max_size=8).map("".join))
def test_what_we_offer_to_copy_is_read_as_it_is(value: str) -> None:
    assert understood(f"edit #17 remark={quoted(value)}, type=otp").values == (("remark", value), ("type", "otp"))


def test_all_separators_are_tried() -> None:
    for separator, blank in product(",，;；、﹐﹔､", ("", " ")):
        assert parse_pairs(f"来源：企业{separator}{blank}资质：1", KEYS) == Pairs((("来源", "企业"), ("资质", "1")))


@pytest.mark.parametrize("end", [*",，;；、。！"])
def test_a_key_of_ours_takes_no_punctuation(end: str) -> None:
    assert understood(f"settings language=zh{end}").value("language") == "zh"
    assert understood(f"history since=7d{end} by=mei").value("since") == "7d"
