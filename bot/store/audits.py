"""Whether everything that was ever owed is accounted for: from counters that are kept with the writes, never a scan.

The triggers of `tallies` count the notices in each state, and that of `owed` every notice there ever was; so a row that
vanished, or that ended in a state that is none, is a difference.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlite_utils

from bot.contracts.model import Place, State, Words
from bot.contracts.states import PENDING
from bot.store import notices
from bot.store.fates import DUE, FAILED, HELD, SENT
from bot.store.moments import from_text, to_text

NAMED = 100
"""Notices without a reason that are counted; one is too many."""


@dataclass(frozen=True, slots=True)
class Sums:
    """How many notices there are.

    Args:
        owed: that there ever were.
        due: that are still to be told.
        sent: that were told.
        failed: that cannot be.
        held: that need not be.
        unexplained: of the last two, those that do not say why.
    """

    owed: int
    due: int = 0
    sent: int = 0
    failed: int = 0
    held: int = 0
    unexplained: int = 0

    @property
    def missing(self) -> int:
        """How many are not accounted for; below zero where there are more than were owed."""
        return self.owed - self.due - self.sent - self.failed - self.held


@dataclass(frozen=True, slots=True)
class Still:
    """A conversation whose queue does not move.

    Args:
        place: which.
        oldest: id of the notice that waits for longest.
        since: when that was owed.
        count: how many wait.
        attempts: how often the oldest was tried.
        reason: why the last try failed; empty where there was none.
    """

    place: Place
    oldest: int
    since: datetime
    count: int
    attempts: int
    reason: Words


def sums(db: sqlite_utils.Database) -> Sums:
    """The counters as they are."""
    counted = notices.counts(db)
    owed = next(db.query("SELECT n FROM owed"), {"n": 0})["n"]
    unexplained = next(
        db.query(
            """SELECT COUNT(*) AS n FROM (SELECT 1 FROM notices INDEXED BY notices_unexplained
               WHERE state IN ('failed', 'held') AND reason = '' LIMIT ?)""",
            (NAMED,),
        )
    )["n"]
    due, sent, failed, held = (counted.get(state, 0) for state in (DUE, SENT, FAILED, HELD))
    return Sums(int(owed), due, sent, failed, held, int(unexplained))


def standing_still(
    db: sqlite_utils.Database, platforms: Collection[str], since: datetime, furthest: datetime
) -> tuple[Still, ...]:
    """The conversations of which something is due from before a time, and nothing ended after it.

    Args:
        db: the record.
        platforms: the chats that are there; what is owed to another one waits until it is.
        since: the time.
        furthest: behind this, nothing can have ended by the clock as it is (`bot.contracts.due`).
    """
    rows = db.query(
        """WITH waiting AS (
               SELECT MIN(id) AS oldest, COUNT(*) AS n FROM notices INDEXED BY notices_due
               WHERE state = 'due' AND platform IN (SELECT value FROM json_each(:platforms)) GROUP BY platform, conversation)
           SELECT notices.*, waiting.n FROM waiting JOIN notices ON notices.id = waiting.oldest
           WHERE created_at <= :since AND NOT EXISTS (
               SELECT 1 FROM notices AS ended INDEXED BY notices_done
               WHERE ended.platform = notices.platform AND ended.conversation = notices.conversation
               AND ended.state <> 'due' AND ended.done_at > :since AND ended.done_at <= :furthest)
           ORDER BY notices.id""",
        {"since": to_text(since), "furthest": to_text(furthest), "platforms": json.dumps(list(platforms))},
    )
    return tuple(
        Still(
            Place(row["platform"], row["conversation"]),
            row["id"],
            from_text(row["created_at"]),
            row["n"],
            row["attempts"],
            Words(row["reason"], row["reason_zh"] or row["reason"]),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class Shut:
    """A conversation, or a whole chat, that takes nothing.

    Args:
        place: which; a chat as a place without an id.
        since: when it refused something for the last time; of a chat, since when something waits for it.
        reason: why.
    """

    place: Place
    since: datetime
    reason: Words


def shut(db: sqlite_utils.Database) -> tuple[Shut, ...]:
    """What takes nothing now, with why; a chat as long as something waits for it."""
    found = []
    for place in db.query("SELECT platform, conversation FROM shut ORDER BY platform, conversation"):
        asked = (
            """SELECT created_at AS at, reason, reason_zh FROM notices INDEXED BY notices_due
               WHERE state = 'due' AND platform = :platform AND reason <> '' ORDER BY id LIMIT 1"""
            if not place["conversation"]
            else """SELECT done_at AS at, reason, reason_zh FROM notices INDEXED BY notices_done
               WHERE state <> 'due' AND state = 'failed' AND platform = :platform AND conversation = :conversation
               ORDER BY done_at DESC LIMIT 1"""
        )
        for row in db.query(asked, place):
            reason = Words(row["reason"], row["reason_zh"] or row["reason"])
            found.append(Shut(Place(place["platform"], place["conversation"]), from_text(row["at"]), reason))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Strayed:
    """Requests that nobody asks after: their account is not in the configuration any more.

    Args:
        account: its name.
        numbers: of the oldest of them.
        count: how many there are.
    """

    account: str
    numbers: tuple[int, ...]
    count: int


def strayed(db: sqlite_utils.Database, accounts: Collection[str]) -> tuple[Strayed, ...]:
    """The requests that something is still to become of, drafts apart, at accounts that are not these."""
    rows = db.query(
        """SELECT account, COUNT(*) AS n, json_group_array(id) AS numbers FROM requests
           WHERE state IN (SELECT value FROM json_each(?)) AND account NOT IN (SELECT value FROM json_each(?))
           GROUP BY account ORDER BY account""",
        (json.dumps([state for state in PENDING if state is not State.DRAFT]), json.dumps([*accounts])),
    )
    return tuple(Strayed(row["account"], tuple(sorted(json.loads(row["numbers"])))[:NAMED], row["n"]) for row in rows)


def waits(db: sqlite_utils.Database, notice: int) -> bool:
    """Whether a notice is still due."""
    return any(db.query("SELECT 1 FROM notices WHERE id = ? AND state = 'due'", (notice,)))
