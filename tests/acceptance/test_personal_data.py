"""Personal data reaches the vendor and nothing else: asked for in private, and searched for at the end of each stage.

Searched (`tests/planted.py`): the record with its log, exports, a backup, everything that was logged and every message.
"""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.model import State
from bot.running.bot import Bot
from bot.store import requests
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.both_chats import Chats, bot_in
from tests.acceptance.dialogue import without_defaults
from tests.acceptance.slack_forms import asked, handed_in, opened, through
from tests.acceptance.slack_team import Team, team
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.made_files import png
from tests.stage import StageClock, stage

NAME, NUMBER, PHONE, OTHER_PHONE = "张埋名", "330106199001011234", "13812349876", "13700001111"
FACE = png(3) + b"whose face this is"
FILE_NAME = "planted-mark-of-a-person.png"
SUBMIT = "qualification submit ucloud 速达资质 company=速达科技有限公司 credit_code=91330106MA2CDEFG0H"


def reached(sandbox: Sandbox) -> dict[str, Any]:
    """What the vendor was told of the person."""
    (call,) = [one for one in sandbox.calls if one.action == "AddUSMSSignatureQualification" and one.status == "OK"]
    return dict(call.params)


async def test_in_slack_a_form_takes_it_and_words_in_the_channel_do_not(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        team(tmp_path, slack, sandbox, clock, without_defaults) as here,
    ):
        await slack.slash(f"{SUBMIT} handler_phone={PHONE}")
        await here.until("Personal data does not belong here")
        assert await here.bot.services.database.read(lambda db: requests.latest(db, accounts=("ucloud",))) == ()

        await slack.mention(SUBMIT)  # which brings no right to a form
        await here.until("Names and numbers of persons I ask for at the end")
        await slack.mention("purpose=self", files=(slack.add_file("licence.png", png()),))
        told = await here.until("the rest is personal data")
        assert "opens a form that only you see" in str(told)

        await slack.slash("edit #1")
        view = await opened(here)
        await through_with_marks(here, view)
        await here.until("in review")
        assert reached(sandbox)["HandlerIDNumber"] == NUMBER

        await here.pass_time(timedelta(hours=9), step=timedelta(hours=3))
        ref = await its_id(here.bot)
        await slack.mention(f"{SIGNATURE} qualification={ref}", files=(slack.add_file("licence.png", png()),))
        await here.until("signature 速达优选 at ucloud: in review")


SIGNATURE = "sign submit ucloud 速达优选 source=company purpose=self remark=通知"


async def its_id(bot: Bot) -> str:
    """What the vendor calls the qualification, once it may be named."""
    request = await bot.services.database.read(lambda db: requests.get(db, 1))
    assert request.state is State.READY
    return request.vendor_ref


async def through_with_marks(here: Team, view: str) -> None:
    """Fill in what the form asks for; the licence is held from the channel."""
    assert "paper" in asked(here, view)
    files = {
        "paper": (here.slack.add_file("licence.png", png()),),
        "handler_front": (here.slack.add_file(FILE_NAME, FACE),),
        "handler_back": (here.slack.add_file(FILE_NAME, FACE),),
    }
    values = {"handler_name": NAME, "handler_id": NUMBER, "handler_phone": PHONE, "manager_phone": OTHER_PHONE}
    await through(here, view, values, files)


