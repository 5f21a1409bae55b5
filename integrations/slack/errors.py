"""What Slack's refusals mean for a delivery, and for the operator at start. Pure."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotEditable, NotServed
from bot.contracts.model import Words

RATE_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
MAYBE = frozenset({"internal_error", "fatal_error", "request_timeout", "service_unavailable"})
"""Errors after which a call may have worked all the same (https://docs.slack.dev/reference/methods/chat.postMessage)."""
OPERATOR = frozenset(
    {
        "account_inactive", "invalid_auth", "missing_scope", "not_authed", "org_login_required", "team_added_to_org",
        "token_expired", "token_revoked",
    }
)  # fmt: skip
"""Nothing was done, and nothing is wrong with the message: once the operator has mended it, it goes out."""
OPERATOR_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 3600.0
"""Whatever stands in `Retry-After`: Slack's own are about a minute, and a message is not put off for ever."""
STAYS = frozenset({"cant_update_message", "edit_window_closed", "is_inactive", "message_not_found", "thread_not_found"})
"""Of an edit: this message stays as it is, or is gone; the conversation takes others all the same."""
BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
"""It is the blocks that Slack does not take; their text alone may pass."""

REASONS: Mapping[str, Words] = MappingProxyType(
    {
        "channel_not_found": Words(
            "Slack does not know this channel, or the app cannot see it", "Slack 没有此频道，或应用无权查看"
        ),
        "not_in_channel": Words(
            "the app is not in this channel: /invite it there", "应用不在此频道中：请在频道内 /invite 它"
        ),
        "is_archived": Words("this channel is archived", "此频道已归档"),
        "user_not_found": Words("Slack does not know this user", "Slack 没有此用户"),
        "no_such_subteam": Words("Slack does not know this user group", "Slack 没有此用户组"),
        "user_disabled": Words("this user is deactivated", "此用户已停用"),
        "account_inactive": Words(
            "the app was removed from the workspace, or its token revoked", "应用已从工作区移除，或令牌已被吊销"
        ),
        "invalid_auth": Words("Slack does not know the bot token", "Slack 不认此机器人令牌"),
        "token_revoked": Words("the bot token was revoked", "机器人令牌已被吊销"),
        "missing_scope": Words("the app lacks a scope", "应用缺少权限"),
        "restricted_action": Words("the workspace does not let the app post here", "工作区不允许应用在此发言"),
        "restricted_action_read_only_channel": Words("this channel is read-only", "此频道只读"),
        "restricted_action_thread_locked": Words("this thread is locked", "此消息列已锁定"),
        "restricted_action_non_threadable_channel": Words("this channel has no threads", "此频道不支持消息列"),
        "cannot_reply_to_message": Words("this message cannot have a thread", "此消息不能有消息列"),
        "edit_window_closed": Words("the workspace does not let old messages be edited", "工作区不允许修改较早的消息"),
        "cant_update_message": Words("this message is not the app's own", "此消息不是应用自己发的"),
        "is_inactive": Words("this message can no longer be changed", "此消息已不能修改"),
        "message_not_found": Words("the message was deleted", "消息已被删除"),
        "msg_too_long": Words("the message is too long", "消息过长"),
        "msg_blocks_too_long": Words("the message is too long", "消息过长"),
        "invalid_blocks": Words("Slack does not take the blocks of this message", "Slack 不接受此消息的区块"),
        "invalid_blocks_format": Words("Slack does not take the blocks of this message", "Slack 不接受此消息的区块"),
        "no_text": Words("the message is empty", "消息为空"),
        "team_access_not_granted": Words("the app is not installed in this workspace", "应用未安装在此工作区"),
    }
)
"""Slack's word for what is wrong → what it means."""
_UNKNOWN = Words("Slack does not take it", "Slack 不接受")
_NO_WAY = Words("Slack cannot be reached", "无法连接 Slack")
_BROKEN = Words("the connection to Slack broke", "与 Slack 的连接中断")
UNREADABLE = Words("Slack's answer cannot be read", "无法读取 Slack 的应答")
_TROUBLE = Words("Slack had trouble", "Slack 出了问题")
SLOWER = Words("Slack asks to slow down", "Slack 要求放慢")
_NO_WORK = Words("Slack does not let the app work", "Slack 不让应用工作")


class Slower(DeliveryRetry):
    """Slack asks to slow down: until then nothing of the kind is sent."""


class Ambiguous(DeliveryRetry):
    """The message may have been posted: look for it before posting it again."""


def delivery_error(error: BaseException) -> DeliveryError:
    """What a failed call means for the message.

    Args:
        error: what the SDK raised; `SlackApiError`, a network error or a time-out.
    """
    if isinstance(error, SlackApiError):
        return _refusal(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return DeliveryRetry(_NO_WAY.en, words=_NO_WAY)  # no connection, so nothing was sent
    if isinstance(error, aiohttp.ClientError | asyncio.TimeoutError | OSError):
        return Ambiguous(f"{_BROKEN.en}: {type(error).__name__}", words=_BROKEN)
    if isinstance(error, AttributeError | LookupError | TypeError | ValueError):
        return Ambiguous(UNREADABLE.en, words=UNREADABLE)  # the SDK, or we, looked for something that is not there
    return DeliveryFailed(f"{type(error).__name__}")


def edit_error(error: BaseException) -> DeliveryError:
    """What a failed edit means for the message.

    Args:
        error: as for `delivery_error`.
    """
    if isinstance(error, SlackApiError) and (code := code_of(error)) in STAYS:
        words = meaning(code)
        return NotEditable(words.en, words)
    return delivery_error(error)


def _refusal(error: SlackApiError) -> DeliveryError:
    status = status_of(error)
    code = code_of(error)
    if status == 429 or code in RATE_LIMITED:
        return Slower(SLOWER.en, retry_after(error), SLOWER)
    if status >= 500 or code in MAYBE or not code:
        words = meaning(code or str(status), _TROUBLE)
        return Ambiguous(words.en, words=words)
    if code in OPERATOR:
        words = meaning(code, _NO_WORK)
        return NotServed(words.en, OPERATOR_SECONDS, words)
    words = meaning(code)
    return DeliveryFailed(words.en, words)


def meaning(code: str, otherwise: Words = _UNKNOWN) -> Words:
    """What Slack's word means, with the word itself."""
    words = REASONS.get(code, otherwise)
    return Words(f"{words.en} ({code})", f"{words.zh}（{code}）")


def code_of(error: SlackApiError) -> str:
    """Slack's word for what is wrong; empty where there was none."""
    try:
        return str(error.response.get("error", "") or "")
    except (AttributeError, TypeError, ValueError):
        return ""


def status_of(error: SlackApiError) -> int:
    """The status of HTTP; zero where there was none."""
    return int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0) or 0)


def retry_after(error: SlackApiError) -> float:
    """How many seconds Slack asks to wait, an hour at most; one where it does not say, or nothing that is a number."""
    headers = getattr(error.response, "headers", None) or {}
    for name in ("Retry-After", "retry-after"):
        try:
            asked = float(headers[name])
        except (KeyError, ValueError):
            continue
        if asked >= 0:  # no number at all is not
            return min(asked, LONGEST_WAIT_SECONDS)
    return 1.0
