"""The chats of a configuration. Their clients stand inside the functions: who has only one chat pays for only one."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from bot.contracts.chat import Chat
from bot.contracts.model import Place
from bot.contracts.settings import Settings
from bot.running.config import Configuration

if TYPE_CHECKING:
    from integrations.dingtalk.client import DingTalk
    from integrations.slack.client import Slack

log = structlog.get_logger(__name__)


def configured(settings: Configuration, now: Callable[[], datetime]) -> Sequence[Chat]:
    """A client for each chat that is configured; none is started."""
    chats: list[Chat] = []
    if settings.dingtalk is not None:
        chats.append(dingtalk(settings, now))
    if settings.slack is not None:
        chats.append(slack(settings))
    return chats


def slack(settings: Configuration) -> "Slack":
    """The client of `[slack]`."""
    from integrations.slack.client import Slack

    if settings.slack is None:
        raise ValueError("[slack] is not configured")
    return Slack(
        settings.slack,
        language=_language(settings, "slack"),
        groups=[one.slack for one in settings.groups],
        conversations=listed(settings, "slack"),
    )


def dingtalk(settings: Configuration, now: Callable[[], datetime]) -> "DingTalk":
    """The client of `[dingtalk]`."""
    from integrations.dingtalk.client import DingTalk

    table = settings.dingtalk
    if table is None:
        raise ValueError("[dingtalk] is not configured")
    return DingTalk(
        client_id=table.client_id.get_secret_value(),
        client_secret=table.client_secret.get_secret_value(),
        api_base=table.api_base,
        oapi_base=table.oapi_base,
        allowed_webhook_hosts=table.allowed_webhook_hosts,
        card_template_id=table.card_template_id,
        monthly_calls=table.monthly_calls,
        language=_language(settings, "dingtalk"),
        now=now,
    )


def listed(settings: Settings, platform: str) -> list[str]:
    """The conversations of a platform that are served."""
    return [one.id for one in settings.conversations if one.platform == platform]


def _language(settings: Settings, platform: str) -> Callable[[str], str]:
    """What is spoken in a conversation of a platform, by its id."""
    return lambda conversation: settings.language(Place(platform, conversation))


async def stop_all(chats: Sequence[Chat]) -> None:
    """Stop them side by side; each keeps a bound of a few seconds."""
    for result in await asyncio.gather(*(chat.stop() for chat in chats), return_exceptions=True):
        if isinstance(result, Exception):
            log.error("a chat did not stop cleanly", exc_info=result)
