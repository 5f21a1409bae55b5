"""Trouble with a vendor's calls in words: the headline of its alert, what was said, what to do."""

from dataclasses import replace
from datetime import timedelta

from bot.contracts.alert import Alert, Metric
from bot.contracts.errors import Trouble
from bot.contracts.message import Block, Line, Link, Text
from bot.contracts.model import Refusal, Words
from bot.contracts.trouble import Run
from bot.wording.language import Language
from bot.wording.refusals import refusal_blocks
from bot.wording.view import View

METRICS = {
    Metric.SILENT: Words("no usable answer", "没有有效应答"),
    Metric.THROTTLED: Words("too many calls", "被限流"),
    Metric.REFUSING: Words("refuses my calls", "拒绝我的调用"),
    Metric.CREDENTIALS: Words("the credentials are refused", "凭证被拒绝"),
    Metric.PERMISSION: Words("the key lacks a right", "密钥权限不足"),
    Metric.ACCOUNT: Words("the account is not served", "账号被停止服务"),
}

CLOCK = Words("the clock of this machine is off", "本机时钟不准")

EMPTY = Words("nothing is left to send with", "余量或余额已用完")

TOO_FAST = Words("The vendor takes no more calls of this account for now.", "平台暂时不再接受该账号的请求。")


def headline(language: Language, alert: Alert) -> Line:
    """What an alert is about, in one line; for how long, where that decides how urgent it is."""
    head = {"number": alert.number, "account": alert.account, "what": language.pick(_what(alert.metric, alert.refusal))}
    if alert.bound == 0 or alert.value < 1:
        return language.line("**A{number} {account}: {what}**", **head)
    span = language.span(timedelta(minutes=int(alert.value)))
    return language.line("**A{number} {account}: {what} for {span}**", span=span, **head)


def blocks(view: View, alert: Alert) -> tuple[Block, ...]:
    """What the vendor said, what it means, and what to do now."""
    refused = alert.refusal
    if refused and refused.advice is None and alert.metric is Metric.THROTTLED:  # its code needs no explanation
        refused = replace(refused, advice=TOO_FAST)
    said = refusal_blocks(view.language, alert.account, refused) if refused else ()
    capabilities = view.capabilities.get(alert.account)
    console = capabilities.console if capabilities else ""
    where = (Text((Link(console, console),)),) if console else ()
    return (*said, Text(_to_do(view, alert)), *where, Text(_going_on(view.language, alert)))


def in_words(run: Run) -> Words:
    """What goes on, to stand behind the account's name."""
    what = _what(run.metric, run.refusal)
    return Words(f"{what.en} ({run.refusal.code})", f"{what.zh}（{run.refusal.code}）")


def _what(metric: Metric, refused: Refusal | None) -> Words:
    narrower = {Trouble.CLOCK: CLOCK, Trouble.EMPTY: EMPTY}
    return next(
        (words for trouble, words in narrower.items() if refused and refused.trouble == trouble), METRICS[metric]
    )


def _to_do(view: View, alert: Alert) -> Line:
    """Who does what now, as far as it is known."""
    language = view.language
    match alert.metric:
        case Metric.SILENT:
            return language.line(
                "Whether the fault is at the vendor or on the way there, I cannot see: look for a notice in its console, "
                "and whether this machine reaches it."
            )
        case Metric.THROTTLED:
            return language.line(
                "Something else may be calling with this account, or its limit is low: its console and its support tell."
            )
        case Metric.REFUSING:
            return language.line(
                "I cannot ask what became of things there. Look at the console, and give its support what stands above."
            )
        case Metric.CREDENTIALS if alert.refusal is not None and alert.refusal.trouble == Trouble.CLOCK:
            return language.line(
                "Calls are signed with the time. Whoever runs this machine sets its clock, best by NTP; I need no restart "
                "for that."
            )
        case Metric.CREDENTIALS:
            capabilities = view.capabilities.get(alert.account)
            paths = [f"`account.{alert.account}.{key}`" for key in (capabilities.credentials if capabilities else ())]
            named = language.joined(paths) or f"`account.{alert.account}`"
            return language.line(
                "The credentials are {keys} in the configuration. After a change there, the operator starts me again.",
                keys=language.with_markup(named),
            )
        case Metric.PERMISSION:
            return language.line(
                "Whoever manages the account there gives this key the right, or lets this machine's address in; I need no "
                "restart for that."
            )
        case Metric.ACCOUNT if alert.refusal is not None and alert.refusal.trouble == Trouble.EMPTY:
            return language.line(
                "No message goes out before a package is bought or money is paid in; the next one that is taken ends this."
            )
        case _:
            return language.line(
                "Whoever owns the account settles it with the vendor: debt, verification, a service to be activated."
            )


def _going_on(language: Language, alert: Alert) -> Line:
    """What becomes of the work meanwhile."""
    if alert.metric in (Metric.SILENT, Metric.THROTTLED):
        return language.line(
            "Nothing is sent twice. What is still queued or in review goes on by itself when {account} answers again.",
            account=alert.account,
        )
    return language.line(
        "I keep asking. What is in review goes on by itself when {account} takes my calls again; what failed meanwhile is "
        "to be sent again.",
        account=alert.account,
    )
