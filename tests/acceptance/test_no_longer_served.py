"""A conversation that was taken out of the configuration hears nothing more, whatever was asked for or submitted there."""

from pathlib import Path

from integrations.sandbox import Sandbox
from tests.acceptance.both_chats import ALICE, CHANNEL, GROUP, HOUR, bot_in
from tests.emulators.dingtalk.server import DingTalkEmulator
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

SUBMIT = "sign submit tencent {} source=company"


def elsewhere(text: str) -> str:
    """The same with other conversations in their place."""
    return text.replace(CHANNEL, "C0OTHER").replace(GROUP, "cidGroupOther==")


async def test_it_hears_nothing_more_and_who_is_written_to_alone_does(tmp_path: Path) -> None:
    clock = StageClock()
    async with (
        Sandbox(now=clock.now, auto_review=False, limits=False) as sandbox,
        Slack() as slack,
        DingTalkEmulator(now=lambda: clock.now().timestamp()) as dingtalk,
    ):
        async with bot_in(tmp_path, slack, dingtalk, sandbox, clock) as both:
            await slack.acked(await slack.mention("subscribe reviews alerts", ALICE))
            await slack.acked(await slack.mention(SUBMIT.format("速达物流"), ALICE))
            await dingtalk.acked(dingtalk.frame_of(await dingtalk.say("签名 提交 tencent 速达快运 来源=企业")))
            await both.work()
            await slack.acked(await slack.mention("watch #1", ALICE))
            await both.work()
        in_slack, in_dingtalk = len(slack.said(CHANNEL)), len(dingtalk.texts(GROUP))
        alone = len(slack.said("D0ALICE"))
        async with bot_in(tmp_path, slack, dingtalk, sandbox, clock, change=elsewhere) as both:
            for name in ("速达物流", "速达快运"):
                sandbox.approve("tencent", name)
            await both.pass_time(4 * HOUR)
            rows = await both.bot.services.database.read(
                lambda db: list(db.query("SELECT conversation, state, reason FROM notices WHERE state <> 'sent'"))
            )
            rows = [row for row in rows if row["conversation"] in (CHANNEL, GROUP)]  # the emulators have no others
        assert (len(slack.said(CHANNEL)), len(dingtalk.texts(GROUP))) == (in_slack, in_dingtalk)
        assert len(slack.said("D0ALICE")) > alone  # who asked to be told alone
        assert {row["conversation"] for row in rows} == {CHANNEL, GROUP}
        held = ("held", "this conversation is not in the configuration any more")
        assert {(row["state"], row["reason"]) for row in rows} == {held}
