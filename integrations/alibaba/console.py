"""Submissions of an account at the international site: its API has nothing for them, the console takes them (facts 7)."""

from collections.abc import AsyncGenerator, Sequence

from bot.contracts.errors import Refused
from bot.contracts.fields import Field
from bot.contracts.model import Kind, Submission
from bot.contracts.vendor import Accepted, Listed, Looked, Looks, Missing, Option, Seen, Tracked, every
from integrations.alibaba import wire
from integrations.alibaba.go_china import FIELDS


class Console:
    """What is followed as guided requests, see `bot.contracts.vendor.Reviewing`; whoever asks more is told, not answered."""

    lists: frozenset[Kind] = frozenset()

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """What is kept with a guided request."""
        return FIELDS.get(kind, ())

    async def options(self, source: str) -> tuple[Option, ...]:
        """Nothing is listed."""
        del source
        return ()

    async def create(self, submission: Submission) -> Accepted:
        """Not offered."""
        raise _not_offered(submission)

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """Not offered."""
        raise _not_offered(ref, submission)

    async def delete(self, kind: Kind, ref: str, *, international: bool = False, digital_name: str = "") -> None:
        """Not offered."""
        raise _not_offered(kind, ref, international, digital_name)

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """Nothing can be looked at."""
        return await every(tracked, self.looks(tracked))

    async def looks(self, tracked: Sequence[Tracked]) -> Looks:
        """Nothing can be looked at, which says nothing of whether it is there."""
        for one in tracked:
            yield (Looked(one, _not_offered(one)),)

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """Not offered."""
        raise _not_offered(submission)

    async def listed(self, kind: Kind) -> AsyncGenerator[tuple[Listed, ...], None]:
        """Not offered."""
        raise _not_offered(kind)
        yield ()


def _not_offered(*asked: object) -> Refused:
    """Whatever is asked."""
    del asked
    return wire.refused("NotOffered")
