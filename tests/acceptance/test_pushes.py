"""What vendors push: a review is told at once and only after a look, answers of people are told once, all in order."""

import asyncio
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest

from bot.contracts.errors import RecordUnavailable
from bot.contracts.model import State
from bot.contracts.vendor import Looks, Reviewing, Tracked
from bot.messages.replies import GATHER
from bot.store import replies
from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import CHANNEL, GROUP, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.pushed import Pushing, pushing, receivers, with_tokens
from tests.stage import StageClock
from tests.unit.store.test_refusals import read_only

SUBMIT = 'sign submit aliyun 速达物流 source=company purpose=self usage=general remark="通知，https://suda.example"'


async def look(p: Pushing) -> int:
    return p.stage.calls("alibaba", "GetSmsSign") + p.stage.calls("alibaba", "QuerySmsSignList")


async def submitted(p: Pushing) -> str:
    """A signature in review; returns its ticket."""
    await p.stage.say(SUBMIT)
    await p.stage.pass_time(timedelta(minutes=5))
    request = await p.stage.request(1)
    assert request.state is State.IN_REVIEW
    return request.order


def report(order: str, status: str, reason: str = "") -> bytes:
    item = {"sign_name": "速达物流", "sign_status": status, "orderId": order, "reason": reason}
    return json.dumps([item]).encode()


async def test_a_decision_is_told_the_moment_it_is_pushed(tmp_path: Path) -> None:
    async with pushing(tmp_path) as p:
        await submitted(p)
        p.stage.sandbox.approve("alibaba", "速达物流")
        said = await p.push()
        assert "#1 signature 速达物流 approved by aliyun" in said

        assert await p.push() == ""  # nothing is pushed twice
        assert await p.stage.pass_time(timedelta(minutes=30)) == ""


async def test_a_push_that_comes_while_the_vendor_is_being_asked_is_not_forgotten(tmp_path: Path) -> None:
    """The answer on its way is older than what was pushed: it is asked once more, at once."""
    async with pushing(tmp_path) as p:
        await submitted(p)
        vendor = p.stage.bot.services.vendors["aliyun"]
        asked = vendor.reviews

        class Overtaken:
            """The same group; between an answer and its arrival the reviewer decides, and that is pushed."""

            def __getattr__(self, name: str) -> object:
                return getattr(asked, name)

            async def looks(self, tracked: Sequence[Tracked]) -> Looks:
                async for part in asked.looks(tracked):
                    vendor.reviews = asked
                    p.stage.sandbox.approve("alibaba", "速达物流")
                    await p.stage.sandbox.push()
                    yield part

        vendor.reviews = cast("Reviewing", Overtaken())
        start = p.stage.written()
        while vendor.reviews is not asked:
            await p.stage.pass_time(timedelta(minutes=1), step=timedelta(seconds=20))
        assert "#1 signature 速达物流 approved by aliyun" in p.stage.read(start)


async def test_a_lie_is_not_told(tmp_path: Path) -> None:
    """Whoever learns the address can have the vendor asked, and nothing else."""
    async with pushing(tmp_path) as p:
        order = await submitted(p)
        before = await look(p)
        start = p.stage.written()
        for body in (report(order, "rejected", "no"), report(order, "approved"), report("", "approved")):
            answer = await p.client.post(p.path("aliyun", "sign"), content=body)
            assert answer.json() == {"code": 0, "msg": "OK"}
            await p.stage.work()
        assert (await p.stage.request(1)).state is State.IN_REVIEW
        assert p.stage.read(start) == ""
        assert await look(p) == before + 3


async def test_what_is_known_or_of_nobody_costs_no_call(tmp_path: Path) -> None:
    async with pushing(tmp_path) as p:
        order = await submitted(p)
        older = str(int(order) - 1)
        p.stage.sandbox.reject("alibaba", "速达物流", "名称不符合规范")
        await p.push()
        assert (await p.stage.request(1)).state is State.REJECTED
        before = await look(p)
        for body in (
            report(order, "rejected", "名称不符合规范"),  # again
            report(order, "approving"),  # late
            report(older, "approved"),  # of a review that is over
            report(order, "approved").replace("速达物流".encode(), b"nobody"),
            b"[]",
        ):
            assert (await p.client.post(p.path("aliyun", "sign"), content=body)).status_code == 200
            await p.stage.work()
        assert await look(p) == before
        assert (await p.stage.request(1)).state is State.REJECTED


async def test_a_rejected_edit_of_an_approved_signature_is_told(tmp_path: Path) -> None:
    """The one thing that no query shows (facts, Alibaba, trap 10)."""
    async with pushing(tmp_path) as p:
        await submitted(p)
        p.stage.sandbox.approve("alibaba", "速达物流")
        await p.push()
        await p.stage.pass_time(timedelta(days=1), step=timedelta(hours=4))
        assert (await p.stage.request(1)).state is State.READY
        await p.stage.say('edit #1 remark="新的说明，https://suda.example"')
        await p.stage.pass_time(timedelta(minutes=5))
        assert (await p.stage.request(1)).state is State.IN_REVIEW

        p.stage.sandbox.reject("alibaba", "速达物流", "说明不充分")
        said = await p.push()
        assert "#1 signature 速达物流 rejected by aliyun" in said
        assert "说明不充分" in said
        assert (await p.stage.request(1)).state is State.REJECTED


