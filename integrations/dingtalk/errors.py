"""What DingTalk's refusals mean, and what the operator must do (facts, DingTalk 5.2). Pure."""

from collections.abc import Mapping
from typing import Any

from bot.errors import DeliveryError, DeliveryFailed, DeliveryRetry

CONSOLE = "open-dev.dingtalk.com"

PERMISSIONS = {
    "qyapi_robot_sendmsg": "企业内机器人发送消息权限",
    "Card.Instance.Write": "互动卡片实例写权限",
    "Card.Streaming.Write": "AI卡片流式更新权限",
    "qyapi_base": "调用企业API基础权限",
}
"""Scope → its name in the console's 权限管理 (facts, DingTalk 7)."""

RATE_SECONDS = 60.0
"""After a refusal for speed."""

PENALTY_SECONDS = 600.0
"""After another one right behind it: too much within a minute is refused for ten (facts, DingTalk 5.1)."""

BLOCKED_SECONDS = 300.0
"""After more than 10,000 calls within 20 s an address is shut out for 5 minutes (facts, DingTalk 5.1)."""


class TooFast(DeliveryRetry):
    """The robot wrote too much within a minute; nothing was taken."""


class AllowanceSpent(DeliveryRetry):
    """The month's calls are used up; nothing was taken, and nothing will be before there are more."""


class Refused(DeliveryFailed):
    """DingTalk said no; the same will be refused again.

    Args:
        reason: what it means, for the operator.
        code: DingTalk's own.
    """

    def __init__(self, reason: str, code: str = "") -> None:
        super().__init__(reason)
        self.code = code


_TOKEN = frozenset({"invalidauthentication", "40014", "42001", "88"})
_TOO_FAST = frozenset(
    {"130101", "302033", "send.too.fast", "send.bytoken.toofast", "too.many.group", "too.many.people"}
)
_TOO_MANY_A_SECOND = ("QpsLimitForAppkeyAndApi", "QpsLimitForApi")
_BUSY = frozenset({"15", "-1", "system.busy"})
_SPENT = frozenset({"90020", "90030"})

_WORDS: Mapping[str, str] = {
    "invalidparameter.robotcode.empty": "the robot code is missing: check client_id under [dingtalk]",
    "invalidparameter.robotcode.notexsit": "client_id under [dingtalk] is no robot: 应用能力 → 机器人 must be switched on",
    "invalidparameter.robotcode.auth": "this app may not use that robot: check client_id under [dingtalk]",
    "invalidparameter.openconversationid.invalid": "the robot is not in this group: 群设置 → 机器人 → 添加机器人",
    "invalid.openconversationid": "the robot is not in this group: 群设置 → 机器人 → 添加机器人",
    "bot.stopped": "the robot is stopped: switch it on again in the developer console (应用能力 → 机器人)",
    "orgauthlevelnotenough": "the organisation's edition of DingTalk does not have this",
    "param.templatenotexist": "card_template_id under [dingtalk] names no template of this app",
    "param.templateunpublished": "the card template is not published: 卡片平台 → 发布",
    "param.contentunsafe": "DingTalk's content filter refused the text",
}


def code_of(body: object) -> str:
    """The code of an answer's body, of either API; empty when it is a good one."""
    if not isinstance(body, dict):
        return "no JSON"
    if "errcode" in body:
        return "" if body["errcode"] == 0 else str(body["errcode"])
    return str(body.get("code", ""))


def token_is_bad(status: int, body: object) -> bool:
    """Whether another access token could help."""
    return code_of(body).lower() in _TOKEN or (status == 401 and not code_of(body).startswith("Forbidden."))


def too_fast(body: object) -> bool:
    """Whether the robot wrote too much within a minute."""
    return code_of(body).lower() in _TOO_FAST


def refusal(status: int, body: object) -> DeliveryError:
    """What an answer that is no success means for the message.

    Args:
        status: of HTTP; 200 may be a refusal too.
        body: decoded JSON, or none.

    Returns:
        The error to raise; its text is for the operator and holds no address and no token.
    """
    code = code_of(body)
    fields: Mapping[str, Any] = body if isinstance(body, dict) else {}
    quoted = _quoted(code, fields, status)
    if too_fast(body) or status == 429:
        return TooFast(f"DingTalk takes no more from the robot for a while{quoted}", RATE_SECONDS)
    if any(name in code for name in _TOO_MANY_A_SECOND) or code in ("90018", "90002"):
        return DeliveryRetry(f"too many calls a second{quoted}", 2.0)
    if "ApiCountLimit" in code or code in _SPENT:
        return AllowanceSpent(
            f"the month's allowance of calls is spent: see {CONSOLE} → 资源管理, or wait for the next month{quoted}"
        )
    if "AccessTokenPermissionDenied" in code:
        return Refused(f"{_permission(fields)}{quoted}", code)
    if "IpNotInWhiteList" in code:
        return Refused(f"this machine's address is not on the app's list: 安全设置 → 服务器出口IP{quoted}", code)
    if token_is_bad(status, body):
        return Refused(f"DingTalk refuses the app: check client_id and client_secret under [dingtalk]{quoted}", code)
    if code.lower() in _WORDS:
        return Refused(f"{_WORDS[code.lower()]}{quoted}", code)
    if status >= 500 or code.lower() in _BUSY:
        return DeliveryRetry(f"DingTalk is busy{quoted}")
    if body is None or code == "1111":
        # The API answers in JSON; a page comes from what stands before it, as after too many calls of one address.
        return DeliveryRetry(f"DingTalk's gateway turns this machine away for a while{quoted}", BLOCKED_SECONDS)
    return Refused(f"DingTalk refused the message{quoted}", code)


def _permission(fields: Mapping[str, Any]) -> str:
    detail = fields.get("accessdenieddetail")
    scopes = detail.get("requiredScopes") if isinstance(detail, dict) else None
    named = [
        f"{PERMISSIONS[scope]} ({scope})" if scope in PERMISSIONS else str(scope)
        for scope in (scopes if isinstance(scopes, list) else [])
    ]
    return f"the app lacks a permission: {', '.join(named) or 'unnamed'}; grant it under {CONSOLE} → 权限管理"


def _quoted(code: str, fields: Mapping[str, Any], status: int) -> str:
    words = str(fields.get("message") or fields.get("errmsg") or "")[:200]
    request = str(fields.get("requestid") or "")[:80]
    said = " ".join(part for part in (code[:120], words) if part) or f"HTTP {status}"
    return f" (DingTalk: {said}{', request ' + request if request else ''})"
