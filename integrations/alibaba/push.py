"""What Alibaba Cloud pushes (facts 9.1): reviews of signatures and templates, receipts, and answers of people. Pure.

A body is a JSON array; nobody signs it. So everything that is needed of an item must be there; what is not known is passed
over, and so is what is only good to have and cannot be read.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, ValidationError

from bot.contracts.model import Kind, State
from bot.contracts.push import (
    LONGEST,
    Hint,
    NotAPush,
    Outcome,
    Pushed,
    PushKind,
    Receipt,
    Said,
    each,
    scalar,
    spare,
)
from integrations.alibaba import words
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.globe import moment, outcomes
from integrations.alibaba.wire import text_date
from integrations.http import json_value

DELIVERED = "DELIVERED"


Text = Annotated[str, BeforeValidator(spare)]
Words = Annotated[str, BeforeValidator(scalar), Field(max_length=LONGEST)]
Needed = Annotated[str, BeforeValidator(scalar), Field(min_length=1, max_length=200)]
Number = Annotated[str, BeforeValidator(scalar), Field(pattern=r"^\+?[0-9]{5,20}$")]


class _Item(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True, str_strip_whitespace=True
    )


class SignReport(_Item):
    """An item of SignSmsReport."""

    sign_name: Needed
    sign_status: Needed
    order: Annotated[Text, Field(alias="orderId")] = ""
    reason: Text = ""


class TemplateReport(_Item):
    """An item of TemplateSmsReport."""

    template_code: Needed
    template_status: Needed
    order: Annotated[Text, Field(alias="orderId")] = ""
    reason: Text = ""


class SmsReport(_Item):
    """An item of SmsReport: a receipt."""

    phone_number: Number
    success: StrictBool
    biz_id: Needed
    send_time: Text = ""
    report_time: Text = ""
    err_code: Text = ""
    err_msg: Text = ""
    sms_size: Text = ""
    out_id: Text = ""


class SmsUp(_Item):
    """An item of SmsUp: what somebody answered."""

    phone_number: Number
    content: Words
    send_time: Text = ""
    sequence_id: Text = ""
    sign_name: Text = ""


T = TypeVar("T", bound=_Item)


class Pushes:
    """The receivers of an account, see `bot.contracts.push.Pushes`.

    Args:
        unconfirmed: how the dates are read, which carry no zone.
    """

    kinds: Mapping[PushKind, str] = MappingProxyType(
        {
            PushKind.SIGN: "SignSmsReport",
            PushKind.TEMPLATE: "TemplateSmsReport",
            PushKind.REPORT: "SmsReport",
            PushKind.REPLY: "SmsUp",
        }
    )

    def __init__(self, unconfirmed: Unconfirmed) -> None:
        self._unconfirmed = unconfirmed

    def read(self, kind: PushKind, body: bytes) -> Pushed:
        """What a body says."""
        match kind:
            case PushKind.SIGN:
                hints, odd = _each(body, SignReport, _of_signature)
                return Pushed(hints=hints, left_out=odd)
            case PushKind.TEMPLATE:
                hints, odd = _each(body, TemplateReport, _of_template)
                return Pushed(hints=hints, left_out=odd)
            case PushKind.REPORT:
                receipts, odd = _each(body, SmsReport, self._receipt)
                return Pushed(receipts=receipts, left_out=odd)
            case PushKind.REPLY:
                replies, odd = _each(body, SmsUp, self._said)
                return Pushed(replies=replies, left_out=odd)

    def answer(self, refused: str = "") -> Mapping[str, object]:
        """`code` is a number; anything but 0 is sent again after 1, 5 and 10 minutes."""
        return {"code": 1, "msg": refused} if refused else {"code": 0, "msg": "OK"}

    def _receipt(self, item: SmsReport) -> Receipt:
        size = item.sms_size
        return Receipt(
            message=item.biz_id,
            number=item.phone_number,
            outcome=Outcome.DELIVERED if item.success else Outcome.FAILED,
            code=item.err_code or (DELIVERED if item.success else ""),
            said=item.err_msg,
            at=text_date(item.report_time, self._unconfirmed),
            sent_at=text_date(item.send_time, self._unconfirmed),
            parts=int(size) if size.isascii() and size.isdecimal() and len(size) < 4 else None,
            mark=item.out_id,
        )

    def _said(self, item: SmsUp) -> Said:
        return Said(
            number=item.phone_number,
            text=item.content,
            at=text_date(item.send_time, self._unconfirmed),
            mark=item.sequence_id,
            sign=item.sign_name,
        )


class GlobeReport(_Item):
    """An item of SmsReport at the international site (facts 7)."""

    number: Annotated[Number, Field(alias="To")]
    status: Annotated[Needed, Field(alias="Status")]
    message: Annotated[Needed, Field(alias="MessageId")]
    mark: Annotated[Text, Field(alias="TaskId")] = ""
    size: Annotated[Text, Field(alias="SmsSize")] = ""
    sent: Annotated[Text, Field(alias="SendDate")] = ""
    received: Annotated[Text, Field(alias="ReceiveDate")] = ""
    code: Annotated[Text, Field(alias="ErrorCode")] = ""
    said: Annotated[Text, Field(alias="ErrorDescription")] = ""


class GlobePushes:
    """The receivers of an account at the international site: receipts alone.

    Args:
        unconfirmed: what the status means.
    """

    kinds: Mapping[PushKind, str] = MappingProxyType({PushKind.REPORT: "SmsReport"})

    def __init__(self, unconfirmed: Unconfirmed) -> None:
        self._outcomes = outcomes(sent_is_delivered=unconfirmed.sent_is_delivered)

    def read(self, kind: PushKind, body: bytes) -> Pushed:
        """What a body says."""
        if kind is not PushKind.REPORT:
            raise NotAPush("the international site pushes nothing of this kind")
        receipts, odd = _each(body, GlobeReport, self._receipt)
        return Pushed(receipts=receipts, left_out=odd)

    def answer(self, refused: str = "") -> Mapping[str, object]:
        """As at the other site; anything else is sent again after 1 and 5 minutes (facts 9.1)."""
        return {"code": 1, "msg": refused} if refused else {"code": 0, "msg": "OK"}

    def _receipt(self, item: GlobeReport) -> Receipt:
        outcome, size = self._outcomes.get(item.status), item.size
        return Receipt(
            message=item.message,
            number=item.number,
            outcome=outcome or Outcome.SILENT,
            code=item.code or ("" if outcome else item.status),
            said=item.said,
            at=moment(item.received),
            sent_at=moment(item.sent),
            parts=int(size) if size.isascii() and size.isdecimal() and len(size) < 4 else None,
            mark=item.mark,
        )


def _of_signature(item: SignReport) -> Hint:
    passed = State.APPROVED  # and now the carriers file it
    return _hint(Kind.SIGNATURE, item.sign_name, item.order, item.sign_status, item.reason, passed)


def _of_template(item: TemplateReport) -> Hint:
    return _hint(Kind.TEMPLATE, item.template_code, item.order, item.template_status, item.reason, State.READY)


def _hint(kind: Kind, ref: str, order: str, word: str, reason: str, passed: State) -> Hint:
    review = words.review(words.PUSH, word, passed=passed)
    return Hint(kind, ref, order, review.state, review.word, reason)


V = TypeVar("V")


def _each(body: bytes, model: type[T], value: Callable[[T], V]) -> tuple[tuple[V, ...], tuple[str, ...]]:
    """Every item of an array as a value of ours, and why others are none.

    Raises:
        NotAPush: it is no array, or none of its items is what it should be.
    """
    items = json_value(body)
    if not isinstance(items, list):
        raise NotAPush("a JSON array is expected")

    def read(item: Any) -> V:
        try:
            return value(model.model_validate(item))
        except ValidationError as error:
            where = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
            raise NotAPush(f"no {model.__name__}: {where or 'item'}") from None

    return each(items, read)
