"""Calls of DingTalk's OpenAPI, with the app's access token.

A refusal becomes the error that says what the operator must do (`errors`); nothing here knows what a call is about.
"""

import asyncio
import contextlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import httpx
from aiolimiter import AsyncLimiter

from bot.contracts.errors import DeliveryRetry, VendorError
from integrations import http
from integrations.dingtalk import words
from integrations.dingtalk.allowance import Allowance
from integrations.dingtalk.errors import AllowanceSpent, refusal, taken, token_is_bad
from integrations.dingtalk.tokens import Tokens, built

AT_ONCE = 5
CALLS_A_SECOND = 10.0
"""So many at once, then so many a second: 15 at most within any second. The Standard edition allows 20 of one API, and
10 of all together are good advice (facts, DingTalk 5.1)."""

TURN_SECONDS = 10.0
"""How long a call waits for its turn."""


class OpenApi:
    """The OpenAPI of one app.

    Args:
        connections: to call with.
        base: of the OpenAPI's addresses.
        old_base: of the older API's, where media are.
        client_id: AppKey.
        client_secret: AppSecret.
        allowance: counts the calls.
        a_second: how many calls are made at most, after the first few.
        now: the time by which the token ends.
    """

    def __init__(
        self,
        connections: httpx.AsyncClient,
        *,
        base: str,
        old_base: str,
        client_id: str,
        client_secret: str,
        allowance: Allowance,
        a_second: float,
        now: Callable[[], datetime],
    ) -> None:
        self.base = base
        self.robot = client_id
        """The robot's code, which is the app's key."""
        self.tokens = Tokens(connections, base, client_id, client_secret, now)
        self.allowance = allowance
        self._old_base = old_base
        self._http = connections
        self._turns = AsyncLimiter(AT_ONCE, AT_ONCE / a_second)
        self._closed = False

    def close(self) -> None:
        """Call nothing any more."""
        self._closed = True

    async def call(
        self, path: str, body: Mapping[str, Any], *, says: Sequence[str], method: str = "POST"
    ) -> Mapping[str, Any]:
        """Call the OpenAPI.

        Args:
            path: of the call.
            body: of the call.
            says: see `errors.taken`.
            method: of HTTP.

        Raises:
            DeliveryRetry: it may work later.
            Refused: it never will; the text says what the operator must do.
        """

        def request(token: str) -> httpx.Request:
            headers = {"x-acs-dingtalk-access-token": token}
            return self._http.build_request(method, f"{self.base}{path}", json=body, headers=headers)

        return await self._authorised(request, says)

    async def old_call(self, path: str, body: Mapping[str, Any], *, says: Sequence[str]) -> Mapping[str, Any]:
        """Call the older API; arguments and errors as for `call`."""

        def request(token: str) -> httpx.Request:
            return self._http.build_request(
                "POST", f"{self._old_base}{path}", params={"access_token": token}, json=body
            )

        return await self._authorised(request, says)

    async def upload(self, name: str, content: bytes, media_type: str) -> Mapping[str, Any]:
        """Upload a picture through the older API (facts, DingTalk 3.8); raises as `call` does."""

        def request(token: str) -> httpx.Request:
            return self._http.build_request(
                "POST",
                f"{self._old_base}/media/upload",
                params={"access_token": token, "type": "image"},
                data={"type": "image"},
                files={"media": (name, content, media_type)},
            )

        return await self._authorised(request, ("media_id",))

    async def _authorised(self, request: Callable[[str], httpx.Request], says: Sequence[str]) -> Mapping[str, Any]:
        """Send what a token makes a request; with a new token where the old one is refused, once."""
        token = await self.tokens.get()
        for last in (False, True):
            await self._turn()
            await self.allowance.call()
            with built():
                response = await self.exchange(request(token))
            answer = http.json_value(response.content)
            if taken(response.status_code, answer, says):
                self.allowance.taken()
                return dict(answer)
            if last or not token_is_bad(response.status_code, answer):
                error = refusal(response.status_code, answer)
                raise self.allowance.refused() if isinstance(error, AllowanceSpent) else error
            token = await self.tokens.get(instead_of=token)
        raise AssertionError("unreachable: the second answer returns or raises")

    async def _turn(self) -> None:
        try:
            await asyncio.wait_for(self._turns.acquire(), TURN_SECONDS)
        except TimeoutError:
            raise DeliveryRetry(words.TOO_MANY_CALLS.en, TURN_SECONDS, words.TOO_MANY_CALLS) from None

    async def exchange(self, request: httpx.Request) -> httpx.Response:
        """Send any request and read the answer.

        Raises:
            DeliveryRetry: no answer came.
        """
        if self._closed:
            raise DeliveryRetry(words.ENDING.en, words=words.ENDING)
        try:
            return await http.exchange(self._http, request)
        except VendorError as error:
            raise DeliveryRetry(error.message or error.code, words=error.advice) from None

    async def post(self, url: str, body: Mapping[str, Any]) -> httpx.Response:
        """Post JSON to an address of its own, without the token: a session webhook."""
        await self.allowance.webhook()
        with built():
            return await self.exchange(self._http.build_request("POST", url, json=body))

    def download(self, url: str) -> contextlib.AbstractAsyncContextManager[httpx.Response]:
        """Read from an address of its own, without the token: the storage."""
        return self._http.stream("GET", url)
