"""How many of a kind an account has, and has asked for today: what the check is told of the record."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlite_utils

from bot.contracts.model import Action, Actor, Kind, Place, State
from bot.store import counts, requests
from bot.store.database import Database
from tests.given import MONDAY
from tests.standing import lay

ME, PLACE = Actor("slack", "U1"), Place("slack", "C1")


def put(
    db: sqlite_utils.Database, name: str, state: State, *, account: str = "tencent", kind: Kind = Kind.SIGNATURE
) -> int:
    new = [requests.NewRequest(account, account, {"name": name}, (), state)]
    origin = f"{account}{kind}{name}{state}"
    batch, _ = requests.create_batch(
        db, origin=origin, kind=kind, name=name, actor=ME, place=PLACE, new=new, now=MONDAY
    )
    return requests.of_batch(db, batch)[0].number


async def test_what_the_vendor_has_or_is_asked_for_counts_and_nothing_else(tmp_path: Path) -> None:
    def seed(db: sqlite_utils.Database) -> None:
        for state in State:
            put(db, state.value, state)
        put(db, "elsewhere", State.READY, account="aliyun")
        put(db, "another kind", State.READY, kind=Kind.TEMPLATE)

    async with Database(await lay(tmp_path / "signpost.db")) as database:
        await database.write(seed)
        there = {
            "in_review",
            "approved",
            "ready",
            "rejected",
            "withdrawn",
            "disabled",
            "queued",
            "submitting",
            "unknown",
        }
        assert await database.read(lambda db: counts.had(db, "tencent", Kind.SIGNATURE, "new")) == len(there)
        for state in State:
            had = await database.read(lambda db, name=state.value: counts.had(db, "tencent", Kind.SIGNATURE, name))
            assert (had is None) is (state.value in there), state


async def test_what_was_asked_for_since_midnight_counts_once_whatever_became_of_it(tmp_path: Path) -> None:
    midnight = datetime(2026, 3, 1, 16, 0, tzinfo=UTC)

    def seed(db: sqlite_utils.Database) -> None:
        def sent(name: str, at: datetime, action: Action = Action.CREATE, kind: Kind = Kind.TEMPLATE) -> None:
            number = put(db, name, State.QUEUED, kind=kind)
            requests.move(db, requests.get(db, number), State.SUBMITTING, now=at, actor="signpost", action=action)
            again = requests.move(db, requests.get(db, number), State.QUEUED, now=at, actor="signpost")
            requests.move(db, again, State.SUBMITTING, now=at, actor="signpost", action=action)
            requests.move(db, requests.get(db, number), State.FAILED, now=at, actor="vendor")

        sent("yesterday", midnight - timedelta(seconds=1))
        sent("at midnight", midnight)
        sent("today", midnight + timedelta(hours=3))
        sent("a change", midnight + timedelta(hours=3), Action.UPDATE)
        sent("a signature", midnight + timedelta(hours=3), kind=Kind.SIGNATURE)

    async with Database(await lay(tmp_path / "signpost.db")) as database:
        await database.write(seed)
        assert await database.read(lambda db: counts.asked_since(db, "tencent", Kind.TEMPLATE, midnight)) == 2
