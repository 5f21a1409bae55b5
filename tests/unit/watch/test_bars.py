"""Bars of quota."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.watch.readings import CELLS, bar


@pytest.mark.parametrize(
    ("share", "drawn"),
    [
        ("0", "░░░░░░░░░░"),
        ("0.001", "▓░░░░░░░░░"),
        ("0.47", "▓▓▓▓░░░░░░"),
        ("0.999", "▓▓▓▓▓▓▓▓▓░"),
        ("1", "▓▓▓▓▓▓▓▓▓▓"),
        ("1.2", "▓▓▓▓▓▓▓▓▓▓"),
        ("-0.1", "░░░░░░░░░░"),
    ],
)
def test_full_and_empty_are_said_only_of_what_is(share: str, drawn: str) -> None:
    assert bar(Decimal(share)) == drawn


@given(st.decimals(-2, 2), st.decimals(-2, 2))
def test_more_never_looks_like_less(one: Decimal, other: Decimal) -> None:
    less, more = sorted((one, other))

    assert bar(less).count("▓") <= bar(more).count("▓")
    assert len(bar(one)) == CELLS
