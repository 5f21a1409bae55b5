"""Forms in Slack, whole: the real Bolt app against the emulator, the real vendor clients against the sandbox."""

from datetime import timedelta
from pathlib import Path

from bot.contracts.model import State
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.slack_forms import ANSWERS, PNG, asked, handed_in, opened, pressed, request, shown, through
from tests.acceptance.slack_team import Team, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

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

    assert len(asking.sandbox.accepted("ucloud", "signature")) == 1
    submitted = await request(asking, 1)
    assert [paper["name"] for paper in submitted.papers] == ["licence.png"]
    assert submitted.values["source"] == "company"
    assert view_id not in asking.slack.views  # nothing is left to be closed


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
    await asking.until("Which account?")
    view_id = await pressed(asking, "Fill in")
    await handed_in(asking, view_id, {"accounts": ("ucloud",), "name": "速达物流"})
    await opened(asking, "source")

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
    await here.slack.slash("sign submit tencent 速达 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("rejected by tencent")
    await here.slack.slash("edit #1")
    view_id = await opened(here)

    assert asked(here, view_id)["name"]["element"]["initial_value"] == "速达"


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
    assert await handed_in(asking, view_id, {}) == {}
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
    assert not asking.slack.public()

    await asking.slack.slash("edit #1")
    again = await opened(asking)
    assert asked(asking, again)["source"]["element"]["initial_option"]["value"] == "trademark"


async def test_nothing_is_said_when_a_form_about_no_draft_is_closed(here: Team) -> None:
    await here.slack.slash("sign submit tencent 速达 source=company")
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

    await asking.slack.slash("status nonsense")  # a slip, not the answer to what only the form asked
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
    await here.slack.slash("sign submit tencent 速达 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    news = await here.until("rejected by tencent")
    assert "<@U0ALICE>" in str(news["text"])

    view_id = await pressed(here, "Fix and resubmit")
    await through(here, view_id, {"name": "速达物流"})
    await here.until("速达物流 at tencent: in review")
    await here.pass_time(timedelta(hours=4))
    await here.until("速达物流 approved by tencent")


async def test_the_reviewers_words_stand_above_and_papers_say_why_they_are_asked_for_again(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock, without_defaults) as here:
        await slack.slash("sign submit ucloud 速达物流")
        view_id = await opened(here)
        file = slack.add_file("licence.png", PNG)
        await through(here, view_id, ANSWERS, {"paper": (file,)})
        await here.until("in review")
        sandbox.reject("ucloud", "速达物流", "证件不清晰，请重新上传")
        await here.pass_time(timedelta(hours=4))
        await here.until("rejected by ucloud")
        again = await pressed(here, "Fix and resubmit")

        assert shown(here, again).startswith("“证件不清晰，请重新上传”")
        assert "licence.png went along before. Papers are never kept: choose again." in shown(here, again)
        assert not asked(here, again)["paper"]["optional"]


async def test_kinds_of_placeholders_are_a_menu_and_a_key_typed_along_is_understood(asking: Team) -> None:
    sign = "sign=速达科技"
    text = "content=您好${name}，订单${orderNo}已发货"
    await asking.slack.slash(f"template submit aliyun,ucloud 发货通知 {text} {sign}")
    view_id = await opened(asking)
    while "sample.name" not in asked(asking, view_id):
        assert (await handed_in(asking, view_id, {"type": "notice"})).get("response_action") != "errors"
    fields = asked(asking, view_id)
    assert fields["sample.name"]["hint"]["text"] == "For example 张三"
    values = {"sample.name": "sample.name=张三", "kind.name": "name", "remark": "Orders", "type": "notice"}
    while "kind.name" not in asked(asking, view_id):
        await handed_in(asking, view_id, values)
    menu = asked(asking, view_id)["kind.name"]["element"]
    assert menu["type"] == "static_select"
    assert "name of a person" in [option["text"]["text"] for option in menu["options"]]
    await through(asking, view_id, values)
    await asking.until("#2 ucloud: in review")

    both = [await request(asking, number) for number in (1, 2)]
    assert [one.values["sample.name"] for one in both] == ["张三", "张三"]
    assert both[0].values["kind.name"] == "name"


async def test_a_form_does_not_ask_for_what_the_vendor_cannot_change(here: Team) -> None:
    await here.slack.slash("sign submit aliyun 速达物流 source=company")
    await here.until("in review")
    here.sandbox.reject("alibaba", "速达物流", "授权书未签字")
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

    assert refusal["only"] == "U0ALICE"
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


async def test_what_somebody_else_sent_meanwhile_is_not_changed_by_a_form_that_was_opened_before(here: Team) -> None:
    """Two open the form of the same rejection: the first one wins, the second one hears of it, and the vendor of the first."""
    await here.slack.slash("sign submit tencent 速达 source=company")
    await here.until("in review")
    await here.pass_time(timedelta(hours=2))
    news = await here.until("rejected by tencent")
    views = []
    for _ in range(2):
        await here.slack.acked(await here.slack.press("Fix and resubmit", news))
        before = set(views)
        views.append(
            str(await here.slack.until(lambda before=before: next(iter(set(here.slack.views) - before), None)))
        )
        await here.slack.until(lambda: "submit" in here.slack.views[views[-1]])
    for view_id, name in zip(views, ("速达物流", "速达科技"), strict=True):
        await through(here, view_id, {"name": name})
        await here.chat._work.idle()
        await here.work()

    assert (await here.until("went on meanwhile"))["only"] == "U0ALICE"
    assert (await request(here, 1)).values["name"] == "速达物流"
    assert here.calls("ModifySmsSign") == 1
