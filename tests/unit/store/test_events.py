"""The table of what happened: repeats of an alert in a row are one line of it."""

from datetime import UTC, datetime, timedelta

import sqlite_utils

from bot.store import events
from bot.store.events import REPEATED
from bot.store.migrations import MIGRATIONS

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
STORY = (
    ("alert-opened", 1),
    (REPEATED, 1),
    (REPEATED, 2),
    (REPEATED, 1),
    ("moved", None),
    (REPEATED, 1),
    ("alert-acknowledged", 1),
    (REPEATED, 1),
    (REPEATED, 2),
)


def test_of_repeats_in_a_row_the_last_one_stands_for_all() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    for minute, (what, alert) in enumerate(STORY):
        at = NOW + timedelta(minutes=minute)
        events.append(db, at=at, what=what, actor=events.SYSTEM, account="aliyun", alert=alert)
    for accounts in ((), ("aliyun",)):
        ids = events.recent_ids(db, accounts=accounts, limit=10)
        shown = events.of_ids(db, ids)
        assert [(one.what, one.alert) for one in shown] == [
            (REPEATED, 2),
            (REPEATED, 1),
            ("alert-acknowledged", 1),
            (REPEATED, 1),
            ("moved", None),
            ("alert-opened", 1),
        ]
    assert [events.repeats(db, one) for one in shown if one.what == REPEATED] == [
        (2, NOW + timedelta(minutes=2)),
        (1, NOW + timedelta(minutes=7)),
        (3, NOW + timedelta(minutes=1)),
    ]
