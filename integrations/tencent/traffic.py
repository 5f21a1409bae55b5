"""What was sent through Tencent Cloud and what became of it (facts 4): two questions for each hour or day, no breakdown."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import Field, ValidationError

from bot.contracts.errors import NoAnswer
from bot.contracts.model import Words
from bot.contracts.traffic import DAY, HOUR, Counts, Split, Tally, day_start
from integrations.tencent import wire
from integrations.tencent.answers import Number, Part
from integrations.tencent.calls import Calls
from integrations.tencent.config import Account
from integrations.tencent.errors import no_answer

Count = Annotated[Number, Field(ge=0)]


class Sent(Part):
    """SendStatusStatistics: what was asked of the vendor, what it took, what it billed."""

    asked: Annotated[Count, Field(alias="RequestCount")] = 0
    taken: Annotated[Count, Field(alias="RequestSuccessCount")] = 0
    parts: Annotated[Count, Field(alias="FeeCount")] = 0


class Received(Part):
    """CallbackStatusStatistics: what the receipts say, and the failures by reason."""

    delivered: Annotated[Count, Field(alias="CallbackSuccessCount")] = 0
    failed: Annotated[Count, Field(alias="CallbackFailCount")] = 0
    internal: Annotated[Count, Field(alias="InternalErrorCount")] = 0
    invalid: Annotated[Count, Field(alias="InvalidNumberCount")] = 0
    shutdown: Annotated[Count, Field(alias="ShutdownErrorCount")] = 0
    blacklisted: Annotated[Count, Field(alias="BlackListCount")] = 0
    frequency: Annotated[Count, Field(alias="FrequencyLimitCount")] = 0

    REASONS: ClassVar[tuple[tuple[str, str], ...]] = (
        ("internal", "InternalError"),
        ("invalid", "InvalidNumber"),
        ("shutdown", "ShutdownError"),
        ("blacklisted", "BlackList"),
        ("frequency", "FrequencyLimit"),
    )

    @property
    def codes(self) -> dict[str, int]:
        """Reasons with something in them, by the vendor's words."""
        return {word: count for name, word in self.REASONS if (count := getattr(self, name))}


def counts(sent: Sent, received: Received) -> Counts:
    """Both answers as one; what was taken and has no receipt yet waits."""
    return Counts(
        delivered=received.delivered,
        failed=received.failed,
        waiting=max(sent.taken - received.delivered - received.failed, 0),
        refused=max(sent.asked - sent.taken, 0),
        parts=sent.parts,
        codes=received.codes,
    )


REASONS: Mapping[str, Words] = MappingProxyType(
    {
        "InternalError": Words("the carrier's own error", "运营商内部错误"),
        "InvalidNumber": Words("no such number", "号码无效"),
        "ShutdownError": Words("the phone was off or out of reach", "手机关机或停机"),
        "BlackList": Words("the number is on a blacklist", "号码在黑名单中"),
        "FrequencyLimit": Words("too many to one number", "超过单号码频率限制"),
    }
)
"""What the failures' reasons mean (facts 4; the names are those of the vendor's fields)."""


class Traffic:
    """The statistics of one application, see `bot.contracts.traffic.Counting`.

    Args:
        account: the application, the zone of the vendor's hours.
        calls: of the account.
        now: the time the vendor lives in: what is asked for does not lie in the future.
    """

    hourly = True
    at_once = 6
    lag = 0
    splits: frozenset[Split] = frozenset()
    reasons = REASONS

    def __init__(self, account: Account, calls: Calls, *, now: Callable[[], datetime]) -> None:
        self._app = account.sdk_app_id
        self._zone = timezone(timedelta(hours=account.unconfirmed.statistics_utc_offset))
        self._calls = calls
        self._now = now

    async def days(self, days: Sequence[date]) -> tuple[Tally, ...]:
        """Each day from its first hour to its last; of today, all there is."""
        return tuple([await self._span(day_start(day), DAY) for day in days])

    async def hours(self, hours: Sequence[datetime]) -> tuple[Tally, ...]:
        """Each hour alone: both ends of a question are included."""
        return tuple([await self._span(hour, HOUR) for hour in hours])

    async def split(self, by: Split, days: Sequence[date]) -> tuple[Tally, ...]:
        """Nothing is told apart."""
        del by, days
        return ()

    async def _span(self, start: datetime, span: timedelta) -> Tally:
        last = max(min(start + span - HOUR, self._now()), start)
        body: wire.Body = {
            "BeginTime": f"{start.astimezone(self._zone):%Y%m%d%H}",
            "EndTime": f"{last.astimezone(self._zone):%Y%m%d%H}",
            "SmsSdkAppId": self._app,
            "Limit": 0,  # both fixed by the vendor
            "Offset": 0,
        }
        sent = await self._calls.read("SendStatusStatistics", body)
        received = await self._calls.read("CallbackStatusStatistics", body)
        try:
            told = counts(
                Sent.model_validate(sent.get("SendStatusStatistics") or {}),
                Received.model_validate(received.get("CallbackStatusStatistics") or {}),
            )
        except ValidationError:
            raise no_answer(NoAnswer.GARBAGE, "the statistics cannot be read", write=False) from None
        return Tally(start, span, told)
