"""Digital messages on the wire: their signatures and templates (facts 5.1, 5.2). Pure.

A template's files go along in the call itself, each with its name, size and base64, text among them.
"""

import base64
from datetime import UTC, datetime

from bot.contracts import personal
from bot.contracts.model import CarrierFiling, State, Submission
from bot.contracts.parts import MEDIA, Part, parts
from bot.contracts.vendor import Seen
from integrations.alibaba import digital_fields, words
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.templates import ListedTemplate, Template, remark
from integrations.alibaba.wire import Answer, One, Parameters, Text, compact, parameters
from integrations.alibaba.wire import Part as Wired

LIST_TYPE = "7"  # TemplateType of a digital one in a sample of the lists (facts 4.5)

_SUFFIXES = {"image/jpeg": "jpg", "image/png": "png", "image/gif": "gif", "video/mp4": "mp4", "audio/mpeg": "mp3"}

# --- Requests --------------------------------------------------------------------------------------------------------


def create_template(submission: Submission, unconfirmed: Unconfirmed) -> tuple[Parameters, Parameters]:
    """The parameters of CreateDigitalSmsTemplate: those of the address, and the files.

    The vendor's SDK writes the files into the address too, where 2 MB do not fit (`Unconfirmed.digital_files`).
    """
    told = parameters(
        {
            "TemplateName": submission.name,
            "SignName": submission.values.get("sign") or None,
            "Remark": remark(submission) or submission.name,
        },
        unconfirmed,
    )
    files: Parameters = {}
    said = parts(submission.values.get("content", ""), submission.papers.get(MEDIA, ()))
    for number, part in enumerate(said, 1):
        suffix, content = _written(part)
        start = f"TemplateContents.{number}."
        files[f"{start}FileName"] = f"{number:02d}"
        files[f"{start}FileSuffix"] = suffix
        files[f"{start}FileSize"] = str(len(content))
        files[f"{start}FileContents"] = base64.b64encode(content).decode("ascii")
    return told, files


def form(files: Parameters) -> bytes:
    """The files as the body of a form.

    Written here because the usual way looks at every character, which of two megabytes takes half a second. Of what stands
    in these values only three characters of base64 are not sent as they are.
    """
    written = (
        f"{name}={value.replace('+', '%2B').replace('/', '%2F').replace('=', '%3D')}" for name, value in files.items()
    )
    return "&".join(written).encode("ascii")


def _written(part: Part) -> tuple[str, bytes]:
    if part.file is None:
        return "txt", part.words.encode()
    return _SUFFIXES[part.file.media_type], part.file.content


def sign_order(submission: Submission, unconfirmed: Unconfirmed, ref: str = "") -> Parameters:
    """The parameters of CreateDigitalSignOrder to create a signature, or to change the one that has this id."""
    values = submission.values
    told = {
        "qualificationCompanyName": values.get("company", ""),
        "qualificationOrganizationCode": values.get("credit_code", ""),
        **{name: personal.text_of(submission.papers, key) for key, name in digital_fields.PERSONS.items()},
    }
    return parameters(
        {
            "OrderType": "UPDATE_DIGITALSMS_SIGN" if ref else "CREATE_DIGITALSMS_SIGN",
            "SignId": ref or None,
            "SignName": submission.name,
            "SignSource": 2 if values.get("source") == "app" else 0,
            "SignIndustry": digital_fields.INDUSTRY.code(values.get("industry") or digital_fields.INDUSTRY.default),
            "QualificationId": values.get("qualification") or None,
            "OrderContext": compact(told),
        },
        unconfirmed,
    )


def sign_removal(ref: str, name: str) -> Parameters:
    """The parameters of CreateDigitalSignOrder to delete a signature: it wants its id and its name."""
    return {"OrderType": "DELETE_DIGITALSMS_SIGN", "SignId": ref, "SignName": name}


# --- Answers ---------------------------------------------------------------------------------------------------------


