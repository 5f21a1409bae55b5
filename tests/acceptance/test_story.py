"""Typed in a chat, read in a chat: the whole program against the sandbox, minute by minute."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.model import Actor, Attachment, State
from bot.store import alerts, events, notices, requests
from integrations.sandbox import Sandbox
from tests.given import left_at
from tests.made_files import png
from tests.stage import Stage, StageClock, rounds, stage

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
PNG = png()


async def states(s: Stage, *numbers: int) -> list[State]:
    return [(await s.request(number)).state for number in numbers]


async def test_a_batch_to_three_vendors_until_it_is_ready(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say("sign submit all 速达物流 source=company")
        assert "⏳ Signature 速达物流 at 3 vendors · submitter" in said
        assert said.count("in review, expected") == 3
        assert [len(s.sandbox.accepted(vendor)) for vendor in ("alibaba", "tencent", "ucloud")] == [1, 1, 1]

        said = await s.pass_time(5 * HOUR)
        assert "✅ #1 signature 速达物流 approved by aliyun @submitter" in said
        assert "China Mobile: in progress" in said
        assert "✅ #2 signature 速达物流 approved by tencent @submitter" in said
        assert "✅ #3 signature 速达物流 approved by ucloud: ready @submitter" in said
        assert "The carriers' filing cannot be seen at ucloud." in said

        await s.pass_time(2 * timedelta(days=1), step=HOUR)
        assert await states(s, 1, 2, 3) == [State.READY] * 3
        assert await s.bot.pending() == ()


async def test_each_change_is_told_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit all 速达物流 source=company")
        said = await s.pass_time(2 * timedelta(days=1), step=HOUR)
        for line in ("approved by aliyun @", "approved by tencent @", "approved by ucloud: ready @"):
            assert said.count(line) == 1
        assert said.count("at aliyun is ready") == 1
        assert said.count("at tencent is ready") == 1


async def test_nothing_pending_nothing_called(tmp_path: Path) -> None:
    async with stage(tmp_path, delivery=86400) as s:
        await s.pass_time(HOUR)
        await s.pass_time(timedelta(days=1), step=HOUR)
        quota = {"QueryResourcePackageInstances", "QueryAccountBalance", "SmsPackagesStatistics", "GetBalance"}
        sent = {"QuerySendStatistics", "SendStatusStatistics", "CallbackStatusStatistics", "GetUSMSSendStatistics"}
        # Once a day: which signatures to ask figures of, which of them name trademarks, and when letters of authorisation end.
        apart = {"QuerySmsSignList", "GetUSMSTemplateSendStatistics", "QuerySmsAuthorizationLetter"}
        assert {call.action for call in s.sandbox.calls} == quota | sent | apart
        assert s.calls("alibaba", "QuerySmsSignList") <= 4
        assert s.calls("alibaba", "QuerySmsAuthorizationLetter") <= 2


async def test_rejected_with_the_reason_word_for_word_then_mended(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit tencent 速达 source=company")
        said = await s.pass_time(2 * HOUR)
        assert "❌ #1 signature 速达 rejected by tencent @submitter" in said
        assert "> 签名无法识别主体，请提交与资质一致的名称" in said
        assert "`resubmit #1`" in said

        said = await s.say("edit #1 name=速达物流")
        assert "⏳ #1 signature 速达物流 at tencent: in review" in said
        await s.pass_time(4 * HOUR)
        request = await s.request(1)
        assert (request.name, request.state) == ("速达物流", State.READY)
        assert s.calls("tencent", "AddSmsSign") == 1
        assert s.calls("tencent", "ModifySmsSign") == 1


@pytest.mark.also_refusing
async def test_a_change_that_the_vendor_refuses_leaves_the_reviewers_words(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit tencent 速达 source=company")
        await s.pass_time(2 * HOUR, step=HOUR)
        said = await s.say("edit #1 name=速达科技")  # there is an approved one of this name
        assert "did not take the change" in said
        assert "此签名已审核通过，不能重复申请。" in said
        assert "It stands as before: rejected." in said
        for text in ("show #1", "status #1", "edit #1"):
            said = await s.say(text)
            assert "> 签名无法识别主体，请提交与资质一致的名称" in said
            assert "不能重复申请" not in said
        said = await s.say("history #1")
        assert "not changed, rejected as before: “此签名已审核通过，不能重复申请。” · tencent" in said


async def test_refused_by_the_vendor_says_what_it_means(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        said = await s.say(
            'template submit tencent 活动 type=promo content="尊敬的会员，赌博题材小说上线，拒收请回复R"'
        )
        assert "❌ #1 template 活动 at tencent: not sent" in said
        assert "This means:" in said
        assert "InvalidParameterValue.TemplateWithDirtyWords" in said
        assert "request id" in said
        said = await s.say('edit #1 content="尊敬的会员，新品上线，欢迎选购，拒收请回复R"')
        assert await states(s, 1) == [State.IN_REVIEW]
        assert len(s.sandbox.accepted("tencent")) == 1


async def test_one_vendor_lacks_a_paper_the_others_go(tmp_path: Path) -> None:
    def no_papers_at_ucloud(text: str) -> str:
        head, mark, tail = text.partition('name = "ucloud"')
        return head + mark + "\n".join(line for line in tail.splitlines() if not line.startswith("defaults"))

    async with stage(tmp_path, change=no_papers_at_ucloud) as s:
        said = await s.say(
            "sign submit all 速达物流 source=company qualification=8563 remark=订单与配送通知，https://suda.example"
        )
        assert "#1 aliyun: in review" in said
        assert "#2 tencent: in review" in said
        assert "⚠️ #3 ucloud: draft, not sent." in said
        assert "`edit #3 …`" in said
        assert await states(s, 1, 2, 3) == [State.IN_REVIEW, State.IN_REVIEW, State.DRAFT]

        await s.say("edit #3", files=(Attachment("licence.png", PNG),))
        assert await states(s, 3) == [State.IN_REVIEW]
        assert (await s.request(3)).papers[0]["name"] == "licence.png"


async def test_bad_input_gets_one_answer_and_changes_nothing(tmp_path: Path) -> None:
    bad = (
        ("sign submit nowhere 速达物流 source=company", "There is no account `nowhere`"),
        ("sign submit all 一二三四五六七八九十一二三四五六七 source=company", "too long"),
        ("sign submit all 速达物流 source=shop", "is none of"),
        ("sign submit all 速达物流 sorce=company", "Did you mean `source`"),
        ("sign submit all 😀😀 source=company", "cannot be used"),
        ("sign submit all 速\u202e达物流 source=company", "at position 2, which cannot be seen"),
        ('sign submit all "\'; DROP TABLE requests;--" source=company', "was not sent"),
        ("sign submit all <b>速达</b> source=company", "was not sent"),
        ("sign submit tencent 速达物流 source=company paper=/no/such.png", "there is no file"),
        (
            f"sign submit tencent 速达物流 source=company paper={Path(__file__)}",
            "is plain text; send the jpg or png instead",
        ),
        ("sign submit tencent 速达物流 source=company paper=/tmp", "is a folder"),
        ("template submit aliyun 码 type=otp content=码${1x} sample.y=2", "was not sent"),
        ("x" * 10_000, "too long for me"),
        ('sign submit all "速达物流 source=company', "quote is not closed"),
        ("edit #7 remark=x", "There is no #7 here"),
        ("settle #7 resend", "There is no #7 here"),
        ("ack A1", "There is no alert A1 here"),
        ("sing submit all 速达物流", "Did you mean `sign submit`"),
    )
    async with stage(tmp_path) as s:
        await s.pass_time(HOUR)
        for text, expected in bad:
            said = await s.say(text)
            assert expected in said, (text, said)
            assert "❌" in said
            assert len(said) < 2000
        stored = await s.bot.services.database.read(lambda db: requests.latest(db, limit=99))
        assert stored == ()
        assert await s.bot.services.database.read(notices.counts) == {}
        assert all(not s.sandbox.accepted(vendor) for vendor in ("alibaba", "tencent", "ucloud"))


async def test_wrong_state_for_an_edit(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit aliyun 速达物流 source=company")
        said = await s.say("edit #1 remark=again")
        assert "aliyun does not allow this for a signature that is in review." in said
        said = await s.say("delete #1 confirm")
        assert "aliyun does not allow this for a signature that is in review." in said
        assert await states(s, 1) == [State.IN_REVIEW]


async def test_the_same_thing_twice_is_not_submitted_twice(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit tencent 速达物流 source=company")
        said = await s.say("sign submit tencent 速达物流 source=company")
        assert "#1 is the same and is in review" in said
        await s.say("sign submit tencent 速达快运 source=company", origin="one-delivery")
        await s.say("sign submit tencent 速达快运 source=company", origin="one-delivery")
        assert len(s.sandbox.accepted("tencent")) == 2


async def test_other_conversations_hear_what_the_card_says_here(tmp_path: Path) -> None:
    def another(text: str) -> str:
        return text + '\n[[conversation]]\nplatform = "terminal"\nid = "reviews-only"\ntopics = ["reviews"]\n'

    async with stage(tmp_path, change=another) as s:
        said = await s.say("sign submit tencent 速达物流 source=company")
        assert said.count("#1 signature 速达物流 at tencent: in review") == 2  # a card here, a card there
        rows = await s.bot.services.database.read(
            lambda db: list(db.query("SELECT what, conversation FROM notices ORDER BY id"))
        )
        assert {(row["what"], row["conversation"]) for row in rows} == {("card", "demo"), ("card", "reviews-only")}


@pytest.mark.also_refusing
async def test_delete_asks_says_what_breaks_and_does_it(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit aliyun 速达物流 source=company")
        await s.pass_time(3 * timedelta(days=1), step=HOUR)
        await s.say('template submit aliyun 订单 type=notice sign=速达物流 content="订单${no}已发货"')
        await s.pass_time(HOUR)
        said = await s.say("delete #1")
        assert "Delete #1 signature 速达物流 at aliyun?" in said
        assert "#2 订单" in said
        assert "This cannot be undone" in said
        assert "Next: `delete #1 confirm` · `delete #1 keep`" in said
        assert "Nothing was deleted" in await s.say("no")
        assert await states(s, 1) == [State.READY]
        await s.say("delete #1")
        said = await s.say("yes")
        assert "#1 signature 速达物流 at aliyun: deleted" in said
        assert await states(s, 1) == [State.DELETED]
        again = await s.say("delete #1", actor=Actor("terminal", "colleague"))
        assert "submitter had it deleted today" in again
        assert "there is nothing left to delete" in again


async def test_a_guided_dialogue_survives_a_restart(tmp_path: Path) -> None:
    clock = StageClock()
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            said = await s.say("template submit all", can_ask=True)
            assert "3 more to fill in" in said
            said = await s.say("登录码", can_ask=True)
            assert "2 more to fill in" in said
        async with stage(tmp_path, sandbox=sandbox, clock=clock) as s:
            said = await s.say("type: nonsense", can_ask=True)
            assert "That does not fit yet" in said
            said = await s.say("1", can_ask=True)
            assert "1 more to fill in" in said
            said = await s.say("您的验证码是${code}，5分钟内有效。", can_ask=True)
            assert "⏳ Template 登录码 at 3 vendors" in said
            assert await states(s, 1, 2, 3) == [State.IN_REVIEW] * 3


@pytest.mark.also_refusing
async def test_a_dialogue_can_be_taken_back_skipped_and_given_up(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit all", can_ask=True)
        await s.say("速达物流", can_ask=True)
        said = await s.say("back", can_ask=True)
        assert "Name" in said
        said = await s.say("cancel", can_ask=True)
        assert said.strip() == "#1, #2, #3 signature · aliyun, tencent, ucloud is given up; nothing was sent."
        assert await states(s, 1, 2, 3) == [State.CANCELLED] * 3
        assert "None of your requests stands here." in await s.say("status mine")
        kept = await s.say("delete #1 keep")  # nobody was asked
        assert "❌ Whether to delete #1 is no open question; nothing was changed." in kept
        assert all(not s.sandbox.accepted(vendor) for vendor in ("alibaba", "tencent", "ucloud"))


async def test_the_whole_story_in_chinese(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh") as s:
        said = await s.say("签名 提交 全部 速达物流 来源=企业")
        assert "⏳ 签名 速达物流，3 家平台 · submitter" in said
        assert "下一步：`状态 #1`" in said
        said = await s.say("签名提交 腾讯云 速达 来源：企业")
        assert "审核中" in said
        said = await s.pass_time(5 * HOUR)
        assert "✅ #1 签名 速达物流（aliyun）已通过 @submitter" in said
        assert "❌ #4 签名 速达（tencent）未通过 @submitter" in said
        assert "> 签名无法识别主体，请提交与资质一致的名称" in said
        assert "含义（中性化签名）：审核人员无法从名称识别主体" in said
        assert "中国移动：报备中" in said
        said = await s.say("历史 #4")
        assert "未通过" in said
        said = await s.say("帮助")
        assert "`签名 提交` · `模板 提交`" in said
        assert "ACCOUNT" not in said


async def test_quota_alert_opens_repeats_is_taken_and_closes_when_topped_up(tmp_path: Path) -> None:
    async with stage(tmp_path, quota=900) as s:
        said = await s.pass_time(4 * HOUR)
        assert "🟠 A1 aliyun:" in said
        assert "of 200,000 messages left, " in said
        assert "% (below 10%)" in said
        said = await s.pass_time(13 * HOUR)
        assert said.count("Nobody has taken it yet") >= 1
        said = await s.say("ack A1 buying 500k \ud83d")
        assert "Acknowledged by submitter" in said
        assert "“buying 500k \ufffd”" in said  # an emoji was cut
        assert "Nobody has taken it yet" not in await s.pass_time(3 * HOUR)
        s.sandbox.top_up("alibaba", 500_000)
        said = await s.pass_time(HOUR)
        assert "🟢 A1" in said
        assert "% (no longer below" in said  # the figure that ended it, not the one that began it
        assert "Resolved by itself" in said
        standing = await s.bot.services.database.read(alerts.standing)
        assert standing == ()
        assert "No alert is open" in await s.say("alerts")


async def test_resolve_by_hand_and_two_people(tmp_path: Path) -> None:
    async with stage(tmp_path, quota=900) as s:
        await s.pass_time(4 * HOUR)
        assert "Acknowledged by submitter" in await s.say("ack A1")
        other = Actor("terminal", "colleague", name="colleague")
        assert "is already taken by submitter" in await s.say("ack A1", actor=other)
        assert "Given back by colleague: open again." in await s.say("unack A1", actor=other)
        assert "Acknowledged by colleague" in await s.say("ack A1", actor=other)
        said = await s.say("resolve A1 done")
        assert "🟡 A1" in said
        assert "Resolved by submitter" in said
        assert "It was still so at the last reading." in said
        assert "is resolved already" in await s.say("ack A1")
        listed = " ".join((await s.say("alerts")).split())
        assert "No alert is open" in listed
        assert "resolved by submitter, and still so; a new alert opens after" in listed
        said = await s.pass_time(7 * HOUR)
        assert "A2 aliyun:" in said
        assert "A1" not in await s.say("alerts")


async def test_each_step_down_to_nothing_is_told_with_its_figure(tmp_path: Path) -> None:
    """T1, S2: 4 % → nearly out → empty → topped up, and nobody ever reads an old figure."""

    def often(text: str) -> str:
        return rounds(text, quota=300).replace('repeat = "6h"', 'repeat = "30m"')

    async with stage(tmp_path, change=often) as s:
        (left,) = [one.remaining for one in await left_at(s.bot.services.vendors["aliyun"]) if one.total]
        s.sandbox.drain("alibaba", int(left) - 8_000)
        assert "🟠 A1 aliyun: " in await s.pass_time(6 * MINUTE)
        await s.say("ack A1")
        s.sandbox.drain("alibaba", 5_000)
        said = await s.pass_time(6 * MINUTE)
        assert "🔴 A1 aliyun: " in said
        assert "It has become worse." in said
        await s.say("snooze A1 4h")
        s.sandbox.drain("alibaba", 5_000)
        said = await s.pass_time(6 * MINUTE)
        assert "🔴 A1 aliyun: the package is empty since today" in said
        assert "It has run out." in said
        assert "https://dysms.console.aliyun.com/overview" in said
        assert "is empty since today" in await s.say("alerts")
        assert "is empty since today" in await s.pass_time(31 * MINUTE)
        s.sandbox.top_up("alibaba", 190_000)
        said = await s.pass_time(30 * MINUTE)
        assert "🟢 A1 aliyun: " in said
        assert "Resolved by itself" in said


async def test_with_nobody_to_call_escalating_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.pass_time(4 * HOUR)
        assert "there is neither [[escalation]] nor [[oncall]]" in " ".join((await s.say("escalate A1")).split())
        assert "there is no `[[oncall]]`" in await s.say("oncall")


async def test_a_snooze_is_ended_by_its_own_word(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh", quota=900) as s:
        await s.pass_time(4 * HOUR)
        said = await s.say("暂缓 A1 2小时")
        assert "取消暂缓 A1" in said
        assert "取消认领" not in said
        assert "已取消暂缓：重新打开" in await s.say("取消暂缓 A1")
        assert "A1 没有暂缓" in await s.say("取消暂缓 A1")


async def test_record_is_a_chain_and_every_notice_ends(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.say("sign submit all 速达物流 source=company")
        await s.pass_time(8 * HOUR)
        assert await s.bot.services.database.read(events.first_broken) is None
        counted = await s.bot.services.database.read(notices.counts)
        assert set(counted) <= {"sent", "held"}
        story = await s.bot.services.database.read(lambda db: events.of_request(db, 1))
        assert [event.data.get("to") for event in story if event.what == "moved"][::-1] == [
            State.SUBMITTING,
            State.IN_REVIEW,
            State.APPROVED,
            State.READY,
        ]
        assert story[-1].what == "created"
