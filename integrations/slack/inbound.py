"""What Slack delivers as what somebody said. Pure.

Who is not of our workspace is an outsider here; on Enterprise Grid the client asks Slack once more, since a colleague
may belong to another workspace of the same organisation.

Buttons carry only an action and ids, so a press is the command that a person could have typed; whoever presses is
asked for their rights as if they had typed it. A payload that does not look as expected is nothing for us.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.contracts.model import Actor, Incoming, Place
from integrations.slack import typed
from integrations.slack.entities import PLATFORM, Names
from integrations.slack.marks import EMOJI
from integrations.slack.render import TURNS

CHECK = "check_template"
"""Callback id of the message shortcut."""
CONTENT = "content"
"""Key of a template's text."""

_PRESSED = re.compile(
    r"([a-z][a-z_]{1,30}) ((?:#[0-9]{1,12})(?:,#[0-9]{1,12}){0,20}(?: v[0-9a-f]{7})?|A[0-9]{1,12}(?: [0-9]{1,3}[mhd])?|T[0-9]{1,12}|[0-9a-f]{16})"
)
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{1,30}")
_DIRECT = re.compile(r"D[A-Z0-9]{1,30}")
_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_COMMANDS = {
    "settle": "settle {target}",
    "resend": "settle {target} resend",
    "delete_now": "delete {target} confirm",
    "keep": "delete {target} keep",
    "send_not": "send {target} drop",
}
_KINDS = frozenset({"", "file_share", "thread_broadcast"})
"""Subtypes of a message that a person wrote; every other one is an event about messages."""


@dataclass(frozen=True, slots=True)
class Home:
    """Who we are, from `auth.test`.

    Args:
        team: the workspace's id.
        enterprise: the organisation's id on Enterprise Grid, otherwise empty.
        user: the bot's own user id.
        workspaces: those that an app of the whole organisation is installed in; none for an app of one workspace.
    """

    team: str
    user: str
    enterprise: str = ""
    workspaces: tuple[str, ...] = ()

    @property
    def teams(self) -> tuple[str, ...]:
        """What a user's team may be for them to be one of ours."""
        return (self.team, *((self.enterprise,) if self.enterprise else ()), *self.workspaces)

    @property
    def names(self) -> Names:
        """Whose ids stand in a text."""
        return Names(self.team, self.user)


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button that was pressed.

    Args:
        action: what it does.
        target: what it does it to: `#17`, `#17,#18`, `A5`, `T3`, or the key of a full text.
        incoming: the same as something somebody said.
        trigger: what a form can be opened with, within 3 seconds.
        at_home: on the person's home tab, not on a message.
        thread: the thread that the message is in; empty where it stands in the conversation itself.
        alone: on a message that only this person sees.
    """

    action: str
    target: str
    incoming: Incoming
    trigger: str
    at_home: bool = False
    thread: str = ""
    alone: bool = False

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
    said = typed.command(str(payload.get("text", "")), home.names)
    return Incoming(
        text=said.text,
        actor=actor,
        place=Place(PLATFORM, channel),
        origin=f"slash:{payload.get('trigger_id', '')}",
        # Which private conversation it is, is not said; whoever is named may be answered in any of their own.
        direct=channel.startswith("D"),
        styled=said.styled,
    )


def mention(payload: Mapping[str, Any], home: Home) -> Incoming | None:
    """A message that mentions us, or one of a 1:1 conversation; nothing for messages of bots and for edits."""
    event = payload.get("event", {})
    direct = event.get("channel_type") == "im"
    if event.get("type") not in ("app_mention", "message") or (event["type"] == "message" and not direct):
        return None
    if (
        event.get("edited")
        or event.get("bot_id")
        or event.get("user") == home.user
        or str(event.get("subtype", "")) not in _KINDS
    ):
        return None
    channel = str(event.get("channel", ""))
    team = event.get("user_team") or event.get("team") or event.get("source_team")
    if not team and payload.get("is_ext_shared_channel"):
        team = "unknown"  # in a channel shared with others, nobody is one of ours without proof
    actor = _actor(event.get("user"), team or payload.get("team_id"), home, None)
    if actor is None or not _CHANNEL.fullmatch(channel):
        return None
    thread = str(event.get("thread_ts", ""))
    said = typed.message(event, home.names)
    if not direct:
        said = said.addressed()
    return Incoming(
        text=said.text,
        actor=actor,
        place=Place(PLATFORM, channel, "" if thread == event.get("ts") else thread),
        # One message can come as a mention and as a 1:1 message: its own id, not the event's, says that it is one.
        origin=f"message:{channel}:{event.get('ts') or payload.get('event_id', '')}",
        direct=direct,
        styled=said.styled,
    )


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that was changed after it was written.

    Args:
        incoming: what it says now; its origin is that of the message.
        change: the platform's id of this change.
        after: seconds between the two.
        files: that are with it.
    """

    incoming: Incoming
    change: str
    after: float
    files: tuple[Mapping[str, Any], ...] = ()


