"""Messages to single numbers through Alibaba Cloud: SendSms and QuerySendDetails (facts 6.1, 6.2, 6.5)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType

from bot.contracts.errors import AnswerLost, NoAnswer
from bot.contracts.model import Words
from bot.contracts.numbers import plain
from bot.contracts.push import Outcome, Receipt
from bot.contracts.sending import Frequency, Handed, Meaning, Outgoing, Settles
from integrations.alibaba import wire
from integrations.alibaba.calls import PAGES, Calls, complete
from integrations.alibaba.config import Account
from integrations.alibaba.wire import Answer, Many, One, Part, Text, text_date

OUTCOMES: Mapping[str, Outcome] = MappingProxyType({"1": Outcome.WAITING, "2": Outcome.FAILED, "3": Outcome.DELIVERED})
"""`SendStatus` (facts 6.2)."""

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "DELIVERED": Meaning(Words("it arrived", "已送达")),
        "MOBILE_NOT_ON_SERVICE": Meaning(
            Words("the phone was off, out of service, or there is no such number", "手机关机、停机或空号"),
            Words("Look at the number, and switch the phone on.", "请核对号码，并确认手机已开机。"),
        ),
        "INVALID_NUMBER": Meaning(
            Words("there is no such number", "号码无效"), Words("Look at the number.", "请核对号码。")
        ),
        "MOBILE_SEND_LIMIT": Meaning(
            Words("too many messages to this number", "超过该号码的频率限制"),
            Words("Wait an hour, or put the number on the allow-list.", "请一小时后再试，或将号码加入白名单。"),
        ),
        "MOBILE_IN_BLACK": Meaning(
            Words("the number is on a blacklist: it complained or opted out", "号码在黑名单中：曾投诉或退订"),
            Words("Use another number; its owner can have it taken off.", "请换一个号码；机主可申请移出黑名单。"),
        ),
        "CONTENT_KEYWORD": Meaning(
            Words("a carrier blocks a word in it", "内容含运营商屏蔽词"),
            Words("Look at the values first, then at the template's text.", "请先检查变量值，再检查模板内容。"),
        ),
        "IS_CLOSE": Meaning(
            Words("the carrier's channel is closed", "运营商通道已关闭"),
            Words("Ask the vendor's support with the number of the sending.", "请凭发送编号联系平台技术支持。"),
        ),
        "PORT_NOT_REGISTERED": Meaning(
            Words("the signature is not filed with this carrier", "签名未在该运营商完成实名报备"),
            Words(
                "Look at the signature's filing; it can take 7 to 10 workdays.",
                "请查看该签名的报备进度；一般需要 7–10 个工作日。",
            ),
            sign=True,
        ),
    }
)
"""Receipt codes (facts 6.5); the list is not complete, and carriers send codes of their own."""

LIMITS = (
    Frequency(1, timedelta(minutes=1), frozenset({"otp"})),
    Frequency(5, timedelta(hours=1), frozenset({"otp"})),
    Frequency(10, timedelta(days=1), frozenset({"otp"})),
    Frequency(50, timedelta(days=1), frozenset({"notice", "promo"})),
)
"""Facts 10.4; an enterprise may have set others in the console."""


class Sent(Answer):
    """Answer of SendSms."""

    BizId: Text = ""


class Detail(Part):
    """One message; its text is not even read."""

    SendStatus: Text = ""
    ErrCode: Text = ""
    OutId: Text = ""
    SendDate: Text = ""
    ReceiveDate: Text = ""
    TemplateCode: Text = ""


class Details(Part):
    """The messages of a page."""

    SmsSendDetailDTO: Many[Detail] = ()


class Listed(Answer):
    """Answer of QuerySendDetails; the count is a text."""

    TotalCount: Text = ""
    SmsSendDetailDTOs: One[Details] = Details()


class Messages:
    """Sending and what became of it, see `bot.contracts.sending.Sending`.

    Args:
        account: how we read what is not documented.
        calls: of the account.
    """

    settles: Settles = Settles.BY_MARK
    kept: timedelta | None = timedelta(days=30)
    limits: tuple[Frequency, ...] = LIMITS
    promo_hours: tuple[int, int] = (8, 20)
    meanings: Mapping[str, Meaning] = MEANINGS
    unsigned_abroad: bool = False  # SignName is required (facts 6.1)
    texts_abroad: bool = False

    def __init__(self, account: Account, calls: Calls) -> None:
        self._unconfirmed = account.unconfirmed
        self._calls = calls
        self.lag = timedelta(seconds=account.unconfirmed.details_lag_seconds)

    async def send(self, message: Outgoing) -> Handed:
        """SendSms to one number; `OutId` comes back in the details and the receipt."""
        parameters = {
            "PhoneNumbers": plain(message.number).removeprefix("+"),
            "SignName": message.sign,
            "TemplateCode": message.template,
            "OutId": message.mark,
        }
        if message.values:
            parameters["TemplateParam"] = wire.compact(dict(message.values))
        answer = await self._calls.write("SendSms", parameters, Sent)
        if not answer.BizId:
            raise AnswerLost(NoAnswer.GARBAGE, "the answer names no sending", request_id=answer.RequestId)
        return Handed(answer.BizId, request_id=answer.RequestId)

    async def receipts(self, number: str, day: date, messages: Sequence[str]) -> tuple[Receipt, ...]:
        """QuerySendDetails of one number and day."""
        del messages
        found: list[Receipt] = []
        for page in range(1, PAGES + 1):
            parameters = {
                "PhoneNumber": plain(number).removeprefix("+"),
                "SendDate": f"{day:%Y%m%d}",
                "PageSize": str(wire.PAGE_SIZE),
                "CurrentPage": str(page),
            }
            answer = await self._calls.read("QuerySendDetails", parameters, Listed)
            rows = answer.SmsSendDetailDTOs.SmsSendDetailDTO
            found += [self._receipt(number, row) for row in rows]
            if complete(len(found), len(rows), answer.TotalCount, wire.PAGE_SIZE):
                break
        return tuple(found)

    def _receipt(self, number: str, row: Detail) -> Receipt:
        outcome = OUTCOMES.get(row.SendStatus)
        return Receipt(
            message="",
            number=number,
            outcome=outcome or Outcome.SILENT,
            code=row.ErrCode or ("" if outcome else row.SendStatus),
            at=text_date(row.ReceiveDate, self._unconfirmed),
            sent_at=text_date(row.SendDate, self._unconfirmed),
            mark=row.OutId,
            template=row.TemplateCode,
        )
