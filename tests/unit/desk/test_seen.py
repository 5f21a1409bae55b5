"""How requests stood when their form was opened, as far as that is remembered."""

from bot.contracts.model import State
from bot.desk import seen
from bot.desk.seen import Seen
from tests.given import a_request


def test_each_has_seen_their_own_form_as_it_was_opened_last() -> None:
    remembered = Seen()
    rejected, other = a_request(State.REJECTED, number=2), a_request(State.REJECTED, number=3)
    remembered.note("bob", (rejected, other))
    remembered.note("alice", (rejected,))
    assert remembered.standing("bob", (3, 2)) == {2: rejected.standing, 3: other.standing}
    assert remembered.standing("bob", (2,)) == {}
    assert remembered.standing("alice", (2,)) == {2: rejected.standing}

    for number in range(seen.MOST):
        remembered.note("eve", (a_request(State.DRAFT, number=number + 10),))
    assert remembered.standing("alice", (2,)) == {}
