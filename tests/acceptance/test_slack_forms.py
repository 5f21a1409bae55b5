"""Forms in Slack, whole: the real Bolt app against the emulator, the real vendor clients against the sandbox."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.model import Request, State
from bot.store import requests
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.slack_forms import ANSWERS, PNG, asked, handed_in, opened, pressed, shown, through
from tests.acceptance.slack_team import Team, in_chinese, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.stage import StageClock


async def request(here: Team, number: int) -> Request:
    return await here.bot.services.database.read(lambda db: requests.get(db, number))


# --- Opened ----------------------------------------------------------------------------------------------------------


async def test_the_command_opens_the_form_with_a_file_for_what_is_missing(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    fields = asked(asking, view_id)
    assert fields["name"]["element"]["initial_value"] == "速达物流"
    assert not fields["source"]["optional"]
    assert not asking.slack.said()  # the form is the question

    file = asking.slack.add_file("licence.png", PNG)
    await through(asking, view_id, ANSWERS, {"paper": (file,)})
    await asking.until("in review")

    assert asking.sandbox.calls[-1].vendor == "ucloud"
    submitted = await request(asking, 1)
    assert [paper["name"] for paper in submitted.papers] == ["licence.png"]
    assert submitted.values["source"] == "company"
    await asking.slack.until(lambda: "Handed in" in shown(asking, view_id))


async def test_a_trigger_that_came_too_late_is_answered_in_words_with_a_button(asking: Team) -> None:
    asking.slack.expire_triggers()
    await asking.slack.slash("sign submit ucloud 速达物流")
    await asking.until("more to fill in")
    assert [one for one in asking.slack.refused if "expired_trigger_id" in one]
    asking.slack.refused.clear()
    asking.slack.trigger_seconds = 3.0

    view_id = await pressed(asking, "Fill in")
    file = asking.slack.add_file("licence.png", PNG)
    await through(asking, view_id, ANSWERS, {"paper": (file,)})
    await asking.until("in review")


async def test_where_to_submit_is_asked_in_words_when_no_form_can_be_opened(asking: Team) -> None:
    await asking.slack.mention("sign submit source=company")  # a mention comes without the right to a form
    await asking.until("Which account? aliyun, tencent, ucloud, or all.")
    view_id = await pressed(asking, "Fill in")
    await handed_in(asking, view_id, {"accounts": ("ucloud",), "name": "速达物流"})
    await opened(asking, "source", "name")

    assert asked(asking, view_id)["source"]["element"]["initial_option"]["value"] == "company"


async def test_what_was_sent_meanwhile_is_left_alone(asking: Team) -> None:
    asking.slack.expire_triggers()
    await asking.slack.slash('template submit tencent,ucloud 登录验证码 content="您的验证码是${code}。"')
    await asking.until("more to fill in")
    asking.slack.refused.clear()
    asking.slack.trigger_seconds = 3.0
    await asking.slack.slash("edit #1 type=otp")
    await asking.until("#1 tencent: in review")

    view_id = await pressed(asking, "Fill in")
    await through(asking, view_id, {"type": "notice", "remark": "Order notices"})
    await asking.until("#2 ucloud: in review")
    assert [(await request(asking, number)).values["type"] for number in (1, 2)] == ["otp", "notice"]


async def test_an_edit_without_values_opens_the_form(here: Team) -> None:
    await here.slack.slash("sign submit tencent 测试 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("rejected by tencent")
    await here.slack.slash("edit #1")
    view_id = await opened(here)

    assert asked(here, view_id)["name"]["element"]["initial_value"] == "测试"


# --- Several vendors -------------------------------------------------------------------------------------------------


def with_different_defaults(text: str) -> str:
    """Each account with a qualification of its own, which is what an id means."""
    return re.sub(
        r'(name = "(aliyun|tencent)".*?)\ndefaults = [^\n]*',
        lambda found: f'{found[1]}\ndefaults = {{ qualification = "{8577 if found[2] == "aliyun" else 8563}" }}',
        text,
        flags=re.DOTALL,
    )


async def test_an_id_is_asked_for_each_account_and_none_gets_that_of_another(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock, with_different_defaults) as here:
        await slack.slash("sign submit aliyun,tencent 速达物流")
        view_id = await opened(here, "qualification@aliyun")
        field = asked(here, view_id)["qualification@aliyun"]
        assert field["label"]["text"] == "Qualification (aliyun)"
        assert field["element"]["initial_option"]["value"] == "8577"
        file = slack.add_file("licence.png", PNG)
        await through(here, view_id, ANSWERS, {"paper": (file,)})
        await here.until("at 2 vendors")
        await here.work()

        assert [(await request(here, one)).values["qualification"] for one in (1, 2)] == ["8577", "8563"]
    assert not slack.refused, slack.refused


async def test_one_form_for_several_vendors_asks_shared_fields_once_and_says_who_else_asks_why(asking: Team) -> None:
    await asking.slack.slash("sign submit all 速达物流")
    view_id = await opened(asking)
    keys: list[str] = []
    hints: dict[str, str] = {}
    file = asking.slack.add_file("licence.png", PNG)
    qualification = str(asking.sandbox.seed.qualification_id)
    values = {**ANSWERS, "qualification@aliyun": qualification, "qualification@tencent": qualification}
    delivery = None
    while "submit" in asking.slack.views[view_id]:
        fields = asked(asking, view_id)
        keys += fields
        hints |= {key: block.get("hint", {}).get("text", "") for key, block in fields.items()}
        here = {key: value for key, value in values.items() if key in fields}
        delivery = await asking.slack.submit_view(view_id, here, files={"paper": (file,)} if "paper" in fields else {})
        assert (await asking.slack.acked(delivery))["response_action"] == "update"
    assert delivery is not None
    await asking.slack.acked(await asking.slack.redeliver(delivery))
    for line in ("#1 aliyun: in review", "#2 tencent: in review", "#3 ucloud: in review"):
        await asking.until(line)

    assert len(keys) == len(set(keys))
    assert "Only for tencent. Tencent Cloud checks" in hints["document"]
    assert "Only for" not in hints["source"]
    assert [asking.calls(one) for one in ("CreateSmsSign", "AddSmsSign", "CreateUSMSSignature")] == [1, 1, 1]


async def test_a_vendor_that_is_slow_to_list_makes_nobody_wait_for_the_acknowledgement(asking: Team) -> None:
    await asking.slack.slash("sign submit aliyun 速达物流")
    view_id = await opened(asking)
    asking.clock.move(timedelta(minutes=2))  # what was listed when it was opened is asked for again
    asking.sandbox.faults.next("alibaba", Fault.SLOW, "QuerySmsQualificationRecord", seconds=2.0, times=9)
    delivery = await asking.slack.submit_view(view_id, {"source": "company"})
    ack = await asking.slack.acked(delivery)
    assert ack["view"]["blocks"][0]["text"]["text"] == "One moment …"
    await opened(asking, "remark")


async def test_a_vendor_is_not_asked_again_at_every_step(asking: Team) -> None:
    await asking.slack.slash("sign submit aliyun 速达物流")
    view_id = await opened(asking)
    listed = asking.calls("QuerySmsQualificationRecord")
    await asking.slack.acked(await asking.slack.choose(view_id, "purpose", "other"))
    await handed_in(asking, view_id, {"source": "company", "purpose": "self"})
    await opened(asking, "remark")

    assert listed
    assert asking.calls("QuerySmsQualificationRecord") == listed


async def test_a_choice_delivered_twice_does_not_undo_what_came_after(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    delivery = await asking.slack.choose(view_id, "purpose", "other")
    await asking.slack.until(lambda: "letter" in asked(asking, view_id))
    asking.slack.fill_in(view_id, {"name": "速达快运"})
    await asking.slack.acked(await asking.slack.redeliver(delivery))
    await asking.slack.until(lambda: asking.slack.refused)

    assert "hash_conflict" in asking.slack.refused.pop()
    assert asking.slack.views[view_id]["state"]["values"]["name"]["value"]["value"] == "速达快运"


async def test_a_choice_brings_the_fields_that_depend_on_it(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    assert "letter" not in asked(asking, view_id)

    await asking.slack.acked(await asking.slack.choose(view_id, "purpose", "other"))
    await asking.slack.until(lambda: "letter" in asked(asking, view_id))


# --- Where to submit -------------------------------------------------------------------------------------------------


async def test_a_bare_submit_asks_where_then_in_steps_with_a_fault_and_a_file_until_every_vendor_reviews_it(
    asking: Team,
) -> None:
    await asking.slack.slash('sign submit remark="Order notices, https://suda.example"')
    view_id = await opened(asking, "accounts")
    fields = asked(asking, view_id)
    assert list(fields) == ["accounts", "name"]
    assert fields["accounts"]["element"]["type"] == "checkboxes"
    assert asking.slack.views[view_id]["submit"]["text"] == "Next"

    ack = await handed_in(asking, view_id, {"accounts": ("tencent", "ucloud"), "name": "速达物流"})
    assert ack["response_action"] == "update"
    assert await opened(asking, "name", "source") == view_id  # the same form goes on
    assert "Step 1 of 2" in shown(asking, view_id)
    values = {"source": "company", "qualification@tencent": str(asking.sandbox.seed.qualification_id)}

    ack = await handed_in(asking, view_id, {**values, "name": "速达-物流"})
    assert list(ack["errors"]) == ["name"]
    assert "only Chinese characters" in ack["errors"]["name"]
    await handed_in(asking, view_id, {"name": "速达物流"})
    await opened(asking, "paper", "remark")
    assert "Step 2 of 2" in shown(asking, view_id)
    assert asking.slack.views[view_id]["submit"]["text"] == "Submit"
    # What was said with the command stands there.
    assert asked(asking, view_id)["remark"]["element"]["initial_value"] == "Order notices, https://suda.example"

    file = asking.slack.add_file("licence.png", PNG)
    await handed_in(asking, view_id, {}, {"paper": (file,)})
    await asking.until("#1 tencent: in review")
    await asking.until("#2 ucloud: in review")
    for number in (1, 2):
        submitted = await request(asking, number)
        assert submitted.values["source"] == "company"
        assert submitted.values["remark"] == "Order notices, https://suda.example"
        assert [paper["name"] for paper in submitted.papers] == ["licence.png"]


async def test_the_same_in_chinese(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> None:
    async with team(tmp_path, slack, sandbox, clock, lambda text: in_chinese(without_defaults(text))) as here:
        await slack.slash("签名 提交 来源=企业")
        view_id = await opened(here, "accounts")
        view = slack.views[view_id]
        assert view["title"]["text"] == "签名"
        assert view["submit"]["text"] == "下一步"
        assert asked(here, view_id)["accounts"]["label"]["text"] == "账号"

        await handed_in(here, view_id, {"accounts": ("tencent", "ucloud"), "name": "速达物流"})
        await opened(here, "name", "source")
        assert "第 1 步，共 2 步" in shown(here, view_id)
        assert asked(here, view_id)["source"]["element"]["initial_option"]["text"]["text"] == "企业名称"
        ack = await handed_in(here, view_id, {"name": "速达-物流"})
        assert "只能是中文" in ack["errors"]["name"]
        file = slack.add_file("执照.png", PNG)
        qualification = str(sandbox.seed.qualification_id)
        values = {"name": "速达物流", "remark": "订单通知", "qualification@tencent": qualification}
        await through(here, view_id, values, {"paper": (file,)})
        await here.until("#1 tencent：审核中")
        await here.until("#2 ucloud：审核中")
        await slack.until(lambda: "已提交，结果请看会话。" in shown(here, view_id))
        await slack.slash("签名 提交 ucloud 速达快运")
        await slack.close_view(await opened(here, "paper"))
        await slack.until(lambda: slack.whispers)
        assert slack.whispers[0]["text"] == "已存为草稿 #3，尚未提交。\n继续填写：`/sms 修改 #3`"
    assert not slack.refused, slack.refused


async def test_a_text_that_was_typed_before_the_account_was_chosen_survives(asking: Team) -> None:
    content = "您的验证码是${code}，5分钟内有效，请勿泄露。"
    await asking.slack.slash(f'template submit content="{content}"')
    view_id = await opened(asking, "accounts")
    await handed_in(asking, view_id, {"accounts": ("aliyun", "tencent"), "name": "登录验证码"})
    await opened(asking, "content", "type")
    assert asked(asking, view_id)["content"]["element"]["initial_value"] == content
    await through(asking, view_id, {"type": "otp"})
    await asking.until("at 2 vendors")

    assert [(await request(asking, number)).values["content"] for number in (1, 2)] == [content, content]


async def test_what_needs_no_more_ends_in_the_conversation(here: Team) -> None:
    await here.slack.slash("sign submit 速达物流 source=company")
    view_id = await opened(here, "accounts")
    assert asked(here, view_id)["name"]["element"]["initial_value"] == "速达物流"
    delivery = await here.slack.submit_view(view_id, {"accounts": ("aliyun",)})
    assert (await here.slack.acked(delivery))["response_action"] == "update"
    await here.until("in review")
    await here.slack.until(lambda: "Answered in the conversation." in shown(here, view_id))

    await here.slack.acked(await here.slack.redeliver(delivery))
    await here.slack.until(lambda: "Answered in the conversation." in shown(here, view_id))
    assert here.calls("CreateSmsSign") == 1


async def test_a_form_that_asks_where_goes_on_after_a_restart(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock) as first:
        await slack.slash("sign submit source=company")
        view_id = await opened(first, "accounts")
    async with team(tmp_path, slack, sandbox, clock) as second:
        delivery = await slack.submit_view(view_id, {"accounts": ("aliyun",), "name": "速达物流"})
        await slack.acked(delivery)
        await second.until("in review")
    async with team(tmp_path, slack, sandbox, clock) as third:
        await slack.acked(await slack.redeliver(delivery))
        await slack.until(lambda: "Answered in the conversation." in shown(third, view_id))
        await third.work()

    assert third.calls("CreateSmsSign") == 1


async def test_a_typed_mistake_is_said_in_the_conversation(asking: Team) -> None:
    await asking.slack.slash("sign submit colour=red")
    view_id = await opened(asking, "accounts")
    await handed_in(asking, view_id, {"accounts": ("ucloud",), "name": "速达物流"})

    await asking.until("I know no colour")
    await asking.slack.until(lambda: "Answered in the conversation." in shown(asking, view_id))


def with_many_accounts(text: str) -> str:
    """More accounts than a row of boxes can have."""
    found = re.search(r'\[\[account\]\]\nname = "ucloud".*?(?=\n\[)', text, re.DOTALL)
    assert found is not None
    return text + "".join(found[0].replace('name = "ucloud"', f'name = "u{number}"') + "\n" for number in range(8))


async def test_many_accounts_are_a_list_to_choose_several_from(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock, with_many_accounts) as here:
        await slack.slash("sign submit source=company")
        view_id = await opened(here, "accounts")
        assert asked(here, view_id)["accounts"]["element"]["type"] == "multi_static_select"
        await handed_in(here, view_id, {"accounts": ("ucloud", "u7"), "name": "速达物流"})
        card = await here.until("at 2 vendors")
    assert "ucloud" in str(card["text"])
    assert "u7" in str(card["text"])
    assert not slack.refused, slack.refused


async def test_a_fault_of_ours_is_said_in_the_form_instead_of_closing_it(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    await asking.bot.services.database.write(lambda db: db["kept"].drop())
    file = asking.slack.add_file("licence.png", PNG)
    ack = await handed_in(asking, view_id, {"source": "company"}, {"paper": (file,)})

    assert "the fault is mine" in ack["view"]["blocks"][0]["text"]["text"]


async def test_who_may_not_submit_gets_no_form(here: Team) -> None:
    here.slack.groups.clear()
    here.slack.users["U0CAROL"] = {**here.slack.users["U0BOB"], "id": "U0CAROL", "name": "carol"}
    await here.slack.slash("sign submit", user="U0CAROL")
    await here.until("You may not")

    assert not here.slack.views


# --- Steps -----------------------------------------------------------------------------------------------------------


async def test_going_back_keeps_what_was_filled_in_and_the_files(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", PNG)
    await handed_in(asking, view_id, {"source": "trademark", "name": "速达运"}, {"paper": (file,)})
    await opened(asking, "remark")
    asking.slack.fill_in(view_id, {"remark": "Order notices"})
    await asking.slack.acked(await asking.slack.press_in_view(view_id, "Back"))

    await opened(asking, "paper")
    fields = asked(asking, view_id)
    assert fields["name"]["element"]["initial_value"] == "速达运"
    assert fields["source"]["element"]["initial_option"]["value"] == "trademark"
    assert fields["paper"]["optional"]
    assert "Chosen: licence.png" in shown(asking, view_id)

    await handed_in(asking, view_id, {"name": "速达物流"})
    await opened(asking, "remark")
    assert asked(asking, view_id)["remark"]["element"]["initial_value"] == "Order notices"
    assert await handed_in(asking, view_id, {}) != {}
    await asking.until("in review")
    submitted = await request(asking, 1)
    assert (submitted.name, submitted.values["source"], submitted.values["remark"]) == (
        "速达物流",
        "trademark",
        "Order notices",
    )
    assert [paper["name"] for paper in submitted.papers] == ["licence.png"]


async def test_a_step_delivered_twice_is_one_step(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", PNG)
    delivery = await asking.slack.submit_view(view_id, {"source": "company"}, files={"paper": (file,)})
    await asking.slack.acked(delivery)
    await asking.slack.acked(await asking.slack.redeliver(delivery))
    await opened(asking, "remark")

    assert "Step 2 of 2" in shown(asking, view_id)


async def test_placeholders_of_the_text_are_asked_for_in_the_next_step(asking: Team) -> None:
    await asking.slack.slash("template submit tencent 登录验证码")
    view_id = await opened(asking, "content")
    assert len(asked(asking, view_id)) == 6
    assert asking.slack.views[view_id]["submit"]["text"] == "Submit"  # as far as could be told then
    values = {"type": "otp", "content": "您的验证码是${code}，${minutes}分钟内有效，请勿泄露。${a b}"}
    ack = await handed_in(asking, view_id, values)
    assert list(ack["errors"]) == ["content"]
    await handed_in(asking, view_id, {"content": "您的验证码是${code}，5分钟内有效，请勿泄露。"})
    await opened(asking, "sample.code")

    assert await handed_in(asking, view_id, {"sample.code": "1234"}) == {}
    assert view_id not in asking.slack.views  # without files nothing is left to find out
    await asking.until("in review")
    assert (await request(asking, 1)).values["sample.code"] == "1234"


# --- Faults ----------------------------------------------------------------------------------------------------------


async def test_faults_stand_under_their_fields_and_what_was_typed_survives(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", PNG + b"\0" * (9 * 1024 * 1024))

    ack = await handed_in(asking, view_id, {"source": "company", "name": "a\u202eb"}, {"paper": (file,)})
    assert ack["response_action"] == "errors"
    assert set(ack["errors"]) == {"name", "paper"}

    asking.slack.files[file].content = PNG
    await through(asking, view_id, {"name": "速达物流", "remark": "Notices"}, {"paper": (file,)})
    await asking.until("in review")
    assert (await request(asking, 1)).values["source"] == "company"


@pytest.mark.parametrize(
    ("name", "content", "count", "says"),
    [
        ("licence.docx", PNG, 1, "is not one of jpg, png"),
        ("licence.png", PNG + b"\0" * (5 * 1024 * 1024), 1, "is too large"),
    ],
)
async def test_files_are_checked_within_the_acknowledgement(
    asking: Team, name: str, content: bytes, count: int, says: str
) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    files = tuple(asking.slack.add_file(name, content) for _ in range(count))
    ack = await handed_in(asking, view_id, {"source": "company"}, {"paper": files})

    assert says in ack["errors"]["paper"]
    assert not asking.slack.count("files.info")


@pytest.mark.parametrize(
    ("content", "readable", "says"),
    [
        (PNG, False, "files:read"),
        (b"<html>Sign in</html>", True, "files:read"),
        (b"%PDF-1.7 not a picture", True, "not what its name says"),
        (b"", True, "is empty"),
    ],
)
async def test_a_file_that_turns_out_wrong_leads_back_to_its_step_and_nothing_is_lost(
    asking: Team, content: bytes, readable: bool, says: str
) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", content, readable=readable)
    await through(asking, view_id, ANSWERS, {"paper": (file,)})
    await asking.slack.until(lambda: says in shown(asking, view_id))
    fields = asked(asking, view_id)
    assert fields["source"]["element"]["initial_option"]["value"] == "company"
    assert not fields["paper"]["optional"]
    assert not [call for call in asking.sandbox.calls if call.action == "CreateUSMSSignature"]
    draft = await request(asking, 1)
    assert draft.state is State.DRAFT
    assert draft.values["remark"] == ANSWERS["remark"]

    good = asking.slack.add_file("licence.png", PNG)
    await through(asking, view_id, {}, {"paper": (good,)})
    await asking.until("in review")
    assert (await request(asking, 1)).values["remark"] == ANSWERS["remark"]


async def test_a_stub_of_a_file_is_asked_for_more(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", PNG, stub=True)
    await through(asking, view_id, ANSWERS, {"paper": (file,)})
    await asking.until("in review")

    assert [paper["name"] for paper in (await request(asking, 1)).papers] == ["licence.png"]


async def test_what_went_wrong_after_the_form_was_closed_is_told_to_whoever_closed_it(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence<!channel>.png", PNG, readable=False)
    await handed_in(asking, view_id, {"source": "company"}, {"paper": (file,)})
    await opened(asking, "remark")
    asking.slack.fail_next("views.update", "not_found")
    await handed_in(asking, view_id, {"remark": "Notices"})
    await asking.slack.until(lambda: asking.slack.whispers)

    said = asking.slack.whispers[0]["text"]
    assert "files:read" in said
    assert "<!channel>" not in said
    assert "Kept as draft #1" in said
    assert "`/sms edit #1`" in said
    assert asking.slack.whispers[0]["user"] == "U0ALICE"


# --- Closed ----------------------------------------------------------------------------------------------------------


async def test_who_closes_a_form_is_told_that_it_is_kept_and_how_to_go_on(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    view_id = await opened(asking)
    file = asking.slack.add_file("licence.png", PNG)
    await handed_in(asking, view_id, {"source": "trademark"}, {"paper": (file,)})
    await opened(asking, "remark")
    assert await asking.slack.close_view(view_id) is not None
    await asking.slack.until(lambda: asking.slack.whispers)
    assert asking.slack.whispers[0]["text"] == "Kept as draft #1; nothing was sent.\nGo on: `/sms edit #1`"
    assert asking.slack.whispers[0]["user"] == "U0ALICE"
    assert not asking.slack.said()

    await asking.slack.slash("edit #1")
    again = await opened(asking)
    assert asked(asking, again)["source"]["element"]["initial_option"]["value"] == "trademark"


async def test_nothing_is_said_when_a_form_about_no_draft_is_closed(here: Team) -> None:
    await here.slack.slash("sign submit tencent 测试 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("rejected by tencent")
    closed = await here.slack.close_view(await pressed(here, "Fix and resubmit"))
    assert closed is not None
    await here.slack.acked(closed)
    await here.slack.slash("sign submit")
    closed = await here.slack.close_view(await opened(here, "accounts"))
    assert closed is not None
    await here.slack.acked(closed)
    await here.slack.slash("help")  # answered after what came before
    await here.until("sign submit")

    assert not here.slack.whispers


async def test_a_closed_form_leaves_no_question_behind(asking: Team) -> None:
    await asking.slack.slash("sign submit ucloud 速达物流")
    await asking.slack.close_view(await opened(asking))
    await asking.slack.until(lambda: asking.slack.whispers)

    await asking.slack.slash("subscribe nonsense")  # a slip, not the answer to what only the form asked
    slip = await asking.until("I know no nonsense here")
    assert "does not fit" not in str(slip["text"])
    await asking.pass_time(timedelta(hours=2))
    assert not asking.slack.find("waits for your answer")


async def test_a_closed_form_leaves_the_question_that_stands_in_words(asking: Team) -> None:
    await asking.slack.mention("template submit tencent 登录码")
    await asking.until("2 more to fill in")
    await asking.slack.close_view(await pressed(asking, "Fill in"))
    await asking.slack.until(lambda: asking.slack.whispers)

    await asking.slack.mention("otp")
    await asking.until("1 more to fill in")


async def test_commands_of_an_answer_work_as_they_are_copied(asking: Team) -> None:
    """`…` stands for what is still to be filled in; copied along, it opens the form."""
    await asking.slack.slash("template submit tencent …")
    assert "initial_value" not in asked(asking, await opened(asking, "content"))["name"]["element"]
    await asking.slack.slash("sign submit …")
    assert "initial_value" not in asked(asking, await opened(asking, "accounts"))["name"]["element"]
    await asking.slack.slash("check sign tencent name=…")
    await asking.until("name= has no value")


# --- Of what is known ------------------------------------------------------------------------------------------------


async def test_rejected_then_fixed_from_the_button(here: Team) -> None:
    await here.slack.slash("sign submit tencent 测试 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    news = await here.until("rejected by tencent")
    assert "<@U0ALICE>" in str(news["text"])

    view_id = await pressed(here, "Fix and resubmit")
    await through(here, view_id, {"name": "速达物流"})
    await here.until("速达物流 at tencent: in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("速达物流 approved by tencent")


async def test_a_form_does_not_ask_for_what_the_vendor_cannot_change(here: Team) -> None:
    await here.slack.slash("sign submit aliyun 测试 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("rejected by aliyun")
    view_id = await pressed(here, "Fix and resubmit")

    assert "name" not in asked(here, view_id)


# --- What the vendor's console shows ---------------------------------------------------------------------------------

LOST = 'template submit ucloud 登录验证码 type=otp content="您的验证码是${code}，请尽快填写。"'


async def test_it_is_there_asks_for_the_id_in_a_form(here: Team) -> None:
    here.sandbox.faults.next("ucloud", Fault.RESET_AFTER, "CreateUSMSTemplate")
    await here.slack.slash(LOST)
    await here.until("I will not send it twice")
    view_id = await pressed(here, "It is there, id …")
    assert list(asked(here, view_id)) == ["id"]
    assert await handed_in(here, view_id, {"id": here.sandbox.accepted("ucloud")[0].ref}) == {}
    await here.until("in review")
    settled = await request(here, 1)
    assert (settled.state, settled.vendor_ref) == (State.IN_REVIEW, here.sandbox.accepted("ucloud")[0].ref)
    assert len(here.sandbox.accepted("ucloud")) == 1


async def test_what_is_wrong_with_it_is_said_as_of_the_command(here: Team) -> None:
    here.sandbox.faults.next("ucloud", Fault.RESET_AFTER, "CreateUSMSTemplate")
    await here.slack.slash(LOST)
    card = await here.until("I will not send it twice")
    button = next(one for block in card["blocks"] if block["type"] == "actions" for one in block["elements"])  # type: ignore[attr-defined]
    view_id = await pressed(here, button["text"]["text"])
    await here.slack.slash(f"settle #1 id={here.sandbox.accepted('ucloud')[0].ref}")
    await here.until("in review")
    await handed_in(here, view_id, {"id": "UTA1"})
    refusal = await here.until("there is nothing to settle")

    assert refusal["thread_ts"] == card["ts"]
    assert (await request(here, 1)).vendor_ref != "UTA1"


async def test_it_is_not_there_is_confirmed_and_sent_again(here: Team) -> None:
    here.sandbox.faults.next("ucloud", Fault.RESET_BEFORE, "CreateUSMSTemplate")
    await here.slack.slash(LOST)
    card = await here.until("I will not send it twice")
    buttons = [one for block in card["blocks"] if block["type"] == "actions" for one in block["elements"]]  # type: ignore[attr-defined]
    assert "confirm" in buttons[1]
    await here.slack.press(buttons[1]["text"]["text"], card)
    await here.until("in review")

    assert len(here.sandbox.accepted("ucloud")) == 1
