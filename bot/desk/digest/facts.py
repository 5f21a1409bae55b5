"""What a digest tells, as values: requests by who has the next step, what changed, what is left, who looks after what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.contracts.alert import Alert, AlertState
from bot.contracts.model import Request, State
from bot.contracts.shift import Shift
from bot.contracts.vendor import Measure, Reading

SOON = timedelta(days=14)
"""What runs out or expires within this is worth a digest by itself; buying takes days where somebody has to sign for it."""

OLD = timedelta(days=1)
"""A figure that was read longer ago says when."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Requests that stand alike.

    Args:
        shown: those that are named, in order.
        count: how many there are.
        more: it was counted as far as that only.
    """

    shown: tuple[Request, ...] = ()
    count: int = 0
    more: bool = False

    @property
    def unnamed(self) -> int:
        """How many are not named."""
        return max(self.count - len(self.shown), 0)


@dataclass(frozen=True, slots=True)
class Left:
    """What an account has left.

    Args:
        account: whose.
        read_at: when that was read; none where it never was.
        messages: in packages that can be used; none where it has none.
        until: when what is used by then runs out; none where nobody can tell, or not within what is told.
        lasts: nobody can tell when, but not within what a forecast looks at.
        expires_at: when the next package expires that has something in it.
        expiring: how much that is.
        balances: amounts of money, with their currency.
        computed: that is computed from a configured amount, for nobody tells it.
    """

    account: str
    read_at: datetime | None = None
    messages: int | None = None
    until: datetime | None = None
    lasts: bool = False
    expires_at: datetime | None = None
    expiring: int = 0
    balances: tuple[tuple[Decimal, str], ...] = ()
    computed: bool = False

    def scarce(self, now: datetime) -> bool:
        """Whether it is gone, or will be soon."""
        return self.messages == 0 or (self.until is not None and self.until - now <= SOON)

    def expires_soon(self, now: datetime) -> bool:
        """Whether some of it is lost soon unless it is used."""
        return self.expires_at is not None and self.expires_at - now <= SOON


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything that a digest tells.

    Args:
        since: of what changed.
        overdue: reviews that take longer than the vendor says.
        ours: what people have the next step of.
        theirs: what reviewers, carriers, or this program have the next step of.
        changed: where things came to → those that did.
        changed_more: more changed than was looked through.
        left: what each account has left, what runs out first at first.
        alerts: those that are not closed, the most urgent first.
        duty: plan → who is on call.
    """

    since: datetime
    overdue: Pile = Pile()
    ours: Pile = Pile()
    theirs: Pile = Pile()
    changed: Mapping[State, Pile] | None = None
    changed_more: bool = False
    left: tuple[Left, ...] = ()
    alerts: tuple[Alert, ...] = ()
    duty: tuple[tuple[str, Shift | None], ...] = ()

    @property
    def waiting(self) -> Pile:
        """How many things wait, for whomever."""
        piles = (self.overdue, self.ours, self.theirs)
        return Pile(count=sum(one.count for one in piles), more=any(one.more for one in piles))

    @property
    def moved(self) -> int:
        """How many things changed."""
        return sum(pile.count for pile in (self.changed or {}).values())

    @property
    def open(self) -> tuple[Alert, ...]:
        """The alerts that nobody has taken."""
        return tuple(alert for alert in self.alerts if alert.state is AlertState.OPEN)

    def worth_telling(self, now: datetime) -> bool:
        """Whether a day has anything to say; one that has not is passed over."""
        short = any(one.scarce(now) or one.expires_soon(now) for one in self.left)
        return bool(self.waiting.count or self.moved or self.alerts or short)


def left_of(account: str, read_at: datetime | None, readings: Sequence[Reading], now: datetime) -> Left:
    """What was read of an account, without what is over; when it runs out is a forecast's business."""
    packages = [
        one for one in readings if one.measure is Measure.PACKAGE and (one.expires_at is None or one.expires_at > now)
    ]
    ends = sorted((one.expires_at, one.remaining) for one in packages if one.expires_at and one.remaining > 0)
    first = ends[0][0] if ends else None
    had = any(one.measure is Measure.PACKAGE for one in readings)
    return Left(
        account,
        read_at,
        int(sum(one.remaining for one in packages)) if had else None,
        expires_at=first,
        expiring=int(sum(remaining for at, remaining in ends if at == first)),
        balances=tuple((one.remaining, one.unit) for one in readings if one.measure is Measure.BALANCE),
        computed=any(one.estimated for one in packages),
    )
