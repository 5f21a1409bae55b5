"""The terminal's room, and how a screen is read."""

import contextlib
import io
import itertools
import os
import re
from collections import Counter
from collections.abc import AsyncIterator
from types import MappingProxyType

from bot.contracts.model import Actor, Attachment, Place
from integrations.terminal.client import Terminal
from tests.contract.rooms.room import Room, Seen


class _Screen(io.StringIO):
    """Keeps what was written apart, one message a write."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[str] = []

    def write(self, text: str) -> int:
        self.writes.append(text)
        return super().write(text)


class TerminalRoom(Room):
    """A terminal that is a pipe on one side and a string on the other."""

    ways = MappingProxyType({"line": True})
    place = Place("terminal", "demo")
    nowhere = place
    me = Actor("terminal", "me", name="submitter")
    other = Actor("terminal", "colleague", name="colleague")

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        self._stdin = os.fdopen(self._reading, encoding="utf-8")
        self.screen = _Screen()
        self._origins = itertools.count(1)
        super().__init__()

    def fresh(self) -> Terminal:
        async def nothing() -> None:
            return None

        return Terminal(
            conversation=self.place.conversation,
            actor=self.me,
            language=lambda: "en",
            settle=nothing,
            new_origin=lambda: f"line-{next(self._origins)}",
            stdin=self._stdin,
            stdout=self.screen,
            width=100_000,
            colour=True,
        )

    async def speak(self, text: str, way: str, files: tuple[Attachment, ...], outsider: bool) -> None:
        assert (way, files, outsider) == ("line", (), False)
        os.write(self._writing, f"{text}\n".encode())

    def freeze(self) -> None:
        """There is no connection."""

    def seen(self, since: int = 0) -> list[Seen]:
        return [_on_screen(text) for text in self._messages()[since:]]

    def count(self) -> int:
        return len(self._messages())

    def _messages(self) -> list[str]:
        """What was printed, without the echo of what was typed."""
        return [text for text in self.screen.writes if not text.lstrip("\n").startswith("> ")]

    def links_of(self, url: str) -> tuple[str, ...]:
        assert url
        return ()

    def read_in_private(self) -> str:
        return self.screen.getvalue()

    def leave(self) -> None:
        """Nobody reads any more."""
        self.screen.close()

    def close(self) -> None:
        os.close(self._writing)
        self._stdin.close()


_LOOK = re.compile("\x1b\\[(1|2|36)m(.*?)\x1b\\[0m")
_BAR = "\x1b[2m> \x1b[0m"


def _on_screen(text: str) -> Seen:
    """A message on a screen with colours, where nothing that people wrote can look like one."""
    shape: Counter[str] = Counter()
    rows: list[str] = []
    quoted = False
    for row in text.strip("\n").split("\n"):
        shape["quote"] += row.startswith(_BAR) and not quoted
        quoted = row.startswith(_BAR)
        shape["list"] += row.startswith("• ")
        rows.append(_LOOK.sub(r"\2", row.removeprefix(_BAR).removeprefix("• ")))
    return Seen(text="\n".join(rows), notice=rows[0], shape=shape)


@contextlib.asynccontextmanager
async def terminal_room() -> AsyncIterator[Room]:
    """Have a terminal to talk at."""
    room = TerminalRoom()
    try:
        yield room
    finally:
        room.close()
