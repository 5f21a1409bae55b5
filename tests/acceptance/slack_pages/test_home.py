"""Slack, whole: the home tab, what it shows and what can be done there."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.model import Actor, Kind, State
from bot.contracts.vendor import Measure, Reading
from bot.store import samples
from integrations.sandbox import Sandbox
from tests.acceptance.slack_forms import asked
from tests.acceptance.slack_forms import opened as form_opened
from tests.acceptance.slack_pages.pages import labels, parts, store
from tests.acceptance.slack_team import Team, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.emulators.slack.team import TEAM
from tests.given import left_at
from tests.stage import StageClock

BOB = Actor("slack", "U0BOB", team=TEAM, name="bob")

LINKED = """
[[person]]
name = "alice"
slack = "U0ALICE"
dingtalk = "manager4567"
role = "approver"
"""


async def opened(here: Team, part: str, user: str = "U0ALICE", **how: bool) -> str:
    """Open the home tab and read it once it shows something."""
    await here.slack.acked(await here.slack.open_home(user, **how))
    await here.slack.until(lambda: part in here.slack.home(user))
    return here.slack.home(user)


# --- What it shows ---------------------------------------------------------------------------------------------------


async def test_my_open_requests_newest_first_with_the_buttons_of_their_state(here: Team) -> None:
    await store(here, state=State.DRAFT, name="旧草稿")
    await store(here, state=State.READY, name="完成了")
    await store(here, actor=BOB, name="鲍勃的")
    await store(here, name="速达物流", reason="签名无法识别主体")

    text = await opened(here, "Your open requests")
    view = here.slack.homes["U0ALICE"]

    assert text.index("速达物流") < text.index("旧草稿")
    assert "完成了" not in text
    assert "鲍勃的" not in text
    assert labels(view)[5:8] == ["Fix and resubmit", "Details", "Fill in"]
    assert "签名无法识别主体" in text
    assert "/sms" not in text  # nothing can be typed on a page
    assert "table" not in [block["type"] for block in view["blocks"]]


async def test_who_waits_for_nothing_is_told_how_to_begin(here: Team) -> None:
    text = await opened(here, "Nothing of yours is pending")

    buttons = labels(here.slack.homes["U0ALICE"])
    assert buttons == ["Submit a signature", "Submit a template", "My requests", "Quota", "Alerts"]
    await here.slack.acked(await here.slack.press_home("Submit a template"))
    assert "accounts" in asked(here, await form_opened(here, "accounts"))
    assert "No alert is open." in text  # she could take one
    assert "Waiting for your approval" not in text
    assert "All is well" not in text  # for admins


async def test_what_i_asked_for_in_the_other_chat_is_mine_too(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    def link(text: str) -> str:
        start = text.index('[[person]]\nname = "alice"')
        return text[:start] + LINKED + text[text.index("[[group]]", start) :]

    async with team(tmp_path, slack, sandbox, clock, link) as here:
        await store(here, actor=Actor("dingtalk", "manager4567", name="alice"), name="钉钉里的")
        assert "钉钉里的" in await opened(here, "Your open requests")


async def test_a_page_stays_one_however_much_there_is(here: Team) -> None:
    await store(here, 30)
    await store(here, 30, actor=BOB, state=State.AWAITING_APPROVAL, name="物流" * 6)

    text = await opened(here, "Waiting for your approval")

    assert "There are more; the newest 10 are shown." in text
    assert "There are more; the newest 5 are shown." in text
    assert len(here.slack.homes["U0ALICE"]["blocks"]) <= 100


async def test_what_waits_for_my_approval_is_never_my_own(here: Team) -> None:
    await store(here, state=State.AWAITING_APPROVAL, name="我自己的")
    assert "Waiting for your approval" not in await opened(here, "我自己的")

    await store(here, state=State.AWAITING_APPROVAL, actor=BOB, name="别人的")
    text = await opened(here, "Waiting for your approval")
    assert "别人的" in text
    assert "approve" not in text.replace("approval", "")  # no command that there is not


async def test_who_may_not_approve_is_not_asked_to(here: Team) -> None:
    await store(here, state=State.AWAITING_APPROVAL, name="别人的")
    assert "别人的" not in await opened(here, "Nothing of yours", "U0BOB")


async def test_quota_as_bars_from_the_record_with_its_age_and_no_vendor_asked(here: Team) -> None:
    await here.work()  # whatever a start reads is read

    def write(db: Any) -> None:
        db.execute("DELETE FROM samples")
        midnight = datetime(2026, 12, 1, 16, tzinfo=UTC)  # in China the second has begun
        package = Reading("国内短信套餐", Measure.PACKAGE, Decimal(38_200), Decimal(80_000), expires_at=midnight)
        balance = Reading("balance", Measure.BALANCE, Decimal("1234.5"), unit="CNY")
        samples.add(db, "aliyun", (package, balance), here.clock.now())
        few = Reading("国内短信套餐", Measure.PACKAGE, Decimal(200), Decimal(80_000))
        samples.add(db, "tencent", (few,), here.clock.now())

    await here.bot.services.database.write(write)
    calls = len(here.sandbox.calls)
    here.clock.move(timedelta(minutes=20))
    text = await opened(here, "Quota")

    assert "▓▓▓▓░░░░░░ 47.7% · 国内短信套餐: 38,200 of 80,000, until 2026-12-02" in text.replace("\n", "")
    assert "balance: CNY 1,234.50" in text
    assert "▓░░░░░░░░░ 0.2% · " in text  # nearly nothing is not nothing
    assert "read today 09:30" in text
    assert "not read yet" in text  # ucloud
    assert len(here.sandbox.calls) == calls


async def test_an_admin_sees_how_the_bot_is(here: Team) -> None:
    text = await opened(here, "All is well", "U0ROOT")

    assert "2 connections" in text


async def test_who_is_not_named_is_told_what_an_operator_must_add(here: Team) -> None:
    await store(here, actor=BOB)
    text = await opened(here, "not on my list", "U0CAROL")

    assert "U0CAROL" in text
    assert "速达物流" not in text


async def test_what_people_and_vendors_wrote_stays_text(here: Team) -> None:
    await store(here, name="<!channel> *x* <@U0BOB>\u202e")
    text = await opened(here, "Your open requests")

    assert "<!channel> *x* <@U0BOB> at aliyun" in text
    kinds = {part["type"] for block in here.slack.homes["U0ALICE"]["blocks"] for part in parts(block)}
    assert kinds == {"text"}


# --- Doing things there ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("told", [True, False])
async def test_a_button_acts_as_the_command_said_one_to_one(here: Team, told: bool) -> None:
    await store(here)
    await opened(here, "Your open requests", told=told)
    await here.slack.acked(await here.slack.press_home("Details"))
    said = await here.until("#1", "D0ALICE")

    assert "签名" not in str(said["text"])
    assert "rejected" in str(said["text"])
    assert "thread_ts" not in said
    assert not here.slack.said("C0SMS")


async def test_a_press_that_is_delivered_twice_acts_once(here: Team) -> None:
    await store(here)
    await opened(here, "Your open requests")
    press = await here.slack.press_home("Details")
    again = await here.slack.redeliver(press)
    await here.slack.acked(press)
    await here.slack.acked(again)
    await here.until("#1", "D0ALICE")
    await here.slack.dm("help")
    await here.until("sign submit", "D0ALICE")

    assert sum("rejected" in one["text"] for one in here.slack.said("D0ALICE")) == 1


async def test_an_opening_that_is_delivered_twice_is_shown_once(here: Team) -> None:
    delivery = await here.slack.open_home()
    await here.slack.until(lambda: here.slack.home())
    await here.slack.acked(await here.slack.redeliver(delivery))
    await here.slack.dm("help")
    await here.until("sign submit", "D0ALICE")

    assert here.slack.count("views.publish") == 1


async def test_an_alert_is_taken_there_and_the_page_shows_it(here: Team) -> None:
    readings = [one.remaining for one in await left_at(here.bot.services.vendors["aliyun"]) if one.total]
    here.sandbox.drain("alibaba", int(sum(readings) * 95 // 100))
    await here.pass_time(timedelta(minutes=20))
    await here.until("A1 aliyun")
    await opened(here, "A1 aliyun")
    assert "Acknowledge" in labels(here.slack.homes["U0ALICE"])

    await here.slack.acked(await here.slack.press_home("Acknowledge"))
    await here.slack.until(lambda: "Acknowledged by alice" in here.slack.home())
    assert "Give back" in labels(here.slack.homes["U0ALICE"])
    await here.slack.acked(await here.slack.press_home("Snooze", option="2 h"))
    await here.slack.until(lambda: "Snoozed by alice" in here.slack.home())

    # Whoever may not take it sees nothing of it, and who did not take it does not have it among theirs.
    assert "A1" not in await opened(here, "Nothing of yours", "U0BOB")
    assert "A1" not in await opened(here, "No alert is open", "U0ROOT")


async def test_a_form_opened_there_and_handed_in_shows_on_the_page(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock, without_defaults) as here:
        await here.slack.dm("sign submit aliyun 速达物流")
        await here.until("more to fill in", "D0ALICE")
        await opened(here, "draft")
        await here.slack.acked(await here.slack.press_home("Fill in"))
        view = await here.slack.until(lambda: next((one for one in here.slack.views.values() if "submit" in one), None))
        values = {"source": "company", "qualification": str(sandbox.seed.qualification_id)}
        while "submit" in (view := slack.views.get(view["id"], {})):  # step by step
            asked = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
            step = {key: value for key, value in values.items() if key in asked}
            await here.slack.acked(await here.slack.submit_view(view["id"], step))
        await here.slack.until(lambda: "draft since" not in here.slack.home() and "速达物流" in here.slack.home())
        await here.until("in review", "D0ALICE")


async def test_an_answer_that_was_lost_is_asked_about_from_there_and_an_id_that_is_not_there_is_said(
    here: Team,
) -> None:
    await store(here, state=State.UNKNOWN, account="ucloud", kind=Kind.TEMPLATE, name="到货通知")
    await opened(here, "unknown")
    await here.slack.acked(await here.slack.press_home("It is there, id …"))
    view = await here.slack.until(lambda: next((one for one in here.slack.views.values() if "submit" in one), None))
    await here.slack.acked(await here.slack.submit_view(view["id"], {"id": "UTA20260102ABC"}))

    await here.until("ucloud has no template under the id UTA20260102ABC", "D0ALICE")


async def test_opening_it_twice_quickly_shows_the_newer_page_last(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    """The first page is held up until after the second one was asked for; it must not take its place."""
    slack.fail_next("views.publish", "429", retry_after=0)
    async with team(tmp_path, slack, sandbox, clock) as here:
        await slack.acked(await slack.open_home())
        await slack.until(lambda: slack.count("views.publish"))
        await store(here, name="刚刚的")
        for delivery in [await slack.open_home() for _ in range(20)]:
            await slack.acked(delivery)
        await slack.until(lambda: "刚刚的" in slack.home())
    # Whatever was begun has ended.
    published = [params["view"] for method, params in slack.calls if method == "views.publish"]
    shown = ["刚刚的" in str(view) for view in published]
    assert shown == sorted(shown)
    assert "刚刚的" in slack.home()


async def test_it_speaks_the_bots_language(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> None:
    def chinese(text: str) -> str:
        return text.replace('language = "en"', 'language = "zh"')

    async with team(tmp_path, slack, sandbox, clock, chinese) as here:
        await store(here, reason="签名无法识别主体")
        text = await opened(here, "你未完结的申请")
        assert "我的申请" in text
        assert "修改并重新提交" in text


async def test_only_the_home_tab_is_a_page(here: Team) -> None:
    await here.slack.acked(await here.slack.open_home(tab="messages"))
    await here.slack.dm("help")
    await here.until("sign submit", "D0ALICE")

    assert here.slack.count("views.publish") == 0


@pytest.mark.parametrize("kind", ["429", "500", "reset", "reset_after", "internal_error"])
async def test_trouble_with_the_page_is_tried_again(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock, kind: str
) -> None:
    async with team(tmp_path, slack, sandbox, clock) as here:
        slack.fail_next("views.publish", kind, retry_after=0)
        await opened(here, "Nothing of yours")


async def test_a_page_that_slack_refuses_does_not_end_it(here: Team) -> None:
    here.slack.fail_next("views.publish", "hash_conflict")
    await here.slack.acked(await here.slack.open_home())
    await opened(here, "Nothing of yours")

    assert here.slack.count("views.publish") == 2


async def test_whether_messages_can_go_out_from_the_record_with_no_vendor_asked(here: Team) -> None:
    before = len(here.sandbox.calls)
    assert "can go out" not in await opened(here, "Nothing of yours")  # nothing is known yet
    assert len(here.sandbox.calls) == before

    await here.slack.acked(await here.slack.mention("path"))
    await here.until("can go out")
    before = len(here.sandbox.calls)
    text = await opened(here, "Nothing can go out yet at aliyun, tencent, ucloud")
    assert "Qualification" in text
    assert "8563" in text
    assert "/sms" not in text
    assert len(here.sandbox.calls) == before
