"""The Web API as this program calls it: two clients on one session, one that never repeats and one that may."""

import logging
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.http_retry.builtin_async_handlers import (
    AsyncConnectionErrorRetryHandler,
    AsyncRateLimitErrorRetryHandler,
    AsyncServerErrorRetryHandler,
)
from slack_sdk.web.async_client import AsyncWebClient

from integrations.http import tls
from integrations.slack.config import Slack as Settings

CALL_SECONDS = 15.0


class Web:
    """The clients.

    Args:
        settings: token and address.
        call_seconds: how long a call may take.
    """

    def __init__(self, settings: Settings, call_seconds: float = CALL_SECONDS) -> None:
        self._call_seconds = call_seconds
        self.token = settings.bot_token.get_secret_value()
        self.base_url = settings.base_url
        self.direct = (urlsplit(settings.base_url).hostname or "") in ("127.0.0.1", "localhost", "::1")
        """Slack is on this machine: no proxy, and its files are here too."""
        self.logger = logging.getLogger("slack_app")
        self.logger.setLevel(logging.WARNING)  # below, whole payloads are logged
        self.logger.addFilter(_for_operators)
        self.session: aiohttp.ClientSession | None = None
        self._writing: AsyncWebClient | None = None
        self._reading: AsyncWebClient | None = None

    def open(self) -> None:
        """Share one session from now on; without one every call makes its own, as the doctor's do."""
        self.session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=tls()), timeout=aiohttp.ClientTimeout(total=self._call_seconds)
        )
        self._writing = self._reading = None

    async def close(self) -> None:
        """End the session."""
        if self.session is not None:
            await self.session.close()
            self.session = self._writing = self._reading = None

    @property
    def writer(self) -> AsyncWebClient:
        """Never repeats by itself: a dropped connection would post a message twice."""
        if self._writing is None:
            self._writing = self.client([])
        return self._writing

    @property
    def reader(self) -> AsyncWebClient:
        """Repeats what can be repeated."""
        if self._reading is None:
            self._reading = self.client(
                [
                    AsyncConnectionErrorRetryHandler(max_retry_count=2),
                    AsyncRateLimitErrorRetryHandler(max_retry_count=1),
                    AsyncServerErrorRetryHandler(max_retry_count=2),
                ]
            )
        return self._reading

    def client(self, retries: list[Any], *, with_token: bool = True) -> AsyncWebClient:
        """A client of its own."""
        client = AsyncWebClient(
            token=self.token if with_token else None,
            base_url=self.base_url,
            session=self.session,
            ssl=tls(),
            retry_handlers=retries,
            logger=self.logger,
        )
        if self.direct:
            client.proxy = None  # the SDK ignores NO_PROXY
        return client


def _for_operators(record: logging.LogRecord) -> bool:
    """Whether somebody can do something about it: which of our own arguments wins is no operator's business."""
    return "will be unused" not in record.getMessage()
