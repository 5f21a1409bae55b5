"""A process whose record can be taken away, in three ways, and given back: what its tests in each chat share."""

import contextlib
import resource
import sqlite3
from abc import abstractmethod
from collections.abc import AsyncIterator, Iterator

from tests.acceptance.impatient import READ_ONLY
from tests.acceptance.test_kill import House
from tests.forked import Forked

REFUSED = "the record takes nothing"
TAKES = "the record takes writes again"
CAUSES = {
    "locked": "another program holds it",
    "full": "the disk does not take it",
    "read_only": "it may only be read",
}
"""Ways in which a record refuses, and the cause that is told."""


class Refusing(House):
    """A house whose record can be taken away."""

    program = "tests.acceptance.impatient"
    process: Forked
    nothing_done = "Nothing was done: my record takes nothing now"
    trifle = "sign submit tencent 另一个名字 source=company"
    """Something that needs the record."""

    async def open(self) -> None:
        self.process = await self.run()
        await self.connected()
        # As long as somebody reads, the log that is written ahead is not begun anew, within which even a full disk takes writes.
        self._reader = sqlite3.connect(self._record, isolation_level=None)
        self._reader.execute("BEGIN")
        self._reader.execute("SELECT 1 FROM requests").fetchone()

    async def close(self) -> None:
        self._reader.close()
        await super().close()

    @abstractmethod
    async def connected(self) -> None:
        """Wait until the chat is there."""

    @abstractmethod
    async def says(self, text: str) -> None:
        """Somebody says something."""

    @abstractmethod
    def texts(self) -> list[str]:
        """All that stands in the chat."""

    # --- The record -------------------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Another program holds it."""
        with contextlib.closing(sqlite3.connect(self._record, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.rollback()

    @contextlib.contextmanager
    def full(self) -> Iterator[None]:
        """No file of the process can grow: what the write-ahead log takes is used up."""
        room = self._record.with_name("signpost.db-wal").stat().st_size
        before = resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, (room, before[1]))
        yield
        resource.prlimit(self.process.pid, resource.RLIMIT_FSIZE, before)

    @contextlib.contextmanager
    def read_only(self) -> Iterator[None]:
        """It may only be read."""
        flag = self.folder / READ_ONLY
        flag.touch()
        yield
        flag.unlink()

    @contextlib.asynccontextmanager
    async def without_record(self, way: str) -> AsyncIterator[None]:
        """Take the record away, and give it back: told once in the log, with its cause, and that it is over."""
        refused, taken = self.logged(REFUSED), self.logged(TAKES)
        with getattr(self, way)():
            yield
            await self.refused(self.trifle)  # whatever came before was tried, and refused, by then
        await self.until(lambda: self.logged(TAKES) > taken)
        assert self.logged(REFUSED) == refused + 1
        assert self.logged(CAUSES[way]) > 0

    def logged(self, text: str) -> int:
        return self._output().read_text().count(text)

    def logged_lines(self) -> list[str]:
        return self._output().read_text().splitlines()

    # --- What is said -----------------------------------------------------------------------------------------------

    def heard(self, text: str) -> int:
        return sum(text in message for message in self.texts())

    async def refused(self, text: str) -> None:
        """Somebody says something for which the record is needed, and reads that nothing was done."""
        told = self.heard(self.nothing_done)
        await self.says(text)
        await self.until(lambda: self.heard(self.nothing_done) > told)

    async def told(self, text: str) -> None:
        await self.until(lambda: self.heard(text) > 0)

    # --- What the vendors were asked --------------------------------------------------------------------------------

    def calls(self, action: str) -> int:
        return sum(call.action == action for call in self.sandbox.calls)

    async def comes_to(self, **states: str) -> None:
        """Wait until requests are in these states; `r2="ready"`."""
        wanted = {int(name.removeprefix("r")): state for name, state in states.items()}
        try:
            await self.until(lambda: wanted.items() <= dict(enumerate(self.states(), 1)).items())
        except TimeoutError:
            raise AssertionError(f"{states} never came: {self.states()}") from None
