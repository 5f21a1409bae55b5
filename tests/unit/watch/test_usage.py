"""How fast a package is used up, from readings as they were kept."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.vendor import Measure, Reading
from bot.store.samples import Sample
from bot.watch.usage import SHORTEST, per_day
from tests.given import MONDAY

HOUR = timedelta(hours=1)


def kept(*readings: tuple[float, str, int], measure: Measure = Measure.PACKAGE) -> list[Sample]:
    """Hours since Monday, package, what was left."""
    return [
        Sample(MONDAY + at * HOUR, "aliyun", Reading(package, measure, Decimal(left))) for at, package, left in readings
    ]


@pytest.mark.parametrize(
    ("samples", "a_day"),
    [
        (kept(), None),
        (kept((0, "p", 100)), None),
        (kept((0, "p", 100), (2, "p", 90)), None),  # too short to say
        (kept((0, "p", 100), (24, "p", 40)), 60),
        (kept((0, "p", 100), (12, "p", 70), (24, "p", 40)), 60),
        (kept((0, "p", 100), (12, "p", 70), (24, "p", 570)), 30),  # what was bought is not used up
        (kept((0, "p", 100), (0, "q", 50), (24, "p", 40), (24, "q", 50)), 60),
        (kept((0, "p", 100), (0, "q", 50), (24, "p", 40), (24, "q", 30)), 80),
        (kept((24, "p", 100), (0, "p", 90), (24, "p", 66)), 24),  # the clock was set back
        (kept((0, "p", 100), (24, "p", 100)), 0),
    ],
)
def test_what_is_used_up_a_day(samples: Sequence[Sample], a_day: int | None) -> None:
    assert per_day(samples).get(Measure.PACKAGE) == a_day


def test_money_is_counted_apart() -> None:
    both = kept((0, "p", 100), (24, "p", 40)) + kept((0, "b", 50), (24, "b", 45), measure=Measure.BALANCE)
    assert per_day(both) == {Measure.PACKAGE: 60, Measure.BALANCE: 5}


@given(st.lists(st.tuples(st.floats(0.1, 50), st.integers(0, 1000)), min_size=2, max_size=20))
def test_never_more_than_was_there_and_never_less_than_nothing(steps: list[tuple[float, int]]) -> None:
    at, samples = 0.0, []
    for gap, left in steps:
        at += gap
        samples += kept((at, "p", left))
    found = per_day(samples).get(Measure.PACKAGE)
    watched = samples[-1].at - samples[0].at
    assert (found is None) == (watched < SHORTEST)
    if found is not None:
        drops = sum(max(0, before - after) for (_, before), (_, after) in pairwise(steps))
        assert 0 <= found * Decimal(round(watched.total_seconds())) / 86_400 <= drops + Decimal("0.001")
