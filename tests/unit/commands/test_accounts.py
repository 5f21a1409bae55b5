"""Accounts as people list them, and what they put between an account and the name behind it."""

import pytest

from bot.commands.command import Reason
from tests.unit.commands.parsed import ALL, mistaken, understood

BOTH = ("tencent", "aliyun")

LISTED = [
    # typed behind `sign submit`, the accounts, the name
    *(
        (f"tencent{between}aliyun 速达", BOTH, "速达")
        for between in (",", "，", "、", ";", "+", "/", "＋", "|", " & ", " and ")
    ),
    *((f"腾讯{between}阿里云 速达", BOTH, "速达") for between in ("和", "与", "及", " 和 ", "、", "，", " / ")),
    ("tencent and aliyun", BOTH, ""),
    ("tencent, aliyun and ucloud 速达", (*BOTH, "ucloud"), "速达"),
    ("tencent：速达", ("tencent",), "速达"),
    ("腾讯云:速达", ("tencent",), "速达"),
    ("all：速达", ALL, "速达"),
    ("“tencent” 速达", ("tencent",), "速达"),
    ("「腾讯云」 速达", ("tencent",), "速达"),
    ("`tencent` 速达", ("tencent",), "速达"),
    ("“tencent”", (), "tencent"),
    ("ten\u200bcent 速达", ("tencent",), "速达"),
    ("速达和顺丰", (), "速达和顺丰"),
    ("速达/顺丰", (), "速达/顺丰"),
    ("速达：顺丰", (), "速达：顺丰"),
    ("tencent 速达和顺丰", ("tencent",), "速达和顺丰"),
]


@pytest.mark.parametrize(("typed", "accounts", "name"), LISTED)
def test_accounts_and_a_name(typed: str, accounts: tuple[str, ...], name: str) -> None:
    command = understood(f"sign submit {typed}")
    assert (command.accounts, command.name) == (accounts, name)


def test_one_account_is_parted_from_its_colon_too() -> None:
    command = understood("send aliyun：登录验证码 13800001234")
    assert (command.accounts, command.name) == (("aliyun",), "登录验证码")


def test_a_word_that_is_no_account_is_asked_about() -> None:
    assert mistaken("quota tencent+alyun").reason is Reason.UNKNOWN_ACCOUNT
    assert mistaken("quota tencent and alyun").reason is Reason.TOO_MANY_ARGUMENTS


@pytest.mark.parametrize(
    "typed",
    [
        "reviews quota",
        "reviews, quota",
        "reviews and quota",
        "reviews/quota",
        "审核、额度",
        "审核和额度",
        "审核 和 额度",
        "reviews & quota",
    ],
)
def test_words_are_listed_as_accounts_are(typed: str) -> None:
    command = understood(f"subscribe {typed} tencent and aliyun")
    assert (command.words, command.accounts) == (("reviews", "quota"), BOTH)
