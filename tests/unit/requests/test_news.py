"""What the vendor decided, as a reader of either language hears it."""

import pytest
from inline_snapshot import snapshot

from bot.contracts.message import Mention
from bot.contracts.model import CarrierFiling, Kind, Request, State
from bot.requests.lifecycle import News
from bot.requests.news import news
from bot.requests.outcomes import MENTIONED
from tests.given import a_request
from tests.reading import in_both, views

TOOK = 6_240.0  # 1 h 44 min
MOBILE, UNICOM = CarrierFiling("mobile", "done"), CarrierFiling("unicom", "failed", "资料不符")


def told(what: str, request: Request, **data: object) -> str:
    """Words of a piece of news; what it says of itself as the announcer stores it."""
    known = {"news": what, "state": request.state, "took": TOOK, "from": State.IN_REVIEW, **data}
    return in_both(lambda view: news(view, request, what, known))


def test_approved() -> None:
    assert {
        "a signature": told("approved", a_request(State.APPROVED)),
        "with filings": told("approved", a_request(State.APPROVED, filings=(MOBILE, UNICOM))),
        "a vendor that does not say how long": told("approved", a_request(State.APPROVED, account="tencent")),
    } == snapshot(
        {
            "a signature": """\
✅ **#17 signature 速达物流 approved by aliyun** @submitter · took 1 h 44 min
Not ready yet: the carriers must file it.
Usually 5 to 7 workdays.
Templates can be submitted now: `template submit aliyun …`
Next: status #17
[Details → show #17] [Watch for me too → watch #17]

✅ **#17 签名 速达物流（aliyun）已通过** @submitter · 用时 1 小时 44 分
暂不可用：还需运营商报备。
通常 5–7 个工作日。
现在可以提交模板：`模板 提交 aliyun …`
下一步: 状态 #17
[详情 → show #17] [也通知我 → watch #17]
""",
            "with filings": """\
✅ **#17 signature 速达物流 approved by aliyun** @submitter · took 1 h 44 min
Not ready yet: the carriers must file it.
Usually 5 to 7 workdays.
- China Mobile: filed
- China Unicom: failed (资料不符)
Templates can be submitted now: `template submit aliyun …`
Next: status #17
[Details → show #17] [Watch for me too → watch #17]

✅ **#17 签名 速达物流（aliyun）已通过** @submitter · 用时 1 小时 44 分
暂不可用：还需运营商报备。
通常 5–7 个工作日。
- 中国移动：已报备
- 中国联通：报备失败（资料不符）
现在可以提交模板：`模板 提交 aliyun …`
下一步: 状态 #17
[详情 → show #17] [也通知我 → watch #17]
""",
            "a vendor that does not say how long": """\
✅ **#17 signature 速达物流 approved by tencent** @submitter · took 1 h 44 min
Not ready yet: the carriers must file it.
Templates can be submitted now: `template submit tencent …`
Next: status #17
[Details → show #17] [Watch for me too → watch #17]

✅ **#17 签名 速达物流（tencent）已通过** @submitter · 用时 1 小时 44 分
暂不可用：还需运营商报备。
现在可以提交模板：`模板 提交 tencent …`
下一步: 状态 #17
[详情 → show #17] [也通知我 → watch #17]
""",
        }
    )


