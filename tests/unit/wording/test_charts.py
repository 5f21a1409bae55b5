"""Charts: what is drawn, that it can be read in Chinese too, and that nothing is loaded before."""

import asyncio
import struct
import sys
from pathlib import Path
from xml.dom.minidom import parseString

import pytest

from bot.wording.charts import MOST, WIDTH, Bar, bars, png

ROOT = Path(__file__).resolve().parents[3]


def texts(svg: str) -> list[str]:
    found = parseString(svg).getElementsByTagName("text")  # noqa: S318 - our own
    return ["".join(node.data for node in element.childNodes) for element in found]


def lengths(svg: str) -> list[float]:
    """How long the stripes are, tracks and bars alike."""
    found = parseString(svg).getElementsByTagName("rect")  # noqa: S318 - our own
    return [float(element.getAttribute("width")) for element in found if element.getAttribute("rx")]


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
    picture = await png(bars("Quota", shown))
    assert picture is not None
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", picture[16:24])

    assert (width, height) == (WIDTH, 100 + 3 * 116 + 20)


@pytest.mark.parametrize("text", ["剩", "餐", "Q", "8"])
async def test_every_character_has_a_shape_of_its_own(text: str) -> None:
    """A font without Chinese would draw nothing, or the same box for every character."""
    drawn, other, blank = [await png(bars(one, [])) for one in (text, "购", " ")]

    assert drawn != blank
    assert drawn != other


async def test_what_cannot_be_drawn_is_left_out() -> None:
    assert await png("<svg") is None


async def test_several_at_once_are_drawn_one_after_the_other() -> None:
    titles = ("甲", "乙", "丙", "丁")
    drawn = await asyncio.gather(*(png(bars(title, [])) for title in titles))

    assert None not in drawn
    assert len(set(drawn)) == len(titles)


async def test_nothing_of_it_is_loaded_here() -> None:
    """Neither at start nor by drawing: what it takes is gone with the picture, and nothing is held up by it."""
    code = (
        "import asyncio, sys, bot.running.app, handlers; from bot.wording.charts import bars, png;"
        "assert asyncio.run(png(bars('', [])));"
        "print([one for one in sys.modules if 'resvg' in one or 'pylopdf' in one])"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    answer, _ = await process.communicate()

    assert process.returncode == 0
    assert answer.strip() == b"[]"
