"""Slack, whole: lists that page, and what buttons still know after a restart."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.model import State
from bot.desk.paging import PAGE, PAGES
from integrations.sandbox import Sandbox
from tests.acceptance.slack_pages.pages import labels, parts, store
from tests.acceptance.slack_team import Team, team
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

# --- Lists that page -------------------------------------------------------------------------------------------------


async def turned(here: Team, label: str, part: str, message: dict[str, object], user: str = "U0ALICE") -> None:
    """Press, and wait until the same message says something else."""
    await here.slack.acked(await here.slack.press(label, message, user=user))
    await here.slack.until(lambda: part in str(message["text"]))


async def test_pages_turn_in_place_forward_and_back(here: Team) -> None:
    await store(here, 45, state=State.READY)
    await here.slack.slash("sign list")
    page = await here.until("page 1 of 3")
    assert labels(page) == ["Next page"]
    assert "/sms sign list page=2" in str(page["text"])
    assert "#45" in str(page["text"])

    await turned(here, "Next page", "page 2 of 3", page)
    assert labels(page) == ["Previous page", "Next page"]
    assert "#45" not in str(page["text"])
    await turned(here, "Next page", "page 3 of 3", page)
    assert labels(page) == ["Previous page"]
    assert "#1 " in str(page["text"])
    await turned(here, "Previous page", "page 2 of 3", page)

    assert len(here.slack.said()) == 1


async def test_a_button_of_a_page_still_works_after_a_restart(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock) as first:
        await store(first, 25, state=State.READY)
        await slack.slash("sign list aliyun state=ready")
        page = await first.until("page 1 of 2")
        assert "say sign" not in str(page["blocks"])  # a key, never a command
    async with team(tmp_path, slack, sandbox, clock) as second:
        await turned(second, "Next page", "page 2 of 2", page)

    assert "/sms sign list aliyun state=ready page=1" in str(page["text"])


async def test_a_refusal_does_not_take_the_place_of_a_list(here: Team) -> None:
    await store(here, 25, state=State.READY)
    await here.slack.dm("sign list")
    page = await here.until("page 1 of 2", "D0ALICE")
    await here.slack.acked(await here.slack.press("Next page", page, user="U0EVE", team="T0OTHER", channel="D0ALICE"))
    await here.until("I only serve people of this organisation", "D0ALICE")

    assert "page 1 of 2" in str(page["text"])


async def test_a_page_that_is_gone_is_said(here: Team) -> None:
    await store(here, 25, state=State.READY)
    await here.slack.slash("sign list page=7")
    assert "There is no page 7, the last one is 2." in str((await here.until("no page"))["text"])
    await here.slack.slash("status page=last")
    await here.until("Nothing is pending here")
    await here.slack.slash("sign list page=last")
    await here.until("“last” is no page")


async def test_a_list_too_long_to_count_says_so(here: Team) -> None:
    await store(here, PAGE * PAGES + 1, state=State.READY)
    await here.slack.slash("sign list")
    assert "more than 1,000" in str((await here.until("page 1"))["text"])
    await here.slack.slash(f"sign list page={PAGES}")
    last = await here.until(f"page {PAGES}")

    assert "Pages end here" in str(last["text"])
    assert labels(last) == ["Previous page"]


async def test_my_own_list_turns_by_a_press_for_nobody_else_sees_it(here: Team) -> None:
    await store(here, 25)
    await here.slack.slash("status mine")
    page = await here.until("page 1 of 2")
    assert page["only"] == "U0ALICE"
    assert "/sms status mine page=2" in str(page["text"])
    await turned(here, "Next page", "page 2 of 2", page)

    await here.slack.dm("status mine")
    own = await here.until("page 1 of 2", "D0ALICE")
    await here.slack.acked(await here.slack.press("Next page", own, channel="D0ALICE"))
    await here.slack.until(lambda: "page 2 of 2" in own["text"])


async def test_history_pages_too_and_names_of_people_never_enter_a_button(here: Team) -> None:
    await store(here, 25, name="速达物流")
    await here.slack.slash("history by=@me since=7d")
    page = await here.until("page 1 of 2")
    await turned(here, "Next page", "page 2 of 2", page)
    assert "alice" in str(page["text"])
    assert "/sms history since=7d by=alice page=1" in str(page["text"])

    await here.slack.slash("show 速达物流")
    named = await here.until("are called")
    assert labels(named) == []
    assert "/sms show 速达物流 page=2" in str(named["text"])


async def test_pages_turn_where_the_bot_is_no_member(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock) as here:
        await store(here, 25, state=State.READY)
        await slack.slash("sign list", channel="C0OUT")
        page = await here.until("page 1 of 2", "C0OUT")
        await slack.acked(await slack.press("Next page", page, channel="C0OUT"))
        await slack.until(lambda: "page 2 of 2" in str(page["text"]))
        assert len(slack.said("C0OUT")) == 1


async def test_a_page_whose_place_cannot_be_taken_any_more_is_said_anew(here: Team) -> None:
    await store(here, 25, state=State.READY)
    await here.slack.slash("sign list")
    page = await here.until("page 1 of 2")
    here.slack.refuse_answers = True
    await here.slack.acked(await here.slack.press("Next page", page))
    fresh = await here.until("page 2 of 2")
    assert "page 1 of 2" in str(page["text"])
    assert fresh["only"] == "U0ALICE"


# --- What buttons know after a restart -------------------------------------------------------------------------------


LONG = "很长的理由" * 800


async def test_the_full_text_is_there_after_a_restart_until_it_is_too_old(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.store.kept.LATEST", 0)  # which are not thousands here
    async with team(tmp_path, slack, sandbox, clock) as first:
        await store(first, reason=LONG)
        await slack.slash("status #1")
        said = await first.until("#1")
    async with team(tmp_path, slack, sandbox, clock) as second:
        await slack.acked(await slack.press("Full text", said))
        view = await slack.until(lambda: next(iter(slack.views.values()), None))
        assert LONG in "".join(part["text"] for block in view["blocks"] for part in parts(block))

        slack.views.clear()
        clock.move(timedelta(days=63))
        await store(second, 25, state=State.READY, name="别的")
        await slack.slash("sign list")
        page = await second.until("page 1 of 2")  # keeps something, and forgets what is too old
        await slack.acked(await slack.press("Full text", said))
        view = await slack.until(lambda: next(iter(slack.views.values()), None))
        assert "no longer have the full text" in "".join(
            part["text"] for block in view["blocks"] for part in parts(block)
        )

        clock.move(timedelta(days=63))
        await slack.slash("history page=2")
        await second.until("page 2 of 2")
        await slack.acked(await slack.press("Next page", page))
        await slack.until(lambda: slack.count("chat.postEphemeral"))

    _, whispered = next(one for one in slack.calls if one[0] == "chat.postEphemeral")
    assert "no longer know what this button is for" in whispered["text"]
    assert "page 1 of 2" in str(page["text"])
