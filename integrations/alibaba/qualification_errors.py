"""What the refusals of qualifications mean, and of what is entered beside them: letters, trademarks, app filings (facts 3.6)."""

from collections.abc import Mapping
from types import MappingProxyType

from bot.contracts.errors import Trouble
from bot.contracts.model import Words

Meaning = tuple[Trouble, Words | None]

_CODE = Words(
    "The code is not the one that was sent to this phone, or it is too old. Have another one sent.",
    "验证码与发送到该手机的不一致，或已过期。请重新获取。",
)
_PERSON = Words(
    "What was entered of a person or of their identity paper was not taken. Compare it with the paper; numbers and dates as there.",
    "个人或证件信息未被接受。请与证件逐项核对，号码与有效期须一致。",
)
_PICTURES_OF_PERSONS = Words(
    "A picture of an identity paper is missing or was not taken. Give both sides, in colour, as jpg, png or gif of at most 5 MB.",
    "证件照片缺失或未被接受。请提供正反两面的彩色照片（jpg、png、gif，每张不超过 5 MB）。",
)
_COMPANY = Words(
    "What was said of the company was not taken: its name as on the licence, the 18 characters of its credit code, its kind.",
    "企业信息未被接受：请核对企业名称（与证照一致）、18 位统一社会信用代码与企业类型。",
)
_COMPANY_CHECK = Words(
    "The company could not be confirmed: name, credit code and legal representative must agree with the register.",
    "企业信息核验未通过：企业名称、统一社会信用代码、法定代表人须与登记信息一致。",
)
_LICENCE = Words(
    "The licence was not taken: check the picture, its kind and its dates.", "证照未被接受：请检查图片、类型与有效期。"
)
_NAME = Words(
    "The qualification's name was not taken. Use Chinese characters, letters and digits, not digits alone, at most 100.",
    "资质名称未被接受。请使用汉字、字母和数字（不能全为数字），不超过 100 个字。",
)
_UPLOAD = Words(
    "A file did not reach the vendor's file store, or the vendor cannot read it. Check the file and submit again.",
    "文件未上传成功或平台无法读取。请检查文件后重新提交。",
)
_MORE = Words(
    "A further paper was not taken. Give more=… as png, jpg, pdf, doc or docx, at most 5 MB each.",
    "其他材料未被接受。请以 其他材料=… 提交 png、jpg、pdf、doc 或 docx 文件，每个不超过 5 MB。",
)
_LETTER_DATES = Words(
    "The term of the authorisation letter is not valid. Write it as letter_term=2026-01-01~2027-01-01, as in the letter.",
    "授权委托书有效期无效。请按委托书填写，例如 委托书有效期=2026-01-01~2027-01-01。",
)
_LETTER_PARTIES = Words(
    "A party's name in the authorisation letter is too long or has symbols other than · 【】 （） (). Correct it.",
    "委托书中的单位名称过长，或含有 ·、【】、（）、() 以外的符号。请更正。",
)
_LETTER_NAMES = Words(
    "The authorisation letter does not list this signature. Hand in a letter that names it.",
    "授权委托书未包含该签名。请提交写明该签名的委托书。",
)
_TRADEMARK = Words(
    "What was said of the trademark was not taken. Its name and number as the trademark office has them, up to 15 characters "
    "each; its owner up to 50.",
    "商标信息未被接受。商标名称与注册号须与商标局登记一致（各不超过 15 个字），注册人不超过 50 个字。",
)
_TRADEMARK_DATES = Words(
    "The trademark's term is not valid. Write it as trademark_term=2020-01-01~2030-01-01, as registered; it must not be over.",
    "商标有效期无效。请按注册信息填写，例如 商标有效期=2020-01-01~2030-01-01，且不能已过期。",
)
_TRADEMARK_PICTURE = Words(
    "The picture of the trademark was not taken. Give the trademark office's page as jpg, png or gif of at most 5 MB.",
    "商标图片未被接受。请提供商标局查询页面截图（jpg、png、gif，不超过 5 MB）。",
)
_APP = Words(
    "What was said of the app's filing was not taken. Name and number as filed, up to 15 characters each; the company up to 50; "
    "link= is the app's address in a store.",
    "APP 备案信息未被接受。名称与备案号须与备案一致（各不超过 15 个字），主办单位不超过 50 个字，链接= 为应用商店链接。",
)
_APP_DATE = Words(
    "The day of the filing is not valid. Write it as icp_approved=2025-06-30, as filed.",
    "备案审核通过日期无效。请按备案信息填写，例如 审核通过日期=2025-06-30。",
)
_APP_PICTURE = Words(
    "The picture of the app's filing was not taken. Give the filing's page as jpg, png or gif of at most 5 MB.",
    "APP 备案图片未被接受。请提供备案查询页面截图（jpg、png、gif，不超过 5 MB）。",
)

_I, _S = Trouble.INPUT, Trouble.STATE

