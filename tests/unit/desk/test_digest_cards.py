"""A digest as readers of both languages see it: the first line says it all, people find their own, nothing is endless."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from inline_snapshot import snapshot

from bot.contracts.message import Mention, Message, plain
from bot.contracts.model import Kind, State
from bot.contracts.shift import Shift
from bot.desk.digest.cards import ALERTS, comes, digest
from bot.desk.digest.facts import Facts, Left, Pile
from bot.desk.digest.reading import NAMED, OURS
from bot.store.standing import CHANGES
from bot.wording.view import View
from integrations.dingtalk.render import PART_CHARACTERS
from integrations.dingtalk.render import render as in_dingtalk
from integrations.slack.render import render as in_slack
from tests.given import MONDAY, a_request
from tests.reading import in_both, views
from tests.unit.watch.alerted import alert

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LATE = a_request(at=MONDAY - 3 * DAY, number=19, account="tencent", order="20044156924")
FACTS = Facts(
    MONDAY - DAY,
    overdue=Pile((LATE,), 1),
    ours=Pile(
        (
            a_request(State.UNKNOWN, number=21, kind=Kind.TEMPLATE, name="登录验证码"),
            a_request(State.AWAITING_APPROVAL, number=20),
            a_request(State.REJECTED, number=18, at=MONDAY - DAY, submitter="slack:U2"),
            a_request(State.DRAFT, number=22, name=""),
        ),
        6,
    ),
    theirs=Pile((a_request(number=17), a_request(State.APPROVED, number=16, at=MONDAY - 4 * DAY)), 2),
    changed={
        State.READY: Pile((a_request(State.READY, number=14),), 4),
        State.REJECTED: Pile((a_request(State.REJECTED, number=18),), 1),
    },
    left=(
        Left("tencent", MONDAY, 38_200, until=MONDAY + 4 * DAY + HOUR, expires_at=MONDAY + 9 * DAY, expiring=8_000),
        Left("aliyun", MONDAY - 2 * DAY, 538_200, lasts=True, balances=((Decimal("1024.5"), "CNY"),)),
        Left("ucloud"),
    ),
    alerts=(alert(),),
    duty=(("primary", Shift("Li Lei", MONDAY - DAY, MONDAY + DAY)), ("nights", None)),
)


def told(facts: Facts) -> str:
    return in_both(lambda view: digest(view, facts))


def test_everything_there_is_to_tell() -> None:
    assert told(FACTS) == snapshot("""\
⚠️ **9 things wait, 1 overdue, 1 alert open**; tencent lasts 4 days
**Overdue**
- #19 signature 速达物流 at tencent: expected since Fri 27 Feb 12:00 · submitter · ask the support, order 20044156924
**Waits for people**
- **submitter** · ⚠️ #21 template 登录验证码 at aliyun: unknown since today 10:00 · `settle #21 id=…`
- **an approver** · ⏳ #20 signature 速达物流 at aliyun: waiting for approval since today 10:00 · `show #20`
- **Li Lei** · ❌ #18 signature 速达物流 at aliyun: rejected since yesterday 10:00 · `resubmit #18`
- **submitter** · #22 signature without a name at aliyun: draft since today 10:00 · `edit #22`
- and 2 more: `status pending`
**Waits for vendors and carriers**
- ⏳ #17 signature 速达物流 at aliyun: in review since today 10:00, expected today 12:00
- ✅ #16 signature 速达物流 at aliyun: approved, not ready yet since Thu 26 Feb 10:00
**Changed since yesterday 10:00**
- ✅ ready: #14 速达物流 (aliyun), 3 more
- ❌ rejected: #18 速达物流 (aliyun)
**Quota**
- tencent: **lasts about 4 days**, 38,200 messages left · 8,000 of them until 2026-03-11
- aliyun: lasts more than a year, 538,200 messages left · balance CNY 1,024.50 · read Sat 28 Feb 10:00
- ucloud: not read yet
**Alerts**
- 🟠 **A5 aliyun: 999 of 10,000 messages left, 9.9%** (below 10%)
**On call**
- primary: **Li Lei** until tomorrow 10:00
- nights: nobody
Next: status pending · ack A5 · quota

