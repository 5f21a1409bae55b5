"""Alibaba's qualification records, letters, trademarks and ICP records (facts 2.6, 3.3-3.6)."""

import json
import re
from datetime import date

from integrations.sandbox.alibaba.office import Letter, Office
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.alibaba.signatures import SIGN_NAME
from integrations.sandbox.world import Verdict
from integrations.sandbox.world_time import china_text

STATES = {Verdict.PENDING: "INIT", Verdict.APPROVED: "PASS", Verdict.REJECTED: "NOT_PASS"}
"""Facts 0.1."""
PLAIN_NAME = re.compile(r"(?!\d+$)[\u4e00-\u9fffA-Za-z0-9]+")
"""Facts 3.2 and 3.4: Chinese, letters, or these with digits; no symbols, not digits only."""
COMPANY_NAME = re.compile(r"(?!\d+$)[\u4e00-\u9fffA-Za-z0-9·【】（）() ]+")
"""Facts 3.2: the only symbols a company's name may hold."""
DATE_RANGE = re.compile(r"(\d{4}-\d{2}-\d{2})~(\d{4}-\d{2}-\d{2})")


def query_qualifications(office: Office, params: Params) -> dict[str, object]:
    """QuerySmsQualificationRecord; `UseBySelf` of a row is a text (facts 3.3)."""
    page, size = params.page("PageNo", "PageSize")
    own = params.maybe("UseBySelf").lower()
    work_order = params.maybe_number("WorkOrderId")
    wanted = {
        "QualificationGroupName": params.maybe("QualificationGroupName"),
        "CompanyName": params.maybe("CompanyName"),
        "LegalPersonName": params.maybe("LegalPersonName"),
        "StateName": params.maybe("State"),
        "UseBySelf": own,
        "WorkOrderId": work_order,
    }
    now = office.world.now()
    rows: list[dict[str, object]] = []
    for one in office.qualifications.values():
        verdict = one.review.verdict(now)
        decided = verdict is not Verdict.PENDING and one.review.decided_at is not None
        row: dict[str, object] = {
            "GroupId": one.group_id,
            "WorkOrderId": one.work_order_id,
            "QualificationGroupName": one.name,
            "CompanyName": one.company,
            "LegalPersonName": one.legal_person,
            "UseBySelf": "true" if one.use_by_self else "false",
            "StateName": STATES[verdict],
            "AuditRemark": (one.review.refusal or "") if decided else "",
            "AuditTime": china_text(one.review.decided_at) if decided and one.review.decided_at else "",
            "CreateDate": china_text(one.created_at),
        }
        if all(not value or row[name] == value for name, value in wanted.items()):
            rows.append(row)
    shown = rows[(page - 1) * size : page * size]
    return {"Data": {"List": shown, "PageNo": page, "PageSize": size, "Total": len(rows)}}


def create_letter(office: Office, params: Params) -> dict[str, object]:
    """CreateSmsAuthorizationLetter."""
    name = params.text("AuthorizationLetterName")
    if len(name) > 100:
        raise RefusalError("AuthorizationLetterNameOverLimit", "AuthorizationLetterName is longer than 100 characters.")
    if not PLAIN_NAME.fullmatch(name):
        raise RefusalError("AuthorizationLetterNameNotMatchRegex", "AuthorizationLetterName holds symbols.")
    if any(letter.name == name for letter in office.letters.values()):
        raise RefusalError("AuthorizationLetterNameRepeat", "AuthorizationLetterName exists already.")
    owner = _party(params, "Authorization")
    applicant = _party(params, "ProxyAuthorization")
    code = params.text("OrganizationCode")
    if len(code) > 150:
        raise RefusalError("OrganizationCodeOverLimit", "OrganizationCode is longer than 150 characters.")
    valid = params.text("AuthorizationLetterExpDate")
    _check_range(office, valid, "AuthorizationLetterDateNotMatchRegex", "AuthorizationLetterDateNotValid")
    picture = _uploaded(office, params, "AuthorizationLetterPic", "AuthorizationOssFileNotUploadError")
    params.text("SignList")
    names = params.strings("SignList")
    if len(names) > 100:
        raise RefusalError("SignNumOverLimit", "SignList holds more than 100 names.")
    if not names or not all(SIGN_NAME.fullmatch(one) for one in names):
        raise RefusalError("SignNotMatchRegex", "A name of SignList breaks the rules of signatures.")
    letter_id = office.world.seed.letter_id + next(office.numbers)
    office.letters[letter_id] = Letter(letter_id, name, owner, code, applicant, valid, picture, tuple(names))
    return {"Data": str(letter_id)}


def query_letters(office: Office, params: Params) -> dict[str, object]:
    """QuerySmsAuthorizationLetter; no paging (facts 3.5)."""
    ids = params.strings("AuthorizationLetterIdList")
    sign_name = params.maybe("SignName")
    code = params.maybe("OrganizationCode")
    state = params.maybe("State")
    status = params.maybe("Status")
    rows: list[dict[str, object]] = []
    for letter in office.letters.values():
        row: dict[str, object] = {
            "AuthorizationLetterId": letter.letter_id,
            "AuthorizationLetterName": letter.name,
            "AuthorizationLetterExpDate": letter.valid,
            "AuthorizationLetterPic": f"https://sandbox.example.com/{letter.picture}",
            "Authorization": letter.owner,
            "ProxyAuthorization": letter.applicant,
            "OrganizationCode": letter.credit_code,
            "SignScope": "、".join(letter.names),
            "State": "PASSED" if office.letter_passed(letter) else "INT",
            "Status": "INVALID" if letter.expired(office.today()) else "VALID",
        }
        if (
            (not ids or str(letter.letter_id) in ids)
            and (not sign_name or sign_name in letter.names)
            and (not code or code == letter.credit_code)
            and (not state or state == row["State"])
            and (not status or status == row["Status"])
        ):
            rows.append(row)
    return {"Data": rows}


