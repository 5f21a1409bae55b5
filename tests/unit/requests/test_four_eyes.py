"""Who may agree to what: a digest of exactly what is done, never one's own, enough people, in time."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.approval import Act, Agreement, Approval, ApprovalState
from bot.contracts.model import Action, Kind, Paper, Place, Request, Role, State
from bot.contracts.settings import Person, Settings
from bot.requests.four_eyes import (
    CODE,
    REMIND_AFTER,
    TAKEN,
    Verdict,
    acts_of,
    code_of,
    digest,
    on_approving,
    on_denying,
    on_withdrawing,
    planned,
    remind_at,
    still_holds,
    wanted,
)
from bot.requests.orders import described
from tests.given import MONDAY as T0
from tests.given import a_request

WEEK = timedelta(days=7)
PEOPLE = Settings(
    person=[
        Person(name="alice", slack="U1", dingtalk="d1", role="approver"),
        Person(name="bob", slack="U2", dingtalk="d2", role="approver"),
        Person(name="carol", slack="U3", role="approver"),
    ]
)
KEYS = ("slack:T1/U1", "dingtalk:d1", "slack:T1/U2", "dingtalk:d2", "slack:T1/U3", "slack:T1/U9", "terminal:x")
ROLES = st.sampled_from(Role)
ACTORS = st.sampled_from(KEYS)


def same(a: str, b: str) -> bool:
    return PEOPLE.same_person(a, b)


def an_order(*agreed: str, authors: tuple[str, ...] = ("slack:T1/U1",), **changes: object) -> Approval:
    order = Approval(
        id=1,
        request=17,
        asked="17.1",
        action=Action.CREATE,
        digest="d",
        acts=(Act.SUBMIT,),
        authors=authors,
        ordered_by=authors[0],
        ordered_by_name="alice",
        place=Place("slack", "C1"),
        files=0,
        state=ApprovalState.WAITING,
        asked_at=T0,
        expires_at=T0 + WEEK,
        agreements=tuple(Agreement(who, "", T0) for who in agreed),
    )
    return replace(order, **changes)  # type: ignore[arg-type]


def word(order: Approval | None, actor: str, **how: object) -> Verdict:
    given_ = {"standing": "d", "role": Role.APPROVER, "quorum": 1, "now": T0, "same": same, **how}
    return on_approving(order, actor=actor, **given_)  # type: ignore[arg-type]


# --- What has to wait -------------------------------------------------------------------------------------------------

ORDERS = (
    (Action.CREATE, Kind.SIGNATURE, {}, {Act.SUBMIT}),
    (Action.CREATE, Kind.SIGNATURE, {"purpose": "other"}, {Act.SUBMIT, Act.THIRD_PARTY}),
    (Action.CREATE, Kind.TEMPLATE, {"type": "otp"}, {Act.SUBMIT}),
    (Action.CREATE, Kind.TEMPLATE, {"type": "promo"}, {Act.SUBMIT, Act.PROMO}),
    (Action.CREATE, Kind.TEMPLATE, {"type": "digital"}, {Act.SUBMIT, Act.PROMO}),
    (Action.UPDATE, Kind.TEMPLATE, {"type": "promo"}, {Act.EDIT, Act.PROMO}),
    (Action.UPDATE, Kind.SIGNATURE, {"purpose": "self"}, {Act.EDIT}),
    (Action.DELETE, Kind.TEMPLATE, {"type": "promo"}, {Act.DELETE}),
)


@pytest.mark.parametrize(("action", "kind", "values", "acts"), ORDERS)
def test_what_an_order_counts_as(action: Action, kind: Kind, values: Mapping[str, str], acts: set[Act]) -> None:
    assert acts_of(action, kind, values) == acts


@given(acts=st.frozensets(st.sampled_from(Act)), policy=st.frozensets(st.sampled_from([str(act) for act in Act])))
def test_it_waits_for_what_the_policy_names_and_for_nothing_else(acts: frozenset[Act], policy: frozenset[str]) -> None:
    assert {str(act) for act in wanted(acts, policy)} == {str(act) for act in acts} & policy


# --- Exactly what is done ---------------------------------------------------------------------------------------------

VALUES = st.dictionaries(st.sampled_from(["name", "content", "type", "remark"]), st.text(max_size=4), max_size=4)
PAPERS = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from(["paper", "letter"]), "sha256": st.sampled_from(["a", "b"])}),
    max_size=2,
)
ORDERED = st.builds(
    lambda action, values, proposed, papers, ref: a_request(
        State.AWAITING_APPROVAL, action=action, values=values, proposed=proposed, papers=tuple(papers), vendor_ref=ref
    ),
    st.sampled_from(Action),
    VALUES,
    st.none() | VALUES,
    PAPERS,
    st.sampled_from(["", "r1"]),
)


def done(request: Request) -> object:
    """What would be done at the vendor."""
    values = request.values if request.proposed is None else request.proposed
    papers = sorted((paper["key"], paper["sha256"]) for paper in request.papers)
    return request.action, request.account, request.vendor_ref, sorted(values.items()), papers


@given(one=ORDERED, other=ORDERED)
def test_a_digest_is_the_same_for_the_same_content_and_files_only(one: Request, other: Request) -> None:
    assert (digest(one) == digest(other)) is (done(one) == done(other))


@given(one=ORDERED)
def test_a_digest_does_not_depend_on_what_is_not_sent(one: Request) -> None:
    moved = replace(one, state=State.QUEUED, reason="x", looks=3, place=Place("dingtalk", "c"), submitter="slack:U9")
    assert digest(moved) == digest(one)
    assert digest(replace(one, account="other")) != digest(one)


@given(st.lists(st.text("0123456789abcdef", min_size=64, max_size=64), min_size=1, max_size=4))
def test_a_code_looks_like_one_and_does_not_depend_on_the_order(digests: list[str]) -> None:
    assert re.fullmatch(CODE, code_of(digests))
    assert code_of(digests) == code_of(sorted(digests))


# --- Who may ----------------------------------------------------------------------------------------------------------


@given(actor=ACTORS, role=ROLES, authors=st.lists(ACTORS, min_size=1, max_size=3), quorum=st.integers(1, 3))
def test_nobody_agrees_to_their_own_from_whichever_chat(
    actor: str, role: Role, authors: list[str], quorum: int
) -> None:
    order = an_order(authors=tuple(authors))
    own = any(same(author, actor) for author in authors)
    said = word(order, actor, role=role, quorum=quorum)
    assert (said in TAKEN) is (role >= Role.APPROVER and not own)
    if role >= Role.APPROVER and own:
        assert said is Verdict.OWN
    assert (on_denying(order, actor=actor, role=role, same=same) in TAKEN) is (role >= Role.APPROVER and not own)
    assert (on_withdrawing(order, actor=actor, same=same) in TAKEN) is own


def test_the_linked_id_in_the_other_chat_is_the_same_person() -> None:
    assert word(an_order(authors=("slack:T1/U1",)), "dingtalk:d1") is Verdict.OWN
    assert word(an_order(authors=("dingtalk:d1",)), "slack:T1/U1") is Verdict.OWN
    assert word(an_order("slack:T1/U2"), "dingtalk:d2", quorum=2) is Verdict.AGAIN


@given(actors=st.lists(ACTORS, max_size=8), quorum=st.integers(1, 4))
def test_it_is_enough_when_so_many_different_people_agreed(actors: list[str], quorum: int) -> None:
    order, granted = an_order(), False
    people: list[str] = []
    for actor in actors:
        said = word(order, actor, quorum=quorum)
        if said in TAKEN:
            people.append(actor)
            order = replace(order, agreements=(*order.agreements, Agreement(actor, "", T0)))
        if said is Verdict.ENOUGH:
            granted = True
            break
    others = {next(known for known in KEYS if same(known, actor)) for actor in actors} - {"slack:T1/U1"}
    assert granted is (len(others) >= quorum)
    assert all(not same(one, other) for at, one in enumerate(people) for other in people[at + 1 :])


def test_a_lower_quorum_counts_for_whoever_agreed_already() -> None:
    assert word(an_order("slack:T1/U2"), "slack:T1/U2", quorum=2) is Verdict.AGAIN
    assert word(an_order("slack:T1/U2"), "slack:T1/U2", quorum=1) is Verdict.ENOUGH


@pytest.mark.parametrize("state", [one for one in ApprovalState if one is not ApprovalState.WAITING])
def test_what_is_over_waits_for_nobody(state: ApprovalState) -> None:
    order = an_order(state=state)
    assert word(order, "slack:T1/U2") is Verdict.NOTHING
    assert on_denying(order, actor="slack:T1/U2", role=Role.ADMIN, same=same) is Verdict.NOTHING
    assert on_withdrawing(order, actor="slack:T1/U1", same=same) is Verdict.NOTHING


def test_nothing_waits() -> None:
    assert word(None, "slack:T1/U2") is Verdict.NOTHING


# --- An edit voids it -------------------------------------------------------------------------------------------------


@given(standing=st.sampled_from(["d", "e"]), seen=st.booleans(), actor=ACTORS)
def test_a_word_on_something_else_never_counts(standing: str, seen: bool, actor: str) -> None:
    if word(an_order(), actor, standing=standing, seen=seen) in TAKEN:
        assert standing == "d"
        assert seen


@given(state=st.sampled_from(ApprovalState), standing=st.sampled_from(["d", "e"]), days=st.integers(0, 14))
def test_what_was_agreed_to_holds_for_the_same_and_in_time_only(state: ApprovalState, standing: str, days: int) -> None:
    holds = still_holds(an_order(state=state), standing, T0 + timedelta(days=days))
    assert holds is (state is ApprovalState.GRANTED and standing == "d" and days < 7)


# --- Time -------------------------------------------------------------------------------------------------------------

HOURS = st.integers(-400, 400).map(lambda hours: timedelta(hours=hours))


@given(later=HOURS, reminded=st.booleans())
def test_it_is_reminded_of_once_and_then_it_is_over(later: timedelta, reminded: bool) -> None:
    now = T0 + later
    plan = planned(an_order(reminded=reminded), now, WEEK)
    if later < timedelta(0):  # the clock was set back: it has its whole time from now on
        assert not plan.over
        assert plan.expires_at == now + WEEK
        return
    assert plan.over is (later >= WEEK)
    assert plan.remind is (not reminded and REMIND_AFTER <= later < WEEK)
    assert plan.over or (plan.due_at is not None and plan.due_at > now)


@given(lasts=st.integers(1, 500).map(lambda hours: timedelta(hours=hours)))
def test_the_reminder_comes_before_the_end(lasts: timedelta) -> None:
    assert T0 < remind_at(T0, lasts) < T0 + lasts


def test_too_late_is_too_late() -> None:
    assert word(an_order(), "slack:T1/U2", now=T0 + WEEK) is Verdict.EXPIRED
    assert word(an_order(), "slack:T1/U2", now=T0 + WEEK - timedelta(seconds=1)) is Verdict.ENOUGH


PRIVATE = (
    ("handler_id", "330106199001011234", "330106199001011234", True),
    ("handler_id", "330106199001011234", "330106199001011235", False),
    ("handler_front", "a picture", "another picture", False),
    ("certify_code", "123456", "654321", True),  # another one each time it is sent
)


@pytest.mark.parametrize(("key", "before", "after", "same"), PRIVATE)
def test_personal_data_is_bound_without_being_kept(key: str, before: str, after: str, same: bool) -> None:
    def order(said: str) -> Request:
        return a_request(State.AWAITING_APPROVAL, papers=described({key: (Paper(key, said.encode(), "text/plain"),)}))

    assert (digest(order(before)) == digest(order(after))) is same
    kept = str(order(before).papers)
    assert before not in kept
    assert hashlib.sha256(before.encode()).hexdigest() not in kept
