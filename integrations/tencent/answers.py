"""The vendor's answers as values: the envelope, then one model for each kind of row (facts 1.4, 2.5, 3, 4).

Lenient on purpose: fields that samples leave out have defaults, unknown ones are ignored, null means nothing.
"""

from collections.abc import Iterable
from typing import Annotated, Any, TypeVar

import httpx
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from bot.contracts.errors import NoAnswer
from integrations.http import json_value
from integrations.tencent.errors import clean, failure, no_answer


def _number(value: Any) -> Any:
    return 0 if value is None or value == "" else value


def _text(value: Any) -> Any:
    return "" if value is None else value


Number = Annotated[int, BeforeValidator(_number)]
Text = Annotated[str, BeforeValidator(_text)]
Status = Annotated[int | str | None, Field(union_mode="left_to_right")]
"""A code that is kept even where nobody knows it."""


class Part(BaseModel):
    """Part of an answer: everything may be absent, null, or a number where a text was promised.

    How it is read is made when the first one comes: a start needs none of it.
    """

    model_config = ConfigDict(
        frozen=True, extra="ignore", coerce_numbers_to_str=True, hide_input_in_errors=True, defer_build=True
    )


class Signature(Part):
    """A row of DescribeSignListStatusSet (facts 2.5); samples omit the qualification."""

    id: Annotated[int, Field(alias="SignId")]
    name: Annotated[Text, Field(alias="SignName")] = ""
    international: Annotated[Number, Field(alias="International")] = 0
    status: Annotated[Status, Field(alias="StatusCode")] = None
    reply: Annotated[Text, Field(alias="ReviewReply")] = ""
    created: Annotated[Number, Field(alias="CreateTime")] = 0
    qualification: Annotated[Number, Field(alias="QualificationId")] = 0
    qualification_name: Annotated[Text, Field(alias="QualificationName")] = ""
    qualification_status: Annotated[int | None, Field(alias="QualificationStatusCode")] = None


class Template(Part):
    """A row of DescribeTemplateStatusSet (facts 3); SmsType is not among it."""

    id: Annotated[int, Field(alias="TemplateId")]
    name: Annotated[Text, Field(alias="TemplateName")] = ""
    international: Annotated[Number, Field(alias="International")] = 0
    status: Annotated[Status, Field(alias="StatusCode")] = None
    reply: Annotated[Text, Field(alias="ReviewReply")] = ""
    created: Annotated[Number, Field(alias="CreateTime")] = 0
    content: Annotated[Text, Field(alias="TemplateContent")] = ""


class Package(Part):
    """A row of SmsPackagesStatisticsSet (facts 4)."""

    id: Annotated[int, Field(alias="PackageId")]
    type: Annotated[Number, Field(alias="PackageType")] = 0
    amount: Annotated[Number, Field(alias="PackageAmount")] = 0
    used: Annotated[Number, Field(alias="CurrentUsage")] = 0
    effective: Annotated[Number, Field(alias="PackageEffectiveTime")] = 0
    expires: Annotated[Number, Field(alias="PackageExpiredTime")] = 0


Row = TypeVar("Row", Signature, Template, Package)


def opened(response: httpx.Response, *, write: bool, secrets: Iterable[str] = ()) -> dict[str, Any]:
    """What stands in `Response` (facts 1.4).

    Args:
        response: HTTP 200 for success and for errors of the API; anything else came from a gateway.
        write: whether the call changes something.
        secrets: what the vendor may echo and nobody may see.

    Raises:
        VendorError: of the class that says whether the vendor may have acted.
    """
    if response.status_code != httpx.codes.OK:
        raise no_answer(f"HTTP {response.status_code}", "", write=write)
    body = json_value(response.content)
    if body is None:
        raise no_answer(NoAnswer.GARBAGE, "not JSON", write=write)
    inner = body.get("Response") if isinstance(body, dict) else None
    if not isinstance(inner, dict):
        raise no_answer(NoAnswer.GARBAGE, "no Response in it", write=write)
    error = inner.get("Error")
    if error is None:
        return inner
    if not isinstance(error, dict) or not isinstance(code := error.get("Code"), str) or not code:
        raise no_answer(NoAnswer.GARBAGE, "an Error without a Code", write=write)
    raise failure(clean(code, secrets), clean(str(error.get("Message") or ""), secrets), request_id(inner), write=write)


def request_id(inner: dict[str, Any]) -> str:
    """What to quote to the vendor's support."""
    return str(inner.get("RequestId") or "")


def rows(inner: dict[str, Any], key: str, model: type[Row]) -> tuple[Row, ...]:
    """The rows of a list; null and absent mean none.

    Raises:
        Unavailable: the list cannot be read.
    """
    found = inner.get(key) or []
    try:
        return tuple(model.model_validate(row) for row in found)
    except (ValidationError, TypeError):
        raise no_answer(NoAnswer.GARBAGE, f"{key} cannot be read", write=False) from None


def new_id(inner: dict[str, Any], status: str, key: str) -> str:
    """The id in the answer to a create or a change: a number, or text for a new template (facts 2.1, 3).

    Raises:
        AnswerLost: there is none, so nobody knows what the vendor has.
    """
    block = inner.get(status)
    value = block.get(key) if isinstance(block, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdigit():
        raise no_answer(NoAnswer.GARBAGE, f"no {key} in {status}", write=True)
    return str(value)
