"""What belongs to a transaction beside the record: what is done once it is kept, and what is one with it.

`after` is for what stands in memory (files, which day was tidied): a transaction that is undone must leave that as it was.

`as_one` is for what one person said: it may need several transactions, and "nothing was done" is true before the first
of them only. Once one was kept, what else belongs to it cannot be refused any more: it waits until the record takes it.
What was changed in memory by then is taken back where nothing was done (`otherwise`).
"""

import contextlib
from collections.abc import Awaitable, Callable, Iterator
from contextvars import ContextVar
from typing import Any

import sqlite_utils
import structlog

from bot.contracts.errors import RecordUnavailable
from bot.contracts.model import Words

log = structlog.get_logger(__name__)

Waits = Callable[[Words], Awaitable[None]]
"""Told, once, that the rest waits, and why."""


class Connection(sqlite_utils.Database):
    """A connection with what is to be done once its transaction is kept.

    Attributes:
        effects: in order.
    """

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.effects: list[Callable[[], None]] = []

    def settle(self) -> None:
        """The transaction was kept: do what belongs to it. One that fails is a fault of ours, and holds up no other."""
        effects, self.effects = self.effects, []
        for effect in effects:
            try:
                effect()
            except Exception:
                log.exception("what belongs to a transaction was not done")


def after(db: sqlite_utils.Database, effect: Callable[[], None]) -> None:
    """Do something beside the record once this transaction is kept, before anybody sees that it is; never if it is undone.

    A transaction can be tried several times, and refused at its very end; so what it changes in memory goes through here.
    """
    if isinstance(db, Connection):
        db.effects.append(effect)
    else:  # somebody's own connection, who knows no transactions of ours
        effect()


class Unit:
    """Transactions that are one for a person.

    Args:
        waits: told, once, that the rest waits.

    Attributes:
        begun: whether any of them was kept, and changed something.
        undo: takes back what was changed in memory before that.
    """

    def __init__(self, waits: Waits) -> None:
        self.begun = False
        self.undo: list[Callable[[], None]] = []
        self._waits: Waits | None = waits

    async def wait(self, why: Words) -> None:
        """Say that the rest waits, unless that was said."""
        waits, self._waits = self._waits, None
        if waits is not None:
            await waits(why)


_UNIT: ContextVar[Unit | None] = ContextVar("unit", default=None)


def current() -> Unit | None:
    """The unit that whoever asks works in; none outside of any."""
    return _UNIT.get()


def otherwise(effect: Callable[[], None]) -> None:
    """Take back what was changed in memory, should nothing of what a person said be stored."""
    if (unit := current()) is not None:
        unit.undo.append(effect)


@contextlib.contextmanager
def as_one(unit: Unit) -> Iterator[None]:
    """Make what is written within one thing for a person: refused whole, or done whole, however long that takes."""
    token = _UNIT.set(unit)
    try:
        yield
    except RecordUnavailable:
        if not unit.begun:
            while unit.undo:
                unit.undo.pop()()
        raise
    finally:
        _UNIT.reset(token)
