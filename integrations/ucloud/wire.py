"""Our values → the parameters of UCloud's calls. Pure; the answers are read in `answers`.

Parameters: docs.ucloud.cn/api/usms-api, as in facts 2 to 4. Only what has a value is sent; booleans are `true`/`false`
and numbers decimal, because what is sent is what is signed (facts 1.2).
"""

import base64
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import assert_never

from bot.contracts import papers, placeholders
from bot.contracts.errors import Refused, Trouble
from bot.contracts.fields import Field
from bot.contracts.model import Kind, Paper, Submission, Words
from integrations.ucloud import qualifications
from integrations.ucloud.config import Account, Unconfirmed
from integrations.ucloud.declared import (
    CERTIFICATE_TYPES,
    SIGNATURE_PURPOSE,
    SIGNATURE_SOURCE,
    TEMPLATE_TYPE,
)

Parameters = dict[str, str]

_MARKETING = 3  # Purpose (facts 3.1)

_NO_FILES: Mapping[str, str] = MappingProxyType({})


def call(account: Account, action: str, parameters: Mapping[str, str | int | bool | None]) -> Parameters:
    """A whole call: the operation, the project (always sent, facts 1.1) and what belongs to it.

    Args:
        account: whose project it is.
        action: the operation's name.
        parameters: what belongs to it; none and empty texts are left out.
    """
    sent = {name: _text(value) for name, value in parameters.items() if value is not None and value != ""}
    return {"Action": action, "ProjectId": account.project_id, **sent}


def create(account: Account, submission: Submission, files: Mapping[str, str] = _NO_FILES) -> Parameters:
    """Submit for review (facts 2.1, 3.1).

    Args:
        account: whose.
        submission: what is submitted.
        files: of a qualification: key of each file that was uploaded → the vendor's id of it.
    """
    match submission.kind:
        case Kind.SIGNATURE:
            parameters = {
                **_signature(submission, account.unconfirmed),
                "Description": submission.values.get("remark", ""),
                "SceneDesc": submission.values.get("link", ""),
                "International": submission.international,
                "QualificationId": submission.values.get("qualification", ""),
            }
            return call(account, "CreateUSMSSignature", parameters)
        case Kind.TEMPLATE:
            purpose = coded(TEMPLATE_TYPE, submission)
            domestic_marketing = purpose == _MARKETING and not submission.international
            parameters = {
                **_template(submission),
                "Purpose": purpose,
                "International": submission.international,
                "UnsubscribeInfo": account.unconfirmed.unsubscribe if domestic_marketing else None,
            }
            return call(account, "CreateUSMSTemplate", parameters)
        case Kind.QUALIFICATION:
            parameters = qualifications.added(submission, files)
            return call(account, "AddUSMSSignatureQualification", parameters)
    assert_never(submission.kind)


def update(account: Account, ref: str, submission: Submission, files: Mapping[str, str] = _NO_FILES) -> Parameters:
    """Change and have reviewed again (facts 2.2, 3.2).

    A signature's update has no Description: the scene description carries the reason for the change with the link.
    Neither update can make a domestic thing international or the other way round.

    Args:
        account: whose.
        ref: the vendor's id.
        submission: as it is to be.
        files: as for `create`.
    """
    match submission.kind:
        case Kind.SIGNATURE:
            told = (submission.values.get("remark", ""), submission.values.get("link", ""))
            parameters = {
                "SigId": ref,
                **_signature(submission, account.unconfirmed),
                "SceneDesc": " ".join(text for text in told if text),
            }
            return call(account, "UpdateUSMSSignature", parameters)
        case Kind.TEMPLATE:
            return call(account, "UpdateUSMSTemplate", {"TemplateId": ref, **_template(submission)})
        case Kind.QUALIFICATION:
            parameters = {"QualificationId": ref, **qualifications.added(submission, files)}
            return call(account, "UpdateUSMSSignatureQualification", parameters)
    assert_never(submission.kind)


def delete(account: Account, kind: Kind, ref: str) -> Parameters:
    """Delete, which is final (facts 2.4, 2.5, 3.4)."""
    match kind:
        case Kind.SIGNATURE:
            return call(account, "DeleteUSMSSignature", {"SigIds.0": ref})
        case Kind.TEMPLATE:
            return call(account, "DeleteUSMSTemplate", {"TemplateIds.0": ref})
        case Kind.QUALIFICATION:
            return call(account, "DeleteUSMSSignatureQualification", {"QualificationIds.0": ref})
    assert_never(kind)


def signature_query(account: Account, *, ref: str = "", content: str = "") -> Parameters:
    """One signature by its id or its text (facts 2.3)."""
    return call(account, "QueryUSMSSignature", {"SigId": ref, "SigContent": content})


