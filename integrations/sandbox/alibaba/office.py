"""What Alibaba's server keeps."""

import itertools
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from integrations.sandbox.phones import Phones
from integrations.sandbox.settings import CARRIERS, Carrier, Seed
from integrations.sandbox.traffic import Flow
from integrations.sandbox.world import Review, Verdict, World
from integrations.sandbox.world_time import CHINA


@dataclass(frozen=True, slots=True)
class SignatureForm:
    """What an application for a signature says (facts 2.1)."""

    source: int
    sign_type: int
    qualification_id: int
    third_party: bool
    letter_id: int = 0
    trademark_id: int = 0
    app_icp_id: int = 0
    scene: str = ""
    files: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Registration:
    """A carrier's registration of a signature (facts 2.4)."""

    status: int
    reasons: tuple[tuple[str, tuple[str, ...]], ...]
    completed_at: datetime | None


@dataclass(slots=True)
class Signature:
    """A signature; `edit` is a change of an approved one, unseen by queries until it passes (facts trap 10).

    What became of one that did not pass is only pushed: ticket and review in `refused_edits`.
    """

    name: str
    code: str
    order_id: str
    created_at: datetime
    form: SignatureForm
    review: Review
    tag: str = "2"
    withdrawn: bool = False
    edit: tuple[SignatureForm, Review, str] | None = None
    filed: dict[Carrier, Registration] = field(default_factory=dict)
    refused_edits: list[tuple[str, Review]] = field(default_factory=list)

    def settle(self, now: datetime) -> None:
        """Let a decided edit take effect or vanish; one that passes starts the carriers' registration anew."""
        if self.edit is None:
            return
        form, review, order_id = self.edit
        match review.verdict(now):
            case Verdict.APPROVED:
                self.form, self.review, self.order_id, self.edit = form, review, order_id, None
                self.filed.clear()
            case Verdict.REJECTED:
                self.refused_edits.append((order_id, review))
                self.edit = None
            case Verdict.PENDING:
                pass

    def pending(self, now: datetime) -> bool:
        """Tell whether the signature or an edit of it waits for a reviewer."""
        self.settle(now)
        return not self.withdrawn and (self.edit is not None or self.review.verdict(now) is Verdict.PENDING)

    def approved(self, now: datetime) -> bool:
        """Tell whether templates may be bound to it."""
        return not self.withdrawn and self.review.verdict(now) is Verdict.APPROVED


@dataclass(frozen=True, slots=True)
class TemplateForm:
    """What an application for a template says (facts 4.1)."""

    name: str
    content: str
    template_type: int
    intl_type: int | None
    sign_name: str
    rule: str
    remark: str
    scene: str
    files: tuple[str, ...]
    traffic: str


@dataclass(slots=True)
class Template:
    """A template."""

    code: str
    order_id: str
    created_at: datetime
    form: TemplateForm
    review: Review
    tag: int = 2
    withdrawn: bool = False


@dataclass(slots=True)
class DigitalSignature:
    """A signature for digital messages; `filed` is what carriers said by hand, `reason` why one did not."""

    sign_id: int
    code: str
    name: str
    source: int
    industry: int
    qualification_id: int
    created_at: datetime
    modified_at: datetime
    review: Review
    version: int = 1
    filed: dict[Carrier, int] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """One part of a digital template; of a text its words, of everything else only how large it is."""

    name: str
    suffix: str
    size: int
    text: str = ""


