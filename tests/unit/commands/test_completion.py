"""What a line could become."""

from dataclasses import replace

from bot.commands.command import Declaration
from bot.commands.completion import Things, complete
from bot.contracts.fields import Field
from bot.contracts.vocabulary import REMARK, SOURCE, SOURCES
from handlers import ROUTER

ACCOUNTS = ("aliyun", "tencent")
FIELDS = (replace(SOURCE, choices=(SOURCES["company"], SOURCES["trademark"])), REMARK)


def fields(declaration: Declaration) -> tuple[Field, ...]:
    return FIELDS if declaration.words == ("sign", "submit") else ()


def become(typed: str, language: str = "en") -> tuple[str, ...]:
    return complete(typed, ROUTER.declarations, ACCOUNTS, fields, language)


def test_command_words() -> None:
    assert become("sign s") == ("sign submit",)
    assert "status" in become("st")
    assert "sign submit" in become("")
    assert become("签名", "zh") == ("签名 提交", "签名 列表")


def test_accounts_keys_and_choices() -> None:
    assert become("sign submit ali") == ("sign submit aliyun",)
    assert become("sign submit a") == ("sign submit aliyun", "sign submit all")
    assert become("sign submit aliyun x so") == ("sign submit aliyun x source=",)
    assert become("sign submit aliyun x source=c") == ("sign submit aliyun x source=company",)
    assert become("sign submit aliyun x 来源=t") == ("sign submit aliyun x 来源=trademark",)
    assert become("history si") == ("history since=",)
    assert become("status mi") == ("status mine",)


def test_nothing_to_offer() -> None:
    assert become("nonsense ") == ()
    assert become("sign submit aliyun x remark=") == ()


def test_help_leads_to_all_the_others() -> None:
    assert become("")[0] == "help"
    assert become("", "zh")[0] == "帮助"


def test_what_has_a_number_is_offered_by_it() -> None:
    def of(typed: str) -> tuple[str, ...]:
        return complete(typed, ROUTER.declarations, ACCOUNTS, fields, "en", Things(requests=(4, 3), alerts=(1, 12)))

    assert of("ack ") == ("ack A1", "ack A12")
    assert of("snooze A1") == ("snooze A1", "snooze A12")
    assert of("status #") == ("status #4", "status #3")
    assert of("status ")[:3] == ("status #4", "status #3", "status mine")
    assert of("查看 #") == ("查看 #4", "查看 #3")
    assert of("quota ") == ("quota aliyun", "quota tencent", "quota all")
