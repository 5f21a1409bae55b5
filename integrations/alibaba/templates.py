"""Templates on the wire: our values to parameters, answers to what was seen. Pure.

Also the guess of what kind each placeholder is, which the vendor wants to know of every one.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.contracts.model import State, Submission
from bot.contracts.placeholders import filled, names
from bot.contracts.variants import DIGITAL
from bot.contracts.vendor import Listed, Seen
from integrations.alibaba import words
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.declared import INTERNATIONAL_TYPES, TEMPLATE_TYPE
from integrations.alibaba.wire import Answer, Audit, Many, One, Parameters, Part, Text, compact, parameters, text_date

REMARK_LENGTH = 500  # CreateSmsTemplate.Remark in the metadata (facts 4.1)
INTERNATIONAL = 3  # TemplateType (facts 4.1)
NOT_FOUND = ("TemplateNotFound",)  # GetSmsTemplate, HTTP 404 (facts 4.6)

# --- Kinds of placeholders -------------------------------------------------------------------------------------------

# Words of a variable's name → its kind (help/2806243; facts 4.2). First row with a common word wins, so the special
# stands before the general: `phone_number` is a phone, `expire_minutes` a validity, `pickup_code` no verification code.
_GUESSES: tuple[tuple[str, frozenset[str]], ...] = (
    ("email_address", frozenset({"email", "mail"})),
    ("phone_number2", frozenset({"phone", "tel", "telephone", "mobile", "hotline"})),
    ("license_plate_number", frozenset({"plate", "licenseplate"})),
    ("tracking_number", frozenset({"tracking", "waybill", "express", "logistics"})),
    ("pick_up_code", frozenset({"pickup", "pick"})),
    ("link_param", frozenset({"link", "url", "path", "href"})),
    ("verifyTime", frozenset({"minute", "minutes", "min", "mins", "valid", "validity", "ttl"})),
    ("time", frozenset({"time", "date", "datetime", "day", "deadline", "when", "year", "month", "expire", "expires"})),
    ("money", frozenset({"money", "amount", "price", "fee", "cost", "balance", "total", "pay", "yuan"})),
    ("other_number2", frozenset({"order", "no", "number", "num", "id", "count", "sn", "serial", "code", "quantity"})),
    ("address", frozenset({"address", "addr", "location", "place"})),
    ("unit_name", frozenset({"company", "unit", "store", "shop", "hospital", "school", "department", "organization"})),
    ("user_nick", frozenset({"nick", "nickname", "username", "user", "account"})),
)
# `name` alone or a person's; the name of a product is no person's name and would be refused on sending.
_PERSON = frozenset(
    {"name", "customer", "person", "contact", "patient", "student", "driver", "full", "real", "first", "last"}
)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def guess_kind(variable: str, type_word: str, sample: str = "") -> str:
    """The vendor's kind for a placeholder, from its name, the template's type and a sample value.

    Args:
        variable: its name, e.g. `orderNo`.
        type_word: `otp`, `notice` or `promo`.
        sample: a value for it; tells codes with letters from codes of digits.
    """
    if type_word == "otp":
        # Exactly one variable, and only these two kinds (facts 10.2).
        return "characterWithNumber2" if sample and not sample.isdigit() else "numberCaptcha"
    found = {word.lower() for word in _WORD.findall(variable)}
    if "name" in found and found <= _PERSON:
        return "name"
    return next((kind for kind, known in _GUESSES if found & known), "others")


def rule(submission: Submission, unconfirmed: Unconfirmed) -> dict[str, str]:
    """TemplateRule: every placeholder of the text with its kind, and no others (facts 10.2)."""
    given, samples = submission.family("kind"), submission.family("sample")
    type_word = submission.values.get("type", "")

    def kind(variable: str) -> str:
        guessed = guess_kind(variable, type_word, samples.get(variable, ""))
        return given.get(variable) or unconfirmed.kind_names.get(guessed, guessed)

    return {variable: kind(variable) for variable in names(submission.values.get("content", ""))}


# --- Requests --------------------------------------------------------------------------------------------------------


def create_template(
    submission: Submission,
    *,
    papers: Sequence[str],
    unconfirmed: Unconfirmed,
    code: str = "",
    leads: Sequence[Mapping[str, str]] = (),
) -> Parameters:
    """The parameters of CreateSmsTemplate, or of UpdateSmsTemplate when there is a code (facts 4.1).

    Args:
        submission: what is asked for.
        papers: keys of the uploaded proofs.
        unconfirmed: spellings of kinds.
        code: of the template to change.
        leads: whose the links and numbers in the text are (`integrations.alibaba.leading`); none where nobody said it.
    """
    values = submission.values
    kinds = rule(submission, unconfirmed)
    type_word = values.get("type", "notice")
    abroad = submission.international
    return parameters(
        {
            "TemplateCode": code or None,
            "TemplateName": submission.name,
            "TemplateContent": values.get("content", ""),
            "TemplateType": INTERNATIONAL if abroad else TEMPLATE_TYPE.code(type_word),
            "IntlType": INTERNATIONAL_TYPES[type_word] if abroad else None,
            "RelatedSignName": None if abroad else values.get("sign") or None,
            "TemplateRule": compact(kinds) if kinds else None,
            "Remark": remark(submission) or None,
            "MoreData": compact(list(papers)) if papers else None,
            "ApplySceneContent": _scene(submission) or None,
            "TrafficDriving": compact(list(leads)) if leads else None,
        },
        unconfirmed,
    )


def _scene(submission: Submission) -> str:
    """ApplySceneContent: the link or the note; the vendor insists on one for nearly all domestic signatures.

    Where neither was given, kind and name of the template say what it is for.
    """
    values = submission.values
    given = values.get("link") or values.get("remark") or ""
    if given or submission.international:
        return given
    choice = TEMPLATE_TYPE.choice(values.get("type", "notice"))
    return f"{choice.label.zh}：{submission.name}" if choice else submission.name


def remark(submission: Submission) -> str:
    """The note to the reviewer: what was typed, the link, and the text with sample values, as a phone would show it."""
    values = submission.values
    typed, link = values.get("remark", ""), values.get("link", "")
    lines = [typed, link if link not in typed else ""]
    samples = submission.family("sample")
    if samples:
        sign = values.get("sign", "")
        text = filled(values.get("content", ""), samples)
        lines.append(f"示例：{f'【{sign}】' if sign else ''}{text}")
    return "\n".join(line for line in lines if line)[:REMARK_LENGTH]


# --- Answers ---------------------------------------------------------------------------------------------------------


class Created(Answer):
    """Answer of CreateSmsTemplate and UpdateSmsTemplate."""

    TemplateCode: Text = ""
    OrderId: Text = ""


def _map(value: object) -> object:
    """A free map; anything else is an empty one. Numbers and texts stand for the same."""
    return {str(key): str(one) for key, one in value.items()} if isinstance(value, dict) else {}


class Template(Answer):
    """Answer of GetSmsTemplate (facts 4.4); `VendorAuditStatus` of digital ones only."""

    TemplateCode: Text = ""
    TemplateName: Text = ""
    TemplateContent: Text = ""
    TemplateStatus: Text = ""
    TemplateType: Text = ""
    AuditInfo: One[Audit] = Audit()
    OrderId: Text = ""
    CreateDate: Text = ""
    VendorAuditStatus: Annotated[dict[str, str], BeforeValidator(_map)] = Field(default_factory=dict)


class ListedTemplate(Part):
    """One of QuerySmsTemplateList (facts 4.5)."""

    TemplateCode: Text = ""
    TemplateName: Text = ""
    TemplateContent: Text = ""
    AuditStatus: Text = ""
    OuterTemplateType: Text = ""
    Reason: One[Audit] = Audit()
    OrderId: Text = ""
    CreateDate: Text = ""
    TemplateType: Text = ""
    SignatureName: Text = ""


class TemplateList(Answer):
    """Answer of QuerySmsTemplateList."""

    SmsTemplateList: Many[ListedTemplate] = ()
    TotalCount: Text = ""


# --- What was seen ---------------------------------------------------------------------------------------------------


def seen_template(found: Template, ref: str, unconfirmed: Unconfirmed) -> Seen:
    """GetSmsTemplate as what was seen; a passed template can be used at once."""
    return _seen(
        found,
        words.review(words.TEMPLATE_GET, found.TemplateStatus, passed=State.READY),
        found.AuditInfo,
        unconfirmed,
        ref,
        found.TemplateType,
    )


def seen_listed(found: ListedTemplate, unconfirmed: Unconfirmed) -> Seen:
    """An item of the list as what was seen."""
    review = words.review(words.TEMPLATE_LIST, found.AuditStatus, passed=State.READY)
    return _seen(found, review, found.Reason, unconfirmed, found.TemplateCode, found.OuterTemplateType)


def listed(found: ListedTemplate, unconfirmed: Unconfirmed, *, digital: bool) -> Listed:
    """An item of the list with its type and signature; `OuterTemplateType` counts as the calls do (facts 0, no. 3)."""
    types = {str(choice.code): choice.word for choice in TEMPLATE_TYPE.choices}
    type_ = DIGITAL if digital else types.get(found.OuterTemplateType, "")
    told = {"type": type_, "sign": found.SignatureName}
    return Listed(seen_listed(found, unconfirmed), {key: value for key, value in told.items() if value})


def _seen(
    found: Template | ListedTemplate,
    review: words.Review,
    audit: Audit,
    unconfirmed: Unconfirmed,
    ref: str,
    type_: str,
) -> Seen:
    return Seen(
        ref=found.TemplateCode or ref,
        name=found.TemplateName,
        state=review.state,
        word=review.word,
        reason=audit.reason if review.state is State.REJECTED else "",
        order=found.OrderId,
        created_at=text_date(found.CreateDate, unconfirmed),
        content=found.TemplateContent,
        international=_abroad(type_),
    )


def _abroad(type_: str) -> bool | None:
    """Whether a template is for numbers abroad; none where its type is not told."""
    return type_ == str(INTERNATIONAL) if type_ else None


def is_submission(found: ListedTemplate, submission: Submission) -> bool:
    """Whether this template could be this submission: same name and text, for the same region as far as it is told."""
    region = _abroad(found.OuterTemplateType)
    if region not in (None, submission.international):
        return False
    content = submission.values.get("content", "").strip().replace("\r\n", "\n")
    return found.TemplateName == submission.name.strip() and found.TemplateContent.replace("\r\n", "\n") == content
