"""The month's calls: counted over restarts, warned about once, and not asked for where they would be refused."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.contracts.memory import Forgetful
from bot.running.logs import setup
from integrations.dingtalk.allowance import LOOK_AGAIN, TRY_AGAIN, Allowance, month_of
from integrations.dingtalk.errors import AllowanceSpent

START = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


class Clock:
    def __init__(self, moment: datetime = START) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    out = io.StringIO()
    root = logging.getLogger()
    level = root.level
    setup("INFO", json=True, secrets=(), stream=out)
    yield out
    for handler in [one for one in root.handlers if getattr(one, "stream", None) is out]:
        root.removeHandler(handler)
    root.setLevel(level)


def test_a_month_is_one_of_china() -> None:
    assert month_of(datetime(2026, 11, 30, 15, 59, tzinfo=UTC)) == "2026-11"
    assert month_of(datetime(2026, 11, 30, 16, 0, tzinfo=UTC)) == "2026-12"


async def test_counted_over_restarts_and_anew_each_month() -> None:
    clock, memory = Clock(), Forgetful()
    allowance = Allowance(5000, clock)
    allowance.memory = memory
    for _ in range(3):
        await allowance.call()
    await allowance.webhook()
    again = Allowance(5000, clock)
    again.memory = memory
    await again.load()
    (fact,) = again.facts
    assert fact.en == "3 of about 5,000 calls this month, 1 more through webhooks"
    assert fact.zh == "本月已调用接口 3 次（额度约 5,000 次），另经 Webhook 1 次"
    clock.moment = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)
    assert again.facts[0].en.startswith("0 of about")
    await again.call()
    assert again.facts[0].en.startswith("1 of about")


async def test_when_most_are_used_it_is_said_once(written: io.StringIO) -> None:
    clock = Clock()
    allowance = Allowance(10, clock)
    for _ in range(7):
        await allowance.call()
    assert allowance.trouble == ""
    assert written.getvalue() == ""
    for _ in range(5):
        await allowance.call()
    assert allowance.trouble == ""  # it still works, so nothing fails
    assert allowance.facts[0].en.startswith("12 of about 10 calls")
    assert written.getvalue().count("most of this month's calls") == 1


async def test_when_they_are_spent_nothing_is_called_for_an_hour(written: io.StringIO) -> None:
    clock = Clock()
    allowance = Allowance(5000, clock)
    await allowance.call()
    error = allowance.refused()
    assert isinstance(error, AllowanceSpent)
    assert error.retry_after == TRY_AGAIN.total_seconds()
    assert "资源管理" in allowance.trouble
    with pytest.raises(AllowanceSpent):
        await allowance.call()
    clock.moment += LOOK_AGAIN
    await allowance.call()  # asked again
    allowance.refused()
    with pytest.raises(AllowanceSpent):
        await allowance.call()
    assert written.getvalue().count("are used up") == 1
    clock.moment += LOOK_AGAIN
    await allowance.call()
    allowance.taken()
    await allowance.call()
    assert allowance.trouble == ""


async def test_a_new_month_is_not_held_back_by_the_old_one() -> None:
    clock = Clock(datetime(2026, 11, 30, 15, 59, tzinfo=UTC))
    allowance = Allowance(5000, clock)
    allowance.refused()
    clock.moment += timedelta(minutes=1)
    await allowance.call()
    assert allowance.trouble == ""
