"""Typed texts, parsed with the commands of the specification."""

from bot.commands.command import Command, Mistake, Parsed, Vocabulary
from bot.commands.parsing import parse
from tests.unit.commands.spoken import VOCABULARY, router

ROUTER = router()
ALL = ("aliyun", "tencent", "ucloud")


def read(text: str, vocabulary: Vocabulary = VOCABULARY) -> Parsed:
    return parse(text, ROUTER, vocabulary)


def understood(text: str, vocabulary: Vocabulary = VOCABULARY) -> Command:
    parsed = read(text, vocabulary)
    assert isinstance(parsed, Command), parsed
    assert parsed.raw == text
    return parsed


def mistaken(text: str, vocabulary: Vocabulary = VOCABULARY) -> Mistake:
    parsed = read(text, vocabulary)
    assert isinstance(parsed, Mistake), parsed
    return parsed
