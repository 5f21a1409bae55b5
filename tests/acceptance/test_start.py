"""How people begin: a greeting, a bare call, a sentence. Short, with something to press or to copy, and never an error."""

import re
from pathlib import Path

import pytest

from tests.acceptance.slack_forms import asked, opened
from tests.acceptance.slack_pages.pages import labels
from tests.acceptance.slack_team import Team
from tests.acceptance.test_dingtalk import stage as dingtalk
from tests.stage import stage

SUBMITTING = ["Submit a signature", "Submit a template", "My requests", "Quota"]


# --- Slack -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["", "hello", "Hi there!"])
async def test_slack_shows_what_can_be_pressed(here: Team, typed: str) -> None:
    await here.slack.slash(typed, user="U0BOB")
    said = await here.until("sign submit")

    assert labels(said) == SUBMITTING
    assert len(str(said["text"]).splitlines()) <= 4
    assert "I know no" not in str(said["text"])


async def test_a_press_opens_the_form(here: Team) -> None:
    await here.slack.mention("hi")
    await here.until("What shall be done?")
    await here.slack.press("Submit a signature")

    assert {"accounts", "name"} <= set(asked(here, await opened(here, "accounts")))


async def test_who_may_only_look_is_offered_only_that(here: Team) -> None:
    here.slack.users["U0CAROL"] = {**here.slack.users["U0BOB"], "id": "U0CAROL", "name": "carol"}
    await here.slack.slash("hello", user="U0CAROL")
    said = await here.until("What shall be done?")

    assert labels(said) == ["My requests", "Quota"]
    assert "submit" not in str(said["text"])


async def test_a_sentence_is_quoted_and_answered_with_what_there_is(here: Team) -> None:
    await here.slack.slash("what's up with my request from yesterday")
    said = await here.until("I did not understand “what's up with my request from yesterday”.")

    assert "My requests" in labels(said)


# --- In words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["", "你好", "在吗？", "我想提交一个短信签名"])
async def test_dingtalk_offers_the_few_commands_in_chinese(tmp_path: Path, typed: str) -> None:
    async with dingtalk(tmp_path) as s:
        (said,) = await s.said(typed)

    assert "没有 " not in said.title
    assert all(command in said.text for command in ("签名 提交", "模板 提交", "状态 我的", "额度", "帮助"))
    assert len(re.sub(r"\(dtmd:[^)]*\)", "", said.text)) < 700  # where a link leads nobody reads


async def test_the_terminal_says_what_to_type(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say("hello")

    assert said.startswith("What shall be done?\n")
    assert "Next: `sign submit` · `template submit` · `status mine` · `quota`" in said
    assert "Submit a signature" not in said  # nothing to press here


# --- Help ------------------------------------------------------------------------------------------------------------


async def test_help_is_short_and_leads_to_more(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        first = await s.say("help")
        second = await s.say("help submit")

    assert len(first.splitlines()) <= 12
    assert "• Submit: `sign submit` · `template submit`" in first
    assert "alone ask for everything" in first
    assert "• `delete #ID … [confirm, keep]`: delete at the vendor" in second
    assert "• `settle #ID id=…` · `settle #ID resend`" in second
    assert "alerts" not in second


async def test_help_in_chinese_has_one_look_in_every_chat(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh") as s:
        said = await s.say("帮助 提交")
    async with dingtalk(tmp_path / "other") as d:
        (there,) = await d.said("帮助 提交")

    line = "`签名 提交 ［账号］ ［名称］ ［键=值 …］`："
    assert line in said
    assert line in there.text
