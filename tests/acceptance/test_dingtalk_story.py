"""One team's week in a DingTalk group, told whole in Chinese: what people write, and every text that comes back.

The real SDK against the emulator, which refuses what DingTalk refuses; the real vendor clients against the sandbox.
Every text is read as a person reads it, by a reader that shares no code with the program.
"""

import contextlib
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from bot.contracts.model import State
from tests.acceptance.test_dingtalk import GROUP, PNG, Stage, program, without_papers, world
from tests.contract.rooms.dingtalk import in_dingtalk
from tests.emulators.dingtalk.team import Shown
from tests.stage import rounds

HOUR = timedelta(hours=1)


def read(shown: Shown) -> str:
    """A message as people see it: → to one person, @ whom it calls, then the text; links are what they say."""
    seen = in_dingtalk(shown.text, shown.title, shown.mentions)
    first = seen.text.split("\n")[0]
    assert "@" in seen.notice or first.startswith(seen.notice.removesuffix("…"))  # what a notification shows
    to = f"→ {shown.conversation} " if shown.conversation != GROUP else ""
    whom = "".join(f"@{user} " for user in seen.mentions if shown.way != "private")
    return re.sub("配对码 [0-9]{4}", "配对码 0000", f"{to}{f'[{whom.strip()}] ' if whom else ''}{seen.text}")


class Story:
    """A group, read as it goes."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage

    async def say(self, text: str) -> list[str]:
        """Write to the robot in the group, and read what comes back."""
        return [read(one) for one in await self.stage.said(text)]

    async def say_with_picture(self, text: str) -> list[str]:
        """The same with a picture in the message."""
        start = len(self.stage.emulator.shown)
        msg_id = await self.stage.emulator.say_rich(text, PNG)
        return [read(one) for one in await self.stage.heard(msg_id, start)]

    async def later(self, span: timedelta, *, step: timedelta = HOUR) -> list[str]:
        """Let time pass, and read what came meanwhile; three vendors answer in no order."""
        start = len(self.stage.emulator.shown)
        for _ in range(int(span / step)):
            self.stage.clock.move(step)
            await self.stage.work()
        return sorted(read(one) for one in self.stage.emulator.shown[start:])


def quiet(text: str) -> str:
    """Papers are asked for; quota is looked at once a day, so that no alert comes between."""
    return rounds(without_papers(text), quota=86400)


@contextlib.asynccontextmanager
async def told(folder: Path) -> AsyncIterator[Story]:
    async with world() as (clock, sandbox, emulator), program(folder, clock, sandbox, emulator, quiet) as stage:
        yield Story(stage)


@pytest.mark.also_refusing
async def test_the_story(tmp_path: Path) -> None:
    async with told(tmp_path) as story:
        s = story.stage
        # Everywhere at once, with the paper in the same message.
        assert await story.say_with_picture("签名 提交 全部 速达到家 来源=企业") == snapshot(
            [
                """\
⏳ 签名 速达到家，3 家平台 · 张三

⏳ #1 aliyun：审核中，预计今天 11:30 前
⏳ #2 tencent：审核中，预计今天 11:30 前
⏳ #3 ucloud：审核中，预计今天 18:30 前

下一步：状态 #1 · 路径 速达到家\
"""
            ]
        )
        # While the webhook lives, results call the submitter; after that they are told one to one.
        assert await story.later(80 * HOUR / 60, step=HOUR / 3) == snapshot(
            [
                """\
[@manager4567] ✅ #1 签名 速达到家（aliyun）已通过 @manager4567 · 用时 1 小时

暂不可用：还需运营商报备。

三家运营商报备一般需 7～10 个工作日，最长约 15 个工作日。

中国移动：报备中（运营商实名报备中）
中国联通：报备中（运营商实名报备中）
中国电信：报备中（运营商实名报备中）

现在可以提交模板：模板 提交 aliyun …

下一步：状态 #1\
""",
                """\
[@manager4567] ✅ #2 签名 速达到家（tencent）已通过 @manager4567 · 用时 1 小时 20 分

暂不可用：还需运营商报备。

腾讯云未公布报备时长，以运营商为准。

现在可以提交模板：模板 提交 tencent …

下一步：状态 #2\
""",
            ]
        )
        assert await story.later(4 * HOUR) == snapshot(
            [
                """\
→ manager4567 ✅ #1 签名 速达到家（aliyun）可用 @张三

运营商报备完成，可以发送短信。

中国移动：已报备
中国联通：已报备
中国电信：已报备

下一步：模板 提交 aliyun …

短信值班 里提到了你。\
""",
                """\
→ manager4567 ✅ #2 签名 速达到家（tencent）可用 @张三

运营商报备完成，可以发送短信。

下一步：模板 提交 tencent …

短信值班 里提到了你。\
""",
                """\
→ manager4567 ✅ #3 签名 速达到家（ucloud）已通过，可用 @张三 · 用时 3 小时 20 分

可以发送短信。

ucloud 不显示运营商报备情况。

下一步：模板 提交 ucloud …

