"""Another conversation that hears of reviews: one card there for each thing too, edited in place, with its story in its thread."""

from datetime import timedelta
from typing import Any

from tests.acceptance.slack_crew import Crew, with_operators
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
