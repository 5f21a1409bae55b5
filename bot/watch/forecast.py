"""When a package runs out, and between when and when it should. Pure.

A day's messages are a level times the shape of the week, an hour's a share of its day. The level follows the last days,
and a campaign among them counts for no more than an unusual day does. How far off such a forecast can be is not assumed
but counted: the same forecast is made from each of the past weeks' days, and what was really used, as a share of what it
said, gives the band. `benchmarks/bench_forecast.py` holds it against a straight line.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import dropwhile, pairwise
from statistics import NormalDist, median

from bot.contracts.hours import CHINA
from bot.contracts.traffic import DAY, HOUR

FEWEST_DAYS = 4
"""With fewer whole days since the first message nothing is said."""

WEEKS_OF_SHAPE = 6
"""How far back the shape of the week is looked for."""

HALF_LIFE = 3.5
"""Days after which a day counts half for the level."""

UNUSUAL = 2.0
"""Deviations from the usual beyond which a day counts as one that is so far off and no further."""

BAND = (0.1, 0.9)
"""Eight of ten times it lies between."""

FARTHEST = 400 * DAY
"""Beyond this nobody plans; packages last a year."""

FINE = 14 * 24
"""Hours ahead that are looked at one by one."""

HORIZONS = (1, 2, 3, 5, 7, 10, 14)
"""Days ahead at which past forecasts are held against what was used."""

PRIOR_ERROR, PRIOR_WEIGHT = 0.09, 3.0
"""What a forecast is off by (as a logarithm) where nothing is known yet, and how many past forecasts that is worth."""

USUAL_HOURS = (1, 1, 1, 1, 1, 1, 2, 4, 6, 7, 7, 6, 5, 6, 6, 6, 6, 6, 6, 6, 6, 5, 3, 1)
"""Shares of a day in China where no hours are known: people are awake."""

UNKNOWN_HOURS = 0.35
"""How far off (as a logarithm) the next hours may be where only the usual shares are known."""

HOURS_WEIGHT = 3.0
"""Days of hours that the usual shares are worth."""

Kind = Callable[[date], int]
"""Which day of the week a day is like: 0 Monday to 6 Sunday. A public holiday is like a Sunday, a make-up workday like a
Wednesday."""


@dataclass(frozen=True, slots=True)
class Package:
    """What is left in one package.

    Args:
        left: messages.
        expires_at: aware; what is left then is lost. None for never.
    """

    left: float
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Usage:
    """What was used.

    Args:
        days: whole days that are over → messages billed; missing days are unknown, not zero.
        hours: hours that are over (their beginning, aware) → messages billed, for the shape of a day.
        today: what of the running day is used up by `now`; none where nobody tells.
    """

    days: Mapping[date, float]
    hours: Mapping[datetime, float] = field(default_factory=dict)
    today: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """What is expected to be left at a moment, if as much is used as is likely, as much as may be, as little as may be."""

    at: datetime
    left: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """When packages run out.

    Attributes:
        at: most likely; none when not within `FARTHEST`.
        early: one of ten times it is even before this.
        late: one of ten times it is even after this.
        per_day: what a day of the next seven is expected to use.
        steps: for a picture, from now on.
        wasted: messages that are expected to expire unused, within the time told.
    """

    at: datetime | None
    early: datetime | None
    late: datetime | None
    per_day: float
    steps: tuple[Step, ...]
    wasted: float = 0.0


def forecast(
    usage: Usage,
    packages: Sequence[Package],
    now: datetime,
    *,
    as_of: datetime | None = None,
    kind: Kind = date.weekday,
) -> Forecast | None:
    """When the packages run out; none where too little is known.

    Args:
        usage: what was used so far.
        packages: in the order in which the vendor uses them up.
        now: aware.
        as_of: what moment `packages` are right for, where that lies back (UCloud's are computed from yesterday's figures).
        kind: which day of the week a day is like.
    """
    days = _in_use(usage)
    if len(days) < FEWEST_DAYS:
        return None
    start = as_of or now
    model = _Model.of(days, kind, _profile(usage.hours, kind))
    if as_of is None and usage.today is not None:
        model = model.with_today(usage.today, now)
    low, middle, high = _errors(days, kind)
    if _whole_days(usage.hours) < HOURS_WEIGHT:
        low, high = _wider(low, -1), _wider(high, 1)
    grid = _grid(packages, start)
    curve = _curve(model, start, grid)
    likely, *_ = walks = [_walk(packages, start, grid, curve, scale) for scale in (middle, high, low)]
    ends = [walk.ends for walk in walks if walk.ends]
    until = min(max(*ends, start + 3 * DAY) if ends else start + 30 * DAY, start + 120 * DAY)
    # Where packages expire, more use does not always leave less: the band holds its line whichever walk is the outer one.
    late = max(ends) if len(ends) == len(walks) else None
    left = [(moment, [walk.left_at(moment) for walk in walks]) for moment in _moments(start, until)]
    steps = tuple(Step(moment, each[0], min(each), max(each)) for moment, each in left)
    return Forecast(likely.ends, min(ends, default=None), late, curve[grid.index(7 * 24)] / 7, steps, likely.wasted)


def _in_use(usage: Usage) -> dict[date, float]:
    """The days from the first message on: before it nothing tells of a pace. Where none was sent at all, every day."""
    sent = bool(usage.today) or any(usage.days.values())
    return dict(dropwhile(lambda day: sent and day[1] <= 0, sorted(usage.days.items())))


# --- What a day is like ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Model:
    level: float
    week: tuple[float, ...]
    profile: tuple[tuple[float, ...], tuple[float, ...]]  # of workdays and of weekends, each adding up to one
    kind: Kind

    @classmethod
    def of(
        cls, days: Mapping[date, float], kind: Kind, profile: tuple[tuple[float, ...], tuple[float, ...]]
    ) -> "_Model":
        last = max(days)
        recent = {day: count for day, count in days.items() if (last - day).days < 7 * WEEKS_OF_SHAPE}
        week = _week(recent, kind)
        return cls(_level(recent, week, kind, last), week, profile, kind)

    def on(self, day: date) -> float:
        return self.level * self.week[self.kind(day)]

    def hour(self, moment: datetime) -> float:
        local = moment.astimezone(CHINA)
        weekend = self.kind(local.date()) >= 5
        return self.on(local.date()) * self.profile[weekend][local.hour]

    def with_today(self, used: float, now: datetime) -> "_Model":
        """The level with what is known of today, as far as the day has come."""
        local = now.astimezone(CHINA)
        shares = self.profile[self.kind(local.date()) >= 5]
        come = sum(shares[: local.hour]) + shares[local.hour] * (local.minute / 60)
        expected = self.on(local.date()) * come
        if expected <= 0:
            return self
        ratio = min(max(used / expected, 0.5), 2.0)
        weight = 0.35 * come
        return _Model(self.level * ratio**weight, self.week, self.profile, self.kind)


def _week(days: Mapping[date, float], kind: Kind) -> tuple[float, ...]:
    """What each day of the week is, as a multiple of the usual day; few days of one kind lean on their likes."""
    around: dict[int, list[float]] = {number: [] for number in range(7)}
    first, last = min(days), max(days)
    for day, count in days.items():
        middle = min(max(day, first + 3 * DAY), last - 3 * DAY)  # seven whole days, for each kind of day counts
        near = sorted(days[other] for number in range(-3, 4) if (other := middle + DAY * number) in days)
        if len(near) == 7 and (usual := sum(near[1:-1]) / 5) > 0:
            around[kind(day)].append(count / usual)
    work = [ratio for number in range(5) for ratio in around[number]]
    rest = [ratio for number in (5, 6) for ratio in around[number]]
    usual = median(work) if work else 1.0
    weekend = median(rest) if rest else usual
    week = []
    for number in range(7):
        prior, own = (usual, around[number]) if number < 5 else (weekend, around[number])
        week.append((1.5 * prior + len(own) * median(own)) / (1.5 + len(own)) if own else prior)
    mean = sum(week) / 7
    return tuple(max(one / mean, 0.02) for one in week) if mean > 0 else (1.0,) * 7


def _level(days: Mapping[date, float], week: Sequence[float], kind: Kind, last: date) -> float:
    """The usual day now: later days count for more, unusual ones no more than unusual ones may."""
    flat = [(math.log1p(count / week[kind(day)]), (last - day).days) for day, count in days.items()]
    recent = [value for value, age in flat if age < 21]
    middle = median(recent)
    spread = max(1.4826 * median(abs(value - middle) for value in recent), 0.03)
    total = weight = 0.0
    for value, age in flat:
        part = 0.5 ** (age / HALF_LIFE)
        total += part * min(max(value, middle - UNUSUAL * spread), middle + UNUSUAL * spread)
        weight += part
    return math.expm1(total / weight)


def _profile(hours: Mapping[datetime, float], kind: Kind) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Shares of a day by hour, of workdays and weekends; the days that are known, with the usual shares for what is not."""
    days: dict[date, dict[int, float]] = {}
    for moment, count in hours.items():
        local = moment.astimezone(CHINA)
        days.setdefault(local.date(), {})[local.hour] = count
    usual = [share / sum(USUAL_HOURS) for share in USUAL_HOURS]
    sums = [[HOURS_WEIGHT * share for share in usual] for _ in range(2)]
    for day, told in days.items():
        whole = sum(told.values())
        if len(told) < 24 or whole <= 0:
            continue
        weekend = kind(day) >= 5
        for hour, count in told.items():
            sums[weekend][hour] += count / whole
            sums[not weekend][hour] += 0.3 * count / whole  # the other kind of day is not so different
    first, second = (tuple(value / sum(one) for value in one) for one in sums)
    return first, second


