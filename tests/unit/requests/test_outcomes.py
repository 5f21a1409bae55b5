"""What became of our own call, as a reader of either language hears it."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from inline_snapshot import snapshot

from bot.contracts.message import Mention
from bot.contracts.model import Action, Refusal, Request, State
from bot.contracts.vendor import FilingView, KindAbility, LookUp
from bot.requests.news import news
from bot.requests.outcomes import FINAL, MENTIONED, OUTCOMES
from tests.given import MONDAY, a_request
from tests.reading import capable, in_both, shown, views

REFUSED = {
    "code": "isv.SIGN_COUNT_OVER_LIMIT",
    "message": "签名数量超限",
    "request_id": "A1-B2",
    "advice_en": "Try `edit` tomorrow.",
    "advice_zh": "明天再试。",
}


def told(what: str, request: Request, **data: object) -> str:
    return in_both(lambda view: news(view, request, what, data))


def test_it_was_taken() -> None:
    assert {
        "accepted": told("accepted", a_request()),
        "accepted, when is not known": told("accepted", a_request(account="gone")),
        "settled": told("settled", a_request(order="")),
        "settled, with a ticket": told("settled", a_request(order="2007")),
        "settled by a person": told("settled", a_request(vendor_ref="UTA1"), by="slack:T1/U2"),
        "settled by somebody without a name": told("settled", a_request(vendor_ref="UTA1"), by="slack:U9"),
    } == snapshot(
        {
            "accepted": """\
⏳ **#17 signature 速达物流 at aliyun: in review**
Expected today 12:00.
Next: status #17

⏳ **#17 签名 速达物流（aliyun）审核中**
预计今天 12:00 前。
下一步: 状态 #17
""",
            "accepted, when is not known": """\
⏳ **#17 signature 速达物流 at gone: in review**
Next: status #17

⏳ **#17 签名 速达物流（gone）审核中**
下一步: 状态 #17
""",
            "settled": """\
⏳ **#17 signature 速达物流 at aliyun: in review**
aliyun has it.
Next: status #17

⏳ **#17 签名 速达物流（aliyun）审核中**
aliyun 已受理。
下一步: 状态 #17
""",
            "settled, with a ticket": """\
⏳ **#17 signature 速达物流 at aliyun: in review**
aliyun has it (order 2007).
Next: status #17

⏳ **#17 签名 速达物流（aliyun）审核中**
aliyun 已受理（工单 2007）。
下一步: 状态 #17
""",
            "settled by a person": """\
⏳ **#17 signature 速达物流 at aliyun: in review**
I follow it under the id `UTA1`, as Li Lei said.
Next: status #17

⏳ **#17 签名 速达物流（aliyun）审核中**
按 Li Lei 提供的编号 `UTA1` 继续跟踪。
下一步: 状态 #17
""",
            "settled by somebody without a name": """\
⏳ **#17 signature 速达物流 at aliyun: in review**
I follow it under the id `UTA1`, as U9 said.
Next: status #17

⏳ **#17 签名 速达物流（aliyun）审核中**
按 U9 提供的编号 `UTA1` 继续跟踪。
下一步: 状态 #17
""",
        }
    )


def test_it_was_not_taken() -> None:
    failed = a_request(State.FAILED)
    assert {
        "refused": told("refused", failed, **REFUSED),
        "refused, out of reach": told("refused", failed, code="connection", message="no answer"),
        "refused, broken": told("refused", failed, code="HTTP 502", message="<html>"),
        "not done": told("not_done", a_request(State.READY, action=Action.UPDATE), **REFUSED),
        "waiting": told(
            "waiting", a_request(State.QUEUED), code="Throttling", message="流控", request_id="R-1", trouble="limit"
        ),
        "waiting, explained": told("waiting", a_request(State.QUEUED), **REFUSED),
        "waiting, out of reach": told("waiting", a_request(State.QUEUED), code="connection", message="no answer"),
        "waiting, without a word": told("waiting", a_request(State.QUEUED)),
        "papers gone": told("papers_gone", a_request(State.DRAFT, reason="papers")),
    } == snapshot(
        {
            "refused": """\
