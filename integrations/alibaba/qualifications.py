"""Qualifications at Alibaba Cloud: what one is made of, and the parameters of its calls (facts 3). Pure.

The names of the parameters are the vendor's, slips included: `BussinessLicenseExpDate` (facts 0, no. 5), and of the pictures
of identity papers `FrontFace` and `FrontSide` are the side with the emblem (facts 0, no. 6).
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from bot.contracts import personal
from bot.contracts.fields import Choice, Field, FieldType
from bot.contracts.model import Submission, Words
from bot.contracts.vocabulary import COMPANY, CREDIT_CODE, NAME, PAPER, PURPOSE, PURPOSES, REMARK
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.wire import Answer, Parameters, Text, compact, parameters

_PAGE = "SubmitSmsQualification (facts 3.2)"
_PICTURES = ("image/jpeg", "image/png", "image/gif")
_FILES = (
    "image/png",
    "image/jpeg",
    "application/pdf",
    "application/msword",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
)
_LARGEST = 5 * 1024 * 1024  # facts 2.7

USE: Field = replace(
    PURPOSE,
    hint=Words("Own use, or for signatures of another company; final.", "自用，或用于其他企业的签名；提交后不可更改。"),
    choices=(replace(PURPOSES["self"], code="true"), replace(PURPOSES["other"], code="false")),
    source=f"{_PAGE}: UseBySelf",
)

COMPANY_TYPE = Field(
    key="company_type",
    label=Words("Kind of company", "企业类型"),
    hint=Words("A company, or a government or public institution.", "企业，或政府机关、事业单位等。"),
    type=FieldType.CHOICE,
    aliases=("企业类型",),
    choices=(
        Choice("company", Words("company", "企业"), ("公司",), "COMPANY"),
        Choice(
            "institution",
            Words("government or public institution", "政府机关或事业单位"),
            (),
            "NON_PROFIT_ORGANIZATION",
        ),
    ),
    default="company",
    source=f"{_PAGE}: CompanyType",
)

LICENCE_TYPE = Field(
    key="licence_type",
    label=Words("Kind of licence", "证照类型"),
    hint=Words("What the licence is.", "所上传证照的种类。"),
    type=FieldType.CHOICE,
    aliases=("证照类型",),
    choices=(
        Choice(
            "social_credit", Words("licence with social credit code", "统一社会信用代码证照"), (), "socialCreditLicense"
        ),
        Choice("business", Words("business licence", "营业执照"), (), "businessLicense"),
        Choice("legal", Words("certificate of a legal person", "法人登记证书"), (), "signLegalLicense"),
        Choice("other", Words("other", "其他"), (), "otherLicense"),
    ),
    default="social_credit",
    source=f"{_PAGE}: BusinessLicensePics.Type",
)

_ID_CHOICES = (
    Choice("id_card", Words("identity card", "身份证"), (), "identityCard"),
    Choice("passport", Words("passport", "护照"), (), "passport"),
    Choice("home_return", Words("home return permit", "港澳居民来往内地通行证"), ("回乡证",), "homeReturnPermit"),
    Choice(
        "taiwan", Words("permit of Taiwan residents", "台湾居民来往大陆通行证"), ("台胞证",), "TaiwanCompatriotPermit"
    ),
    Choice("residence", Words("residence permit", "港澳台居民居住证"), ("居住证",), "residencePermit"),
    Choice("other", Words("other", "其他"), (), "other"),
)


def _id_type(key: str, label: Words, *aliases: str) -> Field:
    hint = Words("Which identity paper it is.", "证件种类。")
    return Field(key, label, hint, FieldType.CHOICE, aliases, choices=_ID_CHOICES, default="id_card", source=_PAGE)


LEGAL_ID_TYPE = _id_type("legal_id_type", Words("Legal representative's paper", "法人证件类型"), "法人证件类型")
HANDLER_ID_TYPE = _id_type(
    "handler_id_type", Words("Handler's paper", "经办人证件类型"), "经办人证件类型", "管理员证件类型"
)

_PRIVATE: Mapping[str, str] = MappingProxyType(
    {
        "handler_phone": "AdminPhoneNo",
        "legal_name": "LegalPersonName",
        "legal_id": "LegalPersonIDCardNo",
        "legal_id_dates": "LegalPersonIdCardEffTime",
        "handler_name": "AdminName",
        "handler_id": "AdminIDCardNo",
        "handler_id_dates": "AdminIDCardExpDate",
        "certify_code": "CertifyCode",
    }
)

_PRIVATE_FILES: Mapping[str, str] = MappingProxyType(
    {
        "handler_front": "AdminIDCardFrontFace",
        "handler_back": "AdminIDCardPic",
        "legal_front": "LegalPersonIdCardFrontSide",
        "legal_back": "LegalPersonIdCardBackSide",
    }
)

_SIDES = {
    "handler_front": Words("The side with the emblem, in colour.", "国徽面，彩色原件照片。"),
    "handler_back": Words("The side with the portrait, in colour.", "人像面，彩色原件照片。"),
    "legal_front": Words(
        "The side with the emblem; only when name and number were not confirmed.",
        "国徽面；仅在姓名与证件号核验不通过时需要。",
    ),
    "legal_back": Words(
        "The side with the portrait; only when name and number were not confirmed.",
        "人像面；仅在姓名与证件号核验不通过时需要。",
    ),
}

_PLAIN = r"(?![0-9]+$)[\u4e00-\u9fffA-Za-z0-9]+"
_COMPANY = r"(?![0-9]+$)[\u4e00-\u9fffA-Za-z0-9·【】（）() ]+"


def _private(key: str, *, required: bool = True) -> Field:
    field = personal.FIELDS[key]
    name = _PRIVATE.get(key) or _PRIVATE_FILES[key]
    field = replace(field, required=required, source=f"{_PAGE}: {name}")
    if key in _SIDES:
        field = replace(field, hint=_SIDES[key], media_types=_PICTURES, max_bytes=_LARGEST)
    return field


FIELDS: tuple[Field, ...] = (
    replace(
        NAME,
        hint=Words("What you call it, unique in the account; final.", "资质名称，账号内唯一，提交后不可更改。"),
        max_length=100,
        pattern=_PLAIN,
        pattern_says=Words(
            "Chinese characters, letters and digits, not digits alone", "汉字、字母、数字，不能全为数字"
        ),
        source=f"{_PAGE}: QualificationName",
    ),
    USE,
    COMPANY_TYPE,
    replace(
        COMPANY,
        max_length=150,
        pattern=_COMPANY,
        pattern_says=Words("no symbols but · 【】 （） and spaces", "除·【】（）和空格外不含符号"),
        source=f"{_PAGE}: CompanyName",
    ),
    replace(CREDIT_CODE, source=f"{_PAGE}: OrganizationCode"),
    Field(
        key="licence_dates",
        label=Words("Licence is valid", "证照有效期"),
        hint=Words(
            "From and until, `2020-01-01~2030-01-01`; without an end `~2099-12-31`.",
            "如 `2020-01-01~2030-01-01`；长期填 `~2099-12-31`。",
        ),
        aliases=("证照有效期", "营业执照有效期"),
        required=True,
        max_length=21,
        pattern=personal.DATES,
        pattern_says=personal.DATES_SAYS,
        source=f"{_PAGE}: BussinessLicenseExpDate",
    ),
    LICENCE_TYPE,
    replace(
        PAPER,
        hint=Words("The licence, in colour, or sealed.", "证照彩色原件，或加盖公章的复印件。"),
        required=True,  # needed for others' use, otherwise strongly advised (facts 3.2)
        media_types=_PICTURES,
        max_bytes=_LARGEST,
        source=f"{_PAGE}: BusinessLicensePics",
    ),
    Field(
        key="more",
        label=Words("Further papers", "其他材料"),
        hint=Words("Whatever else proves it.", "其他证明材料。"),
        type=FieldType.FILE,
        aliases=("其他材料",),
        media_types=_FILES,
        max_bytes=_LARGEST,
        max_files=5,
        source=f"{_PAGE}: OtherFiles",
    ),
    Field(
        key="share",
        label=Words("Also for voice and number privacy", "用于语音等其他通信产品"),
        hint=Words("Only for own use.", "仅自用资质可共享。"),
        type=FieldType.FLAG,
        aliases=("共享",),
        default="false",
        source=f"{_PAGE}: WhetherShare",
    ),
    replace(REMARK, source=f"{_PAGE}: Remark"),
    # The phone is asked for early and its code last: between them the vendor sends it.
    _private("handler_phone"),
    _private("legal_name"),
    LEGAL_ID_TYPE,
    _private("legal_id"),
    _private("legal_id_dates"),
    _private("handler_name"),
    HANDLER_ID_TYPE,
    _private("handler_id"),
    _private("handler_id_dates"),
    _private("handler_front"),
    _private("handler_back"),
    _private("legal_front", required=False),
    _private("legal_back", required=False),
    _private("certify_code"),
)
"""The fields of a qualification, those about persons last."""

PICTURES = ("paper", "more", *_PRIVATE_FILES)
"""The keys of files, each of which is uploaded first."""


class Submitted(Answer):
    """Answer of SubmitSmsQualification and UpdateSmsQualification: the qualification's id."""

    Data: Text = ""


