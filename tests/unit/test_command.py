import time
import timeit

import pytest

from bot.command import Command, Declaration, Mistake, NotForUs, Pairs, Parsed, Reason, Router, Vocabulary
from bot.model import Role, Words
from bot.nearest import suggest
from bot.parsing import MAX_TEXT, is_command, parse, parse_pairs
from bot.typed import quoted
from tests.unit.spoken import KEYS, VOCABULARY, router

ROUTER = router()
ALL = ("aliyun", "tencent", "ucloud")


def read(text: str, vocabulary: Vocabulary = VOCABULARY) -> Parsed:
    return parse(text, ROUTER, vocabulary)


def understood(text: str, vocabulary: Vocabulary = VOCABULARY) -> Command:
    parsed = read(text, vocabulary)
    assert isinstance(parsed, Command), parsed
    assert parsed.raw == text
    return parsed


def mistaken(text: str, vocabulary: Vocabulary = VOCABULARY) -> Mistake:
    parsed = read(text, vocabulary)
    assert isinstance(parsed, Mistake), parsed
    return parsed


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


def test_nothing_said_is_not_for_us_and_the_bare_prefix_asks_for_help() -> None:
    assert read("") == read(" \n\t") == read("\u200b \u200e") == NotForUs()
    assert understood("/sms ").declaration.words == ("help",)
    assert parse("/sms", Router[None, str](), VOCABULARY) == NotForUs()


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


def test_a_vendor_stands_for_all_its_accounts_and_a_name_for_its_own() -> None:
    two = Vocabulary({"shop": "alibaba", "aliyun": "alibaba", "tencent": "tencent"}, KEYS)
    assert understood("quota 阿里云", two).accounts == ("shop", "aliyun")
    assert understood("quota aliyun", two).accounts == ("aliyun",)
    several = mistaken("send 阿里云 SMS_1 138", two)
    assert (several.reason, several.choices) == (Reason.SEVERAL_ACCOUNTS, ("shop", "aliyun"))


def test_a_vendor_without_an_account_is_no_name() -> None:
    one = Vocabulary({"shop": "alibaba"}, KEYS)
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


VALUES = [
    ("source=company", (("source", "company"),)),
    ("ＳＯＵＲＣＥ＝Ｃｏｍｐａｎｙ", (("source", "Ｃｏｍｐａｎｙ"),)),
    ("Source = company", (("source", "company"),)),
    ('remark="a b"', (("remark", "a b"),)),
    ("remark=“a b” type=otp", (("remark", "a b"), ("type", "otp"))),
    ("remark=”a b”", (("remark", "a b"),)),
    ('remark=“a b"', (("remark", "a b"),)),
    ("remark=「a b」", (("remark", "a b"),)),
    ("remark=『a 「b」 c』", (("remark", "a 「b」 c"),)),
    ("remark=＂a b＂", (("remark", "a b"),)),
    ("remark='a b'", (("remark", "a b"),)),
    ("remark=‘a b’", (("remark", "a b"),)),
    ("remark=“他说“好”，了”", (("remark", "他说“好”，了"),)),
    ('content="您的"验证码"是${code}" type=otp', (("content", '您的"验证码"是${code}'), ("type", "otp"))),
    ('name="速达"，content="a b"', (("name", "速达"), ("content", "a b"))),
    ('remark=""', (("remark", ""),)),
    ('content=" a\nb "', (("content", " a\nb "),)),
    ("remark=it's", (("remark", "it's"),)),
    ("remark=「速达」物流", (("remark", "「速达」物流"),)),
    ("remark=ａ\u200bｂ", (("remark", "ａ\u200bｂ"),)),
    ("link=https://a.example/?q=1&r=2", (("link", "https://a.example/?q=1&r=2"),)),
    ("link:https://a.example/?q=1", (("link", "https://a.example/?q=1"),)),
    ("paper=a.png paper=b.png", (("paper", "a.png"), ("paper", "b.png"))),
    ("paper: C:\\papers\\a 1.png", (("paper", "C:\\papers\\a 1.png"),)),
    ("sample.orderNo=5 示例.Code=7 Sample.X=1", (("sample.orderNo", "5"), ("示例.Code", "7"), ("sample.X", "1"))),
    ("note=x", (("note", "x"),)),
    (
        "来源：1 说明：订单与配送 通知，https://suda.example",
        (("来源", "1"), ("说明", "订单与配送 通知，https://suda.example")),
    ),
    (
        "来源: 1 说明: 订单，https://suda.example 类型=otp",
        (("来源", "1"), ("说明", "订单，https://suda.example"), ("类型", "otp")),
    ),
    ("来源：「1」 说明：「a b」", (("来源", "1"), ("说明", "a b"))),
    ("remark: “foo” is good", (("remark", "“foo” is good"),)),
    ("remark: see foo: bar and 12:30", (("remark", "see foo: bar and 12:30"),)),
    (
        "\nsource: company\nremark: Orders, 12:30, a=b: c\r\n说明：x y",
        (("source", "company"), ("remark", "Orders, 12:30, a=b: c"), ("说明", "x y")),
    ),
    (
        "\ncontent=Your code=${code} is here\ntype=otp sign=速达",
        (("content", "Your code=${code} is here"), ("type", "otp"), ("sign", "速达")),
    ),
    ("\ncode=1234 minutes=5", (("code", "1234"), ("minutes", "5"))),
    ("\nsorce: company", (("sorce", "company"),)),
]


