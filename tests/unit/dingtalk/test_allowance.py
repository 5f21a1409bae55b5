"""The month's calls: counted over restarts, warned about once, and not asked for where they would be refused."""

import io
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.contracts.chat import Post
from bot.contracts.memory import Forgetful
from bot.contracts.message import Message
from bot.contracts.model import Place
from bot.running.logs import setup
from integrations.dingtalk.allowance import LOOK_AGAIN, TRY_AGAIN, Allowance, month_of
from integrations.dingtalk.errors import AllowanceKept, AllowanceSpent

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
    allowance = Allowance(100, clock)
    for _ in range(79):
        await allowance.call()
    assert allowance.trouble == ""
    assert written.getvalue() == ""
    for _ in range(5):
        await allowance.call()
    assert allowance.trouble == ""  # it still works, so nothing fails
    assert allowance.facts[0].en.startswith("84 of about 100 calls")
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


# --- The end of the month's calls is kept ------------------------------------------------------------------------------

PLACE = Place("dingtalk", "cid1")
NEWS, CRITICAL, ANSWER = (
    Post(PLACE, Message(("x",)), "zh", "k"),
    Post(PLACE, Message(("x",)), "zh", "k", urgent=True),
    Post(PLACE, Message(("x",)), "zh", "k", answers="msg1"),
)


@pytest.mark.parametrize(
    ("allowed", "made", "told", "waits"),
    [
        (100, 79, [], False),
        (100, 80, ["nearly:2026-11"], False),
        (100, 94, ["nearly:2026-11"], False),
        (100, 95, ["nearly:2026-11", "kept:2026-11"], True),
        (100, 130, ["nearly:2026-11", "kept:2026-11"], True),
        (5000, 4749, ["nearly:2026-11"], False),
        (5000, 4750, ["nearly:2026-11", "kept:2026-11"], True),
        (3, 2, [], False),
        (3, 3, ["nearly:2026-11", "kept:2026-11"], True),
    ],
)
async def test_the_last_of_a_month_is_kept_for_the_critical_and_for_answers(
    allowed: int, made: int, told: list[str], waits: bool
) -> None:
    clock = Clock()
    allowance = Allowance(allowed, clock)
    allowance.memory = Forgetful()
    await allowance.memory.put("calls:2026-11", str(made))
    await allowance.load()
    assert [one.key for one in allowance.cautions] == told
    assert allowance.waits(NEWS) is waits
    if waits:
        with pytest.raises(AllowanceKept) as kept:
            allowance.keep(NEWS)
        assert kept.value.retry_after == TRY_AGAIN.total_seconds()
        assert kept.value.words.zh == "本月剩余的接口次数留给严重告警和答复"
        assert f"{made:,} of about {allowed:,} used" in allowance.trouble
    allowance.keep(CRITICAL)
    allowance.keep(ANSWER)

    clock.moment = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # December in China
    allowance.keep(NEWS)
    assert allowance.cautions == ()
    assert allowance.trouble == ""


async def test_what_operators_are_told_says_how_many_what_follows_and_what_to_do() -> None:
    allowance = Allowance(5000, Clock())
    allowance.memory = Forgetful()
    await allowance.memory.put("calls:2026-11", "4750")
    await allowance.load()
    nearly, kept = allowance.cautions
    assert nearly.title.en == "4,750 of about 5,000 DingTalk calls of this month are used"
    assert nearly.title.zh == "本月钉钉接口调用已用 4,750 次（额度约 5,000 次）"
    assert "last 5 % are kept for critical alerts and answers: from 4,750 on" in nearly.text.en
    assert "用到 4,750 次以后" in nearly.text.zh
    for one in (nearly, kept):
        assert "`monthly_calls`" in one.text.en
        assert "`monthly_calls`" in one.text.zh
    assert (nearly.urgent, kept.urgent) == (False, True)
