"""What DingTalk pushes → what somebody said or pressed. Pure.

Parsed leniently and by hand (facts, DingTalk 2): the SDK's own parser fails on messages without a body and drops
quotations, and of a press it drops where the card is.
"""

import ipaddress
import json
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from bot.contracts.model import Actor, Place

PLATFORM = "dingtalk"
DIRECT = "user:"
"""What a 1:1 conversation's id begins with, followed by the user id: DingTalk's own id of it is of no use for sending."""

REMEMBERED = timedelta(minutes=30)
"""How long an id is known as heard. Redeliveries come after 16 to 60 s (facts, DingTalk 1.4 asks for 5 minutes)."""

REMEMBERED_IDS = 20_000

MOST_FILES = 10
"""Of one message; more than any field takes."""

_ALERT = re.compile(r"A[0-9]{1,12}")
_REQUEST = re.compile(r"#[0-9]{1,12}")
_SPAN = re.compile(r"[0-9]{1,3}[mhd]")

ACTIONS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "ack": _ALERT,
        "unack": _ALERT,
        "snooze": _ALERT,
        "resolve": _ALERT,
        "escalate": _ALERT,
        "status": _REQUEST,
        "show": _REQUEST,
        "history": _REQUEST,
        "edit": _REQUEST,
        "resubmit": _REQUEST,
        "approve": _REQUEST,
    }
)
"""What a card's button may do → the id it does it to. Each is a command that whoever presses could have typed; nothing
else is taken from a card, and never a text of its own."""

SNOOZED = "2h"
"""How long, where the button does not say."""

_APART = "\u200b"  # what our own texts have between `:` and `//`, say; copied, it comes back

_MENTION = re.compile(r"^\s*@\S+(?:\s+|$)")  # no command begins with @


@dataclass(frozen=True, slots=True)
class Remote:
    """A file that is still at DingTalk.

    Args:
        code: what it is fetched with.
        name: as its sender named it; empty for pictures, which have no name.
    """

    code: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where a conversation can be answered for a while; whoever knows the address can write there."""

    url: str
    until: datetime

    def __repr__(self) -> str:
        return f"Webhook(until={self.until.isoformat()})"


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, with its files not fetched yet."""

    text: str
    actor: Actor
    place: Place
    origin: str
    direct: bool
    title: str
    files: tuple[Remote, ...]
    robot: str
    webhook: Webhook | None


