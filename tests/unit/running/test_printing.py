"""An output that is closed, or takes no more: one line and an exit code, never a trace."""

import io
import subprocess
import sys
from pathlib import Path
from typing import TextIO

import pytest

from bot.running import printing
from bot.running.cli import main
from bot.running.printing import NotPrinted, opened, tell

FULL = Path("/dev/full")


def full() -> TextIO:
    return FULL.open("w", encoding="utf-8")


def test_what_cannot_be_printed_is_told_and_let_go_of() -> None:
    with full() as out, pytest.raises(NotPrinted, match="No space left on device"):
        tell("something", out)  # and nothing is raised when it is closed


def test_what_other_programs_read_is_no_better_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with full() as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(NotPrinted):
            printing.put("x" * 100_000)


def test_a_reader_that_has_seen_enough_is_no_trouble() -> None:
    class Gone(io.StringIO):
        def write(self, _: str, /) -> int:
            raise BrokenPipeError

    with pytest.raises(BrokenPipeError):  # click ends the command quietly
        tell("x", Gone())


def test_whichever_command_it_was_says_it_in_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    for words in (["check", "--config", str(tmp_path / "config.toml")], ["slack-manifest"]):
        with full() as out:
            monkeypatch.setattr(sys, "stdout", out)
            monkeypatch.setattr(sys, "stderr", said := io.StringIO())
            with pytest.raises(SystemExit) as ended:
                main(words)
        assert ended.value.code == 1
        line = "The output cannot be written: No space left on device. What is there now is not whole.\n"
        assert said.getvalue() == line


@pytest.mark.parametrize("name", printing.STREAMS)
def test_a_stream_that_was_closed_before_the_start_is_nowhere(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, name, None)
    opened()
    stream = getattr(sys, name)
    assert stream.name == "/dev/null"
    stream.close()


def test_by_a_shell(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("")
    found = subprocess.run(
        ["/bin/sh", "-c", f'exec "{sys.executable}" -m bot check >&-'],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (found.returncode, found.stderr) == (0, "")
