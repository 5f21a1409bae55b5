"""The life of a request: one table of moves, and what a vendor's news means for where a request stands.

Pure: values in, values out. Who asks the vendor and who stores the answer is `bot.requests.reviews.polling`.

Polled, pushed, repeated and out-of-order news must end in the same state with one change each (spec 7). `advance`
reaches that with three rules:

* news that says what is known already is no change;
* news that can be arbitrarily old (pushed: `asked_at` is none) only ever goes forward within a review, from waiting to
  decided to usable; going back needs an answer to a question asked after the present state began;
* news about an older ticket than the one we hold is about a review that is over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from bot.contracts.guide import guided_by, is_apart
from bot.contracts.model import Action, CarrierFiling, Kind, Request, State
from bot.contracts.states import AT_VENDOR, FOLLOWED, check
from bot.contracts.vendor import KindAbility, Missing, Seen

PAPERS_GONE = "papers"
"""Reason of a request that was not sent because its papers were lost in a restart."""

ABSENT = "absent"
"""Reason of a request that the vendor certainly does not have, as look-ups found after a lost answer.

These stand for a sentence; every other reason is a vendor's words, quoted."""

WRONG_INPUT = "input"
"""Reason of a draft that cannot be sent as it was typed; what is wrong with it stands, in both languages, as the advice of
its refusal."""

DENIED = "denied"
"""Reason of a draft to which a second person said no; who and why stand in its refusal."""

NOT_AGREED = "not_agreed"
"""Reason of a draft to which nobody agreed in time."""

OWN_REASONS = frozenset({PAPERS_GONE, ABSENT, WRONG_INPUT, DENIED, NOT_AGREED})

MISSED = "(not found)"
"""Kept in the place of the vendor's word after one look did not find the thing."""

_PROGRESS: Mapping[State, int] = MappingProxyType({State.IN_REVIEW: 0, State.APPROVED: 1, State.READY: 2})
"""How far a review that goes well has come; the other states can follow any of these."""

_FILING_BEGINS = frozenset({"waiting", "missing"})

_FILING_TROUBLE = frozenset({"failed", "lapsed"})


# --- News --------------------------------------------------------------------------------------------------------------


class News(StrEnum):
    """What there is to tell about a change; `NOTHING` is false and only goes into the record."""

    NOTHING = ""
    IN_REVIEW = "in_review"  # reviewed once more, without our doing
    APPROVED = "approved"
    READY = "ready"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DISABLED = "disabled"
    GONE = "gone"  # we had it there, and it is not there any more
    UNKNOWN_WORD = "unknown_word"  # the vendor uses a word that is not in our map
    FILING = "filing"  # a carrier's filing moved
    FILING_FAILED = "filing_failed"  # a carrier will not carry it, or no longer


_MOVED: Mapping[State, News] = MappingProxyType(
    {
        State.IN_REVIEW: News.IN_REVIEW,
        State.APPROVED: News.APPROVED,
        State.READY: News.READY,
        State.REJECTED: News.REJECTED,
        State.WITHDRAWN: News.WITHDRAWN,
        State.DISABLED: News.DISABLED,
        State.DELETED: News.GONE,
    },
)


@dataclass(frozen=True, slots=True)
class Change:
    """What a vendor's news changes; everything as it is to be kept afterwards.

    Attributes:
        before: the state it was in.
        after: the state it is in now; the same when only words or filings changed.
        reason: the reviewer's text.
        word: the vendor's own word.
        filings: what all carriers say.
        news: what there is to tell.
        told: the filings that are news in it, each carrier's change once; may come with any news.
        order: the vendor's ticket number.
    """

    before: State
    after: State
    reason: str
    word: str
    filings: tuple[CarrierFiling, ...]
    news: News
    told: tuple[CarrierFiling, ...] = ()
    order: str = ""


def advance(request: Request, seen: Seen | Missing, *, asked_at: datetime | None = None) -> Change | None:
    """What a vendor's news about a request means.

    A request that is queued, being sent or unknown is not advanced: somebody else owns its next move.

    A thing that cannot be found is only believed to be gone when the next look does not find it either: `deleted` is
    final, and an empty answer can be a vendor's slip. The first time changes nothing but the kept word (`MISSED`).

    Args:
        request: as the record has it.
        seen: what the vendor says.
        asked_at: when the vendor was asked. None for pushed news, which may be arbitrarily late and therefore never
            takes a request back from a decision to the review.

    Returns:
        The change, none when there is nothing new in it.
    """
    if request.state not in AT_VENDOR or (asked_at is not None and asked_at < request.since):
        return None
    if isinstance(seen, Missing):
        return _missing(request)
    if _of_older_review(request, seen, asked_at):
        return None
    if seen.state is None:
        return _unknown_word(request, seen)
    if asked_at is None and _steps_back(request.state, seen.state):
        return None
    filings, told = _filings(request.filings, seen.filings, forward_only=asked_at is None)
    order = seen.order or request.order
    if seen.state is not request.state:
        check(request.state, seen.state)
        news = _MOVED[seen.state]
        return Change(request.state, seen.state, seen.reason, seen.word, filings, news, told, order)
    if any(filing.status in _FILING_TROUBLE for filing in told):
        news = News.FILING_FAILED
    else:
        news = News.FILING if told else News.NOTHING
    reason = seen.reason or request.reason
    change = Change(request.state, request.state, reason, seen.word, filings, news, told, order)
    kept = (request.reason, request.word, request.filings, request.order)
    return None if kept == (reason, seen.word, filings, order) else change


