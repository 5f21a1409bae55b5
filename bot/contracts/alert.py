"""An alert as a row of the record, and what it can be about; what happens to it is decided by `bot.watch.lifecycle`."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class Metric(StrEnum):
    """What a rule can be about (spec 12, `[[rule]] metric`)."""

    REMAINING = "quota.remaining"  # messages left in all packages
    SHARE = "quota.share"  # the same as a share of what those packages began with, 0 to 1
    DAYS_LEFT = "package.days_left"  # until the next package with something in it expires
    BALANCE = "balance"  # money


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
        bound: what it should not be below.
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
