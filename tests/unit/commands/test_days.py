"""Days as people write them."""

from datetime import date

import pytest

from bot.commands.days import read_day

TODAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", TODAY),
        ("Yesterday", date(2026, 3, 1)),
        ("昨天", date(2026, 3, 1)),
        ("前天", date(2026, 2, 28)),
        ("2026-02-28", date(2026, 2, 28)),
        ("20260228", date(2026, 2, 28)),
        ("２０２６／２／２８", date(2026, 2, 28)),
        ("2026年2月28日", date(2026, 2, 28)),
        ("2月28日", date(2026, 2, 28)),
        ("3-2", TODAY),
        ("2026–02–28", date(2026, 2, 28)),  # a phone makes a longer dash
        ("2026—2—28。", date(2026, 2, 28)),
        ("2月28号", date(2026, 2, 28)),
        ("yester\u200bday", date(2026, 3, 1)),
        ("12-31", date(2025, 12, 31)),  # the last one that has been
        ("2-30", None),
        ("99", None),
        ("soon", None),
        ("", None),
    ],
)
def test_read(text: str, day: date | None) -> None:
    assert read_day(text, TODAY) == day