async def test_in_dingtalk_it_is_asked_for_one_to_one(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as ding,
        bot_in(tmp_path, None, ding, sandbox, clock, change=without_defaults) as chats,
    ):
        group = await says(
            chats, ding, "资质 提交 优刻得 速达资质 企业全称=速达科技有限公司 信用代码=91330106MA2CDEFG0H"
        )
        assert "个人姓名和号码最后单聊时再问" in group
        assert "经办人" not in group
        assert "个人信息不要发在这里" in await says(chats, ding, f"经办人身份证号：{NUMBER}")
        assert "个人信息不要发在这里" in await says(chats, ding, NUMBER)
        start = len(ding.shown)
        await ding.acked(ding.frame_of(await ding.say_rich("证明", png())))
        await chats.work()
        assert "请单聊我：`修改 #1`" in texts(ding, start)

        assert "5 more to fill in" in await says(
            chats, ding, "修改 #1", alone=True
        )  # the licence came along from the group
        await says(chats, ding, f"{NAME}", alone=True)
        await says(
            chats,
            ding,
            f"经办人证件号：330106900101123\n经办人手机号：{PHONE}\n负责人手机号：{OTHER_PHONE}",
            alone=True,
        )
        for _ in range(2):
            start = len(ding.shown)
            await ding.acked(ding.frame_of(await ding.say_file(FACE, FILE_NAME)))
            await chats.work()
        refused = texts(ding, start)
        assert "… is no identity number" in refused  # the vendor said the number back

        persons = f"经办人姓名：{NAME}\n经办人证件号：{NUMBER}\n经办人手机号：{PHONE}\n负责人手机号：{OTHER_PHONE}"
        await says(chats, ding, f"修改 #1\n{persons}", alone=True)
        for content, name in ((png(), "licence.png"), (FACE, FILE_NAME), (FACE, FILE_NAME)):
            await ding.acked(ding.frame_of(await ding.say_file(content, name)))
            await chats.work()
        await chats.pass_time(timedelta(hours=9))
        ref = await its_id(chats.bot)
        await says(chats, ding, f"签名 提交 优刻得 速达优选 来源=企业 用途=自用 说明=通知 资质={ref}")
        start = len(ding.shown)
        await ding.acked(ding.frame_of(await ding.say_rich("证明", png())))
        await chats.work()
        assert "签名 速达优选（ucloud）审核中" in texts(ding, start)


async def says(chats: Chats, ding: DingTalkEmulator, text: str, *, alone: bool = False) -> str:
    """Say something in the group or one to one; everything that comes back."""
    start = len(ding.shown)
    await ding.acked(ding.frame_of(await ding.say(text, group=None if alone else "cidGroupOne==")))
    await chats.work()
    return texts(ding, start)


def texts(ding: DingTalkEmulator, start: int) -> str:
    return "\n".join(f"{one.title}\n{one.text}" for one in ding.shown[start:])


async def test_a_restart_forgets_it_and_asks_again_and_no_copy_of_the_record_has_it(tmp_path: Path) -> None:
    picture = tmp_path / "pictures" / FILE_NAME
    picture.parent.mkdir()
    picture.write_bytes(FACE)
    folder, clock = tmp_path / "data", StageClock()
    said: list[str] = []
    async with Sandbox(now=clock.now, limits=False) as sandbox:
        async with stage(folder, sandbox=sandbox, clock=clock, change=without_defaults) as one:
            await say_all(
                one,
                said,
                SUBMIT,
                str(licence(tmp_path)),
                NAME,
                f"handler_id={NUMBER}",
                f"handler_phone={PHONE}",
                "summary",
            )
            assert "given; not shown and not kept" in said[-1]
        async with stage(folder, sandbox=sandbox, clock=clock, change=without_defaults) as two:
            await say_all(two, said, "edit #1", str(licence(tmp_path)))
            assert "6 more to fill in" in said[-2]
            await say_all(two, said, f"handler_front={picture}")
            await say_all(two, said, f"handler_name: {NAME}\nhandler_id: {NUMBER}\nhandler_phone: {PHONE}", "back")
            assert "Taken back" in said[-1]
            await say_all(two, said, f"handler_name={NAME} handler_id={NUMBER} handler_phone={PHONE}")
            sandbox.faults.next("ucloud", Fault.THROTTLE, None, 50)
            await say_all(two, said, f"handler_back={picture}")
            assert (await two.request(1)).state is State.QUEUED
        sandbox.faults.clear()
        async with stage(folder, sandbox=sandbox, clock=clock, change=without_defaults) as three:
            assert (await three.request(1)).state is State.DRAFT
            assert not sandbox.accepted("ucloud")
            await say_all(three, said, "edit #1", "show #1", "history #1", "why #1")
            assert "6 more to fill in" in said[-4]


def licence(folder: Path) -> Path:
    path = folder / "licence.png"
    path.write_bytes(png())
    return path


async def say_all(here: Any, said: list[Any], *lines: str) -> Sequence[str]:
    said += [await here.say(line, can_ask=True) for line in lines]
    return said


