"""What was entered at a vendor that shows it only to those who know its id: the contract of the place that keeps the ids."""

from typing import Protocol, runtime_checkable


class Entries(Protocol):
    """The ids of an account's entries, by what was entered. Never a paper: particulars are a digest."""

    async def known(self, sort: str) -> tuple[str, ...]:
        """The ids of one sort, the newest first."""
        ...

    async def find(self, sort: str, particulars: str) -> str | None:
        """The id under which the very same was entered; none where it never was."""
        ...

    async def put(self, sort: str, particulars: str, ref: str) -> None:
        """Keep an id that the vendor gave."""
        ...


class Passing:
    """In this process only: for a client without a record."""

    def __init__(self) -> None:
        self._refs: dict[tuple[str, str], str] = {}

    async def known(self, sort: str) -> tuple[str, ...]:
        """What was put since the start."""
        return tuple(reversed([ref for (one, _), ref in self._refs.items() if one == sort]))

    async def find(self, sort: str, particulars: str) -> str | None:
        """What was put since the start."""
        return self._refs.get((sort, particulars))

    async def put(self, sort: str, particulars: str, ref: str) -> None:
        """Keep it until the end."""
        self._refs[sort, particulars] = ref


@runtime_checkable
class Enters(Protocol):
    """A vendor's client that enters such things."""

    def keep_entries(self, entries: Entries) -> None:
        """Where to keep their ids; said once, before the start."""
        ...


def keeping(vendor: object, entries: Entries) -> None:
    """Tell a client where its entries are kept, where it makes any."""
    if isinstance(vendor, Enters):
        vendor.keep_entries(entries)
