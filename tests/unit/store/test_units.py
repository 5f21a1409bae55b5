"""What belongs to a transaction beside the record, and transactions that are one for a person."""

import ast
import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.errors import RecordUnavailable
from bot.contracts.model import Words
from bot.store.units import Unit, after, as_one, otherwise
from tests.unit.store.test_refusals import SOON, full, insert, locked, opened, refused, stored

ROOT = Path(__file__).resolve().parents[3]


async def nobody(_: Words) -> None:
    """Hears that the rest waits."""


# --- What stands in memory ---------------------------------------------------------------------------------------------


def noting(number: int, noted: list[int], then: Callable[[Any], Any] = lambda _: None) -> Callable[[Any], None]:
    """A change that notes its number in memory, and then does something else."""

    def change(db: Any) -> None:
        insert(number)(db)
        after(db, lambda: noted.append(number))
        then(db)

    return change


def fails(_: Any) -> None:
    raise ValueError("a fault of its own")


async def test_it_changes_when_the_transaction_is_kept_before_anybody_is_answered(tmp_path: Path) -> None:
    noted: list[int] = []
    async with opened(tmp_path / "signpost.db") as database:
        one = asyncio.ensure_future(database.write(noting(1, noted)))
        two = asyncio.ensure_future(database.write(noting(2, noted, fails)))
        three = asyncio.ensure_future(database.store(noting(3, noted)))
        await asyncio.wait({one, two, three})
        assert noted == [1, 3]
        with pytest.raises(ValueError, match="fault of its own"):
            await two
        await database.write(lambda _: None)
    assert noted == [1, 3]


async def test_it_stays_as_it_was_where_the_record_refuses_at_the_very_end(tmp_path: Path) -> None:
    """A full disk: the whole change has run by then."""
    noted: list[int] = []

    def blob(db: Any) -> None:
        db.execute("CREATE TABLE big (b BLOB) STRICT")
        db.execute("INSERT INTO big VALUES (zeroblob(1000000))")

    async with opened(tmp_path / "signpost.db") as database:
        async with full(database):
            with pytest.raises(RecordUnavailable):
                await database.write(noting(1, noted, blob))
            outcome = asyncio.ensure_future(database.store(noting(2, noted, blob)))
            await asyncio.sleep(0.05)  # time to be tried several times
            assert noted == []
        await asyncio.wait_for(outcome, SOON)
        assert noted == [2]


MUTATES = {"add", "append", "clear", "discard", "extend", "forget", "give_back", "hold", "keep", "pop", "popitem"}
MUTATES |= {"remove", "setdefault", "update"}


def test_no_transaction_changes_anything_in_memory_by_itself() -> None:
    """What takes the connection may be undone, or run again: it changes the record only, the rest through `after`."""
    found = []
    for path in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")):
        if path.is_relative_to(ROOT / "bot" / "store"):
            continue
        for function in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(function, ast.FunctionDef) and any(one.arg == "db" for one in function.args.args):
                found += [f"{path.relative_to(ROOT)}:{line}" for line in _in_memory(function)]
    assert found == []


def _in_memory(function: ast.FunctionDef) -> Iterator[int]:
    for node in _not_after(function):
        match node:
            case ast.Assign(targets=targets) if any(_own(one) for one in targets):
                yield node.lineno
            case ast.AugAssign(target=target) if _own(target):
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr=attr, value=value)) if attr in MUTATES and _own(value):
                yield node.lineno


def _not_after(node: ast.AST) -> Iterator[ast.AST]:
    """Everything within, but for what is done once the transaction is kept."""
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.Call) and isinstance(child.func, ast.Name) and child.func.id == "after"):
            yield child
            yield from _not_after(child)


