"""What was sent through Alibaba Cloud and what became of it, by day and by signature (facts 6.3); inside the mainland."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from bot.contracts.model import Words
from bot.contracts.traffic import Counts, Split, Tally, every_day, spans
from integrations.alibaba import billing, signatures, wire
from integrations.alibaba.calls import PAGES, Calls, complete
from integrations.alibaba.config import Unconfirmed
from integrations.alibaba.wire import Answer, Many, One, Part, Text

SIGNATURES = 50
"""Each signature is a question of its own; more are not told apart."""


class Row(Part):
    """A day: TotalCount is what was billed, the others say what became of it."""

    SendDate: Text = ""
    TotalCount: Text = ""
    RespondedSuccessCount: Text = ""
    RespondedFailCount: Text = ""
    NoRespondedCount: Text = ""


class Days(Part):
    """A page of days."""

    TargetList: Many[Row] = ()
    TotalSize: Text = ""


class Statistics(Answer):
    """Answer of QuerySendStatistics."""

    Data: One[Days] = Days()


def counts(row: Row) -> Counts:
    """A row's figures; the failures' reasons are not told."""
    return Counts(
        delivered=_count(row.RespondedSuccessCount),
        failed=_count(row.RespondedFailCount),
        waiting=_count(row.NoRespondedCount),
        parts=_count(row.TotalCount),
    )


def day_of(text: str) -> date | None:
    """`20260304`, or with strokes between; none where it is no day."""
    try:
        return date.fromisoformat(text[:10].replace("-", "").replace("/", ""))
    except ValueError:
        return None


def _count(text: str) -> int:
    value = billing.number(text)
    return max(int(value), 0) if value is not None and abs(value.adjusted()) < 15 else 0


class Traffic:
    """The sending statistics of an account, see `bot.contracts.traffic.Counting`.

    Args:
        unconfirmed: how long a span may be asked for.
        calls: of the account.
    """

    hourly = False
    at_once = 60
    lag = 0
    splits = frozenset({Split.SIGN})
    reasons: Mapping[str, Words] = MappingProxyType({})  # none are told

    def __init__(self, unconfirmed: Unconfirmed, calls: Calls) -> None:
        self._longest = unconfirmed.statistics_days
        self._calls = calls

    async def days(self, days: Sequence[date]) -> tuple[Tally, ...]:
        """QuerySendStatistics of every kind of message and every signature."""
        return every_day(days, await self._told(days))

    async def hours(self, hours: Sequence[datetime]) -> tuple[Tally, ...]:
        """Hours are not told."""
        del hours
        return ()

    async def split(self, by: Split, days: Sequence[date]) -> tuple[Tally, ...]:
        """One question for each signature there is; those that were deleted cannot be named."""
        if by not in self.splits:
            return ()
        found: list[Tally] = []
        for name in await self._signatures():
            told = await self._told(days, name)
            found += [replace(one, by=by, key=name) for one in every_day(told, told) if one.counts.sent]
        return tuple(found)

    async def _told(self, days: Sequence[date], signature: str = "") -> dict[date, Counts]:
        found: dict[date, Counts] = {}
        for first, last in spans(days, self._longest):
            seen = 0
            for page in range(1, PAGES + 1):
                parameters = {
                    "IsGlobe": "1",
                    "StartDate": f"{first:%Y%m%d}",
                    "EndDate": f"{last:%Y%m%d}",
                    "PageIndex": str(page),
                    "PageSize": str(wire.PAGE_SIZE),
                    **({"SignName": signature} if signature else {}),
                }
                data = (await self._calls.read("QuerySendStatistics", parameters, Statistics)).Data
                for row in data.TargetList:
                    if (day := day_of(row.SendDate)) is not None:
                        found[day] = found.get(day, Counts()) + counts(row)
                seen += len(data.TargetList)
                if complete(seen, len(data.TargetList), data.TotalSize, wire.PAGE_SIZE):
                    break
        return found

    async def _signatures(self) -> list[str]:
        names: dict[str, None] = {}
        seen = 0
        for page in range(1, PAGES + 1):
            parameters = {"PageIndex": str(page), "PageSize": str(wire.PAGE_SIZE)}
            answer = await self._calls.read("QuerySmsSignList", parameters, signatures.SignatureList)
            names |= dict.fromkeys(one.SignName for one in answer.SmsSignList if one.SignName)
            seen += len(answer.SmsSignList)
            if complete(seen, len(answer.SmsSignList), answer.TotalCount, wire.PAGE_SIZE) or len(names) >= SIGNATURES:
                break
        return list(names)[:SIGNATURES]
