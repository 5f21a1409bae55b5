"""The words of the domain as frozen values.

Every other module may import this one, and this one imports none of them but the variants that a kind has.
All times are aware and UTC; people see them in the conversation's zone, which is the language's business.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from types import MappingProxyType
from typing import Any

from bot.contracts.hushed import of_a_file
from bot.contracts.variants import Variants


@dataclass(frozen=True, slots=True)
class Words:
    """A short text that is declared in both languages side by side (labels, hints, advice).

    Sentences that a program composes live in the catalogue instead, see `bot.wording.language`.
    """

    en: str
    zh: str

    @classmethod
    def same(cls, text: str) -> "Words":
        """A text that is the same in both: a name, or what somebody else said."""
        return cls(text, text)

    def said(self, language: str) -> str:
        """The one of the two that is in a language, `en` or `zh`."""
        return self.zh if language == "zh" else self.en


class Kind(StrEnum):
    """What is asked of a vendor (spec 2)."""

    QUALIFICATION = "qualification"
    SIGNATURE = "signature"
    TEMPLATE = "template"


class State(StrEnum):
    """Where a request stands (spec 2); the allowed moves are in `bot.requests.lifecycle`."""

    DRAFT = "draft"  # begun, something is still missing; kept over restarts
    AWAITING_APPROVAL = "awaiting_approval"  # a second person must agree first
    QUEUED = "queued"  # the intent is stored, the vendor has not been called
    SUBMITTING = "submitting"  # the call is under way
    UNKNOWN = "unknown"  # the answer was lost; being settled by look-up, never by calling again
    IN_REVIEW = "in_review"  # the vendor has it, its reviewers have not decided
    APPROVED = "approved"  # the reviewer said yes, but messages cannot go out yet (carriers)
    READY = "ready"  # messages can go out
    REJECTED = "rejected"  # the reviewer said no, with a reason
    FAILED = "failed"  # the vendor refused the call, or it never arrived
    WITHDRAWN = "withdrawn"  # taken back at the vendor's console
    DISABLED = "disabled"  # banned or lapsed at the vendor
    DELETED = "deleted"  # gone at the vendor
    CANCELLED = "cancelled"  # given up here before it was sent


class Action(StrEnum):
    """What a queued request wants from the vendor."""

    CREATE = "create"
    UPDATE = "update"
    DELETE = "delete"


class Role(IntEnum):
    """What somebody may do; a higher role includes the lower ones (spec 11)."""

    NOBODY = 0
    VIEWER = 1
    SUBMITTER = 2
    RESPONDER = 3
    APPROVER = 4
    ADMIN = 5


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is said: a conversation of a chat platform, and in it a thread where there are threads."""

    platform: str
    conversation: str
    thread: str = ""

    @property
    def key(self) -> str:
        """The conversation as one string, as keys of the record spell it: `platform:conversation`."""
        return f"{self.platform}:{self.conversation}"

    def same_conversation(self, other: "Place") -> bool:
        """Whether both are in one conversation, in whichever threads."""
        return (self.platform, self.conversation) == (other.platform, other.conversation)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who says it: identity is platform + immutable user id (+ team or corporation), never the name (spec 11)."""

    platform: str
    user: str
    team: str = ""
    name: str = ""  # for display only
    outsider: bool = False  # from another organisation: Slack Connect, another DingTalk corporation

    @property
    def key(self) -> str:
        """The identity as one string, as the record keeps it: `platform:user`, or `platform:team/user`."""
        return f"{self.platform}:{self.team}/{self.user}" if self.team else f"{self.platform}:{self.user}"

    @classmethod
    def of(cls, key: str, name: str = "") -> "Actor":
        """Whom a `key` means."""
        platform, _, rest = key.partition(":")
        team, slash, user = rest.partition("/")
        return cls(platform, user, team, name) if slash else cls(platform, rest, name=name)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that proves something to a vendor; its content never leaves memory, the record keeps the rest."""

    name: str  # ends as names of its type do, whatever the file was called
    content: bytes = field(repr=False)
    media_type: str  # decided by the bytes, never by the name

    @property
    def size(self) -> int:
        """Bytes."""
        return len(self.content)

    @property
    def sha256(self) -> str:
        """Lower-case hex digest of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file as a chat delivered it, before anyone looked inside; people name them after whom they are of."""

    name: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", of_a_file(self.name))


