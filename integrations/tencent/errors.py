"""What the vendor's error codes mean, and what the person can do now (facts 1.5, 5.3; SDK `errorcodes.py`).

Codes are dotted and are matched by their beginning, the longest match wins: a new code below a known one is still
understood. A code that nobody knows is shown as it is.
"""

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.model import Words

NO_SIGNATURES = "FailedOperation.MissingSignatureList"
NO_TEMPLATES = "FailedOperation.MissingTemplateList"
"""Said instead of an empty list; both forms are plausible and mean the same (facts 2.5)."""

_KEYS = Words("Check secret_id and secret_key of this account.", "请检查该账号的 secret_id 和 secret_key。")
_CLOCK = Words(
    "The clock of this machine is off by more than five minutes; set it by NTP.",
    "本机时间偏差超过 5 分钟，请同步系统时间。",
)
_RIGHTS = Words(
    "The API key lacks the right for SMS; grant it in CAM (访问管理).",
    "该密钥没有短信权限，请在访问管理（CAM）中授权。",
)
_ADDRESS = Words(
    "The address this program calls from is not on the allow-list of the key or application; add it in the console.",
    "调用来源 IP 不在白名单中，请在控制台添加。",
)
_APPLICATION = Words(
    "sdk_app_id does not belong to this account; see 应用管理 in the console.",
    "sdk_app_id 与账号不匹配，请在控制台“应用管理”核对。",
)
_PROGRAM = Words(
    "The vendor does not know this call any more; this program needs an update.", "平台已不支持该接口，需要更新本程序。"
)
_VALUE = Words(
    "The vendor does not accept one of the values; its message says which. Change it and submit again.",
    "平台不接受其中某个值，具体见平台说明；修改后重新提交。",
)
_STATISTICS = Words(
    "The period asked for was not accepted; choose a shorter or later one.", "查询时间范围不被接受，请缩短或调整范围。"
)
_APP_LIMIT = Words(
    "The application's sending limit for today is used up; raise it in the console or wait until tomorrow.",
    "应用今日发送量已达上限，可在控制台调整或次日再试。",
)
_NUMBER_LIMIT = Words(
    "This number has had as many messages as the frequency rule allows; wait, or change the rule in the console.",
    "该号码已达发送频率上限，请稍后再试，或在控制台调整频率限制。",
)
_NUMBERS = Words(
    "Write the number as +86 and eleven digits, or with its country code.", "号码请写成 +86 加 11 位数字，或带国家码。"
)
_REGION_OF_TEMPLATE = Words(
    "Mainland and international numbers need their own templates; choose the one that fits the number.",
    "国内与国际号码须用各自的模板，请按号码选择模板。",
)
_PARAMETER = Words(
    "A placeholder's value is too long or of the wrong kind; verification codes take up to six digits, "
    "newer accounts six characters elsewhere.",
    "变量值过长或格式不符：验证码最多 6 位数字，较新账号的其他变量最多 6 个字符。",
)
_APPROVED_SIGNATURE = Words(
    "The signature is not approved yet, or is not written as it was approved.", "签名尚未通过，或与通过的写法不一致。"
)
_APPROVED_TEMPLATE = Words(
    "The template is not approved yet, or its text or placeholders differ.", "模板尚未通过，或内容、变量与模板不一致。"
)

_I, _S, _L = Trouble.INPUT, Trouble.STATE, Trouble.LIMIT
_C, _P, _A = Trouble.CREDENTIALS, Trouble.PERMISSION, Trouble.ACCOUNT

