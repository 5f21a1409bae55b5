"""What is left at UCloud: the money as told, the package as estimated."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Final

from bot.contracts.errors import Refused, Trouble
from bot.contracts.vendor import Measure, Reading
from integrations.ucloud import answers, wire
from integrations.ucloud.calls import Calls
from integrations.ucloud.config import Account, Package

_CHINA: Final = timezone(timedelta(hours=8))  # the statistics' days and the package's


class Quota:
    """The package and the money of an account; keeps the contract `bot.contracts.vendor.Metering`.

    Args:
        account: the configuration, with the package that was bought.
        calls: of the account.
        now: aware time of the domain, for the days of the usage.
    """

    def __init__(self, account: Account, calls: Calls, *, now: Callable[[], datetime]) -> None:
        self._account = account
        self._calls = calls
        self._now = now

    async def readings(self) -> tuple[Reading, ...]:
        """The money, and what is left of the configured package as far as the usage tells (facts 4.2)."""
        package = self._account.package
        readings: list[Reading] = []
        try:
            readings.append((await self._calls.ask(answers.Balance, wire.balance_query(self._account))).reading())
        except Refused as error:
            # A key that may use USMS may have no right to read the account's money; the package is still worth telling.
            if package is None or error.trouble is not Trouble.PERMISSION:
                raise
        if package is not None:
            readings.append(await self._left_of(package))
        return tuple(readings)

    async def _left_of(self, package: Package) -> Reading:
        today = self._now().astimezone(_CHINA).date()
        used = Decimal(0)
        for first, last in _spans(package.since, min(today, package.expires or today), self._account):
            usage = await self._calls.ask(answers.Usage, wire.usage_query(self._account, first, last))
            used += usage.parts(submit_failed_billed=self._account.unconfirmed.submit_failed_billed)
        lapsed = package.expires is not None and package.expires < today  # what is unused lapses (facts 8)
        end = None
        if package.expires is not None:
            midnight = datetime.combine(package.expires, datetime.min.time(), _CHINA) + timedelta(days=1)
            end = midnight.astimezone(UTC)
        return Reading(
            "package",
            Measure.PACKAGE,
            Decimal(0) if lapsed else max(Decimal(0), package.amount - used),
            total=Decimal(package.amount),
            expires_at=end,
            estimated=True,
        )


def _spans(first: date, last: date, account: Account) -> list[tuple[date, date]]:
    """The days cut into pieces that one query may span; none when the package begins in the future."""
    length = timedelta(days=account.unconfirmed.statistics_days)
    spans = []
    while first <= last:
        spans.append((first, min(first + length - timedelta(days=1), last)))
        first += length
    return spans
