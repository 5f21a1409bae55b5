"""Figures on requests: the review that waits longest, and signatures that carriers do not take. Pure."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from bot.contracts.alert import REQUESTS, Behind, Metric
from bot.contracts.guide import guided_by
from bot.contracts.model import Request, State
from bot.watch.rules import Breach, Rule, breach, most_urgent

TROUBLE = frozenset({"failed", "lapsed"})
"""What a carrier says of a signature that it does not carry, or no longer."""

NAMED = 20
"""Requests that an alert knows by number."""

Waited = Callable[[Request], tuple[timedelta, timedelta]]
"""How long a request has been in review, and how long that usually takes; both in the reviewers' open hours."""


def judge(
    rules: Sequence[Rule],
    account: str,
    known: Sequence[Request],
    moved: Mapping[int, datetime],
    waited: Waited,
    now: datetime,
) -> tuple[Breach, ...]:
    """What the rules find in an account's requests.

    Args:
        rules: all rules; those on other metrics are passed over.
        account: whose.
        known: its requests in review, and those that moved of late.
        moved: when those last did.
        waited: see there.
        now: when.
    """
    late = sorted(
        (
            (_times(*waited(one)), one.number)
            for one in known
            if one.state is State.IN_REVIEW and not _told_by_people(one)
        ),
        key=lambda each: (-each[0], each[1]),
    )
    found: list[tuple[Rule, Breach]] = []
    for rule in rules:
        if rule.metric not in REQUESTS or rule.account not in (None, account):
            continue
        if rule.metric is Metric.OVERDUE:
            value = late[0][0] if late else Decimal(0)
            numbers = [number for times, number in late if rule.beyond(times)]
        else:
            numbers = [
                one.number
                for one in known
                if one.number in moved and moved[one.number] > now - rule.window and refused(one)
            ]
            value = Decimal(len(numbers))
        if rule.beyond(value):
            behind = Behind(requests=tuple(numbers[:NAMED]))
            found.append((rule, breach(rule, account, value, behind=behind)))
    return most_urgent(found)


def _times(waited: timedelta, usually: timedelta) -> Decimal:
    return Decimal(round(waited / usually, 1) if usually else 0).quantize(Decimal("0.1"))


def _told_by_people(request: Request) -> bool:
    """Whether nobody but a person at the console knows how it stands; they are reminded of it."""
    return bool(guided_by(request)) and request.next_look_at is None


def refused(request: Request) -> bool:
    """Whether a carrier says no to it; what was deleted or is under way again is dealt with."""
    standing = request.state in (State.APPROVED, State.READY)
    return standing and any(one.status in TROUBLE for one in request.filings)
