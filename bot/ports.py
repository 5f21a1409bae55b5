"""What the program asks of the outside world: the contracts that every vendor and every chat keeps.

One contract suite in `tests/contract` runs every implementation through the same tests.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol, runtime_checkable

from bot.fields import Field
from bot.message import Message
from bot.model import Action, Attachment, CarrierFiling, Incoming, Kind, Place, State, Submission, Words

# --- Vendors ---------------------------------------------------------------------------------------------------------


class LookUp(StrEnum):
    """How a lost create can be settled (spec 2)."""

    BY_LIST = "list"
    BY_NAME = "name"
    BY_CONTENT = "content"
    NOT_AT_ALL = "not_at_all"  # only a person at the vendor's console can tell


class FilingView(StrEnum):
    """What the vendor shows of the carriers' filing."""

    PER_CARRIER = "per_carrier"
    ONE_STATE = "one_state"  # "approved, not effective yet"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Hours:
    """When a vendor's reviewers work, in China time.

    Args:
        monday_to_friday: opening and closing hour.
        saturday_sunday: the same, none when closed.
        holidays: open on mainland public holidays too.
        source: where it was read.
    """

    monday_to_friday: tuple[int, int] = (9, 18)
    saturday_sunday: tuple[int, int] | None = None
    holidays: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class KindAbility:
    """What a vendor can do with one kind through its API.

    Args:
        create: whether it can be submitted at all.
        look_up: how a lost create is settled.
        update_in: the states in which it may be edited.
        delete_in: the states in which it may be deleted.
        instead: what to do where the API has nothing, in words.
        console: the vendor's console page for it.
        usually: the published time to a decision, in the reviewers' open hours.
        renames: whether an edit may change the name.
    """

    create: bool = True
    look_up: LookUp = LookUp.BY_LIST
    update_in: frozenset[State] = frozenset()
    delete_in: frozenset[State] = frozenset()
    instead: Words | None = None
    console: str = ""
    usually: timedelta = timedelta(hours=2)
    renames: bool = True


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a vendor can do; asked before a method is called, so that no method quietly does nothing."""

    title: Words
    kinds: Mapping[Kind, KindAbility]
    filing: FilingView
    hours: Hours
    filing_usually: Words | None = None
    quota: bool = True


@dataclass(frozen=True, slots=True)
class Option:
    """Something the vendor already has that a reference field may name.

    Args:
        value: the id, or the text, that the field takes.
        label: what people know it by.
        usable: approved, so that the vendor will take it.
    """

    value: str
    label: str
    usable: bool = True


@dataclass(frozen=True, slots=True)
class Accepted:
    """The vendor took a create or an update.

    Args:
        ref: its id for the thing.
        order: its ticket number, where it gives one.
        request_id: of the call.
    """

    ref: str
    order: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class Tracked:
    """A thing whose review is followed: all that a vendor needs to find it again."""

    number: int
    kind: Kind
    ref: str
    name: str
    international: bool = False
    approved: bool = False  # the review is over, the filing is followed


@dataclass(frozen=True, slots=True)
class Seen:
    """What a vendor says of one thing.

    Args:
        ref: its id.
        name: as the vendor has it.
        state: in our words; none when the vendor's word is not in our map (then `word` is reported, never guessed).
        word: the vendor's own word.
        reason: the reviewer's text, word for word.
        order: the ticket number.
        filings: per carrier, where shown.
        created_at: UTC, where the vendor tells.
        content: of a template, as the vendor has it (its own placeholders).
    """

    ref: str
    name: str
    state: State | None
    word: str
    reason: str = ""
    order: str = ""
    filings: tuple[CarrierFiling, ...] = ()
    created_at: datetime | None = None
    content: str = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """The vendor has no such thing (any more)."""

    ref: str


class Measure(StrEnum):
    """What a quota reading counts."""

    PACKAGE = "package"  # messages left in a package
    BALANCE = "balance"  # money


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of quota.

    Args:
        subject: what it is the remainder of, as people know it; unique within the account.
        measure: a package or money.
        remaining: messages, or money in `unit`.
        total: what the package began with.
        unit: `messages`, `CNY`, ...
        expires_at: UTC.
        estimated: computed from a configured amount, not told by the vendor.
    """

    subject: str
    measure: Measure
    remaining: Decimal
    total: Decimal | None = None
    unit: str = "messages"
    expires_at: datetime | None = None
    estimated: bool = False


