"""When packages run out: the shape of the week, campaigns, several packages, what expires, how sure it is."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.contracts.traffic import DAY, HOUR, china_day
from bot.watch.forecast import FARTHEST, FEWEST_DAYS, Forecast, Package, Usage, forecast

NOW = datetime(2026, 3, 4, 16, 0, tzinfo=UTC)  # midnight between Wednesday and Thursday in China
TODAY = china_day(NOW)
FLAT = {NOW - HOUR * number: 100.0 for number in range(1, 24 * 14 + 1)}
"""A day like a line, so that arithmetic can be done by hand."""


def steady(count: float = 2400.0, days: int = 35) -> dict[date, float]:
    return {TODAY - DAY * number: count for number in range(1, days + 1)}


def weekly(days: int = 42) -> dict[date, float]:
    return {
        day: 600.0 if day.weekday() >= 5 else 2400.0 for number in range(1, days + 1) if (day := TODAY - DAY * number)
    }


def told(usage: Usage, *packages: Package, **more: object) -> Forecast:
    found = forecast(usage, packages, NOW, **more)  # type: ignore[arg-type]
    assert found is not None
    return found


def hours(found: Forecast) -> float:
    assert found.at is not None
    return (found.at - NOW) / HOUR


def test_a_steady_drain_ends_when_it_must() -> None:
    found = told(Usage(steady(), FLAT), Package(24_00 * 5))
    assert hours(found) == pytest.approx(120, abs=2)
    assert found.per_day == pytest.approx(2400, rel=0.02)


def test_a_weekend_lasts_longer() -> None:
    """From Thursday on: two working days, then two quiet ones; a straight line would say 92 hours."""
    found = told(Usage(weekly(), FLAT), Package(2400 * 2 + 600))
    assert hours(found) == pytest.approx(72, abs=6)
    longer = told(Usage(weekly(), FLAT), Package(2400 * 2 + 1200 + 1200))
    assert hours(longer) == pytest.approx(108, abs=8)


def test_one_campaign_says_little_of_tomorrow() -> None:
    days = steady()
    days[TODAY - DAY] = 24_000.0
    found = told(Usage(days, FLAT), Package(2400 * 5))
    assert hours(found) > 90  # by the last week's mean it would be 52


def test_today_as_far_as_it_has_come_is_heard() -> None:
    noon = NOW + 12 * HOUR
    plain, busy = (forecast(Usage(steady(), FLAT, today), [Package(2400 * 5)], noon) for today in (1200.0, 2400.0))
    assert plain is not None
    assert busy is not None
    assert busy.at is not None
    assert plain.at is not None
    assert busy.at < plain.at


def test_packages_are_used_up_in_turn_and_what_expires_is_lost() -> None:
    first, second = Package(4800, NOW + DAY), Package(4800, None)
    found = told(Usage(steady(), FLAT), first, second)
    assert hours(found) == pytest.approx(24 + 48, abs=3)
    assert found.wasted == pytest.approx(2400, abs=200)


def test_the_last_to_expire_is_the_end() -> None:
    found = told(Usage(steady(), FLAT), Package(10**9, NOW + 10 * DAY))
    assert hours(found) == pytest.approx(240, abs=1.1)


def test_figures_that_are_a_day_late_are_counted_from_where_they_end() -> None:
    late = told(Usage(steady(), FLAT), Package(2400 * 5), as_of=NOW - DAY)
    assert hours(late) == pytest.approx(96, abs=3)


def test_a_holiday_is_like_a_sunday() -> None:
    quiet = told(Usage(weekly(), FLAT), Package(2400 * 2), kind=lambda day: 6 if day >= TODAY else day.weekday())
    assert hours(quiet) > 1.5 * hours(told(Usage(weekly(), FLAT), Package(2400 * 2)))


def test_too_little_is_not_guessed_from() -> None:
    assert forecast(Usage(steady(days=FEWEST_DAYS - 1)), [Package(100)], NOW) is None
    assert forecast(Usage({}), [Package(100)], NOW) is None


def test_days_before_the_first_message_say_nothing_of_the_pace() -> None:
    idle = dict.fromkeys(sorted(steady())[:10], 0.0)
    assert forecast(Usage(idle, today=11_000.0), [Package(18_000)], NOW) is None
    begun = {day: count for day, count in steady().items() if day not in idle}
    assert told(Usage({**idle, **begun}), Package(18_000)) == told(Usage(begun), Package(18_000))


def test_where_nothing_is_sent_nothing_runs_out() -> None:
    found = told(Usage(steady(0.0)), Package(100))
    assert (found.at, found.early, found.late) == (None, None, None)
    assert told(Usage(steady(1.0)), Package(10**9)).at is None


def test_few_days_are_less_sure_than_many_and_noise_less_than_calm() -> None:
    def width(days: dict[date, float]) -> timedelta:
        found = told(Usage(days, FLAT), Package(2400 * 5))
        assert found.early is not None
        assert found.late is not None
        return found.late - found.early

    wild = {day: count * (1.6 if day.toordinal() % 3 == 0 else 0.8) for day, count in steady().items()}
    assert width(steady(days=35)) < width(steady(days=FEWEST_DAYS))
    assert width(steady()) < width(wild)


COUNTS = st.lists(st.integers(0, 10**6), min_size=FEWEST_DAYS, max_size=45)
PACKAGES = st.lists(
    st.builds(
        Package,
        left=st.floats(0, 10**7),
        expires_at=st.none() | st.integers(1, 500).map(lambda days: NOW + DAY * days),
    ),
    max_size=4,
)


@given(COUNTS, PACKAGES)
def test_whatever_was_sent_it_holds_together(counts: list[int], packages: list[Package]) -> None:
    assume(counts[-1] or not any(counts))  # the oldest is the day of the first message
    days = {TODAY - DAY * (number + 1): float(count) for number, count in enumerate(counts)}
    found = told(Usage(days, FLAT), *packages)
    never = NOW + FARTHEST
    assert NOW <= (found.early or never) <= (found.at or never) <= (found.late or never) <= never
    assert 0 <= found.wasted <= sum(one.left for one in packages) + 1
    near = 1e-6 * (1 + sum(one.left for one in packages))  # sums of hours
    for before, after in zip(found.steps, found.steps[1:], strict=False):
        assert after.left <= before.left + near
        assert after.low <= after.left + near
        assert after.left <= after.high + near


@given(COUNTS, st.floats(1, 10**6), st.floats(1, 10**6))
def test_more_left_never_ends_sooner(counts: list[int], left: float, more: float) -> None:
    assume(counts[-1] or not any(counts))
    days = {TODAY - DAY * (number + 1): float(count) for number, count in enumerate(counts)}
    less, richer = (told(Usage(days, FLAT), Package(amount)).at for amount in (left, left + more))
    assert richer is None or (less is not None and less <= richer)
