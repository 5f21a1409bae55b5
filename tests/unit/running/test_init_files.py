"""What `signpost init` does with files: said in one line where there can be none, before anything is asked."""

import io
import os
import stat
from pathlib import Path

import pytest

from bot.running.init import begin
from bot.running.secrets_file import read, text_of, write_private


@pytest.mark.parametrize("path", [".", "..", "folder", "gone/config.toml", "plain/config.toml", "x" * 300, "a\0b"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_path_where_there_can_be_no_file(
    path: str, language: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "plain").touch()
    before = sorted(tmp_path.rglob("*"))
    out = io.StringIO()
    assert begin(Path(path), language, {}, io.StringIO("-\nnone\nnone\ny\ny\n"), out) == 1
    (line,) = out.getvalue().splitlines()
    assert ("cannot be written" if language == "en" else "无法写入") in line
    assert sorted(tmp_path.rglob("*")) == before


def test_a_private_file_is_never_anybody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the umask is, and whoever could read what stood there before."""
    before = os.umask(0)
    try:
        path = tmp_path / "secrets.env"
        path.write_text("OLD=1\n", encoding="utf-8")
        path.chmod(0o666)
        write_private(path, text_of({"NEW": "2"}, read(tmp_path)))
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read(tmp_path) == {"OLD": "1", "NEW": "2"}
    assert [one.name for one in tmp_path.iterdir()] == ["secrets.env"]


def test_secrets_as_people_and_systemd_write_them(tmp_path: Path) -> None:
    (tmp_path / "secrets.env").write_text(
        "# mine\n\nA=1\nexport B=\"two\"\nC = 'three' \n#D=4\nno line\n", encoding="utf-8"
    )
    assert read(tmp_path) == {"A": "1", "B": "two", "C": "three"}
    assert read(tmp_path / "gone") == {}
