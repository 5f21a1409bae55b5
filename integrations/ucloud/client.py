"""One UCloud account: puts its groups of methods together."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import ClassVar

import httpx

from bot.contracts.codes import Verifying
from bot.contracts.model import Words
from bot.contracts.probe import serving
from bot.contracts.push import Pushes as Pushing
from bot.contracts.sending import Sending
from bot.contracts.traffic import Counting
from bot.contracts.vendor import Capabilities, Metering, Reviewing
from integrations.ucloud import answers, wire
from integrations.ucloud.calls import Calls
from integrations.ucloud.config import Account
from integrations.ucloud.declared import WORDS, capabilities
from integrations.ucloud.messages import Messages
from integrations.ucloud.push import Pushes
from integrations.ucloud.quota import Quota
from integrations.ucloud.reviews import Reviews
from integrations.ucloud.traffic import Traffic


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Ucloud:
    """One account at UCloud USMS; keeps the contract `bot.contracts.vendor.Vendor`.

    Args:
        account: the configuration, secrets resolved.
        http: made by `integrations.http.client`; closed by `aclose`.
        pace: factor on waits and on the time between calls; below 1 where time runs faster.
        now: aware time of the domain, for the days of the usage.
    """

    vendor: str = "ucloud"
    words: ClassVar[tuple[str, ...]] = WORDS

    def __init__(
        self,
        account: Account,
        *,
        http: httpx.AsyncClient,
        pace: float = 1.0,
        now: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.account: str = account.name
        self.capabilities: Capabilities = capabilities(edit_under_review=account.unconfirmed.edit_under_review)
        self._account = account
        self._calls = Calls(account, http=http, pace=pace)
        self.reviews: Reviewing = Reviews(account, self._calls)
        self.quota: Metering | None = Quota(account, self._calls, now=now)
        self.traffic: Counting | None = Traffic(account, self._calls)
        self.pushes: Pushing | None = Pushes()
        self.messages: Sending | None = Messages(account, self._calls)
        self.codes: Verifying | None = None

    async def probe(self) -> Words:
        """One row of the qualification list: proves address, keys, project and the right to USMS; no clock is signed."""
        first = self._account.unconfirmed.qualification_first_page
        listed = await self._calls.ask(answers.Qualifications, wire.qualifications_query(self._account, first, size=1))
        count = len(listed.rows) if listed.total is None else int(listed.total)
        return serving(count, "qualification", "qualifications", "资质")

    async def aclose(self) -> None:
        """Close the connections."""
        await self._calls.aclose()
