"""Charts as values: what is drawn says what it should, in one theme, whatever is in the labels.

The whole specifications stand in `charts/*.json`; run this file as a program to write them anew, then look at the
pictures before keeping them.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.wording.charts import MOST, THEME, WIDTH, Bar, Chart, Day, Point, bars, burn_down, reasons, volume

GOLDEN = Path(__file__).with_name("charts")

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MEASURED = [Point(NOON - timedelta(hours=hours), 1000 + 10 * hours) for hours in (12, 6, 0)]
EXPECTED = [Point(NOON, 1000, 1000, 1000), Point(NOON + timedelta(hours=24), 400, 200, 600)]
WORDS = ("送达", "失败", "等待回执")

SHOWN: dict[str, Chart] = {
    "left": bars(
        "剩余额度，2026-11-26 12:00", [Bar("aliyun: 套餐", "24,000 / 200,000", 0.12), Bar("tencent: 1", "1 / 1", 1)]
    ),
    "burn-down": burn_down("aliyun: runs out Friday", MEASURED, EXPECTED, ("left", "expected", "80% band")),
    "volume": volume("Sent", [Day("aliyun", "11-25", 90, 8, 2), Day("aliyun", "11-26", 100, 0, 0)], WORDS),
    "volumes": volume("Sent", [Day("aliyun", "11-25", 90, 8, 2), Day("tencent", "11-25", 5, 0, 0)], WORDS),
    "reasons": reasons("tencent: why messages failed", [("no such number", 300), ("blacklist", 30)]),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_chart_is_this_value(name: str) -> None:
    assert SHOWN[name] == json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", SHOWN)
def test_every_chart_has_the_one_theme_and_is_a_phone_wide(name: str) -> None:
    assert SHOWN[name]["config"] == THEME
    assert SHOWN[name].get("width", WIDTH) == WIDTH


def values(chart: Chart) -> list[dict[str, Any]]:
    return list(chart["data"]["values"])


def test_a_bar_is_as_long_as_its_share_and_no_longer_than_the_track() -> None:
    chart = bars("Quota", [Bar("a", "1 of 4", 0.25), Bar("b", "0 of 4", 0.0), Bar("c", "9 of 4", 2.25)])
    assert [row["share"] for row in values(chart)] == [0.25, 0.0, 1.0]
    assert len({row["colour"] for row in values(chart)}) == 2


def test_what_people_wrote_is_data_and_never_an_expression() -> None:
    said = '套餐 "20万条" <b> ${code} datum.x'
    chart = bars("<Quota & more>", [Bar(said, "24,000", 0.12), Bar("a\x00\u202eb", "1", 1.0)])
    assert [row["label"] for row in values(chart)] == [said, "ab"]
    assert chart["title"]["text"] == "<Quota & more>"
    rest = json.dumps({key: value for key, value in chart.items() if key not in ("data", "title")}, ensure_ascii=False)
    assert "套餐" not in rest


def test_a_long_list_is_cut_and_says_so() -> None:
    chart = bars("Quota", [Bar("国内短信" * 100, "1 of 2", 0.5)] * (MOST + 3), more="3 more")
    assert len(values(chart)) == MOST
    assert chart["title"]["subtitle"] == "3 more"
    assert "subtitle" not in bars("Quota", [Bar("a", "1", 0.5)], more="nothing left out")["title"]
    assert len(values(reasons("Why", [("x", 1)] * (MOST + 1), "1 more"))) == MOST


def test_a_day_is_drawn_as_it_was_and_a_day_without_messages_keeps_its_place() -> None:
    chart = volume("Sent", [Day("aliyun", "11-25", 0, 0, 0), Day("aliyun", "11-26", 90, 8, 0)], WORDS)
    assert [(row["day"], row["what"], row["count"]) for row in values(chart)] == [
        ("11-26", "送达", 90),
        ("11-26", "失败", 8),
    ]
    assert chart["encoding"]["x"]["scale"]["domain"] == ["11-25", "11-26"]


def test_times_stand_as_they_are_to_be_read() -> None:
    text = json.dumps(SHOWN["burn-down"])
    assert "2026-11-26T12:00:00" in text
    assert "+00:00" not in text


@pytest.mark.parametrize(
    ("hours", "format_", "interval"),
    [(5, "%H:%M", "hours"), (40, "%H:%M", "hours"), (80, "%m-%d", "date"), (2000, "%m-%d", "date")],
)
def test_no_day_stands_twice_below_a_burn_down(hours: int, format_: str, interval: str) -> None:
    """Marks every twelve hours would say each day twice."""
    expected = [Point(NOON, 1000, 1000, 1000), Point(NOON + timedelta(hours=hours), 0, 0, 0)]
    axis = burn_down("t", [], expected, ("a", "b", "c"))["layer"][1]["encoding"]["x"]["axis"]
    assert (axis["format"], axis["tickCount"]["interval"]) == (format_, interval)
    step = axis["tickCount"]["step"] * (24 if interval == "date" else 1)
    assert 2 <= hours / step <= 8


def write() -> None:
    """Write the specifications as they are now."""
    GOLDEN.mkdir(exist_ok=True)
    for name, chart in SHOWN.items():
        text = json.dumps(chart, ensure_ascii=False, indent=1, sort_keys=True)
        (GOLDEN / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    write()
    sys.stdout.write(f"{len(SHOWN)} written\n")
