"""Messages to single numbers through UCloud: SendUSMSMessage and GetUSMSSendReceipt (facts 5)."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, ValidationError

from bot.contracts.errors import AnswerLost, NoAnswer
from bot.contracts.model import Words
from bot.contracts.numbers import calling_code, same
from bot.contracts.push import Receipt
from bot.contracts.sending import Frequency, Handed, Meaning, Outgoing, Settles
from integrations.ucloud import wire
from integrations.ucloud.answers import Answer, Text, as_rows
from integrations.ucloud.calls import Calls
from integrations.ucloud.config import Account
from integrations.ucloud.push import Report, receipt

AT_ONCE = 100
"""Sendings that one call asks about (facts 5)."""

_OFF = Words("Look at the number, and switch the phone on.", "请核对号码，并确认手机已开机。")
_WAIT = Words("Wait an hour, then try once more.", "请一小时后再试。")
_TEXT = Words("Look at the values first, then at the template's text.", "请先检查变量值，再检查模板内容。")

_CONTENT = Meaning(Words("the text does not comply, or looks like fraud", "内容不合规或疑似诈骗"), _TEXT)
_BLACK = Words("Use another number; its owner can have it taken off.", "请换一个号码；机主可申请移出黑名单。")

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "0": Meaning(Words("it arrived", "已送达")),
        "DELIVRD": Meaning(Words("it arrived", "已送达")),
        "EXPIRED": Meaning(
            Words("the carrier gave up: the phone was out of reach too long", "超过有效期：手机长时间无法接通"), _OFF
        ),
        "MSBLACK": Meaning(
            Words("the number is on a carrier's do-not-disturb list", "号码在运营商免打扰名单中"), _BLACK
        ),
        "DI:9403": Meaning(Words("the number is on a blacklist", "号码在黑名单中"), _BLACK),
        "DI:9413": Meaning(
            Words("the same text to this number within 10 seconds", "10 秒内向该号码重复发送相同内容"), _WAIT
        ),
        "DI:9415": _CONTENT,
        "DI:9416": _CONTENT,
        "DI:9422": _CONTENT,
        "DI:9423": _CONTENT,
        "DI:9427": _CONTENT,
        "DI:9429": Meaning(
            Words("refused because of the signature", "因签名被拒绝"),
            Words(
                "Ask UCloud's support about the signature's filing, with the number of the sending.",
                "请凭发送编号向 UCloud 技术支持查询该签名的报备情况。",
            ),
            sign=True,
        ),
        "DI:9431": Meaning(
            Words("the signature is blocked after complaints", "签名因投诉被封禁"),
            Words(
                "Ask UCloud's support, and look at who is sent what.", "请联系 UCloud 技术支持，并检查发送对象与内容。"
            ),
            sign=True,
        ),
        "DI:9432": Meaning(Words("more than one a minute to this number", "该号码每分钟超过 1 条"), _WAIT),
        "DI:9433": Meaning(Words("more than three an hour to this number", "该号码每小时超过 3 条"), _WAIT),
        "DI:9434": Meaning(Words("more than six an hour to this number", "该号码每小时超过 6 条"), _WAIT),
    }
)
"""The frequent receipt codes (facts 5); the vendor's table has some 2,600, so its own words are shown beside."""

LIMITS = (Frequency(1, timedelta(minutes=1)), Frequency(3, timedelta(hours=1)))
"""No figure of the vendor's own is published; these are what the carriers' codes speak of (facts 5, 8)."""


class Sent(Answer):
    """Answer of SendUSMSMessage."""

    session: Text = Field(default="", alias="SessionNo")


class Session(Answer):
    """The receipts of one sending."""

    session: Text = Field(default="", alias="SessionNo")
    rows: Annotated[list[dict[str, Any]], BeforeValidator(as_rows)] = Field(default_factory=list, alias="ReceiptSet")


class Receipts(Answer):
    """Answer of GetUSMSSendReceipt."""

    rows: Annotated[list[Session], BeforeValidator(as_rows)] = Field(default_factory=list, alias="Data")


class Messages:
    """Sending and what became of it, see `bot.contracts.sending.Sending`.

    Args:
        account: the project.
        calls: of the account.
    """

    settles: Settles = Settles.BY_PUSH
    kept: timedelta | None = None
    limits: tuple[Frequency, ...] = LIMITS
    promo_hours: tuple[int, int] = (8, 20)
    meanings: Mapping[str, Meaning] = MEANINGS
    unsigned_abroad: bool = True  # facts 5
    texts_abroad: bool = False

    def __init__(self, account: Account, calls: Calls) -> None:
        self._account = account
        self._calls = calls
        self.lag = timedelta(seconds=account.unconfirmed.details_lag_seconds)

    async def send(self, message: Outgoing) -> Handed:
        """SendUSMSMessage to one number; `UserId` comes back with the receipt."""
        parameters = wire.call(
            self._account,
            "SendUSMSMessage",
            {
                "PhoneNumbers.0": _phone(message.number),
                "TemplateId": message.template,
                "SigContent": message.sign,
                "UserId": message.mark,
                **{f"TemplateParams.{index}": value for index, (_, value) in enumerate(message.values)},
            },
        )
        answer, request = await self._calls.change_as(Sent, parameters)
        if not answer.session:
            raise AnswerLost(NoAnswer.GARBAGE, "the answer names no sending", request_id=request)
        return Handed(answer.session, request_id=request)

    async def receipts(self, number: str, day: date, messages: Sequence[str]) -> tuple[Receipt, ...]:
        """GetUSMSSendReceipt of the sendings that are known here; the vendor tells nothing by number."""
        del day
        found: list[Receipt] = []
        for start in range(0, len(messages), AT_ONCE):
            some = messages[start : start + AT_ONCE]
            parameters = wire.call(
                self._account,
                "GetUSMSSendReceipt",
                {f"SessionNoSet.{index}": session for index, session in enumerate(some)},
            )
            answer = await self._calls.ask(Receipts, parameters)
            for session in answer.rows:
                found += [told for row in session.rows if (told := _told(session.session, row)) is not None]
        return tuple(one for one in found if same(one.number, number))


def _told(session: str, row: dict[str, Any]) -> Receipt | None:
    """One receipt; none where the row cannot be one."""
    try:
        return receipt(Report.model_validate({"SessionNo": session, **row}))
    except ValidationError:
        return None


def _phone(number: str) -> str:
    """A number as this vendor takes it: bare in the mainland, elsewhere with the country's code in brackets, `(60)1…`."""
    code, rest = calling_code(number)
    return f"({code}){rest}" if code else rest
