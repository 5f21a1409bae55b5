"""One team's week in Slack, told whole: what people type, press and fill in, and every text that comes back.

The real Bolt app against the emulator, which refuses what Slack refuses; the real vendor clients against the sandbox.
Every text is read as a person reads it, by a reader that shares no code with the program.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from integrations.sandbox import Sandbox
from tests.acceptance.slack_forms import PNG, asked, handed_in, opened, through
from tests.acceptance.slack_story import REVIEW, Story, drained, form, read, ucloud_asks
from tests.acceptance.slack_team import team
from tests.emulators.slack.server import Slack
from tests.stage import StageClock


@pytest.fixture
async def story(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Story]:
    async with team(tmp_path, slack, sandbox, clock, ucloud_asks) as here:
        yield Story(here)
    assert not slack.refused, slack.refused


@pytest.mark.also_refusing
async def test_the_story_in_english(story: Story) -> None:
    here = story.here
    # One vendor, everything in one line.
    assert await story.type("sign submit tencent 速达物流 source=company") == snapshot(
        [
            """\
⏳ #1 signature 速达物流 at tencent: in review · bob
Usually decided in about 2 h of open hours: expected today 11:30. I will post the result here.
Next: /sms status #1 · /sms path 速达物流
[Details] [Watch for me too]\
"""
        ]
    )
    card = story.card("in review")
    assert await story.later(REVIEW) == snapshot(
        [
            """\
↳↑ ✅ #1 signature 速达物流 approved by tencent @U0BOB · took 2 h
Not ready yet: the carriers must file it.
Tencent publishes no time for it.
Templates can be submitted now: @Signpost template submit tencent …
Next: @Signpost status #1
[Details] [Watch for me too]\
""",
            """\
↳↑ ✅ #1 signature 速达物流 at tencent is ready @U0BOB
The carriers have filed it: messages can go out.
Next: @Signpost template submit tencent …
[Details]\
""",
        ]
    )
    assert read(card) == snapshot("""\
✅ #1 signature 速达物流 at tencent: ready · bob
Next: /sms template submit tencent … · /sms history #1
[Details]\
""")

    # A form with a fault under its field, a file, and a second step.
    assert await story.type("sign submit ucloud 速达快运") == []
    view_id = await opened(here)
    assert form(here, view_id) == snapshot(
        [
            "Signature 速达快运",
            "Step 1 of 2",
            "Name: The company's full name, a piece of it longer than 3 characters, or the trademark; without brackets.",
            "Source of the name: The company's name, full or short, passes most easily.",
            "Own use or for others: For another company an authorisation letter is needed.",
            "Papers: jpg, png, pdf, up to 4 MB. Business licence, trademark certificate or organisation code; a scan of the original.",
        ]
    )
    word = here.slack.add_file("licence.docx", PNG)
    ack = await handed_in(here, view_id, {"source": "company", "name": "速达-快运"}, {"paper": (word,)})
    assert ack == snapshot(
        {
            "response_action": "errors",
            "errors": {
                "name": "Name: “速达-快运” cannot be used: only Chinese characters, English letters, digits and underscores.",
                "paper": "Papers: licence.docx is not one of jpg, png, pdf.",
            },
        }
    )
    picture = here.slack.add_file("licence.png", PNG)
    await handed_in(here, view_id, {"name": "速达快运"}, {"paper": (picture,)})
    await opened(here, "remark")
    assert form(here, view_id) == snapshot(
        [
            "Signature 速达快运",
            "Step 2 of 2",
            "Note to the reviewer: What it is for and where it is live; a web address helps.",
            "Qualification?: The id or name of an approved qualification; the carriers' filing needs what it holds.",
            "Link?: The page, shop or site where the name or text is used.",
            "For numbers outside the mainland?: International, Hong Kong, Macao and Taiwan messages.",
        ]
    )
    await handed_in(here, view_id, {"remark": "Order notices, https://suda.example"})
    assert await story.news(until="#2 signature 速达快运 at ucloud: in review") == snapshot(
        [
            """\
⏳ #2 signature 速达快运 at ucloud: in review · bob
Usually decided in about 9 h of open hours: expected today 22:30. I will post the result here.
Next: /sms status #2 · /sms path 速达快运
[Details] [Watch for me too]\
"""
        ]
    )

    # Everywhere at once.
    assert await story.type("sign submit all 速达到家 source=company") == []
    view_id = await opened(here, "qualification@aliyun")
    assert list(asked(here, view_id)) == snapshot(["name", "source", "purpose", "usage", "qualification@aliyun"])
    await through(here, view_id, {"remark": "Order notices, https://suda.example"}, {"paper": (picture,)})
    (card,) = await story.news(
        until="#5 ucloud: in review"
    )  # the card waits for all three, and nothing is said beside it
    assert card == snapshot("""\
