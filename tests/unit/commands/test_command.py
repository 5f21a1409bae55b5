"""What people can say: commands and accounts, names, and what is no command."""

import pytest

from bot.commands.command import Command, NotForUs, Reason, Vocabulary
from bot.commands.parsing import is_command, parse
from tests.unit.commands.parsed import ALL, ROUTER, mistaken, read, understood
from tests.unit.commands.spoken import CALLED, KEYS, VOCABULARY


def said(command: Command) -> dict[str, object]:
    """What was said, without what was not."""
    names = ("accounts", "everything", "name", "number", "alert", "words", "text", "values")
    found = {name: getattr(command, name) for name in names}
    return {name: value for name, value in found.items() if value not in ((), "", None, False)}


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        # The table of the specification, as people type it.
        ("help", "help", {}),
        ("帮助", "help", {}),
        ("/sms help sign submit", "help", {"text": "sign submit"}),
        ("帮助 签名 提交", "help", {"text": "签名 提交"}),
        ("sign submit", "sign submit", {}),
        ("签名 提交", "sign submit", {}),
        ("签名提交", "sign submit", {}),
        ("signature submit aliyun", "sign submit", {"accounts": ("aliyun",)}),
        ("tpl submit ucloud", "template submit", {"accounts": ("ucloud",)}),
        ("模板提交 优刻得", "template submit", {"accounts": ("ucloud",)}),
        ("sign 提交 阿里云", "sign submit", {"accounts": ("aliyun",)}),
        ("资质 提交 腾讯云", "qualification submit", {"accounts": ("tencent",)}),
        ("sign list aliyun state=rejected", "sign list", {"accounts": ("aliyun",), "values": (("state", "rejected"),)}),
        ("签名列表 状态：已驳回", "sign list", {"values": (("state", "已驳回"),)}),
        ("template show #17", "template show", {"number": 17}),
        ("template show 17", "template show", {"number": 17}),
        ("sign show 速达物流", "sign show", {"name": "速达物流"}),
        ('sign show "17"', "sign show", {"name": "17"}),
        ("签名查看＃１７", "sign show", {"number": 17}),
        ("签名查看「速达 物流」", "sign show", {"name": "速达 物流"}),
        ("edit #17 name=速达快运", "edit", {"number": 17, "values": (("name", "速达快运"),)}),
        ("修改 17", "edit", {"number": 17}),
        ("delete #17", "delete", {"number": 17}),
        ("删除#17", "delete", {"number": 17}),
        ("check sign all 速达", "check sign", {"accounts": ALL, "everything": True, "name": "速达"}),
        ("检查签名 全部 速达", "check sign", {"accounts": ALL, "everything": True, "name": "速达"}),
        ("status", "status", {}),
        ("status #17", "status", {"number": 17}),
        ("status＃17", "status", {"number": 17}),
        ("status mine", "status", {"words": ("mine",)}),
        ("状态 待办", "status", {"words": ("pending",)}),
        ("状态我的", "status", {"words": ("mine",)}),
        ("状态17", "status", {"number": 17}),
        ("状态 #17。", "status", {"number": 17}),
        (
            "history #17 since=7d by=@me account=aliyun",
            "history",
            {"number": 17, "values": (("since", "7d"), ("by", "@me"), ("account", "aliyun"))},
        ),
        ("历史 自=7d", "history", {"values": (("since", "7d"),)}),
        ("report", "report", {}),
        ("report 30d", "report", {"words": ("30d",)}),
        ("报告 ３０Ｄ", "report", {"words": ("30d",)}),
        ("quota", "quota", {}),
        ("额度阿里云", "quota", {"accounts": ("aliyun",)}),
        ("stats 7d", "stats", {"words": ("7d",)}),
        (
            "stats aliyun 7d by=day",
            "stats",
            {"accounts": ("aliyun",), "words": ("7d",), "values": (("by", "day"),)},
        ),
        (
            "send aliyun SMS_123 +8613800138000 sign=速达 orderNo=A=5",
            "send",
            {
                "accounts": ("aliyun",),
                "name": "SMS_123",
                "words": ("+8613800138000",),
                "values": (("sign", "速达"), ("orderNo", "A=5")),
            },
        ),
        ("send SMS_123 13800138000", "send", {"name": "SMS_123", "words": ("13800138000",)}),
        ("trace aliyun 13800138000", "trace", {"accounts": ("aliyun",), "words": ("13800138000",)}),
        ("追踪 13800138000 2026-11-23", "trace", {"words": ("13800138000", "2026-11-23")}),
        ("replies", "replies", {}),
        ("alerts", "alerts", {}),
        ("ack A5", "ack", {"alert": 5}),
        ("ack 5", "ack", {"alert": 5}),
        ("认领A5", "ack", {"alert": 5}),
        ("取消认领 Ａ５", "unack", {"alert": 5}),
        ('ack a5 "buying 500k"', "ack", {"alert": 5, "text": "buying 500k"}),
        ("ack A5 don't \"worry, a=b", "ack", {"alert": 5, "text": "don't \"worry, a=b"}),
        ("snooze A5 2h", "snooze", {"alert": 5, "words": ("2h",)}),
        ("resolve A5 bought more\nreally", "resolve", {"alert": 5, "text": "bought more\nreally"}),
        ("升级 A5", "escalate", {"alert": 5}),
        ("oncall", "oncall", {}),
        ("oncall take 4h", "oncall", {"words": ("take",), "text": "4h"}),
        ("值班 换给 @name", "oncall", {"words": ("give",), "text": "@name"}),
        ("subscribe reviews quota aliyun", "subscribe", {"words": ("reviews", "quota"), "accounts": ("aliyun",)}),
        ("订阅 审核，额度 全部", "subscribe", {"words": ("reviews", "quota"), "accounts": ALL, "everything": True}),
        ("订阅列表", "subscriptions", {}),
        ("unsubscribe", "unsubscribe", {}),
        ("approve #17", "approve", {"number": 17}),
        ("deny #17 reason: not ours", "deny", {"number": 17, "text": "reason: not ours"}),
        ("resubmit #17 name=速达物流", "resubmit", {"number": 17, "values": (("name", "速达物流"),)}),
        ("sync aliyun,ucloud", "sync", {"accounts": ("aliyun", "ucloud")}),
        ("why #17", "why", {"number": 17}),
        ("why A5", "why", {"alert": 5}),
        ("why 1699.0001", "why", {"words": ("1699.0001",)}),
        ("settings language=zh", "settings", {"values": (("language", "zh"),)}),
        ("设置 语言：en", "settings", {"values": (("language", "en"),)}),
    ],
)
def test_what_people_can_say(text: str, words: str, expected: dict[str, object]) -> None:
    command = understood(text)
    assert command.declaration.spelled() == words
    assert said(command) == expected


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        (
            '/sms sign submit aliyun 速达物流 source=company qualification=8563 remark="Order notices, https://suda.example"',
            "sign submit",
            {
                "accounts": ("aliyun",),
                "name": "速达物流",
                "values": (
                    ("source", "company"),
                    ("qualification", "8563"),
                    ("remark", "Order notices, https://suda.example"),
                ),
            },
        ),
        ("/sms sign submit all 速达物流", "sign submit", {"accounts": ALL, "everything": True, "name": "速达物流"}),
        (
            '/sms check template all type=otp content="您的验证码是${code}，${minutes}分钟内有效。点击 https://a.example/x 查看"',
            "check template",
            {
                "accounts": ALL,
                "everything": True,
                "values": (
                    ("type", "otp"),
                    ("content", "您的验证码是${code}，${minutes}分钟内有效。点击 https://a.example/x 查看"),
                ),
            },
        ),
        ("签名 提交 阿里云 速达物流", "sign submit", {"accounts": ("aliyun",), "name": "速达物流"}),
        ("/sms why A5", "why", {"alert": 5}),
    ],
)
def test_the_conversations(text: str, words: str, expected: dict[str, object]) -> None:
    command = understood(text)
    assert (command.declaration.spelled(), said(command)) == (words, expected)


