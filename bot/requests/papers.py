"""The files of requests, in memory only (spec 10): until they were sent, and while they may have to be sent again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.contracts.model import Paper, Request

PapersInHand = dict[int, Mapping[str, tuple[Paper, ...]]]
"""Request number → key → files: of what is queued, until it is sent."""

KEPT_FOR = timedelta(hours=24)
"""After this the form asks for them again, as it does for a question nobody answered."""

KEPT = 50

KEPT_BYTES = 64 * 1024 * 1024
"""Requests whose files are kept for another try at once, and bytes of all of them; the oldest gives way."""


@dataclass(frozen=True, slots=True)
class _Kept:
    papers: Mapping[str, tuple[Paper, ...]]
    until: datetime

    @property
    def size(self) -> int:
        return sum(paper.size for files in self.papers.values() for paper in files)


class SparePapers:
    """The files of what may still have to be sent: it waits for a second person, or it was sent and the answer was lost.

    Args:
        in_hand: the files of what is queued; they come from there and go back there.
    """

    def __init__(self, in_hand: PapersInHand) -> None:
        self._in_hand = in_hand
        self._kept: dict[int, _Kept] = {}

    def keep(self, number: int, now: datetime) -> None:
        """The call is over and its answer was lost: its files may be wanted once more."""
        papers = self._in_hand.pop(number, None)
        if not papers:
            return
        self._put(number, _Kept(papers, now + KEPT_FOR))

    def _put(self, number: int, kept: _Kept) -> None:
        self._kept.pop(number, None)
        self._kept[number] = kept
        while len(self._kept) > KEPT or sum(one.size for one in self._kept.values()) > KEPT_BYTES:
            del self._kept[next(iter(self._kept))]

    def hold(self, number: int, papers: Mapping[str, tuple[Paper, ...]], until: datetime) -> None:
        """The files of what waits for a second person, until then.

        Args:
            number: the request.
            papers: key → files.
            until: when it waits no longer.
        """
        if papers:
            self._put(number, _Kept(papers, until))

    def forget(self, number: int) -> None:
        """What became of it is settled in another way."""
        self._kept.pop(number, None)

    def numbers(self, now: datetime) -> frozenset[int]:
        """The requests whose files are at hand."""
        for number in [number for number, one in self._kept.items() if one.until <= now]:
            del self._kept[number]
        return frozenset(self._kept)

    def has(self, request: Request, now: datetime) -> bool:
        """Whether a request can go out as it was: its files are here, or it never had any."""
        return not request.papers or request.number in self.numbers(now)

    def give_back(self, number: int) -> None:
        """Put a request's files to what is queued; they are kept here too, until it is known what became of it."""
        if kept := self._kept.get(number):
            self._in_hand[number] = kept.papers
