"""How well the forecast of a package holds: against a straight line, and against "the same as last week".

Synthetic months, each of another kind: level, week, hours of the day, noise from day to day that lasts, growth, campaigns.
Of each some moments are looked at from which a package runs out in exactly so many days, as it was really
used; every forecaster is told what was known then. The forecast was made on months with other seeds (`MADE_ON`).
"""

import argparse
import itertools
import math
import random
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from report import Report

from bot.contracts.hours import CHINA
from bot.contracts.traffic import DAY, HOUR, china_day, day_start
from bot.watch.forecast import Forecast, Package, Usage, forecast

MADE_ON = range(1000, 1120)
"""Seeds on which the forecast's numbers were found."""

TRIED_ON = range(50_000, 50_240)
"""Seeds it is measured on."""

AHEAD = (1, 3, 7)
"""Days ahead that packages run out."""

START = datetime(2026, 1, 5, tzinfo=CHINA)

LENGTH = 75
"""Days of a series."""

HISTORY = (10, 21, 45)
"""Days known before the first, second and third moment of a series."""

SHARE, BETTER = (0.75, 0.85), 0.7
"""What is wanted: the band's hit share, and the median error as a share of the straight line's, at three days ahead."""


@dataclass(frozen=True)
class Series:
    """Messages, summed up hour by hour."""

    sums: tuple[float, ...]

    def between(self, start: datetime, end: datetime) -> float:
        """What was used in a time, parts of hours by their share."""
        return self._until((end - START) / HOUR) - self._until((start - START) / HOUR)

    def _until(self, hours: float) -> float:
        whole = int(hours)
        return self.sums[whole] + (self.sums[whole + 1] - self.sums[whole]) * (hours - whole)


def series(seed: int) -> Series:
    """One account's life."""
    dice = random.Random(seed)  # noqa: S311 - it plays
    level = math.exp(dice.uniform(math.log(300), math.log(60_000)))
    weekend = dice.choice((dice.uniform(0.35, 0.8), dice.uniform(0.35, 0.8), dice.uniform(0.8, 1.15)))
    week = [dice.uniform(0.92, 1.08) for _ in range(5)] + [weekend * dice.uniform(0.95, 1.05) for _ in range(2)]
    peaks = [(dice.uniform(9, 21), dice.uniform(1.5, 4), dice.uniform(0.5, 1.5)) for _ in range(dice.choice((1, 2, 2)))]
    shape = [
        0.06 + sum(size * math.exp(-(((hour - at) / wide) ** 2)) for at, wide, size in peaks) for hour in range(24)
    ]
    growth = dice.gauss(0.002, 0.004)
    noise, lasting = dice.uniform(0.02, 0.09), dice.uniform(0.2, 0.75)
    campaigns, size = dice.choice((0.0, 0.02, 0.05)), dice.uniform(0.8, 3.0)
    drift, hours = 0.0, []
    for number in range(LENGTH):
        drift = lasting * drift + dice.gauss(0, noise * math.sqrt(1 - lasting**2))
        campaign = 1 + size * dice.uniform(0.5, 1.5) if dice.random() < campaigns else 1.0
        day = level * week[number % 7] * math.exp(growth * number + drift) * campaign
        for hour in range(24):
            mean = day * shape[hour] / sum(shape)
            hours.append(max(round(dice.gauss(mean, math.sqrt(mean + (0.08 * mean) ** 2))), 0))
    return Series((0.0, *itertools.accumulate(hours)))


def moments(seed: int) -> list[datetime]:
    """When it is looked at: one moment after each length of history, at any hour."""
    dice = random.Random(seed + 7)  # noqa: S311
    return [START + DAY * known + timedelta(minutes=dice.randrange(24 * 60)) for known in HISTORY]


Guess = Callable[[Series, datetime, float], datetime | None]


