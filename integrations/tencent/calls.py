"""What every call of a Tencent Cloud account goes through: the limit, the signature, the sending, the decoding."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from types import MappingProxyType
from typing import Any

import httpx
from aiolimiter import AsyncLimiter

from bot.contracts.errors import Refused
from integrations.http import repeat_read, repeat_refused, sent
from integrations.tencent import wire
from integrations.tencent.answers import Row, opened
from integrations.tencent.auth import CONTENT_TYPE, Tc3Auth
from integrations.tencent.config import Account

CALLS_PER_SECOND = MappingProxyType(
    {
        "AddSmsSign": 1,
        "ModifySmsSign": 1,
        "DeleteSmsSign": 1,
        "DescribeSmsSignList": 20,
        "AddSmsTemplate": 1,  # the newer page says 2, the older 1
        "ModifySmsTemplate": 20,
        "DeleteSmsTemplate": 1,
        "DescribeSmsTemplateList": 20,
        "SmsPackagesStatistics": 10,
        "SendStatusStatistics": 10,
        "CallbackStatusStatistics": 10,
        "SendSms": 20,  # far below what is published for it: a person's test
        "DescribeSendRecordList": 5,  # nothing is published yet (facts 10)
    }
)
"""The published limits (facts 1.6; cloud.tencent.com/document/product/382/34689 and the action pages)."""

_SPACING = 1.05
"""Calls leave a little further apart than published, since they do not all travel equally long."""


class Calls:
    """The calls of one account.

    Args:
        account: the configuration.
        http: the account's own HTTP client; closed with this.
        pace: factor on waits and rates; below 1 where time runs faster.
        wall: the real time, for signing.
    """

    def __init__(self, account: Account, *, http: httpx.AsyncClient, pace: float, wall: Callable[[], datetime]) -> None:
        self._account = account
        self._http = http
        self._pace = pace
        self._auth = Tc3Auth(account.secret_id, account.secret_key, account.token, now=wall)
        secrets = (account.secret_id, account.secret_key, account.token)
        self._secrets = tuple(secret.get_secret_value() for secret in secrets if secret is not None)
        share = account.unconfirmed.rate_share
        self._limits = {
            action: AsyncLimiter(1, pace * _SPACING / (rate * share)) for action, rate in CALLS_PER_SECOND.items()
        }

    async def read(self, action: str, body: wire.Body, *, none: str = "") -> dict[str, Any]:
        """A question, repeated where that can help; the error that means "none" is an empty answer."""
        content = wire.encode(body)
        try:
            return await repeat_read(lambda: self._call(action, content, write=False), pace=self._pace)
        except Refused as error:
            if none and error.code == none:
                return {}
            raise

    async def write(self, action: str, body: wire.Body) -> dict[str, Any]:
        """A change, repeated only where it certainly was not accepted."""
        content = wire.encode(body)
        return await repeat_refused(lambda: self._call(action, content, write=True), pace=self._pace)

    async def _call(self, action: str, content: bytes, *, write: bool) -> dict[str, Any]:
        url = f"{self._account.endpoint}/"
        headers = {
            "Content-Type": CONTENT_TYPE,
            "X-TC-Action": action,
            "X-TC-Version": wire.VERSION,
            "X-TC-Region": self._account.region,
            "X-TC-Language": "zh-CN" if self._account.site == "domestic" else "en-US",
        }
        async with self._limits[action]:
            response = await sent(self._http, self._account, url, auth=self._auth, content=content, headers=headers)
        return opened(response, write=write, secrets=self._secrets)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()


async def pages(page: Callable[[int], Awaitable[tuple[Row, ...]]], size: int = wire.PAGE) -> tuple[Row, ...]:
    """All rows of a list that tells no total (facts 2.5): until a page is short, or brings nothing new."""
    found: dict[int, Row] = {}
    offset = 0
    while True:
        got = await page(offset)
        before = len(found)
        found.update((row.id, row) for row in got)
        if len(got) < size or len(found) == before:
            return tuple(found.values())
        offset += len(got)