@dataclass(slots=True)
class DigitalTemplate:
    """A digital template; `audited` is what carriers said by hand."""

    code: str
    order_id: str
    name: str
    sign: str
    remark: str
    files: tuple[MediaFile, ...]
    created_at: datetime
    review: Review
    withdrawn: bool = False
    audited: dict[Carrier, int] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of its words."""
        return "\n".join(file.text for file in self.files if file.suffix == "txt")


@dataclass(slots=True)
class Qualification:
    """A qualification, as far as signatures and the record list need it."""

    group_id: int
    work_order_id: int
    name: str
    company: str
    credit_code: str
    legal_person: str
    use_by_self: bool
    created_at: datetime
    review: Review


@dataclass(slots=True)
class Letter:
    """A letter of authorization; `passed` once a signature that uses it was approved."""

    letter_id: int
    name: str
    owner: str
    credit_code: str
    applicant: str
    valid: str
    picture: str
    names: tuple[str, ...]
    passed: bool = False

    def expired(self, today: date) -> bool:
        """Tell whether the end of its date range has passed."""
        return self.valid.split("~")[1] < today.isoformat()


@dataclass(slots=True)
class Package:
    """A resource package of the billing API (facts 8.1)."""

    instance_id: str
    commodity: str
    product: str
    remark: str
    unit: str
    total: int
    remaining: int
    drain_per_hour: int
    effective_at: datetime
    expires_at: datetime
    spent: int = 0

    def left(self, started_at: datetime, now: datetime) -> int:
        """Return what is left after the steady drain and what `drain()` took."""
        hours = max(now - started_at, timedelta()) / timedelta(hours=1)
        return max(self.remaining - int(hours * self.drain_per_hour) - self.spent, 0)


class Office:
    """Everything Alibaba's server keeps."""

    def __init__(self, world: World, phones: Phones) -> None:
        self.world = world
        self.phones = phones
        self.signatures: OrderedDict[str, Signature] = OrderedDict()
        self.templates: OrderedDict[str, Template] = OrderedDict()
        self.digital_signatures: OrderedDict[str, DigitalSignature] = OrderedDict()
        self.digital_templates: OrderedDict[str, DigitalTemplate] = OrderedDict()
        self.uploads: dict[str, int] = {}
        self.codes: dict[str, str] = {}  # phone → the code that was sent to it last
        self.trademarks: dict[int, dict[str, object]] = {}
        self.app_records: dict[int, dict[str, object]] = {}
        self.numbers = itertools.count(1)
        begun = world.seed.begun
        self.qualifications = _qualifications(world) if begun else {}
        self.letters = {letter.letter_id: letter for letter in _letters(world)} if begun else {}
        self.packages = _packages(world)
        drain = world.seed.alibaba_drain
        self.flow = Flow(lambda _: drain, world.started_at - world.seed.alibaba_history)
        if begun:
            self._seed_trademark_and_app(world.seed)
            self._seed_signature(world.seed)

    def order_id(self) -> str:
        """Return a new ticket number."""
        return f"{2_000_000_000 + next(self.numbers)}"

    def today(self) -> date:
        """Return the day in China."""
        return self.world.now().astimezone(CHINA).date()

    def registrations(self, signature: Signature) -> dict[Carrier, Registration]:
        """Return what each carrier says of an approved signature: by hand, else by the pace."""
        approved_at = signature.review.decided_at
        now = self.world.now()
        if not signature.approved(now) or approved_at is None:
            return {}
        found: dict[Carrier, Registration] = {}
        for carrier in CARRIERS:
            done_at = approved_at + self.world.pace.filing(carrier)
            if carrier in signature.filed:
                found[carrier] = signature.filed[carrier]
            elif now >= done_at:
                found[carrier] = Registration(3, (("DETECT_SUCCESS", ()),), done_at)
            else:
                found[carrier] = Registration(-1, (("REGISTERING", ("运营商实名报备中",)),), None)
        return found

    def digital_registrations(self, signature: DigitalSignature) -> dict[Carrier, int]:
        """Return what each carrier says of a digital signature: 3 done, -1 running, 0 failed, -2 not begun (facts 0.1)."""
        return self._carriers(signature.review, signature.filed, {"running": -1, "done": 3, "refused": 0})

    def digital_audits(self, template: DigitalTemplate) -> dict[Carrier, int]:
        """Return what each carrier says of a digital template: 0 pending, 1 passed, 2 refused (facts 0.1)."""
        return self._carriers(template.review, template.audited, {"running": 0, "done": 1, "refused": 2})

    def _carriers(self, review: Review, by_hand: dict[Carrier, int], words: dict[str, int]) -> dict[Carrier, int]:
        """Let the carriers decide at their pace after the vendor did; what it refused none of them takes."""
        now = self.world.now()
        verdict = review.verdict(now)
        said: dict[Carrier, int] = {}
        for carrier in CARRIERS:
            passed = verdict is Verdict.APPROVED and review.decided_at is not None
            done = (
                passed and review.decided_at is not None and now >= review.decided_at + self.world.pace.filing(carrier)
            )
            word = "refused" if verdict is Verdict.REJECTED else "done" if done else "running"
            said[carrier] = by_hand.get(carrier, words[word])
        return said

    def letter_passed(self, letter: Letter) -> bool:
        """Tell whether some signature that uses the letter has been approved (facts 0.1)."""
        now = self.world.now()
        return letter.passed or any(
            one.approved(now) and one.form.letter_id == letter.letter_id for one in self.signatures.values()
        )

    def _seed_trademark_and_app(self, seed: Seed) -> None:
        self.trademarks[seed.trademark_id] = {
            "TrademarkName": seed.trademark,
            "TrademarkApplicantName": seed.company,
            "TrademarkRegistrationNumber": "58563001",
            "TrademarkEffExpDate": "2022-03-01~2032-02-28",
            "TrademarkPic": "000001/trademark.png",
        }
        self.app_records[seed.app_icp_id] = {
            "AppServiceName": seed.app,
            "AppPrincipalUnitName": seed.company,
            "AppIcpLicenseNumber": "浙B2-20240001",
            "AppApprovalDate": "2024-01-15",
            "AppIcpRecordPic": "000001/icp.png",
            "AppRuntimePic": "",
            "AppStoreDownloadPic": "",
            "Domain": "https://app.example.com/suda",
        }

    def _seed_signature(self, seed: Seed) -> None:
        review = self.world.old_review()
        form = SignatureForm(
            0, 1, seed.qualification_id, third_party=False, remark="登录与订单通知，官网 https://www.example.com"
        )
        self.signatures[seed.signature] = Signature(
            seed.signature, f"SIGN_{100_000_000}", self.order_id(), review.submitted_at, form, review
        )
        began = review.submitted_at
        self.digital_signatures[seed.signature] = DigitalSignature(
            900_000, f"DIGITAL_SIGN_{100_000_000}", seed.signature, 0, 0, seed.qualification_id, began, began, review
        )


