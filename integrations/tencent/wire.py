"""What is said to the vendor and what it answers: values ↔ JSON, nothing else (facts 2, 3, 4).

Requests are built from a submission and the account's declared fields, whose choices carry the vendor's codes.
"""

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from bot.contracts import placeholders
from bot.contracts.errors import Trouble
from bot.contracts.fields import Field
from bot.contracts.model import State, Submission, Words
from bot.contracts.vendor import Listed, Measure, Option, Reading, Seen
from integrations.tencent.answers import Package, Signature, Template
from integrations.tencent.declared import DOCUMENTS_OF_SOURCE, MAINLAND_SOURCES, Site
from integrations.tencent.errors import refusal

VERSION = "2021-01-11"
PAGE = 100
"""Ids or rows in one list call (facts 2.5, 3); sent always, since the template list's own default is 0."""
PACKAGE_PAGE = 500
"""Rows in one SmsPackagesStatistics call (facts 4)."""
REQUEST_BYTES = 10_000_000
"""A signed POST is at most 10 MB (facts 1.1), base64 included; decimal to be on the safe side."""

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Form:
    """What submissions of an account are read with.

    Args:
        site: which site the account is at.
        fields: the declared fields of the kind, by key.
    """

    site: Site
    fields: Mapping[str, Field]

    def text(self, submission: Submission, key: str) -> str:
        """The value of a key, or the default of its field."""
        field = self.fields.get(key)
        return submission.values.get(key) or (field.default if field else "")

    def flag(self, submission: Submission, key: str) -> int:
        """The value of a flag as the vendor writes it."""
        return int(self.text(submission, key) == "true")

    def code(self, submission: Submission, key: str, parameter: str) -> int:
        """The vendor's code of a choice."""
        word = self.text(submission, key)
        try:
            return int(self.fields[key].code(word))
        except KeyError:
            raise refusal(parameter, _no_choice(self.fields[key])) from None


# --- Requests: signatures --------------------------------------------------------------------------------------------


def add_sign(submission: Submission, form: Form) -> Body:
    """AddSmsSign (facts 2.1).

    Raises:
        Refused: the vendor certainly would not take it: source or document does not fit, no paper, too large.
    """
    international = form.flag(submission, "international")
    sign_type = form.code(submission, "source", "SignType")
    source = form.text(submission, "source")
    if not international and source not in MAINLAND_SOURCES[form.site]:
        raise refusal("SignType", _INTERNATIONAL_ONLY)
    purpose = form.code(submission, "purpose", "SignPurpose")
    body: Body = {
        "SignName": submission.name,
        "SignType": sign_type,
        "DocumentType": _document(submission, form, source),
        "International": international,
        "SignPurpose": purpose,
        "ProofImage": _picture(submission, "paper", "ProofImage"),
    }
    if purpose:  # the letter is ignored for own use (facts 2.1), so it is not sent then
        body["CommissionImage"] = _picture(submission, "letter", "CommissionImage")
    if remark := _lines(form.text(submission, "remark"), form.text(submission, "link")):
        body["Remark"] = remark
    if not international and "qualification" in form.fields:
        body["QualificationId"] = _qualification(form.text(submission, "qualification"))
    return body


def modify_sign(ref: str, submission: Submission, form: Form) -> Body:
    """ModifySmsSign: the whole signature again, with its id (facts 2.3)."""
    return {"SignId": identifier(ref, "SignId"), **add_sign(submission, form)}


def delete_sign(ref: str) -> Body:
    """DeleteSmsSign (facts 2.4)."""
    return {"SignId": identifier(ref, "SignId")}


def list_signs(international: int, *, ids: Sequence[int] = (), offset: int = 0) -> Body:
    """DescribeSmsSignList, by ids or a page of all (facts 2.5)."""
    return _list("SignIdSet", international, ids, offset)


# --- Requests: templates ---------------------------------------------------------------------------------------------


