"""Each conversation that hears of it is owed one digest a day, whatever the clock and the program do."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
import sqlite_utils
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.model import Place
from bot.desk.digest.digests import NO_LONGER, NOTHING, OVERTAKEN, Digests
from bot.desk.digest.plan import Plan
from bot.notices.audience import Audience
from bot.store import digests as kept
from bot.store import notices, subscriptions
from bot.store.fates import of_key
from bot.store.migrations import MIGRATIONS
from bot.store.moments import to_text
from bot.watch.duty import Duty
from tests.reading import views

CHINA = ZoneInfo("Asia/Shanghai")
NINE = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
"""Nine in China."""
OPS, ONE, ASKS = (Place("paper", name) for name in ("ops", "one", "asks"))
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PLANS = [
    Plan(time(9), CHINA),
    Plan(time(23, 50), ZoneInfo("Europe/Berlin")),
    Plan(time(2, 30), ZoneInfo("Europe/Berlin")),
]


@cache
def record() -> sqlite_utils.Database:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    return db


@pytest.fixture
def db() -> sqlite_utils.Database:
    return emptied()


def emptied() -> sqlite_utils.Database:
    for table in ("notices", "digests", "subscriptions"):
        record().execute(f"DELETE FROM {table}")  # noqa: S608 - ours
    return record()


def house(plan: Plan = PLANS[0]) -> Digests:
    """Two conversations hear of it, one of them of one account only; a new one each time, as after a restart."""
    everything, one = frozenset[str](), frozenset({"aliyun"})
    audience = Audience({OPS: (frozenset({"digest"}), everything), ONE: (frozenset({"digest"}), one)})
    unused = cast("Any", None)
    metered = {"aliyun": False, "tencent": False}
    return Digests(unused, audience, unused, plan, unused, Duty(zone=CHINA), metered)


def owed(db: sqlite_utils.Database, place: Place) -> list[date]:
    rows = db.query(
        "SELECT data ->> 'day' AS day FROM notices WHERE conversation = ? ORDER BY id", (place.conversation,)
    )
    return [date.fromisoformat(row["day"]) for row in rows]


def want(db: sqlite_utils.Database, place: Place, account: str = "", *, wanted: bool = True) -> None:
    subscriptions.want(db, place, ("digest",), account, wanted=wanted, by="paper:u", now=NINE)


def test_it_is_owed_at_its_hour_and_once(db: sqlite_utils.Database) -> None:
    assert not house().take(db, NINE - HOUR, {})
    for seconds in (0, 1, 3600):  # each time after a restart
        assert house().take(db, NINE + timedelta(seconds=seconds), {}) is (seconds == 0)
    assert owed(db, OPS) == owed(db, ONE) == [date(2026, 11, 23)]
    assert house().last_key(db, OPS) == "digest:2026-11-23:paper:ops"
    assert not house().take(db, NINE + DAY - HOUR, {})
    assert house().take(db, NINE + DAY, {})
    assert owed(db, OPS) == [date(2026, 11, 23), date(2026, 11, 24)]


def test_whoever_was_away_at_the_hour_tells_it_on_the_same_day_or_not(db: sqlite_utils.Database) -> None:
    house().take(db, NINE - HOUR, {})
    assert house().take(db, NINE + 5 * HOUR, {})
    assert not house().take(db, NINE + DAY + 7 * HOUR, {})
    assert not house().take(db, NINE + 2 * DAY - HOUR, {})
    assert owed(db, OPS) == [date(2026, 11, 23)]


def test_a_conversation_that_asks_for_it_after_the_hour_waits_for_the_next(db: sqlite_utils.Database) -> None:
    house().take(db, NINE - HOUR, {})
    house().take(db, NINE, {})
    want(db, ASKS)
    assert not house().take(db, NINE + HOUR, {})
    assert house().last_key(db, ASKS) == ""
    want(db, ASKS, wanted=False)
    house().take(db, NINE + 2 * HOUR, {})
    assert ASKS not in kept.every(db)
    want(db, ASKS)
    house().take(db, NINE + 3 * HOUR, {})
    house().take(db, NINE + DAY, {})
    assert owed(db, ASKS) == [date(2026, 11, 24)]
    assert owed(db, OPS) == [date(2026, 11, 23), date(2026, 11, 24)]


def test_a_clock_that_was_a_year_ahead_doubles_nothing_and_loses_nothing(db: sqlite_utils.Database) -> None:
    house().take(db, NINE - HOUR, {})
    house().take(db, NINE, {})
    house().take(db, NINE + 365 * DAY, {})
    house().take(db, NINE + HOUR, {})
    house().take(db, NINE + DAY, {})
    days = [date(2026, 11, 23), date(2027, 11, 23), date(2026, 11, 24)]
    assert owed(db, OPS) == days


STEPS = st.lists(st.integers(1, 5 * 60), min_size=1, max_size=60)


@settings(max_examples=40)
@given(st.sampled_from(PLANS), STEPS)
def test_with_a_clock_that_goes_on_there_is_exactly_one_a_day(plan: Plan, steps: list[int]) -> None:
    """However the program is woken, and away for hours, as long as it is there once within its time."""
    db = emptied()
    now = datetime(2026, 10, 20, 12, 0, tzinfo=UTC)  # in Berlin the summer ends on the 25th
    house(plan).take(db, now, {})
    wanted = []
    for minutes in steps:
        now += timedelta(minutes=minutes)
        house(plan).take(db, now, {})
        come = plan.due(now)
        if come is not None and come[1] > datetime(2026, 10, 20, 12, 0, tzinfo=UTC) and come[0] not in wanted:
            wanted.append(come[0])
    assert owed(db, OPS) == owed(db, ONE) == wanted


JUMPS = st.lists(
    st.one_of(
        st.integers(-400 * 24 * 60, 400 * 24 * 60),
        st.integers(-180, 180),
        st.sampled_from([-24 * 60, 24 * 60, -365 * 24 * 60, 365 * 24 * 60, 1]),
    ),
    min_size=1,
    max_size=40,
)


@settings(max_examples=40)
@given(st.sampled_from(PLANS), JUMPS)
def test_however_the_clock_is_set_no_day_has_two_and_a_day_that_is_there_at_its_hour_has_one(
    plan: Plan, jumps: list[int]
) -> None:
    db = emptied()
    now = NINE + 3 * HOUR
    house(plan).take(db, now, {})
    for minutes in jumps:
        now = now + timedelta(minutes=minutes)
        house(plan).take(db, now, {})
        assert not house(plan).take(db, now, {})
        for place in (OPS, ONE):
            days = owed(db, place)
            assert len(days) == len(set(days))
    coming = plan.next(now)
    assert coming is not None
    house(plan).take(db, coming, {})
    assert owed(db, OPS).count(coming.astimezone(plan.zone).date()) == 1


def test_what_it_says_is_read_when_it_is_told(db: sqlite_utils.Database) -> None:
    digests = house()
    digests.take(db, NINE - HOUR, {})
    digests.take(db, NINE, {"aliyun": NINE + 4 * DAY, "tencent": None})
    fate = of_key(db, digests.last_key(db, OPS))
    assert fate is not None
    assert fate.notice.urgency == notices.LAST
    word = digests.wordings["digest"]
    view = views(NINE + HOUR)["en"]
    assert word(db, view, fate.notice).why_not == NOTHING
    want(db, OPS, wanted=False)
    assert word(db, view, fate.notice).why_not == NO_LONGER
    want(db, OPS, "tencent")
    assert word(db, view, fate.notice).why_not == NOTHING


def test_what_could_not_be_told_in_its_day_is_told_by_the_next(db: sqlite_utils.Database) -> None:
    digests = house()
    digests.take(db, NINE - HOUR, {})
    digests.take(db, NINE, {})
    first = of_key(db, digests.last_key(db, OPS))
    assert first is not None
    word = digests.wordings["digest"]
    assert word(db, views(NINE + 14 * HOUR)["en"], first.notice).why_not == NOTHING  # late in the evening
    assert word(db, views(NINE + DAY - HOUR)["en"], first.notice).why_not == OVERTAKEN
    digests.take(db, NINE + DAY, {})
    second = of_key(db, digests.last_key(db, OPS))
    assert second is not None
    assert second.notice.data["since"] == first.notice.data["since"]
    notices.finish(db, second.notice, "sent", now=NINE + DAY)
    digests.take(db, NINE + 2 * DAY, {})
    third = of_key(db, digests.last_key(db, OPS))
    assert third is not None
    assert third.notice.data["since"] == to_text(NINE + DAY)


def test_one_that_comes_at_the_end_of_a_day_may_be_told_at_once_though_it_is_the_next(
    db: sqlite_utils.Database,
) -> None:
    late = Plan(time(23, 59), CHINA)
    at = late.at(date(2026, 11, 23), time(23, 59))
    house(late).take(db, at - HOUR, {})
    house(late).take(db, at, {})
    fate = of_key(db, house(late).last_key(db, OPS))
    assert fate is not None
    word = house(late).wordings["digest"]
    assert word(db, views(at + timedelta(minutes=2))["en"], fate.notice).why_not == NOTHING
