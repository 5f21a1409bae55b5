"""What was sent and what became of it: counted alike at every vendor, late and early, with gaps and corrections."""

from datetime import UTC, date, timedelta

import pytest

from bot.contracts.errors import Refused, Unavailable
from bot.contracts.traffic import DAY, HOUR, Counting, Counts, Split, china_day, day_start, days_between
from integrations.sandbox import Fault
from tests.contract.desk import HASTY, OFTEN, Desk, assert_refused, assert_tells_no_secret

STATISTICS = {
    "alibaba": "QuerySendStatistics",
    "tencent": "CallbackStatusStatistics",
    "ucloud": "GetUSMSSendStatistics",
}


def counting(desk: Desk) -> Counting:
    assert desk.client.traffic is not None
    return desk.client.traffic


def yesterday(desk: Desk) -> date:
    return china_day(desk.clock.now()) - DAY


async def test_a_day_is_counted_and_adds_up(desk: Desk) -> None:
    (one,) = await counting(desk).days([yesterday(desk)])

    assert (one.start, one.span, one.by, one.key) == (day_start(yesterday(desk)), DAY, Split.DAY, "")
    assert one.start.utcoffset() is not None
    counts = one.counts
    assert counts.sent == counts.delivered + counts.failed + counts.waiting > 500
    assert counts.failed == pytest.approx(counts.sent * 0.018, abs=30)
    assert counts.success is not None
    assert 0.97 < counts.success < 1
    assert counts.parts is not None
    assert counts.parts >= counts.delivered


async def test_many_days_come_whole_each_once_and_in_order(desk: Desk) -> None:
    """Longer than one question may span, and longer than a page."""
    last = yesterday(desk)
    days = days_between(last - timedelta(days=75 if desk.name != "tencent" else 12), last)
    told = await counting(desk).days(days)

    assert [one.start for one in told] == [day_start(day) for day in days]
    assert all(one.counts.sent for one in told)


async def test_a_day_before_anything_was_sent_is_one_of_zero(desk: Desk) -> None:
    (one,) = await counting(desk).days([date(2020, 1, 1)])
    assert one.counts.sent == 0
    assert one.counts.success is None


async def test_nothing_is_asked_about_no_days(desk: Desk) -> None:
    assert await counting(desk).days([]) == ()
    assert desk.calls() == 0


async def test_today_is_told_as_far_as_it_has_come(desk: Desk) -> None:
    today = china_day(desk.clock.now())
    (before,) = await counting(desk).days([today])
    desk.sandbox.drain(desk.name, 500)
    desk.clock.move(timedelta(hours=1))
    (after,) = await counting(desk).days([today])
    if counting(desk).lag:
        assert (before.counts.sent, after.counts.sent) == (0, 0)
        desk.clock.move(DAY)
        (after,) = await counting(desk).days([today])
    assert after.counts.sent >= before.counts.sent + 500


async def test_hours_add_up_to_their_day_where_they_are_told(desk: Desk) -> None:
    day = yesterday(desk)
    hours = [(day_start(day) + HOUR * number).astimezone(UTC) for number in range(24)]
    told = await counting(desk).hours(hours)
    if not counting(desk).hourly:
        assert told == ()
        return
    (whole,) = await counting(desk).days([day])
    assert [one.start for one in told] == hours
    assert sum(one.counts.sent for one in told) == whole.counts.sent
    assert max(one.counts.sent for one in told) > 3 * min(one.counts.sent for one in told)


async def test_days_told_apart_add_up_too(desk: Desk) -> None:
    group = counting(desk)
    days = [yesterday(desk) - DAY, yesterday(desk)]
    for by in Split:
        told = await group.split(by, days)
        if by not in group.splits:
            assert told == ()
            continue
        whole = await group.days(days)
        assert {(one.by, one.span) for one in told} == {(by, DAY)}
        assert all(one.key for one in told)
        sent = sum(one.counts.sent for one in told)
        assert sent == pytest.approx(sum(one.counts.sent for one in whole), abs=len(told) * 2)


async def test_what_goes_wrong_shows(desk: Desk) -> None:
    """More failures, a reason where the vendor has it, and what it would not take."""
    desk.sandbox.traffic(desk.name, hours=24, failing=0.4, refused=0.1, code="FrequencyLimit")
    desk.clock.move(DAY)
    (one,) = await counting(desk).days([yesterday(desk)])

    assert one.counts.success is not None
    assert one.counts.success < 0.8
    if desk.name == "tencent":
        assert one.counts.codes["FrequencyLimit"] > 100
    if desk.name != "alibaba":  # it only tells of what it took
        assert one.counts.refused > 50


@pytest.mark.parametrize("fault", [Fault.HTTP_500, Fault.RESET_BEFORE, Fault.GARBAGE])
async def test_a_silence_is_asked_again_and_then_told(desk: Desk, fault: Fault) -> None:
    desk.sandbox.faults.next(desk.name, fault, STATISTICS[desk.name])
    assert await counting(desk).days([yesterday(desk)])
    desk.sandbox.faults.next(desk.name, fault, STATISTICS[desk.name], times=OFTEN)
    with pytest.raises(Unavailable) as caught:
        await counting(desk).days([yesterday(desk)])
    assert_tells_no_secret(caught.value, desk)


async def test_a_hang_ends(desk: Desk) -> None:
    client = await desk.another(seconds=HASTY)
    desk.sandbox.faults.next(desk.name, Fault.HANG_BEFORE, STATISTICS[desk.name], times=OFTEN)
    assert client.traffic is not None
    with pytest.raises(Unavailable):
        await client.traffic.days([yesterday(desk)])


async def test_a_wrong_key_is_refused_in_words(desk: Desk) -> None:
    client = await desk.another(secret="wrong")
    assert client.traffic is not None
    refused: Refused = await assert_refused(client.traffic.days([yesterday(desk)]), desk)
    assert refused.trouble is not None


def test_success_is_of_what_is_known() -> None:
    assert Counts(delivered=90, failed=10, waiting=900).success == Counts(delivered=9, failed=1).success
    assert Counts(waiting=5, refused=3).success is None
