"""What UCloud calls back with (facts 6): receipts and answers of people, several at once. Pure.

There is no callback of reviews, and nobody signs one. The page says "JSON array" and shows an object that holds `Data`:
both are taken.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.contracts.push import (
    LONGEST,
    NotAPush,
    Outcome,
    Pushed,
    PushKind,
    Receipt,
    Said,
    each,
    scalar,
    second,
    spare,
)
from integrations.http import json_value

MESSAGE_TYPES = MappingProxyType({PushKind.REPORT: 2, PushKind.REPLY: 0})

RESULTS: Mapping[str, Outcome] = MappingProxyType(
    {
        "发送成功": Outcome.DELIVERED,
        "Success": Outcome.DELIVERED,
        "发送失败": Outcome.FAILED,
        "Fail": Outcome.FAILED,
        "状态未知": Outcome.SILENT,
        "Unknow": Outcome.SILENT,  # spelt so (facts 5)
        "Unknown": Outcome.SILENT,
    }
)
"""`ReceiptResult`, in both languages that it comes in."""


def _parts(value: Any) -> int | None:
    told = scalar(value)
    return int(told) if isinstance(told, str) and told.isascii() and told.isdecimal() and len(told) < 4 else None


Text = Annotated[str, BeforeValidator(spare)]
Words = Annotated[str, BeforeValidator(scalar), Field(max_length=LONGEST)]
Needed = Annotated[str, BeforeValidator(scalar), Field(min_length=1, max_length=200)]
Number = Annotated[str, BeforeValidator(scalar), Field(pattern=r"^(\([0-9]{1,5}\)|\+)?[0-9]{5,20}$")]
Seconds = Annotated[int, BeforeValidator(second)]


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)


class Report(_Item):
    """A receipt; GetUSMSSendReceipt answers with the same (facts 5)."""

    Phone: Number
    ReceiptResult: Needed
    SessionNo: Needed
    ReceiptCode: Text = ""
    ReceiptDesc: Text = ""
    ReceiptTime: Seconds = 0
    CostCount: Annotated[int | None, BeforeValidator(_parts)] = None
    UserId: Text = ""


class Reply(_Item):
    """What somebody answered."""

    Phone: Number
    ReplyContent: Words
    ReplyTime: Seconds = 0


T = TypeVar("T", bound=_Item)


class Pushes:
    """The receivers of a project, see `bot.contracts.push.Pushes`."""

    kinds: Mapping[PushKind, str] = MappingProxyType({PushKind.REPORT: "delivery report", PushKind.REPLY: "uplink"})

    def read(self, kind: PushKind, body: bytes) -> Pushed:
        """What a body says."""
        if kind not in MESSAGE_TYPES:
            raise NotAPush("UCloud pushes nothing of this kind")
        items = _items(json_value(body), MESSAGE_TYPES[kind])
        if kind is PushKind.REPORT:
            receipts, odd = each(items, lambda item: receipt(self._item(kind, Report, item)))
            return Pushed(receipts=receipts, left_out=odd)
        replies, odd = each(items, lambda item: _said(self._item(kind, Reply, item)))
        return Pushed(replies=replies, left_out=odd)

    def _item(self, kind: PushKind, model: type[T], item: Any) -> T:
        try:
            return model.model_validate(item)
        except ValidationError as error:
            where = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
            raise NotAPush(f"no {self.kinds[kind]}: {where or 'item'}") from None

    def answer(self, refused: str = "") -> Mapping[str, object]:
        """`code` is a number; anything but 0 is sent again each second, three times in all."""
        return {"code": 1, "message": refused} if refused else {"code": 0, "message": "ok"}


def receipt(item: Report) -> Receipt:
    """A receipt as a value of ours; a result that is not in our map is not known, with its word beside the code."""
    outcome = RESULTS.get(item.ReceiptResult)
    return Receipt(
        message=item.SessionNo,
        number=item.Phone,
        outcome=outcome or Outcome.SILENT,
        code=item.ReceiptCode or ("" if outcome else item.ReceiptResult),
        said=item.ReceiptDesc,
        at=_moment(item.ReceiptTime),
        parts=item.CostCount,
        mark=item.UserId,
    )


def _said(item: Reply) -> Said:
    return Said(item.Phone, item.ReplyContent, _moment(item.ReplyTime))


def _moment(seconds: int) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _items(value: Any, message_type: int) -> list[Any]:
    """The rows of a body, whichever of its two forms it has."""
    if isinstance(value, dict):
        if scalar(value.get("MsgType")) != str(message_type):
            raise NotAPush(f"MsgType {message_type} is expected")
        value = value.get("Data")
    if not isinstance(value, list):
        raise NotAPush("Data, a JSON array, is expected")
    return value
