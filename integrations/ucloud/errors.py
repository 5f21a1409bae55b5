"""What UCloud's refusals mean, and whether a call may have been accepted.

Codes: docs.ucloud.cn/api/summary/public (the gateway's) and docs.ucloud.cn/usms/api_docs/error_code (18xxx); facts 1.6.
The vendor publishes no codes for refused reviews (duplicate name, bad file): what is not in the table is shown as it is.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from bot.contracts.errors import AnswerLost, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.model import Words

THROTTLED: Final = 153
"""The gateway says "too fast": nothing was accepted."""

UNSETTLED: Final = frozenset({110, 130, 150, 151, 200})
"""The gateway or a service behind it broke down: a change may have been accepted, so it is looked up, never repeated."""

NOT_SUBMITTED: Final = frozenset({18004, 18007})
"""A fault of the service that the vendor's table calls "not submitted": safe to repeat."""

LONGEST_MESSAGE: Final = 500
"""Characters of the vendor's message that are kept; an echo of a request would be longer."""

# What may never enter an error, should the vendor echo a request: papers and tokens (long runs), ID numbers.
_SENSITIVE = re.compile(r"[A-Za-z0-9+/=_%-]{64,}|(?<!\d)\d{17}[\dXx](?!\d)")

_PROGRAM = Words(
    "The vendor did not understand the request; this is for the operator to report with the request id.",
    "平台未能识别该请求；请运维人员凭请求 ID 反馈。",
)
_INPUT = Words(
    "A value is missing or not as the vendor wants it; its message says which. Correct it and submit again.",
    "有参数缺失或不符合要求，请按平台返回的说明修改后重新提交。",
)
_SIGNING = Words(
    "The call was not accepted as signed by this account; the operator checks the public and private key.",
    "平台未接受该账号的请求签名；请运维人员核对公钥和私钥。",
)
_RIGHTS = Words(
    "The key may not do this; the account's administrator grants it the right to use USMS in this project.",
    "该密钥没有操作权限；请账号管理员授予其在本项目使用 USMS 的权限。",
)
_SENDING = Words(
    "A message was refused for its numbers or variables; correct them and send again.",
    "短信号码或变量不符合要求，请修改后重新发送。",
)
_BROKEN = Words(
    "The vendor's service is disturbed; nothing needs to be changed.",
    "平台服务异常，内容无需修改。",
)
_BROKEN_NOTHING_TAKEN = Words(
    "The vendor's service is disturbed and took nothing; submit again later, or ask its support.",
    "平台服务异常，未接受本次提交；请稍后重试，或联系平台技术支持。",
)

