"""The organisation that the emulator keeps: its groups, people and cards, what was shown to them, and who may call."""

import asyncio
import itertools
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from aiohttp import web

from tests.emulators.pulse import Pulse

A_MINUTE = 60.0
MESSAGES_A_MINUTE = 20
PENALTY = 600.0  # seconds; who wrote too much within a minute is refused for ten
PATIENCE = 10.0  # seconds a test waits for something that should happen at once

_UPLOADED = re.compile(r"!\[[^\]]*\]\((@[^)]*)\)")


@dataclass(frozen=True)
class Call:
    """One HTTP request as it came in."""

    method: str
    path: str
    body: Any
    headers: Mapping[str, str]
    query: Mapping[str, str]
    at: float


@dataclass(frozen=True)
class Shown:
    """One message as people see it.

    `mentions` are those that DingTalk would make blue: in the list and, letter for letter, in the text.
    """

    way: str  # webhook, group, private, card
    conversation: str  # of a private message the user id
    title: str
    text: str
    mentions: tuple[str, ...]
    at: float


@dataclass
class Card:
    """A card instance."""

    track: str
    template: str
    spaces: tuple[str, ...]
    values: dict[str, str]
    mentions: tuple[str, ...] = ()
    updates: int = 0
    private: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Socket:
    """A connection; a deaf one answers pings and is told nothing more."""

    connection: web.WebSocketResponse
    transport: asyncio.BaseTransport
    number: int
    deaf: bool = False


