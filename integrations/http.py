"""What the vendors' clients share: one TLS context, time-outs, what a broken exchange means, and safe repetition.

The one question that matters after a failure is whether the vendor may have acted. `exchange` answers it: a call that
never left is `Unavailable`; one that left and got no usable answer is `AnswerLost`. A call that the HTTP library does
not build never left either, and never will: that is a fault of the configuration, and `sent` names the key.
"""

import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from typing import Any, TypeVar

import httpx
import stamina
from pydantic import BaseModel, SecretStr

from bot.contracts.characters import odd_in_secret
from bot.contracts.errors import AnswerLost, NoAnswer, Refused, Throttled, Trouble, Unavailable, VendorError
from bot.contracts.model import Words

T = TypeVar("T")

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0  # UCloud's gateway gives up at 60 s (facts, UCloud 1.1); reviews are answered in well under 10
CONNECTIONS = 8
ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 120.0  # the cap of Alibaba's SDK on x-acs-retry-after (facts, Alibaba 1.3)


NOT_BUILT = (httpx.InvalidURL, httpx.LocalProtocolError, httpx.UnsupportedProtocol, UnicodeEncodeError)
"""What the HTTP library raises for a call that it cannot put into bytes: a header or an address with characters that
neither can have. It looks before the first byte leaves (`h11` at the request, `httpx` at the address)."""

NOT_SENT = "not sent"
"""The code of such a call."""


@cache
def tls() -> ssl.SSLContext:
    """The one TLS context of the process: reading the CA bundle costs 18 ms and several megabytes each time."""
    return httpx.create_ssl_context()


def client(*, read_seconds: float = READ_SECONDS) -> httpx.AsyncClient:
    """An HTTP client for one vendor account: no redirects, no environment proxies, bounded waits everywhere."""
    return httpx.AsyncClient(
        verify=tls(),
        timeout=httpx.Timeout(read_seconds, connect=CONNECT_SECONDS, pool=CONNECT_SECONDS),
        # As many kept as opened: a connection closed after its call costs the next one a TLS handshake.
        limits=httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS),
        follow_redirects=False,
        trust_env=False,
        headers={"user-agent": "signpost"},
    )


async def exchange(http: httpx.AsyncClient, request: httpx.Request, auth: httpx.Auth | None = None) -> httpx.Response:
    """Send a request and read the answer.

    Raises:
        Unavailable: no connection was made, so nothing was accepted.
        AnswerLost: it went out and no answer came back.
        One of NOT_BUILT: it could not be put into bytes; see `sent`.
    """
    place = f"{request.url.scheme}://{request.url.netloc.decode()}"
    try:
        return await http.send(request, auth=auth)
    except NOT_BUILT:
        raise
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unavailable(NoAnswer.UNREACHED, f"no connection to {place} ({type(error).__name__})") from error
    except httpx.HTTPError as error:
        raise AnswerLost(_cause(error), f"no answer from {place} ({type(error).__name__})") from error


def _cause(error: httpx.HTTPError) -> NoAnswer:
    """Why no answer came of a call that may have left."""
    match error:
        case httpx.TimeoutException():
            return NoAnswer.TIMEOUT
        case httpx.DecodingError():  # it came, packed as it said it was not
            return NoAnswer.GARBAGE
        case _:
            return NoAnswer.RESET


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


_NOT_SENT = ("name", "vendor", "review_hours")


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
        raise Unavailable(error.code, error.message, request_id=error.request_id) from error


async def repeat_refused(call: Callable[[], Awaitable[T]], *, pace: float = 1.0) -> T:
    """Run a call that changes something; again only when it certainly was not accepted: throttled, or never connected."""
    return await _repeat(call, (Throttled, Unavailable), pace)


async def _repeat(call: Callable[[], Awaitable[T]], on: tuple[type[VendorError], ...], pace: float) -> T:
    def wait(error: Exception) -> bool | timedelta:
        if isinstance(error, Throttled) and error.retry_after is not None:
            return timedelta(seconds=min(error.retry_after, LONGEST_WAIT_SECONDS))
        return isinstance(error, on)

    async for attempt in stamina.retry_context(
        on=wait, attempts=ATTEMPTS, timeout=None, wait_initial=0.3 * pace, wait_max=5.0 * pace, wait_jitter=0.2 * pace
    ):
        with attempt:
            return await call()
    raise AssertionError("unreachable: the last attempt returns or raises")
