"""What Tencent's server keeps."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from integrations.sandbox.phones import Phones
from integrations.sandbox.traffic import HISTORY, Flow, daily
from integrations.sandbox.world import Review, Verdict, World


class Status(IntEnum):
    """StatusCode of signatures and templates (facts 2.5, 3)."""

    REJECTED = -1
    USABLE = 0
    PENDING = 1
    NOT_EFFECTIVE = 2


@dataclass(frozen=True, slots=True)
class SignForm:
    """What an application for a signature says (facts 2.1)."""

    name: str
    sign_type: int
    document_type: int
    purpose: int
    qualification_id: int
    remark: str


@dataclass(slots=True)
class Sign:
    """A signature. Signatures are kept per region (facts 1.1)."""

    sign_id: int
    region: str
    international: bool
    created_at: datetime
    form: SignForm
    review: Review
    disabled: str | None = None


@dataclass(slots=True)
class Template:
    """A template, kept per region like signatures."""

    template_id: int
    region: str
    international: bool
    created_at: datetime
    name: str
    content: str
    sms_type: int
    remark: str
    review: Review
    disabled: str | None = None


@dataclass(frozen=True, slots=True)
class Qualification:
    """A qualification, made in the vendor's console; no API lists them (facts 2)."""

    qualification_id: int
    name: str


@dataclass(slots=True)
class Package:
    """A package of domestic messages (facts 4)."""

    package_id: int
    gift: bool
    amount: int
    used: int
    created_at: datetime
    expires_at: datetime


class Account:
    """Everything Tencent's server keeps."""

    def __init__(self, world: World, phones: Phones) -> None:
        self.world = world
        self.phones = phones
        self.signs: dict[int, Sign] = {}
        self.templates: dict[int, Template] = {}
        self.sign_ids = itertools.count(1_110_001)
        self.template_ids = itertools.count(2_220_001)
        self.package_ids = itertools.count(330_001)
        seed, started = world.seed, world.started_at
        self.flow = Flow(daily(seed.daily_messages), started - HISTORY)
        self.qualifications = {
            seed.qualification_id: Qualification(seed.qualification_id, "速达自用资质"),
            seed.rejected_qualification_id: Qualification(seed.rejected_qualification_id, "速达自用资质二"),
        }
        self.qualification_reviews = {
            seed.qualification_id: world.old_review(),
            seed.rejected_qualification_id: world.old_review(refusal="营业执照图片不清晰，请重新上传"),
        }
        self.packages = [
            Package(
                next(self.package_ids),
                True,
                seed.tencent_gift,
                0,
                started - timedelta(days=70),
                started + timedelta(days=295),
            ),
            Package(
                next(self.package_ids),
                False,
                seed.tencent_total,
                seed.tencent_used,
                started - timedelta(days=60),
                started + timedelta(days=305),
            ),
        ]
        if not seed.begun:
            return
        review = world.old_review()
        form = SignForm(seed.signature, 0, 0, 0, seed.qualification_id, "登录与订单通知")
        sign_id = next(self.sign_ids)
        self.signs[sign_id] = Sign(sign_id, seed.tencent_region, False, review.submitted_at, form, review)

    def status(self, item: Sign | Template) -> Status:
        """Return StatusCode at this moment (facts 2.6)."""
        now = self.world.now()
        if item.disabled is not None:
            return Status.REJECTED
        match item.review.verdict(now):
            case Verdict.PENDING:
                return Status.PENDING
            case Verdict.REJECTED:
                return Status.REJECTED
            case Verdict.APPROVED:
                # Only domestic signatures wait for the carriers; a template is usable when approved.
                waits = isinstance(item, Sign) and not item.international and self._waits(item, now)
                return Status.NOT_EFFECTIVE if waits else Status.USABLE

    def reply(self, item: Sign | Template) -> str:
        """Return ReviewReply."""
        if item.disabled is not None:
            return item.disabled
        return (item.review.refusal or "") if self.status(item) is Status.REJECTED else ""

    def signs_in(self, region: str, *, international: bool) -> Iterator[Sign]:
        """Yield a region's signatures, newest first."""
        for sign in reversed(self.signs.values()):
            if sign.region == region and sign.international is international:
                yield sign

    def templates_in(self, region: str, *, international: bool) -> Iterator[Template]:
        """Yield a region's templates, newest first."""
        for template in reversed(self.templates.values()):
            if template.region == region and template.international is international:
                yield template

    def _waits(self, sign: Sign, now: datetime) -> bool:
        decided_at = sign.review.decided_at
        return decided_at is not None and now < decided_at + self.world.pace.tencent_effective
