"""`signpost rules`: what each alert rule would have said over the record."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial

import sqlite_utils

from bot.contracts.alert import Metric
from bot.contracts.clock import SystemClock
from bot.contracts.hours import Holidays, Hours, open_between
from bot.contracts.model import Request, State
from bot.contracts.settings import Settings
from bot.contracts.traffic import DAY, HOUR, china_day
from bot.contracts.vendor import Capabilities, Vendor
from bot.running.holidays import load_holidays
from bot.running.vendors import hours_of, vendors_of
from bot.store import alerts, events, requests, samples, traffic
from bot.store.export import reading
from bot.watch import rehearsal, waiting
from bot.watch.backlog import DAYS_BACK
from bot.watch.figures import METRICS, exactly, figure
from bot.watch.rehearsal import WHOLE, Fired, Review
from bot.watch.rules import Rule, merged_rules
from bot.watch.runway import Past, like_a_weekday
from bot.watch.surges import LOOKS_BACK, Known
from bot.watch.troubles import LIMITS
from bot.wording.language import Language, languages

NAMED = 5
"""Times that a line names."""

BEFORE = timedelta(days=7)
"""So much earlier the play begins, so that what stood already when the time began does not count as new."""


async def rehearse(settings: Settings, on: date | None, say: Callable[[str], object], now: datetime) -> int:
    """Print, rule by rule, what would have fired; returns the exit code.

    Args:
        settings: the configuration, with the rules as they stand there.
        on: the only day to look at, in the zone of `[bot]`; none for the last 30 days.
        say: prints a line.
        now: aware.
    """
    zone = settings.bot.timezone
    language = languages(zone)[settings.bot.language]
    end = now if on is None else min(datetime(on.year, on.month, on.day, tzinfo=zone) + timedelta(days=1), now)
    start = end - WHOLE if on is None else datetime(on.year, on.month, on.day, tzinfo=zone)
    active = merged_rules(settings.rules)
    async with vendors_of(settings, SystemClock(), pace=1.0) as vendors:
        past = _Past(settings, vendors, active, start - BEFORE, end)
        played, opened = await reading(settings, lambda db: (past.played(db), alerts.opened_by(db, start, end)))
    fired = [one for one in played if one.at >= start]
    say(
        language.plural(
            "Over {n} day, to {end}:", "Over {n} days, to {end}:", WHOLE.days, end=language.moment(end, None, now)
        )
        if on is None
        else language.text("On {day}:", day=on.isoformat())
    )
    for line in lines(language, active, fired, opened, now):
        say(line)
    return 0


@dataclass(frozen=True, slots=True)
class _Past:
    """What the record has of a time, played account by account."""

    settings: Settings
    vendors: Mapping[str, Vendor]
    active: Sequence[Rule]
    start: datetime
    end: datetime

    def played(self, db: sqlite_utils.Database) -> tuple[Fired, ...]:
        """What would have fired."""
        holidays = load_holidays(self.settings.calendar.holidays, self.settings.calendar.workdays)
        reviews = events.reviews(db, self.start - WHOLE, self.end)
        begun = {number for number, _, ended in reviews if ended is None}
        earlier = [one for one in requests.in_states(db, (State.IN_REVIEW,)) if one.number not in begun]
        every = [
            *(
                Review(one, at, ended)
                for number, at, ended in reviews
                if (one := requests.find(db, number)) is not None
            ),
            *(Review(one, one.submitted_at or one.since, None) for one in earlier),
        ]
        longest = max((rule.window for rule in self.active if rule.metric is Metric.FILING), default=timedelta(0))
        moved = {
            number: (one, at)
            for number, at in events.latest_moves(db, self.start - longest).items()
            if (one := requests.find(db, number)) is not None and waiting.refused(one)
        }
        hours = hours_of(self.settings, self.vendors)
        fired: list[Fired] = []
        for name, vendor in self.vendors.items():
            fired += self._figures(db, name, vendor, like_a_weekday(holidays))
            fired += rehearsal.requests(
                self.active,
                name,
                [one for one in every if one.request.account == name],
                {number: each for number, each in moved.items() if each[0].account == name},
                partial(_waited, vendor.capabilities, hours[name], holidays),
                self.start,
                self.end,
            )
        return tuple(fired)

    def _figures(
        self, db: sqlite_utils.Database, account: str, vendor: Vendor, kind: Callable[[date], int]
    ) -> tuple[Fired, ...]:
        rounds = samples.rounds(db, account, self.start, self.end)
        counting = vendor.traffic
        if counting is None:
            return rehearsal.quota(self.active, account, rounds, self.start, self.end)
        first = min(self.start - LOOKS_BACK, self.start - DAY * (DAYS_BACK + 7)) - DAY
        hours = (
            () if counting.lag else tuple(one.tally for one in traffic.between(db, account, first, self.end, span=HOUR))
        )
        days = tuple(one.tally for one in traffic.between(db, account, first, self.end))
        known = Known(hours, days, bool(counting.lag), kind, counting.reasons)
        past = Past(
            {china_day(one.start): float(one.counts.billed) for one in days},
            {one.start: float(one.counts.billed) for one in hours},
            counting.lag,
            kind,
        )
        bounds = [rule.bound * rule.over for rule in self.active if rule.metric is Metric.RUNS_OUT]
        enough = max(bounds, default=Decimal(0))
        return (
            *rehearsal.sending(self.active, account, known, self.start, self.end, lag=counting.lag),
            *rehearsal.quota(
                self.active,
                account,
                rounds,
                self.start,
                self.end,
                (lambda now, readings: past.days_left(now, readings, enough)) if bounds else rehearsal.nobody_can_tell,
            ),
        )


def _waited(
    capabilities: Capabilities, hours: Hours, holidays: Holidays, request: Request, now: datetime
) -> tuple[timedelta, timedelta]:
    """How long a request had been in review, in the reviewers' hours, and how long that usually takes."""
    ability = capabilities.kinds.get(request.kind)
    if ability is None:
        return timedelta(0), HOUR
    return open_between(hours, request.submitted_at or request.since, now, holidays), ability.usually


