"""What UCloud's server keeps."""

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum

from integrations.sandbox.phones import Phones
from integrations.sandbox.traffic import HISTORY, Flow, daily
from integrations.sandbox.world import Review, Verdict, World
from integrations.sandbox.world_time import CHINA

PENDING_SHARE = 10
"""The first tenth of a review an item is pending, then under review."""


class Status(IntEnum):
    """Status of signatures and templates (facts 3.5)."""

    PENDING = 0
    UNDER_REVIEW = 1
    APPROVED = 2
    REJECTED = 3
    DISABLED = 4


@dataclass(slots=True)
class Signature:
    """A signature."""

    sig_id: str
    content: str
    sig_type: int
    purpose: int
    international: bool
    qualification_id: str
    review: Review
    disabled: str | None = None


@dataclass(slots=True)
class Template:
    """A template."""

    template_id: str
    purpose: int
    name: str
    text: str
    international: bool
    unsubscribe: str
    remark: str
    instruction: str
    created_at: datetime
    review: Review
    disabled: str | None = None


@dataclass(slots=True)
class Qualification:
    """A qualification (facts 2.5)."""

    qualification_id: str
    name: str
    attr: int
    company: str
    credit_code: str
    handler: str
    created_at: datetime
    review: Review
    disabled: str | None = None
    draft: bool = False


@dataclass(slots=True)
class Project:
    """Everything UCloud's server keeps."""

    world: World
    phones: Phones
    signatures: dict[str, Signature] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)
    qualifications: dict[str, Qualification] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    balance: Decimal = Decimal(0)
    flow: Flow = field(init=False)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        """Lay out the seed."""
        seed = self.world.seed
        self.flow = Flow(daily(seed.daily_messages), self.world.started_at - HISTORY)
        self.balance = Decimal(seed.ucloud_balance)
        if not seed.begun:
            return
        rows = (
            (seed.qualification_id, "速达自用资质", 0, seed.company, seed.credit_code, None),
            (seed.rejected_qualification_id, "速达自用资质二", 0, seed.company, seed.credit_code, "营业执照图片不清晰"),
            (seed.owner_qualification_id, "启明他用资质", 1, seed.owner, seed.owner_credit_code, None),
        )
        for number, (qualification_id, name, attr, company, code, refusal) in enumerate(rows, start=1):
            review = self.world.old_review(days=60 + number, refusal=refusal)
            self.qualifications[str(qualification_id)] = Qualification(
                str(qualification_id), name, attr, company, code, seed.legal_person, review.submitted_at, review
            )
        sig_id = self.new_id("SIG")
        self.signatures[sig_id] = Signature(
            sig_id, seed.signature, 0, 0, False, str(seed.qualification_id), self.world.old_review()
        )

    def new_id(self, prefix: str) -> str:
        """Return an id such as `SIG20260304000001` (facts 2.1, 3.1)."""
        return f"{prefix}{self.today():%Y%m%d}{next(self.numbers):06X}"

    def today(self) -> date:
        """Return the day in China."""
        return self.world.now().astimezone(CHINA).date()

    def status(self, item: Signature | Template) -> Status:
        """Return Status at this moment."""
        if item.disabled is not None:
            return Status.DISABLED
        now, review = self.world.now(), item.review
        match review.verdict(now):
            case Verdict.APPROVED:
                return Status.APPROVED
            case Verdict.REJECTED:
                return Status.REJECTED
            case Verdict.PENDING:
                begun = now - review.submitted_at >= self.world.pace.ucloud / PENDING_SHARE
                return Status.UNDER_REVIEW if begun else Status.PENDING

    def reason(self, item: Signature | Template) -> str:
        """Return ErrDesc: empty unless rejected or disabled."""
        if item.disabled is not None:
            return item.disabled
        return (item.review.refusal or "") if self.status(item) is Status.REJECTED else ""
