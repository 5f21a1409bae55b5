"""The chat at a terminal: scripts through pipes, and what is posted."""

import asyncio
import contextlib
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from bot.contracts.chat import Chat
from bot.contracts.errors import DeliveryFailed
from bot.contracts.message import Commands, Mark, Message
from bot.contracts.model import Actor, Attachment, Incoming
from integrations.terminal.client import Ending
from tests.unit.terminal.listener import ME, PATIENCE, PLACE, Bot, post, terminal

# --- Pipes -----------------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def piped(content: bytes | None = None) -> Iterator[tuple[TextIO, TextIO]]:
    """The two ends of a real pipe: to read, and to write; closed for writing when there is a content."""
    reading, writing = os.pipe()
    with os.fdopen(reading, encoding="utf-8") as stdin, os.fdopen(writing, "w", encoding="utf-8") as feed:
        if content is not None:
            os.write(writing, content)
            feed.close()
        yield stdin, feed


async def talk(content: bytes, *, language: str = "en", banner: Message | None = None) -> tuple[Bot, str, Ending]:
    """What came of a script."""
    bot, stdout = Bot(), io.StringIO()
    with piped(content) as (stdin, _):
        chat = terminal(bot, stdin, stdout, language=language, banner=banner)
        await chat.start(bot.receive)
        async with asyncio.timeout(PATIENCE):
            ending = await chat.finished()
        await chat.stop()
    return bot, stdout.getvalue(), ending


def test_it_is_a_chat() -> None:
    chat: Chat = terminal(Bot(), None, io.StringIO())
    assert chat.name == "terminal"
    assert (chat.abilities.edits, chat.abilities.threads, chat.abilities.forms) == (False, False, False)


async def test_a_script_reads_as_a_conversation() -> None:
    bot, shown, ending = await talk("help\n签名 列表\n".encode(), banner=Message(("Hello",), Mark.GOOD))
    assert shown == "✅ Hello\n\n> help\nanswer to help\n\n> 签名 列表\nanswer to 签名 列表\n"
    assert ending is Ending.END_OF_INPUT
    assert bot.heard == [
        Incoming("help", ME, PLACE, "line-1", can_ask=False, direct=True),
        Incoming("签名 列表", ME, PLACE, "line-2", can_ask=False, direct=True),
    ]


async def test_a_line_is_answered_before_the_next_one_is_read() -> None:
    bot, _, _ = await talk(b"a\nb\n")
    assert bot.log == ["heard a", "answered", "heard b", "answered"]


async def test_the_banner_is_in_the_language_of_the_conversation() -> None:
    banner = Message(("你好",), blocks=(Commands("试试", ("帮助",)),))
    _, shown, _ = await talk(b"", language="zh", banner=banner)
    assert shown == "你好\n试试：`帮助`\n"


@pytest.mark.parametrize(
    ("content", "texts"),
    [
        (b"", []),
        (b"\n\n  \n", []),
        (b"# a remark\n  # another\nhelp #17\n", ["help #17"]),
        (b"no end", ["no end"]),
        (b"a\r\nb\r\n", ["a", "b"]),
        (b"\xef\xbb\xbfbom\n", ["bom"]),
        (b"\xef\xbb\xbf", []),
        (b"bad \xff\xfe bytes\n", ["bad \ufffd\ufffd bytes"]),
        ("half \u7b7e".encode()[:-1], ["half \ufffd"]),
        (b"  kept as typed  \n", ["  kept as typed  "]),
    ],
)
async def test_lines_as_files_have_them(content: bytes, texts: list[str]) -> None:
    bot, _, ending = await talk(content)
    assert [incoming.text for incoming in bot.heard] == texts
    assert ending is Ending.END_OF_INPUT


@pytest.mark.parametrize("word", ["exit", "quit", "退出", " EXIT ", "exit now", "bye!", "再见", "退出吧"])
async def test_words_that_leave(word: str) -> None:
    bot, shown, ending = await talk(f"{word}\nhelp\n".encode())
    assert ending is Ending.END_OF_INPUT  # nobody sits there who has seen enough
    assert not bot.heard
    assert shown == ""


