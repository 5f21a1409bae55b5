"""Questions of the dialogue that nobody answers, or that something else has answered meanwhile."""

from datetime import timedelta
from pathlib import Path

from bot.contracts.model import State
from bot.store import dialogues, requests
from integrations.sandbox import Sandbox
from tests.acceptance import slack_forms
from tests.acceptance.dialogue import HOUR, LICENCE, OTHER, TEXT, say, state, told, without_defaults
from tests.acceptance.slack_team import Team
from tests.stage import ME, StageClock, stage

MINUTE = timedelta(minutes=1)


# --- Nobody answers ----------------------------------------------------------------------------------------------------


async def test_one_reminder_then_the_question_is_forgotten_and_the_draft_stays(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "template submit tencent")
        await say(s, "登录码")
        assert "waits" not in await s.pass_time(29 * MINUTE, step=MINUTE)
        said = await s.pass_time(2 * MINUTE, step=MINUTE)
        assert "@submitter template 登录码 · tencent waits for your answer" in said
        assert "Still missing: Kind of text, Text." in said
        assert "`cancel` gives up" in said
        assert "I wait until tomorrow 09:30" in said
        assert "waits" not in await s.pass_time(23 * HOUR)
        said = await s.pass_time(HOUR)
        assert said.count("the question is over") == 1
        assert "Next: `edit #1`" in said
        assert "waits" not in said
        assert "question is over" not in await s.pass_time(48 * HOUR, step=HOUR)
        assert await state(s, 1) is State.DRAFT
        said = await say(s, "edit #1")
        assert "2 more to fill in for template 登录码 · tencent" in said  # what was answered is kept
        assert "in review" in await say(s, f"type: 1\ncontent: {TEXT}")


async def test_an_answer_begins_the_time_anew(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "template submit tencent")
        assert "waits" in await s.pass_time(35 * MINUTE, step=5 * MINUTE)
        await say(s, "登录码")
        assert "waits" not in await s.pass_time(25 * MINUTE, step=5 * MINUTE)
        await say(s, "nonsense")  # does not fit, and yet somebody is there
        assert "waits" not in await s.pass_time(25 * MINUTE, step=5 * MINUTE)
        assert "waits" in await s.pass_time(10 * MINUTE, step=5 * MINUTE)
        await s.pass_time(23 * HOUR)
        assert "in review" in await say(s, f"type: 1\ncontent: {TEXT}")
        assert "question is over" not in await s.pass_time(26 * HOUR)


async def test_restarts_change_nothing(tmp_path: Path) -> None:
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        heard = ""
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            await say(s, "template submit tencent 登录码")
        clock.move(31 * MINUTE)
        for _ in range(3):
            async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
                heard += await s.pass_time(MINUTE)
        assert heard.count("waits for your answer") == 1
        clock.move(24 * HOUR)
        heard = ""
        for _ in range(3):
            async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
                heard += await s.pass_time(MINUTE)
        assert heard.count("the question is over") == 1
        assert "waits" not in heard


async def test_after_a_day_asleep_there_is_no_reminder_of_what_is_over(tmp_path: Path) -> None:
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            await say(s, "template submit tencent 登录码")
        clock.move(30 * HOUR)
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            heard = await s.pass_time(MINUTE)
        assert heard.count("the question is over") == 1
        assert "waits" not in heard


async def test_a_question_whether_to_delete_just_expires(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit aliyun 速达物流 source=company")
        await s.pass_time(10 * timedelta(days=1), step=6 * HOUR)
        await say(s, "delete #1")
        await s.pass_time(26 * HOUR, step=HOUR)
        assert await told(s) == 0
        assert await s.bot.services.database.read(lambda db: dialogues.get(db, s.place, ME)) is None


async def test_an_edit_that_was_begun_leaves_the_request_as_it_was(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit tencent 速达 source=company qualification=8563 remark=Orders", files=(LICENCE,))
        await s.pass_time(48 * HOUR, step=HOUR)
        assert await state(s, 1) is State.REJECTED
        said = await say(s, "edit #1 name=速达物流")
        assert "1 more to fill in" in said  # papers are not kept
        said = await s.pass_time(25 * HOUR, step=30 * MINUTE)
        assert "and nothing is changed" in said
        assert "#1 stays as it was." in said
        assert (await s.request(1)).name == "速达"


# --- What goes on by another way ----------------------------------------------------------------------------------------


async def test_what_was_completed_by_a_command_is_not_asked_for_and_not_sent_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "template submit tencent 登录码")
        await s.say(f"edit #1 type=otp content='{TEXT}'", actor=OTHER)
        assert await state(s, 1) is State.IN_REVIEW
        assert "waits" not in await s.pass_time(40 * MINUTE)
        await say(s, f"type: 1\ncontent: {TEXT}")
        assert s.calls("tencent", "AddSmsTemplate") == 1
        assert s.calls("tencent", "ModifySmsTemplate") == 0


async def test_an_answer_to_what_went_on_meanwhile_is_told_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "template submit all 登录码 type=otp")
        await s.say(f"edit #1 content='{TEXT}'", actor=OTHER)
        await s.say("delete #2 confirm", actor=OTHER)
        said = await say(s, "summary")
        assert "1 more to fill in for template 登录码 · ucloud" in said
        await s.say(f"edit #3 content='{TEXT}'", actor=OTHER)
        said = await say(s, TEXT)
        assert "This question is over" in said
        assert "#3 登录码 at ucloud: in review" in said
        assert [len(s.sandbox.accepted(vendor)) for vendor in ("alibaba", "tencent", "ucloud")] == [1, 0, 1]


