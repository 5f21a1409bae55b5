"""Real processes of the program that need not import it: each is forked from one that has.

A start costs a second, most of it imports, and the tests make some three hundred. The process itself is whole: its own
memory, files, signals and end; a SIGKILL reaches it in the middle of whatever it does. That the program also starts from
nothing is shown where `from_nothing` stands (`tests/acceptance/`).
"""

import asyncio
import contextlib
import multiprocessing
import os
import runpy
import signal
import sys
import warnings
from asyncio.subprocess import Process
from collections.abc import Mapping
from multiprocessing import reduction
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def environment(**more: str) -> dict[str, str]:
    """This process's environment, with the program in Python's path, and more."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **more}


async def from_nothing(*arguments: str, cwd: Path, environ: Mapping[str, str] | None = None, **streams: Any) -> Process:
    """Start `python -m bot …` as users do.

    Args:
        arguments: the words behind `signpost`.
        cwd: where.
        environ: more than this process has.
        streams: `stdin`, `stdout` and `stderr`, as of `asyncio.create_subprocess_exec`; pipes when left out.
    """
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), asyncio.subprocess.PIPE)
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments), cwd=cwd, env=environment(**(environ or {})), **{**pipes, **streams}
    )


class Forked:
    """A process of the program, with what tests use of `asyncio.subprocess.Process`.

    Attributes:
        stdin: its standard input; none where that was given.
        stdout: its standard output; none where that was given.
        stderr: its standard error; none where that was given.
        pipes: what these two are read through.
        returncode: how it ended; none before, negative for a signal.
    """

    def __init__(self, process: ForkServerProcess) -> None:
        self._process = process
        self._over = asyncio.Event()
        self.returncode: int | None = None
        self.stdin: asyncio.StreamWriter | None = None
        self.stdout: asyncio.StreamReader | None = None
        self.stderr: asyncio.StreamReader | None = None
        self.pipes: list[asyncio.BaseTransport] = []
        asyncio.get_running_loop().add_reader(process.sentinel, self._ended)

    @property
    def pid(self) -> int:
        """The process's number."""
        assert self._process.pid is not None
        return self._process.pid

    def _ended(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self.returncode = self._process.exitcode
        self._process.close()
        self._over.set()

    async def wait(self) -> int:
        """Wait for its end: the exit code."""
        await self._over.wait()
        assert self.returncode is not None
        return self.returncode

    async def communicate(self, said: bytes = b"") -> tuple[bytes, bytes]:
        """Say this, and nothing more, and read everything until it ends; whoever waits no longer has it killed."""
        try:
            if self.stdin is not None:
                self.stdin.write(said)
                with contextlib.suppress(ConnectionError):
                    await self.stdin.drain()
                self.stdin.close()
            out, err = [await stream.read() if stream is not None else b"" for stream in (self.stdout, self.stderr)]
            await self.wait()
        finally:
            self.kill()
            for pipe in self.pipes:
                pipe.close()
        return out, err

    def send_signal(self, number: int) -> None:
        """Send it a signal; nothing where it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL."""
        self.send_signal(signal.SIGKILL)


async def forked(
    *arguments: str,
    cwd: Path,
    program: str = "bot",
    environ: Mapping[str, str] | None = None,
    output: int | None = None,
) -> Forked:
    """Start `python -m PROGRAM …` from what has been imported.

    Args:
        arguments: the words behind the program's name.
        cwd: where.
        program: the module that is run.
        environ: more than this process has.
        output: a file for all that it says, with nothing to read; pipes for all three streams when left out.
    """
    with contextlib.ExitStack() as theirs:
        if output is None:
            read_in, write_in = os.pipe()
            read_out, write_out = os.pipe()
            read_err, write_err = os.pipe()
        else:
            read_in = os.open(os.devnull, os.O_RDONLY)
            write_out, write_err = os.dup(output), os.dup(output)
        streams = (read_in, write_out, write_err)
        for fd in streams:
            theirs.callback(os.close, fd)
        process = _server().Process(
            target=_become,
            args=(program, arguments, str(cwd), environment(**(environ or {})), [_Handed(fd) for fd in streams]),
            daemon=True,
        )
        process.start()
    found = Forked(process)
    if output is None:
        found.stdin = await _writer(write_in)
        found.stdout, found.stderr = await _reader(read_out, found.pipes), await _reader(read_err, found.pipes)
    return found


async def _reader(fd: int, pipes: list[asyncio.BaseTransport]) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    pipe, _ = await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(fd, "rb")
    )
    pipes.append(pipe)
    return reader


async def _writer(fd: int) -> asyncio.StreamWriter:
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.connect_write_pipe(asyncio.streams.FlowControlMixin, os.fdopen(fd, "wb"))
    return asyncio.StreamWriter(transport, protocol, None, loop)


def _server() -> ForkServerContext:
    """What forks; it is started, and imports the program, with the first process."""
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(["tests.imported"])
    return server


class _Handed:
    """A file descriptor on its way to the process."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (reduction.DupFd(self._fd),)


def _arrived(handed: Any) -> int:
    fd: int = handed.detach()
    return fd


def _become(program: str, arguments: list[str], cwd: str, environ: dict[str, str], streams: list[int]) -> None:
    """In the process: be the program."""
    for number, fd in enumerate(streams):
        os.dup2(fd, number)
        os.close(fd)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    if "PYTHONWARNINGS" in environ:
        warnings.simplefilter(environ["PYTHONWARNINGS"])  # type: ignore[arg-type]
    encoding = environ.get("PYTHONIOENCODING", "utf-8")
    sys.stdin = open(0, encoding=encoding, closefd=False)  # noqa: SIM115 - open to the end
    sys.stdout = open(1, "w", encoding=encoding, closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding=encoding, errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.argv = [program, *arguments]
    runpy.run_module(program, run_name="__main__", alter_sys=True)
