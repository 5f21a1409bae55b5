"""A card brings its picture where a chat shows one, and never waits long or fails because of it."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from bot.contracts.chat import Card, ChatAbilities, Post
from bot.contracts.message import Button, Commands, Message, Picture, Text
from bot.contracts.model import Place
from bot.notices import pictures as subject
from bot.notices.compose import Drawing
from bot.notices.pictures import FRESH_FOR, REST_SECONDS, Pictures
from bot.wording.charts import Chart
from tests.given import MONDAY

BESIDE = ChatAbilities(edits=True, threads=True, pictures=True, beside=True)
WITHIN = ChatAbilities(edits=True, pictures=True)
MESSAGE = Message(
    ("A5",),
    blocks=(Text(("38,200 left",)), Commands("Next", ("ack A5",))),
    buttons=(Button("ack", "A5", "Acknowledge"),),
)
MINUTE = timedelta(minutes=1)


def card(subject: str = "alert:5", language: str = "en", message: Message = MESSAGE) -> Post:
    return Post(Place("slack", "C1"), message, language, "key", card=Card(subject, "A5", "open"))


def drawing() -> Drawing:
    return Drawing("runs-out.png", "what is left", {"mark": "line"})


def shown(post: Post | None) -> list[bytes]:
    return [] if post is None else [one.png for one in post.message.blocks if isinstance(one, Picture)]


class Easel:
    """Draws numbers, as long as it can."""

    def __init__(self) -> None:
        self.drawn = 0
        self.time = 0.0
        self.does: Callable[[], bytes | None] | None = None
        self.pictures = Pictures(self.draw, lambda: self.time)

    async def draw(self, chart: Chart, within: float) -> bytes | None:
        del chart, within
        self.drawn += 1
        return self.does() if self.does else f"{self.drawn}".encode()


@pytest.fixture
def easel() -> Easel:
    return Easel()


async def test_it_stands_behind_the_words_and_before_what_can_be_typed(easel: Easel) -> None:
    post = await easel.pictures.put(card(), drawing, WITHIN, MONDAY, edit=False)
    assert [type(one) for one in post.message.blocks] == [Text, Picture, Commands]


async def test_it_is_drawn_once_for_all_conversations_of_a_language_and_shown_again_when_the_card_changes(
    easel: Easel,
) -> None:
    for edit, language, after in ((False, "en", 0), (False, "en", 1), (True, "en", 30), (False, "zh", 0)):
        post = await easel.pictures.put(card(language=language), drawing, WITHIN, MONDAY + after * MINUTE, edit=edit)
        assert shown(post) == [b"1" if language == "en" else b"2"]
    assert shown(easel.pictures.again(card())) == [b"1"]
    post = await easel.pictures.put(card(), drawing, WITHIN, MONDAY + FRESH_FOR, edit=True)
    assert shown(post) == [b"3"]


async def test_nothing_is_drawn_where_nobody_would_see_it(easel: Easel) -> None:
    for abilities, edit in ((ChatAbilities(edits=True), False), (BESIDE, True)):
        assert shown(await easel.pictures.put(card(), drawing, abilities, MONDAY, edit=edit)) == []
    assert shown(await easel.pictures.put(card(), None, WITHIN, MONDAY, edit=False)) == []
    assert shown(await easel.pictures.put(card(), lambda: None, WITHIN, MONDAY, edit=False)) == []
    assert easel.drawn == 0
    assert shown(await easel.pictures.put(card(), drawing, BESIDE, MONDAY, edit=False)) == [b"1"]


async def test_what_is_over_has_none(easel: Easel) -> None:
    await easel.pictures.put(card(), drawing, WITHIN, MONDAY, edit=False)
    assert shown(easel.pictures.again(card(message=Message(("A5",))))) == []
    assert easel.pictures.again(None) is None


def broken() -> bytes:
    raise OSError("no such program")


@pytest.mark.parametrize("fault", [lambda: None, broken], ids=["no picture", "broken"])
async def test_a_card_goes_without_it_and_the_next_ones_for_a_while(
    easel: Easel, fault: Callable[[], bytes | None]
) -> None:
    easel.does = fault
    for _ in range(2):
        assert await easel.pictures.put(card(), drawing, WITHIN, MONDAY, edit=False) == card()
    assert easel.drawn == 1
    easel.time, easel.does = REST_SECONDS, None
    assert shown(await easel.pictures.put(card(), drawing, WITHIN, MONDAY, edit=False)) == [b"2"]


async def test_a_card_does_not_wait_for_a_slow_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "DRAW_SECONDS", 0.01)

    async def never(_chart: Chart, _within: float) -> bytes | None:
        await asyncio.Event().wait()
        return None

    assert await Pictures(never).put(card(), drawing, WITHIN, MONDAY, edit=False) == card()


async def test_an_old_one_is_better_than_none(easel: Easel) -> None:
    await easel.pictures.put(card(), drawing, WITHIN, MONDAY, edit=False)
    easel.does = lambda: None
    assert shown(await easel.pictures.put(card(), drawing, WITHIN, MONDAY + FRESH_FOR, edit=True)) == [b"1"]


async def test_no_more_are_kept_than_needed(easel: Easel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subject, "KEPT", 2)
    names: Sequence[str] = ("alert:1", "alert:2", "alert:3")
    for one in names:
        await easel.pictures.put(card(one), drawing, WITHIN, MONDAY, edit=False)
    assert [bool(shown(easel.pictures.again(card(one)))) for one in names] == [False, True, True]
