"""Alibaba's qualifications: submit, edit, delete, and the code on the administrator's phone (facts 3).

No phone rings here: the code that is sent to a number is its last six digits.
"""

import json
import re
from datetime import timedelta

from integrations.sandbox import reviewers
from integrations.sandbox.alibaba.office import Office, Qualification
from integrations.sandbox.alibaba.papers import COMPANY_NAME, DATE_RANGE, PLAIN_NAME
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.limits import Rate
from integrations.sandbox.world import Verdict

PHONE = re.compile(r"(?:\+86|0086|86)?[ -]?(1[3-9]\d{9})")
ID_TYPES = ("identityCard", "passport", "homeReturnPermit", "TaiwanCompatriotPermit", "residencePermit", "other")
ID_NUMBER = {"identityCard": re.compile(r"\d{17}[\dXx]")}
ANY_NUMBER = re.compile(r"[A-Za-z0-9()]{5,30}")
LICENCES = ("socialCreditLicense", "businessLicense", "signLegalLicense", "otherLicense")
PICTURES = {
    "AdminIDCardFrontFace": "AdminFrontOssFileNotUploadError",
    "AdminIDCardPic": "AdminBackOssFileNotUploadError",
    "LegalPersonIdCardFrontSide": "LegalFrontOssFileNotUploadError",
    "LegalPersonIdCardBackSide": "LegalBackOssFileNotUploadError",
}


CODES = (Rate(1, timedelta(minutes=1)), Rate(5, timedelta(hours=1)), Rate(10, timedelta(days=1)))
"""Facts 1.4, to one phone."""


def send_code(office: Office, params: Params) -> dict[str, object]:
    """RequiredPhoneCode; no code of its own is published for "too often", so that of messages stands in (facts 6.4)."""
    number = _phone(params.text("PhoneNo"))
    if not office.world.limits.allow(f"alibaba code {number}", CODES):
        raise RefusalError("isv.BUSINESS_LIMIT_CONTROL", "触发号码频率限制", status=200)
    office.codes[number] = number[-6:]
    return {"Data": None}


def check_code(office: Office, params: Params) -> dict[str, object]:
    """ValidPhoneCode."""
    number = _phone(params.text("PhoneNo"))
    return {"Data": bool(office.codes.get(number)) and office.codes[number] == params.text("CertifyCode")}


def submit(office: Office, params: Params) -> dict[str, object]:
    """SubmitSmsQualification; the id is a text here and a number elsewhere (facts 3.1)."""
    name = params.maybe("QualificationName")
    if not name:
        raise RefusalError("QualificationNameNullError", "QualificationName is missing.")
    if len(name) > 100 or not PLAIN_NAME.fullmatch(name):
        raise RefusalError("QualificationNameNotMatchRegex", "QualificationName holds symbols.")
    if any(one.name == name for one in office.qualifications.values()):
        raise RefusalError("QualificationNameAlreadyExist", "QualificationName exists already.")
    own = params.flag("UseBySelf", default=True)
    params.text("UseBySelf")
    params.text("WhetherShare")
    if params.maybe("CompanyType") not in ("COMPANY", "NON_PROFIT_ORGANIZATION"):
        raise RefusalError("CompanyTypeError", "CompanyType is unknown.")
    code = params.maybe("OrganizationCode")
    if not code:
        raise RefusalError("OrganizationCodeNullError", "OrganizationCode is missing.")
    company, legal = _particulars(office, params, required=True)
    if not own and not params.maybe("BusinessLicensePics"):
        raise RefusalError("BusinessLicensePicsNullError", "BusinessLicensePics is missing.")
    group_id = office.world.seed.qualification_id + 1000 + next(office.numbers)
    now = office.world.now()
    review = office.world.begin_review("alibaba", _verdict(params, code))
    made = Qualification(group_id, _ticket(office), name, company, code, legal, own, now, review)
    office.qualifications[group_id] = made
    office.world.accept("alibaba", "qualification", str(group_id), name, name)
    return {"Data": str(group_id)}


def update(office: Office, params: Params) -> dict[str, object]:
    """UpdateSmsQualification: not while pending; a new review, also of an approved one (facts 3.2)."""
    found = _found(office, params)
    company, legal = _particulars(office, params, required=False)
    found.company, found.legal_person = company or found.company, legal or found.legal_person
    found.work_order_id = _ticket(office)
    found.review = office.world.begin_review("alibaba", _verdict(params, found.credit_code))
    return {"Data": str(found.group_id)}


