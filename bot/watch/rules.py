"""Rules: which figures deserve that somebody looks.

Pure: readings of a vendor become metrics, metrics and rules become findings. Figures on what was sent, over the window of
each rule, are made by `bot.watch.surges`, those on requests by `bot.watch.waiting`. What becomes of a finding over time
(repeat, acknowledge, resolve) is `bot.watch.lifecycle`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Protocol

from bot.contracts.alert import SENDING, Behind, Metric, Severity, Stock
from bot.contracts.model import Refusal
from bot.contracts.vendor import Measure, Reading


@dataclass(frozen=True, slots=True)
class Rule:
    """One bound.

    Args:
        name: as people see it; a configured rule replaces the default of the same name.
        metric: what is measured.
        bound: found when the figure is smaller than this, or greater where the metric `rises`.
        account: the only account it is for; none for all.
        severity: how urgent it is.
        over: how many times the bound the figure must reach before what was found is over: a figure that dances about
            its bound opens one alert, not many.
        window: the time that is looked at; nothing where the metric has none.
        least: messages that there must be in it before a figure says anything.
    """

    name: str
    metric: Metric
    bound: Decimal
    account: str | None
    severity: Severity
    over: Decimal = Decimal(1)
    window: timedelta = timedelta(0)
    least: int = 0

    def beyond(self, value: Decimal, *, standing: bool = False) -> bool:
        """Whether a figure is found; where its alert stands, until it is well on the good side of the bound."""
        bound = self.bound * self.over if standing else self.bound
        return value > bound if self.metric.rises else value < bound

    @property
    def tightness(self) -> Decimal:
        """For comparing rules on one metric: the higher, the less often it is found."""
        return self.bound if self.metric.rises else -self.bound


DANCES: Mapping[Metric, Decimal] = MappingProxyType(
    {
        Metric.RUNS_OUT: Decimal("1.5"),
        Metric.FAIL_SHARE: Decimal("0.75"),
        Metric.LIMITED: Decimal("0.75"),
        Metric.CODE: Decimal("0.75"),
        Metric.VOLUME: Decimal("0.75"),
        Metric.ABUSE: Decimal("0.75"),
    }
)
"""Figures that dance, and how far they must get away from a bound: forecasts, and what is counted over a few hours."""

WINDOW, LEAST = timedelta(hours=2), 200
"""Of rules on what was sent, where nothing else is said: two hours are long enough for receipts to come in."""

FILED_WITHIN = timedelta(days=1)
"""Of `filing.failed`: a carrier's no is news for a day; afterwards it stands with the request."""


def _sending(name: str, metric: Metric, bound: str, severity: Severity, *, least: int = LEAST) -> Rule:
    """A default on what was sent."""
    return Rule(name, metric, Decimal(bound), None, severity, DANCES[metric], WINDOW, least)


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
    # Of healthy traffic 1 to 5 % fail (numbers that are gone, phones that are off); a fifth is a fault of somebody's, and
    # of half of it customers complain within the hour.
    _sending("failing", Metric.FAIL_SHARE, "0.2", Severity.WARNING),
    _sending("failing-badly", Metric.FAIL_SHARE, "0.5", Severity.CRITICAL),
    # Three times the usual, and more than the campaigns of the last weeks (`bot.watch.surges`). It costs money, but it may
    # be meant: it can wait till morning.
    _sending("volume-high", Metric.VOLUME, "3", Severity.WARNING, least=1000),
    # Machines that ask for codes send to numbers that are not there, or to the same ones again and again: a surge of which
    # a third fails or is not taken. Each minute costs money, so it cannot wait.
    _sending("code-abuse", Metric.ABUSE, "0.3", Severity.CRITICAL),
    # Both vary by a point or two from day to day.
    _sending("limits-rising", Metric.LIMITED, "0.05", Severity.WARNING),
    _sending("reason-rising", Metric.CODE, "0.05", Severity.WARNING),
    # Reviews differ by a factor of two (facts); after three times the usual time it was forgotten, and support can be asked.
    Rule("review-overdue", Metric.OVERDUE, Decimal(3), None, Severity.WARNING),
    Rule("filing-failed", Metric.FILING, Decimal(0), None, Severity.WARNING, window=FILED_WITHIN),
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
        bound: what it should not be below, or above where the metric `rises`; or of trouble with calls, not reach.
        severity: how urgent it is.
        refusal: what the vendor said; none where the figure is not about its calls.
        stock: what is behind a figure on quota.
        behind: what is behind one on what was sent, or on requests.
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
    behind: Behind | None = None


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
    def bound(self) -> Decimal:
        """Below which, or above which, it is found."""
        ...

    @property
    def window(self) -> timedelta | None:
        """The time that is looked at; none for the usual one."""
        ...

    @property
    def least(self) -> int | None:
        """Messages that there must be in it; none for as many as usual."""
        ...

    @property
    def off(self) -> bool:
        """Whether it takes a default away, and adds nothing."""
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
    given = list(configured)
    names = {rule.name for rule in given}
    return (
        *(rule for rule in defaults if rule.name not in names),
        *(_rule(rule, Metric(rule.metric)) for rule in given if not rule.off),
    )