def test_ready() -> None:
    abroad = {"values": {"international": "true"}, "account": "tencent"}
    assert {
        "filed": told("ready", a_request(State.READY, filings=(MOBILE,)), **{"from": State.APPROVED}),
        "at once": told("ready", a_request(State.READY)),
        "nothing to see": told("ready", a_request(State.READY, account="tencent")),
        "a template": told("ready", a_request(State.READY, kind=Kind.TEMPLATE, account="tencent")),
        "abroad nothing is filed": told("ready", a_request(State.READY, **abroad)),
    } == snapshot(
        {
            "filed": """\
✅ **#17 signature 速达物流 at aliyun is ready** @submitter
The carriers have filed it: messages can go out.
- China Mobile: filed
Next: template submit aliyun …
[Details → show #17]

✅ **#17 签名 速达物流（aliyun）可用** @submitter
运营商报备完成，可以发送短信。
- 中国移动：已报备
下一步: 模板 提交 aliyun …
[详情 → show #17]
""",
            "at once": """\
✅ **#17 signature 速达物流 approved by aliyun: ready** @submitter · took 1 h 44 min
Messages can go out.
Next: template submit aliyun …
[Details → show #17]

✅ **#17 签名 速达物流（aliyun）已通过，可用** @submitter · 用时 1 小时 44 分
可以发送短信。
下一步: 模板 提交 aliyun …
[详情 → show #17]
""",
            "nothing to see": """\
✅ **#17 signature 速达物流 approved by tencent: ready** @submitter · took 1 h 44 min
Messages can go out.
The carriers' filing cannot be seen at tencent.
Next: template submit tencent …
[Details → show #17]

✅ **#17 签名 速达物流（tencent）已通过，可用** @submitter · 用时 1 小时 44 分
可以发送短信。
tencent 不显示运营商报备情况。
下一步: 模板 提交 tencent …
[详情 → show #17]
""",
            "a template": """\
✅ **#17 template 速达物流 approved by tencent: ready** @submitter · took 1 h 44 min
It can be sent with every signature that is ready.
Next: send tencent #17 …
[Details → show #17]

✅ **#17 模板 速达物流（tencent）已通过，可用** @submitter · 用时 1 小时 44 分
可与已可用的签名一起发送。
下一步: 发送 tencent #17 …
[详情 → show #17]
""",
            "abroad nothing is filed": """\
✅ **#17 international signature 速达物流 approved by tencent: ready** @submitter · took 1 h 44 min
Messages can go out.
Next: template submit tencent … international=true
[Details → show #17]

✅ **#17 国际签名 速达物流（tencent）已通过，可用** @submitter · 用时 1 小时 44 分
可以发送短信。
下一步: 模板 提交 tencent … 国际=是
[详情 → show #17]
""",
        }
    )


def test_rejected() -> None:
    assert {
        "with a reason": told("rejected", a_request(State.REJECTED, reason="**不规范** <@U1>")),
        "without a reason": told("rejected", a_request(State.REJECTED)),
    } == snapshot(
        {
            "with a reason": """\
❌ **#17 signature 速达物流 rejected by aliyun** @submitter · after 1 h 44 min
> **不规范** <@U1>
Next: resubmit #17 · history #17
[Fix and resubmit → resubmit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未通过** @submitter · 用时 1 小时 44 分
> **不规范** <@U1>
下一步: 重提 #17 · 历史 #17
[修改并重新提交 → resubmit #17] [详情 → show #17]
""",
            "without a reason": """\
❌ **#17 signature 速达物流 rejected by aliyun** @submitter · after 1 h 44 min
aliyun gave no reason; its console may show one.
Next: resubmit #17 · history #17
[Fix and resubmit → resubmit #17] [Details → show #17]

❌ **#17 签名 速达物流（aliyun）未通过** @submitter · 用时 1 小时 44 分
aliyun 没有给出原因；控制台里可能有。
下一步: 重提 #17 · 历史 #17
[修改并重新提交 → resubmit #17] [详情 → show #17]
""",
        }
    )


def test_news_from_the_carriers() -> None:
    assert {
        "filed": told("filing", a_request(State.APPROVED, filings=(MOBILE,))),
        "failed": told("filing_failed", a_request(State.APPROVED, filings=(MOBILE, UNICOM))),
        "failed, and no edit is taken": told(
            "filing_failed", a_request(State.APPROVED, filings=(UNICOM,), account="tencent")
        ),
    } == snapshot(
        {
            "filed": """\
⏳ **#17 signature 速达物流 at aliyun: news from the carriers**
- China Mobile: filed
Next: status #17

⏳ **#17 签名 速达物流（aliyun）运营商报备有更新**
- 中国移动：已报备
下一步: 状态 #17
""",
            "failed": """\
⚠️ **#17 signature 速达物流 at aliyun: a carrier did not file it** @submitter
- China Mobile: filed
- China Unicom: failed (资料不符)
Messages to its customers do not go out with this name. Mend what it says, then send the signature again.
Next: edit #17 … · status #17

⚠️ **#17 签名 速达物流（aliyun）有运营商未报备成功** @submitter
- 中国移动：已报备
- 中国联通：报备失败（资料不符）
该运营商的用户收不到用此签名的短信。请按其说明修改后重新提交签名。
下一步: 修改 #17 … · 状态 #17
""",
            "failed, and no edit is taken": """\
⚠️ **#17 signature 速达物流 at tencent: a carrier did not file it** @submitter
- China Unicom: failed (资料不符)
Messages to its customers do not go out with this name; the support of tencent can say what to mend.
Next: status #17

⚠️ **#17 签名 速达物流（tencent）有运营商未报备成功** @submitter
- 中国联通：报备失败（资料不符）
该运营商的用户收不到用此签名的短信；如何修改请咨询 tencent 客服。
下一步: 状态 #17
""",
        }
    )


