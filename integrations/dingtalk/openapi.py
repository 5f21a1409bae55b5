"""Calls of DingTalk's OpenAPI, with the app's access token.

A refusal becomes the error that says what the operator must do (`errors`); nothing here knows what a call is about.
"""

import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx

from bot.errors import DeliveryRetry, VendorError
from integrations import http
from integrations.dingtalk.errors import code_of, refusal, token_is_bad
from integrations.dingtalk.tokens import Tokens


class OpenApi:
    """The OpenAPI of one app.

    Args:
        connections: to call with.
        base: of the OpenAPI's addresses.
        client_id: AppKey.
        client_secret: AppSecret.
        now: the time by which the token ends.
    """

    def __init__(
        self,
        connections: httpx.AsyncClient,
        *,
        base: str,
        client_id: str,
        client_secret: str,
        now: Callable[[], datetime],
    ) -> None:
        self.base = base
        self.robot = client_id
        """The robot's code, which is the app's key."""
        self.tokens = Tokens(connections, base, client_id, client_secret, now)
        self._http = connections
        self._closed = False

    def close(self) -> None:
        """Call nothing any more."""
        self._closed = True

    async def call(self, path: str, body: Mapping[str, Any], *, method: str = "POST") -> Mapping[str, Any]:
        """Call it; with a new token where the old one is refused, once.

        Raises:
            DeliveryRetry: it may work later.
            Refused: it never will; the text says what the operator must do.
        """
        token = await self.tokens.get()
        for last in (False, True):
            response = await self.exchange(
                self._http.build_request(
                    method, f"{self.base}{path}", json=body, headers={"x-acs-dingtalk-access-token": token}
                )
            )
            answer = json_of(response)
            if response.status_code == 200 and isinstance(answer, dict) and not code_of(answer):
                return answer
            if last or not token_is_bad(response.status_code, answer):
                raise refusal(response.status_code, answer)
            token = await self.tokens.get(instead_of=token)
        raise AssertionError("unreachable: the second answer returns or raises")

    async def exchange(self, request: httpx.Request) -> httpx.Response:
        """Send any request and read the answer.

        Raises:
            DeliveryRetry: no answer came.
        """
        if self._closed:
            raise DeliveryRetry("the program is ending")
        try:
            return await http.exchange(self._http, request)
        except VendorError as error:
            raise DeliveryRetry(error.message) from None

    async def post(self, url: str, body: Mapping[str, Any]) -> httpx.Response:
        """Post JSON to an address of its own, without the token: a session webhook."""
        return await self.exchange(self._http.build_request("POST", url, json=body))

    def download(self, url: str) -> contextlib.AbstractAsyncContextManager[httpx.Response]:
        """Read from an address of its own, without the token: the storage."""
        return self._http.stream("GET", url)


def json_of(response: httpx.Response) -> Any:
    """The decoded body of an answer; none where it is no JSON."""
    with contextlib.suppress(ValueError):
        return response.json()
    return None
