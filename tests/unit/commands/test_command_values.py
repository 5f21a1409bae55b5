"""Values as people type them in commands and answers, and as they are quoted to them."""

import pytest

from bot.commands.command import Mistake, Pairs, Reason
from bot.commands.parsing import MAX_TEXT, parse_pairs
from bot.commands.tokens import quoted
from tests.unit.commands.parsed import understood
from tests.unit.commands.spoken import KEYS

VALUES = [
    ("source=company", (("source", "company"),)),
    ("ＳＯＵＲＣＥ＝Ｃｏｍｐａｎｙ", (("source", "Ｃｏｍｐａｎｙ"),)),
    ("Source = company", (("source", "company"),)),
    ('remark="a b"', (("remark", "a b"),)),
    ("remark=“a b” type=otp", (("remark", "a b"), ("type", "otp"))),
    ("remark=”a b”", (("remark", "a b"),)),
    ('remark=“a b"', (("remark", "a b"),)),
    ("remark=「a b」", (("remark", "a b"),)),
    ("remark=『a 「b」 c』", (("remark", "a 「b」 c"),)),
    ("remark=＂a b＂", (("remark", "a b"),)),
    ("remark='a b'", (("remark", "a b"),)),
    ("remark=‘a b’", (("remark", "a b"),)),
    ("remark=“他说“好”，了”", (("remark", "他说“好”，了"),)),
    ('content="您的"验证码"是${code}" type=otp', (("content", '您的"验证码"是${code}'), ("type", "otp"))),
    ('name="速达"，content="a b"', (("name", "速达"), ("content", "a b"))),
    ('remark=""', (("remark", ""),)),
    ('content=" a\nb "', (("content", " a\nb "),)),
    ("remark=it's", (("remark", "it's"),)),
    ("remark=「速达」物流", (("remark", "「速达」物流"),)),
    ("remark=ａ\u200bｂ", (("remark", "ａ\u200bｂ"),)),
    ("link=https://a.example/?q=1&r=2", (("link", "https://a.example/?q=1&r=2"),)),
    ("link:https://a.example/?q=1", (("link", "https://a.example/?q=1"),)),
    ("paper=a.png paper=b.png", (("paper", "a.png"), ("paper", "b.png"))),
    ("paper: C:\\papers\\a 1.png", (("paper", "C:\\papers\\a 1.png"),)),
    ("sample.orderNo=5 示例.Code=7 Sample.X=1", (("sample.orderNo", "5"), ("示例.Code", "7"), ("sample.X", "1"))),
    ("note=x", (("note", "x"),)),
    (
        "来源：1 说明：订单与配送 通知，https://suda.example",
        (("来源", "1"), ("说明", "订单与配送 通知，https://suda.example")),
    ),
    (
        "来源: 1 说明: 订单，https://suda.example 类型=otp",
        (("来源", "1"), ("说明", "订单，https://suda.example"), ("类型", "otp")),
    ),
    ("来源：「1」 说明：「a b」", (("来源", "1"), ("说明", "a b"))),
    ("remark: “foo” is good", (("remark", "“foo” is good"),)),
    ("remark: see foo: bar and 12:30", (("remark", "see foo: bar and 12:30"),)),
    (
        "\nsource: company\nremark: Orders, 12:30, a=b: c\r\n资质：x y",
        (("source", "company"), ("remark", "Orders, 12:30, a=b: c"), ("资质", "x y")),
    ),
    (
        "\ncontent=Your code=${code} is here\ntype=otp sign=速达",
        (("content", "Your code=${code} is here"), ("type", "otp"), ("sign", "速达")),
    ),
    ("\ncode=1234 minutes=5", (("code", "1234"), ("minutes", "5"))),
    ("\nsorce: company", (("sorce", "company"),)),
]


@pytest.mark.parametrize(("typed", "values"), VALUES)
def test_values(typed: str, values: tuple[tuple[str, str], ...]) -> None:
    assert understood(f"edit #17 {typed}").values == values


@pytest.mark.parametrize(("typed", "values"), VALUES)
def test_values_of_an_answer(typed: str, values: tuple[tuple[str, str], ...]) -> None:
    assert parse_pairs(typed, KEYS) == Pairs(values)


def test_an_answer_may_have_words_and_mistakes() -> None:
    assert parse_pairs("速达 「a b」 来源：1", KEYS) == Pairs((("来源", "1"),), ("速达", "a b"))
    assert parse_pairs("https://a.example/ok", KEYS) == Pairs((), ("https://a.example/ok",))
    assert parse_pairs("来源：", KEYS) == Mistake(Reason.KEY_WITHOUT_VALUE, "来源")
    assert parse_pairs("x" * (MAX_TEXT + 1), KEYS) == Mistake(Reason.TOO_LONG, limit=MAX_TEXT)


def test_what_looks_like_a_key_but_is_none() -> None:
    assert understood("sign submit https://a.example/x=1").name == "https://a.example/x=1"
    assert understood("sign submit aliyun Re:Zero").name == "Re:Zero"
    assert understood("sign submit aliyun 速达 remark=a\nlink：x").values == (("remark", "a"), ("link", "x"))


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("company", "company"),
        ("a b", '"a b"'),
        ('say "hi" now', '“say "hi" now”'),
        ("", '""'),
        ("「x」", '"「x」"'),
        ("it's", "it's"),
    ],
)
def test_quoted(value: str, typed: str) -> None:
    assert quoted(value) == typed
    assert understood(f"edit #1 remark={typed} type=otp").value("remark") == value


def test_a_value_with_every_kind_of_quote_is_quoted_all_the_same() -> None:
    assert quoted("\" ' “ 「 『") == '"" \' “ 「 『"'
