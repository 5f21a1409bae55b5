"""What is owed is delivered in order, nothing holds up anything else, and what cannot be delivered is told once."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils

from bot.contracts.chat import ChatAbilities, Post, Receive
from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry, NotServed, RecordUnavailable
from bot.contracts.message import Message
from bot.contracts.model import Place, Words
from bot.notices.audience import Audience
from bot.notices.compose import Composed
from bot.notices.operators import Operators
from bot.notices.outbox import GIVE_UP_AFTER, GIVE_UP_ASKED_AFTER, INTERNAL, Outbox
from bot.store import claims, notices
from bot.store.database import Database
from bot.store.notices import Notice
from bot.wording.language import languages
from tests.standing import lay

ONE, TWO, OPS = (Place("paper", name) for name in ("one", "two", "ops"))
ARCHIVED = DeliveryFailed("this channel is archived", Words("this channel is archived", "此频道已归档"))
REVOKED = NotServed("the bot token was revoked", 60.0, Words("the bot token was revoked", "机器人令牌已被吊销"))
LANGUAGES = languages("Asia/Shanghai")
NOBODY: frozenset[str] = frozenset()


class Hands:
    """The domain's time."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


class Paper:
    """A chat on paper: what was said where, and what each conversation does with it."""

    name = "paper"
    abilities = ChatAbilities()

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.refuses: dict[str, DeliveryError] = {}
        self.slow: dict[str, asyncio.Event] = {}
        self.wrote = asyncio.Event()

    async def start(self, receive: Receive) -> None:
        del receive

    async def stop(self) -> None:
        return None

    async def post(self, post: Post) -> str:
        where = post.place.conversation
        if where in self.slow:
            await self.slow[where].wait()
        if where in self.refuses:
            raise self.refuses[where]
        self.said.append((where, post.key))
        self.wrote.set()
        return f"{where}:{len(self.said)}"

    async def edit(self, message_id: str, post: Post) -> None:
        raise AssertionError(f"no card here: {message_id}, {post.key}")

    def keys(self, where: str) -> list[str]:
        return [key for place, key in self.said if place == where]


class House:
    """A record, a chat on paper, an outbox between them."""

    def __init__(self, database: Database, listed: dict[Place, frozenset[str]]) -> None:
        self.database, self.paper, self.clock = database, Paper(), Hands()
        audience = Audience({place: (topics, NOBODY) for place, topics in listed.items()})
        self.outbox = Outbox(database, {"paper": self.paper}, self._compose, self.clock, Operators(audience), LANGUAGES)

    def _compose(self, _: sqlite_utils.Database, notice: Notice, now: datetime) -> Composed:
        del now
        if notice.subject == "unspeakable":
            raise KeyError(notice.subject)
        return Composed(Message((notice.key,)))

    async def owe(self, key: str, place: Place, subject: str = "x") -> None:
        now = self.clock.now()
        await self.database.write(
            lambda db: notices.owe(db, key=key, what="news", subject=subject, place=place, now=now)
        )

    async def rows(self, state: str) -> list[dict[str, Any]]:
        return await self.database.read(
            lambda db: list(db.query("SELECT * FROM notices WHERE state = ? ORDER BY id", (state,)))
        )


Make = Callable[..., House]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[Make]:
    async with Database(await lay(tmp_path / "signpost.db")) as database:

        def make(**listed: str) -> House:
            topics = {"ops": "operator", **listed}
            return House(database, {Place("paper", name): frozenset(one.split()) for name, one in topics.items()})

        yield make


async def test_a_chat_that_takes_nothing_keeps_what_waits_and_is_told_once_in_another(house: Make) -> None:
    h = house(ops="")
    other = Place("slate", "ops")
    h.outbox = Outbox(
        h.database,
        {"paper": h.paper},
        h._compose,
        h.clock,
        Operators(Audience({one: (frozenset({"operator"}), NOBODY) for one in (OPS, other)})),
        LANGUAGES,
    )
    for round_ in (1, 2):
        h.paper.refuses = {"one": REVOKED, "two": REVOKED}
        for place in (ONE, TWO):
            await h.owe(f"{place.conversation}{round_}", place)
        for _ in range(200):  # two days
            await h.outbox.deliver()
            h.clock.time += timedelta(minutes=15)
        assert await h.rows("failed") == []
        told = [row for row in await h.rows("due") if row["what"] == "not_served"]
        assert [(row["platform"], row["conversation"]) for row in told] == [("slate", "ops")] * round_
        h.paper.refuses = {}
        await h.outbox.deliver()
        assert h.paper.keys("one")[-1:] == [f"one{round_}"]
        assert h.paper.keys("two")[-1:] == [f"two{round_}"]


async def test_the_operators_are_told_once_until_it_takes_something_again(house: Make) -> None:
    h = house()
    h.paper.refuses["one"] = ARCHIVED
    for key in ("a", "b"):
        await h.owe(key, ONE)
    await h.owe("c", TWO)
    await h.outbox.deliver()
    assert h.paper.keys("two") == ["c"]
    assert len(h.paper.keys("ops")) == 1
    assert [row["reason"] for row in await h.rows("failed")] == ["this channel is archived"] * 2
    (told,) = [row for row in await h.rows("sent") if row["what"] == "undelivered"]
    assert json.loads(told["data"])["reason"] == {"en": "this channel is archived", "zh": "此频道已归档"}

    del h.paper.refuses["one"]
    await h.owe("d", ONE)
    await h.outbox.deliver()
    h.paper.refuses["one"] = ARCHIVED
    await h.owe("e", ONE)
    await h.outbox.deliver()
    assert h.paper.keys("one") == ["d"]
    assert len(h.paper.keys("ops")) == 2


