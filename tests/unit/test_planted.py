"""The search for personal data finds what it looks for, and every stage is searched."""

import sqlite3
from pathlib import Path

import pytest

from tests.made_files import png
from tests.planted import nothing_of, numbers_in

ROOT = Path(__file__).parents[2]
PHONE, IDENTITY = "13812349876", "330106199001011234"


def record(folder: Path, *, elsewhere: str = "") -> Path:
    path = folder / "signpost.db"
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE sends (number TEXT)")
        db.execute("INSERT INTO sends VALUES (?)", (PHONE,))
        db.execute("CREATE TABLE events (data TEXT)")
        db.execute("INSERT INTO events VALUES (?)", (elsewhere,))
    db.close()
    return path


def test_numbers_in_every_spelling() -> None:
    for spelled in (PHONE, f"+86{PHONE}", f"0086 {PHONE}", "138 1234 9876", "138-1234-9876"):
        assert PHONE in numbers_in(f"call {spelled}, please")
    assert numbers_in(f"his id is {IDENTITY}, or 330106900101123") == {IDENTITY, "330106900101123"}
    assert numbers_in("1795861836000 abc13812349876def 400-800-1234") == set()


def test_what_was_sent_may_stand_in_its_table(tmp_path: Path) -> None:
    record(tmp_path)
    nothing_of({PHONE, IDENTITY}, tmp_path, "138****9876")


@pytest.mark.parametrize("leak", [PHONE, f"by {IDENTITY}", "张埋名", "\\u5f20\\u57cb\\u540d"])
def test_in_any_other_table_it_is_found(tmp_path: Path, leak: str) -> None:
    record(tmp_path, elsewhere=leak)
    with pytest.raises(AssertionError):
        nothing_of({PHONE, IDENTITY}, tmp_path)


@pytest.mark.parametrize("leak", [IDENTITY.encode(), b"x" + png(), "张埋名".encode()])
def test_in_any_file_it_is_found(tmp_path: Path, leak: bytes) -> None:
    (tmp_path / "signpost.db-wal").write_bytes(b"log " + leak)
    with pytest.raises(AssertionError):
        nothing_of({IDENTITY}, tmp_path)


def test_in_what_was_said_it_is_found(tmp_path: Path) -> None:
    with pytest.raises(AssertionError):
        nothing_of({PHONE}, tmp_path, f"Next: trace aliyun {PHONE}")


def test_every_stage_is_searched() -> None:
    """Whoever starts the program in a story does it on a stage, or as a process in a house, which is searched too."""
    for path in (ROOT / "tests" / "acceptance").rglob("*.py"):
        assert "bot.running.app import running" not in path.read_text(encoding="utf-8"), path
        assert " running(" not in path.read_text(encoding="utf-8"), path