# --- How far off -------------------------------------------------------------------------------------------------------


Scale = Callable[[float], float]
"""Days ahead → what is used, as a multiple of what the model says."""


def _errors(days: Mapping[date, float], kind: Kind) -> tuple[Scale, Scale, Scale]:
    """How far off the model was so far: the low end of the band, the middle, the high end."""
    ordered = sorted(days)
    found: dict[int, list[float]] = {ahead: [] for ahead in HORIZONS}
    for place, origin in enumerate(ordered):
        if place < FEWEST_DAYS + 3 or (ordered[-1] - origin).days > 7 * WEEKS_OF_SHAPE:
            continue
        model = _Model.of({day: days[day] for day in ordered[:place]}, kind, ((), ()))
        for ahead in HORIZONS:
            coming = [origin + DAY * number for number in range(ahead)]
            if coming[-1] > ordered[-1] or not all(day in days for day in coming):
                continue
            expected, used = sum(model.on(day) for day in coming), sum(days[day] for day in coming)
            if expected > 0 and used > 0:
                found[ahead].append(math.log(used / expected))
    low, middle, high = (
        _between([_quantile(found[ahead], share) for ahead in HORIZONS]) for share in (BAND[0], 0.5, BAND[1])
    )
    return low, middle, high


def _whole_days(hours: Mapping[datetime, float]) -> float:
    return len(hours) / 24


