"""UCloud's signature actions (facts 2.1-2.4). There is no list."""

import re

from integrations.sandbox import reviewers
from integrations.sandbox.ucloud.params import Params
from integrations.sandbox.ucloud.project import Project, Signature, Status
from integrations.sandbox.ucloud.refusal import BAD_FORMAT, INVALID, MISSING, NO_SIGNATURE, RefusalError
from integrations.sandbox.world import Review, Verdict

CONTENT = re.compile(r"[\u4e00-\u9fffA-Za-z0-9_]{2,12}")
"""Facts 7.1: 2-12 Chinese characters, letters, digits or underscores."""
TYPES = range(6)
"""Facts 2.1; that 1, 2 and 3 pass no more is the reviewer's business. CertificateType uses the same numbers."""


def create(project: Project, params: Params) -> dict[str, object]:
    """CreateUSMSSignature.

    A second signature of the same content is taken: what UCloud does is not published (facts 2.3), and a vendor that
    takes doubles is the harder test of a client that must not make any.
    """
    content = _content(params)
    sig_type = params.number("SigType", TYPES)
    purpose = params.number("SigPurpose", (0, 1))
    if params.number("CertificateType", TYPES) != sig_type:
        raise RefusalError(INVALID, "CertificateType does not agree with SigType")
    params.text("Description")
    international = params.flag("International")
    _check_files(params, sig_type, purpose, international=international)
    qualification_id = _qualification(project, params.maybe("QualificationId"))
    sig_id = project.new_id("SIG")
    review = _review(project, content, sig_type, international=international)
    project.signatures[sig_id] = Signature(sig_id, content, sig_type, purpose, international, qualification_id, review)
    project.world.accept("ucloud", "signature", sig_id, content, content)
    return {"SigId": sig_id, "SigContent": content, "Message": "submit success"}


def update(project: Project, params: Params) -> dict[str, object]:
    """UpdateUSMSSignature: rejected ones only, as the API page says (facts 2.2; 0 and 1 are unsure there)."""
    signature = _by_id(project, params.text("SigId"))
    if project.status(signature) is not Status.REJECTED:
        raise RefusalError(INVALID, "Only signatures that failed review can be updated")
    content = _content(params)
    sig_type = params.number("SigType", TYPES)
    purpose = params.number("SigPurpose", (0, 1))
    certificate = params.maybe_number("CertificateType", TYPES)
    if certificate not in (None, sig_type):
        raise RefusalError(INVALID, "CertificateType does not agree with SigType")
    _check_files(params, sig_type, purpose, international=signature.international)
    signature.content, signature.sig_type, signature.purpose = content, sig_type, purpose
    signature.review = _review(project, content, sig_type, international=signature.international)
    return {"Message": "submit success"}


def query(project: Project, params: Params) -> dict[str, object]:
    """QueryUSMSSignature by SigId or SigContent; of several with one content the newest.

    What an unknown one answers is not published (facts 2.3); 18016, "signature not applied for", is what fits.
    """
    sig_id, content = params.maybe("SigId"), params.maybe("SigContent")
    if not sig_id and not content:
        raise RefusalError(MISSING, "Missing params [SigId or SigContent]")
    signature = _by_id(project, sig_id) if sig_id else _by_content(project, content)
    return {
        "Data": {
            "SigId": signature.sig_id,
            "SigContent": signature.content,
            "Status": int(project.status(signature)),
            "ErrDesc": project.reason(signature),
        }
    }


def delete(project: Project, params: Params) -> dict[str, object]:
    """DeleteUSMSSignature: not while under review (facts 2.4); all or none."""
    found = [_by_id(project, sig_id) for sig_id in params.strings("SigIds")]
    if any(project.status(signature) is Status.UNDER_REVIEW for signature in found):
        raise RefusalError(INVALID, "A signature under review cannot be deleted")
    for signature in found:
        project.signatures.pop(signature.sig_id, None)
    return {}


def _content(params: Params) -> str:
    content = params.text("SigContent")
    if not CONTENT.fullmatch(content):
        raise RefusalError(BAD_FORMAT, "SigContent is 2-12 Chinese characters, letters, digits or underscores")
    return content


def _check_files(params: Params, sig_type: int, purpose: int, *, international: bool) -> None:
    # `Document` and `ProxyDoc` name a file that is already there (facts 2.2); only Update has them.
    proof = params.file("File") or params.maybe("Document")
    if sig_type == 0 and not international and not proof:
        raise RefusalError(MISSING, "Missing params [File]: 国内公司类签名需上传证明文件")
    letter = params.file("ProxyFile") or params.maybe("ProxyDoc")
    if purpose == 1 and not letter:
        raise RefusalError(MISSING, "Missing params [ProxyFile]: 他用签名需上传授权委托书")


def _qualification(project: Project, qualification_id: str) -> str:
    if not qualification_id:
        return ""
    found = project.qualifications.get(qualification_id)
    if found is None or found.review.verdict(project.world.now()) is not Verdict.APPROVED:
        raise RefusalError(INVALID, "QualificationId is unknown or not approved")
    return qualification_id


def _review(project: Project, content: str, sig_type: int, *, international: bool) -> Review:
    refusal = None if international else reviewers.ucloud_signature(content, sig_type, project.world.seed.company)
    return project.world.begin_review("ucloud", refusal)


def _by_id(project: Project, sig_id: str) -> Signature:
    found = project.signatures.get(sig_id)
    if found is None:
        raise RefusalError(NO_SIGNATURE, f"Signature {sig_id} not found")
    return found


def _by_content(project: Project, content: str) -> Signature:
    for signature in reversed(project.signatures.values()):
        if signature.content == content:
            return signature
    raise RefusalError(NO_SIGNATURE, f"Signature {content} not found")
