"""When a test message is looked at again, and what the vendor's details say of one whose answer was lost. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.contracts.push import Outcome, Receipt
from bot.contracts.sending import Settles
from bot.contracts.sent import AFTER, MOVES, SendState, TestMessage

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 15, 30, 60, 120, 300, 600, 1800, 3600))
"""Between the looks for a receipt: most come within seconds, and one that is late is very late."""

SILENT_AFTER = timedelta(hours=12)
"""Then nobody is likely to say any more (UCloud: ask support after 12 hours, facts 5); it is told once, and looked on."""

GIVEN_UP_AFTER = timedelta(hours=72)
"""Tencent's details go back no further (facts 5.2); a carrier that says nothing in three days never will."""

SETTLE_PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 30, 60, 120))
"""Between the looks for one whose answer was lost; the last one again and again."""

ABSENT_LOOKS = 3
"""So many looks must have found nothing: one answer can be a slip."""

CLOCKS_APART = timedelta(minutes=5)
"""How far a vendor's clock may be from ours, for what its details say of when something was sent."""

WIDEST = max(PAUSES[-1], SETTLE_PAUSES[-1])
"""The widest pause (`bot.contracts.due`)."""


def next_look(looks: int, since: datetime, now: datetime) -> datetime | None:
    """When the next look for a receipt comes; none when nobody is likely to say any more."""
    if now - since >= GIVEN_UP_AFTER:
        return None
    return now + PAUSES[min(looks, len(PAUSES) - 1)]


def next_settle(looks: int, now: datetime) -> datetime:
    """When one whose answer was lost is looked for again."""
    return now + SETTLE_PAUSES[min(looks, len(SETTLE_PAUSES) - 1)]


def absent(looks: int, since: datetime, now: datetime, patience: timedelta) -> bool:
    """Whether looks that found nothing make it certain that the vendor never had it.

    Args:
        looks: so many, the present one included.
        since: when the answer was lost.
        now: when the present look was.
        patience: how long it can still arrive, or its details be late.
    """
    waited = now - since
    if waited < timedelta(0):  # the clock was set back: what the looks waited for one another
        waited = sum(SETTLE_PAUSES[:looks], SETTLE_PAUSES[-1] * max(0, looks - len(SETTLE_PAUSES)))
    return looks >= ABSENT_LOOKS and waited >= patience


def received(state: SendState, outcome: Outcome) -> SendState | None:
    """Where a receipt takes a message, whoever brought it and however late; none where it says nothing new."""
    after = AFTER[outcome]
    return after if after is not state and after in MOVES[state] else None


class Verdict(StrEnum):
    """What the details say of a message whose answer was lost."""

    FOUND = "found"
    NOTHING = "nothing"
    SEVERAL = "several"  # each could be it: only a person can tell


@dataclass(frozen=True, slots=True)
class Found:
    """The answer of one look.

    Args:
        verdict: which it is.
        receipt: what is ours, when found.
    """

    verdict: Verdict
    receipt: Receipt | None = None


def found(message: TestMessage, settles: Settles, receipts: Sequence[Receipt], known: Collection[str]) -> Found:
    """Whether a message whose answer was lost is among what the vendor has.

    Args:
        message: which.
        settles: what the details are told apart by.
        receipts: of its number and day.
        known: the vendor's ids that belong to other messages of ours.
    """
    if settles is Settles.BY_MARK:
        ours = [one for one in receipts if one.mark == message.mark]
    else:
        start = (message.sent_at or message.created_at) - CLOCKS_APART
        end = message.since + CLOCKS_APART
        ours = [
            one
            for one in receipts
            if one.message not in known and one.sent_at is not None and start <= one.sent_at <= end
        ]
    match ours:
        case []:
            return Found(Verdict.NOTHING)
        case [one]:
            return Found(Verdict.FOUND, one)
        case _:
            return Found(Verdict.SEVERAL)
