"""A road between a client and a server of HTTP/1.1, on which an answer can come to harm.

It reads one request after the other, hands each to the server behind it, and brings the answer back whole, or in one
of the `Manner`s. It lives in a thread of its own, so that what it does to an idle connection is done while the
client's loop is busy. It knows just enough of HTTP for that: requests and answers with a length.
"""

import contextlib
import gzip
import select
import socket
import ssl
import struct
import threading
import zlib
from collections import deque
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Self
from urllib.parse import urlsplit

BOUND = 20.0
"""Seconds that anything here waits for anybody; a test has failed long before."""

LARGE = 1_000_000
"""Bytes of a body from which on a request is a large upload."""

_BEGINNING = 4096
"""Bytes of a body that are read before reading stops: head and body may come apart, and the action may be in either."""

_TRICKLE = 0.02
"""Seconds between two bytes of an answer that trickles."""


class Manner(StrEnum):
    """What happens to a request or its answer."""

    WELL = "brought as it is"
    PACKED = "brought packed with gzip"
    STOP_READING = "the server stops reading the request"
    TWO_AT_ONCE = "a second answer comes in the same packet"
    RESET_IN_BODY = "the body goes on until the close, and there is a reset"
    CLOSED_IN_BODY = "the body goes on until the close, which comes early"
    SHORT = "the body ends before its length"
    CHUNKS_CUT = "the last chunk is missing"
    PACKED_CUT = "half of a packed body, with the length of the half"
    HUGE_BY_LENGTH = "an answer that says it is huge"
    HUGE_IN_CHUNKS = "chunks without end"
    HUGE_UNTIL_CLOSE = "a body without length and without end"
    HUGE_UNPACKED = "a small body that becomes a hundred megabytes"
    DEEP = "a list in a list in a list, a hundred thousand deep"
    TRICKLES = "a byte now and then, for ever"
    ONLY_PRELUDES = "'102 Processing', for ever"


HALVES = (
    Manner.RESET_IN_BODY,
    Manner.CLOSED_IN_BODY,
    Manner.SHORT,
    Manner.CHUNKS_CUT,
    Manner.PACKED_CUT,
)
HUGE = (Manner.HUGE_BY_LENGTH, Manner.HUGE_IN_CHUNKS, Manner.HUGE_UNTIL_CLOSE, Manner.HUGE_UNPACKED)
ENDLESS = (Manner.TRICKLES, Manner.ONLY_PRELUDES)


@dataclass(frozen=True, slots=True)
class Request:
    """What came along: the connection's number, the head, and the body as far as it was read."""

    connection: int
    head: bytes
    body: bytes


