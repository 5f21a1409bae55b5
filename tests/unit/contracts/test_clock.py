"""The demo's time, which has no nights."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.contracts import clock as clocks
from bot.contracts.clock import WakefulClock
from bot.contracts.hours import Holidays, Hours, is_open, open_between

DAY = Hours(monday_to_friday=(9, 21))
FRIDAY = datetime(2026, 11, 20, 1, 30, tzinfo=UTC)  # 09:30 in China


def test_nights_and_weekends_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    machine = [100.0]
    monkeypatch.setattr(clocks.time, "monotonic", lambda: machine[0])
    clock = WakefulClock(FRIDAY, 600.0, DAY, Holidays())
    assert clock.now() == FRIDAY
    assert clock.seconds_to_night() == pytest.approx(11.5 * 3600 / 600)
    seen = [clock.now()]
    for _ in range(400):
        machine[0] += 1.0
        seen.append(clock.now())
    assert seen == sorted(seen)
    assert all(is_open(DAY, at, Holidays()) for at in seen)
    assert open_between(DAY, FRIDAY, seen[-1], Holidays()) == timedelta(seconds=400 * 600)
    machine[0] += 3 * 72.0  # whole days at once
    assert open_between(DAY, FRIDAY, clock.now(), Holidays()) == timedelta(seconds=616 * 600)


def test_it_begins_in_the_morning_where_it_is_night(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks.time, "monotonic", lambda: 0.0)
    saturday = FRIDAY + timedelta(days=1)
    assert WakefulClock(saturday, 600.0, DAY, Holidays()).now() == datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
