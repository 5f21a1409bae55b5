"""`signpost rules`: what each alert rule would have said over the record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta

import sqlite_utils

from bot.contracts.settings import Settings
from bot.contracts.traffic import DAY, HOUR
from bot.running.holidays import load_holidays
from bot.store import alerts, samples, traffic
from bot.store.export import reading
from bot.watch import rehearsal
from bot.watch.figures import METRICS, exactly, figure
from bot.watch.rehearsal import PLAYED, WHOLE, Fired
from bot.watch.rules import Rule, merged_rules
from bot.watch.runway import like_a_weekday
from bot.watch.surges import LOOKS_BACK, Known
from bot.watch.troubles import LIMITS
from bot.wording.language import Language, languages

NAMED = 5
"""Times that a line names."""


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
    kind = like_a_weekday(load_holidays(settings.calendar.holidays, settings.calendar.workdays))

    def look(db: sqlite_utils.Database) -> tuple[list[Fired], Mapping[str, int]]:
        fired: list[Fired] = []
        for account in (one.name for one in settings.accounts):
            since = start - LOOKS_BACK - DAY
            hours = [one.tally for one in traffic.between(db, account, since, end, span=HOUR)]
            days = [one.tally for one in traffic.between(db, account, since, end)]
            known = Known(hours, days, whole_days=not hours, kind=kind)
            fired += rehearsal.sending(active, account, known, start, end)
            fired += rehearsal.quota(active, account, samples.rounds(db, account, start, end), start, end)
        return fired, alerts.opened_by(db, start, end)

    fired, opened = await reading(settings, look)
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


def lines(
    language: Language, active: Sequence[Rule], fired: Sequence[Fired], opened: Mapping[str, int], now: datetime
) -> tuple[str, ...]:
    """A line for each rule: how often, and when; then those that have no rule in the file."""
    said = []
    for rule in active:
        what = {"rule": rule.name, "condition": _condition(language, rule)}
        if rule.metric in PLAYED:
            mine = [one for one in fired if one.rule == rule.name]
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
            said.append(language.text("{rule}: {condition} – {said}", **what, said=count))
        else:
            count = language.plural("opened {n} time", "opened {n} times", opened.get(rule.name, 0))
            count += language.bracketed(language.text("as it was; not played anew"))
            said.append(language.text("{rule}: {condition} – {said}", **what, said=count))
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
