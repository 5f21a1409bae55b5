"""What each rule would have said over the past, so that a bound can be tried before it calls anybody. Pure.

What was sent is looked at as it was at the end of each hour (where a vendor tells whole days only, when the day was told), what
was left at each reading, requests every hour. Figures are those that the record has now, with what vendors corrected since.
Alerts live as they do when the bot runs (`bot.watch.lifecycle`), with nobody doing anything about them: what comes and goes is
one. Calls of vendors are not kept one by one: of those the alerts that were opened are counted.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.contracts.alert import REQUESTS, Alert, AlertState, Metric
from bot.contracts.model import Request, State
from bot.contracts.traffic import DAY, HOUR, Tally
from bot.contracts.vendor import Reading
from bot.watch import lifecycle, surges, waiting
from bot.watch import rules as quota_rules
from bot.watch.lifecycle import CLEAR_FOR, Happening, patience
from bot.watch.rules import Breach, Rule, fingerprint
from bot.watch.surges import LOOKS_BACK, Known

SAID = frozenset({Happening.OPEN, Happening.WORSE, Happening.EMPTY})
"""What counts as a rule having spoken, where it was another rule's word before."""

_NOBODY_ACTS: Mapping[str, Any] = {"repeat": DAY, "ack_expires": DAY, "clear_for": CLEAR_FOR}

DaysLeft = Callable[[datetime, Sequence[Reading]], Decimal | None]
"""In how many days what was read at a moment would run out, as it would have been told then; none where nobody could tell."""


def nobody_can_tell(_now: datetime, _readings: Sequence[Reading]) -> None:
    """Nothing is known of what was sent."""


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


@dataclass(frozen=True, slots=True)
class Review:
    """A request in review for a time.

    Args:
        request: as it stands now.
        begun: when it came into review.
        ended: when it came out of it; none while it is there.
    """

    request: Request
    begun: datetime
    ended: datetime | None


class _Played:
    """The alerts of an account while the past is played."""

    def __init__(self) -> None:
        self._alerts: dict[str, Alert] = {}
        self.fired: list[Fired] = []

    @property
    def standing(self) -> dict[str, str]:
        """Fingerprint → rule of what is not over."""
        return {mark: one.rule for mark, one in self._alerts.items() if one.state is not AlertState.RESOLVED}

    def take(
        self,
        found: Iterable[Breach],
        measured: Iterable[str],
        now: datetime,
        metrics: Collection[Metric] | None = None,
    ) -> None:
        """One round of figures, as `bot.watch.alerts` takes it; what is gone for long enough has closed by then."""
        self._close(now)
        by = {one.fingerprint: one for one in found}
        for mark in dict.fromkeys((*measured, *by)):
            before, finding = self._alerts.get(mark), by.get(mark)
            if before is not None and finding is None and metrics is not None and before.metric not in metrics:
                continue
            for change in lifecycle.step(before, finding, now, **_NOBODY_ACTS):
                after = change.alert
                if change.what is Happening.OPEN or (
                    change.what in SAID and before is not None and after.rule != before.rule
                ):
                    self.fired.append(Fired(after.rule, after.account, now, after.value))
                self._alerts[mark] = before = after

    def _close(self, now: datetime) -> None:
        for mark, one in self._alerts.items():
            if one.clear_since is not None and one.state is not AlertState.RESOLVED:
                then = one.clear_since + patience(one, CLEAR_FOR)
                for change in lifecycle.tick(one, then, **_NOBODY_ACTS) if then <= now else ():
                    self._alerts[mark] = change.alert


