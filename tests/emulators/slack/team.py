"""The team that the emulator keeps: its channels, messages, files, people and views, and what the app asked of it."""

import asyncio
import itertools
import json
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.emulators.pulse import Pulse
from tests.emulators.slack.rules import texts

BOT_TOKEN = "xoxb-emulator"
APP_TOKEN = "xapp-emulator"
TEAM = "T0HOME"
BOT_USER = "U0BOT"
SCOPES = (
    "app_mentions:read,channels:history,channels:read,chat:write,commands,files:read,files:write,groups:history,"
    "groups:read,im:history,usergroups:read,users:read"
)


@dataclass
class Channel:
    """A conversation.

    Args:
        member: whether the bot is in it.
        shared: with another organisation (Slack Connect).
        refuses: the code with which every message is refused; empty when none is.
        locked: the threads that take no replies.
        left: people of the team who are not in it any more.
    """

    id: str
    name: str = "sms"
    member: bool = True
    archived: bool = False
    shared: bool = False
    direct: bool = False
    refuses: str = ""
    locked: set[str] = field(default_factory=set)
    left: set[str] = field(default_factory=set)
    messages: list[dict[str, Any]] = field(default_factory=list)
    whispers: list[dict[str, Any]] = field(default_factory=list)
    """What only one person sees; gone when their client is loaded anew, and in no history."""

    def find(self, ts: str) -> dict[str, Any] | None:
        """The message of this ts."""
        return next((message for message in self.messages if message["ts"] == ts), None)


@dataclass
class File:
    """An uploaded file.

    Args:
        readable: whether the app's token may read it.
        stub: shown as a stub, as files of other organisations are: only `files.info` tells more.
        length: what was announced before it was uploaded.
        alt_txt: with one Slack says yes and never shares the file (python-slack-sdk#1818).
        shares: channel → the time stamps of the messages that show it.
    """

    id: str
    name: str
    content: bytes
    readable: bool = True
    stub: bool = False
    length: int = 0
    alt_txt: str = ""
    completed: bool = False
    shares: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Share:
    """Files on their way into a channel: there after so many looks at one of them, at the latest behind the next message."""

    files: list[File]
    channel: str
    thread: str
    comment: str
    looks: int


@dataclass
class Delivery:
    """Something sent to the app over a socket, and what came back.

    Args:
        sent_at: in beats of the loop.
        ack: the payload of the acknowledgement; `{}` for a bare one, none as long as there is none.
        acked_after: seconds in beats of the loop, by which patience is judged: a machine that stood still is nobody's fault.
        begun, took: seconds of the clock, for whoever measures.
    """

    envelope: dict[str, Any]
    sent_at: float
    ack: dict[str, Any] | None = None
    acked_after: float | None = None
    begun: float = field(default_factory=time.perf_counter)
    took: float | None = None

    @property
    def acked(self) -> bool:
        """Whether it was acknowledged in time."""
        return self.acked_after is not None and self.acked_after <= 3.0


class Gate:
    """Calls of one method wait until it is opened; nothing is done for them before.

    Attributes:
        waiting: how many have arrived at it so far.
    """

    def __init__(self) -> None:
        self.waiting = 0
        self.opened = asyncio.Event()

    def open(self) -> None:
        """Let everything in that waits, and whatever comes later."""
        self.opened.set()


def _channels() -> dict[str, Channel]:
    return {
        "C0SMS": Channel("C0SMS"),
        "C0OUT": Channel("C0OUT", "elsewhere", member=False),
        "C0OLD": Channel("C0OLD", "old", archived=True),
        "D0ALICE": Channel("D0ALICE", "directmessage", direct=True),
    }


def _users() -> dict[str, dict[str, Any]]:
    return {
        user: {"id": user, "team_id": team, "name": name, "profile": {"display_name": name}, "deleted": False}
        for user, team, name in (
            ("U0ALICE", TEAM, "alice"),
            ("U0BOB", TEAM, "bob"),
            ("U0EVE", "T0OTHER", "eve"),
            (BOT_USER, TEAM, "signpost"),
        )
    }


