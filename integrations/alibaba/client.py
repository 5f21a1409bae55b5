"""One Alibaba Cloud account: puts its groups of methods together, see `bot.contracts.vendor.Vendor`."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar

import httpx

from bot.contracts.codes import Verifying
from bot.contracts.entries import Entries
from bot.contracts.model import Words
from bot.contracts.probe import serving
from bot.contracts.push import Pushes as Pushing
from bot.contracts.sending import Sending
from bot.contracts.traffic import Counting
from bot.contracts.vendor import Capabilities, Metering, Reviewing
from integrations.alibaba import globe, signatures
from integrations.alibaba.auth import random_nonce, utc_now
from integrations.alibaba.calls import Calls
from integrations.alibaba.codes import Codes
from integrations.alibaba.config import Account
from integrations.alibaba.console import Console
from integrations.alibaba.declared import WORDS, capabilities
from integrations.alibaba.globe import Globe
from integrations.alibaba.messages import Messages
from integrations.alibaba.push import GlobePushes, Pushes
from integrations.alibaba.quota import Quota
from integrations.alibaba.reviews import Reviews
from integrations.alibaba.traffic import Traffic


class Alibaba:
    """An account at Alibaba Cloud SMS, see `bot.contracts.vendor.Vendor`.

    Args:
        account: names, addresses, credentials.
        http: of `integrations.http.client`; closed with this.
        pace: factor on the limits' periods; below 1 where the vendor's time runs faster.
        now: the time the vendor lives in, for what has run out; real time when not given.
        wall: real time, for signatures.
        nonce: a new random text on each call.
    """

    vendor: str = "alibaba"
    words: ClassVar[tuple[str, ...]] = WORDS

    def __init__(
        self,
        account: Account,
        *,
        http: httpx.AsyncClient,
        pace: float = 1.0,
        now: Callable[[], datetime] | None = None,
        wall: Callable[[], datetime] = utc_now,
        nonce: Callable[[], str] = random_nonce,
    ) -> None:
        self.account: str = account.name
        self.capabilities: Capabilities = capabilities(account.site)
        self._calls = Calls(account, http=http, pace=pace, wall=wall, nonce=nonce)
        at_home = account.site == "domestic"
        self._at_home = at_home
        reviews = Reviews(account, self._calls)
        self._proofs = reviews.proofs
        self.reviews: Reviewing = reviews if at_home else Console()
        self.quota: Metering | None = Quota(account, self._calls, now=now or utc_now)
        self.traffic: Counting | None = Traffic(account.unconfirmed, self._calls) if at_home else None
        self.pushes: Pushing | None = Pushes(account.unconfirmed) if at_home else GlobePushes(account.unconfirmed)
        self.messages: Sending | None = Messages(account, self._calls) if at_home else Globe(account, self._calls)
        self.codes: Verifying | None = Codes(self._calls) if at_home else None

    def keep_entries(self, entries: Entries) -> None:
        """Where ids are kept of what the vendor lists to nobody, see `bot.contracts.entries`."""
        self._proofs.entries = entries

    def __repr__(self) -> str:
        return f"Alibaba({self.account!r})"

    async def probe(self) -> Words:
        """One page of one signature; at the international site, which lists nothing, a message that is not there."""
        if not self._at_home:
            return await globe.probe(self._calls)
        answer = await self._calls.read(
            "QuerySmsSignList", {"PageIndex": "1", "PageSize": "1"}, signatures.SignatureList
        )
        count = answer.TotalCount
        return serving(int(count) if count.isdecimal() else None, "signature", "signatures", "签名")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._calls.aclose()
