"""One team's week in Slack, told whole: what people type, press and fill in, and every text that comes back.

The real Bolt app against the emulator, which refuses what Slack refuses; the real vendor clients against the sandbox.
Every text is read as a person reads it, by a reader that shares no code with the program.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from inline_snapshot import snapshot

from integrations.sandbox import Sandbox
from tests.acceptance.slack_forms import PNG, asked, handed_in, opened, through
from tests.acceptance.slack_team import Team, in_chinese, team
from tests.contract.rooms.slack import in_slack
from tests.emulators.slack.server import Slack
from tests.stage import StageClock

REVIEW = timedelta(hours=4)


def ucloud_asks(text: str) -> str:
    """One account without defaults, so that there is something to fill in; quota is looked at once a day."""
    text = text.replace("quota_seconds = 60", "quota_seconds = 86400")
    head, mark, tail = text.partition('name = "ucloud"')
    return head + mark + "\n".join(line for line in tail.splitlines() if not line.startswith("defaults"))


class Story:
    """A team, and how far its channel has been read."""

    def __init__(self, here: Team) -> None:
        self.here = here
        self._read = 0

    async def settled(self) -> None:
        """Wait until what was said has been dealt with, at this very moment of the story."""
        work = self.here.chat._work
        for _ in range(3):
            while work._tasks:
                await asyncio.wait(work._tasks)
            await self.here.work()

    async def type(self, text: str, user: str = "U0BOB") -> list[str]:
        """Type a slash command, and read what comes back."""
        assert await self.here.slack.acked(await self.here.slack.slash(text, user)) == {}
        return await self.news()

    async def press(self, label: str, message: Mapping[str, Any], user: str = "U0BOB") -> list[str]:
        """Press a button, and read what comes back."""
        await self.here.slack.acked(await self.here.slack.press(label, message, user=user))
        return await self.news()

    async def later(self, span: timedelta, *, step: timedelta = timedelta(hours=1)) -> list[str]:
        """Let time pass, and read what came meanwhile."""
        await self.here.pass_time(span, step=step)
        return await self.news()

    async def news(self, *, until: str = "") -> list[str]:
        """What stands in the channel and was not read yet.

        Args:
            until: what it waits for: a form that was handed in is dealt with in its own time.
        """
        await self.settled()
        for _ in range(1000):
            if not until or self.here.slack.find(until) is not None:
                break
            await asyncio.sleep(0)
            await self.settled()
        else:
            raise AssertionError(f"{until} never came: {self.here.slack.transcript()}")
        fresh = self.here.slack.said()[self._read :]
        self._read += len(fresh)
        return [read(message) for message in fresh]

    def card(self, part: str) -> dict[str, Any]:
        """The message of its own with this part."""
        return next(one for one in self.here.slack.said() if part in one["text"] and "thread_ts" not in one)

    def message(self, part: str) -> dict[str, Any]:
        """The last message with this part."""
        found = self.here.slack.find(part)
        assert found is not None, self.here.slack.transcript()
        return found


def read(message: Mapping[str, Any]) -> str:
    """A message as people see it: ↳ in a thread, ↑ for the whole channel, the text, what can be pressed."""
    seen = in_slack(message)
    assert not seen.thread or message["thread_ts"] != message["ts"]
    where = "↳↑ " if seen.loud else "↳ " if seen.thread else ""
    buttons = "".join(f" [{label}]" for label in seen.buttons)
    first = re.sub(r"<@(\w+)>", r"@\1", str(message["text"]).split("\n")[0])
    assert seen.text.split("\n")[0] == first  # what a notification shows is what stands first
    return f"{where}{seen.text}{f'{chr(10)}{buttons.strip()}' if buttons else ''}"


def form(here: Team, view_id: str) -> list[str]:
    """A form as people see it: its title, then each field with what it says about it."""
    view = here.slack.views[view_id]
    lines = [view["title"]["text"]]
    for block in view["blocks"]:
        match block["type"]:
            case "input":
                optional = "?" if block.get("optional") else ""
                hint = block.get("hint", {}).get("text", "")
                lines.append(f"{block['label']['text']}{optional}: {hint}")
            case "section":
                lines.append(block["text"]["text"])
            case "context":
                lines += [element["text"] for element in block["elements"]]
            case _:
                pass
    return lines


@pytest.fixture
async def story(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Story]:
    async with team(tmp_path, slack, sandbox, clock, ucloud_asks) as here:
        yield Story(here)
    assert not slack.refused, slack.refused


@pytest.fixture
async def chinese(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Story]:
    def change(text: str) -> str:
        return in_chinese(ucloud_asks(text)).replace('id = "C0SMS"', 'id = "C0SMS"\nlanguage = "zh"')

    async with team(tmp_path, slack, sandbox, clock, change) as here:
        yield Story(here)
    assert not slack.refused, slack.refused


async def drained(story: Story) -> list[str]:
    """A package runs low."""
    readings = [one.remaining for one in await story.here.bot.services.vendors["aliyun"].quota() if one.total]
    story.here.sandbox.drain("alibaba", int(sum(readings) * 95 // 100))
    return await story.later(timedelta(days=1), step=timedelta(hours=6))


async def test_the_story_in_english(story: Story) -> None:
    here = story.here
    # One vendor, everything in one line.
    assert await story.type("sign submit tencent 速达物流 source=company") == snapshot(
        [
            """\
