"""What the program asks of a chat, and what a chat may ask of it: the contract that every one keeps.

One contract suite in `tests/contract` runs every implementation through the same tests.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from bot.contracts.fields import Field
from bot.contracts.hushed import hush
from bot.contracts.message import Message
from bot.contracts.model import Attachment, Incoming, Place, Words
from bot.contracts.vendor import Option

# --- Chats -----------------------------------------------------------------------------------------------------------

Receive = Callable[[Incoming], Awaitable[None]]
"""What a chat calls for each thing somebody said; it returns when the thing has been dealt with."""


@dataclass(frozen=True, slots=True)
class Together:
    """How a chat is told many things at once: in one message that names each.

    Args:
        singly: so many are told one by one, where no more are due in a conversation.
        room: characters of text that surely stand in one message.
    """

    singly: int
    room: int


@dataclass(frozen=True, slots=True)
class ChatAbilities:
    """What a chat can do; asked before it is used.

    Args:
        edits: a posted message can be changed in place.
        threads: a message can carry a thread.
        forms: missing fields can be asked in a form (`FillsForms`).
        pictures: a picture in a message is shown.
        beside: it follows its message, of a card in its thread: changing the card neither shows it again nor loses it.
        paths: a file is named by its path, for whoever writes has it on this machine.
        pairs: files do not travel freely in groups; they are handed in one to one, with a code.
        operator: who writes here is the operator.
        whispers: a message can be shown to one person of a conversation alone.
        slash: a command of its own is heard in channels without a mention, but not in threads.
        direct: what stands before a user's id to name the one to one conversation with them; none where they cannot be
            written to of one's own accord.
        together: how many things at once are told; none where each is told by itself, however many there are.
        once: one command is answered, and nothing is told afterwards.
    """

    edits: bool = False
    threads: bool = False
    forms: bool = False
    pictures: bool = False
    beside: bool = False
    paths: bool = False
    pairs: bool = False
    operator: bool = False
    whispers: bool = False
    slash: bool = False
    direct: str | None = None
    together: Together | None = None
    once: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """That a message is the card of a thing, which is edited in place.

    Args:
        subject: the thing, as the record names it: `batch:12`, `alert:5`, `deletion:31` of a question.
        id: what its buttons are about: `#17`, `A5`; of a question about several `#17,#18`.
        state: where it stands, as the record spells it: `in_review`, `acknowledged`; of a question which it is: `deletion`.
        under: the thing under whose card it is shown where a chat has threads; empty for a card of its own.
        asked: the origin of what ordered the thing: whoever said that waits for the card.
    """

    subject: str
    id: str
    state: str
    under: str = ""
    asked: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """One message to one conversation.

    Args:
        place: where.
        message: what; no number of a person is said in any chat.
        language: `en` or `zh`.
        key: the notice's idempotency key; a chat that can carry it along does.
        under: the platform's id of the message whose thread it belongs to.
        final: the end of a story, worth showing to the whole channel.
        again: an earlier try may have reached the platform; a chat that can look for it does so first.
        answers: the origin of what this answers, for somebody waits for it; empty for a notice.
        asker: `Actor.key` of the one person whom an answer is for, whispered where the chat can; empty where it is for all.
        card: the thing whose card this is; none for any other message.
        urgent: somebody is wanted now: it goes out although the chat keeps what is left of a limit for such messages.
    """

    place: Place
    message: Message
    language: str
    key: str
    under: str = ""
    final: bool = False
    again: bool = False
    answers: str = ""
    asker: str = ""
    card: Card | None = None
    urgent: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "message", hush(self.message))


class Chat(Protocol):
    """One chat platform."""

    name: str
    abilities: ChatAbilities

    async def start(self, receive: Receive) -> None:
        """Begin to listen; returns when connected."""
        ...

    async def stop(self) -> None:
        """Stop listening and close."""
        ...

    async def post(self, post: Post) -> str:
        """Post a message.

        Returns:
            The platform's id of the message.

        Raises:
            DeliveryRetry: it may work later.
            DeliveryFailed: it never will.
        """
        ...

    async def edit(self, message_id: str, post: Post) -> None:
        """Change a posted message; only where `abilities.edits`.

        Raises:
            DeliveryRetry: it may work later.
            NotEditable: this one stays as it is.
            DeliveryFailed: it never will.
        """
        ...


@dataclass(frozen=True, slots=True)
class Form:
    """What a chat that has forms asks for in one go.

    Args:
        title: what it is about.
        fields: what can be filled in, in order; those that other values rule out are left out.
        needed: keys that must be filled in.
        watched: keys whose value decides what else is asked for.
        values: what stands there so far.
        options: key of a reference → what it could name.
        several: keys of choices of which more than one may be chosen; the value is then a comma list.
        preface: what is said above it all, as the reviewer's words where something was rejected.
        notes: key → what is said below that field.
    """

    title: str
    fields: tuple[Field, ...]
    needed: frozenset[str]
    watched: frozenset[str]
    values: Mapping[str, str]
    options: Mapping[str, tuple[Option, ...]]
    several: frozenset[str] = frozenset()
    preface: tuple[str, ...] = ()
    notes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


class Desk(Protocol):
    """Where a chat asks for what it shows by itself, forms, cards, a person's page, and for how texts are read.

    Rights are asked for each time, of whoever is named in `incoming`.
    """

    async def may(self, incoming: Incoming, numbers: Sequence[int]) -> bool:
        """Whether these requests can be filled in by this person here; quick. Where not, the typed command says why."""
        ...

    async def form(self, incoming: Incoming, numbers: Sequence[int], values: Mapping[str, str]) -> Form | None:
        """The form for these requests, given what was filled in since; may take seconds, for vendors are asked."""
        ...

    async def faults(
        self,
        incoming: Incoming,
        numbers: Sequence[int],
        values: Mapping[str, str],
        files: Mapping[str, Sequence[tuple[str, int]]],
        told: Collection[str] = (),
    ) -> Mapping[str, str]:
        """What is wrong, and what reviewers may mind, which is said once: key → words; within a second.

        Args:
            incoming: who fills in; with the command of `beginning` where it is about that form.
            numbers: the requests; with that command those that this form began before, if any.
            values: what was filled in.
            files: key → name and size of each file, as the chat knows them before it has the content.
            told: the words that were said already.
        """
        ...

    async def hand_in(
        self,
        incoming: Incoming,
        numbers: Sequence[int],
        values: Mapping[str, str],
        papers: Mapping[str, tuple[Attachment, ...]],
    ) -> Mapping[str, str]:
        """Fill in these requests; what comes of it is said in the conversation.

        Returns:
            What is wrong, key → words, and then nothing was done; empty when it is on its way.
        """
        ...

    async def keep(self, incoming: Incoming, numbers: Sequence[int], values: Mapping[str, str]) -> tuple[int, ...]:
        """Keep what was filled in so far; returns those of the requests that are drafts, which can."""
        ...

    async def beginning(self, incoming: Incoming, values: Mapping[str, str]) -> Form | None:
        """The form that asks where to submit, and under which name; quick. None where this person may not.

        Args:
            incoming: the command that said neither, or not both.
            values: what was filled in since.
        """
        ...

    async def begin(self, incoming: Incoming, values: Mapping[str, str]) -> None:
        """Submit with what that form was filled in with; what comes of it is said, or asked in the next form.

        Args:
            incoming: the command of `beginning`, under an origin of its own.
        """
        ...

    async def give_up(self, incoming: Incoming, numbers: Sequence[int], values: Mapping[str, str]) -> bool:
        """Cancel the drafts that a form began, where its first step now asks for other accounts.

        Returns:
            Whether they were; otherwise the form goes on with them.
        """
        ...

    async def shown(self, place: Place, message_id: str) -> Post | None:
        """What the card in this message says now; none where the message is no card. Quick."""
        ...

    async def home(self, incoming: Incoming) -> Sequence[Message]:
        """A person's own page, from top to bottom; where they are not served, one message that says why."""
        ...

    def begins(self, text: str) -> bool:
        """Whether a text begins with something that is said to the program: a command, or a value with its key.

        For a chat that must find out where a mention ends; nobody's rights are asked, and nothing is done.
        """
        ...

    def wholly_ours(self, text: str) -> bool:
        """Whether a text is a whole command in which nothing stands that anybody wrote, and which undoes nothing for good.

        For a chat that makes links of commands: whoever presses one says it.
        """
        ...


