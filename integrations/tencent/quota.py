"""What is left at Tencent Cloud."""

from collections.abc import Callable
from datetime import datetime

from bot.contracts.vendor import Reading
from integrations.tencent import wire
from integrations.tencent.answers import Package, rows
from integrations.tencent.calls import Calls, pages
from integrations.tencent.config import Account


class Quota:
    """The packages of an account; a `bot.contracts.vendor.Metering`.

    Args:
        account: the configuration.
        calls: of the account.
        now: the domain's time, in which packages expire.
    """

    def __init__(self, account: Account, calls: Calls, *, now: Callable[[], datetime]) -> None:
        self._account = account
        self._calls = calls
        self._now = now

    async def readings(self) -> tuple[Reading, ...]:
        """Packages in force."""
        now = self._now()
        unconfirmed = self._account.unconfirmed

        async def page(offset: int) -> tuple[Package, ...]:
            body = wire.packages(
                self._account.sdk_app_id,
                now,
                window_days=unconfirmed.package_window_days,
                utc_offset=unconfirmed.statistics_utc_offset,
                offset=offset,
            )
            return rows(await self._calls.read("SmsPackagesStatistics", body), "SmsPackagesStatisticsSet", Package)

        return wire.readings(await pages(page, wire.PACKAGE_PAGE), now)
