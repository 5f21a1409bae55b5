"""The whole path at one account, from no qualification to a test message: what is done, what waits, what comes next. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.commands.tokens import quoted
from bot.contracts import placeholders
from bot.contracts.guide import guided_by
from bot.contracts.model import Request, State
from bot.contracts.sent import SendState, TestMessage
from bot.contracts.vendor import FilingView, KindAbility, Option
from bot.requests.lifecycle import can_edit


class Step(StrEnum):
    """The steps, in order."""

    QUALIFICATION = "qualification"
    SIGNATURE = "signature"
    FILING = "filing"
    TEMPLATE = "template"
    TEST = "test"


class Standing(StrEnum):
    """Where a step stands."""

    DONE = "done"
    WAITING = "waiting"  # for reviewers, carriers, a receipt, this program
    TROUBLE = "trouble"  # rejected, failed, taken away: somebody must act
    MISSING = "missing"  # nobody has begun it, or it is only a draft
    OPTIONAL = "optional"  # the vendor does without
    ADVISED = "advised"  # the vendor takes a signature without it, but more passes with it
    HIDDEN = "hidden"  # the vendor does not show it
    LATER = "later"  # a step before it comes first
    SILENT = "silent"  # the vendor did not answer


_PASSED = frozenset({Standing.DONE, Standing.OPTIONAL, Standing.ADVISED, Standing.HIDDEN})


@dataclass(frozen=True, slots=True)
class Stage:
    """One step at one account.

    Args:
        step: which.
        standing: where it stands.
        request: what it is about, where the record has it.
        ref: the vendor's name or id of it, where only the vendor has it.
        test: the test message, of the last step.
        command: what to say next about it; empty where there is nothing to do but wait. Of what waits, what to say once the
            vendor's console shows the outcome.
    """

    step: Step
    standing: Standing
    request: Request | None = None
    ref: str = ""
    test: TestMessage | None = None
    command: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one account.

    Args:
        account: its name.
        name: the signature that is asked about; empty for whichever is furthest.
        abilities: what the vendor can do with a qualification, a signature, a template.
        wants_qualification: whether a signature must name one.
        qualifications: what the vendor lists; none where it did not answer.
        signatures: the same of signatures; empty where it lists none.
        qualification: the request that is furthest.
        signature: the same.
        template: the same.
        test: the newest test message with this signature.
        can_test: whether test messages can be sent from here.
        test_number: one that they may go to, masked.
        takes_qualification: whether a signature can name one.
    """

    account: str
    name: str
    abilities: tuple[KindAbility, KindAbility, KindAbility]
    wants_qualification: bool
    qualifications: Sequence[Option] | None
    signatures: Sequence[Option] | None
    qualification: Request | None = None
    signature: Request | None = None
    template: Request | None = None
    test: TestMessage | None = None
    can_test: bool = True
    test_number: str = ""
    takes_qualification: bool = True


@dataclass(frozen=True, slots=True)
class Path:
    """The path at one account.

    Args:
        account: its name.
        stages: one of each step, in order.
    """

    account: str
    stages: tuple[Stage, ...]

    @property
    def sends(self) -> bool:
        """Whether messages can go out: every step is done, or a test message arrived."""
        return self.stages[-1].standing is Standing.DONE or all(
            one.standing in _PASSED for one in self.stages if one.step is not Step.TEST
        )

    @property
    def next(self) -> Stage | None:
        """The first step that somebody can do something about now; while the carriers file, a template can be submitted."""
        for one in self.stages:
            if one.standing in (Standing.MISSING, Standing.TROUBLE) and one.command:
                return one
            if one.standing is Standing.WAITING and one.step is not Step.FILING:
                return None
        return None

    @property
    def advised(self) -> Stage | None:
        """What would better come first; nothing once there is a signature."""
        first, signature, *_ = self.stages
        return first if first.standing is Standing.ADVISED and signature.standing is not Standing.DONE else None

    @property
    def waiting(self) -> Stage | None:
        """The first step that waits."""
        return next((one for one in self.stages if one.standing is Standing.WAITING), None)


def path(known: Known) -> Path:
    """The path at one account."""
    qualification, signature = _qualification(known), _signature(known)
    filing = _filing(known, signature)
    template = _template(known, signature)
    stages = [qualification, signature, filing, template, _test(known, signature, filing, template)]
    if (
        qualification.standing in (Standing.MISSING, Standing.TROUBLE, Standing.WAITING)
        and signature.standing is Standing.MISSING
    ):
        stages[1] = Stage(Step.SIGNATURE, Standing.LATER)
    return Path(known.account, tuple(stages))


def _of_request(step: Step, request: Request, ability: KindAbility) -> Stage:
    number = request.number
    match request.state:
        case State.READY | State.APPROVED:
            return Stage(step, Standing.DONE, request)
        case State.DRAFT if guided_by(request):
            return Stage(step, Standing.MISSING, request, command=f"settle #{number} submitted id=…")
        case State.DRAFT:
            return Stage(step, Standing.MISSING, request, command=f"edit #{number}")
        case State.REJECTED | State.FAILED | State.WITHDRAWN | State.DISABLED:
            edits = can_edit(request, ability)
            return Stage(step, Standing.TROUBLE, request, command=f"edit #{number}" if edits else f"show #{number}")
        case State.UNKNOWN if request.next_look_at is None:
            return Stage(step, Standing.TROUBLE, request, command=f"show #{number}")
        case State.IN_REVIEW if guided_by(request):  # what is not seen from here, a person sees in the console
            return Stage(step, Standing.WAITING, request, command=f"settle #{number} approved")
        case _:
            return Stage(step, Standing.WAITING, request)


