"""What the program asks of a vendor: the contract that every one keeps.

One contract suite in `tests/contract` runs every implementation through the same tests.
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import ClassVar, Protocol

from bot.contracts.codes import Verifying
from bot.contracts.errors import VendorError
from bot.contracts.fields import Field
from bot.contracts.guide import Guide, guided_by
from bot.contracts.hours import Hours
from bot.contracts.model import CarrierFiling, Kind, Request, State, Submission, Words
from bot.contracts.push import Pushes
from bot.contracts.sending import Sending
from bot.contracts.traffic import Counting

# --- Vendors ---------------------------------------------------------------------------------------------------------


class LookUp(StrEnum):
    """How a lost create can be settled (spec 2)."""

    BY_LIST = "list"
    BY_NAME = "name"
    BY_CONTENT = "content"
    WHERE_LISTED = "where_listed"  # the list may not show all, so what is absent is asked of a person
    NOT_AT_ALL = "not_at_all"  # only a person at the vendor's console can tell


class FilingView(StrEnum):
    """What the vendor shows of the carriers' filing."""

    PER_CARRIER = "per_carrier"
    ONE_STATE = "one_state"  # "approved, not effective yet"
    HIDDEN = "hidden"


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
        fixed: what else an edit may not change, by key.
        anew_by: the key without whose change an edit of what was rejected is taken but not reviewed; empty where each is.
        filing: what the vendor shows of the carriers' filing; none where the carriers file nothing of this kind.
        filing_usually: the published time that the filing takes, where there is one.
    """

    create: bool = True
    look_up: LookUp = LookUp.BY_LIST
    update_in: frozenset[State] = frozenset()
    delete_in: frozenset[State] = frozenset()
    instead: Words | None = None
    console: str = ""
    usually: timedelta = timedelta(hours=2)
    renames: bool = True
    fixed: frozenset[str] = frozenset()
    anew_by: str = ""
    filing: FilingView | None = None
    filing_usually: Words | None = None


IN_CONSOLE = KindAbility(create=False, look_up=LookUp.NOT_AT_ALL)
"""Of what a guide tells people to do."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a vendor can do with each kind, and when; asked before a method is called, so that none quietly does nothing.

    What is there as a whole or not at all is a group of methods, which is none where it is not: see `Vendor`.

    Args:
        title: what the vendor calls itself.
        kinds: what it can do with each kind.
        hours: of its reviewers.
        credentials: the keys of `[[account]]` that hold its credentials.
        purchase: the page on which packages are bought and money is topped up; empty where none is known.
        guides: what it takes in its console only.
        dated: of what `Reviewing.options` lists, what runs out (`Option.until`).
        digital: what it can do with each kind for digital messages; empty where it has none.
        listed: of what it lists, what a command shows of its own: `letters`, `trademarks`, `icp_records`.
    """

    title: Words
    kinds: Mapping[Kind, KindAbility]
    hours: Hours
    credentials: tuple[str, ...] = ()
    purchase: str = ""
    guides: tuple[Guide, ...] = ()
    dated: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()
    digital: Mapping[Kind, KindAbility] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, request: Request) -> KindAbility:
        """What it can do with a request's kind, in the variant that the request is."""
        if guide := next((one for one in self.guides if one.key == guided_by(request)), None):
            editable = frozenset({State.DRAFT}) if guide.fields else frozenset()
            return replace(IN_CONSOLE, console=guide.console, update_in=editable)
        variant = self.digital.get(request.kind) if request.digital else None
        return variant or self.kinds[request.kind]

    @property
    def console(self) -> str:
        """A page of the vendor's console, where an operator begins; empty where none is known."""
        return next((ability.console for ability in self.kinds.values() if ability.console), "")


