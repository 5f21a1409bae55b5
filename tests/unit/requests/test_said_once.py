"""What is said where nothing follows: `signpost say` prints its answer and ends."""

from collections.abc import Sequence
from dataclasses import replace

from bot.contracts.message import Block, Text, plain
from bot.requests.cards import single
from tests.given import MONDAY, a_request
from tests.reading import views


def text_of(blocks: Sequence[Block]) -> str:
    return "\n".join(plain(block.line) for block in blocks if isinstance(block, Text))


def test_whoever_says_one_command_is_told_who_follows_it() -> None:
    """Nothing is posted later where `signpost say` printed its answer."""
    told = {code: single(replace(view, once=True), a_request()).blocks for code, view in views(MONDAY).items()}
    assert "expected today 12:00. signpost run follows it." in text_of(told["en"])
    assert "预计今天 12:00 前。后续由 signpost run 跟踪。" in text_of(told["zh"])
    assert "I will post the result here." in text_of(single(views(MONDAY)["en"], a_request()).blocks)