MEANINGS: Mapping[str, Meaning] = MappingProxyType(
    {
        # Qualifications
        "QualificationNotExist": (
            _I,
            Words(
                "The account has no such qualification (any more). `qualification list` shows those it has.",
                "该账号下没有此资质。可用 `资质 列表` 查看已有资质。",
            ),
        ),
        "QualificationNameAlreadyExist": (
            _I,
            Words(
                "The account has a qualification of this name. Give it another one.",
                "该账号下已有同名资质。请换一个名称。",
            ),
        ),
        "SameQualificationGroupError": (
            _I,
            Words(
                "There is a qualification of the same company with the same administrator. Edit that one.",
                "已有同一企业、同一管理员的资质。请修改那一条。",
            ),
        ),
        "WorkOrderIdExpired": (
            _S,
            Words("It was reviewed anew meanwhile. Say it again.", "期间已有新的审核。请重新操作。"),
        ),
        "BindSignDeleteFailed": (
            _S,
            Words(
                "Signatures use this qualification. Delete them first, or have them name another one.",
                "仍有签名使用此资质。请先删除这些签名，或改用其他资质。",
            ),
        ),
        "CertifyCodeError": (_I, _CODE),
        "PhoneNoCertifyCodeNullError": (_I, _CODE),
        "OrganizationCodeNullError": (_I, _COMPANY),
        "OtherFileTypeError": (_I, _MORE),
        "OtherOssFileNotUploadError": (_I, _MORE),
        # Letters
        "AuthorizationOssFileNotUploadError": (_I, _UPLOAD),
        "AuthorizationLetterDateNotMatchRegex": (_I, _LETTER_DATES),
        "AuthorizationLetterDateNotValid": (_I, _LETTER_DATES),
        "AuthorizationNotMatchRegex": (_I, _LETTER_PARTIES),
        "AuthorizationOverLimit": (_I, _LETTER_PARTIES),
        "ProxyAuthorizationNotMatchRegex": (_I, _LETTER_PARTIES),
        "ProxyAuthorizationOverLimit": (_I, _LETTER_PARTIES),
        "AuthorizationLetterNameRepeat": (
            _I,
            Words(
                "The account has this letter already. Give its id as letter=…, the console shows it.",
                "该委托书已存在。请填写 委托书=委托书 ID，可在控制台查看。",
            ),
        ),
        "SignNumOverLimit": (
            _I,
            Words(
                "A letter names at most 100 signatures. Use another letter.", "一份委托书最多 100 个签名。请另交一份。"
            ),
        ),
        "SignNotMatchRegex": (_I, _LETTER_NAMES),
        "OrganizationCodeOverLimit": (
            _I,
            Words(
                "The credit code is too long. Give the 18 characters as owner_code=…",
                "统一社会信用代码过长。请填写 18 位的 授权方信用代码=…",
            ),
        ),
        # Trademarks and app filings, what is not of their names
        "TrademarkDateNotValid": (_I, _TRADEMARK_DATES),
        "TrademarkLetterDateNotMatchRegex": (_I, _TRADEMARK_DATES),
        "TrademarkOssFileNotUploadError": (_I, _TRADEMARK_PICTURE),
        "TrademarkPicsFileError": (_I, _TRADEMARK_PICTURE),
        "AppApprovalDateNotValid": (_I, _APP_DATE),
        "AppIcpRecordDateNotMatchRegex": (_I, _APP_DATE),
        "AppIcpRecordOssFileNotUploadError": (_I, _APP_PICTURE),
        "AppIcpRecordPicsFileError": (_I, _APP_PICTURE),
    }
)
"""Code → whose business it is, and what to do now."""

BEGINNINGS: tuple[tuple[str, Meaning], ...] = (
    (
        "AuthorizationLetterName",
        (
            _I,
            Words(
                "The letter's name was not taken. Shorten the signature's name.", "委托书名称未被接受。请缩短签名名称。"
            ),
        ),
    ),
    ("QualificationName", (_I, _NAME)),
    ("CompanyVerificationFailed", (_I, _COMPANY_CHECK)),
    ("Company", (_I, _COMPANY)),
    ("BusinessLicense", (_I, _LICENCE)),
    ("LegalFront", (_I, _PICTURES_OF_PERSONS)),
    ("LegalBack", (_I, _PICTURES_OF_PERSONS)),
    ("Legal", (_I, _PERSON)),
    ("AdminFront", (_I, _PICTURES_OF_PERSONS)),
    ("AdminBack", (_I, _PICTURES_OF_PERSONS)),
    ("AdminIdcardPics", (_I, _PICTURES_OF_PERSONS)),
    ("AdminIdcardFrontFace", (_I, _PICTURES_OF_PERSONS)),
    ("Admin", (_I, _PERSON)),
    ("Trademark", (_I, _TRADEMARK)),
    ("AppPrincipalUnitName", (_I, _APP)),
    ("AppIcpLicenseNumber", (_I, _APP)),
    ("AppServiceName", (_I, _APP)),
    ("AppDomain", (_I, _APP)),
)
"""How groups of codes begin; the first match wins, so the longer one stands before the shorter."""
