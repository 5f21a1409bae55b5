"""Alerts on what was sent and on requests in words: the headline, what is behind it, what to do. Pure."""

from bot.contracts.alert import Alert, Behind, Metric
from bot.contracts.message import Line, Link
from bot.contracts.model import Words
from bot.watch.figures import exactly, figure
from bot.wording.language import Language
from bot.wording.view import View

MOST = 5
"""Requests that a line names."""


def headline(view: View, alert: Alert) -> Line:
    """What an alert is about, in one line, with the latest figure."""
    language = view.language
    behind = alert.behind or Behind()
    bound = exactly(language, alert.metric, alert.bound)
    well = alert.clear_since is not None or alert.value <= alert.bound
    against = (
        language.text("no longer above {bound}", bound=bound) if well else language.text("above {bound}", bound=bound)
    )
    value = figure(language, alert.metric, alert.value, alert.bound)
    head = {"number": alert.number, "account": alert.account, "value": value, "against": against}
    match alert.metric:
        case Metric.FAIL_SHARE:
            return language.line("**A{number} {account}: {value} of the messages fail** ({against})", **head)
        case Metric.LIMITED:
            return language.line(
                "**A{number} {account}: frequency limits and refusals are {value} above their usual share** ({against})",
                **head,
            )
        case Metric.CODE:
            return language.line(
                "**A{number} {account}: failures by {code} are {value} above their usual share** ({against})",
                code=_reason(language, behind.code, behind.meaning),
                **head,
            )
        case Metric.VOLUME:
            return language.line("**A{number} {account}: {value}× the usual volume** ({against})", **head)
        case Metric.ABUSE:
            return language.line(
                "**A{number} {account}: a surge of messages, {value} of them fail or are refused** ({against})", **head
            )
        case Metric.OVERDUE:
            return language.line(
                "**A{number} {account}: {requests} in review for {value}× the usual time** ({against})",
                requests=_requests(language, behind),
                **head,
            )
        case _:
            return language.plural_line(
                "**A{number} {account}: carriers refuse {n} signature** ({requests})",
                "**A{number} {account}: carriers refuse {n} signatures** ({requests})",
                int(alert.value),
                requests=_requests(language, behind),
                number=alert.number,
                account=alert.account,
            )


def behind_line(view: View, alert: Alert) -> Line:
    """What the figure was made from; behind a sentence, empty where nothing is known."""
    language = view.language
    behind = alert.behind
    if behind is None or alert.metric.topic != "delivery":
        return ()
    line = language.line(" On the last day that was told: ") if behind.day else ()
    if not behind.day:
        line = language.plural_line(" In the last {n} hour: ", " In the last {n} hours: ", behind.hours)
    counted = {
        "sent": language.number(behind.sent),
        "failed": language.number(behind.failed),
        "known": language.number(behind.known),
    }
    line = (*line, *language.line("{sent} sent, {failed} of {known} with a receipt failed", **counted))
    if behind.code and alert.metric is Metric.FAIL_SHARE:
        line = (*line, *language.line(", most by {code}", code=_reason(language, behind.code, behind.meaning)))
    if behind.refused:
        line = (*line, *language.line(", {refused} not taken", refused=language.number(behind.refused)))
    if behind.usual is not None:
        usual = (
            language.number(round(behind.usual))
            if alert.metric in (Metric.VOLUME, Metric.ABUSE)
            else language.percent(behind.usual)
        )
        line = (*line, *language.line("; usual: {usual}", usual=usual))
    return (*line, "。" if language.code == "zh" else ".")


def to_do(view: View, alert: Alert) -> Line:
    """Who does what now, as far as it is known."""
    language = view.language
    behind = alert.behind or Behind()
    capabilities = view.capabilities.get(alert.account)
    console = capabilities.console if capabilities else ""
    where: Line = (" ", Link(console, console)) if console else ()
    match alert.metric:
        case Metric.FAIL_SHARE:
            said = language.line("See which reason grows, and whether one signature or template is behind it.")
        case Metric.LIMITED:
            said = language.line(
                "Somebody sends too often to the same numbers, or the vendor takes less. Look at who sends, and at the "
                "limits in the console."
            )
        case Metric.CODE:
            said = language.line(
                "This reason was rarer. Where it names a signature or a template, see whether it still stands and is filed."
            )
        case Metric.VOLUME:
            said = language.line("If it is a campaign, acknowledge it. If nobody knows of one, see who sends.")
        case Metric.ABUSE:
            said = language.line(
                "This is what machines look like that ask for codes. Put a captcha and a limit for each address before the form, "
                "and lower the limits in the console."
            )
        case Metric.OVERDUE:
            first = behind.requests[0] if behind.requests else 0
            said = language.line(
                "Ask the vendor's support, with the order number that the card of #{first} has.", first=first
            )
        case _:
            said = language.line(
                "The card of each says which carrier and why; change what it minds, and send it again."
            )
    return (*said, *where)


def look(alert: Alert) -> str:
    """The command that shows more."""
    if alert.metric.topic == "reviews":
        numbers = alert.behind.requests if alert.behind else ()
        return f"status #{numbers[0]}" if numbers else "status pending"
    return f"stats {alert.account}"


def _reason(language: Language, code: str, meaning: Words | None) -> str:
    return code if meaning is None else f"{code}{language.bracketed(language.pick(meaning))}"


def _requests(language: Language, behind: Behind) -> str:
    named = language.joined([f"#{number}" for number in behind.requests[:MOST]])
    more = len(behind.requests) - MOST
    return language.text("{named} and {count} more", named=named, count=more) if more > 0 else named
