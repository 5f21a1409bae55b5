"""What is left at Alibaba Cloud, through the billing API."""

from collections.abc import Callable
from datetime import datetime

from bot.contracts.vendor import Reading
from integrations.alibaba import billing, wire
from integrations.alibaba.calls import PAGES, Calls, complete
from integrations.alibaba.config import Account


class Quota:
    """The packages and the money of an account, see `bot.contracts.vendor.Metering`.

    Args:
        account: which figures to read, how we read what is not documented.
        calls: of the account.
        now: the time the vendor lives in, for what has run out.
    """

    def __init__(self, account: Account, calls: Calls, *, now: Callable[[], datetime]) -> None:
        self._figures = account.quota
        self._unconfirmed = account.unconfirmed
        self._calls = calls
        self._now = now

    async def readings(self) -> tuple[Reading, ...]:
        """SMS packages and the balance, through the billing API."""
        readings: tuple[Reading, ...] = ()
        if "packages" in self._figures:
            readings += billing.package_readings(await self._packages(), self._unconfirmed, self._now())
        if "balance" in self._figures:
            answer = await self._calls.read("QueryAccountBalance", {}, billing.BalanceAnswer, billing=True)
            readings += billing.balance_reading(answer.Data)
        return readings

    async def _packages(self) -> list[billing.Package]:
        found: list[billing.Package] = []
        product = self._unconfirmed.package_product
        for page in range(1, PAGES + 1):
            parameters = {"PageNum": str(page), "PageSize": str(wire.BILLING_PAGE_SIZE)}
            if product:
                parameters["ProductCode"] = product
            answer = await self._calls.read(
                "QueryResourcePackageInstances", parameters, billing.PackageList, billing=True
            )
            instances = answer.Data.Instances.Instance
            found += instances
            if complete(len(found), len(instances), answer.Data.TotalCount, wire.BILLING_PAGE_SIZE):
                break
        return found
