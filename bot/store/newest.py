"""The newest rows of several stretches of an index, together, without reading more of any than is shown."""

from collections.abc import Iterable
from heapq import merge
from itertools import islice

import sqlite_utils

Place = tuple[str | int, ...]


def newest(db: sqlite_utils.Database, query: str, stretches: Iterable[Place], limit: int) -> tuple[int, ...]:
    """The highest ids, highest first.

    However many rows the stretches have, little more than `limit` are looked at.

    Args:
        db: the record.
        query: selects `id` of one stretch, highest first; its last place is how many at most.
        stretches: what goes into the places before the last.
        limit: how many.
    """
    cursors = [db.execute(query, (*stretch, limit)) for stretch in stretches]
    try:
        return tuple(row[0] for row in islice(merge(*cursors, reverse=True), limit))
    finally:
        for cursor in cursors:
            cursor.close()  # one that is not read to its end would hold on to this moment's state of the record
