"""An alert's headline, card and news, for each metric and state, as a reader of either language sees them."""

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from bot.contracts.alert import Alert, AlertState, Metric, Severity
from bot.contracts.message import Commands, plain
from bot.contracts.vendor import Measure, Reading
from bot.watch.cards import (
    METRICS,
    QUIET,
    alert_buttons,
    alert_card,
    alert_news,
    figure,
    headline,
    reading_line,
    reading_row,
    subject,
)
from bot.watch.lifecycle import TOLD, Happening
from tests.given import MONDAY
from tests.reading import CHINESE, ENGLISH, in_both, line, views

NOW = MONDAY + timedelta(minutes=95)
HOUR = timedelta(hours=1)
VIEWS = views(NOW)
FIGURES = {
    Metric.REMAINING: (Decimal(38_200), Decimal(50_000)),
    Metric.SHARE: (Decimal("0.0999"), Decimal("0.1")),
    Metric.DAYS_LEFT: (Decimal("6.9"), Decimal(7)),
    Metric.BALANCE: (Decimal("99.5"), Decimal(100)),
    Metric.SILENT: (Decimal("7.5"), Decimal(5)),
    Metric.THROTTLED: (Decimal(95), Decimal(30)),
    Metric.REFUSING: (Decimal(0), Decimal(5)),
    Metric.CREDENTIALS: (Decimal(0), Decimal(0)),
    Metric.PERMISSION: (Decimal(12), Decimal(0)),
    Metric.ACCOUNT: (Decimal(1), Decimal(0)),
}


def alert(state: AlertState = AlertState.OPEN, metric: Metric = Metric.SHARE, **changes: object) -> Alert:
    """An alert that was opened at ten, as the record has it."""
    value, bound = FIGURES[metric]
    bare = Alert(
        number=5,
        fingerprint=f"{metric}:aliyun",
        rule="quota-low",
        metric=metric,
        account="aliyun",
        severity=Severity.WARNING,
        state=state,
        value=value,
        bound=bound,
        opened_at=MONDAY,
        last_told_at=MONDAY,
    )
    return replace(bare, **changes)  # type: ignore[arg-type]


TAKEN = alert(
    AlertState.ACKNOWLEDGED,
    acked_by="slack:U1",
    acked_by_name="Ann",
    acked_at=MONDAY + HOUR,
    ack_note="已下单 **50 万**",
)
SNOOZED = alert(AlertState.SNOOZED, snoozed_until=MONDAY + 3 * HOUR, snoozed_by="slack:U2", snoozed_by_name="Li Lei")
GONE = alert(AlertState.RESOLVED, resolved_at=NOW)
CLOSED = replace(GONE, resolved_by="slack:U1", resolved_by_name="Ann", resolve_note="买了")
STANDING = {
    "open": alert(),
    "acknowledged": TAKEN,
    "acknowledged, without a note": replace(TAKEN, ack_note=""),
    "snoozed": SNOOZED,
    "gone by itself": GONE,
    "closed by somebody": CLOSED,
}


# --- Figures -----------------------------------------------------------------------------------------------------------


def test_a_headline_for_each_metric() -> None:
    assert [line(headline(view, alert(metric=metric))) for view in VIEWS.values() for metric in Metric] == snapshot(
        [
            "**A5 aliyun: 38,200 messages left** (below 50,000)",
            "**A5 aliyun: 9.9% of the packages left** (below 10%)",
            "**A5 aliyun: a package expires in 6 days** (below 7)",
            "**A5 aliyun: balance CNY 99.50** (below CNY 100.00)",
            "**A5 aliyun: no usable answer for 7 min**",
            "**A5 aliyun: too many calls for 1 h 35 min**",
            "**A5 aliyun: questions are refused**",
            "**A5 aliyun: the credentials are refused**",
            "**A5 aliyun: the key lacks a right**",
            "**A5 aliyun: the account is not served**",
            "**A5 aliyun：剩余 38,200 条**（低于 50,000）",
            "**A5 aliyun：套餐剩余 9.9%**（低于 10%）",
            "**A5 aliyun：有套餐 6 天后到期**（低于 7）",
            "**A5 aliyun：余额 99.50 元**（低于 100.00 元）",
            "**A5 aliyun：没有有效应答，已 7 分钟**",
            "**A5 aliyun：被限流，已 1 小时 35 分**",
            "**A5 aliyun：查询被拒绝**",
            "**A5 aliyun：凭证被拒绝**",
            "**A5 aliyun：密钥权限不足**",
            "**A5 aliyun：账号被停止服务**",
        ]
    )