def straight_line(told: Series, now: datetime, left: float) -> datetime | None:
    """What is left, at the pace of the last seven days."""
    pace = told.between(now - 7 * DAY, now) / 7
    return now + DAY * (left / pace) if pace else None


def last_days_line(told: Series, now: datetime, left: float) -> datetime | None:
    """The same at the pace of the last three days."""
    pace = told.between(now - 3 * DAY, now) / 3
    return now + DAY * (left / pace) if pace else None


def last_week(told: Series, now: datetime, left: float) -> datetime | None:
    """Every hour as a week before."""
    moment, step = now, timedelta(minutes=20)
    while left > 0 and moment < now + 60 * DAY:
        back = moment - 7 * DAY * (1 + (moment - now) // (7 * DAY))
        used = told.between(back, back + step)
        if used >= left:
            return moment + step * (left / used)
        left -= used
        moment += step
    return None


def ours(told: Series, now: datetime, left: float) -> Forecast | None:
    """The program's own, told what a vendor tells: whole days, hours that are over, today so far."""
    today = china_day(now)
    whole = {
        day: told.between(day_start(day), day_start(day) + DAY)
        for number in range(1, 61)
        if day_start(day := today - DAY * number) >= START
    }
    hours = {
        moment: told.between(moment, moment + HOUR)
        for number in range(1, 24 * 14)
        if (moment := day_start(today) - HOUR * number) >= START
    }
    usage = Usage(
        whole, {at.astimezone(UTC): count for at, count in hours.items()}, told.between(day_start(today), now)
    )
    return forecast(usage, [Package(left)], now)


@dataclass
class Row:
    """What came of one number of days ahead."""

    days: int
    errors: dict[str, list[float]]
    hits: list[bool]
    widths: list[float]


def measure(seeds: range, ahead: int) -> Row:
    """Look at every series from every moment."""
    row = Row(ahead, {"ours": [], "straight line": [], "last 3 days": [], "last week": []}, [], [])
    guesses: dict[str, Guess] = {"straight line": straight_line, "last 3 days": last_days_line, "last week": last_week}
    for seed in seeds:
        told = series(seed)
        for now in moments(seed):
            end = now + DAY * ahead
            left = told.between(now, end)
            found = ours(told, now, left)
            if found is None or found.at is None:
                raise RuntimeError(f"series {seed} has no forecast")
            row.errors["ours"].append(abs((found.at - end) / HOUR))
            row.hits.append((found.early or end) <= end <= (found.late or end))
            row.widths.append(((found.late or end) - (found.early or end)) / HOUR)
            for name, guess in guesses.items():
                at = guess(told, now, left)
                row.errors[name].append(abs(((at or now) - end) / HOUR))
    return row


def main() -> int:
    """Print the table, write the JSON; 1 where it is not as good as wanted."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--made-on", action="store_true", help="the months the forecast was made on")
    given = parser.parse_args()
    seeds = MADE_ON if given.made_on else TRIED_ON
    report = Report("forecast", f"When a package runs out: {len(seeds)} synthetic series, each looked at three times")
    good = True
    for ahead in AHEAD:
        row = measure(seeds, ahead)
        middle = {name: statistics.median(errors) for name, errors in row.errors.items()}
        hit = sum(row.hits) / len(row.hits)
        ratio = middle["ours"] / middle["straight line"]
        report.row(
            "Median error, hours",
            **{"days ahead": ahead, **{name: f"{hours:.2f}" for name, hours in middle.items()}},
            **{"of the straight line's": f"{ratio:.2f}", "in the band": f"{hit:.1%}"},
            **{"band, hours": f"{statistics.median(row.widths):.1f}"},
        )
        if ahead == 3:
            good = SHARE[0] <= hit <= SHARE[1] and ratio <= BETTER
    report.note(
        f"Wanted at 3 days: {SHARE[0]:.0%} to {SHARE[1]:.0%} in the band, at most {BETTER} of the straight line's error."
    )
    report.finish()
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
