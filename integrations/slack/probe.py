"""What the doctor asks Slack: tokens, scopes, and each conversation, person and user group of the configuration."""

from collections.abc import Awaitable, Callable, Sequence
from types import MappingProxyType
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.contracts.errors import SetupError
from bot.contracts.model import Words
from bot.contracts.probe import Finding, note, well, wrong
from integrations.slack.errors import REASONS, code_of, meaning
from integrations.slack.inbound import Home
from integrations.slack.setup import OPTIONAL, require, socket_address, unreached, who_we_are

_SCOPES = MappingProxyType(
    {"channel": "channels:read, groups:read", "person": "users:read", "group": "usergroups:read"}
)

WRITES_GROUPS = "usergroups:write"
"""The scope with which a user group is changed (facts: https://docs.slack.dev/reference/methods/usergroups.users.update)."""

_STEPS = MappingProxyType(
    {
        "channel_not_found": Words(
            "copy the id from the end of the channel's details; a private one shows itself once the app is in it: /invite it there",
            "从频道详情末尾复制 id；私有频道要先在频道内 /invite 应用才能看到",
        ),
        "user_not_found": Words("copy the id from the profile: ⋮ → Copy member ID", "从个人资料复制：⋮ → 复制成员 ID"),
        "no_such_subteam": Words(
            "copy the id from the end of the user group's address; it begins with S",
            "从用户组网址末尾复制 id，以 S 开头",
        ),
    }
)
"""Slack's word for an id it does not know → where the right one is found."""


async def app_probe(client: AsyncWebClient, app_token: str) -> tuple[list[Finding], Home | None, frozenset[str]]:
    """Ask about the app itself: both tokens, every scope.

    Args:
        client: with the bot token.
        app_token: xapp-…

    Returns:
        What was found; who we are, none where nothing else can be asked; and the scopes that were granted.
    """
    found: list[Finding] = []
    try:
        home, granted = await who_we_are(client)
    except SetupError as error:
        return [wrong(error.words, "bot_token")], None, frozenset()
    found.append(
        well(
            f"bot token: workspace {home.team}, user {home.user}",
            f"机器人令牌：工作区 {home.team}，用户 {home.user}",
            "bot_token",
        )
    )
    try:
        require(granted)
    except SetupError as error:
        found.append(wrong(error.words, "bot_token"))
    else:
        if granted:
            found.append(well("scopes: all that are needed", "权限：必需的都有"))
    for scope, why in OPTIONAL.items():
        if granted and scope not in granted:
            found.append(note(f"without the scope {scope}: no {why.en}", f"没有权限 {scope}：缺少{why.zh}"))
    try:
        await socket_address(client, app_token)
        found.append(well("app token: a connection is offered", "应用令牌：可以建立连接", "app_token"))
    except SetupError as error:
        found.append(wrong(error.words, "app_token"))
    return found, home, frozenset(granted)


async def channel_probe(client: AsyncWebClient, channel: str) -> Finding:
    """Ask whether the app is in a channel, and may write there."""

    async def ask() -> Finding:
        told = (await client.conversations_info(channel=channel))["channel"]
        name = f"#{told['name']}" if told.get("name") else channel
        if told.get("is_archived"):
            return wrong(_named(channel, REASONS["is_archived"]), channel)
        if not told.get("is_member") and not told.get("is_im"):
            return wrong(_named(f"{channel} ({name})", REASONS["not_in_channel"]), channel)
        return well(f"{channel} ({name}): the app is a member", f"{channel}（{name}）：应用在频道中", channel)

    return await _asked(ask, channel, "channel")


async def person_probe(client: AsyncWebClient, user: str) -> Finding:
    """Ask whether Slack knows a person."""

    async def ask() -> Finding:
        told = (await client.users_info(user=user))["user"]
        if told.get("deleted"):
            return wrong(_named(user, REASONS["user_disabled"]), user)
        profile = told.get("profile") or {}
        name = str(profile.get("display_name") or profile.get("real_name") or told.get("name") or user)
        return well(f"{user}: Slack knows this person as {name}", f"{user}：Slack 中是 {name}", user)

    return await _asked(ask, user, "person")


async def group_probe(client: AsyncWebClient, group: str, home: Home) -> Finding:
    """Ask whether there is a user group, in any workspace of ours, and how many are in it."""

    async def ask() -> Finding:
        members: set[str] = set()
        gone: SlackApiError | None = None
        there = False
        for team in home.workspaces or (None,):
            try:
                members.update((await client.usergroups_users_list(usergroup=group, team_id=team))["users"])
                there = True
            except SlackApiError as error:
                if code_of(error) != "no_such_subteam":
                    raise
                gone = error
        if gone is not None and not there:
            raise gone
        count = len(members)
        return well(
            f"{group}: a user group with {count} member{'' if count == 1 else 's'}",
            f"{group}：用户组，{count} 人",
            group,
        )

    return await _asked(ask, group, "group")


def shift_probe(group: str, granted: frozenset[str]) -> Finding:
    """Whether the app may change the user group of a shift; without having it done, for that changes who is in it."""
    if granted and WRITES_GROUPS not in granted:
        words = Words(
            f"{group}: whoever is on call cannot be put there without the scope {WRITES_GROUPS}: add it under OAuth & "
            "Permissions, and install the app again",
            f"{group}：没有权限 {WRITES_GROUPS}，无法更新为当前值班人：在 OAuth & Permissions 添加后重新安装应用",
        )
        return wrong(words, group)
    return well(f"{group}: may have whoever is on call", f"{group}：可以更新为当前值班人", group)


async def probe(
    client: AsyncWebClient,
    app_token: str,
    conversations: Sequence[str],
    people: Sequence[str],
    groups: Sequence[str],
    shifts: Sequence[str] = (),
) -> list[Finding]:
    """Ask Slack whether it would serve us.

    Args:
        client: with the bot token.
        app_token: xapp-…
        conversations: ids of the channels that are listed.
        people: ids of the people that are listed.
        groups: ids of the user groups that are listed.
        shifts: ids of those that have whoever is on call.
    """
    found, home, granted = await app_probe(client, app_token)
    if home is not None:
        found += [await channel_probe(client, one) for one in conversations]
        found += [await person_probe(client, one) for one in people]
        found += [await group_probe(client, one, home) for one in dict.fromkeys((*groups, *shifts))]
        found += [shift_probe(one, granted) for one in shifts]
    return found


async def _asked(ask: Callable[[], Awaitable[Finding]], about: str, kind: str) -> Finding:
    try:
        return await ask()
    except SlackApiError as error:
        code = code_of(error)
        if code == "missing_scope":
            scopes: Any = _SCOPES[kind]
            return note(
                f"{about}: cannot be looked up without {scopes}", f"{about}：没有权限 {scopes}，无法查询", about
            )
        words = _named(about, meaning(code))
        step = _STEPS.get(code)
        return wrong(Words(f"{words.en}: {step.en}", f"{words.zh}：{step.zh}") if step else words, about)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return wrong(_named(about, unreached(error).words), about)


def _named(about: str, words: Words) -> Words:
    return Words(f"{about}: {words.en}", f"{about}：{words.zh}")
