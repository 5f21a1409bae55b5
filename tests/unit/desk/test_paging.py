"""Pages: every thing stands on exactly one, and a record of any size is only looked at as far as they go."""

import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Actor, Kind, Place, State
from bot.desk.paging import LOOKED_FOR, PAGE, PAGES, page
from bot.store import events, requests
from bot.store.database import Database
from tests.standing import lay

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
ME = Actor("slack", "U0001", name="me")
PLACE = Place("slack", "C0SMS")


@given(st.integers(0, LOOKED_FOR))
def test_all_that_can_be_turned_to_stands_on_exactly_one_page(count: int) -> None:
    found = tuple(range(count, 0, -1))
    first = page(found, 1)
    together = [number for turn in range(1, first.pages + 1) for number in page(found, turn).ids]

    assert together == list(found[: PAGE * PAGES])
    assert page(found, first.pages + 1).ids == ()
    assert (first.count, first.more) == (min(count, PAGE * PAGES), count > PAGE * PAGES)


async def _filled(database: Database, names: list[tuple[str, Kind, State]]) -> None:
    def write(db: Any) -> None:
        for position, (account, kind, state) in enumerate(names):
            new = [requests.NewRequest(account, "alibaba", {"name": "x"}, (), state)]
            requests.create_batch(
                db, origin=f"o{position}", kind=kind, name="x", actor=ME, place=PLACE, new=new, now=NOW
            )

    await database.write(write)


async def test_numbers_of_several_accounts_and_states_come_newest_first(tmp_path: Path) -> None:
    every = [
        (account, kind, state)
        for account in ("a", "b")
        for state in (State.READY, State.DRAFT)
        for kind in (Kind.SIGNATURE, Kind.TEMPLATE)
    ] * 3
    async with Database(await lay(tmp_path / "signpost.db")) as database:
        await _filled(database, every)
        listed = await database.read(
            lambda db: requests.numbers(db, accounts=("a", "b"), kind=Kind.SIGNATURE, limit=99)
        )
        short = await database.read(lambda db: requests.numbers(db, accounts=("a", "b"), kind=Kind.SIGNATURE, limit=5))
        mine = await database.read(lambda db: requests.numbers(db, submitters=[ME.key], limit=99))
        told = await database.read(lambda db: events.recent_ids(db, accounts=("a",), limit=3))
        shown = await database.read(lambda db: requests.of_numbers(db, short))

    wanted = [number for number, (_, kind, _) in enumerate(every, start=1) if kind is Kind.SIGNATURE][::-1]
    assert list(listed) == wanted
    assert list(short) == wanted[:5]
    assert [request.number for request in shown] == wanted[:5]
    assert list(mine) == list(range(len(every), 0, -1))
    assert list(told) == [number for number, (account, _, _) in enumerate(every, start=1) if account == "a"][:-4:-1]


async def test_a_list_that_was_not_read_to_its_end_does_not_hold_on_to_an_old_state(tmp_path: Path) -> None:
    async with Database(await lay(tmp_path / "signpost.db")) as database:
        await _filled(database, [("a", Kind.SIGNATURE, State.READY), ("b", Kind.SIGNATURE, State.READY)] * 9)
        before = await database.read(lambda db: requests.numbers(db, kind=Kind.SIGNATURE, limit=1))
        await database.write(lambda db: db.execute("UPDATE requests SET kind = 'template' WHERE id = ?", before))
        after = await database.read(lambda db: requests.numbers(db, kind=Kind.SIGNATURE, limit=1))

    assert (before, after) == ((18,), (17,))


async def test_what_is_over_is_not_open(tmp_path: Path) -> None:
    async with Database(await lay(tmp_path / "signpost.db")) as database:
        await _filled(database, [("a", Kind.SIGNATURE, state) for state in State])
        found = await database.read(
            lambda db: requests.of_numbers(
                db, requests.open_numbers(db, accounts=("a", "b"), submitters=[ME.key, "slack:U2"], limit=99)
            )
        )
        nobody = await database.read(
            lambda db: requests.open_numbers(db, accounts=("a",), submitters=["slack:U2"], limit=99)
        )

    over = {State.READY, State.DELETED, State.CANCELLED, State.WITHDRAWN}
    assert [request.state for request in found] == [state for state in State if state not in over][::-1]
    assert nobody == ()


@pytest.mark.parametrize(
    "narrow",
    [
        {"kind": Kind.SIGNATURE},
        {"kind": Kind.SIGNATURE, "states": (State.READY,)},
        {"states": (State.IN_REVIEW, State.DRAFT)},
        {"submitters": [ME.key]},
        {"submitters": [ME.key], "over": False},
        {"name": "x"},
    ],
)
async def test_every_list_walks_an_index_and_sorts_nothing(tmp_path: Path, narrow: dict[str, Any]) -> None:
    """A sort would read all of a large record before it shows the first line."""
    asked: list[str] = []
    async with Database(await lay(tmp_path / "signpost.db")):
        pass
    db = sqlite_utils.Database(sqlite3.connect(tmp_path / "signpost.db"), tracer=lambda sql, _: asked.append(sql))
    requests.numbers(db, accounts=("a",), limit=LOOKED_FOR, **narrow)
    lists = [sql for sql in asked if "LIMIT" in sql]
    plans = [
        row[3]
        for sql in lists
        for row in db.conn.execute(f"EXPLAIN QUERY PLAN {sql}", ["x"] * (sql.count("?") - 1) + [1])
    ]
    db.close()

    assert lists
    assert not [plan for plan in plans if " INDEX " not in plan or "TEMP B-TREE" in plan]
