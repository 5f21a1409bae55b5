"""Numbers as people may read them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.numbers import calling_code, mainland, masked, plain, without_numbers


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13800001234", "138****1234"),
        ("+8613800001234", "138****1234"),
        ("8613800001234", "138****1234"),
        ("008613800001234", "138****1234"),
        ("0086 138-0000-1234", "138****1234"),
        ("１３８００００１２３４", "138****1234"),
        ("(86)13800001234", "138****1234"),
        ("+14155550123", "141****0123"),
        ("(60)123456789", "601****6789"),
        ("12345678", "****5678"),
        ("10086", "****"),
        ("", "****"),
    ],
)
def test_masked(number: str, shown: str) -> None:
    assert masked(number) == shown


def test_the_same_number_in_any_spelling_is_the_same() -> None:
    spellings = ("13800001234", "+86 138 0000 1234", "0086-13800001234", "(0086)13800001234", "8613800001234")
    assert {plain(one) for one in spellings} == {"13800001234"}


def test_a_number_abroad_is_no_number_here() -> None:
    """An American number has the eleven figures of a Chinese mobile one."""
    assert plain("+1 310 555 1234") == plain("(1)3105551234") == "+13105551234" != plain("13105551234")
    assert [mainland(one) for one in ("13105551234", "+8613105551234", "+13105551234", "12345")] == [
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("call me on 13800001234 please", "call me on 138****1234 please"),
        ("138 0000 1234、+86-13900005678", "138****1234、139****5678"),
        ("身份证11010119900101123X谢谢", "身份证****谢谢"),
        ("110101199001011234", "****"),
        ("TD", "TD"),
        ("code 123456, 5 minutes", "code 123456, 5 minutes"),
    ],
)
def test_a_text_without_numbers(text: str, shown: str) -> None:
    assert without_numbers(text) == shown


@given(st.text(alphabet="0123456789 -+xX退订a，", max_size=40))
def test_no_whole_number_is_left(text: str) -> None:
    assert not re.search(r"\d{8}", re.sub(r"[ \-]", "", without_numbers(text).replace("*", "|")).replace("|", "*"))


@pytest.mark.parametrize(
    ("number", "parts"),
    [
        ("+44 7700 900123", ("44", "7700900123")),
        ("(60)1234567", ("60", "1234567")),
        ("00852 9123 4567", ("852", "91234567")),
        ("+14155550123", ("1", "4155550123")),
        ("+7 495 1234567", ("7", "4951234567")),
        ("+886912345678", ("886", "912345678")),
        ("13800001234", ("", "13800001234")),
        ("+8613800001234", ("", "13800001234")),
        ("+", ("", "")),
    ],
)
def test_the_country_of_a_number(number: str, parts: tuple[str, str]) -> None:
    assert calling_code(number) == parts
