"""When a test message is looked at again, what details say of a lost one, and which number is meant."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Place
from bot.contracts.push import Outcome, Receipt
from bot.contracts.sending import Settles
from bot.contracts.sent import AFTER, MOVES, SendState, TestMessage
from bot.messages import following
from bot.messages.following import Verdict
from bot.messages.numbers import meant
from tests.given import MONDAY

SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

LOST = TestMessage(
    id=3,
    account="aliyun",
    state=SendState.UNKNOWN,
    template="SMS_1",
    name="取件通知",
    type="notice",
    sign="速达科技",
    number="13800001234",
    values={},
    parts=1,
    mark="ours",
    sender="slack:U1",
    sender_name="Li",
    place=Place("slack", "C1"),
    created_at=MONDAY,
    since=MONDAY + 30 * SECOND,
    sent_at=MONDAY,
)


def a_receipt(message: str = "m1", mark: str = "", at: datetime | None = MONDAY) -> Receipt:
    return Receipt(message, LOST.number, Outcome.DELIVERED, mark=mark, sent_at=at)


@pytest.mark.parametrize(
    ("settles", "receipts", "known", "verdict"),
    [
        (Settles.BY_MARK, [], set(), Verdict.NOTHING),
        (Settles.BY_MARK, [a_receipt(mark="theirs")], set(), Verdict.NOTHING),
        (Settles.BY_MARK, [a_receipt(mark="theirs"), a_receipt(mark="ours")], set(), Verdict.FOUND),
        (Settles.BY_NUMBER, [a_receipt()], set(), Verdict.FOUND),
        (Settles.BY_NUMBER, [a_receipt()], {"m1"}, Verdict.NOTHING),
        (Settles.BY_NUMBER, [a_receipt(), a_receipt("m2")], set(), Verdict.SEVERAL),
        (Settles.BY_NUMBER, [a_receipt(), a_receipt("m2")], {"m2"}, Verdict.FOUND),
        (Settles.BY_NUMBER, [a_receipt(at=MONDAY - HOUR)], set(), Verdict.NOTHING),
        (Settles.BY_NUMBER, [a_receipt(at=MONDAY + HOUR)], set(), Verdict.NOTHING),
        (Settles.BY_NUMBER, [a_receipt(at=MONDAY - MINUTE)], set(), Verdict.FOUND),  # the vendor's clock is behind
        (Settles.BY_NUMBER, [a_receipt(at=None)], set(), Verdict.NOTHING),
    ],
)
def test_what_the_details_say(settles: Settles, receipts: list[Receipt], known: set[str], verdict: Verdict) -> None:
    assert following.found(LOST, settles, receipts, known).verdict is verdict


@pytest.mark.parametrize(
    ("looks", "waited", "absent"),
    [
        (1, HOUR, False),
        (2, HOUR, False),
        (3, MINUTE, False),
        (3, 2 * MINUTE, True),
        (9, -HOUR, True),
        (3, -HOUR, False),
    ],
)
def test_when_nothing_is_certain(looks: int, waited: timedelta, absent: bool) -> None:
    assert following.absent(looks, MONDAY, MONDAY + waited, 2 * MINUTE) is absent


@given(st.integers(0, 10_000), st.timedeltas(-timedelta(days=400), timedelta(days=400)))
def test_no_pause_is_wider_than_the_widest(looks: int, waited: timedelta) -> None:
    now = MONDAY + waited
    for planned in (following.next_look(looks, MONDAY, now), following.next_settle(looks, now)):
        assert planned is None or SECOND < planned - now <= following.WIDEST


def test_whatever_is_said_of_it_a_message_that_arrived_has_arrived() -> None:
    final = {state for state, after in MOVES.items() if not after}
    assert final == {SendState.DELIVERED, SendState.UNDELIVERED, SendState.REFUSED, SendState.DECLINED}
    assert set(MOVES) == set(SendState)
    assert set(AFTER) == set(Outcome)
    # From wherever nobody knows, a receipt leads to the end.
    for state in (SendState.UNKNOWN, SendState.SENT, SendState.SILENT, SendState.ABSENT, SendState.SENDING):
        assert {SendState.DELIVERED, SendState.UNDELIVERED} <= MOVES[state]
    # And nothing is sent a second time: only what the vendor certainly did not take is queued again.
    assert {state for state, after in MOVES.items() if SendState.SENDING in after} == {SendState.QUEUED}
    assert {state for state, after in MOVES.items() if SendState.QUEUED in after} == {
        SendState.ASKED,
        SendState.SENDING,
    }


@given(
    st.lists(st.sampled_from(Outcome), max_size=8),
    st.sampled_from([SendState.SENDING, SendState.UNKNOWN, SendState.SENT]),
)
def test_doubled_late_and_missing_receipts_end_alike(told: list[Outcome], start: SendState) -> None:
    """The first receipt that says how it ended decides; whatever else comes, as often as it likes, changes nothing."""

    def walked(outcomes: list[Outcome]) -> SendState:
        state = start
        for one in outcomes:
            state = following.received(state, one) or state
        return state

    ends = [one for one in told if one in (Outcome.DELIVERED, Outcome.FAILED)]
    doubled = [one for outcome in told for one in (outcome, outcome)]
    assert walked(told) == walked(doubled)
    if ends:
        assert walked(told) is AFTER[ends[0]]
    elif Outcome.SILENT in told:
        assert walked(told) is SendState.SILENT


NUMBERS = ("13800001234", "+86 139-0000-5678", "+14155550123", "13811111234")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("13800001234", NUMBERS[:1]),
        ("+8613800001234", NUMBERS[:1]),
        ("１３８００００１２３４", NUMBERS[:1]),
        ("138****1234", (NUMBERS[0], NUMBERS[3])),
        ("139****5678", NUMBERS[1:2]),
        ("139∗∗∗∗5678", NUMBERS[1:2]),  # copied from DingTalk
        ("139＊＊＊＊5678", NUMBERS[1:2]),
        ("5678", NUMBERS[1:2]),
        ("1234", (NUMBERS[0], NUMBERS[3])),
        ("11234", NUMBERS[3:]),
        ("678", ()),
        ("+14155550123", NUMBERS[2:3]),
        ("14155550123", NUMBERS[2:3]),
        ("141****0123", NUMBERS[2:3]),
        ("13900000000", ()),
        ("****", ()),
        ("", ()),
    ],
)
def test_which_number_is_meant(text: str, found: tuple[str, ...]) -> None:
    assert meant(NUMBERS, text) == found