@dataclass(frozen=True, slots=True)
class Styled:
    """A piece of a typed text that the chat shows in another way: bold, as code, as a quotation, as an emoji.

    The marks themselves do not stand in the text: around a command or a word of it they mean nothing. In what goes to a
    vendor they are asked about (`bot.desk.plainly`).

    Attributes:
        start: where the piece begins.
        end: where it ends.
        sign: the mark: `*`, `_`, `~`, a backtick, three of them, `>`, `•`; `:` for an emoji, which does stand in the text.
        key: whose of `Incoming.values` the text is; empty for `Incoming.text`.
    """

    start: int
    end: int
    sign: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing somebody said, the same value from every chat.

    Attributes:
        text: what was typed, without the chat's own markup; who is mentioned stands there in the form of
            `bot.contracts.mentions`.
        actor: who typed it.
        place: where.
        origin: the platform's id of this delivery; the same id twice is one act, also over restarts.
        files: what came with it.
        can_ask: whether the chat can carry on a dialogue here (a script that pipes lines cannot).
        direct: a 1:1 conversation with the bot.
        pressed: it is a button on a message, where whoever pressed reads what came of it.
        invited: nothing was said: this person has just taken the bot into the conversation.
        values: what a form was filled in with: keys and values beside the text.
        papers: files given for a field of a form: key → files.
        accounts: accounts chosen in a form, in the place of those in the text.
        together: the numbers of what was handed in with one form, each of which is a command of its own.
        standing: of a form: `Request.standing` as whoever opened it saw it; empty where that is not known.
        replaces: the platform's id of a message whose button was pressed and whose place the answer takes.
        styled: what had the chat's formatting around it.
    """

    text: str
    actor: Actor
    place: Place
    origin: str
    files: tuple[Attachment, ...] = ()
    can_ask: bool = True
    direct: bool = False
    pressed: bool = False
    invited: bool = False
    values: tuple[tuple[str, str], ...] = ()
    papers: Mapping[str, tuple[Attachment, ...]] = field(default_factory=lambda: MappingProxyType({}))
    accounts: tuple[str, ...] = ()
    together: tuple[int, ...] = ()
    standing: str = ""
    replaces: str = ""
    styled: tuple[Styled, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission(Variants):
    """What a vendor is asked to review, in our words; the vendor's wire module turns it into the vendor's.

    Attributes:
        kind: signature, template or qualification.
        name: the signature's text or the template's name.
        values: key → value, all text: choice words (`company`), `true`/`false`, ids, free text. Dotted keys for
            families, e.g. `sample.code`.
        papers: key → files, e.g. `paper`, `letter`.
    """

    kind: Kind
    name: str
    values: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    papers: Mapping[str, tuple[Paper, ...]] = field(default_factory=lambda: MappingProxyType({}))

    def family(self, prefix: str) -> dict[str, str]:
        """The values of one dotted family, e.g. `sample` → `{"code": "1234"}`."""
        start = prefix + "."
        return {key.removeprefix(start): value for key, value in self.values.items() if key.startswith(start)}


@dataclass(frozen=True, slots=True)
class CarrierFiling:
    """What one carrier says of a signature after the vendor approved it.

    Attributes:
        carrier: `mobile`, `unicom` or `telecom`.
        status: `waiting`, `done`, `failed`, `lapsed` or `missing` (never begun).
        reason: the carrier's own words, may be empty.
    """

    carrier: str
    status: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a vendor did not take a call, or why its answer was lost, as the record keeps it and notices carry it.

    Attributes:
        code: the vendor's own.
        message: the vendor's own words.
        request_id: what to quote to the vendor's support.
        trouble: whose business it is, a `bot.contracts.errors.Trouble`.
        advice: what it means and what to do now; none where nobody knows the code.
    """

    code: str = ""
    message: str = ""
    request_id: str = ""
    trouble: str = ""
    advice: Words | None = None

    def meaning(self, language: str) -> str:
        """The advice in a language, `en` or `zh`; empty where there is none."""
        return self.advice.said(language) if self.advice else ""

    def to_json(self) -> dict[str, str]:
        """As it is stored."""
        return {
            "code": self.code,
            "message": self.message,
            "request_id": self.request_id,
            "trouble": self.trouble,
            "advice_en": self.meaning("en"),
            "advice_zh": self.meaning("zh"),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Refusal":
        """What was stored, perhaps among other things; what was not is empty."""
        said = {key: str(data.get(key, "")) for key in ("code", "message", "request_id", "trouble")}
        advice = Words(str(data.get("advice_en", "")), str(data.get("advice_zh", "")))
        return cls(**said, advice=advice if advice.en or advice.zh else None)


@dataclass(frozen=True, slots=True)
class Request(Variants):
    """One thing asked of one account: a row of the record.

    Attributes:
        number: shown as `#17` everywhere.
        batch: born from one command with its siblings.
        values: what the vendor has (or is to get); papers only as `{"name", "size", "sha256"}`.
        proposed: what an edit under way wants to change `values` to.
        prior: the state to fall back to when an edit or a delete is refused.
        vendor_ref: the vendor's id: a name, a template code, a number.
        order: the vendor's ticket number to quote when asking for speed; may be empty.
        word: the vendor's own word for the state, as last seen.
        reason: the reviewer's or the refusal's text, word for word; or one of `bot.requests.lifecycle`'s own reasons.
        refusal: of a call the vendor refused; of one whose answer was lost, why it was; of a draft that cannot be sent as
            it was typed, what is wrong with it.
        filings: what the carriers say, where the vendor shows it.
        submitter: `Actor.key` of who asked; `submitter_name` is for display.
        message: the platform's id of the card that shows this request; its thread carries the story.
        since: when the present state began.
        submitted_at: when the vendor took it (the last time).
        next_look_at: when the vendor is to be asked again; none when nothing is expected.
        ordered_by: `Actor.key` of who ordered what waits for a second person, or waited last.
        earlier: the number of the rejected request that this one takes the place of.
    """

    number: int
    batch: int
    account: str
    vendor: str
    kind: Kind
    name: str
    state: State
    action: Action
    values: Mapping[str, str]
    papers: tuple[Mapping[str, str], ...]
    submitter: str
    submitter_name: str
    place: Place
    created_at: datetime
    updated_at: datetime
    since: datetime
    vendor_ref: str = ""
    order: str = ""
    word: str = ""
    reason: str = ""
    proposed: Mapping[str, str] | None = None
    prior: State | None = None
    refusal: Refusal | None = None
    filings: tuple[CarrierFiling, ...] = ()
    submitted_at: datetime | None = None
    next_look_at: datetime | None = None
    looks: int = 0
    ordered_by: str = ""
    earlier: int | None = None

    @property
    def standing(self) -> str:
        """Its state and since when, as one text: whoever saw the same gives an order about the same."""
        return f"{self.state} {self.since.isoformat()}"

    def submission(self, papers: Mapping[str, tuple[Paper, ...]] | None = None) -> Submission:
        """What is to be sent now: the proposal of an edit under way, otherwise the request itself."""
        values = self.values if self.proposed is None else self.proposed
        return Submission(kind=self.kind, name=values.get("name", self.name), values=values, papers=papers or {})


@dataclass(frozen=True, slots=True)
class Question:
    """What one person is being asked in one conversation.

    Args:
        place: where, with the thread.
        actor: whom.
        data: what it is about: its `do` says who takes the answer.
        asked_at: when it was asked, or last answered.
        expires_at: when it is forgotten.
        remind_at: when the person is to be reminded; none when they were, or need not be.
        code: with which a file may be handed in one to one; empty when there is none.
        wrong: how many wrong codes were sent since.
        files_from: the 1:1 conversation (`platform:conversation`) in which the code was said, whose files are for it.
    """

    place: Place
    actor: Actor
    data: Mapping[str, Any]
    asked_at: datetime
    expires_at: datetime
    remind_at: datetime | None = None
    code: str = ""
    wrong: int = 0
    files_from: str = ""

    def open(self, now: datetime) -> bool:
        """Whether it still waits for an answer."""
        return now < self.expires_at

    def begun_anew(self, now: datetime) -> "Question":
        """The same, asked now: the clock was set back since, and whoever was asked has their time all the same."""
        back = self.asked_at - now
        remind_at = None if self.remind_at is None else self.remind_at - back
        return replace(self, asked_at=now, expires_at=self.expires_at - back, remind_at=remind_at)
