"""Counts add up and rise; days become spans."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.traffic import Counts, days_between, every_day, spans

NUMBERS = st.integers(0, 10**6)
COUNTS = st.builds(
    Counts,
    delivered=NUMBERS,
    failed=NUMBERS,
    waiting=NUMBERS,
    refused=NUMBERS,
    parts=st.none() | NUMBERS,
    codes=st.dictionaries(st.sampled_from(["a", "b"]), NUMBERS),
)
DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))


@given(COUNTS, COUNTS)
def test_a_sum_has_everything_of_both(one: Counts, other: Counts) -> None:
    both = one + other
    assert both.sent == one.sent + other.sent
    assert both.billed >= max(one.parts or 0, other.parts or 0)
    assert sum(both.codes.values()) == sum(one.codes.values()) + sum(other.codes.values())


@given(COUNTS, COUNTS)
def test_what_came_on_top_is_what_was_added(before: Counts, more: Counts) -> None:
    rise = (before + more).since(before)
    assert (rise.delivered, rise.failed, rise.waiting, rise.refused) == (
        more.delivered,
        more.failed,
        more.waiting,
        more.refused,
    )


@given(COUNTS, COUNTS)
def test_a_correction_brings_nothing_negative(before: Counts, after: Counts) -> None:
    rise = after.since(before)
    assert min(rise.delivered, rise.failed, rise.waiting, rise.refused, rise.parts or 0) >= 0
    assert all(count > 0 for count in rise.codes.values())


def test_receipts_for_what_waited_are_no_new_messages() -> None:
    rise = Counts(delivered=95, failed=5).since(Counts(delivered=50, waiting=50))
    assert (rise.delivered, rise.failed, rise.waiting) == (45, 5, 0)


@given(st.lists(DAYS, max_size=80), st.integers(1, 40))
def test_spans_hold_every_day_once_and_none_else(days: list[date], longest: int) -> None:
    found = spans(days, longest)
    held = [day for first, last in found for day in days_between(first, last)]
    assert held == sorted(set(days))
    assert all((last - first).days < longest for first, last in found)


def test_neighbours_are_asked_for_together() -> None:
    first = date(2026, 3, 1)
    assert spans(days_between(first, first + timedelta(days=59)), 30) == (
        (first, date(2026, 3, 30)),
        (date(2026, 3, 31), date(2026, 4, 29)),
    )


def test_a_day_without_messages_is_one_of_zero() -> None:
    days = days_between(date(2026, 3, 1), date(2026, 3, 3))
    told = every_day(days, {date(2026, 3, 2): Counts(5)})
    assert [one.counts.sent for one in told] == [0, 5, 0]