⏳ #1 signature 速达物流 at tencent: in review · bob
Usually decided in about 2 h of open hours: expected today 11:30. I will post the result here.
Next: /sms status #1 · /sms history #1
[Details]\
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
Templates can be submitted now: template submit tencent …
Next: /sms status #1
[Details]\
""",
            """\
↳↑ ✅ #1 signature 速达物流 at tencent is ready @U0BOB
The carriers have filed it: messages can go out.
Next: /sms template submit tencent …
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
            "Source of the name: Only company, trademark and government names pass; app, website and mini-program names are refused since May 2026.",
            "Own use or for others: For another company an authorisation letter is needed.",
            "Certificate: Business licence, trademark certificate or organisation code; a scan of the original, jpg, png or pdf, up to 4 MB.",
        ]
    )
    word = here.slack.add_file("licence.docx", PNG)
    ack = await handed_in(here, view_id, {"source": "company", "name": "速达-快运"}, {"paper": (word,)})
    assert ack == snapshot(
        {
            "response_action": "errors",
            "errors": {
                "name": "name: “速达-快运” cannot be used: only Chinese characters, English letters, digits and underscores.",
                "paper": "paper: licence.docx is not one of jpg, png, pdf.",
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
            "Reason for the application: What it is for and where it is live; a web address helps.",
            "Qualification?: The id of an approved qualification; the carriers' filing needs what it holds.",
            "Link?: Where the name is in use; goes into the scene description.",
            "For numbers outside the mainland?: International, Hong Kong, Macao and Taiwan messages.",
        ]
    )
    await handed_in(here, view_id, {"remark": "Order notices, https://suda.example"})
    assert await story.news(until="#2 signature 速达快运 at ucloud: in review") == snapshot(
        [
            """\
⏳ #2 signature 速达快运 at ucloud: in review · bob
Usually decided in about 9 h of open hours: expected today 22:30. I will post the result here.
Next: /sms status #2 · /sms history #2
[Details]\
"""
        ]
    )

    # Everywhere at once.
    assert await story.type("sign submit all 速达到家 source=company") == []
    view_id = await opened(here, "paper")
    assert list(asked(here, view_id)) == snapshot(
        ["name", "source", "purpose", "usage", "qualification@aliyun", "paper"]
    )
    await through(here, view_id, {"remark": "Order notices, https://suda.example"}, {"paper": (picture,)})
    first, *_ = await story.news(until="#5 ucloud: in review")  # whoever answers after the card says so in its thread
    assert first == snapshot("""\
⏳ Signature 速达到家 at 3 vendors · bob
#3 aliyun: in review, expected today 15:30
#4 tencent: in review, expected today 15:30
#5 ucloud: in review, expected today 22:30
Next: /sms status #3 · /sms status
[Details]\
""")
    assert sorted(await story.later(REVIEW)) == snapshot(
        [
            """\
↳↑ ✅ #2 signature 速达快运 approved by ucloud: ready @U0BOB · took 3 h
Messages can go out.
The carriers' filing cannot be seen at ucloud.
Next: /sms template submit ucloud …
[Details]\
""",
            """\
↳↑ ✅ #3 signature 速达到家 approved by aliyun @U0BOB · took 1 h
Not ready yet: the carriers must file it.
The three carriers file it in 7 to 10 working days, sometimes 15.
China Mobile: in progress (运营商实名报备中)
China Unicom: in progress (运营商实名报备中)
China Telecom: in progress (运营商实名报备中)
Templates can be submitted now: template submit aliyun …
Next: /sms status #3
[Details]\
""",
            """\
↳↑ ✅ #3 signature 速达到家 at aliyun is ready @U0BOB
The carriers have filed it: messages can go out.
China Mobile: filed
China Unicom: filed
China Telecom: filed
Next: /sms template submit aliyun …
[Details]\
""",
            """\
↳↑ ✅ #4 signature 速达到家 approved by tencent @U0BOB · took 2 h
Not ready yet: the carriers must file it.
Tencent publishes no time for it.
Templates can be submitted now: template submit tencent …
Next: /sms status #4
[Details]\
""",
            """\
↳↑ ✅ #4 signature 速达到家 at tencent is ready @U0BOB
The carriers have filed it: messages can go out.
Next: /sms template submit tencent …
[Details]\
""",
            """\
↳↑ ✅ #5 signature 速达到家 approved by ucloud: ready @U0BOB · took 3 h
Messages can go out.
The carriers' filing cannot be seen at ucloud.
Next: /sms template submit ucloud …
[Details]\
""",
        ]
    )  # three vendors, in no order
    assert read(story.card("at 3 vendors")) == snapshot("""\
✅ Signature 速达到家 at 3 vendors · bob
#3 aliyun: ready
#4 tencent: ready
#5 ucloud: ready
Next: /sms status #3 · /sms status
[Details]\
""")

    # Rejected, mended in the form of the button, approved.
    assert await story.type("sign submit tencent 速达 source=company") == snapshot(
        [
            """\
⏳ #6 signature 速达 at tencent: in review · bob
Usually decided in about 2 h of open hours: expected today 19:30. I will post the result here.
Next: /sms status #6 · /sms history #6
[Details]\
"""
        ]
    )
    assert await story.later(REVIEW) == snapshot(
        [
            """\
↳↑ ❌ #6 signature 速达 rejected by tencent @U0BOB · after 2 h
签名无法识别主体，请提交与资质一致的名称
Next: /sms edit #6 … · /sms history #6
[Fix and resubmit] [Details]\
"""
        ]
    )
    assert await story.press("Fix and resubmit", story.message("rejected by tencent")) == []
    view_id = await opened(here, "name")
    assert form(here, view_id) == snapshot(
        [
            "Signature 速达",
            "Step 1 of 2",
            "Signature: 2 to 12 characters, up to 15 for international; Chinese, letters and digits, no brackets.",
            "For numbers outside the mainland?: International, Hong Kong, Macao and Taiwan messages.",
            "Source of the name: Mainland signatures: company, trademark or government. App is for international signatures only.",
            "Own use or for others: For another company an authorisation letter is needed.",
            "Qualification: The number of an approved qualification. The vendor cannot list them; shown are those of existing signatures. All of them: console, 国内短信 → 实名资质管理.",
        ]
    )
    await through(here, view_id, {"name": "速达优选"})
    assert await story.news(until="#6 signature 速达优选 at tencent: in review") == snapshot(
        [
            """\
↳ ⏳ #6 signature 速达优选 at tencent: in review
Expected today 23:30.\
"""
        ]
    )
    assert await story.later(REVIEW) == snapshot(
        [
            """\
↳↑ ✅ #6 signature 速达优选 approved by tencent @U0BOB · took 2 h
Not ready yet: the carriers must file it.
Tencent publishes no time for it.
Templates can be submitted now: template submit tencent …
Next: /sms status #6
[Details]\
""",
            """\
↳↑ ✅ #6 signature 速达优选 at tencent is ready @U0BOB
The carriers have filed it: messages can go out.
Next: /sms template submit tencent …
[Details]\
""",
        ]
    )

    # An alert, taken by its button; the card is edited where it stands.
    assert await drained(story) == snapshot(
        [
            """\
🔴 A1 aliyun: 0% of the packages left (below 3%)
Rule quota-nearly-out. A purchase takes effect at once.
Next: /sms ack A1 · /sms snooze A1 2h · /sms resolve A1 · /sms quota aliyun
[Acknowledge] [Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve]\
""",
            """\
↳↑ 🔴 A1 aliyun: 0% of the packages left (below 3%) · Still so, for 6 h. Nobody has taken it yet.
Next: /sms ack A1 · /sms snooze A1 2h · /sms resolve A1 · /sms quota aliyun
[Acknowledge] [Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve]\
""",
            """\
↳↑ 🔴 A1 aliyun: 0% of the packages left (below 3%) · Still so, for 12 h. Nobody has taken it yet.
Next: /sms ack A1 · /sms snooze A1 2h · /sms resolve A1 · /sms quota aliyun
[Acknowledge] [Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve]\
""",
        ]
    )
    alert = story.card("A1 aliyun")
    assert await story.press("Acknowledge", alert, user="U0ALICE") == snapshot(
        [
            """\
↳ 🟡 A1 aliyun: 0% of the packages left (below 3%) · Acknowledged by alice.
Next: @Signpost resolve A1 · @Signpost unack A1
[Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve] [Give back]\
"""
        ]
    )
    assert read(alert) == snapshot("""\
🟡 A1 aliyun: 0% of the packages left (below 3%)
Acknowledged by alice, today 01:30; open again today 05:30 if it is still so.
Next: /sms resolve A1 · /sms unack A1
[Snooze ▾ 1 h, 2 h, 4 h, 8 h, 1 day] [Resolve] [Give back]\
""")

    # Told once more, whole.
    assert await story.type("history #6") == snapshot(
        [
            """\
History of #6 速达优选
yesterday 00:30 · #6 ready · tencent
Mon 23 Nov 23:30 · #6 approved, not ready yet · tencent
Mon 23 Nov 21:30 · #6 in review · tencent
Mon 23 Nov 21:30 · #6 being sent · by itself
Mon 23 Nov 21:30 · #6 content changed · alice
Mon 23 Nov 21:30 · #6 queued · alice
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
✅ Nothing is pending here.
Next: /sms sign submit … · /sms sign list\
"""
        ]
    )


# --- In Chinese ------------------------------------------------------------------------------------------------------

NAMES = re.compile(
    r"https?://\S+|\bSMSBAG-\S+|/sms|@Signpost|#\d+|\bA\d+\b|\$\{\w+\}"
    r"|\b(?:aliyun|tencent|ucloud|alice|bob)\b|\bU0\w+|\b[A-Z]{2,}\b"  # who, and abbreviations
    r"|\b\w+\.(?:png|docx)\b|\b(?:jpg|png|pdf|id)\b"
    r"|\b[a-z]+(?:-[a-z]+)+\b|\b(?:gift|bought) (?=[赠购])"  # rules and packages
    r"|\b[a-z_.]+(?==)"  # keys
)


def english_in(texts: Sequence[str]) -> list[str]:
    """Words of English that stand in texts for Chinese readers, names and keys aside."""
    return [word for text in texts for word in re.findall(r"[A-Za-z]{2,}", NAMES.sub(" ", text))]


async def test_the_story_in_chinese(chinese: Story) -> None:
    story, here = chinese, chinese.here
    told: list[str] = []

    def heard(texts: list[str]) -> list[str]:
        told.extend(texts)
        return texts

    assert heard(await story.type("签名 提交 腾讯云 速达物流 来源=企业")) == snapshot(
        [
            """\
⏳ #1 签名 速达物流（tencent）审核中 · bob
一般在工作时间 2 小时左右出结果，预计今天 11:30 前。有结果我会发在这里。
下一步：/sms 状态 #1 · /sms 历史 #1
[详情]\
"""
        ]
    )
    card = story.card("审核中")
    assert heard(await story.later(REVIEW)) == snapshot(
        [
            """\
↳↑ ✅ #1 签名 速达物流（tencent）已通过 @U0BOB · 用时 2 小时
暂不可用：还需运营商报备。
腾讯云未公布报备时长，以运营商为准。
现在可以提交模板：模板 提交 tencent …
下一步：/sms 状态 #1
[详情]\
""",
            """\
↳↑ ✅ #1 签名 速达物流（tencent）可用 @U0BOB
运营商报备完成，可以发送短信。
下一步：/sms 模板 提交 tencent …
[详情]\
""",
        ]
    )
    assert heard([read(card)]) == snapshot(
        [
            """\
✅ #1 签名 速达物流（tencent）可用 · bob
下一步：/sms 模板 提交 tencent … · /sms 历史 #1
[详情]\
"""
        ]
    )

    assert await story.type("签名 提交 ucloud 速达快运") == []
    view_id = await opened(here)
    assert heard(form(here, view_id)) == snapshot(
        [
            "签名 速达快运",
            "第 1 步，共 2 步",
            "名称: 企业全称、全称中连续且超过 3 个字的简称，或商标名称；不含【】。",
            "签名来源: 仅企业、商标、政府机关名称可通过；自 2026 年 5 月起，APP、网站、小程序名称不再受理。",
            "用途: 他用需要授权委托书。",
            "证明文件: 营业执照、商标注册证或组织机构代码证的原件扫描件，jpg、png 或 pdf，不超过 4 MB。",
        ]
    )
    word = here.slack.add_file("licence.docx", PNG)
    ack = await handed_in(here, view_id, {"source": "company", "name": "速达-快运"}, {"paper": (word,)})
    assert heard(list(ack["errors"].values())) == snapshot(
        ["名称：不能用“速达-快运”。仅限汉字、英文字母、数字和下划线。", "证明：licence.docx 不是 jpg、png、pdf。"]
    )
    picture = here.slack.add_file("licence.png", PNG)
    await handed_in(here, view_id, {"name": "速达快运"}, {"paper": (picture,)})
    await opened(here, "remark")
    heard(form(here, view_id))
    await handed_in(here, view_id, {"remark": "订单与配送通知，https://suda.example"})
    assert heard(await story.news(until="#2 签名 速达快运（ucloud）审核中")) == snapshot(
        [
            """\
⏳ #2 签名 速达快运（ucloud）审核中 · bob
一般在工作时间 9 小时左右出结果，预计今天 22:30 前。有结果我会发在这里。
下一步：/sms 状态 #2 · /sms 历史 #2
[详情]\
"""
        ]
    )

    assert heard(await story.type("签名 提交 腾讯云 速达 来源=企业")) == snapshot(
        [
            """\
⏳ #3 签名 速达（tencent）审核中 · bob
一般在工作时间 2 小时左右出结果，预计今天 15:30 前。有结果我会发在这里。
下一步：/sms 状态 #3 · /sms 历史 #3
[详情]\
"""
        ]
    )
    assert heard(await story.later(REVIEW)) == snapshot(
        [
            """\
↳↑ ❌ #3 签名 速达（tencent）未通过 @U0BOB · 用时 2 小时
签名无法识别主体，请提交与资质一致的名称
下一步：/sms 修改 #3 … · /sms 历史 #3
[修改并重新提交] [详情]\
""",
            """\
↳↑ ✅ #2 签名 速达快运（ucloud）已通过，可用 @U0BOB · 用时 3 小时
可以发送短信。
ucloud 不显示运营商报备情况。
下一步：/sms 模板 提交 ucloud …
[详情]\
""",
        ]
    )
    await story.press("修改并重新提交", story.message("速达（tencent）未通过"))
    view_id = await opened(here, "name")
    heard(form(here, view_id))
    await through(here, view_id, {"name": "速达优选"})
    assert heard(await story.news(until="#3 签名 速达优选（tencent）审核中")) == snapshot(
        [
            """\
↳ ⏳ #3 签名 速达优选（tencent）审核中
预计今天 19:30 前。\
"""
        ]
    )
    assert heard(await story.later(REVIEW)) == snapshot(
        [
            """\
↳↑ ✅ #3 签名 速达优选（tencent）已通过 @U0BOB · 用时 2 小时
暂不可用：还需运营商报备。
腾讯云未公布报备时长，以运营商为准。
现在可以提交模板：模板 提交 tencent …
下一步：/sms 状态 #3
[详情]\
""",
            """\
↳↑ ✅ #3 签名 速达优选（tencent）可用 @U0BOB
运营商报备完成，可以发送短信。
下一步：/sms 模板 提交 tencent …
[详情]\
""",
        ]
    )

    assert heard(await drained(story)) == snapshot(
        [
            """\
🔴 A1 aliyun：套餐剩余 0%（低于 3%）
规则 quota-nearly-out。购买后立即生效。
下一步：/sms 认领 A1 · /sms 暂缓 A1 2h · /sms 关闭 A1 · /sms 额度 aliyun
[认领] [暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭]\
""",
            """\
↳↑ 🔴 A1 aliyun：套餐剩余 0%（低于 3%） · 情况依旧，已持续 6 小时。还没有人认领。
下一步：/sms 认领 A1 · /sms 暂缓 A1 2h · /sms 关闭 A1 · /sms 额度 aliyun
[认领] [暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭]\
""",
            """\
↳↑ 🔴 A1 aliyun：套餐剩余 0%（低于 3%） · 情况依旧，已持续 12 小时。还没有人认领。
下一步：/sms 认领 A1 · /sms 暂缓 A1 2h · /sms 关闭 A1 · /sms 额度 aliyun
[认领] [暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭]\
""",
        ]
    )
    alert = story.card("A1 aliyun")
    assert heard(await story.press("认领", alert, user="U0ALICE")) == snapshot(
        [
            """\
↳ 🟡 A1 aliyun：套餐剩余 0%（低于 3%） · alice 已认领。
下一步：@Signpost 关闭 A1 · @Signpost 取消认领 A1
[暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭] [取消认领]\
"""
        ]
    )
    assert heard([read(alert)]) == snapshot(
        [
            """\
🟡 A1 aliyun：套餐剩余 0%（低于 3%）
alice 已认领，今天 21:30；明天 01:30 若情况仍在，将重新打开。
下一步：/sms 关闭 A1 · /sms 取消认领 A1
[暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭] [取消认领]\
"""
        ]
    )
    assert heard(await story.type("历史 #3")) == snapshot(
        [
            """\
#3 速达优选 的历史
昨天 20:30 · #3 可用 · tencent
昨天 19:30 · #3 已通过，尚不可用 · tencent
昨天 17:30 · #3 审核中 · tencent
昨天 17:30 · #3 提交中 · 自动
昨天 17:30 · #3 内容已修改 · alice
昨天 17:30 · #3 排队中 · alice
昨天 15:30 · #3 未通过：“签名无法识别主体，请提交与资质一致的名称” · tencent
昨天 13:30 · #3 审核中 · tencent
昨天 13:30 · #3 提交中 · 自动
昨天 13:30 · #3 向 tencent 申请 速达 · bob\
"""
        ]
    )
    for text in ("状态", "帮助", "额度", "告警", "我的", "状态 #999", "签名 提交 没有 速达物流", "签明 提交"):
        heard(await story.type(text))
    assert not english_in(told), [one for one in told if english_in([one])]
