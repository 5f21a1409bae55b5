"""Who may do what, where."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Actor, Place, Role
from bot.desk.access import Access, Why, role_of
from bot.running.config import parse

SETTINGS = parse(
    """
[[conversation]]
platform = "slack"
id = "C1"
[[conversation]]
platform = "slack"
id = "C2"
default_role = "responder"
[[conversation]]
platform = "dingtalk"
id = "cid1"
default_role = "submitter"
[[person]]
name = "ann"
slack = "U1"
dingtalk = "d1"
role = "approver"
[[person]]
name = "bob"
slack = "U2"
[[person]]
name = "chen"
dingtalk = "d3"
role = "admin"
[[group]]
slack = "S1"
role = "submitter"
[[group]]
slack = "S2"
role = "approver"
""",
    accounts={},
    environ={},
    base=Path("/nowhere"),
)
GROUPS: Mapping[str, frozenset[str]] = {
    "S1": frozenset({"U2", "U4", "U5"}),
    "S2": frozenset({"U5"}),
    "S9": frozenset({"U6"}),
}
C1, C2 = Place("slack", "C1", "a thread"), Place("slack", "C2")
CID1 = Place("dingtalk", "cid1")
ELSEWHERE = Place("slack", "D1")


def slack(user: str, *, outsider: bool = False) -> Actor:
    return Actor("slack", user, team="T1", name="ann", outsider=outsider)


@pytest.mark.parametrize(
    ("actor", "place", "expected"),
    [
        (slack("U1"), C1, Access(Role.APPROVER, "ann", served=True, why=Why.PERSON)),
        (Actor("dingtalk", "d1"), CID1, Access(Role.APPROVER, "ann", served=True, why=Why.PERSON)),
        (slack("d1"), C1, Access(Role.VIEWER, None, served=True, why=Why.CONVERSATION)),  # the other chat's id
        (slack("U2"), C1, Access(Role.SUBMITTER, "bob", served=True, why=Why.PERSON)),  # more by group
        (slack("U2"), C2, Access(Role.SUBMITTER, "bob", served=True, why=Why.PERSON)),  # a default adds nothing
        (slack("U4"), C1, Access(Role.SUBMITTER, None, served=True, why=Why.GROUP)),
        (slack("U5"), C1, Access(Role.APPROVER, None, served=True, why=Why.GROUP)),  # the higher of two groups
        (slack("U6"), C1, Access(Role.VIEWER, None, served=True, why=Why.CONVERSATION)),  # a group nobody configured
        (slack("U9"), C1, Access(Role.VIEWER, None, served=True, why=Why.CONVERSATION)),
        (slack("U9"), C2, Access(Role.RESPONDER, None, served=True, why=Why.CONVERSATION)),
        (Actor("dingtalk", "U4"), CID1, Access(Role.SUBMITTER, None, served=True, why=Why.CONVERSATION)),
        (slack("U1"), ELSEWHERE, Access(Role.NOBODY, "ann", served=False, why=Why.NOT_LISTED)),
        (slack("U9"), ELSEWHERE, Access(Role.NOBODY, None, served=False, why=Why.NOT_LISTED)),
        (slack("U1"), Place("dingtalk", "C1"), Access(Role.NOBODY, "ann", served=False, why=Why.NOT_LISTED)),
        (slack("U1", outsider=True), C1, Access(Role.NOBODY, None, served=False, why=Why.OUTSIDER)),
        (slack("U4", outsider=True), C1, Access(Role.NOBODY, None, served=False, why=Why.OUTSIDER)),
        (Actor("terminal", "me"), Place("terminal", "x"), Access(Role.ADMIN, None, served=True, why=Why.OPERATOR)),
    ],
)
def test_in_a_conversation(actor: Actor, place: Place, expected: Access) -> None:
    assert role_of(actor, place, SETTINGS, GROUPS, operator=actor.platform == "terminal") == expected


@pytest.mark.parametrize(
    ("actor", "place", "expected"),
    [
        (slack("U1"), ELSEWHERE, Access(Role.APPROVER, "ann", served=True, why=Why.PERSON)),
        (slack("U2"), ELSEWHERE, Access(Role.SUBMITTER, "bob", served=True, why=Why.PERSON)),
        (slack("U4"), ELSEWHERE, Access(Role.NOBODY, None, served=False, why=Why.NOT_NAMED)),
        (slack("U9"), C2, Access(Role.NOBODY, None, served=False, why=Why.NOT_NAMED)),  # listed or not
        (slack("U1", outsider=True), ELSEWHERE, Access(Role.NOBODY, None, served=False, why=Why.OUTSIDER)),
    ],
)
def test_in_a_chat_of_two(actor: Actor, place: Place, expected: Access) -> None:
    assert role_of(actor, place, SETTINGS, GROUPS, direct=True) == expected


actors = st.builds(
    Actor,
    st.sampled_from(["slack", "dingtalk"]),
    st.sampled_from(["U1", "U2", "U4", "U5", "U9", "d1", "d3", ""]),
    outsider=st.booleans(),
)
places = st.builds(Place, st.sampled_from(["slack", "dingtalk"]), st.sampled_from(["C1", "C2", "cid1", "D1"]))


@given(actor=actors, place=places, direct=st.booleans(), name=st.sampled_from(["ann", "chen", ""]))
def test_nobody_has_a_role_where_not_served_and_names_count_for_nothing(
    actor: Actor, place: Place, direct: bool, name: str
) -> None:
    access = role_of(actor, place, SETTINGS, GROUPS, direct=direct)
    assert access.served == (access.role is not Role.NOBODY)
    assert not (actor.outsider and access.served)
    renamed = Actor(actor.platform, actor.user, actor.team, name, actor.outsider)
    assert role_of(renamed, place, SETTINGS, GROUPS, direct=direct) == access


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("slack:U1", "slack:U1", True),
        ("slack:T1/U1", "dingtalk:d1", True),
        ("slack:T1/U1", "dingtalk:corp/d1", True),
        ("slack:T1/U9", "slack:U9", True),  # the team is not told
        ("slack:T1/U9", "slack:T2/U9", False),
        ("slack:U1", "slack:U2", False),
        ("slack:U2", "dingtalk:d3", False),
        ("slack:U9", "dingtalk:U9", False),
        ("slack:U2", "dingtalk:", False),
        ("terminal:me", "slack:U1", False),
    ],
)
def test_one_person_in_two_chats(a: str, b: str, same: bool) -> None:
    assert SETTINGS.same_person(a, b) is same
    assert SETTINGS.same_person(b, a) is same


def test_the_person_behind_a_key() -> None:
    assert SETTINGS.person_of(slack("U1").key) is SETTINGS.people[0]
    assert SETTINGS.person_of("dingtalk:corp/d3") is SETTINGS.people[2]
    assert SETTINGS.person_of("slack:U9") is None


@pytest.mark.parametrize(
    ("role", "names"),
    [
        (Role.VIEWER, ("ann", "bob", "chen")),
        (Role.RESPONDER, ("ann", "chen")),
        (Role.APPROVER, ("ann", "chen")),
        (Role.ADMIN, ("chen",)),
    ],
)
def test_who_may(role: Role, names: tuple[str, ...]) -> None:
    assert SETTINGS.who_may(role) == names
