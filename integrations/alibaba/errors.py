"""The vendor's error codes: whose business each is, what it means and what can be done now.

Sources: facts 1.3 (transport), 2.8 (signatures), 3.6 (account), 4.6 (templates). Qualifications and what is entered beside them,
messages, digital messages and links have tables of their own, all read here.
A code that stands in them neither as it is nor by its beginning stays unexpected and is shown as it came.
"""

import re
from collections.abc import Mapping

from bot.contracts.errors import Trouble
from bot.contracts.model import Words
from integrations.alibaba import digital_errors, leading, qualification_errors, sending_errors
from integrations.alibaba.sending_errors import BARRED, NO_SIGNATURE, NO_TEMPLATE, NOT_OPEN

Meaning = tuple[Trouble, Words | None]

_KEY = Words(
    "The AccessKey is unknown, disabled or its secret is wrong. The operator puts a valid pair into the configuration.",
    "AccessKey 不存在、已停用或密钥不正确。请运维人员在配置中填写有效的 AccessKey。",
)
_CLOCK = Words(
    "The clock of this machine is more than 15 minutes off. The operator sets the clock.",
    "本机时间与标准时间相差超过 15 分钟。请运维人员校准系统时间。",
)
_RIGHTS = Words(
    "The AccessKey's RAM user lacks the right for this. The operator grants it in the RAM console.",
    "该 AccessKey 的 RAM 用户没有此项权限。请运维人员在 RAM 控制台授权。",
)
_BUG = Words(
    "The vendor does not take the request in this form; that is a fault in this program. Report it with the request id.",
    "平台不接受这种请求格式，属于本程序的缺陷。请附上请求 ID 反馈给维护人员。",
)
_ENTERPRISE = Words(
    "Only an account verified as an enterprise may do this. Its owner completes the verification.",
    "仅企业认证账号可执行此操作。请账号负责人完成企业认证。",
)
_LETTER_NAMES = Words(
    "The authorisation letter does not list this signature. Hand in a letter that names it.",
    "授权委托书未包含该签名。请提交写明该签名的委托书。",
)
_UPLOAD = Words(
    "A file did not reach the vendor's file store, or the vendor cannot read it. Check the file and submit again.",
    "文件未上传成功或平台无法读取。请检查文件后重新提交。",
)
_SCENE = Words(
    "The link is missing or is no web address. Add link=https://… that shows where the name or text is used.",
    "缺少链接或链接格式不正确。请填写 链接=https://…，指向使用该名称或内容的页面。",
)

