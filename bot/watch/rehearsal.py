"""What each rule would have said over figures of the past, so that a bound can be tried before it calls anybody. Pure.

What was sent is looked at as it was at the end of each hour (of each day where only days are told), what was left at each
reading. Figures are those that the record has now, with what vendors corrected since. Forecasts, calls and requests are
not played anew: of those the alerts that were opened are counted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from bot.contracts.alert import SENDING, Metric
from bot.contracts.traffic import DAY, HOUR, Tally
from bot.contracts.vendor import Reading
from bot.watch import rules as quota_rules
from bot.watch import surges
from bot.watch.rules import Breach, Rule
from bot.watch.surges import LOOKS_BACK, Known

PLAYED = SENDING | {Metric.REMAINING, Metric.SHARE, Metric.DAYS_LEFT, Metric.BALANCE}
"""Metrics that the record alone can play anew."""


@dataclass(frozen=True, slots=True)
class Fired:
    """An alert that would have opened, or become worse.

    Args:
        rule: that would have said it.
        account: whose.
        at: when.
        value: the figure.
    """

    rule: str
    account: str
    at: datetime
    value: Decimal


@dataclass(slots=True)
class _Standing:
    """What stands while the past is played."""

    rules: dict[str, str] = field(default_factory=dict)
    urgency: dict[str, int] = field(default_factory=dict)

    def take(self, found: Iterable[Breach], at: datetime, out: list[Fired]) -> None:
        there = list(found)
        out += [
            Fired(one.rule, one.account, at, one.value)
            for one in there
            if one.severity.rank > self.urgency.get(one.fingerprint, -1)
        ]
        self.urgency = {one.fingerprint: max(one.severity.rank, self.urgency.get(one.fingerprint, -1)) for one in there}
        self.rules = {one.fingerprint: one.rule for one in there}


def sending(rules: Sequence[Rule], account: str, known: Known, start: datetime, end: datetime) -> tuple[Fired, ...]:
    """What the rules on what was sent would have said of an account.

    Args:
        rules: all rules; others are passed over.
        account: whose.
        known: what the record has, four weeks more than is played.
        start: from when.
        end: until when.
    """
    fired: list[Fired] = []
    standing = _Standing()
    hours, days = _ordered(known.hours), _ordered(known.days)
    starts, day_starts = [one.start for one in hours], [one.start for one in days]
    span, played = (DAY, day_starts) if known.whole_days else (HOUR, starts)
    for begun in played:
        now = begun + span
        if not start <= now <= end:
            continue
        first = bisect_left(starts, now - LOOKS_BACK - HOUR)
        then = replace(
            known,
            hours=hours[first : bisect_left(starts, now)],
            days=days[: bisect_right(day_starts, now - DAY)],
        )
        found, _ = surges.judge(rules, account, then, now, standing.rules)
        standing.take(found, now, fired)
    return tuple(fired)


def quota(
    rules: Sequence[Rule], account: str, rounds: Mapping[datetime, Sequence[Reading]], start: datetime, end: datetime
) -> tuple[Fired, ...]:
    """The same of the rules on what was left; `rounds` are the readings of an account by the time they were made at."""
    fired: list[Fired] = []
    standing = _Standing()
    for now in sorted(at for at in rounds if start <= at <= end):
        figures = quota_rules.measure(rounds[now], now)
        found = quota_rules.evaluate(rules, account, figures, standing=tuple(standing.rules.values()))
        standing.take(found, now, fired)
    return tuple(fired)


def _ordered(tallies: Sequence[Tally]) -> list[Tally]:
    key: Callable[[Tally], datetime] = lambda one: one.start  # noqa: E731
    return sorted(tallies, key=key)


WHOLE = timedelta(days=30)
"""How much of the past is played where nobody says otherwise."""
