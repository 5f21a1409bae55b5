"""Pictures that are drawn in this process: the program that draws them needs half a second to begin.

That it is one, ends in time and leaves nothing behind is shown in `unit/wording/test_drawing.py`.
"""

import pytest

from bot.wording import draw, drawing


def draw_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every picture drawn in this process until the test is over."""

    def drawn(chart: str, within: float) -> bytes:
        del within
        return draw.picture(chart)

    monkeypatch.setattr(drawing, "_drawn", drawn)
