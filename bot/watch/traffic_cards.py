"""What was sent and what became of it, in words and as charts. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

from bot.contracts.message import Line, Table
from bot.contracts.model import Words
from bot.contracts.traffic import Counts, Split, Tally, china_day
from bot.wording import charts
from bot.wording.charts import Chart
from bot.wording.language import Language
from bot.wording.words import choose

SPLITS = {
    Split.DAY: Words("day", "日"),
    Split.SIGN: Words("sign", "签名"),
    Split.TEMPLATE: Words("template", "模板"),
    Split.CARRIER: Words("carrier", "运营商"),
}
"""What figures are told apart by, as people type it behind `by=`."""

HEADS = {
    Split.DAY: Words("Day", "日期"),
    Split.SIGN: Words("Signature", "签名"),
    Split.TEMPLATE: Words("Template", "模板"),
    Split.CARRIER: Words("Carrier", "运营商"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """What is known of one account in a span of days.

    Args:
        name: of the account.
        days: whole days, oldest first; days of which nothing is known are not among them.
        parts: the same told apart, where that was asked for.
        reasons: what the vendor's reasons mean.
    """

    name: str
    days: tuple[Tally, ...]
    parts: tuple[Tally, ...] = ()
    reasons: Mapping[str, Words] | None = None

    @property
    def whole(self) -> Counts:
        """All days together."""
        return sum((one.counts for one in self.days), start=Counts())


def share(language: Language, counts: Counts) -> str:
    """What arrived of what is known: `97.9%`; a stroke where nothing is known yet. Never 100% while something failed."""
    success = counts.success
    if success is None:
        return "–"
    shown = language.percent(success)
    return language.percent(Decimal("0.999")) if counts.failed and shown == "100%" else shown


def headline(language: Language, accounts: Sequence[Account], days: int) -> Line:
    """The first line says what matters: of one account what arrived, of several where least does."""
    span = language.plural("one day", "{n} days", n=days)
    known = [one for one in accounts if one.whole.known]
    if not known:
        sent = sum(one.whole.sent for one in accounts)
        if sent:
            return language.line("**Sent, {span}**: {sent}, no receipt yet", span=span, sent=language.number(sent))
        return language.line("**Sent, {span}**: nothing", span=span)
    if len(accounts) == 1:
        (one,) = known
        return language.line(
            "**{account}, {span}**: {share} of {sent} delivered",
            account=one.name,
            span=span,
            share=share(language, one.whole),
            sent=language.number(one.whole.sent),
        )
    worst = min(known, key=lambda one: (one.whole.success or 0, one.name))
    return language.line(
        "**Sent, {span}**: {sent}; least arrives at {account}, {share}",
        span=span,
        sent=language.number(sum(one.whole.sent for one in accounts)),
        account=worst.name,
        share=share(language, worst.whole),
    )


def table(language: Language, accounts: Sequence[Account], by: Split | None) -> Table | None:
    """The figures as rows; none where there are none.

    Args:
        language: the reader's.
        accounts: of whom.
        by: what they are told apart by; an account is one row when left out.
    """
    figures = tuple(language.text(word) for word in ("Sent", "Delivered", "Failed", "Waiting", "Arrived"))
    if by is None:
        rows = [((one.name,), *_figures(language, one.whole)) for one in accounts if one.days]
        return Table((language.text("Account"), *figures), tuple(rows)) if rows else None
    several = len(accounts) > 1
    rows = []
    for one in accounts:
        for key, counts in _apart(language, one, by):
            rows.append((*(((one.name,),) if several else ()), (key,), *_figures(language, counts)))
    head = (*((language.text("Account"),) if several else ()), language.pick(HEADS[by]), *figures)
    return Table(head, tuple(rows)) if rows else None


def _apart(language: Language, one: Account, by: Split) -> list[tuple[str, Counts]]:
    if by is Split.DAY:
        return [(day_text(language, china_day(tally.start)), tally.counts) for tally in reversed(one.days)]
    found: dict[str, Counts] = {}
    for tally in one.parts:
        found[tally.key] = found.get(tally.key, Counts()) + tally.counts
    return sorted(found.items(), key=lambda item: (-item[1].sent, item[0]))


def _figures(language: Language, counts: Counts) -> tuple[Line, ...]:
    numbers = (counts.sent, counts.delivered, counts.failed, counts.waiting)
    return (*((language.number(number),) for number in numbers), (share(language, counts),))


def day_text(language: Language, day: date) -> str:
    """A day in a row: `Thu 26 Nov`, `11月26日 周四`."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    far = noon.replace(month=1 if day.month > 6 else 12, day=15)
    return language.day(noon, UTC, far)


def notes(language: Language, accounts: Sequence[Account], asked: int, lags: Mapping[str, int]) -> list[Line]:
    """What the figures do not say: what waits, what was refused, why something failed, which days are missing."""
    lines: list[Line] = []
    for one in accounts:
        counts = one.whole
        told = [
            language.text(
                "{reason} {count}",
                reason=choose(one.reasons or {}, code, language),
                count=language.number(count),
            )
            for code, count in sorted(counts.codes.items(), key=lambda item: -item[1])
            if count
        ]
        if told:
            lines.append(
                language.line("{account}, why it failed: {reasons}.", account=one.name, reasons=language.joined(told))
            )
        if counts.refused:
            lines.append(
                language.line(
                    "{account}: {count} more were refused at once and never left.",
                    account=one.name,
                    count=language.number(counts.refused),
                )
            )
        lag = lags.get(one.name, 0)
        missing = asked - lag - len(one.days)
        if missing > 0:
            lines.append(
                language.plural_line(
                    "{account}: nothing is known of one day.",
                    "{account}: nothing is known of {n} days.",
                    n=missing,
                    account=one.name,
                )
            )
        if lag:
            lines.append(language.line("{account} tells a day only when it is over.", account=one.name))
    if any(one.whole.waiting for one in accounts):
        lines.append(
            language.line("Arrived is delivered of what has a receipt; what waits has none yet and counts neither way.")
        )
    return lines


def chart(language: Language, accounts: Sequence[Account], days: Sequence[date], span: str) -> Chart | None:
    """Messages by day and what became of them; none where nothing was sent."""
    if not any(one.whole.sent for one in accounts):
        return None
    shown = [one for one in accounts if one.days]
    rows = []
    for one in shown:
        told = {china_day(tally.start): tally.counts for tally in one.days}
        for day in days:
            counts = told.get(day, Counts())
            label = f"{day.month}-{day.day}"
            rows.append(charts.Day(one.name, label, counts.delivered, counts.failed, counts.waiting))
    name = language.text("{account}: ", account=shown[0].name) if len(shown) == 1 else ""
    title = name + language.text("sent a day, {span}", span=span)
    return charts.volume(title, rows, _legend(language))


def _legend(language: Language) -> tuple[str, str, str]:
    return language.text("delivered"), language.text("failed"), language.text("waiting")


def reasons_chart(language: Language, one: Account, span: str) -> Chart | None:
    """Why messages failed; none where the vendor tells no reason."""
    counts = sorted(((count, code) for code, count in one.whole.codes.items() if count), reverse=True)
    if not counts:
        return None
    named = [(choose(one.reasons or {}, code, language), count) for count, code in counts]
    more = language.text("{count} more in the text", count=len(named) - charts.MOST)
    title = language.text("{account}: why messages failed, {span}", account=one.name, span=span)
    return charts.reasons(title, named, more)
