"""Placeholders as vendors count them."""

import pytest

from bot.contracts.placeholders import counted, dollared, without_sign


def test_a_vendors_own_numbers_are_kept_in_its_order() -> None:
    content = "{2}, {1} and {2}: {10}; ${code} is none of its"
    assert dollared(content) == "${v2}, ${v1} and ${v2}: ${v10}; ${code} is none of its"
    assert counted(content) == ("v1", "v2", "v10")


@pytest.mark.parametrize(
    "braces", ["{code}", "＄{code}", "$｛code｝", "｛code｝", "$ {code}", "${code｝", "$﹛code﹜", "{{code}"]
)
def test_braces_of_any_width_without_their_sign_are_no_placeholder(braces: str) -> None:
    assert without_sign(f"您的验证码{braces}，${{minutes}}分钟内有效")