@pytest.mark.parametrize("metric", Metric)
def test_every_metric_has_words_in_both_languages(metric: Metric) -> None:
    assert METRICS[metric].en.isascii()
    assert not METRICS[metric].zh.isascii()


@pytest.mark.parametrize(
    ("metric", "value", "english", "chinese"),
    [
        (Metric.REMAINING, "0", "0", "0"),
        (Metric.REMAINING, "1234567", "1,234,567", "1,234,567"),
        (Metric.SHARE, "0", "0%", "0%"),
        (Metric.SHARE, "0.0999", "9.9%", "9.9%"),
        (Metric.SHARE, "1", "100%", "100%"),
        (Metric.DAYS_LEFT, "6.9", "6", "6"),
        (Metric.BALANCE, "1234.5", "CNY 1,234.50", "1,234.50 元"),
        (Metric.BALANCE, "-3", "CNY -3.00", "-3.00 元"),
        (Metric.SILENT, "7.5", "7 min", "7 分钟"),
    ],
)
def test_a_figure_as_people_read_it(metric: Metric, value: str, english: str, chinese: str) -> None:
    assert (figure(ENGLISH, metric, Decimal(value)), figure(CHINESE, metric, Decimal(value))) == (english, chinese)


BOUNDS = {  # figure, bound → what the headline says
    (Metric.SHARE, "0.0552", "0.0555"): "5.52% of the packages left** (below 5.55%)",
    (Metric.SHARE, "0.09999", "0.1"): "9.9% of the packages left** (below 10%)",
    (Metric.SHARE, "0.0004", "0.0005"): "0.04% of the packages left** (below 0.05%)",
    (Metric.DAYS_LEFT, "6.45", "6.5"): "expires in 6.4 days** (below 6.5)",
    (Metric.REMAINING, "999.7", "1000"): "999 messages left** (below 1,000)",
    (Metric.BALANCE, "49.999", "50"): "balance CNY 49.999** (below CNY 50.00)",
}


@pytest.mark.parametrize("given_", BOUNDS)
def test_a_figure_is_told_as_exactly_as_its_bound(given_: tuple[Metric, str, str]) -> None:
    metric, value, bound = given_
    one = alert(metric=metric, value=Decimal(value), bound=Decimal(bound))
    assert BOUNDS[given_] in line(headline(VIEWS["en"], one))


@given(st.sampled_from([metric for metric in Metric if not metric.of_calls]), st.data())
def test_what_is_below_a_bound_reads_as_below_it(metric: Metric, data: st.DataObject) -> None:
    figures = st.decimals(0, 1 if metric is Metric.SHARE else 100, allow_nan=False)
    value, bound = sorted((data.draw(figures), data.draw(figures.map(lambda one: round(one, 5)))))
    assume(value < bound)
    told = line(headline(VIEWS["en"], alert(metric=metric, value=value, bound=bound)))
    below, limit = (Decimal(figure) for figure in re.findall(r"\d+(?:\.\d+)?", told.partition(":")[2]))
    assert below < limit


@pytest.mark.parametrize(
    ("metric", "value", "said"),
    [
        (Metric.DAYS_LEFT, "0.9", "in 0 days"),
        (Metric.DAYS_LEFT, "1.9", "in 1 day**"),
        (Metric.DAYS_LEFT, "2", "in 2 days"),
        (Metric.REMAINING, "0", "0 messages left"),
        (Metric.REMAINING, "1", "1 message left"),
        (Metric.REMAINING, "2", "2 messages left"),
    ],
)
def test_one_is_not_several(metric: Metric, value: str, said: str) -> None:
    assert said in line(headline(VIEWS["en"], alert(metric=metric, value=Decimal(value), bound=Decimal(14))))


# --- The card ----------------------------------------------------------------------------------------------------------