def _wider(scale: Scale, side: int) -> Scale:
    """Where the hours of a day are a guess, the next days are less certain than their sums."""
    return lambda ahead: scale(ahead) * math.exp(side * UNKNOWN_HOURS * max(1 - ahead / 3, 0))


def _quantile(errors: Sequence[float], share: float) -> float:
    """Of few errors, held together with what is usual."""
    prior = PRIOR_ERROR * NormalDist().inv_cdf(share)
    if not errors:
        return prior
    ordered = sorted(errors)
    place = share * (len(ordered) + 1) - 1
    below = min(max(math.floor(place), 0), len(ordered) - 1)
    above = min(below + 1, len(ordered) - 1)
    own = ordered[below] + (ordered[above] - ordered[below]) * min(max(place - below, 0.0), 1.0)
    return (PRIOR_WEIGHT * prior + len(ordered) * own) / (PRIOR_WEIGHT + len(ordered))


def _between(values: Sequence[float]) -> Scale:
    """A multiple for any time ahead, from those at `HORIZONS`."""

    def at(ahead: float) -> float:
        if ahead <= HORIZONS[0]:
            return math.exp(values[0])
        for (first, low), (second, high) in zip(
            zip(HORIZONS, values, strict=True), zip(HORIZONS[1:], values[1:], strict=True), strict=False
        ):
            if ahead <= second:
                return math.exp(low + (high - low) * (ahead - first) / (second - first))
        return math.exp(values[-1])

    return at


