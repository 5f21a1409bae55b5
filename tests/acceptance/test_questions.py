"""Everything the bot asks takes an answer: one table of questions and of what people answer to them, in every chat.

The table is said at three stages: the terminal, a DingTalk group (each answer a mention), a Slack channel (each answer a
mention). What stands in it is what a person reads; nothing is looked up inside.
"""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox import Sandbox
from tests.acceptance import test_dingtalk as dingtalk
from tests.acceptance.slack_team import team
from tests.emulators.slack.server import Slack
from tests.stage import StageClock, stage

Say = Callable[[str, str], Awaitable[str]]
"""Say something, and read what comes back, with a part that is waited for where that takes a while."""
HOURS = timedelta(hours=3)


@dataclass(frozen=True)
class Asked:
    """A question and its answers.

    Args:
        before: what is said before it, in order; `+` lets three hours pass.
        question: what asks.
        answers: each natural answer, and what comes back.
        told: what stands in the question.
    """

    name: str
    before: tuple[str, ...]
    question: str
    told: str
    answers: tuple[tuple[str, str], ...]


SUBMITTED = ("sign submit tencent 速达 source=company", "+")

QUESTIONS = (
    Asked(
        "which account",
        (),
        "sign submit",
        "Which account?",
        (
            ("1", "signature · aliyun"),
            ("tencent", "signature · tencent"),
            ("阿里云", "signature · aliyun"),
            ("1, 3", "signature · aliyun, ucloud"),
            ("aliyun and tencent", "signature · aliyun, tencent"),
            ("all", "signature · aliyun, tencent, ucloud"),
            ("4", "signature · aliyun, tencent, ucloud"),
            ("全部", "signature · aliyun, tencent, ucloud"),
            ("9", "That is none of these."),
            ("aliyun, tencnt", "There is no account tencnt. Did you mean tencent?"),
            ("cancel", "Left. Nothing was done."),
            ("取消", "Left. Nothing was done."),
        ),
    ),
    Asked(
        "which command",
        (),
        "submit",
        "submit what?",
        (("1", "Which account?"), ("template", "Which account?"), ("3", "qualification"), ("cancel", "Left.")),
    ),
    Asked(
        "did you mean",
        (),
        "sing list",
        "Did you mean",  # and the command, as a link where it can be one
        (
            ("yes", "No signature in the record here."),
            ("好的", "No signature in the record here."),
            ("no", "Left. Nothing was done."),
            ("status", "Nothing is pending here."),
        ),
    ),
    Asked(
        "what is missing",
        SUBMITTED,
        "show",
        "Still missing",
        (("#1", "#1 signature 速达"), ("1", "#1 signature 速达"), ("速达", "#1 signature 速达"), ("cancel", "Left.")),
    ),
    Asked(
        "what shall be changed",
        SUBMITTED,
        "edit #1",
        "What shall be changed in #1 速达?",
        (
            ("name=速达物流", "#1 signature 速达物流 at tencent: in review"),
            ("name: 速达物流", "#1 signature 速达物流 at tencent: in review"),
            ("名称：速达物流", "#1 signature 速达物流 at tencent: in review"),
            ("1", "what shall it be?"),
            ("name", "what shall it be?"),
            ("1 速达物流", "#1 signature 速达物流 at tencent: in review"),
            ("1：速达物流", "#1 signature 速达物流 at tencent: in review"),
            ("what is this?", "That names nothing of these."),
            ("nmae=速达物流", "Did you mean name?"),
            ("cancel", "#1 is left as it was."),
        ),
    ),
    Asked(
        "the new value",
        (*SUBMITTED, "edit #1"),
        "1",
        "what shall it be?",
        (
            ("速达物流", "#1 signature 速达物流 at tencent: in review"),
            ("name=速达物流", "#1 signature 速达物流 at tencent: in review"),
            ("back", "What shall be changed in #1 速达?"),
            ("cancel", "#1 is left as it was."),
        ),
    ),
    Asked(
        "a choice",
        (),
        "sign submit tencent 速达物流",
        "1 company name",
        (
            ("1", "in review"),
            ("company name", "in review"),
            ("企业名称", "in review"),
            ("source=company", "in review"),
            ("source: 1", "in review"),
            ("9", "That does not fit yet."),
            ("帮我看看还差什么", "That does not fit yet."),
            ("cancel", "given up"),
        ),
    ),
    Asked(
        "a name",
        (),
        "sign submit tencent source=company",
        "1 more to fill in",
        (
            ("速达物流", "in review"),
            ("name: 速达物流", "in review"),
            ("帮我看看还差什么", "Not taken"),
            ("cancel", "given up"),
        ),
    ),
    Asked(
        "what was guessed",
        (),
        "sign submit tencent 速达物流 sorce=company",
        "Did you mean source?",
        (
            ("yes", "in review"),
            ("是", "in review"),
            ("2", "in review"),
            ("no", "1 more to fill in"),
            ("cancel", "given up"),
        ),
    ),
    Asked(
        "what does not fit",
        (),
        "sign submit tencent 速达物流 source=foo",
        "Not everything fits yet. 1 more to fill in",
        (("1", "in review"), ("source=company", "in review"), ("cancel", "given up")),
    ),
    Asked(
        "for how long",
        ("+",),
        "snooze A1 banana",
        "For how long?",
        (("2h", "Snoozed by"), ("30 minutes", "Snoozed by"), ("long", "For how long?"), ("cancel", "Left.")),
    ),
    Asked(
        "whether to delete",
        SUBMITTED,
        "delete #1",
        "Delete #1",
        (("yes", "deleted"), ("no", "Nothing was deleted."), ("取消", "Nothing was deleted."), ("what?", "yes")),
    ),
)


