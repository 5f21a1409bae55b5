"""Alerts as the record has them, for tests of what is said of them."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from bot.contracts.alert import Alert, AlertState, Behind, Metric, Severity, Stock
from bot.contracts.model import Words
from tests.given import MONDAY
from tests.reading import views

NOW = MONDAY + timedelta(minutes=95)
HOUR = timedelta(hours=1)
VIEWS = views(NOW)
FIGURES = {
    Metric.REMAINING: (Decimal(38_200), Decimal(50_000)),
    Metric.SHARE: (Decimal("0.0999"), Decimal("0.1")),
    Metric.DAYS_LEFT: (Decimal("6.9"), Decimal(7)),
    Metric.BALANCE: (Decimal("99.5"), Decimal(100)),
    Metric.SILENT: (Decimal("7.5"), Decimal(5)),
    Metric.RUNS_OUT: (Decimal("2.15"), Decimal(3)),
    Metric.THROTTLED: (Decimal(95), Decimal(30)),
    Metric.REFUSING: (Decimal(0), Decimal(5)),
    Metric.CREDENTIALS: (Decimal(0), Decimal(0)),
    Metric.PERMISSION: (Decimal(12), Decimal(0)),
    Metric.ACCOUNT: (Decimal(1), Decimal(0)),
    Metric.FAIL_SHARE: (Decimal("0.2001"), Decimal("0.2")),
    Metric.LIMITED: (Decimal("0.083"), Decimal("0.05")),
    Metric.CODE: (Decimal("0.12"), Decimal("0.05")),
    Metric.VOLUME: (Decimal("5.31"), Decimal(3)),
    Metric.ABUSE: (Decimal("0.61"), Decimal("0.3")),
    Metric.OVERDUE: (Decimal("4.5"), Decimal(3)),
    Metric.FILING: (Decimal(2), Decimal(0)),
}

_SENT = Behind(hours=2, sent=1840, known=1720, failed=345)

BEHIND = {
    Metric.FAIL_SHARE: _SENT,
    Metric.LIMITED: replace(_SENT, refused=120, usual=Decimal("0.004")),
    Metric.CODE: replace(_SENT, usual=Decimal("0.01"), code="BlackList", meaning=Words("on a blacklist", "黑名单")),
    Metric.VOLUME: replace(_SENT, usual=Decimal("346.5")),
    Metric.ABUSE: replace(_SENT, refused=9, day=True, usual=Decimal(300)),
    Metric.OVERDUE: Behind(requests=(17, 21)),
    Metric.FILING: Behind(requests=(18, 19)),
}


STOCKS = {
    Metric.SHARE: Stock(
        Decimal(999),
        Decimal(10_000),
        package="330001",
        sort="bought",
        per_day=Decimal(310),
        expires_at=MONDAY + 900 * HOUR,
    ),
    Metric.DAYS_LEFT: Stock(Decimal(2_000), Decimal(5_000), package="SMSBAG-1", expires_at=MONDAY + 166 * HOUR),
    Metric.BALANCE: Stock(Decimal("99.5"), unit="CNY", packages=0, per_day=Decimal("12.344")),
}


def alert(state: AlertState = AlertState.OPEN, metric: Metric = Metric.SHARE, **changes: object) -> Alert:
    """An alert that was opened at ten, as the record has it."""
    value, bound = FIGURES[metric]
    bare = Alert(
        number=5,
        fingerprint=f"{metric}:aliyun",
        rule="quota-low",
        metric=metric,
        account="aliyun",
        severity=Severity.WARNING,
        state=state,
        value=value,
        bound=bound,
        stock=STOCKS.get(metric),
        behind=BEHIND.get(metric),
        opened_at=MONDAY,
        last_told_at=MONDAY,
    )
    return replace(bare, **changes)  # type: ignore[arg-type]


TAKEN = alert(
    AlertState.ACKNOWLEDGED,
    acked_by="slack:U1",
    acked_by_name="Ann",
    acked_at=MONDAY + HOUR,
    ack_note="已下单 **50 万**",
)
SNOOZED = alert(AlertState.SNOOZED, snoozed_until=MONDAY + 3 * HOUR, snoozed_by="slack:U2", snoozed_by_name="Li Lei")
GONE = alert(
    AlertState.RESOLVED,
    resolved_at=NOW,
    clear_since=NOW - HOUR / 6,
    value=Decimal("0.95"),
    stock=Stock(Decimal(9_500), Decimal(10_000), package="SMSBAG-1", per_day=Decimal(230)),
)
CLOSED = replace(
    alert(),
    state=AlertState.RESOLVED,
    resolved_at=NOW,
    resolved_by="slack:U1",
    resolved_by_name="Ann",
    resolve_note="买了",
)
STANDING = {
    "open": alert(),
    "acknowledged": TAKEN,
    "acknowledged, without a note": replace(TAKEN, ack_note=""),
    "snoozed": SNOOZED,
    "gone by itself": GONE,
    "closed by somebody while it is still so": CLOSED,
    "closed by somebody, and gone": replace(GONE, resolved_by="slack:U1", resolved_by_name="Ann"),
}