async def test_what_is_echoed_cannot_steer_the_terminal() -> None:
    bot, shown, _ = await talk(b"a\x1b[31m\x9b\xc2\x9b\n")
    assert bot.heard[0].text == "a\x1b[31m\ufffd\x9b"  # the parser sees what was sent
    assert "\x1b" not in shown
    assert "\x9b" not in shown


async def test_a_line_without_end_does_not_fill_the_memory() -> None:
    bot = Bot()
    with piped() as (stdin, feed):
        chat = terminal(bot, stdin, io.StringIO())
        await chat.start(bot.receive)

        def write() -> None:
            with feed:
                feed.write("x" * 3_000_000 + "\nnext\n")

        async with asyncio.timeout(PATIENCE):
            await asyncio.to_thread(write)
            await chat.finished()
    assert [len(incoming.text) for incoming in bot.heard] == [256 * 1024, 4]


async def heard_from(stdin: TextIO) -> list[str]:
    bot = Bot()
    chat = terminal(bot, stdin, io.StringIO())
    await chat.start(bot.receive)
    async with asyncio.timeout(PATIENCE):
        assert await chat.finished() is Ending.END_OF_INPUT
    return [incoming.text for incoming in bot.heard]


async def test_a_redirected_file_the_null_device_and_a_stream_in_memory(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("help\n")
    for path, texts in ((script, ["help"]), (Path(os.devnull), [])):
        with os.fdopen(os.open(path, os.O_RDONLY), encoding="utf-8") as file:
            assert await heard_from(file) == texts
    assert await heard_from(io.StringIO("help\r\n状态\n")) == ["help", "状态"]


async def test_a_directory_as_input_is_the_end_of_it(tmp_path: Path) -> None:
    directory = os.open(tmp_path, os.O_RDONLY)
    try:

        class Odd(io.StringIO):
            def fileno(self) -> int:
                return directory

        assert await heard_from(Odd()) == []
    finally:
        os.close(directory)


async def test_stopping_does_not_wait_for_a_line_that_never_comes() -> None:
    bot, stdout = Bot(), io.StringIO()
    with piped() as (stdin, _):
        chat = terminal(bot, stdin, stdout)
        await chat.start(bot.receive)
        waiting = asyncio.create_task(chat.finished())
        async with asyncio.timeout(PATIENCE):
            await chat.hear("first")
            await chat.stop()
            assert await waiting is Ending.STOPPED
        await chat.stop()
    assert await chat.post(post("bye")) == "3"
    assert stdout.getvalue().endswith("\nbye\n")


async def test_an_error_in_the_program_ends_the_conversation_and_is_not_lost() -> None:
    async def receive(incoming: Incoming) -> None:
        raise LookupError(incoming.text)

    with piped(b"help\n") as (stdin, _):
        chat = terminal(Bot(), stdin, io.StringIO())
        await chat.start(receive)
        async with asyncio.timeout(PATIENCE):
            with pytest.raises(LookupError, match="help"):
                await chat.finished()


# --- Posting ---------------------------------------------------------------------------------------------------------


async def test_messages_are_numbered_and_a_blank_line_stands_between_them() -> None:
    stdout = io.StringIO()
    chat = terminal(Bot(), None, stdout)
    assert [await chat.post(post("one")), await chat.post(post("two", language="zh", commands=("状态",)))] == ["1", "2"]
    assert stdout.getvalue() == "one\n\ntwo\n下一步：`状态`\n"


async def test_messages_posted_at_once_do_not_mix() -> None:
    stdout = io.StringIO()
    chat = terminal(Bot(), None, stdout)
    ids = await asyncio.gather(*(chat.post(post(f"message {number}")) for number in range(20)))
    order = sorted(range(20), key=lambda number: int(ids[number]))
    assert stdout.getvalue() == "\n".join(f"message {number}\n" for number in order)


async def test_somebody_else_can_be_heard_by_name() -> None:
    bot, stdout = Bot(), io.StringIO()
    chat = terminal(bot, None, stdout)
    await chat.start(bot.receive)
    approver = Actor("terminal", "other", name="approver")
    paper = Attachment("licence.png", b"x")
    await chat.hear("approve #1", actor=approver, files=(paper,))
    await chat.hear("status #1", actor=ME)
    assert stdout.getvalue().startswith("approver> approve #1\nanswer to approve #1\n\n> status #1\n")
    assert [(incoming.actor, incoming.files) for incoming in bot.heard] == [(approver, (paper,)), (ME, ())]
    assert await chat.finished() is Ending.END_OF_INPUT
    await chat.stop()


async def test_nothing_is_changed_after_it_was_printed() -> None:
    with pytest.raises(DeliveryFailed):
        await terminal(Bot(), None, io.StringIO()).edit("1", post("again"))


async def test_only_a_started_terminal_hears() -> None:
    chat = terminal(Bot(), None, io.StringIO())
    with pytest.raises(RuntimeError):
        await chat.hear("help")
    with pytest.raises(RuntimeError):
        await chat.finished()
    await chat.stop()


@pytest.mark.parametrize(
    ("encoding", "said", "shown"),
    [
        ("gbk", "✅ 通过", "[ok] 通过"),
        ("gbk", "❌ 𠮷野家通知 • ⾥程", "[x] ?野家通知 * 里程"),
        ("ascii", "“Zoë” → 5 ≥ 4 …", '"Zoe" -> 5 >= 4 ...'),
        ("latin-1", "é：签名", "é: ??"),
        ("utf-8", "✅ 𠮷", "✅ 𠮷"),
    ],
)
async def test_what_the_output_lacks_is_said_with_what_it_has(encoding: str, said: str, shown: str) -> None:
    raw = io.BytesIO()
    with io.TextIOWrapper(raw, encoding=encoding) as stdout:
        await terminal(Bot(), None, stdout).post(post(said))
        assert raw.getvalue().decode(encoding) == f"{shown}\n"


async def test_when_nobody_reads_any_more_the_conversation_ends_quietly() -> None:
    bot = Bot()
    with piped() as (stdin, feed), piped() as (reader, stdout):
        chat = terminal(bot, stdin, stdout)
        await chat.start(bot.receive)
        feed.write("first\n")
        feed.flush()
        async with asyncio.timeout(PATIENCE), bot.said:
            await bot.said.wait_for(lambda: bot.heard)
        reader.close()
        with contextlib.suppress(DeliveryFailed):  # unless the answer to the first line has noticed already
            await chat.post(post("late"))
        async with asyncio.timeout(PATIENCE):
            assert await chat.finished() is Ending.NO_READER  # though its input is still open
        with pytest.raises(DeliveryFailed):
            await chat.post(post("later"))
        await chat.stop()
        stdout.flush()  # nothing is left over that could fail when the interpreter ends


async def test_a_stream_that_somebody_closed_is_no_reader() -> None:
    stdout = io.StringIO()
    chat = terminal(Bot(), None, stdout)
    stdout.close()
    with pytest.raises(DeliveryFailed):
        await chat.post(post("late"))


async def test_a_script_whose_output_nobody_reads_ends_at_its_first_line() -> None:
    bot = Bot()
    with piped(b"a\nb\n") as (stdin, _), piped() as (reader, stdout):
        reader.close()
        chat = terminal(bot, stdin, stdout)
        await chat.start(bot.receive)
        async with asyncio.timeout(PATIENCE):
            assert await chat.finished() is Ending.NO_READER
    assert not bot.heard


async def test_a_pipe_does_not_pay_for_the_prompt() -> None:
    program = "import integrations.terminal.client, sys; sys.exit('prompt_toolkit' in sys.modules)"
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    assert await process.wait() == 0
