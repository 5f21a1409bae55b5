"""What the record knows by a vendor's own id."""

import sqlite_utils

from bot.contracts.model import Kind


def number_of(db: sqlite_utils.Database, account: str, kind: Kind, ref: str) -> int | None:
    """The number of the request that a vendor means by its id; none where it means another one."""
    row = next(
        db.query(
            """SELECT id FROM requests WHERE account = ? AND kind = ? AND vendor_ref = ? AND vendor_ref <> ''
               AND state NOT IN ('deleted', 'cancelled', 'failed', 'draft')""",
            (account, kind, ref),
        ),
        None,
    )
    return None if row is None else int(row["id"])