@dataclass(frozen=True, slots=True)
class Option:
    """Something the vendor already has that a reference field may name.

    Args:
        value: the id, or the text, that the field takes.
        label: what people know it by.
        usable: approved, so that the vendor will take it.
        state: where it stands, in our words; none where the vendor does not tell, or its word is not in our map.
        word: the vendor's own word for that.
        remark: the reviewer's.
        until: the last day on which it can be used, where it has one.
        international: of a signature, whether it is for numbers abroad; none where the vendor has one for both, or does
            not tell.
    """

    value: str
    label: str
    usable: bool = True
    state: State | None = None
    word: str = ""
    remark: str = ""
    until: date | None = None
    international: bool | None = None


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
    digital: bool = False  # for digital messages

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
            digital=request.digital,
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
        international: whether it is for numbers abroad; none where the vendor does not tell, or it is for all.
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
    international: bool | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A thing of an account as its list shows it, which may be less than what a look at it tells.

    Args:
        seen: what the list says.
        values: what else it tells, in the keys of a submission: `type`, `sign`, `qualification`.
    """

    seen: Seen
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Missing:
    """The vendor has no such thing (any more)."""

    ref: str


@dataclass(frozen=True, slots=True)
class Looked:
    """What came of one look at one thing: what the vendor says, or why it said nothing."""

    tracked: Tracked
    answer: Seen | Missing | VendorError


Looks = AsyncGenerator[tuple[Looked, ...], None]
"""What came of several looks, in slices: each is what one call of the vendor answered."""


async def every(tracked: Sequence[Tracked], looks: Looks) -> tuple[Seen | Missing, ...]:
    """All the answers at once, in the order of what was asked.

    Raises:
        VendorError: one was not given; nothing more is asked.
    """
    answers: dict[Tracked, Seen | Missing] = {}
    async with aclosing(looks):
        async for one in looks:
            for looked in one:
                if isinstance(looked.answer, VendorError):
                    raise looked.answer
                answers[looked.tracked] = looked.answer
    return tuple(answers[one] for one in tracked)


class Measure(StrEnum):
    """What a quota reading counts."""

    PACKAGE = "package"  # messages left in a package
    BALANCE = "balance"  # money


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure of quota.

    Args:
        subject: what it is the remainder of: the vendor's name or id for it, or one of our words (`package`, `balance`);
            unique within the account.
        measure: a package or money.
        remaining: messages, or money in `unit`.
        total: what the package began with.
        unit: `messages`, `CNY`, ...
        expires_at: UTC.
        estimated: computed from a configured amount, not told by the vendor.
        sort: how a package was come by, where the vendor tells: `gift`, `bought`, or the vendor's own word.
    """

    subject: str
    measure: Measure
    remaining: Decimal
    total: Decimal | None = None
    unit: str = "messages"
    expires_at: datetime | None = None
    estimated: bool = False
    sort: str = ""


class Reviewing(Protocol):
    """Submissions and their reviews, for every kind: what is asked of every vendor.

    Methods that read repeat themselves where that can help; methods that change something are called once and only
    repeated when the vendor refused before accepting. After `AnswerLost` the caller looks the thing up with `find` and
    never calls again. Of the kinds in `lists` the account can be asked for all that it has.
    """

    lists: frozenset[Kind]

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

    async def delete(self, kind: Kind, ref: str, *, international: bool = False, digital_name: str = "") -> None:
        """Delete at the vendor; final. What is for digital messages is named beside its id."""
        ...

    async def look(self, tracked: Sequence[Tracked]) -> tuple[Seen | Missing, ...]:
        """What became of these things, in as few calls as the vendor allows; every one is answered."""
        ...

    def looks(self, tracked: Sequence[Tracked]) -> Looks:
        """The same in slices, each as soon as it is known, so that no later call can take it away.

        A call that fails is the answer to what it was asked about, and the others are asked on; whoever has enough of
        that closes the generator. It raises nothing, and everything comes once.
        """
        ...

    async def find(self, submission: Submission) -> tuple[Seen, ...]:
        """What the vendor has that could be this submission: same name (and content), any state.

        Only called where the capability `look_up` says it can be.
        """
        ...

    def listed(self, kind: Kind) -> AsyncGenerator[tuple[Listed, ...], None]:
        """All that the account has of a kind in `lists`, whoever made it, page by page."""
        ...


class Metering(Protocol):
    """What is left to send with."""

    async def readings(self) -> tuple[Reading, ...]:
        """Packages and balance as of now."""
        ...


class Vendor(Protocol):
    """One account at one vendor: what it is, and its methods in groups.

    Every method of every group may raise `VendorError`.

    Attributes:
        account: the account's name.
        vendor: the vendor's word in the configuration.
        words: what people call the vendor, in lower case; the first is `vendor`.
        capabilities: what it can do with each kind.
        reviews: submissions and their reviews; every vendor has them.
        quota: what is left; none where the vendor does not tell.
        traffic: how much was sent and what became of it; none where the vendor does not tell.
        messages: messages to single numbers; none where the vendor has no way.
        pushes: what it sends by itself; none where it sends nothing.
        codes: codes to phones; none where it sends none.
    """

    account: str
    vendor: str
    words: ClassVar[tuple[str, ...]]
    capabilities: Capabilities
    reviews: Reviewing
    quota: Metering | None
    traffic: Counting | None
    messages: Sending | None
    pushes: Pushes | None
    codes: Verifying | None

    async def probe(self) -> Words:
        """The cheapest call that proves address, clock, credentials and the right to list; returns what was seen."""
        ...

    async def aclose(self) -> None:
        """Close the connections."""
        ...
