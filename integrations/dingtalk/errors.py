"""What DingTalk's refusals mean, and what the operator must do (facts, DingTalk 5.2). Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotServed
from bot.contracts.model import Words
from integrations.dingtalk.words import NOT_SHOWN

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

OPERATOR_SECONDS = 60.0
"""Before the second try of what an operator has to mend; the outbox doubles it, for each try is one of the month's calls."""

BLOCKED_SECONDS = 300.0
"""After more than 10,000 calls within 20 s an address is shut out for 5 minutes (facts, DingTalk 5.1)."""


class TooFast(DeliveryRetry):
    """The robot wrote too much within a minute; nothing was taken."""


class AllowanceSpent(DeliveryRetry):
    """The month's calls are used up; nothing was taken, and nothing will be before there are more."""


class AllowanceKept(AllowanceSpent):
    """What is left of the month's calls is kept for what is more urgent; nothing was sent."""


class Refused(DeliveryFailed):
    """DingTalk said no; the same will be refused again.

    Args:
        words: what it means, for the operator, and what DingTalk said.
        code: DingTalk's own.
        meaning: what it means, alone.
    """

    def __init__(self, words: Words, code: str = "", meaning: Words | None = None) -> None:
        super().__init__(words.en, words)
        self.code = code
        self.meaning = meaning or words


class AppRefused(NotServed):
    """DingTalk takes nothing from this app, until an operator mends it.

    Args:
        words: what it means, for the operator, and what DingTalk said.
        code: DingTalk's own.
    """

    def __init__(self, words: Words, code: str = "") -> None:
        super().__init__(words.en, OPERATOR_SECONDS, words)
        self.code = code


UNSUCCESSFUL = "success=false"
"""Stands for the code of an answer that says no without one."""

_TOKEN = frozenset({"invalidauthentication", "40014", "42001", "88"})
_TOO_FAST = frozenset(
    {"130101", "302033", "send.too.fast", "send.bytoken.toofast", "too.many.group", "too.many.people"}
)
_TOO_MANY_A_SECOND = ("QpsLimitForAppkeyAndApi", "QpsLimitForApi")
_BUSY = frozenset({"15", "-1", "system.busy"})
_NOBODY_THERE = frozenset({301, 302, 303, 307, 308, 404, 405})
"""With a page instead of an object: another server's words."""
_SPENT = frozenset({"90020", "90030"})

