"""What Tencent Cloud calls back with (facts 6): receipts as an array, an answer of somebody as one object. Pure.

There is no callback of reviews, and nobody signs one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Annotated, Any, Literal, TypeVar

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
from integrations.tencent.config import Unconfirmed

MOST = 100
"""Receipts in one call (page 59178)."""

HOME = "86"
"""The mainland's own code, taken where none is told."""


def _country(value: Any) -> Any:
    return scalar(value) or HOME


Text = Annotated[str, BeforeValidator(spare)]
Words = Annotated[str, BeforeValidator(scalar), Field(max_length=LONGEST)]
Needed = Annotated[str, BeforeValidator(scalar), Field(min_length=1, max_length=200)]
Number = Annotated[str, BeforeValidator(scalar), Field(pattern=r"^\+?[0-9]{5,20}$")]
Code = Annotated[str, BeforeValidator(_country), Field(pattern=r"^\+?[0-9]{1,4}$")]


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)


class Status(_Item):
    """A receipt, with the names of the oldest interface."""

    mobile: Number
    report_status: Literal["SUCCESS", "FAIL"]
    sid: Needed
    nationcode: Code = HOME
    user_receive_time: Text = ""
    errmsg: Text = ""
    description: Text = ""
    ext: Text = ""


class Reply(_Item):
    """What somebody answered."""

    mobile: Number
    text: Words
    nationcode: Code = HOME
    time: Annotated[int, BeforeValidator(second)] = 0
    sign: Text = ""


T = TypeVar("T", bound=_Item)


class Pushes:
    """The receivers of an application, see `bot.contracts.push.Pushes`.

    Args:
        unconfirmed: how a receipt's time is read, which carries no zone.
    """

    kinds: Mapping[PushKind, str] = MappingProxyType(
        {PushKind.REPORT: "status callback", PushKind.REPLY: "reply callback"}
    )

    def __init__(self, unconfirmed: Unconfirmed) -> None:
        self._zone = timezone(timedelta(hours=unconfirmed.callback_utc_offset))

    def read(self, kind: PushKind, body: bytes) -> Pushed:
        """What a body says."""
        value = json_value(body)
        if kind is PushKind.REPORT:
            if not isinstance(value, list) or len(value) > MOST:
                raise NotAPush(f"a JSON array of at most {MOST} is expected")
            receipts, odd = each(value, lambda item: self._receipt(self._item(kind, Status, item)))
            return Pushed(receipts=receipts, left_out=odd)
        if kind is PushKind.REPLY:
            if not isinstance(value, dict):
                raise NotAPush("a JSON object is expected")
            return Pushed(replies=(_said(self._item(kind, Reply, value)),))
        raise NotAPush("Tencent Cloud pushes nothing of this kind")

    def _item(self, kind: PushKind, model: type[T], item: Any) -> T:
        try:
            return model.model_validate(item)
        except ValidationError as error:
            where = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
            raise NotAPush(f"no {self.kinds[kind]}: {where or 'item'}") from None

    def answer(self, refused: str = "") -> Mapping[str, object]:
        """`result` is a number; anything but 0 is sent twice more."""
        return {"result": 1, "errmsg": refused} if refused else {"result": 0, "errmsg": "OK"}

    def _receipt(self, item: Status) -> Receipt:
        return Receipt(
            message=item.sid,
            number=_number(item.nationcode, item.mobile),
            outcome=Outcome.DELIVERED if item.report_status == "SUCCESS" else Outcome.FAILED,
            code=item.errmsg,
            said=item.description,
            at=self._moment(item.user_receive_time),
            mark=item.ext,
        )

    def _moment(self, text: str) -> datetime | None:
        try:
            return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=self._zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def _said(item: Reply) -> Said:
    at = datetime.fromtimestamp(item.time, UTC) if item.time else None
    return Said(_number(item.nationcode, item.mobile), item.text, at, sign=item.sign)


def _number(country: str, mobile: str) -> str:
    """A number with its country's code; inside the mainland as people write it there."""
    code = country.removeprefix("+")
    plain = mobile.removeprefix("+")
    if code == HOME:
        return plain.removeprefix("86") if len(plain) == 13 else plain
    return f"+{plain}" if plain.startswith(code) and mobile.startswith("+") else f"+{code}{plain}"
