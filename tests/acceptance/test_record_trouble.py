"""A `data_dir` that cannot be used: from every command one line with the key, the path and what to do, never a trace."""

import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.running.cli import main
from bot.running.endings import UNUSABLE, WRONG
from bot.running.logs import setup
from bot.store.unusable import look


@pytest.fixture(autouse=True)
def _log() -> Iterator[None]:
    yield
    setup("ERROR", json=False, secrets=(), stream=sys.stderr)  # the runner's own stream is gone


@cache
def _made() -> Mapping[str, bytes]:
    """The files of a record with requests of its own, made by the program."""
    with tempfile.TemporaryDirectory() as folder:
        result = signpost(Path(folder), "say sign submit aliyun 速达物流 source=company")
        assert not result.exception or isinstance(result.exception, SystemExit), result.output
        return {file.name: file.read_bytes() for file in (Path(folder) / "data").iterdir()}


def good_record(folder: Path) -> Path:
    """A good record in a folder."""
    (folder / "data").mkdir()
    for name, content in _made().items():
        (folder / "data" / name).write_bytes(content)
    return folder / "data" / "signpost.db"


def signpost(folder: Path, line: str, data_dir: str = "data") -> Result:
    config = folder / "config.toml"
    config.write_text(
        f"""
[bot]
data_dir = "{data_dir}"
http_listen = ""
[[account]]
name = "aliyun"
vendor = "alibaba"
access_key_id = "LTAI-x"
access_key_secret = "secret-x"
endpoint = "http://127.0.0.1:9"
billing_endpoint = "http://127.0.0.1:9"
defaults = {{ qualification = "8563" }}
""",
        encoding="utf-8",
    )
    words = line.split()
    where = [] if words[0] == "demo" else ["--config", str(config)]
    return CliRunner().invoke(main, [words[0], *where, *words[1:]], input="")


# --- What can be wrong ------------------------------------------------------------------------------------------------


def a_file(folder: Path) -> str:
    (folder / "data").write_text("not a folder")
    return "data"


def below_a_file(folder: Path) -> str:
    (folder / "file").write_text("not a folder")
    return "file/data/deep"


def a_text_file(folder: Path) -> str:
    (folder / "data").mkdir()
    (folder / "data" / "signpost.db").write_text("this is a shopping list, and a long one\n" * 20)
    return "data"


def cut_off(folder: Path) -> str:
    path = good_record(folder)
    with path.open("r+b") as file:
        file.truncate(20_000)
    return "data"


def cut_off_within_its_head(folder: Path) -> str:
    path = good_record(folder)
    with path.open("r+b") as file:
        file.truncate(40)
    return "data"


def a_folder_for_the_record(folder: Path) -> str:
    (folder / "data" / "signpost.db").mkdir(parents=True)
    return "data"


def a_folder_for_the_lock(folder: Path) -> str:
    good_record(folder)
    (folder / "data" / "signpost.lock").unlink()
    (folder / "data" / "signpost.lock").mkdir()
    return "data"


def cannot_exist(folder: Path) -> str:
    del folder
    return "/proc/nowhere/data"


def too_long(folder: Path) -> str:
    del folder
    return "x" * 300


def no_name(folder: Path) -> str:
    del folder
    return "a\\u0000b"


def a_link_to_nowhere(folder: Path) -> str:
    (folder / "data").symlink_to(folder / "gone")
    return "data"


def a_link_to_itself(folder: Path) -> str:
    (folder / "data").symlink_to(folder / "data")
    return "data"


TROUBLES: Mapping[Callable[[Path], str], str] = {
    a_file: "data is a file and should be a folder",
    below_a_file: "data/deep cannot be a folder: a part of it is a file",
    a_text_file: "data/signpost.db is no SQLite file",
    cut_off: "data/signpost.db is damaged",
    cut_off_within_its_head: "data/signpost.db is ",
    a_folder_for_the_record: "data/signpost.db is a folder and should be a file",
    a_folder_for_the_lock: "data/signpost.lock is a folder and should be a file",
    cannot_exist: "/proc/nowhere",
    too_long: "is too long for the name of a file",
    no_name: "has a character in it that no file can have",
    a_link_to_nowhere: "is a link that leads nowhere",
    a_link_to_itself: "is a link that leads back to itself",
}

COMMANDS = ("run", "say help", "export", "export --format json", "verify", "backup copy.db", "check")


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda one: one.__name__)
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_says_it_in_one_line(
    trouble: Callable[[Path], str], command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data_dir = trouble(tmp_path)
    if command not in ("run", "say help", "check") and trouble is a_folder_for_the_lock:
        return  # who only reads needs no lock
    result = signpost(tmp_path, command, data_dir)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    lines = [line for line in result.stderr.splitlines() if not line.startswith("{")]  # but for the log
    if trouble is cannot_exist and command not in ("run", "say help"):
        return  # that it cannot be made only shows when it is tried; there is no record to read
    said = lines[-1].strip()
    assert result.exit_code == (WRONG if command == "check" else UNUSABLE), result.output
    assert said.startswith("bot.data_dir: ")
    assert TROUBLES[trouble] in said
    assert len(lines) == (2 if command == "check" else 1)
    assert result.stdout == ""
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("trouble", [a_file, a_text_file, below_a_file], ids=lambda one: one.__name__)
def test_the_demo_names_its_own_option(
    trouble: Callable[[Path], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = signpost(tmp_path, f"demo --data {trouble(tmp_path)}")
    assert result.exit_code == UNUSABLE
    assert result.stderr.startswith("--data: ")
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("command", ["export", "export --format json", "verify", "backup copy.db"])
@pytest.mark.parametrize("page", [b"\xff" * 4096, b"\x00" * 4096], ids=["rubbish", "nothing"])
def test_a_damaged_page_is_found_before_anything_is_written(
    command: str, page: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = good_record(tmp_path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (root,) = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'requests'").fetchone()
    with path.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(page)
    result = signpost(tmp_path, command)
    assert result.exit_code == UNUSABLE, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"bot.data_dir: {path} is damaged (")
    assert "last backup" in line
    assert not (tmp_path / "copy.db").exists()


@pytest.mark.parametrize("target", ["gone/copy.db", "config.toml/copy.db", "/proc/copy.db", f"{'x' * 300}.db"])
def test_a_backup_that_cannot_be_written_is_not_there(
    target: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    good_record(tmp_path)
    result = signpost(tmp_path, f"backup {target}")
    assert result.exit_code == 1
    (line,) = result.stderr.splitlines()
    assert line.endswith("There is no copy.")
    assert target in line


def test_a_look_writes_nothing_and_finds_nothing_wrong_with_a_good_record(tmp_path: Path) -> None:
    assert look(tmp_path / "data" / "signpost.db") is None
    assert list(tmp_path.iterdir()) == []
    path = good_record(tmp_path)
    before = sorted(one.name for one in path.parent.iterdir())
    assert look(path) is None
    assert sorted(one.name for one in path.parent.iterdir()) == before