SIGN = "sign submit aliyun 速达物流 source=company qualification=8563 remark=通知"
TEMPLATE = "template submit aliyun 取件 type=notice sign=速达科技 remark=x"
WRONG_PLACES = (
    f"ack A1 打给 {PHONE} 身份证 {NUMBER}",
    f"resolve A1 {PHONE}",
    f"snooze A1 {PHONE}",
    f"oncall give {PHONE}",
    f"{SIGN}，联系人{PHONE}",
    f"sign submit aliyun 速达{NUMBER} source=company",
    f"sign submit aliyun {PHONE} source=company",
    f'{TEMPLATE} content="请联系{PHONE}取件"',
    f'{TEMPLATE} content="证件${{no}}已登记" sample.no={NUMBER}',
    f"qualification submit ucloud {PHONE} company={NUMBER} credit_code={NUMBER} compny={PHONE} handlr_phone={PHONE}",
    f'check template aliyun type=notice content="请联系{PHONE}取件"',
    "qualification submit tencent 速达资质",
    f'settle #1 rejected reason="{PHONE} {NUMBER} 不清"',
    f"deny #1 {PHONE}",
    f"approve #1 {NUMBER}",
    f"call {PHONE}",
    f"sned aliyun 取件 {PHONE}",
    PHONE,
    f"身份证 {NUMBER}",
    f"history by={PHONE}",
    f"sign list {PHONE}",
    f"path {NUMBER} aliyun",
    f"trace aliyun {NUMBER}",
    "trace aliyun +86 138 1234 9876",
    f"send aliyun {NUMBER} {PHONE}",
    "history",
    "why A1",
    "alerts",
)
"""What people type where no number of a person belongs: notes, names, texts, samples, codes, filters, reasons, slips."""


@pytest.mark.parametrize("can_ask", [True, False], ids=["asked", "piped"])
async def test_wherever_it_is_typed_it_is_neither_kept_nor_said_back(tmp_path: Path, can_ask: bool) -> None:
    async with stage(tmp_path, change=without_defaults, auto_review=False) as here:
        here.sandbox.drain("alibaba", 10**9)
        await here.pass_time(timedelta(hours=5), step=timedelta(hours=5))
        told = [await here.say(line, can_ask=can_ask) for line in WRONG_PLACES]
        assert "打给 138****9876 身份证 …" in told[0]
        assert "has the number of a person" in told[4]
        assert not here.sandbox.accepted("alibaba")


async def test_a_vendor_that_says_a_number_back_is_quoted_without_it(tmp_path: Path) -> None:
    said = f"手机{PHONE}与身份证{NUMBER}不符"
    async with stage(tmp_path, change=without_defaults, auto_review=False) as here:
        here.typed.append(said)
        here.sandbox.faults.next("alibaba", Fault.ANSWER, "CreateSmsSign", code="isv.X", text=said)
        assert "手机138****9876与身份证…不符" in await here.say(SIGN)
        await here.say(f"{SIGN}短信")
        here.sandbox.reject("alibaba", "速达物流", said, "signature")
        assert "手机138****9876与身份证…不符" in await here.pass_time(timedelta(minutes=30))
        for line in ("show #2", "history #2", "why #2", "resubmit #2", "report"):
            await here.say(line)


SAID_IN_A_GROUP = (
    f"来源：企业\n说明：联系{PHONE}",
    f"说明：身份证{NUMBER}",
    PHONE,
    "汇总",
    f"资质 提交 优刻得 速达 经办人手机 {PHONE}",
    f"身份证号{NUMBER}",
    f"重提 #1 说明={PHONE}",
    f"值班 交给 {PHONE}",
)


async def test_nor_is_it_in_a_group_or_one_to_one_in_dingtalk(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as ding,
        bot_in(tmp_path, None, ding, sandbox, clock, change=without_defaults) as chats,
    ):
        for alone in (False, True):
            assert "还差" in await says(chats, ding, "签名 提交 阿里云 速达物流") or alone
            for text in SAID_IN_A_GROUP:
                await says(chats, ding, text, alone=alone)
        await ding.acked(ding.frame_of(await ding.say_file(png(), f"{NUMBER}.png")))
        await chats.work()
        assert not sandbox.accepted("alibaba")


async def test_nor_in_what_a_slack_form_keeps_between_its_steps_nor_in_the_name_of_a_file(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        team(tmp_path, slack, sandbox, clock, without_defaults) as here,
    ):
        named = slack.add_file(f"licence {NUMBER}.png", png())
        retried = await slack.mention(
            "sign submit ucloud 速达快运 source=company purpose=self remark=x", files=(named,)
        )
        await slack.redeliver(retried)
        await here.until("signature 速达快运 at ucloud: in review")
        await slack.slash("sign submit aliyun 速达物流")
        view = await opened(here, "source")
        filled = {"source": "company", "qualification": "8563", "remark": f"联系{PHONE}，身份证{NUMBER}"}
        acks = [await handed_in(here, view, filled) for _ in range(3)]
        assert "has the number of a person" in str(acks)
        assert not sandbox.accepted("alibaba")
