"""Parts and price of a message."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Kind
from bot.contracts.rules import Draft
from bot.requests.check.segments import of_draft, parts, price
from bot.running.rulebooks import STANDARDS


@pytest.mark.parametrize(
    ("text", "international", "count", "characters"),
    [
        ("字" * 70, False, 1, 70),
        ("字" * 71, False, 2, 71),
        ("a" * 160, False, 3, 160),  # at home Latin letters count as Chinese ones: 67 + 67 + 26 (facts, Alibaba 10.3)
        ("a" * 160, True, 1, 160),
        ("a" * 161, True, 2, 161),
        ("a" * 306, True, 2, 306),
        ("a" * 307, True, 3, 307),
        ("€" * 80, True, 1, 160),
        ("a" * 152 + "€" + "a" * 152 + "€" + "a", True, 3, 309),  # none is torn apart between two parts
        ("字" * 71, True, 2, 71),
        ("é" * 70, True, 1, 70),
        ("😀" * 35, True, 1, 70),
        ("", False, 1, 0),
    ],
)
def test_counting(text: str, international: bool, count: int, characters: int) -> None:
    made = parts(text, international=international)
    assert (made.count, made.characters) == (count, characters)


@given(st.text(max_size=400), st.booleans())
def test_more_text_never_costs_less(text: str, international: bool) -> None:
    assert parts(text + "a", international=international).count >= parts(text, international=international).count


def test_a_message_has_its_signature_and_values() -> None:
    draft = Draft(
        Kind.TEMPLATE,
        "otp",
        content="验证码${code}，${minutes}分钟内有效",
        values={"sign": "云澜", "sample.code": "1234"},
    )
    made = of_draft(draft)
    assert made.characters == len("【云澜】验证码1234，${minutes}分钟内有效")
    assert made.unfilled == ("minutes",)


def test_a_price_is_that_of_all_parts() -> None:
    draft = Draft(Kind.TEMPLATE, "promo", content="字" * 100)
    found = price(draft, STANDARDS["alibaba"])
    assert found is not None
    assert found[0] == Decimal("0.110")
    assert price(draft, STANDARDS["tencent"]) is None
    assert price(Draft(Kind.TEMPLATE, "promo", True, content="x"), STANDARDS["alibaba"]) is None
