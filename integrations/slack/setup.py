"""What an app must have before it can serve, and in plain words what it lacks. Pure but for the calls."""

from collections.abc import Mapping
from types import MappingProxyType

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts.errors import SetupError, Unreached
from bot.contracts.model import Words
from integrations.slack.errors import MAYBE, RATE_LIMITED, code_of, status_of
from integrations.slack.inbound import Home

REQUIRED: Mapping[str, Words] = MappingProxyType(
    {
        "commands": Words("the slash command, and the shortcut on messages", "斜杠命令和消息快捷方式"),
        "chat:write": Words("posting and editing messages", "发送和修改消息"),
        "app_mentions:read": Words("hearing @mentions in threads", "听到消息列里的 @"),
        "im:history": Words("hearing 1:1 messages", "听到单聊消息"),
        "users:read": Words("people's names, and who belongs to another organisation", "人员姓名，以及谁属于其他组织"),
    }
)
"""Scope → what it is for; without one of these the bot does not start."""

OPTIONAL: Mapping[str, Words] = MappingProxyType(
    {
        "files:read": Words("papers in forms and messages", "表单和消息里的证明文件"),
        "files:write": Words("charts; the figures stand in the text all the same", "图表（数字仍写在文字里）"),
        "channels:read": Words("the doctor's look at public channels", "体检时查看公开频道"),
        "groups:read": Words("the doctor's look at private channels", "体检时查看私有频道"),
        "channels:history": Words(
            "finding the bot's own post after a broken connection, so that it is not posted twice",
            "连接中断后找到自己的消息，避免重复发送",
        ),
        "groups:history": Words("the same in private channels", "私有频道里的同一功能"),
        "usergroups:read": Words("roles by user group", "按用户组分配角色"),
    }
)
"""Scope → what is lost without it."""

_NOT_BUILT = Words(
    "the call could not be built or its answer not read; look for characters in it that no call can carry, and at base_url",
    "请求无法生成，或答复无法读取：检查其中是否有不能发送的字符，以及 base_url",
)

_BOT = Words(
    "copy it from Install App → Bot User OAuth Token; it begins with xoxb-",
    "从 Install App → Bot User OAuth Token 复制，以 xoxb- 开头",
)

_APP = Words(
    "make one with the scope connections:write under Basic Information → App-Level Tokens; it begins with xapp-",
    "在 Basic Information → App-Level Tokens 生成，权限选 connections:write，以 xapp- 开头",
)

_REINSTALL = Words(
    "Add them and install the app again: see signpost slack-manifest",
    "请添加后重新安装应用：见 signpost slack-manifest",
)

_TOKENS: Mapping[str, Words] = MappingProxyType(
    {
        "invalid_auth": Words("Slack does not know it", "Slack 不认此令牌"),
        "not_authed": Words("it is empty", "令牌为空"),
        "account_inactive": Words("the app was removed from the workspace", "应用已从工作区移除"),
        "token_revoked": Words("it was revoked", "令牌已被吊销"),
        "token_expired": Words("it has expired; switch token rotation off", "令牌已过期：请关闭令牌轮换"),
        "not_allowed_token_type": Words("it is of the wrong kind", "令牌种类不对"),
        "missing_scope": Words("it lacks the scope connections:write", "缺少权限 connections:write"),
        "org_login_required": Words("the workspace is being moved to an organisation", "工作区正在迁入组织"),
        "team_access_not_granted": Words("the app is not installed in this workspace", "应用未安装在此工作区"),
    }
)
"""What Slack says of a token → what it means; any other refusal says nothing about the token."""


async def who_we_are(client: AsyncWebClient) -> tuple[Home, frozenset[str]]:
    """Prove the bot token.

    Returns:
        Who we are, and the scopes that were granted.

    Raises:
        Unreached: Slack could not be asked.
        SetupError: the token, in words.
    """
    try:
        answer = await client.auth_test()
        workspaces = await _workspaces(client) if answer.get("is_enterprise_install") else ()
    except SlackApiError as error:
        raise _refused("bot_token", error, _BOT) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise unreached(error) from None
    except ValueError:
        raise _unbuilt("bot_token") from None  # it may quote the token
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
        Unreached: Slack could not be asked.
        SetupError: the token, in words.
    """
    try:
        answer = await client.apps_connections_open(app_token=app_token)
    except SlackApiError as error:
        raise _refused("app_token", error, _APP) from None
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise unreached(error) from None
    except ValueError:
        raise _unbuilt("app_token") from None  # it may quote the token
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
        en = "; ".join(f"{scope} ({REQUIRED[scope].en})" for scope in lacking)
        zh = "；".join(f"{scope}（{REQUIRED[scope].zh}）" for scope in lacking)
        raise SetupError(
            Words(
                f"[slack] the app lacks scopes: {en}. {_REINSTALL.en}", f"[slack] 应用缺少权限：{zh}。{_REINSTALL.zh}"
            )
        )


def unreached(error: BaseException) -> Unreached:
    """No answer came."""
    kind = type(error).__name__
    return Unreached(Words(f"[slack] Slack cannot be reached: {kind}", f"[slack] 无法连接 Slack：{kind}"))


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


def _refused(key: str, error: SlackApiError, remedy: Words) -> SetupError:
    """What a refusal says of a token; Slack's own trouble says nothing of it."""
    code = code_of(error)
    if code in _TOKENS:
        why = _TOKENS[code]
        return SetupError(
            Words(f"[slack] {key}: {why.en} ({code}): {remedy.en}", f"[slack] {key}：{why.zh}（{code}）：{remedy.zh}")
        )
    if not code or code in MAYBE or code in RATE_LIMITED or status_of(error) >= 500 or status_of(error) == 429:
        said = code or f"HTTP {status_of(error)}"
        return Unreached(
            Words(
                f"[slack] Slack has trouble of its own ({said}): the tokens are not at fault, try again later",
                f"[slack] Slack 自身出了问题（{said}）：与令牌无关，请稍后再试",
            )
        )
    return SetupError(
        Words(
            f"[slack] {key}: Slack does not take it ({code}): {remedy.en}",
            f"[slack] {key}：Slack 不接受（{code}）：{remedy.zh}",
        )
    )


def _unbuilt(key: str) -> SetupError:
    return SetupError(Words(f"[slack] {key}: {_NOT_BUILT.en}", f"[slack] {key}：{_NOT_BUILT.zh}"))