_WORDS: Mapping[str, Words] = {
    "invalidparameter.robotcode.empty": Words(
        "the robot code is missing: check client_id under [dingtalk]", "缺少机器人编码：检查 [dingtalk] 的 client_id"
    ),
    "invalidparameter.robotcode.notexsit": Words(
        "client_id under [dingtalk] is no robot: 应用能力 → 机器人 must be switched on",
        "[dingtalk] 的 client_id 不是机器人：打开 应用能力 → 机器人",
    ),
    "invalidparameter.robotcode.auth": Words(
        "this app may not use that robot: check client_id under [dingtalk]",
        "应用无权使用该机器人：检查 [dingtalk] 的 client_id",
    ),
    "invalidparameter.openconversationid.invalid": (
        _NOT_IN_GROUP := Words(
            "the robot is not in this group: 群设置 → 机器人 → 添加机器人",
            "机器人不在群里：群设置 → 机器人 → 添加机器人",
        )
    ),
    "invalid.openconversationid": _NOT_IN_GROUP,
    "bot.stopped": Words(
        "the robot is stopped: switch it on again in the developer console (应用能力 → 机器人)",
        "机器人已停用：在开发者后台重新启用（应用能力 → 机器人）",
    ),
    "orgauthlevelnotenough": Words(
        "the organisation's edition of DingTalk does not have this", "组织的钉钉版本不支持此功能"
    ),
    "param.templatenotexist": Words(
        "card_template_id under [dingtalk] names no template of this app",
        "[dingtalk] 的 card_template_id 不是本应用的模板",
    ),
    "param.templateunpublished": Words(
        "the card template is not published: 卡片平台 → 发布", "卡片模板未发布：卡片平台 → 发布"
    ),
    "param.contentunsafe": Words("DingTalk's content filter refused the text", "内容未通过钉钉的安全检查"),
}
_OF_THE_APP = frozenset({"bot.stopped", *(code for code in _WORDS if ".robotcode." in code)})
"""Of these, nothing is wrong with the message or the conversation."""
_TOO_FAST_WORDS = Words("DingTalk takes no more from the robot for a while", "钉钉暂不接受机器人的更多消息")
_TOO_MANY_WORDS = Words("too many calls a second", "每秒调用次数过多")
SPENT_WORDS = Words(
    f"the month's allowance of calls is spent: see {CONSOLE} → 资源管理, or wait for the next month",
    f"本月接口次数已用完：见 {CONSOLE} → 资源管理，或等下月",
)
_ADDRESS_WORDS = Words(
    "this machine's address is not on the app's list: 安全设置 → 服务器出口IP",
    "本机地址不在应用的名单里：安全设置 → 服务器出口IP",
)
_APP_WORDS = Words(
    "DingTalk refuses the app: check client_id and client_secret under [dingtalk]",
    "钉钉不认此应用：检查 [dingtalk] 的 client_id 和 client_secret",
)
NOT_BUILT_WORDS = Words(
    "the call could not be built, so nothing was sent: look at the addresses, client_id and client_secret under [dingtalk]",
    "请求无法生成，未发送任何内容：检查 [dingtalk] 的地址、client_id 和 client_secret",
)
_BUSY_WORDS = Words("DingTalk is busy", "钉钉繁忙")
_GATEWAY_WORDS = Words("DingTalk's gateway turns this machine away for a while", "钉钉网关暂时拒绝本机访问")
_TOO_LARGE_WORDS = Words("the message is larger than DingTalk takes", "消息超过钉钉允许的大小")
_ELSEWHERE_WORDS = Words(
    "what answers there is not DingTalk's API: check api_base and oapi_base under [dingtalk], and what stands in between",
    "应答的不是钉钉接口：检查 [dingtalk] 的 api_base、oapi_base 和中间的代理",
)
_NOTHING_WORDS = Words("DingTalk's answer does not say that it took this", "钉钉的答复没有说明已接受")
_REFUSED_WORDS = Words("DingTalk refused this", "钉钉拒绝了此请求")


def taken(status: int, body: object, says: Sequence[str]) -> bool:
    """Whether an answer says that DingTalk did what it was asked for. Every answer is judged here.

    Args:
        status: of HTTP; 200 may be a refusal too.
        body: decoded JSON, or none.
        says: what a good answer has one of; without any it says nothing of what was asked for.
    """
    if status != 200 or not isinstance(body, dict) or code_of(body):
        return False
    return any(body.get(key) not in (None, "", [], {}) for key in says)


def code_of(body: object) -> str:
    """The code of an answer's body, of either API; empty where it has none that refuses."""
    if not isinstance(body, dict):
        return "no JSON"
    for key in ("errcode", "code"):
        code = "" if body.get(key) is None else str(body[key]).strip()
        if code not in ("", "0"):  # the older API's zero is seen as a number and as a text
            return code
    return UNSUCCESSFUL if any(_says_no(one) for one in (body, *_spaces(body))) else ""


def _says_no(one: Mapping[str, Any]) -> bool:
    return str(one.get("success")).lower() == "false"


