"""Charts as pictures: SVG of our own, drawn with a font that has Chinese. Pure but for `png`.

Made to be read on a phone: about 1,000 pixels wide, large type, few things on it.
"""

import asyncio
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 1000
MOST = 12
"""Bars in one picture; more would be too small to read, and the figures stand in the text anyway."""

_EDGE = 40
_ROOM = WIDTH - 2 * _EDGE
_TITLE, _LABEL, _FIGURE = 40, 32, 29
_HEAD, _ROW, _THICK = 100, 116, 34
_LENGTH = 480
_INK, _FAINT, _TRACK = "#1d1c1d", "#5f6368", "#e8eaed"
_COLOURS = ((0.1, "#c62828"), (0.25, "#d98200"), (float("inf"), "#2e7d5b"))
"""Below which share a bar has which colour; the first bound is that of the default rule `quota-low`."""
_LATIN, _NARROW = 0.59, 0.34
"""Of a character's height, the width of Latin letters and figures in this font, on average, and of the narrow ones."""
_NARROW_ONES = frozenset(" ,.:;'|!()/-fijltrI")

_ONE_AT_A_TIME = threading.Lock()
"""A picture in the making takes memory for the font; several at once would take it several times."""


@dataclass(frozen=True, slots=True)
class Bar:
    """Something of which a share is left.

    Args:
        label: what it is.
        figure: what is left of how much, in the reader's words.
        share: what is left, 0 to 1; what is beyond is shown as the end.
    """

    label: str
    figure: str
    share: float


def bars(title: str, shown: Sequence[Bar], more: str = "") -> str:
    """Horizontal bars, one below the other, as SVG.

    Args:
        title: what it is, and as of when.
        shown: from top to bottom; at most `MOST` of them are drawn.
        more: said at the end where some are left out.
    """
    drawn = shown[:MOST]
    note = more if len(shown) > MOST else ""
    height = _HEAD + _ROW * len(drawn) + (_ROW // 2 if note else 0) + _EDGE // 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}">',
        f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
        _text(_EDGE, 62, title, _TITLE, _ROOM),
    ]
    for position, bar in enumerate(drawn):
        top = _HEAD + _ROW * position
        filled = _LENGTH * min(max(bar.share, 0.0), 1.0)
        parts += [
            _text(_EDGE, top + 34, bar.label, _LABEL, _ROOM),
            _stripe(top + 52, _LENGTH, _TRACK),
            _stripe(top + 52, filled, next(colour for below, colour in _COLOURS if bar.share < below)),
            _text(_EDGE + _LENGTH + 24, top + 80, bar.figure, _FIGURE, _ROOM - _LENGTH - 24, _FAINT),
        ]
    if note:
        parts.append(_text(_EDGE, height - _ROW // 4, note, _FIGURE, _ROOM, _FAINT))
    return "".join([*parts, "</svg>"])


async def png(svg: str) -> bytes:
    """An SVG as PNG, drawn in a thread: it takes tens of milliseconds, the most of them for the font."""
    return await asyncio.to_thread(_drawn, svg)


def _drawn(svg: str) -> bytes:
    import pylopdf_fonts_zh_cn  # both only when something is drawn: a start without is quicker and smaller
    import resvg_py

    font = str(pylopdf_fonts_zh_cn.sans_path())
    with _ONE_AT_A_TIME:
        return resvg_py.svg_to_bytes(
            svg_string=svg, font_files=[font], skip_system_fonts=True, font_family="Noto Sans SC"
        )


def _stripe(top: int, length: float, colour: str) -> str:
    if length <= 0:
        return ""
    return f'<rect x="{_EDGE}" y="{top}" width="{length:.1f}" height="{_THICK}" rx="6" fill="{colour}"/>'


def _text(x: int, y: int, text: str, size: int, room: int, colour: str = _INK) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}">{escape(_fitting(text, size, room))}</text>'


def _fitting(text: str, size: int, room: int) -> str:
    """As much of a text as there is room for, without characters that cannot be drawn."""
    text = "".join(character for character in text[:200] if character.isprintable())
    if _width(text, size) <= room:
        return text
    while text and _width(text, size) > room - size:
        text = text[:-1]
    return text.rstrip() + "…"


def _width(text: str, size: int) -> float:
    """About how wide a text is; a Chinese character is as wide as it is high."""
    return size * sum(
        1.0 if unicodedata.east_asian_width(one) in "FW" or one in "·…" else _NARROW if one in _NARROW_ONES else _LATIN
        for one in text
    )
