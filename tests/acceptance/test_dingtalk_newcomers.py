"""What people who never used the bot type in a DingTalk group, and that every answer is one they can go on with."""

from pathlib import Path

import pytest

from tests.acceptance.test_dingtalk import stage, without_papers


@pytest.mark.parametrize(
    ("typed", "answered"),
    [
        ("历史 时间=1d", "可选：最近、谁、账号、页"),
        ("状态 完成", "可选：我的、进行中"),
        ("订阅 天气", "可选：审核、额度、送达、告警、日报、回复、运维"),
        ("签名 提交", "`签名 提交 全部 …`"),
        ("检查 签名 全部 速达", "`签名 提交 全部 速达`"),
        ("资质 提交 腾讯云", "`帮助 签名 提交`"),
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
        assert "`来源`：“9”不在可选范围内" in said.text


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
