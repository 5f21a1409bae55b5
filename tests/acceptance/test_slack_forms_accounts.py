"""Forms in Slack for accounts: for several vendors at once, and where nobody said yet which."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.model import State
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.slack_forms import ANSWERS, PNG, asked, handed_in, opened, request, shown, through
from tests.acceptance.slack_team import Team, in_chinese, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

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


async def test_one_drafts_command_opens_the_whole_batch_again_and_sends_nothing(here: Team) -> None:
    await here.slack.slash("sign submit all 速达物流")
    view_id = await opened(here)
    file = here.slack.add_file("licence.png", PNG)
    await handed_in(here, view_id, ANSWERS, {"paper": (file,)})
    assert await here.slack.close_view(view_id) is not None
    await here.slack.until(lambda: here.slack.whispers)
    assert "Go on: `/sms edit #1`" in here.slack.whispers[0]["text"]
    assert "#2`" not in here.slack.whispers[0]["text"]

    await here.slack.slash("edit #1")
    again = await opened(here)
    assert not any(here.sandbox.accepted(vendor) for vendor in ("alibaba", "tencent", "ucloud"))
    file = here.slack.add_file("licence.png", PNG)
    await through(here, again, ANSWERS, {"paper": (file,)})
    await here.until("at 3 vendors")
    await here.work()
    assert [(await request(here, one)).state for one in (1, 2, 3)] == [State.IN_REVIEW] * 3


async def test_one_form_for_several_vendors_asks_shared_fields_once_and_says_who_else_asks_why(asking: Team) -> None:
    await asking.slack.slash("sign submit all 速达物流")
    view_id = await opened(asking)
    keys: list[str] = []
    hints: dict[str, str] = {}
    file = asking.slack.add_file("licence.png", PNG)
    qualification = str(asking.sandbox.seed.qualification_id)
    values = {**ANSWERS, "qualification@aliyun": qualification, "qualification@tencent": qualification}
    delivery = None
    while "submit" in asking.slack.views.get(view_id, {}):
        fields = asked(asking, view_id)
        keys += fields
        hints |= {key: block.get("hint", {}).get("text", "") for key, block in fields.items()}
        here = {key: value for key, value in values.items() if key in fields}
        delivery = await asking.slack.submit_view(view_id, here, files={"paper": (file,)} if "paper" in fields else {})
        ack = await asking.slack.acked(delivery)
        assert ack.get("response_action") == "update" or view_id not in asking.slack.views
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
    named = {"source": "company", "qualification": str(asking.sandbox.seed.qualification_id)}
    delivery = await asking.slack.submit_view(view_id, named)
    ack = await asking.slack.acked(delivery)
    assert ack["view"]["blocks"][0]["text"]["text"] == "One moment …"
    await opened(asking, "remark")


async def test_a_vendor_is_not_asked_again_at_every_step(asking: Team) -> None:
    await asking.slack.slash("sign submit aliyun 速达物流")
    view_id = await opened(asking)
    listed = asking.calls("QuerySmsQualificationRecord")
    await asking.slack.acked(await asking.slack.choose(view_id, "purpose", "other"))
    qualification = str(asking.sandbox.seed.qualification_id)
    await handed_in(asking, view_id, {"source": "company", "purpose": "self", "qualification": qualification})
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

    assert "Step 1" in shown(asking, view_id)
    ack = await handed_in(asking, view_id, {"accounts": ("tencent", "ucloud"), "name": "速达-物流"})
    assert list(ack["errors"]) == ["name"]
    assert "only Chinese characters" in ack["errors"]["name"]

    ack = await handed_in(asking, view_id, {"name": "速达物流"})
    assert ack["response_action"] == "update"
    assert await opened(asking, "source") == view_id  # the same form goes on
    assert "Step 2 of 3" in shown(asking, view_id)
    assert "name" not in asked(asking, view_id)  # it was asked
    await handed_in(
        asking, view_id, {"source": "company", "qualification@tencent": str(asking.sandbox.seed.qualification_id)}
    )
    await opened(asking, "paper", "remark")
    assert "Step 3 of 3" in shown(asking, view_id)
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

        ack = await handed_in(here, view_id, {"accounts": ("tencent", "ucloud"), "name": "速达-物流"})
        assert "只能是中文" in ack["errors"]["name"]
        await handed_in(here, view_id, {"name": "速达物流"})
        await opened(here, "source")
        assert "第 2 步，共 3 步" in shown(here, view_id)
        assert asked(here, view_id)["source"]["element"]["initial_option"]["text"]["text"] == "企业名称"
        file = slack.add_file("执照.png", PNG)
        qualification = str(sandbox.seed.qualification_id)
        values = {"remark": "订单通知", "qualification@tencent": qualification}
        await through(here, view_id, values, {"paper": (file,)})
        await here.until("#1 tencent：审核中")
        await here.until("#2 ucloud：审核中")
        assert view_id not in slack.views  # nothing is left to be closed
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


async def test_what_needs_no_more_closes_the_form(here: Team) -> None:
    await here.slack.slash("sign submit 速达物流 source=company")
    view_id = await opened(here, "accounts")
    assert asked(here, view_id)["name"]["element"]["initial_value"] == "速达物流"
    delivery = await here.slack.submit_view(view_id, {"accounts": ("aliyun",)})
    assert await here.slack.acked(delivery) == {}  # nothing is left to be closed by hand
    await here.until("in review")

    assert await here.slack.acked(await here.slack.redeliver(delivery)) == {}
    await here.work()
    assert here.calls("CreateSmsSign") == 1


async def test_a_form_that_asks_where_goes_on_after_a_restart(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock) as first:
        await slack.slash("sign submit source=company")
        view_id = await opened(first, "accounts")
    async with team(tmp_path, slack, sandbox, clock) as second:
        delivery = await slack.submit_view(view_id, {"accounts": ("aliyun",), "name": "速达物流"})
        assert await slack.acked(delivery) == {}
        await second.until("in review")
    async with team(tmp_path, slack, sandbox, clock) as third:
        await slack.acked(await slack.redeliver(delivery))  # to a form that is closed
        await third.work()

    assert third.calls("CreateSmsSign") == 1


@pytest.mark.parametrize(
    ("typed", "name", "key", "says"),
    [
        ("", "速达!!物流", "name", "“速达!!物流” cannot be used"),
        ("", "一二三四五六七八九十一二三", "name", "too long: at most 12 characters"),
        ("", "速达快运", "name", "#1 is the same and is in review"),
        ("colour=red", "速达物流", "accounts", "I know no colour"),
        ("source=planet", "速达物流", "accounts", "“planet” is none of these: 1 company name"),
    ],
)
async def test_what_is_wrong_in_the_first_step_stands_under_its_field_and_nowhere_else(
    here: Team, typed: str, name: str, key: str, says: str
) -> None:
    await here.slack.slash("sign submit aliyun 速达快运 source=company")
    await here.until("in review")
    before = len(here.slack.said())
    await here.slack.slash(f"sign submit {typed}")
    view_id = await opened(here, "accounts")
    ack = await handed_in(here, view_id, {"accounts": ("aliyun", "ucloud"), "name": name})

    assert list(ack["errors"]) == [key]
    assert says in ack["errors"][key]
    assert len(here.slack.said()) == before
    assert asked(here, view_id)["name"]["element"]["type"] == "plain_text_input"
    with pytest.raises(LookupError):
        await request(here, 2)


async def test_the_name_has_the_limits_and_hints_of_the_accounts_that_are_chosen(asking: Team) -> None:
    await asking.slack.slash("sign submit")
    view_id = await opened(asking, "accounts")
    assert asked(asking, view_id)["name"]["element"]["max_length"] == 15  # as long as any of them takes
    await asking.slack.acked(await asking.slack.choose(view_id, "accounts", ("ucloud",)))
    await asking.slack.until(lambda: asked(asking, view_id)["name"]["element"]["max_length"] == 12)

    assert "The company's full name" in asked(asking, view_id)["name"]["hint"]["text"]
    assert "tencent" not in asked(asking, view_id)["name"]["hint"]["text"]


async def test_back_from_the_second_step_changes_name_and_accounts(asking: Team) -> None:
    await asking.slack.slash("sign submit source=company")
    view_id = await opened(asking, "accounts")
    await handed_in(asking, view_id, {"accounts": ("tencent", "ucloud"), "name": "速达快运"})
    await opened(asking, "source")
    asking.slack.fill_in(view_id, {"source": "trademark"})
    await asking.slack.acked(await asking.slack.press_in_view(view_id, "Back"))
    await opened(asking, "accounts")
    fields = asked(asking, view_id)
    assert fields["name"]["element"]["initial_value"] == "速达快运"
    assert [one["value"] for one in fields["accounts"]["element"]["initial_options"]] == ["tencent", "ucloud"]

    await handed_in(asking, view_id, {"name": "速达物流"})  # the same drafts, under another name
    await opened(asking, "source")
    assert asking.slack.views[view_id]["title"]["text"] == "Signature 速达物流"
    assert asked(asking, view_id)["source"]["element"]["initial_option"]["value"] == "trademark"
    await asking.slack.acked(await asking.slack.press_in_view(view_id, "Back"))
    await opened(asking, "accounts")
    await handed_in(asking, view_id, {"accounts": ("ucloud",)})  # others: these drafts are given up
    await opened(asking, "source")
    file = asking.slack.add_file("licence.png", PNG)
    await through(asking, view_id, {"source": "company", "remark": "Orders"}, {"paper": (file,)})
    await asking.until("速达物流 at ucloud: in review")

    states = [(await request(asking, number)).state for number in (1, 2, 3)]
    assert states == [State.CANCELLED, State.CANCELLED, State.IN_REVIEW]
    assert (await request(asking, 3)).name == "速达物流"


async def test_closed_after_back_the_drafts_are_kept_all_the_same(asking: Team) -> None:
    await asking.slack.slash("sign submit")
    view_id = await opened(asking, "accounts")
    await handed_in(asking, view_id, {"accounts": ("ucloud",), "name": "速达快运"})
    await opened(asking, "source")
    await asking.slack.acked(await asking.slack.press_in_view(view_id, "Back"))
    await opened(asking, "accounts")
    await asking.slack.close_view(view_id)
    await asking.slack.until(lambda: asking.slack.whispers)

    assert "Kept as draft #1" in asking.slack.whispers[0]["text"]


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
