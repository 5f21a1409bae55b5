"""Alibaba's digital messages: their signatures and templates (facts 5.1, 5.2).

No refusal of these operations is published; they are refused as the operations of text messages are (facts 2.8, 4.6).
"""

import base64
import binascii
import itertools
import json
import re
from dataclasses import dataclass
from datetime import datetime

from integrations.sandbox import reviewers
from integrations.sandbox.alibaba.office import DigitalSignature, DigitalTemplate, MediaFile, Office
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.alibaba.signatures import LIST_STATUS, STATUS, list_reason
from integrations.sandbox.settings import CARRIERS, Carrier
from integrations.sandbox.world import Verdict
from integrations.sandbox.world_time import china_text

SIGN_NAME = re.compile(r"(?![A-Za-z]+$)(?![0-9]+$)[\u4e00-\u9fffA-Za-z0-9]{2,16}")
"""Facts 5.1: 2-16 characters, Chinese, letters, digits; not letters alone, not digits alone."""
IDENTITY_CARD = re.compile(r"\d{17}[\dXx]")
CREDIT_CODE = re.compile(r"[0-9A-Za-z]{18}")
ORDER = "{}_DIGITALSMS_SIGN"
SUFFIXES = {"txt": "text", "gif": "picture", "jpg": "picture", "png": "picture", "mp3": "sound", "mp4": "film"}
LARGEST = 2 * 1024 * 1024
"""Facts 5: template content up to 2 MB."""
MOST_FILES = 32
"""Of one call; nothing is published, and a list without an end would never be read to it."""
DIGITAL = 7
"""`TemplateType` of the lists (facts 4.5: a sample)."""


def order(office: Office, params: Params) -> dict[str, object]:
    """CreateDigitalSignOrder: creates, updates or deletes a signature."""
    kind = params.text("OrderType")
    name = params.text("SignName")
    if not SIGN_NAME.fullmatch(name):
        raise RefusalError("InvalidSignName", "The sign name is 2-16 Chinese characters, letters or digits.")
    signature = office.digital_signatures.get(name)
    if kind == ORDER.format("CREATE"):
        if signature is not None:
            raise RefusalError("SignName.Exists", f"The signature {name} already exists.")
        signature = _made(office, params, name)
        office.digital_signatures[name] = signature
        office.world.accept("alibaba", "signature", str(signature.sign_id), name, name)
    elif kind in (ORDER.format("UPDATE"), ORDER.format("DELETE")):
        if signature is None or params.number("SignId") != signature.sign_id:
            raise RefusalError("SignatureNotFound", f"The signature {name} is not found.", status=404)
        if kind == ORDER.format("DELETE"):
            del office.digital_signatures[name]
        else:
            _updated(office, params, signature)
    else:
        raise RefusalError("InvalidOrderType", "The specified OrderType is invalid.")
    number = 5_000_000 + next(office.numbers)
    data = {"signId": signature.sign_id, "signCode": signature.code, "signOrderId": number, "signName": name}
    return {"Data": data}


def sign_by_name(office: Office, params: Params) -> dict[str, object]:
    """QueryDigitalSignByName; an unknown name has no data (UNSURE in the facts)."""
    signature = office.digital_signatures.get(params.text("SignName"))
    if signature is None:
        return {"Data": {}}
    status = office.digital_registrations(signature)
    told: dict[str, object] = {
        "signId": signature.sign_id,
        "signCode": signature.code,
        "signName": signature.name,
        "signVersion": signature.version,
        "signSource": signature.source,
        "signIndustry": signature.industry,
        "qualificationId": signature.qualification_id,
        "qualificationVersion": 1,
        "signType": 1,
        "creator": "1000000000000001",
        "gmtCreate": _epoch(signature.created_at),
        "gmtModified": _epoch(signature.modified_at),
        "registerStatueReason": signature.reason,
    }
    for carrier in CARRIERS:
        told[f"{carrier}RegisterStatus"] = status[carrier]
        told[f"{carrier}AvailableStatus"] = int(status[carrier] == 3)
    return {"Data": told}


