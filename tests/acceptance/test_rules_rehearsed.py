"""`signpost rules`: what each rule would have said over a record, before it calls anybody."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import sqlite_utils
from click.testing import CliRunner

from bot.contracts.model import Actor, Kind, Place, State
from bot.contracts.traffic import DAY, HOUR, Counts, Tally, day_start
from bot.contracts.vendor import Measure, Reading
from bot.running.cli import main
from bot.running.config import parse
from bot.running.rules import rehearse
from bot.running.vendors import ACCOUNTS
from bot.store import requests, samples, traffic
from bot.store.database import Database

NOW = datetime(2026, 11, 28, 4, tzinfo=UTC)
BAD_DAY = date(2026, 11, 23)
CONFIG = """
[bot]
language = "{language}"
data_dir = "data"
[[account]]
name = "tencent"
vendor = "tencent"
secret_id = "AKIDabcdefghijklmnopqrstuvwxyz012345"
secret_key = "abcdefghijklmnopqrstuvwxyz012345"
sdk_app_id = "1400000000"
[[rule]]
name = "balance-low"
off = true
"""


async def recorded(folder: Path) -> None:
    """A month of 300 messages an hour, of which on one day, from ten to one, 40 % fail; a package that is nearly out."""
    async with Database(folder / "data" / "signpost.db") as database:
        start = day_start(BAD_DAY)
        bad = {start + HOUR * hour for hour in (10, 11, 12)}
        hours = [start + HOUR * number for number in range(-24 * 35, 24 * 5)]
        tallies = [
            Tally(at, HOUR, Counts(delivered=180, failed=120) if at in bad else Counts(delivered=295, failed=5))
            for at in hours
        ]
        days = [Tally(start + DAY * number, DAY, Counts(delivered=7080, failed=120)) for number in range(-35, 5)]
        package = Reading("P1", Measure.PACKAGE, Decimal(50_000), total=Decimal(1_000_000))  # a week of it
        fewer = replace(package, remaining=Decimal(14_400))  # two days of it

        await database.write(lambda db: traffic.put(db, "tencent", (*tallies, *days), NOW))
        await database.write(lambda db: samples.add(db, "tencent", (package,), start + HOUR * 5))
        await database.write(
            lambda db: samples.add(db, "tencent", (replace(package, remaining=Decimal(900_000)),), start + DAY)
        )
        await database.write(lambda db: samples.add(db, "tencent", (replace(fewer, total=None),), start + DAY * 2))
        await database.write(lambda db: samples.add(db, "tencent", (replace(fewer, total=None),), start + DAY * 3))
        await database.write(lambda db: waiting_since(db, start + HOUR * 9))


def waiting_since(db: sqlite_utils.Database, since: datetime) -> None:
    """A signature that the reviewers have from then on, and decide on two days later."""
    one = requests.NewRequest("tencent", "tencent", {}, (), State.QUEUED)
    actor, place = Actor("terminal", "submitter"), Place("terminal", "demo")
    requests.create_batch(
        db, origin="x", kind=Kind.SIGNATURE, name="速达物流", actor=actor, place=place, new=[one], now=since
    )
    for state, at in ((State.SUBMITTING, since), (State.IN_REVIEW, since), (State.APPROVED, since + DAY * 2)):
        more = {"submitted_at": since} if state is State.IN_REVIEW else {}
        requests.move(db, requests.get(db, 1), state, now=at, actor="vendor", **more)


@pytest.mark.parametrize(
    ("language", "on", "wanted"),
    [
        (
            "en",
            None,
            (
                "Over 30 days, to today 12:00:",
                "failing: share of messages that fail above 20% – would have fired 1 time: tencent Mon 23 Nov 11:00 (20.9%)",
                "failing-badly: share of messages that fail above 50% – would have fired 0 times",
                "quota-low: share of the packages left below 10% – would have fired 1 time: tencent Mon 23 Nov 05:00 (5%)",
                "volume-high: times the usual volume above 3 – would have fired 0 times",
                "runs-out: days until the packages run out below 3 – would have fired 1 time: tencent Wed 25 Nov 00:00 (",
                "review-overdue: times the usual time in review above 3 – would have fired 1 time: tencent Mon 23 Nov ",
                "filing-failed: signatures that carriers refuse above 0 – would have fired 0 times",
            ),
        ),
        ("en", BAD_DAY, ("On 2026-11-23:", "failing: share of messages that fail above 20% – would have fired 1 time")),
        (
            "en",
            BAD_DAY - timedelta(days=1),
            ("failing: share of messages that fail above 20% – would have fired 0 times",),
        ),
        # what opened the day before still stands
        (
            "en",
            BAD_DAY + timedelta(days=3),
            ("runs-out: days until the packages run out below 3 – would have fired 0 times",),
        ),
        ("zh", BAD_DAY, ("failing：失败率高于 20%，会触发 1 次：tencent ",)),
    ],
)
async def test_what_each_rule_would_have_said(
    tmp_path: Path, language: str, on: date | None, wanted: tuple[str, ...]
) -> None:
    await recorded(tmp_path)
    settings = parse(CONFIG.format(language=language), accounts=ACCOUNTS, environ={}, base=tmp_path)
    said: list[str] = []
    assert await rehearse(settings, on, said.append, NOW) == 0
    for line in wanted:
        assert any(one.startswith(line) for one in said), (line, said)
    assert not any(one.startswith("balance-low") for one in said)


def test_exit_codes(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(CONFIG.format(language="en"))
    path = str(tmp_path / "config.toml")
    nothing = CliRunner().invoke(main, ["rules", "--config", path])
    assert (nothing.exit_code, "There is no record" in nothing.output) == (1, True)
    wrong = CliRunner().invoke(main, ["rules", "--config", path, "--on", "yesterday"])
    assert wrong.exit_code == 2
