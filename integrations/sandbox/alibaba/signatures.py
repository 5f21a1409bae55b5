"""Alibaba's signature operations (facts 2.1-2.5, error codes 2.8)."""

import re
from collections.abc import Mapping

from integrations.sandbox import reviewers
from integrations.sandbox.alibaba.office import Office, Qualification, Signature, SignatureForm
from integrations.sandbox.alibaba.params import Params
from integrations.sandbox.alibaba.refusal import RefusalError
from integrations.sandbox.settings import Carrier
from integrations.sandbox.world import Review, Verdict
from integrations.sandbox.world_time import china_text

SIGN_NAME = re.compile(r"[\u4e00-\u9fffA-Za-z0-9]{2,12}")
"""Facts 10.1: 2-12 Chinese characters, letters or digits."""
SOURCES = (0, 2, 5)
"""Facts 2.1: enterprise, app, trademark; 1, 3 and 4 were withdrawn in 2025."""
STATUS = {Verdict.PENDING: 0, Verdict.APPROVED: 1, Verdict.REJECTED: 2}
LIST_STATUS = {
    Verdict.PENDING: "AUDIT_STATE_INIT",
    Verdict.APPROVED: "AUDIT_STATE_PASS",
    Verdict.REJECTED: "AUDIT_STATE_NOT_PASS",
}
"""Facts 0.1; withdrawn is 10 and AUDIT_STATE_CANCEL."""
NO_REMARK = "无审核备注"
"""Facts 2.5: "when not rejected the texts hold a 'no remarks' phrase"."""


def create(office: Office, params: Params) -> dict[str, object]:
    """CreateSmsSign."""
    name = _name(params)
    form = _form(office, params, name)
    if name in office.signatures:
        raise RefusalError("SignName.Exists", f"The signature {name} already exists.")
    now = office.world.now()
    review = office.world.begin_review("alibaba", reviewers.alibaba_signature(name))
    code = f"SIGN_{100_000_000 + next(office.numbers)}"
    signature = Signature(name, code, office.order_id(), now, form, review)
    office.signatures[name] = signature
    office.world.accept("alibaba", "signature", name, name, name)
    return {"SignName": name, "OrderId": signature.order_id}


def update(office: Office, params: Params) -> dict[str, object]:
    """UpdateSmsSign: rejected and approved ones; starts a new review (facts 2.1)."""
    name = _name(params)
    signature = _find(office, name)
    now = office.world.now()
    if signature.withdrawn or signature.pending(now):
        # No code for this is published for UpdateSmsSign; the older ChangeSignatureQualification has one (facts 2.6).
        raise RefusalError("SMS_STATUS_ILLEGAL", "Only rejected and approved signatures can be updated.")
    form = _form(office, params, name)
    review = office.world.begin_review("alibaba", reviewers.alibaba_signature(name))
    order_id = office.order_id()
    if signature.approved(now):
        signature.edit = (form, review, order_id)
    else:
        signature.form, signature.review, signature.order_id = form, review, order_id
    return {"SignName": name, "OrderId": order_id}


def delete(office: Office, params: Params) -> dict[str, object]:
    """DeleteSmsSign: withdrawn, rejected or approved ones (facts 2.2)."""
    name = params.text("SignName")
    signature = _find(office, name)
    if signature.pending(office.world.now()):
        raise RefusalError("SMS_STATUS_ILLEGAL", "A signature under review cannot be deleted.")
    del office.signatures[name]
    return {"SignName": name}


def get(office: Office, params: Params) -> dict[str, object]:
    """GetSmsSign."""
    signature = _find(office, params.text("SignName"))
    now = office.world.now()
    signature.settle(now)
    form, verdict = signature.form, signature.review.verdict(now)
    letter = office.letters.get(form.letter_id)
    return {
        "SignName": signature.name,
        "SignCode": signature.code,
        "SignStatus": 10 if signature.withdrawn else STATUS[verdict],
        "AuditInfo": _audit(signature.review, verdict),
        "OrderId": signature.order_id,
        "CreateDate": china_text(signature.created_at),
        "Remark": form.remark,
        "ApplyScene": form.scene,
        "SignUsage": "验证码" if form.sign_type == 0 else "通用",
        "QualificationId": form.qualification_id,
        "AuthorizationLetterId": form.letter_id,
        "TrademarkId": form.trademark_id,
        "AppIcpRecordId": form.app_icp_id,
        "AuthorizationLetterAuditPass": letter is not None and office.letter_passed(letter),
        "ThirdParty": form.third_party,
        "SignTag": signature.tag,
        "FileUrlList": list(form.files),
        "RegisterResult": -1,
        "SignIspRegisterDetailList": _registrations(office, signature),
    }


def query_list(office: Office, params: Params) -> dict[str, object]:
    """QuerySmsSignList: no filter, newest first."""
    index, size = params.page("PageIndex", "PageSize")
    everything = list(reversed(office.signatures.values()))
    shown = everything[(index - 1) * size : index * size]
    return {
        "SmsSignList": [_row(office, signature) for signature in shown],
        "TotalCount": len(everything),
        "CurrentPage": index,
        "PageSize": size,
    }


