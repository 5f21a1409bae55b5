"""What people answer: which of it means "no more", and how it is told."""

from datetime import timedelta

import pytest

from bot.contracts.message import plain
from bot.messages.replies import SHOWN, message, opts_out
from bot.store.replies import Reply
from tests.given import MONDAY
from tests.reading import shown, views


@pytest.mark.parametrize(
    "text",
    [
        "R",
        "r",
        "Ｔ",
        "TD",
        " td。",
        "T\n",
        "回复R",
        "回T",
        "退订",
        "我要退订！",
        "拒收",
        "QX",
        "0000",
        "stop",
        "Unsubscribe",
    ],
)
def test_no_more(text: str) -> None:
    assert opts_out(text)


@pytest.mark.parametrize(
    "text", ["", "1", "Y", "N", "好的", "取消", "不退订", "不要拒收我", "Really", "stop by at 5", "TDK", "👍", "00000"]
)
def test_something_else(text: str) -> None:
    assert not opts_out(text)


def a_reply(number: int, text: str, *, opt_out: bool = False) -> Reply:
    return Reply(number, "aliyun", "138****1234", text, opt_out, "", MONDAY, MONDAY + timedelta(seconds=1))


def test_one_stands_in_the_first_line() -> None:
    said = message(views()["en"], "aliyun", [a_reply(1, "好的 谢谢")])
    assert plain(said.title) == "138****1234 replied at aliyun: “好的 谢谢”"


def test_opt_outs_are_seen_among_many() -> None:
    many = [a_reply(number, "1") for number in range(30)] + [a_reply(30, "R", opt_out=True)]
    text = shown(message(views()["en"], "aliyun", many))
    assert "31 replies at aliyun" in text
    assert "1 opt-out: whoever keeps your lists" in text
    assert text.count("138****1234") == SHOWN
    assert "opt-out" in text.splitlines()[1]


def test_in_chinese() -> None:
    text = shown(message(views()["zh"], "aliyun", [a_reply(1, "R", opt_out=True)]))
    assert "138****1234 回复了 aliyun" in text
    assert "退订" in text
    assert "opt-out" not in text
