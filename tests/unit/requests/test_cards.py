"""The card of a request in every state, as a reader of either language sees it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from inline_snapshot import snapshot

from bot.contracts.message import plain
from bot.contracts.model import CarrierFiling, Kind, Refusal, Request, State, Words
from bot.requests.cards import single
from bot.requests.lifecycle import PAPERS_GONE, WRONG_INPUT
from bot.wording.words import MARKS, STATES
from tests.given import MONDAY, a_request
from tests.reading import in_both, views

SOON = MONDAY + timedelta(seconds=15)
REFUSAL = {
    "code": "isv.SIGN_COUNT_OVER_LIMIT",
    "message": "签名数量超限",
    "request_id": "A1-B2",
    "trouble": "limit",
    "advice_en": "Today's limit is used up; `edit` it tomorrow.",
    "advice_zh": "今日额度已用完，明天再“修改”。",
}
MOBILE, UNICOM = CarrierFiling("mobile", "done"), CarrierFiling("unicom", "failed", "资料不符")


def card(request: Request) -> str:
    return in_both(lambda view: single(view, request))


@pytest.mark.parametrize("state", State)
def test_every_state_is_named_in_both_languages(state: State) -> None:
    request = a_request(state)
    for view in views().values():
        message = single(view, request)
        assert view.language.pick(STATES[state]) in plain(message.title)
        assert message.mark is MARKS[state]


def test_where_it_stands_and_what_comes_next() -> None:
    assert {state.value: card(a_request(state)) for state in State} == snapshot(
        {
            "draft": """\
