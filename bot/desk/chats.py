"""The chats that are listened on: what each can do, and what they tell of themselves."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.contracts.alone import Alone
from bot.contracts.chat import (
    Caution,
    Chat,
    ChatAbilities,
    Connected,
    Directory,
    FillsForms,
    Links,
    Titles,
    Warns,
)
from bot.contracts.model import Incoming, Place, Words


@dataclass(frozen=True, slots=True)
class Chats:
    """Every chat by its platform.

    Args:
        listening: platform → chat.
    """

    listening: Mapping[str, Chat]

    def can(self, platform: str) -> ChatAbilities:
        """What a chat can do; nothing where there is no such chat (any more)."""
        chat = self.listening.get(platform)
        return chat.abilities if chat is not None else ChatAbilities()

    def direct(self, platform: str, user: str) -> Place | None:
        """The one to one conversation with somebody; none where they cannot be written to."""
        before = self.can(platform).direct
        return None if before is None or not user else Place(platform, f"{before}{user}")

    def alone(self, place: Place) -> bool:
        """Whether a conversation is one to one, or its chat has no others."""
        chat = self.listening.get(place.platform)
        return not isinstance(chat, Alone) or chat.alone(place.conversation)

    async def ask(self, incoming: Incoming, numbers: Sequence[int], filled: Mapping[str, str] | None = None) -> bool:
        """Open a form for whoever said this, where the chat can; see `bot.contracts.chat.FillsForms.ask`."""
        chat = self.listening.get(incoming.place.platform)
        return isinstance(chat, FillsForms) and await chat.ask(incoming, numbers, filled)

    async def link(self, platform: str, message_id: str) -> str:
        """An address that leads to a posted message; empty where there is none."""
        chat = self.listening.get(platform)
        return await chat.link(message_id) if chat is not None and isinstance(chat, Links) else ""

    def meant(self, text: str, place: Place) -> tuple[str, str]:
        """The platform and the id of the message that a text names, in the place's own chat first; empty for none."""
        own = place.platform
        for name, chat in sorted(self.listening.items(), key=lambda item: item[0] != own):
            if isinstance(chat, Links) and (found := chat.meant(text, place.conversation if name == own else "")):
                return name, found
        return "", ""

    async def title(self, place: Place) -> str:
        """What people call a conversation; empty where that is not known."""
        chat = self.listening.get(place.platform)
        return await chat.title(place.conversation) if chat is not None and isinstance(chat, Titles) else ""

    @property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """User group → the ids of its members as of now, for roles."""
        directories = [chat for chat in self.listening.values() if isinstance(chat, Directory)]
        return {group: members for chat in directories for group, members in chat.groups.items()}

    @property
    def failing(self) -> Iterator[tuple[str, str]]:
        """What is wrong with the connections of a chat, in words; empty when all is well."""
        return ((name, chat.failing) for name, chat in self.listening.items() if isinstance(chat, Connected))

    @property
    def cautions(self) -> Iterator[tuple[str, Caution]]:
        """What operators should know of a chat before it hurts."""
        return (
            (name, one) for name, chat in self.listening.items() if isinstance(chat, Warns) for one in chat.cautions
        )

    @property
    def facts(self) -> Iterator[tuple[str, Words]]:
        """What `health` tells of connections and limits."""
        return (
            (name, fact) for name, chat in self.listening.items() if isinstance(chat, Connected) for fact in chat.facts
        )
