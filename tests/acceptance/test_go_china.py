"""A Go China signature from its form or dialogue to the end that people tell, in each chat; changed, told apart, deleted."""

from datetime import timedelta
from pathlib import Path

from bot.contracts.model import State
from integrations.sandbox import Sandbox
from tests.acceptance.dialogue import without_defaults
from tests.acceptance.slack_forms import asked, handed_in, opened, request, through
from tests.acceptance.slack_team import Team, team
from tests.acceptance.test_dingtalk import stage as dingtalk_stage
from tests.emulators.slack.server import Slack
from tests.stage import StageClock, stage

DAY = timedelta(days=1)


async def test_in_slack_a_form_asks_for_what_the_console_asks(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock, without_defaults) as here:
        await slack.acked(await slack.slash("sign submit aliyun 速达 go_china=true"))
        view = await opened(here, "source")
        choices = [one["value"] for one in asked(here, view)["source"]["element"]["options"]]
        assert choices == ["company", "app", "website"]
        assert not {"qualification", "usage", "go_china"} & set(asked(here, view))
        await through(here, view, {"source": "company", "remark": "https://suda.example"})
        card = await here.until("Go China signature")
        assert "https://suda.example" in str(card["blocks"])
        assert (await request(here, 1)).state is State.DRAFT
        await its_end(here)
        assert here.calls("CreateSmsSign") == 0


async def its_end(here: Team) -> None:
    """What came of it in the console is told, and what cannot be said is answered with what can."""
    for said, answered in (
        ("settle #1 submitted", "#1 Go China signature 速达 at aliyun: in review"),
        ("delete #1", "#1 was not deleted"),
        ("settle #1 approved", "#1 Go China signature 速达 approved by aliyun: ready"),
        ("settle #1 deleted", "#1 Go China signature 速达 at aliyun: deleted"),
    ):
        await here.slack.acked(await here.slack.slash(said))
        await here.comes(lambda answered=answered: answered in everything(here.slack))


def everything(slack: Slack) -> str:
    texts = [f"{one['text']} {one.get('blocks', '')}" for one in slack.said("C0SMS")]
    return "\n".join(texts + [str(answer) for answer in slack.whispers]).replace("*", "")


async def test_in_dingtalk_a_dialogue_asks_for_it(tmp_path: Path) -> None:
    async with dingtalk_stage(tmp_path) as s:

        async def said(text: str) -> str:
            return "\n".join(one.text for one in await s.said(text))

        asked_for = await said("签名 提交 阿里云 速达 发往内地=是")
        assert "Go China 签名 速达" in asked_for
        assert "1 企业名称" in asked_for
        assert "网站" in asked_for
        kept = await said("来源：企业")
        assert "#1 Go China 签名 速达" in kept
        assert "填写内容：" in kept
        assert "审核中" in await said("落实 #1 已提交")
        assert "Go China 签名 速达" in await said("落实 #1 未通过 原因=“备注不清楚”")
        template = await said(
            "模板 提交 阿里云 登录码 go_china=是 类型=验证码 内容=“您的验证码是${code}，5分钟内有效。”"
        )
        assert "#2 Go China 模板 登录码" in template
        assert "您的验证码是${code}，5分钟内有效。" in template
        assert "可用" in await said("落实 #2 已通过 编号=SMS_10245001")
        assert not [call for call in s.sandbox.calls if call.action in ("CreateSmsSign", "CreateSmsTemplate")]


async def test_what_is_kept_can_be_changed_until_it_is_in_the_console(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as here:

        async def say(text: str) -> str:
            return " ".join((await here.say(text, can_ask=True)).split())

        assert "more to fill in for Go China signature 速达 · aliyun" in await say(
            "sign submit aliyun 速达 go_china=true"
        )
        assert "With this answer it is kept, with the steps in the console" in await say("website")
        assert "Go China signature 速达 at aliyun: draft" in await say("https://suda.example")
        changed = await say("edit #1 source=app")
        assert "Go China signature 速达 at aliyun: kept as it is now" in changed
        assert "Source of the name: app" in changed
        assert "`submit` keeps it" in await say("edit #1")
        await say("cancel")
        assert "速达" in await say(
            "sign submit aliyun 速达 source=company qualification=8563 remark=x"
        )  # no twin of it
        assert (await here.request(2)).state is State.IN_REVIEW
        await say("settle #1 submitted")
        assert "Next: `settle #1 deleted`" in await say("edit #1 source=company")
        overdue = await here.pass_time(DAY * 3, step=DAY)
        assert "has aliyun decided it?" in overdue
        assert "#1 in review for" not in overdue  # reviewers' hours are none of a person's who looks


async def test_it_is_checked_as_what_it_is(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_defaults) as here:
        said = await here.say("check sign aliyun 速达 go_china=true source=website link=https://suda.example")
        assert "aliyun would take it" in said
        assert "go_china=true" in said.partition("Next:")[2]


async def test_in_slack_the_form_begins_without_an_account(
    tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock
) -> None:
    async with team(tmp_path, slack, sandbox, clock, without_defaults) as here:
        await slack.acked(await slack.slash("sign submit go_china=true"))
        view = await opened(here, "accounts")
        ack = await handed_in(here, view, {"accounts": ["aliyun"], "name": "速达"})
        assert ack.get("response_action") != "errors", ack
        await through(here, await opened(here, "source"), {"source": "company"})
        await here.until("Go China signature")
        assert here.calls("CreateSmsSign") == 0
