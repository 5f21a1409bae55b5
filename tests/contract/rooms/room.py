"""What the contract suite needs of each chat: a room, with the real client and its platform's emulator, and a reader.

A reader sees a message as a person does, by the platform's own rules of what is markup, a mention, a link. It shares no
code with the renderers.
"""

import abc
import asyncio
import itertools
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, ClassVar

import pytest

from bot.contracts.chat import Card, Chat, Post
from bot.contracts.memory import Forgetful, Remembers
from bot.contracts.message import Mark, Message
from bot.contracts.model import Actor, Attachment, Incoming, Place
from tests.made_files import png

PATIENCE = 10.0
PNG = png()
SIGNS: Mapping[Mark, str] = MappingProxyType(
    {
        Mark.NONE: "",
        Mark.WAITING: "⏳",
        Mark.GOOD: "✅",
        Mark.BAD: "❌",
        Mark.WARNING: "⚠️",
        Mark.ALERT: "🔴",
        Mark.CAUTION: "🟠",
        Mark.NOTE: "🔵",
        Mark.HANDLED: "🟡",
        Mark.CLOSED: "🟢",
    }
)


class Trouble(StrEnum):
    """What can happen to a message on its way."""

    BUSY = "busy"  # the platform asks to slow down
    CUT = "cut"  # the connection broke before the message was taken
    CUT_AFTER = "cut after"  # it was taken, and the answer was lost
    HANG = "hang"  # no answer comes


class Gift(StrEnum):
    """What a platform has, or has not."""

    FILES = "files"  # can come with what is said
    REPEATS = "repeats"  # the platform delivers again what it thinks was lost
    OUTSIDERS = "outsiders"  # people of other organisations can be there
    SEARCH = "search"  # what may have been posted can be found again
    BUTTONS = "buttons"
    FULL_TEXT = "full text"  # what was cut can be asked for


@dataclass(frozen=True, slots=True)
class Seen:
    """One message as a person sees it.

    Args:
        text: what is read, from top to bottom, without markup.
        notice: what a phone's notification shows.
        mentions: ids of those whom it calls.
        links: where something that can be clicked leads.
        shape: how often which markup stands in it.
        buttons: what can be pressed.
        thread: id of the message whose thread it is in.
        loud: a reply that the whole channel sees.
        only: id of the one person who sees it; empty where everybody does.
    """

    text: str
    notice: str
    mentions: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    shape: Counter[str] = field(default_factory=Counter)
    buttons: tuple[str, ...] = ()
    thread: str = ""
    loud: bool = False
    only: str = ""


