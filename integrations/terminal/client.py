"""The terminal as a chat: what is typed or piped in goes to the bot, what the bot says is printed."""

import asyncio
import contextlib
import os
from collections.abc import Awaitable, Callable, Sequence
from enum import StrEnum
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self, TextIO

from bot.contracts.chat import ChatAbilities, Post, Receive
from bot.contracts.errors import DeliveryFailed
from bot.contracts.fields import fold
from bot.contracts.message import Message
from bot.contracts.model import Actor, Attachment, Incoming, Place, Words
from integrations.terminal.lines import Lines
from integrations.terminal.narrow import NEAREST
from integrations.terminal.render import one_line, render

DEFAULT_WIDTH = 100  # of a transcript
LEAVE = frozenset({"exit", "quit", "bye", "goodbye", "logout", ":q", ":q!", "退出", "离开", "再见", "拜拜"})

_POLITE = frozenset({"now", "please", "demo", "the"})
"""What people say behind it (`exit now`)."""

LEAVING = Words("Ctrl-C again, or `exit`, leaves.", "再按一次 Ctrl-C，或输入 `退出`，即可离开。")


class Ending(StrEnum):
    """How a conversation at the terminal ended."""

    LEFT = "left"  # somebody typed `exit` or Ctrl-D: they have seen what they wanted
    END_OF_INPUT = "end_of_input"  # a pipe or a file ended: what is pending may still be waited for
    NO_READER = "no_reader"  # nobody reads what is printed any more, e.g. `| head`
    STOPPED = "stopped"  # `Terminal.stop` was called


async def _nothing(_typed: str) -> Sequence[str]:
    return ()


def leaves(line: str) -> bool:
    """Whether somebody says that they leave, and nothing else."""
    first, *rest = fold(line).rstrip(".。!！~吧了啦").split() or [""]
    return first in LEAVE and set(rest) <= LEAVE | _POLITE


