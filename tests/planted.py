"""Nothing of a person is anywhere but where it belongs: searched for at the end of every stage, whatever its story is.

Planted is whatever number of a person came in, typed, filled in, pushed or passed on to a vendor, and the names below. None
of it may stand in what the bot said, wrote or logged; but what a test message went to may stand in the record of it.
"""

import contextlib
import io
import re
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from pathlib import Path

from bot.contracts.settings import Settings
from bot.store.export import back_up, export_requests
from handlers import ROUTER
from integrations.sandbox import Sandbox
from tests.logged import logged

NAMES = ("张埋名", "王芳芳", "planted-mark-of-a-person")
"""What persons, and the files of their papers, are called in every story that says a name for a vendor."""

_EXAMPLES = re.compile(
    "|".join(
        re.escape(words)
        for one in ROUTER.declarations
        for example in one.examples
        for words in (example.en, example.zh)
        if "13800001234" in words
    )
)
"""What the program itself shows as an example, with a number that is nobody's."""

_NUMBER = re.compile(r"(?<![0-9A-Za-z])(?:\+?86|0086)?[ -]?(1[3-9]\d(?:[ -]?\d){8})(?![0-9A-Za-z])")
_ABROAD = re.compile(r"(?<![0-9])(447700900\d{3})(?![0-9])")
"""Of the range that the United Kingdom keeps for films; every story abroad goes there."""
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5}(?:18|19|20)\d{9}[\dXx]|[1-9]\d{14})(?![0-9A-Za-z])")
_PICTURES = (b"\x89PNG\r\n", b"\xff\xd8\xff\xe0", b"%PDF-", b"iVBORw0KGgo", b"/9j/4AAQ", b"JVBERi0")
"""How papers begin, also in Base64."""
_OWN = (*_PICTURES[:3], b"GIF8")
"""Files that a story itself put beside the record: what people hand in."""


def numbers_in(text: str) -> set[str]:
    """Mobile numbers and numbers of identity papers, as they are written and without blanks."""
    found = {one[1] for pattern in (_NUMBER, _ABROAD, _IDENTITY) for one in pattern.finditer(text)}
    return found | {re.sub(r"[ -]", "", one) for one in found}


@contextlib.asynccontextmanager
async def searched(
    settings: Settings,
    folder: Path,
    sandbox: Sandbox,
    came: Callable[[], Iterable[str]],
    said: Callable[[], Iterable[str]],
) -> AsyncIterator[None]:
    """Search for what was planted when a stage is over; what broke meanwhile is told instead.

    Args:
        settings: the configuration.
        folder: where the record is.
        sandbox: the vendors, which were told of it.
        came: what people said and did.
        said: all that the bot gave out.
    """
    with logged() as log:
        yield
    told = (str([(call.params, call.action) for call in sandbox.calls]), str(sandbox._letters()))
    planted = set().union(*(numbers_in(text) for text in (*came(), *told)))
    copies = await _copies(settings, folder) if any(_IDENTITY.fullmatch(one) for one in planted) else ()
    nothing_of(planted, folder, *said(), *copies, log.getvalue())


async def _copies(settings: Settings, folder: Path) -> Sequence[str]:
    """What goes out of the house of a record: exports of both forms, and a backup beside it."""
    here = settings.model_copy(update={"bot": settings.bot.model_copy(update={"data_dir": folder})})
    told: list[str] = []
    for form in ("json", "csv"):
        out = io.BytesIO()
        await export_requests(here, form, out)
        told.append(out.getvalue().decode())
    (folder / "copy.db").unlink(missing_ok=True)
    await back_up(here, folder / "copy.db", told.append)
    return told


def nothing_of(planted: Iterable[str], folder: Path, *told: str) -> None:
    """No number, no name, no paper in any file of a folder nor in these texts; but the record of what was sent has its numbers."""
    marks = {*planted, *NAMES}
    for text in told:
        own = _EXAMPLES.sub("", text)
        for mark in marks:
            assert mark not in own, _around(own, mark)
    for path in (one for one in folder.rglob("*") if one.is_file()):
        content = path.read_bytes()
        if content.startswith(_OWN) or path.suffix == ".toml":
            continue
        sent = _sent(path) if content.startswith(b"SQLite format 3") else _sent(folder / "signpost.db")
        spelled = {form for mark in marks - sent for form in (mark.encode(), mark.encode("unicode_escape"))}
        for spelling in (*spelled, *_PICTURES):
            assert spelling not in content, f"{path.name}: {spelling!r}"


def _sent(record: Path) -> set[str]:
    """The numbers that test messages went to, or had in their text, which stand in their table and in no other."""
    if not record.exists():
        return set()
    with contextlib.closing(sqlite3.connect(f"file:{record}?mode=ro", uri=True)) as db:
        tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        if "sends" not in tables:
            return set()
        sent = numbers_in(" ".join(str(value) for row in db.execute("SELECT * FROM sends") for value in row))
        for table in tables if sent else ():
            if table != "sends":
                rows = str(db.execute(f"SELECT * FROM [{table}]").fetchall())  # noqa: S608 - a table's own name
                assert not [one for one in sent if one in rows], table
    return sent


def _around(text: str, mark: str) -> str:
    at = text.index(mark)
    return f"{mark} in {text[max(0, at - 300) : at + 100]}"
