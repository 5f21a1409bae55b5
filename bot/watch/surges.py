"""Figures on what was sent: what failed, what was not taken, and what is far from usual.

Pure: the hours and days that the record has become figures over the window of a rule, and rules find in them what
deserves that somebody looks. Where a vendor tells whole days only, a day late (UCloud), the window is the newest day.

What is usual for an hour is the middle of what was sent in that hour on days alike: the same weekday, or one that is
worked (or not) as well where too few are known; but at least half of the most that was sent around that hour in four
weeks, for campaigns are usual too.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median
from types import MappingProxyType

from bot.contracts.alert import SENDING, Behind, Metric
from bot.contracts.model import Words
from bot.contracts.traffic import DAY, HOUR, Counts, Tally, china_day
from bot.watch.rules import Breach, Rule, breach, fingerprint, most_urgent

LOOKS_BACK = timedelta(days=28)
"""What is usual is what was so in these four weeks."""

ALIKE = 3
"""Days alike that must be known before anything is called usual."""

SATURDAY = 5
"""From which weekday on nobody works."""

AROUND = 2
"""Hours before and after, in which a campaign may as well have gone out."""

CAMPAIGN = Decimal("0.5")
"""As much of the most that was sent around an hour is usual for it."""

SURGE = 2
"""Times the usual that make abuse of codes possible."""

USUAL_DAYS = timedelta(days=14)
"""From which the usual share of a reason is taken, without the newest day."""

FREQUENCY = ("frequency", "limit")
"""In the vendors' words for a reason, whatever the case: too many to one number (`FrequencyLimit` at Tencent)."""


COVERS: Mapping[Metric, frozenset[Metric]] = MappingProxyType(
    {
        Metric.ABUSE: frozenset({Metric.FAIL_SHARE, Metric.VOLUME, Metric.LIMITED, Metric.CODE}),
        Metric.FAIL_SHARE: frozenset({Metric.CODE}),
    }
)
"""What is found → what it says with it, so that one trouble does not open several alerts; failures name their first reason."""

MOSTLY = Decimal("0.5")
"""A reason with at least this share of the failures is named with them."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the record has of an account.

    Args:
        hours: newest four weeks, in any order.
        days: the same, whole days.
        whole_days: nothing is told of the day that runs, so windows are days.
        kind: which weekday a day is like.
        reasons: what the vendor's words mean.
    """

    hours: Sequence[Tally]
    days: Sequence[Tally]
    whole_days: bool = False
    kind: Callable[[date], int] = date.weekday
    reasons: Mapping[str, Words] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure over one window, and what is behind it."""

    value: Decimal
    behind: Behind


def judge(
    rules: Sequence[Rule], account: str, known: Known, now: datetime, standing: Mapping[str, str]
) -> tuple[tuple[Breach, ...], dict[str, Figure]]:
    """What the rules find in what was sent.

    Args:
        rules: all rules; those on other metrics are passed over.
        account: whose.
        known: see there.
        now: when it was asked for.
        standing: fingerprint → rule of the alerts of the account that are not resolved.

    Returns:
        For each matter the most urgent finding; and every figure that could be told, by its fingerprint. A matter
        without a figure has too few messages to say anything, and nothing is wrong with it.
    """
    found: list[tuple[Rule, Breach]] = []
    told: dict[str, Figure] = {}
    for rule in rules:
        if rule.metric not in SENDING or rule.account not in (None, account):
            continue
        codes = {
            mark.rpartition(":")[2] for mark in standing if mark.startswith(fingerprint(Metric.CODE, account, " ")[:-1])
        }
        for subject, figure in figures(rule, known, now, codes).items():
            mark = fingerprint(rule.metric, account, subject)
            stands = standing.get(mark) == rule.name
            told.setdefault(mark, figure)
            counted = figure.behind.sent + figure.behind.refused
            enough = counted >= (rule.least / 2 if stands else rule.least)
            if enough and rule.beyond(figure.value, standing=stands):
                one = breach(rule, account, figure.value, subject=subject, behind=figure.behind)
                found.append((rule, one))
                told[mark] = figure
    urgent = most_urgent(found)
    return tuple(one for one in urgent if not _covered(one, urgent, standing)), told


def _covered(one: Breach, found: Sequence[Breach], standing: Mapping[str, str]) -> bool:
    """Whether another finding says it too; what has an alert of its own already keeps it."""
    return one.fingerprint not in standing and any(one.metric in COVERS.get(other.metric, ()) for other in found)


def figures(rule: Rule, known: Known, now: datetime, codes: Collection[str] = ()) -> dict[str, Figure]:
    """What a rule looks at: subject → figure; the subject is empty but for reasons, of which each is one."""
    within = _day(known, now) if known.whole_days else _hours(known, rule.window, now)
    if not within:
        return {}
    counts = sum((one.counts for one in within), start=Counts())
    behind = Behind(
        hours=round(rule.window / HOUR),
        day=known.whole_days,
        sent=counts.sent,
        known=counts.known,
        failed=counts.failed,
        refused=counts.refused,
    )
    asked = counts.sent + counts.refused
    match rule.metric:
        case Metric.FAIL_SHARE:
            first = max(counts.codes, key=lambda code: counts.codes[code], default="")
            if first and _share(counts.codes[first], counts.failed) >= MOSTLY:
                behind = _with(behind, code=first, meaning=known.reasons.get(first))
            return {"": Figure(_share(counts.failed, counts.known), behind)} if counts.known >= rule.least / 2 else {}
        case Metric.VOLUME | Metric.ABUSE:
            bad = _share(counts.failed + counts.refused, counts.known + counts.refused)
            if rule.metric is Metric.ABUSE and bad <= rule.bound * rule.over:
                return {"": Figure(Decimal(0), behind)}
            usual = _usual(known, within, now)
            if usual is None:
                return {}
            with_usual = _with(behind, usual=usual)
            times = Decimal(asked) / max(usual, Decimal(1))
            if rule.metric is Metric.VOLUME:
                return {"": Figure(times, with_usual)}
            return {"": Figure(bad if times >= SURGE else Decimal(0), with_usual)}
        case Metric.LIMITED:
            before = _before(known, within)
            if before is None:
                return {}
            usual = _share(_limited(before), before.sent + before.refused)
            return {"": Figure(_share(_limited(counts), asked) - usual, _with(behind, usual=usual))}
        case _:
            before = _before(known, within)
            if before is None:
                return {}
            found = {}
            for code in {*counts.codes, *codes}:
                if not limits(code):
                    usual = _share(before.codes.get(code, 0), before.known)
                    rise = _share(counts.codes.get(code, 0), counts.known) - usual
                    more = _with(behind, usual=usual, code=code, meaning=known.reasons.get(code))
                    found[code] = Figure(rise, more)
            return found


def limits(code: str) -> bool:
    """Whether a vendor's word for a reason says: too many to one number."""
    return any(word in code.lower() for word in FREQUENCY)