def create_trademark(office: Office, params: Params) -> dict[str, object]:
    """CreateSmsTrademark; all parameters are required (facts 2.6)."""
    valid = params.text("TrademarkEffExpDate")
    _check_range(office, valid, "TrademarkLetterDateNotMatchRegex", "TrademarkDateNotValid")
    trademark_id = office.world.seed.trademark_id + next(office.numbers)
    record: dict[str, object] = {
        "TrademarkName": _limited(params, "TrademarkName", 15),
        "TrademarkApplicantName": _limited(params, "TrademarkApplicantName", 50),
        "TrademarkRegistrationNumber": _limited(params, "TrademarkRegistrationNumber", 15),
        "TrademarkEffExpDate": valid,
        "TrademarkPic": _uploaded(office, params, "TrademarkPic", "TrademarkOssFileNotUploadError"),
    }
    office.trademarks[trademark_id] = record
    return {"Data": str(trademark_id)}


def query_trademarks(office: Office, params: Params) -> dict[str, object]:
    """QuerySmsTrademark."""
    rows = _by_id(params, "TrademarkIdList", "TrademarkId", office.trademarks, ("TrademarkPic",))
    return {"Data": rows}


def create_app_record(office: Office, params: Params) -> dict[str, object]:
    """CreateSmsAppIcpRecord."""
    approved = params.text("AppApprovalDate")
    try:
        day = date.fromisoformat(approved)
    except ValueError as error:
        raise RefusalError("AppIcpRecordDateNotMatchRegex", "AppApprovalDate is not a date.") from error
    if day > office.today():
        raise RefusalError("AppApprovalDateNotValid", "AppApprovalDate lies in the future.")
    domain = params.text("Domain")
    if not domain.startswith(("http://", "https://")):
        raise RefusalError("AppDomainNotMatchRegex", "Domain is not a link.")
    record_id = office.world.seed.app_icp_id + next(office.numbers)
    code = "AppIcpRecordOssFileNotUploadError"
    office.app_records[record_id] = {
        "AppServiceName": params.text("AppServiceName", most=15),
        "AppPrincipalUnitName": _limited(params, "AppPrincipalUnitName", 50),
        "AppIcpLicenseNumber": _limited(params, "AppIcpLicenseNumber", 15),
        "AppApprovalDate": approved,
        "AppIcpRecordPic": _uploaded(office, params, "AppIcpRecordPic", code),
        "AppRuntimePic": _maybe_uploaded(office, params, "AppRuntimePic", code),
        "AppStoreDownloadPic": _maybe_uploaded(office, params, "AppStoreDownloadPic", code),
        "Domain": domain,
    }
    return {"Data": str(record_id)}


def query_app_records(office: Office, params: Params) -> dict[str, object]:
    """QuerySmsAppIcpRecord."""
    pictures = ("AppIcpRecordPic", "AppRuntimePic", "AppStoreDownloadPic")
    return {"Data": _by_id(params, "AppIcpRecordIdList", "AppIcpRecordId", office.app_records, pictures)}


def _by_id(
    params: Params, list_name: str, id_name: str, records: dict[int, dict[str, object]], pictures: tuple[str, ...]
) -> list[dict[str, object]]:
    params.text(list_name)
    rows: list[dict[str, object]] = []
    for text in params.strings(list_name):
        record = records.get(int(text)) if text.isdigit() else None
        if record is not None:
            urls = {f"{name}Url": f"https://sandbox.example.com/{record[name]}" for name in pictures if record[name]}
            rows.append({id_name: int(text), **json.loads(json.dumps(record)), **urls})
    return rows


def _party(params: Params, name: str) -> str:
    value = params.text(name)
    if len(value) > 150:
        raise RefusalError(f"{name}OverLimit", f"{name} is longer than 150 characters.")
    if not COMPANY_NAME.fullmatch(value):
        raise RefusalError(f"{name}NotMatchRegex", f"{name} holds symbols.")
    return value


def _limited(params: Params, name: str, most: int) -> str:
    value = params.text(name)
    if len(value) > most:
        raise RefusalError(f"{name}OverLimit", f"{name} is longer than {most} characters.")
    return value


def _check_range(office: Office, value: str, malformed: str, passed: str) -> None:
    found = DATE_RANGE.fullmatch(value)
    try:
        start, end = (date.fromisoformat(part) for part in found.groups()) if found else (date.min, date.min)
    except ValueError:
        found = None
        start = end = date.min
    if found is None:
        raise RefusalError(malformed, "A date range is written YYYY-MM-DD~YYYY-MM-DD.")
    if end < start or end < office.today():
        raise RefusalError(passed, "The date range is over or turned round.")


def _uploaded(office: Office, params: Params, name: str, code: str) -> str:
    key = params.text(name)
    if key not in office.uploads:
        raise RefusalError(code, f"The file of {name} was not uploaded.")
    return key


def _maybe_uploaded(office: Office, params: Params, name: str, code: str) -> str:
    return _uploaded(office, params, name, code) if params.maybe(name) else ""
