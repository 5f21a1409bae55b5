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
from bot.model import Action, Attachment, CarrierFiling, Incoming, Kind, Place, Request, State, Submission, Words

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

    @classmethod
    def of(cls, request: Request) -> "Tracked":
        """What is needed to find a request again."""
        return cls(
            number=request.number,
            kind=request.kind,
            ref=request.vendor_ref,
            name=request.name,
            international=request.international,
            approved=request.state is State.APPROVED,
        )


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
class Card:
    """That a message is the card of a thing, which is edited in place.

    Args:
        subject: the thing, as the record names it: `batch:12`, `alert:5`.
        id: what its buttons are about: `#17`, `A5`.
        state: where it stands, as the record spells it: `in_review`, `acknowledged`.
    """

    subject: str
    id: str
    state: str


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
        answers: the origin of what this answers, for somebody waits for it; empty for a notice.
        card: the thing whose card this is; none for any other message.
    """

    place: Place
    message: Message
    language: str
    key: str
    under: str = ""
    final: bool = False
    again: bool = False
    answers: str = ""
    card: Card | None = None


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
    """

    title: str
    fields: tuple[Field, ...]
    needed: frozenset[str]
    watched: frozenset[str]
    values: Mapping[str, str]
    options: Mapping[str, tuple[Option, ...]]
    several: frozenset[str] = frozenset()


class Desk(Protocol):
    """Where a chat asks for what it shows by itself: forms, cards, a person's page.

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
    ) -> Mapping[str, str]:
        """Fill in these requests; what comes of it is said in the conversation.

        Returns:
            What is wrong, key → words, and then nothing was done; empty when it is on its way.
        """
        ...

    async def keep(self, incoming: Incoming, numbers: Sequence[int], values: Mapping[str, str]) -> tuple[int, ...]:
        """Keep what was filled in so far; returns those of the requests that are drafts, which can."""
        ...

    async def beginning(self, incoming: Incoming, kind: Kind) -> Form | None:
        """The form that asks where to submit, and under which name; quick. None where this person may not.

        Args:
            incoming: the command that said neither, or not both.
        """
        ...

    async def begin(self, incoming: Incoming, values: Mapping[str, str]) -> None:
        """Submit with what that form was filled in with; what comes of it is said, or asked in the next form.

        Args:
            incoming: the command of `beginning`, under an origin of its own.
        """
        ...

    async def shown(self, place: Place, message_id: str) -> Post | None:
        """What the card in this message says now; none where the message is no card. Quick."""
        ...

    async def home(self, incoming: Incoming) -> Sequence[Message]:
        """A person's own page, from top to bottom; where they are not served, one message that says why."""
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

    async def ask(self, incoming: Incoming, numbers: Sequence[int], kind: Kind) -> bool:
        """Open a form for whoever said this.

        Args:
            incoming: what was said; a chat opens a form only for what came with the right to one.
            numbers: the requests to fill in; none to ask where to submit first.
            kind: what is submitted.

        Returns:
            Whether it was opened; otherwise the question is asked in words.
        """
        ...


class Memory(Protocol):
    """What a chat keeps over restarts, under keys of its own. Short texts; never a secret, never a paper."""

    async def get(self, key: str) -> str | None:
        """What was kept; none when nothing was, or too long ago."""
        ...

    async def put(self, key: str, text: str) -> None:
        """Keep a text, in the place of an earlier one."""
        ...

    async def add(self, key: str, count: int = 1) -> int:
        """Count; returns the sum so far."""
        ...


class Forgetful:
    """In this process only: for a chat that is asked something without a record, as the doctor asks."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """What was kept since the start."""
        return self._texts.get(key)

    async def put(self, key: str, text: str) -> None:
        """Keep a text until the end."""
        self._texts[key] = text

    async def add(self, key: str, count: int = 1) -> int:
        """Count; returns the sum since the start."""
        total = int(self._texts.get(key, "0")) + count
        self._texts[key] = str(total)
        return total


@runtime_checkable
class Remembers(Protocol):
    """A chat that keeps something over restarts."""

    def remember(self, memory: Memory) -> None:
        """Where to keep it; said once, before the start."""
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

    @property
    def facts(self) -> Sequence[Words]:
        """What `health` tells of them: how many there are, what was used of a limit."""
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
    "Card",
    "Chat",
    "ChatAbilities",
    "Clock",
    "Connected",
    "Desk",
    "Directory",
    "FilingView",
    "FillsForms",
    "Forgetful",
    "Form",
    "Holidays",
    "Hours",
    "KindAbility",
    "LookUp",
    "Measure",
    "Memory",
    "Missing",
    "Option",
    "Post",
    "Reading",
    "Receive",
    "Remembers",
    "Seen",
    "Tracked",
    "UsesDesk",
    "Vendor",
]