class Created(Answer):
    """Answer of CreateDigitalSmsTemplate."""

    TemplateCode: Text = ""


class Placed(Wired):
    """`Data` of CreateDigitalSignOrder."""

    signId: Text = ""  # noqa: N815 -- the vendor's
    signOrderId: Text = ""  # noqa: N815 -- the vendor's


class Ordered(Answer):
    """Answer of CreateDigitalSignOrder."""

    Data: One[Placed] = Placed()


class Signature(Wired):
    """`Data` of QueryDigitalSignByName; empty for a name that it does not know (UNSURE in facts 5.1)."""

    signId: Text = ""  # noqa: N815 -- the vendor's
    signName: Text = ""  # noqa: N815 -- the vendor's
    gmtCreate: Text = ""  # noqa: N815 -- the vendor's
    registerStatueReason: Text = ""  # noqa: N815 -- sic
    mobileRegisterStatus: Text = ""  # noqa: N815 -- the vendor's
    unicomRegisterStatus: Text = ""  # noqa: N815 -- the vendor's
    telecomRegisterStatus: Text = ""  # noqa: N815 -- the vendor's


class Found(Answer):
    """Answer of QueryDigitalSignByName."""

    Data: One[Signature] = Signature()


# --- What was seen ---------------------------------------------------------------------------------------------------


def seen_signature(found: Signature, name: str) -> Seen:
    """A signature as what was seen: the carriers' filing is all there is.

    With one carrier's it can be used for templates, with all three it is ready; refused by all it is rejected.
    """
    said = (found.mobileRegisterStatus, found.unicomRegisterStatus, found.telecomRegisterStatus)
    reason = found.registerStatueReason
    filings = tuple(
        _filing(carrier, words.FILING, status, reason) for carrier, status in zip(words.CARRIERS, said, strict=True)
    )
    done, failed = (sum(one.status == status for one in filings) for status in ("done", "failed"))
    if failed == len(filings):
        state = State.REJECTED
    elif done == len(filings):
        state = State.READY
    else:
        state = State.APPROVED if done else State.IN_REVIEW
    return Seen(
        ref=found.signId or name,
        name=found.signName or name,
        state=state,
        word=" ".join(said),
        reason=reason if state is State.REJECTED else "",
        filings=filings,
        created_at=_epoch(found.gmtCreate),
    )


def seen_template(seen: Seen, found: Template) -> Seen:
    """What GetSmsTemplate says of one, with what the carriers say of it where it is digital.

    Passed, and by all three carriers, is ready; passed alone is approved.
    """
    said = found.VendorAuditStatus
    filings = tuple(
        _filing(carrier, words.DIGITAL_AUDIT, status, "")
        for carrier in words.CARRIERS
        if (status := said.get(f"{carrier.upper()}_VENDOR", ""))
    )
    passed = seen.state is State.READY
    waits = passed and any(one.status != "done" for one in filings)
    state = State.APPROVED if waits else seen.state
    shown = filings if state in (State.APPROVED, State.READY, None) else ()
    return Seen(
        ref=seen.ref,
        name=seen.name,
        state=state,
        word=seen.word,
        reason=seen.reason,
        order=seen.order,
        filings=shown,
        created_at=seen.created_at,
        content=seen.content,
    )


def is_one(found: ListedTemplate) -> bool:
    """Whether a row of the list is of a digital template: by its type, or by how such codes begin (facts 5.1)."""
    return found.TemplateType == LIST_TYPE or found.TemplateCode.startswith("DIGITAL_")


def _filing(carrier: str, table: dict[str, str], status: str, reason: str) -> CarrierFiling:
    """What one carrier says; a status that the table does not know waits, with the vendor's word as the reason."""
    known = table.get(status)
    if known is None:
        return CarrierFiling(carrier, "waiting", status)
    return CarrierFiling(carrier, known, reason if known in ("failed", "lapsed") else "")


def _epoch(text: str) -> datetime | None:
    """Milliseconds since 1970; none when it is no number of them."""
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None
