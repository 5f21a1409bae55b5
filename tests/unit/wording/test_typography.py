"""Chinese is set as Chinese: full-width marks beside Chinese, and no blank behind them."""

import re

import pytest

from bot.contracts.fields import spoken
from bot.contracts.model import Kind, Words
from bot.contracts.vocabulary import VOCABULARY
from bot.wording.language import catalogue
from handlers import ROUTER
from handlers.help import usage
from integrations.alibaba.declared import declared as alibaba
from integrations.tencent.declared import signature_fields, template_fields
from integrations.ucloud.declared import TEMPLATE_FIELDS
from integrations.ucloud.declared import signature_fields as ucloud
from tests.reading import CHINESE, ENGLISH
from tests.unit.test_catalogue import CATALOGUE

HAN = "\u3400-\u9fff"
FAULTS = (
    re.compile(rf"[，。；：、？！）】”] +[{HAN}\w]"),  # a blank behind a full-width mark
    re.compile(rf"[{HAN}] ?\(|\) ?[{HAN}]"),  # narrow brackets beside Chinese
    re.compile(rf"[{HAN}][,;?!]"),  # a narrow mark behind Chinese
)


def said() -> dict[str, str]:
    """Every Chinese text, without what stands in it to be typed."""
    texts = dict(catalogue(CATALOGUE).items())
    for declaration in ROUTER.declarations:
        texts[declaration.usage] = usage(declaration, "zh")
        texts[declaration.summary.en] = declaration.summary.zh
    every = (*VOCABULARY.values(), *alibaba(Kind.SIGNATURE), *alibaba(Kind.TEMPLATE), *signature_fields("domestic"))
    for field in (*every, *template_fields(), *ucloud(), *TEMPLATE_FIELDS):
        worded: tuple[Words | None, ...] = (field.label, spoken(field), field.why, field.pattern_says)
        texts |= {words.en: words.zh for words in worded if words is not None}
        texts |= {choice.label.en: choice.label.zh for choice in field.choices}
    return {english: re.sub(r"`[^`]*`", "`x`", chinese) for english, chinese in texts.items()}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_text_is_set_as_if_it_were_english(fault: re.Pattern[str]) -> None:
    assert not {english: chinese for english, chinese in said().items() if fault.search(chinese)}


def test_sentences_and_brackets_are_those_of_the_language() -> None:
    assert CHINESE.sentences((("已撤回。",), (), ("还差 2 项",))) == ("已撤回。还差 2 项",)
    assert ENGLISH.sentences((("Taken back.",), ("2 more",))) == ("Taken back. 2 more",)
    assert (CHINESE.bracketed("aliyun"), ENGLISH.bracketed("aliyun")) == ("（aliyun）", " (aliyun)")


def test_brackets_of_a_usage_look_alike_in_every_chat() -> None:
    assert not [one.usage for one in ROUTER.declarations if re.search(r"[\[\]]", usage(one, "zh"))]
