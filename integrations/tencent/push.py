"""What Tencent Cloud calls back with (facts 6): receipts as an array, an answer of somebody as one object. Pure.

There is no callback of reviews, and nobody signs one.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from bot.contracts.push import NotAPush, Outcome, Pushed, PushKind, Receipt, Said
from integrations.http import json_value
from integrations.tencent.config import Unconfirmed

MOST = 100
"""Receipts in one call (page 59178)."""

LATEST = 4_102_444_800
"""The year 2100, in Unix seconds: what lies beyond is no moment of ours."""


def _scalar(value: Any) -> Any:
    """Any scalar as text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value


Text = Annotated[str, BeforeValidator(_scalar), Field(max_length=2000)]
Needed = Annotated[str, BeforeValidator(_scalar), Field(min_length=1, max_length=200)]
Number = Annotated[str, BeforeValidator(_scalar), Field(pattern=r"^\+?[0-9]{5,20}$")]
Code = Annotated[str, BeforeValidator(_scalar), Field(pattern=r"^\+?[0-9]{1,4}$")]


class _Item(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)


class Status(_Item):
    """A receipt, with the names of the oldest interface."""

    mobile: Number
    report_status: Literal["SUCCESS", "FAIL"]
    sid: Needed
    nationcode: Code = "86"
    user_receive_time: Text | None = ""
    errmsg: Text | None = ""
    description: Text | None = ""
    ext: Text | None = ""


class Reply(_Item):
    """What somebody answered."""

    mobile: Number
    text: Text
    nationcode: Code = "86"
    time: Annotated[int, Field(ge=0, lt=LATEST)] = 0
    sign: Text | None = ""


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
        try:
            if kind is PushKind.REPORT:
                if not isinstance(value, list) or len(value) > MOST:
                    raise NotAPush(f"a JSON array of at most {MOST} is expected")
                items = TypeAdapter(list[Status]).validate_python(value)
                return Pushed(receipts=tuple(map(self._receipt, items)))
            if kind is PushKind.REPLY:
                if not isinstance(value, dict):
                    raise NotAPush("a JSON object is expected")
                return Pushed(replies=(_said(Reply.model_validate(value)),))
        except ValidationError as error:
            where = ".".join(map(str, error.errors(include_url=False, include_input=False)[0]["loc"]))
            raise NotAPush(f"no {self.kinds[kind]}: {where or 'item'}") from None
        raise NotAPush("Tencent Cloud pushes nothing of this kind")

    def answer(self, refused: str = "") -> Mapping[str, object]:
        """`result` is a number; anything but 0 is sent twice more."""
        return {"result": 1, "errmsg": refused} if refused else {"result": 0, "errmsg": "OK"}

    def _receipt(self, item: Status) -> Receipt:
        return Receipt(
            message=item.sid,
            number=_number(item.nationcode, item.mobile),
            outcome=Outcome.DELIVERED if item.report_status == "SUCCESS" else Outcome.FAILED,
            code=item.errmsg or "",
            said=item.description or "",
            at=self._moment(item.user_receive_time or ""),
            mark=item.ext or "",
        )

    def _moment(self, text: str) -> datetime | None:
        try:
            return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=self._zone).astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def _said(item: Reply) -> Said:
    at = datetime.fromtimestamp(item.time, UTC) if item.time else None
    return Said(_number(item.nationcode, item.mobile), item.text, at, sign=item.sign or "")


def _number(country: str, mobile: str) -> str:
    """A number with its country's code; inside the mainland as people write it there."""
    code = country.removeprefix("+")
    plain = mobile.removeprefix("+")
    if code == "86":
        return plain.removeprefix("86") if len(plain) == 13 else plain
    return f"+{plain}" if plain.startswith(code) and mobile.startswith("+") else f"+{code}{plain}"