短信值班 里提到了你。\
""",
                """\
⏳ #1 签名 速达到家（aliyun）运营商报备有更新

中国移动：已报备
中国联通：报备中（运营商实名报备中）
中国电信：报备中（运营商实名报备中）

下一步：状态 #1\
""",
                """\
✅ #1 签名 速达到家（aliyun）可用 @张三

运营商报备完成，可以发送短信。

中国移动：已报备
中国联通：已报备
中国电信：已报备

下一步：模板 提交 aliyun …\
""",
                """\
✅ #2 签名 速达到家（tencent）可用 @张三

运营商报备完成，可以发送短信。

下一步：模板 提交 tencent …\
""",
                """\
✅ #3 签名 速达到家（ucloud）已通过，可用 @张三 · 用时 3 小时 20 分

可以发送短信。

ucloud 不显示运营商报备情况。

下一步：模板 提交 ucloud …\
""",
            ]
        )
        assert await s.states(1, 2, 3) == [State.READY] * 3

        # A guided dialogue with a picture.
        assert await story.say("签名 提交 ucloud 速达快运") == snapshot(
            [
                """\
还差 2 项就可以提交 签名 速达快运 · ucloud

签名来源：1 企业名称  2 商标  3 政府机关或事业单位
证明文件：文件，jpg、png、pdf，不超过 4 MB。营业执照、商标注册证或组织机构代码证的原件扫描件。

群里的文件我收不到：请私聊发给我，配对码 0000。图片也可以和 @我 放在同一条消息里，或引用图片再 @我。

已自动填写：说明 速达科技的订单与配送通知，https://suda.example
已自动填写：资质 8563

请从第一项起逐项回答。汇总 查看全部，返回 撤回上一个回答，取消 放弃。

请 @我 回答；在这里我只收得到 @我 的消息。\
"""
            ]
        )
        assert await story.say("来源：企业") == snapshot(
            [
                """\
已记下：签名来源“企业名称”。还差 1 项就可以提交 签名 速达快运 · ucloud

证明文件：文件，jpg、png、pdf，不超过 4 MB。营业执照、商标注册证或组织机构代码证的原件扫描件。

群里的文件我收不到：请私聊发给我，配对码 0000。图片也可以和 @我 放在同一条消息里，或引用图片再 @我。

填好这一项就会提交：

账号：ucloud
名称：速达快运
签名来源：企业名称
用途：自用
说明：速达科技的订单与配送通知，https://suda.example（自动填写）
资质：8563（自动填写）
国际短信：否

请发送文件。返回 撤回上一个回答，取消 放弃。

请 @我 回答；在这里我只收得到 @我 的消息。\
"""
            ]
        )
        assert await story.say_with_picture("") == snapshot(
            [
                """\
⏳ #4 签名 速达快运（ucloud）审核中 · 张三

一般在工作时间 9 小时左右出结果，预计今天 23:50 前。有结果我会发在这里。

下一步：状态 #4 · 路径 速达快运\
"""
            ]
        )

        # Rejected, mended, approved.
        assert await story.say_with_picture("签名 提交 腾讯云 速达 来源=企业") == snapshot(
            [
                """\
⏳ #5 签名 速达（tencent）审核中 · 张三

一般在工作时间 2 小时左右出结果，预计今天 16:50 前。有结果我会发在这里。

下一步：状态 #5 · 路径 速达\
"""
            ]
        )
        assert await story.later(3 * HOUR) == snapshot(
            [
                """\
→ manager4567 ✅ #4 签名 速达快运（ucloud）已通过，可用 @张三 · 用时 3 小时

可以发送短信。

ucloud 不显示运营商报备情况。

下一步：模板 提交 ucloud …

短信值班 里提到了你。\
""",
                """\
→ manager4567 ❌ #5 签名 速达（tencent）未通过 @张三 · 用时 2 小时

签名无法识别主体，请提交与资质一致的名称

含义（中性化签名）：审核人员无法从名称识别主体。一般填写企业全称或常用简称即可通过。

下一步：重提 #5 · 历史 #5

短信值班 里提到了你。\
""",
                """\
✅ #4 签名 速达快运（ucloud）已通过，可用 @张三 · 用时 3 小时

可以发送短信。

ucloud 不显示运营商报备情况。

下一步：模板 提交 ucloud …\
""",
                """\
❌ #5 签名 速达（tencent）未通过 @张三 · 用时 2 小时

签名无法识别主体，请提交与资质一致的名称

含义（中性化签名）：审核人员无法从名称识别主体。一般填写企业全称或常用简称即可通过。

下一步：重提 #5 · 历史 #5\
""",
            ]
        )
        assert await story.say("修改 #5") == snapshot(
            [
                """\
#5 速达 要修改什么？

签名无法识别主体，请提交与资质一致的名称

名称 = 速达
来源 = 企业名称
用途 = 自用
资质 = 8563
证明 = picture-1.png
说明 = 速达科技的订单与配送通知，https://suda.example

请回复序号，或直接回复 名称=…；回复 取消 放弃。

