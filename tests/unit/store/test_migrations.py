"""What a step of the schema does to a record that an earlier version wrote."""

import sqlite_utils

from bot.store import alerts, samples
from bot.store.migrations import MIGRATIONS

WRITTEN = {"330001 (gift 赠送)": ("330001", "gift"), "7 (bought 购买)": ("7", "bought"), "package": ("package", "")}
"""The subject of a sample as it stood → what it is, and how it was come by."""


def test_how_a_package_was_come_by_is_no_longer_part_of_its_name() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db, stop_before="m0010_sorts")
    for subject in WRITTEN:
        db.execute(
            "INSERT INTO samples (at, account, subject, measure, remaining, unit, estimated)"
            " VALUES ('2026-03-02T02:00:00.000Z', 'tencent', ?, 'package', '5', 'messages', 0)",
            (subject,),
        )
    MIGRATIONS.apply(db)
    read = [(sample.reading.subject, sample.reading.sort) for sample in samples.latest(db, "tencent")]
    assert read == list(WRITTEN.values())


STANDING = [
    ("quota.remaining", "aliyun", "warning", "open"),
    ("quota.share", "aliyun", "critical", "acknowledged"),
    ("balance", "aliyun", "warning", "open"),
    ("quota.share", "tencent", "warning", "open"),
    ("quota.share", "ucloud", "critical", "resolved"),
    ("quota.remaining", "ucloud", "info", "open"),
]


def test_two_alerts_of_one_drop_become_one() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db, stop_before="m0011_matters")
    for metric, account, severity, state in STANDING:
        db.execute(
            "INSERT INTO alerts (fingerprint, rule, account, severity, state, metric, value, bound,"
            " opened_at, updated_at, last_told_at)"
            " VALUES (:metric || ':' || :account, 'r', :account, :severity, :state, :metric, '1', '2', :at, :at, :at)",
            {"metric": metric, "account": account, "severity": severity, "state": state, "at": "2026-03-02T02:00:00Z"},
        )
    MIGRATIONS.apply(db)
    assert [(one.number, one.fingerprint) for one in reversed(alerts.standing(db))] == [
        (2, "quota:aliyun"),
        (3, "balance:aliyun"),
        (4, "quota:tencent"),
        (6, "quota:ucloud"),
    ]
    assert alerts.get(db, 1).resolve_note == "A2"
