"""The message shortcut "Check as SMS template": from any message to what every account would say to it, and on from there."""

from pathlib import Path

import pytest

from bot.contracts.model import State
from bot.store import requests
from integrations.sandbox import Sandbox
from tests.acceptance.slack_team import Team, team, without_defaults
from tests.emulators.slack.server import Slack
from tests.made_files import png
from tests.stage import StageClock

OTP = "您的验证码是${code}，5分钟内有效，请勿泄露。"


async def test_the_answer_is_for_whoever_chose_it(here: Team) -> None:
    message = here.slack.write(OTP)
    delivery = await here.slack.shortcut(message)
    assert await here.slack.acked(delivery) == {}
    answer = await here.until("nothing wrong so far")

    assert answer["only"] == "U0ALICE"
    assert "thread_ts" not in answer
    assert "aliyun, tencent, ucloud" in str(answer["text"])
    assert await here.bot.services.database.read(lambda db: requests.find(db, 1)) is None


async def test_a_reply_is_answered_in_the_thread_it_is_in(here: Team) -> None:
    parent = here.slack.write("a draft?", user="U0BOB")
    reply = here.slack.write(OTP, user="U0BOB", thread=parent["ts"])
    await here.slack.shortcut(reply)

    answer = await here.until("nothing wrong so far")
    assert (answer["thread_ts"], answer["only"]) == (parent["ts"], "U0ALICE")


async def test_the_same_delivery_twice_is_answered_once(here: Team) -> None:
    delivery = await here.slack.shortcut(here.slack.write(OTP))
    await here.slack.acked(await here.slack.redeliver(delivery))
    await here.until("nothing wrong so far")
    await here.slack.shortcut(here.slack.write("two\u202e"))
    await here.until("would not take it")

    assert sum("nothing wrong so far" in one["text"] for one in here.slack.said()) == 1


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("验证码 {" * 400, "content is too long"),
        ("您的码 ${验证码} <b> & more", "“${验证码}” cannot be used"),
        ("", "There is no text to check."),
        ("  \n ", "There is no text to check."),
    ],
)
async def test_what_cannot_be_a_template_is_said_in_words(here: Team, typed: str, problem: str) -> None:
    await here.slack.shortcut(here.slack.write(typed))
    answer = await here.until(problem)

    shown = str(answer["blocks"])
    assert ("Submit this" in shown) is ("Would pass" in shown)


async def test_a_message_with_only_a_file_has_no_text(here: Team) -> None:
    file = here.slack.add_file("licence.png", png())
    await here.slack.shortcut(here.slack.write("", files=(file,)))

    await here.until("There is no text to check.")


async def test_on_from_the_answer_to_a_form_and_a_submission(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    """What was typed is submitted as it was typed: signs that Slack escapes, quotation marks, and a line end."""
    text = '您的 "验证码" 是${code} <5分钟> 请勿泄露。\n谢谢 type=promo'
    async with team(tmp_path, slack, sandbox, clock, without_defaults) as asking:
        await slack.shortcut(slack.write(text, user="U0BOB"))
        answer = await asking.until("nothing wrong so far")
        await slack.press("Submit this", answer)
        view = await slack.until(lambda: next((one for one in slack.views.values() if "submit" in one), None))
        fields = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
        assert fields["content"]["element"]["initial_value"] == text

        values = {"name": "登录验证码", "type": "notice"}
        ack = await slack.acked(await slack.submit_view(view["id"], values))
        assert "Reviewers may mind this" in ack["errors"]["content"]  # a text with a code, as a notification
        ack = await slack.acked(await slack.submit_view(view["id"], values))
        while ack:  # the form may have several steps
            assert ack["response_action"] == "update"
            ack = await slack.acked(await slack.submit_view(view["id"], {}))
        await asking.until("登录验证码")
        request = await asking.bot.services.database.read(lambda db: requests.get(db, 1))

    assert request.values["content"] == text
    assert request.submitter.endswith("U0ALICE")  # who pressed, not who wrote


async def test_the_button_carries_a_key_and_outlives_a_restart(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock) as first:
        await slack.shortcut(slack.write(OTP))
        answer = await first.until("nothing wrong so far")
    buttons = [one for block in answer["blocks"] if block["type"] == "actions" for one in block["elements"]]  # type: ignore[attr-defined]
    assert len(buttons[0]["value"]) < 30

    async with team(tmp_path, slack, sandbox, clock):
        await slack.press("Submit this", answer)
        view = await slack.until(lambda: next((one for one in slack.views.values() if "submit" in one), None))

    assert "请勿泄露" in str(view["blocks"])


async def test_who_may_not_submit_may_check(here: Team) -> None:
    here.slack.users["U0CAROL"] = {**here.slack.users["U0BOB"], "id": "U0CAROL", "name": "carol"}
    await here.slack.shortcut(here.slack.write(OTP), user="U0CAROL")
    answer = await here.until("nothing wrong so far")
    await here.slack.press("Submit this", answer, user="U0CAROL")

    assert (await here.until("You may not"))["only"] == "U0CAROL"


async def test_outsiders_are_refused(here: Team) -> None:
    await here.slack.shortcut(here.slack.write(OTP), user="U0EVE", team="T0OTHER")
    await here.until("I only serve people of this organisation")


async def test_where_the_bot_is_no_member_only_the_asker_is_answered(here: Team) -> None:
    message = here.slack.write(OTP, channel="C0OUT")
    await here.slack.shortcut(message, channel="C0OUT")
    assert (await here.until("nothing wrong so far", "C0OUT"))["only"] == "U0ALICE"
    assert not here.slack.public("C0OUT")


async def test_where_nobody_is_served_the_usual_refusal_comes(here: Team) -> None:
    here.slack.channels["C0NEW"] = type(here.slack.channels["C0SMS"])("C0NEW")
    message = here.slack.write(OTP, channel="C0NEW")
    await here.slack.shortcut(message, channel="C0NEW")

    assert (await here.until("not on my list", "C0NEW"))["only"] == "U0ALICE"


async def test_another_shortcut_is_acknowledged_and_does_nothing(here: Team) -> None:
    delivery = await here.slack.shortcut(here.slack.write(OTP), "something_else")
    assert await here.slack.acked(delivery) == {}
    await here.slack.shortcut(here.slack.write("two\u202e"))
    await here.until("would not take it")

    assert here.slack.find("nothing wrong so far") is None


async def test_edit_opens_the_form_with_what_would_pass_and_sends_nothing(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock) as here:
        text = "check template tencent 上新 type=promo content=新品上线，欢迎选购！拒收请回复R"
        await slack.acked(await slack.slash(text))
        await here.until("Would pass")
        await slack.acked(await slack.press("Edit"))
        view = await slack.until(lambda: next((one for one in slack.views.values() if "submit" in one), None))
        fields = {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}
        assert fields["content"]["element"]["initial_value"] == "尊敬的会员，新品上线，欢迎选购！拒收请回复R"
        assert not here.calls("AddSmsTemplate")
        request = await here.bot.services.database.read(lambda db: requests.get(db, 1))
        assert request.state is State.DRAFT