MEANINGS: Mapping[str, tuple[Trouble, Words]] = MappingProxyType(
    {
        # Common to all of Tencent Cloud (facts 1.5).
        "AuthFailure": (_C, _KEYS),
        "AuthFailure.SignatureExpire": (Trouble.CLOCK, _CLOCK),
        "AuthFailure.TokenFailure": (
            _C,
            Words("The temporary credentials have expired; fetch new ones.", "临时凭证已失效，请重新获取。"),
        ),
        "AuthFailure.MFAFailure": (
            _C,
            Words(
                "This key asks for a second factor; use a key without it.", "该密钥要求 MFA，请改用无需 MFA 的密钥。"
            ),
        ),
        "AuthFailure.UnauthorizedOperation": (_P, _RIGHTS),
        "InternalError": (
            Trouble.UNEXPECTED,
            Words("The vendor has a fault of its own; it is looked at again.", "平台内部故障，稍后会再次查询。"),
        ),
        "InternalError.RequestTimeException": (Trouble.CLOCK, _CLOCK),
        "UnauthorizedOperation": (_P, _RIGHTS),
        "IpNotInWhitelist": (_P, _ADDRESS),
        "IpInBlacklist": (
            _P,
            Words(
                "The vendor has blocked the address this program calls from; ask its support.",
                "调用来源 IP 被平台封禁，请联系平台支持。",
            ),
        ),
        "LimitExceeded": (
            _L,
            Words("A limit of the account is reached; see the console.", "账号已达某项上限，请在控制台查看。"),
        ),
        "RequestSizeLimitExceeded": (
            _I,
            Words("The pictures together are too large; make them smaller.", "图片合计过大，请压缩后重试。"),
        ),
        "UnsupportedRegion": (
            _C,
            Words("The vendor does not know region= of this account.", "平台不支持该账号配置的 region=。"),
        ),
        "ActionOffline": (Trouble.UNEXPECTED, _PROGRAM),
        "InvalidAction": (Trouble.UNEXPECTED, _PROGRAM),
        "NoSuchProduct": (Trouble.UNEXPECTED, _PROGRAM),
        "NoSuchVersion": (Trouble.UNEXPECTED, _PROGRAM),
        "InvalidRequest": (Trouble.UNEXPECTED, _PROGRAM),
        "DryRunOperation": (Trouble.UNEXPECTED, _PROGRAM),
        "InvalidParameter": (_I, _VALUE),
        "InvalidParameterValue": (_I, _VALUE),
        "MissingParameter": (_I, _VALUE),
        "UnknownParameter": (_I, _VALUE),
        "FailedOperation.OtherError": (_I, _VALUE),
        "FailedOperation.ParametersOtherError": (_I, _VALUE),
        "FailedOperation.FailResolvePacket": (Trouble.UNEXPECTED, _PROGRAM),
        "FailedOperation.JsonParseFail": (Trouble.UNEXPECTED, _PROGRAM),
        "UnsupportedOperation": (
            _S,
            Words("The vendor does not offer this here; see the console.", "平台不支持该操作，请在控制台查看。"),
        ),
        # Signatures (facts 5.3).
        "FailedOperation.SignNumberLimit": (
            _L,
            Words(
                "The account has as many signatures as it may have (50); delete one that is not used.",
                "签名数量已达上限（50 个），请删除不用的签名。",
            ),
        ),
        "InvalidParameterValue.SignExistAndUnapproved": (
            _S,
            Words(
                "A signature with this name is already under review; wait for its result or edit that one.",
                "同名签名正在审核，请等待结果或修改原签名。",
            ),
        ),
        "InvalidParameterValue.SignNameLengthTooLong": (
            _I,
            Words(
                "The signature is too long: 2 to 12 characters, up to 15 for international.",
                "签名过长：2–12 个字，国际签名最多 15 个字。",
            ),
        ),
        "InvalidParameterValue.SignAlreadyPassedCheck": (
            _S,
            Words(
                "An approved signature cannot be changed; submit another one.",
                "已通过的签名不能修改，请另行提交新签名。",
            ),
        ),
        "InvalidParameterValue.InvalidDocumentType": (
            _I,
            Words(
                "The kind of document does not fit the source; change document= or source=.",
                "证件类型与签名来源不符，请修改 证件类型= 或 来源=。",
            ),
        ),
        "InvalidParameterValue.InvalidSignPurpose": (
            _I,
            Words("purpose= must be self or other.", "用途= 只能是 自用 或 他用。"),
        ),
        "InvalidParameterValue.InvalidUsedMethod": (Trouble.UNEXPECTED, _PROGRAM),
        "InvalidParameterValue.InvalidInternational": (
            _I,
            Words("international= must stay as it was when first submitted.", "国际= 须与首次提交时一致。"),
        ),
        "InvalidParameterValue.ImageInvalid": (
            _I,
            Words(
                "The picture could not be read; send a plain jpg or png of at most 5 MB.",
                "图片无法识别，请上传不超过 5 MB 的 jpg 或 png。",
            ),
        ),
        "InvalidParameterValue.QualificationIdNotFound": (
            _I,
            Words(
                "There is no qualification with this id; look it up in the console under 国内短信 → 实名资质管理.",
                "资质 ID 不存在，请在控制台“国内短信 → 实名资质管理”查看。",
            ),
        ),
        "FailedOperation.QualificationIdNotApproved": (
            _S,
            Words(
                "This qualification is not approved yet; wait for it in the console (国内短信 → 实名资质管理).",
                "该资质尚未通过，请在控制台“国内短信 → 实名资质管理”等待结果。",
            ),
        ),
        "InvalidParameter.DirtyWordFound": (
            _I,
            Words("A word in it is not allowed; choose another wording.", "内容含敏感词，请更换措辞。"),
        ),
        "FailedOperation.MissingSignatureToModify": (
            _S,
            Words("The vendor has no signature with this id in this region.", "该地域没有这个 ID 的签名。"),
        ),
        "FailedOperation.SignIdNotExist": (
            _S,
            Words(
                "The vendor has no signature with this id; it may be deleted already.", "该签名不存在，可能已被删除。"
            ),
        ),
        NO_SIGNATURES: (_S, Words("The vendor has no such signature.", "平台没有符合条件的签名。")),
        # Templates (facts 5.3).
        "FailedOperation.TemplateNumberLimit": (
            _L,
            Words(
                "The account has as many templates as it may have; delete one that is not used.",
                "模板数量已达上限，请删除不用的模板。",
            ),
        ),
        "FailedOperation.TemplateAlreadyPassedCheck": (
            _S,
            Words(
                "An approved template cannot be changed; submit another one.",
                "已通过的模板不能修改，请另行提交新模板。",
            ),
        ),
        "FailedOperation.MissingTemplateToModify": (
            _S,
            Words("The vendor has no template with this id in this region.", "该地域没有这个 ID 的模板。"),
        ),
        "FailedOperation.TemplateIdNotExist": (
            _S,
            Words(
                "The vendor has no template with this id; it may be deleted already.", "该模板不存在，可能已被删除。"
            ),
        ),
        "FailedOperation.MissingSignature": (
            _S,
            Words(
                "Templates need a signature first; submit one, then the template again.",
                "须先有签名才能提交模板，请先提交签名。",
            ),
        ),
        NO_TEMPLATES: (_S, Words("The vendor has no such template.", "平台没有符合条件的模板。")),
        "FailedOperation.ForbidAddMarketingTemplates": (
            _A,
            Words(
                "Individual accounts may not send marketing; use an enterprise account.",
                "个人账号不能申请营销模板，请使用企业账号。",
            ),
        ),
        "InvalidParameterValue.InvalidSmsType": (
            _I,
            Words("type= must be otp, notice or promo.", "类型= 只能是 验证码、通知 或 营销。"),
        ),
        "InvalidParameterValue.InvalidTemplateFormat": (
            _I,
            Words(
                "The text breaks a rule of form: no 【】 or special signs, no two placeholders side by side, "
                "none inside a word, number or link.",
                "模板格式不符：不能有【】和特殊符号，变量不能相邻，也不能嵌在词、数字或链接里。",
            ),
        ),
        "InvalidParameterValue.TemplateWithDirtyWords": (
            _I,
            Words("A word in the text is not allowed; choose another wording.", "模板含敏感词，请更换措辞。"),
        ),
        "InvalidParameterValue.MarketingTemplateWithoutUnsubscribe": (
            _I,
            Words("Marketing texts must end with 拒收请回复R; add it.", "营销短信须以“拒收请回复R”结尾，请补上。"),
        ),
        "InvalidParameterValue.UnsupportedTemplateVariable": (
            _I,
            Words(
                "This account may not use placeholders in mainland notices and marketing; write the text out, "
                "or ask the vendor's support.",
                "该账号的国内通知和营销模板不支持变量，请写成固定内容，或联系平台支持。",
            ),
        ),
        # The account (facts 5.3).
        "FailedOperation.NotEnterpriseCertification": (
            _A,
            Words(
                "Only enterprise-verified accounts may do this; after upgrading it takes about an hour.",
                "仅企业认证账号可用；变更认证后约 1 小时生效。",
            ),
        ),
        "FailedOperation.ProhibitSubAccountUse": (
            _P,
            Words("Listing templates needs a key of the main account.", "查询模板列表须使用主账号的密钥。"),
        ),
        "UnauthorizedOperation.ServiceSuspendDueToArrears": (
            Trouble.EMPTY,
            Words(
                "The service is stopped because of debt; pay it in the console.", "账号欠费，服务已停，请在控制台充值。"
            ),
        ),
        "UnauthorizedOperation.SdkAppIdIsDisabled": (
            _A,
            Words(
                "The vendor has disabled this application; see the console or ask its support.",
                "该应用已被停用，请在控制台查看或联系平台支持。",
            ),
        ),
        "UnauthorizedOperation.SmsSdkAppIdVerifyFail": (_C, _APPLICATION),
        "InvalidParameter.AppidAndBizId": (_C, _APPLICATION),
        "InvalidParameterValue.SdkAppIdNotExist": (_C, _APPLICATION),
        "UnauthorizedOperation.RequestIpNotInWhitelist": (_P, _ADDRESS),
        "UnauthorizedOperation.RequestPermissionDeny": (_P, _RIGHTS),
        "UnauthorizedOperation.IndividualUserMarketingSmsPermissionDeny": (
            _A,
            Words("Individual accounts may not send marketing.", "个人账号不能发送营销短信。"),
        ),
        # Quota and frequency (facts 5.3).
        "FailedOperation.InsufficientBalanceInSmsPackage": (
            Trouble.EMPTY,
            Words(
                "The message package is empty; buy another one. Money in the account does not count.",
                "短信套餐包已用完，请购买套餐包；账户余额不能抵用。",
            ),
        ),
        "LimitExceeded.AppDailyLimit": (_L, _APP_LIMIT),
        "LimitExceeded.AppMainlandChinaDailyLimit": (_L, _APP_LIMIT),
        "LimitExceeded.AppGlobalDailyLimit": (_L, _APP_LIMIT),
        "LimitExceeded.DailyLimit": (_L, _APP_LIMIT),
        "LimitExceeded.AppCountryOrRegionDailyLimit": (_L, _APP_LIMIT),
        "LimitExceeded.AppCountryOrRegionInBlacklist": (
            _P,
            Words(
                "The application is not set up to send to this country; allow it in the console.",
                "应用未开放该国家或地区，请在控制台设置。",
            ),
        ),
        "LimitExceeded.GlobalSmsSendingRateLimit": (
            _L,
            Words(
                "Too many messages abroad at once; wait a minute, then send again.",
                "国际短信发送过快，请一分钟后再试。",
            ),
        ),
        "LimitExceeded.PhoneNumberThirtySecondLimit": (_L, _NUMBER_LIMIT),
        "LimitExceeded.PhoneNumberOneHourLimit": (_L, _NUMBER_LIMIT),
        "LimitExceeded.PhoneNumberDailyLimit": (_L, _NUMBER_LIMIT),
        "LimitExceeded.PhoneNumberSameContentDailyLimit": (_L, _NUMBER_LIMIT),
        "LimitExceeded.DeliveryFrequencyLimit": (_L, _NUMBER_LIMIT),
        "LimitExceeded.PhoneNumberCountLimit": (
            _I,
            Words("One call takes at most 200 numbers.", "一次最多 200 个号码。"),
        ),
        # Sending (facts 5.3).
        "FailedOperation.SignatureIncorrectOrUnapproved": (_S, _APPROVED_SIGNATURE),
        "FailedOperation.TemplateIncorrectOrUnapproved": (_S, _APPROVED_TEMPLATE),
        "FailedOperation.TemplateUnapprovedOrNotExist": (_S, _APPROVED_TEMPLATE),
        "FailedOperation.TemplateParamSetNotMatchApprovedTemplate": (_I, _APPROVED_TEMPLATE),
        "FailedOperation.MarketingSendTimeConstraint": (
            _S,
            Words("Marketing goes out between 8:00 and 22:00 only.", "营销短信只能在 8:00–22:00 发送。"),
        ),
        "FailedOperation.PhoneNumberInBlacklist": (
            _S,
            Words("The owner of this number does not want messages.", "该号码已退订或在免打扰名单中。"),
        ),
        "FailedOperation.PhoneNumberParseFail": (_I, _NUMBERS),
        "InvalidParameterValue.IncorrectPhoneNumber": (_I, _NUMBERS),
        "MissingParameter.EmptyPhoneNumberSet": (_I, _NUMBERS),
        "FailedOperation.ContainSensitiveWord": (
            _I,
            Words("A word in the message is not allowed; choose another wording.", "短信含敏感词，请更换措辞。"),
        ),
        "InvalidParameterValue.ContentLengthLimit": (
            _I,
            Words("The message is too long; shorten the values.", "短信过长，请缩短变量值。"),
        ),
        "InvalidParameterValue.TemplateParameterFormatError": (_I, _PARAMETER),
        "InvalidParameterValue.TemplateParameterLengthLimit": (_I, _PARAMETER),
        "InvalidParameterValue.ProhibitedUseUrlInTemplateParameter": (
            _I,
            Words("A placeholder's value may not be a link.", "变量值不能是链接。"),
        ),
        "UnsupportedOperation.ContainDomesticAndInternationalPhoneNumber": (_I, _REGION_OF_TEMPLATE),
        "UnsupportedOperation.ChineseMainlandTemplateToGlobalPhone": (_I, _REGION_OF_TEMPLATE),
        "UnsupportedOperation.GlobalTemplateToChineseMainlandPhone": (_I, _REGION_OF_TEMPLATE),
        "UnsupportedOperation.ContainDomesticPhoneNumber": (_I, _REGION_OF_TEMPLATE),
        "UnsupportedOperation.UnsupportedRegion": (
            _P,
            Words(
                "The vendor does not send to this number's country; send to another number.",
                "平台不支持向该号码所在国家或地区发送，请换一个号码。",
            ),
        ),
        # Statistics (facts 5.3).
        "InvalidParameterValue.LimitVerifyFail": (_I, _STATISTICS),
        "InvalidParameterValue.OffsetVerifyFail": (_I, _STATISTICS),
        "InvalidParameterValue.BeginTimeVerifyFail": (_I, _STATISTICS),
        "InvalidParameterValue.EndTimeVerifyFail": (_I, _STATISTICS),
        "InvalidParameterValue.InvalidStartTime": (_I, _STATISTICS),
    }
)