修改后会立即提交 tencent 重新审核。

请 @我 回答；在这里我只收得到 @我 的消息。

下一步：修改 #5 名称=…\
"""
            ]
        )
        assert await story.say_with_picture("修改 #5 名称=速达优选") == snapshot(
            [
                """\
⏳ #5 签名 速达优选（tencent）审核中

预计今天 19:50 前。

下一步：状态 #5\
"""
            ]
        )
        assert await story.later(3 * HOUR) == snapshot(
            [
                """\
→ manager4567 ✅ #5 签名 速达优选（tencent）可用 @张三

运营商报备完成，可以发送短信。

下一步：模板 提交 tencent …

短信值班 里提到了你。\
""",
                """\
→ manager4567 ✅ #5 签名 速达优选（tencent）已通过 @张三 · 用时 2 小时

暂不可用：还需运营商报备。

腾讯云未公布报备时长，以运营商为准。

现在可以提交模板：模板 提交 tencent …

下一步：状态 #5

短信值班 里提到了你。\
""",
                """\
✅ #5 签名 速达优选（tencent）可用 @张三

运营商报备完成，可以发送短信。

下一步：模板 提交 tencent …\
""",
                """\
✅ #5 签名 速达优选（tencent）已通过 @张三 · 用时 2 小时

暂不可用：还需运营商报备。

腾讯云未公布报备时长，以运营商为准。

现在可以提交模板：模板 提交 tencent …

下一步：状态 #5\
""",
            ]
        )

        # Deleted, after asking once more.
        assert await story.say("删除 #1") == snapshot(
            [
                """\
⚠️ 删除 #1 签名 速达到家（aliyun）？

aliyun 上目前为可用，删除后无法恢复。

用此签名的短信会立即停发。

请 @我 回答；在这里我只收得到 @我 的消息。

下一步：是 · 否 · 删除 #1 确认\
"""
            ]
        )
        assert await s.states(1) == [State.READY]
        assert await story.say("不") == snapshot(["没有删除任何内容。"])
        assert await story.say("删除 #1") == snapshot(
            [
                """\
⚠️ 删除 #1 签名 速达到家（aliyun）？

aliyun 上目前为可用，删除后无法恢复。

用此签名的短信会立即停发。

请 @我 回答；在这里我只收得到 @我 的消息。

下一步：是 · 否 · 删除 #1 确认\
"""
            ]
        )
        assert await story.say("是") == snapshot(
            [
                """\
#1 签名 速达到家（aliyun）已删除 · 张三

下一步：历史 #1\
"""
            ]
        )
        assert await story.say("删除 #2 确认") == snapshot(
            [
                """\
#2 签名 速达到家（tencent）已删除 · 张三

下一步：历史 #2\
"""
            ]
        )
        assert await s.states(1, 2) == [State.DELETED] * 2

        # Told once more, whole.
        assert await story.say("状态") == snapshot(
            [
                """\
✅ 这里没有进行中的申请。

下一步：签名 提交 … · 签名 列表\
"""
            ]
        )
        assert await story.say("历史 #5") == snapshot(
            [
                """\
#5 速达优选 的历史

今天 20:50 · #5 可用 · tencent
今天 19:50 · #5 已通过，尚不可用 · tencent
今天 17:50 · #5 审核中 · tencent
今天 17:50 · #5 提交中 · 自动
今天 17:50 · #5 排队中 · 张三
今天 17:50 · #5 内容已修改 · 张三
今天 16:50 · #5 未通过：“签名无法识别主体，请提交与资质一致的名称” · tencent
今天 14:50 · #5 审核中 · tencent
今天 14:50 · #5 提交中 · 自动
今天 14:50 · #5 向 tencent 申请 速达 · 张三\
"""
            ]
        )
        assert await story.say("历史") == snapshot(
            [
                """\
历史 · 第 1 页，共 3 页

今天 20:50 · #2 已删除 · tencent
今天 20:50 · #2 提交中 · 自动
今天 20:50 · #2 待删除 · 张三
今天 20:50 · #1 已删除 · aliyun
今天 20:50 · #1 提交中 · 自动
今天 20:50 · #1 待删除 · 张三
今天 20:50 · #1 询问是否删除 · 张三
今天 20:50 · #1 决定不删除 · 张三
今天 20:50 · #1 询问是否删除 · 张三
今天 20:50 · #5 可用 · tencent
今天 19:50 · #5 已通过，尚不可用 · tencent
今天 17:50 · #5 审核中 · tencent
今天 17:50 · #5 提交中 · 自动
今天 17:50 · #5 排队中 · 张三
今天 17:50 · #5 内容已修改 · 张三
今天 17:50 · #4 可用 · ucloud
今天 16:50 · #5 未通过：“签名无法识别主体，请提交与资质一致的名称” · tencent
今天 14:50 · #5 审核中 · tencent
今天 14:50 · #5 提交中 · 自动
今天 14:50 · #5 向 tencent 申请 速达 · 张三

下一步：历史 页=2\
"""
            ]
        )