⚠️ **9 件事在等，1 件超时，1 条告警未处理**；tencent 还够用 4 天
**超时未决**
- #19 签名 速达物流（tencent）：应在 2月27日 周五 12:00 前有结果 · submitter · 可询问平台客服，单号 20044156924
**等人处理**
- **submitter** · ⚠️ #21 模板 登录验证码（aliyun）结果未知，自今天 10:00 起 · `落实 #21 编号=…`
- **审批人** · ⏳ #20 签名 速达物流（aliyun）待批准，自今天 10:00 起 · `查看 #20`
- **Li Lei** · ❌ #18 签名 速达物流（aliyun）未通过，自昨天 10:00 起 · `重提 #18`
- **submitter** · #22 签名 未命名（aliyun）草稿，自今天 10:00 起 · `修改 #22`
- 还有 2 项：`状态 进行中`
**等平台与运营商**
- ⏳ #17 签名 速达物流（aliyun）审核中，自今天 10:00 起，预计今天 12:00 前
- ✅ #16 签名 速达物流（aliyun）已通过，尚不可用，自2月26日 周四 10:00 起
**昨天 10:00 以来的变化**
- ✅ 可用：#14 速达物流（aliyun），另有 3 个
- ❌ 未通过：#18 速达物流（aliyun）
**额度**
- tencent：**约可用 4 天**，剩余 38,200 条 · 其中 8,000 条 2026-03-11 到期
- aliyun：可用一年以上，剩余 538,200 条 · 余额 1,024.50 元 · 2月28日 周六 10:00 读取
- ucloud：尚未读取
**告警**
- 🟠 **A5 aliyun：剩余 999 / 10,000 条，9.9%**（低于 10%）
**值班**
- primary：**Li Lei**，至明天 10:00
- nights：无人
下一步: 状态 进行中 · 认领 A5 · 额度
""")


@pytest.mark.parametrize(
    ("facts", "title"),
    [
        (Facts(MONDAY), "Nothing waits"),
        (Facts(MONDAY, ours=Pile((LATE,), 1)), "1 thing waits"),
        (Facts(MONDAY, overdue=Pile((LATE,), 1), theirs=Pile((LATE,), 2)), "3 things wait, 1 overdue"),
        (Facts(MONDAY, changed={State.READY: Pile((LATE,), 3)}), "Nothing waits; 3 changed"),
        (Facts(MONDAY, alerts=(alert(),)), "Nothing waits, 1 alert open"),
        (Facts(MONDAY, left=(Left("tencent", MONDAY, 0),)), "Nothing waits; tencent has nothing left"),
        (
            Facts(MONDAY, left=(Left("tencent", MONDAY, 9, until=MONDAY + 5 * HOUR),)),
            "Nothing waits; tencent lasts 5 hours",
        ),
        (Facts(MONDAY, left=(Left("tencent", MONDAY, 9, until=MONDAY + 40 * DAY),)), "Nothing waits"),
        (Facts(MONDAY, ours=Pile((LATE,), 1000, more=True)), "More than 1,000 things wait"),
    ],
)
def test_the_first_line(facts: Facts, title: str) -> None:
    assert plain(digest(views()["en"], facts).title) == title


def test_nobody_is_mentioned() -> None:
    message = digest(views()["en"], FACTS)
    assert "Mention(" not in repr(message)
    assert "Mention(" in repr(Mention("slack:U1", "one"))


def full(view: View) -> Message:
    """As long as it can get: long names, and of everything more than is named."""
    name = "速达物流订单与配送通知服务模板名称很长很长很长"
    one = a_request(number=1_000_017, account="aliyun", name=name, submitter_name="A Rather Long Name Indeed")

    def pile(state: State, named: int) -> Pile:
        return Pile((replace(one, state=state, order="20044156924"),) * named, 1000, more=True)

    facts = replace(
        FACTS,
        overdue=pile(State.IN_REVIEW, NAMED),
        ours=pile(State.REJECTED, OURS),
        theirs=pile(State.IN_REVIEW, NAMED),
        changed={state: pile(state, NAMED) for state in CHANGES},
        changed_more=True,
        left=FACTS.left[:1] * 12,
        alerts=(alert(),) * (ALERTS + 3),
    )
    return digest(view, facts, after=(comes(view, MONDAY + DAY),))


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_longest_one_is_short_enough_for_both_chats(code: str) -> None:
    message = full(views()[code])
    slack = in_slack(message, language=code, full_key="k")
    assert "full_text" not in str(slack.blocks)  # nothing of the blocks is cut
    rendered = in_dingtalk(message, language=code, mentions=False)
    assert len(rendered.parts) <= 2
    assert all(len(part) <= PART_CHARACTERS for part in rendered.parts)
