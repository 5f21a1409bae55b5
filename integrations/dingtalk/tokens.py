"""The app's access token: asked for once, kept while it lives, renewed by one call at a time."""

import asyncio
import contextlib
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import httpx

from bot.contracts.due import due
from bot.contracts.errors import DeliveryFailed, DeliveryRetry, VendorError
from integrations.dingtalk.errors import NOT_BUILT_WORDS, taken, token_refusal
from integrations.http import NOT_BUILT, exchange, json_value

EARLY = timedelta(minutes=5)
"""Renewed so long before its end (facts, DingTalk 3.1); asking more often is throttled."""


@contextlib.contextmanager
def built() -> Iterator[None]:
    """A call is built and sent within.

    Raises:
        DeliveryFailed: it could not be built, so nothing was sent, and never will be.
    """
    try:
        yield
    except NOT_BUILT:
        raise DeliveryFailed(NOT_BUILT_WORDS.en, NOT_BUILT_WORDS) from None  # it may quote a token


class Tokens:
    """The access token of one app.

    Args:
        http: to ask with.
        api_base: of the OpenAPI.
        client_id: AppKey.
        client_secret: AppSecret.
        now: the time.
    """

    def __init__(
        self, http: httpx.AsyncClient, api_base: str, client_id: str, client_secret: str, now: Callable[[], datetime]
    ) -> None:
        self._http = http
        self._url = f"{api_base}/v1.0/oauth2/accessToken"
        self._body = {"appKey": client_id, "appSecret": client_secret}
        self._now = now
        self._token = ""
        self._renew_at = now()
        self._renew_after = timedelta(0)
        self._asking = asyncio.Lock()

    async def get(self, *, instead_of: str = "") -> str:
        """A token that should be good.

        Args:
            instead_of: one that was just refused; a newer one is taken, or asked for.

        Raises:
            DeliveryRetry: it could not be asked for.
            NotServed: the app's credentials are refused.
        """
        async with self._asking:
            if not self._token or self._token == instead_of or due(self._renew_at, self._now(), self._renew_after):
                self._token, life = await self._ask()
                self._renew_after = life - EARLY
                self._renew_at = self._now() + self._renew_after
            return self._token

    async def _ask(self) -> tuple[str, timedelta]:
        try:
            with built():
                response = await exchange(self._http, self._http.build_request("POST", self._url, json=self._body))
        except VendorError as error:
            raise DeliveryRetry(f"no access token: {error.message or error.code}", words=error.advice) from None
        body = json_value(response.content)
        if not taken(response.status_code, body, ("accessToken",)):
            raise token_refusal(response.status_code, body)
        seconds = str(body.get("expireIn", ""))
        return str(body["accessToken"]), timedelta(seconds=int(seconds) if seconds.isdecimal() else 0)
