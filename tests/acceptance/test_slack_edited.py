"""People mend a slip in the message itself; what was done is never done again because its message was changed."""

from functools import partial

from tests.acceptance.slack_team import SUBMIT, Team
from tests.emulators.slack.server import Slack


def _seen(slack: Slack, channel: str) -> str:
    return str((slack.channels[channel].messages, [one for one in slack.whispers if one["channel"] == channel]))


async def test_a_slip_that_is_mended_in_place_is_read_and_nothing_is_done_twice(here: Team) -> None:
    slack = here.slack
    for channel, say in (("C0SMS", slack.mention), ("D0ALICE", slack.dm)):
        seen = partial(_seen, slack, channel)
        await say("sing list")
        await here.comes(lambda seen=seen: "I know no " in seen())
        ts = next(one["ts"] for one in slack.channels[channel].messages if "sing list" in one["text"])
        await slack.change(ts, "quota aliyun", channel)
        await here.comes(lambda seen=seen: "Quota: least is left at aliyun" in seen())

    await slack.mention(SUBMIT)
    await here.until("in review")
    ts = next(one["ts"] for one in slack.channels["C0SMS"].messages if SUBMIT in one["text"])
    for delivery in [await slack.change(ts, f"{SUBMIT}x") for _ in range(2)]:
        await slack.acked(delivery)
    await here.comes(lambda: "A message is read once" in str(slack.whispers))
    await here.work()
    assert here.calls("CreateSmsSign") == 1
    assert str(slack.whispers).count("A message is read once") == 1