# --- Until nothing is left ---------------------------------------------------------------------------------------------


def _grid(packages: Sequence[Package], start: datetime) -> tuple[int, ...]:
    """The hours from now at which it is looked: every one of the next fortnight, then once a day, and where one expires."""
    most = int(FARTHEST / HOUR)
    ends = {math.ceil((one.expires_at - start) / HOUR) for one in packages if one.expires_at is not None}
    return tuple(sorted({*range(FINE), *range(FINE, most, 24), *(end for end in ends if 0 < end < most)}))


def _curve(model: _Model, start: datetime, grid: Sequence[int]) -> tuple[float, ...]:
    """What is expected to be used from now until each of these hours."""
    sums = [0.0]
    for before, after in pairwise(grid):
        moment = start + HOUR * before
        if after - before == 1:
            part = moment.minute / 60 + moment.second / 3600
            used = (1 - part) * model.hour(moment) + part * model.hour(moment + HOUR)
        else:  # so far ahead that the hours of a day make no difference
            used = model.on(moment.astimezone(CHINA).date()) * (after - before) / 24
        sums.append(sums[-1] + used)
    return tuple(sums)


@dataclass(frozen=True, slots=True)
class _Walk:
    """How it goes with the packages: what is left at each hour of the grid, and when nothing is."""

    start: datetime
    grid: tuple[int, ...]
    left: tuple[float, ...]
    ends: datetime | None
    wasted: float

    def left_at(self, moment: datetime) -> float:
        hours = (moment - self.start) / HOUR
        place = bisect_right(self.grid, hours) - 1
        if place + 1 >= len(self.left):
            return self.left[-1]
        part = (hours - self.grid[place]) / (self.grid[place + 1] - self.grid[place])
        return self.left[place] + (self.left[place + 1] - self.left[place]) * part


def _walk(
    packages: Sequence[Package], start: datetime, grid: tuple[int, ...], curve: Sequence[float], scale: Scale
) -> _Walk:
    """Use packages up step by step, each in its turn; what expires is lost."""
    standing = [one for one in packages if one.left > 0]
    has = [one.left for one in standing]
    left = [sum(has)]
    used_before, wasted = 0.0, 0.0
    for place in range(1, len(grid)):
        moment = start + HOUR * grid[place]
        used = max(curve[place] * scale(grid[place] / 24), used_before)
        wanted, used_before = used - used_before, used
        before = left[-1]
        for number, one in enumerate(standing):
            taken = min(has[number], wanted)
            has[number] -= taken
            wanted -= taken
            if one.expires_at is not None and one.expires_at <= moment:
                wasted += has[number]
                has[number] = 0.0
        left.append(sum(has))
        if left[-1] <= 0:
            share = before / (before + wanted) if before + wanted > 0 else 1.0
            step = HOUR * (grid[place] - grid[place - 1])
            return _Walk(start, grid, tuple(left), moment - step + step * min(max(share, 0.0), 1.0), wasted)
    return _Walk(start, grid, tuple(left), None, wasted)


def _moments(start: datetime, until: datetime) -> list[datetime]:
    """Some sixty moments, both ends included."""
    count = 60
    return [start + (until - start) * number / count for number in range(count + 1)]
