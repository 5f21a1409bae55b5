"""What Slack delivers as what somebody said. Pure.

Who is not of our workspace is an outsider here; on Enterprise Grid the client asks Slack once more, since a colleague
may belong to another workspace of the same organisation.

Buttons carry only an action and ids, so a press is the command that a person could have typed; whoever presses is
asked for their rights as if they had typed it. A payload that does not look as expected is nothing for us.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.model import Actor, Incoming, Place
from integrations.slack.render import TURNS

PLATFORM = "slack"

_PRESSED = re.compile(
    r"([a-z][a-z_]{1,30}) ((?:#[0-9]{1,12})(?:,#[0-9]{1,12}){0,20}|A[0-9]{1,12}(?: [0-9]{1,3}[mhd])?|[0-9a-f]{16})"
)
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")
_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_ENTITY = re.compile(r"<(?:(https?://[^|>]+)|mailto:([^|>]+)|tel:([^|>]+)|[@#!]([^|>]+))(?:\|([^>]*))?>")
_COMMANDS = {"settle": "settle {target}", "resend": "settle {target} resend"}
_KINDS = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of a message that a person wrote; every other one is an event about messages."""


@dataclass(frozen=True, slots=True)
class Home:
    """Who we are, from `auth.test`.

    Args:
        team: the workspace's id.
        enterprise: the organisation's id on Enterprise Grid, otherwise empty.
        user: the bot's own user id.
    """

    team: str
    user: str
    enterprise: str = ""

    @property
    def teams(self) -> tuple[str, ...]:
        """What a user's team may be for them to be one of ours."""
        return (self.team, self.enterprise) if self.enterprise else (self.team,)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed.

    Args:
        action: what it does.
        target: what it does it to: `#17`, `#17,#18`, `A5`, or the key of a full text.
        incoming: the same as something somebody said.
        trigger: what a form can be opened with, within 3 seconds.
    """

    action: str
    target: str
    incoming: Incoming
    trigger: str

    @property
    def numbers(self) -> tuple[int, ...]:
        """The requests it is about."""
        return tuple(int(one) for one in re.findall(r"#([0-9]+)", self.target))


def command(payload: Mapping[str, Any], home: Home) -> Incoming | None:
    """A slash command; Slack delivers those of our workspace's members only."""
    channel = str(payload.get("channel_id", ""))
    inside = payload.get("team_id") in home.teams or (
        home.enterprise and payload.get("enterprise_id") == home.enterprise
    )
    team = home.team if inside else payload.get("team_id")
    actor = _actor(payload.get("user_id"), team, home, payload.get("user_name"))
    if actor is None or not _CHANNEL.fullmatch(channel):
        return None
    return Incoming(
        text=unescape(str(payload.get("text", ""))),
        actor=actor,
        place=Place(PLATFORM, channel),
        origin=f"slash:{payload.get('trigger_id', '')}",
        # Which private conversation it is, is not said; whoever is named may be answered in any of their own.
        direct=channel.startswith("D"),
    )


def mention(payload: Mapping[str, Any], home: Home) -> Incoming | None:
    """A message that mentions us, or one of a 1:1 conversation; nothing for messages of bots and for edits."""
    event = payload.get("event", {})
    direct = event.get("channel_type") == "im"
    if event.get("type") not in ("app_mention", "message") or (event["type"] == "message" and not direct):
        return None
    if event.get("bot_id") or event.get("user") == home.user or str(event.get("subtype", "")) not in _KINDS:
        return None
    channel = str(event.get("channel", ""))
    team = event.get("user_team") or event.get("team") or event.get("source_team")
    if not team and payload.get("is_ext_shared_channel"):
        team = "unknown"  # in a channel shared with others, nobody is one of ours without proof
    actor = _actor(event.get("user"), team or payload.get("team_id"), home, None)
    if actor is None or not _CHANNEL.fullmatch(channel):
        return None
    thread = str(event.get("thread_ts", ""))
    return Incoming(
        text=unescape(re.sub(rf"<@{home.user}(?:\|[^>]*)?>", " ", str(event.get("text", "")))).strip(),
        actor=actor,
        place=Place(PLATFORM, channel, "" if thread == event.get("ts") else thread),
        # One message can come as a mention and as a 1:1 message: its own id, not the event's, says that it is one.
        origin=f"message:{channel}:{event.get('ts') or payload.get('event_id', '')}",
        direct=direct,
    )


def press(payload: Mapping[str, Any], home: Home) -> Pressed | None:
    """A button of a message."""
    actions = payload.get("actions") or [{}]
    chosen = actions[0].get("selected_option") or actions[0]
    found = _PRESSED.fullmatch(str(chosen.get("value", "")))
    container = payload.get("container", {})
    channel = str(payload.get("channel", {}).get("id") or container.get("channel_id", ""))
    actor = person(payload, home)
    if found is None or actor is None or not _CHANNEL.fullmatch(channel):
        return None
    action, target = found[1], found[2]
    turns = str(actions[0].get("action_id", "")).endswith(TURNS)
    message = payload.get("message", {})
    under = message.get("thread_ts") or container.get("thread_ts") or container.get("message_ts") or ""
    text = _COMMANDS.get(action, action + " {target}").format(target=target)
    return Pressed(
        action=action,
        target=target,
        incoming=Incoming(
            text=text,
            actor=actor,
            place=Place(PLATFORM, channel, "" if channel.startswith("D") else str(under)),
            origin=f"press:{channel}:{container.get('message_ts', '')}:{actions[0].get('action_id', '')}:"
            f"{actions[0].get('action_ts', '')}",
            direct=channel.startswith("D"),
            replaces=f"{channel}:{container.get('message_ts', '')}" if turns else "",
        ),
        trigger=str(payload.get("trigger_id", "")),
    )


def person(payload: Mapping[str, Any], home: Home) -> Actor | None:
    """Who did something in a view."""
    user = payload.get("user", {})
    return _actor(user.get("id"), user.get("team_id"), home, user.get("username") or user.get("name"))


def files(payload: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The files that came with a message."""
    return tuple(payload.get("event", {}).get("files") or ())


def unescape(text: str) -> str:
    """What was typed, from Slack's form of it: links and entities as people see them."""

    def shown(found: re.Match[str]) -> str:
        url, mail, number, what, label = found.groups()
        if url:
            # Slack makes links of what looks like one; what was typed is the label where that is a part of the link.
            return label if label and url.removeprefix("https://").removeprefix("http://").startswith(label) else url
        return mail or number or label or f"@{what}"

    text = _ENTITY.sub(shown, text)
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _actor(user: object, team: object, home: Home, name: object) -> Actor | None:
    if not isinstance(user, str) or not _USER.fullmatch(user):
        return None
    # Of one of ours always the same team, whichever workspace of the organisation it happened in: it is in `key`.
    ours = str(team or home.team) in home.teams
    return Actor(PLATFORM, user, team=home.team if ours else str(team), name=str(name or ""), outsider=not ours)
