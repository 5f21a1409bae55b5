"""Sentences, which are said to a person rather than to a program: which commands they seem to be about. Pure."""

import re
from collections.abc import Iterator, Sequence

from bot.commands.command import Declaration

_SENTENCE_WORDS = 3
"""Words from which a text in a script with blanks is a sentence."""

_SENTENCE_CHARACTERS = 5
"""The same without blanks, in Chinese characters."""

_ASKS = re.compile(
    r"[?？]\s*$|吗|怎么|如何|什么|为何|为什么|哪|请问|帮我|帮忙|我想|我要|想要|\b(?:please|what|how|why|where)\b",
    re.IGNORECASE,
)

_BEGINS = re.compile(
    r"(?:please|what|how|why|where|when|who|which|can|could|would|should|is|are|do|does|did|i|we|my|our|there|thanks?)\b",
    re.IGNORECASE,
)
"""First words with which nobody means a command, however near one they are: `what` is not `watch`, nor `how` `show`."""

_CHINESE = re.compile(r"[\u3400-\u9fff]")


def asks(said: str) -> bool:
    """Whether a text asks or begs something of whoever reads it."""
    return _ASKS.search(said) is not None


def reads_as_one(said: str) -> bool:
    """Whether a text reads as a sentence, not as a command with a slip in it."""
    chinese = len(_CHINESE.findall(said))
    if chinese:
        return chinese >= _SENTENCE_CHARACTERS or _ASKS.search(said) is not None
    words = said.split()
    return len(words) >= _SENTENCE_WORDS or (len(words) > 1 and said.rstrip().endswith("?"))


def begins_as_one(said: str) -> bool:
    """Whether a text is a sentence by its first word already."""
    return _BEGINS.match(said) is not None and reads_as_one(said)


def mentioned(said: str, declarations: Sequence[Declaration]) -> Iterator[str]:
    """The commands whose words all stand in a sentence, in English, those with the most words first.

    Args:
        said: as it is compared.
        declarations: the commands there are.
    """
    found = {
        declaration.spelled("en"): max(len(words) for words in fitting)
        for declaration in declarations
        if (fitting := [words for words in declaration.spellings if all(_within(said, word) for word in words)])
    }
    yield from sorted(found, key=lambda words: -found[words])


def _within(said: str, word: str) -> bool:
    if not word.isascii():
        return word in said
    return re.search(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])", said) is not None
