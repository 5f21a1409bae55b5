"""The chat at a real terminal, whose other side is read as a person reads it."""

import asyncio
import codecs
import contextlib
import fcntl
import io
import os
import pty
import struct
import sys
import termios
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import TextIO

import pytest

from bot.contracts.chat import Post
from bot.contracts.message import Message, Quote, Strong
from integrations.terminal.client import Ending
from tests.unit.terminal.glass import Glass
from tests.unit.terminal.listener import PATIENCE, PLACE, Bot, post, terminal


class Screen:
    """The other side of a pseudo-terminal: what a person sees and types."""

    def __init__(self, master: int) -> None:
        self.raw = ""
        self._glass = Glass()
        self._master = master
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._change = asyncio.Event()

    def read(self) -> None:
        try:
            text = self._decode(os.read(self._master, 65536))
        except OSError:  # all of the other side is closed
            asyncio.get_running_loop().remove_reader(self._master)
            return
        self.raw += text
        for answer in self._glass.feed(text):
            self.type(answer)
        self._change.set()

    @property
    def text(self) -> str:
        return self._glass.text

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    async def until(self, condition: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                while not condition():
                    self._change.clear()
                    await self._change.wait()
        except TimeoutError:
            pytest.fail(f"the screen shows:\n{self.text}\n\nand got {self.raw!r}")

    async def shows(self, text: str, times: int = 1) -> None:
        await self.until(lambda: self.text.count(text) >= times)


@contextlib.asynccontextmanager
async def screen(monkeypatch: pytest.MonkeyPatch, columns: int = 80) -> AsyncIterator[tuple[Screen, TextIO, TextIO]]:
    """A pseudo-terminal: its screen, and the streams of the program that runs in it."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    loop = asyncio.get_running_loop()
    shown = Screen(master)
    loop.add_reader(master, shown.read)
    try:
        with os.fdopen(slave, encoding="utf-8") as stdin, os.fdopen(os.dup(slave), "w", encoding="utf-8") as stdout:
            try:
                yield shown, stdin, stdout
            finally:  # a test that failed leaves its prompt behind
                for task in asyncio.all_tasks():
                    if task.get_name() == "terminal":
                        task.cancel()
                        await asyncio.wait([task])
    finally:
        loop.remove_reader(master)
        os.close(master)


async def test_a_line_typed_at_a_terminal_is_answered_and_ctrl_d_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    async with screen(monkeypatch) as (shown, stdin, stdout):
        before = termios.tcgetattr(stdin.fileno())
        bot = Bot()
        chat = terminal(bot, stdin, stdout, banner=Message((Strong("Hello"),)))
        await chat.start(bot.receive)
        await shown.shows(">")
        shown.type("签名 列表\r")
        await shown.shows("answer to 签名 列表\n\n")
        shown.type("# is no remark here\r")
        await shown.shows("answer to # is no remark here\n\n")
        shown.type("\x04")
        async with asyncio.timeout(PATIENCE):
            assert await chat.finished() is Ending.LEFT
        assert termios.tcgetattr(stdin.fileno()) == before
    assert "\x1b[1mHello\x1b[0m" in shown.raw
    assert [(incoming.text, incoming.can_ask) for incoming in bot.heard] == [
        ("签名 列表", True),
        ("# is no remark here", True),
    ]
    assert shown.text.count("> 签名 列表\n") == 1  # the prompt has echoed it, we do not


async def test_a_message_appears_above_the_line_being_typed(monkeypatch: pytest.MonkeyPatch) -> None:
    async with screen(monkeypatch) as (shown, stdin, stdout):
        bot = Bot()
        chat = terminal(bot, stdin, stdout)
        await chat.start(bot.receive)
        await shown.shows(">")
        shown.type("status #1")
        await shown.shows("status #1")
        async with asyncio.timeout(PATIENCE):
            assert await chat.post(post("#1 approved")) == "1"
        sys.stdout.write("a log line\n")
        await shown.shows("#1 approved\n\n> status #1")
        await shown.shows("a log line\n> status #1")
        shown.type("7\r")
        await shown.shows("answer to status #17")
        await chat.stop()


async def test_a_block_is_pasted_as_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lines that a question gives to fill in, sent back as a terminal brackets what is pasted."""
    async with screen(monkeypatch) as (shown, stdin, stdout):
        bot = Bot()
        chat = terminal(bot, stdin, stdout)
        await chat.start(bot.receive)
        await shown.shows(">")
        shown.type("\x1b[200~name: 速达物流\nsource: 1\n\x1b[201~")
        await shown.shows("source: 1")
        shown.type("\r")
        await shown.shows("answer to name: 速达物流")
        await chat.stop()
    assert [incoming.text.strip() for incoming in bot.heard] == ["name: 速达物流\nsource: 1"]


async def test_ctrl_c_clears_the_line_and_history_and_completion_help(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    known = ("sign submit", "sign list", "help")

    async def complete(typed: str) -> list[str]:
        return [line for line in known if line.startswith(typed)]

    history = tmp_path / "history"
    async with screen(monkeypatch) as (shown, stdin, stdout):
        bot = Bot()
        chat = terminal(bot, stdin, stdout, complete=complete, history=history)
        await chat.start(bot.receive)
        await shown.shows(">")
        shown.type("wrong\x03sign l")
        await shown.shows(" list")  # offered below the line
        shown.type("\t")
        await shown.shows("> sign list")
        shown.type("\r")
        await shown.shows("answer to sign list\n\n")
        shown.type("\x1b[A\r")
        await shown.shows("answer to sign list\n\n", times=2)
        shown.type("quit\r")
        async with asyncio.timeout(PATIENCE):
            assert await chat.finished() is Ending.LEFT
    assert [incoming.text for incoming in bot.heard] == ["sign list", "sign list"]
    assert "+sign list" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(("language", "told"), [("en", "or `exit`, leaves"), ("zh", "或输入 `退出`")])
async def test_ctrl_c_says_how_to_leave_and_leaves(monkeypatch: pytest.MonkeyPatch, language: str, told: str) -> None:
    async with screen(monkeypatch) as (shown, stdin, stdout):
        bot = Bot()
        chat = terminal(bot, stdin, stdout, language=language)
        await chat.start(bot.receive)
        await shown.shows(">")
        shown.type("half\x03")
        await shown.until(lambda: "half" not in shown.text)
        assert told not in shown.text
        shown.type("\x03")
        await shown.shows(told)
        shown.type("help\r")  # whoever goes on typing is not left
        await shown.shows("answer to help")
        shown.type("\x03")
        await shown.shows(told, times=2)
        shown.type("\x03")
        async with asyncio.timeout(PATIENCE):
            assert await chat.finished() is Ending.LEFT
    assert [incoming.text for incoming in bot.heard] == ["help"]


async def test_stopping_gives_the_terminal_back_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    async with screen(monkeypatch) as (shown, stdin, stdout):
        before, streams = termios.tcgetattr(stdin.fileno()), (sys.stdout, sys.stderr)
        bot = Bot()
        chat = terminal(bot, stdin, stdout)
        await chat.start(bot.receive)
        await shown.shows(">")
        shown.type("half a li")
        await shown.shows("half a li")
        assert termios.tcgetattr(stdin.fileno()) != before
        async with asyncio.timeout(PATIENCE):
            await chat.stop()
            assert await chat.finished() is Ending.STOPPED
            await chat.post(post("bye"))
        await shown.shows("bye\n")
        assert termios.tcgetattr(stdin.fileno()) == before
        assert (sys.stdout, sys.stderr) == streams


async def test_messages_fit_the_window_also_when_it_is_resized(monkeypatch: pytest.MonkeyPatch) -> None:
    async with screen(monkeypatch, columns=41) as (shown, _, stdout):
        chat = terminal(Bot(), None, stdout)
        await chat.post(post("x" * 50))
        fcntl.ioctl(stdout.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", 24, 31, 0, 0))
        await chat.post(post("y" * 50))
        fcntl.ioctl(stdout.fileno(), termios.TIOCSWINSZ, struct.pack("HHHH", 0, 0, 0, 0))
        await chat.post(post("z" * 150))
        await shown.shows(f"{'z' * 99}\n{'z' * 51}\n")
    assert shown.text.startswith(f"{'x' * 40}\n{'x' * 10}\n\n{'y' * 30}\n{'y' * 20}\n\n")


async def test_a_person_whose_output_is_kept_in_a_file_types_plain_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    async with screen(monkeypatch) as (shown, stdin, _):
        bot, stdout = Bot(), io.StringIO()
        chat = terminal(bot, stdin, stdout)
        await chat.start(bot.receive)
        shown.type("status #1\n")
        async with asyncio.timeout(PATIENCE), bot.said:
            await bot.said.wait_for(lambda: bot.heard)
        shown.type("\x04")
        async with asyncio.timeout(PATIENCE):
            assert await chat.finished() is Ending.LEFT
    assert bot.heard[0].can_ask
    assert stdout.getvalue() == "> status #1\nanswer to status #1\n"


async def test_no_colour_where_it_is_not_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    message = Post(PLACE, Message((Strong("bold"),), blocks=(Quote("quoted"),)), "en", "k")
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        async with screen(monkeypatch) as (shown, _, stdout):
            monkeypatch.setenv(name, value)
            await terminal(Bot(), None, stdout).post(message)
            await shown.shows("quoted")
        assert "\x1b" not in shown.raw
