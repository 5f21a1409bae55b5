"""Signatures and qualifications on the wire: our values to parameters, answers to what was seen. Pure."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from bot.contracts.hushed import hushed
from bot.contracts.model import CarrierFiling, State, Submission
from bot.contracts.vendor import Option, Seen
from integrations.alibaba import words
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.declared import SIGNATURE_SOURCE, SIGNATURE_USAGE
from integrations.alibaba.wire import (
    Answer,
    Audit,
    Many,
    One,
    Parameters,
    Part,
    Text,
    Texts,
    compact,
    parameters,
    text_date,
)

NO_PROOFS: Mapping[str, str] = MappingProxyType({})

REMARK_LENGTH = 200  # CreateSmsSign.Remark by the documentation; metadata has 500 (facts 2.1)
NOT_FOUND = ("SignatureNotFound", "SmsSignatureNotFound")  # GetSmsSign, HTTP 404 (facts 2.8)

# --- Requests --------------------------------------------------------------------------------------------------------


def create_signature(
    submission: Submission,
    *,
    papers: Sequence[str],
    letter: str,
    unconfirmed: Unconfirmed,
    proofs: Mapping[str, str] = NO_PROOFS,
) -> Parameters:
    """The parameters of CreateSmsSign, and of UpdateSmsSign, which takes the same (facts 2.1).

    Args:
        submission: what is asked for.
        papers: keys of the uploaded further proofs.
        letter: id of the authorisation letter, empty for own use.
        unconfirmed: how booleans are written.
        proofs: `trademark` or `icp_record` → the id of its entry; of the values where it is left out.
    """
    values = {**submission.values, **proofs}
    source = values.get("source", "company")
    third_party = values.get("purpose") == "other"
    app = source == "app"
    return parameters(
        {
            "SignName": submission.name,
            "SignSource": SIGNATURE_SOURCE.code(source),
            "SignType": SIGNATURE_USAGE.code(values.get("usage") or "general"),
            "QualificationId": values.get("qualification") or None,
            "ThirdParty": third_party,
            "AuthorizationLetterId": (letter or None) if third_party else None,
            "TrademarkId": values.get("trademark") or None if source == "trademark" else None,
            "AppIcpRecordId": values.get("icp_record") or None if app else None,
            "ApplySceneContent": values.get("link") or None if app else None,
            "MoreData": compact(list(papers)) if papers else None,
            "Remark": _remark(values.get("remark", ""), "" if app else values.get("link", "")) or None,
        },
        unconfirmed,
    )


def _remark(remark: str, link: str) -> str:
    """The note with the link, which only apps have a parameter for; reviewers want to see where a name is live."""
    both = "\n".join(part for part in (remark, link) if part and (part is remark or part not in remark))
    return both if len(both) <= REMARK_LENGTH else remark


# --- Answers ---------------------------------------------------------------------------------------------------------


class Created(Answer):
    """Answer of CreateSmsSign and UpdateSmsSign."""

    SignName: Text = ""
    OrderId: Text = ""


class Reason(Part):
    """One of RegisterStatusReasons; a code may come without a text (facts 2.4)."""

    ReasonCode: Text = ""
    ReasonDescList: Texts = ()


class Registration(Part):
    """One carrier of SignIspRegisterDetailList (facts 2.4)."""

    OperatorCode: Text = ""
    RegisterStatus: Text = ""
    RegisterStatusReasons: Many[Reason] = ()


class Signature(Answer):
    """Answer of GetSmsSign (facts 2.3)."""

    SignName: Text = ""
    SignStatus: Text = ""
    AuditInfo: One[Audit] = Audit()
    OrderId: Text = ""
    CreateDate: Text = ""
    SignIspRegisterDetailList: Many[Registration] = ()


class ListedSignature(Part):
    """One of QuerySmsSignList (facts 2.5)."""

    SignName: Text = ""
    AuditStatus: Text = ""
    CreateDate: Text = ""
    TrademarkId: Text = ""
    AppIcpRecordId: Text = ""
    OrderId: Text = ""
    Reason: One[Audit] = Audit()


class SignatureList(Answer):
    """Answer of QuerySmsSignList."""

    SmsSignList: Many[ListedSignature] = ()
    TotalCount: Text = ""


class Record(Part):
    """One of QuerySmsQualificationRecord (facts 3.3); the legal person's name is left where it is."""

    GroupId: Text = ""
    WorkOrderId: Text = ""
    QualificationGroupName: Text = ""
    CompanyName: Text = ""
    UseBySelf: Text = ""
    StateName: Text = ""
    AuditRemark: Text = ""
    CreateDate: Text = ""

    @property
    def passed(self) -> bool:
        """Whether a signature can name it."""
        return words.QUALIFICATION_RECORD.get(self.StateName) == words.PASS


