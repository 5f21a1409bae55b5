"""An account at the international site: a text abroad, a Go China template to the mainland, what became of either."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from bot.contracts.errors import AnswerLost, Refused
from bot.contracts.model import Kind, Submission
from bot.contracts.push import NotAPush, Outcome, PushKind
from bot.contracts.sending import TEXT, Handed, Outgoing, Sending
from bot.contracts.vendor import Tracked
from integrations.alibaba.client import Alibaba
from integrations.alibaba.config import Account
from integrations.alibaba.globe import moment
from integrations.http import client as http_client
from integrations.sandbox import Fault
from integrations.sandbox.server import LASTING, Sandbox
from tests.given import Clock

KEY = LASTING["alibaba"]
ABROAD, AT_HOME, DAY = "+44 7700 900123", "13800001234", date(2026, 11, 23)
TOLD = "0" * 32


def account(**changes: Any) -> Account:
    keys = {"name": "intl", "access_key_id": KEY.key_id, "access_key_secret": KEY.secret, "site": "international"}
    return Account(**{**keys, **changes})


def at(sandbox: Sandbox, clock: Clock, *, seconds: float = 5.0, **changes: Any) -> Alibaba:
    url = sandbox.alibaba.url
    made = account(endpoint=url, billing_endpoint=url, **changes)
    return Alibaba(made, http=http_client(read_seconds=seconds), pace=0.001, now=clock)


@pytest.fixture
async def vendor(sandbox: Sandbox, clock: Clock) -> AsyncIterator[Alibaba]:
    made = at(sandbox, clock, sender_id="Suda")
    yield made
    await made.aclose()


def messages(vendor: Alibaba) -> Sending:
    assert vendor.messages is not None
    return vendor.messages


def text(said: str = "Your parcel is here: https://suda.example", number: str = ABROAD) -> Outgoing:
    return Outgoing(number, "", "", ((TEXT, said),), TOLD)


def templated(**changes: Any) -> Outgoing:
    given = {"template": "SMS_10245001", "sign": "速达国际", "values": (("code", "1234"),), "number": AT_HOME}
    return Outgoing(mark=TOLD, **{**given, **changes})


async def test_a_text_goes_abroad_as_it_stands(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    handed = await messages(vendor).send(text())
    assert (handed.parts, bool(handed.message), bool(handed.request_id)) == (1, True, True)
    (taken,) = sandbox.sent
    assert (taken.number, taken.text) == ("+447700900123", "Your parcel is here: https://suda.example")
    (call,) = [call for call in sandbox.calls if call.action == "SendMessageToGlobe"]
    assert (call.params["From"], call.params["TaskId"]) == ("Suda", TOLD)
    assert await outcome(vendor, handed) is Outcome.WAITING
    clock.pass_by(minutes=1)
    (receipt,) = await messages(vendor).receipts(ABROAD, DAY, [handed.message])
    assert (receipt.outcome, receipt.code, receipt.at is not None) == (Outcome.DELIVERED, "DELIVERED", True)


async def test_a_go_china_template_goes_to_the_mainland(sandbox: Sandbox, vendor: Alibaba, clock: Clock) -> None:
    sandbox.carrier(AT_HOME, "MOBILE_IN_BLACK")
    handed = await messages(vendor).send(templated())
    assert [one.text for one in sandbox.sent] == ["【速达国际】您的验证码是1234，5分钟内有效。"]
    clock.pass_by(minutes=1)
    (receipt,) = await messages(vendor).receipts(AT_HOME, DAY, [handed.message])
    assert (receipt.outcome, receipt.code) == (Outcome.FAILED, "MOBILE_IN_BLACK")


async def outcome(vendor: Alibaba, handed: Handed) -> Outcome:
    (receipt,) = await messages(vendor).receipts(ABROAD, DAY, [handed.message])
    return receipt.outcome


@pytest.mark.parametrize(
    "wrong", [templated(sign="速达"), templated(template="SMS_1"), templated(values=()), text(number="+12")]
)
async def test_what_is_not_taken_is_refused_in_words(sandbox: Sandbox, vendor: Alibaba, wrong: Outgoing) -> None:
    with pytest.raises(Refused) as caught:
        await messages(vendor).send(wrong)
    assert caught.value.code.startswith("isv.")
    assert caught.value.advice is not None
    assert caught.value.request_id
    assert sandbox.sent == []


async def test_a_lost_answer_is_one_message_and_no_second_call(sandbox: Sandbox, clock: Clock) -> None:
    vendor = at(sandbox, clock)
    sandbox.faults.next("alibaba", Fault.RESET_AFTER, "SendMessageToGlobe")
    with pytest.raises(AnswerLost):
        await messages(vendor).send(text())
    assert len(sandbox.sent) == 1
    await vendor.aclose()


async def test_nothing_is_submitted_listed_or_counted(vendor: Alibaba) -> None:
    assert vendor.traffic is vendor.codes is None
    assert await vendor.reviews.options("signatures") == ()
    wanted = Submission(Kind.TEMPLATE, "x", {"name": "x", "content": "y"}, {})
    tracked = Tracked(1, Kind.TEMPLATE, "SMS_1", "x")
    for call in (
        vendor.reviews.create(wanted),
        vendor.reviews.update("SMS_1", wanted),
        vendor.reviews.delete(Kind.TEMPLATE, "SMS_1"),
        vendor.reviews.find(wanted),
        vendor.reviews.look((tracked,)),
    ):
        with pytest.raises(Refused, match="NotOffered"):
            await call
    for kind, ability in vendor.capabilities.kinds.items():
        assert not ability.create
        assert (kind in {guide.kind for guide in vendor.capabilities.guides}) == (kind is not Kind.QUALIFICATION)


async def test_the_probe_proves_the_key(sandbox: Sandbox, clock: Clock, vendor: Alibaba) -> None:
    assert (await vendor.probe()).en.startswith("serves us")
    wrong = at(sandbox, clock, access_key_secret="wrong")
    with pytest.raises(Refused):
        await wrong.probe()
    await wrong.aclose()


PUSHED = {
    "To": "447700900123",
    "MessageId": "1008030300532",
    "TaskId": TOLD,
    "Status": "1",
    "ErrorCode": "DELIVERED",
    "SmsSize": "2",
    "SendDate": "Mon, 24 Dec 2018 16:58:22 +0800",
    "ReceiveDate": "Mon, 24 Dec 2018 16:58:27 +0800",
}


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("1", Outcome.DELIVERED), ("2", Outcome.FAILED), ("3", Outcome.WAITING), ("6", Outcome.SILENT)],
)
async def test_a_pushed_receipt(vendor: Alibaba, status: str, outcome: Outcome) -> None:
    assert vendor.pushes is not None
    body = json.dumps([PUSHED | {"Status": status}]).encode()
    (receipt,) = vendor.pushes.read(PushKind.REPORT, body).receipts
    assert (receipt.outcome, receipt.mark, receipt.parts) == (outcome, TOLD, 2)
    assert receipt.at == datetime(2018, 12, 24, 8, 58, 27, tzinfo=UTC)
    for kind, wrong in ((PushKind.REPORT, b"{}"), (PushKind.REPORT, b'[{"To": "1"}]'), (PushKind.SIGN, body)):
        with pytest.raises(NotAPush):
            vendor.pushes.read(kind, wrong)


@pytest.mark.parametrize("odd", ["", "soon", "2026-11-23 09:30:00", "Mon, 24 Dec 2018 16:58:22", "Mon, 99 Xyz 2018"])
def test_what_is_no_date_is_none(odd: str) -> None:
    assert moment(odd) is None


def test_where_sent_is_less_than_delivered_it_is_silent(sandbox: Sandbox) -> None:
    del sandbox
    unsure = account(unconfirmed={"sent_is_delivered": False})
    pushes = Alibaba(unsure, http=http_client()).pushes
    assert pushes is not None
    (receipt,) = pushes.read(PushKind.REPORT, json.dumps([PUSHED]).encode()).receipts
    assert receipt.outcome is Outcome.SILENT


def test_each_site_has_its_own_addresses() -> None:
    assert account().endpoint == "https://dysmsapi.ap-southeast-1.aliyuncs.com"
    assert account().billing_endpoint == "https://business.ap-southeast-1.aliyuncs.com"
    assert account(site="domestic").endpoint == "https://dysmsapi.aliyuncs.com"
    assert account(endpoint="https://eu.example").endpoint == "https://eu.example"
    for wrong in ({"endpoint": "https://dysmsapi.aliyuncs.com"}, {"sender_id": "Suda Express Ltd"}, {"site": "moon"}):
        with pytest.raises(ValidationError):
            account(**wrong)
