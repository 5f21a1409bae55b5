"""Rules on quota: which figures deserve that somebody looks.

Pure: readings of a vendor become metrics, metrics and rules become findings. What becomes of a finding over time
(repeat, acknowledge, resolve) is `bot.watch.lifecycle`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from bot.contracts.alert import Metric, Severity, Stock
from bot.contracts.model import Refusal
from bot.contracts.vendor import Measure, Reading


@dataclass(frozen=True, slots=True)
class Rule:
    """One bound.

    Args:
        name: as people see it; a configured rule replaces the default of the same name.
        metric: what is measured.
        below: found when the figure is smaller than this.
        account: the only account it is for; none for all.
        severity: how urgent it is.
        over: how many times the bound the figure must reach before what was found is over: a forecast that dances about
            its bound opens one alert, not many.
    """

    name: str
    metric: Metric
    below: Decimal
    account: str | None
    severity: Severity
    over: Decimal = Decimal(1)


DANCES: Mapping[Metric, Decimal] = MappingProxyType({Metric.RUNS_OUT: Decimal("1.5")})
"""Figures that are forecasts, and how far they must get away from a bound."""

DEFAULT_RULES: tuple[Rule, ...] = (
    # A package is usually bought to last a month or more, so a tenth of it is a few days: time to order in office hours.
    Rule("quota-low", Metric.SHARE, Decimal("0.1"), None, Severity.WARNING),
    # About a day of the same package. After that Tencent refuses even with money in the account (facts 8), so somebody
    # must buy now.
    Rule("quota-nearly-out", Metric.SHARE, Decimal("0.03"), None, Severity.CRITICAL),
    # What is left at the end of a package's time is lost; two weeks leave time to use it up or to ask for more time.
    Rule("package-expires", Metric.DAYS_LEFT, Decimal(14), None, Severity.WARNING),
    # CNY 50 is about a thousand messages at CNY 0.045-0.05 each (UCloud facts 8): what a small team sends in a day.
    Rule("balance-low", Metric.BALANCE, Decimal(50), None, Severity.WARNING),
    # Three days are a weekend and the working day on which somebody buys.
    Rule("runs-out", Metric.RUNS_OUT, Decimal(3), None, Severity.WARNING, DANCES[Metric.RUNS_OUT]),
)


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure beyond its bound, as of now.

    Attributes:
        fingerprint: the same for the same matter at all times: `matter:account`. A figure beyond two bounds is one
            matter that got worse, not two; so is one drop that a rule on messages and a rule on the share both see.
        rule: the name of the rule that found it.
        account: whose figure it is.
        metric: what was measured.
        value: the figure.
        bound: what it should not be below, or of trouble with a vendor's calls, not reach.
        severity: how urgent it is.
        refusal: what the vendor said; none where the figure is not about its calls.
        stock: what is behind the figure; none where it is about calls.
    """

    fingerprint: str
    rule: str
    account: str
    metric: Metric
    value: Decimal
    bound: Decimal
    severity: Severity
    refusal: Refusal | None = None
    stock: Stock | None = None


class Bound(Protocol):
    """A rule as somebody wrote it: our own `Rule`, or a table of the configuration."""

    @property
    def name(self) -> str:
        """The same name replaces a default."""
        ...

    @property
    def metric(self) -> str:
        """A value of `Metric`."""
        ...

    @property
    def below(self) -> Decimal:
        """The bound."""
        ...

    @property
    def account(self) -> str | None:
        """The only account; empty or none for all."""
        ...

    @property
    def severity(self) -> str:
        """A value of `Severity`."""
        ...


def merged_rules(configured: Iterable[Bound], defaults: Sequence[Rule] = DEFAULT_RULES) -> tuple[Rule, ...]:
    """The defaults and the configured rules, of the same name only the configured ones (spec 12).

    Raises:
        ValueError: a metric or a severity that there is not.
    """
    own = [
        Rule(
            rule.name,
            (metric := Metric(rule.metric)),
            rule.below,
            rule.account or None,
            Severity(rule.severity),
            DANCES.get(metric, Decimal(1)),
        )
        for rule in configured
    ]
    names = {rule.name for rule in own}
    return (*(rule for rule in defaults if rule.name not in names), *own)


MATTERS: Mapping[Metric, str] = MappingProxyType(
    {Metric.REMAINING: "quota", Metric.SHARE: "quota", Metric.RUNS_OUT: "quota"}
)
"""Metrics that measure one thing in several ways; every other metric is a matter of its own."""


def fingerprint(metric: Metric, account: str) -> str:
    """What identifies a matter over time."""
    return f"{MATTERS.get(metric, metric)}:{account}"


