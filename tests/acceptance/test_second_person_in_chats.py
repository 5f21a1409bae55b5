"""A second person in Slack and in DingTalk: buttons, a press that means what was read, one person in both chats, a kill."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.contracts.model import State
from bot.store import requests
from integrations.sandbox import Fault, Sandbox
from tests.acceptance.both_chats import ALICE, CHANNEL, GROUP, ZHANG, Chats, bot_in
from tests.acceptance.slack_pages.pages import labels
from tests.acceptance.test_kill import CREATE
from tests.acceptance.test_slack_kill import PATIENCE, Shop
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

BOB = "U0BOB"
PEOPLE = f"""
[[person]]
name = "alice"
slack = "{ALICE}"
dingtalk = "{ZHANG}"
role = "approver"
[[person]]
name = "bob"
slack = "{BOB}"
role = "approver"
[policy]
second_person = ["submit", "promo", "delete"]
"""
PROMO = 'template submit tencent 双十一 type=promo content="尊敬的会员，双十一全场五折，点击 https://suda.example 查看，拒收请回复R"'
PROMO_ZH = (
    "模板 提交 tencent 双十一 类型=推广 内容=“尊敬的会员，双十一全场五折，点击 https://suda.example 查看，拒收请回复R”"
)


class Both:
    """Two chats and the bot between them."""

    def __init__(self, chats: Chats, slack: Slack, dingtalk: DingTalkEmulator) -> None:
        self.chats, self.slack, self.dingtalk = chats, slack, dingtalk

    async def in_slack(self, text: str, user: str = ALICE, **how: Any) -> None:
        await self.slack.acked(await self.slack.mention(text, user, **how))
        await self.chats.work()

    async def press(self, label: str, user: str = BOB, message: dict[str, Any] | None = None) -> None:
        await self.slack.acked(await self.slack.press(label, message, user=user))
        await self.chats.work()

    async def in_dingtalk(self, text: str, user: str = ZHANG) -> str:
        before = len(self.dingtalk.texts(GROUP))
        await self.dingtalk.acked(self.dingtalk.frame_of(await self.dingtalk.say(text, user)))
        await self.chats.work()
        return "\n".join(self.dingtalk.texts(GROUP)[before:])

    def find(self, part: str) -> dict[str, Any]:
        found = self.slack.find(part, CHANNEL)
        assert found, self.slack.transcript()
        return dict(found)

    def heard(self) -> str:
        """Everything that anybody reads in the channel, what only one person sees among it."""
        return "\n".join(str(one["text"]) for one in self.slack.said(CHANNEL))

    async def state(self, number: int = 1) -> State:
        return (await self.chats.bot.services.database.read(lambda db: requests.get(db, number))).state


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[Both]:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
        bot_in(tmp_path, slack, dingtalk, sandbox, clock, people=PEOPLE, change=with_roles) as chats,
    ):
        yield Both(chats, slack, dingtalk)
        assert not slack.refused
        assert not dingtalk.complaints


def with_roles(text: str) -> str:
    """Whoever is in these conversations may submit."""
    return text.replace('topics = ["alerts"]', 'topics = ["alerts"]\ndefault_role = "submitter"')


async def test_in_slack_it_is_asked_with_buttons_and_a_press_sends_it_once(both: Both) -> None:
    await both.in_slack(PROMO)
    asked = both.find("to be submitted, waits for approval")
    assert f"<@{BOB}>" in asked["text"]  # only whoever may is mentioned
    assert f"<@{ALICE}>" not in asked["text"]
    assert labels(asked) == ["Approve", "Deny", "Details"]
    assert "双十一全场五折" in str(asked)

    await both.press("Approve", ALICE, asked)
    assert "You wrote or ordered #1 yourself: somebody else must decide." in both.heard()
    assert await both.state() is State.AWAITING_APPROVAL
    await both.press("Approve", BOB, asked)
    assert await both.state() is State.IN_REVIEW
    closed = both.slack.channels[CHANNEL].find(asked["ts"])
    assert closed is not None
    assert "approved by bob" in closed["text"]
    assert labels(closed) == []  # there is nothing left to press
    assert [call.action for call in both.chats.sandbox.calls].count("AddSmsTemplate") == 1


async def test_its_author_cannot_agree_from_the_other_chat(both: Both) -> None:
    await both.in_slack(PROMO)
    said = await both.in_dingtalk("同意 #1", ZHANG)  # alice, in DingTalk
    assert "是你自己写的或发起的，须由别人决定" in said
    assert "请找 bob" in said
    assert await both.state() is State.AWAITING_APPROVAL


async def test_ordered_in_dingtalk_it_is_approved_in_slack_by_somebody_else_only(both: Both) -> None:
    said = await both.in_dingtalk(PROMO_ZH)
    assert "等待批准" in said
    await both.in_slack("approve #1", ALICE)
    assert await both.state() is State.AWAITING_APPROVAL
    await both.in_slack("approve #1", BOB)
    assert await both.state() is State.IN_REVIEW
    assert "bob 已批准" in "\n".join(both.dingtalk.texts(GROUP))


async def test_approved_on_a_card_in_dingtalk(both: Both) -> None:
    await both.in_slack(PROMO, BOB)
    await both.in_dingtalk("同意 #1", ZHANG)
    assert await both.state() is State.IN_REVIEW


async def test_a_press_on_what_was_changed_since_approves_nothing(both: Both) -> None:
    await both.in_slack(PROMO)
    asked = dict(both.find("to be submitted, waits for approval"))
    before = {**asked, "blocks": [dict(block) for block in asked["blocks"]]}
    await both.in_slack('edit #1 content="尊敬的会员，双十一全场三折，点击 https://suda.example 查看，拒收请回复R"')
    await both.press("Approve", BOB, before)  # the old button, pressed before the edit was seen
    assert "is not what you read any more" in both.heard()
    assert await both.state() is State.AWAITING_APPROVAL
    await both.press("Approve", BOB)
    assert await both.state() is State.IN_REVIEW


@pytest.mark.also_refusing
async def test_a_denial_is_asked_for_its_reason_and_whoever_ordered_it_reads_it(both: Both) -> None:
    await both.in_slack(PROMO)
    asked = both.find("to be submitted, waits for approval")
    await both.press("Deny", BOB, asked)
    assert "Still missing: the reason." in both.heard()
    assert await both.state() is State.AWAITING_APPROVAL
    await both.in_slack("not before the holiday", BOB, thread=asked.get("thread_ts", asked["ts"]))
    denied = both.find("bob said no")
    assert f"<@{ALICE}>" in denied["text"]
    assert "not before the holiday" in str(denied)
    assert await both.state() is State.DRAFT


async def test_killed_between_the_approval_and_the_submission_it_is_submitted_once(tmp_path: Path) -> None:
    async with Sandbox(limits=False) as sandbox, Slack() as slack:
        slack.groups["S0SMS"] = [BOB]
        shop = Shop(sandbox, tmp_path, slack)
        config = tmp_path / "config.toml"
        second = PEOPLE.index('[[person]]\nname = "bob"')  # alice is there already
        config.write_text(config.read_text() + PEOPLE[second:])
        try:
            await killed(shop)
        finally:
            await shop.close()


async def killed(shop: Shop) -> None:
    """SIGKILL while the call that an approval causes is under way, and before anything of it is known."""
    process = await shop.run()
    await shop.slack.acked(
        await shop.slack.slash(
            'template submit tencent 登录验证码 type=otp content="您的验证码是${code}，请尽快填写。"'
        )
    )
    asked = await shop.slack.until(lambda: shop.slack.find("waits for approval"), seconds=PATIENCE)
    assert shop.called("template") == [0, 0, 0]
    hang = hanging(shop)
    delivery = await shop.slack.press("Approve", asked, user=BOB)
    await shop.slack.acked(delivery)
    await shop.until(hang)
    assert shop.states() == ["submitting"]
    await shop.kill(process)

    process = await shop.run()
    await shop.slack.until(lambda: len(shop.slack.sockets) == 2, seconds=PATIENCE)
    await shop.slack.acked(await shop.slack.redeliver(delivery))
    await shop.until(lambda: shop.states() == ["in_review"])
    await shop.terminate(process)
    assert shop.accepted("template") == [0, 1, 0]
    assert shop.called("template") == [0, 1, 0]
    assert [row["state"] for row in shop.rows("SELECT state FROM approvals")] == ["used"]


def hanging(shop: Shop) -> Callable[[], bool]:
    """The vendor takes the next template and never answers; returns whether it has been called."""
    shop.sandbox.faults.next("tencent", Fault.HANG_AFTER, CREATE["template"]["tencent"])
    return lambda: shop.called("template") == [0, 1, 0]
