"""When packages run out, in words and as a chart. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bot.contracts.message import Line
from bot.watch.figures import about
from bot.watch.forecast import FARTHEST, Forecast
from bot.wording import charts
from bot.wording.charts import Chart, Point
from bot.wording.language import Language

SOON = timedelta(days=7)
"""What is nearer is told with its hour."""


def about_when(language: Language, at: datetime, now: datetime) -> str:
    """A moment that is only expected: with its hour when it is near, as a day when it is not."""
    day = language.day(_hour(at), None, now)
    if at - now > SOON:
        return language.text("about {day}", day=day)
    return language.text("{day} about {time}", day=day, time=language.clock(_hour(at)))


def _hour(at: datetime) -> datetime:
    """The nearest full hour: no forecast knows minutes."""
    return (at + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0)


def _plainly(language: Language, at: datetime, now: datetime) -> str:
    return language.day(at, None, now) if at - now > SOON else language.moment(_hour(at), None, now)


def band(language: Language, early: datetime | None, late: datetime | None, now: datetime) -> str:
    """Between when and when it should be, eight times of ten."""
    if early is None:
        return language.text("not within a year")
    first = _plainly(language, early, now)
    if late is None:
        return language.text("from {first} on", first=first)
    last = _plainly(language, late, now)
    return first if first == last else language.text("{first} to {last}", first=first, last=last)


def outlook_line(language: Language, account: str, found: Forecast, now: datetime) -> Line:
    """When an account's packages run out, and at which pace."""
    pace = language.plural("{n} message", "{n} messages", about(Decimal(round(found.per_day))))
    if found.at is None:
        days = FARTHEST.days
        return language.line(
            "{account}: lasts more than {days} days at about {pace} a day.", account=account, days=days, pace=pace
        )
    line = language.line(
        "{account}: runs out {when} (80% range: {band}), at about {pace} a day.",
        account=account,
        when=about_when(language, found.at, now),
        band=band(language, found.early, found.late, now),
        pace=pace,
    )
    if found.wasted >= 1:
        lost = language.number(round(found.wasted))
        line = (*line, *language.line(" Of it about {lost} expire unused.", lost=lost))
    return line


def burn_down(
    language: Language, account: str, measured: Sequence[tuple[datetime, float]], found: Forecast, now: datetime
) -> Chart:
    """What was left until the forecast begins, what is expected to be, and the band."""
    zone = language.zone
    end = next((number for number, step in enumerate(found.steps) if step.left <= 0), len(found.steps) - 1)
    first = found.steps[0]
    was = [Point(at.astimezone(zone), left) for at, left in measured if at < first.at]
    was.append(Point(first.at.astimezone(zone), first.left))
    coming = [
        Point(step.at.astimezone(zone), step.left, step.low, step.high)
        for number, step in enumerate(found.steps)
        if number <= end or step.high > 0
    ]
    when = language.text("not within a year") if found.at is None else about_when(language, found.at, now)
    title = language.text("{account}: runs out {when}", account=account, when=when)
    words = (language.text("left"), language.text("expected"), language.text("80% range"))
    return charts.burn_down(title, was, coming, words)


def burn_down_text(language: Language, account: str) -> str:
    """What that chart shows, in one line."""
    return language.text("{account}: what was left and what is expected", account=account)