def create_template(office: Office, params: Params) -> dict[str, object]:
    """CreateDigitalSmsTemplate; at least one carrier must have filed the signature (facts 5)."""
    name = params.text("TemplateName", most=20)
    remark = params.text("Remark")
    sign = params.text("SignName")
    signature = office.digital_signatures.get(sign)
    if signature is None:
        raise RefusalError("SmsSignatureNotFound", f"The signature {sign} is not found.", status=404)
    if 3 not in office.digital_registrations(signature).values():
        raise RefusalError("AssocSignUnapproved", f"No carrier has filed the signature {sign}.")
    files = _files(params)
    refusal = reviewers.alibaba_digital(
        _text(files), [SUFFIXES[file.suffix] for file in files], sum(file.size for file in files)
    )
    now = office.world.now()
    code = f"DIGITAL_SMS_{480_000_000 + next(office.numbers)}"
    review = office.world.begin_review("alibaba", refusal)
    template = DigitalTemplate(code, office.order_id(), name, sign, remark, tuple(files), now, review)
    office.digital_templates[code] = template
    office.world.accept("alibaba", "template", code, name, template.text)
    return {"TemplateCode": code}


def get(office: Office, template: DigitalTemplate) -> dict[str, object]:
    """GetSmsTemplate of a digital one: `VendorAuditStatus` per carrier (facts 4.4)."""
    verdict = template.review.verdict(office.world.now())
    decided = template.review.decided_at if verdict is not Verdict.PENDING else None
    return {
        "TemplateCode": template.code,
        "TemplateName": template.name,
        "TemplateContent": template.text,
        "TemplateType": str(DIGITAL),
        "TemplateStatus": "10" if template.withdrawn else str(STATUS[verdict]),
        "AuditInfo": {
            "AuditDate": china_text(decided) if decided else "",
            "RejectInfo": (template.review.refusal or "") if decided else "",
        },
        "OrderId": template.order_id,
        "CreateDate": china_text(template.created_at),
        "Remark": template.remark,
        "RelatedSignName": template.sign,
        "TemplateTag": 2,
        "SignList": {"SignList": [template.sign]},
        "VendorAuditStatus": {
            f"{carrier.upper()}_VENDOR": status for carrier, status in office.digital_audits(template).items()
        },
    }


def row(office: Office, template: DigitalTemplate) -> dict[str, object]:
    """A digital template in QuerySmsTemplateList: type 7 in a sample (facts 4.5)."""
    verdict = template.review.verdict(office.world.now())
    return {
        "TemplateCode": template.code,
        "TemplateName": template.name,
        "TemplateContent": template.text,
        "AuditStatus": "AUDIT_SATE_CANCEL" if template.withdrawn else LIST_STATUS[verdict],
        "Reason": list_reason(template.review, verdict),
        "OrderId": template.order_id,
        "CreateDate": china_text(template.created_at),
        "OuterTemplateType": DIGITAL,
        "TemplateType": DIGITAL,
        "SignatureName": template.sign,
        "TrafficDriving": "",
    }


def usable_sign(office: Office, name: str) -> bool:
    """Tell whether digital messages can go out under a signature: some carrier has filed it."""
    signature = office.digital_signatures.get(name)
    return signature is not None and 3 in office.digital_registrations(signature).values()


# --- Signatures ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Order:
    source: int
    industry: int
    qualification_id: int


def _made(office: Office, params: Params, name: str) -> DigitalSignature:
    form = _order(office, params)
    _context(params)
    number = next(office.numbers)
    now = office.world.now()
    review = office.world.begin_review("alibaba", reviewers.alibaba_signature(name))
    return DigitalSignature(
        900_000 + number,
        f"DIGITAL_SIGN_{100_000_000 + number}",
        name,
        form.source,
        form.industry,
        form.qualification_id,
        now,
        now,
        review,
    )


