"""Many notices at once: in one message that names each, in order, over retries and restarts; none lost, none twice."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlite_utils
from hypothesis import given
from hypothesis import strategies as st

from bot.contracts.chat import Card, ChatAbilities, Post, Receive, Together
from bot.contracts.errors import DeliveryError, DeliveryFailed, DeliveryRetry
from bot.contracts.message import Items, Mark, Mention, Message, Strong, plain
from bot.contracts.model import Place, Words
from bot.notices.audience import Audience
from bot.notices.compose import Composed
from bot.notices.merging import brief, merge
from bot.notices.operators import Operators
from bot.notices.outbox import Outbox
from bot.store import notices
from bot.store.database import Database
from bot.store.notices import URGENT, USUALLY, Notice
from bot.wording.language import languages
from tests.standing import lay

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)
PLACE = Place("paper", "one")
LANGUAGES = languages("Asia/Shanghai")


def a_notice(number: int) -> Notice:
    return Notice(number, f"key-{number}", "news", f"request:{number}", PLACE, {}, 1, NOW)


def says(text: str, *mentions: str, mark: Mark = Mark.GOOD) -> Composed:
    called = tuple(Mention(f"paper:{name}", name) for name in mentions)
    return Composed(Message((Strong(text), " · ", *called, "and more that nobody needs at once"), mark))


# --- What is put together: pure ----------------------------------------------------------------------------------------

texts = st.text(st.characters(categories=["Lu", "Nd"]), min_size=1, max_size=40)
composed = st.lists(st.one_of(texts.map(says), st.just(Composed(None, why_not=Words.same("over")))), max_size=40)


@given(composed, st.integers(200, 2000))
def test_each_is_named_over_or_left_in_its_order(found: list[Composed], room: int) -> None:
    owed = [(a_notice(number), one) for number, one in enumerate(found)]
    digest = merge(LANGUAGES["en"], owed, room)
    gone = tuple(notice for notice, _ in digest.over)
    assert sorted(one.id for one in (*digest.told, *gone, *digest.left)) == list(range(len(found)))
    assert [why for _, why in digest.over] == [Words.same("over")] * len(gone)
    saying = [notice for notice, one in owed if one.message is not None]
    assert [*digest.told, *digest.left] == saying
    if digest.message is None:
        assert not digest.told
        return
    (items,) = digest.message.blocks
    assert isinstance(items, Items)
    lines = [plain(line) for line in items.lines]
    for notice in digest.told:
        message = found[notice.id].message
        assert message is not None
        assert f"✅ {plain(brief(message))}" in lines
    assert len(set(lines)) == len(lines)
    if len(digest.told) > 1 and len(lines) > 1:
        assert sum(len(line) + 4 for line in lines[1:]) + 200 <= room + len(lines[0])


def test_who_must_know_is_mentioned_once() -> None:
    owed = [(a_notice(number), says(f"#{number}", "mei", *(["bo"] if number == 2 else []))) for number in range(4)]
    digest = merge(LANGUAGES["en"], owed, 1000)
    assert digest.message is not None
    (items,) = digest.message.blocks
    assert isinstance(items, Items)
    assert [plain(line) for line in items.lines] == ["✅ #0 @mei", "✅ #1", "✅ #2 @bo", "✅ #3"]


@pytest.mark.parametrize(
    ("code", "title"), [("en", "6 things at once ✅ 4 · 🔴 2"), ("zh", "同时有 6 件事 ✅ 4 · 🔴 2")]
)
def test_the_first_line_says_how_many_of_what(code: str, title: str) -> None:
    owed = [(a_notice(one), says(f"#{one}", mark=Mark.ALERT if one > 3 else Mark.GOOD)) for one in range(6)]
    digest = merge(LANGUAGES[code], owed, 1000)
    assert digest.message is not None
    assert plain(digest.message.title) == title


# --- Delivered ---------------------------------------------------------------------------------------------------------


@dataclass
class Paper:
    """A chat on paper, which is told at most two things one by one."""

    name: str = "paper"
    abilities: ChatAbilities = field(default_factory=lambda: ChatAbilities(edits=True, together=Together(2, 10_000)))
    posts: list[Post] = field(default_factory=list)
    edits: list[Post] = field(default_factory=list)
    refuses: DeliveryError | None = None

    async def start(self, receive: Receive) -> None:
        del receive

    async def stop(self) -> None:
        return None

    async def post(self, post: Post) -> str:
        if self.refuses is not None:
            raise self.refuses
        self.posts.append(post)
        return f"one:{len(self.posts)}"

    async def edit(self, message_id: str, post: Post) -> None:
        del message_id
        self.edits.append(post)

    def said(self) -> list[list[str]]:
        """The lines of each message."""
        found = []
        for post in self.posts:
            items = [block for block in post.message.blocks if isinstance(block, Items)]
            found.append([plain(line) for line in items[0].lines] if items else [plain(post.message.title)])
        return found


class House:
    """A record, a chat on paper, an outbox between them."""

    def __init__(self, database: Database) -> None:
        self.database, self.paper, self.time = database, Paper(), NOW
        self.begin()

    def begin(self) -> None:
        """A process starts."""
        self.outbox = Outbox(
            self.database, {"paper": self.paper}, self._compose, self, Operators(Audience({})), LANGUAGES
        )

    def now(self) -> datetime:
        return self.time

    def _compose(self, _: sqlite_utils.Database, notice: Notice, now: datetime) -> Composed:
        del now
        if notice.subject == "unspeakable":
            raise KeyError(notice.subject)
        if notice.subject == "over":
            return Composed(None, why_not=Words.same("it is over"))
        card = Card(notice.subject, "A1", "open") if notice.what == "card" else None
        return Composed(Message((Strong(notice.key),)), card=card)

    async def owe(self, *keys: str, what: str = "news", subject: str = "", urgency: int = USUALLY) -> None:
        def owe(db: sqlite_utils.Database) -> None:
            for key in keys:
                about = subject or f"request:{key}"
                notices.owe(db, key=key, what=what, subject=about, place=PLACE, now=self.time, urgency=urgency)

        await self.database.write(owe)

    async def states(self) -> dict[str, str]:
        rows: list[dict[str, Any]] = await self.database.read(lambda db: list(db.query("SELECT * FROM notices")))
        return {row["key"]: row["state"] for row in rows}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with Database(await lay(tmp_path / "signpost.db")) as database:
        yield House(database)


def named(keys: Sequence[str]) -> list[str]:
    return list(keys)


async def test_few_are_told_one_by_one(house: House) -> None:
    await house.owe("a", "b")
    await house.outbox.deliver()
    assert house.paper.said() == [["a"], ["b"]]


async def test_many_are_told_in_one_message_and_each_has_its_receipt(house: House) -> None:
    keys = [f"n{number}" for number in range(450)]
    await house.owe(*keys)
    await house.outbox.deliver()
    told = house.paper.said()
    assert len(told) == 3
    assert [key for lines in told for key in lines] == named(keys)
    assert set((await house.states()).values()) == {"sent"}


async def test_the_urgent_stands_first(house: House) -> None:
    await house.owe("a", "b", "c")
    await house.owe("now", what="alert", urgency=URGENT)
    await house.outbox.deliver()
    assert house.paper.said() == [["now", "a", "b", "c"]]


async def test_after_many_the_rest_does_not_come_one_by_one(house: House) -> None:
    await house.owe("a", "b", "c")
    await house.outbox.deliver()
    await house.owe("d", "e")
    await house.outbox.deliver()
    assert house.paper.said() == [["a", "b", "c"], ["d", "e"]]
    house.time += timedelta(minutes=5)
    await house.owe("f", "g")
    await house.outbox.deliver()
    assert house.paper.said()[2:] == [["f"], ["g"]]


async def test_a_question_to_somebody_stands_by_itself(house: House) -> None:
    await house.owe("a", "b", "c")
    await house.owe("question", what="reminder")
    await house.outbox.deliver()
    assert sorted(house.paper.said()) == [["a", "b", "c"], ["question"]]


async def test_a_card_that_is_only_edited_is_no_message(house: House) -> None:
    await house.owe("card", what="card", subject="alert:1")
    await house.outbox.deliver()
    await house.owe("card2", what="card", subject="alert:1")
    await house.owe("a", "b", "c")
    await house.outbox.deliver()
    assert house.paper.said() == [["card"], ["a", "b", "c"]]
    assert len(house.paper.edits) == 1


async def test_what_cannot_be_worded_or_is_over_keeps_nobody_waiting(house: House) -> None:
    await house.owe("bad", subject="unspeakable")
    await house.owe("over", subject="over")
    await house.owe("a", "b")
    await house.outbox.deliver()
    assert house.paper.said() == [["a", "b"]]
    states = await house.states()
    assert (states["over"], states["bad"]) == ("held", "due")


async def test_one_that_is_left_of_many_is_told_by_itself(house: House) -> None:
    await house.owe("x", "y", subject="over")
    await house.owe("a")
    await house.outbox.deliver()
    assert house.paper.said() == [["a"]]
    assert await house.states() == {"x": "held", "y": "held", "a": "sent"}


@pytest.mark.parametrize("restarts", [False, True])
async def test_a_try_again_tells_the_same_ones_under_the_same_key(house: House, restarts: bool) -> None:
    """A chat that took the first try without saying so finds it by its key, and must not be told others under it."""
    house.paper.refuses = DeliveryRetry("slower")
    await house.owe("a", "b", "c")
    await house.outbox.deliver()
    house.paper.refuses = None
    await house.owe("d")
    await house.owe("now", what="alert", subject="request:a", urgency=URGENT)
    if restarts:
        house.begin()
        await house.outbox.recover()
    house.time += timedelta(minutes=1)
    await house.outbox.deliver()
    assert sorted(house.paper.said()) == [["a", "b", "c"], ["now", "d"]]
    again = next(post for post in house.paper.posts if post.key == "together:a")
    assert again.again


async def test_what_is_killed_on_its_way_is_told_again_as_it_was(house: House) -> None:
    await house.owe("a", "b", "c")
    hangs = asyncio.Event()

    async def post(_: Post) -> str:
        hangs.set()
        await asyncio.Event().wait()
        return ""

    usual, house.paper.post = house.paper.post, post  # type: ignore[method-assign]
    delivery = asyncio.create_task(house.outbox.deliver())
    await hangs.wait()
    delivery.cancel()
    await asyncio.gather(delivery, return_exceptions=True)
    house.paper.post = usual  # type: ignore[method-assign]
    house.begin()
    await house.outbox.recover()
    await house.owe("d")
    await house.outbox.deliver()
    assert [post.key for post in house.paper.posts] == ["together:a", "d"]


async def test_what_is_refused_for_good_fails_whole(house: House) -> None:
    house.paper.refuses = DeliveryFailed("archived")
    await house.owe("a", "b", "c")
    await house.outbox.deliver()
    assert set((await house.states()).values()) == {"failed"}
