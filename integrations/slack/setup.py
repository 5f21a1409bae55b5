"""What an app must have before it can serve, and in plain words what it lacks. Pure but for the two calls."""

from collections.abc import Mapping
from types import MappingProxyType

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts.errors import SetupError
from integrations.slack.errors import code_of
from integrations.slack.inbound import Home

REQUIRED: Mapping[str, str] = MappingProxyType(
    {
        "commands": "the slash command, and the shortcut on messages",
        "chat:write": "posting and editing messages",
        "app_mentions:read": "hearing @mentions in threads",
        "im:history": "hearing 1:1 messages",
        "users:read": "people's names, and who belongs to another organisation",
    }
)
"""Scope → what it is for; without one of these the bot does not start."""

OPTIONAL: Mapping[str, str] = MappingProxyType(
    {
        "files:read": "papers in forms and messages",
        "files:write": "charts; the figures stand in the text all the same",
        "channels:read": "the doctor's look at public channels",
        "groups:read": "the doctor's look at private channels",
        "channels:history": "finding the bot's own post after a broken connection, so that it is not posted twice",
        "groups:history": "the same in private channels",
        "usergroups:read": "roles by user group",
    }
)
"""Scope → what is lost without it."""

_NOT_BUILT = "the call could not be built or its answer not read; look for characters in it that no call can carry, and at base_url"

_TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "invalid_auth": "Slack does not know it",
        "not_authed": "it is empty",
        "account_inactive": "the app was removed from the workspace",
        "token_revoked": "it was revoked",
        "token_expired": "it has expired; switch token rotation off",
        "not_allowed_token_type": "it is of the wrong kind",
        "missing_scope": "it lacks the scope connections:write",
    }
)


async def who_we_are(client: AsyncWebClient) -> tuple[Home, frozenset[str]]:
    """Prove the bot token.

    Returns:
        Who we are, and the scopes that were granted.

    Raises:
        SetupError: the token, in words.
    """
    try:
        answer = await client.auth_test()
        workspaces = await _workspaces(client) if answer.get("is_enterprise_install") else ()
    except SlackApiError as error:
        raise SetupError(f"[slack] bot_token: {_why(error)} (it begins with xoxb-)") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SetupError(f"[slack] Slack cannot be reached: {type(error).__name__}") from None
    except ValueError:
        raise SetupError(f"[slack] bot_token: {_NOT_BUILT}") from None  # it may quote the token
    headers = {key.lower(): value for key, value in (answer.headers or {}).items()}
    scopes = frozenset(part.strip() for part in headers.get("x-oauth-scopes", "").split(",") if part.strip())
    home = Home(
        team=str(answer["team_id"]),
        user=str(answer["user_id"]),
        enterprise=str(answer.get("enterprise_id") or ""),
        workspaces=workspaces,
    )
    return home, scopes


async def socket_address(client: AsyncWebClient, app_token: str) -> str:
    """Prove the app token; returns an address that one connection can be opened at.

    Raises:
        SetupError: the token, in words.
    """
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise SetupError(f"[slack] app_token: {_why(error)} (it begins with xapp- and has connections:write)") from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise SetupError(f"[slack] Slack cannot be reached: {type(error).__name__}") from None
    except ValueError:
        raise SetupError(f"[slack] app_token: {_NOT_BUILT}") from None  # it may quote the token
    return str(answer["url"])


def require(granted: frozenset[str]) -> None:
    """Refuse to start without what the bot cannot do without.

    Args:
        granted: the app's scopes; empty where Slack did not tell, then nothing is refused.

    Raises:
        SetupError: what is missing, and what for.
    """
    lacking = [scope for scope in REQUIRED if scope not in granted]
    if granted and lacking:
        told = "; ".join(f"{scope} ({REQUIRED[scope]})" for scope in lacking)
        raise SetupError(
            f"[slack] the app lacks scopes: {told}. Add them and install the app again: see signpost slack-manifest"
        )


async def _workspaces(client: AsyncWebClient) -> tuple[str, ...]:
    """Those that an app of a whole organisation is installed in: its token is of none, and some calls must name one."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        answer = await client.auth_teams_list(limit=100, cursor=cursor)
        found += [str(team["id"]) for team in answer["teams"]]
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if not cursor:
            return tuple(found)


def _why(error: SlackApiError) -> str:
    code = code_of(error)
    return f"{_TOKENS[code]} ({code})" if code in _TOKENS else code or "Slack had trouble"
