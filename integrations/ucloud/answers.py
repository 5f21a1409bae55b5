"""UCloud's answers → our values or errors. Pure; the calls are built in `wire`.

The documents promise more than they show: RetCode arrives as a number or a text, required fields are missing from the
vendor's own samples, numbers come as texts (facts 1.5). So every field but RetCode is optional and read leniently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Annotated, Any, Final, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from bot.contracts.errors import NoAnswer, Refused, Unavailable
from bot.contracts.hushed import hushed
from bot.contracts.model import State
from bot.contracts.vendor import Measure, Missing, Option, Reading, Seen
from integrations.http import json_value
from integrations.ucloud.errors import THROTTLED, refusal, throttled, unsettled

REQUEST_ID_HEADER: Final = "X-UCLOUD-REQUEST-UUID"  # what the vendor's support asks for (facts 1.1)


def _as_text(value: object) -> str:
    if value is None or isinstance(value, dict | list):
        return ""
    return str(value).strip()


def _as_number(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = Decimal(str(value).strip().replace(",", ""))
    except InvalidOperation:
        return None
    # Sums of messages and money are far below; a larger exponent would only be an attack on memory.
    return number if number.is_finite() and abs(number.adjusted()) < 20 else None


def as_rows(value: object) -> list[object]:
    """One object, a list of them or nothing: how several equal signatures are answered is not documented (facts 2.3)."""
    if isinstance(value, list):
        return [row for row in value if isinstance(row, dict) and row]
    return [value] if isinstance(value, dict) and value else []


def _as_object(value: object) -> object:
    return value if isinstance(value, dict) else None


Text = Annotated[str, BeforeValidator(_as_text)]
Number = Annotated[Decimal | None, BeforeValidator(_as_number)]


class Answer(BaseModel):
    """What any answer has in common: unknown fields are passed over.

    How it is read is made when the first one comes: a start needs none of it.
    """

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True, defer_build=True)


class _Envelope(Answer):
    code: Number = Field(default=None, alias="RetCode")
    message: Text = Field(default="", alias="Message")


class Created(Answer):
    """What a create answers: the id (facts 2.1, 3.1)."""

    signature: Text = Field(default="", alias="SigId")
    template: Text = Field(default="", alias="TemplateId")
    qualification: Text = Field(default="", alias="QualificationId")
    file: Text = Field(default="", alias="FileId")


class Signature(Answer):
    """A signature as QueryUSMSSignature has it (facts 2.3)."""

    ref: Text = Field(default="", alias="SigId")
    content: Text = Field(default="", alias="SigContent")
    status: Text = Field(default="", alias="Status")
    reason: Text = Field(default="", alias="ErrDesc")

    @property
    def name(self) -> str:
        """Its text without the brackets that are added when it is sent."""
        return self.content.strip("【】[]")


class Template(Answer):
    """A template as QueryUSMSTemplate has it (facts 3.3)."""

    ref: Text = Field(default="", alias="TemplateId")
    name: Text = Field(default="", alias="TemplateName")
    content: Text = Field(default="", alias="Template")
    status: Text = Field(default="", alias="Status")
    reason: Text = Field(default="", alias="ErrDesc")
    created: Number = Field(default=None, alias="CreateTime")


class Qualification(Answer):
    """A qualification in the list (facts 2.5); the names of persons in it are not even read."""

    ref: Text = Field(default="", alias="QualificationId")
    name: Text = Field(default="", alias="Name")
    company: Text = Field(default="", alias="CompanyName")
    status: Text = Field(default="", alias="Status")
    reason: Text = Field(default="", alias="ErrDesc")
    created: Number = Field(default=None, alias="CreateTime")


class Signatures(Answer):
    """QueryUSMSSignature."""

    found: Annotated[list[Signature], BeforeValidator(as_rows)] = Field(default_factory=list, alias="Data")


class Templates(Answer):
    """QueryUSMSTemplate."""

    found: Annotated[list[Template], BeforeValidator(as_rows)] = Field(default_factory=list, alias="Data")


class Qualifications(Answer):
    """GetUSMSSignatureQualification."""

    total: Number = Field(default=None, alias="Total")
    rows: Annotated[list[Qualification], BeforeValidator(as_rows)] = Field(default_factory=list, alias="Data")


class _Sum(Answer):
    billed: Number = Field(default=None, alias="SendCostCount")
    submit_failed: Number = Field(default=None, alias="SubmitFailCostCount")


class _Day(Answer):  # the same figures under other names (facts 4.1)
    billed: Number = Field(default=None, alias="CostCount")
    submit_failed: Number = Field(default=None, alias="SubmitFailedCostCount")


class Usage(Answer):
    """GetUSMSSendStatistics: the sum of the query, and the days it is the sum of."""

    sum: Annotated[_Sum | None, BeforeValidator(_as_object)] = Field(default=None, alias="StatisticsData")
    days: Annotated[list[_Day], BeforeValidator(as_rows)] = Field(default_factory=list, alias="Data")

    def parts(self, *, submit_failed_billed: bool) -> Decimal:
        """Parts that a package lost; counted from the days when the sum is missing."""
        figures: list[_Sum | _Day] = [*self.days]
        if self.sum is not None and self.sum.billed is not None:
            figures = [self.sum]
        billed = sum((figure.billed or Decimal(0) for figure in figures), Decimal(0))
        failed = sum((figure.submit_failed or Decimal(0) for figure in figures), Decimal(0))
        return billed if submit_failed_billed else billed - failed


class _Money(Answer):
    available: Number = Field(default=None, alias="AmountAvailable")
    amount: Number = Field(default=None, alias="Amount")


class Balance(_Money):
    """GetBalance: in AccountInfo as documented, or at top level as in the vendor's sample (facts 4.2)."""

    inner: Annotated[_Money | None, BeforeValidator(_as_object)] = Field(default=None, alias="AccountInfo")

    def reading(self) -> Reading:
        """What can be spent.

        Raises:
            Unavailable: the answer tells no amount.
        """
        for money in (self.inner, self):
            if money is not None:
                remaining = money.amount if money.available is None else money.available
                if remaining is not None:
                    return Reading("balance", Measure.BALANCE, remaining, unit="CNY")
        raise Unavailable(NoAnswer.GARBAGE, "GetBalance answered without an amount")