@pytest.mark.parametrize(
    "prefix", ["/sms ", "／sms ", "/ｓｍｓ ", " /SMS\u3000", "\u200b/sms\n", "/sms\u00a0", "/", "", "\u202a"]
)
def test_the_prefix_is_optional_and_forgiving(prefix: str) -> None:
    assert understood(prefix + "status #17").number == 17


def test_the_prefix_needs_no_space_before_chinese() -> None:
    assert understood("/sms签名提交阿里云 速达").accounts == ("aliyun",)


def test_nothing_said_is_nothing_said_with_the_prefix_too() -> None:
    for text in ("", " \n\t", "\u200b \u200e", "/sms ", "/sms", "／ｓｍｓ"):
        assert read(text) == NotForUs()


@pytest.mark.parametrize(
    ("typed", "accounts"),
    [
        ("aliyun", ("aliyun",)),
        ("ＡＬＩＹＵＮ", ("aliyun",)),
        ("阿里云", ("aliyun",)),
        ("alibaba", ("aliyun",)),
        ("aliyun,tencent", ("aliyun", "tencent")),
        ("aliyun, tencent", ("aliyun", "tencent")),
        ("aliyun ，tencent", ("aliyun", "tencent")),
        ("阿里云、腾讯云、ucloud", ALL),
        ("阿里云 、 优刻得", ("aliyun", "ucloud")),
        ("aliyun tencent", ("aliyun", "tencent")),
        ("aliyun,aliyun", ("aliyun",)),
        ("全部", ALL),
        ("所有", ALL),
        ("ALL", ALL),
    ],
)
def test_accounts(typed: str, accounts: tuple[str, ...]) -> None:
    command = understood(f"sign submit {typed} 速达物流 source=company")
    assert (command.accounts, command.name) == (accounts, "速达物流")
    assert command.everything is (accounts == ALL and "、" not in typed)