_CODES: dict[str, Meaning] = {
    # Transport and credentials (facts 1.3)
    "SignatureDoesNotMatch": (
        Trouble.CREDENTIALS,
        Words(
            "The vendor computes another signature: the AccessKey's secret is wrong. The operator checks the secret.",
            "签名校验不一致，通常是 AccessKey Secret 不正确。请运维人员核对密钥。",
        ),
    ),
    "InvalidSecurityToken.Expired": (
        Trouble.CREDENTIALS,
        Words(
            "The temporary credentials have run out. The operator gets new ones.",
            "临时凭证已过期。请运维人员更换凭证。",
        ),
    ),
    "Forbidden.RAM": (Trouble.PERMISSION, _RIGHTS),
    "NoPermission": (Trouble.PERMISSION, _RIGHTS),
    "NotAuthorized": (Trouble.PERMISSION, _RIGHTS),
    "isp.RAM_PERMISSION_DENY": (Trouble.PERMISSION, _RIGHTS),
    "ForbiddenAction": (Trouble.ACCOUNT, BARRED),
    "ServiceNotOpened": (Trouble.ACCOUNT, NOT_OPEN),
    "InvalidAction.NotFound": (Trouble.UNEXPECTED, _BUG),
    "InvalidVersion": (Trouble.UNEXPECTED, _BUG),
    "UnsupportedHTTPMethod": (Trouble.UNEXPECTED, _BUG),
    "IncompleteSignature": (Trouble.UNEXPECTED, _BUG),
    # Account (facts 3.6)
    "NotEnterpriseCertifyCustCheckError": (Trouble.ACCOUNT, _ENTERPRISE),
    "CustNotExistError": (Trouble.ACCOUNT, BARRED),
    "GrayCustAccessError": (
        Trouble.ACCOUNT,
        Words(
            "The vendor must open this API for the account first. Its owner asks the vendor's support.",
            "平台需先为该账号开放此接口。请账号负责人联系平台客服开通。",
        ),
    ),
    # Signatures (facts 2.8)
    "SignName.Exists": (
        Trouble.INPUT,
        Words(
            "The account has a signature of this name already. Look at it with `sign list`, or edit that one.",
            "该账号下已有同名签名。请用 `签名 列表` 查看，或修改已有的签名。",
        ),
    ),
    "InvalidSignName": (
        Trouble.INPUT,
        Words(
            "The name has a space or symbol, or only digits. Use 2 to 12 Chinese characters, letters or digits.",
            "签名含空格、符号或全为数字。请使用 2～12 个汉字、字母或数字。",
        ),
    ),
    "MissingSignName": (Trouble.INPUT, Words("The name is missing. Give a name.", "缺少签名名称。请填写名称。")),
    "InvalidQualification": (
        Trouble.INPUT,
        Words(
            "The qualification is not approved. Choose an approved one from `qualification list`.",
            "该资质尚未通过审核。请从 `资质 列表` 中选择已通过的资质。",
        ),
    ),
    "QualificationNotFound": (
        Trouble.INPUT,
        Words(
            "The account has no qualification of this id. Choose one from `qualification list`.",
            "该账号下没有此资质 ID。请从 `资质 列表` 中选择。",
        ),
    ),
    "ParameterMismatch.ThirdParty": (
        Trouble.INPUT,
        Words(
            "Own use or for others: signature and qualification differ. Change `purpose` or choose another qualification.",
            "签名用途（自用/他用）与资质不一致。请修改 `用途` 或更换资质。",
        ),
    ),
    "InvalidApplySceneContent": (Trouble.INPUT, _SCENE),
    "MissApplySceneContent": (Trouble.INPUT, _SCENE),
    "SmsAuthorizationLetterNotExist": (
        Trouble.INPUT,
        Words(
            "The account has no authorisation letter of this id. Hand in the letter as a file, or correct the id.",
            "该账号下没有此授权委托书 ID。请以文件提交委托书，或更正 ID。",
        ),
    ),
    "SmsAuthorizationLetterNotMatch": (
        Trouble.INPUT,
        Words(
            "The credit code in the authorisation letter is not the qualification's. Use the letter of that company.",
            "委托书中的统一社会信用代码与资质不一致。请使用该公司的委托书。",
        ),
    ),
    "SmsSignNotAuthorized": (Trouble.INPUT, _LETTER_NAMES),
    "TrademarkNotExist": (
        Trouble.INPUT,
        Words(
            "The account has no trademark of this id. Enter the trademark in the console and give its id.",
            "该账号下没有此商标 ID。请先在控制台录入商标，再填写其 ID。",
        ),
    ),
    "AppIcpRecordNotExist": (
        Trouble.INPUT,
        Words(
            "The account has no app filing (ICP) of this id. Enter it in the console and give its id.",
            "该账号下没有此 APP-ICP 备案 ID。请先在控制台录入备案信息，再填写其 ID。",
        ),
    ),
    "SMS_STATUS_ILLEGAL": (
        Trouble.STATE,
        Words(
            "Not possible in the present state: nothing can be changed or deleted under review, and an approved template "
            "cannot be edited. See `status`.",
            "当前状态不允许此操作：审核中不能修改或删除，已通过的模板不能修改。请用 `状态` 查看。",
        ),
    ),
    "SignatureNotFound": (Trouble.STATE, NO_SIGNATURE),
    "SmsSignatureNotFound": (Trouble.INPUT, NO_SIGNATURE),
    # Templates (facts 4.6)
    "AssocSignUnapproved": (
        Trouble.INPUT,
        Words(
            "The signature named with `sign` is not approved yet. Choose an approved one, or wait for it.",
            "关联的签名尚未通过审核。请选择已通过的签名，或等待其通过。",
        ),
    ),
    "TemplateNotFound": (Trouble.STATE, NO_TEMPLATE),
    "MissingTemplateName": (Trouble.INPUT, Words("The name is missing. Give a name.", "缺少模板名称。请填写名称。")),
    "InvalidTemplateRule.Format": (Trouble.UNEXPECTED, _BUG),
    "InvalidTemplateRule": (
        Trouble.INPUT,
        Words(
            "A placeholder has a kind that does not fit this type of text. Set it, for example kind.code=numberCaptcha.",
            "某个变量的属性与模板类型不符。请指定变量属性，例如 变量属性.code=numberCaptcha。",
        ),
    ),
    "InvalidTemplateContent.Format": (
        Trouble.INPUT,
        Words(
            "The text has a form the vendor does not take. Write placeholders as ${code} and leave out the signature.",
            "模板内容格式不正确。变量请写作 ${code}，内容中不要包含签名。",
        ),
    ),
    "TemplateVarLimitExceeded": (
        Trouble.INPUT,
        Words(
            "A verification code text has exactly one placeholder. Remove the others.",
            "验证码模板只能有一个变量。请删除其余变量。",
        ),
    ),
    "TemplateParameterCountIllegal": (
        Trouble.INPUT,
        Words(
            "A verification code text has exactly one placeholder. Remove the others.",
            "验证码模板只能有一个变量。请删除其余变量。",
        ),
    ),
    "InvalidMoreData": (
        Trouble.INPUT,
        Words(
            "The papers were not taken. Marketing texts need proof that the recipients agreed; hand it in as paper=…",
            "证明文件未被接受。营销模板须提供用户同意接收的证明，请以 证明=… 提交。",
        ),
    ),
    # Ours: refused here, before any call of the vendor that changes something
    "NotOffered": (
        Trouble.INPUT,
        Words(
            "The vendor's API does not offer this. Use the vendor's console.",
            "平台接口不支持此操作。请在平台控制台办理。",
        ),
    ),
    "NotRenamedQualification": (
        Trouble.INPUT,
        Words(
            "A qualification keeps its name, its use and its credit code. Keep them, or submit a new qualification.",
            "资质的名称、用途和统一社会信用代码不可修改。请保留原值，或提交新的资质。",
        ),
    ),
    "NotRenamed": (
        Trouble.INPUT,
        Words(
            "A signature cannot be renamed through the API. Keep the name, or submit a new signature.",
            "接口不支持修改签名名称。请保留原名称，或提交新的签名。",
        ),
    ),
    "LetterIncomplete": (
        Trouble.INPUT,
        Words(
            "A letter handed in as a file needs owner_code=… (18 characters), letter_term=2026-01-01~2027-01-01, and "
            "owner=… and applicant=… where no approved qualification tells them. Or give the id of a letter: letter=…",
            "以文件提交的委托书还需 授权方信用代码=…（18 位）、委托书有效期=2026-01-01~2027-01-01；"
            "若无法从已通过的资质得知，还需 授权方=… 和 被授权方=…。也可填写已有委托书的 ID：委托书=…",
        ),
    ),
    "PaperSize": (
        Trouble.INPUT,
        Words(
            "The vendor's file store does not take a file of this size. Make it smaller than 5 MB and not empty.",
            "平台不接受该大小的文件。文件不能为空，且须小于 5 MB。",
        ),
    ),
    "UploadAddress": (
        Trouble.UNEXPECTED,
        Words(
            "The vendor named a file store outside its own domain, so no file was sent. The operator checks `endpoint`.",
            "平台返回的文件存储地址不在其域名下，文件未发送。请运维人员检查 `endpoint`。",
        ),
    ),
}

