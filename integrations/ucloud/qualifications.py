"""Qualifications at UCloud: what one is made of, and the parameters of adding and editing it (facts 2.5). Pure.

The page marks only the name, the use, the handler's phone number and whether it is a draft as required. What the carriers
file (facts 7.3) is asked for here as well: without it the reviewers have nothing to approve. That is our judgement, and
`fields` is its one place.
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from bot.contracts import personal
from bot.contracts.fields import Field
from bot.contracts.model import Submission, Words
from bot.contracts.vocabulary import COMPANY, CREDIT_CODE, LETTER, NAME, PAPER, PURPOSE, PURPOSES, WORKPLACE

_PAGE = "docs.ucloud.cn/api/usms-api, add_usms_signature_qualification (facts 2.5)"
_PICTURES = ("image/jpeg", "image/png")
_LARGEST = 4 * 1024 * 1024  # of signatures' papers (facts 2.1, 7.2); none is published for these
_FOR_REVIEW: Final = 1  # Status: 0 keeps a draft that nobody reviews

USE: Field = replace(
    PURPOSE,
    hint=Words("Own use, or for signatures of another company.", "自用，或用于其他企业的签名。"),
    choices=(replace(PURPOSES["self"], code=0), replace(PURPOSES["other"], code=1)),
    source=f"{_PAGE}: Attr",
)

FILES: Mapping[str, str] = MappingProxyType(
    {
        "paper": "CompanyCertificateFileId",
        "workplace": "CompanyWorkScenePhotosFileId",
        "letter": "PowerOfAttorneyFileId",
        "handler_front": "HandlerIDCardFrontImageFileId",
        "handler_back": "HandlerIDCardBackImageFileId",
        "handler_photo": "HandlerHandHeldImageFileId",
    }
)
"""Key of a file → the parameter that takes its id."""

_TEXTS: Mapping[str, str] = MappingProxyType({"company": "CompanyName", "credit_code": "CompanyCreditCode"})

_PRIVATE: Mapping[str, str] = MappingProxyType(
    {
        "handler_name": "HandlerName",
        "handler_id": "HandlerIDNumber",
        "handler_phone": "HandlerPhone",
        "manager_name": "ManagerName",
        "manager_id": "ManagerIDNumber",
        "manager_phone": "ManagerPhone",
    }
)

_NEEDED = frozenset({"handler_name", "handler_id", "handler_phone", "handler_front", "handler_back"})


def fields(*, letter: bool = True) -> tuple[Field, ...]:
    """The fields of a qualification, those about persons last.

    Args:
        letter: whether an authorisation letter is taken (UNSURE, facts 2.5).
    """
    company = (
        replace(
            NAME,
            hint=Words(
                "What you call it in the console, for example the company's name.", "控制台中的资质名称，可用企业名称。"
            ),
            max_length=100,
            source=f"{_PAGE}: Name",
        ),
        USE,
        replace(COMPANY, max_length=100, source=f"{_PAGE}: CompanyName"),
        replace(CREDIT_CODE, source=f"{_PAGE}: CompanyCreditCode"),
        replace(
            PAPER,
            hint=Words("The business licence, a scan of the original.", "营业执照原件扫描件。"),
            required=True,
            media_types=(*_PICTURES, "application/pdf"),
            max_bytes=_LARGEST,
            source=f"{_PAGE}: CompanyCertificateFileId",
        ),
        replace(
            LETTER,
            media_types=(*_PICTURES, "application/pdf"),
            max_bytes=_LARGEST,
            source=f"{_PAGE}: PowerOfAttorneyFileId in the samples",
        ),
        replace(WORKPLACE, max_bytes=_LARGEST, source=f"{_PAGE}: CompanyWorkScenePhotosFileId"),
    )
    persons = tuple(
        replace(
            personal.FIELDS[key],
            required=key in _NEEDED,
            source=f"{_PAGE}: {FILES.get(key) or _PRIVATE[key]}",
        )
        for key in (*_PRIVATE, "handler_front", "handler_back", "handler_photo")
    )
    return (*(field for field in company if letter or field.key != "letter"), *persons)


def added(submission: Submission, files: Mapping[str, str]) -> dict[str, str | int | bool | None]:
    """What adding and editing have in common: everything, submitted for review.

    Args:
        submission: what is submitted.
        files: key → the vendor's id of each file that was uploaded.
    """
    texts = {name: submission.values.get(key, "") for key, name in _TEXTS.items()}
    private = {name: personal.text_of(submission.papers, key) for key, name in _PRIVATE.items()}
    return {
        "Name": submission.name,
        "Attr": USE.code(submission.values.get("purpose") or USE.default),
        "Status": _FOR_REVIEW,
        **texts,
        **private,
        **{FILES[key]: file_id for key, file_id in files.items()},
    }