@dataclass(slots=True)
class Road:
    """The road; a context manager.

    Args:
        to: address of the server, `http://host:port`.
        certificate: the files of certificate and key, to be reached over TLS.
    """

    to: str
    certificate: tuple[str, str] | None = None
    requests: list[Request] = field(default_factory=list)
    """Every request whose head arrived, in order."""
    connections: int = 0
    """How many were opened."""
    _next: deque[Manner] = field(default_factory=deque)
    _over: int = 0
    _idle: dict[int, tuple[socket.socket, bytes]] = field(default_factory=dict)
    _open: list[socket.socket] = field(default_factory=list)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Condition = field(default_factory=lambda: threading.Condition(threading.Lock()))
    _listening: socket.socket = field(init=False)
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._listening = socket.socket()
        self._listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)  # what is not read fills up soon
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen()
        self._begin(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for connection in self._open:
                _hang_up(connection)
        for thread in self._threads:
            thread.join(BOUND)

    @property
    def url(self) -> str:
        """Where it begins."""
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://127.0.0.1:{self._listening.getsockname()[1]}"

    # --- What a test has happen ---

    def next(self, manner: Manner, times: int = 1) -> None:
        """Treat the next requests so; `STOP_READING` waits for large ones."""
        with self._lock:
            self._next.extend([manner] * times)

    def clear(self) -> None:
        """Bring everything as it is from now on."""
        with self._lock:
            self._next.clear()

    def say_unasked(self) -> None:
        """On every idle connection, say the last answer once more."""
        with self._lock:
            for connection, answer in self._idle.values():
                connection.sendall(answer)

    def close_idle(self) -> None:
        """Close every idle connection."""
        with self._lock:
            for connection, _ in self._idle.values():
                _hang_up(connection)
            self._idle.clear()

    def asked(self, word: str) -> int:
        """How many requests had a word in head or body."""
        return sum(word.encode() in request.head + request.body for request in self.requests)

    def came(self, word: str) -> int:
        """The same, waiting for one that is on its way: who sent it may have given up before it was read here."""
        with self._lock:
            self._lock.wait_for(lambda: self.asked(word), BOUND)
        return self.asked(word)

    # --- The work ---

    def _begin(self, what: object, *args: object) -> None:
        thread = threading.Thread(target=what, args=args, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._end.is_set():
            try:
                connection, _ = self._listening.accept()
            except OSError:
                return
            connection.settimeout(BOUND)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is said unasked is there at once
            with self._lock:
                self.connections += 1
                self._open.append(connection)
            self._begin(self._serve, connection, self.connections)

    def _serve(self, connection: socket.socket, number: int) -> None:
        try:
            if self.certificate is not None:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(*self.certificate)
                connection = context.wrap_socket(connection, server_side=True)
                with self._lock:
                    self._open.append(connection)
            while self._one(connection, number):
                pass
        except (OSError, EOFError):
            pass
        finally:
            with self._lock:
                self._idle.pop(number, None)
            _shut(connection)

    def _one(self, connection: socket.socket, number: int) -> bool:
        """One request and its answer; whether there can be another."""
        head, rest = _head(connection)
        length = _length(head)
        with self._lock:
            self._idle.pop(number, None)
            manner = self._manner(length)
        stops = manner is Manner.STOP_READING
        body = rest + _exactly(connection, (_BEGINNING if stops else length) - len(rest))
        with self._lock:
            self.requests.append(Request(number, head, body))
            self._lock.notify_all()
        if stops:
            self._end.wait(BOUND)
            return False
        status, answer = self._asked_there(head, body)
        whole = _whole(status, answer)
        if manner is Manner.WELL or manner is Manner.PACKED or manner is Manner.TWO_AT_ONCE:
            with self._lock:  # before it is sent: whoever has the answer may act on the idle connection at once
                self._idle[number] = (connection, whole)
        return self._bring(connection, manner, status, answer)

    def _manner(self, length: int) -> Manner:
        if self._next and (self._next[0] is not Manner.STOP_READING or length >= LARGE):
            return self._next.popleft()
        return Manner.WELL

    def _asked_there(self, head: bytes, body: bytes) -> tuple[bytes, bytes]:
        """Status line and body of what the server answers; where it names itself, this road is named."""
        there = urlsplit(self.to)
        with socket.create_connection((there.hostname, there.port or 80), BOUND) as server:
            server.sendall(head + body)
            answer, rest = _head(server)
            content = rest + _exactly(server, _length(answer) - len(rest))
        return answer.split(b"\r\n", 1)[0], content.replace(self.to.encode(), self.url.encode())

    def _bring(self, connection: socket.socket, manner: Manner, status: bytes, body: bytes) -> bool:
        half = body[: len(body) // 2]
        packed = gzip.compress(body)
        begin = status + b"\r\nContent-Type: application/json\r\n"
        send = connection.sendall
        match manner:
            case Manner.WELL:
                send(_whole(status, body))
                return True
            case Manner.PACKED:
                send(begin + b"Content-Encoding: gzip\r\n" + _sized(packed))
                return True
            case Manner.TWO_AT_ONCE:
                # Held back until both are written: over TLS these are two records in one packet.
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
                send(_whole(status, body))
                send(_whole(status, body))
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 0)
                return True
            case Manner.RESET_IN_BODY:
                send(begin + b"\r\n" + half)
                # Closing with nothing to linger for is a reset.
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                connection.close()
            case Manner.CLOSED_IN_BODY:
                send(begin + b"\r\n" + half)
            case Manner.SHORT:
                send(begin + b"Content-Length: %d\r\n\r\n" % len(body) + half)
            case Manner.CHUNKS_CUT:
                send(begin + b"Transfer-Encoding: chunked\r\n\r\n" + _chunk(body))
            case Manner.PACKED_CUT:
                send(begin + b"Content-Encoding: gzip\r\n" + _sized(packed[: len(packed) // 2]))
                return True
            case Manner.HUGE_BY_LENGTH:
                send(begin + b"Content-Length: %d\r\n\r\n" % 10**12)
                self._for_ever(connection, b" " * 65536)
            case Manner.HUGE_IN_CHUNKS:
                send(begin + b"Transfer-Encoding: chunked\r\n\r\n")
                self._for_ever(connection, _chunk(b" " * 65536))
            case Manner.HUGE_UNTIL_CLOSE:
                send(begin + b"\r\n")
                self._for_ever(connection, b" " * 65536)
            case Manner.HUGE_UNPACKED:
                send(begin + b"Content-Encoding: gzip\r\n" + _sized(_bomb()))
                return True
            case Manner.DEEP:
                send(begin + _sized(b"[" * 100_000 + b"]" * 100_000))
                return True
            case Manner.TRICKLES:
                send(begin + b"Content-Length: %d\r\n\r\n" % 10**6)
                self._for_ever(connection, b" ", _TRICKLE)
            case Manner.ONLY_PRELUDES:
                self._for_ever(connection, b"HTTP/1.1 102 Processing\r\n\r\n", _TRICKLE)
            case Manner.STOP_READING:
                raise AssertionError(manner)
        return False

    def _for_ever(self, connection: socket.socket, what: bytes, every: float = 0.0) -> None:
        """Send it again and again until the other side has gone."""
        while not self._end.is_set():
            gone, _, _ = select.select([connection], [], [], every)
            if gone and not connection.recv(1):
                return
            connection.sendall(what)


@cache
def _bomb() -> bytes:
    """A hundred megabytes of spaces, packed to a hundred kilobytes."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    piece = b" " * 2**20
    return b"".join(packer.compress(piece) for _ in range(100)) + packer.flush()


def _whole(status: bytes, body: bytes) -> bytes:
    return status + b"\r\nContent-Type: application/json\r\n" + _sized(body)


def _sized(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


def _chunk(body: bytes) -> bytes:
    return b"%x\r\n" % len(body) + body + b"\r\n"


def _head(connection: socket.socket) -> tuple[bytes, bytes]:
    """The head with its empty line, and what came after it."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += _some(connection)
    end = read.index(b"\r\n\r\n") + 4
    return read[:end], read[end:]


def _exactly(connection: socket.socket, length: int) -> bytes:
    read = bytearray()
    while len(read) < length:
        read += _some(connection)
    return bytes(read)


def _some(connection: socket.socket) -> bytes:
    piece = connection.recv(65536)
    if not piece:
        raise EOFError
    return piece


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0


def _hang_up(connection: socket.socket) -> None:
    """End a connection that another thread serves, which closes it.

    Were it closed here, its number could be given to another socket before that thread has woken, and it would wait on.
    """
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _shut(connection: socket.socket) -> None:
    _hang_up(connection)
    connection.close()
