"""What was sent through UCloud and what became of it, by day and by template (facts 4.1); inside the mainland, a day late."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Final

from pydantic import BeforeValidator, Field

from bot.contracts.model import Words
from bot.contracts.traffic import DAY, Counts, Split, Tally, day_start, every_day, spans
from integrations.ucloud import wire
from integrations.ucloud.answers import Answer, Number, Text, as_rows
from integrations.ucloud.calls import Calls
from integrations.ucloud.config import Account

PAGES: Final = 400
"""An end, if a page should be repeated for ever."""


class Row(Answer):
    """A day and country, and template where it is asked by template."""

    day: Text = Field(default="", alias="SendDate")
    template: Text = Field(default="", alias="TemplateId")
    submitted: Number = Field(default=None, alias="Count")
    billed: Number = Field(default=None, alias="CostCount")
    delivered: Number = Field(default=None, alias="SuccessCount")
    failed: Number = Field(default=None, alias="FailedCount")
    unknown: Number = Field(default=None, alias="UnknownCount")
    refused: Number = Field(default=None, alias="SubmitFailedCount")
    refused_billed: Number = Field(default=None, alias="SubmitFailedCostCount")


class Page(Answer):
    """GetUSMSSendStatistics and GetUSMSTemplateSendStatistics."""

    total: Number = Field(default=None, alias="Total")
    rows: Annotated[list[Row], BeforeValidator(as_rows)] = Field(default_factory=list, alias="Data")


def counts(row: Row, *, submit_failed_billed: bool) -> Counts:
    """A row's figures. What was submitted and neither arrived nor failed nor was refused waits, as what is unknown."""
    delivered, failed, refused = _count(row.delivered), _count(row.failed), _count(row.refused)
    waiting = max(_count(row.unknown), _count(row.submitted) - delivered - failed - refused)
    billed = _count(row.billed) - (0 if submit_failed_billed else _count(row.refused_billed))
    return Counts(delivered, failed, waiting, refused, parts=max(billed, 0))


def _count(value: Decimal | None) -> int:
    return 0 if value is None else max(int(value), 0)


class Traffic:
    """The sending statistics of a project, see `bot.contracts.traffic.Counting`.

    Args:
        account: the project, how long a span may be asked for.
        calls: of the account.
    """

    hourly = False
    at_once = 60
    splits = frozenset({Split.TEMPLATE})
    reasons: Mapping[str, Words] = MappingProxyType({})  # none are told

    def __init__(self, account: Account, calls: Calls) -> None:
        self._account = account
        self._calls = calls
        self.lag = account.unconfirmed.statistics_lag_days

    async def days(self, days: Sequence[date]) -> tuple[Tally, ...]:
        """One row a day; countries are added up."""
        told: dict[date, Counts] = {}
        for row in await self._rows("GetUSMSSendStatistics", days):
            if (day := _day(row.day)) is not None:
                told[day] = told.get(day, Counts()) + self._counts(row)
        return every_day(days, told)

    async def hours(self, hours: Sequence[datetime]) -> tuple[Tally, ...]:
        """Hours are not told."""
        del hours
        return ()

    async def split(self, by: Split, days: Sequence[date]) -> tuple[Tally, ...]:
        """One row a day and template."""
        if by not in self.splits:
            return ()
        told: dict[tuple[date, str], Counts] = {}
        for row in await self._rows("GetUSMSTemplateSendStatistics", days):
            day = _day(row.day)
            if day is not None and row.template:
                told[day, row.template] = told.get((day, row.template), Counts()) + self._counts(row)
        return tuple(Tally(day_start(day), DAY, one, by, key) for (day, key), one in told.items())

    def _counts(self, row: Row) -> Counts:
        return counts(row, submit_failed_billed=self._account.unconfirmed.submit_failed_billed)

    async def _rows(self, action: str, days: Sequence[date]) -> list[Row]:
        found: list[Row] = []
        for first, last in spans(days, self._account.unconfirmed.statistics_days):
            here = 0
            for number in range(PAGES):
                query = wire.statistics_query(self._account, action, first, last, page=number)
                page = await self._calls.ask(Page, query)
                found += page.rows
                here += len(page.rows)
                short = len(page.rows) < self._account.unconfirmed.page_size
                if not page.rows or (short if page.total is None else here >= page.total):
                    break
        return found


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