@dataclass(kw_only=True, eq=False, repr=False)
class Team:
    """One workspace with one app.

    Args:
        scopes: what the bot token was granted.
        limits: refuse more than a short burst of messages beyond one per `second` and channel.
        enterprise: id of the organisation on Enterprise Grid.
        org_wide: the app is installed for the whole organisation, so tokens are of no workspace.
        second: how long one is, for the limits.
        certificate: the files of certificate and key, to be reached over TLS.
    """

    scopes: str = SCOPES
    limits: bool = False
    enterprise: str = ""
    org_wide: bool = False
    second: float = 1.0
    certificate: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        # what there is
        self.workspaces: tuple[str, ...] = (TEAM,)
        self.channels = _channels()
        self.users = _users()
        self.groups: dict[str, list[str]] = {}
        self.files: dict[str, File] = {}
        self.sharing: list[Share] = []
        self.looks_until_shared = 2
        self.views: dict[str, dict[str, Any]] = {}
        self.homes: dict[str, dict[str, Any]] = {}
        self.whispers: list[dict[str, Any]] = []
        self.responses: dict[str, list[dict[str, Any]]] = {}
        self.refuse_answers = False
        self.asked: dict[str, tuple[str, str, dict[str, Any]]] = {}
        """Response address → channel, who asked, and the message that was pressed on."""
        self.triggers: dict[str, float | None] = {}
        self.trigger_seconds = 3.0

        # what the app did, and what is in store for it
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refused: list[str] = []
        self.failures: dict[str, deque[tuple[str, float]]] = defaultdict(deque)
        self.gates: dict[str, Gate] = {}

        # its connections
        self.url = ""
        self.base_url = ""
        self.deliveries: list[Delivery] = []
        self.sockets: list[web.WebSocketResponse] = []
        self.opened = 0
        self.deaf: set[int] = set()
        self.tickets: set[str] = set()
        self.bad_tickets = 0
        self.ghosts = 0
        self.crowded = 0

        self.numbers = itertools.count(1)
        self.over = asyncio.Event()
        self.pulse = Pulse()
        self._changed = asyncio.Condition()

    # --- What tests ask ----------------------------------------------------------------------------------------------

    async def until(self, holds: Callable[[], Any], *, seconds: float = 10.0) -> Any:
        """Wait until something holds, and return it; looks again after everything that happens here."""
        try:
            return await self.pulse.until(self._changed, holds, seconds)
        except TimeoutError:
            raise AssertionError(f"it never came: {self.transcript()}; refused: {self.refused}") from None

    def said(self, channel: str = "C0SMS", *, to: str = "") -> list[dict[str, Any]]:
        """The messages of the app in a channel, in order; those too that only one person sees (`only`).

        Args:
            channel: which.
            to: what this person sees; everything that anybody sees when left out.
        """
        where = self.channels[channel]
        every = sorted((*where.messages, *where.whispers), key=lambda one: int(one["ts"].partition(".")[2]))
        return [one for one in every if one.get("bot_id") and (not to or one.get("only", to) == to)]

    def public(self, channel: str = "C0SMS") -> list[dict[str, Any]]:
        """The messages of the app that everybody in a channel sees."""
        return [message for message in self.said(channel) if "only" not in message]

    def find(self, part: str, channel: str = "C0SMS") -> dict[str, Any] | None:
        """The app's last message whose text has this part."""
        return next((message for message in reversed(self.said(channel)) if part in message["text"]), None)

    def transcript(self) -> str:
        """What was said, for a failing test."""
        return json.dumps(
            [message["text"] for channel in self.channels.values() for message in channel.messages], ensure_ascii=False
        )

    def came(self) -> list[str]:
        """Everything that the app was told of what people did."""
        return [json.dumps(one.envelope, ensure_ascii=False) for one in self.deliveries]

    def given_out(self) -> list[str]:
        """Everything that the app gave out: calls, answers, acknowledgements."""
        return [str(self.calls), str(self.responses), str([one.ack for one in self.deliveries])]

    def count(self, method: str) -> int:
        """How often a method was called."""
        return sum(1 for name, _ in self.calls if name == method)

    def direct(self, user: str) -> Channel:
        """The 1:1 conversation of the app and a person."""
        identity = user.replace("U", "D", 1)
        return self.channels.setdefault(identity, Channel(identity, "directmessage", direct=True))

    def home(self, user: str = "U0ALICE") -> str:
        """What somebody's home tab shows, as text; empty before it was ever shown."""
        return "\n".join(texts(self.homes.get(user, {}).get("blocks", ())))

    def add_file(self, name: str, content: bytes, *, readable: bool = True, stub: bool = False) -> str:
        """A file somebody uploaded; returns its id."""
        file = File(f"F{next(self.numbers):06}", name, content, readable, stub)
        self.files[file.id] = file
        return file.id

    # --- What its parts share ----------------------------------------------------------------------------------------

    def whisper(self, channel: str, user: str, said: Mapping[str, Any]) -> str:
        """Show a message to one person of a channel; returns its ts."""
        message = {"type": "message", "bot_id": "B0BOT", "ts": self.ts(), "edits": [], "only": user}
        message |= {key: said[key] for key in ("text", "blocks", "thread_ts") if said.get(key)}
        message.setdefault("text", "")
        where = self.channels.setdefault(channel, Channel(channel, "directmessage", member=False, direct=True))
        where.whispers.append(message)
        return str(message["ts"])

    async def happened(self) -> None:
        """Have everybody who waits look again."""
        async with self._changed:
            self._changed.notify_all()

    def ts(self) -> str:
        """A time stamp that nothing else has."""
        return f"{int(time.time())}.{next(self.numbers):06}"

    def told_of(self, file: File, *, whole: bool = False) -> dict[str, Any]:
        """What the app is told of a file."""
        if file.stub and not whole:
            return {"id": file.id, "created": 0, "mode": "file_access", "file_access": "check_file_info"}
        return {
            "id": file.id,
            "name": file.name,
            "size": len(file.content),
            "filetype": file.name.rsplit(".", 1)[-1],
            "url_private": f"{self.url}/files/{file.id}",
            "url_private_download": f"{self.url}/files/{file.id}",
        }

    def change_view(self, view_id: str, shown: Mapping[str, Any]) -> dict[str, Any]:
        """Show something else in a view; what was filled in stays where block and action keep their ids."""
        view = self.views[view_id]
        inputs = {
            (block.get("block_id"), block["element"]["action_id"])
            for block in shown["blocks"]
            if block["type"] == "input"
        }
        before = view.get("state", {}).get("values", {})
        kept = {
            block_id: state for block_id, state in before.items() if any((block_id, one) in inputs for one in state)
        }
        own = {key: view[key] for key in ("id", "team_id")}
        self.views[view_id] = {**shown, **own, "hash": self.ts(), "state": {"values": kept}}
        return self.views[view_id]