def edited(payload: Mapping[str, Any], home: Home) -> Edited | None:
    """A change of a message that mentions us, or of one of a 1:1 conversation; nothing for what Slack itself adds to one."""
    event = payload.get("event", {})
    if event.get("subtype") == "message_changed":
        where = {key: event.get(key) for key in ("channel", "channel_type")}
        event = {**(event.get("message") or {}), "type": "message", **where}
    change = event.get("edited")
    if not isinstance(change, Mapping):
        return None
    now = {**payload, "event": {key: value for key, value in event.items() if key != "edited"}}
    incoming = mention(now, home)
    try:
        after = float(change["ts"]) - float(event["ts"])
    except (KeyError, TypeError, ValueError):
        return None
    return None if incoming is None else Edited(incoming, str(change["ts"]), after, files(now))


def press(payload: Mapping[str, Any], home: Home) -> Pressed | None:
    """A button of a message; or of the home tab, where it is the same said in the person's 1:1 conversation."""
    actions = payload.get("actions") or [{}]
    chosen = actions[0].get("selected_option") or actions[0]
    found = _PRESSED.fullmatch(str(chosen.get("value", "")))
    container = payload.get("container", {})
    view = payload.get("view") or {}
    at_home = view.get("type") == "home"
    actor = person(payload, home)
    if found is None or actor is None:
        return None
    channel = str(payload.get("channel", {}).get("id") or container.get("channel_id", ""))
    if at_home:
        channel = _own(actor.user, view.get("private_metadata"))
    elif not _CHANNEL.fullmatch(channel):
        return None
    direct = is_direct(channel)
    action, target = found[1], found[2]
    turns = str(actions[0].get("action_id", "")).endswith(TURNS) and not at_home
    message = payload.get("message", {})
    thread = message.get("thread_ts") or container.get("thread_ts")
    alone = bool(container.get("is_ephemeral"))  # which carries no thread
    under = thread or ("" if alone else container.get("message_ts")) or ""
    text = _COMMANDS.get(action, action + " {target}").format(target=target)
    return Pressed(
        action=action,
        target=target,
        incoming=Incoming(
            text=text,
            actor=actor,
            place=Place(PLATFORM, channel, "" if direct else str(under)),
            origin=f"press:{channel}:{container.get('message_ts', '')}:{actions[0].get('action_id', '')}:"
            f"{actions[0].get('action_ts', '')}",
            direct=direct,
            pressed=True,
            replaces=f"{channel}:{container.get('message_ts', '')}" if turns else "",
        ),
        trigger=str(payload.get("trigger_id", "")),
        at_home=at_home,
        thread="" if direct else _thread(thread, container.get("message_ts")),
        alone=alone,
    )


def thread_of(payload: Mapping[str, Any]) -> str:
    """The thread of the message that a shortcut was chosen on; empty where there is none, as of a slash command."""
    message = payload.get("message") or {}
    return _thread(message.get("thread_ts"), message.get("ts"))


def _thread(thread: object, ts: object) -> str:
    """The thread that a message is a reply in; what a thread hangs on names itself, and stands in the conversation."""
    return str(thread) if thread and thread != ts else ""


def opened(payload: Mapping[str, Any], home: Home) -> Incoming | None:
    """Somebody looks at their home tab; nothing for the other tabs."""
    event = payload.get("event", {})
    if event.get("type") != "app_home_opened" or event.get("tab") != "home":
        return None
    actor = _actor(event.get("user"), payload.get("team_id"), home, None)
    if actor is None:
        return None
    place = Place(PLATFORM, _own(actor.user, event.get("channel")))
    return Incoming(text="", actor=actor, place=place, origin=f"home:{payload.get('event_id', '')}", direct=True)