LISTED = [
    # typed behind `sign submit`, the accounts, the name
    ("aliyun, 速达物流", ("aliyun",), "速达物流"),
    ("aliyun,速达物流", ("aliyun",), "速达物流"),
    ("aliyun，速达物流", ("aliyun",), "速达物流"),
    ("aliyun ，速达物流", ("aliyun",), "速达物流"),
    ("aliyun 、 速达物流", ("aliyun",), "速达物流"),
    ("阿里云、速达物流", ("aliyun",), "速达物流"),
    ("aliyun, tencent, 速达物流", ("aliyun", "tencent"), "速达物流"),
    ("aliyun,tencent,速达物流", ("aliyun", "tencent"), "速达物流"),
    ("aliyun, 'tencent'", ("aliyun",), "tencent"),
    ('aliyun, "速达，物流"', ("aliyun",), "速达，物流"),
    ("all, 速达物流", ALL, "速达物流"),
    ("全部，速达物流", ALL, "速达物流"),
    ("aliyun, ＡＢＣ", ("aliyun",), "ＡＢＣ"),
    ("aliyun, tencent", ("aliyun", "tencent"), ""),
]


@pytest.mark.parametrize("pairs", ["", " source=company", ", source=company", "\n来源：企业"])
@pytest.mark.parametrize(("typed", "accounts", "name"), LISTED)
def test_a_name_behind_a_list_of_accounts(typed: str, accounts: tuple[str, ...], name: str, pairs: str) -> None:
    command = understood(f"sign submit {typed}{pairs}")
    assert (command.accounts, command.name, len(command.values)) == (accounts, name, bool(pairs))


@pytest.mark.parametrize(
    "typed",
    ["aliyun, tencnt", "aliyun,tencnt", "aliyun, foo 速达物流", "aliyun, foo, tencent", "aliyun,foo,tencent 速达"],
)
def test_what_looks_like_an_account_in_a_list_is_no_name(typed: str) -> None:
    assert mistaken(f"sign submit {typed}").reason is Reason.UNKNOWN_ACCOUNT