def test_a_card_for_each_state() -> None:
    assert {
        name: in_both(lambda view, one=one: alert_card(view, one, 4 * HOUR), NOW) for name, one in STANDING.items()
    } == snapshot(
        {
            "open": """\
🔴 **A5 aliyun: 9.9% of the packages left** (below 10%)
Rule `quota-low`. A purchase takes effect at once.
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：套餐剩余 9.9%**（低于 10%）
规则 `quota-low`。购买后立即生效。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "acknowledged": """\
🟡 **A5 aliyun: 9.9% of the packages left** (below 10%)
Acknowledged by Ann, today 11:00; open again today 15:00 if it is still so.
“已下单 **50 万**”
Next: resolve A5 · unack A5
[Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5] [Give back → unack A5]

🟡 **A5 aliyun：套餐剩余 9.9%**（低于 10%）
Ann 已认领，今天 11:00；今天 15:00 若情况仍在，将重新打开。
“已下单 **50 万**”
下一步: 关闭 A5 · 取消认领 A5
[暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5] [取消认领 → unack A5]
""",
            "acknowledged, without a note": """\
🟡 **A5 aliyun: 9.9% of the packages left** (below 10%)
Acknowledged by Ann, today 11:00; open again today 15:00 if it is still so.
Next: resolve A5 · unack A5
[Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5] [Give back → unack A5]

🟡 **A5 aliyun：套餐剩余 9.9%**（低于 10%）
Ann 已认领，今天 11:00；今天 15:00 若情况仍在，将重新打开。
下一步: 关闭 A5 · 取消认领 A5
[暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5] [取消认领 → unack A5]
""",
            "snoozed": """\
🟡 **A5 aliyun: 9.9% of the packages left** (below 10%)
Snoozed by Li Lei until today 13:00.
Next: resolve A5 · unack A5
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟡 **A5 aliyun：套餐剩余 9.9%**（低于 10%）
Li Lei 已暂缓至今天 13:00。
下一步: 关闭 A5 · 取消认领 A5
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "gone by itself": """\
🟢 **A5 aliyun: 9.9% of the packages left** (below 10%)
Resolved by itself: the condition is gone. Open for 1 h 35 min.

🟢 **A5 aliyun：套餐剩余 9.9%**（低于 10%）
自动关闭：情况已恢复。持续 1 小时 35 分。
""",
            "closed by somebody": """\
🟢 **A5 aliyun: 9.9% of the packages left** (below 10%)
Resolved by Ann, open for 1 h 35 min.
“买了”

🟢 **A5 aliyun：套餐剩余 9.9%**（低于 10%）
Ann 已关闭，持续 1 小时 35 分。
“买了”
""",
        }
    )


@pytest.mark.parametrize(
    ("state", "pressed"),
    [
        (AlertState.OPEN, ("ack", "snooze", "resolve")),
        (AlertState.ACKNOWLEDGED, ("snooze", "resolve", "unack")),
        (AlertState.SNOOZED, ("ack", "snooze", "resolve")),
        (AlertState.RESOLVED, ()),
    ],
)
@pytest.mark.parametrize("code", VIEWS)
def test_what_can_be_pressed(state: AlertState, pressed: tuple[str, ...], code: str) -> None:
    shown = alert_buttons(VIEWS[code], alert(state))
    assert tuple(button.action for button in shown) == pressed
    assert {button.target for button in shown} <= {"A5"}
    spans = [span for button in shown if button.action == "snooze" for span, _ in button.choices]
    assert spans == (["1h", "2h", "4h", "8h", "24h"] if "snooze" in pressed else [])


@pytest.mark.parametrize("one", [pytest.param(one, id=name) for name, one in STANDING.items()])
def test_the_commands_are_about_this_alert(one: Alert) -> None:
    for block in alert_card(VIEWS["en"], one, HOUR).blocks:
        if isinstance(block, Commands):
            assert all("A5" in command or command == "quota aliyun" for command in block.commands)


# --- News --------------------------------------------------------------------------------------------------------------

HAPPENED = {
    Happening.OPEN: alert(),
    Happening.WORSE: alert(severity=Severity.CRITICAL, value=Decimal("0.02"), bound=Decimal("0.03")),
    Happening.REPEAT: alert(),
    Happening.ACK_EXPIRED: alert(),
    Happening.WOKEN: alert(),
    Happening.RESOLVE: GONE,
}


