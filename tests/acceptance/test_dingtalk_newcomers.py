"""What people who never used the bot type in a DingTalk group, and that every answer is one they can go on with."""

import re
from datetime import timedelta
from pathlib import Path

import pytest

from integrations.sandbox.faults import Fault
from tests.acceptance.test_dingtalk import PNG, stage, without_papers


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("历史 时间=1d", "可选：最近、谁、账号、页"),
        ("状态 完成", "可选：我的、进行中"),
        ("暂缓 A1 香蕉", "如 30分钟、2小时、1天"),
        ("签名 提交", "[签名 提交 全部](dtmd://"),
        ("检查 签名 全部 速达", "`签名 提交 全部 速达`"),
        ("资质 提交 腾讯云", "`资质 提交 tencent …`"),
        ("帮助 落实", "`落实 #21 编号=UTA20260102ABC`"),
    ],
)
async def test_every_word_to_type_next_is_one_of_the_readers(tmp_path: Path, typed: str, answered: str) -> None:
    async with stage(tmp_path) as s:
        (said,) = await s.said(typed)
        assert answered in said.text


async def test_where_to_look_is_a_link(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (said,) = await s.said("资质 提交 腾讯云")
        assert "](https://console.cloud.tencent.com/smsv2/enterprise)" in said.text


async def test_an_answer_that_does_not_fit_names_its_key_in_chinese(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_papers) as s:
        await s.said("签名 提交 腾讯云 速达物流")
        (said,) = await s.said("9")
        assert "签名来源：“9”不在可选范围内：1 企业名称  2 商标  3 政府机关或事业单位" in said.text
        assert "4 应用" not in said.text  # it is for international signatures only


async def test_whose_a_question_is_and_what_it_can_be_answered_with(tmp_path: Path) -> None:
    def without_defaults(text: str) -> str:
        return "\n".join(line for line in text.splitlines() if not line.startswith("defaults"))

    async with stage(tmp_path, change=without_defaults) as s:
        (said,) = await s.said("签名 提交 全部 速达物流 来源=企业")
        assert "**资质**（aliyun）" in said.text
        assert said.text.count("8563 ") == 1  # what only another account has is no choice here
        assert "（tencent、ucloud）：文件，jpg、png" in said.text


async def test_what_cannot_be_deleted_is_not_deleted(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.said("签名 提交 阿里云 速达物流 来源=企业")
        (said,) = await s.said("删除 #1")
        assert said.title == "❌ #1 未删除。"


async def test_what_is_known_is_not_asked_for(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.said("签名 提交 阿里云 速达物流 来源=企业")
        (said,) = await s.said("落实 #1")
        assert said.title == "❌ #1 审核中，没有需要确认的。"


@pytest.mark.parametrize("typed", ["取消", "返回", "汇总", "是", "不", "skip"])
async def test_an_answer_to_nothing_is_told_so(tmp_path: Path, typed: str) -> None:
    async with stage(tmp_path) as s:
        (said,) = await s.said(typed)
        assert said.title == "❌ 这里现在没有等你回答的提问。"
        assert "下一步：[状态 我的](dtmd://" in said.text
        assert "` · [帮助](dtmd://" in said.text  # behind what is still to be filled in, which no click can say


async def test_a_mention_without_a_word_is_told_what_can_be_said(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (said,) = await s.said("")
        assert said.title == "想做什么？"


async def test_a_picture_that_nobody_asked_for_is_answered(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        start = len(s.emulator.shown)
        (said,) = await s.heard(await s.emulator.say_picture(PNG), start)
        assert said.title == "❌ 这里现在没有需要文件的提问，文件没有保留。"


@pytest.mark.parametrize(
    ("typed", "meant"), [("状太", "状态"), ("认岭 A1", "认领"), ("帮助 模版", "模板 提交"), ("帮助 状太", "状态")]
)
async def test_one_wrong_character_of_two_is_a_slip(tmp_path: Path, typed: str, meant: str) -> None:
    async with stage(tmp_path) as s:
        (said,) = await s.said(typed)
        assert re.search(rf"是想说 [`\[]{meant}[`\]]", said.text)  # a whole command is a link


async def test_help_for_something_unknown_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (said,) = await s.said("帮助 天气预报")
        assert said.title == "❌ 没有 天气预报 这个命令。帮助 列出可以说的话。"


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("状态。", "这里没有进行中的申请"),
        ("签名 列表？", "这里没有签名的记录"),
        ("历史 账号=腾讯云", "这段时间里没有记录"),
        ("签名 提交 速达物流", "**速达物流 提交到哪个账号？**"),
        ("模板 提交 ucloud 订单 类型=通知 内容=“订单${no}已发货” 标签=无", "可用的项：`类型 内容 示例 说明 国际`"),
        ("模板 提交 阿里云 订单 类型=通知 内容=“订单${no}已发货” 示例.abc=1", "`示例.abc`：内容里没有这个变量"),
    ],
)
async def test_what_people_write_otherwise_is_understood_or_told(tmp_path: Path, typed: str, answered: str) -> None:
    async with stage(tmp_path) as s:
        (said,) = await s.said(typed)
        assert answered in said.text


async def test_braces_without_their_sign_go_to_no_vendor(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        (said,) = await s.said("模板 提交 全部 登录验证码 类型=验证码 内容=“您的验证码是{code}，5分钟内有效。”")
        assert said.title == "❌ 有的内容还不对。还差 1 项就可以提交 模板 登录验证码 · aliyun、tencent、ucloud"
        assert "`内容`：不能用“{code}”。变量写作 ${code}" in said.text
        assert not [
            s.sandbox.accepted(vendor) for vendor in ("alibaba", "tencent", "ucloud") if s.sandbox.accepted(vendor)
        ]


async def test_what_to_change_after_a_rejection_begins_with_why_and_with_what_was_minded(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.said("签名 提交 腾讯云 速达 来源=企业")
        await s.pass_time(timedelta(hours=2))
        (asked,) = await s.said("修改 #1")
        assert "> 签名无法识别主体" in asked.text
        assert "修改后会立即提交 tencent 重新审核。" in asked.text
        assert asked.text.endswith("下一步：`修改 #1 名称=…`")
        (again,) = await s.said("修改 #1 名称=速达物流")
        assert again.title == "⏳ #1 签名 速达物流（tencent）审核中"


async def test_a_vendor_that_does_not_answer_is_what_the_first_line_says(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        code = "InvalidAccessKeyId.NotFound"
        s.sandbox.faults.next("alibaba", Fault.ANSWER, None, 9, code=code, text="Specified access key is not found.")
        said, *_ = await s.said("资质 列表 阿里云")  # what the operators are told may follow
        assert said.title.startswith("❌ aliyun 没有答复：AccessKey 不存在")
        assert code not in said.text


async def test_what_can_be_named_stands_apart_and_once(tmp_path: Path) -> None:
    async with stage(tmp_path) as s:
        await s.said("签名 提交 阿里云 速达物流 来源=企业")
        await s.pass_time(timedelta(hours=4))
        (asked,) = await s.said("模板 提交 阿里云 登录验证码 类型=验证码 内容=“您的验证码是${code}，5分钟内有效。”")
        assert "**签名**：速达物流、速达科技" in asked.text


async def test_a_word_beside_a_picture_that_only_says_what_it_is_is_no_answer(tmp_path: Path) -> None:
    def bare(text: str) -> str:
        return "\n".join(line for line in text.splitlines() if not line.startswith("defaults"))

    async with stage(tmp_path, change=bare) as s:
        await s.said("签名 提交 全部 速达物流 来源=企业")
        start = len(s.emulator.shown)
        (asked,) = await s.heard(await s.emulator.say_rich("证明", PNG), start)
        assert asked.title.startswith("已记下：证明文件。还差 2 项")
        assert "证明文件" not in asked.text.removeprefix("已记下：证明文件。")


async def test_giving_up_says_what_was_given_up(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_papers) as s:
        await s.said("签名 提交 腾讯云 速达物流")
        (said,) = await s.said("取消")
        assert said.title == "已放弃 #1 签名 速达物流 · tencent，没有提交任何内容。"


async def test_what_several_vendors_mind_alike_is_said_once(tmp_path: Path) -> None:
    async with stage(tmp_path, change=without_papers) as s:
        (said,) = await s.said("签名 提交 全部 速达物流 来源=月亮")
        assert said.text.count("“月亮”不在可选范围内") == 1  # although ucloud takes fewer
        assert "- `来源`：“月亮”不在可选范围内：企业名称、政府机关或事业单位、商标" in said.text


async def test_a_picture_that_nothing_was_waiting_for_is_not_dropped_silently(tmp_path: Path) -> None:
    """Beside words that mean nothing, a command without files, a slip in one that takes them, an answer that fits nothing."""
    async with stage(tmp_path) as s:
        for words in ("帮我看看这个", "状态", "签名", "暂缓 A1 香蕉", "谢谢"):
            start = len(s.emulator.shown)
            await s.heard(await s.emulator.say_rich(words, PNG), start)
            assert "这里现在没有需要文件的提问，文件没有保留。" in s.emulator.shown[start].text, words