ADVICE: Mapping[int, tuple[Trouble, Words]] = MappingProxyType(
    {
        160: (Trouble.UNEXPECTED, _PROGRAM),
        161: (Trouble.UNEXPECTED, _PROGRAM),
        170: (Trouble.CREDENTIALS, _SIGNING),
        171: (Trouble.CREDENTIALS, _SIGNING),
        172: (
            Trouble.CREDENTIALS,
            Words(
                "The vendor knows no account with this public key; the operator checks it.",
                "平台上没有使用该公钥的账号；请运维人员核对公钥。",
            ),
        ),
        173: (
            Trouble.ACCOUNT,
            Words(
                "The account is restricted; its owner settles this with the vendor.",
                "账号已被限制；请账号负责人联系平台处理。",
            ),
        ),
        174: (
            Trouble.CREDENTIALS,
            Words(
                "The token of the temporary credentials is missing; the operator sets security_token.",
                "缺少临时凭证的令牌；请运维人员配置 security_token。",
            ),
        ),
        180: (Trouble.UNEXPECTED, _PROGRAM),
        290: (
            Trouble.PERMISSION,
            Words(
                "The key has no access to this project; the account's administrator grants it, or the operator corrects "
                "project_id.",
                "该密钥未获得本项目的授权；请账号管理员授权，或由运维人员更正 project_id。",
            ),
        ),
        291: (Trouble.PERMISSION, _RIGHTS),
        292: (
            Trouble.PERMISSION,
            Words(
                "This project does not exist; the operator corrects project_id.",
                "项目不存在；请运维人员更正 project_id。",
            ),
        ),
        293: (Trouble.PERMISSION, _RIGHTS),
        294: (
            Trouble.PERMISSION,
            Words(
                "Calls from this machine's address are not allowed; the account's administrator adds it to the allow-list.",
                "不允许从本机 IP 调用；请账号管理员将其加入白名单。",
            ),
        ),
        295: (
            Trouble.PERMISSION,
            Words(
                "The account's security lock stopped the call; its administrator unlocks the operation.",
                "操作被账号的安全锁拦截；请账号管理员解除后重试。",
            ),
        ),
        299: (Trouble.PERMISSION, _RIGHTS),
        18000: (Trouble.UNEXPECTED, _PROGRAM),
        18001: (Trouble.INPUT, _INPUT),
        18002: (Trouble.INPUT, _INPUT),
        18003: (Trouble.INPUT, _INPUT),
        18004: (Trouble.UNEXPECTED, _BROKEN_NOTHING_TAKEN),
        18007: (Trouble.UNEXPECTED, _BROKEN_NOTHING_TAKEN),
        18013: (
            Trouble.EMPTY,
            Words(
                "No messages are left in the account or project; the owner buys a package in the console.",
                "账号或项目的短信余量不足；请账号负责人在控制台购买套餐。",
            ),
        ),
        18014: (Trouble.INPUT, _SENDING),
        18016: (
            Trouble.STATE,
            Words(
                "This project has no approved signature of that text; submit it, or wait for its review.",
                "本项目未申请该签名，或签名尚未通过审核；请先提交签名，或等待审核通过。",
            ),
        ),
        18017: (
            Trouble.STATE,
            Words(
                "This project has no approved template with that id; submit it, or wait for its review.",
                "本项目没有该模板，或模板尚未通过审核；请先提交模板，或等待审核通过。",
            ),
        ),
        18018: (
            Trouble.INPUT,
            Words(
                "The variables do not match the template's placeholders; give one value for each.",
                "变量与模板不一致；请为每个变量各提供一个值。",
            ),
        ),
        18019: (
            Trouble.INPUT,
            Words(
                "More than 1,000 numbers in one call; send to fewer.", "单次提交的号码超过 1000 个；请减少号码数量。"
            ),
        ),
        18023: (
            Trouble.INPUT,
            Words(
                "The text holds a word that the carriers block, often in a variable; word it differently.",
                "内容含有运营商屏蔽词（通常在变量中）；请更换措辞。",
            ),
        ),
        18033: (
            Trouble.INPUT,
            Words(
                "The value of a variable breaks the vendor's rules; change the value.",
                "变量内容不符合平台规范；请修改变量值。",
            ),
        ),
        18046: (Trouble.INPUT, _SENDING),
        18048: (
            Trouble.INPUT,
            Words("More than 100,000 numbers in one task; split the task.", "单个任务的号码超过 10 万个；请拆分任务。"),
        ),
        18049: (
            Trouble.INPUT,
            Words("The uploaded file exceeds 3 MB; split it.", "上传文件超过 3 MB；请拆分文件。"),
        ),
    }
)
"""What a code means and what the person can do now. The gateway's faults and throttling are told apart in `refusal`."""


def refusal(code: int, message: str, request_id: str, *, changes: bool) -> VendorError:
    """The error for a RetCode other than 0.

    Args:
        code: the RetCode.
        message: the vendor's own words.
        request_id: of the header X-UCLOUD-REQUEST-UUID.
        changes: whether the call was to change something.
    """
    if code == THROTTLED:
        return throttled(str(code), message, request_id)
    if code in UNSETTLED:
        return unsettled(str(code), message, request_id, changes=changes)
    trouble, advice = ADVICE.get(code, (Trouble.UNEXPECTED, None))
    kind = Unavailable if code in NOT_SUBMITTED else Refused
    return kind(str(code), cleaned(message), request_id=request_id, trouble=trouble, advice=advice)


def throttled(code: str, message: str, request_id: str, retry_after: float | None = None) -> Throttled:
    """The error for "too fast"."""
    return Throttled(code, cleaned(message), request_id=request_id, retry_after=retry_after)


def unsettled(code: str, message: str, request_id: str, *, changes: bool) -> VendorError:
    """The error for a call that got no answer to rely on: a change may have happened, a question was not answered."""
    kind = AnswerLost if changes else Unavailable
    return kind(code, cleaned(message), request_id=request_id, advice=_BROKEN)


def cleaned(message: str) -> str:
    """The vendor's words without what may not be shown: papers, tokens, ID numbers; not longer than people read."""
    return _SENSITIVE.sub("…", message)[:LONGEST_MESSAGE]