class Records(Part):
    """A page of qualifications."""

    List: Many[Record] = ()
    Total: Text = ""


class RecordList(Answer):
    """Answer of QuerySmsQualificationRecord."""

    Data: One[Records] = Records()


# --- What was seen ---------------------------------------------------------------------------------------------------


def filing(registration: Registration) -> CarrierFiling:
    """What one carrier says; a status that the table does not know waits, with the vendor's word as the reason."""
    status = words.FILING.get(registration.RegisterStatus)
    if status is None:
        return CarrierFiling(registration.OperatorCode, "waiting", f"RegisterStatus {registration.RegisterStatus}")
    if status == "done":
        told = words.BEGIN_SMALL if registration.RegisterStatus == words.NOT_PROVED else ""
        return CarrierFiling(registration.OperatorCode, status, told)
    said = registration.RegisterStatusReasons
    if status == "missing" and any(reason.ReasonCode in words.WITHOUT_QUALIFICATION for reason in said):
        status = "failed"  # not begun, and it will not begin before somebody does something
    return CarrierFiling(registration.OperatorCode, status, "\n".join(filter(None, map(_reason, said))))


def _reason(reason: Reason) -> str:
    described = "；".join(text for text in reason.ReasonDescList if text)
    known = words.FILING_REASONS.get(reason.ReasonCode)
    return described or (f"{known} ({reason.ReasonCode})" if known else reason.ReasonCode)


def filed_everywhere(filings: Sequence[CarrierFiling]) -> bool:
    """Whether all three carriers let messages through."""
    done = {one.carrier for one in filings if one.status == "done"}
    return done.issuperset(words.CARRIERS)


def seen_signature(found: Signature, ref: str, unconfirmed: Unconfirmed) -> Seen:
    """GetSmsSign as what was seen: passed and filed with all three carriers is ready, passed alone is approved."""
    review = words.review(words.SIGNATURE_GET, found.SignStatus, passed=State.APPROVED)
    filings = tuple(filing(one) for one in found.SignIspRegisterDetailList)
    ready = review.state is State.APPROVED and filed_everywhere(filings)
    return Seen(
        ref=ref,
        name=found.SignName or ref,
        state=State.READY if ready else review.state,
        word=review.word,
        reason=found.AuditInfo.reason if review.state is State.REJECTED else "",
        order=found.OrderId,
        filings=filings,
        created_at=text_date(found.CreateDate, unconfirmed),
    )


def seen_listed(found: ListedSignature, unconfirmed: Unconfirmed) -> Seen:
    """An item of the list; a passed one is at most approved, the carriers are shown by GetSmsSign only."""
    review = words.review(words.SIGNATURE_LIST, found.AuditStatus, passed=State.APPROVED)
    return Seen(
        ref=found.SignName,
        name=found.SignName,
        state=review.state,
        word=review.word,
        reason=found.Reason.reason if review.state is State.REJECTED else "",
        order=found.OrderId,
        created_at=text_date(found.CreateDate, unconfirmed),
    )


def seen_record(found: Record, unconfirmed: Unconfirmed) -> Seen:
    """A qualification; a passed one can be used at once."""
    review = words.review(words.QUALIFICATION_RECORD, found.StateName, passed=State.READY)
    return Seen(
        ref=found.GroupId,
        name=found.QualificationGroupName,
        state=review.state,
        word=review.word,
        reason=_remark_of(found, review),
        order=found.WorkOrderId,
        created_at=text_date(found.CreateDate, unconfirmed),
    )


