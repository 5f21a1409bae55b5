"""An alert as a row of the record, and what it can be about; what happens to it is decided by `bot.watch.lifecycle`."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from bot.contracts.model import Refusal


class Metric(StrEnum):
    """What an alert can be about: what is left at a vendor (spec 12, `[[rule]] metric`), or minutes of trouble with it."""

    REMAINING = "quota.remaining"  # messages left in all packages
    SHARE = "quota.share"  # the same as a share of what those packages began with, 0 to 1
    DAYS_LEFT = "package.days_left"  # until the next package with something in it expires
    BALANCE = "balance"  # money
    SILENT = "vendor.silent"  # minutes without a usable answer: out of reach, or broken
    THROTTLED = "vendor.throttled"  # minutes of "too fast"
    REFUSING = "vendor.refusing"  # minutes in which our questions are refused for a reason that nobody foresaw
    CREDENTIALS = "vendor.credentials"  # minutes in which the key is refused
    PERMISSION = "vendor.permission"  # minutes in which the key may not do what we ask
    ACCOUNT = "vendor.account"  # minutes in which the account is not served: debt, verification, not activated

    @property
    def of_calls(self) -> bool:
        """Whether it is minutes of trouble with a vendor's calls; the alert opens above its bound, not below."""
        return self in CALLS


CALLS = frozenset(
    {Metric.SILENT, Metric.THROTTLED, Metric.REFUSING, Metric.CREDENTIALS, Metric.PERMISSION, Metric.ACCOUNT}
)
"""The troubles with a vendor's calls. What they are held against is fixed: `bot.watch.troubles`."""


class Severity(StrEnum):
    """How urgent a finding is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """For comparing: the higher, the more urgent."""
        return _RANKS[self]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class AlertState(StrEnum):
    """Where an alert stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"  # somebody is on it; silent until that expires
    SNOOZED = "snoozed"  # silent until a time that somebody said, then open again
    RESOLVED = "resolved"  # by itself or by somebody; final


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert: a row of the record.

    Attributes:
        number: shown as `A5` everywhere; 0 until the record has given one.
        fingerprint: of the finding; the same matter at another time is another alert.
        rule: the rule that found it, the most urgent so far.
        metric: what was measured.
        account: whose it is.
        severity: the highest so far, so that a figure that dances about a bound is told once.
        state: where it stands.
        value: the figure, as of the latest change.
        bound: what it should not be below; of trouble with a vendor's calls, what it should not reach.
        opened_at: when it was found.
        last_told_at: when the conversations last heard of it.
        acked_by: who is on it: `Actor.key`; empty for nobody.
        acked_by_name: for display.
        acked_at: since when.
        ack_note: what they said.
        snoozed_until: while snoozed, when it is open again.
        snoozed_by: who put it off: `Actor.key`.
        snoozed_by_name: for display.
        clear_since: since when the condition has been gone; none while it holds.
        resolved_at: when it ended.
        resolved_by: who ended it; empty when it ended by itself.
        resolved_by_name: for display.
        resolve_note: what they said.
        refusal: what the vendor last said; none where the alert is not about its calls.
    """

    number: int
    fingerprint: str
    rule: str
    metric: Metric
    account: str
    severity: Severity
    state: AlertState
    value: Decimal
    bound: Decimal
    opened_at: datetime
    last_told_at: datetime
    acked_by: str = ""
    acked_by_name: str = ""
    acked_at: datetime | None = None
    ack_note: str = ""
    snoozed_until: datetime | None = None
    snoozed_by: str = ""
    snoozed_by_name: str = ""
    clear_since: datetime | None = None
    resolved_at: datetime | None = None
    resolved_by: str = ""
    resolved_by_name: str = ""
    resolve_note: str = ""
    refusal: Refusal | None = None