JOINED = "member_joined_channel"
"""Somebody is in a channel from now on, the bot itself for one (https://docs.slack.dev/reference/events/member_joined_channel;
its `inviter` is left out of channels that one joins by oneself). Not tried on a real workspace: all that rests on it is here."""


def invited(payload: Mapping[str, Any], home: Home) -> Incoming | None:
    """The bot was taken into a channel; nothing where somebody else was."""
    event = payload.get("event", {})
    channel = str(event.get("channel", ""))
    if event.get("type") != JOINED or event.get("user") != home.user or not _CHANNEL.fullmatch(channel):
        return None
    actor = _actor(event.get("inviter") or home.user, event.get("team") or payload.get("team_id"), home, None)
    if actor is None:
        return None
    origin = f"invited:{payload.get('event_id', '')}"
    return Incoming(text="", actor=actor, place=Place(PLATFORM, channel), origin=origin, invited=True)


def changed_group(payload: Mapping[str, Any]) -> str:
    """The user group that an event is about; empty for any other event."""
    event = payload.get("event", {})
    if event.get("type") not in ("subteam_members_changed", "subteam_updated"):
        return ""
    return str(event.get("subteam_id") or (event.get("subteam") or {}).get("id") or "")


def is_direct(conversation: str) -> bool:
    """Whether a conversation is between a person and us: its own id, or the person's, which Slack takes for it too."""
    return conversation[:1] in ("D", "U", "W")


_ADDRESS = re.compile(r"https://[^/\s]+/archives/([CDG][A-Z0-9]+)/p([0-9]{10})([0-9]{6})(?:[?#]\S*)?")

_STAMP = re.compile(r"p?([0-9]{10})\.?([0-9]{6})")


def message_of(text: str, channel: str) -> str:
    """The message that a text names, as we know messages: `C0123:1700000000.000100`; empty where it names none.

    Args:
        text: a message's address (`chat.getPermalink`), its time stamp as the API or an address has it.
        channel: where the time stamp alone is meant.
    """
    if found := _ADDRESS.fullmatch(text.strip().strip("<>")):
        return f"{found[1]}:{found[2]}.{found[3]}"
    stamp = _STAMP.fullmatch(text.strip())
    return f"{channel}:{stamp[1]}.{stamp[2]}" if stamp and channel else ""


def _own(user: str, channel: object) -> str:
    """The 1:1 conversation with a person; the person where it is not known (chat.postMessage takes both)."""
    return channel if isinstance(channel, str) and _DIRECT.fullmatch(channel) else user


def shortcut(payload: Mapping[str, Any], home: Home) -> Incoming | None:
    """The message shortcut: the command that checks a message's text, said in the thread of that message.

    The text goes beside the command: it is taken as it is, whatever it looks like. Marks around all of it are how people
    show a draft, and no part of it.
    """
    channel = str((payload.get("channel") or {}).get("id", ""))
    message = payload.get("message") or {}
    actor = person(payload, home)
    if actor is None or not _CHANNEL.fullmatch(channel):
        return None
    said = typed.message(message, home.names, shared=True)
    within = (one for one in said.styled if (one.start, one.end) != (0, len(said.text)) or one.sign == EMOJI)
    return Incoming(
        text="check template",
        actor=actor,
        place=Place(PLATFORM, channel, str(message.get("thread_ts") or message.get("ts") or "")),
        origin=f"shortcut:{payload.get('trigger_id', '')}",
        direct=is_direct(channel),
        values=((CONTENT, said.text),),
        styled=tuple(replace(one, key=CONTENT) for one in within),
    )


def person(payload: Mapping[str, Any], home: Home) -> Actor | None:
    """Who did something in a view."""
    user = payload.get("user", {})
    return _actor(user.get("id"), user.get("team_id"), home, user.get("username") or user.get("name"))


def files(payload: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """The files that came with a message."""
    return tuple(payload.get("event", {}).get("files") or ())


def _actor(user: object, team: object, home: Home, name: object) -> Actor | None:
    if not isinstance(user, str) or not _USER.fullmatch(user):
        return None
    # Of one of ours always the same team, whichever workspace of the organisation it happened in: it is in `key`.
    ours = str(team or home.team) in home.teams
    return Actor(PLATFORM, user, team=home.team if ours else str(team), name=str(name or ""), outsider=not ours)
