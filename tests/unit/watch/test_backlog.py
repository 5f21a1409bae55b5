"""Which days and hours are asked about: gaps are filled, the newest first, and what is settled is left alone."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.traffic import DAY, HOUR, china_day, day_start
from bot.watch.backlog import DAYS_BACK, FRESH, HOURS_BACK, LATE, LATE_HOURS, days_due, hour_of, hours_due

NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)


def all_kept(at: datetime, *, until: date = TODAY) -> dict[date, datetime]:
    return {until - DAY * number: at for number in range(DAYS_BACK + 10)}


def test_a_new_account_is_asked_about_from_the_newest_day_back() -> None:
    assert days_due(NOW, {}, lag=0, at_once=3) == (date(2026, 3, 2), date(2026, 3, 3), TODAY)
    assert len(days_due(NOW, {}, lag=0, at_once=100)) == DAYS_BACK


def test_what_is_told_a_day_late_is_not_asked_before() -> None:
    assert days_due(NOW, {}, lag=1, at_once=2) == (date(2026, 3, 2), date(2026, 3, 3))


def test_an_hour_later_only_the_newest_are_asked_again() -> None:
    assert days_due(NOW + HOUR, all_kept(NOW), lag=0, at_once=100) == (TODAY - DAY, TODAY)


def test_the_next_day_all_that_may_still_change_is_asked_once() -> None:
    due = days_due(NOW + DAY, all_kept(NOW), lag=0, at_once=100)
    assert due[0] == TODAY - LATE  # it ended a little less than a week before it was last asked about
    assert due[-1] == TODAY + DAY
    settled = dict.fromkeys(due, NOW + DAY)
    assert len(days_due(NOW + DAY + HOUR, {**all_kept(NOW), **settled}, lag=0, at_once=100)) == FRESH


def test_a_gap_is_filled() -> None:
    kept = all_kept(NOW + timedelta(days=20))
    del kept[TODAY - 12 * DAY]
    assert TODAY - 12 * DAY in days_due(NOW, kept, lag=0, at_once=100)


def test_a_clock_that_was_set_back_leaves_no_day_unasked() -> None:
    assert len(days_due(NOW, all_kept(NOW + timedelta(days=400)), lag=0, at_once=100)) == DAYS_BACK


@given(st.integers(0, 60 * 24), st.integers(1, 50), st.integers(0, 2))
def test_asking_round_after_round_comes_to_an_end(minutes: int, at_once: int, lag: int) -> None:
    now = NOW + timedelta(minutes=minutes)
    kept: dict[date, datetime] = {}
    for _ in range(DAYS_BACK + 1):
        due = days_due(now, kept, lag=lag, at_once=max(at_once, FRESH + 1))
        assert due == tuple(sorted(due))
        kept |= dict.fromkeys(due, now)
    assert len(kept) == DAYS_BACK
    assert max(kept) == china_day(now) - DAY * lag
    assert all(day_start(day) <= now for day in kept)


def test_hours_are_asked_about_until_their_receipts_are_there() -> None:
    first = hours_due(NOW, {}, at_once=4)
    assert first == tuple(NOW - HOUR * number for number in (3, 2, 1, 0))
    kept = {NOW - HOUR * number: NOW for number in range(1000)}
    again = hours_due(NOW + HOUR, kept, at_once=1000)
    assert again[-1] == NOW + HOUR
    assert again[0] == NOW - LATE_HOURS  # asked at NOW, so just not late enough


def test_hours_come_to_an_end_too() -> None:
    kept: dict[datetime, datetime] = {}
    for _ in range(400):
        kept |= dict.fromkeys(hours_due(NOW, kept, at_once=8), NOW)
    assert len(kept) == HOURS_BACK / HOUR
    assert hour_of(NOW + timedelta(minutes=59)) == NOW