def add_template(submission: Submission, form: Form) -> Body:
    """AddSmsTemplate (facts 3)."""
    return {
        "TemplateName": submission.name,
        "TemplateContent": placeholders.numbered(form.text(submission, "content")),
        "SmsType": form.code(submission, "type", "SmsType"),
        "International": form.flag(submission, "international"),
        "Remark": template_remark(submission, form),
    }


def modify_template(ref: str, submission: Submission, form: Form) -> Body:
    """ModifySmsTemplate: the id is text when created and a number from then on (facts 3)."""
    return {"TemplateId": identifier(ref, "TemplateId"), **add_template(submission, form)}


def delete_template(ref: str) -> Body:
    """DeleteSmsTemplate (facts 3)."""
    return {"TemplateId": identifier(ref, "TemplateId")}


def list_templates(international: int, *, ids: Sequence[int] = (), offset: int = 0) -> Body:
    """DescribeSmsTemplateList, by ids or a page of all (facts 3)."""
    return _list("TemplateIdSet", international, ids, offset)


def template_remark(submission: Submission, form: Form) -> str:
    """The note to the reviewer, which templates must have (facts 3).

    The API has no place for samples, and `{1}` says nothing: so the text as a phone would show it and the names of
    the placeholders go along, in the language the site's reviewers read.
    """
    content = form.text(submission, "content")
    sample = placeholders.filled(content, submission.family("sample"))
    named = [f"{{{index}}}={name}" for index, name in enumerate(placeholders.names(content), start=1)]
    domestic = form.site == "domestic"
    return _lines(
        form.text(submission, "remark"),
        form.text(submission, "link"),
        f"示例：{sample}" if domestic else f"Sample: {sample}",
        (f"变量：{'，'.join(named)}" if domestic else f"Placeholders: {', '.join(named)}") if named else "",
    )


# --- Requests: packages ----------------------------------------------------------------------------------------------


def packages(sdk_app_id: str, now: datetime, *, window_days: int, utc_offset: float, offset: int = 0) -> Body:
    """SmsPackagesStatistics over a long window (facts 4).

    Args:
        sdk_app_id: the application asked for.
        now: aware; the window ends an hour earlier, since the end must lie in the past.
        window_days: how far back; the filter is on the package's creation.
        utc_offset: hours east of UTC in which the vendor reads the times.
        offset: rows already read.
    """
    zone = timezone(timedelta(hours=utc_offset))
    end = now.astimezone(zone) - timedelta(hours=1)
    begin = end - timedelta(days=window_days)
    return {
        "SmsSdkAppId": sdk_app_id,
        "Limit": PACKAGE_PAGE,
        "Offset": offset,
        "BeginTime": begin.strftime("%Y%m%d%H"),
        "EndTime": end.strftime("%Y%m%d%H"),
    }


def encode(body: Body) -> bytes:
    """The bytes that are signed and sent.

    Raises:
        Refused: more than the vendor reads in one request.
    """
    content = json.dumps(body).encode()
    if len(content) > REQUEST_BYTES:
        raise refusal("ProofImage", _TOO_LARGE, Trouble.LIMIT)
    return content


def identifier(ref: str, parameter: str) -> int:
    """A stored id as the number the vendor wants."""
    if not (ref.isascii() and ref.isdigit()):
        raise refusal(parameter, _NO_ID)
    return int(ref)


# --- Answers ---------------------------------------------------------------------------------------------------------

STATES: Mapping[int, State] = MappingProxyType(
    {1: State.IN_REVIEW, 2: State.APPROVED, 0: State.READY, -1: State.REJECTED}
)
"""StatusCode of signatures and templates alike (facts 2.6, 3); −1 is also a failed filing, with ReviewReply."""

_QUALIFICATION_WARNINGS: Mapping[int, Words] = MappingProxyType(
    {
        2: Words("The signature's qualification was rejected.", "该签名的资质未通过。"),
        3: Words(
            "The signature's qualification needs more material, then another submission.",
            "该签名的资质需补充材料后重新提交。",
        ),
        5: Words("The change of the signature's qualification was rejected.", "该签名的资质变更未通过。"),
    }
)
"""QualificationStatusCode worth a warning beside a usable signature: the API has no word for "usable (abnormal)" (facts 2.5)."""

