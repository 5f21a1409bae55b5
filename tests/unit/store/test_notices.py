"""The table of what is owed: what is on its way cannot take in what happens meanwhile."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.model import Place, Words
from bot.store import claims, notices
from bot.store.migrations import MIGRATIONS
from bot.store.moments import to_text

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PLACE = Place("slack", "C0SMS")
KEY = "card:batch:1"


@pytest.fixture
def db() -> sqlite_utils.Database:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    notices.owe(db, key=KEY, what="card", subject="batch:1", place=PLACE, now=NOW)
    return db


def test_a_notice_on_its_way_is_no_longer_due(db: sqlite_utils.Database) -> None:
    """A vendor that answers while a card is being posted would otherwise be taken to stand in it."""
    assert notices.is_due(db, KEY)
    ((claimed,),) = claims.claim(db, {"slack": None}, NOW, timedelta(minutes=1))
    assert not notices.is_due(db, KEY)
    assert notices.was_owed(db, KEY)

    notices.postpone(db, claimed, NOW + timedelta(seconds=2), Words.same("the chat asks to slow down"))
    assert notices.is_due(db, KEY)
    notices.finish(db, claimed, "sent", now=NOW)
    assert not notices.is_due(db, KEY)


# --- Tallies -----------------------------------------------------------------------------------------------------------


@given(st.lists(st.sampled_from(["owe", "sent", "held", "failed", "postpone"]), max_size=30))
def test_what_is_counted_with_the_writes_is_what_is_there(steps: list[str]) -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    for number, step in enumerate(steps):
        if step == "owe":
            notices.owe(db, key=str(number), what="card", subject=f"batch:{number}", place=PLACE, now=NOW)
            continue
        for (notice,) in claims.claim(db, {"slack": None}, NOW, timedelta(0)):
            if step == "postpone":
                notices.postpone(db, notice, NOW, Words.same("later"))
            else:
                notices.finish(db, notice, step, now=NOW)
    there = {row["state"]: row["n"] for row in db.query("SELECT state, COUNT(*) AS n FROM notices GROUP BY state")}
    assert notices.counts(db) == there


def test_a_record_from_before_is_counted_once() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db, stop_before="m0008_tallies")
    for number in range(3):
        db.execute(
            """INSERT INTO notices (key, what, subject, platform, conversation, thread, data, state, due_at, created_at)
               VALUES (?, 'card', 'batch:1', 'slack', 'C0SMS', '', '{}', 'due', ?, ?)""",
            (str(number), to_text(NOW), to_text(NOW)),
        )
    MIGRATIONS.apply(db)
    assert notices.counts(db) == {"due": 3}
    assert next(db.query("SELECT n FROM owed"))["n"] == 3


def test_what_ended_before_reasons_were_asked_for_says_that_nobody_knows() -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db, stop_before="m0017_owed")
    notices.owe(db, key="a", what="card", subject="batch:1", place=PLACE, now=NOW)
    db.execute("UPDATE notices SET state = 'failed'")
    MIGRATIONS.apply(db)
    (row,) = db.query("SELECT reason, reason_zh FROM notices")
    assert row == {"reason": "not known", "reason_zh": "不详"}


# --- Order -------------------------------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.integers(0, 4), st.sampled_from([0, 1, 2])), max_size=20))
def test_the_urgent_goes_first_and_the_order_of_one_thing_stays(owed: list[tuple[int, int]]) -> None:
    db = sqlite_utils.Database(memory=True)
    MIGRATIONS.apply(db)
    for number, (thing, urgency) in enumerate(owed):
        subject = f"alert:{thing}"
        notices.owe(db, key=str(number), what="alert", subject=subject, place=PLACE, now=NOW, urgency=urgency)
    told: list[notices.Notice] = []
    while claimed := claims.claim(db, {"slack": None}, NOW, timedelta(minutes=1)):
        ((notice,),) = claimed
        told.append(notice)
        notices.finish(db, notice, "sent", now=NOW)

    assert len(told) == len(owed)
    for thing in range(5):
        keys = [int(one.key) for one in told if one.subject == f"alert:{thing}"]
        assert keys == sorted(keys)
    first = {thing: min(urgency for one, urgency in owed if one == thing) for thing, _ in owed}
    if told:
        assert first[int(told[0].subject.partition(":")[2])] == min(first.values())


def test_nothing_is_claimed_beside_what_is_on_its_way(db: sqlite_utils.Database) -> None:
    """Also not what is more urgent: two messages at once have no order."""
    ((claimed,),) = claims.claim(db, {"slack": None}, NOW, timedelta(minutes=1))
    notices.owe(db, key="now", what="alert", subject="alert:1", place=PLACE, now=NOW, urgency=notices.URGENT)
    assert claims.claim(db, {"slack": None}, NOW, timedelta(minutes=1), under_way=[claimed.id]) == ()
    notices.finish(db, claimed, "sent", now=NOW)
    assert [one.key for (one,) in claims.claim(db, {"slack": None}, NOW, timedelta(minutes=1))] == ["now"]


def test_what_becomes_urgent_waits_for_no_later_try(db: sqlite_utils.Database) -> None:
    """A warning whose next try is planned for later would hold up the news that it has become critical."""
    ((claimed,),) = claims.claim(db, {"slack": None}, NOW, timedelta(minutes=1))
    notices.postpone(db, claimed, NOW + timedelta(minutes=10), Words.same("later"))
    assert claims.claim(db, {"slack": None}, NOW, timedelta(minutes=1)) == ()
    notices.owe(db, key="worse", what="alert", subject="batch:1", place=PLACE, now=NOW, urgency=notices.URGENT)
    told = []
    while found := claims.claim(db, {"slack": None}, NOW, timedelta(minutes=1)):
        ((notice,),) = found
        told.append(notice.key)
        notices.finish(db, notice, "sent", now=NOW)
    assert told == [KEY, "worse"]