⏳ Signature 速达到家 at 3 vendors · bob
⏳ #3 aliyun: in review, expected today 15:30
⏳ #4 tencent: in review, expected today 15:30
⏳ #5 ucloud: in review, expected today 22:30
Next: /sms status #3 · /sms path 速达到家
[Details] [Watch for me too]\
""")
    assert sorted(await story.later(REVIEW)) == snapshot(
        [
            """\
↳↑ ✅ #2 signature 速达快运 approved by ucloud: ready @U0BOB · took 3 h
Messages can go out.
The carriers' filing cannot be seen at ucloud.
Next: @Signpost template submit ucloud …
[Details]\
""",
            """\
↳↑ ✅ #3 signature 速达到家 approved by aliyun @U0BOB · took 1 h
Not ready yet: the carriers must file it.
The three carriers file it in 7 to 10 working days, sometimes 15.
China Mobile: in progress (运营商实名报备中)
China Unicom: in progress (运营商实名报备中)
China Telecom: in progress (运营商实名报备中)
Templates can be submitted now: @Signpost template submit aliyun …
Next: @Signpost status #3
[Details] [Watch for me too]\
""",
            """\
↳↑ ✅ #3 signature 速达到家 at aliyun is ready @U0BOB
The carriers have filed it: messages can go out.
China Mobile: filed
China Unicom: filed
China Telecom: filed
Next: @Signpost template submit aliyun …
[Details]\
""",
            """\
↳↑ ✅ #4 signature 速达到家 approved by tencent @U0BOB · took 2 h
Not ready yet: the carriers must file it.
Tencent publishes no time for it.
Templates can be submitted now: @Signpost template submit tencent …
Next: @Signpost status #4
[Details] [Watch for me too]\
""",
            """\
↳↑ ✅ #4 signature 速达到家 at tencent is ready @U0BOB
The carriers have filed it: messages can go out.
Next: @Signpost template submit tencent …
[Details]\
""",
            """\
↳↑ ✅ #5 signature 速达到家 approved by ucloud: ready @U0BOB · took 3 h
Messages can go out.
The carriers' filing cannot be seen at ucloud.
Next: @Signpost template submit ucloud …
[Details]\
""",
        ]
    )  # three vendors, in no order
    assert read(story.card("at 3 vendors")) == snapshot("""\
✅ Signature 速达到家 at 3 vendors · bob
✅ #3 aliyun: ready
✅ #4 tencent: ready
✅ #5 ucloud: ready
Next: /sms status #3 · /sms path 速达到家
[Details]\
""")

    # Rejected, mended in the form of the button, approved.
    assert await story.type("sign submit tencent 速达 source=company") == snapshot(
        [
            """\
⏳ #6 signature 速达 at tencent: in review · bob
Usually decided in about 2 h of open hours: expected today 19:30. I will post the result here.
Next: /sms status #6 · /sms path 速达
[Details] [Watch for me too]\
"""
        ]
    )
    assert await story.later(REVIEW) == snapshot(
        [
            """\
↳↑ ❌ #6 signature 速达 rejected by tencent @U0BOB · after 2 h
签名无法识别主体，请提交与资质一致的名称
This means (identifiable name): The reviewer cannot tell from the name whose it is. What passes: the company's full or well-known short name.
Next: @Signpost resubmit #6 · @Signpost history #6
[Fix and resubmit] [Details] [Show rule]\
"""
        ]
    )
    assert await story.press("Fix and resubmit", story.message("rejected by tencent")) == []
    view_id = await opened(here, "name")
    assert form(here, view_id) == snapshot(
        [
            "Signature 速达",
            "“签名无法识别主体，请提交与资质一致的名称”",
            "Step 1 of 2",
            "Name: 2 to 12 characters, up to 15 for international; Chinese, letters and digits, no brackets.",
            "For numbers outside the mainland?: International, Hong Kong, Macao and Taiwan messages.",
            "Source of the name: The company's name, full or short, passes most easily.",
            "Own use or for others: For another company an authorisation letter is needed.",
            "Qualification: The number or name of an approved qualification. The vendor cannot list them; shown are those of existing signatures. All of them: console, 国内短信 → 实名资质管理.",
        ]
    )
    await through(here, view_id, {"name": "速达优选"})
    assert await story.news(until="#6 signature 速达优选 at tencent: in review") == snapshot(
        [
            """\