def test_not_by_us() -> None:
    assert {
        "in review again": told("in_review", a_request(State.IN_REVIEW)),
        "taken back": told("withdrawn", a_request(State.WITHDRAWN)),
        "disabled": told("disabled", a_request(State.DISABLED, reason="因投诉停用")),
        "gone": told("gone", a_request(State.DELETED)),
        "deleted by us": told("deleted", a_request(State.DELETED)),
        "a word that nobody knows": told("unknown_word", a_request(account="tencent"), word="PAUSED"),
    } == snapshot(
        {
            "in review again": """\
⏳ **#17 signature 速达物流 at aliyun: in review** · submitter
Next: history #17

⏳ **#17 签名 速达物流（aliyun）审核中** · submitter
下一步: 历史 #17
""",
            "taken back": """\
**#17 signature 速达物流 at aliyun: withdrawn** @submitter
Somebody took it back in the console of aliyun.
Next: history #17

**#17 签名 速达物流（aliyun）已撤回** @submitter
有人在 aliyun 的控制台撤回了它。
下一步: 历史 #17
""",
            "disabled": """\
❌ **#17 signature 速达物流 at aliyun: disabled** @submitter
> 因投诉停用
Next: history #17

❌ **#17 签名 速达物流（aliyun）已停用** @submitter
> 因投诉停用
下一步: 历史 #17
""",
            "gone": """\
**#17 signature 速达物流 at aliyun: deleted** @submitter
aliyun does not have it any more under the id `ref`: somebody deleted it there, or the id is another one.
Next: history #17

**#17 签名 速达物流（aliyun）已删除** @submitter
aliyun 上已没有编号为 `ref` 的这一项：可能已被他人删除，或编号有误。
下一步: 历史 #17
""",
            "deleted by us": """\
**#17 signature 速达物流 at aliyun: deleted** · submitter
Next: history #17

**#17 签名 速达物流（aliyun）已删除** · submitter
下一步: 历史 #17
""",
            "a word that nobody knows": """\
⚠️ **#17 signature 速达物流: tencent says “PAUSED”**
I do not know this word, so I change nothing: it still counts as in review. Please look at the console.

⚠️ **#17 签名 速达物流：tencent 返回“PAUSED”**
我不认识这个状态，所以不作改动，仍按“审核中”处理。请到控制台看一下。
""",
        }
    )


SAID_OF = {
    News.IN_REVIEW: State.IN_REVIEW,
    News.APPROVED: State.APPROVED,
    News.READY: State.READY,
    News.REJECTED: State.REJECTED,
    News.WITHDRAWN: State.WITHDRAWN,
    News.DISABLED: State.DISABLED,
    News.GONE: State.DELETED,
    News.UNKNOWN_WORD: State.IN_REVIEW,
    News.FILING: State.APPROVED,
    News.FILING_FAILED: State.APPROVED,
}


@pytest.mark.parametrize("what", [one for one in News if one])
def test_only_whoever_must_act_or_has_waited_is_mentioned(what: News) -> None:
    request = a_request(SAID_OF[what])
    for view in views().values():
        message = news(view, request, what, {"news": what, "state": request.state})
        mentioned = [part.key for part in message.title if isinstance(part, Mention)]
        assert mentioned == (["slack:U1"] if what in MENTIONED else [])


@pytest.mark.parametrize("what", [one for one in News if one])
def test_every_kind_of_news_is_said_in_both_languages(what: News) -> None:
    request = a_request(SAID_OF[what])
    english, chinese = (news(view, request, what, {"news": what}) for view in views().values())
    assert english.title != chinese.title
    assert english.mark is chinese.mark
    assert len(english.blocks) == len(chinese.blocks)
    assert [button.action for button in english.buttons] == [button.action for button in chinese.buttons]
