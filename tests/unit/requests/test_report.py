"""How reviews went: counted by first try, in spans that half and nine tenths keep within, with what is late now."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Kind
from bot.requests.reviews.report import Decision, reasons, rows

BEGUN = datetime(2026, 11, 2, 2, 0, tzinfo=UTC)
ACCOUNTS, KINDS = ("aliyun", "tencent"), (Kind.SIGNATURE, Kind.TEMPLATE)

decisions = st.lists(
    st.builds(
        lambda number, account, kind, minutes, passed, first: Decision(
            number,
            account,
            kind,
            "",
            BEGUN,
            BEGUN + timedelta(minutes=minutes),
            passed,
            first,
            "" if passed else "不规范",
        ),
        st.integers(1, 50),
        st.sampled_from(ACCOUNTS),
        st.sampled_from(KINDS),
        st.integers(0, 5000),
        st.booleans(),
        st.booleans(),
    ),
    max_size=30,
)


def took(one: Decision) -> timedelta:
    return one.at - one.begun


@given(decisions, st.lists(st.tuples(st.sampled_from(ACCOUNTS), st.sampled_from(KINDS)), max_size=5))
def test_every_decision_and_all_that_is_late_is_counted_once(
    found: list[Decision], late: list[tuple[str, Kind]]
) -> None:
    shown = rows(found, late, took)
    assert sum(row.decided for row in shown) == len(found)
    assert sum(row.overdue for row in shown) == len(late)
    assert len({(row.account, row.kind) for row in shown}) == len(shown)
    for row in shown:
        assert 0 <= row.passed_first <= row.first <= row.decided
        own = [took(one) for one in found if (one.account, one.kind) == (row.account, row.kind)]
        if row.middle is None or row.high is None:
            assert not own
            continue
        assert sum(one <= row.middle for one in own) >= len(own) / 2
        assert sum(one <= row.high for one in own) >= 0.9 * len(own)
        assert row.middle in own
        assert row.high in own
        assert row.middle <= row.high


@given(decisions)
def test_reasons_are_those_of_rejections_the_most_frequent_first(found: list[Decision]) -> None:
    counts = [count for _, count in reasons(found, lambda one: one.request % 3)]
    assert sum(counts) == sum(not one.passed for one in found)
    assert counts == sorted(counts, reverse=True)


def test_nothing_is_nothing() -> None:
    assert rows((), (), took) == ()