def measure(readings: Sequence[Reading], now: datetime) -> dict[Metric, Decimal]:
    """The figures that rules are about.

    An expired package does not count. Neither does a used-up one in the share: the vendors go on listing it, and it
    would make a share look low in which full packages remain. Where all packages are used up or expired, nothing
    remains and the share is 0.

    Returns:
        Only what could be measured: no share where no package tells what it began with, nothing on packages where
        there are none.
    """
    figures: dict[Metric, Decimal] = {}
    packages = [reading for reading in readings if reading.measure is Measure.PACKAGE]
    left = _left(packages, now)
    if packages:
        figures[Metric.REMAINING] = sum((one.remaining for one in left), Decimal(0))
        if left:
            known = [(one.remaining, one.total) for one in left if one.total]
            if known:
                total = sum((total for _, total in known), Decimal(0))
                figures[Metric.SHARE] = sum((remaining for remaining, _ in known), Decimal(0)) / total
        elif any(one.total for one in packages):
            figures[Metric.SHARE] = Decimal(0)
    if expiries := [one.expires_at for one in left if one.expires_at is not None]:
        figures[Metric.DAYS_LEFT] = _days(min(expiries) - now)
    if purses := _purses(readings):
        figures[Metric.BALANCE] = min(purses.values())
    return figures


def stocks(
    readings: Sequence[Reading], now: datetime, per_day: Mapping[Measure, Decimal] = MappingProxyType({})
) -> dict[Metric, Stock]:
    """What is behind each figure of `measure`: how many, of which package, at which pace.

    Args:
        readings: the same.
        now: the same.
        per_day: what was used up a day of late, see `bot.watch.usage`.
    """
    found: dict[Metric, Stock] = {}
    packages = [reading for reading in readings if reading.measure is Measure.PACKAGE]
    left = _left(packages, now)
    if packages:
        whole = _stock(left or packages, per_day.get(Measure.PACKAGE), empty=not left)
        found[Metric.REMAINING] = found[Metric.SHARE] = whole
    if expiring := [one for one in left if one.expires_at is not None]:
        first = min(expiring, key=lambda one: one.expires_at or now)
        found[Metric.DAYS_LEFT] = _stock([first], per_day.get(Measure.PACKAGE))
    purses = _purses(readings)
    if purses:
        unit, amount = min(purses.items(), key=lambda purse: purse[1])
        found[Metric.BALANCE] = Stock(amount, unit=unit, packages=0, per_day=per_day.get(Measure.BALANCE))
    return found


def _stock(packages: Sequence[Reading], per_day: Decimal | None, *, empty: bool = False) -> Stock:
    """Several packages as one: what they began with is known when it is of each."""
    totals = [one.total for one in packages if one.total]
    alone = packages[0] if len(packages) == 1 else None
    return Stock(
        remaining=Decimal(0) if empty else sum((one.remaining for one in packages), Decimal(0)),
        total=sum(totals, Decimal(0)) if len(totals) == len(packages) else None,
        package=alone.subject if alone else "",
        sort=alone.sort if alone else "",
        packages=len(packages),
        per_day=per_day,
        expires_at=alone.expires_at if alone else None,
        estimated=any(one.estimated for one in packages),
    )


def evaluate(
    rules: Sequence[Rule],
    account: str,
    metrics: Mapping[Metric, Decimal],
    behind: Mapping[Metric, Stock] = MappingProxyType({}),
    standing: Collection[str] = (),
) -> tuple[Breach, ...]:
    """What the rules find in an account's figures: for each matter the most urgent finding.

    Of two that are equally urgent the tighter bound speaks; where they measure in different ways, and no bound can be
    called tighter, the rule that stands last: an own one rather than a default.

    Args:
        rules: all rules, see `merged_rules`; the defaults first.
        account: whose figures they are.
        metrics: see `measure`. A metric that is absent is not judged, which is not the same as being well.
        behind: see `stocks`.
        standing: the names of the rules whose alerts stand: what they found is over only well beyond the bound.
    """
    found: dict[Metric, tuple[int, Breach]] = {}
    for position, rule in enumerate(rules):
        if rule.account not in (None, account) or rule.metric not in metrics:
            continue
        value = metrics[rule.metric]
        if value >= (rule.below * rule.over if rule.name in standing else rule.below):
            continue
        _, before = found.get(rule.metric, (0, None))
        if before is not None and (before.severity.rank, -before.bound) >= (rule.severity.rank, -rule.below):
            continue
        breach = Breach(
            fingerprint(rule.metric, account),
            rule.name,
            account,
            rule.metric,
            value,
            rule.below,
            rule.severity,
            stock=behind.get(rule.metric),
        )
        found[rule.metric] = (position, breach)
    matters: dict[str, Breach] = {}
    for _, breach in sorted(found.values(), key=lambda one: (one[1].severity.rank, one[0])):
        matters[breach.fingerprint] = breach  # the last one stays
    return tuple(matters.values())


def _left(packages: Sequence[Reading], now: datetime) -> list[Reading]:
    """The packages with something in them that can still be used."""
    return [one for one in packages if one.remaining > 0 and (one.expires_at is None or one.expires_at > now)]


def _purses(readings: Sequence[Reading]) -> dict[str, Decimal]:
    """Money by currency: what is in one currency is one purse."""
    purses: dict[str, Decimal] = {}
    for reading in readings:
        if reading.measure is Measure.BALANCE:
            purses[reading.unit] = purses.get(reading.unit, Decimal(0)) + reading.remaining
    return purses


def _days(span: timedelta) -> Decimal:
    return Decimal(round(span.total_seconds())) / 86_400
