"""A page as a home tab: within Slack's limits whatever stands on it, and in order whoever opens it how often."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.contracts.message import SAY, Button, Commands, Items, Line, Mark, Message, Table, Text
from bot.contracts.model import Actor, Incoming, Place
from integrations.slack.config import Slack as Settings
from integrations.slack.home import MAX_HEADER, HomeTabs, view
from integrations.slack.inbound import Home
from integrations.slack.people import People
from integrations.slack.web import Web
from tests.emulators.slack.rules import check_view, texts
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import APP_TOKEN, BOT_TOKEN, BOT_USER, TEAM

texts_of_people = st.text(max_size=40) | st.sampled_from(
    ["<!channel>", "*x*", "\u202e", "\n", "速" * 4000, "😀" * 2000]
)
lines = st.lists(texts_of_people, min_size=1, max_size=3).map(tuple)
messages = st.builds(
    Message,
    title=lines,
    mark=st.sampled_from(list(Mark)),
    blocks=st.lists(
        st.builds(Text, lines)
        | st.builds(Items, st.lists(lines, max_size=6).map(tuple))
        | st.builds(Commands, st.just("Next"), st.just(("status mine",)))
        | st.builds(Table, st.just(("A", "B")), st.lists(st.tuples(lines, lines), max_size=4).map(tuple)),
        max_size=4,
    ).map(tuple),
    buttons=st.sampled_from(
        [
            (),
            (Button("status", "#17", "Details"),),
            (Button("ack", "A5", "Acknowledge"), Button("snooze", "A5", "Snooze", choices=(("2h", "2 h"),))),
            (Button(SAY, "status mine page=2", "Next page", turns=True),),
        ]
    ),
)


@settings(max_examples=40)
@given(st.lists(messages, max_size=30))  # several times what fits
def test_slack_takes_every_page(page: list[Message]) -> None:
    shown, kept = view(page, "D0ALICE", "en")

    check_view(shown)
    assert shown["private_metadata"] == "D0ALICE"
    assert all(key.startswith(f"{SAY}:") for key in kept)
    assert not [part for part in rich(shown) if part["type"] != "text"]  # nothing was parsed as a mention or a link


def rich(shown: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for block in shown["blocks"]:
        if block["type"] == "rich_text":
            for element in block["elements"]:
                sections = element["elements"] if element["type"] == "rich_text_list" else [element]
                found += [part for section in sections for part in section["elements"]]
    return found


def thing(number: int) -> Message:
    return Message((f"#{number}",), buttons=(Button("status", f"#{number}", "Details"),))


def head(text: str, *blocks: Any) -> Message:
    return Message((text,), blocks=blocks)


def test_sections_have_a_header_and_things_their_buttons() -> None:
    shown, _ = view([head("Requests"), thing(1), thing(2), head("Quota", Text(("x",)))], "D1", "en")

    kinds = [block["type"] for block in shown["blocks"]]
    assert kinds == ["header", *["rich_text", "actions"] * 2, "divider", "header", "rich_text"]


@pytest.mark.parametrize(("language", "words"), [("en", "There is more than fits here"), ("zh", "内容过多")])
def test_what_does_not_fit_is_cut_between_things_and_said(language: str, words: str) -> None:
    shown, kept = view([head("Requests"), *(thing(number) for number in range(60))], "D1", language)

    check_view(shown)
    *_, before, last = shown["blocks"]
    assert before["type"] == "actions"  # no thing without its buttons
    assert words in next(texts(last))
    assert len(shown["blocks"]) == 100
    assert not kept


def test_a_view_is_not_too_large_as_json() -> None:
    long: Line = ("速" * 3000,)
    page = [Message(("x",), blocks=(Items((long,) * 4),), buttons=thing(1).buttons) for _ in range(20)]
    shown, _ = view(page, "D1", "zh")

    check_view(shown)
    assert len(json.dumps(shown)) <= 250_000
    assert len(shown["blocks"]) < 60


def test_a_long_heading_is_shortened() -> None:
    shown, _ = view([head("x" * 200)], "D1", "en")

    assert len(shown["blocks"][0]["text"]["text"]) == MAX_HEADER


def test_commands_of_buttons_are_kept_beside_the_view() -> None:
    page = [Message(("x",), buttons=(Button(SAY, "status mine page=2", "Next page", turns=True),))]
    shown, kept = view(page, "D1", "en")

    assert list(kept.values()) == ["status mine page=2"]
    assert "status mine" not in json.dumps(shown)


# --- Who is shown it when --------------------------------------------------------------------------------------------


WE = Home(team=TEAM, user=BOT_USER)


class Pages:
    """A desk that has the next page when it is told."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.begun: asyncio.Queue[str] = asyncio.Queue()
        self.may_go_on = asyncio.Event()

    async def home(self, incoming: Incoming) -> Sequence[Message]:
        self.asked.append(incoming.actor.user)
        number = len(self.asked)
        self.begun.put_nowait(incoming.actor.user)
        await self.may_go_on.wait()
        return (Message((f"page {number} of {incoming.actor.name}",)),)


def looking(user: str) -> Incoming:
    place = Place("slack", user.replace("U", "D", 1))
    return Incoming("", Actor("slack", user, team=TEAM), place, origin="", direct=True)


@contextlib.asynccontextmanager
async def tabs_of(slack: Slack, desk: Any) -> AsyncIterator[HomeTabs]:
    web = Web(Settings(bot_token=BOT_TOKEN, app_token=APP_TOKEN, base_url=slack.base_url))
    web.open()
    tabs = HomeTabs(web, People(web, ()), lambda _: "en")
    tabs.desk = desk
    yield tabs
    await web.close()


async def test_of_many_who_come_at_once_one_waits_and_reads_last() -> None:
    desk = Pages()
    async with Slack() as slack, tabs_of(slack, desk) as tabs:
        first = asyncio.create_task(tabs.show(looking("U0ALICE"), WE))
        assert await desk.begun.get() == "U0ALICE"
        others = [asyncio.create_task(tabs.show(looking("U0ALICE"), WE)) for _ in range(20)]
        bob = asyncio.create_task(tabs.show(looking("U0BOB"), WE))
        assert await desk.begun.get() == "U0BOB"  # one person does not wait for another

        desk.may_go_on.set()
        await asyncio.gather(first, *others, bob)

        assert desk.asked == ["U0ALICE", "U0BOB", "U0ALICE"]
        assert slack.home("U0ALICE") == "page 3 of alice"
        assert slack.home("U0BOB") == "page 2 of bob"


async def test_who_gives_up_waiting_holds_up_nobody() -> None:
    desk = Pages()
    async with Slack() as slack, tabs_of(slack, desk) as tabs:
        first = asyncio.create_task(tabs.show(looking("U0ALICE"), WE))
        await desk.begun.get()
        second = asyncio.create_task(tabs.show(looking("U0ALICE"), WE))
        await asyncio.sleep(0)  # it waits
        for task in (second, first):
            task.cancel()
        await asyncio.gather(first, second, return_exceptions=True)

        desk.may_go_on.set()
        await tabs.show(looking("U0ALICE"), WE)

        assert slack.home("U0ALICE") == "page 2 of alice"


async def test_a_page_that_cannot_be_made_says_so() -> None:
    class Broken:
        async def home(self, incoming: Incoming) -> Sequence[Message]:
            raise LookupError(incoming.actor.user)

    async with Slack() as slack, tabs_of(slack, Broken()) as tabs:
        await tabs.show(looking("U0ALICE"), WE)

        assert "This did not work, and the fault is mine." in slack.home("U0ALICE")
        assert "LookupError" not in slack.home("U0ALICE")