❌ **#17 signature 速达物流 not taken by aliyun** @submitter
> 签名数量超限
This means: Try `edit` tomorrow.
Code `isv.SIGN_COUNT_OVER_LIMIT`, request id `A1-B2`.
Next: edit #17 … · delete #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流：aliyun 没有受理** @submitter
> 签名数量超限
意思是：明天再试。
代码 `isv.SIGN_COUNT_OVER_LIMIT`，请求编号 `A1-B2`。
下一步: 修改 #17 … · 删除 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "refused, out of reach": """\
❌ **#17 signature 速达物流 not taken by aliyun** @submitter
There is no connection to aliyun right now.
Next: edit #17 … · delete #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流：aliyun 没有受理** @submitter
目前无法连接 aliyun。
下一步: 修改 #17 … · 删除 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "refused, broken": """\
❌ **#17 signature 速达物流 not taken by aliyun** @submitter
aliyun has a fault of its own right now (HTTP 502).
Next: edit #17 … · delete #17
[Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流：aliyun 没有受理** @submitter
aliyun 目前自身故障（HTTP 502）。
下一步: 修改 #17 … · 删除 #17
[修改并重新提交 → edit #17] [详情 → show #17]
""",
            "not done": """\
❌ **#17 signature 速达物流: aliyun did not take the change** @submitter
> 签名数量超限
This means: Try `edit` tomorrow.
Code `isv.SIGN_COUNT_OVER_LIMIT`, request id `A1-B2`.
It stands as before: ready.
Next: show #17

❌ **#17 签名 速达物流：aliyun 没有受理修改** @submitter
> 签名数量超限
意思是：明天再试。
代码 `isv.SIGN_COUNT_OVER_LIMIT`，请求编号 `A1-B2`。
维持原状：可用。
下一步: 查看 #17
""",
            "waiting": """\
⏳ **#17 signature 速达物流: aliyun cannot take it now** · submitter
> 流控
Code `Throttling`, request id `R-1`.
Nothing was sent. I try again by myself and say here what came of it.

⏳ **#17 签名 速达物流：aliyun 暂时无法受理** · submitter
> 流控
代码 `Throttling`，请求编号 `R-1`。
没有提交。我会自动重试，并在这里告知结果。
""",
            "waiting, explained": """\
⏳ **#17 signature 速达物流: aliyun cannot take it now** · submitter
> 签名数量超限
This means: Try `edit` tomorrow.
Code `isv.SIGN_COUNT_OVER_LIMIT`, request id `A1-B2`.
Nothing was sent. I try again by myself and say here what came of it.

⏳ **#17 签名 速达物流：aliyun 暂时无法受理** · submitter
> 签名数量超限
意思是：明天再试。
代码 `isv.SIGN_COUNT_OVER_LIMIT`，请求编号 `A1-B2`。
没有提交。我会自动重试，并在这里告知结果。
""",
            "waiting, out of reach": """\
⏳ **#17 signature 速达物流: aliyun cannot take it now** · submitter
There is no connection to aliyun right now.
Nothing was sent. I try again by myself and say here what came of it.

⏳ **#17 签名 速达物流：aliyun 暂时无法受理** · submitter
目前无法连接 aliyun。
没有提交。我会自动重试，并在这里告知结果。
""",
            "waiting, without a word": """\
⏳ **#17 signature 速达物流: aliyun cannot take it now** · submitter
Nothing was sent. I try again by myself and say here what came of it.

⏳ **#17 签名 速达物流：aliyun 暂时无法受理** · submitter
没有提交。我会自动重试，并在这里告知结果。
""",
            "papers gone": """\
⚠️ **#17 signature 速达物流 at aliyun: not sent** @submitter
I was restarted before it was sent, and papers are not kept: attach them again with `edit #17`.
Next: edit #17

⚠️ **#17 签名 速达物流（aliyun）未提交** @submitter
提交前我重启过，而文件不会保存：请用 `修改 #17` 重新附上。
下一步: 修改 #17
""",
        }
    )


def test_the_answer_was_lost() -> None:
    assert {
        "unknown": told("unknown", a_request(State.UNKNOWN, next_look_at=MONDAY)),
        "unknown, a question": told("unknown_question", a_request(State.UNKNOWN)),
        "absent": told("absent", a_request(State.FAILED, reason="absent")),
        "a lost edit, no console": told(
            "not_done_lost", a_request(State.REJECTED, action=Action.UPDATE, account="tencent")
        ),
    } == snapshot(
        {
            "unknown": """\
⚠️ **#17 signature 速达物流 at aliyun: unknown** · submitter
I sent it, and no answer came that says what became of it.
I do not know whether aliyun took it. I am asking aliyun what it has, and will not send it twice.

⚠️ **#17 签名 速达物流（aliyun）结果未知** · submitter
已发出，但没有收到能说明结果的答复。
我不知道 aliyun 是否已受理。正在向 aliyun 查询，不会重复提交。
""",
            "unknown, a question": """\
⚠️ **#17 signature 速达物流 at aliyun: unknown** @submitter
I sent it, and no answer came that says what became of it.
I asked aliyun, and several things there could be it.
Please look at the console: is **速达物流** there? I will not send it twice.
<https://console.example/sms>
Next: settle #17 id=… · settle #17 resend
[It is there, id … → settle #17] [It is not there, send again → resend #17!]

⚠️ **#17 签名 速达物流（aliyun）结果未知** @submitter
已发出，但没有收到能说明结果的答复。
我向 aliyun 查询过，有多个结果都可能是它。
请到控制台看一下：有 **速达物流** 吗？我不会重复提交。
<https://console.example/sms>
下一步: 落实 #17 编号=… · 落实 #17 重发
[有，编号是… → settle #17] [没有，重新提交 → resend #17!]
""",
            "absent": """\
❌ **#17 signature 速达物流: it never reached aliyun** @submitter
I asked aliyun several times; it does not have it, so nothing was submitted.
Next: settle #17 resend · edit #17
[Send again → resend #17] [Fix and resubmit → edit #17] [Details → show #17]

❌ **#17 签名 速达物流：没有到达 aliyun** @submitter
我多次向 aliyun 查询，那边都没有，所以并未提交成功。
下一步: 落实 #17 重发 · 修改 #17
[重新提交 → resend #17] [修改并重新提交 → edit #17] [详情 → show #17]
""",
            "a lost edit, no console": """\
⚠️ **#17 signature 速达物流: I do not know whether tencent took the change** @submitter
I sent it, and no answer came that says what became of it.
tencent shows it as before: rejected. Look at the console before you edit it again.
Next: show #17

⚠️ **#17 签名 速达物流：不确定 tencent 是否收到修改** @submitter
已发出，但没有收到能说明结果的答复。
tencent 仍显示为：未通过。再次修改前请先在控制台确认。
下一步: 查看 #17
""",
        }
    )


SAID_OF: Mapping[str, Request] = {
    "accepted": a_request(),
    "refused": a_request(State.FAILED),
    "not_done": a_request(State.READY, action=Action.UPDATE),
    "not_done_lost": a_request(State.READY, action=Action.UPDATE),
    "waiting": a_request(State.QUEUED),
    "unknown": a_request(State.UNKNOWN, next_look_at=MONDAY),
    "unknown_question": a_request(State.UNKNOWN),
    "settled": a_request(),
    "absent": a_request(State.FAILED),
    "papers_gone": a_request(State.DRAFT),
    "console_submitted": a_request(),
    "console_kept": a_request(),
}


@pytest.mark.parametrize("what", OUTCOMES)
def test_only_whoever_must_act_or_has_waited_is_mentioned(what: str) -> None:
    for view in views().values():
        message = news(view, SAID_OF[what], what, {"state": SAID_OF[what].state})
        mentioned = [part.key for part in message.title if isinstance(part, Mention)]
        assert mentioned == (["slack:U1"] if what in MENTIONED else [])


def test_what_ends_a_wait_mentions_whoever_waited() -> None:
    assert FINAL < MENTIONED


def test_a_person_is_asked_for_the_true_reason() -> None:
    asked = a_request(State.UNKNOWN, refusal=Refusal("HTTP 503"))
    views_of = views()
    english = replace(
        views_of["en"],
        capabilities={
            "aliyun": capable(FilingView.HIDDEN, ability=KindAbility(look_up=LookUp.BY_LIST)),
            "ucloud": capable(FilingView.HIDDEN, ability=KindAbility(look_up=LookUp.NOT_AT_ALL)),
        },
    )
    for account, reason in {
        "aliyun": "I asked aliyun, and several things there could be it.",
        "ucloud": "ucloud cannot be asked about it without its id.",
        "gone": "I do not serve gone any more, so I cannot ask it.",
    }.items():
        said = shown(news(english, replace(asked, account=account), "unknown_question", {}))
        assert said.splitlines()[1:3] == [f"I sent it, and {account} answered with a fault: `HTTP 503`.", reason]
