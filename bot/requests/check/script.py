"""Traditional characters: whether a text has any, and the text without. The converter is loaded when one turns up.

Most texts have none, and that is seen without it: whatever GB 2312 has is simplified, but for a few that it has in
both forms. Decision 0013 says why this library.
"""

from functools import cache
from typing import Protocol

_IN_BOTH = frozenset("於後乾徵夥菸麽")
"""In GB 2312, and yet another form of a simpler character."""


class _Converter(Protocol):
    def convert(self, text: str) -> str: ...


@cache
def _converter() -> _Converter:
    import opencc

    made: _Converter = opencc.OpenCC("t2s")
    return made


def _may_be_traditional(character: str) -> bool:
    if character < "\u4e00":
        return False
    if character in _IN_BOTH:
        return True
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        return character <= "\u9fff"
    return False


def simplified(text: str) -> str:
    """A text in simplified script, character for character, so that places stay the same."""
    if text.isascii() or not any(map(_may_be_traditional, text)):
        return text
    changed = _converter().convert(text)
    if len(changed) == len(text):
        return changed
    return "".join(one if len(one := _converter().convert(character)) == 1 else character for character in text)


def traditional(text: str) -> tuple[int, ...]:
    """The places of traditional characters, from 0."""
    plain = simplified(text)
    return tuple(at for at, (one, other) in enumerate(zip(text, plain, strict=True)) if one != other)
