"""What a vendor's news means for where a request stands, in any order, and what became of our own call."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import CarrierFiling, Request, State
from bot.contracts.states import AT_VENDOR, FOLLOWED, IllegalMove, allowed, check
from bot.contracts.vendor import Missing, Seen
from bot.requests import lifecycle
from bot.requests.lifecycle import MISSED, Change, News
from tests.given import MONDAY as T0
from tests.given import a_request


def said(state: State | None, word: str | None = None, **more: object) -> Seen:
    seen = Seen(ref="ref", name="速达物流", state=state, word=word if word is not None else str(state))
    return replace(seen, **more)  # type: ignore[arg-type]


def taken(request: Request, change: Change, now: datetime = T0) -> Request:
    """The request as a store would keep it after the change."""
    return replace(
        request,
        state=change.after,
        reason=change.reason,
        word=change.word,
        filings=change.filings,
        order=change.order,
        since=request.since if change.after is request.state else now,
    )


def hear(request: Request, news: Sequence[Seen | Missing]) -> tuple[Request, list[Change]]:
    """Pushed news, one after the other."""
    changes = []
    for one in news:
        change = lifecycle.advance(request, one)
        if change is not None:
            request = taken(request, change)
            changes.append(change)
    return request, changes


# --- One piece of news -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "news"),
    [
        (State.APPROVED, News.APPROVED),
        (State.READY, News.READY),
        (State.REJECTED, News.REJECTED),
        (State.WITHDRAWN, News.WITHDRAWN),
        (State.DISABLED, News.DISABLED),
    ],
)
def test_a_decision(state: State, news: News) -> None:
    change = lifecycle.advance(a_request(), said(state, reason="原因", order="9"))
    assert change == Change(State.IN_REVIEW, state, "原因", str(state), (), news, (), "9")


def test_what_is_known_already_is_no_change() -> None:
    request = a_request(State.REJECTED, word="2", reason="原因", order="9")
    assert lifecycle.advance(request, said(State.REJECTED, "2", reason="原因", order="9")) is None
    assert lifecycle.advance(request, said(State.REJECTED, "2")) is None


def test_a_word_alone_is_kept_and_not_told() -> None:
    change = lifecycle.advance(a_request(), said(State.IN_REVIEW, "0"))
    assert change is not None
    assert (change.after, change.word, change.news) == (State.IN_REVIEW, "0", News.NOTHING)
    assert not change.news


def test_an_unknown_word_is_told_once_and_moves_nothing() -> None:
    request, changes = hear(a_request(word="0"), [said(None, "PAUSED"), said(None, "PAUSED")])
    assert [change.news for change in changes] == [News.UNKNOWN_WORD]
    assert (request.state, request.word) == (State.IN_REVIEW, "PAUSED")


def test_one_look_that_finds_nothing_deletes_nothing() -> None:
    request, changes = hear(a_request(word="0"), [Missing("ref")])
    assert (request.state, request.word, changes[0].news) == (State.IN_REVIEW, MISSED, News.NOTHING)
    again, more = hear(request, [said(State.IN_REVIEW, "0"), Missing("ref")])
    assert (again.state, [change.news for change in more]) == (State.IN_REVIEW, [News.NOTHING, News.NOTHING])


@pytest.mark.parametrize("state", sorted(AT_VENDOR))
def test_the_second_look_that_finds_nothing_is_believed(state: State) -> None:
    request, changes = hear(a_request(state, reason="old"), [Missing("ref"), Missing("ref"), Missing("ref")])
    assert (request.state, request.reason) == (State.DELETED, "")
    assert [change.news for change in changes] == [News.NOTHING, News.GONE]


@pytest.mark.parametrize("state", [state for state in State if state not in AT_VENDOR])
def test_what_somebody_else_owns_is_not_advanced(state: State) -> None:
    assert lifecycle.advance(a_request(state), said(State.READY)) is None
    assert lifecycle.advance(a_request(state), Missing("ref")) is None


def test_a_vendor_adapter_cannot_send_a_thing_to_our_own_states() -> None:
    with pytest.raises(IllegalMove):
        lifecycle.advance(a_request(), said(State.DRAFT))


# --- Old news ----------------------------------------------------------------------------------------------------------


def test_an_answer_to_a_question_from_before_this_state_is_old() -> None:
    request = a_request(State.IN_REVIEW, since=T0)
    assert lifecycle.advance(request, said(State.REJECTED), asked_at=T0 - timedelta(seconds=1)) is None
    assert lifecycle.advance(request, Missing("ref"), asked_at=T0 - timedelta(seconds=1)) is None
    assert lifecycle.advance(request, said(State.REJECTED), asked_at=T0) is not None


@pytest.mark.parametrize(
    ("now", "then"),
    [
        (State.APPROVED, State.IN_REVIEW),
        (State.READY, State.IN_REVIEW),
        (State.READY, State.APPROVED),
        (State.REJECTED, State.IN_REVIEW),
        (State.WITHDRAWN, State.IN_REVIEW),
    ],
)
def test_pushed_news_never_goes_back_but_an_answer_does(now: State, then: State) -> None:
    assert lifecycle.advance(a_request(now), said(then)) is None
    change = lifecycle.advance(a_request(now), said(then), asked_at=T0 + timedelta(minutes=1))
    assert change is not None
    assert (change.before, change.after) == (now, then)


def test_what_was_granted_can_be_taken_back() -> None:
    change = lifecycle.advance(a_request(State.READY), said(State.REJECTED, "-1", reason="备案失败"))
    assert change is not None
    assert (change.after, change.news, change.reason) == (State.REJECTED, News.REJECTED, "备案失败")


@pytest.mark.parametrize("asked_at", [None, T0])
def test_the_old_data_of_a_signature_under_edit_is_not_a_decision(asked_at: datetime | None) -> None:
    request = a_request(order="20044156925")
    old = said(State.APPROVED, order="20044156924")
    assert lifecycle.advance(request, old, asked_at=asked_at) is None
    new = said(State.APPROVED, order="20044156926")
    change = lifecycle.advance(request, new, asked_at=asked_at)
    assert change is not None
    assert (change.after, change.order) == (State.APPROVED, "20044156926")


def test_tickets_that_cannot_be_compared() -> None:
    request = a_request(order="A-7")
    assert lifecycle.advance(request, said(State.APPROVED, order="B-1")) is None
    assert lifecycle.advance(request, said(State.APPROVED, order="B-1"), asked_at=T0) is not None


# --- Filings -----------------------------------------------------------------------------------------------------------


def mobile(status: str, reason: str = "") -> CarrierFiling:
    return CarrierFiling("mobile", status, reason)


UNICOM = CarrierFiling("unicom", "waiting")


def test_each_carriers_change_is_told_once() -> None:
    request = a_request(State.APPROVED, word="1")
    news = [
        said(State.APPROVED, "1", filings=(mobile("waiting"), UNICOM)),
        said(State.APPROVED, "1", filings=(mobile("done"), UNICOM)),
        said(State.APPROVED, "1", filings=(mobile("done"), UNICOM)),
        said(State.APPROVED, "1", filings=(UNICOM,)),
        said(State.APPROVED, "1"),
    ]
    after, changes = hear(request, news)
    assert [(change.news, change.told) for change in changes] == [(News.NOTHING, ()), (News.FILING, (mobile("done"),))]
    assert after.filings == (mobile("done"), UNICOM)


@pytest.mark.parametrize("status", ["failed", "lapsed"])
def test_a_carrier_that_will_not(status: str) -> None:
    request = a_request(State.APPROVED, word="1", filings=(mobile("waiting"),))
    change = lifecycle.advance(request, said(State.APPROVED, "1", filings=(mobile(status, "资料不符"),)))
    assert change is not None
    assert (change.news, change.told) == (News.FILING_FAILED, (mobile(status, "资料不符"),))
    reworded = lifecycle.advance(
        taken(request, change), said(State.APPROVED, "1", filings=(mobile(status, "资料不符。"),))
    )
    assert reworded is not None
    assert reworded.news is News.NOTHING


def test_filings_that_come_with_a_decision_are_part_of_it() -> None:
    request = a_request(State.APPROVED, filings=(mobile("waiting"),))
    change = lifecycle.advance(request, said(State.READY, filings=(mobile("done"),)))
    assert change is not None
    assert (change.news, change.filings, change.told) == (News.READY, (mobile("done"),), (mobile("done"),))


def test_a_filing_goes_back_only_when_the_vendor_was_asked() -> None:
    request = a_request(State.APPROVED, word="1", filings=(mobile("done"),))
    back = said(State.APPROVED, "1", filings=(mobile("waiting"),))
    assert lifecycle.advance(request, back) is None
    change = lifecycle.advance(request, back, asked_at=T0)
    assert change is not None
    assert change.news is News.FILING


# --- Any order ---------------------------------------------------------------------------------------------------------

GOES_WELL = [said(State.IN_REVIEW), said(State.APPROVED), said(State.READY)]
GOES_BADLY = [said(State.IN_REVIEW), said(State.REJECTED, reason="原因")]


@st.composite
def shuffled(draw: st.DrawFn, story: list[Seen]) -> list[Seen]:
    """The story with repetitions, in any order; each piece arrives at least once."""
    repeated = story + draw(st.lists(st.sampled_from(story), max_size=6))
    return draw(st.permutations(repeated))


@given(st.one_of(shuffled(GOES_WELL), shuffled(GOES_BADLY)))
def test_news_in_any_order_and_number_converges(news: list[Seen]) -> None:
    end = State.READY if any(seen.state is State.READY for seen in news) else State.REJECTED
    request, changes = hear(a_request(), news)
    told = [change.after for change in changes if change.news]
    assert request.state is end
    assert told[-1] is end
    assert len(told) == len(set(told))  # each change once
    assert hear(request, news) == (request, [])


@given(st.lists(st.sampled_from([*sorted(AT_VENDOR), State.DELETED]), min_size=1, max_size=12), st.data())
def test_answers_always_end_in_what_the_vendor_says_now(states: list[State], data: st.DataObject) -> None:
    request = a_request(data.draw(st.sampled_from(sorted(AT_VENDOR))))
    for minute, state in enumerate(states, start=1):
        at = T0 + timedelta(minutes=minute)
        change = lifecycle.advance(request, said(state), asked_at=at)
        if request.state is State.DELETED:
            assert change is None
            continue
        moved = state is not request.state
        if change is not None:
            assert moved == bool(change.news)
            assert not moved or allowed(change.before, change.after)
            request = taken(request, change, at)
        assert request.state is state
        assert lifecycle.advance(request, said(state), asked_at=at) is None


FILING = st.builds(
    CarrierFiling,
    st.sampled_from(["mobile", "unicom", "telecom"]),
    st.sampled_from(["waiting", "done", "failed", "lapsed", "missing"]),
    st.sampled_from(["", "资料不符"]),
)
ANY_NEWS = st.one_of(
    st.just(Missing("ref")),
    st.builds(
        Seen,
        ref=st.just("ref"),
        name=st.just("速达物流"),
        state=st.one_of(st.none(), st.sampled_from([*sorted(AT_VENDOR), State.DELETED])),
        word=st.sampled_from(["0", "1", "X"]),
        reason=st.sampled_from(["", "原因"]),
        order=st.sampled_from(["", "7", "8", "B"]),
        filings=st.lists(FILING, max_size=3, unique_by=lambda filing: filing.carrier).map(tuple),
    ),
)


@given(st.sampled_from(sorted(AT_VENDOR)), st.lists(ANY_NEWS, max_size=8), st.sampled_from([None, T0]))
def test_the_same_news_twice_tells_once_and_no_move_is_illegal(
    state: State, news: list[Seen | Missing], asked_at: datetime | None
) -> None:
    request = a_request(state)
    for one in news:
        change = lifecycle.advance(request, one, asked_at=asked_at)
        if change is None:
            continue
        assert change.before is request.state
        if change.after is not change.before:
            check(change.before, change.after)
        request = taken(request, change)
        again = lifecycle.advance(request, one, asked_at=asked_at)
        assert again is None or (isinstance(one, Missing) and again.news is News.GONE)


# --- What became of our own call -----------------------------------------------------------------------------------

EDITABLE = sorted(AT_VENDOR)


@given(
    state=st.sampled_from([State.SUBMITTING, State.UNKNOWN]),
    prior=st.none() | st.sampled_from(EDITABLE),
    proposed=st.none() | st.fixed_dictionaries({"remark": st.text(max_size=5)}, optional={"name": st.text(max_size=5)}),
    order=st.sampled_from(["", "2"]),
)
def test_what_the_vendor_has_is_what_was_sent_and_nothing_of_the_order_is_left(
    state: State, prior: State | None, proposed: dict[str, str] | None, order: str
) -> None:
    request = a_request(state, prior=prior, proposed=proposed, values={"remark": "old"}, order="1", reason="why")
    step = lifecycle.taken(request, T0, ref="new", order=order)
    check(state, step.state)
    after = replace(request, state=step.state, **step.changes)
    assert (after.vendor_ref, after.order, after.reason) == ("new", order or "1", "")
    assert after.values == (request.values if proposed is None else proposed)
    assert (after.proposed, after.prior, after.next_look_at) == (None, None, T0)


@given(
    state=st.sampled_from([State.SUBMITTING, State.UNKNOWN, State.QUEUED]),
    prior=st.none() | st.sampled_from(EDITABLE),
    proposed=st.none() | st.just({"remark": "new"}),
)
def test_what_did_not_happen_leaves_everything_as_it_was_and_followed_as_before(
    state: State, prior: State | None, proposed: dict[str, str] | None
) -> None:
    request = a_request(state, prior=prior, proposed=proposed, values={"remark": "old"}, reason="the reviewer's")
    step = lifecycle.fell_back(request, T0, why="the call's")
    check(state, step.state)
    after = replace(request, state=step.state, **step.changes)
    assert after.state is (prior or State.FAILED)
    assert after.reason == ("the reviewer's" if prior else "the call's")
    assert after.values == request.values
    assert (after.proposed, after.prior) == (None, None)
    assert (after.next_look_at is not None) == (after.state in FOLLOWED)
