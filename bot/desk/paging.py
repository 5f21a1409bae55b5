"""Lists that are read page by page. Pure: the ids of what was found come in, newest first, one page goes out."""

from collections.abc import Sequence
from dataclasses import dataclass

PAGE = 20
"""Things on a page: what can be taken in at a glance."""

PAGES = 50
"""Pages that can be turned; nobody turns more, and finding them stays quick however large the record is."""

LOOKED_FOR = PAGE * PAGES + 1
"""How many things a list looks for: one more than it can show tells that there are more."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list.

    Args:
        ids: what stands on it.
        number: which it is, from 1.
        pages: how many can be turned.
        count: how many things those hold.
        more: there are more things than that; how many, nobody counted.
    """

    ids: tuple[int, ...]
    number: int
    pages: int
    count: int
    more: bool


def page(found: Sequence[int], number: int) -> Page:
    """One page of what was found; of numbers beyond the last page an empty one.

    Args:
        found: the ids, at most `LOOKED_FOR` of them.
        number: which page, from 1.
    """
    shown = found[: PAGE * PAGES]
    start = (number - 1) * PAGE
    return Page(
        ids=tuple(shown[start : start + PAGE]),
        number=number,
        pages=-(-len(shown) // PAGE),
        count=len(shown),
        more=len(found) > len(shown),
    )