def delete(office: Office, params: Params) -> dict[str, object]:
    """DeleteSmsQualification: not while pending, nor while a signature uses it (facts 3.3)."""
    found = _found(office, params)
    if any(one.form.qualification_id == found.group_id for one in office.signatures.values()):
        raise RefusalError("BindSignDeleteFailed", "A signature is bound to the qualification.")
    del office.qualifications[found.group_id]
    return {"Data": True}


def _found(office: Office, params: Params) -> Qualification:
    found = office.qualifications.get(params.number("QualificationGroupId"))
    if found is None:
        raise RefusalError("QualificationNotExist", "The qualification does not exist.", status=404)
    if params.number("OrderId") != found.work_order_id:
        raise RefusalError("WorkOrderIdExpired", "The work order is not the latest.")
    if found.review.verdict(office.world.now()) is Verdict.PENDING:
        raise RefusalError("InvalidQualification", "The qualification is under review.")
    return found


def _particulars(office: Office, params: Params, *, required: bool) -> tuple[str, str]:
    """Check company, licence, both persons and the code; company and legal representative."""
    number = _phone(params.maybe("AdminPhoneNo"))
    given = params.maybe("CertifyCode")
    if not number or not given:
        raise RefusalError("PhoneNoCertifyCodeNullError", "AdminPhoneNo or CertifyCode is missing.")
    if office.codes.get(number) != given:
        raise RefusalError("CertifyCodeError", f"CertifyCode {given} of {number} is wrong.")
    company = params.maybe("CompanyName")
    if (required and not company) or (company and not COMPANY_NAME.fullmatch(company)):
        raise RefusalError("CompanyNameNullError", "CompanyName is missing or holds symbols.")
    _dates(params, "BussinessLicenseExpDate", "BusinessLicenseDateNotMatchRegexError", required=required)
    _licence(office, params)
    for who, short, dates in (
        ("LegalPerson", "Legal", "LegalPersonIdCardEffTime"),
        ("Admin", "Admin", "AdminIDCardExpDate"),
    ):
        name = params.maybe(f"{who}Name")
        if (required and not name) or len(name) > 50:
            raise RefusalError(f"{who}NameNullError", f"{who}Name {name} is missing or too long.")
        kind = params.maybe(f"{who}IDCardType")
        if (required or kind) and kind not in ID_TYPES:
            raise RefusalError(f"{who}IdcardTypeError", f"{who}IDCardType is unknown.")
        card = params.maybe(f"{who}IDCardNo")
        if (required or card) and not ID_NUMBER.get(kind, ANY_NUMBER).fullmatch(card):
            raise RefusalError(f"{short}IdCardNotMatchRegex", f"{who}IDCardNo {card} is no number of this paper.")
        _dates(params, dates, f"{short}DateNotValid", required=required)
    for name, code in PICTURES.items():
        key = params.maybe(name)
        if required and name.startswith("Admin") and not key:
            raise RefusalError("AdminIdcardPicsNullError", f"{name} is missing.")
        if key and key not in office.uploads:
            raise RefusalError(code, f"The file of {name} was not uploaded.")
    return company, params.maybe("LegalPersonName")


def _licence(office: Office, params: Params) -> None:
    for name, typed in (("BusinessLicensePics", True), ("OtherFiles", False)):
        raw = params.maybe(name)
        try:
            files = json.loads(raw) if raw else []
        except ValueError as error:
            raise RefusalError("BusinessLicensePicsFileError", f"{name} is not JSON.") from error
        for one in files:
            if typed and one.get("Type") not in LICENCES:
                raise RefusalError("BusinessLicenseTypeError", "The type of a licence is unknown.")
            if one.get("LicensePic") not in office.uploads:
                raise RefusalError("BusinessLicenseOssFileNotUploadError", f"A file of {name} was not uploaded.")


def _dates(params: Params, name: str, code: str, *, required: bool) -> None:
    value = params.maybe(name)
    if (required and not value) or (value and not DATE_RANGE.fullmatch(value)):
        raise RefusalError(code, f"{name} is written YYYY-MM-DD~YYYY-MM-DD.")


def _phone(value: str) -> str:
    found = PHONE.fullmatch(value)
    return found[1] if found else ""


def _ticket(office: Office) -> int:
    return int(office.order_id())


def _verdict(params: Params, code: str) -> str | None:
    return reviewers.alibaba_qualification(code, licence=bool(params.maybe("BusinessLicensePics")))
