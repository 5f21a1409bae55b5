"""A vendor's list held against the record: everything falls on one side, and nothing is adopted that may be ours already."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Kind, State
from bot.contracts.states import IN_FLIGHT
from bot.contracts.vendor import Listed, Seen
from bot.requests.inventory import SETTLED, sides, values_of
from bot.store.adoptions import Known

REFS = st.sampled_from(["1", "2", "3", "4", "5"])
NAMES = st.sampled_from(["速达", "速达物流", " 速达", "Suda"])
LISTS = st.lists(
    st.builds(
        lambda ref, name, state: Listed(Seen(ref, name, state, "word")),
        REFS,
        NAMES,
        st.sampled_from([None, State.IN_REVIEW, State.APPROVED, State.READY, State.REJECTED, State.DELETED]),
    ),
    unique_by=lambda one: one.seen.ref,
)
RECORDS = st.lists(
    st.tuples(st.one_of(st.just(""), REFS), NAMES, st.sampled_from(State)), unique_by=lambda one: one[0] or object()
).map(
    lambda rows: [
        Known(number, ref, name, state if ref else State.UNKNOWN)
        for number, (ref, name, state) in enumerate(rows, start=1)
    ]
)


@given(LISTS, RECORDS)
def test_everything_falls_on_one_side(listed: list[Listed], known: list[Known]) -> None:
    found = sides(Kind.TEMPLATE, listed, known)
    refs = {one.ref: one for one in known if one.ref}
    flying = {one.name.strip() for one in known if not one.ref}
    new = {one.seen.ref for one in listed if one.seen.state is not State.DELETED} - refs.keys()
    foreign = {one.listed.seen.ref for one in found.foreign}
    left = {one.listed.seen.ref for one in found.on_the_way}
    assert foreign | left == new
    assert not foreign & left
    assert all(one.listed.seen.name.strip() not in flying for one in found.foreign)
    doubted = {*found.otherwise, *found.untold}
    assert not found.otherwise.keys() & set(found.untold)
    shown = {one.seen.ref: one.seen.state for one in listed}
    for one in refs.values():
        agrees = one.ref in shown and shown[one.ref] in (None, one.state)
        assert (one.number in doubted) == (one.state in SETTLED and not agrees)


def test_a_list_that_does_not_tell_of_the_carriers_is_not_believed_against_the_record() -> None:
    listed = [Listed(Seen("速达", "速达", State.APPROVED, "0"))]
    found = sides(Kind.SIGNATURE, listed, [Known(1, "速达", "速达", State.READY)])
    assert (found.otherwise, found.untold) == ({}, (1,))


@pytest.mark.parametrize(
    ("seen", "told", "values"),
    [
        (
            Seen("1", "验证码", State.READY, "", content="您的验证码是{1}。"),
            {},
            {"name": "验证码", "content": "您的验证码是${v1}。"},
        ),
        (
            Seen("1", "验证码", State.READY, "", content="您的验证码是${code}。"),
            {"type": "otp", "sign": "速达"},
            {"name": "验证码", "type": "otp", "sign": "速达", "content": "您的验证码是${code}。"},
        ),
        # Counted in another order than they stand: ours are counted by where they stand, so the text would send other values.
        (Seen("1", "到货", State.READY, "", content="{2}已到{1}。"), {}, {"name": "到货"}),
        # A number of a person is not kept, and a text with a part of it masked would be another one.
        (Seen("1", "到货", State.READY, "", content="请联系13912345678。"), {}, {"name": "到货"}),
        (
            Seen("1", "彩信", State.READY, "", content='{"a": 1}'),
            {"type": "digital"},
            {"name": "彩信", "type": "digital"},
        ),
        (Seen("9", "", State.READY, "", international=True), {}, {"name": "9", "international": "true"}),
    ],
    ids=["counted", "named", "out-of-order", "of-a-person", "digital", "abroad"],
)
def test_what_is_kept_of_a_thing(seen: Seen, told: Mapping[str, str], values: Mapping[str, str]) -> None:
    assert values_of(Listed(seen, told)) == values


def test_what_is_in_flight_has_no_side() -> None:
    """Its answer decides; the record never calls it gone."""
    for state in IN_FLIGHT:
        found = sides(Kind.TEMPLATE, [], [Known(1, "5", "速达", state)])
        assert (found.otherwise, found.untold) == ({}, ())
