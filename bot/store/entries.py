"""The table `entries`: ids of what was entered at a vendor that lists it to nobody (`bot.contracts.entries.Entries`)."""

from functools import partial

import sqlite_utils

from bot.contracts.clock import Clock
from bot.store.database import Database
from bot.store.moments import to_text


def known(db: sqlite_utils.Database, account: str, sort: str) -> tuple[str, ...]:
    """The ids of one sort at an account, the newest first."""
    rows = db.query(
        "SELECT ref FROM entries WHERE account = ? AND sort = ? ORDER BY at DESC, ref DESC", (account, sort)
    )
    return tuple(str(row["ref"]) for row in rows)


def find(db: sqlite_utils.Database, account: str, sort: str, particulars: str) -> str | None:
    """The id under which the very same was entered."""
    row = next(
        db.query(
            "SELECT ref FROM entries WHERE account = ? AND sort = ? AND particulars = ?", (account, sort, particulars)
        ),
        None,
    )
    return None if row is None else str(row["ref"])


def put(db: sqlite_utils.Database, account: str, sort: str, particulars: str, ref: str, at: str) -> None:
    """Keep an id."""
    db.execute("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)", (account, sort, particulars, ref, at))


class RecordedEntries:
    """In the record.

    Args:
        database: the record.
        account: whose entries they are.
        clock: the domain's time.
    """

    def __init__(self, database: Database, account: str, clock: Clock) -> None:
        self._database = database
        self._account = account
        self._clock = clock

    async def known(self, sort: str) -> tuple[str, ...]:
        """The ids of one sort, the newest first."""
        return await self._database.read(partial(known, account=self._account, sort=sort))

    async def find(self, sort: str, particulars: str) -> str | None:
        """The id under which the very same was entered."""
        return await self._database.read(partial(find, account=self._account, sort=sort, particulars=particulars))

    async def put(self, sort: str, particulars: str, ref: str) -> None:
        """Keep an id; what a vendor has answered is in hand until it is stored."""
        at = to_text(self._clock.now())
        await self._database.store(
            partial(put, account=self._account, sort=sort, particulars=particulars, ref=ref, at=at)
        )