@pytest.mark.parametrize(("typed", "values"), VALUES)
def test_values(typed: str, values: tuple[tuple[str, str], ...]) -> None:
    assert understood(f"edit #17 {typed}").values == values


@pytest.mark.parametrize(("typed", "values"), VALUES)
def test_values_of_an_answer(typed: str, values: tuple[tuple[str, str], ...]) -> None:
    assert parse_pairs(typed, KEYS) == Pairs(values)


def test_an_answer_may_have_words_and_mistakes() -> None:
    assert parse_pairs("速达 「a b」 来源：1", KEYS) == Pairs((("来源", "1"),), ("速达", "a b"))
    assert parse_pairs("https://a.example/ok", KEYS) == Pairs((), ("https://a.example/ok",))
    assert parse_pairs("来源：", KEYS) == Mistake(Reason.KEY_WITHOUT_VALUE, "来源")
    assert parse_pairs("x" * (MAX_TEXT + 1), KEYS) == Mistake(Reason.TOO_LONG, limit=MAX_TEXT)


def test_what_looks_like_a_key_but_is_none() -> None:
    assert understood("sign submit https://a.example/x=1").name == "https://a.example/x=1"
    assert understood("sign submit aliyun Re:Zero").name == "Re:Zero"
    assert understood("sign submit aliyun 速达 remark=a\nlink：x").values == (("remark", "a"), ("link", "x"))


def test_the_last_value_counts_where_one_is_wanted() -> None:
    command = understood("edit #17 name=a name=b")
    assert (command.value("name"), command.value("type", "otp")) == ("b", "otp")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("/sms sing", {"reason": Reason.UNKNOWN_COMMAND, "word": "sing", "nearest": "sign submit"}),
        ("sing submit aliyun", {"reason": Reason.UNKNOWN_COMMAND, "word": "sing", "nearest": "sign submit"}),
        ("sign submti", {"reason": Reason.UNKNOWN_COMMAND, "word": "submti", "nearest": "sign submit"}),
        ("submit sign", {"reason": Reason.UNKNOWN_COMMAND, "word": "submit", "nearest": "sign submit"}),
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


def test_invisible_characters_in_command_words_and_accounts_are_ignored() -> None:
    command = understood("\ufeffsi\u200bgn\u200d sub\u202emit ali\u200byun 速\u200b达 \u2066source=company")
    assert (command.accounts, command.name, command.values) == (("aliyun",), "速\u200b达", (("source", "company"),))
    assert understood("status #17\u200b").number == 17


