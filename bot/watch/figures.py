"""The figures of alerts as people read them: how exactly, and never so that what is below a bound reads as the bound."""

from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.contracts.alert import SHARES, Metric
from bot.contracts.model import Words
from bot.watch import trouble_cards
from bot.wording.language import Language

METRICS = {
    Metric.REMAINING: Words("messages left", "剩余条数"),
    Metric.SHARE: Words("share of the packages left", "套餐剩余比例"),
    Metric.RUNS_OUT: Words("days until the packages run out", "套餐可用天数"),
    Metric.DAYS_LEFT: Words("days until a package expires", "套餐到期天数"),
    Metric.BALANCE: Words("balance", "余额"),
    Metric.FAIL_SHARE: Words("share of messages that fail", "失败率"),
    Metric.LIMITED: Words("frequency limits and refusals above their usual share", "频控与拒收比平时高出的比例"),
    Metric.CODE: Words("failures by one reason above their usual share", "单一失败原因比平时高出的比例"),
    Metric.VOLUME: Words("times the usual volume", "发送量为平时的倍数"),
    Metric.ABUSE: Words("share of a surge that fails or is refused", "突增发送中失败或被拒的比例"),
    Metric.OVERDUE: Words("times the usual time in review", "审核用时为平时的倍数"),
    Metric.FILING: Words("signatures that carriers refuse", "运营商未通过报备的签名数"),
    **trouble_cards.METRICS,
}

STEPS = {
    Metric.REMAINING: Decimal(1),
    Metric.SHARE: Decimal("0.001"),
    Metric.RUNS_OUT: Decimal("0.1"),
    Metric.DAYS_LEFT: Decimal(1),
    **dict.fromkeys(SHARES, Decimal("0.001")),
    Metric.VOLUME: Decimal("0.1"),
    Metric.OVERDUE: Decimal("0.1"),
    Metric.FILING: Decimal(1),
}
"""How exactly a figure is told, unless its bound is more exact; money is told to the last digit."""

FINEST = -12
"""The most digits behind the point that a bound can ask for."""


def figure(language: Language, metric: Metric, value: Decimal, bound: Decimal | None = None) -> str:
    """A metric's value as people read it.

    Args:
        language: the reader's.
        metric: what it is.
        value: the figure.
        bound: what it is below, where it stands beside that: what is just below must not read as the bound itself.
    """
    return exactly(language, metric, rounded(metric, value, bound))


def rounded(metric: Metric, value: Decimal, bound: Decimal | None = None) -> Decimal:
    """Rounded away from its bound, at least as exactly as that is written: down, or up where the metric `rises`."""
    step = STEPS.get(metric)
    if step is None:
        return value
    if bound is not None:
        step = min(step, Decimal(1).scaleb(max(_exponent(bound), FINEST)))
    return value.quantize(step, ROUND_CEILING if metric.rises else ROUND_FLOOR)


def exactly(language: Language, metric: Metric, value: Decimal) -> str:
    """To the last digit."""
    match metric:
        case _ if metric in SHARES:
            return language.percent(value, digits=max(1, -_exponent(value) - 2))
        case Metric.BALANCE:
            return language.money(value)
        case _ if not metric.of_calls:
            return language.number(value)
        case _:
            return language.span(timedelta(minutes=int(value)))


def about(value: Decimal) -> int:
    """A pace as it is told: three digits say all that is known of it; at least one."""
    return max(1, round(round(value, 2 - value.adjusted()))) if value else 0


def _exponent(value: Decimal) -> int:
    """Of the last digit: -2 of 0.05."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0
