"""The form of every call and answer: parameters to text, answers to values or errors. Pure.

What is asked and answered about each kind stands in `signatures`, `templates`, `papers` and `quota`.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Throttled, Unavailable, VendorError
from integrations.alibaba import errors
from integrations.alibaba.config import Unconfirmed
from integrations.http import json_value

SMS_VERSION = "2017-05-25"
BILLING_VERSION = "2017-12-14"
GLOBE_VERSION = "2018-05-01"  # of the international site (facts 7)
PAGE_SIZE = 50  # the most that every list takes (facts 12)
BILLING_PAGE_SIZE = 300  # the most that QueryResourcePackageInstances takes (facts 8.1)

Parameters = dict[str, str]

# --- Requests --------------------------------------------------------------------------------------------------------


def compact(value: object) -> str:
    """JSON as the vendor's SDK writes it: no spaces, non-ASCII characters as they are (facts 1.1)."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def parameters(values: Mapping[str, str | int | bool | None], unconfirmed: Unconfirmed) -> Parameters:
    """Values as query parameters: what is None is left out, what is empty is not."""

    def text(value: str | int | bool) -> str:
        if isinstance(value, bool):
            return str(value) if unconfirmed.booleans == "title" else str(value).lower()
        return str(value)

    return {name: text(value) for name, value in values.items() if value is not None}


# --- Answers ---------------------------------------------------------------------------------------------------------


def _text(value: object) -> str:
    """Any scalar as text: the same field is a string in one operation and a number in the next (facts 0, no. 4)."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return value.strip()  # samples show trailing line feeds (facts, head)
        case int() | float():
            return str(value)
        case _:
            return ""


def _items(value: object) -> list[object]:
    return [item for item in value if item is not None] if isinstance(value, list) else []


def _object(value: object) -> object:
    return value if isinstance(value, dict | BaseModel) else {}


class Part(BaseModel):
    """Part of an answer: everything may be absent, null, or a number where a text was promised.

    How it is read is made when the first one comes: a start needs none of it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True, defer_build=True)


P = TypeVar("P", bound=Part)
Text = Annotated[str, BeforeValidator(_text)]
Many = Annotated[tuple[P, ...], BeforeValidator(_items)]
Texts = Annotated[tuple[Text, ...], BeforeValidator(_items)]
One = Annotated[P, BeforeValidator(_object)]


class Answer(Part):
    """What every answer of the SMS API has; `Data`-style payloads are fields of the subclasses."""

    RequestId: Text = ""


class Audit(Part):
    """`AuditInfo` of the single look-ups and `Reason` of the lists: why something was rejected."""

    RejectInfo: Text = ""
    RejectSubInfo: Text = ""

    @property
    def reason(self) -> str:
        """The reviewer's words, both parts where they differ."""
        return "\n".join(dict.fromkeys(part for part in (self.RejectInfo, self.RejectSubInfo) if part))


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer, as far as it matters here."""

    status: int
    headers: Mapping[str, str]
    content: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """What the answer belongs to.

    Args:
        changes: whether the call changes something: then an unusable answer leaves doubt.
        billing: asked of the billing API, which says `Success` where the SMS API says `OK` (facts 8.1).
        secrets: what must not appear in an error.
    """

    changes: bool
    billing: bool = False
    secrets: tuple[str, ...] = ()


def read(reply: Reply, model: type[P], asked: Asked, unconfirmed: Unconfirmed) -> P:
    """An answer as its model.

    Raises:
        Refused: the vendor said no.
        Throttled: the vendor said "too fast".
        AnswerLost: a change was asked for and nothing usable came back, so it may have been made.
        Unavailable: the same for a question.
    """
    body = _json(reply.content)
    if body is None:
        if reply.status == 429:
            raise Throttled("HTTP 429", retry_after=_retry_after(reply.headers, unconfirmed))
        raise _doubt(asked, _no_code(reply.status), "the answer could not be read")
    code = _first(body, "Code", "code", "ResponseCode")  # the last at the international site (facts 7)
    request_id = _first(body, "RequestId", "requestId")
    if reply.status == 200 and _succeeded(body, code, asked):
        try:
            return model.model_validate(body)
        except ValidationError:
            # `from None`: the validation error would quote the answer.
            raise _doubt(asked, NoAnswer.GARBAGE, "the answer has an unknown form", request_id) from None
    message = errors.harmless(_first(body, "Message", "message", "ResponseDescription"), asked.secrets)
    if code.startswith(unconfirmed.throttling_codes) or reply.status == 429:
        raise Throttled(
            code or "HTTP 429", message, request_id=request_id, retry_after=_retry_after(reply.headers, unconfirmed)
        )
    # A body may say OK under a status that does not, or say nothing at all: neither tells what happened.
    says_nothing = code in ("", "OK", "Success")
    if reply.status >= 500 or says_nothing or errors.leaves_doubt(code):
        raise _doubt(asked, _no_code(reply.status) if says_nothing else code, message, request_id)
    raise refused(code, message, request_id=request_id)


def refused(code: str, message: str = "", *, request_id: str = "") -> Refused:
    """A refusal with whose business it is and what to do."""
    trouble, advice = errors.meaning(code)
    return Refused(code, message, request_id=request_id, trouble=trouble, advice=advice)


def _no_code(status: int) -> str:
    """What stands in for the code of an answer that has none."""
    return NoAnswer.GARBAGE if status == 200 else f"HTTP {status}"


def _doubt(asked: Asked, code: str, message: str, request_id: str = "") -> VendorError:
    kind = AnswerLost if asked.changes else Unavailable
    return kind(code, message, request_id=request_id)


def _succeeded(body: Mapping[str, object], code: str, asked: Asked) -> bool:
    if asked.billing:
        return code == "Success" and body.get("Success") is not False
    return code == "OK"


def _json(content: bytes) -> dict[str, object] | None:
    body = json_value(content)
    return body if isinstance(body, dict) else None


def _first(body: Mapping[str, object], *names: str) -> str:
    """The first that is there; the vendor's SDK accepts lower-case spellings of errors too (facts 1.3)."""
    return next((text for name in names if (text := _text(body.get(name)))), "")


def _retry_after(headers: Mapping[str, str], unconfirmed: Unconfirmed) -> float | None:
    """Header `x-acs-retry-after`, a positive integer of milliseconds (facts 1.3)."""
    raw = headers.get("x-acs-retry-after", "")
    if not re.fullmatch(r"[0-9]{1,9}", raw) or int(raw) == 0:
        return None
    return int(raw) / (1000 if unconfirmed.retry_after_unit == "ms" else 1)


# --- Times -----------------------------------------------------------------------------------------------------------


def text_date(text: str, unconfirmed: Unconfirmed) -> datetime | None:
    """A date of the SMS API: `yyyy-MM-dd HH:mm:ss` in China time (facts, head), as aware UTC; none when it is no date."""
    zone = timezone(timedelta(hours=unconfirmed.text_dates_utc_offset))
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def utc_date(text: str) -> datetime | None:
    """A date of the billing API: `yyyy-MM-ddTHH:mm:ssZ` (facts 8.1); none when it is no date."""
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