def _spaces(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Where a card was to be shown: HTTP 200 may hold a failure for each (facts, DingTalk 4.2)."""
    result = body.get("result")
    spaces = result.get("deliverResults") if isinstance(result, dict) else None
    return [one for one in spaces if isinstance(one, dict)] if isinstance(spaces, list) else []


def token_is_bad(status: int, body: object) -> bool:
    """Whether another access token could help."""
    return code_of(body).lower() in _TOKEN or (status == 401 and not code_of(body).startswith("Forbidden."))


def too_fast(body: object) -> bool:
    """Whether the robot wrote too much within a minute."""
    return code_of(body).lower() in _TOO_FAST


def token_refusal(status: int, body: object) -> DeliveryError:
    """What it means that no access token was given: the app itself, unless the answer says that it is something else.

    Which code a wrong secret has is not written down anywhere (facts, DingTalk 3.1); so any refusal of this one call counts.

    Args:
        status: of HTTP.
        body: decoded JSON, or none.
    """
    error = refusal(status, body)
    if isinstance(error, Refused) and error.meaning == _REFUSED_WORDS and status in (200, 400, 401, 403):
        fields: Mapping[str, Any] = body if isinstance(body, dict) else {}
        return AppRefused(_said(_APP_WORDS, error.code, fields, status), error.code)
    return error


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
    if not_shown := next((one for one in _spaces(fields) if _says_no(one)), None):
        why = str(not_shown.get("errorMsg") or "no reason given")[:200]
        shown = Words(NOT_SHOWN.en.format(why=why), NOT_SHOWN.zh.format(why=why))
        return Refused(shown, code)

    def later(kind: type[DeliveryRetry], meaning: Words, seconds: float | None = None) -> DeliveryRetry:
        said = _said(meaning, code, fields, status)
        return kind(said.en, seconds, said)

    def never(meaning: Words) -> Refused:
        return Refused(_said(meaning, code, fields, status), code, meaning)

    def unserved(meaning: Words) -> AppRefused:
        return AppRefused(_said(meaning, code, fields, status), code)

    if status == 413:
        return never(_TOO_LARGE_WORDS)
    if too_fast(body) or status == 429:
        return later(TooFast, _TOO_FAST_WORDS, RATE_SECONDS)
    if any(name in code for name in _TOO_MANY_A_SECOND) or code in ("90018", "90002"):
        return later(DeliveryRetry, _TOO_MANY_WORDS, 2.0)
    if "ApiCountLimit" in code or code in _SPENT:
        return later(AllowanceSpent, SPENT_WORDS)
    if "AccessTokenPermissionDenied" in code:
        return unserved(_permission(fields))
    if "IpNotInWhiteList" in code:
        return unserved(_ADDRESS_WORDS)
    if token_is_bad(status, body):
        return unserved(_APP_WORDS)
    if code.lower() in _OF_THE_APP:
        return unserved(_WORDS[code.lower()])
    if code.lower() in _WORDS:
        return never(_WORDS[code.lower()])
    if status >= 500 or code.lower() in _BUSY:
        return later(DeliveryRetry, _BUSY_WORDS)
    if status == 200 and not code:
        return later(DeliveryRetry, _NOTHING_WORDS)
    if not isinstance(body, dict) and status in _NOBODY_THERE:
        return later(DeliveryRetry, _ELSEWHERE_WORDS, BLOCKED_SECONDS)
    if not isinstance(body, dict) or code == "1111":
        # The API answers with an object; a page comes from what stands before it, as after too many calls of one address.
        return later(DeliveryRetry, _GATEWAY_WORDS, BLOCKED_SECONDS)
    return never(_REFUSED_WORDS)


def _permission(fields: Mapping[str, Any]) -> Words:
    detail = fields.get("accessdenieddetail")
    scopes = detail.get("requiredScopes") if isinstance(detail, dict) else None
    named = [
        f"{PERMISSIONS[scope]} ({scope})" if scope in PERMISSIONS else str(scope)
        for scope in (scopes if isinstance(scopes, list) else [])
    ]
    return Words(
        f"the app lacks a permission: {', '.join(named) or 'unnamed'}; grant it under {CONSOLE} → 权限管理",
        f"应用缺少权限：{'、'.join(named) or '未说明'}；到 {CONSOLE} → 权限管理 申请",
    )


def _said(meaning: Words, code: str, fields: Mapping[str, Any], status: int) -> Words:
    """What it means, and behind it what DingTalk said."""
    text = str(fields.get("message") or fields.get("errmsg") or fields.get("errorMsg") or "")[:200]
    request = str(fields.get("requestid") or "")[:80]
    code = code[:120] if fields else f"HTTP {status}"
    said = " ".join(part for part in (code, text) if part) or f"HTTP {status}"
    return Words(
        f"{meaning.en} (DingTalk: {said}{', request ' + request if request else ''})",
        f"{meaning.zh}（钉钉：{said}{'，请求 ' + request if request else ''}）",
    )
