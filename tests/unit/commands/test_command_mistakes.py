"""Mistakes in commands: what is told of them, and what is never repeated."""

import time
import timeit
from datetime import UTC

import pytest

from bot.commands.command import Command, Mistake, Reason
from bot.commands.mistakes import mistake
from bot.commands.nearest import suggest
from bot.commands.parsing import MAX_TEXT, is_command
from bot.contracts.message import Text, plain
from bot.contracts.model import Words
from bot.wording.language import Language
from tests.unit.commands.parsed import ALL, ROUTER, mistaken, read
from tests.unit.commands.spoken import VOCABULARY


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/sms sing", {"reason": Reason.UNKNOWN_COMMAND, "word": "sing", "nearest": "sign submit"}),
        ("sing submit aliyun", {"reason": Reason.UNKNOWN_COMMAND, "word": "sing", "nearest": "sign submit"}),
        ("sign submti", {"reason": Reason.UNKNOWN_COMMAND, "word": "submti", "nearest": "sign submit"}),
        ("submti sign x", {"instead": "sign submit x"}),
        ("sing submit aliyun 速达 source=company", {"instead": "sign submit aliyun 速达 source=company"}),
        ("签名 提教 阿里云 速达", {"instead": "签名 提交 阿里云 速达"}),
        ("sign submit alyun 速达 remark=“a  b”", {"instead": "sign submit aliyun 速达 remark=“a  b”"}),
        ("settings lang=zh", {"instead": "settings language=zh"}),
        ("abc", {"reason": Reason.UNKNOWN_COMMAND, "nearest": "ack", "instead": ""}),
        (
            "submit",
            {
                "reason": Reason.INCOMPLETE_COMMAND,
                "choices": ("sign submit", "template submit", "qualification submit"),
            },
        ),
        ("提交", {"reason": Reason.INCOMPLETE_COMMAND, "choices": ("签名 提交", "模板 提交", "资质 提交")}),
        ("我想提交一个短信签名", {"reason": Reason.SENTENCE, "choices": ("sign submit",)}),
        ("what's the status of it?", {"reason": Reason.SENTENCE, "choices": ("status",)}),
        ("帮我看看还差什么", {"reason": Reason.SENTENCE, "choices": ()}),
        ("stauts #17", {"reason": Reason.UNKNOWN_COMMAND, "word": "stauts", "nearest": "status"}),
        ("签名提教 阿里云", {"reason": Reason.UNKNOWN_COMMAND, "word": "签名提教", "nearest": "签名 提交"}),
        ("签名 提教", {"reason": Reason.UNKNOWN_COMMAND, "word": "提教", "nearest": "签名 提交"}),
        ("状态不对", {"reason": Reason.UNKNOWN_COMMAND, "word": "状态不对", "nearest": "状态"}),
        ("你好", {"reason": Reason.UNKNOWN_COMMAND, "word": "你好", "nearest": "", "declaration": None}),
        (
            "sign",
            {
                "reason": Reason.INCOMPLETE_COMMAND,
                "word": "sign",
                "choices": ("sign submit", "sign list", "sign show"),
            },
        ),
        ("检查", {"reason": Reason.INCOMPLETE_COMMAND, "choices": ("检查 签名", "检查 模板")}),
        ("edit", {"reason": Reason.MISSING_ARGUMENT}),
        ("deny #17", {"reason": Reason.MISSING_ARGUMENT}),
        ("send aliyun", {"reason": Reason.MISSING_ARGUMENT}),
        ('sign show ""', {"reason": Reason.MISSING_ARGUMENT}),
        ('send aliyun "" 138', {"reason": Reason.MISSING_ARGUMENT}),
        ("quota aliyn", {"reason": Reason.UNKNOWN_ACCOUNT, "word": "aliyn", "nearest": "aliyun", "choices": ALL}),
        ("quota aliyun,foo", {"reason": Reason.UNKNOWN_ACCOUNT, "word": "foo", "nearest": ""}),
        ("stats aliyn 7d", {"reason": Reason.UNKNOWN_ACCOUNT, "word": "aliyn", "nearest": "aliyun"}),
        ("send all SMS_1 138", {"reason": Reason.SEVERAL_ACCOUNTS, "word": "all", "choices": ALL}),
        ("status pendin", {"reason": Reason.UNKNOWN_WORD, "nearest": "pending", "choices": ("mine", "pending")}),
        ("status foo", {"reason": Reason.UNKNOWN_WORD, "word": "foo", "nearest": ""}),
        ("subscribe qota", {"reason": Reason.UNKNOWN_WORD, "nearest": "quota"}),
        ("subscribe reviews qota", {"reason": Reason.UNKNOWN_WORD, "nearest": "quota"}),
        ("snooze A5 soon", {"reason": Reason.UNKNOWN_WORD, "word": "soon", "choices": ()}),
        ("settings lang=zh", {"reason": Reason.UNKNOWN_KEY, "word": "lang", "nearest": "language"}),
        ("status #17 foo=bar", {"reason": Reason.UNKNOWN_KEY, "word": "foo", "choices": ()}),
        ("approve 0", {"reason": Reason.BAD_NUMBER, "word": "0"}),
        ("approve #1x", {"reason": Reason.BAD_NUMBER, "word": "#1x"}),
        ("approve foo", {"reason": Reason.BAD_NUMBER, "word": "foo"}),
        ("approve " + "9" * 13, {"reason": Reason.BAD_NUMBER}),
        ("status #1x", {"reason": Reason.BAD_NUMBER, "word": "#1x"}),
        ("ack me", {"reason": Reason.BAD_ALERT, "word": "me"}),
        ("approve #17 please", {"reason": Reason.TOO_MANY_ARGUMENTS, "word": "please"}),
        ("alerts now", {"reason": Reason.TOO_MANY_ARGUMENTS, "word": "now"}),
        ("sign submit aliyun 速达 物流", {"reason": Reason.TOO_MANY_ARGUMENTS, "word": "物流"}),
        ('sign submit "速达', {"reason": Reason.UNCLOSED_QUOTE, "word": '"速达'}),
        ("edit #17 remark=“abc", {"reason": Reason.UNCLOSED_QUOTE, "word": "“abc"}),
        ('approve #17 "x', {"reason": Reason.UNCLOSED_QUOTE}),
        ("edit #17 remark=", {"reason": Reason.KEY_WITHOUT_VALUE, "word": "remark"}),
        ("edit #17 remark= type=otp", {"reason": Reason.KEY_WITHOUT_VALUE, "word": "remark"}),
        ("edit #17\n说明：\ntype=otp", {"reason": Reason.KEY_WITHOUT_VALUE, "word": "说明"}),
        ("edit #17 foo= bar", {"reason": Reason.KEY_WITHOUT_VALUE, "word": "foo"}),
        ("edit #17 remark=…", {"reason": Reason.KEY_WITHOUT_VALUE, "word": "remark"}),
        ("status " + "x" * MAX_TEXT, {"reason": Reason.TOO_LONG, "word": "", "limit": MAX_TEXT}),
    ],
)
def test_mistakes(text: str, expected: dict[str, object]) -> None:
    mistake = mistaken(text)
    assert {name: getattr(mistake, name) for name in expected} == expected