def _limited(counts: Counts) -> int:
    return counts.refused + sum(count for code, count in counts.codes.items() if limits(code))


def _hours(known: Known, window: timedelta, now: datetime) -> list[Tally]:
    """The hours of which some part lies in the window."""
    return [one for one in known.hours if now - window - HOUR < one.start <= now]


def _day(known: Known, now: datetime) -> list[Tally]:
    """The newest day that was told, unless it is old news."""
    newest = max((one for one in known.days if one.start <= now), key=lambda one: one.start, default=None)
    return [newest] if newest is not None and now - newest.start <= DAY * 3 else []


def _usual(known: Known, within: Sequence[Tally], now: datetime) -> Decimal | None:
    """Messages that are usual in these hours or on this day, as far as they have come; none where nobody can tell."""
    first = min(one.start for one in within)
    earlier = {one.start: one for one in (known.days if known.whole_days else known.hours) if one.start < first}
    usual = Decimal(0)
    for one in within:
        part = Decimal(min((now - one.start) / one.span, 1.0)) if one.span == HOUR else Decimal(1)
        whole = _usual_of(one, earlier, known.kind)
        if whole is None:
            return None
        usual += whole * part
    return usual


def _usual_of(one: Tally, earlier: Mapping[datetime, Tally], kind: Callable[[date], int]) -> Decimal | None:
    before = [one.start - DAY * number for number in range(1, LOOKS_BACK // DAY + 1)]
    same = [earlier[start] for start in before if start in earlier]
    around = range(-AROUND, AROUND + 1) if one.span == HOUR else (0,)
    near = [earlier[at] for start in before for hour in around if (at := start + HOUR * hour) in earlier]
    like = kind(china_day(one.start))
    kinds = [kind(china_day(other.start)) for other in same]
    alike = [other for other, its in zip(same, kinds, strict=True) if its == like]
    if len(alike) < ALIKE:
        alike = [other for other, its in zip(same, kinds, strict=True) if (its >= SATURDAY) == (like >= SATURDAY)]
    if len(alike) < ALIKE:
        return None
    middle = Decimal(median(_asked(other) for other in alike))
    return max(middle, max(_asked(other) for other in near) * CAMPAIGN)


def _asked(tally: Tally) -> int:
    return tally.counts.sent + tally.counts.refused


def _before(known: Known, within: Sequence[Tally]) -> Counts | None:
    """The days before that of the window; none where too few are known."""
    day = china_day(min(one.start for one in within))
    days = [one.counts for one in known.days if day - USUAL_DAYS <= china_day(one.start) < day]
    whole = sum(days, start=Counts())
    return whole if len(days) >= ALIKE and whole.known else None


def _share(part: int, whole: int) -> Decimal:
    return Decimal(part) / whole if whole else Decimal(0)


def _with(behind: Behind, *, usual: Decimal | None = None, code: str = "", meaning: Words | None = None) -> Behind:
    return Behind(
        behind.hours, behind.day, behind.sent, behind.known, behind.failed, behind.refused, usual, code, meaning
    )