∘ ↳ ⏳ #6 signature 速达: the change is on its way to tencent
What comes of it stands in its card.\
""",
            """\
↳ ⏳ #6 signature 速达优选 at tencent: in review
Expected today 23:30.
Next: @Signpost status #6\
""",
        ]
    )
    assert await story.later(REVIEW) == snapshot(
        [
            """\
↳↑ ✅ #6 signature 速达优选 approved by tencent @U0BOB · took 2 h
Not ready yet: the carriers must file it.
Tencent publishes no time for it.
Templates can be submitted now: @Signpost template submit tencent …
Next: @Signpost status #6
[Details] [Watch for me too]\
""",
            """\
↳↑ ✅ #6 signature 速达优选 at tencent is ready @U0BOB
The carriers have filed it: messages can go out.
Next: @Signpost template submit tencent …
[Details]\
""",
        ]
    )

    # An alert, taken by its button; the card is edited where it stands.
    assert await drained(story) == snapshot(
        [
            """\
🔴 A1 aliyun: the package is empty since yesterday 13:30
Critical by rule quota-nearly-out. Package: 国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001, until 2027-01-02. About 20,600 messages a day of late.
A purchase takes effect at once. https://dysms.console.aliyun.com/overview
Next: /sms ack A1 · /sms snooze A1 2h · /sms resolve A1 · /sms quota aliyun
[Acknowledge] [Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve]\
""",
            """\
↳↑ 🔴 A1 aliyun: the package is empty since today 13:30 · Still so, for 6 h. Nobody has taken it yet.
Critical by rule quota-nearly-out. Package: 国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001, until 2027-01-02. About 20,600 messages a day of late.
A purchase takes effect at once. https://dysms.console.aliyun.com/overview
Next: @Signpost ack A1 · @Signpost snooze A1 2h · @Signpost resolve A1 · @Signpost quota aliyun
[Acknowledge] [Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve]\
""",
            """\
↳↑ 🔴 A1 aliyun: the package is empty since yesterday 13:30 · Still so, for 12 h. Nobody has taken it yet.
Critical by rule quota-nearly-out. Package: 国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001, until 2027-01-02. About 20,600 messages a day of late.
A purchase takes effect at once. https://dysms.console.aliyun.com/overview
Next: @Signpost ack A1 · @Signpost snooze A1 2h · @Signpost resolve A1 · @Signpost quota aliyun
[Acknowledge] [Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve]\
""",
        ]
    )
    alert = story.card("A1 aliyun")
    assert await story.press("Acknowledge", alert, user="U0ALICE") == snapshot(
        [
            """\
↳ 🟡 A1 aliyun: the package is empty since yesterday 13:30 · Acknowledged by alice.
Next: @Signpost resolve A1 · @Signpost unack A1
[Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve] [Give back] [Watch for me too]\
"""
        ]
    )
    assert read(alert) == snapshot("""\
🟡 A1 aliyun: the package is empty since yesterday 13:30
Acknowledged by alice, today 01:30; open again today 05:30 if it is still so.
Critical by rule quota-nearly-out. Package: 国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001, until 2027-01-02. About 20,600 messages a day of late.
A purchase takes effect at once. https://dysms.console.aliyun.com/overview
Next: /sms resolve A1 · /sms unack A1
[Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve] [Give back] [Watch for me too]\
""")

    # Told once more, whole.
    assert await story.type("history #6") == snapshot(
        [
            """\
∘ History of #6 速达优选
yesterday 00:30 · #6 ready · tencent
Mon 23 Nov 23:30 · #6 approved, not ready yet · tencent
Mon 23 Nov 21:30 · #6 in review · tencent
Mon 23 Nov 21:30 · #6 being sent · by itself
Mon 23 Nov 21:30 · #6 queued · alice
Mon 23 Nov 21:30 · #6 content changed · alice
Mon 23 Nov 19:30 · #6 rejected: “签名无法识别主体，请提交与资质一致的名称” · tencent
Mon 23 Nov 17:30 · #6 in review · tencent
Mon 23 Nov 17:30 · #6 being sent · by itself
Mon 23 Nov 17:30 · #6 速达 asked of tencent · bob\
"""
        ]
    )
    assert await story.type("status") == snapshot(
        [
            """\
∘ ✅ Nothing is pending here.
Next: /sms sign submit … · /sms sign list\
"""
        ]
    )