def _remark_of(found: Record, review: words.Review) -> str:
    if review.state is State.READY:
        return ""
    return hushed(found.AuditRemark) or (words.MORE_MATERIAL if review.word == words.NOT_FINISH else "")


def qualification_option(found: Record) -> Option:
    """A qualification as something to choose."""
    names = (found.QualificationGroupName, found.CompanyName)
    review = words.review(words.QUALIFICATION_RECORD, found.StateName, passed=State.READY)
    return Option(
        value=found.GroupId,
        label=" · ".join(filter(None, names)),
        usable=found.passed,
        state=review.state,
        word=review.word,
        remark=hushed(found.AuditRemark) or _remark_of(found, review),
    )


def signature_option(found: ListedSignature) -> Option:
    """A signature as something to choose."""
    usable = words.SIGNATURE_LIST.get(found.AuditStatus) == words.PASS
    return Option(value=found.SignName, label=found.SignName, usable=usable)


# --- Authorisation letters -------------------------------------------------------------------------------------------


LETTER_KEYS = ("owner", "owner_code", "applicant", "letter_term")


class Letter(Part):
    """One of QuerySmsAuthorizationLetter (facts 3.5)."""

    AuthorizationLetterId: Text = ""
    AuthorizationLetterName: Text = ""
    AuthorizationLetterExpDate: Text = ""
    Authorization: Text = ""
    SignScope: Text = ""
    State: Text = ""
    Status: Text = ""


class LetterList(Answer):
    """Answer of QuerySmsAuthorizationLetter."""

    Data: Many[Letter] = ()


class LetterCreated(Answer):
    """Answer of CreateSmsAuthorizationLetter."""

    Data: Text = ""


def letter_option(found: Letter) -> Option:
    """A letter as something to choose: who authorised which names, until when; one that is over cannot be used."""
    parts = (found.Authorization, found.SignScope)
    return Option(
        value=found.AuthorizationLetterId,
        label=" · ".join(filter(None, parts)) or found.AuthorizationLetterName,
        usable=found.Status != "INVALID",
        state=State.READY if found.State == "PASSED" and found.Status != "INVALID" else None,
        word=" ".join(filter(None, (found.State, found.Status))),
        until=end_of(found.AuthorizationLetterExpDate),
    )


def end_of(term: str) -> date | None:
    """The last day of a range as the vendor writes it; none where it is none."""
    try:
        return date.fromisoformat(term.rpartition("~")[2].strip())
    except ValueError:
        return None


def letter_name(sign: str, paper_digest: str, values: Mapping[str, str]) -> str:
    """A name for a letter: the same paper with the same particulars always has the same one.

    The vendor refuses a name that it has, so a letter whose answer was lost can be found, and never stands there twice.
    Chinese, letters and digits only, at most 100 (facts 3.4).

    Args:
        sign: the signature it names.
        paper_digest: SHA-256 of the file.
        values: what is entered with it, see `LETTER_KEYS`.
    """
    particulars = "\n".join((paper_digest, *(values[key] for key in LETTER_KEYS)))
    return sign + hashlib.sha256(particulars.encode()).hexdigest()[:24]


def create_letter(
    name: str, sign: str, values: Mapping[str, str], picture: str, unconfirmed: Unconfirmed
) -> Parameters:
    """The parameters of CreateSmsAuthorizationLetter, every one of which is required (facts 3.4).

    Args:
        name: of `letter_name`.
        sign: the signature it names.
        values: `owner`, `owner_code`, `applicant` and `letter_term`.
        picture: key of the uploaded file.
        unconfirmed: how values are written.
    """
    return parameters(
        {
            "AuthorizationLetterName": name,
            "Authorization": values["owner"],
            "OrganizationCode": values["owner_code"],
            "ProxyAuthorization": values["applicant"],
            "AuthorizationLetterExpDate": values["letter_term"],
            "AuthorizationLetterPic": picture,
            "SignList": compact([sign]),
        },
        unconfirmed,
    )
