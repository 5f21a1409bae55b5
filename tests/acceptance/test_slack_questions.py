"""Questions in Slack: they stand there with buttons until they are answered, and are closed wherever the answer came from."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.contracts.model import State
from bot.store import dialogues, requests
from integrations.sandbox import Fault
from tests.acceptance.slack_crew import Crew
from tests.acceptance.slack_pages.pages import labels
from tests.acceptance.slack_team import SUBMIT, Team

LOST = 'template submit ucloud 登录验证码 type=otp content="您的登录验证码是${code}，5分钟内有效，请勿泄露。"'


async def asked(here: Team, number: int = 1) -> dict[str, Any]:
    """Something that can be deleted, and the question whether to."""
    await here.slack.slash(SUBMIT)
    await here.until("in review")
    await here.pass_time(timedelta(hours=4))
    await here.slack.slash(f"delete #{number}")
    question = await here.until("Delete #1 signature 速达物流 at aliyun?")
    assert "only" not in question  # whoever may can answer it
    assert labels(question) == ["Delete", "Keep"]
    return dict(question) | {"edits": question["edits"]}


async def closed(here: Team, ts: str, part: str, channel: str = "C0SMS") -> dict[str, Any]:
    """Wait until the question of this ts says so, and nothing can be pressed on it any more."""

    def found() -> dict[str, Any] | None:
        message = here.slack.channels[channel].find(ts)
        return message if message is not None and part in message["text"] else None

    message: dict[str, Any] = await here.comes(found)
    assert labels(message) == []
    return message


async def standing(here: Team) -> State:
    return (await here.bot.services.database.read(lambda db: requests.get(db, 1))).state


def buttons(message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [one for block in message["blocks"] if block["type"] == "actions" for one in block["elements"]]


async def test_delete_asks_with_buttons_and_the_dangerous_one_asks_again(here: Team) -> None:
    question = await asked(here)
    delete, keep = buttons(question)
    assert delete["style"] == "danger"
    assert "confirm" in delete
    assert "confirm" not in keep
    assert "thread_ts" not in question


async def test_pressing_delete_deletes_and_closes_the_question(here: Team) -> None:
    question = await asked(here)
    await here.slack.press("Delete", here.slack.find("Delete #1"), user="U0BOB")
    await closed(here, question["ts"], "#1 signature 速达物流 at aliyun · deletion confirmed")
    await here.until("deleted")
    assert await here.bot.services.database.read(lambda db: list(db["dialogues"].rows)) == []


async def test_pressing_keep_closes_the_question_and_nothing_is_deleted(here: Team) -> None:
    question = await asked(here)
    await here.slack.press("Keep", here.slack.find("Delete #1"), user="U0BOB")
    await closed(here, question["ts"], "· kept, bob decided")
    assert await standing(here) is State.READY
    assert here.calls("DeleteSmsSign") == 0
    await here.slack.mention("yes")  # it is no answer to anything any more
    await here.until("I am not asking you anything here now.")
    assert await standing(here) is State.READY


@pytest.mark.parametrize(("said", "part"), [("yes", "deletion confirmed"), ("no", "kept, alice decided")])
async def test_an_answer_in_words_closes_it_too(here: Team, said: str, part: str) -> None:
    question = await asked(here)
    await here.slack.mention(said)
    await closed(here, question["ts"], part)


async def test_an_answer_from_elsewhere_closes_it_where_it_stands(crew: Crew) -> None:
    async with crew() as here:
        question = await asked(here)
        await here.slack.slash("delete #1 confirm", channel="C0TWO", user="U0BOB")
        await closed(here, question["ts"], "deletion confirmed")


async def test_each_place_that_was_asked_is_closed_and_each_only_once(crew: Crew) -> None:
    async with crew() as here:
        first = await asked(here)
        await here.slack.slash("delete #1", channel="C0TWO", user="U0BOB")
        second = await here.until("Delete #1", "C0TWO")
        await here.slack.press("Delete", here.slack.find("Delete #1"))
        await closed(here, first["ts"], "deletion confirmed")
        await closed(here, str(second["ts"]), "deletion confirmed", "C0TWO")
        await here.until("deleted")
        assert [len(one["edits"]) for one in here.slack.said() if one["ts"] == first["ts"]] == [1]


async def test_several_are_one_question(here: Team) -> None:
    await here.slack.slash("sign submit aliyun,tencent 速达物流 source=company")
    await here.until("#2 tencent: in review")
    await here.pass_time(timedelta(hours=4))
    await here.slack.slash("delete #1 #2")
    question = await here.until("Delete #1, #2, all of them?")
    await here.slack.press("Keep", question)
    await closed(here, str(question["ts"]), "#1, #2 · kept, alice decided")
    assert await here.bot.services.database.read(lambda db: dialogues.due(db, here.clock.now())) == ()


async def test_who_may_not_delete_closes_nothing(here: Team) -> None:
    question = await asked(here)
    here.slack.users["U0CAROL"] = {**here.slack.users["U0BOB"], "id": "U0CAROL", "name": "carol"}
    for label in ("Delete", "Keep"):
        await here.slack.press(label, here.slack.find("Delete #1"), user="U0CAROL")
        refusal = await here.until("You may not")
        assert refusal["only"] == "U0CAROL"
    message = here.slack.channels["C0SMS"].find(question["ts"])
    assert message is not None
    assert labels(message) == ["Delete", "Keep"]


async def test_a_lost_request_is_asked_about_until_it_is_settled_anywhere(crew: Crew) -> None:
    async with crew() as here:
        here.sandbox.faults.next("ucloud", Fault.RESET_AFTER, "CreateUSMSTemplate")
        await here.slack.slash(LOST.replace("ucloud ", "all "))
        question = await here.until("I will not send it twice")
        other = await here.until("I will not send it twice", "C0TWO")
        assert labels(question) == labels(other) == ["It is there, id …", "It is not there, send again"]
        ref = here.sandbox.accepted("ucloud")[0].ref
        await here.slack.slash(f"settle #3 id={ref}", channel="C0TWO", user="U0BOB")
        await closed(here, str(question["ts"]), "settled, it is in review now")
        await closed(here, str(other["ts"]), "settled, it is in review now", "C0TWO")
