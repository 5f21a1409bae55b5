"""What the vendors' clients share: one TLS context, time-outs, what a broken exchange means, and safe repetition.

The one question that matters after a failure is whether the vendor may have acted. `exchange` answers it: a call that
never left is `Unavailable`; one that left and got no usable answer is `AnswerLost`.
"""

import ssl
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import cache
from typing import TypeVar

import httpx
import stamina

from bot.contracts.errors import AnswerLost, Throttled, Unavailable, VendorError

T = TypeVar("T")

CONNECT_SECONDS = 5.0
READ_SECONDS = 30.0  # UCloud's gateway gives up at 60 s (facts, UCloud 1.1); reviews are answered in well under 10
CONNECTIONS = 8
ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 120.0  # the cap of Alibaba's SDK on x-acs-retry-after (facts, Alibaba 1.3)


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
    """
    place = f"{request.url.scheme}://{request.url.netloc.decode()}"
    try:
        return await http.send(request, auth=auth)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
        raise Unavailable("connection", f"no connection to {place} ({type(error).__name__})") from error
    except httpx.HTTPError as error:
        raise AnswerLost("connection", f"no answer from {place} ({type(error).__name__})") from error


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
