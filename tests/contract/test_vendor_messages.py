"""Messages to single numbers: handed over once, refused in words, followed to their receipt, alike at every vendor."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

import pytest

from bot.contracts.errors import AnswerLost, Refused, Unavailable
from bot.contracts.model import Kind, State
from bot.contracts.push import Outcome
from bot.contracts.sending import Outgoing, Sending, Settles, meaning
from bot.contracts.traffic import china_day
from integrations.sandbox import Fault
from tests.contract.desk import (
    DONE,
    HASTY,
    NOT_DONE,
    OFTEN,
    Desk,
    Name,
    assert_refused,
    assert_tells_no_secret,
    template,
)

NUMBER = "13800001234"
MARK = "0123456789abcdef0123456789abcdef"

SENDS: Mapping[Name, str] = MappingProxyType({"alibaba": "SendSms", "tencent": "SendSms", "ucloud": "SendUSMSMessage"})
DETAILS: Mapping[Name, str] = MappingProxyType(
    {"alibaba": "QuerySendDetails", "tencent": "DescribeSendRecordList", "ucloud": "GetUSMSSendReceipt"}
)


def messages(desk: Desk) -> Sending:
    assert desk.client.messages is not None
    return desk.client.messages


async def outgoing(desk: Desk, content: str = "您的包裹${code}已到${place}。", number: str = NUMBER) -> Outgoing:
    """A message with an approved template of two variables."""
    accepted = await desk.client.reviews.create(template("取件通知", content, "notice"))
    desk.decide(Kind.TEMPLATE, accepted.ref, State.READY)
    return Outgoing(number, accepted.ref, "速达科技", (("code", "1234"), ("place", "驿站")), MARK)


async def told(desk: Desk, message: str = "", number: str = NUMBER) -> list[Outcome]:
    receipts = await messages(desk).receipts(number, china_day(desk.clock.now()), [message] if message else [])
    return [one.outcome for one in receipts]


def sent(desk: Desk) -> list[str]:
    return [one.text for one in desk.sandbox.sent]


@pytest.mark.parametrize("number", [NUMBER, "+86 138-0000-1234", "008613800001234", "(86)13800001234"])
async def test_it_is_handed_over_with_its_values_and_followed_to_its_receipt(desk: Desk, number: str) -> None:
    handed = await messages(desk).send(await outgoing(desk, number=number))

    assert handed.message
    assert handed.request_id
    assert sent(desk) == ["【速达科技】您的包裹1234已到驿站。"]
    assert [(one.number, one.mark, one.message) for one in desk.sandbox.sent] == [(NUMBER, MARK, handed.message)]
    waiting = [] if desk.name == "ucloud" else [Outcome.WAITING]  # it has no row before there is a receipt
    assert await told(desk, handed.message) == waiting

    desk.clock.move(timedelta(seconds=30))
    (receipt,) = await messages(desk).receipts(number, china_day(desk.clock.now()), [handed.message])
    assert receipt.outcome is Outcome.DELIVERED
    assert receipt.at is not None
    assert receipt.at.utcoffset() is not None
    assert meaning(messages(desk).meanings, receipt.code) is not None
    match messages(desk).settles:
        case Settles.BY_MARK | Settles.BY_PUSH:
            assert receipt.mark == MARK
        case Settles.BY_NUMBER:
            assert receipt.message == handed.message
            assert receipt.sent_at is not None


@pytest.mark.parametrize("code", ["PORT_NOT_REGISTERED", "XX:0042"])
async def test_a_failure_is_told_with_its_code(desk: Desk, code: str) -> None:
    desk.sandbox.carrier(NUMBER, code)
    handed = await messages(desk).send(await outgoing(desk))
    desk.clock.move(timedelta(minutes=1))
    (receipt,) = await messages(desk).receipts(NUMBER, china_day(desk.clock.now()), [handed.message])
    assert (receipt.outcome, receipt.code) == (Outcome.FAILED, code)


async def test_a_values_place_is_that_of_its_first_appearance(desk: Desk) -> None:
    content = "${b}与${a}，再说一次${b}。"
    message = replace(await outgoing(desk, content), values=(("b", "乙"), ("a", "甲")))
    await messages(desk).send(message)
    assert sent(desk) == ["【速达科技】乙与甲，再说一次乙。"]


async def test_what_the_vendor_does_not_take_is_refused_in_words(desk: Desk) -> None:
    message = await outgoing(desk)
    for wrong in (
        replace(message, sign="没有的签名"),
        replace(message, template="999999"),
        replace(message, values=message.values[:1]),
        replace(message, number="123"),
        replace(message, values=(("code", "https://a.example"), ("place", "x"))),
    ):
        await assert_refused(messages(desk).send(wrong), desk)
    assert sent(desk) == []


@pytest.mark.parametrize("fault", DONE)
async def test_a_lost_answer_is_one_message_and_no_second_call(desk: Desk, fault: Fault) -> None:
    message = await outgoing(desk)
    client = await desk.another(seconds=HASTY)
    desk.sandbox.faults.next(desk.name, fault, SENDS[desk.name])
    assert client.messages is not None
    with pytest.raises(AnswerLost) as caught:
        await client.messages.send(message)
    assert_tells_no_secret(caught.value, desk)
    assert NUMBER not in str(caught.value)
    assert len(sent(desk)) == 1


@pytest.mark.parametrize("fault", NOT_DONE)
async def test_what_may_have_arrived_is_not_sent_again(desk: Desk, fault: Fault) -> None:
    message = await outgoing(desk)
    client = await desk.another(seconds=HASTY)
    desk.sandbox.faults.next(desk.name, fault, SENDS[desk.name])
    assert client.messages is not None
    with pytest.raises(AnswerLost):
        await client.messages.send(message)
    assert sent(desk) == []
    assert sum(1 for call in desk.sandbox.calls if call.action == SENDS[desk.name]) == 1


async def test_another_number_and_another_day_have_none(desk: Desk) -> None:
    handed = await messages(desk).send(await outgoing(desk))
    desk.clock.move(timedelta(minutes=1))
    assert await told(desk, handed.message, "13900000000") == []
    assert await told(desk) == ([] if desk.name == "ucloud" else [Outcome.DELIVERED])
    if desk.name != "ucloud":
        yesterday = china_day(desk.clock.now()) - timedelta(days=1)
        assert await messages(desk).receipts(NUMBER, yesterday, []) == ()


async def test_a_long_day_comes_whole(desk: Desk) -> None:
    message = await outgoing(desk)
    handed = [await messages(desk).send(replace(message, mark=f"{number:032}")) for number in range(120)]
    desk.clock.move(timedelta(minutes=1))
    receipts = await messages(desk).receipts(NUMBER, china_day(desk.clock.now()), [one.message for one in handed])
    assert len(receipts) == 120


async def test_a_silence_is_told(desk: Desk) -> None:
    desk.sandbox.faults.next(desk.name, Fault.HTTP_500, DETAILS[desk.name], times=OFTEN)
    with pytest.raises(Unavailable) as caught:
        await messages(desk).receipts(NUMBER, china_day(desk.clock.now()), ["x"])
    assert_tells_no_secret(caught.value, desk)


async def test_a_wrong_key_is_refused_in_words(desk: Desk) -> None:
    client = await desk.another(secret="wrong")
    assert client.messages is not None
    refused: Refused = await assert_refused(client.messages.send(await outgoing(desk)), desk)
    assert refused.trouble is not None


async def test_what_is_published_is_there(desk: Desk) -> None:
    group = messages(desk)
    assert group.limits
    begin, end = group.promo_hours
    assert (begin, end) in ((8, 20), (8, 22))
    assert any(one.sign for one in group.meanings.values())
    for one in group.meanings.values():
        assert one.what.en
        assert one.what.zh
        assert one.do is None or (one.do.en and one.do.zh)
