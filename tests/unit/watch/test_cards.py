"""An alert's card and news, for each state, as a reader of either language sees them."""

from dataclasses import replace
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.contracts.alert import Alert, AlertState, Metric, Severity, Stock
from bot.contracts.message import Commands, Mention, Text, plain
from bot.watch.cards import QUIET, Calling, alert_buttons, alert_card, alert_news
from bot.watch.lifecycle import TOLD, Happening
from tests.given import MONDAY
from tests.reading import in_both
from tests.unit.watch.alerted import CLOSED, GONE, HOUR, NOW, SNOOZED, STANDING, TAKEN, VIEWS, alert

# --- The card ----------------------------------------------------------------------------------------------------------


def test_a_card_for_each_state() -> None:
    assert {
        name: in_both(lambda view, one=one: alert_card(view, one, 4 * HOUR, HOUR / 2), NOW)
        for name, one in STANDING.items()
    } == snapshot(
        {
            "open": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%)
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%）
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "acknowledged": """\
🟡 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%)
Acknowledged by Ann, today 11:00; open again today 15:00 if it is still so.
“已下单 **50 万**”
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: resolve A5 · unack A5
[Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5] [Give back → unack A5] [Watch for me too → watch A5]

🟡 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%）
Ann 已认领，今天 11:00；今天 15:00 若情况仍在，将重新打开。
“已下单 **50 万**”
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 关闭 A5 · 取消认领 A5
[暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5] [取消认领 → unack A5] [也通知我 → watch A5]
""",
            "acknowledged, without a note": """\
🟡 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%)
Acknowledged by Ann, today 11:00; open again today 15:00 if it is still so.
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: resolve A5 · unack A5
[Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5] [Give back → unack A5] [Watch for me too → watch A5]

🟡 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%）
Ann 已认领，今天 11:00；今天 15:00 若情况仍在，将重新打开。
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 关闭 A5 · 取消认领 A5
[暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5] [取消认领 → unack A5] [也通知我 → watch A5]
""",
            "snoozed": """\
🟡 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%)
Snoozed by Li Lei until today 13:00.
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · resolve A5 · unsnooze A5
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5] [End the snooze → unsnooze A5]

🟡 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%）
Li Lei 已暂缓至今天 13:00。
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 关闭 A5 · 取消暂缓 A5
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5] [取消暂缓 → unsnooze A5]
""",
            "gone by itself": """\
🟢 **A5 aliyun: 9,500 of 10,000 messages left, 95%** (no longer below 10%)
Resolved by itself: the condition is gone. Open for 1 h 35 min. At the pace of late it lasts 41 days.

🟢 **A5 aliyun：剩余 9,500 / 10,000 条，95%**（已不低于 10%）
自动关闭：情况已恢复。持续 1 小时 35 分。按近期用量可用 41 天。
""",
            "closed by somebody while it is still so": """\
🟡 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%)
Resolved by Ann, open for 1 h 35 min.
It was still so at the last reading. If it still is at the first one after today 12:05, I open a new alert; at once if it gets worse.
“买了”

🟡 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%）
Ann 已关闭，持续 1 小时 35 分。
最近一次读取时情况仍在。若今天 12:05 之后的首次读取仍是如此，将新开一条告警；情况变严重则立即新开。
“买了”
""",
            "closed by somebody, and gone": """\
🟢 **A5 aliyun: 9,500 of 10,000 messages left, 95%** (no longer below 10%)
Resolved by Ann, open for 1 h 35 min.

🟢 **A5 aliyun：剩余 9,500 / 10,000 条，95%**（已不低于 10%）
Ann 已关闭，持续 1 小时 35 分。
""",
        }
    )


