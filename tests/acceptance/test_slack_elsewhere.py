"""Another conversation that hears of reviews: one card there for each thing too, edited in place, with its story in its thread."""

from datetime import timedelta
from typing import Any

import pytest

from tests.acceptance.slack_crew import Crew, with_operators
from tests.acceptance.slack_forms import opened, through
from tests.acceptance.slack_pages.pages import labels
from tests.acceptance.slack_team import SUBMIT, Team

TWO = "C0TWO"


def cards(here: Team, channel: str = TWO) -> list[dict[str, Any]]:
    """What stands in a channel itself."""
    return [one for one in here.slack.public(channel) if "thread_ts" not in one]


def in_threads(here: Team, channel: str = TWO) -> list[dict[str, Any]]:
    return [one for one in here.slack.public(channel) if "thread_ts" in one]


async def test_one_card_for_the_whole_story_and_nobody_is_called_there(crew: Crew) -> None:
    async with crew() as here:
        await here.slack.slash("sign submit tencent 速达 source=company", user="U0BOB")
        await here.until("#1 signature 速达 at tencent: in review", TWO)
        await here.pass_time(timedelta(hours=4))
        await here.until("rejected by tencent", TWO)
        await here.slack.slash("edit #1 name=速达优选", user="U0BOB")
        await here.until("速达优选 at tencent: in review", TWO)
        await here.pass_time(timedelta(hours=4))
        await here.until("approved by tencent", TWO)
        await here.slack.slash("delete #1 confirm")
        await here.until("deleted", TWO)
        await here.work()

        (card,) = cards(here)
        assert "#1 signature 速达优选 at tencent: deleted" in card["text"]
        assert {one["thread_ts"] for one in in_threads(here)} == {card["ts"]}
        assert not any("<@" in one["text"] for one in here.slack.public(TWO))
        assert [one.get("subtype") for one in in_threads(here) if "rejected" in one["text"]] == ["thread_broadcast"]


async def test_a_batch_is_one_card_there_with_what_is_spoken_of_there(crew: Crew) -> None:
    def fewer(text: str) -> str:
        return with_operators(text).replace(
            'id = "C0TWO"\ntopics', 'id = "C0TWO"\naccounts = ["aliyun", "tencent"]\ntopics'
        )

    async with crew(fewer) as here:
        await here.slack.slash("sign submit all 速达物流 source=company")
        await here.until("#2 tencent: in review", TWO)
        await here.pass_time(timedelta(hours=4))
        await here.until("#1 signature 速达物流 approved by aliyun", TWO)
        await here.work()

        (card,) = cards(here)
        assert "at 2 vendors" in card["text"]
        assert "ucloud" not in str(here.slack.public(TWO))
        assert "ucloud" in cards(here, "C0SMS")[0]["text"]


async def test_who_hears_from_now_on_gets_the_card_with_the_next_news(crew: Crew) -> None:
    def silent(text: str) -> str:
        return (
            with_operators(text)
            .replace('id = "C0TWO"\ntopics = ["reviews"]', 'id = "C0TWO"\ntopics = []')
            .replace('role = "approver"', 'role = "admin"')
        )

    async with crew(silent) as here:
        await here.slack.slash(SUBMIT)
        await here.until("in review")
        assert not here.slack.public(TWO)
        await here.slack.slash("subscribe reviews", channel=TWO)
        await here.until("Subscribed to", TWO)
        await here.pass_time(timedelta(hours=4))
        await here.until("approved by aliyun", TWO)
        (card,) = cards(here)
        assert labels(card) == ["Details"]
        assert {one["thread_ts"] for one in in_threads(here)} == {card["ts"]}

        await here.slack.slash("unsubscribe reviews", channel=TWO)
        await here.until("Unsubscribed", TWO)
        told = len(in_threads(here))
        await here.slack.slash("delete #1 confirm")
        await here.until("deleted", TWO)  # the card says how it stands
        assert "deleted" in cards(here)[0]["text"]
        assert len(in_threads(here)) == told


# --- Where what was ordered stands --------------------------------------------------------------------------------------


async def line_to(here: Team, part: str, user: str = "U0BOB") -> dict[str, Any]:
    """What only whoever ordered something reads, with where its card is."""
    said = dict(await here.until(part))
    assert said["only"] == user
    return said


def address(message: dict[str, Any]) -> str:
    return f"https://home.slack.com/archives/C0SMS/p{message['ts'].replace('.', '')}"


async def test_whoever_ordered_something_reads_where_its_card_is(here: Team) -> None:
    await here.slack.slash("sign submit tencent 速达 source=company", user="U0BOB")
    card = dict(await here.until("in review"))
    assert not [one for one in here.slack.said() if "only" in one]  # the card itself says it
    await here.pass_time(timedelta(hours=4))
    await here.until("rejected by tencent")

    await here.slack.slash("edit #1 name=速达优选", user="U0BOB")
    said = await line_to(here, "the change is on its way to tencent")
    assert address(card) in said["text"]
    assert "thread_ts" not in said
    await here.until("速达优选 at tencent: in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("approved by tencent")
    await here.slack.slash("delete #1 confirm")
    said = await line_to(here, "#1 signature 速达优选: to be deleted at tencent", "U0ALICE")
    assert address(card) in said["text"]


async def test_where_a_card_has_no_address_the_line_comes_without(here: Team) -> None:
    await here.slack.slash("sign submit tencent 速达 source=company", user="U0BOB")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    here.slack.fail_next("chat.getPermalink", "message_not_found")
    await here.slack.slash("edit #1 name=速达优选", user="U0BOB")
    assert "its card" not in (await line_to(here, "the change is on its way"))["text"]


@pytest.mark.parametrize("in_thread", [False, True])
async def test_after_a_form_the_line_stands_where_the_form_was_asked_for(here: Team, in_thread: bool) -> None:
    await here.slack.slash("sign submit tencent 速达 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    news = await here.until("rejected by tencent")
    card = next(one for one in here.slack.public() if "thread_ts" not in one)
    await here.slack.acked(await here.slack.press("Fix and resubmit", news if in_thread else card))
    await through(here, await opened(here), {"name": "速达优选"})

    said = await line_to(here, "the change is on its way to tencent", "U0ALICE")
    assert said.get("thread_ts", "") == (card["ts"] if in_thread else "")
    assert address(card) in said["text"]
