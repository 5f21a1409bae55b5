"""The alert of a vendor in trouble, for each trouble and state, as a reader of either language sees it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.contracts.alert import CALLS, Alert, AlertState, Metric, Severity
from bot.contracts.model import Refusal, Words
from bot.contracts.trouble import Call, Run
from bot.watch.cards import alert_card, alert_news
from bot.watch.lifecycle import Happening
from bot.watch.trouble_cards import in_words
from tests.given import MONDAY
from tests.reading import in_both

NOW = MONDAY + timedelta(minutes=95)
HOUR = timedelta(hours=1)

KEY = Refusal(
    "InvalidKey", "no such key", "R-1", "credentials", Words("The vendor knows no such key.", "平台没有该密钥。")
)
SAID = {
    Metric.SILENT: (7, 5, Refusal("connection", "no connection to https://sms.example (ConnectError)")),
    Metric.THROTTLED: (30, 30, Refusal("Throttling", "too fast", "R-2", "limit")),
    Metric.REFUSING: (6, 5, Refusal("Odd", "odd", "R-3", "unexpected")),
    Metric.CREDENTIALS: (0, 0, KEY),
    Metric.PERMISSION: (
        1,
        0,
        Refusal("NoRight", "no", "", "permission", Words("The key lacks it.", "该密钥没有权限。")),
    ),
    Metric.ACCOUNT: (
        2,
        0,
        Refusal("Arrears", "debt", "R-4", "account", Words("The account is in debt.", "账号已欠费。")),
    ),
}


def alert(metric: Metric, state: AlertState = AlertState.OPEN, account: str = "aliyun") -> Alert:
    """A trouble that was found at ten, as the record has it."""
    value, bound, refusal = SAID[metric]
    return Alert(
        number=5,
        fingerprint=f"{metric}:{account}",
        rule="vendor",
        metric=metric,
        account=account,
        severity=Severity.CRITICAL,
        state=state,
        value=Decimal(value),
        bound=Decimal(bound),
        opened_at=MONDAY,
        last_told_at=MONDAY,
        resolved_at=NOW if state is AlertState.RESOLVED else None,
        refusal=refusal,
    )


def test_the_card_of_each_trouble() -> None:
    assert set(SAID) == CALLS
    assert {
        metric.value: in_both(lambda view, metric=metric: alert_card(view, alert(metric), 4 * HOUR, HOUR / 2), NOW)
        for metric in SAID
    } == snapshot(
        {
            "vendor.silent": """\
🔴 **A5 aliyun: no usable answer for 7 min**
There is no connection to aliyun right now.
Whether the fault is at the vendor or on the way there, I cannot see: look for a notice in its console, and whether this machine reaches it.
<https://console.example/sms>
Nothing is sent twice. What is still queued or in review goes on by itself when aliyun answers again.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：没有有效应答，已 7 分钟**
目前无法连接 aliyun。
无法判断是平台故障还是网络问题：请查看平台控制台的公告，并检查本机能否访问该平台。
<https://console.example/sms>
不会重复提交。待 aliyun 恢复后，仍在排队或审核中的申请自动继续。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "vendor.throttled": """\
🔴 **A5 aliyun: too many calls for 30 min**
> too fast
This means: The vendor takes no more calls of this account for now.
Code `Throttling`, request id `R-2`.
Something else may be calling with this account, or its limit is low: its console and its support tell.
<https://console.example/sms>
Nothing is sent twice. What is still queued or in review goes on by itself when aliyun answers again.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：被限流，已 30 分钟**
> too fast
意思是：平台暂时不再接受该账号的请求。
代码 `Throttling`，请求编号 `R-2`。
可能有其他程序在使用同一账号，或账号的频率上限较低：请查看控制台，或询问平台客服。
<https://console.example/sms>
不会重复提交。待 aliyun 恢复后，仍在排队或审核中的申请自动继续。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "vendor.refusing": """\
🔴 **A5 aliyun: refuses my calls for 6 min**
> odd
aliyun does not explain this code; its support can, with the request id.
Code `Odd`, request id `R-3`.
I cannot ask what became of things there. Look at the console, and give its support what stands above.
<https://console.example/sms>
I keep asking. What is in review goes on by itself when aliyun takes my calls again; what failed meanwhile is to be sent again.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：拒绝我的调用，已 6 分钟**
> odd
aliyun 没有说明这个代码；可凭请求编号询问其客服。
代码 `Odd`，请求编号 `R-3`。
暂时无法向平台查询。请查看控制台，并把上面的信息提供给平台客服。
<https://console.example/sms>
我会继续尝试。待 aliyun 恢复后，审核中的申请自动继续；其间失败的申请需要重新提交。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "vendor.credentials": """\
🔴 **A5 aliyun: the credentials are refused**
> no such key
This means: The vendor knows no such key.
Code `InvalidKey`, request id `R-1`.
The credentials are `account.aliyun.key_id`, `account.aliyun.key_secret` in the configuration. After a change there, the operator starts me again.
<https://console.example/sms>
I keep asking. What is in review goes on by itself when aliyun takes my calls again; what failed meanwhile is to be sent again.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：凭证被拒绝**
> no such key
意思是：平台没有该密钥。
代码 `InvalidKey`，请求编号 `R-1`。
凭证在配置项 `account.aliyun.key_id`、`account.aliyun.key_secret` 中；修改后请运维人员重启我。
<https://console.example/sms>
我会继续尝试。待 aliyun 恢复后，审核中的申请自动继续；其间失败的申请需要重新提交。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "vendor.permission": """\
🔴 **A5 aliyun: the key lacks a right**
> no
This means: The key lacks it.
Code `NoRight`.
Whoever manages the account there gives this key the right, or lets this machine's address in; I need no restart for that.
<https://console.example/sms>
I keep asking. What is in review goes on by itself when aliyun takes my calls again; what failed meanwhile is to be sent again.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：密钥权限不足**
> no
意思是：该密钥没有权限。
代码 `NoRight`。
请账号管理员在平台为该密钥授权，或放行本机的 IP 地址；无需重启我。
<https://console.example/sms>
我会继续尝试。待 aliyun 恢复后，审核中的申请自动继续；其间失败的申请需要重新提交。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "vendor.account": """\
🔴 **A5 aliyun: the account is not served**
> debt
This means: The account is in debt.
Code `Arrears`, request id `R-4`.
Whoever owns the account settles it with the vendor: debt, verification, a service to be activated.
<https://console.example/sms>
I keep asking. What is in review goes on by itself when aliyun takes my calls again; what failed meanwhile is to be sent again.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：账号被停止服务**
> debt
意思是：账号已欠费。
代码 `Arrears`，请求编号 `R-4`。
请账号所有者在平台处理：欠费、实名认证或服务开通。
<https://console.example/sms>
我会继续尝试。待 aliyun 恢复后，审核中的申请自动继续；其间失败的申请需要重新提交。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
        }
    )


def test_a_vendor_of_which_nothing_is_known() -> None:
    """Its account is no longer configured: no console, no names of keys."""
    gone = alert(Metric.CREDENTIALS, account="gone")
    assert in_both(lambda view: alert_card(view, gone, 4 * HOUR, HOUR / 2), NOW) == snapshot("""\