@pytest.mark.parametrize(
    ("state", "pressed"),
    [
        (AlertState.OPEN, ("ack", "snooze", "resolve")),
        (AlertState.ACKNOWLEDGED, ("snooze", "resolve", "unack", "watch")),
        (AlertState.SNOOZED, ("ack", "snooze", "resolve", "unsnooze")),
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
    for block in alert_card(VIEWS["en"], one, HOUR, HOUR).blocks:
        if isinstance(block, Commands):
            assert all("A5" in command or command == "quota aliyun" for command in block.commands)


# --- News --------------------------------------------------------------------------------------------------------------

HAPPENED = {
    Happening.OPEN: alert(),
    Happening.WORSE: alert(severity=Severity.CRITICAL, value=Decimal("0.02"), bound=Decimal("0.03")),
    Happening.EMPTY: alert(value=Decimal(0), empty_since=MONDAY + HOUR, stock=Stock(Decimal(0), Decimal(10_000))),
    Happening.REPEAT: alert(),
    Happening.ESCALATE: alert(escalated=2),
    Happening.MORNING: alert(),
    Happening.REOPEN: alert(flaps=2),
    Happening.ACK_EXPIRED: alert(),
    Happening.WOKEN: alert(),
    Happening.RESOLVE: GONE,
}


def test_what_time_and_measurements_do() -> None:
    assert {
        what.value: in_both(
            lambda view, what=what, one=one: alert_news(view, one, {"what": what, "who": "Ann"}, HOUR / 2), NOW
        )
        for what, one in HAPPENED.items()
    } == snapshot(
        {
            "opened": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%)
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%）
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "worse": """\
🔴 **A5 aliyun: 999 of 10,000 messages left, 2%** (below 3%) · It has become worse.
Critical by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：剩余 999 / 10,000 条，2%**（低于 3%） · 情况变得更严重。
严重，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "empty": """\
🟠 **A5 aliyun: the package is empty since today 11:00** · It has run out.
Warning by rule `quota-low`.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：套餐自今天 11:00 起已用完** · 已用完。
警告，规则 `quota-low`。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "repeated": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · Still so, for 1 h 35 min. Nobody has taken it yet.
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · 情况依旧，已持续 1 小时 35 分。还没有人认领。
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "escalated": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · Nobody has taken it yet.
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · 还没有人认领。
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "morning": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · Still so, for 1 h 35 min; it waited, for it was not urgent.
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · 情况依旧，已持续 1 小时 35 分；因不紧急，延后通知。
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "reopened": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · It is back: open again.
It comes and goes: it was gone 2 times and came back. I close it only when it has been gone for longer.
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · 再次出现：重新打开。
时有时无：已恢复又出现 2 次。恢复更久之后才会关闭。
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "expired": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · It was acknowledged by Ann, and it is still so: open again.
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · Ann 认领过，但情况依旧：重新打开。
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "woken": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · The snooze is over, and it is still so: open again.
Warning by rule `quota-low`. Package: 330001 (bought), until 2026-04-08. About 310 messages a day of late, so it lasts about 3 days 5 h.
A purchase takes effect at once. <https://console.example/sms>
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · 暂缓时间已到，情况仍在：重新打开。
警告，规则 `quota-low`。套餐：330001（购买），2026-04-08 到期。近期每天约 310 条，约可用 3 天 5 小时。
购买后立即生效。 <https://console.example/sms>
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "resolved": """\
🟢 **A5 aliyun: 9,500 of 10,000 messages left, 95%** (no longer below 10%) · Resolved by itself: the condition is gone. Open for 1 h 35 min. At the pace of late it lasts 41 days.

🟢 **A5 aliyun：剩余 9,500 / 10,000 条，95%**（已不低于 10%） · 自动关闭：情况已恢复。持续 1 小时 35 分。按近期用量可用 41 天。
""",
        }
    )


def test_what_people_do() -> None:
    done = {"ack": TAKEN, "unack": alert(), "snooze": SNOOZED, "unsnooze": alert(), "resolved": CLOSED}
    assert {
        what: in_both(
            lambda view, what=what, one=one: alert_news(
                view, one, {"what": what, "who": "Ann", "note": "买了"}, HOUR / 2
            ),
            NOW,
        )
        for what, one in done.items()
    } == snapshot(
        {
            "ack": """\
🟡 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · Acknowledged by Ann.
“买了”
Next: resolve A5 · unack A5
[Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5] [Give back → unack A5] [Watch for me too → watch A5]

🟡 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · Ann 已认领。
“买了”
下一步: 关闭 A5 · 取消认领 A5
[暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5] [取消认领 → unack A5] [也通知我 → watch A5]
""",
            "unack": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · Given back by Ann: open again.
“买了”
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · Ann 取消认领：重新打开。
“买了”
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "snooze": """\
🟡 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · Snoozed by Li Lei until today 13:00.
“买了”
Next: ack A5 · resolve A5 · unsnooze A5
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5] [End the snooze → unsnooze A5]

🟡 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · Li Lei 已暂缓至今天 13:00。
“买了”
下一步: 认领 A5 · 关闭 A5 · 取消暂缓 A5
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5] [取消暂缓 → unsnooze A5]
""",
            "unsnooze": """\
🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · Ann ended the snooze: open again.
“买了”
Next: ack A5 · snooze A5 2h · resolve A5 · quota aliyun
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · Ann 已取消暂缓：重新打开。
“买了”
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · 额度 aliyun
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "resolved": """\
🟡 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%) · Resolved by Ann, open for 1 h 35 min.
It was still so at the last reading. If it still is at the first one after today 12:05, I open a new alert; at once if it gets worse.
“买了”

🟡 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%） · Ann 已关闭，持续 1 小时 35 分。
最近一次读取时情况仍在。若今天 12:05 之后的首次读取仍是如此，将新开一条告警；情况变严重则立即新开。
“买了”
""",
        }
    )


def test_everything_that_is_told_has_words_of_its_own() -> None:
    assert HAPPENED.keys() == TOLD
    for view in VIEWS.values():
        titles = [
            plain(alert_news(view, alert(), {"what": what, "who": "Ann"}, HOUR / 2).title) for what in (*TOLD, *QUIET)
        ]
        assert len(set(titles)) == len(titles)


CALLING = Calling(("Li Lei", "王芳"), rungs=3, beside=(3, 4))


def test_who_is_called_stands_behind_the_headline_and_can_be_mentioned() -> None:
    view = replace(VIEWS["en"], platform="slack")
    card = alert_card(view, alert(escalated=1), 4 * HOUR, HOUR / 2, CALLING)
    assert Mention("slack:U2", "Li Lei") in card.title
    assert plain(card.title).endswith("(below 10%) · on call: @Li Lei, 王芳")
    assert "escalate" in [button.action for button in card.buttons]
    assert any("Also open at aliyun: A3, A4" in plain(block.line) for block in card.blocks if isinstance(block, Text))
    last = alert_card(view, alert(escalated=3), 4 * HOUR, HOUR / 2, CALLING)
    assert "escalate" not in [button.action for button in last.buttons]
    repeated = alert_news(view, alert(), {"what": Happening.REPEAT}, HOUR, CALLING)
    assert any(Mention("slack:U2", "Li Lei") in block.line for block in repeated.blocks if isinstance(block, Text))
    quiet = alert_news(view, TAKEN, {"what": "ack", "who": "Ann"}, HOUR, CALLING)
    assert "Li Lei" not in str(quiet)  # only people who must act are mentioned


def test_a_rung_names_whom_it_calls_and_not_all_of_a_crowd() -> None:
    crowd = [f"person {number}" for number in range(9)]
    told = {"what": Happening.ESCALATE, "called": crowd}
    said = in_both(lambda view: alert_news(view, alert(), told, HOUR), NOW)
    assert "Still open: now also person 0, person 1, person 2, person 3, person 4 and 4 more." in said
    assert "仍未认领：现通知 person 0、person 1、person 2、person 3、person 4等另外 4 人。" in said
    assert "Nobody has taken it yet." in in_both(
        lambda view: alert_news(view, alert(), {"what": "escalated"}, HOUR), NOW
    )


@pytest.mark.parametrize(("flaps", "until"), [(0, "11:30"), (2, "12:00")])
@pytest.mark.parametrize("metric", Metric)
def test_what_is_gone_asks_nobody_to_do_anything(metric: Metric, flaps: int, until: str) -> None:
    """Until it closes by itself: since when, and when that will be; later where it was back before."""
    healed = replace(alert(metric=metric), clear_since=NOW - HOUR / 4, flaps=flaps)
    gone = {
        "en": f"Gone since today 11:20. It closes by itself today {until} if it stays so.",
        "zh": f"今天 11:20 起已恢复。若保持，今天 {until} 自动关闭。",
    }
    for code, view in VIEWS.items():
        blocks = alert_card(view, healed, 4 * HOUR, HOUR / 2).blocks
        said = [plain(one.line) for one in blocks if isinstance(one, Text)]
        assert said[-1].replace(" ", "") == gone[code].replace(" ", "")
        assert len(said) == 1 + bool(flaps)


def test_what_waits_to_be_told_says_so_to_whoever_asks() -> None:
    held = replace(alert(), held=True)
    for code, said, why in (("en", "It waits to be told", "why A5"), ("zh", "尚未通知", "why A5")):
        card = alert_card(VIEWS[code], held, 4 * HOUR, HOUR / 2)
        assert any(isinstance(one, Text) and plain(one.line).startswith(said) for one in card.blocks)
        assert [one.commands[-1] for one in card.blocks if isinstance(one, Commands)] == [VIEWS[code].typed(why)]