_LOST_OR_DOWN = Words(
    "No usable answer came from the vendor; what it has is looked up before anything is sent again.",
    "平台没有给出有效应答；再次发送前会先查询平台上的实际情况。",
)
_DOWN = Words("The vendor cannot answer at the moment; it is asked again later.", "平台暂时无法应答，稍后会再次查询。")

# Vendor messages may echo what was sent; none of it belongs into a chat or a log.
_LONG_CODE = re.compile(r"[A-Za-z0-9+/=_-]{120,}")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")
_LONGEST_MESSAGE = 300


_LEAST_OF_A_CUT_CODE = 12
"""Letters that a code must have behind its group to be known as a longer one that was cut off."""


def meaning(code: str) -> tuple[Trouble, Words | None]:
    """What a code means: its own entry, that of the one it is cut off from, or that of its beginning.

    A vendor sample shows a code without its last letter, `FailedOperation.TemplateParamSetNotMatchApprovedTemplat`
    (facts 5.1).
    """
    parts = code.split(".")
    if code not in MEANINGS and len(parts) > 1 and len(parts[-1]) >= _LEAST_OF_A_CUT_CODE:
        whole = [known for known in MEANINGS if known.startswith(code)]
        if len(whole) == 1:
            return MEANINGS[whole[0]]
    for length in range(len(parts), 0, -1):
        if found := MEANINGS.get(".".join(parts[:length])):
            return found
    return Trouble.UNEXPECTED, None