class Room(abc.ABC):
    """One chat: the real client, and the emulator of its platform."""

    gifts: ClassVar[frozenset[Gift]] = frozenset()
    troubles: ClassVar[frozenset[Trouble]] = frozenset()
    ways: ClassVar[Mapping[str, bool]]
    """How something can be said → whether that is one to one."""
    cut_words: ClassVar[Mapping[str, str]] = {}
    """Language → what stands there, as text or to press, when something was left out."""
    place: Place
    """A conversation that the bot is in."""
    nowhere: Place
    """One that is not there any more."""
    me: Actor
    other: Actor
    title: ClassVar[str] = ""
    """What people call that conversation, once somebody spoke there; empty where conversations have no names."""
    unknown_message: ClassVar[str] = ""
    """What could be the id of a message, and is of none."""

    def __init__(self) -> None:
        self.heard: list[Incoming] = []
        self.memory = Forgetful()
        self.chat: Chat = self.fresh()
        self.on_hearing: Callable[[Incoming], None] = lambda _: None
        self._something = asyncio.Condition()
        self._numbers = itertools.count(1)

    @abc.abstractmethod
    def fresh(self) -> Chat:
        """A client as at the start of a process."""

    async def start(self) -> None:
        await self.chat.start(self.receive)

    async def receive(self, incoming: Incoming) -> None:
        async with self._something:
            self.heard.append(incoming)
            self._something.notify_all()
        self.on_hearing(incoming)

    async def restart(self) -> None:
        """End the process and begin another; what the chat remembers is in the record."""
        await self.chat.stop()
        self.chat = self.another()
        await self.start()

    def another(self) -> Chat:
        """A client with the same memory; not started."""
        chat = self.fresh()
        if isinstance(chat, Remembers):
            chat.remember(self.memory)
        return chat

    async def until_heard(self, count: int) -> Incoming:
        async with asyncio.timeout(PATIENCE), self._something:
            await self._something.wait_for(lambda: len(self.heard) >= count)
        return self.heard[count - 1]

    async def say(
        self, text: str, way: str = "", *, files: Sequence[Attachment] = (), outsider: bool = False
    ) -> Incoming:
        """Say something, and return it as the bot was told of it."""
        count = len(self.heard)
        await self.speak(text, way or next(iter(self.ways)), tuple(files), outsider)
        return await self.until_heard(count + 1)

    def a_post(
        self,
        *title: Any,
        blocks: Sequence[Any] = (),
        buttons: Sequence[Any] = (),
        mark: Mark = Mark.NONE,
        place: Place | None = None,
        language: str = "en",
        key: str = "",
        answers: str = "",
        card: Card | None = None,
        **more: Any,
    ) -> Post:
        """A post; a notice under a key of its own unless it is said otherwise."""
        return Post(
            place=place or self.place,
            message=Message(tuple(title), mark, tuple(blocks), tuple(buttons)),
            language=language,
            key=key or (f"reply:{answers}" if answers else f"news:{next(self._numbers)}"),
            answers=answers,
            card=card,
            **more,
        )

    async def shown(self, post: Post) -> Seen:
        """Post, and look; the parts of a message that was split are one."""
        before = self.count()
        await self.chat.post(post)
        return joined(self.seen(before))

    # --- What differs ---

    @abc.abstractmethod
    def freeze(self) -> None:
        """From now on the platform answers nothing on the connections that are open; they do not break either."""

    @abc.abstractmethod
    async def speak(self, text: str, way: str, files: tuple[Attachment, ...], outsider: bool) -> None:
        """Have somebody say something; the platform has had it acknowledged when this returns."""

    async def repeat(self) -> None:
        """Deliver what was said last once more."""
        raise NotImplementedError

    @abc.abstractmethod
    def seen(self, since: int = 0) -> list[Seen]:
        """What stands in the conversation, in order, without so many of the first."""

    @abc.abstractmethod
    def count(self) -> int:
        """How many messages stand there."""

    def called(self, since: int = 0) -> set[str]:
        """Whom the messages from this one on called, in the conversation or one to one."""
        return {user for one in self.seen(since) for user in one.mentions}

    def fail(self, trouble: Trouble, *, card: bool = False) -> None:
        """What happens to the next message, or the next card where cards go another way."""
        raise NotImplementedError

    def pause(self) -> None:  # noqa: B027 -- only some platforms count
        """Let so much time pass that no limit of the platform is near."""

    def links_of(self, url: str) -> tuple[str, ...]:
        """What can be clicked of an address of ours."""
        return (url,)

    @abc.abstractmethod
    def read_in_private(self) -> str:
        """What stands in the 1:1 conversation."""

    async def until_it_hangs(self, count: int) -> None:
        """Wait until so many messages are on their way."""
        raise NotImplementedError

    async def press(self, label: str) -> None:
        """Press a button of the last message that has it, for what only one person sees."""
        raise NotImplementedError

    def forget_what_was_asked(self) -> None:
        """The platform takes no more answers to what was said so far."""
        raise NotImplementedError

    def full_text(self) -> str:
        """What was shown to whoever asked for all of it; empty as long as there is nothing."""
        raise NotImplementedError

    @property
    def secrets(self) -> set[str]:
        """What nobody may read in a log or in an error."""
        return set()

    @property
    def complaints(self) -> list[str]:
        """What the platform took amiss."""
        return []


def joined(parts: Sequence[Seen]) -> Seen:
    """The parts of a split message as one."""
    assert parts, "nothing is seen of it"
    return Seen(
        text="\n".join(part.text for part in parts),
        notice=parts[0].notice,
        mentions=tuple(user for part in parts for user in part.mentions),
        links=tuple(link for part in parts for link in part.links),
        shape=sum((part.shape for part in parts), Counter()),
        buttons=tuple(label for part in parts for label in part.buttons),
        thread=parts[0].thread,
        loud=parts[0].loud,
        only=parts[0].only,
    )


def needs(has: object, what: str) -> None:
    """Skip where a chat or its platform does not have something."""
    if not has:
        pytest.skip(f"it has no {what}")


def assert_tells_no_secret(room: Room, error: BaseException) -> None:
    """Neither its words nor those of what caused it hold a secret."""
    told = f"{error} {error!r} {error.__cause__!r}"
    assert not [secret for secret in room.secrets if secret in told]