@contextlib.asynccontextmanager
async def terminal(folder: Path) -> AsyncIterator[Say]:
    async with stage(folder, quota=3600) as s:

        async def say(text: str, _part: str) -> str:
            if text == "+":
                return await s.pass_time(HOURS)
            return (await s.say(text, can_ask=True)).replace("`", "")

        yield say


@contextlib.asynccontextmanager
async def group(folder: Path) -> AsyncIterator[Say]:
    def in_english(text: str) -> str:
        return text.replace('language = "zh"', 'language = "en"')

    async with dingtalk.stage(folder, change=in_english) as s:

        async def say(text: str, _part: str) -> str:
            if text == "+":
                return "\n".join(one.text for one in await s.pass_time(HOURS))
            said = "\n".join(one.text for one in await s.said(text))
            return said.replace("`", "").replace("*", "").replace("\u200b", "")

        yield say


@contextlib.asynccontextmanager
async def channel(folder: Path) -> AsyncIterator[Say]:
    clock = StageClock()
    async with Slack() as slack, Sandbox(now=clock.now) as sandbox, team(folder, slack, sandbox, clock) as here:

        async def say(text: str, part: str) -> str:
            if text == "+":
                await here.pass_time(HOURS)
                return ""
            await slack.mention(text)
            return str((await here.until(part))["text"])

        yield say


CHATS = {"terminal": terminal, "dingtalk": group, "slack": channel}
FEW = 2
"""Answers that are tried in the chats with a wire, which read them as the terminal does."""


@pytest.mark.parametrize(
    ("chat", "asked", "answer", "comes"),
    [
        pytest.param(chat, asked, answer, comes, id=f"{chat}-{asked.name}: {answer}")
        for chat in CHATS
        for asked in QUESTIONS
        for answer, comes in (asked.answers if chat == "terminal" else asked.answers[:FEW])
    ],
)
async def test_a_question_takes_its_answers(tmp_path: Path, chat: str, asked: Asked, answer: str, comes: str) -> None:
    async with CHATS[chat](tmp_path) as say:
        for line in asked.before:
            await say(line, "#1" if line.startswith("sign") else "What shall be changed")
        told = await say(asked.question, asked.told)
        assert asked.told in told
        assert ("mention me" in told.lower()) is (chat != "terminal")
        assert comes in await say(answer, comes)


async def test_what_is_said_whole_is_not_asked_any_more(tmp_path: Path) -> None:
    """Whoever answers with the whole command has answered: a later word is no answer to what was asked before it."""
    async with stage(tmp_path) as s:
        for asking, whole in (
            ("subscribe", "subscribe alerts"),
            ("sign submit", "sign submit aliyun 速达物流 source=company"),
            ("sing submit", "sign submit tencent 速达物流 source=company"),
            ("submit", "template submit aliyun 登录 type=otp content=您的验证码是${code}，5分钟内有效。"),
            ("edit #2", "edit #2 name=速达商贸"),
        ):
            await s.say(asking, can_ask=True)
            assert "❌" not in await s.say(whole, can_ask=True)
            for answer in ("1", "yes"):
                assert "I am not asking you anything here now." in await s.say(answer, can_ask=True)
        await s.say("sign submit", can_ask=True)
        await s.say("status", can_ask=True)  # about something else: the question stays
        assert "signature · aliyun" in await s.say("1", can_ask=True)


@pytest.mark.parametrize(
    ("asked", "answer", "then"),
    [("sign submit aliyun", "速达物流", "速达物流"), ("delete #1", "no", "Nothing was deleted")],
)
async def test_a_number_is_looked_up_also_while_something_is_asked(
    tmp_path: Path, asked: str, answer: str, then: str
) -> None:
    async with stage(tmp_path) as s:
        for line in SUBMITTED:
            await (s.pass_time(HOURS) if line == "+" else s.say(line, can_ask=True))
        await s.say(asked, can_ask=True)
        assert "#1 signature 速达 at tencent: rejected" in await s.say("#1", can_ask=True)
        assert then in await s.say(answer, can_ask=True)  # it is still asked


async def test_nobody_is_asked_for_the_rest_of_what_they_may_not_do(tmp_path: Path) -> None:
    """A viewer of a group."""
    async with dingtalk.stage(tmp_path) as s:
        for text in ("订阅", "订阅 天气", "认领", "签名 提交 阿里 速达 来原=企业", "删除", "资质 提交"):
            (said,) = await s.said(text, user="user8888")
            assert said.title.startswith("❌ 你在这里不能执行"), text
        (said,) = await s.said("取消", user="user8888")
        assert said.title == "❌ 这里现在没有等你回答的提问。"


async def test_a_topic_that_was_asked_for_is_taken(tmp_path: Path) -> None:
    async with stage(tmp_path, language="zh") as s:
        assert "还缺少：主题，如 告警。" in await s.say("订阅", can_ask=True)
        assert "已订阅 审核" in await s.say("审核", can_ask=True)
