import os
from pathlib import Path

import pytest

from bot.contracts.model import Attachment
from integrations.terminal.files import FileProblem, FileTrouble, read_file


async def trouble(path: str | Path, max_bytes: int = 100) -> FileTrouble:
    with pytest.raises(FileProblem) as caught:
        await read_file(str(path), max_bytes=max_bytes)
    assert caught.value.path == str(path)
    return caught.value.kind


async def test_a_file_is_read_whole(tmp_path: Path) -> None:
    (tmp_path / "营业执照 1.png").write_bytes(b"\x89PNG")
    file = await read_file(str(tmp_path / "营业执照 1.png"), max_bytes=4)
    assert file == Attachment(name="营业执照 1.png", content=b"\x89PNG")


async def test_paths_begin_at_home_or_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "licence.png").write_bytes(b"x")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert (await read_file("~/licence.png", max_bytes=1)).name == "licence.png"
    assert (await read_file("licence.png", max_bytes=1)).content == b"x"


@pytest.mark.parametrize("path", ["", "no-such.png", "~no-such-user/x", "nul\x00.png", "lone \ud83d", "x" * 5000])
async def test_no_such_file(path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert await trouble(path) is FileTrouble.MISSING


async def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    assert await trouble(tmp_path) is FileTrouble.DIRECTORY
    assert await trouble(tmp_path / "file" / "inside") is FileTrouble.MISSING


async def test_devices_and_pipes_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert await trouble(tmp_path / "pipe") is FileTrouble.UNREADABLE
    assert await trouble("/dev/zero") is FileTrouble.UNREADABLE


async def test_a_link_to_itself_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    assert await trouble(tmp_path / "loop") is FileTrouble.UNREADABLE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    (tmp_path / "secret").chmod(0)
    assert await trouble(tmp_path / "secret") is FileTrouble.UNREADABLE


async def test_size(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    (tmp_path / "large").write_bytes(b"x" * 101)
    assert await trouble(tmp_path / "empty") is FileTrouble.EMPTY
    assert await trouble(tmp_path / "large") is FileTrouble.TOO_LARGE
    assert len((await read_file(str(tmp_path / "large"), max_bytes=101)).content) == 101


async def test_the_content_stays_out_of_errors(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(b"secret" * 20)
    with pytest.raises(FileProblem) as caught:
        await read_file(str(tmp_path / "large"), max_bytes=3)
    assert "secret" not in repr(caught.value)
