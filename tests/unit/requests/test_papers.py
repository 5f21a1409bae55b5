"""Files that may have to be sent again: kept in memory for a while, a bounded number of them."""

from datetime import timedelta

import pytest

from bot.contracts.model import Paper
from bot.requests import papers
from bot.requests.orders import described
from bot.requests.papers import KEPT, KEPT_FOR, PapersInHand, SparePapers
from tests.given import LICENCE, MONDAY, a_request

FILES = {"paper": (LICENCE,)}


def lost(*numbers: int, files: dict[str, tuple[Paper, ...]] = FILES) -> tuple[PapersInHand, SparePapers]:
    in_hand: PapersInHand = {}
    spare = SparePapers(in_hand)
    for number in numbers:
        in_hand[number] = files
        spare.keep(number, MONDAY)
    return in_hand, spare


def test_they_go_back_to_what_is_queued_and_are_kept_until_it_is_known_what_became_of_it() -> None:
    in_hand, spare = lost(17)
    assert (in_hand, spare.numbers(MONDAY)) == ({}, {17})
    request = a_request(papers=described(FILES))
    assert spare.has(request, MONDAY)
    spare.give_back(17)
    assert in_hand == {17: FILES}
    assert spare.has(request, MONDAY)
    spare.forget(17)
    assert not spare.has(request, MONDAY)


def test_what_never_had_papers_needs_none() -> None:
    in_hand, spare = lost()
    spare.keep(17, MONDAY)
    assert spare.has(a_request(), MONDAY)
    spare.give_back(17)
    assert (in_hand, spare.numbers(MONDAY)) == ({}, frozenset())


def test_they_are_forgotten_after_a_day() -> None:
    _, spare = lost(17)
    assert spare.numbers(MONDAY + KEPT_FOR - timedelta(seconds=1)) == {17}
    assert spare.numbers(MONDAY + KEPT_FOR) == frozenset()
    assert not spare.has(a_request(papers=described(FILES)), MONDAY + KEPT_FOR)


def test_the_oldest_gives_way(monkeypatch: pytest.MonkeyPatch) -> None:
    _, spare = lost(*range(KEPT + 2))
    assert spare.numbers(MONDAY) == frozenset(range(2, KEPT + 2))
    monkeypatch.setattr(papers, "KEPT_BYTES", 2 * LICENCE.size)
    _, spare = lost(1, 2, 3)
    assert spare.numbers(MONDAY) == {2, 3}
