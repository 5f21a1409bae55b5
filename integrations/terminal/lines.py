"""Lines that come from a pipe or a file, one at a time, without holding up the loop."""

import asyncio
import io
import os
import select
from collections.abc import Callable
from types import TracebackType
from typing import Self, TextIO

_CHUNK = 64 * 1024
_LONGEST = 256 * 1024  # no command is that long; what follows on such a line is dropped, or memory would fill up
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


class Lines:
    """The lines of a text stream that is no terminal, or none that is to be edited on.

    They are read in a thread: a loop can wait neither for a redirected file (`connect_read_pipe` refuses it) nor for
    the null device (it hangs). The thread waits for its file and for a pipe of our own, so that it can be told to stop;
    a thread left behind in `readline` would keep the interpreter from ending. Whatever the stream's own encoding is,
    the bytes are read as UTF-8, which may be broken.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self._file = _descriptor(stream)
        self._buffer = bytearray()
        self._ended = stream is None
        self._begun = False
        self._wake = self._waker = -1
        self._job: asyncio.Task[bytes | None] | None = None

    async def __aenter__(self) -> Self:
        self._wake, self._waker = os.pipe()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        if self._job is not None:
            await asyncio.wait([self._job])
        for end in (self._wake, self._waker):
            os.close(end)
        self._wake = self._waker = -1

    def stop(self) -> None:
        """There are no more lines; one that is being waited for does not come."""
        self._ended = True
        if self._waker >= 0:
            os.write(self._waker, b"!")

    async def above(self, write: Callable[[], None]) -> None:
        """Call something that writes; no line is being typed here that could be in its way."""
        write()

    async def line(self) -> str | None:
        """The next line without its end, none after the last one."""
        self._job = asyncio.create_task(asyncio.to_thread(self._next))
        # The thread cannot be cancelled, only told to stop: `__aexit__` waits for it.
        line = await asyncio.shield(self._job)
        if line is None:
            return None
        if not self._begun:
            line = line.removeprefix(_BYTE_ORDER_MARK)
        self._begun = True
        return line.removesuffix(b"\r").decode("utf-8", "replace")

    def _next(self) -> bytes | None:
        searched = 0
        while (end := self._buffer.find(b"\n", searched)) < 0:
            del self._buffer[_LONGEST:]
            searched = len(self._buffer)
            chunk = self._more()
            if not chunk:
                last, self._buffer = bytes(self._buffer), bytearray()
                return last or None
            self._buffer += chunk
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        return line[:_LONGEST]

    def _more(self) -> bytes:
        if self._ended or self._stream is None:
            return b""
        if self._file is None:
            return self._stream.readline().encode("utf-8", "replace")
        while not self._ended:
            ready, _, _ = select.select([self._file, self._wake], [], [])
            if self._wake in ready:
                break
            try:
                return os.read(self._file, _CHUNK)
            except BlockingIOError:  # somebody shares this file, has made it non-blocking, and was faster
                continue
            except OSError:  # a directory, a terminal that is gone: there is nothing more to read
                return b""
        self._buffer.clear()
        return b""


def _descriptor(stream: TextIO | None) -> int | None:
    """The stream's file; none for one that only lives in memory."""
    try:
        return None if stream is None else stream.fileno()
    except io.UnsupportedOperation:
        return None
