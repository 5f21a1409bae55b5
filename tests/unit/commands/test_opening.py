"""What a text may begin with that is said to the program."""

import pytest

from bot.commands.command import Vocabulary
from bot.commands.opening import begins
from handlers import ROUTER

KNOWN = Vocabulary({"aliyun": "alibaba"}, frozenset({"来源", "sample"}))


@pytest.mark.parametrize(
    "text",
    [
        "状态",
        "status #17",
        "/sms 状态",
        "/状态",
        "签名 提交 aliyun 速达 来源=企业",
        "额度 aliyun",
        "来源：企业",
        "sample.code=1",
    ],
)
def test_commands_and_values(text: str) -> None:
    assert begins(text, ROUTER, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "企业",
        "助手 状态",
        "信签名 列表",
        "状态不对",
        "额度 状态",
        "名称=速达",
        "https://suda.example",
        "「未完",
        "x" * 5000,
    ],
)
def test_anything_else(text: str) -> None:
    assert not begins(text, ROUTER, KNOWN)
