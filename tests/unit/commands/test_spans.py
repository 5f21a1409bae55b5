"""Spans of time as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.commands.spans import read_span
from tests.unit.commands.parsed import understood

SPANS = {
    30: "30m|30min|30 min|30 mins|30 minutes|３０ｍ|３０分钟|30 分|30分钟|半小时|半个小时|半个钟头|half an hour|0.5h|30M.",
    120: "2h|2 h|2hr|2 hours|２ｈ|2小时|2 小时|2个小时|两小时|两个小时|二小时|for 2 hours|2时|120m|2h。|2 小时！",
    90: "1h30m|1 hour 30 minutes|1 hour and 30 minutes|1小时30分钟|一个半小时|1个半小时|1小时半|1.5h",
    2160: "1d12h|1天12小时|１ｄ１２ｈ|1 day 12 hours|1天半|36h",
    10080: "7d|1w|1 week|7天|一周|1 周|一星期|7 days",
    60: "an hour|1h|one hour|一小时|一个小时|1个小时",
}


@pytest.mark.parametrize(
    ("typed", "minutes"), [(one, minutes) for minutes, spelled in SPANS.items() for one in spelled.split("|")]
)
def test_spans(typed: str, minutes: int) -> None:
    assert read_span(typed) == timedelta(minutes=minutes)


@pytest.mark.parametrize("typed", ["", "soon", "30", "h", "12345h", "2x", "2h later", "-2h", "半", "2 hoursx", "."])
def test_what_is_none(typed: str) -> None:
    assert read_span(typed) is None


@pytest.mark.parametrize("typed", ["since=2 hours", "since=２ 小时。", "since：2 hours", "自=2 小时，", "自=2小时"])
def test_a_blank_in_a_span_ends_no_value_of_ours(typed: str) -> None:
    assert read_span(understood(f"history {typed}").value("since")) == timedelta(hours=2)


@given(st.text())
def test_no_text_is_too_odd(typed: str) -> None:
    span = read_span(typed)
    assert span is None or span >= timedelta()