def clean(message: str, secrets: Iterable[str] = ()) -> str:
    """A vendor's message without credentials, papers and ID numbers, and not too long."""
    for secret in secrets:
        if secret:
            message = message.replace(secret, "***")
    message = _IDENTITY.sub("***", _LONG_CODE.sub("***", message))
    return message if len(message) <= _LONGEST_MESSAGE else message[:_LONGEST_MESSAGE] + "…"


def failure(code: str, message: str, request_id: str, *, write: bool) -> VendorError:
    """The error for an answer that says no (facts 1.5, column "Act").

    Args:
        code: the vendor's code.
        message: the vendor's words, cleaned.
        request_id: of the call.
        write: whether the call changes something.
    """
    trouble, advice = meaning(code)
    if code == "RequestLimitExceeded" or code.startswith("RequestLimitExceeded."):
        return Throttled(code, message, request_id=request_id)
    internal = code == "InternalError" or code.startswith("InternalError.")
    if internal and trouble is Trouble.UNEXPECTED:
        kind = AnswerLost if write else Unavailable
        return kind(code, message, request_id=request_id, trouble=trouble, advice=_LOST_OR_DOWN if write else _DOWN)
    return Refused(code, message, request_id=request_id, trouble=trouble, advice=advice)


def no_answer(code: str, message: str, *, write: bool) -> VendorError:
    """The error for an exchange without a usable answer: the vendor may have acted (facts 1.4)."""
    kind = AnswerLost if write else Unavailable
    return kind(code, message, advice=_LOST_OR_DOWN if write else _DOWN)


def refusal(parameter: str, advice: Words, trouble: Trouble = Trouble.INPUT) -> Refused:
    """What this program itself refuses to send, because the vendor certainly would not take it.

    Args:
        parameter: the API parameter at fault, standing in for a code.
        advice: what is wrong and what to do.
        trouble: whose business it is.
    """
    return Refused(parameter, trouble=trouble, advice=advice)
