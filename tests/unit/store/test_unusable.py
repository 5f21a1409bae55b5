"""What stands in the place of a record × how it is opened → one sentence with the path and what to do, in both languages."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC
from pathlib import Path

import pytest

from bot.running.problems import problem
from bot.store.database import Database
from bot.store.lock import locked
from bot.store.unusable import _DATABASE as RESULT_CODES
from bot.store.unusable import _SYSTEM as ERROR_NUMBERS
from bot.store.unusable import FILE, LOCK, RecordUnusable, look, of_database, of_system
from bot.store.whose import seen_from_outside
from bot.wording.language import languages

ZH = languages(UTC)["zh"]


def beside(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def of_another_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE moz_places (id INTEGER)")


def of_another_with_our_words(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE requests (id INTEGER)")


async def made(path: Path) -> None:
    async with Database(path):
        pass


def of_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('signpost', 'm9999_next', '')"
        )


def a_pipe(path: Path) -> None:
    path.unlink(missing_ok=True)
    os.mkfifo(path)


def a_lost_link(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path.parent / "gone" / "signpost.db")


def a_folder_beside(path: Path) -> None:
    path.with_name(f"{path.name}-wal").mkdir()


def gone_but_for_its_log(path: Path) -> None:
    path.unlink()
    path.with_name(f"{path.name}-wal").write_bytes(b"x" * 4152)


def emptied_but_for_its_log(path: Path) -> None:
    path.write_bytes(b"")
    path.with_name(f"{path.name}-wal").write_bytes(b"x" * 4152)


Makes = Callable[[Path], None]

OPENED: dict[Makes, str] = {
    of_another_program: "signpost.db is no record of signpost, but another program's SQLite file: move it away",
    of_another_with_our_words: "signpost.db is no record of signpost, but another program's SQLite file",
    of_the_future: "signpost.db was written by a newer signpost (m9999_next): start that version, or put the backup",
    a_pipe: "signpost.db is a pipe or a device and should be a file: move it away",
    a_lost_link: "signpost.db is a link that leads nowhere: correct the link",
    a_folder_beside: "signpost.db-wal is a folder and should be a file: move that folder away",
    gone_but_for_its_log: "signpost.db is gone, while a part of it still stands in signpost.db-wal: put it back beside that",
    emptied_but_for_its_log: "signpost.db is gone, while a part of it still stands in signpost.db-wal: put it back",
}


@pytest.mark.parametrize("read_only", [False, True], ids=["run", "export"])
@pytest.mark.parametrize("make", OPENED, ids=lambda make: make.__name__)
async def test_what_cannot_be_opened_is_named_and_left_as_it_is(make: Makes, read_only: bool, tmp_path: Path) -> None:
    path = tmp_path / FILE
    if make not in (of_another_program, of_another_with_our_words):
        await made(path)
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(RecordUnusable) as caught:
        async with Database(path, read_only=read_only):
            pass
    said = str(caught.value)
    assert OPENED[make] in said
    assert str(tmp_path) in said
    assert problem(ZH, f"bot.data_dir: {said}").startswith(f"bot.data_dir：{tmp_path}")
    assert (path.read_bytes() if path.is_file() else b"") == before


@pytest.mark.parametrize("make", OPENED, ids=lambda make: make.__name__)
async def test_a_look_finds_what_stands_in_its_place_and_writes_nothing(make: Makes, tmp_path: Path) -> None:
    path = tmp_path / FILE
    assert seen_from_outside(path) is None
    if make not in (of_another_program, of_another_with_our_words):
        await made(path)
        assert seen_from_outside(path) is None
    make(path)
    before = beside(tmp_path)
    assert OPENED[make] in str(look(path) or seen_from_outside(path))
    assert beside(tmp_path) == before


def test_a_pipe_for_the_lock_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / LOCK)
    with pytest.raises(RecordUnusable, match=r"signpost\.lock is a pipe or a device"), locked(tmp_path):
        pass
    assert "signpost.lock is a pipe" in str(look(tmp_path / FILE))


async def test_a_file_in_which_nothing_stands_yet_is_no_record(tmp_path: Path) -> None:
    """What an attempt on a full disk leaves behind: nothing is damaged, and no backup is wanted."""
    (tmp_path / FILE).touch()
    with pytest.raises(FileNotFoundError) as caught:
        async with Database(tmp_path / FILE, read_only=True):
            pass
    assert caught.value.args == (tmp_path / FILE,)
    await made(tmp_path / FILE)


@contextmanager
def held(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


async def test_what_takes_nothing_shows_at_the_start_and_not_at_the_first_write(tmp_path: Path) -> None:
    path = tmp_path / FILE
    await made(path)
    with held(path), pytest.raises(RecordUnusable, match=r"signpost\.db is held by another program"):
        async with Database(path, busy=0.01):
            pass


@pytest.mark.parametrize("number", ERROR_NUMBERS)
def test_every_refusal_of_the_operating_system_is_said_in_chinese(number: int) -> None:
    said = problem(ZH, f"bot.data_dir: {of_system(Path('/srv/data'), OSError(number, os.strerror(number)))}")
    assert "：请" in said, said
    assert said.startswith("bot.data_dir：/srv/data ")


@pytest.mark.parametrize("code", RESULT_CODES)
def test_every_refusal_of_sqlite_is_said_in_chinese(code: int, tmp_path: Path) -> None:
    error = sqlite3.OperationalError("what it said")
    error.sqlite_errorcode = code
    said = problem(ZH, f"--data: {of_database(tmp_path / FILE, error)}")
    assert "（what it said）：请" in said, said