def template_query(account: Account, ref: str) -> Parameters:
    """One template by its id (facts 3.3)."""
    return call(account, "QueryUSMSTemplate", {"TemplateId": ref})


def qualifications_query(account: Account, page: int, *, size: int | None = None) -> Parameters:
    """One page of the qualifications, newest first (facts 2.5).

    Args:
        account: whose.
        page: counted from `unconfirmed.qualification_first_page`.
        size: rows, `unconfirmed.page_size` when left out.
    """
    return call(
        account,
        "GetUSMSSignatureQualification",
        {
            "Page": page,
            "NumPerPage": size or account.unconfirmed.page_size,
            "OrderBy": "CreateTime",
            "OrderType": "desc",
        },
    )


def usage_query(account: Account, first: date, last: date) -> Parameters:
    """What was sent inside the mainland in these days, both included (facts 4.1).

    `Domestic` is 1 for the mainland, the opposite of `International`; pages count from 0.
    """
    return statistics_query(account, "GetUSMSSendStatistics", first, last)


def statistics_query(account: Account, action: str, first: date, last: date, *, page: int = 0) -> Parameters:
    """One page of either statistics, oldest day first; see `usage_query`."""
    return call(
        account,
        action,
        {
            "Page": page,
            "NumPerPage": account.unconfirmed.page_size,
            "OrderBy": "SendDate",
            "OrderType": "asc",
            "StartDate": first.isoformat(),
            "EndDate": last.isoformat(),
            "Domestic": 1,
        },
    )


def balance_query(account: Account) -> Parameters:
    """The account's money (facts 4.2)."""
    return call(account, "GetBalance", {})


def file_text(paper: Paper, form: str) -> str:
    """A paper as `File` and `ProxyFile` take it (facts 2.1).

    Args:
        paper: the file.
        form: `unconfirmed.file_form`.
    """
    text = base64.b64encode(paper.content).decode("ascii")
    match form:
        case "bare":
            return text
        case "data_url":
            return f"data:{paper.media_type};base64,{text}"
        case _:
            return f"{paper.media_type};base64,{text}"


def instruction(content: str, samples: Mapping[str, str]) -> str:
    """The description of the variables for the reviewers, who read Chinese: `{1}：code，示例：1234；{2}：…`."""
    described = []
    for number, name in enumerate(placeholders.names(content), start=1):
        sample = f"，示例：{samples[name]}" if samples.get(name) else ""
        described.append(f"{{{number}}}：{name}{sample}")
    return "；".join(described)


def upload(account: Account, key: str, paper: Paper) -> Parameters:
    """A file of a qualification, under a name that tells nothing (facts 2.5)."""
    name = papers.named(key, paper.media_type)
    content = file_text(paper, account.unconfirmed.upload_form)
    parameters: dict[str, str | int | bool | None] = {
        "FileName": name,
        "FileContent": content,
        "FileType": paper.media_type,
        "Source": 0,
    }
    return call(account, "UploadUSMSFile", parameters)


def coded(field: Field, submission: Submission) -> int | str:
    """What the vendor calls the choice that was made, or that is taken when none was.

    Raises:
        Refused: the choice is not one of this vendor's; nothing was sent.
    """
    word = submission.values.get(field.key) or field.default
    try:
        return field.code(word)
    except KeyError:
        choices = ", ".join(choice.word for choice in field.choices)
        raise Refused(
            f"{field.key}={word}",
            trouble=Trouble.INPUT,
            advice=Words(
                f"UCloud does not take this {field.key}; it takes: {choices}.",
                f"UCloud 不支持该取值，可选：{choices}。",
            ),
        ) from None


def _signature(submission: Submission, unconfirmed: Unconfirmed) -> dict[str, str | int | bool | None]:
    source = coded(SIGNATURE_SOURCE, submission)
    return {
        "SigContent": submission.name,
        "SigType": source,
        "SigPurpose": coded(SIGNATURE_PURPOSE, submission),
        "CertificateType": CERTIFICATE_TYPES[int(source)],
        "File": _file(submission, "paper", unconfirmed),
        "ProxyFile": _file(submission, "letter", unconfirmed),
    }


def _template(submission: Submission) -> dict[str, str | int | bool | None]:
    content = submission.values.get("content", "")
    return {
        "TemplateName": submission.name,
        "Template": placeholders.numbered(content),
        "Remark": submission.values.get("remark", ""),
        "Instruction": instruction(content, submission.family("sample")),
    }


def _file(submission: Submission, key: str, unconfirmed: Unconfirmed) -> str | None:
    given = submission.papers.get(key, ())
    return file_text(given[0], unconfirmed.file_form) if given else None


def _text(value: str | int | bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
