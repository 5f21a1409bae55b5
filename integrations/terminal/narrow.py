"""An output that lacks characters: an old code page, a terminal without UTF-8.

What it lacks is written with what it has and means the same, where there is such a thing; a question mark is the last
resort, and nothing ever fails for want of a character.
"""

import codecs
import unicodedata
from collections.abc import Mapping

NEAREST = "nearest"
"""The name of this way of dealing with what cannot be encoded, for `errors=`."""

_MEANS: Mapping[str, str] = {
    "✅": "[ok]", "✓": "[ok]", "❌": "[x]", "✗": "[x]", "⏳": "[..]", "⚠": "[!]", "🚨": "[!!]", "ℹ": "[i]", "📝": "[-]",
    "•": "*", "·": "-", "–": "-", "—": "-", "→": "->", "▶": ">", "…": "...", "“": '"', "”": '"', "‘": "'", "’": "'",
    "─": "-", "│": "|", "█": "#", "░": ".", "×": "x", "≥": ">=", "≤": "<=", "，": ", ", "。": ". ", "：": ": ", "；": "; ",
    "（": " (", "）": ") ", "【": "[", "】": "]", "《": "<", "》": ">", "、": ", ", "￥": "CNY ", "¥": "CNY ",
}  # fmt: skip


def nearest(error: UnicodeError) -> tuple[str | bytes, int]:
    """What stands for the characters that an encoding lacks; for `codecs.register_error`."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = error.object[error.start : error.end]
    return "".join(_near(character, error.encoding) for character in lacking), error.end


def _near(character: str, encoding: str) -> str:
    if unicodedata.category(character) in ("Mn", "Cf"):  # marks on what stands before
        return ""
    for meant in (_MEANS.get(character, ""), unicodedata.normalize("NFKC", character), _bare(character)):
        if meant and meant != character:
            try:
                meant.encode(encoding)
            except UnicodeEncodeError:
                continue
            return meant
    return "?"


def _bare(character: str) -> str:
    """A letter without its accents."""
    return "".join(one for one in unicodedata.normalize("NFKD", character) if not unicodedata.combining(one))


codecs.register_error(NEAREST, nearest)
