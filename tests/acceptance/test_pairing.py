"""Files for a dialogue in a DingTalk group: handed in one to one with a code, with the real SDK against its emulator."""

import asyncio
import contextlib
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.contracts.chat import Chat, ChatAbilities, Post, Receive
from bot.contracts.message import plain
from bot.contracts.model import Actor, Attachment, Incoming, Place, State
from bot.desk.pairing import WRONG_CODES
from bot.running.bot import Bot
from bot.running.chats import dingtalk
from bot.store import requests
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.dialogue import without_defaults
from tests.acceptance.test_dingtalk import GROUP, Stage, configuration, configuration_text, program, world
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.dingtalk.team import Shown
from tests.forked import Forked, forked
from tests.made_files import pdf, png
from tests.stage import on_stage

ZHANG, LI = "manager4567", "user0123"
PNG = png(1)
OTHER_PNG = png(2)
MINUTE = timedelta(minutes=1)
UNASKED = "❌ 这里现在没有需要文件的提问，文件没有保留。"
LI_TOO = """
[[person]]
name = "李四"
dingtalk = "user0123"
slack = "U0LI"
role = "submitter"
"""


def change(text: str) -> str:
    """Everything is asked for; both people are named, so that they are served one to one."""
    return without_defaults(text) + LI_TOO


async def after(s: Stage, said: Awaitable[str]) -> list[Shown]:
    """What comes of something said."""
    start = len(s.emulator.shown)
    return await s.heard(await said, start)


def code_in(shown: list[Shown]) -> str:
    found = re.search(r"配对码 `([0-9]{4,6})`", "\n".join(one.text for one in shown))
    assert found is not None, shown
    return found[1]


def where(shown: list[Shown]) -> list[str]:
    return [one.conversation for one in shown]


async def papers(s: Stage, number: int) -> list[tuple[str, str]]:
    request = await s.bot.services.database.read(lambda db: requests.get(db, number))
    return [(request.submitter_name, paper["size"]) for paper in request.papers]


async def test_a_picture_handed_in_by_code_between_two_people_over_a_restart_with_a_reminder(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator):
        async with program(tmp_path, clock, sandbox, emulator, change) as s:
            asked = await s.said("签名 提交 ucloud 速达物流", user=ZHANG)
            zhang = code_in(asked)
            assert "请私聊发给我" in asked[0].text
            li = code_in(await s.said("签名 提交 ucloud 启明书店", user=LI))
            assert zhang != li
            (shown,) = await s.said("来源：1\n说明：订单与配送通知，https://suda.example", user=ZHANG)
            assert "还差 1 项" in shown.title
            assert "填好这一项就会提交" in shown.text
            (shown,) = await s.said("来源：2", user=LI)
            assert "还差 2 项" in shown.title

        async with program(tmp_path, clock, sandbox, emulator, change) as s:
            reminders = await s.pass_time(40 * MINUTE)
            assert {user for one in reminders for user in one.mentions} == {ZHANG, LI}
            in_the_group = [one for one in reminders if one.conversation == GROUP]
            assert [("速达物流" in one.text, "启明书店" in one.text) for one in in_the_group] == [
                (True, False),
                (False, True),
            ]
            assert f"配对码 `{zhang}`" in in_the_group[0].text
            assert "在等你回复" in in_the_group[0].title
            assert await s.pass_time(60 * MINUTE) == []

            there = await after(s, emulator.say_rich(f" {li}", OTHER_PNG, LI, None))
            assert where(there) == [GROUP, LI]
            assert "还差 1 项就可以提交" in there[0].title
            assert "已交给 #2 签名 启明书店 · ucloud" in there[1].text
            there = await after(s, emulator.say_rich(zhang, PNG, ZHANG, None))
            assert sorted(where(there)) == sorted([GROUP, ZHANG])
            assert "已经填全，正在提交" in next(one.text for one in there if one.conversation == ZHANG)
            assert "#1" in next(one.text for one in there if one.conversation == GROUP)
            await s.said("说明：新书通知", user=LI)
            assert await s.states(1, 2) == [State.IN_REVIEW, State.IN_REVIEW]
            assert await papers(s, 1) == [("张三", str(len(PNG)))]
            assert await papers(s, 2) == [("李四", str(len(OTHER_PNG)))]
            assert len(sandbox.accepted("ucloud")) == 2

            again = await after(s, emulator.say_rich(zhang, PNG, ZHANG, None))  # the code ended with the dialogue
            assert GROUP not in where(again)
        assert len(sandbox.accepted("ucloud")) == 2


