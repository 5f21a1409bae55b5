"""The table `troubles`: what goes wrong with the calls of an account, and since when. Empty while all is well."""

import json
from collections.abc import Iterable

import sqlite_utils

from bot.contracts.alert import Metric
from bot.contracts.model import Refusal
from bot.contracts.trouble import Call, Run
from bot.store.moments import from_text, to_text


def put(db: sqlite_utils.Database, account: str, runs: Iterable[Run]) -> None:
    """What goes on at an account, in place of what was stored before."""
    db.execute("DELETE FROM troubles WHERE account = ?", (account,))
    for run in runs:
        db.execute(
            "INSERT INTO troubles (account, metric, part, since, last_at, times, refusal) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                account,
                run.metric,
                run.call,
                to_text(run.since),
                to_text(run.last_at),
                run.times,
                json.dumps(run.refusal.to_json(), ensure_ascii=False),
            ),
        )


def of(db: sqlite_utils.Database, account: str) -> tuple[Run, ...]:
    """What went on at an account when it was last stored, the oldest first."""
    rows = db.query("SELECT * FROM troubles WHERE account = ? ORDER BY since, metric, part", (account,))
    return tuple(
        Run(
            metric=Metric(row["metric"]),
            call=Call(row["part"]),
            since=from_text(row["since"]),
            last_at=from_text(row["last_at"]),
            times=row["times"],
            refusal=Refusal.from_json(json.loads(row["refusal"])),
        )
        for row in rows
    )
