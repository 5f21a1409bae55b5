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

OURS = 8
"""The same of what people have the next step of, which is what a digest is read for."""

Numbers = Sequence[Sequence[int]]
"""Of several sorts the numbers of requests, each in order."""

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
    late, expected = _reviews(db, view, accounts)
    changed, more = standing.changed(db, accounts, told.after, told.upto, NAMED)
    found = sorted(
        (alert for alert in alerts.standing(db, accounts) if not alert.held),
        key=lambda alert: (-alert.severity.rank, alert.number),
    )
    return Facts(
        told.since,
        overdue=_pile(db, late, NAMED),
        ours=_ours(db, accounts, view.now),
        theirs=_theirs(db, view, accounts, expected),
        changed={state: replace(_pile(db, [come.numbers], NAMED), count=come.count) for state, come in changed.items()},
        changed_more=more,
        left=_left(db, view.now, [one for one in accounts if one in metered], lasts),
        alerts=tuple(found),
        duty=tuple((name, duty.current(db, name, view.now)) for name in duty.plans),
    )


def _reviews(db: sqlite_utils.Database, view: View, accounts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """What is in review, by account and kind: what takes longer than the vendor says, and what does not; oldest first."""
    late: list[Sequence[int]] = []
    expected: list[Sequence[int]] = []
    for account, kind in product(accounts, Kind):
        found = standing.in_review(db, account, kind)
        able, hours = view.capabilities[account], view.hours[account]
        plain = able.kinds.get(kind)
        of = {False: plain, True: able.digital.get(kind, plain)}
        bounds = {
            digital: opening.latest_start(hours, view.now, ability.usually, view.holidays)
            for digital, ability in of.items()
            if found and ability is not None
        }
        over = {
            one.number
            for one in found
            if one.at is not None and not one.guided and one.digital in bounds and one.at <= bounds[one.digital]
        }
        late.append([one.number for one in found if one.number in over])
        expected.append([one.number for one in found if one.number not in over])
    return late, expected


def _ours(db: sqlite_utils.Database, accounts: Sequence[str], now: datetime) -> Pile:
    """What people have the next step of: what only they can find out, agree to, mend or finish."""
    found = [standing.unknown(db, account, asked=True) for account in accounts]
    found += [standing.in_state(db, State.AWAITING_APPROVAL, account) for account in accounts]
    found += [standing.unmended(db, account, now - LATELY) for account in accounts]
    found += [standing.in_state(db, State.DRAFT, account) for account in accounts]
    return _pile(db, found, OURS)


def _theirs(db: sqlite_utils.Database, view: View, accounts: Sequence[str], reviews: Numbers) -> Pile:
    """What others have the next step of: this program, the reviewers, the carriers."""
    sending = product((State.QUEUED, State.SUBMITTING), accounts)
    found: list[Sequence[int]] = [standing.in_state(db, state, one) for state, one in sending]
    found += [standing.unknown(db, account, asked=False) for account in accounts]
    soonest = requests.of_numbers(db, [number for numbers in reviews for number in numbers[:NAMED]])
    ordered = sorted(soonest, key=lambda one: (_to_the_minute(view.expected(one) or view.now), one.number))
    sorted_in = {one.number: place for place, one in enumerate(ordered)}
    found.append(sorted(chain(*reviews), key=lambda number: (sorted_in.get(number, len(sorted_in)), number)))
    filing = [standing.in_state(db, State.APPROVED, account) for account in accounts]
    more = any(len(numbers) >= standing.MOST for numbers in reviews)
    pile = _pile(db, [*found, *filing], NAMED)
    return replace(pile, more=pile.more or more)


def _to_the_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _pile(db: sqlite_utils.Database, found: Numbers, named: int) -> Pile:
    """Requests by number, the first of them whole, in that order."""
    numbers = list(chain(*found))
    whole = {one.number: one for one in requests.of_numbers(db, numbers[:named])}
    return Pile(
        tuple(whole[number] for number in numbers[:named]),
        len(numbers),
        any(len(one) == standing.MOST for one in found),
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
