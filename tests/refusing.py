"""A record that refuses every write once: whatever is said twice then must come to what it comes to when nothing is refused.

A write is known by the place in the program that asks for it. The first time it is asked for there, SQLite refuses it at
its very end, when all of it has run (as a disk does that is full); the next time it is taken.

A story that is marked `also_refusing` is told once more with such a record.
"""

import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import Any, TypeVar

import pytest
import sqlite_utils

from bot.contracts.message import Message
from bot.contracts.model import Incoming
from bot.desk.reception import Reception
from bot.running import app
from bot.store.database import Database
from bot.wording.language import Language

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[1]

NOTHING_DONE = ("Nothing was done: my record takes nothing now", "什么也没有做：记录目前无法写入")
AGAIN = 20
"""So often somebody says a thing again at most; each time it comes one write further."""

ASIDE = ("heard", "kept", "troubles", "sqlite_sequence")
"""Tables in which something may stand of what was refused: that it was said, and what vendors answered meanwhile."""


class RefusingOnce(Database):
    """A record that refuses every write once."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, again=0.0)
        self.refused: set[str] = set()  # `bot/requests/orders.py:188`, …

    async def write(self, change: Callable[[sqlite_utils.Database], T]) -> T:
        return await super().write(self._once(change, sys._getframe(1)))

    async def store(self, change: Callable[[sqlite_utils.Database], T], *, within: float | None = None) -> T:
        return await super().store(self._once(change, sys._getframe(1)), within=within)

    def _once(self, change: Callable[[sqlite_utils.Database], T], frame: FrameType) -> Callable[..., T]:
        path = Path(frame.f_code.co_filename)
        place = f"{path.relative_to(ROOT)}:{frame.f_lineno}" if path.is_relative_to(ROOT) else ""
        if not place.startswith(("bot/", "handlers/")) or place.startswith("bot/store/database"):
            return change
        if "recover" in frame.f_code.co_name:  # before the start has ended it ends the start
            return change

        def refusing(db: sqlite_utils.Database) -> T:
            if place not in self.refused:
                change(db)
                self.refused.add(place)
                _refused(db)
            return change(db)

        return refusing


def _refused(db: sqlite_utils.Database) -> None:
    db.execute("PRAGMA query_only=1")
    try:
        db.execute("DELETE FROM heard")
    finally:
        db.execute("PRAGMA query_only=0")


def standing(path: Path) -> dict[str, list[Any]]:
    """All that stands in the record, by table."""
    with sqlite3.connect(path) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in names if name not in ASIDE}  # noqa: S608
    db.close()
    return found


def refuse_once(monkeypatch: pytest.MonkeyPatch) -> Sequence[RefusingOnce]:
    """Every bot has a record that refuses each write once; who would read that nothing was done, says it again at once.

    A worker whose write was refused does its step again with the next tick, so there is one more as long as any was.

    Returns:
        The records, as they are opened.
    """
    opened: list[RefusingOnce] = []

    def record(path: Path) -> RefusingOnce:
        opened.append(RefusingOnce(path))
        return opened[-1]

    receive, say, work = Reception.receive, Reception._say, app.Bot.tick
    refused: set[str] = set()

    async def until_taken(self: Reception, incoming: Incoming) -> None:
        path = self._services.database.path
        for turn in range(AGAIN):
            before, origin = standing(path), f"{incoming.origin}{'+' * turn}"
            await receive(self, replace(incoming, origin=origin))
            if origin not in refused:
                return
            assert standing(path) == before, f"something was done of {incoming.text!r}"
        raise AssertionError(f"{incoming.text!r} is never taken")

    async def unless_nothing_was_done(
        self: Reception, incoming: Incoming, language: Language, reply: Message, *, key: str = "reply"
    ) -> None:
        if any(words in str(reply.title) for words in NOTHING_DONE):
            refused.add(incoming.origin)
        else:
            await say(self, incoming, language, reply, key=key)

    async def until_nothing_is_refused(self: app.Bot) -> None:
        database, before = self.services.database, -1
        assert isinstance(database, RefusingOnce)
        while before < len(database.refused):
            before = len(database.refused)
            await work(self)

    monkeypatch.setattr(app, "Database", record)
    monkeypatch.setattr(Reception, "receive", until_taken)
    monkeypatch.setattr(Reception, "_say", unless_nothing_was_done)
    monkeypatch.setattr(app.Bot, "tick", until_nothing_is_refused)
    return opened
