"""What the record has for a digest: as much as is told of it, however much there is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import chain, product

import sqlite_utils

from bot.contracts import hours as opening
from bot.contracts.model import Kind, State
from bot.desk.digest.facts import Facts, Left, Pile, left_of
from bot.store import alerts, requests, samples, standing
from bot.watch.duty import Duty
from bot.wording.view import View

LATELY = timedelta(days=14)
"""What was rejected or not sent longer ago, and nobody took up since, was given up."""

NAMED = 5
"""Things that are named of each sort; the rest is counted, and a command away."""

CHANGED = 3
"""The same of what came to one state; each was told when it did."""

OURS = 8
"""The same of what people have the next step of, which is what a digest is read for."""

Lasts = Mapping[str, datetime | None]
"""Account → when by forecast everything is used up; none for not within what is told, no account where nobody can tell."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of the story is told.

    Args:
        since: when it begins.
        after: the id of the last event before it.
        upto: of its last one.
    """

    since: datetime
    after: int
    upto: int


def read(
    db: sqlite_utils.Database,
    view: View,
    accounts: Sequence[str],
    metered: Iterable[str],
    told: Stretch,
    lasts: Lasts,
    duty: Duty,
) -> Facts:
    """What a digest tells of some accounts.

    Args:
        db: the record.
        view: the reader's, as of when it is told.
        accounts: those that it tells of.
        metered: those that tell what is left.
        told: of what changed.
        lasts: by forecast.
        duty: who is on call.
    """
    reviews = _reviews(db, view, accounts)
    changed, more = standing.changed(db, accounts, told.after, told.upto, CHANGED)
    found = sorted(
        (alert for alert in alerts.standing(db, accounts) if not alert.held),
        key=lambda alert: (-alert.severity.rank, alert.number),
    )
    return Facts(
        told.since,
        overdue=_pile(db, [reviews.late], NAMED, more=reviews.more),
        ours=_ours(db, accounts, view.now),
        theirs=_theirs(db, accounts, reviews),
        changed={
            state: replace(_pile(db, [come.numbers], CHANGED), count=come.count) for state, come in changed.items()
        },
        changed_more=more,
        left=_left(db, view.now, [one for one in accounts if one in metered], lasts),
        alerts=tuple(found),
        duty=tuple((name, duty.current(db, name, view.now)) for name in duty.plans),
    )


@dataclass(frozen=True, slots=True)
class Reviews:
    """What is in review.

    Args:
        late: the numbers of what takes longer than the vendor says, what was submitted first at first.
        expected: those of the rest, what is expected first at first.
        more: there are more than were looked at.
    """

    late: Sequence[int]
    expected: Sequence[int]
    more: bool


def _reviews(db: sqlite_utils.Database, view: View, accounts: Sequence[str]) -> Reviews:
    """What is in review; of each kind the same span is usual, so that what was submitted first is expected first."""
    late: list[tuple[datetime, int]] = []
    soonest: list[tuple[datetime, int]] = []
    rest: list[int] = []
    more = False
    for account, kind in product(accounts, Kind):
        found = standing.in_review(db, account, kind)
        more = more or len(found) == standing.MOST
        able, hours = view.capabilities[account], view.hours[account]
        plain = able.kinds.get(kind)
        usual = {digital: able.digital.get(kind, plain) if digital else plain for digital in (False, True) if found}
        bounds = {
            digital: opening.latest_start(hours, view.now, ability.usually, view.holidays)
            for digital, ability in usual.items()
            if ability is not None
        }
        named = 0
        for one in found:
            ability = usual[one.digital]
            if one.at is None or one.guided or ability is None:
                rest.append(one.number)
            elif one.at <= bounds[one.digital]:
                late.append((one.at, one.number))
            elif named < NAMED:
                named += 1
                when = opening.add_open(hours, one.at, ability.usually, view.holidays)
                soonest.append((when.replace(second=0, microsecond=0), one.number))
            else:
                rest.append(one.number)
    in_order = [number for _, number in sorted(soonest)]
    return Reviews([number for _, number in sorted(late)], [*in_order, *sorted(rest)], more)


def _ours(db: sqlite_utils.Database, accounts: Sequence[str], now: datetime) -> Pile:
    """What people have the next step of: what only they can find out, agree to, mend or finish."""
    found = [standing.unknown(db, account, asked=True) for account in accounts]
    found += [standing.in_state(db, State.AWAITING_APPROVAL, account) for account in accounts]
    found += [standing.unmended(db, account, now - LATELY) for account in accounts]
    found += [standing.in_state(db, State.DRAFT, account) for account in accounts]
    return _pile(db, found, OURS)


def _theirs(db: sqlite_utils.Database, accounts: Sequence[str], reviews: Reviews) -> Pile:
    """What others have the next step of: this program, the reviewers, the carriers."""
    sending = product((State.QUEUED, State.SUBMITTING), accounts)
    found: list[Sequence[int]] = [standing.in_state(db, state, one) for state, one in sending]
    found += [standing.unknown(db, account, asked=False) for account in accounts]
    filing = [standing.in_state(db, State.APPROVED, account) for account in accounts]
    return _pile(db, [*found, reviews.expected, *filing], NAMED, more=reviews.more)


def _pile(db: sqlite_utils.Database, found: Sequence[Sequence[int]], named: int, *, more: bool = False) -> Pile:
    """Requests by number, the first of them whole, in that order.

    Args:
        db: the record.
        found: of each sort the numbers, in order.
        named: so many of all.
        more: there are more than these.
    """
    numbers = list(chain(*found))
    whole = {one.number: one for one in requests.of_numbers(db, numbers[:named])}
    return Pile(
        tuple(whole[number] for number in numbers[:named]),
        len(numbers),
        more or any(len(one) == standing.MOST for one in found),
    )


def _left(db: sqlite_utils.Database, now: datetime, accounts: Sequence[str], lasts: Lasts) -> tuple[Left, ...]:
    """What each has left; what runs out first at first, then what nobody can tell of."""
    found = []
    for account in accounts:
        last = samples.latest(db, account)
        left = left_of(account, last[0].at if last else None, [one.reading for one in last], now)
        until = lasts.get(account)
        found.append(replace(left, until=until, lasts=account in lasts and until is None))
    far = datetime.max.replace(tzinfo=UTC)
    return tuple(sorted(found, key=lambda one: (one.messages != 0, one.until or far, not one.lasts)))
