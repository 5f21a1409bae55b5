"""Alibaba's code to the administrator's phone: sent when everything else is known, once, held against what is said."""

from datetime import timedelta
from pathlib import Path

from bot.contracts.model import State
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.dialogue import without_defaults
from tests.acceptance.slack_forms import asked, handed_in, opened, shown
from tests.acceptance.slack_team import team
from tests.acceptance.test_personal_data import licence
from tests.emulators.slack.server import Slack
from tests.made_files import png
from tests.stage import Stage, StageClock, stage

NAME, NUMBER, PHONE = "张埋名", "330106199001011234", "13812349876"
SUBMIT = (
    "qualification submit aliyun 速达新资质 company=速达科技有限公司 credit_code=91330106MA2SANDBX1 "
    "licence_dates=2020-01-01~2099-12-31"
)
PERSONS = {
    "handler_phone": PHONE,
    "legal_name": NAME,
    "legal_id": NUMBER,
    "legal_id_dates": "2020-01-01~2040-01-01",
    "handler_name": NAME,
    "handler_id": NUMBER,
    "handler_id_dates": "2020-01-01~2040-01-01",
}


async def test_said_in_words_after_everything_else(tmp_path: Path) -> None:
    folder, told = tmp_path / "data", []
    async with stage(folder, change=without_defaults) as here:

        async def say(text: str) -> str:
            told.append(await here.say(text, can_ask=True))
            return told[-1]

        await say(SUBMIT)
        block = "\n".join(f"{key}: {value}" for key, value in PERSONS.items())
        files = [f"{key}={licence(tmp_path)}" for key in ("paper", "handler_front", "handler_back")]
        assert "certify_code" not in await say(block)
        for file in files[:2]:
            await say(file)
        assert here.calls("alibaba", "RequiredPhoneCode") == 0
        here.sandbox.faults.next("alibaba", Fault.ANSWER, "RequiredPhoneCode", code="isv.BUSINESS_LIMIT_CONTROL")
        assert "did not send a code to 138****9876" in await say(files[2])
        assert "has sent a code to 138****9876" in await say("again")
        assert "has sent a code" in await say("summary")  # which sends none
        assert here.calls("alibaba", "RequiredPhoneCode") == 2
        assert "not the code it sent" in await say("123456")
        assert here.calls("alibaba", "SubmitSmsQualification") == 0
        assert "in review" in await say(PHONE[-6:])
        await passed(here)
        assert "qualification=" in told[-1] + await say("show #1")
        assert "never changes" in await say("edit #1 credit_code=91330106MA2SANDBX2")
        asked = await say("edit #1")
        assert "`licence_dates`" in asked
        assert "`credit_code`" not in asked


async def test_where_nothing_is_asked_in_between_the_code_is_sent_and_all_is_said_again(tmp_path: Path) -> None:
    picture = licence(tmp_path)
    files = " ".join(f"{key}={picture}" for key in ("paper", "handler_front", "handler_back"))
    whole = f"{SUBMIT} {' '.join(f'{key}={value}' for key, value in PERSONS.items())} {files}"
    async with stage(tmp_path / "data", change=without_defaults) as here:
        told = " ".join((await here.say(whole)).split())
        assert "has sent a code to 138****9876: say it all once more, with it" in told
        again = told.partition("Next:")[2]
        assert "handler_phone=… " in again
        assert "handler_front=… " in again  # a path may name a person
        assert "in review" in await here.say(f"{whole} certify_code={PHONE[-6:]}")


async def passed(here: Stage) -> None:
    await here.pass_time(timedelta(hours=4), step=timedelta(hours=1))
    assert (await here.request(1)).state is State.READY


async def test_a_form_says_where_it_was_sent_and_takes_it(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        team(tmp_path, slack, sandbox, clock, without_defaults) as here,
    ):
        await slack.slash(SUBMIT)
        view = await opened(here)
        values = {**PERSONS, "certify_code": "000000"}
        files = {key: (slack.add_file("paper.png", png()),) for key in ("paper", "handler_front", "handler_back")}
        while "certify_code" not in asked(here, view):
            assert here.calls("RequiredPhoneCode") == 0
            await handed_in(here, view, values, files)
            await slack.until(lambda: "submit" in slack.views.get(view, {}))
        assert here.calls("RequiredPhoneCode") == 1
        assert "138****9876" in str(asked(here, view)["certify_code"]) + shown(here, view)
        await handed_in(here, view, values, files)
        await slack.until(lambda: view in slack.views and "not the code it sent" in str(slack.views[view]))
        clock.move(timedelta(seconds=61))
        await handed_in(here, view, values, files)
        await slack.until(lambda: view in slack.views and "It has sent another one" in str(slack.views[view]))
        assert here.calls("SubmitSmsQualification") == 0
        await handed_in(here, view, {**values, "certify_code": PHONE[-6:]}, files)
        await here.until("in review")
        assert here.calls("RequiredPhoneCode") == 2
