"""From a chart to a picture: it can be read in Chinese too, ends in time, and nothing of it is loaded here."""

import asyncio
import struct
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.wording import drawing
from bot.wording.charts import Bar, Day, Point, bars, burn_down, reasons, volume
from bot.wording.drawing import png
from tests.drawn import draw_here

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """What only tells of the pictures is drawn without its program."""
    draw_here(monkeypatch)


async def test_a_picture_is_a_thousand_pixels_wide() -> None:
    picture = await png(bars("Quota", [Bar(f"aliyun: {position}", "1 of 2", 0.5) for position in range(3)]))
    assert picture is not None
    width, height = struct.unpack(">II", picture[16:24])

    assert width == 1000
    assert 400 < height < 600


NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("hours", [0, 4, 40, 80, 2000])
async def test_a_burn_down_of_any_length_is_drawn(hours: int) -> None:
    """The library knows intervals of its axes by names that are not those of its own documents."""
    moments = [NOON + timedelta(hours=hours * part / 4) for part in range(5)]
    expected = [Point(at, 100 - part, 100 - part, 100 - part) for part, at in enumerate(moments)]
    assert await png(burn_down("t", [Point(NOON, 100)], expected, ("a", "b", "c")))


@pytest.mark.usefixtures("here")
async def test_volumes_and_reasons_are_drawn() -> None:
    days = [Day(account, "11-26", 90, 8, 2) for account in ("aliyun", "tencent")]
    words = ("送达", "失败", "等待回执")
    for chart in (volume("Sent", days, words), volume("Sent", days[:1], words), reasons("Why", [("号码无效", 3)])):
        assert await png(chart)


@pytest.mark.usefixtures("here")
async def test_every_character_has_a_shape_of_its_own() -> None:
    """A font without Chinese would draw nothing, or the same box for every character."""
    drawn = [await png(bars(text, [])) for text in ("剩", "餐", " ")]

    assert None not in drawn
    assert len(set(drawn)) == 3


async def test_what_cannot_be_drawn_is_left_out() -> None:
    assert await png({"mark": "no such mark"}) is None


async def test_a_chart_fetches_nothing(tmp_path: Path) -> None:
    """Not from the net, and no file of the machine."""
    (tmp_path / "secret.csv").write_text("a\n1\n")
    for address in ("http://127.0.0.1:9/secret.csv", (tmp_path / "secret.csv").as_uri()):
        chart = {"data": {"url": address}, "mark": "bar", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
        empty = {"data": {"values": []}, "mark": "bar", "encoding": {"x": {"field": "a", "type": "quantitative"}}}
        assert await png(chart) in (None, await png(empty))


async def test_its_program_draws_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = bars("额度", [Bar("aliyun", "1 of 2", 0.5)])
    by_its_program = await png(chart)
    draw_here(monkeypatch)
    assert by_its_program is not None
    assert by_its_program == await png(chart)


async def test_two_at_once_are_drawn_one_after_the_other() -> None:
    drawn = await asyncio.gather(*(png(bars(title, [])) for title in ("甲", "乙")))

    assert None not in drawn
    assert len(set(drawn)) == 2


async def test_what_takes_too_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "DRAW_SECONDS", 0.01)
    assert await png(bars("Quota", [])) is None


async def test_nothing_of_it_is_loaded_here() -> None:
    """Neither at start nor by drawing: what it takes is gone with the picture, and nothing is held up by it."""
    code = (
        "import asyncio, sys, bot.running.app, handlers; from bot.wording.charts import bars;"
        "from bot.wording.drawing import png; assert asyncio.run(png(bars('', [])));"
        "print([one for one in sys.modules if one.split('.')[0] in ('vl_convert', 'pylopdf_fonts_zh_cn', 'numpy')])"
    )
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", code, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    answer, _ = await process.communicate()

    assert process.returncode == 0
    assert answer.strip() == b"[]"
