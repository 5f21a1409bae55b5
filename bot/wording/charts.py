"""Charts as pictures: SVG of our own, drawn with a font that has Chinese. Pure but for `png`.

Made to be read on a phone: about 1,000 pixels wide, large type, few things on it.
"""

import asyncio
import subprocess
import sys
import threading
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import structlog

log = structlog.get_logger(__name__)

WIDTH = 1000

MOST = 12
"""Bars in one picture; more would be too small to read, and the figures stand in the text anyway."""

DRAW_SECONDS = 5.0
"""It takes a tenth of a second. For so long a picture waits for the one before, and for so long it may take itself."""

_EDGE = 40

_ROOM = WIDTH - 2 * _EDGE

_TITLE, _LABEL, _FIGURE = 40, 32, 29

_HEAD, _ROW, _THICK = 100, 116, 34

_LENGTH = 480

_INK, _FAINT, _TRACK = "#1d1c1d", "#5f6368", "#e8eaed"

_COLOURS = ((0.1, "#c62828"), (0.25, "#d98200"), (float("inf"), "#2e7d5b"))
"""Below which share a bar has which colour; the first bound is that of the default rule `quota-low`."""

_WIDE, _CAPITAL, _LATIN, _NARROW = 0.9, 0.68, 0.58, 0.34
"""Of a character's height, how wide Latin characters are in this font, on average."""

_WIDE_ONES, _NARROW_ONES = frozenset("mwMW@%"), frozenset(" ,.:;'|!()/-fijltrI")

_DRAW = Path(__file__).with_name("draw.py")

_ONE_AT_A_TIME = threading.Lock()
"""A picture in the making takes a core and memory for the font; several at once would take them several times."""


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


async def png(svg: str) -> bytes | None:
    """An SVG as PNG; none where it cannot be drawn, for the figures stand in the text anyway."""
    try:
        return await asyncio.to_thread(_drawn, svg)
    except (OSError, subprocess.SubprocessError) as error:
        log.warning("a chart was not drawn", reason=type(error).__name__)
        return None


def _drawn(svg: str) -> bytes:
    """By a program of its own: drawn in this one, even in a thread, the library would hold up everything else."""
    if not _ONE_AT_A_TIME.acquire(timeout=DRAW_SECONDS):
        raise TimeoutError
    try:
        done = subprocess.run(  # noqa: S603 - our own program, and nothing of what is drawn is in the command
            [sys.executable, "-I", str(_DRAW)],
            input=svg.encode(),
            capture_output=True,
            env={},
            timeout=DRAW_SECONDS,
            check=True,
        )
    finally:
        _ONE_AT_A_TIME.release()
    return done.stdout


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
    """About how wide a text is, rather too wide than too narrow."""
    return size * sum(map(_share_of_height, text))


def _share_of_height(character: str) -> float:
    if unicodedata.east_asian_width(character) in "FWA":
        return 1.0
    if character in _NARROW_ONES:
        return _NARROW
    if character in _WIDE_ONES:
        return _WIDE
    return _CAPITAL if character.isupper() else _LATIN