def _missing(request: Request) -> Change:
    if request.word == MISSED:
        return Change(request.state, State.DELETED, "", MISSED, request.filings, News.GONE, (), request.order)
    return Change(
        request.state, request.state, request.reason, MISSED, request.filings, News.NOTHING, (), request.order
    )


def _unknown_word(request: Request, seen: Seen) -> Change | None:
    if seen.word == request.word:
        return None
    return Change(
        request.state, request.state, request.reason, seen.word, request.filings, News.UNKNOWN_WORD, (), request.order
    )


def _steps_back(now: State, then: State) -> bool:
    if then is State.IN_REVIEW:
        return now is not State.IN_REVIEW
    return then in _PROGRESS and _PROGRESS[then] < _PROGRESS.get(now, 0)


def _of_older_review(request: Request, seen: Seen, asked_at: datetime | None) -> bool:
    """Whether news is about a review that an edit has since replaced.

    Alibaba's queries go on showing the approved data of a signature while an edit of it is reviewed, and its pushes
    are repeated for ten minutes; both carry the ticket's number (OrderId), which an edit replaces. Ticket numbers are
    taken to grow. Where they cannot be compared, an answer to our question counts and a push does not.
    """
    if not request.order or not seen.order or request.order == seen.order:
        return False
    if request.order.isdecimal() and seen.order.isdecimal():
        return int(seen.order) < int(request.order)
    return asked_at is None


def _filings(
    known: tuple[CarrierFiling, ...], said: tuple[CarrierFiling, ...], *, forward_only: bool
) -> tuple[tuple[CarrierFiling, ...], tuple[CarrierFiling, ...]]:
    """All filings as they now stand, and those that are news.

    A carrier that is not spoken of stays as it was. That a filing waits is no news the first time, and a reason that
    is worded anew is none either: both are only kept.
    """
    merged = {filing.carrier: filing for filing in known}
    told = []
    for filing in said:
        before = merged.get(filing.carrier)
        begun_before = before is not None and before.status not in _FILING_BEGINS
        if forward_only and begun_before and filing.status in _FILING_BEGINS:
            continue
        merged[filing.carrier] = filing
        if (filing.status not in _FILING_BEGINS) if before is None else (filing.status != before.status):
            told.append(filing)
    return tuple(merged.values()), tuple(told)


# --- What became of our own call ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Step:
    """Where a request goes, and what changes with it.

    Args:
        state: the new state.
        changes: further attributes of `Request`, as `bot.store.requests.move` takes them.
    """

    state: State
    changes: Mapping[str, Any]


def taken(request: Request, now: datetime, *, ref: str, order: str = "") -> Step:
    """The vendor has what was sent, whoever says so: its answer, a look-up after a lost one, or a person.

    Args:
        request: as it was sent; what an edit proposed is now what the vendor has.
        now: when; the first look of the poller, due at once, plans the next ones.
        ref: the vendor's id.
        order: its ticket number, where it is known.
    """
    changes: dict[str, Any] = {
        "vendor_ref": ref,
        "order": order or request.order,
        "reason": "",
        "refusal": None,
        "word": "",
        "filings": (),
        "proposed": None,
        "prior": None,
        "looks": 0,
        "next_look_at": now,
    }
    if request.proposed is not None:
        changes["values"] = dict(request.proposed)
    return Step(State.IN_REVIEW, MappingProxyType(changes))


def gone() -> Step:
    """The vendor does not have it any more, as was asked."""
    return Step(State.DELETED, MappingProxyType({"proposed": None, "prior": None, "next_look_at": None}))


def fell_back(request: Request, now: datetime, *, why: str, never_sent: State = State.FAILED) -> Step:
    """What was ordered did not happen: an edit or a delete leaves it as it was, and what is followed is followed on.

    Args:
        request: as it was ordered.
        now: when.
        why: why it did not; the reason of what the vendor never had. What it had keeps its own, the reviewer's.
        never_sent: where it goes when the vendor never had it.
    """
    back = request.prior or never_sent
    look = now if back in FOLLOWED else None
    changes: dict[str, Any] = {"proposed": None, "prior": None, "refusal": None, "next_look_at": look}
    if request.prior is None:
        changes["reason"] = why
    return Step(back, MappingProxyType(changes))


