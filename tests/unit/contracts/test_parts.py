"""The parts of a digital message: in which order words and files come, and which places are wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Paper
from bot.contracts.parts import misplaced, parts, words

FILES = tuple(Paper(f"{number}.png", b"x", "image/png") for number in (1, 2, 3))


def shown(content: str, files: int = 2) -> list[str]:
    return [part.words or (part.file.name if part.file else "") for part in parts(content, FILES[:files])]


@pytest.mark.parametrize(
    ("content", "order"),
    [
        ("新品上市", ["1.png", "2.png", "新品上市"]),
        ("新品上市\n(1)\n到店有礼\n(2)\n拒收请回复R", ["新品上市", "1.png", "到店有礼", "2.png", "拒收请回复R"]),
        ("（２）\n新品\n上市\n （1） ", ["2.png", "新品\n上市", "1.png"]),
        ("(1)(2) 同一行不是位置", ["1.png", "2.png", "(1)(2) 同一行不是位置"]),
        ("", ["1.png", "2.png"]),
    ],
)
def test_the_order(content: str, order: list[str]) -> None:
    assert shown(content) == order
    assert misplaced(content, 2) == ()


@pytest.mark.parametrize(
    ("content", "wrong"),
    [("(3)\n新品", (3, 1, 2)), ("(1)\n新品\n(1)\n(2)", (1,)), ("(1)\n新品", (2,)), ("(0)\n(1)\n(2)", (0,))],
)
def test_places_that_are_wrong(content: str, wrong: tuple[int, ...]) -> None:
    assert misplaced(content, 2) == wrong


@given(st.lists(st.sampled_from(["新品上市", "${name}您好", "", "(1)", "（2）", "(3)", "a (1) b"]), max_size=8))
def test_every_file_stands_once_where_nothing_is_wrong_and_no_word_is_lost(lines: list[str]) -> None:
    content = "\n".join(lines)
    found = parts(content, FILES)
    said = "".join(part.words for part in found).replace("\n", "")
    assert said == words(content).replace("\n", "")
    if not misplaced(content, len(FILES)):
        assert sorted(part.file.name for part in found if part.file) == [file.name for file in FILES]