class Verified(Answer):
    """Answer of ValidPhoneCode."""

    Data: Text = ""


def submit(submission: Submission, files: Mapping[str, list[str]], unconfirmed: Unconfirmed) -> Parameters:
    """The parameters of SubmitSmsQualification.

    Args:
        submission: what is submitted.
        files: key → the keys of the uploaded files.
        unconfirmed: how values are written.
    """
    values = submission.values
    return parameters(
        {
            "QualificationName": submission.name,
            "UseBySelf": USE.code(values.get("purpose") or USE.default) == "true",
            "CompanyType": _coded(COMPANY_TYPE, submission),
            "OrganizationCode": values.get("credit_code", ""),
            "WhetherShare": values.get("share") == "true",
            "Remark": values.get("remark") or None,
            **_changeable(submission, files),
        },
        unconfirmed,
    )


def update(
    submission: Submission, ref: str, order: str, files: Mapping[str, list[str]], unconfirmed: Unconfirmed
) -> Parameters:
    """The parameters of UpdateSmsQualification, which changes neither name, nor use, nor credit code.

    Args:
        submission: as it is to be.
        ref: the qualification's id.
        order: its ticket as it stands (`WorkOrderId`).
        files: as for `submit`.
        unconfirmed: how values are written.
    """
    return parameters({"QualificationGroupId": ref, "OrderId": order, **_changeable(submission, files)}, unconfirmed)


def _changeable(submission: Submission, files: Mapping[str, list[str]]) -> dict[str, str | int | bool | None]:
    kind = _coded(LICENCE_TYPE, submission)
    licence = [{"Type": kind, "LicensePic": key} for key in files.get("paper", ())]
    more = [{"LicensePic": key} for key in files.get("more", ())]
    return {
        "CompanyName": submission.values.get("company", ""),
        "BussinessLicenseExpDate": submission.values.get("licence_dates", ""),
        "BusinessLicensePics": compact(licence) if licence else None,
        "OtherFiles": compact(more) if more else None,
        "LegalPersonIDCardType": _coded(LEGAL_ID_TYPE, submission),
        "AdminIDCardType": _coded(HANDLER_ID_TYPE, submission),
        **{name: personal.text_of(submission.papers, key) for key, name in _PRIVATE.items()},
        **{name: files[key][0] for key, name in _PRIVATE_FILES.items() if files.get(key)},
    }


def _coded(field: Field, submission: Submission) -> str:
    return str(field.code(submission.values.get(field.key) or field.default))
