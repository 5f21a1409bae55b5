"""What the record has for a digest: whose turn it is, what is late, what changed; and few rows are read for it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlite_utils

from bot.contracts.model import Actor, Kind, Place, State
from bot.contracts.vendor import Measure, Reading
from bot.desk.digest.facts import Facts, Pile
from bot.desk.digest.reading import NAMED, Stretch, read
from bot.store import requests, samples, standing
from bot.store.migrations import MIGRATIONS
from bot.store.moments import to_text
from bot.watch.duty import Duty
from tests.given import MONDAY
from tests.reading import views

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = MONDAY + 7 * HOUR  # five in the afternoon
ACCOUNTS = ("aliyun", "tencent")


class Record:
    """A record in memory, and requests in it."""

    def __init__(self) -> None:
        self.db = sqlite_utils.Database(memory=True)
        MIGRATIONS.apply(self.db)

    def has(
        self,
        state: State,
        *,
        account: str = "aliyun",
        kind: Kind = Kind.SIGNATURE,
        at: datetime = NOW - HOUR,
        **columns: Any,
    ) -> int:
        """One more request; returns its number."""
        batch, _ = requests.create_batch(
            self.db,
            origin=f"o{self.db['requests'].count}",
            kind=kind,
            name=str(columns.pop("name", "")),
            actor=Actor("slack", "U1", name="submitter"),
            place=Place("slack", "C1"),
            new=[requests.NewRequest(account, account, columns.pop("values", {}), (), State.DRAFT)],
            now=at,
        )
        (born,) = requests.of_batch(self.db, batch)
        row = {"state": state, "since": to_text(at), "submitted_at": to_text(at), **columns}
        told = ", ".join(f"{name} = :{name}" for name in row)
        self.db.execute(f"UPDATE requests SET {told} WHERE id = :id", {**row, "id": born.number})  # noqa: S608 - ours
        return born.number

    def facts(
        self, *accounts: str, told: Stretch | None = None, lasts: dict[str, datetime | None] | None = None
    ) -> Facts:
        view = views(NOW)["en"]
        stretch = told or Stretch(NOW - DAY, 0, 10_000)
        duty = Duty(zone=ZoneInfo("Asia/Shanghai"))
        return read(self.db, view, accounts or ACCOUNTS, ACCOUNTS, stretch, lasts or {}, duty)


@pytest.fixture
def record() -> Iterator[Record]:
    made = Record()
    yield made
    made.db.close()


def numbers(pile: Pile) -> list[int]:
    return [one.number for one in pile.shown]


def test_a_review_is_late_when_it_takes_longer_than_usual_in_open_hours(record: Record) -> None:
    late = record.has(State.IN_REVIEW, at=NOW - 2 * HOUR)  # two hours are usual
    friday = record.has(State.IN_REVIEW, kind=Kind.TEMPLATE, account="tencent", at=MONDAY - 66 * HOUR)
    soon = record.has(State.IN_REVIEW, at=NOW - 2 * HOUR + timedelta(seconds=1))
    later = record.has(State.IN_REVIEW, at=NOW)
    by_hand = record.has(State.IN_REVIEW, at=NOW - 30 * DAY, values={"guide": "signature"})
    unknown_since = record.has(State.IN_REVIEW, submitted_at=None)
    facts = record.facts()
    assert numbers(facts.overdue) == [friday, late]  # what waits for longest first
    assert set(numbers(facts.theirs)) == {soon, later, by_hand, unknown_since}
    assert facts.waiting.count == 6
    assert numbers(record.facts("tencent").overdue) == [friday]
    assert record.facts("tencent").waiting.count == 1


def test_what_people_have_the_next_step_of(record: Record) -> None:
    draft = record.has(State.DRAFT)
    rejected = record.has(State.REJECTED, account="tencent")
    failed = record.has(State.FAILED)
    asked = record.has(State.UNKNOWN, next_look_at=None)
    approval = record.has(State.AWAITING_APPROVAL)
    record.has(State.UNKNOWN, next_look_at=to_text(NOW))
    record.has(State.QUEUED)
    record.has(State.READY)
    facts = record.facts()
    assert numbers(facts.ours) == [asked, approval, failed, rejected, draft]
    assert facts.theirs.count == 2


def test_what_was_rejected_and_taken_up_again_or_given_up_waits_for_nobody(record: Record) -> None:
    first = record.has(State.REJECTED, name="速达")
    second = record.has(State.REJECTED, name="速达", kind=Kind.TEMPLATE)
    record.has(State.REJECTED, name="旧", at=NOW - 15 * DAY)
    assert numbers(record.facts().ours) == [first, second]
    record.has(State.IN_REVIEW, earlier=first, name="速达物流")
    assert numbers(record.facts().ours) == [second]
    record.has(State.CANCELLED, name="速达", kind=Kind.TEMPLATE)
    record.has(State.READY, name="速达", kind=Kind.TEMPLATE, account="tencent")
    assert numbers(record.facts().ours) == [second]
    record.has(State.READY, name="速达", kind=Kind.TEMPLATE)  # said once more by hand
    assert record.facts().ours == Pile()


def test_more_than_is_named_is_counted(record: Record) -> None:
    for _ in range(NAMED + 3):
        record.has(State.IN_REVIEW, at=NOW - 3 * HOUR)
    overdue = record.facts().overdue
    assert (len(overdue.shown), overdue.count, overdue.unnamed, overdue.more) == (NAMED, NAMED + 3, 3, False)


def test_what_came_to_where_it_stands_within_the_stretch(record: Record) -> None:
    numbered = {}
    for name, state in (("yes", State.READY), ("no", State.REJECTED), ("gone", State.DELETED), ("again", State.READY)):
        number = record.has(State.IN_REVIEW, name=name)
        numbered[name] = requests.move(record.db, requests.get(record.db, number), state, now=NOW, actor="vendor")
    upto = record.facts().since and next(record.db.query("SELECT MAX(id) AS n FROM events"))["n"]
    requests.move(record.db, numbered["again"], State.IN_REVIEW, now=NOW, actor="vendor")
    later = record.has(State.IN_REVIEW, name="later")
    requests.move(record.db, requests.get(record.db, later), State.READY, now=NOW, actor="vendor")
    changed = record.facts(told=Stretch(NOW, 0, upto)).changed
    assert changed is not None
    found = {state: [one.name for one in pile.shown] for state, pile in changed.items()}
    assert found == {State.READY: ["yes"], State.REJECTED: ["no"], State.DELETED: ["gone"]}
    assert record.facts(told=Stretch(NOW, upto, upto)).changed == {}
    assert record.facts("tencent").changed == {}


def test_what_is_left_of_what_can_be_used(record: Record) -> None:
    packages = [
        Reading("a", Measure.PACKAGE, Decimal(500), Decimal(1000), "messages", NOW + 3 * DAY),
        Reading("b", Measure.PACKAGE, Decimal(300), Decimal(1000), "messages", NOW - DAY),  # over
        Reading("c", Measure.PACKAGE, Decimal(0), Decimal(1000), "messages", NOW + DAY),  # used up
        Reading("balance", Measure.BALANCE, Decimal("12.5"), None, "CNY"),
    ]
    samples.add(record.db, "aliyun", packages, NOW - HOUR)
    tencent, aliyun = record.facts(lasts={"tencent": None, "aliyun": NOW + 20 * DAY}).left[::-1]
    assert (aliyun.messages, aliyun.expires_at, aliyun.expiring) == (500, NOW + 3 * DAY, 500)
    assert aliyun.balances == ((Decimal("12.5"), "CNY"),)
    assert (aliyun.scarce(NOW), aliyun.expires_soon(NOW)) == (False, True)
    assert (tencent.read_at, tencent.messages, tencent.lasts) == (None, None, True)


def test_a_quiet_day_is_not_worth_a_digest(record: Record) -> None:
    record.has(State.READY)
    samples.add(record.db, "aliyun", [Reading("a", Measure.PACKAGE, Decimal(500), None, "messages")], NOW)
    assert not record.facts(lasts={"aliyun": NOW + 30 * DAY}).worth_telling(NOW)
    assert record.facts(lasts={"aliyun": NOW + 3 * DAY}).worth_telling(NOW)
    record.has(State.DRAFT)
    assert record.facts().worth_telling(NOW)


def test_nothing_is_searched_for_without_an_index(record: Record) -> None:
    asked: list[str] = []
    record.db.conn.set_trace_callback(asked.append)
    record.facts()
    standing.last_before(record.db, NOW)
    record.db.conn.set_trace_callback(None)
    queries = [one for one in asked if " requests" in one or " events" in one]
    assert len(queries) > 20
    for query in queries:
        plan = [row["detail"] for row in record.db.query(f"EXPLAIN QUERY PLAN {query}")]
        assert not [step for step in plan if step.startswith(("SCAN requests", "SCAN events"))], (query, plan)
