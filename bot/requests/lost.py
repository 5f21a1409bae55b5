"""What a look-up says after a lost answer, and when to look again. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.contracts.model import Request
from bot.contracts.placeholders import numbered
from bot.contracts.vendor import Seen

# --- Settling what is unknown ------------------------------------------------------------------------------------------


CLOCKS_APART = timedelta(minutes=15)
"""How far a vendor's clock can be from ours while it takes our calls.

Alibaba refuses `x-acs-date` more than 15 minutes off, Tencent sooner. A smaller allowance would call a thing of ours
somebody else's when our clock is fast, and so send it twice; what somebody else made under the same name within it is
rare, and taking it for ours is harmless beside that.
"""


class Verdict(StrEnum):
    """What a look-up after a lost create says."""

    FOUND = "found"
    ABSENT = "absent"  # this time; `bot.requests.lost.next_settle` knows when it is certain
    AMBIGUOUS = "ambiguous"  # several could be ours: only a person can tell


@dataclass(frozen=True, slots=True)
class Settled:
    """The answer of one look-up.

    Attributes:
        verdict: which it is.
        seen: the thing that is ours, when found.
    """

    verdict: Verdict
    seen: Seen | None = None


def settled(
    request: Request,
    candidates: Sequence[Seen],
    known_refs: frozenset[str],
    intent_at: datetime,
    skew: timedelta = CLOCKS_APART,
) -> Settled:
    """Whether a create whose answer was lost arrived.

    Args:
        request: the one that is unknown.
        candidates: what the vendor has that could be it (`Reviewing.find`).
        known_refs: the vendor's ids that the record has already; what they name belongs to somebody else.
        intent_at: when the intent was stored; what is older is not ours.
        skew: how far the vendor's clock may be behind ours.
    """
    others = known_refs - {request.vendor_ref}
    ours = {
        seen.ref: seen
        for seen in candidates
        if seen.ref not in others and (seen.created_at is None or seen.created_at >= intent_at - skew)
    }
    match list(ours.values()):
        case []:
            return Settled(Verdict.ABSENT)
        case [one]:
            return Settled(Verdict.FOUND, one)
        case _:
            return Settled(Verdict.AMBIGUOUS)


def took_edit(request: Request, seen: Seen) -> bool:
    """Whether an edit whose answer was lost arrived, as far as what the vendor shows can tell.

    A new review shows in the state. Where the state is the same before and after (an edit of what is in review), only a
    name or a text that the edit changed can tell.
    """
    if seen.state is None:
        return False
    if seen.state is not request.prior:
        return True
    after = request.submission()
    content = after.values.get("content", "")
    renamed = after.name != request.name and seen.name == after.name
    reworded = content != request.values.get("content", "") and seen.content in (content, numbered(content))
    return renamed or (bool(content) and reworded)


# --- Settling what is unknown ------------------------------------------------------------------------------------------

SETTLE_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60, 120))
"""The pause before each look at what became of a lost call; the last one again and again."""

ABSENT_LOOKS = 3
"""So many looks must have found nothing: one answer can be a slip of the vendor's, or come from a copy that lags."""

ABSENT_AFTER = timedelta(seconds=60)
"""And so long after the answer was lost: a call that was on its way can still arrive until the vendors' gateways give
up, which they do after at most a minute (60 s is the usual read time-out of a gateway; none of the three vendors
publishes its own)."""


CLOCK_BELIEVED = timedelta(hours=1)
"""Three looks take a minute or two; a clock by which they took longer may have been set, so the looks themselves count."""


def first_settle(now: datetime, scale: float = 1.0) -> datetime:
    """When the vendor is first asked what became of a call whose answer was lost just now."""
    return now + SETTLE_PAUSES[0] * scale


def next_settle(looks: int, since: datetime, now: datetime, *, scale: float = 1.0) -> datetime | None:
    """When the vendor is asked again after it said that it has no such thing.

    Args:
        looks: how many looks found nothing, the present one included.
        since: when the answer was lost.
        now: when the present look was.
        scale: below 1 only where the vendor's own time runs faster (a sandbox): a real gateway does not give up sooner
            because we look more often.

    Returns:
        When; none when it is certain that the call never arrived.
    """
    if absent(looks, since, now, scale=scale):
        return None
    return now + SETTLE_PAUSES[min(looks, len(SETTLE_PAUSES) - 1)] * scale


def absent(looks: int, since: datetime, now: datetime, *, scale: float = 1.0) -> bool:
    """Whether so many looks that found nothing make it certain that the call never arrived.

    How long ago the answer was lost is what the clock says, unless it was set meanwhile: then it is at least what the
    looks waited for one another.
    """
    waited = now - since
    if not timedelta(0) <= waited <= CLOCK_BELIEVED:
        waited = sum(SETTLE_PAUSES[:looks], SETTLE_PAUSES[-1] * max(0, looks - len(SETTLE_PAUSES))) * scale
    return looks >= ABSENT_LOOKS and waited >= ABSENT_AFTER * scale