def lines(
    language: Language, active: Sequence[Rule], fired: Sequence[Fired], opened: Mapping[str, int], now: datetime
) -> tuple[str, ...]:
    """A line for each rule: how often, and when; then those that have no rule in the file."""
    said = []
    for rule in active:
        mine = sorted((one for one in fired if one.rule == rule.name), key=lambda one: one.at)
        times = [
            f"{one.account} {language.moment(one.at, None, now)}"
            f"{language.bracketed(figure(language, rule.metric, one.value, rule.bound))}"
            for one in mine[:NAMED]
        ]
        more = len(mine) - NAMED
        times += [language.text("{count} more", count=more)] if more > 0 else []
        count = language.plural("would have fired {n} time", "would have fired {n} times", len(mine))
        if times:
            count = language.text("{count}: {times}", count=count, times=language.joined(times))
        condition = _condition(language, rule)
        said.append(language.text("{rule}: {condition} – {said}", rule=rule.name, condition=condition, said=count))
    for name in sorted({limit.name for limit in LIMITS} & opened.keys()):
        count = language.plural("opened {n} time", "opened {n} times", opened[name])
        said.append(f"{name} – {count}{language.bracketed(language.text('as it was; not played anew'))}")
    return tuple(said)


def _condition(language: Language, rule: Rule) -> str:
    bound = exactly(language, rule.metric, rule.bound)
    against = (
        language.text("above {bound}", bound=bound)
        if rule.metric.rises
        else language.text("below {bound}", bound=bound)
    )
    only = language.bracketed(rule.account) if rule.account else ""
    metric = language.pick(METRICS[rule.metric])
    between = "" if language.code == "zh" else " "
    return f"{metric}{between}{against}{only}"