@dataclass(kw_only=True, eq=False, repr=False)
class Team:
    """One organisation with one robot.

    Args:
        now: the clock by which tokens and webhooks expire and messages are counted, in seconds.
        messages_a_minute: so many a conversation takes.
        certificate: the files of certificate and key, to be reached over TLS.
    """

    client_id: ClassVar[str] = "dingemulated0client"
    client_secret: ClassVar[str] = "emulated-app-secret-do-not-log"
    corp: ClassVar[str] = "dingcorpemulated"
    bot_id: ClassVar[str] = "$:LWCP_v1:$robot"

    now: Callable[[], float] = time.time
    messages_a_minute: int = MESSAGES_A_MINUTE
    certificate: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        # what there is
        self.groups: dict[str, str] = {"cidGroupOne==": "短信值班", "cidGroupTwo==": "市场"}
        self.people: dict[str, str] = {"manager4567": "张三", "user0123": "李四"}
        self.templates: set[str] = {"emulated-template.schema"}
        self.drafts: set[str] = {"emulated-draft.schema"}  # made in the builder, never published
        self.spent = False  # whether the month's calls are used up
        self.reads_members = True  # whether the app may look people up
        self.takes_pictures = True  # whether markdown may hold an uploaded picture
        self.pictures: dict[str, bytes] = {}
        self.media: dict[str, bytes] = {}
        self.cards: dict[str, Card] = {}
        self.pressed: set[str] = set()  # cards with a press that is not answered yet

        # what the robot did
        self.calls: list[Call] = []
        self.shown: list[Shown] = []
        self.acks: list[dict[str, Any]] = []
        self.complaints: list[str] = []

        # its connections
        self.url = ""
        self.host = ""
        self.opened = 0  # sockets that were ever connected
        self.sockets: list[Socket] = []
        self.frames: dict[str, dict[str, Any]] = {}
        self.lost: list[str] = []
        self.secrets: set[str] = {self.client_secret}
        self.tickets: dict[str, float] = {}
        self.tokens: dict[str, float] = {}
        self.sessions: dict[str, tuple[str, float]] = {}  # session → conversation, end

        self.numbers = itertools.count(1)
        self._sent_at: dict[str, list[float]] = {}
        self._penalty: dict[str, float] = {}
        self._changed = asyncio.Condition()
        self.pulse = Pulse()

    # --- What tests ask ----------------------------------------------------------------------------------------------

    async def until(self, condition: Callable[[], bool], *, patience: float = PATIENCE) -> None:
        """Wait until something holds; what can make it hold is anything this emulator receives."""
        await self.pulse.until(self._changed, condition, patience)

    async def acked(self, message_id: str, *, since: int = 0) -> dict[str, Any]:
        """The acknowledgement of a frame, when it has come; of one that is pushed again, leaving out earlier ones."""
        await self.until(lambda: any(ack["headers"]["messageId"] == message_id for ack in self.acks[since:]))
        return next(ack for ack in self.acks[since:] if ack["headers"]["messageId"] == message_id)

    def frame_of(self, msg_id: str) -> str:
        """The messageId of the frame that carried a chat message."""
        return next(key for key, one in self.frames.items() if f'"{msg_id}"' in one["data"])

    @property
    def connected(self) -> int:
        """How many sockets are open and listening."""
        return sum(not socket.deaf for socket in self.sockets)

    def came(self) -> list[str]:
        """Everything that the robot was told of what people did."""
        return [str(one["data"]) for one in self.frames.values()]

    def given_out(self) -> list[str]:
        """Everything that the robot gave out: calls and acknowledgements."""
        return [str([(call.path, call.body, call.query) for call in self.calls]), str(self.acks)]

    def texts(self, conversation: str = "cidGroupOne==") -> list[str]:
        """What stands in a conversation."""
        return [one.text for one in self.shown if one.conversation == conversation]

    def count(self, path: str) -> int:
        """How many calls came to a path."""
        return sum(path in call.path for call in self.calls)

    def card(self, identity: str, conversation: str = "cidGroupOne==") -> tuple[str, Card]:
        """The card of a thing in a conversation, by what its variable `id` says; with its outTrackId."""
        return next(
            (track, card)
            for track, card in self.cards.items()
            if card.values.get("id") == identity and card.spaces[0].endswith(f".{conversation}")
        )

    def busiest_minute(self, conversation: str) -> int:
        """The most messages that arrived within any minute."""
        at = sorted(one.at for one in self.shown if one.conversation == conversation)
        return max((sum(1 for other in at if start <= other < start + A_MINUTE) for start in at), default=0)

    def picture(self, content: bytes) -> str:
        """Store a picture; returns its download code."""
        code = f"download-code-{next(self.numbers)}"
        self.pictures[code] = content
        return code

    def expire_webhooks(self) -> None:
        """Let every session webhook end now, earlier than it was announced."""
        self.sessions = {session: (where, 0.0) for session, (where, _) in self.sessions.items()}

    def expire_tokens(self) -> None:
        """Let every access token end now."""
        self.tokens.clear()

    # --- What its parts share ----------------------------------------------------------------------------------------

    async def notify(self) -> None:
        """Have everybody who waits look again."""
        async with self._changed:
            self._changed.notify_all()

    def counted(self, conversation: str) -> bool:
        """Whether one more message may go to a conversation now."""
        now = self.now()
        recent = [at for at in self._sent_at.get(conversation, []) if at > now - A_MINUTE]
        if self._penalty.get(conversation, 0.0) > now:
            return False
        if len(recent) >= self.messages_a_minute:
            self._penalty[conversation] = now + PENALTY
            return False
        self._sent_at[conversation] = [*recent, now]
        return True

    def may_show(self, params: Mapping[str, str]) -> bool:
        """Whether every picture in a message is one that was uploaded, in a place where it is taken."""
        named = _UPLOADED.findall(params.get("text", ""))
        if photo := params.get("photoURL"):
            named += [] if photo.startswith("https://") else [photo]
        elif named and not self.takes_pictures:
            return False
        return all(one in self.media for one in named)

    async def show(self, way: str, conversation: str, params: Mapping[str, str], mentions: Sequence[str] = ()) -> None:
        """Put a message where people see it."""
        text = params.get("text") or params.get("content") or params.get("photoURL", "")
        self.shown.append(Shown(way, conversation, params.get("title", ""), text, tuple(mentions), self.now()))
        await self.notify()
