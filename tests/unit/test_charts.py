"""Charts: what is drawn, that it can be read in Chinese too, and that nothing is loaded before."""

import struct
import subprocess
import sys
import zlib
from pathlib import Path
from xml.dom.minidom import parseString

import pytest

from bot.charts import MOST, WIDTH, Bar, bars, png

ROOT = Path(__file__).resolve().parents[2]


def texts(svg: str) -> list[str]:
    found = parseString(svg).getElementsByTagName("text")  # noqa: S318 - our own
    return ["".join(node.data for node in element.childNodes) for element in found]


def lengths(svg: str) -> list[float]:
    """How long the stripes are, tracks and bars alike."""
    found = parseString(svg).getElementsByTagName("rect")  # noqa: S318 - our own
    return [float(element.getAttribute("width")) for element in found if element.getAttribute("rx")]


def pixels(picture: bytes) -> tuple[int, int, set[bytes]]:
    """Width, height and the rows of a PNG; reads only as much of the format as a test of whiteness needs."""
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])
    data, position = b"", 8
    while position < len(picture):
        size, kind = struct.unpack(">I4s", picture[position : position + 8])
        data += picture[position + 8 : position + 8 + size] if kind == b"IDAT" else b""
        position += 12 + size
    raw = zlib.decompress(data)
    stride = len(raw) // height
    return width, height, {raw[start : start + stride] for start in range(0, len(raw), stride)}


def test_a_bar_is_as_long_as_its_share() -> None:
    svg = bars("Quota", [Bar("a", "1 of 4", 0.25), Bar("b", "0 of 4", 0.0), Bar("c", "9 of 4", 2.25)])
    track, quarter, empty, _, full = lengths(svg)

    assert quarter == pytest.approx(track / 4)
    assert empty == track
    assert full == track


def test_labels_and_figures_are_text_whatever_is_in_them() -> None:
    svg = bars("<Quota & more>", [Bar('套餐 "20万条" <b>', "24,000 of 200,000", 0.12), Bar("a\x00\u202eb", "1", 1.0)])

    assert texts(svg) == ["<Quota & more>", '套餐 "20万条" <b>', "24,000 of 200,000", "ab", "1"]


def test_a_long_label_is_cut_and_a_long_list_too() -> None:
    svg = bars("Quota", [Bar("国内短信" * 100, "1 of 2", 0.5)] * (MOST + 3), more="3 more")

    assert texts(svg)[1].endswith("…")
    assert len(texts(svg)[1]) < 30
    assert len(lengths(svg)) == 2 * MOST
    assert texts(svg)[-1] == "3 more"


async def test_a_picture_of_the_announced_size() -> None:
    shown = [Bar(f"aliyun: {position}", "1 of 2", 0.5) for position in range(3)]
    width, height, _ = pixels(await png(bars("Quota", shown)))

    assert (width, height) == (WIDTH, 100 + 3 * 116 + 20)


@pytest.mark.parametrize("text", ["剩", "餐", "Q", "8"])
async def test_every_character_has_a_shape_of_its_own(text: str) -> None:
    """A font without Chinese would draw nothing, or the same box for every character."""
    drawn, other, blank = [await png(bars(one, [])) for one in (text, "购", " ")]

    assert drawn != blank
    assert drawn != other


def test_nothing_of_it_is_loaded_before_something_is_drawn() -> None:
    code = "import bot.app, handlers, sys; print([one for one in sys.modules if 'resvg' in one or 'pylopdf' in one])"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert answer.stdout.strip() == "[]"