@pytest.mark.also_refusing
async def test_the_code_first_then_the_file_over_a_restart(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator):
        async with program(tmp_path, clock, sandbox, emulator, change) as s:
            code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业 用途=他用 说明=订单"))
            (shown,) = await s.said(f"配对码：{code}", group=None)
            assert shown.conversation == ZHANG
            assert "请发送文件，我会交给 #1 签名 速达物流 · ucloud" in shown.text
        async with program(tmp_path, clock, sandbox, emulator, change) as s:
            there = await after(s, emulator.say_file(pdf(), "执照.pdf"))
            assert where(there) == [GROUP, ZHANG]
            assert "授权委托书" in there[0].text
            assert "**执照.pdf** 已交给" in there[1].text
            there = await after(s, emulator.say_picture(PNG))  # the next one goes to the same question
            assert await s.states(1) == [State.IN_REVIEW]
            request = await s.bot.services.database.read(lambda db: requests.get(db, 1))
            assert {paper["key"]: paper["name"] for paper in request.papers} == {
                "paper": "执照.pdf",
                "letter": "picture-1.png",
            }
        assert len(sandbox.accepted("ucloud")) == 1


async def test_without_a_code_nothing_is_guessed(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        assert [one.title for one in await after(s, emulator.say_picture(PNG))] == [UNASKED]
        code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单"))
        (shown,) = await after(s, emulator.say_picture(PNG))
        assert shown.conversation == ZHANG
        assert "这是给 #1 签名 速达物流 · ucloud 的吗" in shown.text
        assert await s.states(1) == [State.DRAFT]
        await s.said(code, group=None)  # which was kept until then
        assert await s.states(1) == [State.IN_REVIEW]


async def test_whether_a_file_is_for_the_one_question_there_is_may_be_answered_with_yes(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单")
        await after(s, emulator.say_picture(PNG))
        (left,) = await s.said("取消", group=None)
        assert left.title == "已放弃，文件没有保留。"
        (nothing,) = await s.said("是", group=None)
        assert nothing.title == "❌ 这里现在没有等你回答的提问。"
        (asked,) = await after(s, emulator.say_picture(PNG))
        assert "或回复 `是`" in asked.text
        await s.said("是", group=None)
        assert await s.states(1) == [State.IN_REVIEW]


async def test_a_code_of_somebody_else_is_told_so(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单", user=ZHANG))
        for group in (None, GROUP):
            (said,) = await s.said(code, user=LI, group=group)
            assert said.title == f"❌ 配对码 {code} 不是你的。"
            assert "速达物流" not in said.text


async def test_files_that_wait_for_their_code_are_handed_over_together(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业 用途=他用 说明=订单"))
        await after(s, emulator.say_file(PNG, "执照.png"))
        (shown,) = await after(s, emulator.say_file(OTHER_PNG, "授权.png"))
        assert "执照.png、授权.png 我先留着" in shown.text
        await s.said(code, group=None)
        request = await s.bot.services.database.read(lambda db: requests.get(db, 1))
        assert request.state is State.IN_REVIEW
        assert {paper["key"]: paper["name"] for paper in request.papers} == {"paper": "执照.png", "letter": "授权.png"}


async def test_two_questions_of_one_person_in_two_groups(tmp_path: Path) -> None:
    other = '\n[[conversation]]\nplatform = "dingtalk"\nid = "cidGroupTwo=="\nlanguage = "zh"\ntopics = []\n'
    async with (
        world() as (clock, sandbox, emulator),
        program(tmp_path, clock, sandbox, emulator, lambda text: change(text) + other) as s,
    ):
        await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单")
        second = code_in(await s.said("签名 提交 ucloud 启明书店 来源=商标 说明=新书", group="cidGroupTwo=="))
        (shown,) = await after(s, emulator.say_picture(OTHER_PNG))
        assert "这是给哪一项的" in shown.text
        assert "速达物流" in shown.text
        assert "启明书店" in shown.text
        there = await s.said(second, group=None)
        assert sorted(where(there)) == sorted(["cidGroupTwo==", ZHANG])
        assert await s.states(1, 2) == [State.DRAFT, State.IN_REVIEW]


async def test_wrong_codes_are_told_and_bounded(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单", user=ZHANG))
        assert "不是你的配对码" not in (await s.said(code, user=LI, group=None))[0].text  # they have no question at all
        await s.said("签名 提交 ucloud 启明书店 来源=商标 说明=新书", user=LI)
        (shown,) = await after(s, emulator.say_rich(code, OTHER_PNG, LI, None))  # somebody else's code
        assert f"`{code}` 不是你的配对码" in shown.text
        assert "速达物流" not in shown.text
        assert await s.states(1, 2) == [State.DRAFT, State.DRAFT]

        wrong = "1000" if code != "1000" else "1001"
        told = [(await s.said(wrong, user=ZHANG, group=None))[0].text for _ in range(WRONG_CODES)]
        assert all("不是你的配对码" in one for one in told)
        assert ["输错次数过多" in one for one in told] == [False] * (WRONG_CODES - 1) + [True]
        await after(s, emulator.say_rich(code, PNG, ZHANG, None))
        assert await s.states(1) == [State.DRAFT]  # it holds no longer
        fresh = code_in(await s.said("汇总", user=ZHANG))
        await after(s, emulator.say_rich(fresh, PNG, ZHANG, None))
        assert await s.states(1) == [State.IN_REVIEW]


async def test_a_file_that_does_not_fit_is_refused_where_it_was_sent(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单"))
        (shown,) = await after(s, emulator.say_rich(code, b"GIF89a" + b"\0" * 50, ZHANG, None))
        assert shown.conversation == ZHANG
        assert "❌" in shown.text
        there = await after(s, emulator.say_rich(code, PNG, ZHANG, None))
        assert GROUP in where(there)
        assert await s.states(1) == [State.IN_REVIEW]


async def test_a_code_in_the_group_is_sent_to_the_right_place(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业"))
        (shown,) = await s.said(code)
        assert "请和文件一起私聊发给我" in shown.text
        (shown,) = await s.said("说明：订单")
        assert "还差 1 项" in shown.title  # the code was no answer
        await after(s, emulator.say_rich("", PNG))  # with the mention, as before
        assert await s.states(1) == [State.IN_REVIEW]


async def test_a_question_that_wants_no_file_has_no_code_and_takes_none(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        (shown,) = await s.said("模板 提交 腾讯云 登录码")
        assert "配对码" not in shown.text
        assert [one.title for one in await after(s, emulator.say_picture(PNG))] == [UNASKED]
        code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业"))
        await after(s, emulator.say_rich(code, PNG, ZHANG, None))
        (shown,) = await after(s, emulator.say_rich(code, PNG, ZHANG, None))
        assert "不再需要文件" in shown.text
        assert "还差" in (await s.said("汇总"))[0].title


async def test_who_is_not_served_one_to_one_is_told_the_other_ways(tmp_path: Path) -> None:
    def everybody_submits(text: str) -> str:
        place = 'platform = "dingtalk"\nid = "cidGroupTwo=="\nlanguage = "zh"\ntopics = []\ndefault_role = "submitter"'
        return f"{without_defaults(text)}\n[[conversation]]\n{place}\n"

    async with (
        world() as (clock, sandbox, emulator),
        program(tmp_path, clock, sandbox, emulator, everybody_submits) as s,
    ):
        (shown,) = await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单", user=LI, group="cidGroupTwo==")
        assert "配对码" not in shown.text
        assert "放在同一条消息里" in shown.text
        await after(s, emulator.say_rich("", PNG, LI, "cidGroupTwo=="))
        assert await s.states(1) == [State.IN_REVIEW]


async def test_whose_right_was_taken_away_goes_on_nowhere(tmp_path: Path) -> None:
    def not_li(text: str) -> str:
        return change(text).replace('role = "submitter"', 'role = "viewer"')

    async with world() as (clock, sandbox, emulator):
        async with program(tmp_path, clock, sandbox, emulator, change) as s:
            code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单", user=LI))
        async with program(tmp_path, clock, sandbox, emulator, not_li) as s:
            (shown,) = await s.said("汇总", user=LI)
            assert "提交人" in shown.title  # who may
            (shown,) = await after(s, emulator.say_rich(code, PNG, LI, None))
            assert "❌" in shown.text
            assert await s.states(1) == [State.DRAFT]


async def test_one_to_one_a_file_is_simply_sent(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        (shown,) = await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单", group=None)
        assert "配对码" not in shown.text
        assert "请发送文件" in shown.text
        await after(s, emulator.say_file(PNG, "执照.png"))
        assert await s.states(1) == [State.IN_REVIEW]


async def test_a_reminder_mentions_who_was_asked_and_a_question_ends_once(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        await s.said("模板 提交 腾讯云 登录码", user=LI)
        (shown,) = await s.pass_time(40 * MINUTE)
        assert shown.mentions == (LI,)
        assert "@user0123 **模板 登录码 · tencent** 在等你回复" in shown.text
        assert "还差：模板类型、内容。" in shown.text
        assert "我等到明天 09:30" in shown.text
        start = len(emulator.shown)
        for _ in range(30):
            clock.move(timedelta(hours=1))
            await s.work()
        over = [one for one in emulator.shown[start:] if "登录码" in one.text]
        assert ["提问已结束" in one.text for one in over] == [True]
        assert "[修改 #1]" in over[0].text
        assert over[0].mentions == ()


class Elsewhere:
    """Another chat in which the same person writes one to one."""

    name = "slack"
    abilities = ChatAbilities()

    def __init__(self) -> None:
        self.posts: list[Post] = []

    async def start(self, receive: Receive) -> None:
        del receive

    async def stop(self) -> None:
        pass

    async def post(self, post: Post) -> str:
        self.posts.append(post)
        return str(len(self.posts))

    async def edit(self, message_id: str, post: Post) -> None:
        raise AssertionError(f"{message_id} of {post.key} cannot be changed here")


async def test_the_same_person_may_hand_it_in_from_the_other_chat(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator):
        settings = configuration(sandbox, emulator, tmp_path, change)
        chat, slack = dingtalk(settings, clock.now), Elsewhere()

        def chats(_bot: Callable[[], Bot]) -> Sequence[Chat]:
            return (chat, slack)

        async def from_slack(user: str, code: str) -> str:
            await bot.reception.receive(
                Incoming(
                    text=code,
                    actor=Actor("slack", user, team="T0"),
                    place=Place("slack", f"D{user}"),
                    origin=f"slack {user} {len(slack.posts)}",
                    files=(Attachment("licence.png", PNG),),
                    direct=True,
                )
            )
            await s.work()
            return plain(slack.posts[-1].message.title)

        async with on_stage(
            settings, tmp_path, sandbox, clock, chats, came=emulator.came, said=emulator.given_out
        ) as bot:
            s = Stage(bot, chat, sandbox, emulator, clock)
            code = code_in(await s.said("签名 提交 ucloud 启明书店 来源=企业 说明=新书", user=LI))
            assert "licence.png" not in await from_slack("U0EVE", code)  # whom nobody named
            assert await s.states(1) == [State.DRAFT]
            assert "licence.png" in await from_slack("U0LI", code)
            assert await s.states(1) == [State.IN_REVIEW]
            assert "启明书店" in emulator.shown[-1].text
            assert emulator.shown[-1].conversation == GROUP
        await emulator.until(lambda: emulator.connected == 0)


async def test_a_file_is_for_the_question_that_wants_one(tmp_path: Path) -> None:
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        code = code_in(await s.said("签名 提交 ucloud 速达物流 来源=企业 说明=订单"))
        await s.said("模板 提交 腾讯云 登录码", group=None)  # a question here, too, that wants no file
        (shown,) = await after(s, emulator.say_picture(PNG))
        assert "这是给 #1 签名 速达物流 · ucloud 的吗" in shown.text
        await s.said(code, group=None)
        assert await s.states(1, 2) == [State.IN_REVIEW, State.DRAFT]
        assert "还差 1 项" in (await s.said("1", group=None))[0].title  # which goes on as it was


async def test_killed_while_the_vendor_takes_what_a_code_completed(tmp_path: Path) -> None:
    async with Sandbox(limits=False) as sandbox, DingTalkEmulator() as emulator:
        text = configuration_text(sandbox, emulator, change)
        (tmp_path / "config.toml").write_text(text.replace("[poll]\n", "[poll]\nsettle_seconds = 1\n"))

        def standing() -> str:
            with contextlib.closing(sqlite3.connect(f"file:{tmp_path}/data/signpost.db?mode=ro", uri=True)) as db:
                return str(db.execute("SELECT state FROM requests").fetchone()[0])

        async with _process(tmp_path) as process:
            await emulator.until(lambda: emulator.connected == 1, patience=30)
            await emulator.say("签名 提交 腾讯云 速达物流 来源=企业", ZHANG)
            await emulator.until(lambda: len(emulator.shown) == 1, patience=30)
            sandbox.faults.next("tencent", Fault.HANG_AFTER, "AddSmsSign")
            message = await emulator.say_rich(code_in(emulator.shown), PNG, ZHANG, None)
            await _until(lambda: len(sandbox.accepted("tencent")) == 1)
            process.kill()
        await emulator.until(lambda: emulator.connected == 0)
        async with _process(tmp_path):
            await emulator.until(lambda: emulator.connected == 1, patience=30)
            await emulator.redeliver(message)  # DingTalk heard no acknowledgement, say
            await emulator.say_rich(code_in(emulator.shown), PNG, ZHANG, None)  # and neither did who sent it
            await _until(lambda: standing() == State.IN_REVIEW)
        assert len(sandbox.accepted("tencent")) == 1
        assert sum(call.action == "AddSmsSign" for call in sandbox.calls) == 1


@contextlib.asynccontextmanager
async def _process(folder: Path) -> AsyncIterator[Forked]:
    """The program as users run it; killed at the end."""
    with (folder / "output.txt").open("ab") as out:
        process = await forked("run", "--config", "config.toml", cwd=folder, output=out.fileno())
    try:
        yield process
    finally:
        process.kill()
        await process.wait()


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        # Another process cannot set an event of ours, so it is asked again until it is so.
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_the_lines_to_fill_in_come_back_alone_or_with_the_whole_question(tmp_path: Path) -> None:
    answers = {"名称": "登录码", "类型": "1", "内容": "您的验证码：${code}，5分钟内有效。"}
    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, change) as s:
        for number, whole in enumerate((False, True), start=1):
            (shown,) = await s.said("模板 提交 腾讯云" if number == 1 else "模板 提交 ucloud")
            asked, lead, lines = shown.text.partition("填好后发回：")
            assert re.findall(r"\w+", lines) == list(answers)
            filled = re.sub(r"(\w+)：", lambda line: f"{line[0]}{answers[line[1]]}", lines)
            await s.said(asked + lead + filled if whole else filled)
            assert await s.states(number) == [State.IN_REVIEW]
            request = await s.bot.services.database.read(lambda db, number=number: requests.get(db, number))
            assert request.name == answers["名称"]
            assert request.values["content"] == answers["内容"]


async def test_in_english(tmp_path: Path) -> None:
    other = '\n[[conversation]]\nplatform = "dingtalk"\nid = "cidGroupTwo=="\nlanguage = "en"\ntopics = []\n'

    def english(text: str) -> str:
        return change(text).replace('language = "zh"', 'language = "en"', 1) + other

    async with world() as (clock, sandbox, emulator), program(tmp_path, clock, sandbox, emulator, english) as s:
        (shown,) = await s.said("sign submit ucloud 速达物流 source=company", group="cidGroupTwo==")
        found = re.search(r"send it to me one to one, with the code `([0-9]+)`", shown.text)
        assert found is not None
        there = await after(s, emulator.say_rich(f"code {found[1]}", PNG, ZHANG, None))
        assert there[0].title.startswith("Noted: Papers. 1 more to fill in for signature 速达物流")
        assert "**picture-1.png** is handed to #1 signature 速达物流 · ucloud." in there[1].text
        assert "It goes on where I asked for it." in there[1].text