def _row(office: Office, signature: Signature) -> dict[str, object]:
    now = office.world.now()
    signature.settle(now)
    form, verdict = signature.form, signature.review.verdict(now)
    letter = office.letters.get(form.letter_id)
    return {
        "SignName": signature.name,
        "AuditStatus": "AUDIT_STATE_CANCEL" if signature.withdrawn else LIST_STATUS[verdict],
        "BusinessType": "验证码类型" if form.sign_type == 0 else "通用类型",
        "CreateDate": china_text(signature.created_at),
        "OrderId": signature.order_id,
        "Reason": list_reason(signature.review, verdict),
        "TrademarkId": form.trademark_id,
        "AppIcpRecordId": form.app_icp_id,
        "AuthorizationLetterId": form.letter_id,
        "authorizationLetterAuditPass": letter is not None and office.letter_passed(letter),
    }


def list_reason(review: Review, verdict: Verdict) -> dict[str, str]:
    """Word `Reason` of a list row."""
    if verdict is Verdict.REJECTED and review.decided_at is not None and review.refusal is not None:
        return {"RejectDate": china_text(review.decided_at), "RejectInfo": review.refusal, "RejectSubInfo": ""}
    return {"RejectDate": "", "RejectInfo": NO_REMARK, "RejectSubInfo": NO_REMARK}


def _audit(review: Review, verdict: Verdict) -> dict[str, str]:
    if verdict is Verdict.PENDING or review.decided_at is None:
        return {"AuditDate": "", "RejectInfo": ""}
    # The trailing line feed is the vendor's (facts, introduction: "trailing line feed in AuditDate").
    return {"AuditDate": china_text(review.decided_at) + "\n", "RejectInfo": review.refusal or ""}


def _registrations(office: Office, signature: Signature) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    carrier: Carrier
    for carrier, registration in office.registrations(signature).items():
        reasons: list[Mapping[str, object]] = [
            {"ReasonCode": code, "ReasonDescList": list(texts)} for code, texts in registration.reasons
        ]
        completed = registration.completed_at
        rows.append(
            {
                "OperatorCode": carrier,
                "OperatorCompleteTime": china_text(completed) if completed else "",
                "RegisterStatus": registration.status,
                "RegisterStatusReasons": reasons,
            }
        )
    return rows


def _name(params: Params) -> str:
    name = params.text("SignName")
    if not SIGN_NAME.fullmatch(name) or name.isdigit():
        raise RefusalError("InvalidSignName", "The sign name is 2-12 characters, no space, symbol or digits only.")
    return name


def _find(office: Office, name: str) -> Signature:
    signature = office.signatures.get(name)
    if signature is None:
        raise RefusalError("SignatureNotFound", f"The signature {name} is not found.", status=404)
    return signature


def _form(office: Office, params: Params, name: str) -> SignatureForm:
    source = params.number("SignSource", among=SOURCES)
    qualification = _qualification(office, params.number("QualificationId"))
    third_party = params.flag("ThirdParty", default=False)
    if third_party is qualification.use_by_self:
        raise RefusalError("ParameterMismatch.ThirdParty", "ThirdParty differs from the purpose of the qualification.")
    letter_id = params.maybe_number("AuthorizationLetterId")
    if third_party:
        _check_letter(office, letter_id, qualification, name)
    trademark_id = params.maybe_number("TrademarkId")
    if source == 5 and trademark_id not in office.trademarks:
        raise RefusalError("TrademarkNotExist", "The trademark does not exist.")
    app_icp_id = params.maybe_number("AppIcpRecordId")
    scene = params.maybe("ApplySceneContent")
    if source == 2:
        if app_icp_id not in office.app_records:
            raise RefusalError("AppIcpRecordNotExist", "The app ICP record does not exist.")
        if not scene:
            raise RefusalError("MissApplySceneContent", "ApplySceneContent is needed for this source.")
        if not scene.startswith(("http://", "https://")):
            raise RefusalError("InvalidApplySceneContent", "ApplySceneContent must be an http or https link.")
    files = params.strings("MoreData")
    if any(key not in office.uploads for key in files):
        raise RefusalError("InvalidMoreData", "A file of MoreData was not uploaded.")
    return SignatureForm(
        source,
        params.maybe_number("SignType", 1, among=(0, 1)),
        qualification.group_id,
        third_party,
        letter_id,
        trademark_id,
        app_icp_id,
        scene,
        tuple(files),
        params.maybe("Remark", most=500),
    )


def _qualification(office: Office, group_id: int) -> Qualification:
    found = office.qualifications.get(group_id)
    if found is None:
        raise RefusalError("QualificationNotFound", "The qualification is not found.", status=404)
    if found.review.verdict(office.world.now()) is not Verdict.APPROVED:
        raise RefusalError("InvalidQualification", "The qualification is not approved.")
    return found


def _check_letter(office: Office, letter_id: int, qualification: Qualification, name: str) -> None:
    letter = office.letters.get(letter_id)
    if letter is None:
        raise RefusalError("SmsAuthorizationLetterNotExist", "The authorization letter does not exist.")
    if letter.credit_code != qualification.credit_code:
        raise RefusalError("SmsAuthorizationLetterNotMatch", "The credit code differs from the qualification's.")
    if name not in letter.names or letter.expired(office.today()):
        raise RefusalError("SmsSignNotAuthorized", "The signature is not in a valid authorization letter.")
