"""The guided dialogue from the first question to the card: said at the terminal's stage, whose time stands still."""

import asyncio
import re
from pathlib import Path

import pytest

from bot.contracts.model import Attachment, Incoming, State
from bot.running.demo import SAMPLE_PAPER
from integrations.sandbox import Fault
from tests.acceptance.dialogue import HOUR, LICENCE, OTHER, TEXT, say, state, told, without_defaults
from tests.acceptance.test_dingtalk import stage as dingtalk
from tests.made_files import png
from tests.stage import ME, stage

TRADEMARK = Attachment("trademark.png", png(2))


# --- The block ---------------------------------------------------------------------------------------------------------


async def test_a_block_is_copied_filled_in_and_sent_back(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        said = await say(s, "sign submit ucloud")
        assert "4 more to fill in for signature · ucloud" in said
        assert "send them back:\nname:\nsource:\npaper:\nremark:\n" in said  # files are paths here
        said = await say(
            s,
            "remark： Orders, 12:30: see https://a.example/x link: none\n\n> source＝1\npaper:\n• name：速达物流",
        )
        assert "1 more to fill in" in said
        assert "Name: 速达物流" in said
        assert "Source of the name: company name" in said
        assert "Note to the reviewer: Orders, 12:30: see https://a.example/x link: none" in said


async def test_what_is_left_empty_is_asked_again(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "template submit tencent")
        said = await say(s, "name:\ntype: 1\ncontent:\n")
        assert "2 more to fill in" in said
        assert "name:\ncontent:\n" in said
        said = await say(s, "name:\ncontent:")
        assert "2 more to fill in" in said
        said = await say(s, f"content: {TEXT}\n第二行：仅供测试\nname: 登录码")
        assert "in review" in said
        assert (await s.request(1)).values["content"] == f"{TEXT}\n第二行：仅供测试"


async def test_everything_in_one_block_is_submitted_at_once(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh") as s:
        said = await say(s, "签名 提交 阿里云 速达物流")
        assert "发回" not in said  # only one thing is missing: it is simply typed
        assert "审核中" in await say(s, "来源：1")
        said = await say(s, "模板 提交 腾讯云")
        lines = re.search(r"发回：\n((?:.+：\n)+)", said)
        assert lines is not None
        answers = {"名称": "登录码", "类型": "1", "内容": f"“{TEXT}”"}
        said = await say(s, re.sub(r"(\w+)：\n", lambda line: f"{line[0][:-1]}{answers[line[1]]}\n", lines[1]))
        assert "审核中" in said
        assert s.calls("tencent", "AddSmsTemplate") == 1


async def test_a_number_means_the_choice_that_was_shown(tmp_path: Path) -> None:
    def only_ucloud_asks(text: str) -> str:
        first, second = text.split('name = "ucloud"')
        return first.replace("defaults = { ", 'defaults = { source = "company", ') + 'name = "ucloud"' + second

    async with stage(tmp_path, change=only_ucloud_asks) as s:
        said = await say(s, "sign submit all 速达物流")
        assert "(ucloud): 1 company name  2 trademark  3 government" in said
        await say(s, "3")
        assert (await s.request(3)).values["source"] == "government"


# --- The summary -------------------------------------------------------------------------------------------------------


async def test_the_last_answer_is_given_knowing_the_whole(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await say(s, "sign submit ucloud remark=" + "很长" * 80)
        assert "With this answer" not in said
        said = await say(s, "source: trademark")
        assert "1 more to fill in" in said
        assert "With this answer it is submitted:" in said
        for line in (
            "Accounts: ucloud",
            "Source of the name: trademark",
            "Own use or for others: own use",
            f"Papers: {SAMPLE_PAPER.name}",
            "Qualification: 8563 (filled in)",
            "For numbers outside the mainland: no",
        ):
            assert line in said
        assert "很长…" not in said
        assert f"{'很长' * 59}很…" in said.replace("\n  ", "")
        assert "in review" in await say(s, "速达物流")


async def test_values_that_differ_name_their_accounts(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await say(s, "sign submit all 速达物流")
        assert "With this answer it is submitted, unless it asks for more:" in said  # the source decides that
        assert "Name: 速达物流" in said  # called otherwise by one of them, and the same thing
        assert "Used for (aliyun): general" in said


async def test_summary_and_submit_at_any_time(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await say(s, "template submit all 登录码")
        assert "So far:" not in said
        said = await say(s, "summary")
        assert "So far:" in said
        assert "Accounts: aliyun, tencent, ucloud" in said
        assert "2 more to fill in" in said
        said = await say(s, "submit")
        assert "It cannot be submitted yet. 2 more to fill in for template 登录码" in said
        assert "Kind of text" in said
        assert await state(s, 1) is State.DRAFT
        assert "2 more to fill in" in await say(s, "汇总")


async def test_nothing_is_sent_that_was_not_seen(tmp_path: Path) -> None:
    """The vendor could not say what there is to choose from; now it can, and the choice is made: `submit` sends it."""
    async with stage(tmp_path, change=without_defaults) as s:
        s.sandbox.faults.next("tencent", Fault.ANSWER, "DescribeSmsSignList", code="AuthFailure.UnauthorizedOperation")
        said = await say(s, f"sign submit tencent 速达物流 source=company paper={SAMPLE_PAPER}")
        assert "1 more to fill in" in said
        said = await say(s, "which one?")
        assert "Nothing is missing any more for signature 速达物流 · tencent: `submit` sends it" in said
        assert "Qualification: 8563 (filled in)" in said
        assert "Nothing is missing any more" in await say(s, "thanks")
        assert s.sandbox.accepted("tencent") == []
        assert "in review" in await say(s, "submit")


# --- Back --------------------------------------------------------------------------------------------------------------


async def test_back_takes_back_step_by_step_and_says_what(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit ucloud 速达物流")
        assert "There is nothing to take back." in await say(s, "back")
        await say(s, "source: 1\nremark: Orders")
        await say(s, "source: trademark")
        said = await say(s, "back")
        assert "Taken back: Source of the name “trademark”." in said
        assert "Source of the name: company name" in said  # what was said before holds again
        said = await say(s, "back")
        assert "Taken back: Source of the name “company name”, Note to the reviewer “Orders”." in said
        assert "“Orders”. 3 more to fill in" in said
        assert "There is nothing to take back. 3 more to fill in" in await say(s, "back")


async def test_a_file_can_be_taken_back(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit ucloud 速达物流 source=company")
        said = await say(s, "", files=(LICENCE,))
        assert "Papers: licence.png" in said
        said = await say(s, "back")
        assert "Taken back: Papers." in said
        assert "2 more to fill in" in said
        await say(s, "", files=(TRADEMARK,))
        assert "in review" in await say(s, "Orders")
        assert [paper["name"] for paper in (await s.request(1)).papers] == ["trademark.png"]


async def test_who_is_left_out_is_not_asked_about_any_more(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit all 速达物流 source=company")
        said = await say(s, "skip")  # the qualification that only aliyun cannot choose by itself
        assert "fill in for signature 速达物流 · tencent, ucloud" in said
        said = await say(s, "back")
        assert "Back in: aliyun. 3 more to fill in" in said
        await say(s, "8563")
        said = await say(s, "skip")  # nobody is left who wants anything
        assert "#1 aliyun: in review" in said
        assert "#2 tencent: draft, not sent" in said
        assert await told(s) == 0
        assert "in review" in await say(s, "status")
        await s.pass_time(HOUR)
        assert await told(s) == 0
        assert await state(s, 2) is State.DRAFT


async def test_what_everybody_wants_cannot_be_left_out(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "template submit tencent 登录码")
        assert "This one is needed. 2 more" in await say(s, "skip")
        assert await state(s, 1) is State.DRAFT


# --- What does not fit -------------------------------------------------------------------------------------------------


@pytest.mark.also_refusing
async def test_a_file_that_does_not_fit_is_not_kept(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit ucloud 速达物流 source=company")
        said = await say(s, "", files=(Attachment("notes.txt", b"hello"),))
        assert "That does not fit yet" in said
        said = await say(s, "remark: Orders")
        assert "1 more to fill in" in said
        assert "in review" in await say(s, "", files=(LICENCE,))


async def test_a_letter_does_not_take_the_place_of_the_licence(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit ucloud 速达物流 source=company purpose=other remark=Orders")
        assert "Authorisation letter" in await say(s, "", files=(LICENCE,))
        assert "in review" in await say(s, "", files=(TRADEMARK,))
        papers = {paper["key"]: paper["name"] for paper in (await s.request(1)).papers}
        assert papers == {"paper": "licence.png", "letter": "trademark.png"}


async def test_the_same_thing_is_not_submitted_twice_by_a_dialogue(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit aliyun 速达物流 source=company")
        await say(s, "sign submit aliyun source=company")
        said = await say(s, "速达物流")
        assert "#1 is the same" in said
        await say(s, "cancel")
        await say(s, "sign submit all source=company")
        said = await say(s, "速达物流")
        assert "⏳ Signature 速达物流" in said or "#4" in said
        assert [len(s.sandbox.accepted(vendor)) for vendor in ("alibaba", "tencent", "ucloud")] == [1, 1, 1]


async def test_what_was_right_is_kept(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        said = await say(s, "sign submit ucloud 速达物流 source=foo remark=Orders paper=nowhere.png")
        assert "❌ Not everything fits yet. 2 more to fill in for signature 速达物流 · ucloud" in said
        assert "there is no file nowhere.png" in said
        said = await say(s, "source: 9\nremark: Orders and parcels")
        assert "❌ That does not fit yet. 2 more" in said
        said = await say(s, "summary")
        assert "Orders and parcels" in said
        await say(s, "1")
        assert await state(s, 1) is State.DRAFT
        assert "in review" in await say(s, str(SAMPLE_PAPER))
        assert (await s.request(1)).values["remark"] == "Orders and parcels"


async def test_what_was_wrong_though_nobody_needs_it_is_not_sent_in_silence(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await say(s, "sign submit tencent 速达物流 source=company nothing=such")
        assert "I know no nothing here." in said.replace("`", "")
        assert "Keys: `" in said
        assert "Nothing is missing any more" in said
        assert s.sandbox.accepted("tencent") == []
        said = await say(s, "remark: Orders")
        assert "Noted: " in said
        assert s.sandbox.accepted("tencent") == []  # only `submit` sends what was shown whole
        assert "in review" in await say(s, "submit")


async def test_a_remark_is_no_answer_where_a_file_is_due(tmp_path: Path) -> None:
    async with dingtalk(tmp_path, change=without_defaults) as s:
        await s.said("签名 提交 ucloud 速达物流 来源=企业")
        (said,) = await s.said("帮我看看还差什么")
        assert said.title.startswith("没有记下：现在要的是 证明文件。还差 2 项")
        assert "是指 说明“帮我看看还差什么” 吗？回复 `是` 即记下。" in said.text
        start = len(s.emulator.shown)
        (said,) = await s.heard(await s.emulator.say_rich("证明", LICENCE.content), start)
        assert said.title.startswith("已记下：证明文件。还差 1 项")
        assert "帮我看看还差什么" not in said.text
        (said,) = await s.said("订单与配送通知")
        assert "审核中" in said.title


async def test_a_remark_may_be_meant_all_the_same(tmp_path: Path) -> None:
    async with dingtalk(tmp_path, change=without_defaults) as s:
        await s.said("签名 提交 ucloud 速达物流 来源=企业")
        await s.said("订单与配送通知")
        (said,) = await s.said("是")
        assert said.title.startswith("已记下：说明“订单与配送通知”。还差 1 项")


# --- Drafts of one command -----------------------------------------------------------------------------------------------


async def test_drafts_of_one_command_are_opened_together_and_sent_at_a_word(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit all 速达物流 source=company")
        await say(s, "8563")
        await say(s, "cancel me")  # is a path that leads nowhere
        async with asyncio.timeout(5):
            await s.bot.services.database.write(lambda db: db.execute("DELETE FROM dialogues"))
        said = await say(s, "edit #2")
        assert "2 more to fill in for signature 速达物流 · aliyun, tencent, ucloud" in said
        assert s.sandbox.accepted("alibaba") == []
        await say(s, str(SAMPLE_PAPER))
        assert "#1 aliyun: in review" in await say(s, "Orders")
        assert [len(s.sandbox.accepted(vendor)) for vendor in ("alibaba", "tencent", "ucloud")] == [1, 1, 1]


async def test_opening_drafts_that_lack_nothing_asks_before_it_sends(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await say(s, "sign submit all 速达物流")
        await say(s, "sign submit tencent 启明书店")  # another question takes the place of the first
        await say(s, "cancel")
        said = await say(s, "edit #1")
        assert "1 more to fill in for signature 速达物流 · aliyun, tencent, ucloud" in said
        await say(s, "cancel")
        assert not s.sandbox.accepted("alibaba")


# --- Several people ----------------------------------------------------------------------------------------------------


async def test_two_people_at_once_each_with_their_own_papers(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        assert "3 more" in await say(s, "sign submit ucloud 速达物流")
        assert "3 more" in await say(s, "template submit tencent", OTHER)
        assert "2 more" in await say(s, "source: 1")
        assert "2 more" in await say(s, "登录码", OTHER)
        assert "1 more" in await say(s, "", files=(LICENCE,))
        assert "3 more" not in await say(s, "1", OTHER)
        assert "in review" in await say(s, TEXT, OTHER)
        await say(s, "sign submit ucloud 启明书店", OTHER)
        assert "1 more" in await say(s, "source: 2\nremark: Books", OTHER)
        assert "in review" in await say(s, "Orders")
        assert "in review" in await say(s, "", OTHER, files=(TRADEMARK,))
        found = {number: await s.request(number) for number in (1, 2, 3)}
        assert [(one.name, one.submitter_name) for one in found.values()] == [
            ("速达物流", "submitter"),
            ("登录码", "colleague"),
            ("启明书店", "colleague"),
        ]
        assert [paper["name"] for paper in found[1].papers] == ["licence.png"]
        assert [paper["name"] for paper in found[3].papers] == ["trademark.png"]
        assert s.calls("ucloud", "CreateUSMSSignature") == 2


async def test_papers_of_one_submission_never_go_with_another(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit ucloud 速达物流 source=company")
        await say(s, "", files=(LICENCE,))
        said = await say(s, "sign submit ucloud 启明书店 source=trademark remark=Books")
        assert "Papers" in said.split("submitted:")[0]
        assert "licence.png" not in said


async def test_two_answers_in_one_instant_are_both_taken(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as s:
        await say(s, "sign submit ucloud 速达物流")
        answers = [
            Incoming(text, ME, s.place, origin=f"instant-{text}", files=files, direct=True)
            for text, files in (("source: 1", ()), ("remark: Orders", ()), ("", (LICENCE,)))
        ]
        await asyncio.gather(*map(s.bot.reception.receive, answers))
        await s.work()
        assert await state(s, 1) is State.IN_REVIEW
        assert s.calls("ucloud", "CreateUSMSSignature") == 1
