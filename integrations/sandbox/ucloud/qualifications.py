"""UCloud's files and reading of qualifications (facts 2.5).

Adding, editing and deleting qualifications belong here too.
"""

import re

from integrations.sandbox.ucloud.params import Params
from integrations.sandbox.ucloud.project import Project, Qualification
from integrations.sandbox.ucloud.refusal import BAD_FORMAT, INVALID, MISSING, RefusalError
from integrations.sandbox.world import Verdict
from integrations.sandbox.world_time import unix

STATUS = {Verdict.PENDING: 1, Verdict.APPROVED: 2, Verdict.REJECTED: 3}
"""Facts 2.5: 0 draft, 1 under review, 2 approved, 3 rejected, 4 disabled."""
FILE_NAME = re.compile(r".+\.(?:jpg|jpeg|png|pdf)", re.IGNORECASE)


def upload(project: Project, params: Params) -> dict[str, object]:
    """UploadUSMSFile."""
    name = params.text("FileName")
    params.number("Source", (0,))
    if not FILE_NAME.fullmatch(name):
        raise RefusalError(BAD_FORMAT, "FileName needs the extension jpg, png or pdf")
    if params.file("FileContent") is None:
        raise RefusalError(MISSING, "Missing params [FileContent]")
    file_id = project.new_id("USMSFILE")
    project.files[file_id] = name
    return {"FileId": file_id}


def query_list(project: Project, params: Params) -> dict[str, object]:
    """GetUSMSSignatureQualification; pages count from 0 as on the statistics pages (unsure, facts 2.5)."""
    page, size = params.number("Page", range(1_000_000)), params.number("NumPerPage", range(1, 101))
    order, direction = params.text("OrderBy"), params.text("OrderType")
    if order not in ("QualificationId", "CreateTime") or direction not in ("asc", "desc"):
        raise RefusalError(INVALID, "Params [OrderBy] or [OrderType] not available")
    attr = params.maybe_number("QualificationAttr", (0, 1))
    status = params.maybe_number("Status", range(5))
    rows = [_summary(project, one) for one in project.qualifications.values()]
    rows = [row for row in rows if attr in (None, row["Attr"]) and status in (None, row["Status"])]
    rows.sort(key=lambda row: str(row[order]), reverse=direction == "desc")
    return {"Total": len(rows), "Data": rows[page * size : (page + 1) * size], "Message": ""}


def query(project: Project, params: Params) -> dict[str, object]:
    """QueryUSMSSignatureQualification."""
    qualification_id = params.text("QualificationId")
    found = project.qualifications.get(qualification_id)
    if found is None:
        raise RefusalError(INVALID, f"Qualification {qualification_id} not found")
    link = f"https://sandbox.example.com/usms/{qualification_id}"
    summary = _summary(project, found)
    summary.pop("AccountId")
    return {
        "Data": {
            **summary,
            "CompanyCreditCode": found.credit_code,
            "CompanyCertificateFile": f"{link}/licence.png",
            "CompanyWorkScenePhotos": f"{link}/office.png",
            "HandlerPhone": "13800000000",
            "HandlerIDNumber": "330106199001010000",
            "HandlerIDCardFrontImage": f"{link}/front.png",
            "HandlerIDCardBackImage": f"{link}/back.png",
            "HandlerHandHeldImage": f"{link}/hand.png",
            "ManagerPhone": "13800000000",
            "ManagerIDNumber": "330106199001010000",
            "PowerOfAttorney": "",
        },
        "Message": "",
    }


def _summary(project: Project, one: Qualification) -> dict[str, object]:
    review, verdict = one.review, one.review.verdict(project.world.now())
    status = 4 if one.disabled is not None else STATUS[verdict]
    ended = verdict is not Verdict.PENDING and review.decided_at is not None
    reason = one.disabled if one.disabled is not None else review.refusal
    return {
        "QualificationId": one.qualification_id,
        "AccountId": 50_000_001,
        "Name": one.name,
        "Attr": one.attr,
        "CompanyName": one.company,
        "ManagerName": one.handler,
        "HandlerName": one.handler,
        "Status": status,
        "ErrCode": 18003 if status in (3, 4) else 0,
        "ErrDesc": (reason or "") if status in (3, 4) else "",
        "CreateTime": unix(one.created_at),
        "ModifyTime": unix(review.submitted_at),
        "ReviewStartTime": unix(review.submitted_at),
        "ReviewEndTime": unix(review.decided_at) if ended and review.decided_at else 0,
    }