AnswerT = TypeVar("AnswerT", bound=Answer)


# Signatures and templates (facts 2.3, 3.3, 3.5). An approved signature counts as ready at once: whether the carriers
# have filed it, nobody outside can see (facts 7.4). The words are those of the vendor's pages.
STATES: Final[Mapping[str, tuple[State, str]]] = MappingProxyType(
    {
        "0": (State.IN_REVIEW, "待审核"),
        "1": (State.IN_REVIEW, "审核中"),
        "2": (State.READY, "审核通过"),
        "3": (State.REJECTED, "审核未通过"),
        "4": (State.DISABLED, "被禁用"),
    }
)
# Here 0 is a draft that nobody reviews (facts 2.5).
QUALIFICATION_STATES: Final[Mapping[str, tuple[State, str]]] = MappingProxyType(
    {
        "0": (State.DRAFT, "草稿"),
        "1": (State.IN_REVIEW, "审核中"),
        "2": (State.READY, "审核通过"),
        "3": (State.REJECTED, "审核未通过"),
        "4": (State.DISABLED, "人工禁用"),
    }
)


def decoded(
    answer: type[AnswerT],
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    *,
    changes: bool,
    secrets: Sequence[str] = (),
) -> AnswerT:
    """An answer's values.

    Args:
        answer: what is expected.
        status: of HTTP.
        headers: of HTTP, names in any case.
        body: of HTTP.
        changes: whether the call was to change something.
        secrets: what the vendor may echo and nobody may see.

    Raises:
        VendorError: the vendor said no, or what came back is no answer; which of them, says `errors.refusal`.
    """
    request_id = headers.get(REQUEST_ID_HEADER, "")
    content = _object(body)
    envelope = _Envelope.model_validate(content or {})
    code = int(envelope.code) if envelope.code is not None and envelope.code == int(envelope.code) else None
    message = envelope.message
    for secret in secrets:
        message = message.replace(secret, "…")
    if code == THROTTLED or status == 429:
        wait = _seconds(headers.get("retry-after"))
        raise throttled(str(code or status), message, request_id, wait)
    # A business error comes with HTTP 200 (facts 1.5), so behind a 5xx is no word to rely on.
    if status >= 500 or (code is None and status < 300):
        what = f"HTTP {status}" if status >= 300 else NoAnswer.GARBAGE
        raise unsettled(what, message, request_id, changes=changes)
    if code:
        raise refusal(code, message, request_id, changes=changes)
    if status >= 300:  # a gate before the API refused: redirected, too large, forbidden
        raise Refused(f"HTTP {status}", request_id=request_id)
    return answer.model_validate(content)


def seen_signature(found: Signature) -> Seen:
    """A signature in our words."""
    state, word = _state(found.status, STATES)
    return Seen(ref=found.ref, name=found.name, state=state, word=word, reason=found.reason)


def seen_template(found: Template) -> Seen:
    """A template in our words; its text keeps the vendor's `{1}`."""
    state, word = _state(found.status, STATES)
    return Seen(
        ref=found.ref,
        name=found.name,
        state=state,
        word=word,
        reason=found.reason,
        created_at=_time(found.created),
        content=found.content,
    )


def seen_qualification(found: Qualification) -> Seen:
    """A qualification in our words; what was submitted and is a draft again was taken back from the reviewers."""
    state, word = _state(found.status, QUALIFICATION_STATES)
    state = State.WITHDRAWN if state is State.DRAFT else state
    return Seen(
        ref=found.ref,
        name=found.name,
        state=state,
        word=word,
        reason=hushed(found.reason),
        created_at=_time(found.created),
    )


def only(ref: str, seen: Sequence[Seen]) -> Seen | Missing:
    """What a query by id found.

    Which shape an unknown id is answered with is not documented (facts 2.3): no data, and data without id and name (the
    empty record of many services), both mean that there is no such thing. Data that only lacks the id is the thing.
    """
    for one in seen:
        if one.ref == ref or (not one.ref and one.name):
            return replace(one, ref=ref)
    return Missing(ref)


def option(found: Qualification) -> Option:
    """A qualification as a signature may name it: no person is named."""
    label = f"{found.name} · {found.company}" if found.company and found.company != found.name else found.name
    state, word = _state(found.status, QUALIFICATION_STATES)
    return Option(
        value=found.ref,
        label=label or found.ref,
        usable=state is State.READY,
        state=state,
        word=word,
        remark=hushed(found.reason),
    )


def _state(status: str, states: Mapping[str, tuple[State, str]]) -> tuple[State | None, str]:
    if status in states:
        state, word = states[status]
        return state, f"{status} {word}"
    return None, status


def _time(seconds: Decimal | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds), UTC) if seconds else None
    except (OverflowError, ValueError, OSError):
        return None


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() else None


def _object(body: bytes) -> dict[str, Any] | None:
    content = json_value(body)
    return content if isinstance(content, dict) else None
