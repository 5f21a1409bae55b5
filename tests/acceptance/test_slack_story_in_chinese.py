"""The same week in Slack, told in Chinese: every text that comes back, and no word of English in it."""

import re
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from integrations.sandbox import Sandbox
from tests.acceptance.slack_forms import PNG, handed_in, opened, through
from tests.acceptance.slack_story import REVIEW, Story, drained, form, read, ucloud_asks
from tests.acceptance.slack_team import in_chinese, team
from tests.emulators.slack.server import Slack
from tests.stage import StageClock


@pytest.fixture
async def chinese(tmp_path: Path, slack: Slack, sandbox: Sandbox, clock: StageClock) -> AsyncIterator[Story]:
    def change(text: str) -> str:
        return in_chinese(ucloud_asks(text)).replace('id = "C0SMS"', 'id = "C0SMS"\nlanguage = "zh"')

    async with team(tmp_path, slack, sandbox, clock, change) as here:
        yield Story(here)
    assert not slack.refused, slack.refused


NAMES = re.compile(
    r"https?://\S+|\bSMSBAG-\S+|/sms|@Signpost|#\d+|\bA\d+\b|\$\{\w+\}"
    r"|\b(?:aliyun|tencent|ucloud|alice|bob)\b|\bU0\w+|\b[A-Z]{2,}\b"  # who, and abbreviations
    r"|\b\w+\.(?:png|docx)\b|\b(?:jpg|png|pdf|id)\b"
    r"|\b[a-z]+(?:-[a-z]+)+\b"  # rules
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
下一步：/sms 状态 #1 · /sms 路径 速达物流
[详情] [也通知我]\
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
现在可以提交模板：@Signpost 模板 提交 tencent …
下一步：@Signpost 状态 #1
[详情] [也通知我]\
""",
            """\
↳↑ ✅ #1 签名 速达物流（tencent）可用 @U0BOB
运营商报备完成，可以发送短信。
下一步：@Signpost 模板 提交 tencent …
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
            "签名来源: 企业全称或简称最容易通过。",
            "用途: 他用需要授权委托书。",
            "证明文件: jpg、png、pdf，不超过 4 MB。营业执照、商标注册证或组织机构代码证的原件扫描件。",
        ]
    )
    word = here.slack.add_file("licence.docx", PNG)
    ack = await handed_in(here, view_id, {"source": "company", "name": "速达-快运"}, {"paper": (word,)})
    assert heard(list(ack["errors"].values())) == snapshot(
        ["名称：不能用“速达-快运”。仅限汉字、英文字母、数字和下划线。", "证明文件：licence.docx 不是 jpg、png、pdf。"]
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
下一步：/sms 状态 #2 · /sms 路径 速达快运
[详情] [也通知我]\
"""
        ]
    )

    assert heard(await story.type("签名 提交 腾讯云 速达 来源=企业")) == snapshot(
        [
            """\
⏳ #3 签名 速达（tencent）审核中 · bob
一般在工作时间 2 小时左右出结果，预计今天 15:30 前。有结果我会发在这里。
下一步：/sms 状态 #3 · /sms 路径 速达
[详情] [也通知我]\
"""
        ]
    )
    assert heard(await story.later(REVIEW)) == snapshot(
        [
            """\
↳↑ ❌ #3 签名 速达（tencent）未通过 @U0BOB · 用时 2 小时
签名无法识别主体，请提交与资质一致的名称
含义（中性化签名）：审核人员无法从名称识别主体。一般填写企业全称或常用简称即可通过。
下一步：@Signpost 重提 #3 · @Signpost 历史 #3
[修改并重新提交] [详情] [查看规则]\
""",
            """\
↳↑ ✅ #2 签名 速达快运（ucloud）已通过，可用 @U0BOB · 用时 3 小时
可以发送短信。
ucloud 不显示运营商报备情况。
下一步：@Signpost 模板 提交 ucloud …
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
∘ ↳ ⏳ #3 签名 速达：修改正在提交给 tencent
结果请看它的卡片。\
""",
            """\
↳ ⏳ #3 签名 速达优选（tencent）审核中
预计今天 19:30 前。
下一步：@Signpost 状态 #3\
""",
        ]
    )
    assert heard(await story.later(REVIEW)) == snapshot(
        [
            """\
↳↑ ✅ #3 签名 速达优选（tencent）已通过 @U0BOB · 用时 2 小时
暂不可用：还需运营商报备。
腾讯云未公布报备时长，以运营商为准。
现在可以提交模板：@Signpost 模板 提交 tencent …
下一步：@Signpost 状态 #3
[详情] [也通知我]\
""",
            """\
↳↑ ✅ #3 签名 速达优选（tencent）可用 @U0BOB
运营商报备完成，可以发送短信。
下一步：@Signpost 模板 提交 tencent …
[详情]\
""",
        ]
    )

    assert heard(await drained(story)) == snapshot(
        [
            """\
🔴 A1 aliyun：套餐自今天 09:30 起已用完
严重，规则 quota-nearly-out。套餐：国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001，2027-01-02 到期。近期每天约 24,000 条。
购买后立即生效。 https://dysms.console.aliyun.com/overview
下一步：/sms 认领 A1 · /sms 暂缓 A1 2h · /sms 关闭 A1 · /sms 额度 aliyun
[认领] [暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭]\
""",
            """\
↳↑ 🔴 A1 aliyun：套餐自今天 09:30 起已用完 · 情况依旧，已持续 6 小时。还没有人认领。
严重，规则 quota-nearly-out。套餐：国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001，2027-01-02 到期。近期每天约 24,000 条。
购买后立即生效。 https://dysms.console.aliyun.com/overview
下一步：@Signpost 认领 A1 · @Signpost 暂缓 A1 2h · @Signpost 关闭 A1 · @Signpost 额度 aliyun
[认领] [暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭]\
""",
            """\
↳↑ 🔴 A1 aliyun：套餐自今天 09:30 起已用完 · 情况依旧，已持续 12 小时。还没有人认领。
严重，规则 quota-nearly-out。套餐：国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001，2027-01-02 到期。近期每天约 24,000 条。
购买后立即生效。 https://dysms.console.aliyun.com/overview
下一步：@Signpost 认领 A1 · @Signpost 暂缓 A1 2h · @Signpost 关闭 A1 · @Signpost 额度 aliyun
[认领] [暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭]\
""",
        ]
    )
    alert = story.card("A1 aliyun")
    assert heard(await story.press("认领", alert, user="U0ALICE")) == snapshot(
        [
            """\
↳ 🟡 A1 aliyun：套餐自今天 09:30 起已用完 · alice 已认领。
下一步：@Signpost 关闭 A1 · @Signpost 取消认领 A1
[暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭] [取消认领] [也通知我]\
"""
        ]
    )
    assert heard([read(alert)]) == snapshot(
        [
            """\
🟡 A1 aliyun：套餐自今天 09:30 起已用完
alice 已认领，今天 21:30；明天 01:30 若情况仍在，将重新打开。
严重，规则 quota-nearly-out。套餐：国内验证码/通知短信套餐包20万条 SMSBAG-cn-sandbox0001，2027-01-02 到期。近期每天约 24,000 条。
购买后立即生效。 https://dysms.console.aliyun.com/overview
下一步：/sms 关闭 A1 · /sms 取消认领 A1
[暂缓 ▾ 1 小时, 2 小时, 4 小时, 8 小时, 1 天] [关闭] [取消认领] [也通知我]\
"""
        ]
    )
    assert heard(await story.type("历史 #3")) == snapshot(
        [
            """\
∘ #3 速达优选 的历史
昨天 20:30 · #3 可用 · tencent
昨天 19:30 · #3 已通过，尚不可用 · tencent
昨天 17:30 · #3 审核中 · tencent
昨天 17:30 · #3 提交中 · 自动
昨天 17:30 · #3 排队中 · alice
昨天 17:30 · #3 内容已修改 · alice
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