def test_other_vendors_accounts_and_names_keep_their_characters() -> None:
    assert understood("sign submit aliyun ＡＢＣ").name == "ＡＢＣ"


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


def test_suggest() -> None:
    assert suggest("sing", ["send", "sign"]) == "sign"
    assert suggest("ＳＩＧＮ", ["send", "sign"]) == "sign"
    assert suggest("xyz", ["send", "sign"]) == ""
    assert suggest("sign", []) == ""


@pytest.mark.parametrize(
    ("value", "typed"),
    [
        ("company", "company"),
        ("a b", '"a b"'),
        ('say "hi" now', '“say "hi" now”'),
        ("", '""'),
        ("「x」", '"「x」"'),
        ("it's", "it's"),
    ],
)
def test_quoted(value: str, typed: str) -> None:
    assert quoted(value) == typed
    assert understood(f"edit #1 remark={typed} type=otp").value("remark") == value


def declaration(words: str, zh: str) -> Declaration:
    return Declaration(tuple(words.split()), tuple(zh.split()), Role.VIEWER, Words("", ""), words)


async def test_a_router_is_built_and_merged() -> None:
    first, second = Router[str, str](), Router[str, str]()

    async def hello(command: Command, context: str) -> str:
        return f"{context} {command.name}"

    first.add(declaration("b", "乙"), hello)

    @second.command(("a",), ("甲",), role=Role.ADMIN, summary=Words("", ""), usage="a")
    async def other(command: Command, context: str) -> str:
        return "other"

    merged = Router(first, second)
    assert [one.words for one in merged.declarations] == [("b",), ("a",)]
    assert await merged.handler(merged.declarations[0])(Command(merged.declarations[0], name="x"), "hi") == "hi x"
    assert merged.handler(merged.declarations[1]) is other
    assert merged.find("甲") is merged.declarations[1]
    assert merged.find("c") is None
    with pytest.raises(KeyError):
        first.handler(merged.declarations[1])


@pytest.mark.parametrize(
    ("words", "zh"), [("sign submit", "别的 词"), ("other words", "签名 提交"), ("signature submit", "别的 词")]
)
def test_two_commands_cannot_have_the_same_words(words: str, zh: str) -> None:
    commands = router()

    async def answer(command: Command, context: None) -> str:
        return ""

    with pytest.raises(ValueError, match="two commands are called"):
        commands.add(declaration(words, zh), answer)
    assert commands.declarations == ROUTER.declarations


def test_the_chinese_words_may_be_more_or_fewer() -> None:
    commands = Router[None, str]()

    async def answer(command: Command, context: None) -> str:
        return ""

    commands.add(declaration("who now", "谁在值班"), answer)
    commands.add(declaration("only here", ""), answer)
    first, second = commands.declarations
    assert [commands.find(*words) for words in (("who", "now"), ("谁在值班",), ("only", "here"))] == [
        first,
        first,
        second,
    ]
    assert second.spelled("zh") == "only here"


def test_a_value_with_every_kind_of_quote_is_quoted_all_the_same() -> None:
    assert quoted("\" ' “ 「 『") == '"" \' “ 「 『"'


def test_a_declaration_speaks_both_languages_and_names_its_keys() -> None:
    settings = ROUTER.find("settings")
    assert settings is not None
    assert (settings.spelled(), settings.spelled("zh")) == ("settings", "设置")
    assert settings.named_keys == ("language",)
    assert (settings.named_key("语言"), settings.named_key("ＬＡＮＧＵＡＧＥ"), settings.named_key("x")) == (
        "language",
        "language",
        None,
    )
    edit = ROUTER.find("edit")
    assert edit is not None
    assert (edit.named_keys, edit.named_key("name")) == ((), None)