**#17 signature 速达物流 at aliyun: draft** · submitter
Nothing was sent. It is kept as a draft.
Next: edit #17 · delete #17
[Fill in → edit #17]

**#17 签名 速达物流（aliyun）草稿** · submitter
没有提交，已保留为草稿。
下一步: 修改 #17 · 删除 #17
[补充内容 → edit #17]
""",
            "awaiting_approval": """\
⏳ **#17 signature 速达物流 at aliyun: waiting for approval** · submitter
It waits until an approver approves it; nothing was sent to aliyun.
Next: approve #17 · deny #17 … · withdraw #17
[Approve → approve #17 v2abd1ac] [Deny → deny #17] [Details → show #17]

⏳ **#17 签名 速达物流（aliyun）待批准** · submitter
等待批准（审批人），尚未提交给 aliyun。
下一步: approve #17 · deny #17 … · withdraw #17
[同意 → approve #17 v2abd1ac] [拒绝 → deny #17] [详情 → show #17]
""",
            "queued": """\
⏳ **#17 signature 速达物流 at aliyun: queued** · submitter
It is on its way to aliyun.
Next: status #17
[Details → show #17]

⏳ **#17 签名 速达物流（aliyun）排队中** · submitter
正在提交给 aliyun。
下一步: 状态 #17
[详情 → show #17]
""",
            "submitting": """\
⏳ **#17 signature 速达物流 at aliyun: being sent** · submitter
It is on its way to aliyun.
Next: status #17
[Details → show #17]

⏳ **#17 签名 速达物流（aliyun）提交中** · submitter
正在提交给 aliyun。
下一步: 状态 #17
[详情 → show #17]
""",
            "unknown": """\
⚠️ **#17 signature 速达物流 at aliyun: unknown** · submitter
I sent it, and no answer came that says what became of it.
I asked aliyun, and several things there could be it.
Please look at the console: is **速达物流** there? I will not send it twice.
<https://console.example/sms>
Next: settle #17 id=… · settle #17 resend
[It is there, id … → settle #17] [It is not there, send again → resend #17!]

⚠️ **#17 签名 速达物流（aliyun）结果未知** · submitter
已发出，但没有收到能说明结果的答复。
我向 aliyun 查询过，有多个结果都可能是它。
请到控制台看一下：有 **速达物流** 吗？我不会重复提交。
<https://console.example/sms>
下一步: 落实 #17 编号=… · 落实 #17 重发
[有，编号是… → settle #17] [没有，重新提交 → resend #17!]
""",
            "in_review": """\
⏳ **#17 signature 速达物流 at aliyun: in review** · submitter
Usually decided in about 2 h of open hours: expected today 12:00. I will post the result here.
Next: status #17 · path 速达物流
[Details → show #17] [Watch for me too → watch #17]

⏳ **#17 签名 速达物流（aliyun）审核中** · submitter
一般在工作时间 2 小时左右出结果，预计今天 12:00 前。有结果我会发在这里。
下一步: 状态 #17 · 路径 速达物流
[详情 → show #17] [也通知我 → watch #17]
""",
            "approved": """\
✅ **#17 signature 速达物流 at aliyun: approved, not ready yet** · submitter
Not ready yet: the carriers must file it.
Next: status #17
[Details → show #17] [Watch for me too → watch #17]

✅ **#17 签名 速达物流（aliyun）已通过，尚不可用** · submitter
暂不可用：还需运营商报备。
下一步: 状态 #17
[详情 → show #17] [也通知我 → watch #17]
""",
            "ready": """\
✅ **#17 signature 速达物流 at aliyun: ready** · submitter
Next: template submit aliyun … · history #17
[Details → show #17]

✅ **#17 签名 速达物流（aliyun）可用** · submitter
下一步: 模板 提交 aliyun … · 历史 #17
[详情 → show #17]
""",
            "rejected": """\
❌ **#17 signature 速达物流 at aliyun: rejected** · submitter
Next: resubmit #17 · history #17
[Fix and resubmit → resubmit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未通过** · submitter
下一步: 重提 #17 · 历史 #17
[修改并重新提交 → resubmit #17] [详情 → show #17]
""",
            "failed": """\
❌ **#17 signature 速达物流 at aliyun: not sent** · submitter
Next: edit #17 … · history #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未提交** · submitter
下一步: 修改 #17 … · 历史 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "withdrawn": """\
**#17 signature 速达物流 at aliyun: withdrawn** · submitter
Next: show #17 · history #17
[Details → show #17]

**#17 签名 速达物流（aliyun）已撤回** · submitter
下一步: 查看 #17 · 历史 #17
[详情 → show #17]
""",
            "disabled": """\
❌ **#17 signature 速达物流 at aliyun: disabled** · submitter
Next: show #17 · history #17
[Details → show #17]

❌ **#17 签名 速达物流（aliyun）已停用** · submitter
下一步: 查看 #17 · 历史 #17
[详情 → show #17]
""",
            "deleted": """\
**#17 signature 速达物流 at aliyun: deleted** · submitter

**#17 签名 速达物流（aliyun）已删除** · submitter
""",
            "cancelled": """\
**#17 signature 速达物流 at aliyun: cancelled** · submitter

**#17 签名 速达物流（aliyun）已取消** · submitter
""",
        }
    )


def test_what_is_being_sent_or_reviewed() -> None:
    assert {
        "put off": card(a_request(State.QUEUED, looks=1)),
        "late": card(a_request(at=MONDAY - timedelta(days=3))),
        "an account that is gone": card(a_request(account="gone")),
        "answer lost, being asked": card(a_request(State.UNKNOWN, next_look_at=SOON)),
        "answer lost, no console": card(a_request(State.UNKNOWN, account="tencent")),
    } == snapshot(
        {
            "put off": """\
⏳ **#17 signature 速达物流 at aliyun: queued** · submitter
aliyun did not take it yet; I try again by myself.
Next: status #17
[Details → show #17]

⏳ **#17 签名 速达物流（aliyun）排队中** · submitter
aliyun 还没有受理，我会自动重试。
下一步: 状态 #17
[详情 → show #17]
""",
            "late": """\
⏳ **#17 signature 速达物流 at aliyun: in review** · submitter
Usually decided in about 2 h of open hours; it takes longer this time. I will post the result here.
Next: status #17 · path 速达物流
[Details → show #17] [Watch for me too → watch #17]

⏳ **#17 签名 速达物流（aliyun）审核中** · submitter
一般在工作时间 2 小时左右出结果，这次要久一些。有结果我会发在这里。
下一步: 状态 #17 · 路径 速达物流
[详情 → show #17] [也通知我 → watch #17]
""",
            "an account that is gone": """\
⏳ **#17 signature 速达物流 at gone: in review** · submitter
I will post the result here.
Next: status #17 · path 速达物流
[Details → show #17] [Watch for me too → watch #17]

⏳ **#17 签名 速达物流（gone）审核中** · submitter
有结果我会发在这里。
下一步: 状态 #17 · 路径 速达物流
[详情 → show #17] [也通知我 → watch #17]
""",
            "answer lost, being asked": """\
⚠️ **#17 signature 速达物流 at aliyun: unknown** · submitter
I sent it, and no answer came that says what became of it.
I do not know whether aliyun took it. I am asking aliyun what it has, and will not send it twice.
[Details → show #17]

⚠️ **#17 签名 速达物流（aliyun）结果未知** · submitter
已发出，但没有收到能说明结果的答复。
我不知道 aliyun 是否已受理。正在向 aliyun 查询，不会重复提交。
[详情 → show #17]
""",
            "answer lost, no console": """\
⚠️ **#17 signature 速达物流 at tencent: unknown** · submitter
I sent it, and no answer came that says what became of it.
I asked tencent, and several things there could be it.
Please look at the console: is **速达物流** there? I will not send it twice.
Next: settle #17 id=… · settle #17 resend
[It is there, id … → settle #17] [It is not there, send again → resend #17!]

⚠️ **#17 签名 速达物流（tencent）结果未知** · submitter
已发出，但没有收到能说明结果的答复。
我向 tencent 查询过，有多个结果都可能是它。
请到控制台看一下：有 **速达物流** 吗？我不会重复提交。
下一步: 落实 #17 编号=… · 落实 #17 重发
[有，编号是… → settle #17] [没有，重新提交 → resend #17!]
""",
        }
    )


def test_what_the_carriers_say() -> None:
    assert {
        "approved, filing": card(a_request(State.APPROVED, filings=(MOBILE, UNICOM))),
        "ready, filed": card(a_request(State.READY, filings=(MOBILE,))),
        "ready, nothing to see": card(a_request(State.READY, account="tencent")),
        "a template is not filed": card(a_request(State.APPROVED, kind=Kind.TEMPLATE)),
        "a template is ready": card(a_request(State.READY, kind=Kind.TEMPLATE)),
        "words that nobody knows": card(a_request(State.APPROVED, filings=(CarrierFiling("satellite", "orbiting"),))),
    } == snapshot(
        {
            "approved, filing": """\
✅ **#17 signature 速达物流 at aliyun: approved, not ready yet** · submitter
Not ready yet: the carriers must file it.
- China Mobile: filed
- China Unicom: failed (资料不符)
Next: status #17
[Details → show #17] [Watch for me too → watch #17]

✅ **#17 签名 速达物流（aliyun）已通过，尚不可用** · submitter
暂不可用：还需运营商报备。
- 中国移动：已报备
- 中国联通：报备失败（资料不符）
下一步: 状态 #17
[详情 → show #17] [也通知我 → watch #17]
""",
            "ready, filed": """\
✅ **#17 signature 速达物流 at aliyun: ready** · submitter
- China Mobile: filed
Next: template submit aliyun … · history #17
[Details → show #17]

✅ **#17 签名 速达物流（aliyun）可用** · submitter
- 中国移动：已报备
下一步: 模板 提交 aliyun … · 历史 #17
[详情 → show #17]
""",
            "ready, nothing to see": """\
✅ **#17 signature 速达物流 at tencent: ready** · submitter
The carriers' filing cannot be seen at tencent.
Next: template submit tencent … · history #17
[Details → show #17]

✅ **#17 签名 速达物流（tencent）可用** · submitter
tencent 不显示运营商报备情况。
下一步: 模板 提交 tencent … · 历史 #17
[详情 → show #17]
""",
            "a template is not filed": """\
✅ **#17 template 速达物流 at aliyun: approved, not ready yet** · submitter
Not ready yet; I say here when it is.
Next: status #17
[Details → show #17] [Watch for me too → watch #17]

✅ **#17 模板 速达物流（aliyun）已通过，尚不可用** · submitter
暂不可用；可用后我会在这里告知。
下一步: 状态 #17
[详情 → show #17] [也通知我 → watch #17]
""",
            "a template is ready": """\
✅ **#17 template 速达物流 at aliyun: ready** · submitter
Next: send aliyun #17 … · history #17
[Details → show #17]

✅ **#17 模板 速达物流（aliyun）可用** · submitter
下一步: 发送 aliyun #17 … · 历史 #17
[详情 → show #17]
""",
            "words that nobody knows": """\
✅ **#17 signature 速达物流 at aliyun: approved, not ready yet** · submitter
Not ready yet: the carriers must file it.
- satellite: orbiting
Next: status #17
[Details → show #17] [Watch for me too → watch #17]

✅ **#17 签名 速达物流（aliyun）已通过，尚不可用** · submitter
暂不可用：还需运营商报备。
- satellite：orbiting
下一步: 状态 #17
[详情 → show #17] [也通知我 → watch #17]
""",
        }
    )


def test_why_it_was_not_taken() -> None:
    assert {
        "rejected": card(a_request(State.REJECTED, reason="签名 **不规范** <@U1>")),
        "refused": card(a_request(State.FAILED, reason="签名数量超限", refusal=Refusal.from_json(REFUSAL))),
        "refused, nobody knows why": card(
            a_request(
                State.FAILED,
                reason="x",
                refusal=Refusal.from_json({**REFUSAL, "trouble": "unexpected", "advice_en": "", "advice_zh": ""}),
            )
        ),
        "too fast": card(
            a_request(
                State.FAILED, reason="x", refusal=Refusal.from_json({**REFUSAL, "advice_en": "", "advice_zh": ""})
            )
        ),
        "out of reach": card(
            a_request(State.FAILED, reason="x", refusal=Refusal.from_json({**REFUSAL, "code": "connection"}))
        ),
        "never arrived": card(a_request(State.FAILED, reason="absent")),
        "papers lost": card(a_request(State.FAILED, reason=PAPERS_GONE)),
        "a draft of an earlier version": card(a_request(State.DRAFT, reason="缺少资质")),
        "a draft that is wrong": card(
            a_request(State.DRAFT, reason=WRONG_INPUT, refusal=Refusal(advice=Words("`x`: no.", "`x`：不行。")))
        ),
    } == snapshot(
        {
            "rejected": """\
❌ **#17 signature 速达物流 at aliyun: rejected** · submitter
> 签名 **不规范** <@U1>
Next: resubmit #17 · history #17
[Fix and resubmit → resubmit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未通过** · submitter
> 签名 **不规范** <@U1>
下一步: 重提 #17 · 历史 #17
[修改并重新提交 → resubmit #17] [详情 → show #17]
""",
            "refused": """\
❌ **#17 signature 速达物流 at aliyun: not sent** · submitter
> 签名数量超限
This means: Today's limit is used up; `edit` it tomorrow.
Code `isv.SIGN_COUNT_OVER_LIMIT`, request id `A1-B2`.
Next: edit #17 … · history #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未提交** · submitter
> 签名数量超限
意思是：今日额度已用完，明天再“修改”。
代码 `isv.SIGN_COUNT_OVER_LIMIT`，请求编号 `A1-B2`。
下一步: 修改 #17 … · 历史 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "refused, nobody knows why": """\
❌ **#17 signature 速达物流 at aliyun: not sent** · submitter
> 签名数量超限
aliyun does not explain this code; its support can, with the request id.
Code `isv.SIGN_COUNT_OVER_LIMIT`, request id `A1-B2`.
Next: edit #17 … · history #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未提交** · submitter
> 签名数量超限
aliyun 没有说明这个代码；可凭请求编号询问其客服。
代码 `isv.SIGN_COUNT_OVER_LIMIT`，请求编号 `A1-B2`。
下一步: 修改 #17 … · 历史 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "too fast": """\
❌ **#17 signature 速达物流 at aliyun: not sent** · submitter
> 签名数量超限
Code `isv.SIGN_COUNT_OVER_LIMIT`, request id `A1-B2`.
Next: edit #17 … · history #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未提交** · submitter
> 签名数量超限
代码 `isv.SIGN_COUNT_OVER_LIMIT`，请求编号 `A1-B2`。
下一步: 修改 #17 … · 历史 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "out of reach": """\
❌ **#17 signature 速达物流 at aliyun: not sent** · submitter
There is no connection to aliyun right now.
Next: edit #17 … · history #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未提交** · submitter
目前无法连接 aliyun。
下一步: 修改 #17 … · 历史 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "never arrived": """\
❌ **#17 signature 速达物流 at aliyun: not sent** · submitter
aliyun does not have it, so nothing was submitted.
Next: settle #17 resend · edit #17
[Send again → resend #17] [Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未提交** · submitter
aliyun 上没有，所以并未提交成功。
下一步: 落实 #17 重发 · 修改 #17
[重新提交 → resend #17] [修改并重新提交 → edit #17] [详情 → show #17]
""",
            "papers lost": """\
❌ **#17 signature 速达物流 at aliyun: not sent** · submitter
I was restarted before it was sent, and papers are not kept: attach them again with `edit #17`.
Next: edit #17 … · history #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未提交** · submitter
提交前我重启过，而文件不会保存：请用 `修改 #17` 重新附上。
下一步: 修改 #17 … · 历史 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "a draft of an earlier version": """\
**#17 signature 速达物流 at aliyun: draft** · submitter
Nothing was sent. It is kept as a draft.
缺少资质
Next: edit #17 · delete #17
[Fill in → edit #17]

**#17 签名 速达物流（aliyun）草稿** · submitter
没有提交，已保留为草稿。
缺少资质
下一步: 修改 #17 · 删除 #17
[补充内容 → edit #17]
""",
            "a draft that is wrong": """\
**#17 signature 速达物流 at aliyun: draft** · submitter
Nothing was sent. It is kept as a draft.
`x`: no.
Next: edit #17 · delete #17
[Fill in → edit #17]

**#17 签名 速达物流（aliyun）草稿** · submitter
没有提交，已保留为草稿。
`x`：不行。
下一步: 修改 #17 · 删除 #17
[补充内容 → edit #17]
""",
        }
    )


def test_an_old_refusal_is_not_said_of_what_was_rejected_since() -> None:
    rejected = a_request(State.REJECTED, reason="不规范")
    assert card(replace(rejected, refusal=Refusal.from_json(REFUSAL))) == card(rejected)
