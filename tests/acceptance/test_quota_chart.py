"""`quota` with its picture: of what was measured just now, and only where there is something to draw."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.commands.command import Command
from bot.commands.parsing import parse
from bot.contracts.message import Message, Picture
from bot.contracts.model import Actor, Incoming, Place
from bot.desk.chats import Chats
from handlers import ROUTER
from integrations.sandbox import Fault
from integrations.slack.client import Slack
from integrations.slack.config import Slack as SlackTable
from tests.acceptance.slack_story import read
from tests.acceptance.slack_team import Team
from tests.stage import Stage, stage


async def asked(s: Stage, text: str, platform: str = "slack") -> Message:
    """The answer as a message, before any chat has rendered it."""
    incoming = Incoming(text, Actor("terminal", "submitter"), s.place, "quota")
    context = s.bot.reception.context(incoming)
    command = parse(text, ROUTER, s.bot.services.speech.vocabulary)
    assert isinstance(command, Command)
    assert context is not None
    bot_token, app_token = SecretStr("xoxb-1"), SecretStr("xapp-1")
    slack = Slack(
        SlackTable(bot_token=bot_token, app_token=app_token), language=lambda _: "en"
    )  # one that shows pictures; not started
    services = replace(s.bot.services, chats=Chats({**s.bot.services.chats.listening, "slack": slack}))
    context = replace(context, services=services, incoming=replace(incoming, place=Place(platform, "C0SMS")))
    message = await ROUTER.handler(command.declaration)(command, context)
    assert message is not None
    return message


def pictures(message: Message) -> list[Picture]:
    return [block for block in message.blocks if isinstance(block, Picture)]


@pytest.mark.parametrize(("language", "said"), [("en", "What is left in 3 packages"), ("zh", "3 个套餐的剩余额度")])
async def test_a_picture_of_every_package(tmp_path: Path, language: str, said: str) -> None:
    async with stage(tmp_path, language=language) as s:
        (picture,) = pictures(await asked(s, "quota"))

    assert picture.name == "quota.png"
    assert picture.text == said
    assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(picture.png) < 200_000


async def test_nothing_is_drawn_for_a_chat_that_shows_no_pictures(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        assert not pictures(await asked(s, "quota", "terminal"))


async def test_money_is_not_drawn(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        message = await asked(s, "quota ucloud")

    assert not pictures(message)
    assert "Balance" in str(message.blocks)
    assert "Package" not in str(message.blocks)


async def test_what_was_not_measured_is_not_drawn(tmp_path: Path) -> None:
    """The last reading stands in the text, with its age; a picture would look like now."""
    async with stage(tmp_path) as s:
        assert pictures(await asked(s, "quota tencent"))
        s.sandbox.faults.next(
            "tencent", Fault.ANSWER, "SmsPackagesStatistics", code="AuthFailure.UnauthorizedOperation", text="no"
        )
        message = await asked(s, "quota tencent")

    assert not pictures(message)
    assert "did not answer" in str(message.blocks)


async def test_a_terminal_shows_the_figures(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say("quota")

    assert "24,000" in said
    assert "PNG" not in said


async def test_slack_shows_it_behind_the_figures_in_the_same_thread(here: Team) -> None:
    parent = here.slack.write("how much is left?")
    await here.slack.mention("quota", thread=parent["ts"])
    await here.slack.until(lambda: [one for one in here.slack.said() if "files" in one])

    figures, picture = here.slack.said()
    assert figures["text"].startswith("Quota")
    assert picture["text"] == "What is left in 3 packages"
    assert figures["thread_ts"] == picture["thread_ts"] == parent["ts"]
    (file,) = here.slack.files.values()
    assert file.content.startswith(b"\x89PNG\r\n\x1a\n")


@pytest.mark.parametrize("said", ["quota", "stats"])
async def test_in_a_channel_of_slack_a_look_up_is_for_whoever_asked_and_its_picture_one_to_one(
    here: Team, said: str
) -> None:
    await here.slack.acked(await here.slack.slash(said, "U0ALICE"))
    await here.slack.until(lambda: [one for one in here.slack.said("D0ALICE") if "files" in one])

    (figures,) = here.slack.said()
    assert figures["only"] == "U0ALICE"
    assert "The picture is in our 1:1 conversation." in read(figures)
    title, picture = here.slack.said("D0ALICE")
    assert figures["text"].startswith(title["text"])
    assert picture["files"][0]["name"].endswith(".png")


async def test_without_the_right_to_upload_the_figures_say_nothing_of_a_picture(here: Team) -> None:
    for _ in range(2):  # the first try finds out
        here.slack.fail_next("files.getUploadURLExternal", "missing_scope")
        await here.slack.acked(await here.slack.slash("quota", "U0ALICE"))
        await here.chat._work.idle()

    first, again = here.slack.said()
    assert "1:1" in read(first)
    assert "1:1" not in read(again)
    assert len(here.slack.said("D0ALICE")) == 1