class Terminal:
    """The terminal as a chat platform; keeps `bot.contracts.chat.Chat`.

    With a terminal on both sides lines are typed at a prompt, with history and completion, and messages appear above
    it. Otherwise lines are read from a pipe or a file and echoed, so that the output reads as a conversation; blank
    lines and comments (`#`) are skipped. Either way one line is dealt with before the next one is read.

    Args:
        conversation: the id of the conversation that this terminal is.
        actor: who types.
        language: the conversation's language as of now, for the banner.
        settle: waits until the answers to what was just heard have been delivered.
        new_origin: an id for each line, never the same twice, over restarts too.
        stdin: where lines come from; none where nobody types and only `hear` is used.
        stdout: where messages go.
        complete: what the line could become: whole lines that begin as the line so far was meant.
        banner: said first.
        history: a file to keep typed lines in, for the next run; otherwise they are remembered for this run only.
        width: columns; by default the terminal's as of now, or `DEFAULT_WIDTH`.
        colour: by default where the output is a terminal that has it, and `NO_COLOR` is not set.
    """

    name: str = "terminal"
    abilities: ChatAbilities = ChatAbilities(paths=True, operator=True)

    def __init__(
        self,
        *,
        conversation: str,
        actor: Actor,
        language: Callable[[], str],
        settle: Callable[[], Awaitable[None]],
        new_origin: Callable[[], str],
        stdin: TextIO | None,
        stdout: TextIO,
        complete: Callable[[str], Awaitable[Sequence[str]]] = _nothing,
        banner: Message | None = None,
        history: Path | None = None,
        width: int | None = None,
        colour: bool | None = None,
    ) -> None:
        self._place = Place(platform=self.name, conversation=conversation)
        self._actor = actor
        self._language = language
        self._settle = settle
        self._new_origin = new_origin
        self._stdin = stdin
        self._stdout = stdout
        self._complete = complete
        self._banner = banner
        self._history = history
        self._width = width
        self._screen = stdout.isatty()
        self._person = stdin is not None and stdin.isatty()
        self._prompted = self._person and self._screen
        self._colour = _has_colour(stdout) if colour is None else colour
        self._receive: Receive | None = None
        self._typing: _Typing | None = None
        self._talk: asyncio.Task[Ending] | None = None
        # One message at a time, numbered in the order in which they are seen.
        self._printing = asyncio.Lock()
        self._printed = 0
        self._gap_due = False
        self._no_reader = False
        self.lost = ""
        """Why what is printed gets nowhere; empty while it does, and where whoever read it has seen enough."""

    async def start(self, receive: Receive) -> None:
        """Say the banner and begin to read lines."""
        self._receive = receive
        self._typing = self._open()
        if self._banner is not None:
            with contextlib.suppress(DeliveryFailed):  # the conversation ends by itself
                await self._say(self._banner, self._language())
        self._talk = asyncio.create_task(self._converse(self._typing), name="terminal")

    async def finished(self) -> Ending:
        """Wait until the person leaves or the input ends, with every line dealt with.

        Raises whatever came out of `receive` or `settle`; the conversation is over then.
        """
        if self._talk is None:
            raise RuntimeError("the terminal was not started")
        await asyncio.wait([self._talk])
        return Ending.STOPPED if self._talk.cancelled() else self._talk.result()

    async def stop(self) -> None:
        """Stop reading and leave the terminal as it was found; messages can still be printed."""
        if self._talk is not None:
            self._talk.cancel()
            await asyncio.wait([self._talk])

    async def hear(self, text: str, *, actor: Actor | None = None, files: tuple[Attachment, ...] = ()) -> None:
        """Take something as if it had been typed here, and wait until it has been answered.

        Args:
            text: what is said; it is echoed.
            actor: who says it, when it is somebody else than who sits here.
            files: what comes with it.

        Raises:
            DeliveryFailed: nobody reads what is printed any more.
        """
        speaker = "" if actor is None or actor.key == self._actor.key else actor.name or actor.user
        await self._print(f"{one_line(speaker)}> {one_line(text)}", gap=False)
        await self._take(text, actor or self._actor, files)

    async def post(self, post: Post) -> str:
        """Print a message.

        Returns:
            Its running number.

        Raises:
            DeliveryFailed: nobody reads what is printed any more.
        """
        return await self._say(post.message, post.language)

    async def edit(self, message_id: str, post: Post) -> None:
        """What is printed stays as it is.

        Raises:
            DeliveryFailed: always; `abilities.edits` says so.
        """
        raise DeliveryFailed(f"a printed message cannot be changed: {message_id} for {post.key}")

    def _open(self) -> "_Typing":
        if self._stdin is not None and self._prompted:
            # Here, not above: on a pipe its tenth of a second of start-up buys nothing.
            from integrations.terminal.prompt import Prompt

            return Prompt(
                self._stdin,
                self._stdout,
                complete=self._complete,
                history=self._history,
                leaving=lambda: LEAVING.said(self._language()),
            )
        return Lines(self._stdin)

    async def _converse(self, typing: "_Typing") -> Ending:
        async with typing:
            while not self._no_reader and (line := await typing.line()) is not None:
                if not line.strip() or (not self._person and line.lstrip().startswith("#")):
                    continue
                if leaves(line):
                    break  # of lines that are piped in it is the last one: what they began is waited for all the same
                if self._prompted:  # the prompt has left it on the screen
                    await self._take(line, self._actor)
                    continue
                try:
                    await self.hear(line)
                except DeliveryFailed:
                    break
        if self._no_reader:
            return Ending.NO_READER
        return Ending.LEFT if self._person else Ending.END_OF_INPUT

    async def _take(self, text: str, actor: Actor, files: tuple[Attachment, ...] = ()) -> None:
        if self._receive is None:
            raise RuntimeError("the terminal was not started")
        await self._receive(
            Incoming(
                text=text,
                actor=actor,
                place=self._place,
                origin=self._new_origin(),
                files=files,
                can_ask=self._person,
                direct=True,
            )
        )
        await self._settle()

    async def _say(self, message: Message, language: str) -> str:
        text = render(message, width=self._columns(), colour=self._colour, language=language)
        return await self._print(text, gap=True)

    def _columns(self) -> int:
        if self._width is not None:
            return self._width
        if self._screen:
            # Asked each time, for windows are resized. One column stays free: terminals disagree on how wide some
            # signs are, and on what a full line does.
            with contextlib.suppress(OSError, ValueError):
                return (os.get_terminal_size(self._stdout.fileno()).columns or DEFAULT_WIDTH) - 1
        return DEFAULT_WIDTH

    async def _print(self, text: str, *, gap: bool) -> str:
        """Write something whole.

        Args:
            text: clean lines, without the last line end.
            gap: whether a blank line must follow before anything else.
        """
        async with self._printing:
            if self._no_reader:
                raise DeliveryFailed("nobody reads the output any more")
            write = partial(self._write, text, gap=gap)
            try:
                if self._typing is None:
                    write()
                else:
                    await self._typing.above(write)
            except (OSError, ValueError) as error:  # ValueError: somebody closed the stream
                if isinstance(error, OSError) and not isinstance(error, BrokenPipeError):
                    self.lost = error.strerror or str(error)
                self._give_up()
                raise DeliveryFailed("nobody reads the output any more") from error
            self._printed += 1
            return str(self._printed)

    def _write(self, text: str, *, gap: bool) -> None:
        if self._prompted:
            text += "\n\n" if gap else "\n"  # the gap is due at once: the prompt comes next
        else:
            text = f"\n{text}\n" if self._gap_due else f"{text}\n"
            self._gap_due = gap
        encoding = self._stdout.encoding or "utf-8"
        # A character may be unknown to the output's encoding: then another one, but never no message.
        self._stdout.write(text.encode(encoding, NEAREST).decode(encoding))
        self._stdout.flush()

    def _give_up(self) -> None:
        """The output is gone: say nothing more, and stop waiting for lines that nobody would see answered."""
        self._no_reader = True
        if self._typing is not None:
            self._typing.stop()
        with contextlib.suppress(OSError, ValueError):
            # What is still buffered would be written when the interpreter ends, which would complain loudly.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            try:
                os.dup2(nowhere, self._stdout.fileno())
            finally:
                os.close(nowhere)


class _Typing(Protocol):
    """Where lines come from."""

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    async def line(self) -> str | None:
        """The next line, none after the last one."""
        ...

    async def above(self, write: Callable[[], None]) -> None:
        """Call something that writes, with a line being typed out of its way."""
        ...

    def stop(self) -> None:
        """Have a line that is being waited for not come."""
        ...


def _has_colour(stream: TextIO) -> bool:
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM", "dumb") != "dumb"
