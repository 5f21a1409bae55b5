"""Pictures in Slack: uploaded behind their message, into its thread; what goes wrong with one leaves the text alone."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.contracts.chat import Post
from bot.contracts.message import Message, Picture, Text
from bot.contracts.model import Place
from tests.acceptance.slack_team import Team
from tests.emulators.slack.team import SCOPES

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
CHART = Picture("quota.png", PNG, "What is left in 2 packages <!channel>")
POST = Post(
    place=Place("slack", "C0SMS"),
    message=Message(title=("Quota",), blocks=(Text(("38,200 left",)), CHART)),
    language="en",
    key="reply:1",
)
STEPS = ["chat.postMessage", "files.getUploadURLExternal", "upload", "files.completeUploadExternal"]


@pytest.fixture
def logged(here: Team) -> Iterator[list[dict[str, object]]]:
    with capture_logs() as logs:
        yield logs


def plain(text: str) -> Post:
    return Post(Place("slack", "C0SMS"), Message(title=(text,)), "en", f"key:{text}")


def calls(here: Team) -> list[str]:
    """What the posting called, each kind of it once it happened."""
    steps = (*STEPS, "files.info", "conversations.history", "conversations.replies")
    return [name for name, _ in here.slack.calls if name in steps]


def shown(here: Team) -> list[str]:
    """What the channel shows, in order: texts, and the names of files."""
    said = here.slack.channels["C0SMS"].messages
    return [
        "+".join(file["name"] for file in message["files"]) if "files" in message else message["text"].split("\n")[0]
        for message in said
    ]


async def test_a_picture_follows_its_message_and_what_comes_next_follows_the_picture(here: Team) -> None:
    here.slack.looks_until_shared = 3
    message_id = await here.chat.post(POST)
    await here.chat.post(plain("next"))

    assert shown(here) == ["Quota", "quota.png", "next"]
    assert calls(here) == [*STEPS, *["files.info"] * 3, "chat.postMessage"]
    picture = here.slack.channels["C0SMS"].messages[1]
    assert "thread_ts" not in picture
    assert picture["text"] == "What is left in 2 packages &lt;!channel&gt;"
    assert message_id == f"C0SMS:{here.slack.said()[0]['ts']}"
    (file,) = here.slack.files.values()
    assert file.content == PNG
    assert not file.alt_txt


@pytest.mark.parametrize("how", ["place", "under"])
async def test_a_picture_is_in_the_thread_of_its_message(here: Team, how: str) -> None:
    parent = (await here.chat.post(plain("card"))).rpartition(":")[2]
    place = replace(POST.place, thread=parent if how == "place" else "")
    await here.chat.post(replace(POST, place=place, under="" if how == "place" else f"C0SMS:{parent}"))

    assert [one.get("thread_ts") for one in here.slack.said()] == [None, parent, parent]


async def test_where_the_thread_is_gone_so_is_the_pictures(here: Team) -> None:
    await here.chat.post(replace(POST, place=replace(POST.place, thread="1.000001")))
    here.slack.refused.clear()

    assert ["thread_ts" in one for one in here.slack.said()] == [False, False]


async def test_two_pictures_are_shared_in_one_go(here: Team) -> None:
    second = Picture("stats.png", PNG + b"more", "Volume")
    message = replace(POST.message, blocks=(CHART, second))
    await here.chat.post(replace(POST, message=message))

    assert here.slack.count("files.completeUploadExternal") == 1
    assert shown(here) == ["Quota", "quota.png+stats.png"]


@pytest.mark.parametrize(
    ("step", "kind"),
    [
        (step, kind)
        for step in ("files.getUploadURLExternal", "files.completeUploadExternal")
        for kind in ("500", "reset", "reset_after", "500_after", "internal_error", "invalid_arguments")
    ]
    + [("upload", "500"), ("upload", "400"), ("upload", "reset")],
)
async def test_what_goes_wrong_with_a_picture_leaves_the_text_alone(
    here: Team, logged: list[dict[str, object]], step: str, kind: str
) -> None:
    here.slack.fail_next(step, kind)
    assert await here.chat.post(POST)
    await here.chat.post(plain("next"))

    assert [one for one in shown(here) if one != "quota.png"] == ["Quota", "next"]
    assert here.slack.count(step) == 1
    (warning,) = [one for one in logged if one["log_level"] == "warning"]
    assert warning["event"] == "a picture was not shown"
    assert step != "upload" or kind == "reset" or warning["reason"] == f"the upload was answered with {kind}"


async def test_an_ambiguous_end_is_not_repeated(here: Team) -> None:
    here.slack.fail_next("files.completeUploadExternal", "reset_after")
    await here.chat.post(POST)
    await here.chat.post(replace(POST, again=True))  # nobody knows whether the first one was recorded

    assert shown(here).count("Quota") == 1
    assert here.slack.count("files.completeUploadExternal") == 1


@pytest.mark.parametrize("step", ["files.getUploadURLExternal", "files.completeUploadExternal"])
async def test_too_soon_is_waited_for(here: Team, step: str) -> None:
    here.slack.fail_next(step, "429", retry_after=1)
    await here.chat.post(POST)

    assert shown(here) == ["Quota", "quota.png"]
    assert here.slack.count(step) == 2


async def test_far_too_soon_leaves_out_this_one_and_the_next(here: Team) -> None:
    here.slack.fail_next("files.getUploadURLExternal", "429", retry_after=60)
    await here.chat.post(POST)
    await here.chat.post(replace(POST, key="reply:2"))

    assert shown(here) == ["Quota", "Quota"]
    assert here.slack.count("files.getUploadURLExternal") == 1


async def test_without_the_right_to_upload_it_is_not_tried_again(here: Team, logged: list[dict[str, object]]) -> None:
    here.slack.scopes = SCOPES.replace(",files:write", "")
    await here.chat.post(POST)
    await here.chat.post(replace(POST, key="reply:2"))
    here.slack.refused.clear()

    assert shown(here) == ["Quota", "Quota"]
    assert here.slack.count("files.getUploadURLExternal") == 1
    assert sum(one["event"] == "a picture was not shown" for one in logged) == 1


async def test_without_the_right_to_look_the_picture_is_not_waited_for(here: Team) -> None:
    here.slack.scopes = SCOPES.replace("files:read,", "")
    await here.chat.post(POST)
    here.slack.refused.clear()

    assert here.slack.count("files.completeUploadExternal") == 1
    assert here.slack.count("files.info") == 1


async def test_a_picture_that_is_late_holds_nothing_up_for_long(here: Team) -> None:
    here.slack.looks_until_shared = 1000
    async with asyncio.timeout(10):
        await here.chat.post(POST)
        await here.chat.post(plain("next"))

    assert [one for one in shown(here) if one != "quota.png"] == ["Quota", "next"]


async def test_an_edited_message_brings_no_second_picture(here: Team) -> None:
    message_id = await here.chat.post(POST)
    await here.chat.edit(message_id, POST)

    assert shown(here) == ["Quota", "quota.png"]
