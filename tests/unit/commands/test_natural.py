"""The order of words that languages have, other names for things, and numbers alone: all mean the declared command."""

import itertools

import pytest

from bot.commands.command import Command, Mistake, Reason, Router
from bot.commands.opening import greets
from bot.commands.parsing import is_command, parse
from bot.commands.synonyms import natural, spellings_of
from handlers import ROUTER
from tests.unit.commands.parsed import VOCABULARY

COMMANDS = [declaration for declaration in ROUTER.declarations if len(declaration.words) == 2]


def read(text: str) -> Command | Mistake:
    parsed = parse(text, ROUTER, VOCABULARY)
    assert isinstance(parsed, Command | Mistake)
    return parsed


@pytest.mark.parametrize("declaration", COMMANDS, ids=lambda one: one.spelled())
def test_the_verb_may_stand_first(declaration: object) -> None:
    assert declaration in COMMANDS
    for words, blank in itertools.product((declaration.words, declaration.zh), (" ", "")):  # type: ignore[attr-defined]
        if blank or not words[0].isascii():
            for spelled in (words, tuple(reversed(words))):
                parsed = read(blank.join(spelled))
                assert parsed.declaration is declaration


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("submit signature", "sign submit"),
        ("submit sign aliyun 速达", "sign submit aliyun 速达"),
        ("list templates", "template list"),
        ("submit a sign tencent X", "sign submit tencent X"),
        ("submit a new signature tencent X", "sign submit tencent X"),
        ("submit another template", "template submit"),
        ("Submit the sign aliyun 速达", "sign submit aliyun 速达"),
        ("list my templates", "template list"),
        ("show the quota aliyun", "quota aliyun"),
        ("提交一个签名 腾讯云 速达", "sign submit tencent 速达"),
        ("申请一个新的模板", "template submit"),
        ("查看我的签名", "sign list"),
        ("show signatures", "sign list"),
        ("show status", "status"),
        ("show quota aliyun", "quota aliyun"),
        ("提交签名", "sign submit"),
        ("提交 签名 阿里云 速达", "sign submit aliyun 速达"),
        ("提交签名阿里云 速达", "sign submit aliyun 速达"),
        ("申请短信签名", "sign submit"),
        ("新建模版", "template submit"),
        ("模版 提交", "template submit"),
        ("短信模板 列表", "template list"),
        ("列出签名", "sign list"),
        ("查看签名", "sign list"),
        ("查看状态", "status"),
        ("查询 额度 阿里云", "quota aliyun"),
        ("查看告警", "alerts"),
        ("进度 #4", "status #4"),
        ("编辑 #4 名称=速达", "edit #4 name=速达"),
        ("值班 交给 @李伟 4小时", "oncall give @李伟 4小时"),
        ("#4", "status #4"),
        ("＃４。", "status #4"),
        ("#4、#5", "status #4 #5"),
        ("（#4）", "status #4"),
        ("第4号", "status #4"),
        ("A1", "alerts A1"),
        ("a1, A2", "alerts A1 A2"),
        ("/sms #4", "status #4"),
    ],
)
def test_what_people_say_is_the_declared_command(typed: str, meant: str) -> None:
    said, declared = read(typed), read(meant)
    assert isinstance(said, Command)
    assert isinstance(declared, Command)
    for part in ("declaration", "accounts", "everything", "name", "numbers", "alerts", "words", "text"):
        assert getattr(said, part) == getattr(declared, part)


@pytest.mark.parametrize("typed", ["4", "4758", "#", "A", "#4x", "A1 is bad", "#4 has what?", "B1", "#0"])
def test_what_is_no_number_of_ours_means_none(typed: str) -> None:
    assert isinstance(read(typed), Mistake)


@pytest.mark.parametrize(
    "answer",
    [
        "#4",
        "A1",
        "提交签名 用于订单通知",
        "申请签名 审核材料",
        "show status of orders",
        "submit sign for orders",
        "查看状态 用",
    ],
)
def test_what_may_be_an_answer_is_no_command_in_a_dialogue(answer: str) -> None:
    assert not is_command(answer, ROUTER, VOCABULARY)


@pytest.mark.parametrize("said", ["提交签名", "提交签名 阿里云 速达", "submit sign all", "查看状态", "列出模板"])
def test_a_whole_command_is_one_in_a_dialogue_too(said: str) -> None:
    assert is_command(said, ROUTER, VOCABULARY)


def test_what_is_declared_goes_before_what_people_may_say() -> None:
    for declaration in ROUTER.declarations:
        for spelled in spellings_of(declaration.words, declaration.zh):
            assert ROUTER.find(*spelled) is declaration
    natural_ones = [
        spelled
        for declaration in ROUTER.declarations
        for spelled in natural(declaration.words, declaration.zh, looked_at=True)
    ]
    assert len(natural_ones) > len(COMMANDS)
    assert Router(ROUTER).spellings == ROUTER.spellings


@pytest.mark.parametrize(
    "said",
    [
        "how do I get a signature?",
        "what is pending",
        "where is my template",
        "can I see my quota",
        "who may approve this",
        "please help me with that",
    ],
)
def test_a_sentence_is_no_slip_of_a_command(said: str) -> None:
    read_as = read(said)
    assert isinstance(read_as, Mistake)
    assert (read_as.reason, read_as.instead) == (Reason.SENTENCE, "")


@pytest.mark.parametrize("said", ["hi", "good morning", "thanks", "Thank you!", "你好", "谢谢", "谢谢你", "辛苦了"])
def test_courtesies_are_no_mistakes(said: str) -> None:
    assert greets(said)
