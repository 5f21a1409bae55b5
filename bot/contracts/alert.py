"""An alert as a row of the record, and what it can be about; what happens to it is decided by `bot.watch.lifecycle`."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Literal

from bot.contracts.model import Refusal, Words

Topic = Literal["operator", "delivery", "reviews", "quota"]
"""Under which an alert is told, beside `alerts`."""


class Metric(StrEnum):
    """What an alert can be about: what is left at a vendor (spec 12, `[[rule]] metric`), or minutes of trouble with it."""

    REMAINING = "quota.remaining"  # messages left in all packages
    SHARE = "quota.share"  # the same as a share of what those packages began with, 0 to 1
    RUNS_OUT = "quota.days_left"  # until all packages are used up or expired, by forecast
    DAYS_LEFT = "package.days_left"  # until the next package with something in it expires
    BALANCE = "balance"  # money
    FAIL_SHARE = "delivery.fail_share"  # failed of those that a receipt speaks of, 0 to 1
    LIMITED = "delivery.limited"  # points by which the share that was not taken, or too many to one number, is above its usual
    CODE = "delivery.code"  # the same of one reason in the receipts; each reason is a matter of its own
    VOLUME = "volume.ratio"  # times what is usual for these hours and this weekday
    ABUSE = "volume.abuse"  # share that failed or was not taken of a surge: codes asked for by machines
    OVERDUE = "review.overdue"  # times the usual time that the review waiting longest has waited, in open hours
    FILING = "filing.failed"  # signatures that a carrier refused to file, or dropped, within the window
    SILENT = "vendor.silent"  # minutes without a usable answer: out of reach, or broken
    THROTTLED = "vendor.throttled"  # minutes of "too fast"
    REFUSING = "vendor.refusing"  # minutes in which our questions are refused for a reason that nobody foresaw
    CREDENTIALS = "vendor.credentials"  # minutes in which the key is refused
    PERMISSION = "vendor.permission"  # minutes in which the key may not do what we ask
    ACCOUNT = "vendor.account"  # minutes in which the account is not served: debt, verification, not activated

    @property
    def of_calls(self) -> bool:
        """Whether it is minutes of trouble with a vendor's calls."""
        return self in CALLS

    @property
    def rises(self) -> bool:
        """Whether the alert opens above its bound, not below."""
        return self in CALLS or self in SENDING or self in REQUESTS

    @property
    def topic(self) -> Topic:
        """Under which topic it is told, beside `alerts`."""
        if self in CALLS:
            return "operator"
        if self in SENDING:
            return "delivery"
        return "reviews" if self in REQUESTS else "quota"


SENDING = frozenset({Metric.FAIL_SHARE, Metric.LIMITED, Metric.CODE, Metric.VOLUME, Metric.ABUSE})
"""What is about messages that were sent, over a window of hours."""

REQUESTS = frozenset({Metric.OVERDUE, Metric.FILING})
"""What is about requests at a vendor."""

SHARES = frozenset({Metric.SHARE, Metric.FAIL_SHARE, Metric.LIMITED, Metric.CODE, Metric.ABUSE})
"""What is a share from 0 to 1."""

USED_UP = frozenset({Metric.REMAINING, Metric.SHARE, Metric.BALANCE})
"""What is empty at nothing, so that nothing can be sent with it any more."""

CALLS = frozenset(
    {Metric.SILENT, Metric.THROTTLED, Metric.REFUSING, Metric.CREDENTIALS, Metric.PERMISSION, Metric.ACCOUNT}
)
"""The troubles with a vendor's calls. What they are held against is fixed: `bot.watch.troubles`."""


HIDES: Mapping[Metric, frozenset[Metric]] = MappingProxyType(
    {
        Metric.CREDENTIALS: CALLS - {Metric.CREDENTIALS},
        Metric.ACCOUNT: frozenset({Metric.PERMISSION, Metric.REFUSING, Metric.THROTTLED}),
        Metric.SILENT: frozenset({Metric.THROTTLED}),
    }
)
"""A trouble → the troubles of the same account that follow from it, and need not be told while it stands."""


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


