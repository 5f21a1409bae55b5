"""What DingTalk pushes → what somebody said or pressed. Pure.

Parsed leniently and by hand (facts, DingTalk 2): the SDK's own parser fails on messages without a body and drops
quotations, and of a press it drops where the card is. What a text went through on its way is undone in `said`.
"""

import ipaddress
import re
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from bot.contracts.model import Actor, Place
from integrations.dingtalk.mentions import Begins
from integrations.dingtalk.said import said
from integrations.dingtalk.wire import Remote, object_of, text_of

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
_REQUESTS = re.compile(r"#[0-9]{1,12}(?:,#[0-9]{1,12}){0,20}")
_SPAN = re.compile(r"[0-9]{1,3}[mhd]")
_TEST_MESSAGE = re.compile(r"T[0-9]{1,12}")

ACTIONS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        "ack": _ALERT,
        "unack": _ALERT,
        "snooze": _ALERT,
        "unsnooze": _ALERT,
        "resolve": _ALERT,
        "escalate": _ALERT,
        "status": _REQUEST,
        "show": _REQUEST,
        "history": _REQUEST,
        "edit": _REQUEST,
        "resubmit": _REQUEST,
        "approve": _REQUEST,
        "delete_now": _REQUESTS,
        "keep": _REQUESTS,
        "send": _TEST_MESSAGE,
        "send_not": _TEST_MESSAGE,
        "deny": _REQUEST,
        "withdraw": _REQUEST,
    }
)
"""What a card's button may do → the id it does it to. Each is a command that whoever presses could have typed; nothing
else is taken from a card, and never a text of its own."""

_SPELLED = {
    "delete_now": "delete {target} confirm",
    "keep": "delete {target} keep",
    "send_not": "send {target} drop",
}
"""Actions that are not a command by their name."""

SNOOZED = "2h"
"""How long, where the button does not say."""


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
    unread: str = ""
    """The kind of message, where it is one that says nothing to us."""


def hear(data: Mapping[str, Any], begins: Begins = lambda _: False) -> Heard | None:
    """Read the data of a chat message.

    Args:
        data: of the topic `/v1.0/im/bot/messages/get`.
        begins: whether a text begins with something that is said to the program.

    Returns:
        What was said, none when it has no sender or no id.
    """
    origin = text_of(data, "msgId")
    conversation = text_of(data, "conversationId")
    if not origin or not conversation:
        return None
    staff, corp = text_of(data, "senderStaffId"), text_of(data, "senderCorpId")
    # Outsiders have no user id, or come from another corporation (facts, DingTalk 2.1 and 6).
    outsider = not staff or not corp or corp != text_of(data, "chatbotCorpId")
    user = staff or text_of(data, "senderId")
    if not user:
        return None
    direct = text_of(data, "conversationType") == "1"
    found = said(data, begins, direct=direct)
    return Heard(
        text=found.text,
        actor=Actor(PLATFORM, user, team=corp, name=text_of(data, "senderNick"), outsider=outsider),
        place=Place(PLATFORM, f"{DIRECT}{user}" if direct and not outsider else conversation),
        origin=origin,
        direct=direct,
        title=text_of(data, "conversationTitle"),
        files=found.files[:MOST_FILES],
        robot=text_of(data, "robotCode"),
        webhook=_webhook(data),
        unread=found.unread,
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
    track, user = text_of(data, "outTrackId"), text_of(data, "userId")
    content = object_of(data.get("content")) or object_of(data.get("value"))
    params = object_of(object_of(content.get("cardPrivateData")).get("params"))
    action, target = text_of(params, "action").strip(), text_of(params, "id").strip()
    known = ACTIONS.get(action)
    if not (frame and track and user) or known is None or not known.fullmatch(target):
        return None
    if data.get("userIdType", 1) not in (1, "1"):
        return None  # not the identity that roles are given to
    text = _SPELLED.get(action, f"{action} {{target}}").format(target=target)
    if action == "snooze":
        span = text_of(params, "for").strip() or SNOOZED
        if not _SPAN.fullmatch(span):
            return None
        text = f"{text} {span}"
    return Pressed(
        text=text,
        track=track,
        space=text_of(data, "spaceId"),
        user=user,
        corporation=text_of(data, "corpId"),
        origin=f"press:{frame}",
    )


def _webhook(data: Mapping[str, Any]) -> Webhook | None:
    url, until = text_of(data, "sessionWebhook"), data.get("sessionWebhookExpiredTime")
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
