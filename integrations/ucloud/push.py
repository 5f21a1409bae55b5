"""What UCloud calls back with (facts 6): receipts and answers of people, several at once. Pure.

There is no callback of reviews, and nobody signs one. The page says "JSON array" and shows an object that holds `Data`:
both are taken.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from bot.contracts.push import NotAPush, Outcome, Pushed, PushKind, Receipt, Said
from integrations.http import json_value

LATEST = 4_102_444_800
"""The year 2100, in Unix seconds: what lies beyond is no moment of ours."""

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


def _scalar(value: Any) -> Any:
    """Any scalar as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


Text = Annotated[str, BeforeValidator(_scalar), Field(max_length=2000)]
Needed = Annotated[str, BeforeValidator(_scalar), Field(min_length=1, max_length=200)]
Number = Annotated[str, BeforeValidator(_scalar), Field(pattern=r"^(\([0-9]{1,5}\)|\+)?[0-9]{5,20}$")]
Seconds = Annotated[int, Field(ge=0, lt=LATEST)]


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)


class Report(_Item):
    """A receipt; GetUSMSSendReceipt answers with the same (facts 5)."""

    Phone: Number
    ReceiptResult: Needed
    SessionNo: Needed
    ReceiptCode: Text | None = ""
    ReceiptDesc: Text | None = ""
    ReceiptTime: Seconds | None = 0
    CostCount: Annotated[int, Field(ge=0, lt=1000)] | None = None
    UserId: Text | None = ""


class Reply(_Item):
    """What somebody answered."""

    Phone: Number
    ReplyContent: Text
    ReplyTime: Seconds | None = 0


class Pushes:
    """The receivers of a project, see `bot.contracts.push.Pushes`."""

    kinds: Mapping[PushKind, str] = MappingProxyType({PushKind.REPORT: "delivery report", PushKind.REPLY: "uplink"})

    def read(self, kind: PushKind, body: bytes) -> Pushed:
        """What a body says."""
        if kind not in MESSAGE_TYPES:
            raise NotAPush("UCloud pushes nothing of this kind")
        items = _items(json_value(body), MESSAGE_TYPES[kind])
        try:
            if kind is PushKind.REPORT:
                reports = TypeAdapter(list[Report]).validate_python(items)
                return Pushed(receipts=tuple(map(receipt, reports)))
            replies = TypeAdapter(list[Reply]).validate_python(items)
            return Pushed(replies=tuple(map(_said, replies)))
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
        said=item.ReceiptDesc or "",
        at=_moment(item.ReceiptTime),
        parts=item.CostCount,
        mark=item.UserId or "",
    )


def _said(item: Reply) -> Said:
    return Said(item.Phone, item.ReplyContent, _moment(item.ReplyTime))


def _moment(seconds: int | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds else None


def _items(value: Any, message_type: int) -> list[Any]:
    """The rows of a body, whichever of its two forms it has."""
    if isinstance(value, dict):
        if _scalar(value.get("MsgType")) != str(message_type):
            raise NotAPush(f"MsgType {message_type} is expected")
        value = value.get("Data")
    if not isinstance(value, list):
        raise NotAPush("Data, a JSON array, is expected")
    return value