@dataclass(frozen=True, slots=True)
class Stock:
    """What is behind the figure of an alert on quota, as of the same measurement: how many, of which package, how fast.

    Attributes:
        remaining: messages, or money in `unit`.
        total: what it began with, where that is known of all of it.
        unit: `messages`, `CNY`, …
        package: the vendor's name or id of the package, where it is one; empty for several and for money.
        sort: how that package was come by, see `bot.contracts.vendor.Reading`.
        packages: how many packages it is in; 0 for money.
        per_day: what was used up a day of late; none where that is not known yet.
        expires_at: when the package expires, where it is one.
        estimated: computed from a configured amount.
        runs_out: when nothing is left any more, by forecast; none where nobody can tell.
        early: it may well be as early as this.
        late: it may well be as late as this; none for longer than can be told.
    """

    remaining: Decimal
    total: Decimal | None = None
    unit: str = "messages"
    package: str = ""
    sort: str = ""
    packages: int = 1
    per_day: Decimal | None = None
    expires_at: datetime | None = None
    estimated: bool = False
    runs_out: datetime | None = None
    early: datetime | None = None
    late: datetime | None = None

    @property
    def lasts(self) -> timedelta | None:
        """How long it lasts at that pace; none where nothing is used up, or nobody knows how fast."""
        if not self.per_day or self.per_day <= 0 or self.remaining <= 0:
            return None
        return timedelta(days=float(min(self.remaining / self.per_day, LONGEST_KNOWN)))

    def to_json(self) -> dict[str, str | int | bool]:
        """As the record keeps it."""
        told: dict[str, str | int | bool] = {"remaining": str(self.remaining), "unit": self.unit}
        told |= {"package": self.package, "sort": self.sort, "packages": self.packages, "estimated": self.estimated}
        if self.total is not None:
            told["total"] = str(self.total)
        if self.per_day is not None:
            told["per_day"] = str(self.per_day)
        if self.expires_at is not None:
            told["expires_at"] = self.expires_at.isoformat()
        for key, moment in (("runs_out", self.runs_out), ("early", self.early), ("late", self.late)):
            if moment is not None:
                told[key] = moment.isoformat()
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Stock":
        """The other way round; what a later version adds is passed over."""
        return cls(
            remaining=Decimal(told["remaining"]),
            total=Decimal(told["total"]) if "total" in told else None,
            unit=str(told.get("unit", "messages")),
            package=str(told.get("package", "")),
            sort=str(told.get("sort", "")),
            packages=int(told.get("packages", 1)),
            per_day=Decimal(told["per_day"]) if "per_day" in told else None,
            expires_at=datetime.fromisoformat(told["expires_at"]) if "expires_at" in told else None,
            estimated=bool(told.get("estimated", False)),
            runs_out=_moment(told, "runs_out"),
            early=_moment(told, "early"),
            late=_moment(told, "late"),
        )


@dataclass(frozen=True, slots=True)
class Behind:
    """What is behind the figure of an alert on what was sent, or on requests.

    Attributes:
        hours: how long the window was; 0 where there is none.
        day: the window is the newest whole day that the vendor has told.
        sent: messages that left in it.
        known: those of which a receipt speaks.
        failed: of those.
        refused: what was not taken.
        usual: what is usual: messages in these hours, or a share; none where that is not known.
        code: the vendor's word for the reason.
        meaning: what it means, where that is known.
        requests: the numbers of the requests it is about, the one that waits longest first.
    """

    hours: int = 0
    day: bool = False
    sent: int = 0
    known: int = 0
    failed: int = 0
    refused: int = 0
    usual: Decimal | None = None
    code: str = ""
    meaning: Words | None = None
    requests: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the record keeps it."""
        told: dict[str, Any] = {
            "hours": self.hours,
            "day": self.day,
            "sent": self.sent,
            "known": self.known,
            "failed": self.failed,
            "refused": self.refused,
            "code": self.code,
            "requests": list(self.requests),
        }
        if self.usual is not None:
            told["usual"] = str(self.usual)
        if self.meaning is not None:
            told["meaning"] = [self.meaning.en, self.meaning.zh]
        return told

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Behind":
        """The other way round; what a later version adds is passed over."""
        return cls(
            hours=int(told.get("hours", 0)),
            day=bool(told.get("day", False)),
            sent=int(told.get("sent", 0)),
            known=int(told.get("known", 0)),
            failed=int(told.get("failed", 0)),
            refused=int(told.get("refused", 0)),
            usual=Decimal(told["usual"]) if "usual" in told else None,
            code=str(told.get("code", "")),
            meaning=Words(*told["meaning"]) if "meaning" in told else None,
            requests=tuple(int(one) for one in told.get("requests", ())),
        )


def _moment(told: Mapping[str, Any], key: str) -> datetime | None:
    return datetime.fromisoformat(told[key]) if key in told else None


LONGEST_KNOWN = Decimal(3660)
"""Days; what lasts longer than ten years lasts for ever."""


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
        bound: what it should not be below, or above where the metric `rises`; of trouble with calls, what it should not reach.
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
        stock: what is behind the figure, as of the latest measurement; none where nobody told.
        empty_since: since when nothing is left at all; none while something is.
        escalated: how many rungs of the ladder were reached since it opened, or opened again.
        called_since: when that was; none for alerts from before there was a ladder.
        held: it is open, and waits to be told: for the end of quiet hours, or of the matter that explains it.
        flaps: how often it closed by itself and was back soon after.
        behind: what is behind a figure on what was sent, or on requests; none elsewhere.
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
    stock: Stock | None = None
    empty_since: datetime | None = None
    escalated: int = 0
    called_since: datetime | None = None
    held: bool = False
    flaps: int = 0
    behind: Behind | None = None

    @property
    def put_aside(self) -> bool:
        """Somebody closed it although it was still so, and since then no measurement has said that it is gone."""
        return self.state is AlertState.RESOLVED and bool(self.resolved_by) and self.clear_since is None
