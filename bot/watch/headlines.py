"""What an alert is about, in one line with its sign: the first thing, and on a phone the only thing, that is read."""

from bot.contracts.alert import USED_UP, Alert, AlertState, Metric, Severity
from bot.contracts.message import Line, Mark
from bot.watch import sending_cards, trouble_cards
from bot.watch.figures import exactly, figure, rounded
from bot.watch.outlook_cards import about_when, band
from bot.wording.view import View

OPEN_MARKS = {Severity.CRITICAL: Mark.ALERT, Severity.WARNING: Mark.CAUTION, Severity.INFO: Mark.NOTE}


def alert_mark(alert: Alert) -> Mark:
    """The sign of an alert: how urgent it is while nobody has it, then that somebody does, then that it is over."""
    match alert.state:
        case AlertState.OPEN:
            return OPEN_MARKS[alert.severity]
        case AlertState.ACKNOWLEDGED | AlertState.SNOOZED:
            return Mark.HANDLED
        case AlertState.RESOLVED:
            return Mark.HANDLED if alert.put_aside else Mark.CLOSED


def headline(view: View, alert: Alert) -> Line:
    """What an alert is about, in one line, with the latest figure."""
    language = view.language
    if alert.metric.of_calls:
        return trouble_cards.headline(language, alert)
    if alert.metric.rises:
        return sending_cards.headline(view, alert)
    head = {"number": alert.number, "account": alert.account}
    if alert.empty_since is not None and alert.metric in USED_UP:
        return _empty(view, alert, **head)
    bound = exactly(language, alert.metric, alert.bound)
    well = alert.value >= alert.bound
    against = (
        language.text("no longer below {bound}", bound=bound) if well else language.text("below {bound}", bound=bound)
    )
    value = figure(language, alert.metric, alert.value, alert.bound)
    count = rounded(alert.metric, alert.value, alert.bound)
    stock = alert.stock
    match alert.metric:
        case Metric.REMAINING | Metric.SHARE if stock is not None and stock.total is not None:
            left = language.number(int(stock.remaining))
            if alert.metric is Metric.REMAINING:
                return language.plural_line(
                    "**A{number} {account}: {left} of {n} message left** ({against})",
                    "**A{number} {account}: {left} of {n} messages left** ({against})",
                    stock.total,
                    left=left,
                    against=against,
                    **head,
                )
            return language.plural_line(
                "**A{number} {account}: {left} of {n} message left, {share}** ({against})",
                "**A{number} {account}: {left} of {n} messages left, {share}** ({against})",
                stock.total,
                left=left,
                share=value,
                against=against,
                **head,
            )
        case Metric.REMAINING:
            return language.plural_line(
                "**A{number} {account}: {n} message left** ({against})",
                "**A{number} {account}: {n} messages left** ({against})",
                count,
                against=against,
                **head,
            )
        case Metric.SHARE:
            return language.line(
                "**A{number} {account}: {value} of the packages left** ({against})",
                value=value,
                against=against,
                **head,
            )
        case Metric.RUNS_OUT if stock is not None and stock.runs_out is not None:
            return language.line(
                "**A{number} {account}: runs out {when}** (80% range: {band})",
                when=about_when(language, stock.runs_out, view.now),
                band=band(language, stock.early, stock.late, view.now),
                **head,
            )
        case Metric.RUNS_OUT:
            return language.plural_line(
                "**A{number} {account}: lasts {n} more day** ({against})",
                "**A{number} {account}: lasts {n} more days** ({against})",
                count,
                against=against,
                **head,
            )
        case Metric.DAYS_LEFT:
            return language.plural_line(
                "**A{number} {account}: a package expires in {n} day** ({against})",
                "**A{number} {account}: a package expires in {n} days** ({against})",
                count,
                against=against,
                **head,
            )
        case _:
            return language.line(
                "**A{number} {account}: balance {value}** ({against})", value=value, against=against, **head
            )


def _empty(view: View, alert: Alert, **head: object) -> Line:
    """Nothing is left at all: since when, for that is how long nothing could be sent."""
    language = view.language
    since = language.moment(alert.empty_since or view.now, None, view.now)
    if alert.metric is Metric.BALANCE:
        value = figure(language, alert.metric, alert.value)
        return language.line(
            "**A{number} {account}: the balance is used up since {since}** ({value})", since=since, value=value, **head
        )
    if alert.stock is not None and alert.stock.packages > 1:
        return language.line("**A{number} {account}: every package is empty since {since}**", since=since, **head)
    return language.line("**A{number} {account}: the package is empty since {since}**", since=since, **head)
