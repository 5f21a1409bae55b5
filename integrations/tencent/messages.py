"""Messages to single numbers through Tencent Cloud: SendSms and DescribeSendRecordList (facts 5.1, 5.2, 8)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, ValidationError

from bot.contracts.errors import NoAnswer
from bot.contracts.model import Words
from bot.contracts.numbers import mainland, plain
from bot.contracts.push import Outcome, Receipt
from bot.contracts.sending import Frequency, Handed, Meaning, Outgoing, Settles
from bot.contracts.traffic import DAY, day_start
from integrations.tencent import wire
from integrations.tencent.answers import Number, Part, Text, request_id
from integrations.tencent.calls import Calls
from integrations.tencent.config import Account
from integrations.tencent.errors import clean, failure, no_answer

OK = "Ok"
"""A number's own code in a call that succeeded as a whole: anything else is a refusal (facts 5.1)."""

OUTCOMES: Mapping[int, Outcome] = MappingProxyType(
    {1: Outcome.FAILED, 2: Outcome.DELIVERED, 3: Outcome.WAITING, 4: Outcome.FAILED}
)
"""`SendStatus`: submit failed, delivered, sending, delivery failed (facts 5.2)."""

PAGE = 50
MOST_ROWS = 1000
"""The highest offset (facts 5.2)."""

_OFF = Meaning(
    Words("the phone was off, out of service, or there is no such number", "手机关机、停机或空号"),
    Words("Look at the number, and switch the phone on.", "请核对号码，并确认手机已开机。"),
)
_BLACK = Meaning(
    Words("the number is on a blacklist", "号码在黑名单中"),
    Words("Use another number, or take it off the blacklist in the console.", "请换一个号码，或在控制台移出黑名单。"),
)
MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        "DELIVRD": Meaning(Words("it arrived", "已送达")),
        "DELIVERED": Meaning(Words("it arrived", "已送达")),
        "EXPIRED": Meaning(
            Words("the carrier gave up: the phone was out of reach too long", "超过有效期：手机长时间无法接通"), _OFF.do
        ),
        "UNDELIV": Meaning(Words("the carrier could not deliver it", "运营商投递失败"), _OFF.do),
        "REJECTD": Meaning(
            Words("the carrier refused it", "运营商拒收"),
            Words("Look at the signature's filing and at the text.", "请检查签名报备情况与短信内容。"),
            sign=True,
        ),
        "MBBLACK": _BLACK,
        "MSBLACK": _BLACK,
        "BLACKLIST": _BLACK,
    }
)
"""The words of the carriers' protocol (SMPP) and the frequent blacklist codes; every carrier has more of its own."""

LIMITS = (Frequency(1, timedelta(seconds=30)), Frequency(2, DAY))
"""Page 13303: the same to one number in 30 seconds; one number a day; both adjustable in the console."""


class Status(Part):
    """A row of SendStatusSet: what became of handing over to one number."""

    serial: Annotated[Text, Field(alias="SerialNo")] = ""
    code: Annotated[Text, Field(alias="Code")] = ""
    message: Annotated[Text, Field(alias="Message")] = ""
    parts: Annotated[Number, Field(alias="Fee")] = 0


class Record(Part):
    """A row of SendRecordSet; the text, masked by the vendor, is not even read."""

    serial: Annotated[Text, Field(alias="SerialNo")] = ""
    status: Annotated[Number, Field(alias="SendStatus")] = 0
    asked: Annotated[Text, Field(alias="RequestCode")] = ""
    code: Annotated[Text, Field(alias="StatusCode")] = ""
    sent: Annotated[Number, Field(alias="SendTime", ge=0, lt=4_102_444_800)] = 0
    received: Annotated[Number, Field(alias="UserReceiveTime", ge=0, lt=4_102_444_800)] = 0


def e164(number: str) -> str:
    """A number as this vendor takes it."""
    told = plain(number)
    return told if told.startswith("+") else f"+86{told}" if len(told) == 11 else f"+{told}"