def _own(node: ast.AST) -> bool:
    """Whether it is something of the object: `self._x`, or a part of it."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
            return True
        node = node.value
    return False


OUTSIDE = re.compile(r"\b(vendor|vendors\[.*\]|reviews|chat|group|counting|metering|looks)\.\w+\(|_hand_over\(")

ONLY_ASKS = {"Settling.answer"}
"""Where what came back from outside only decides whether a person's word is believed: it is said again if need be."""


def test_what_came_back_from_outside_is_never_written_where_it_can_be_refused() -> None:
    found, seen = set(), 0
    for path in (*(ROOT / "bot").rglob("*.py"), *(ROOT / "handlers").rglob("*.py")):
        for owner in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for function in owner.body if isinstance(owner, (ast.ClassDef, ast.Module)) else ():
                if not isinstance(function, ast.AsyncFunctionDef):
                    continue
                awaited = [
                    (one.lineno, ast.unparse(one.value)) for one in ast.walk(function) if isinstance(one, ast.Await)
                ]
                called = [line for line, text in awaited if OUTSIDE.search(text) and "database." not in text]
                written = [line for line, text in awaited if "database.write(" in text]
                seen += bool(called)
                if called and written and max(written) > min(called):
                    found.add(f"{owner.name}.{function.name}" if isinstance(owner, ast.ClassDef) else function.name)
    assert found == ONLY_ASKS
    assert seen >= 10


# --- What is one for a person ------------------------------------------------------------------------------------------


async def test_the_first_refusal_ends_it_and_takes_back_what_was_changed_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "signpost.db"
    held = ["before"]
    async with opened(path) as database:
        with locked(path):
            unit = Unit(nobody)

            async def said() -> None:
                with as_one(unit):
                    held.append("a file")
                    otherwise(lambda: held.remove("a file"))
                    await database.write(insert(1))

            with pytest.raises(RecordUnavailable):
                await said()
            assert not unit.begun
    assert held == ["before"]
    assert stored(path) == []


async def test_what_changed_nothing_does_not_begin_it(tmp_path: Path) -> None:
    path = tmp_path / "signpost.db"
    async with opened(path) as database:
        with as_one(Unit(nobody)):
            await database.write(lambda db: db.execute("DELETE FROM t"))
            with locked(path), pytest.raises(RecordUnavailable):
                await database.write(insert(1))


async def test_what_is_begun_is_done_whole_and_whoever_waits_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.WAIT_SECONDS", 0.05)
    path = tmp_path / "signpost.db"
    told: list[str] = []
    waits = asyncio.Event()

    async def tell(why: Words) -> None:
        told.append(why.en)
        waits.set()

    async def said(*changes: Callable[[], Awaitable[Any]]) -> None:
        with as_one(Unit(tell)):
            for change in changes:
                await change()

    async with opened(path) as database:
        lock = locked(path)

        async def begin() -> None:
            await database.write(insert(1))
            lock.__enter__()

        saying = asyncio.ensure_future(
            said(begin, lambda: database.write(insert(2)), lambda: database.write(insert(3)))
        )
        await asyncio.wait_for(waits.wait(), SOON)
        await refused(database)  # what somebody else says meanwhile
        lock.__exit__(None, None, None)
        await asyncio.wait_for(saying, SOON)
    assert stored(path) == [1, 2, 3]
    assert told == ["another program holds it"]


# --- How much is held --------------------------------------------------------------------------------------------------


async def test_what_nobody_waits_for_has_a_bound_and_an_outcome_never_gives_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.database.HELD_LIMIT", 3)
    path = tmp_path / "signpost.db"
    async with opened(path) as database:
        with locked(path):
            for number in range(5):
                with pytest.raises(TimeoutError):
                    await database.store(insert(number), within=0.0)
            assert database.let_go
            outcome = asyncio.ensure_future(database.store(insert(10)))
            await refused(database)
            assert database.held == 4
        await asyncio.wait_for(outcome, SOON)
        assert (database.held, database.let_go) == (0, False)
        assert await database.store(insert(11), within=SOON) == 11
    assert stored(path) == [0, 1, 2, 10, 11]
