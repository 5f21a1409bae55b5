"""The parts of a digital message in order: words, pictures, sound, film. Pure.

One text and its files are said; a line of the text with nothing but a number in brackets, `(1)`, is the place of that
file. Where no place is said, the files stand in their order before the words, so that what must end a text ends it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.contracts.model import Paper

MEDIA = "media"
"""The key of the files."""

_PLACE = re.compile(r"[ \t\u3000]*[(（][ \t]*([0-9０-９]{1,2})[ \t]*[)）][ \t\u3000]*")


@dataclass(frozen=True, slots=True)
class Part:
    """One part: words, or a file."""

    words: str = ""
    file: Paper | None = None


def placed(content: str) -> tuple[int, ...]:
    """The numbers of the files whose places the text says, in its order."""
    found = (_PLACE.fullmatch(line) for line in content.splitlines())
    return tuple(int(one[1]) for one in found if one)


def misplaced(content: str, files: int) -> tuple[int, ...]:
    """The numbers that are wrong in a text: of no file, twice, or of a file that has no place although others have."""
    said = placed(content)
    if not said:
        return ()
    there = range(1, files + 1)
    strange = [one for one in said if one not in there or said.count(one) > 1]
    return tuple(dict.fromkeys([*strange, *(one for one in there if one not in said)]))


def words(content: str) -> str:
    """The text without the places of files."""
    return "\n".join(line for line in content.splitlines() if not _PLACE.fullmatch(line)).strip()


def parts(content: str, files: Sequence[Paper]) -> tuple[Part, ...]:
    """The parts in order; what is wrong with their places is asked of `misplaced` before."""
    if not placed(content):
        said = words(content)
        return (*(Part(file=file) for file in files), *((Part(said),) if said else ()))
    found: list[Part] = []
    lines: list[str] = []

    def close() -> None:
        text = "\n".join(lines).strip()
        lines.clear()
        if text:
            found.append(Part(text))

    for line in content.splitlines():
        place = _PLACE.fullmatch(line)
        if place is None:
            lines.append(line)
        elif 1 <= int(place[1]) <= len(files):
            close()
            found.append(Part(file=files[int(place[1]) - 1]))
    close()
    return tuple(found)