def test_a_mistake_knows_the_command_and_the_place_at_fault() -> None:
    missing = mistaken("edit")
    assert missing.declaration is ROUTER.find("edit")
    assert missing.argument == missing.declaration.arguments[0]
    nearest = mistaken("sing").declaration
    assert nearest is not None
    assert nearest.examples == (Words("sign submit …", "签名 提交 …"),)


def test_what_is_shown_again_is_short_and_visible() -> None:
    assert mistaken("approve #17 \u202eabc\u200b\x07" + "x" * 100).word == "abc" + "x" * 36 + "…"


@pytest.mark.parametrize(
    "text",
    [
        "x" * 10_000,
        "sign submit " * 1000,
        'edit 1 "' * 2000,
        ("edit 1 " + '"x"x ' * 1000)[:MAX_TEXT],
        ("edit 1 " + "「「」 " * 1500)[:MAX_TEXT],
        ("edit 1 " + 'x="' * 2000)[:MAX_TEXT],
        ("edit 1 " + "“ " * 2000)[:MAX_TEXT],
        ("edit 1 x:" + " a=" * 2000)[:MAX_TEXT],
        ("edit 1\n" + "\nsource: " * 1000)[:MAX_TEXT],
        ("sign submit " + "aliyun," * 1000)[:MAX_TEXT],
        ("edit 1 " + "a.b-" * 1000)[:MAX_TEXT],
        ("edit 1 x " + ("b" * 79 + " ") * 60)[:MAX_TEXT],
        (" " * 3990 + "x")[:MAX_TEXT],
        ("b" * 3990)[:MAX_TEXT],
    ],
)
def test_long_texts_are_cheap_and_never_echoed(text: str) -> None:
    parsed = read(text)
    assert min(timeit.repeat(lambda: read(text), timer=time.process_time, number=1, repeat=3)) < 0.1
    assert isinstance(parsed, Command | Mistake)
    if isinstance(parsed, Mistake):
        assert len(parsed.word) <= 40


def test_suggest() -> None:
    assert suggest("sing", ["send", "sign"]) == "sign"
    assert suggest("ＳＩＧＮ", ["send", "sign"]) == "sign"
    assert suggest("xyz", ["send", "sign"]) == ""
    assert suggest("sign", []) == ""


FOREIGN = [
    # typed with a letter of another script, what is named, what is offered
    ("stаtus #1", "U+0430", "status #1"),
    ("ѕtatus #1", "U+0455", "status #1"),
    ("quota tеncent", "U+0435", "quota tencent"),
    ("ack А1", "U+0410", ""),
    ("settings languаge=zh", "U+0430", "settings language=zh"),
]


@pytest.mark.parametrize(("typed", "letter", "meant"), FOREIGN)
def test_a_letter_that_only_looks_like_ours_is_named(typed: str, letter: str, meant: str) -> None:
    wrong = mistaken(typed)
    said = mistake(Language("en", UTC), wrong, ROUTER.declarations)
    told = [plain(block.line) for block in said.blocks if isinstance(block, Text)]
    assert any(letter in line for line in told)
    assert wrong.instead == meant
    assert is_command(typed, ROUTER, VOCABULARY) == is_command(meant or "ack A1", ROUTER, VOCABULARY)