class Messages:
    """Sending and what became of it, see `bot.contracts.sending.Sending`.

    Args:
        account: the application.
        calls: of the account.
        now: the time the vendor lives in: details go back 72 hours from it.
    """

    settles: Settles = Settles.BY_NUMBER
    kept: timedelta | None = timedelta(hours=72)
    limits: tuple[Frequency, ...] = LIMITS
    promo_hours: tuple[int, int] = (8, 22)
    meanings: Mapping[str, Meaning] = MEANINGS
    unsigned_abroad: bool = True  # facts 5.1, 7.2
    texts_abroad: bool = False

    def __init__(self, account: Account, calls: Calls, *, now: Callable[[], datetime]) -> None:
        self._app = account.sdk_app_id
        self._sender = account.sender_id
        self._calls = calls
        self._now = now
        self.lag = timedelta(seconds=account.unconfirmed.details_lag_seconds)

    async def send(self, message: Outgoing) -> Handed:
        """SendSms to one number; the call succeeds even where the number is refused."""
        body: wire.Body = {
            "PhoneNumberSet": [e164(message.number)],
            "SmsSdkAppId": self._app,
            "TemplateId": message.template,
            "TemplateParamSet": [value for _, value in message.values],
            "SessionContext": message.mark,
        }
        if message.sign:
            body["SignName"] = message.sign
        if self._sender and not mainland(message.number):
            body["SenderId"] = self._sender
        answer = await self._calls.write("SendSms", body)
        try:
            (status,) = [Status.model_validate(row) for row in answer.get("SendStatusSet") or ()]
        except (ValidationError, TypeError, ValueError):
            raise no_answer(NoAnswer.GARBAGE, "the answer does not speak of the number", write=True) from None
        if status.code != OK:
            if not status.code:
                raise no_answer(NoAnswer.GARBAGE, "the answer has no code for the number", write=True)
            raise failure(clean(status.code, ()), clean(status.message, ()), request_id(answer), write=True)
        if not status.serial:
            raise no_answer(NoAnswer.GARBAGE, "the answer names no sending", write=True)
        return Handed(status.serial, status.parts or None, request_id(answer))

    async def receipts(self, number: str, day: date, messages: Sequence[str]) -> tuple[Receipt, ...]:
        """DescribeSendRecordList of one number and day, as far as 72 hours back."""
        del messages
        oldest = self._now() - timedelta(hours=72) + timedelta(minutes=1)
        first, last = (
            max(day_start(day).astimezone(UTC), oldest),
            min((day_start(day) + DAY).astimezone(UTC), self._now()),
        )
        if first >= last:
            return ()
        found: list[Receipt] = []
        while len(found) <= MOST_ROWS:
            body: wire.Body = {
                "PhoneNumber": e164(number),
                "SmsSdkAppId": self._app,
                "BeginTime": int(first.timestamp()),
                "EndTime": int(last.timestamp()),
                "Limit": PAGE,
                "Offset": len(found),
            }
            answer = await self._calls.read("DescribeSendRecordList", body)
            try:
                records = [Record.model_validate(row) for row in answer.get("SendRecordSet") or ()]
            except (ValidationError, TypeError):
                raise no_answer(NoAnswer.GARBAGE, "the records cannot be read", write=False) from None
            found += [_receipt(number, record) for record in records]
            if len(records) < PAGE:
                break
        return tuple(found)


def _receipt(number: str, record: Record) -> Receipt:
    outcome = OUTCOMES.get(record.status)
    refused = record.asked if record.status == 1 else ""
    return Receipt(
        message=record.serial,
        number=number,
        outcome=outcome or Outcome.SILENT,
        code=refused or record.code or ("" if outcome else str(record.status)),
        at=datetime.fromtimestamp(record.received, UTC) if record.received else None,
        sent_at=datetime.fromtimestamp(record.sent, UTC) if record.sent else None,
    )