async def test_a_template_too(tmp_path: Path) -> None:
    async with pushing(tmp_path) as p:
        await p.stage.say(
            'template submit aliyun 登录 type=otp sign=速达科技 content="您的验证码是${code}，请尽快填写。"'
        )
        await p.stage.pass_time(timedelta(minutes=5))
        p.stage.sandbox.approve("alibaba", "登录", "template")
        assert "#1 template 登录 approved by aliyun" in await p.push()


@pytest.mark.parametrize(("account", "vendor"), [("aliyun", "alibaba"), ("tencent", "tencent"), ("ucloud", "ucloud")])
async def test_an_answer_with_an_opt_out(tmp_path: Path, account: str, vendor: str) -> None:
    async with pushing(tmp_path) as p:
        p.stage.sandbox.answer(vendor, "13800001234", " TD ")  # type: ignore[arg-type]
        said = await p.push()
        assert f"138****1234 replied at {account}: “TD”" in said
        assert "1 opt-out" in said
        assert await p.push() == ""

        listed = await p.stage.say(f"replies {account}")
        assert f"Replies at {account}: 1 in 7 days, opt-outs: 1" in listed
        assert "138****1234" in listed
        assert "13800001234" not in said + listed


async def test_in_both_chats_it_is_told_where_replies_are_wanted(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(tmp_path, slack, dingtalk, sandbox, clock, change=with_tokens) as both,
        receivers(both.bot, sandbox),
    ):
        sandbox.answer("alibaba", "13800001234", "退订")
        assert all(posted.acknowledged for posted in await sandbox.push())
        await both.pass_time(GATHER)
        assert "138****1234 replied at aliyun: “退订”" in str(slack.said(CHANNEL)[-1]["text"])
        assert "1 opt-out" in str(slack.said(CHANNEL)[-1])
        told = dingtalk.texts(GROUP)[-1]
        assert "退订" in told
        assert "138∗∗∗∗1234" in told


async def test_many_answers_are_few_messages_and_each_is_told_once(tmp_path: Path) -> None:
    async with pushing(tmp_path, language="zh") as p:
        for number in range(30):
            p.stage.sandbox.answer("ucloud", f"138000012{number:02}", "好")
        p.stage.sandbox.answer("ucloud", "13900005678", "退订")
        said = await p.push()
        assert "ucloud 收到 31 条回复" in said
        assert "其中 1 条退订" in said
        assert "139****5678" in said

        body = json.dumps({"MsgType": 0, "Data": [{"Phone": "13700000000", "ReplyContent": "1", "ReplyTime": 1}]})
        answers = [await p.client.post(p.path("ucloud", "reply"), content=body.encode()) for _ in range(3)]
        assert [one.json() for one in answers] == [{"code": 0, "message": "ok"}] * 3
        assert (await p.stage.pass_time(GATHER)).count("137****0000") == 1
        kept = await p.stage.bot.services.database.read(lambda db: replies.latest(db, ("ucloud",), 100))
        assert len(kept) == 32
        assert "……另有 12 条。" in await p.stage.say("回复 ucloud")


async def test_a_number_in_an_answer_is_no_number_in_the_record(tmp_path: Path) -> None:
    async with pushing(tmp_path) as p:
        p.stage.sandbox.answer("alibaba", "13800001234", "打 13977776666 找我，身份证 11010119900101123X")
        said = await p.push()
        assert "139****6666" in said
    record = b"".join(path.read_bytes() for path in tmp_path.iterdir())  # noqa: ASYNC240 - the bot is over
    for planted in (b"13800001234", b"13977776666", b"11010119900101123"):
        assert planted not in record


async def test_what_cannot_be_stored_is_asked_for_again(tmp_path: Path) -> None:
    async with pushing(tmp_path) as p:
        database = p.stage.bot.services.database
        body = json.dumps([{"phone_number": "13800001234", "content": "R", "sequence_id": "1"}]).encode()
        async with read_only(database):
            with pytest.raises(RecordUnavailable):
                await database.write(lambda db: db.execute("DELETE FROM heard"))
            answer = await p.client.post(p.path("aliyun", "reply"), content=body)
        assert (answer.status_code, answer.json()["code"]) == (503, 1)
        assert (await p.client.post(p.path("aliyun", "reply"), content=body)).json()["code"] == 0


async def test_where_no_answer_can_come_it_is_said_why(tmp_path: Path) -> None:
    async with pushing(
        tmp_path, change=lambda text: text.replace('push_token = "an-unguessable-token-ucloud"\n', "")
    ) as p:
        said = await p.stage.say("replies ucloud")
        assert "ucloud: none can come, `push_token` is not set" in said
        gone = await p.client.post("/push/ucloud/an-unguessable-token-ucloud/reply", content=b"[]")
        assert gone.status_code == 404
        assert (await p.client.post(p.path("tencent", "sign"), content=b"[]")).status_code == 404


async def test_a_hundred_pushes_at_once_are_all_kept(tmp_path: Path) -> None:
    async with pushing(tmp_path) as p:
        bodies = [
            json.dumps([{"phone_number": "13800001234", "content": str(number), "sequence_id": number}]).encode()
            for number in range(100)
        ]
        answers = await asyncio.gather(*(p.client.post(p.path("aliyun", "reply"), content=body) for body in bodies))
        assert {answer.status_code for answer in answers} == {200}
        kept = await p.stage.bot.services.database.read(lambda db: replies.latest(db, ("aliyun",), 1000))
        assert len(kept) == 100
