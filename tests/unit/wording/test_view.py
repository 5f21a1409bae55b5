"""Commands that are offered, as people of each language type them."""

import pytest

from bot.contracts.model import Words
from bot.wording.words import TYPED
from integrations.alibaba.declared import SIGNATURE_FIELDS, TEMPLATE_FIELDS
from integrations.alibaba.go_china import MARK
from tests.reading import views

OFFERED = (
    ("send aliyun #3 138****1234 code=1234 sign=速达", "发送 aliyun #3 138****1234 code=1234 签名=速达"),
    (
        "send aliyun #3 1234 type=digital sign=速达",
        "发送 aliyun #3 1234 type=digital 签名=速达",  # the first is somebody's variable
    ),
    ('send aliyun "a sign=b" 1234', '发送 aliyun "a sign=b" 1234'),
    ("settle #5 submitted id=…", "落实 #5 已提交 编号=…"),
    ("template submit aliyun … international=true", "模板 提交 aliyun … 国际=是"),
    ("template submit aliyun … type=digital", "模板 提交 aliyun … 类型=数字短信"),
    ("history #17", "历史 #17"),
)


@pytest.mark.parametrize(("english", "chinese"), OFFERED)
def test_a_command_is_offered_in_the_readers_language(english: str, chinese: str) -> None:
    assert views()["en"].typed(english) == english
    assert views()["zh"].typed(english) == chinese


@pytest.mark.parametrize("one", TYPED[""], ids=lambda one: one.en)
def test_what_is_offered_is_understood(one: Words) -> None:
    key, _, value = one.en.partition("=")
    spelled, _, chosen = one.zh.partition("=")
    fields = [field for field in (*SIGNATURE_FIELDS, *TEMPLATE_FIELDS, MARK) if field.key == key]
    assert any(spelled in field.aliases for field in fields)
    choices = [choice for field in fields for choice in field.choices]
    assert not value or chosen in ("是", "否") or any(chosen in choice.aliases for choice in choices)