_QUALIFICATION_PASSED = 1

_ABROAD: Mapping[int, bool] = MappingProxyType({0: False, 1: True})
"""International of a row; a template can have 3, which is both (facts 3)."""


def seen_sign(row: Signature) -> Seen:
    """What a row of the signature list says."""
    state = _state(row.status)
    word, reason = f"StatusCode={row.status}", row.reply
    # For international signatures the qualification's state is always 0 and means nothing (facts 2.5).
    warning = _QUALIFICATION_WARNINGS.get(row.qualification_status or 0)
    if state is State.READY and row.international == 0 and warning is not None:
        word += f" QualificationStatusCode={row.qualification_status}"
        reason = _lines(reason, f"{warning.zh} {warning.en}")
    return Seen(
        ref=str(row.id),
        name=row.name,
        state=state,
        word=word,
        reason=reason,
        created_at=moment(row.created),
        international=_ABROAD.get(row.international),
    )


def listed_sign(row: Signature) -> Listed:
    """A row of the signature list with the qualification that it names."""
    return Listed(seen_sign(row), {"qualification": str(row.qualification)} if row.qualification else {})


def seen_template(row: Template) -> Seen:
    """What a row of the template list says."""
    return Seen(
        ref=str(row.id),
        name=row.name,
        state=_state(row.status),
        word=f"StatusCode={row.status}",
        reason=row.reply,
        created_at=moment(row.created),
        content=row.content,
        international=_ABROAD.get(row.international),
    )


def same_name(submission: Submission, row: Signature) -> bool:
    """Whether a signature could be this submission."""
    return row.name.strip() == submission.name.strip()


def same_text(submission: Submission, row: Template) -> bool:
    """Whether a template could be this submission: name and text, spaces aside, which a console may change."""
    content = placeholders.numbered(submission.values.get("content", ""))
    return row.name.strip() == submission.name.strip() and content.split() == row.content.split()


def signature_options(rows: Iterable[Signature]) -> tuple[Option, ...]:
    """The signatures a template may be sent with; only status 0 is usable (facts 2.5)."""
    return tuple(
        Option(row.name, row.name, usable=row.status == 0, international=_ABROAD.get(row.international)) for row in rows
    )


_QUALIFICATION_STATES: Mapping[int, tuple[State, str]] = MappingProxyType(
    {
        0: (State.IN_REVIEW, "待审核"),
        1: (State.READY, "已通过"),
        2: (State.REJECTED, "已驳回"),
        3: (State.REJECTED, "待补充材料"),
        4: (State.IN_REVIEW, "变更待审核"),
        5: (State.REJECTED, "变更被驳回"),
    }
)
"""QualificationStatusCode of mainland signatures (facts 2.5)."""


def seen_qualifications(rows: Iterable[Signature]) -> tuple[Seen, ...]:
    """The qualifications that mainland signatures name, as these show them."""
    found: dict[int, Seen] = {}
    for row in rows:
        if row.qualification and row.international == 0 and row.qualification_status is not None:
            state, word = _QUALIFICATION_STATES.get(row.qualification_status, (None, ""))
            word = f"{row.qualification_status} {word}".strip()
            found[row.qualification] = Seen(str(row.qualification), row.qualification_name, state, word)
    return tuple(found.values())


def not_named(ref: str, name: str) -> Seen:
    """A qualification that no signature names: nothing is known of it but that somebody submitted it."""
    return Seen(ref, name, State.IN_REVIEW, "")


def qualification_options(rows: Iterable[Signature]) -> tuple[Option, ...]:
    """The qualifications that signatures name: all that the API shows of them (facts 2)."""
    known = {row.qualification: row for row in rows if row.qualification and row.international == 0}
    return tuple(
        Option(
            str(number),
            row.qualification_name or str(number),
            usable=row.qualification_status in (None, _QUALIFICATION_PASSED),
            state=_QUALIFICATION_STATES.get(row.qualification_status, (None, ""))[0]
            if row.qualification_status is not None
            else None,
        )
        for number, row in sorted(known.items())
    )


