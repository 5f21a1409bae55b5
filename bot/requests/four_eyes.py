"""What needs a second person, and whether somebody may be that person. Pure: values in, verdicts out.

An approval is one of exactly what is to be done: it holds for a digest of action, content and files, and for nothing
else. Nobody agrees to what they wrote or ordered themselves, in whichever chat and under whichever linked id.
"""

import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.contracts.approval import Act, Approval, ApprovalState
from bot.contracts.due import due, set_back
from bot.contracts.model import Action, Kind, Request, Role

APPROVES = Role.APPROVER
"""The least role that may agree to something, or say no to it (spec 11)."""

MARKETING = frozenset({"promo", "digital"})
"""Types of templates that are marketing: a digital message ends with the way to opt out, as every marketing text (facts
Alibaba 5.2)."""

REMIND_AFTER = timedelta(days=1)
"""Those who may agree are reminded once after this, or after half of the time there is, whichever comes first."""

CODE = r"v[0-9a-f]{7}"
"""How the short form of a digest looks: what a button carries, so that a press means what was read."""

SamePerson = Callable[[str, str], bool]
"""Whether two `Actor.key` are one human being (`Settings.same_person`)."""


def acts_of(action: Action, kind: Kind, values: Mapping[str, str]) -> frozenset[Act]:
    """All that an order counts as, of what can be made to wait.

    Args:
        action: what is to be done at the vendor.
        kind: of what.
        values: as they are to be.
    """
    if action is Action.DELETE:
        return frozenset({Act.DELETE})
    found = {Act.SUBMIT if action is Action.CREATE else Act.EDIT}
    if kind is Kind.TEMPLATE and values.get("type") in MARKETING:
        found.add(Act.PROMO)
    if values.get("purpose") == "other":
        found.add(Act.THIRD_PARTY)
    return frozenset(found)


