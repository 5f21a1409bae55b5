"""What happened to the messages to one number: what its vendor tells, put together with what the record has."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import sqlite_utils

from bot.contracts.model import Kind
from bot.contracts.push import Receipt
from bot.contracts.sending import Sending
from bot.contracts.sent import TestMessage
from bot.contracts.traffic import DAY, day_start
from bot.messages import cards
from bot.store import refs, requests, sends
from bot.wording.view import View


def of_day(account: str, number: str, day: date, db: sqlite_utils.Database) -> tuple[TestMessage, ...]:
    """What a number was sent from here on a day of China, newest first."""
    return sends.to_number(db, account, number, day_start(day), day_start(day) + DAY)


def rows(
    view: View,
    account: str,
    group: Sending,
    told: Sequence[Receipt],
    ours: Sequence[TestMessage],
    db: sqlite_utils.Database,
) -> tuple[cards.Row, ...]:
    """What the vendor tells, and what it does not tell of the record's own, newest first."""
    marks = {one.mark: one for one in ours} | {one.serial: one for one in ours if one.serial}
    rows: list[tuple[float, cards.Row]] = []
    seen: set[int] = set()
    for one in told:
        message = marks.get(one.mark) or marks.get(one.message)
        seen |= {message.id} if message is not None else set()
        name = message.name if message is not None else _name(db, account, one.template)
        when = one.sent_at or (message.sent_at if message is not None else None) or one.at
        dated = replace(one, sent_at=when)
        rows.append((when.timestamp() if when is not None else 0.0, cards.traced(view, dated, name, group)))
    rows += [
        ((one.sent_at or one.created_at).timestamp(), cards.recorded(view, one)) for one in ours if one.id not in seen
    ]
    return tuple(row for _, row in sorted(rows, key=lambda pair: -pair[0]))


def _name(db: sqlite_utils.Database, account: str, ref: str) -> str:
    """What a template of the vendor's is called here; its id where nobody knows it."""
    number = refs.number_of(db, account, Kind.TEMPLATE, ref) if ref else None
    return ref if number is None else requests.get(db, number).name
