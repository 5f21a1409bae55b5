"""What the doctor asks Slack: tokens, scopes, and whether the app is in the conversations that are served."""

from collections.abc import Sequence

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts.errors import SetupError
from integrations.slack.config import Slack as Settings
from integrations.slack.errors import REASONS, code_of, meaning
from integrations.slack.setup import OPTIONAL, require, socket_address, who_we_are


async def probe(
    client: AsyncWebClient, settings: Settings, conversations: Sequence[str]
) -> tuple[list[str], list[str]]:
    """Ask Slack whether it would serve us.

    Args:
        client: with the bot token.
        settings: `[slack]`.
        conversations: ids of the channels that are listed.

    Returns:
        What is well, and what is not, one line each.
    """
    well: list[str] = []
    wrong: list[str] = []
    try:
        home, granted = await who_we_are(client)
        well.append(f"bot token: workspace {home.team}, user {home.user}")
        require(granted)
    except SetupError as error:
        return well, [str(error)]
    if granted:
        well.append("scopes: all that are needed")
        well += [f"without {scope}: no {why}" for scope, why in OPTIONAL.items() if scope not in granted]
    try:
        await socket_address(client, settings.app_token.get_secret_value())
        well.append("app token: a connection is offered")
    except SetupError as error:
        wrong.append(str(error))
    for conversation in conversations:
        trouble = await _trouble(client, conversation)
        (wrong if trouble else well).append(f"{conversation}: {trouble or 'the app is a member'}")
    return well, wrong


async def _trouble(client: AsyncWebClient, conversation: str) -> str:
    try:
        channel = (await client.conversations_info(channel=conversation))["channel"]
    except SlackApiError as error:
        return meaning(code_of(error)).en
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return f"Slack cannot be reached: {type(error).__name__}"
    if channel.get("is_archived"):
        return REASONS["is_archived"].en
    if not channel.get("is_member") and not channel.get("is_im"):
        return REASONS["not_in_channel"].en
    return ""