def _qualification(known: Known) -> Stage:
    step, ability = Step.QUALIFICATION, known.abilities[0]
    request = known.qualification
    if request is not None and request.state is State.READY:
        return Stage(step, Standing.DONE, request)
    usable = next((one for one in known.qualifications or () if one.usable), None)
    if usable is not None:
        return Stage(step, Standing.DONE, ref=usable.value)
    if request is not None:
        return _of_request(step, request, ability)
    if not known.takes_qualification:
        return Stage(step, Standing.OPTIONAL)
    if known.qualifications is None:
        return Stage(step, Standing.SILENT)
    standing = Standing.MISSING if known.wants_qualification else Standing.ADVISED
    return Stage(step, standing, command=f"qualification submit {known.account} …")


def _naming(known: Known) -> str:
    """What a signature says to name the qualification that is there, where nobody would be offered it."""
    request, listed = known.qualification, known.qualifications or ()
    made = request.vendor_ref if request is not None and request.state is State.READY else ""
    usable = [one.value for one in listed if one.usable]
    if not known.takes_qualification or (known.wants_qualification and (made in usable or not made)):
        return ""  # it is asked for, and offered
    ref = made or (usable[0] if len(usable) == 1 else "")
    return f" qualification={ref}" if ref else ""


def _signature(known: Known) -> Stage:
    step = Step.SIGNATURE
    request = known.signature
    if request is not None and request.state in (State.READY, State.APPROVED):
        return Stage(step, Standing.DONE, request)
    usable = next(
        (one for one in known.signatures or () if one.usable and known.name in ("", one.value, one.label)), None
    )
    if usable is not None:
        return Stage(step, Standing.DONE, ref=usable.value)
    if known.test is not None and known.test.state is SendState.DELIVERED and known.test.sign:
        return Stage(step, Standing.DONE, ref=known.test.sign)  # a message arrived with it
    if request is not None:
        return _of_request(step, request, known.abilities[1])
    if known.signatures is None:
        return Stage(step, Standing.SILENT)
    name = quoted(known.name) if known.name else "…"
    return Stage(step, Standing.MISSING, command=f"sign submit {known.account} {name}{_naming(known)}")


def _filing(known: Known, signature: Stage) -> Stage:
    step, ability = Step.FILING, known.abilities[1]
    if ability.filing is None or ability.filing is FilingView.HIDDEN:
        return Stage(step, Standing.HIDDEN)
    request = signature.request
    if signature.standing is not Standing.DONE:
        return Stage(step, Standing.LATER)
    if request is None:  # only the vendor has it: one state says that it is effective, carriers are not asked here
        return Stage(step, Standing.DONE if ability.filing is FilingView.ONE_STATE else Standing.SILENT)
    if request.state is State.READY:
        return Stage(step, Standing.DONE, request)
    if any(one.status in ("failed", "lapsed", "missing") for one in request.filings):
        return Stage(step, Standing.TROUBLE, request, command=f"show #{request.number}")
    return Stage(step, Standing.WAITING, request)


def _template(known: Known, signature: Stage) -> Stage:
    step, request = Step.TEMPLATE, known.template
    if request is not None:
        return _of_request(step, request, known.abilities[2])
    if signature.standing is not Standing.DONE:
        return Stage(step, Standing.LATER)
    return Stage(step, Standing.MISSING, command=f"template submit {known.account} …")


def _test(known: Known, signature: Stage, filing: Stage, template: Stage) -> Stage:
    step, test = Step.TEST, known.test
    if test is not None and test.state is SendState.DELIVERED:
        return Stage(step, Standing.DONE, test=test)
    if test is not None and test.state in (SendState.QUEUED, SendState.SENDING, SendState.SENT, SendState.UNKNOWN):
        return Stage(step, Standing.WAITING, test=test)
    filed = filing.standing in _PASSED or filing.standing is Standing.SILENT  # where nobody says, a test message does
    ready = signature.standing is Standing.DONE and filed and template.standing is Standing.DONE
    if not ready or template.request is None:
        return Stage(step, Standing.LATER, test=test)
    number = known.test_number or "…"
    name = known.name or (known.signature.name if known.signature is not None else signature.ref)
    sign = f" sign={quoted(name)}" if name else ""  # where several are usable, it would be asked for
    command = f"send {known.account} #{template.request.number} {number}{_variables(template.request)}{sign}"
    command = command if known.can_test else ""
    return Stage(step, Standing.TROUBLE if test is not None else Standing.MISSING, test=test, command=command)


def _variables(template: Request) -> str:
    """Each of its variables with the sample that went to the reviewers: without one nothing could be sent."""
    values = template.values
    return "".join(
        f" {placeholders.typed(name)}={quoted(values.get(f'sample.{name}') or placeholders.example(name))}"
        for name in placeholders.names(values.get("content", ""))
    )