🔴 **A5 gone: the credentials are refused**
> no such key
This means: The vendor knows no such key.
Code `InvalidKey`, request id `R-1`.
The credentials are `account.gone` in the configuration. After a change there, the operator starts me again.
I keep asking. What is in review goes on by itself when gone takes my calls again; what failed meanwhile is to be sent again.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 gone：凭证被拒绝**
> no such key
意思是：平台没有该密钥。
代码 `InvalidKey`，请求编号 `R-1`。
凭证在配置项 `account.gone` 中；修改后请运维人员重启我。
我会继续尝试。待 gone 恢复后，审核中的申请自动继续；其间失败的申请需要重新提交。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""")


def test_what_happens_is_told_in_short() -> None:
    assert {
        what.value: in_both(lambda view, what=what, one=one: alert_news(view, one, {"what": what}, HOUR / 2), NOW)
        for what, one in (
            (Happening.REPEAT, alert(Metric.SILENT)),
            (Happening.WORSE, alert(Metric.THROTTLED)),
            (Happening.RESOLVE, alert(Metric.SILENT, AlertState.RESOLVED)),
        )
    } == snapshot(
        {
            "repeated": """\
🔴 **A5 aliyun: no usable answer for 7 min** · Still so, for 1 h 35 min. Nobody has taken it yet.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：没有有效应答，已 7 分钟** · 情况依旧，已持续 1 小时 35 分。还没有人认领。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "worse": """\
🔴 **A5 aliyun: too many calls for 30 min** · It has become worse.
Next: ack A5 · snooze A5 2h · resolve A5 · health
[Acknowledge → ack A5] [Snooze: 1 h / 2 h / 4 h / 8 h / 1 day → snooze A5] [Resolve → resolve A5]

🔴 **A5 aliyun：被限流，已 30 分钟** · 情况变得更严重。
下一步: 认领 A5 · 暂缓 A5 2h · 关闭 A5 · health
[认领 → ack A5] [暂缓: 1 小时 / 2 小时 / 4 小时 / 8 小时 / 1 天 → snooze A5] [关闭 → resolve A5]
""",
            "resolved": """\
🟢 **A5 aliyun: no usable answer for 7 min** · Resolved by itself: aliyun answers again. Open for 1 h 35 min.

🟢 **A5 aliyun：没有有效应答，已 7 分钟** · 自动关闭：aliyun 已恢复应答。持续 1 小时 35 分。
""",
        }
    )


@pytest.mark.parametrize("metric", sorted(CALLS))
def test_health_names_the_code_and_quotes_nobody(metric: Metric) -> None:
    said = in_words(Run(metric, Call.READ, MONDAY, MONDAY, 1, SAID[metric][2]))
    assert SAID[metric][2].code in said.en
    assert SAID[metric][2].code in said.zh
    assert SAID[metric][2].message not in (said.en, said.zh)
