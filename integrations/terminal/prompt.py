"""Lines that a person types at a terminal, with history and completion; imported only where there is one.

prompt_toolkit costs a tenth of a second at start-up, and on a pipe it writes padding and warnings.
"""

import asyncio
import contextlib
import io
import sys
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from contextvars import Context, copy_context
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session, run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import create_output

Complete = Callable[[str], Awaitable[Sequence[str]]]


class Prompt:
    """The line at the bottom of a terminal; what is printed meanwhile appears above it.

    Ctrl-C takes back what was typed; on an empty line it says how to leave, and said again it leaves.

    Args:
        stdin: the terminal.
        stdout: the same.
        complete: what the line could become.
        history: a file to keep typed lines in; none to remember them for this run only.
        leaving: says how to leave, in the reader's language.
    """

    def __init__(
        self,
        stdin: TextIO,
        stdout: TextIO,
        *,
        complete: Complete,
        history: Path | None,
        leaving: Callable[[], str],
    ) -> None:
        self._leaving = leaving
        self._asked_to_leave = False
        self._stdin = stdin
        self._stdout = stdout
        self._complete = complete
        self._history = history
        self._session: PromptSession[str] | None = None
        self._context: Context | None = None
        self._open = ExitStack()

    async def __aenter__(self) -> Self:
        self._open.enter_context(create_app_session(create_input(self._stdin), create_output(self._stdout)))
        # What others print (logs, warnings) must not tear the line that is being typed either. An error stream that
        # goes to a file stays there.
        aside = self._open.enter_context(_Aside(self._stdout, self.above))
        self._open.enter_context(redirect_stdout(aside))
        if sys.stderr.isatty():
            self._open.enter_context(redirect_stderr(aside))
        self._session = PromptSession(
            "> ",
            history=_history(self._history),
            completer=_Completer(self._complete),
            key_bindings=self._keys(),
            enable_suspend=True,
        )
        self._context = copy_context()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._context = None
        self._open.close()

    def stop(self) -> None:
        """Nothing to do: where nobody can be written to any more, the terminal is gone and reading it ends too."""

    async def line(self) -> str | None:
        """The next line, none when the person leaves with Ctrl-D or the terminal goes away."""
        if self._session is None:
            raise RuntimeError("the prompt is not open")
        self._asked_to_leave = False
        try:
            # Signals and unhandled errors are the program's business, also while somebody types.
            return await self._session.prompt_async(handle_sigint=False, set_exception_handler=False)
        except EOFError:
            return None

    async def above(self, write: Callable[[], None]) -> None:
        """Call something that writes, with the line being typed out of its way."""
        if self._context is None:
            write()
        else:
            # prompt_toolkit finds the prompt by the context, and messages come from tasks that began elsewhere.
            await self._context.run(run_in_terminal, write)

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-c")
        def clear_or_leave(event: KeyPressEvent) -> None:
            if event.current_buffer.text:
                event.current_buffer.reset()
            elif self._asked_to_leave:
                event.app.exit(exception=EOFError())
            else:
                self._asked_to_leave = True
                run_in_terminal(self._say_how_to_leave)

        return keys

    def _say_how_to_leave(self) -> None:
        self._stdout.write(f"{self._leaving()}\n")
        self._stdout.flush()


class _Aside(io.TextIOBase):
    """Stands in for the standard streams: whole lines are printed above the prompt, from whichever thread they come.

    prompt_toolkit's own `patch_stdout` finds the prompt only in the default context, and there everybody shares one.
    """

    def __init__(self, stream: TextIO, above: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
        self._stream = stream
        self._above = above
        self._loop = asyncio.get_running_loop()
        self._lock = threading.Lock()
        self._pending = ""
        self._errand: asyncio.Task[None] | None = None
        self._over = False

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Not closed: somebody may hold it still, and write to what it stood for.
        self._over = True
        self._print(whole=False)

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has an attribute, the interpreter a property
        return self._stream.encoding

    def isatty(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._stream.fileno()

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        with self._lock:
            self._pending += text
        if self._over:
            self._print(whole=False)
        elif "\n" in text:
            self._loop.call_soon_threadsafe(self._send)
        return len(text)

    def _send(self) -> None:
        if self._errand is None or self._errand.done():
            self._errand = self._loop.create_task(self._run())

    async def _run(self) -> None:
        while not self._over and "\n" in self._pending:
            await self._above(self._print)

    def _print(self, whole: bool = True) -> None:
        with self._lock:
            end = self._pending.rfind("\n") + 1 if whole else len(self._pending)
            text, self._pending = self._pending[:end], self._pending[end:]
            # Logs to a terminal that is gone go nowhere; whoever wrote them cannot help it.
            with contextlib.suppress(OSError, ValueError):
                self._stream.write(text)
                self._stream.flush()


class _Completer(Completer):
    def __init__(self, complete: Complete) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        return iter(())  # asked for in the loop only, for what there is has to be looked up

    async def get_completions_async(
        self,
        document: Document,
        complete_event: CompleteEvent,  # noqa: ARG002
    ) -> AsyncGenerator[Completion, None]:
        typed = document.text_before_cursor
        shown_from = typed.rfind(" ") + 1
        for line in await self._complete(typed):
            yield Completion(line, start_position=-len(typed), display=line[shown_from:])


def _history(path: Path | None) -> History:
    if path is None:
        return InMemoryHistory()
    path.touch(mode=0o600)  # what was typed may hold phone numbers
    return FileHistory(path)
