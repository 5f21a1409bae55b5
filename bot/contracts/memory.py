"""What a chat keeps over restarts: the contract of the place where it keeps it."""

from typing import Protocol, runtime_checkable


class Memory(Protocol):
    """What a chat keeps over restarts, under keys of its own. Short texts; never a secret, never a paper."""

    async def get(self, key: str) -> str | None:
        """What was kept; none when nothing was, or too long ago."""
        ...

    async def put(self, key: str, text: str) -> None:
        """Keep a text, in the place of an earlier one."""
        ...

    async def add(self, key: str, count: int = 1) -> int:
        """Count; returns the sum so far."""
        ...


class Forgetful:
    """In this process only: for a chat that is asked something without a record, as the doctor asks."""

    def __init__(self) -> None:
        self._texts: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        """What was kept since the start."""
        return self._texts.get(key)

    async def put(self, key: str, text: str) -> None:
        """Keep a text until the end."""
        self._texts[key] = text

    async def add(self, key: str, count: int = 1) -> int:
        """Count; returns the sum since the start."""
        total = int(self._texts.get(key, "0")) + count
        self._texts[key] = str(total)
        return total


@runtime_checkable
class Remembers(Protocol):
    """A chat that keeps something over restarts."""

    def remember(self, memory: Memory) -> None:
        """Where to keep it; said once, before the start."""
        ...