# --- What may be done ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an order to edit or delete, before the vendor is asked.

    Args:
        request: as it now stands.
        problem: why it was not taken up; empty when it was. One of `gone`, `busy`, `moved`, `not_in_this_state`,
            `not_by_api`, `no_rename`, `fixed`, `not_anew`, `guided`, `deletion_waits`; of sending again also `twin`, `papers`.
    """

    request: Request
    problem: str = ""


def never_arrived(request: Request) -> bool:
    """Whether it was sent once, and the vendor certainly does not have it."""
    return request.state is State.FAILED and request.reason == ABSENT


def can_resend(request: Request, in_hand: Collection[int]) -> bool:
    """Whether it can be sent again as it was, on one word: it never arrived, and its papers are still there.

    Args:
        request: as it stands.
        in_hand: the numbers of requests whose papers are at hand.
    """
    return never_arrived(request) and (not request.papers or request.number in in_hand)


def as_the_vendor_has_it(request: Request) -> Request:
    """A request as it stands at the vendor, behind a change or a deletion of it that waits for a second person."""
    if request.state is not State.AWAITING_APPROVAL or request.prior is None:
        return request
    return replace(request, state=request.prior)


def filed_by_carriers(request: Request) -> bool:
    """Whether the mainland's carriers file it once it is approved: signatures for the mainland, and what is digital."""
    return request.digital or (request.kind is Kind.SIGNATURE and not request.international and not is_apart(request))


def can_edit(request: Request, ability: KindAbility | None) -> bool:
    """Whether it can be changed as it stands: what `edit` says, so that nothing is offered that it would refuse.

    Args:
        request: as it stands.
        ability: what its vendor can do with its kind; none where the account is no longer configured.
    """
    return ability is not None and not edit_problem(request, request.values, ability)


def edit_problem(request: Request, values: Mapping[str, str], ability: KindAbility) -> str:
    """Why a request cannot be edited now; empty when it can.

    Args:
        request: as it stands.
        values: as they are to be.
        ability: what its vendor can do with its kind.
    """
    match request.state:
        case State.AWAITING_APPROVAL if request.action is Action.DELETE:
            return "deletion_waits"
        case State.AWAITING_APPROVAL if request.prior is None:
            return ""
        case State.AWAITING_APPROVAL:
            return edit_problem(as_the_vendor_has_it(request), values, ability)
        case State.DELETED | State.CANCELLED:
            return "gone"
        case _ if guided_by(request):
            return "" if request.state in ability.update_in else "guided"
        case State.DRAFT | State.FAILED:
            return ""
        case State.QUEUED | State.SUBMITTING | State.UNKNOWN:
            return "busy"
        case _:
            if request.state not in ability.update_in:
                return "not_in_this_state"
            if not ability.renames and values.get("name", request.name) != request.name:
                return "no_rename"
            if any(key in values and _said(values, key) != _said(request.values, key) for key in ability.fixed):
                return "fixed"
            return ""


def not_anew(request: Request, values: Mapping[str, str], ability: KindAbility) -> str:
    """`not_anew` where the vendor would take the edit and review nothing; empty where it reviews. Arguments as for `edit_problem`."""
    rejected = as_the_vendor_has_it(request).state is State.REJECTED and not guided_by(request)
    same = rejected and ability.anew_by and values.get(ability.anew_by) == request.values.get(ability.anew_by)
    return "not_anew" if same else ""


def _said(values: Mapping[str, str], key: str) -> str:
    """A value as it is compared: a flag that was never set is one that is not."""
    value = values.get(key, "")
    return "" if value == "false" else value


def delete_problem(request: Request, ability: KindAbility) -> str:
    """Why a request cannot be deleted now; empty when it can. Arguments as for `edit_problem`."""
    match request.state:
        case State.DRAFT | State.FAILED:
            return ""
        case State.AWAITING_APPROVAL if request.prior is None:
            return ""
        case State.AWAITING_APPROVAL if request.action is Action.DELETE:
            return "deletion_waits"
        case State.AWAITING_APPROVAL:
            return delete_problem(as_the_vendor_has_it(request), ability)
        case State.DELETED | State.CANCELLED:
            return "gone"
        case State.QUEUED | State.SUBMITTING | State.UNKNOWN:
            return "busy"
        case _ if guided_by(request):
            return "guided"
        case _:
            return "" if request.state in ability.delete_in else "not_in_this_state"