def _updated(office: Office, params: Params, signature: DigitalSignature) -> None:
    form = _order(office, params)
    if form.qualification_id != signature.qualification_id:
        _context(params)
    signature.source, signature.industry = form.source, form.industry
    signature.qualification_id = form.qualification_id
    signature.version += 1
    signature.modified_at = office.world.now()
    signature.review = office.world.begin_review("alibaba", reviewers.alibaba_signature(signature.name))
    signature.filed.clear()


def _order(office: Office, params: Params) -> _Order:
    qualification = office.qualifications.get(params.number("QualificationId"))
    if qualification is None:
        raise RefusalError("QualificationNotFound", "The qualification is not found.", status=404)
    if qualification.review.verdict(office.world.now()) is not Verdict.APPROVED:
        raise RefusalError("InvalidQualification", "The qualification is not approved.")
    return _Order(
        params.number("SignSource", among=(0, 2)),
        params.number("SignIndustry", among=(0, 1)),
        qualification.group_id,
    )


def _context(params: Params) -> None:
    """OrderContext: company and persons, all of it needed (facts 5.1)."""
    try:
        told = json.loads(params.text("OrderContext"))
    except ValueError:
        told = None
    company = str(told.get("qualificationCompanyName", "")) if isinstance(told, dict) else ""
    if not isinstance(told, dict) or not 0 < len(company) <= 150:
        raise RefusalError("InvalidOrderContext", "OrderContext is no object with the company's name.")
    forms = {
        "qualificationOrganizationCode": CREDIT_CODE,
        "qualificationAdminName": re.compile(r"[\u4e00-\u9fff·]{1,100}"),
        "qualificationAdminIDCard": IDENTITY_CARD,
        "qualificationLegalPersonName": re.compile(r".{1,100}"),
        "qualificationLegalPersonIDCard": IDENTITY_CARD,
    }
    for key, form in forms.items():
        if not form.fullmatch(str(told.get(key, ""))):
            raise RefusalError("InvalidOrderContext", f"{key} of OrderContext is missing or invalid.")


def _epoch(at: datetime) -> int:
    return int(at.timestamp() * 1000)


# --- Templates -------------------------------------------------------------------------------------------------------


def _files(params: Params) -> list[MediaFile]:
    files: list[MediaFile] = []
    for number in itertools.count(1):
        start = f"TemplateContents.{number}."
        if not params.maybe(f"{start}FileSuffix") and not params.maybe(f"{start}FileContents"):
            break
        files.append(_file(params, start))
        if len(files) > MOST_FILES:
            raise _bad("has too many files")
    if not files:
        raise RefusalError("MissingTemplateContents", "TemplateContents is mandatory for this action.")
    if sum(file.size for file in files) > LARGEST:
        raise _bad("is larger than 2 MB")
    if sum(file.suffix == "mp4" for file in files) > 1:
        raise _bad("has more than one video")
    return files


def _file(params: Params, start: str) -> MediaFile:
    name, suffix = params.text(f"{start}FileName"), params.text(f"{start}FileSuffix")
    if suffix not in SUFFIXES or "." in name:
        raise _bad(f"has a file of another kind: {suffix}")
    try:
        content = base64.b64decode(params.text(f"{start}FileContents"), validate=True)
        text = content.decode() if suffix == "txt" else ""
    except (binascii.Error, UnicodeDecodeError):
        raise _bad("has a file that is no base64") from None
    if params.number(f"{start}FileSize") != len(content):
        raise _bad("has a file of another size than it says")
    return MediaFile(name, suffix, len(content), text)


def _bad(what: str) -> RefusalError:
    return RefusalError("InvalidTemplateContents", f"TemplateContents {what}.")


def _text(files: list[MediaFile]) -> str:
    return "\n".join(file.text for file in files if file.suffix == "txt")


def filed_by(office: Office, name: str, carrier: Carrier, status: int, reason: str) -> None:
    """Let a carrier say something about a digital signature."""
    signature = office.digital_signatures[name]
    signature.filed[carrier] = status
    signature.reason = reason or signature.reason