def sending(
    rules: Sequence[Rule], account: str, known: Known, start: datetime, end: datetime, *, lag: int = 0
) -> tuple[Fired, ...]:
    """What the rules on what was sent would have said of an account.

    Args:
        rules: all rules; others are passed over.
        account: whose.
        known: what the record has, four weeks more than is played.
        start: from when.
        end: until when; what was told at that moment belongs to what follows.
        lag: how many days after its beginning, beside the day itself, a whole day is told (`Counting.lag`).
    """
    played = _Played()
    hours, days = _ordered(known.hours), _ordered(known.days)
    starts, day_starts = [one.start for one in hours], [one.start for one in days]
    late = DAY * max(lag, 1)
    for begun in day_starts if known.whole_days else starts:
        now = begun + (late if known.whole_days else HOUR)
        if not start <= now < end:
            continue
        first = bisect_left(starts, now - LOOKS_BACK - HOUR)
        then = replace(
            known,
            hours=hours[first : bisect_left(starts, now)],
            days=days[: bisect_right(day_starts, now - (late if known.whole_days else DAY))],
        )
        standing = played.standing
        found, told = surges.judge(rules, account, then, now, standing)
        played.take(found, (*told, *standing), now)
    return tuple(played.fired)


def quota(
    rules: Sequence[Rule],
    account: str,
    rounds: Mapping[datetime, Sequence[Reading]],
    start: datetime,
    end: datetime,
    days_left: DaysLeft = nobody_can_tell,
) -> tuple[Fired, ...]:
    """The same of the rules on what was left.

    Args:
        rules: all rules.
        account: whose.
        rounds: its readings by the time they were made at.
        start: from when.
        end: until when.
        days_left: the forecast of a reading.
    """
    played = _Played()
    for now in sorted(at for at in rounds if start <= at < end):
        figures = quota_rules.measure(rounds[now], now)
        if figures.get(Metric.REMAINING) and (days := days_left(now, rounds[now])) is not None:
            figures[Metric.RUNS_OUT] = days
        found = quota_rules.evaluate(rules, account, figures, standing=tuple(played.standing.values()))
        played.take(found, [fingerprint(metric, account) for metric in figures], now, figures)
    return tuple(played.fired)


def requests(
    rules: Sequence[Rule],
    account: str,
    reviews: Sequence[Review],
    refused: Mapping[int, tuple[Request, datetime]],
    waited: Callable[[Request, datetime], tuple[timedelta, timedelta]],
    start: datetime,
    end: datetime,
) -> tuple[Fired, ...]:
    """The same of the rules on requests, looked through every hour.

    Args:
        rules: all rules; others are passed over.
        account: whose.
        reviews: its reviews of that time.
        refused: number → a request that a carrier refuses, and when it last moved.
        waited: how long a request had been in review at a moment, and how long that usually takes.
        start: from when.
        end: until when.
    """
    bounds = [rule.bound for rule in rules if rule.metric is Metric.OVERDUE and rule.account in (None, account)]
    late = [one for one in reviews if bounds and _ever_beyond(one, min(bounds), waited, end)]
    if not late and not refused:
        return ()
    played = _Played()
    marks = [fingerprint(metric, account) for metric in sorted(REQUESTS)]
    moved = {number: at for number, (_, at) in refused.items()}
    now = start
    while now < end:
        there = [_in_review(one) for one in late if one.begun <= now and (one.ended is None or now < one.ended)]
        there += [one for one, at in refused.values() if at <= now]
        found = waiting.judge(
            rules,
            account,
            there,
            {number: at for number, at in moved.items() if at <= now},
            lambda one: waited(one, now),  # noqa: B023 - used before the next round
            now,
        )
        played.take(found, marks, now)
        now += HOUR
    return tuple(played.fired)


def _ever_beyond(
    review: Review, bound: Decimal, waited: Callable[[Request, datetime], tuple[timedelta, timedelta]], end: datetime
) -> bool:
    """Whether it ever took longer than a rule minds: most never do."""
    took, usually = waited(_in_review(review), min(review.ended or end, end))
    return took > usually * float(bound)


def _in_review(review: Review) -> Request:
    return replace(review.request, state=State.IN_REVIEW, submitted_at=review.begun, since=review.begun)


def _ordered(tallies: Sequence[Tally]) -> list[Tally]:
    key: Callable[[Tally], datetime] = lambda one: one.start  # noqa: E731
    return sorted(tallies, key=key)


WHOLE = timedelta(days=30)
"""How much of the past is played where nobody says otherwise."""