def _rule(rule: Bound, metric: Metric) -> Rule:
    usual = WINDOW if metric in SENDING else FILED_WITHIN if metric is Metric.FILING else timedelta(0)
    least = LEAST if metric in SENDING else 0
    return Rule(
        rule.name,
        metric,
        rule.bound,
        rule.account or None,
        Severity(rule.severity),
        DANCES.get(metric, Decimal(1)),
        usual if rule.window is None else rule.window,
        least if rule.least is None else rule.least,
    )


MATTERS: Mapping[Metric, str] = MappingProxyType(
    {Metric.REMAINING: "quota", Metric.SHARE: "quota", Metric.RUNS_OUT: "quota"}
)
"""Metrics that measure one thing in several ways; every other metric is a matter of its own."""


def fingerprint(metric: Metric, account: str, subject: str = "") -> str:
    """What identifies a matter over time; the subject where an account has several of the kind, as reasons of failures."""
    return f"{MATTERS.get(metric, metric)}:{account}{f':{subject}' if subject else ''}"


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
    found: list[tuple[Rule, Breach]] = []
    for rule in rules:
        if rule.account not in (None, account) or rule.metric not in metrics:
            continue
        value = metrics[rule.metric]
        if rule.beyond(value, standing=rule.name in standing):
            found.append((rule, breach(rule, account, value, stock=behind.get(rule.metric))))
    return most_urgent(found)


def breach(
    rule: Rule,
    account: str,
    value: Decimal,
    *,
    subject: str = "",
    stock: Stock | None = None,
    behind: Behind | None = None,
) -> Breach:
    """What a rule has found."""
    return Breach(
        fingerprint(rule.metric, account, subject),
        rule.name,
        account,
        rule.metric,
        value,
        rule.bound,
        rule.severity,
        stock=stock,
        behind=behind,
    )


def most_urgent(found: Sequence[tuple[Rule, Breach]]) -> tuple[Breach, ...]:
    """Of what the rules found, in their order, one for each matter; see `evaluate`."""
    of_metric: dict[tuple[str, Metric], tuple[int, Rule, Breach]] = {}
    for position, (rule, one) in enumerate(found):
        key = (one.fingerprint, rule.metric)
        before = of_metric.get(key)
        if before is None or (before[1].severity.rank, before[1].tightness) < (rule.severity.rank, rule.tightness):
            of_metric[key] = (position, rule, one)
    matters: dict[str, Breach] = {}
    for _, _, one in sorted(of_metric.values(), key=lambda each: (each[1].severity.rank, each[0])):
        matters[one.fingerprint] = one  # the last one stays
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
