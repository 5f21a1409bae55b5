"""Numbers of persons are left out of everything that is said, and nothing else is."""

import pytest

from bot.contracts.fields import Fault, check_value
from bot.contracts.hushed import hush, hushed
from bot.contracts.message import Button, Items, Mark, Mention, Message, Quote, Strong, Table, Text, Typed
from bot.contracts.vocabulary import REMARK

TEXTS = (
    ("call 13812349876 now", "call 138****9876 now"),
    ("+86 138-1234-9876", "+86 138****9876"),
    ("138 1234 9876", "138****9876"),
    ("+447700900123 or +1 415 555 0123", "+447****0123 or +1****0123"),
    ("+86 571 8888 8888, up by +1,234,567, +08:00", "+86 571 8888 8888, up by +1,234,567, +08:00"),
    ("身份证330106199001011234，谢谢", "身份证…，谢谢"),
    ("33010619900101123X", "…"),
    ("order 20044156924, 400-800-1234, 1795861836000", "order 20044156924, 400-800-1234, 1795861836000"),
    ("138****9876", "138****9876"),
)


@pytest.mark.parametrize(("text", "left"), TEXTS)
def test_texts(text: str, left: str) -> None:
    assert hushed(text) == left


def test_every_part_of_a_message_and_whoever_is_mentioned_stays() -> None:
    number, left = "13812349876", "138****9876"

    def said(what: str) -> Message:
        return Message(
            title=(Strong(what), f" at {what}", Mention("dingtalk:13812349876", "alice")),
            mark=Mark.BAD,
            blocks=(Text((Typed(f"oncall {what}"),)), Items(((what,),)), Quote(what), Table((what,), (((what,),),))),
            buttons=(Button("ack", "A5", what),),
        )

    assert hush(said(number)) == said(left)
    message = said(left)
    assert hush(message) is message


@pytest.mark.parametrize(("text", "left"), TEXTS)
def test_a_value_that_would_be_kept_is_refused_and_not_shown(text: str, left: str) -> None:
    _, problem = check_value(REMARK, "remark", text)
    assert (problem is None) == (text == left)
    if problem is not None:
        assert (problem.fault, problem.value) == (Fault.OF_A_PERSON, left)