def digest(request: Request) -> str:
    """SHA-256 over exactly what is to be done: action, account, thing, every value, and every file by its own SHA-256.

    Personal data is known by its seal (`bot.contracts.personal.sealed`), which holds as long as the process runs; it is gone
    after that anyway.

    Args:
        request: as it was ordered; of a change, what it is to become.
    """
    values = request.values if request.proposed is None else request.proposed
    said = [
        request.action,
        request.account,
        request.kind,
        request.vendor_ref,
        sorted(values.items()),
        sorted((paper["key"], paper.get("sha256") or paper.get("seal", "")) for paper in request.papers),
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()


def code_of(digests: Sequence[str]) -> str:
    """The short form of what was read, of one order or of several together; it looks as `CODE` says."""
    one = digests[0] if len(digests) == 1 else hashlib.sha256(" ".join(sorted(digests)).encode()).hexdigest()
    return f"v{one[:7]}"


class Verdict(StrEnum):
    """What becomes of somebody's word; the last two are a yes."""

    NOTHING = "nothing"  # nothing waits there
    MAY_NOT = "may_not"  # the role is too low
    OWN = "own"  # they wrote or ordered it
    CHANGED = "changed"  # it is not what they read, or not what was asked about
    EXPIRED = "expired"
    AGAIN = "again"  # they agreed before, others are still wanted
    COUNTED = "counted"  # others are still wanted
    ENOUGH = "enough"


TAKEN = frozenset({Verdict.COUNTED, Verdict.ENOUGH})
"""The word counts."""


@dataclass(frozen=True, slots=True)
class Said:
    """What became of somebody's word on one request.

    Args:
        request: as it now stands.
        verdict: what the word did.
        order: what waits, or waited; none where nothing did.
        problem: why what was ordered can no longer be done, as `bot.requests.lifecycle.Outcome` has it.
    """

    request: Request
    verdict: Verdict
    order: Approval | None
    problem: str = ""

    @property
    def taken(self) -> bool:
        """Whether the word counts."""
        return self.verdict in TAKEN and not self.problem


def on_approving(
    order: Approval | None,
    *,
    standing: str,
    actor: str,
    role: Role,
    quorum: int,
    now: datetime,
    same: SamePerson,
    seen: bool = True,
) -> Verdict:
    """What somebody's yes does.

    Args:
        order: what waits; none where nothing does.
        standing: the digest of what would go out as the record has it now.
        actor: `Actor.key` of who says it.
        role: what they may do there.
        quorum: how many people have to agree.
        now: when.
        same: who is one person.
        seen: whether what they read is what waits; true where nobody can tell.
    """
    if (no := _refused(order, standing=standing, actor=actor, role=role, now=now, same=same, seen=seen)) is not None:
        return no
    assert order is not None  # noqa: S101 - that is `NOTHING`
    agreed = len(order.agreements)
    if any(same(one.who, actor) for one in order.agreements):
        return Verdict.ENOUGH if agreed >= quorum else Verdict.AGAIN
    return Verdict.ENOUGH if agreed + 1 >= quorum else Verdict.COUNTED


def on_denying(order: Approval | None, *, actor: str, role: Role, same: SamePerson) -> Verdict:
    """What somebody's no does: one is enough, of anybody who could agree; one's own is taken back, not denied."""
    if order is None or not order.waits:
        return Verdict.NOTHING
    if role < APPROVES:
        return Verdict.MAY_NOT
    return Verdict.OWN if is_author(order, actor, same) else Verdict.ENOUGH


def on_withdrawing(order: Approval | None, *, actor: str, same: SamePerson) -> Verdict:
    """Whether somebody may take back what waits: whoever wrote or ordered it."""
    if order is None or not order.waits:
        return Verdict.NOTHING
    return Verdict.ENOUGH if is_author(order, actor, same) else Verdict.MAY_NOT


def _refused(
    order: Approval | None, *, standing: str, actor: str, role: Role, now: datetime, same: SamePerson, seen: bool
) -> Verdict | None:
    if order is None or not order.waits:
        return Verdict.NOTHING
    if role < APPROVES:
        return Verdict.MAY_NOT
    if is_author(order, actor, same):
        return Verdict.OWN
    if standing != order.digest or not seen:
        return Verdict.CHANGED
    return Verdict.EXPIRED if is_over(order, now) else None


def is_author(order: Approval, actor: str, same: SamePerson) -> bool:
    """Whether somebody wrote or ordered it."""
    return any(same(author, actor) for author in order.authors)


def still_holds(order: Approval, standing: str, now: datetime) -> bool:
    """Whether what was agreed to may go out as it is now: the same content, in time."""
    return order.state is ApprovalState.GRANTED and order.digest == standing and not is_over(order, now)


def is_over(order: Approval, now: datetime) -> bool:
    """Whether its time is over. A clock that was set back takes nothing away."""
    return order.expires_at <= now


@dataclass(frozen=True, slots=True)
class Plan:
    """What is due about an order that waits.

    Args:
        over: its time is over.
        remind: those who may agree are to be reminded.
        due_at: when to look again; none where it is over.
        expires_at: until when it waits.
    """

    over: bool
    remind: bool
    due_at: datetime | None
    expires_at: datetime


def planned(order: Approval, now: datetime, lasts: timedelta) -> Plan:
    """What is due, and when to look again.

    Args:
        order: that waits.
        now: when.
        lasts: how long an order waits at most, as configured now.
    """
    if set_back(order.asked_at, now):  # it has its whole time from now on
        return Plan(False, False, remind_at(now, lasts) if not order.reminded else now + lasts, now + lasts)
    if is_over(order, now):
        return Plan(True, False, None, order.expires_at)
    if order.reminded:
        return Plan(False, False, order.expires_at, order.expires_at)
    first = remind_at(order.asked_at, order.expires_at - order.asked_at)
    remind = due(first, now, lasts)
    return Plan(False, remind, order.expires_at if remind else first, order.expires_at)


def remind_at(asked_at: datetime, lasts: timedelta) -> datetime:
    """When those who may agree are reminded."""
    return asked_at + min(REMIND_AFTER, lasts / 2)


def wanted(acts: Collection[Act], policy: Collection[str]) -> tuple[Act, ...]:
    """Why an order has to wait, in the order of `Act`; nothing where it need not."""
    return tuple(act for act in Act if act in acts and act.value in policy)