def test_where_no_name_follows_a_list_has_accounts_only() -> None:
    assert mistaken("quota aliyun, 速达物流").reason is Reason.UNKNOWN_ACCOUNT


def test_a_vendor_stands_for_all_its_accounts_and_a_name_for_its_own() -> None:
    two = Vocabulary({"shop": "alibaba", "aliyun": "alibaba", "tencent": "tencent"}, KEYS, CALLED)
    assert understood("quota 阿里云", two).accounts == ("shop", "aliyun")
    assert understood("quota aliyun", two).accounts == ("aliyun",)
    several = mistaken("send 阿里云 SMS_1 138", two)
    assert (several.reason, several.choices) == (Reason.SEVERAL_ACCOUNTS, ("shop", "aliyun"))


def test_a_vendor_without_an_account_is_no_name() -> None:
    one = Vocabulary({"shop": "alibaba"}, KEYS, CALLED)
    assert mistaken("sign submit 腾讯云 速达", one).reason is Reason.UNKNOWN_ACCOUNT
    assert mistaken("send tencent T 138", one).reason is Reason.UNKNOWN_ACCOUNT
    assert understood("sign submit 「腾讯云」", one).name == "腾讯云"


def test_the_first_word_is_the_name_unless_it_is_an_account_or_looks_like_one() -> None:
    assert understood("sign submit 速达物流").name == "速达物流"
    assert understood("sign submit aliyn").name == "aliyn"
    assert understood('sign submit "aliyun" source=company').name == "aliyun"
    assert understood("sign submit aliyun tencent").name == "tencent"
    typo = mistaken("sign submit aliyn 速达物流")
    assert (typo.reason, typo.word, typo.nearest) == (Reason.UNKNOWN_ACCOUNT, "aliyn", "aliyun")


def test_invisible_characters_in_command_words_and_accounts_are_ignored() -> None:
    command = understood("\ufeffsi\u200bgn\u200d sub\u202emit ali\u200byun 速\u200b达 \u2066source=company")
    assert (command.accounts, command.name, command.values) == (("aliyun",), "速\u200b达", (("source", "company"),))
    assert understood("status #17\u200b").number == 17


def test_other_vendors_accounts_and_names_keep_their_characters() -> None:
    assert understood("sign submit aliyun ＡＢＣ").name == "ＡＢＣ"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("来源：1 说明：订单", False),
        ("1", False),
        ("取消", False),
        ("速达物流", False),
        ("状态通知与订单提醒", False),
        ("status of an order", False),
        ("status", True),
        ("status #17", True),
        ("/sms whatever", True),
        ("签名 提交 阿里云 速达", True),
        ("sign submit a b c d", True),
        ("sing list", True),
        ("tempalte submit 登录码", True),
        ("a list", False),
        ("please submit", False),
        ("edit #17 to mend it", True),
        ("snooze A5 for ever", True),
        ("quota aliyun", True),
        ("x" * 5000, False),
        ("", False),
    ],
)
def test_a_command_is_told_from_an_answer(text: str, answer: bool) -> None:
    assert is_command(text, ROUTER, VOCABULARY) is answer


@pytest.mark.parametrize("text", ["edit #17 …", "edit #17 ...", "修改 #17 …"])
def test_what_is_still_to_be_filled_in_says_nothing(text: str) -> None:
    parsed = parse(text, ROUTER, VOCABULARY)
    assert isinstance(parsed, Command)
    assert (parsed.number, parsed.values) == (17, ())
    quoted = parse('sign submit aliyun "…"', ROUTER, VOCABULARY)
    assert isinstance(quoted, Command)
    assert quoted.name == "…"


def test_is_command_does_without_a_vocabulary() -> None:
    assert is_command("status #17", ROUTER)
    assert not is_command("hello", ROUTER)