def test_what_time_and_measurements_do() -> None:
    assert {
        what.value: in_both(lambda view, what=what, one=one: alert_news(view, one, {"what": what, "who": "Ann"}), NOW)
        for what, one in HAPPENED.items()
    } == snapshot(
        {
            "opened": """\
🔴 **A5 aliyun: 9.9% of the packages left** (below 10%)
Rule `quota-low`. A purchase takes effect at once.
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：套餐剩余 9.9%**（低于 10%）
规则 `quota-low`。购买后立即生效。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "worse": """\
🔴 **A5 aliyun: 2% of the packages left** (below 3%) · It has become worse.
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：套餐剩余 2%**（低于 3%） · 情况变得更严重。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "repeated": """\
🔴 **A5 aliyun: 9.9% of the packages left** (below 10%) · Still so, for 1 h 35 min. Nobody has taken it yet.
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：套餐剩余 9.9%**（低于 10%） · 情况依旧，已持续 1 小时 35 分。还没有人认领。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "expired": """\
🔴 **A5 aliyun: 9.9% of the packages left** (below 10%) · It was acknowledged by Ann, and it is still so: open again.
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：套餐剩余 9.9%**（低于 10%） · Ann 认领过，但情况依旧：重新打开。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "woken": """\
🔴 **A5 aliyun: 9.9% of the packages left** (below 10%) · The snooze is over, and it is still so: open again.
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：套餐剩余 9.9%**（低于 10%） · 暂缓时间已到，情况仍在：重新打开。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "resolved": """\
🟢 **A5 aliyun: 9.9% of the packages left** (below 10%) · Resolved by itself: the condition is gone. Open for 1 h 35 min.

🟢 **A5 aliyun：套餐剩余 9.9%**（低于 10%） · 自动关闭：情况已恢复。持续 1 小时 35 分。
""",
        }
    )


def test_what_people_do() -> None:
    done = {"ack": TAKEN, "unack": alert(), "snooze": SNOOZED, "resolved": CLOSED}
    assert {
        what: in_both(
            lambda view, what=what, one=one: alert_news(view, one, {"what": what, "who": "Ann", "note": "买了"}), NOW
        )
        for what, one in done.items()
    } == snapshot(
        {
            "ack": """\
🟡 **A5 aliyun: 9.9% of the packages left** (below 10%) · Acknowledged by Ann.
“买了”
Next: resolve A5 · unack A5
[Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5] [Give back → unack A5]

🟡 **A5 aliyun：套餐剩余 9.9%**（低于 10%） · Ann 已认领。
“买了”
下一步: 关闭 A5 · 取消认领 A5
[暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5] [取消认领 → unack A5]
""",
            "unack": """\
🔴 **A5 aliyun: 9.9% of the packages left** (below 10%) · Given back by Ann: open again.
“买了”
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：套餐剩余 9.9%**（低于 10%） · Ann 取消认领：重新打开。
“买了”
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "snooze": """\
🟡 **A5 aliyun: 9.9% of the packages left** (below 10%) · Snoozed by Li Lei until today 13:00.
“买了”
Next: resolve A5 · unack A5
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟡 **A5 aliyun：套餐剩余 9.9%**（低于 10%） · Li Lei 已暂缓至今天 13:00。
“买了”
下一步: 关闭 A5 · 取消认领 A5
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "resolved": """\
🟢 **A5 aliyun: 9.9% of the packages left** (below 10%) · Resolved by Ann, open for 1 h 35 min.
“买了”

🟢 **A5 aliyun：套餐剩余 9.9%**（低于 10%） · Ann 已关闭，持续 1 小时 35 分。
“买了”
""",
        }
    )


def test_everything_that_is_told_has_words_of_its_own() -> None:
    assert HAPPENED.keys() == TOLD
    for view in VIEWS.values():
        titles = [plain(alert_news(view, alert(), {"what": what, "who": "Ann"}).title) for what in (*TOLD, *QUIET)]
        assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("reading", "english", "chinese"),
    [
        (Reading("330001", Measure.PACKAGE, Decimal(5), sort="gift"), "330001 (gift)", "330001（赠送）"),
        (Reading("330002", Measure.PACKAGE, Decimal(5), sort="bought"), "330002 (bought)", "330002（购买）"),
        (Reading("5", Measure.PACKAGE, Decimal(5), sort="PackageType 8"), "5 (PackageType 8)", "5（PackageType 8）"),
        (Reading("package", Measure.PACKAGE, Decimal(5)), "package", "套餐"),
        (Reading("balance", Measure.BALANCE, Decimal(5), unit="CNY"), "balance", "余额"),
        (Reading("SMSBAG-1", Measure.PACKAGE, Decimal(5)), "SMSBAG-1", "SMSBAG-1"),
    ],
)
def test_a_package_is_named_in_one_language(reading: Reading, english: str, chinese: str) -> None:
    for language, expected in ((ENGLISH, english), (CHINESE, chinese)):
        assert subject(language, reading) == expected
        assert expected in line(reading_line(language, reading))
        assert (expected,) in reading_row(language, "tencent", reading)