_TABLES: tuple[Mapping[str, Meaning], ...] = (
    _CODES,
    qualification_errors.MEANINGS,
    sending_errors.MEANINGS,
    digital_errors.MEANINGS,
    leading.MEANINGS,
)

# First match wins; the longer beginning stands before the shorter one.
_BEGINNINGS: tuple[tuple[str, Meaning], ...] = (
    ("InvalidAccessKeyId", (Trouble.CREDENTIALS, _KEY)),
    ("InvalidTimeStamp", (Trouble.CLOCK, _CLOCK)),
    ("InvalidSecurityToken", (Trouble.CREDENTIALS, _KEY)),
    ("Forbidden.", (Trouble.PERMISSION, _RIGHTS)),
    ("NoPermission", (Trouble.PERMISSION, _RIGHTS)),
    ("NotAuthorized", (Trouble.PERMISSION, _RIGHTS)),
    *qualification_errors.BEGINNINGS,
    ("OSS.", (Trouble.INPUT, _UPLOAD)),
    ("Missing", (Trouble.UNEXPECTED, _BUG)),
    (
        "isv.",
        (
            Trouble.INPUT,
            Words(
                "The vendor does not accept what was entered, or the account's state. Its message says more.",
                "平台不接受所填内容或账号当前状态，详见平台提示。",
            ),
        ),
    ),
)

# The vendor's own fault; what became of the call is not known (facts 1.3).
_VENDOR_FAULT = ("ServiceUnavailable", "InternalError", "isp.SYSTEM_ERROR", "isp.GATEWAY_ERROR")
# A repeated nonce means that somebody delivered this request twice: the first copy may have been accepted (facts 1.3).
_SEEN_BEFORE = ("SignatureNonceUsed",)

_SIGNATURE_DETAIL = re.compile(r"\s*server (?:string to sign|canonical).*", re.IGNORECASE | re.DOTALL)
_QUERY = re.compile(r"((?:https?:)?//[^\s?\"'<>]+)\?[^\s\"'<>]*")
_LONGEST_MESSAGE = 500


def meaning(code: str) -> Meaning:
    """Whose business a code is and what to do; unexpected without advice where nobody knows the code."""
    for table in _TABLES:
        if known := table.get(code):
            return known
    for beginning, what in _BEGINNINGS:
        if code.startswith(beginning):
            return what
    return Trouble.UNEXPECTED, None


def leaves_doubt(code: str) -> bool:
    """Whether, after this code, the call may have been accepted all the same."""
    return code in (*_VENDOR_FAULT, *_SEEN_BEFORE) or code.startswith("InternalError")


def harmless(message: str, secrets: tuple[str, ...]) -> str:
    """The vendor's message without what must not be repeated.

    After a wrong signature the gateway quotes the request it computed, with its token; messages may quote addresses
    that are signed in their query.
    """
    message = _QUERY.sub(r"\1", _SIGNATURE_DETAIL.sub("", message))
    for secret in filter(None, secrets):
        message = message.replace(secret, "***")
    return message.strip()[:_LONGEST_MESSAGE]
