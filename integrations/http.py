"""What the vendors' clients share: one TLS context, bounds on time and size, what a broken exchange means, repetition.

The one question that matters after a failure is whether the vendor may have acted. `exchange` answers it: a call that
never left is `Unavailable`; one that left and got no usable answer is `AnswerLost`. A call that the HTTP library does
not build never left either, and never will: that is a fault of the configuration, and `sent` names the key.

The transport is httpcore's, for what it does right with broken connections; `docs/benchmarks.md` has the reasons, and
`tests/contract/test_vendor_connections.py` holds any other to them.
"""

import asyncio
import json
import re
import ssl
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import aclosing, suppress
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

import httpcore
import httpx
import stamina
from pydantic import BaseModel, SecretStr

from bot.contracts.characters import odd_in_secret, whole
from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.model import Words

T = TypeVar("T")

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0  # UCloud's gateway gives up at 60 s (facts, UCloud 1.1); reviews are answered in well under 10
CONNECTIONS = 8
IDLE_SECONDS = 5.0  # httpx's own: no vendor says how long it keeps a connection
ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 120.0  # the cap of Alibaba's SDK on x-acs-retry-after (facts, Alibaba 1.3)

READS_IN_ALL = 4
"""A whole exchange takes at most so many times what one read may. The time-outs above begin anew with every byte, so a
server that trickles would hold a call for ever; in 120 s the largest upload (7 MB) passes a line of 500 kbit/s."""

LARGEST_ANSWER = 8 * 1024 * 1024
"""Bytes of an answer, unpacked. The longest page that we ask for has 500 rows (Tencent's packages) and the fattest rows
belong to a page of 50 (Alibaba's templates: 500 characters, and the reviewer's words); both stay below 1 MB."""

PIECE = 64 * 1024
"""Bytes of an answer in memory before they are counted."""

SENT_TOGETHER = 64 * 1024
"""Bytes of a call that leave at once; beyond that they go as they come."""

TOO_LARGE = "too large"
"""The code of an answer beyond `LARGEST_ANSWER`."""

_TOO_LARGE_WORDS = Words(
    f"Its answer was larger than {LARGEST_ANSWER // 1024**2} MB and was not read: no answer of this service is. Either "
    "something stands in between, or the service has a fault. The operator looks at the address in the configuration; "
    "if it is right, the service's support can help.",
    f"其返回内容超过 {LARGEST_ANSWER // 1024**2} MB，未读取：该服务的正常返回不会这么大。可能是中间有代理，或对方服务有故障。"
    "请运维人员检查配置中的地址；如地址无误，请联系对方的技术支持。",
)

_HALVES = re.compile(rb"\\u[dD][89a-fA-F]|\xed[\xa0-\xbf]")
"""Where a text may have half a character: as JSON escapes it, and as bytes."""

NOT_BUILT = (httpx.InvalidURL, httpx.LocalProtocolError, httpx.UnsupportedProtocol, UnicodeEncodeError)
"""What the HTTP library raises for a call that it cannot put into bytes: a header or an address with characters that
neither can have. It looks before the first byte leaves (`h11` at the request, `httpx` at the address)."""

NOT_SENT = "not sent"
"""The code of such a call."""


@cache
def tls() -> ssl.SSLContext:
    """The one TLS context of the process: reading the CA bundle costs 18 ms and several megabytes each time."""
    return httpx.create_ssl_context()


class TooLarge(AnswerLost):
    """The answer was larger than `LARGEST_ANSWER`. A question is not asked again: it would bring the same."""