def readings(rows: Iterable[Package], now: datetime) -> tuple[Reading, ...]:
    """What is left in the packages that are in force (facts 4)."""
    second = now.timestamp()
    return tuple(
        Reading(
            subject=str(row.id),
            sort=_PACKAGE_TYPES.get(row.type, f"PackageType {row.type}"),
            measure=Measure.PACKAGE,
            remaining=Decimal(max(row.amount - row.used, 0)),
            total=Decimal(row.amount),
            expires_at=moment(row.expires),
        )
        for row in rows
        if row.effective <= second and (not row.expires or second < row.expires)
    )


_PACKAGE_TYPES: Mapping[int, str] = MappingProxyType({0: "gift", 1: "bought"})


def moment(seconds: int) -> datetime | None:
    """Unix seconds as aware UTC; 0 and nonsense are no time."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds > 0 else None
    except (ValueError, OverflowError, OSError):
        return None


# --- Parts -----------------------------------------------------------------------------------------------------------

_INTERNATIONAL_ONLY = Words(
    "Mainland signatures take company, trademark or government as source; app is for international=true only.",
    "国内签名的来源只能是企业、商标或政府机关；应用仅限 国际=是。",
)
_NO_PAPER = Words("The paper is missing; attach one picture, jpg or png.", "缺少证明文件，请附一张 jpg 或 png 图片。")
_NO_LETTER = Words(
    "For another company the authorisation letter is needed; attach it as one picture.",
    "他用签名须附授权委托书（一张图片）。",
)
_TOO_LARGE = Words(
    "The pictures together are too large: a request holds about 7 MB of them. Make them smaller.",
    "图片合计过大：一次提交约可容纳 7 MB，请压缩后重试。",
)
_NO_QUALIFICATION = Words(
    "A mainland signature needs qualification= with the number of an approved qualification.",
    "国内签名须填写 资质=，即已通过的资质 ID（数字）。",
)
_NO_ID = Words("The vendor's id must be a number; this record has none.", "平台 ID 应为数字，该记录没有有效的 ID。")


def _state(status: int | str | None) -> State | None:
    return STATES.get(status) if isinstance(status, int) else None


def _document(submission: Submission, form: Form, source: str) -> int:
    """The DocumentType, which must fit the SignType or the review fails (facts 2.2)."""
    fitting = DOCUMENTS_OF_SOURCE[source]
    field = form.fields["document"]
    word = form.text(submission, "document") or fitting[0]
    if word not in fitting:
        labels = [choice for choice in field.choices if choice.word in fitting]
        raise refusal(
            "DocumentType",
            Words(
                f"This document does not prove that source; fitting are {', '.join(choice.word for choice in labels)}.",
                f"证件类型与签名来源不符，可选：{'、'.join(f'{choice.label.zh}（{choice.word}）' for choice in labels)}。",
            ),
        )
    return int(field.code(word))


def _picture(submission: Submission, key: str, parameter: str) -> str:
    """Base64 without the `data:` prefix (facts 2.1)."""
    papers = submission.papers.get(key, ())
    if not papers:
        raise refusal(parameter, _NO_LETTER if key == "letter" else _NO_PAPER)
    return base64.b64encode(papers[0].content).decode()


def _qualification(value: str) -> int:
    if not (value.isascii() and value.isdigit()):
        raise refusal("QualificationId", _NO_QUALIFICATION)
    return int(value)


def _list(parameter: str, international: int, ids: Sequence[int], offset: int) -> Body:
    body: Body = {"International": international, "Limit": PAGE, "Offset": offset}
    if ids:
        body[parameter] = list(ids)
    return body


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _no_choice(field: Field) -> Words:
    words = ", ".join(choice.word for choice in field.choices)
    return Words(f"{field.key}= must be one of {words}.", f"{field.label.zh}（{field.key}=）可选：{words}。")
