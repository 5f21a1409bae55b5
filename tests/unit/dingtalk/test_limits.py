from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.dingtalk.limits import MARGIN, MESSAGES, RESERVED, Minute

START = datetime(2026, 11, 23, tzinfo=UTC)
SECOND = timedelta(seconds=1)
NOTHING = timedelta(0)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 30_000), st.sampled_from(["a", "b"]), st.booleans(), st.integers(1, 6)), max_size=150
    )
)
def test_never_more_than_twenty_a_minute(steps: list[tuple[int, str, bool, int]]) -> None:
    minute = Minute()
    now = START
    sent: dict[str, list[datetime]] = {"a": [], "b": []}
    for milliseconds, where, answer, count in steps:
        now += timedelta(milliseconds=milliseconds)
        if minute.wait(where, now, count=count, answer=answer) > NOTHING:
            continue
        for _ in range(count):
            minute.sent(where, now)
            sent[where].append(now)
    for times in sent.values():
        for start in times:
            # Messages may arrive up to the margin later than the ones before them.
            assert sum(start <= one < start + 60 * SECOND + MARGIN for one in times) <= MESSAGES


@settings(deadline=None)
@given(st.lists(st.integers(0, 20_000), max_size=80), st.integers(1, 5), st.booleans())
def test_what_is_told_to_wait_may_go_then(gaps: list[int], count: int, answer: bool) -> None:
    minute = Minute()
    now = START
    for gap in gaps:
        now += timedelta(milliseconds=gap)
        now += minute.wait("a", now)
        minute.sent("a", now)
    wait = minute.wait("a", now, count=count, answer=answer)
    assert NOTHING <= wait <= 60 * SECOND + MARGIN
    assert minute.wait("a", now + wait, count=count, answer=answer) == NOTHING


def test_answers_have_room_behind_a_burst() -> None:
    minute = Minute()
    for _ in range(MESSAGES - RESERVED):
        assert minute.wait("a", START) == NOTHING
        minute.sent("a", START)
    assert minute.wait("a", START) > NOTHING
    for _ in range(RESERVED):
        assert minute.wait("a", START, answer=True) == NOTHING
        minute.sent("a", START)
    assert minute.wait("a", START, answer=True) > NOTHING


def test_a_refusal_shuts_the_conversation_for_a_minute_then_for_ten() -> None:
    minute = Minute()
    assert minute.refused("a", START) == 60 * SECOND
    assert minute.wait("a", START, answer=True) == 60 * SECOND
    assert minute.wait("b", START) == NOTHING
    assert minute.refused("a", START + 20 * SECOND) == 40 * SECOND  # it was on its way already
    assert minute.wait("a", START + 61 * SECOND) == NOTHING
    assert minute.refused("a", START + 61 * SECOND) == 600 * SECOND
    assert minute.wait("a", START + 660 * SECOND) == SECOND
    assert minute.refused("a", START + 1300 * SECOND) == 60 * SECOND


def test_a_refusal_with_room_left_shows_that_all_messages_count_together() -> None:
    minute = Minute()
    for number in range(MESSAGES):
        minute.sent("a" if number % 2 else "b", START)
    assert minute.wait("c", START) == NOTHING
    assert minute.counted("a") == "a"
    minute.refused("c", START)
    assert minute.counted("a") == minute.counted("c")
    after = START + timedelta(minutes=20)
    for number in range(MESSAGES - RESERVED):
        assert minute.wait(f"group {number}", after) == NOTHING
        minute.sent(f"group {number}", after)
    assert minute.wait("another", after) > NOTHING


def test_a_refusal_where_it_was_full_says_nothing_of_others() -> None:
    minute = Minute()
    for _ in range(MESSAGES):
        minute.sent("a", START)
    minute.refused("a", START)
    assert minute.counted("a") == "a"
    assert minute.wait("b", START) == NOTHING
