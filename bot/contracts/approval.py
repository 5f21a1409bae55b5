"""What waits for a second person, and who agreed so far."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.contracts.model import Action, Place


class Act(StrEnum):
    """What can be made to wait for somebody else, as `[policy] second_person` names it."""

    DELETE = "delete"  # of what a vendor has
    PROMO = "promo"  # a marketing template, new or changed
    SUBMIT = "submit"  # anything new
    EDIT = "edit"  # of what a vendor has
    THIRD_PARTY = "third_party"  # a signature for another company


class ApprovalState(StrEnum):
    """How an order that had to wait stands."""

    WAITING = "waiting"
    GRANTED = "granted"  # enough people agreed; what they agreed to may go out, and nothing else
    USED = "used"  # the vendor took it
    DENIED = "denied"
    EXPIRED = "expired"  # nobody, or too few, in time
    WITHDRAWN = "withdrawn"  # by whoever ordered it
    VOID = "void"  # something else was ordered in its place


@dataclass(frozen=True, slots=True)
class Agreement:
    """Somebody agreed.

    Args:
        who: `Actor.key`.
        name: for display.
        at: when.
    """

    who: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Approval:
    """An order that waits, or waited, for a second person.

    Args:
        id: of its row.
        request: the number of the request.
        asked: the name that everything asked for in one message shares.
        action: what is to be done at the vendor.
        digest: of exactly what is to be done (`bot.requests.four_eyes.digest`).
        acts: why somebody else has to agree.
        authors: `Actor.key` of everybody who wrote or ordered it; none of them may agree.
        ordered_by: `Actor.key` of who ordered it; `ordered_by_name` is for display.
        place: where it was ordered.
        files: how many files go with it.
        asked_at: when it was ordered.
        expires_at: when it is over.
        agreements: who agreed so far, each person once.
        reminded: whether those who may agree were reminded.
        ended_by: `Actor.key` of who ended it; empty while it waits, and where time did.
        reason: why it was denied, in the words of who did.
    """

    id: int
    request: int
    asked: str
    action: Action
    digest: str
    acts: tuple[Act, ...]
    authors: tuple[str, ...]
    ordered_by: str
    ordered_by_name: str
    place: Place
    files: int
    state: ApprovalState
    asked_at: datetime
    expires_at: datetime
    agreements: tuple[Agreement, ...] = ()
    reminded: bool = False
    ended_at: datetime | None = None
    ended_by: str = ""
    ended_by_name: str = ""
    reason: str = ""

    @property
    def waits(self) -> bool:
        """Whether somebody has still to agree."""
        return self.state is ApprovalState.WAITING

    @property
    def names(self) -> Mapping[str, str]:
        """`Actor.key` of whoever has to do with it → what their chat called them."""
        known = {self.ordered_by: self.ordered_by_name, **{one.who: one.name for one in self.agreements}}
        return {**known, self.ended_by: self.ended_by_name} if self.ended_by else known