async def test_without_operators_those_who_hear_alerts_are_told(house: Make) -> None:
    h = house(ops="alerts")
    h.paper.refuses["one"] = DeliveryFailed("gone")
    await h.owe("a", ONE)
    await h.outbox.deliver()

    assert len(h.paper.keys("ops")) == 1


@pytest.mark.parametrize("also", ["", "operator"])
async def test_what_the_operators_cannot_be_told_is_no_loop(house: Make, also: str) -> None:
    """Alone, or two conversations of operators of which neither takes anything."""
    h = house(two=also)
    h.paper.refuses = {name: DeliveryFailed("gone") for name in ("ops", "two")}
    await h.owe("a", OPS)
    await h.outbox.deliver()

    assert not h.paper.said
    assert [row["what"] for row in await h.rows("failed")] == ["news"] + ["undelivered"] * (also == "operator")
    assert not await h.rows("due")


async def test_a_slow_conversation_holds_up_no_other(house: Make) -> None:
    h = house()
    h.paper.slow["one"] = asyncio.Event()
    await h.owe("a", ONE)
    delivering = asyncio.create_task(h.outbox.deliver())
    await h.owe("b", TWO)
    await asyncio.wait_for(h.paper.wrote.wait(), 5)
    h.paper.wrote.clear()
    await h.owe("c", TWO)  # owed while the slow one is still under way
    await asyncio.wait_for(h.paper.wrote.wait(), 5)
    assert h.paper.said == [("two", "b"), ("two", "c")]

    h.paper.slow["one"].set()
    await delivering
    assert h.paper.keys("one") == ["a"]


async def test_one_that_cannot_be_worded_ends_and_the_next_ones_go_out(house: Make) -> None:
    h = house()
    await h.owe("a", ONE, subject="unspeakable")
    await h.owe("b", ONE)
    await h.owe("c", TWO)
    for _ in range(GIVE_UP_AFTER):
        await h.outbox.deliver()
        h.clock.time += timedelta(minutes=15)

    assert h.paper.said[0] == ("two", "c")
    assert h.paper.keys("one") == ["b"]
    assert [row["reason"] for row in await h.rows("failed")] == [INTERNAL.en]


async def test_where_the_chat_says_when_to_come_back_it_is_tried_for_days(house: Make) -> None:
    h = house()
    h.paper.refuses["one"] = DeliveryRetry("the bot token was revoked", 60.0)
    await h.owe("a", ONE)
    begun = h.clock.time
    while h.clock.time - begun < GIVE_UP_ASKED_AFTER:
        await h.outbox.deliver()
        h.clock.time += timedelta(hours=1)
        assert await h.rows("due")

    h.clock.time += timedelta(hours=1)
    await h.outbox.deliver()
    assert [row["reason"] for row in await h.rows("failed")] == ["the bot token was revoked"]


async def test_the_record_says_why_in_both_languages_and_why_what_was_sent_took_so_long(house: Make) -> None:
    h = house()
    busy = Words("Slack asks to slow down", "Slack 要求放慢")
    h.paper.refuses = {"one": ARCHIVED, "two": DeliveryRetry(busy.en, words=busy)}
    await h.owe("a", ONE)
    await h.owe("b", TWO)
    await h.outbox.deliver()
    h.paper.refuses.clear()
    h.clock.time += timedelta(minutes=1)
    await h.outbox.deliver()

    (failed,) = await h.rows("failed")
    assert (failed["reason"], failed["reason_zh"]) == ("this channel is archived", "此频道已归档")
    (sent,) = [row for row in await h.rows("sent") if row["key"] == "b"]
    assert (sent["reason"], sent["reason_zh"], sent["attempts"]) == (busy.en, busy.zh, 2)


async def test_what_a_kill_interrupted_is_free_at_the_next_start(house: Make) -> None:
    h = house()
    await h.owe("a", ONE)
    now = h.clock.now()
    claimed = await h.database.write(lambda db: claims.claim(db, {"paper": None}, now, timedelta(seconds=60)))
    assert [one.key for (one,) in claimed] == ["a"]
    await h.outbox.deliver()
    assert not h.paper.said

    await h.outbox.recover()
    await h.outbox.deliver()
    assert h.paper.keys("one") == ["a"]


# --- The record takes nothing while a chat answers ---------------------------------------------------------------------


async def test_a_receipt_is_kept_until_the_record_takes_it_and_nothing_goes_out_twice(tmp_path: Path) -> None:
    path = tmp_path / "signpost.db"
    async with Database(path, busy=0.02, again=0.01) as database:
        h = House(database, {Place("paper", name): frozenset() for name in ("one", "two")})
        for name in ("one", "two"):
            await h.owe(f"to-{name}", Place("paper", name))
        h.paper.slow["two"] = asyncio.Event()
        delivery = asyncio.ensure_future(h.outbox.deliver())
        await h.paper.wrote.wait()
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            h.paper.slow["two"].set()
            with pytest.raises(RecordUnavailable):  # both posts have been answered, and nothing can be stored
                await database.write(claims.release)
            assert sorted(h.paper.said) == [("one", "to-one"), ("two", "to-two")]
            other.rollback()
        with contextlib.suppress(RecordUnavailable):  # nothing more could be claimed meanwhile
            await delivery
        await h.outbox.deliver()
        assert sorted(h.paper.said) == [("one", "to-one"), ("two", "to-two")]
        assert [row["key"] for row in await h.rows("sent")] == ["to-one", "to-two"]
