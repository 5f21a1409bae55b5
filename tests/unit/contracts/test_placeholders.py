"""Placeholders as vendors count them."""

from bot.contracts.placeholders import counted, dollared


def test_a_vendors_own_numbers_are_kept_in_its_order() -> None:
    content = "{2}, {1} and {2}: {10}; ${code} is none of its"
    assert dollared(content) == "${v2}, ${v1} and ${v2}: ${v10}; ${code} is none of its"
    assert counted(content) == ("v1", "v2", "v10")
