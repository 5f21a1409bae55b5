"""What a step of the schema does to a record that an earlier version wrote."""

import sqlite_utils

from bot.store import samples
from bot.store.migrations import MIGRATIONS

WRITTEN = {"330001 (gift 赠送)": ("330001", "gift"), "7 (bought 购买)": ("7", "bought"), "package": ("package", "")}
"""The subject of a sample as it stood → what it is, and how it was come by."""


def test_how_a_package_was_come_by_is_no_longer_part_of_its_name() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db, stop_before="m0008_sorts")
    for subject in WRITTEN:
        db.execute(
            "INSERT INTO samples (at, account, subject, measure, remaining, unit, estimated)"
            " VALUES ('2026-03-02T02:00:00.000Z', 'tencent', ?, 'package', '5', 'messages', 0)",
            (subject,),
        )
    MIGRATIONS.apply(db)
    read = [(sample.reading.subject, sample.reading.sort) for sample in samples.latest(db, "tencent")]
    assert read == list(WRITTEN.values())
