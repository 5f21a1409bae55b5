"""Readings of quota in words: one figure as a row, as a line, as a bar."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from bot.contracts.alert import Metric
from bot.contracts.message import Line
from bot.contracts.model import Words
from bot.contracts.vendor import Measure, Reading
from bot.watch.figures import figure
from bot.wording import charts
from bot.wording.charts import Bar, Chart
from bot.wording.language import Language
from bot.wording.words import choose

SUBJECTS = {"package": Words("package", "套餐"), "balance": Words("balance", "余额")}
"""Our own words for what is measured; every other subject is a vendor's name or id."""

SORTS = {"gift": Words("gift", "赠送"), "bought": Words("bought", "购买")}
"""How a package was come by; what is not here is a vendor's own word."""

CELLS = 10
"""Of a bar of quota."""


def scarcest(language: Language, shares: Sequence[tuple[Decimal, str]]) -> Line:
    """The first line says what matters: where least is left."""
    if not shares:
        return language.line("**Quota**")
    share, account = min(shares)
    return language.line(
        "**Quota**: least is left at {account}, {share}",
        account=account,
        share=figure(language, Metric.SHARE, share),
    )


def subject(language: Language, reading: Reading) -> str:
    """What a figure is the remainder of, in the reader's language."""
    return package_name(language, reading.subject, reading.sort)


def package_name(language: Language, package: str, sort: str) -> str:
    """What a package is called: the vendor's name or id, or our word, and how it was come by where that is told."""
    what = choose(SUBJECTS, package, language)
    if not sort:
        return what
    return language.text("{package} ({sort})", package=what, sort=choose(SORTS, sort, language))


def days_end(language: Language, reading: Reading) -> str:
    """The day on which a package expires, where the reader is; empty where it does not."""
    return "" if reading.expires_at is None else language.date(reading.expires_at)


def package_row(language: Language, account: str, reading: Reading) -> tuple[Line, ...]:
    """What is left in a package as a row: account, package, left, of, until."""
    of = ""
    if reading.total:
        of = language.text(
            "{total} ({share})",
            total=language.number(int(reading.total)),
            share=figure(language, Metric.SHARE, reading.remaining / reading.total),
        )
    left = language.number(int(reading.remaining))
    return ((account,), (subject(language, reading),), (left,), (of,), (days_end(language, reading),))


def balance_row(language: Language, account: str, reading: Reading) -> tuple[Line, ...]:
    """Money as a row: account, balance; what it is the balance of, where that is not simply the account's."""
    amount = language.money(reading.remaining, reading.unit)
    if reading.subject in SUBJECTS:
        return ((account,), (amount,))
    return ((account,), language.line("{subject}: {amount}", subject=subject(language, reading), amount=amount))


def reading_line(language: Language, reading: Reading) -> Line:
    """One figure of quota in one line."""
    if reading.measure is Measure.BALANCE:
        amount = language.money(reading.remaining, reading.unit)
        return language.line("{subject}: {amount}", subject=subject(language, reading), amount=amount)
    remaining = language.number(int(reading.remaining))
    if reading.total:
        share = reading.remaining / reading.total
        line = language.line(
            "{bar} {share} · {subject}: {remaining} of {total}",
            bar=bar(share),
            share=figure(language, Metric.SHARE, share),
            subject=subject(language, reading),
            remaining=remaining,
            total=language.number(int(reading.total)),
        )
    else:
        line = language.line("{subject}: {amount}", subject=subject(language, reading), amount=remaining)
    if day := days_end(language, reading):
        line = (*line, *language.line(", until {day}", day=day))
    return (*line, *language.line(", computed from the configured amount")) if reading.estimated else line


def bar(share: Decimal) -> str:
    """A share of one as a bar of text: `▓▓▓▓░░░░░░`. Full only when nothing was used, empty only when nothing is left.

    Args:
        share: from 0 to 1; anything beyond is drawn as the end it is beyond.
    """
    full = int(share * CELLS)
    if 0 < share < 1:
        full = min(max(full, 1), CELLS - 1)
    full = min(max(full, 0), CELLS)
    return "▓" * full + "░" * (CELLS - full)


def left_bars(language: Language, account: str, readings: Sequence[Reading]) -> list[Bar]:
    """The packages of which it is known what they began with; money is no share of anything."""
    return [
        Bar(
            label=f"{account}: {subject(language, reading)}",
            figure=language.text(
                "{left} of {total}",
                left=language.number(int(reading.remaining)),
                total=language.number(int(reading.total)),
            ),
            share=float(reading.remaining / reading.total),
        )
        for reading in readings
        if reading.measure is Measure.PACKAGE and reading.total
    ]


def left_chart(language: Language, found: Sequence[Bar], at: datetime) -> Chart:
    """What was left when it was measured, the emptiest first."""
    when = f"{language.date(at)} {language.clock(at)}"  # with its date: a picture is looked at on other days too
    title = language.text("What is left, {when}", when=when)
    more = language.text("{count} more in the text", count=len(found) - charts.MOST)
    return charts.bars(title, sorted(found, key=lambda one: one.share), more)


def left_text(language: Language, found: Sequence[Bar]) -> str:
    """What that chart shows, in one line."""
    return language.plural("What is left in one package", "What is left in {n} packages", n=len(found))