def hear(data: Mapping[str, Any]) -> Heard | None:
    """Read the data of a chat message.

    Args:
        data: of the topic `/v1.0/im/bot/messages/get`.

    Returns:
        What was said, none when it has no sender or no id.
    """
    origin = _text(data, "msgId")
    conversation = _text(data, "conversationId")
    if not origin or not conversation:
        return None
    staff, corp = _text(data, "senderStaffId"), _text(data, "senderCorpId")
    # Outsiders have no user id, or come from another corporation (facts, DingTalk 2.1 and 6).
    outsider = not staff or not corp or corp != _text(data, "chatbotCorpId")
    user = staff or _text(data, "senderId")
    if not user:
        return None
    direct = _text(data, "conversationType") == "1"
    text, files = _body(data)
    if not direct:
        text = _MENTION.sub("", text, count=1)
    return Heard(
        text=text.replace(_APART, "").strip(),
        actor=Actor(PLATFORM, user, team=corp, name=_text(data, "senderNick"), outsider=outsider),
        place=Place(PLATFORM, f"{DIRECT}{user}" if direct and not outsider else conversation),
        origin=origin,
        direct=direct,
        title=_text(data, "conversationTitle"),
        files=tuple(files)[:MOST_FILES],
        robot=_text(data, "robotCode"),
        webhook=_webhook(data),
    )


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of a card that was pressed.

    Args:
        text: the command it stands for.
        track: the card's id.
        space: the conversation that DingTalk names; of a group its id.
        user: who pressed it.
        corporation: theirs.
        origin: the id of this delivery.
    """

    text: str
    track: str
    space: str
    user: str
    corporation: str
    origin: str


def press(data: Mapping[str, Any], frame: str) -> Pressed | None:
    """Read the data of a card's callback (facts, DingTalk 4.4).

    Args:
        data: of the topic `/v1.0/card/instances/callback`.
        frame: the id of the frame that brought it, the only one there is.

    Returns:
        What was pressed; none where it names no action and id of ours, or nobody.
    """
    track, user = _text(data, "outTrackId"), _text(data, "userId")
    content = _object(data.get("content")) or _object(data.get("value"))
    params = _object(_object(content.get("cardPrivateData")).get("params"))
    action, target = _text(params, "action").strip(), _text(params, "id").strip()
    known = ACTIONS.get(action)
    if not (frame and track and user) or known is None or not known.fullmatch(target):
        return None
    if data.get("userIdType", 1) not in (1, "1"):
        return None  # not the identity that roles are given to
    text = f"{action} {target}"
    if action == "snooze":
        span = _text(params, "for").strip() or SNOOZED
        if not _SPAN.fullmatch(span):
            return None
        text = f"{text} {span}"
    return Pressed(
        text=text,
        track=track,
        space=_text(data, "spaceId"),
        user=user,
        corporation=_text(data, "corpId"),
        origin=f"press:{frame}",
    )


def _body(data: Mapping[str, Any]) -> tuple[str, list[Remote]]:
    """The text and files of a message, those of the message it quotes behind."""
    content = _object(data.get("content"))
    match data.get("msgtype"):
        case "text":
            body = _object(data.get("text"))
            text = body.get("content")
            return (text if isinstance(text, str) else ""), _quoted(body)
        case "richText":
            text, files = _rich(content)
            return text, files + _quoted(content)
        case "picture" | "file":
            return "", _files(content)
        case _:
            return "", []


def _rich(content: Mapping[str, Any]) -> tuple[str, list[Remote]]:
    texts: list[str] = []
    files: list[Remote] = []
    parts = content.get("richText")
    for part in parts if isinstance(parts, list) else []:
        if not isinstance(part, dict):
            continue
        match part.get("type", "text"):
            case "text" if isinstance(part.get("text"), str):
                texts.append(part["text"])
            case "picture":
                files += _files(part)
            case _:
                pass  # mentions of people, emoji, what is new
    return "".join(texts), files


def _quoted(body: Mapping[str, Any]) -> list[Remote]:
    """The files of a quoted message: quoting a picture is a way to hand it over (facts, DingTalk 2.2)."""
    replied = _object(body.get("repliedMsg"))
    if not body.get("isReplyMsg") or not replied:
        return []
    content = _object(replied.get("content"))
    return _files(content) + _rich(content)[1]


def _files(content: Mapping[str, Any]) -> list[Remote]:
    code = _text(content, "downloadCode") or _text(content, "pictureDownloadCode")
    return [Remote(code, _text(content, "fileName"))] if code else []


def _webhook(data: Mapping[str, Any]) -> Webhook | None:
    url, until = _text(data, "sessionWebhook"), data.get("sessionWebhookExpiredTime")
    if not url or not isinstance(until, int | float) or isinstance(until, bool):
        return None
    try:
        return Webhook(url, datetime.fromtimestamp(until / 1000, UTC))
    except (OverflowError, ValueError, OSError):
        return None


def may_answer_at(url: str, allowed: Iterable[str]) -> bool:
    """Whether a session webhook may be written to.

    Its address comes with the message, so only listed hosts are taken, over TLS; plain HTTP on this machine (facts,
    DingTalk 6).

    Args:
        url: the address.
        allowed: `host`, or `host:port` where the port is not the usual one.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if parts.username is not None or parts.password is not None or not host:
        return False
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        return False
    usual = port in (None, 443 if parts.scheme == "https" else 80)
    return any(one in allowed for one in ((f"{host}:{port}",) if not usual else (host, f"{host}:{port}")))


def is_loopback(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Heeded:
    """The ids of messages that were taken in already: a bounded number, for a bounded time."""

    def __init__(self) -> None:
        self._ids: OrderedDict[str, datetime] = OrderedDict()

    def first(self, origin: str, now: datetime) -> bool:
        """Whether this id is new; it is known from now on."""
        while self._ids and (len(self._ids) > REMEMBERED_IDS or now - next(iter(self._ids.values())) > REMEMBERED):
            self._ids.popitem(last=False)
        if origin in self._ids:
            return False
        self._ids[origin] = now
        return True


def _text(data: Mapping[str, Any], key: str) -> str:
    value = data.get(key)
    return value if isinstance(value, str) else ""


def _object(value: object) -> Mapping[str, Any]:
    """A JSON object, also where it stands as text (facts, DingTalk 2.2: quotations)."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return {}
    return value if isinstance(value, dict) else {}