def client(*, read_seconds: float = READ_SECONDS) -> httpx.AsyncClient:
    """An HTTP client for one vendor account: no redirects, no environment proxies, bounded waits everywhere."""
    return httpx.AsyncClient(
        transport=_Transport(),
        timeout=httpx.Timeout(read_seconds, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": "signpost", "accept-encoding": "gzip"},  # the one packing that `pieces` opens
    )


class _Transport(httpx.AsyncHTTPTransport):
    """httpx's transport on connections that are not used again after more came than was asked for."""

    def __init__(self) -> None:
        super().__init__(verify=tls(), trust_env=False)
        self._pool = _Pool(
            ssl_context=tls(),
            # As many kept as opened: a connection closed after its call costs the next one a TLS handshake.
            max_connections=CONNECTIONS,
            max_keepalive_connections=CONNECTIONS,
            keepalive_expiry=IDLE_SECONDS,
        )


class _Pool(httpcore.AsyncConnectionPool):
    def create_connection(self, origin: httpcore.Origin) -> httpcore.AsyncConnectionInterface:
        """A connection of ours where httpcore would make one of its own."""
        return _Connection(origin, ssl_context=tls(), keepalive_expiry=IDLE_SECONDS, network_backend=_Backend())


class _Backend(httpcore.AnyIOBackend):
    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection whose head and body leave together."""
        return _Stream(await super().connect_tcp(host, port, timeout, local_address, socket_options))


class _Stream(httpcore.AsyncNetworkStream):
    """Sends the head of a call with its body: one packet, one TLS record, one call of the system.

    httpcore writes one after the other and then reads, so what was written goes when something is to be read. It takes a
    write that fails for no end, since the answer may have come before; here that holds too.
    """

    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._held = bytearray()
        self._patience: float | None = None

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's own
        """Take bytes to be sent."""
        self._held += buffer
        self._patience = timeout
        if len(self._held) > SENT_TOGETHER:
            await self._send()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's own
        """Send what was written, and wait for bytes."""
        if self._held:
            with suppress(httpcore.WriteError):
                await self._send()
        return await self._stream.read(max_bytes, timeout)

    async def _send(self) -> None:
        held, self._held = bytes(self._held), bytearray()
        await self._stream.write(held, self._patience)

    async def aclose(self) -> None:
        """Close it; what was not sent stays unsent."""
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own
    ) -> httpcore.AsyncNetworkStream:
        """The same, secured."""
        return _Stream(await self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> Any:
        """What httpcore asks of a connection."""
        return self._stream.get_extra_info(info)


class _Connection(httpcore.AsyncHTTPConnection):
    """A connection on which no answer is taken for that of another call.

    httpcore gives an idle connection up when its socket has something to read. What came in one packet with the last
    answer has left the socket: it waits in the parser or in the TLS layer, and the next call would get it.
    """

    def has_expired(self) -> bool:
        """Whether it must not be used again; asked whenever a call looks for a connection."""
        return super().has_expired() or (self.is_idle() and self._more_came())

    def _more_came(self) -> bool:
        http11 = self._connection
        if not isinstance(http11, httpcore.AsyncHTTP11Connection):
            return False
        parsed, _closed = http11._h11_state.trailing_data  # noqa: SLF001 - httpcore shows it nowhere
        if parsed:
            return True
        secured = http11._network_stream.get_extra_info("ssl_object")  # noqa: SLF001 - as above
        if secured is None:
            return False
        try:
            secured.read(1)
        except ssl.SSLWantReadError:
            return False
        except ssl.SSLError:  # ended or broken
            return True
        return True


async def exchange(http: httpx.AsyncClient, request: httpx.Request, auth: httpx.Auth | None = None) -> httpx.Response:
    """Send a request and read the answer.

    Raises:
        Unavailable: no connection was made, so nothing was accepted.
        AnswerLost: it went out and no answer came back, or none that ends.
        TooLarge: it went out and the answer was larger than any that we ask for.
        One of NOT_BUILT: it could not be put into bytes; see `sent`.
    """
    place = f"{request.url.scheme}://{request.url.netloc.decode()}"
    read = request.extensions.get("timeout", {}).get("read") or READ_SECONDS
    try:
        async with asyncio.timeout(READS_IN_ALL * read):
            response = await http.send(request, auth=auth, stream=True)
            try:
                content = await _whole(response)
            finally:
                await response.aclose()
    except NOT_BUILT:
        raise
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unavailable(NoAnswer.UNREACHED, f"no connection to {place} ({type(error).__name__})") from error
    except (httpx.HTTPError, TimeoutError) as error:
        raise AnswerLost(_cause(error), f"no answer from {place} ({type(error).__name__})") from error
    if content is None:
        raise TooLarge(TOO_LARGE, advice=_TOO_LARGE_WORDS)  # no message: a message is the vendor's words, and is quoted
    headers = [(name, value) for name, value in response.headers.multi_items() if name.lower() not in _OF_THE_WIRE]
    return httpx.Response(response.status_code, headers=headers, content=content, request=request)


def _cause(error: Exception) -> NoAnswer:
    """Why no answer came of a call that may have left."""
    match error:
        case httpx.TimeoutException() | TimeoutError():
            return NoAnswer.TIMEOUT
        case httpx.DecodingError():  # it came, packed as it said it was not
            return NoAnswer.GARBAGE
        case _:
            return NoAnswer.RESET


_OF_THE_WIRE = ("content-encoding", "content-length", "transfer-encoding")
"""What is no longer true of a body that has been read and unpacked."""


async def _whole(response: httpx.Response) -> bytes | None:
    """The body; none where it is too large."""
    content = bytearray()
    async with aclosing(pieces(response)) as body:
        async for piece in body:
            content += piece
            if len(content) > LARGEST_ANSWER:
                return None
    return bytes(content)


async def pieces(response: httpx.Response) -> AsyncGenerator[bytes, None]:
    """The body of an answer, unpacked, in pieces of at most `PIECE` bytes; whoever reads counts them.

    httpx unpacks all that came at once, and a thousandth of the bytes can come.

    Raises:
        httpx.DecodingError: it is packed otherwise than was asked for, or damaged, or ends early.
    """
    if response.is_stream_consumed:  # a transport without a wire has read it already
        yield response.content
        return
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing in ("identity", ""):
        async for piece in response.aiter_raw(PIECE):
            yield piece
        return
    if packing not in ("gzip", "x-gzip"):
        raise httpx.DecodingError(f"packed as {packing[:20]!r}", request=response.request)
    gzip = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    began = False
    try:
        async for packed in response.aiter_raw(PIECE):
            began = True
            while piece := gzip.decompress(packed, PIECE):
                yield piece
                packed = gzip.unconsumed_tail
            if gzip.unused_data:
                raise httpx.DecodingError("more follows its end", request=response.request)
    except zlib.error as error:
        raise httpx.DecodingError(str(error), request=response.request) from error
    if began and not gzip.eof:
        raise httpx.DecodingError("it ends early", request=response.request)


def json_value(content: str | bytes) -> Any:
    """The JSON value that came from outside; none where it is no JSON, or nested deeper than anybody means it.

    JSON can spell half a character, see `whole`.
    """
    try:
        value = json.loads(content, parse_constant=_no_json)
        if _HALVES.search(content if isinstance(content, bytes) else content.encode(errors="surrogatepass")):
            value = json.loads(whole(json.dumps(value, ensure_ascii=False)))
    except (ValueError, RecursionError):
        return None
    return value


def _no_json(name: str) -> None:
    """`NaN` and `Infinity`, which Python's reader would take."""
    raise ValueError(name)


async def got(http: httpx.AsyncClient, url: str, *, seconds: float) -> tuple[int, bytes] | str:
    """What an address of our own answers to a GET: status and body; where nothing comes back, the name of what went wrong."""
    try:
        answer = await http.get(url, timeout=seconds)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return type(error).__name__
    return answer.status_code, answer.content


async def sent(
    http: httpx.AsyncClient, account: BaseModel, url: str, *, auth: httpx.Auth | None = None, **what: Any
) -> httpx.Response:
    """Build a POST from what the operator wrote, send it and read the answer.

    Args:
        http: to send with.
        account: what the operator wrote; it has a `name`.
        url: where to.
        auth: signs it.
        what: headers and body, as `httpx.AsyncClient.build_request` takes them.

    Raises:
        Refused: it could not be built, so nothing was sent; the advice names the account and the key.
        Unavailable, AnswerLost: as `exchange`.
    """
    try:
        return await exchange(http, http.build_request("POST", url, **what), auth)
    except NOT_BUILT:
        raise _not_built(str(getattr(account, "name", "")), at_fault(account)) from None  # it may quote a secret


def at_fault(table: BaseModel) -> str:
    """The first key with a character that no header and no address can carry; empty where there is none."""
    for key in type(table).model_fields:
        value = getattr(table, key)
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and key not in _NOT_SENT and odd_in_secret(text):
            return key
    return ""


_NOT_SENT = ("name", "vendor", "company", "review_hours")


def _not_built(account: str, key: str) -> Refused:
    path = f"account.{account}"
    advice = (
        Words(
            f"The call could not be built, so nothing was sent: {path}.{key} in the configuration has a character that no "
            "call can carry. The operator types it anew; `signpost check` names the character.",
            f"请求无法生成，未发送任何内容：配置项 {path}.{key} 含有请求不能携带的字符。"
            "请运维人员重新填写；`signpost check` 会指出该字符。",
        )
        if key
        else Words(
            f"The call could not be built, so nothing was sent: an address or a header has a character that it cannot "
            f"have. The operator looks at the addresses and keys of {path} in the configuration.",
            f"请求无法生成，未发送任何内容：地址或请求头含有不允许的字符。请运维人员检查配置中 {path} 的地址和密钥。",
        )
    )
    return Refused(NOT_SENT, trouble=Trouble.CREDENTIALS, advice=advice)


async def repeat_read(call: Callable[[], Awaitable[T]], *, pace: float = 1.0) -> T:
    """Run a call that changes nothing, again when that can help.

    Args:
        call: builds, signs, sends and decodes anew each time (a signature is good for one request).
        pace: factor on the waits; below 1 where time runs faster.

    Raises:
        Unavailable: it did not work; a lost answer to a question is the same as none.
    """
    try:
        return await _repeat(call, (Throttled, Unavailable, AnswerLost), pace)
    except AnswerLost as error:
        raise Unavailable(
            error.code, error.message, request_id=error.request_id, trouble=error.trouble, advice=error.advice
        ) from error


stamina.instrumentation.set_on_retry_hooks(())
"""Another try is no news: what comes of the call is, and that is logged once until it changes."""


async def repeat_refused(call: Callable[[], Awaitable[T]], *, pace: float = 1.0) -> T:
    """Run a call that changes something; again only when it certainly was not accepted: throttled, or never connected."""
    return await _repeat(call, (Throttled, Unavailable), pace)


async def _repeat(call: Callable[[], Awaitable[T]], on: tuple[type[VendorError], ...], pace: float) -> T:
    def wait(error: Exception) -> bool | timedelta:
        if isinstance(error, Throttled) and error.retry_after is not None:
            return timedelta(seconds=min(error.retry_after, LONGEST_WAIT_SECONDS))
        return isinstance(error, on) and not isinstance(error, TooLarge)

    async for attempt in stamina.retry_context(
        on=wait, attempts=ATTEMPTS, timeout=None, wait_initial=0.3 * pace, wait_max=5.0 * pace, wait_jitter=0.2 * pace
    ):
        with attempt:
            return await call()
    raise AssertionError("unreachable: the last attempt returns or raises")