def _qualifications(world: World) -> dict[int, Qualification]:
    seed = world.seed
    rows = (
        (seed.qualification_id, "速达自用资质", seed.company, seed.credit_code, True, None),
        (
            seed.rejected_qualification_id,
            "速达自用资质二",
            seed.company,
            seed.credit_code,
            True,
            "营业执照图片不清晰，请上传彩色原件照片",
        ),
        (seed.owner_qualification_id, "启明他用资质", seed.owner, seed.owner_credit_code, False, None),
    )
    found = {}
    for number, (group_id, name, company, code, own, refusal) in enumerate(rows, start=1):
        review = world.old_review(days=60 + number, refusal=refusal)
        found[group_id] = Qualification(
            group_id, 1_000_000_000 + number, name, company, code, seed.legal_person, own, review.submitted_at, review
        )
    return found


def _letters(world: World) -> list[Letter]:
    seed = world.seed
    today = world.started_at.astimezone(CHINA).date()
    valid = f"{today - timedelta(days=90)}~{today + timedelta(days=275)}"
    return [
        Letter(
            seed.letter_id,
            "启明授权委托书",
            seed.owner,
            seed.owner_credit_code,
            seed.company,
            valid,
            "000001/letter.png",
            seed.owner_names,
        )
    ]


def _packages(world: World) -> list[Package]:
    seed, started = world.seed, world.started_at
    return [
        Package(
            "SMSBAG-cn-sandbox0001",
            "dysms_dp_cn",
            "dysms",
            "国内验证码/通知短信套餐包20万条",
            "条",
            seed.alibaba_total,
            seed.alibaba_remaining,
            seed.alibaba_drain,
            started - timedelta(days=325),
            started + seed.alibaba_expires_in,
        ),
        # Not SMS: the billing API lists every product's packages when no ProductCode is given (facts 8.1).
        Package(
            "OSSBAG-cn-sandbox0002",
            "ossbag",
            "oss",
            "对象存储标准存储包100GB",
            "GB",
            100,
            100,
            0,
            started - timedelta(days=100),
            started + timedelta(days=265),
        ),
    ]