async def test_a_question_that_outlived_its_answer_sends_nothing_again(tmp_path: Path) -> None:
    """A kill between the intent and the end of the question leaves both; the intent has gone on."""
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            await say(s, "template submit all 登录码 type=otp")
            asked = await s.bot.services.database.read(lambda db: dialogues.get(db, s.place, ME))
            assert asked is not None
            assert "3 vendors" in await say(s, TEXT)
            await s.bot.services.database.write(lambda db: dialogues.put(db, asked))
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            assert "waits" not in await s.pass_time(MINUTE)
            said = await say(s, TEXT)
            assert "This question is over" in said
            assert all(f"#{number} 登录码" in said for number in (1, 2, 3))
            await s.bot.services.database.write(lambda db: dialogues.put(db, asked))
            assert "waits" not in await s.pass_time(HOUR)
            assert await told(s) == 0
        assert [len(sandbox.accepted(vendor)) for vendor in ("alibaba", "tencent", "ucloud")] == [1, 1, 1]


async def test_the_first_words_delivered_again_ask_for_nothing_that_has_gone_on(tmp_path: Path) -> None:
    """A kill after the question, before its delivery is known as dealt with; the chat delivers it again, late."""
    async with stage(tmp_path) as s:
        await s.say("template submit tencent 登录码 type=otp", can_ask=True, origin="first")
        assert "in review" in await say(s, TEXT)
        await s.bot.services.database.write(lambda db: db.execute("DELETE FROM heard"))
        assert await s.say("template submit tencent 登录码 type=otp", can_ask=True, origin="first") == ""
        await say(s, "您的验证码是${code}，10分钟内有效。")
        assert s.calls("tencent", "AddSmsTemplate") == 1
        assert s.calls("tencent", "ModifySmsTemplate") == 0


async def test_a_draft_that_was_given_up_is_not_reminded_of(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "template submit tencent 登录码")
        await s.say("delete #1 confirm", actor=OTHER)
        assert await s.pass_time(40 * MINUTE) == ""
        assert await s.bot.services.database.read(lambda db: dialogues.due(db, s.clock.now() + 48 * HOUR)) == ()


async def test_somebody_elses_edit_leaves_my_question_open(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit aliyun 速达物流 source=company")
        await s.pass_time(6 * HOUR)
        await say(s, "template submit tencent 登录码")
        await say(s, "edit #1 remark='Parcels, https://suda.example'")  # another request, from the same person
        assert "in review" in await say(s, f"type: 1\ncontent: {TEXT}")
        found = await s.bot.services.database.read(lambda db: requests.find(db, 2))
        assert found is not None
        assert found.state is State.IN_REVIEW


# --- Slack: a form is opened, and the question is there all the same -------------------------------------------------------


async def test_a_form_that_was_left_open_is_reminded_of_like_a_question(asking: Team) -> None:
    await asking.slack.acked(await asking.slack.slash("sign submit ucloud 速达物流"))
    view_id = await slack_forms.opened(asking)
    await asking.pass_time(40 * MINUTE)
    reminder = await asking.until("waits for your answer")
    assert "<@U0ALICE>" in str(reminder["text"])
    assert "Still missing: Source of the name, Papers, Note to the reviewer." in str(reminder["text"])
    assert "Fill in" in str(reminder["blocks"])
    papers = {"paper": (asking.slack.add_file("licence.png", LICENCE.content),)}
    await slack_forms.through(asking, view_id, slack_forms.ANSWERS, papers)
    await asking.until("in review")
    await asking.pass_time(26 * HOUR, step=HOUR)
    said = [str(one["text"]) for one in asking.slack.said()]
    assert [sum(part in one for one in said) for part in ("waits for your answer", "the question is over")] == [1, 0]
    assert asking.calls("CreateUSMSSignature") == 1


async def test_a_question_in_a_thread_is_reminded_of_in_the_thread(here: Team) -> None:
    await here.slack.acked(await here.slack.slash("sign submit aliyun 速达物流 source=company"))
    first = await here.until("in review")  # help is for whoever asked, and carries no thread
    await here.slack.acked(await here.slack.mention("template submit tencent 登录码", thread=str(first["ts"])))
    await here.until("2 more to fill in")
    await here.pass_time(40 * MINUTE)
    reminder = await here.until("waits for your answer")
    assert reminder["thread_ts"] == first["ts"]


# --- Opened again ------------------------------------------------------------------------------------------------------


async def test_a_draft_with_nothing_missing_is_opened_and_sent_only_when_somebody_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "template submit tencent 登录码")
        # As a form leaves it that was closed with everything filled in.
        await s.bot.services.requests.orders.keep(1, {"name": "登录码", "type": "otp", "content": TEXT}, ME)
        said = await say(s, "edit #1")
        assert "Nothing is missing any more for template 登录码 · tencent: `submit` sends it" in said
        assert TEXT in said
        assert await state(s, 1) is State.DRAFT
        assert s.sandbox.accepted("tencent") == []
        assert "in review" in await say(s, "submit")
