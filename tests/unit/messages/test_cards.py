"""What is said of a test message in each of its states, word for word in both languages."""

from dataclasses import replace
from datetime import timedelta

from inline_snapshot import snapshot

from bot.contracts.errors import NoAnswer
from bot.contracts.model import Refusal, Words
from bot.contracts.sent import SendState
from bot.messages.cards import news
from integrations.alibaba.messages import MEANINGS
from integrations.ucloud.messages import Messages
from tests.given import MONDAY
from tests.reading import in_both
from tests.unit.messages.test_following import LOST

UCLOUD = object.__new__(Messages)
"""What it tells of itself needs no account."""


def said(state: SendState, signature: int | None = None, **changes: object) -> str:
    message = replace(LOST, state=state, values={"fee": "12"}, **changes)  # type: ignore[arg-type]
    return in_both(lambda view: news(view, message, UCLOUD, signature))


def test_where_it_went_well() -> None:
    arrived = said(SendState.DELIVERED, receipt_at=MONDAY + timedelta(seconds=8))
    assert said(SendState.SENT) + arrived == snapshot("""\
⏳ **T3 to 138****1234: aliyun took it**, the carrier's receipt is not there yet
Next: trace aliyun 138****1234

⏳ **T3 发往 138****1234：aliyun 已接收**，运营商回执未到
下一步: trace aliyun 138****1234
✅ **T3 to 138****1234 delivered through aliyun** · after 8 s @Li
取件通知, signed 【速达科技】, 1 part
Next: trace aliyun 138****1234

✅ **T3 已送达 138****1234（aliyun）** · 用时 8 秒 @Li
取件通知，签名【速达科技】，1 条计费
下一步: trace aliyun 138****1234
""")


def test_abroad_there_may_be_no_signature() -> None:
    arrived = said(SendState.DELIVERED, sign="")
    assert "取件通知, without a signature, 1 part\n" in arrived
    assert "取件通知，不带签名，1 条计费\n" in arrived


def test_where_it_did_not() -> None:
    failed = said(SendState.UNDELIVERED, code="DI:9429", said="签名问题", signature=4)
    strange = said(SendState.UNDELIVERED, code="XA:0099", said="网关失败")
    refusal = Refusal("18017", "Template not found", "r-1", "input", Words("Look at the template.", "请检查模板。"))
    refused = said(SendState.REFUSED, refusal=refusal)
    assert failed + strange + refused == snapshot("""\
❌ **T3 to 138****1234 not delivered through aliyun**: refused because of the signature @Li
Ask UCloud's support about the signature's filing, with the number of the sending.
Code `DI:9429`.
Next: show #4 · trace aliyun 138****1234

❌ **T3 未送达 138****1234（aliyun）**：因签名被拒绝 @Li
请凭发送编号向 UCloud 技术支持查询该签名的报备情况。
代码 `DI:9429`。
下一步: 查看 #4 · trace aliyun 138****1234
❌ **T3 to 138****1234 not delivered through aliyun**: code XA:0099 @Li
> 网关失败
Code `XA:0099`: a carrier's own, and not in my list; the vendor's support explains it.
Next: trace aliyun 138****1234

❌ **T3 未送达 138****1234（aliyun）**：代码 XA:0099 @Li
> 网关失败
代码 `XA:0099`：运营商自定义代码，不在我的列表中；请咨询平台技术支持。
下一步: trace aliyun 138****1234
❌ **T3 to 138****1234 not sent: aliyun did not take it** @Li
> Template not found
This means: Look at the template.
Code `18017`, request id `r-1`.
Next: send aliyun 取件通知 138****1234 fee=12 sign=速达科技

❌ **T3 未发往 138****1234：aliyun 未接受** @Li
> Template not found
意思是：请检查模板。
代码 `18017`，请求编号 `r-1`。
下一步: 发送 aliyun 取件通知 138****1234 fee=12 签名=速达科技
""")


def test_where_nobody_knows() -> None:
    unknown = said(SendState.UNKNOWN, refusal=Refusal(NoAnswer.TIMEOUT))
    assert unknown + said(SendState.SILENT) + said(SendState.ABSENT) == snapshot("""\
⚠️ **T3 to 138****1234 at aliyun: unknown** @Li
I sent it, and aliyun did not answer in time.
aliyun tells what it sent only by an id that I did not get. Look at the phone, or at the sending records in the console; a pushed receipt settles it by itself. I will not send it twice.
Next: trace aliyun 138****1234

⚠️ **T3 发往 138****1234（aliyun）：结果未知** @Li
已发出，但 aliyun 未在规定时间内答复。
aliyun 只能按发送编号查询，而我没有收到编号。请查看手机或控制台的发送记录；收到推送回执后会自动落实。我不会重复发送。
下一步: trace aliyun 138****1234
⚠️ **T3 to 138****1234: no receipt through aliyun** @Li
The carrier does not say what became of it. Look at the phone.
Next: trace aliyun 138****1234

⚠️ **T3 发往 138****1234：aliyun 没有回执** @Li
运营商没有告知结果，请查看手机。
下一步: trace aliyun 138****1234
❌ **T3 to 138****1234 was never sent**: aliyun does not have it @Li
It was lost on its way there, and costs nothing. Send it again if you still want to.
Next: send aliyun 取件通知 138****1234 fee=12 sign=速达科技

❌ **T3 没有发往 138****1234**：aliyun 没有这条记录 @Li
请求在途中丢失，不计费。如仍需要，请再次发送。
下一步: 发送 aliyun 取件通知 138****1234 fee=12 签名=速达科技
""")


def test_every_meaning_stands_behind_a_colon_or_is_a_sentence() -> None:
    for meanings in (MEANINGS, Messages.meanings):
        for one in meanings.values():
            assert not one.what.en.endswith(".")
            assert not one.what.zh.endswith("。")
            assert one.do is None or (one.do.en.endswith(".") and one.do.zh.endswith("。"))
