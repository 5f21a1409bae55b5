"""What Slack's refusals mean for a delivery, and for the operator at start. Pure."""

import asyncio
from collections.abc import Mapping

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotEditable

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
STAYS = frozenset({"cant_update_message", "edit_window_closed", "is_inactive", "message_not_found", "thread_not_found"})
"""Of an edit: this message stays as it is, or is gone; the conversation takes others all the same."""
BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long"})
"""It is the blocks that Slack does not take; their text alone may pass."""

REASONS: Mapping[str, str] = {
    "channel_not_found": "Slack does not know this channel, or the app cannot see it",
    "not_in_channel": "the app is not in this channel: /invite it there",
    "is_archived": "this channel is archived",
    "user_not_found": "Slack does not know this user",
    "user_disabled": "this user is deactivated",
    "is_inactive": "this message can no longer be changed",
    "account_inactive": "the app was removed from the workspace, or its token revoked",
    "invalid_auth": "Slack does not know the bot token",
    "token_revoked": "the bot token was revoked",
    "missing_scope": "the app lacks a scope",
    "restricted_action": "the workspace does not let the app post here",
    "restricted_action_read_only_channel": "this channel is read-only",
    "restricted_action_thread_locked": "this thread is locked",
    "restricted_action_non_threadable_channel": "this channel has no threads",
    "cannot_reply_to_message": "this message cannot have a thread",
    "edit_window_closed": "the workspace does not let old messages be edited",
    "cant_update_message": "this message is not the app's own",
    "message_not_found": "the message was deleted",
    "msg_too_long": "the message is too long",
    "msg_blocks_too_long": "the message is too long",
    "invalid_blocks": "Slack does not take the blocks of this message",
    "invalid_blocks_format": "Slack does not take the blocks of this message",
    "no_text": "the message is empty",
    "team_access_not_granted": "the app is not installed in this workspace",
}


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
        return DeliveryRetry("Slack cannot be reached")  # no connection, so nothing was sent
    if isinstance(error, aiohttp.ClientError | asyncio.TimeoutError | OSError):
        return Ambiguous(f"the connection to Slack broke: {type(error).__name__}")
    return DeliveryFailed(f"{type(error).__name__}")


def edit_error(error: BaseException) -> DeliveryError:
    """What a failed edit means for the message.

    Args:
        error: as for `delivery_error`.
    """
    if isinstance(error, SlackApiError) and (code := code_of(error)) in STAYS:
        return NotEditable(f"{REASONS.get(code, 'this message cannot be changed')} ({code})")
    return delivery_error(error)


def _refusal(error: SlackApiError) -> DeliveryError:
    status = int(getattr(error.response, "status_code", 0) or getattr(error.response, "status", 0) or 0)
    code = code_of(error)
    if status == 429 or code in RATE_LIMITED:
        return Slower("Slack asks to slow down", retry_after=retry_after(error))
    if status >= 500 or code in MAYBE or not code:
        return Ambiguous(f"Slack had trouble: {code or status}")
    if code in OPERATOR:
        return DeliveryRetry(f"{REASONS.get(code, 'Slack does not let the app work')} ({code})", OPERATOR_SECONDS)
    return DeliveryFailed(f"{REASONS[code]} ({code})" if code in REASONS else code)


def code_of(error: SlackApiError) -> str:
    """Slack's word for what is wrong; empty where there was none."""
    try:
        return str(error.response.get("error", "") or "")
    except (AttributeError, TypeError, ValueError):
        return ""


def retry_after(error: SlackApiError) -> float:
    """How many seconds Slack asks to wait; one where it does not say."""
    headers = getattr(error.response, "headers", None) or {}
    for name in ("Retry-After", "retry-after"):
        try:
            return max(float(headers[name]), 0.0)
        except (KeyError, ValueError):
            continue
    return 1.0
