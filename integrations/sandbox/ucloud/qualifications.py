"""UCloud's qualifications and their files (facts 2.5)."""

import re

from integrations.sandbox import reviewers
from integrations.sandbox.ucloud.params import Params
from integrations.sandbox.ucloud.project import Project, Qualification
from integrations.sandbox.ucloud.refusal import BAD_FORMAT, INVALID, MISSING, RefusalError
from integrations.sandbox.world import Review, Verdict
from integrations.sandbox.world_time import unix

STATUS = {Verdict.PENDING: 1, Verdict.APPROVED: 2, Verdict.REJECTED: 3}
"""Facts 2.5: 0 draft, 1 under review, 2 approved, 3 rejected, 4 disabled."""
PHONE = re.compile(r"(?:\+?86|0086)?[ -]?1[3-9]\d{9}")
ID_NUMBER = re.compile(r"\d{17}[\dX]|[A-Z0-9()]{5,12}")
FILE_IDS = (
    "CompanyCertificateFileId",
    "CompanyWorkScenePhotosFileId",
    "HandlerIDCardFrontImageFileId",
    "HandlerIDCardBackImageFileId",
    "HandlerHandHeldImageFileId",
    "PowerOfAttorneyFileId",
)
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


def add(project: Project, params: Params) -> dict[str, object]:
    """AddUSMSSignatureQualification: a second one of the same name is taken, which is the harder test of a client."""
    name = params.text("Name", most=100)
    attr = params.number("Attr", (0, 1))
    status = params.number("Status", (0, 1))
    company, code, handler = _persons_and_company(project, params, phone_needed=True)
    qualification_id = project.new_id("USMSQ")
    review = _review(project, company, code, params, status)
    project.qualifications[qualification_id] = Qualification(
        qualification_id, name, attr, company, code, handler, project.world.now(), review, draft=status == 0
    )
    project.world.accept("ucloud", "qualification", qualification_id, name, name)
    return {"QualificationId": qualification_id, "Message": ""}


def update(project: Project, params: Params) -> dict[str, object]:
    """UpdateUSMSSignatureQualification: what is left out stays; not while under review (as for signatures, unsure)."""
    found = _by_id(project, params.text("QualificationId"))
    status = params.number("Status", (0, 1))
    if _status(project, found) == STATUS[Verdict.PENDING]:
        raise RefusalError(INVALID, "A qualification under review cannot be updated")
    company, code, handler = _persons_and_company(project, params, phone_needed=False)
    found.name = params.maybe("Name", most=100) or found.name
    attr = params.maybe_number("Attr", (0, 1))
    found.attr = found.attr if attr is None else attr
    found.company, found.credit_code = company or found.company, code or found.credit_code
    found.handler = handler or found.handler
    found.review = _review(project, found.company, found.credit_code, params, status)
    found.draft, found.disabled = status == 0, None
    return {"QualificationId": found.qualification_id, "Message": ""}


def delete(project: Project, params: Params) -> dict[str, object]:
    """DeleteUSMSSignatureQualification: not while under review (as for signatures, unsure); all or none."""
    found = [_by_id(project, one) for one in params.strings("QualificationIds")]
    if any(_status(project, one) == STATUS[Verdict.PENDING] for one in found):
        raise RefusalError(INVALID, "A qualification under review cannot be deleted")
    for one in found:
        project.qualifications.pop(one.qualification_id, None)
    return {}


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
    found = _by_id(project, qualification_id)
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
    status = _status(project, one)
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


def _status(project: Project, one: Qualification) -> int:
    if one.disabled is not None:
        return 4
    return 0 if one.draft else STATUS[one.review.verdict(project.world.now())]


def _by_id(project: Project, qualification_id: str) -> Qualification:
    found = project.qualifications.get(qualification_id)
    if found is None:
        raise RefusalError(INVALID, f"Qualification {qualification_id} not found")
    return found


def _persons_and_company(project: Project, params: Params, *, phone_needed: bool) -> tuple[str, str, str]:
    phone = params.text("HandlerPhone") if phone_needed else params.maybe("HandlerPhone")
    if phone and not PHONE.fullmatch(phone):
        raise RefusalError(BAD_FORMAT, f"Params [HandlerPhone] {phone} is no phone number")
    number = params.maybe("HandlerIDNumber")
    if number and not ID_NUMBER.fullmatch(number):
        raise RefusalError(BAD_FORMAT, f"Params [HandlerIDNumber] {number} is no identity number")
    for name in FILE_IDS:
        file_id = params.maybe(name)
        if file_id and file_id not in project.files:
            raise RefusalError(INVALID, f"Params [{name}] file not found")
    return params.maybe("CompanyName", most=100), params.maybe("CompanyCreditCode"), params.maybe("HandlerName")


def _review(project: Project, company: str, code: str, params: Params, status: int) -> Review:
    if status == 0:
        return Review(project.world.now(), None, None)
    licence = bool(params.maybe("CompanyCertificateFileId"))
    return project.world.begin_review("ucloud", reviewers.ucloud_qualification(company, code, licence=licence))
