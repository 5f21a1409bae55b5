"""What Alibaba Cloud pushes (facts 9.1): reviews of signatures and templates, receipts, and answers of people. Pure.

A body is a JSON array; nobody signs it. So everything that is needed of an item must be there, and what is not known is
passed over.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, TypeAdapter, ValidationError

from bot.contracts.model import Kind, State
from bot.contracts.push import Hint, NotAPush, Outcome, Pushed, PushKind, Receipt, Said
from integrations.alibaba import words
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.globe import moment, outcomes
from integrations.alibaba.wire import text_date
from integrations.http import json_value

DELIVERED = "DELIVERED"


def _scalar(value: Any) -> Any:
    """Ids and sizes are texts on one page of the documents and numbers on another (facts 9.1)."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


Text = Annotated[str, BeforeValidator(_scalar), Field(max_length=2000)]
Needed = Annotated[str, BeforeValidator(_scalar), Field(min_length=1, max_length=200)]
Number = Annotated[str, BeforeValidator(_scalar), Field(pattern=r"^\+?[0-9]{5,20}$")]


class _Item(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True, str_strip_whitespace=True
    )


class SignReport(_Item):
    """An item of SignSmsReport."""

    sign_name: Needed
    sign_status: Needed
    order: Annotated[Text, Field(alias="orderId")] = ""
    reason: Text | None = ""


class TemplateReport(_Item):
    """An item of TemplateSmsReport."""

    template_code: Needed
    template_status: Needed
    order: Annotated[Text, Field(alias="orderId")] = ""
    reason: Text | None = ""


class SmsReport(_Item):
    """An item of SmsReport: a receipt."""

    phone_number: Number
    success: StrictBool
    biz_id: Needed
    send_time: Text | None = ""
    report_time: Text | None = ""
    err_code: Text | None = ""
    err_msg: Text | None = ""
    sms_size: Text | None = ""
    out_id: Text | None = ""


class SmsUp(_Item):
    """An item of SmsUp: what somebody answered."""

    phone_number: Number
    content: Text
    send_time: Text | None = ""
    sequence_id: Text | None = ""
    sign_name: Text | None = ""


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
                return Pushed(hints=_each(body, SignReport, _of_signature))
            case PushKind.TEMPLATE:
                return Pushed(hints=_each(body, TemplateReport, _of_template))
            case PushKind.REPORT:
                return Pushed(receipts=_each(body, SmsReport, self._receipt))
            case PushKind.REPLY:
                return Pushed(replies=_each(body, SmsUp, self._said))

    def answer(self, refused: str = "") -> Mapping[str, object]:
        """`code` is a number; anything but 0 is sent again after 1, 5 and 10 minutes."""
        return {"code": 1, "msg": refused} if refused else {"code": 0, "msg": "OK"}

    def _receipt(self, item: SmsReport) -> Receipt:
        size = item.sms_size or ""
        return Receipt(
            message=item.biz_id,
            number=item.phone_number,
            outcome=Outcome.DELIVERED if item.success else Outcome.FAILED,
            code=item.err_code or (DELIVERED if item.success else ""),
            said=item.err_msg or "",
            at=text_date(item.report_time or "", self._unconfirmed),
            sent_at=text_date(item.send_time or "", self._unconfirmed),
            parts=int(size) if size.isascii() and size.isdecimal() and len(size) < 4 else None,
            mark=item.out_id or "",
        )

    def _said(self, item: SmsUp) -> Said:
        return Said(
            number=item.phone_number,
            text=item.content,
            at=text_date(item.send_time or "", self._unconfirmed),
            mark=item.sequence_id or "",
            sign=item.sign_name or "",
        )


class GlobeReport(_Item):
    """An item of SmsReport at the international site (facts 7)."""

    number: Annotated[Number, Field(alias="To")]
    status: Annotated[Needed, Field(alias="Status")]
    message: Annotated[Needed, Field(alias="MessageId")]
    mark: Annotated[Text | None, Field(alias="TaskId")] = ""
    size: Annotated[Text | None, Field(alias="SmsSize")] = ""
    sent: Annotated[Text | None, Field(alias="SendDate")] = ""
    received: Annotated[Text | None, Field(alias="ReceiveDate")] = ""
    code: Annotated[Text | None, Field(alias="ErrorCode")] = ""
    said: Annotated[Text | None, Field(alias="ErrorDescription")] = ""


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
        return Pushed(receipts=_each(body, GlobeReport, self._receipt))

    def answer(self, refused: str = "") -> Mapping[str, object]:
        """As at the other site; anything else is sent again after 1 and 5 minutes (facts 9.1)."""
        return {"code": 1, "msg": refused} if refused else {"code": 0, "msg": "OK"}

    def _receipt(self, item: GlobeReport) -> Receipt:
        outcome, size = self._outcomes.get(item.status), item.size or ""
        return Receipt(
            message=item.message,
            number=item.number,
            outcome=outcome or Outcome.SILENT,
            code=item.code or ("" if outcome else item.status),
            said=item.said or "",
            at=moment(item.received or ""),
            sent_at=moment(item.sent or ""),
            parts=int(size) if size.isascii() and size.isdecimal() and len(size) < 4 else None,
            mark=item.mark or "",
        )


def _of_signature(item: SignReport) -> Hint:
    passed = State.APPROVED  # and now the carriers file it
    return _hint(Kind.SIGNATURE, item.sign_name, item.order, item.sign_status, item.reason, passed)


def _of_template(item: TemplateReport) -> Hint:
    return _hint(Kind.TEMPLATE, item.template_code, item.order, item.template_status, item.reason, State.READY)


def _hint(kind: Kind, ref: str, order: str, word: str, reason: str | None, passed: State) -> Hint:
    review = words.review(words.PUSH, word, passed=passed)
    return Hint(kind, ref, order, review.state, review.word, reason or "")


V = TypeVar("V")


def _each(body: bytes, model: type[T], value: Callable[[T], V]) -> tuple[V, ...]:
    """Every item of an array as a value of ours.

    Raises:
        NotAPush: it is no array, or one item is not what it should be.
    """
    items = json_value(body)
    if not isinstance(items, list):
        raise NotAPush("a JSON array is expected")
    try:
        return tuple(value(item) for item in TypeAdapter(list[model]).validate_python(items))  # type: ignore[valid-type]
    except ValidationError as error:
        where = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
        raise NotAPush(f"no {model.__name__}: {where or 'item'}") from None
