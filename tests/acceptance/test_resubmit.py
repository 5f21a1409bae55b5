"""A rejected request is opened with its reason and what would pass, and sent again in its own thread."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.model import State
from tests.acceptance.dialogue import without_defaults
from tests.acceptance.slack_forms import asked, handed_in, opened, request, shown, through
from tests.acceptance.slack_team import Team
from tests.acceptance.test_explained import rejected
from tests.acceptance.test_personal_data import SUBMIT as QUALIFICATION
from tests.acceptance.test_personal_data import licence
from tests.acceptance.test_second_person import BOB, policy
from tests.acceptance.test_second_person_in_chats import Both, both
from tests.made_files import png
from tests.stage import stage

__all__ = ["both"]

PROMO = 'template submit tencent 上新 type=promo content="新品上线，欢迎选购！拒收请回复R"'
BETTER = "尊敬的会员，新品上线，欢迎选购！拒收请回复R"
BLIND, NOBODYS = "明显盲发，未体现会员", "签名无法识别主体"
ALIBABA = "sign submit aliyun 速达物 source=company"


@pytest.mark.parametrize(
    ("language", "again", "differs", "send"),
    [
        ("en", "resubmit #1", "Text: 新品上线，欢迎选购！拒收请回复R → ", "submit"),
        ("zh", "重提 #1", "内容：新品上线，欢迎选购！拒收请回复R → ", "提交"),
    ],
)
async def test_its_number_shows_reason_and_fix_and_sends_nothing(
    tmp_path: Path, language: str, again: str, differs: str, send: str
) -> None:
    async with stage(tmp_path, language=language, auto_review=False) as here:
        assert f"`{again}`" in await rejected(here, PROMO, "上新", BLIND, "tencent")
        said = await here.say(again, can_ask=True)
        assert f"> {BLIND}" in said
        assert f"{differs}{BETTER}" in said
        assert (await here.request(1)).state is State.REJECTED
        await here.say(send, can_ask=True)
        assert (await here.request(1)).state is State.IN_REVIEW
        assert (await here.request(1)).values["content"] == BETTER
        here.sandbox.approve("tencent", "上新")
        await here.pass_time(timedelta(hours=2))
        second = await rejected(here, PROMO.replace("上新", "秋季").replace("新品", "秋装"), "秋季", BLIND, "tencent")
        assert f"`新品上线，欢迎选购！拒收请回复R` → `{BETTER}`" in second  # what passed the last time
        assert "#1" in second


async def test_what_its_vendor_does_not_change_is_a_new_one_in_its_place_once(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False) as here:
        await rejected(here, ALIBABA, "速达物", NOBODYS)
        said = await here.say("resubmit #1 name=速达物流", can_ask=True)
        assert "Name: 速达物 → 速达物流" in said
        await here.say("cancel", can_ask=True)
        await here.say("resubmit #1 name=速达快运", can_ask=True)  # opens the draft that there is
        assert "#2 was not changed" not in said
        assert (await here.request(2)).earlier == 1
        await here.say("submit", can_ask=True)
        assert (await here.request(2)).state is State.IN_REVIEW
        assert "In place of #1, which was rejected." in await here.say("show #2")
        said = await here.say("resubmit #1")
        assert "took the place of #1 and is in review" in said
        assert here.calls("alibaba", "CreateSmsSign") == 2


@pytest.mark.parametrize(
    ("before", "typed", "answer"),
    [
        ((), "resubmit #1", "There is no #1 here."),
        ((PROMO,), "resubmit #1", "is in review: there is nothing to send again"),
        ((PROMO,), "resubmit #1 colour=red", "there is nothing to send again"),
        (("qualification submit tencent 速达资质",), "resubmit #1", "#1"),
    ],
)
async def test_what_cannot_be_sent_again_says_so_and_changes_nothing(
    tmp_path: Path, before: tuple[str, ...], typed: str, answer: str
) -> None:
    async with stage(tmp_path, auto_review=False) as here:
        for text in before:
            await here.say(text)
        assert answer in await here.say(typed)
        changing = ("CreateSmsSign", "ModifySmsTemplate", "ModifySmsSign", "AddSmsTemplate", "AddSmsSign")
        assert sum(one.action in changing for one in here.sandbox.calls) == (before == (PROMO,))


async def test_what_was_rejected_waits_for_a_second_person_like_anything_else(tmp_path: Path) -> None:
    async with stage(tmp_path, auto_review=False, change=policy("edit", "submit")) as here:
        await here.say(ALIBABA)
        await here.say("approve #1", actor=BOB)
        here.sandbox.reject("alibaba", "速达物", NOBODYS)
        await here.pass_time(timedelta(hours=2))
        await here.say("resubmit #1 name=速达物流", can_ask=True)
        assert "waits for approval" in await here.say("submit", can_ask=True)
        assert here.calls("alibaba", "CreateSmsSign") == 1
        await here.say("approve #2", actor=BOB)
        assert here.calls("alibaba", "CreateSmsSign") == 2
        assert (await here.request(2)).state is State.IN_REVIEW


# --- Chats ------------------------------------------------------------------------------------------------------------


async def turned_down(here: Team, text: str, vendor: Any, name: str, reason: str) -> dict[str, Any]:
    await here.slack.slash(text)
    if text == PROMO:  # whoever writes it is told, and wants it as it is
        await here.until("Reviewers may mind this")
        await here.slack.acked(await here.slack.mention("submit"))
    await here.until("in review")
    here.sandbox.reject(vendor, name, reason)
    await here.pass_time(timedelta(hours=2))
    return await here.until("rejected by")


async def test_in_slack_one_press_opens_the_form_with_the_fix_in_it(here: Team) -> None:
    await turned_down(here, PROMO, "tencent", "上新", BLIND)
    await here.slack.acked(await here.slack.press("Fix and resubmit"))
    view = await opened(here, "content")
    assert asked(here, view)["content"]["element"]["initial_value"] == BETTER
    assert BLIND in shown(here, view)
    assert f"→ {BETTER}" in shown(here, view)
    await through(here, view, {})
    await here.comes(lambda: here.calls("ModifySmsTemplate"))
    await here.work()
    assert (await request(here, 1)).values["content"] == BETTER


async def test_in_slack_a_new_one_stands_in_the_thread_of_the_old(here: Team) -> None:
    await turned_down(here, ALIBABA, "alibaba", "速达物", NOBODYS)
    card = here.slack.find("速达物", "C0SMS")
    assert card is not None
    await here.slack.slash("resubmit #1 name=速达物流")
    view = await opened(here)
    assert "速达物 → 速达物流" in shown(here, view)
    file = here.slack.add_file("licence.png", png())
    while "submit" in here.slack.views.get(view, {}):
        await handed_in(here, view, {}, {"paper": (file,)})
        await here.work()
    await here.pass_time(timedelta(hours=4))
    news = await here.until("#2 signature 速达物流")
    every = [one for one in here.slack.said() if "速达物流" in str(one["text"])]
    assert len(every) >= 2, news
    assert {one.get("thread_ts") for one in every} == {card.get("thread_ts", card["ts"])}


async def test_in_dingtalk_it_is_shown_and_an_answer_sends_it(both: Both) -> None:
    async def step(do: Callable[[], Any]) -> str:
        before = len(both.dingtalk.shown)
        await do()
        await both.chats.work()
        return "\n".join(f"{one.title}\n{one.text}" for one in both.dingtalk.shown[before:])

    await both.in_dingtalk("模板 提交 tencent 上新 类型=推广 内容=“新品上线，欢迎选购！拒收请回复R”", "manager4567")
    await both.in_dingtalk("提交", "manager4567")
    await both.in_slack("approve #1", "U0BOB")
    both.chats.sandbox.reject("tencent", "上新", BLIND)
    said = await step(lambda: both.chats.pass_time(timedelta(hours=2)))
    assert "重提" in said
    said = await both.in_dingtalk("重提 #1", "manager4567")
    assert f"→ {BETTER}" in said
    said = await both.in_dingtalk("提交", "manager4567")
    assert "等待批准" in said


@pytest.mark.parametrize("word", ["edit", "resubmit"])
async def test_personal_data_that_is_said_with_it_is_held(tmp_path: Path, word: str) -> None:
    async with stage(tmp_path / "data", auto_review=False, change=without_defaults) as here:
        persons = (
            "handler_name=张埋名 handler_id=330106199001011234 handler_phone=13812349876 manager_phone=13700001111"
        )
        files = " ".join(f"{key}={licence(tmp_path)}" for key in ("paper", "handler_front", "handler_back"))
        said = await here.say(f"{QUALIFICATION} {persons} {files}", can_ask=True)
        assert "in review" in said, said
        here.sandbox.reject("ucloud", "速达资质", "照片不清晰", "qualification")
        await here.pass_time(timedelta(hours=2))
        assert (await here.request(1)).state is State.REJECTED
        said = await here.say(f"{word} #1 handler_phone=13812349877 {files}", can_ask=True)
        assert "Handler's name" in said  # nothing of it was kept, so the rest is asked for again
        assert "Handler's mobile number" not in said