class Vendor(Protocol):
    """One account at one vendor.

    Every method may raise `VendorError`. Methods that read repeat themselves where that can help; methods that change
    something are called once and only repeated when the vendor refused before accepting. After `AnswerLost` the caller
    looks the thing up with `find` and never calls again.
    """

    account: str
    vendor: str
    capabilities: Capabilities

    def fields(self, kind: Kind) -> tuple[Field, ...]:
        """The fields of a submission, in the order to ask for them; `NAME` first."""
        ...

    async def options(self, source: str) -> tuple[Option, ...]:
        """What a reference field may name (`Field.options`); empty where the vendor cannot list it."""
        ...

    async def create(self, submission: Submission) -> Accepted:
        """Submit for review."""
        ...

    async def update(self, ref: str, submission: Submission) -> Accepted:
        """Change what was submitted and have it reviewed again."""
        ...

    async def delete(self, kind: Kind, ref: str, *, international: bool = False) -> None:
        """Delete at the vendor; final."""
        ...

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """What became of these things, in as few calls as the vendor allows; every one is answered."""
        ...

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """What the vendor has that could be this submission: same name (and content), any state.

        Only called where the capability `look_up` says it can be.
        """
        ...

    async def quota(self) -> tuple[Reading, ...]:
        """Packages and balance as of now."""
        ...

    async def probe(self) -> str:
        """The cheapest call that proves address, clock, credentials and rights; returns what was seen, in a few words."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...


# --- Chats -----------------------------------------------------------------------------------------------------------

Receive = Callable[[Incoming], Awaitable[None]]
"""What a chat calls for each thing somebody said; it returns when the thing has been dealt with."""


@dataclass(frozen=True, slots=True)
class ChatAbilities:
    """What a chat can do; asked before it is used.

    Args:
        edits: a posted message can be changed in place.
        threads: a message can carry a thread.
        forms: missing fields can be asked in a form.
    """

    edits: bool = False
    threads: bool = False
    forms: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    """One message to one conversation.

    Args:
        place: where.
        message: what.
        language: `en` or `zh`.
        key: the notice's idempotency key; a chat that can carry it along does.
        under: the platform's id of the message whose thread it belongs to.
        final: the end of a story, worth showing to the whole channel.
        again: an earlier try may have reached the platform; a chat that can look for it does so first.
    """

    place: Place
    message: Message
    language: str
    key: str
    under: str = ""
    final: bool = False
    again: bool = False


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
        """Change a posted message; only where `abilities.edits`. Raises as `post`."""
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
    """

    title: str
    fields: tuple[Field, ...]
    needed: frozenset[str]
    watched: frozenset[str]
    values: Mapping[str, str]
    options: Mapping[str, tuple[Option, ...]]


class Desk(Protocol):
    """Where forms are had and handed in. Rights are asked for each time, of whoever is named in `incoming`."""

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
    ) -> Mapping[str, str]:
        """What is wrong, key → words; within a second.

        Args:
            files: key → name and size of each file, as the chat knows them before it has the content.
        """
        ...

    async def hand_in(
        self,
        incoming: Incoming,
        numbers: Sequence[int],
        values: Mapping[str, str],
        papers: Mapping[str, tuple[Attachment, ...]],
    ) -> None:
        """Fill in these requests; what comes of it is said in the conversation."""
        ...


@runtime_checkable
class FillsForms(Protocol):
    """A chat with `abilities.forms`."""

    def use(self, desk: Desk) -> None:
        """Where its forms are had; said once, before the start."""
        ...


@runtime_checkable
class Directory(Protocol):
    """A chat that knows the members of user groups."""

    @property
    def groups(self) -> Mapping[str, frozenset[str]]:
        """User group → the ids of its members as of now; a group that cannot be read has nobody."""
        ...


@runtime_checkable
class Connected(Protocol):
    """A chat that holds connections."""

    @property
    def failing(self) -> str:
        """What is wrong with them, in words for the operator; empty when all is well."""
        ...


# --- Time ------------------------------------------------------------------------------------------------------------


class Clock(Protocol):
    """The time the domain lives in: the machine's, or a faster one for the demo and the tests."""

    def now(self) -> datetime:
        """Aware, UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Holidays:
    """The mainland's public holidays and make-up workdays.

    Args:
        days: `True` for a day off, `False` for a weekend day that is worked; ordinary days are absent.
        known_years: the years the table covers; in others Monday to Friday is assumed.
    """

    days: Mapping[date, bool] = field(default_factory=lambda: MappingProxyType({}))
    known_years: frozenset[int] = frozenset()


__all__ = [
    "Accepted",
    "Action",
    "Capabilities",
    "Chat",
    "ChatAbilities",
    "Clock",
    "Connected",
    "Desk",
    "Directory",
    "FilingView",
    "FillsForms",
    "Form",
    "Holidays",
    "Hours",
    "KindAbility",
    "LookUp",
    "Measure",
    "Missing",
    "Option",
    "Post",
    "Reading",
    "Receive",
    "Seen",
    "Tracked",
    "Vendor",
]