@runtime_checkable
class UsesDesk(Protocol):
    """A chat that shows something by itself."""

    def use(self, desk: Desk) -> None:
        """Where to ask for it; said once, before the start."""
        ...


@runtime_checkable
class FillsForms(Protocol):
    """A chat with `abilities.forms`."""

    async def ask(self, incoming: Incoming, numbers: Sequence[int], filled: Mapping[str, str] | None = None) -> bool:
        """Open a form for whoever said this.

        Args:
            incoming: what was said; a chat opens a form only for what came with the right to one.
            numbers: the requests to fill in; none to ask where to submit first.
            filled: key → what stands in it already, beside what the requests have.

        Returns:
            Whether it was opened; otherwise the question is asked in words.
        """
        ...


@runtime_checkable
class Links(Protocol):
    """A chat in which a message has an address."""

    async def link(self, message_id: str) -> str:
        """An address that leads to a posted message; empty where it cannot be had now."""
        ...

    def meant(self, text: str, conversation: str) -> str:
        """The id of the message that a text names, by its address or as its platform counts them; empty for none.

        Args:
            text: as it was typed.
            conversation: where, for what is no whole address.
        """
        ...


@runtime_checkable
class Titles(Protocol):
    """A chat whose conversations have names."""

    async def title(self, conversation: str) -> str:
        """What people call a conversation, as `#sms-ops`; empty where nobody knows, or it cannot be had soon."""
        ...


@runtime_checkable
class Directory(Protocol):
    """A chat that knows the members of user groups."""

    @property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """User group → the ids of its members as of now; a group that cannot be read has nobody."""
        ...


@runtime_checkable
class KeepsGroups(Protocol):
    """A chat whose user groups can be changed."""

    async def keep_group(self, group: str, members: Sequence[str]) -> None:
        """Have a user group have these members and no others; raises `DeliveryError` where it cannot be changed."""
        ...


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that operators should know before it hurts.

    Args:
        key: it is told once under this name.
        title: what it is about, the first line.
        text: what it means, and what to do.
        urgent: it is told although the chat keeps what is left of a limit for urgent messages.
    """

    key: str
    title: Words
    text: Words
    urgent: bool = False


@runtime_checkable
class Warns(Protocol):
    """A chat that has something to warn operators of."""

    @property
    def cautions(self) -> Sequence[Caution]:
        """Of what, as of now; the same one stays until it is over."""
        ...


@runtime_checkable
class Connected(Protocol):
    """A chat that holds connections."""

    @property
    def failing(self) -> str:
        """What is wrong with them, in words for the operator; empty when all is well."""
        ...

    @property
    def facts(self) -> Sequence[Words]:
        """What `health` tells of them: how many there are, what was used of a limit."""
        ...
