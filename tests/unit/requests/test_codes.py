"""A code is asked for once, again after a while or on a word, and whoever waits does not wait for ever."""

import asyncio
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import cast

import pytest

from bot.contracts import personal
from bot.contracts.errors import NoAnswer, Refused
from bot.contracts.vendor import Vendor
from bot.requests.codes import AGAIN_AFTER, FORGOTTEN_AFTER, Codes, due
from bot.requests.prepare import Prepared

PHONE = "13812349876"
CODE, PHOTO = personal.FIELDS["certify_code"], personal.FIELDS["handler_front"]


class Sends:
    """A vendor's codes, as the contract has them."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.gate = asyncio.Event()
        self.refuses = False

    async def send(self, phone: str) -> None:
        self.sent.append(phone)
        if self.refuses:
            raise Refused("isv.BUSINESS_LIMIT_CONTROL")
        await self.gate.wait()

    async def check(self, phone: str, code: str) -> bool:
        return (phone, code) == (PHONE, "1234")


class Clock:
    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


def prepared(*missing: personal.Field, **private: str) -> Prepared:
    _, papers = personal.as_papers({"handler_phone": PHONE, **private})
    return Prepared("aliyun", {}, papers, (), missing)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sends() -> Sends:
    return Sends()


@pytest.fixture
def codes(sends: Sends, clock: Clock) -> Codes:
    vendor = cast("Vendor", SimpleNamespace(codes=sends))
    return Codes({"aliyun": vendor}, clock, patience=0.05)


def test_it_is_due_when_nothing_else_is_missing() -> None:
    assert due(prepared(CODE)) == PHONE
    assert due(prepared(CODE, PHOTO)) == ""
    assert due(prepared(CODE, PHOTO), in_form=True) == PHONE
    assert due(prepared()) == ""


async def test_it_is_asked_for_once_and_again_after_a_while(codes: Codes, sends: Sends, clock: Clock) -> None:
    sends.gate.set()
    for again, wait, count in (
        (False, timedelta(0), 1),
        (False, timedelta(minutes=5), 1),
        (True, timedelta(0), 2),
        (True, AGAIN_AFTER / 2, 2),
        (True, AGAIN_AFTER, 3),
        (False, FORGOTTEN_AFTER * 1.1, 4),
    ):
        clock.moment += wait
        asked = await codes.ask(prepared(CODE), again=again)
        assert asked is not None
        assert (asked.phone, asked.trouble) == ("138****9876", None)
        assert len(sends.sent) == count


async def test_nobody_waits_for_ever_and_what_was_begun_goes_on(codes: Codes, sends: Sends) -> None:
    first, second = await asyncio.gather(codes.ask(prepared(CODE)), codes.ask(prepared(CODE)))
    for asked in (first, second):
        assert asked is not None
        assert asked.trouble is not None
        assert asked.trouble.code == NoAnswer.TIMEOUT
    sends.gate.set()
    later = await codes.ask(prepared(CODE))
    assert later is not None
    assert later.trouble is None
    assert sends.sent == [PHONE]
    await codes.aclose()


async def test_what_was_refused_is_asked_for_again_at_once(codes: Codes, sends: Sends) -> None:
    sends.refuses = True
    refused = await codes.ask(prepared(CODE))
    assert refused is not None
    assert refused.trouble is not None
    sends.refuses = False
    sends.gate.set()
    asked = await codes.ask(prepared(CODE))
    assert asked is not None
    assert asked.trouble is None


async def test_a_code_is_held_against_the_one_that_was_sent(codes: Codes) -> None:
    assert await codes.wrong(prepared(certify_code="1234")) is None
    assert await codes.wrong(prepared(certify_code="9999")) == CODE
    assert await codes.wrong(prepared()) is None
