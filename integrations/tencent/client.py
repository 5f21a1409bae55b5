"""One account at Tencent Cloud: puts its groups of methods together."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import httpx

from bot.contracts.codes import Verifying
from bot.contracts.model import Words
from bot.contracts.push import Pushes as Pushing
from bot.contracts.sending import Sending
from bot.contracts.traffic import Counting
from bot.contracts.vendor import Capabilities, Metering, Reviewing
from integrations.tencent import wire
from integrations.tencent.answers import Signature, rows
from integrations.tencent.auth import utc_now
from integrations.tencent.calls import Calls
from integrations.tencent.config import Account
from integrations.tencent.declared import WORDS, capabilities
from integrations.tencent.errors import NO_SIGNATURES
from integrations.tencent.messages import Messages
from integrations.tencent.push import Pushes
from integrations.tencent.quota import Quota
from integrations.tencent.reviews import Reviews
from integrations.tencent.traffic import Traffic


class Tencent:
    """One account at Tencent Cloud SMS; a `bot.contracts.vendor.Vendor`.

    Args:
        account: the configuration.
        http: the account's own HTTP client; closed with this.
        pace: factor on waits and rates; below 1 where time runs faster.
        wall: the real time, for signing.
        now: the domain's time, in which packages expire; the real time when left out.
    """

    vendor: str = "tencent"
    words: ClassVar[tuple[str, ...]] = WORDS

    def __init__(
        self,
        account: Account,
        *,
        http: httpx.AsyncClient,
        pace: float = 1.0,
        wall: Callable[[], datetime] = utc_now,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.account: str = account.name
        self.capabilities: Capabilities = capabilities(
            account.site,
            delete_in_review=account.unconfirmed.delete_in_review,
        )
        self._region = account.region
        self._calls = Calls(account, http=http, pace=pace, wall=wall)
        self.reviews: Reviewing = Reviews(account, self._calls, self.capabilities.kinds)
        # SmsPackagesStatistics was dropped from the international site in 2021 (facts, "Two sites").
        tells = account.site == "domestic"
        self.quota: Metering | None = Quota(account, self._calls, now=now or wall) if tells else None
        self.traffic: Counting | None = Traffic(account, self._calls, now=now or wall)
        self.pushes: Pushing | None = Pushes(account.unconfirmed)
        self.messages: Sending | None = Messages(account, self._calls, now=now or wall)
        self.codes: Verifying | None = None

    async def probe(self) -> Words:
        """Ask for one signature: proves address, clock, key and the right to list."""
        body = {**wire.list_signs(0), "Limit": 1}
        answer = await self._calls.read("DescribeSmsSignList", body, none=NO_SIGNATURES)
        signs = rows(answer, "DescribeSignListStatusSet", Signature)
        if signs:
            return Words(f"serves us; {self._region} has signatures", f"正常应答；{self._region} 有签名")
        return Words(f"serves us; {self._region} has no signature yet", f"正常应答；{self._region} 还没有签名")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._calls.aclose()
