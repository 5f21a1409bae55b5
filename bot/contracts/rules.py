"""What a vendor's reviewers mind, as data: which published rules it has, how severe they are, and where it says so.

What a rule looks for stands once, in `bot.requests.check`; a vendor's folder says which of them are its own, since when,
and with which words, symbols and bounds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

from bot.contracts.model import Kind, Words
from bot.contracts.variants import DIGITAL

R = TypeVar("R", contravariant=True)


class Severity(StrEnum):
    """What a finding means for the submission."""

    ERROR = "error"  # would be refused: it stops
    WARNING = "warning"  # may be refused or blocked: asked about once


@dataclass(frozen=True, slots=True)
class Page:
    """Where a rule was read.

    Args:
        where: the address, or the document and its section.
        date: of the page where it has one, otherwise when it was read; ISO 8601, as exact as known.
        confirmed: whether it is the vendor's own word; what third parties report is not.
    """

    where: str
    date: str
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Minds:
    """A rule that a vendor has.

    Args:
        rule: its slug.
        severity: how severe it is there.
        page: where the vendor says so.
        types: of a template, where it holds for these only; empty for all that the rule is about.
        words: the vendor's own words, symbols or names, where the rule asks for some.
        least: the lower bound, where the rule asks for one.
        most: the upper bound, where the rule asks for one.
        abroad: the upper bound for numbers outside the mainland; 0 where it is the same.
        topics: of a list of topics: those on the vendor's list; empty for all.
        note: what this vendor in particular says, beside what the rule says to all.
        regions: `domestic`, `international` or both, where its page says so; empty for those the rule is about.
    """

    rule: str
    severity: Severity
    page: Page
    types: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    least: int = 0
    most: int = 0
    abroad: int = 0
    topics: frozenset[str] = frozenset()
    note: Words | None = None
    regions: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Price:
    """What one part of a message costs.

    Args:
        type: of the template.
        amount: in `unit`, the price to begin with, before any quantity.
    """

    type: str
    amount: Decimal
    page: Page
    unit: str = "CNY"


@dataclass(frozen=True, slots=True)
class Standards:
    """All that a vendor publishes on what passes.

    Args:
        vendor: its word in the configuration.
        minds: its rules.
        prices: of domestic messages; empty where none is published.
    """

    vendor: str
    minds: tuple[Minds, ...]
    prices: tuple[Price, ...] = ()


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words by which a reviewer's reason is known.

    Args:
        pattern: a regular expression, looked for in the reason in lower case and half-width.
        rules: the slugs it speaks of, the likeliest first.
    """

    pattern: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A submission as the rules see it; whatever is none is not known and not minded.

    Args:
        kind: signature or template.
        type: of a template: `otp`, `notice`, `promo` or `digital`; empty where it was not said.
        international: for numbers outside the mainland.
        name: the signature, or the template's name.
        content: the template's text, variables written `${name}`.
        values: everything else that was said, by its canonical key.
        company: the name on the papers, where it is known.
        qualification: whether an approved one is named.
        paper: whether what the source needs is attached; of a promotion, the proof of consent.
        letter: whether the owner's authorisation is attached.
        media: of a digital template: the media types of its files, in order.
        had: how many of its kind the account has, where it would be one more.
        today: how many of its kind the account asked for since midnight in China.
    """

    kind: Kind
    type: str = ""
    international: bool = False
    name: str = ""
    content: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    company: str = ""
    qualification: bool | None = None
    paper: bool | None = None
    letter: bool | None = None
    media: tuple[str, ...] | None = None
    had: int | None = None
    today: int | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A place where a rule found something.

    Args:
        key: of the value at fault.
        start: its first character, from 0; -1 where it is the value as a whole, or what is missing.
        end: the one behind its last.
        fix: the whole value as this rule would take it; none where only a person can tell.
        what: the words at fault where they say more than their place: a name, a topic.
    """

    key: str
    start: int = -1
    end: int = -1
    fix: str | None = None
    what: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A draft in one line, for the documentation and its test: a text or a name, and what else matters."""

    text: str
    type: str = "notice"
    values: tuple[tuple[str, str], ...] = ()
    international: bool = False


TEXT_TYPES = frozenset({"otp", "notice", "promo", ""})
"""The types of templates for text messages, and one whose type was not said."""

EVERY_TYPE = TEXT_TYPES | {DIGITAL}
"""Those of digital messages too."""


@dataclass(frozen=True, slots=True)
class Rule(Generic[R]):
    """What some reviewers mind.

    Args:
        id: its slug, the same at every vendor.
        kind: of a signature or of a template.
        title: what is minded, in a few words: a row of the table.
        says: why, and what usually passes.
        find: where a draft breaks it; a pure function of the draft as read and of what the vendor says.
        bad: an example that it finds.
        good: one that it lets pass.
        types: of a template: those it is about.
        regions: `domestic`, `international`, or both.
        declared: the key of the field whose declaration says the same; where that has spoken, this is silent.
    """

    id: str
    kind: Kind
    title: Words
    says: Words
    find: Callable[[R, Minds], tuple[Hit, ...]]
    bad: Example
    good: Example
    types: frozenset[str] = TEXT_TYPES
    regions: frozenset[str] = frozenset({"domestic"})
    declared: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """What one vendor minds in a draft.

    Args:
        rule: the slug.
        severity: there.
        hit: where.
        minds: the vendor's entry, with its page.
    """

    rule: str
    severity: Severity
    hit: Hit
    minds: Minds
