"""What runs out is told a month and a week before, and when it has, each once."""

from datetime import date, timedelta

import pytest

from bot.requests.expiry import warned

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("left", "days"),
    [(400, None), (31, None), (30, 30), (29, 30), (8, 30), (7, 7), (1, 7), (0, 7), (-1, 0), (-400, 0)],
)
def test_which_warning_an_end_is_worth(left: int, days: int | None) -> None:
    assert warned(TODAY + timedelta(days=left), TODAY) == days
